/* queue.h - comments as the operator sees them: by state, with everything that
 * is stored but the sealed address. */
#ifndef TQ_APP_QUEUE_H
#define TQ_APP_QUEUE_H

#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"

struct tq_app;

struct tq_queue_ask {
	tq_str site;			/* empty: all */
	enum tq_state state;
	int64_t before_id;		/* 0: newest */
	size_t max;
};

/* Newest first.  TQ_ENOTFOUND: no such site. */
enum tq_code tq_queue_read(struct tq_app *app, const struct tq_queue_ask *ask,
    struct tq_arena *a, struct tq_comment **out, size_t *n,
    struct tq_err *e);
/* How many in each state. */
enum tq_code tq_queue_counts(struct tq_app *app, int64_t out[TQ_STATES],
    struct tq_err *e);

#endif
