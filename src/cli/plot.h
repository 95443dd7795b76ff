/* plot.h - a set's judgements as a picture: ROC, reliability, learning curve
 * side by side, as SVG. */
#ifndef TQ_CLI_PLOT_H
#define TQ_CLI_PLOT_H

#include "base/buf.h"
#include "cli/metrics.h"

/* title is well-formed UTF-8.  Failure is the buffer's; false when there was no memory to sort. */
bool tq_plot_svg(struct tq_buf *b, tq_str title, const struct tq_judged *v,
    size_t n);

#endif
