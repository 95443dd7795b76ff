/* judge_seat.h - inside of the judge: the place of each site, with its model,
 * immutable once published, and the texts decided lately; and how models go to
 * the store and come back. */
#ifndef TQ_APP_JUDGE_SEAT_H
#define TQ_APP_JUDGE_SEAT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/ref.h"
#include "taliq/filter.h"

struct tq_app;
struct tq_near;

/* One published model. */
struct tq_site_model {
	struct tq_ref ref;
	taliq_model *m;
	int64_t cursor;		/* last row of the log that is in it */
};

struct tq_seat {		/* never moves, lives as long as the judge */
	struct tq_seat *next;
	int64_t site_id;
	struct tq_cell now;	/* struct tq_site_model */
	struct tq_near *near;
	/* The learner's: */
	bool dirty;		/* learnt since it was saved */
	bool anew;		/* the log shrank: not to be saved as it is */
};

struct tq_seats {
	pthread_mutex_t lock;	/* of the list */
	struct tq_seat *first;
};

void tq_seats_init(struct tq_seats *s);
void tq_seats_end(struct tq_seats *s);

/* NULL: that site has none, it has learnt nothing.  Any thread. */
struct tq_seat *tq_seat_find(struct tq_seats *s, int64_t site_id);
/* Only the learner's thread (or start) adds.  TQ_ELIMIT. */
enum tq_code tq_seat_find_or_add(struct tq_seats *s, int64_t site_id,
    struct tq_seat **out, struct tq_err *e);

/* The model, referenced; NULL without one.  A seat may be NULL.  Any thread. */
struct tq_site_model *tq_seat_model(struct tq_seat *seat);
void tq_site_model_put(struct tq_site_model *s);	/* NULL is fine */
/* Publishes m, which it takes over also on failure.  TQ_ELIMIT. */
enum tq_code tq_seat_publish(struct tq_seat *seat, taliq_model *m,
    int64_t cursor, struct tq_err *e);

/* Through the writer, which must run; without a model, that there is none. */
enum tq_code tq_seat_save(struct tq_app *app, struct tq_seat *seat,
    struct tq_err *e);
/* A seat for each site with a saved model.  One that does not check out is
 * logged and left out. */
enum tq_code tq_seats_load(struct tq_app *app, struct tq_seats *s,
    struct tq_err *e);

#endif
