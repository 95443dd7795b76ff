/* A ring under one lock; jobs take about a millisecond, so nobody waits long
 * for the lock and nothing cleverer is needed. */
#include "web/packer.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "web/page_entry.h"

#define RING 256

struct item {
	struct tq_page_entry *page;	/* one reference */
	uint64_t hash;
};

struct tq_packer {
	tq_packer_job job;
	void *ctx;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t filled;
	struct item ring[RING];
	size_t first, n;
	bool stop;
};

bool
tq_packer_offer(struct tq_packer *p, struct tq_page_entry *page, uint64_t hash)
{
	bool room;

	(void)pthread_mutex_lock(&p->lock);
	room = p->n < RING;
	if (room) {
		p->ring[(p->first + p->n++) % RING] = (struct item){
			.page = tq_page_hold(page), .hash = hash };
		(void)pthread_cond_signal(&p->filled);
	}
	(void)pthread_mutex_unlock(&p->lock);
	return room;
}

/* Waits for an item; false when the packer ends. */
static bool
take(struct tq_packer *p, struct item *out)
{
	bool got;

	(void)pthread_mutex_lock(&p->lock);
	while (p->n == 0 && !p->stop)
		(void)pthread_cond_wait(&p->filled, &p->lock);
	got = !p->stop;
	if (got) {
		*out = p->ring[p->first];
		p->first = (p->first + 1) % RING;
		p->n--;
	}
	(void)pthread_mutex_unlock(&p->lock);
	return got;
}

static void *
work(void *arg)
{
	struct tq_packer *p = arg;
	struct item it;

	while (take(p, &it)) {
		p->job(p->ctx, it.page, it.hash);
		tq_page_release(it.page);
	}
	return NULL;
}

/* Signals are for the other threads. */
static int
start(struct tq_packer *p)
{
	sigset_t all, old;
	int rc;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(&p->thread, NULL, work, p);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc;
}

enum tq_code
tq_packer_new(tq_packer_job job, void *ctx, struct tq_packer **out,
    struct tq_err *e)
{
	struct tq_packer *p = calloc(1, sizeof(*p));
	int rc;

	if (p == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for a thread");
	p->job = job;
	p->ctx = ctx;
	(void)pthread_mutex_init(&p->lock, NULL);
	(void)pthread_cond_init(&p->filled, NULL);
	rc = start(p);
	if (rc != 0) {
		free(p);
		return tq_fail(e, TQ_EIO, "no background thread: %s",
		    strerror(rc));
	}
	*out = p;
	return TQ_OK;
}

void
tq_packer_free(struct tq_packer *p)
{
	if (p == NULL)
		return;
	(void)pthread_mutex_lock(&p->lock);
	p->stop = true;
	(void)pthread_cond_signal(&p->filled);
	(void)pthread_mutex_unlock(&p->lock);
	(void)pthread_join(p->thread, NULL);
	for (size_t i = 0; i < p->n; i++)
		tq_page_release(p->ring[(p->first + i) % RING].page);
	(void)pthread_mutex_destroy(&p->lock);
	(void)pthread_cond_destroy(&p->filled);
	free(p);
}
