/* judge.h - the filter at work: for each site a model, which is the shipped
 * seed and what that site's moderators have taught it.  The local part is a
 * fold over the feedback log: a decision to publish teaches "ham", one to spam
 * "spam", in the log's order, on a thread of its own; bytes and place in the
 * log are kept in the store together, so that a crash replays the rest and two
 * runs give the same bytes. */
#ifndef TQ_APP_JUDGE_H
#define TQ_APP_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct taliq_signal;
struct taliq_verdict;
struct tq_app;
struct tq_judge;

/* Loads the models of all sites, catches up with the log and starts the
 * thread.  A saved model that does not check out is logged and learnt afresh
 * from the log. */
enum tq_code tq_judge_start(struct tq_app *app, struct tq_judge **out,
    struct tq_err *e);
/* Folds what waits, saves, ends the thread.  The writer must still run.  NULL
 * is fine. */
void tq_judge_stop(struct tq_judge *j);

struct tq_judge_ask {			/* borrowed */
	int64_t site_id;
	tq_str lang;			/* of the page, BCP 47 */
	tq_str name, email, url, text;
	tq_str agent;			/* of the reader's browser */
	int64_t at_us;
	int64_t page_us;		/* when the page appeared; 0: unknown */
	const struct taliq_signal *signals;	/* evidence beside the text */
	/* At most TALIQ_SIGNALS_MAX; with so many, no text alike joins them. */
	size_t n_signals;
	/* From this probability on no text alike is looked for, which costs as
	 * much as judging; 0: TALIQ_SPAM_AT.  1 where people read the reason. */
	double sure_from;
};
/* The probability that this is spam, by the site's model and the texts that its
 * moderators decided lately (near.h).  Any thread; about twenty microseconds,
 * forty with those.  -1 when the filter could not tell (no memory), or j is
 * NULL: no filter.  *near: the text is almost equal to one marked spam. */
double tq_judge_comment(struct tq_judge *j, const struct tq_judge_ask *ask,
    bool *near);
/* The same as a whole verdict (taliq/filter.h), with reasons when explain is
 * set, which takes longer.  near, which may be NULL, gets the part of the logit
 * that comes from a text alike.  False: the filter could not tell. */
bool tq_judge_verdict(struct tq_judge *j, const struct tq_judge_ask *ask,
    bool explain, struct taliq_verdict *out, double *near);
/* There are new rows in the feedback log.  Any thread, never blocks long.
 * NULL is fine. */
void tq_judge_wake(struct tq_judge *j);

/* Learns a site anew from what its log says now, and saves: the same bytes as
 * if that log were all that ever was.  first, which may be NULL, is a change
 * that takes rows out of the log (and drops the saved model, so that a crash
 * in between ends well); it runs before, on the learner's thread, so that
 * nothing learnt of the old log is saved after it.  Waits for all that.  Any
 * thread but the writer's.  Codes of first, TQ_EBUSY the judge is stopping,
 * TQ_ELIMIT, TQ_EIO. */
struct tq_change;
enum tq_code tq_judge_relearn(struct tq_judge *j, int64_t site_id,
    struct tq_change *first, struct tq_err *e);

/* What a site's model has learnt. */
struct tq_judge_about { int64_t spam, ham, cursor; };
void tq_judge_about(struct tq_judge *j, int64_t site_id,
    struct tq_judge_about *out);

#endif
