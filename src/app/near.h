/* near.h - texts that a site's moderators decided lately, as fingerprints
 * (taliq/filter.h), so that a rewriting of what they marked as spam is known
 * at sight.  In memory only, bounded: the oldest give way.  A seat of the judge
 * has one and fills it from the feedback log.  Any thread: a mutex is held
 * while one text is looked for among the others (some microseconds), not while
 * a fingerprint is made.  A snapshot as models are would copy a megabyte a
 * lesson. */
#ifndef TQ_APP_NEAR_H
#define TQ_APP_NEAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "taliq/filter.h"

#define TQ_NEAR_TEXTS 4096u	/* kept of a site */
#define TQ_NEAR_LETTERS 24u	/* of the skeleton; shorter texts say too little */
#define TQ_NEAR_LIFE_US (INT64_C(14) * 86400 * TQ_SECOND_US)

/* Its name among the reasons. */
#define TQ_NEAR_REASON "text almost equal to one marked spam"

struct tq_near;
enum tq_code tq_near_new(struct tq_near **out, struct tq_err *e);
void tq_near_free(struct tq_near *n);	/* NULL is fine */

/* A decided text, ready to be kept. */
struct tq_near_text {
	taliq_fingerprint print;
	int64_t at_us;		/* of the decision, wall clock */
	bool spam;
};
/* TQ_ELIMIT, with nothing changed. */
enum tq_code tq_near_read(struct tq_near *n, tq_str text,
    taliq_fingerprint *out, struct tq_err *e);
/* Later than all before.  A short text is left out, and a good one unless it
 * is almost equal to one that is there: it could answer nothing.  Cannot
 * fail. */
void tq_near_add(struct tq_near *n, const struct tq_near_text *t);
/* Forgets all.  TQ_ELIMIT, with nothing changed. */
enum tq_code tq_near_clear(struct tq_near *n, struct tq_err *e);

/* How much (log-odds) it speaks for spam that this text is almost equal to one
 * marked so at most two weeks before now_us; 0: it is not, or a moderator has
 * since published one as like, or it cannot be told for want of memory. */
double tq_near_weight(struct tq_near *n, tq_str text, int64_t now_us);

#endif
