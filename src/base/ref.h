/* ref.h - immutable snapshots that many threads read while one replaces them.
 * An object embeds a tq_ref as its first member; a cell holds the current one.
 * Any thread. */
#ifndef TQ_BASE_REF_H
#define TQ_BASE_REF_H

#include <pthread.h>
#include <stdatomic.h>

struct tq_ref {
	atomic_long count;
	void (*free)(struct tq_ref *r);	/* at the last put */
};

struct tq_cell {
	pthread_mutex_t lock;
	struct tq_ref *now;		/* NULL: nothing yet */
};

/* One reference, the caller's. */
void tq_ref_init(struct tq_ref *r, void (*free)(struct tq_ref *r));
struct tq_ref *tq_ref_take(struct tq_ref *r);	/* NULL is fine */
void tq_ref_put(struct tq_ref *r);		/* NULL is fine */

void tq_cell_init(struct tq_cell *c);
/* Puts the current one and takes over the caller's reference to r. */
void tq_cell_set(struct tq_cell *c, struct tq_ref *r);
/* The current one, referenced, or NULL. */
struct tq_ref *tq_cell_get(struct tq_cell *c);
/* Puts the current one; no thread may use the cell any more. */
void tq_cell_end(struct tq_cell *c);

#endif
