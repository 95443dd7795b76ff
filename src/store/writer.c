/* The writer thread: see writer.h.
 *
 * Batches: whatever waits is one transaction.  While its fdatasync runs, the
 * next batch collects; so many writers cost hardly more than one.
 *
 * Failures: a job that fails is undone to its mark.  A commit that fails fails
 * every job that had succeeded.  After a failed disk (TQ_EIO) the store's
 * handle is opened anew before the next batch, since a descriptor whose fsync
 * failed once may report success for data that is gone. */
#include "store/writer.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

/* Truncating the log makes the next batches slower (it grows again), so under
 * load it is done once in a while, not after every erase. */
#define TIDY_EVERY_US TQ_SECOND_US
#define TIDY_RETRY_US (TQ_SECOND_US / 5)

struct tq_writer {
	struct tq_store *s;
	pthread_t thread;
	pthread_mutex_t lock;		/* head .. stopping */
	pthread_cond_t work;
	struct tq_job *head, **tail;
	size_t n;
	bool stopping;
	_Atomic int64_t jobs, commits, failed, queue_most;
	/* The thread's own. */
	bool reopen, untidy;
	int64_t tidy_at_us;
};

static void
wait_for_work(struct tq_writer *w)
{
	const struct timespec until = {
		.tv_sec = (time_t)(w->tidy_at_us / TQ_SECOND_US),
		.tv_nsec = (long)(w->tidy_at_us % TQ_SECOND_US) * 1000,
	};

	while (w->head == NULL && !w->stopping) {
		if (!w->untidy)
			(void)pthread_cond_wait(&w->work, &w->lock);
		else if (pthread_cond_timedwait(&w->work, &w->lock,
		    &until) == ETIMEDOUT)
			return;
	}
}

/* Waits, then takes a batch off the queue; NULL when it is time to tidy or to
 * stop. */
static struct tq_job *
take(struct tq_writer *w, bool *stop)
{
	struct tq_job *first, **end;
	size_t n = 0;

	(void)pthread_mutex_lock(&w->lock);
	wait_for_work(w);
	first = w->head;
	for (end = &w->head; *end != NULL && n < TQ_WRITER_BATCH_MAX; n++)
		end = &(*end)->next;
	w->head = *end;
	if (end != &w->head)
		*end = NULL;
	else
		first = NULL;
	if (w->head == NULL)
		w->tail = &w->head;
	w->n -= n;
	*stop = first == NULL && w->stopping;
	(void)pthread_mutex_unlock(&w->lock);
	return first;
}

static void
run_one(struct tq_store *s, struct tq_job *j)
{
	if (s->ops->mark(s, &j->err) != TQ_OK)
		return;
	j->err.code = j->run(j, s, &j->err);
	if (j->err.code != TQ_OK)
		s->ops->undo(s);
}

static enum tq_code
run_batch(struct tq_writer *w, struct tq_job *first, struct tq_err *e)
{
	struct tq_store *s = w->s;
	enum tq_code code = w->reopen ? s->ops->reopen(s, e) : TQ_OK;

	if (code != TQ_OK)
		return code;
	w->reopen = false;
	code = s->ops->begin(s, e);
	if (code != TQ_OK)
		return code;
	for (struct tq_job *j = first; j != NULL; j = j->next)
		run_one(s, j);
	return s->ops->commit(s, e);
}

static void
answer(struct tq_writer *w, struct tq_job *first, const struct tq_err *batch)
{
	struct tq_job *next;

	for (struct tq_job *j = first; j != NULL; j = next) {
		next = j->next;		/* done may free j */
		if (j->err.code == TQ_OK)
			j->err = *batch;
		atomic_fetch_add(&w->jobs, 1);
		if (j->err.code != TQ_OK)
			atomic_fetch_add(&w->failed, 1);
		if (j->done != NULL)
			j->done(j, &j->err);
	}
}

static void
tidy(struct tq_writer *w)
{
	int64_t now = tq_mono_us(&tq_clock_system);
	bool again = true;
	struct tq_err why;

	if (!w->untidy || now < w->tidy_at_us)
		return;
	if (w->s->ops->tidy(w->s, &again, &why) == TQ_EIO)
		w->reopen = true;
	w->untidy = again;
	w->tidy_at_us = now + (again ? TIDY_RETRY_US : TIDY_EVERY_US);
}

