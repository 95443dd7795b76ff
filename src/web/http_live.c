/* The life of an exchange: made for a request line, perhaps kept by a handler,
 * brought back by another thread, let go when the answer was sent. */
#include <stdlib.h>
#include <string.h>

#include "web/http_loop.h"

#define ARENA_MAX ((size_t)4 * 1024 * 1024)
#define SPARE_MAX 64

struct tq_live *
tq_live_new(struct tq_loop *l)
{
	struct tq_live *v = l->spare;

	if (v != NULL) {
		l->spare = v->next;
		l->n_spare--;
	} else if ((v = malloc(sizeof(*v))) == NULL) {
		return NULL;
	}
	memset(v, 0, offsetof(struct tq_live, fields));
	v->loop = l;
	tq_arena_init(&v->x.arena, ARENA_MAX);
	return v;
}

static void
empty(struct tq_live *v)
{
	if (v->x.res.release != NULL)
		v->x.res.release(v->x.res.held);
	tq_arena_free(&v->x.arena);
}

void
tq_live_done(struct tq_live *v)
{
	struct tq_loop *l = v->loop;

	empty(v);
	if (l->n_spare == SPARE_MAX) {
		free(v);
		return;
	}
	v->next = l->spare;
	l->spare = v;
	l->n_spare++;
}

void
tq_http_resume(struct tq_exchange *x)
{
	struct tq_live *v = (struct tq_live *)x;
	struct tq_loop *l = v->loop;
	int state = TQ_LIVE_KEPT;

	if (!atomic_compare_exchange_strong(&v->state, &state, TQ_LIVE_BACK)) {
		if (x->finish != NULL)
			x->finish(x);
		empty(v);	/* an orphan; its loop is gone */
		return;
	}
	(void)pthread_mutex_lock(&l->lock);
	v->next = l->back;
	l->back = v;
	tq_loop_ring_locked(l);
	(void)pthread_mutex_unlock(&l->lock);
}
