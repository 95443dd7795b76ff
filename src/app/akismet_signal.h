/* akismet_signal.h - evidence about a comment that is not its text: what the
 * client says of how it came.  One table, akismet_signal.c; each row has the
 * reason for its weight.  Pure; any thread. */
#ifndef TQ_APP_AKISMET_SIGNAL_H
#define TQ_APP_AKISMET_SIGNAL_H

#include <stddef.h>
#include <stdint.h>

#include "app/akismet_form.h"
#include "taliq/filter.h"

/* What speaks for or against this comment, at most TALIQ_SIGNALS_MAX; how
 * many.  Names are static.  now_us is the wall clock. */
size_t tq_ak_signals(const struct tq_ak_form *f, int64_t now_us,
    taliq_signal out[TALIQ_SIGNALS_MAX]);
double tq_ak_signals_sum(const taliq_signal *s, size_t n);

#endif
