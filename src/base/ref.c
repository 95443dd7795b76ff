/* Snapshots by reference count: see ref.h.  The cell's lock is held for two
 * instructions; a read-mostly pointer needs nothing cleverer here. */
#include "base/ref.h"

#include <stddef.h>

void
tq_ref_init(struct tq_ref *r, void (*free_it)(struct tq_ref *r))
{
	atomic_init(&r->count, 1);
	r->free = free_it;
}

struct tq_ref *
tq_ref_take(struct tq_ref *r)
{
	if (r != NULL)
		atomic_fetch_add_explicit(&r->count, 1, memory_order_relaxed);
	return r;
}

void
tq_ref_put(struct tq_ref *r)
{
	if (r != NULL && atomic_fetch_sub_explicit(&r->count, 1,
	    memory_order_acq_rel) == 1)
		r->free(r);
}

void
tq_cell_init(struct tq_cell *c)
{
	(void)pthread_mutex_init(&c->lock, NULL);
	c->now = NULL;
}

void
tq_cell_set(struct tq_cell *c, struct tq_ref *r)
{
	struct tq_ref *old;

	(void)pthread_mutex_lock(&c->lock);
	old = c->now;
	c->now = r;
	(void)pthread_mutex_unlock(&c->lock);
	tq_ref_put(old);
}

struct tq_ref *
tq_cell_get(struct tq_cell *c)
{
	struct tq_ref *r;

	(void)pthread_mutex_lock(&c->lock);
	r = tq_ref_take(c->now);
	(void)pthread_mutex_unlock(&c->lock);
	return r;
}

void
tq_cell_end(struct tq_cell *c)
{
	tq_ref_put(c->now);
	c->now = NULL;
	(void)pthread_mutex_destroy(&c->lock);
}