static void *
work(void *arg)
{
	struct tq_writer *w = arg;
	struct tq_job *first;
	bool stop = false;

	while (!stop) {
		first = take(w, &stop);
		if (first != NULL) {
			struct tq_err e = { .code = TQ_OK };

			if (run_batch(w, first, &e) == TQ_OK) {
				e.code = TQ_OK;
				atomic_fetch_add(&w->commits, 1);
				w->untidy = true;
			}
			w->reopen |= e.code == TQ_EIO;
			answer(w, first, &e);
		}
		if (stop)
			w->tidy_at_us = 0;
		tidy(w);
	}
	tq_store_close(w->s);
	return NULL;
}

static void
destroy(struct tq_writer *w)
{
	(void)pthread_cond_destroy(&w->work);
	(void)pthread_mutex_destroy(&w->lock);
	free(w);
}

enum tq_code
tq_writer_start(struct tq_store *s, struct tq_writer **out, struct tq_err *e)
{
	struct tq_writer *w = calloc(1, sizeof(*w));
	pthread_condattr_t attr;

	if (w == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for the writer");
	w->s = s;
	w->tail = &w->head;
	(void)pthread_mutex_init(&w->lock, NULL);
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&w->work, &attr);
	(void)pthread_condattr_destroy(&attr);
	if (pthread_create(&w->thread, NULL, work, w) != 0) {
		destroy(w);
		return tq_fail(e, TQ_ELIMIT, "cannot start the writer thread");
	}
	*out = w;
	return TQ_OK;
}

enum tq_code
tq_writer_submit(struct tq_writer *w, struct tq_job *j, struct tq_err *e)
{
	enum tq_code code = TQ_OK;

	j->next = NULL;
	j->err.code = TQ_OK;
	(void)pthread_mutex_lock(&w->lock);
	if (w->stopping) {
		code = tq_fail(e, TQ_EBUSY, "the writer is stopping");
	} else if (w->n == TQ_WRITER_QUEUE_MAX) {
		code = tq_fail(e, TQ_EBUSY, "%d changes wait already",
		    TQ_WRITER_QUEUE_MAX);
	} else {
		*w->tail = j;
		w->tail = &j->next;
		if (w->n++ == 0)
			(void)pthread_cond_signal(&w->work);
		if ((int64_t)w->n > atomic_load(&w->queue_most))
			atomic_store(&w->queue_most, (int64_t)w->n);
	}
	(void)pthread_mutex_unlock(&w->lock);
	return code;
}

struct waited {
	struct tq_job job;
	struct tq_job *inner;
	pthread_mutex_t lock;
	pthread_cond_t over;
	bool is_over;
};

static enum tq_code
waited_run(struct tq_job *j, struct tq_store *s, struct tq_err *e)
{
	struct tq_job *inner = ((struct waited *)j)->inner;

	return inner->run(inner, s, e);
}

static void
waited_done(struct tq_job *j, const struct tq_err *e)
{
	struct waited *wt = (struct waited *)j;

	if (wt->inner->done != NULL)
		wt->inner->done(wt->inner, e);
	(void)pthread_mutex_lock(&wt->lock);
	wt->is_over = true;
	(void)pthread_cond_signal(&wt->over);
	(void)pthread_mutex_unlock(&wt->lock);
}

enum tq_code
tq_writer_run(struct tq_writer *w, struct tq_job *j, struct tq_err *e)
{
	struct waited wt = { .job = { .run = waited_run,
	    .done = waited_done }, .inner = j };
	enum tq_code code;

	(void)pthread_mutex_init(&wt.lock, NULL);
	(void)pthread_cond_init(&wt.over, NULL);
	code = tq_writer_submit(w, &wt.job, e);
	if (code == TQ_OK) {
		(void)pthread_mutex_lock(&wt.lock);
		while (!wt.is_over)
			(void)pthread_cond_wait(&wt.over, &wt.lock);
		(void)pthread_mutex_unlock(&wt.lock);
		*e = wt.job.err;
		code = e->code;
	}
	(void)pthread_cond_destroy(&wt.over);
	(void)pthread_mutex_destroy(&wt.lock);
	return code;
}

void
tq_writer_stats(const struct tq_writer *w, struct tq_writer_stats *out)
{
	*out = (struct tq_writer_stats){
		.jobs = atomic_load(&w->jobs),
		.commits = atomic_load(&w->commits),
		.failed = atomic_load(&w->failed),
		.queue_most = atomic_load(&w->queue_most),
	};
}

void
tq_writer_stop(struct tq_writer *w)
{
	if (w == NULL)
		return;
	(void)pthread_mutex_lock(&w->lock);
	w->stopping = true;
	(void)pthread_cond_signal(&w->work);
	(void)pthread_mutex_unlock(&w->lock);
	(void)pthread_join(w->thread, NULL);
	destroy(w);
}
