/* akismet_explain.h - why a client was told what it was told. */
#ifndef TQ_APP_AKISMET_EXPLAIN_H
#define TQ_APP_AKISMET_EXPLAIN_H

#include "app/akismet.h"

struct tq_ak_explanation {
	struct tq_ak_verdict then;	/* slices in the arena */
	int64_t ago_us;
	/* The same comment by today's model, as far as it is remembered: name,
	 * website, text, language and evidence, but not agent and e-mail
	 * domain.  False: the filter has no part in it. */
	bool judged;
	taliq_verdict now;
};
/* TQ_EINVALID: that is no guid; TQ_ENOTFOUND: not (or no longer) known;
 * TQ_ELIMIT no memory. */
enum tq_code tq_akismet_explain(struct tq_app *app, tq_str guid,
    struct tq_arena *a, struct tq_ak_explanation *out, struct tq_err *e);

#endif
