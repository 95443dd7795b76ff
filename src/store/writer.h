/* writer.h - the one thread that changes the store.  It takes everything that
 * waits (at most 1,000 jobs) into one transaction, without delay of its own:
 * the disk's fdatasync does the batching.  A job that fails is undone and
 * answered alone; a commit that fails fails the whole batch. */
#ifndef TQ_STORE_WRITER_H
#define TQ_STORE_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/store.h"

#define TQ_WRITER_QUEUE_MAX 4096	/* jobs waiting; more is TQ_EBUSY */
#define TQ_WRITER_BATCH_MAX 1000

/* Embed as the first member of the caller's job; the caller owns it, it must
 * live until done was called. */
struct tq_job {
	/* Writer thread, inside the transaction, once: change the store. */
	enum tq_code (*run)(struct tq_job *j, struct tq_store *s,
	    struct tq_err *e);
	/* Writer thread, after the commit (durable) or the failure; e->code is
	 * the outcome.  Must not block; may free the job. */
	void (*done)(struct tq_job *j, const struct tq_err *e);
	struct tq_job *next;		/* the writer's */
	struct tq_err err;		/* the writer's */
};

struct tq_writer;

/* Starts the thread; the writer owns s from then on.  When it cannot, s stays
 * the caller's. */
enum tq_code tq_writer_start(struct tq_store *s, struct tq_writer **out,
    struct tq_err *e);
/* Any thread.  TQ_EBUSY when the queue is full or the writer is stopping (done
 * is then not called); TQ_OK: done will be called exactly once. */
enum tq_code tq_writer_submit(struct tq_writer *w, struct tq_job *j,
    struct tq_err *e);
/* Submits and waits for done's moment; for commands and tests.  j->done may be
 * NULL. */
enum tq_code tq_writer_run(struct tq_writer *w, struct tq_job *j,
    struct tq_err *e);
struct tq_writer_stats { int64_t jobs, commits, failed, queue_most; };
void tq_writer_stats(const struct tq_writer *w, struct tq_writer_stats *out);
/* Finishes what waits, then closes the store; w is gone when it returns, so
 * nobody may submit by then.  NULL is fine. */
void tq_writer_stop(struct tq_writer *w);

#endif
