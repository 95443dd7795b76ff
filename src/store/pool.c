/* The pool of reading handles: a stack of idle ones under a lock.  The handle
 * used last is taken first, because its page cache is warm. */
#include "store/store.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct tq_store_pool {
	pthread_mutex_t lock;
	pthread_cond_t returned;
	struct tq_store_options options;
	char *path;
	bool borrowed;		/* its only handle is somebody else's */
	size_t max, opened, n_idle;
	struct tq_store *idle[];
};

static enum tq_code
pool_new(size_t max, struct tq_store_pool **out, struct tq_err *e)
{
	struct tq_store_pool *p;

	if (max == 0 || max > 1024)
		return tq_fail(e, TQ_EINVALID,
		    "a pool holds 1 to 1024 handles");
	p = calloc(1, sizeof(*p) + max * sizeof(p->idle[0]));
	if (p == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for a pool");
	(void)pthread_mutex_init(&p->lock, NULL);
	(void)pthread_cond_init(&p->returned, NULL);
	p->max = max;
	*out = p;
	return TQ_OK;
}

enum tq_code
tq_store_pool_new(const struct tq_store_options *o, size_t max,
    struct tq_store_pool **out, struct tq_err *e)
{
	enum tq_code code;
	char *path;

	if (strcmp(o->path, ":memory:") == 0)
		return tq_fail(e, TQ_EINVALID, "a store in memory has one "
		    "handle only");
	path = strdup(o->path);
	if (path == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for a pool");
	code = pool_new(max, out, e);
	if (code != TQ_OK) {
		free(path);
		return code;
	}
	(*out)->options = *o;
	(*out)->options.path = (*out)->path = path;
	(*out)->options.read_only = true;
	return TQ_OK;
}

enum tq_code
tq_store_pool_of(struct tq_store *s, struct tq_store_pool **out,
    struct tq_err *e)
{
	enum tq_code code = pool_new(1, out, e);

	if (code != TQ_OK)
		return code;
	(*out)->borrowed = true;
	(*out)->idle[0] = s;
	(*out)->opened = (*out)->n_idle = 1;
	return TQ_OK;
}

/* Opens outside the lock: others go on meanwhile. */
static enum tq_code
open_one(struct tq_store_pool *p, struct tq_store **out, struct tq_err *e)
{
	enum tq_code code = tq_store_open_sqlite(&p->options, out, e);

	if (code == TQ_OK)
		return TQ_OK;
	(void)pthread_mutex_lock(&p->lock);
	p->opened--;
	(void)pthread_cond_signal(&p->returned);
	(void)pthread_mutex_unlock(&p->lock);
	return code;
}

enum tq_code
tq_store_pool_take(struct tq_store_pool *p, struct tq_store **out,
    struct tq_err *e)
{
	struct tq_store *s = NULL;

	(void)pthread_mutex_lock(&p->lock);
	while (p->n_idle == 0 && p->opened == p->max)
		(void)pthread_cond_wait(&p->returned, &p->lock);
	if (p->n_idle > 0)
		s = p->idle[--p->n_idle];
	else
		p->opened++;
	(void)pthread_mutex_unlock(&p->lock);
	if (s == NULL)
		return open_one(p, out, e);
	*out = s;
	return TQ_OK;
}

void
tq_store_pool_put(struct tq_store_pool *p, struct tq_store *s)
{
	(void)pthread_mutex_lock(&p->lock);
	assert(p->n_idle < p->opened);
	p->idle[p->n_idle++] = s;
	(void)pthread_cond_signal(&p->returned);
	(void)pthread_mutex_unlock(&p->lock);
}

void
tq_store_pool_free(struct tq_store_pool *p)
{
	if (p == NULL)
		return;
	assert(p->n_idle == p->opened);
	for (size_t i = 0; i < p->n_idle && !p->borrowed; i++)
		tq_store_close(p->idle[i]);
	free(p->path);
	(void)pthread_cond_destroy(&p->returned);
	(void)pthread_mutex_destroy(&p->lock);
	free(p);
}
