/* plot.h - a set's judgements as a picture: ROC, reliability, errors in the
 * order of judging (with learning: the learning curve) side by side, as SVG. */
#ifndef TQ_CLI_PLOT_H
#define TQ_CLI_PLOT_H

#include "base/buf.h"
#include "cli/metrics.h"

/* m are the figures of v; title is well-formed UTF-8.  Failure is the buffer's;
 * false when there was no memory to sort. */
bool tq_plot_svg(struct tq_buf *b, tq_str title, const struct tq_judged *v,
    const struct tq_metrics *m);

#endif
