/* judge_fold.h - inside of the judge: what a comment looks like to the filter,
 * what a row of the feedback log teaches, and a site's whole log folded into a
 * model or into
 * the memory of texts decided lately. */
#ifndef TQ_APP_JUDGE_FOLD_H
#define TQ_APP_JUDGE_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "app/judge.h"
#include "taliq/filter.h"

struct tq_feedback;
struct tq_seat;
struct tq_seats;

/* Borrows from ask, cut to what the filter takes. */
taliq_input tq_judge_input(const struct tq_judge_ask *ask);
/* False: that row teaches nothing.  *in borrows from it. */
bool tq_judge_lesson(const struct tq_feedback *f, taliq_input *in,
    taliq_class *c);
/* A copy of seed, taught all lessons of that site in the log's order; *cursor is
 * the last.  *m == NULL when there are none.  TQ_ELIMIT, TQ_EIO. */
enum tq_code tq_judge_fold(struct tq_app *app, const taliq_model *seed,
    int64_t site_id, taliq_model **m, int64_t *cursor, struct tq_err *e);

/* Fills what near.h keeps from the end of the log: lessons of the last two
 * weeks up to row upto, of the last TQ_RECALL_ROWS rows at most, so that a start
 * takes no longer with a long log.  One seat is cleared before; only == NULL:
 * all, which are empty.  The learner's thread, or start.  TQ_ELIMIT, TQ_EIO. */
#define TQ_RECALL_ROWS 4000u
enum tq_code tq_judge_recall(struct tq_app *app, struct tq_seats *seats,
    struct tq_seat *only, int64_t upto, struct tq_err *e);

#endif
