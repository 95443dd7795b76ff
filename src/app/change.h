/* change.h - one change to the store on its way through the writer thread:
 * apply inside the transaction, then - durable - the bell, then finished.
 * Embed as the first member. */
#ifndef TQ_APP_CHANGE_H
#define TQ_APP_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "store/writer.h"

struct tq_app;

struct tq_change {
	struct tq_job job;
	struct tq_app *app;
	/* Writer thread, inside the transaction, once. */
	enum tq_code (*apply)(struct tq_change *c, struct tq_store *s,
	    struct tq_err *e);
	/* Writer thread, last of all; may free c.  NULL with tq_change_run. */
	void (*finished)(struct tq_change *c, const struct tq_err *e);
	void *ctx;			/* the caller's */
	/* Set by apply: what readers would see changed (page_id 0: nothing). */
	int64_t page_id, site_id;
	int64_t text_of;	/* the comment whose text they lost; 0: none */
	tq_str path;
};

/* TQ_EBUSY when the writer's queue is full: finished is then not called. */
enum tq_code tq_change_start(struct tq_change *c, struct tq_app *app,
    struct tq_err *e);
/* The same, waiting for the outcome. */
enum tq_code tq_change_run(struct tq_change *c, struct tq_app *app,
    struct tq_err *e);

#endif
