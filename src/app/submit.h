/* submit.h - a reader's comment from the form or the API to the store:
 * cleaned, limited, judged, decided, durable.
 *
 * check runs on the caller's thread and touches only memory and a reading
 * handle; start hands the rest to the writer thread.  A struct tq_submit and
 * the arena it points to must live until finished was called. */
#ifndef TQ_APP_SUBMIT_H
#define TQ_APP_SUBMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "app/change.h"
#include "app/fields.h"
#include "app/policy.h"
#include "app/reader.h"
#include "app/sites.h"
#include "base/arena.h"

struct tq_app;

struct tq_submission {			/* what arrived; borrowed slices */
	const struct tq_site_view *site;
	tq_str path;			/* canonical path of the page */
	tq_str title;			/* the page's, may be empty */
	int64_t closes_us;		/* wall; INT64_MAX never, 0 closed */
	int64_t parent_id;		/* 0: top level */
	struct tq_fields_raw fields;
	tq_str token;			/* the form's */
	bool token_wanted;		/* false: an API client may go without */
	bool honeypot;			/* the trap field was filled */
	tq_str network;			/* key of the reader's network: limits */
	struct tq_reader reader;	/* known: came with the request */
};

struct tq_submit {
	struct tq_change change;	/* finished and ctx are the caller's */
	struct tq_arena *arena;
	/* Results of check. */
	struct tq_fields fields;
	struct tq_faults faults;
	int64_t retry_after_s;		/* with TQ_ELIMIT */
	int64_t duplicate_id;		/* with TQ_ECONFLICT; -1 on its way */
	struct tq_decision decision;
	struct tq_reader reader;	/* known now: set the cookie from it */
	/* Result of start, at finished. */
	int64_t comment_id, page_id, depth;
	/* The module's own. */
	int64_t parent_id;
	tq_str path, title;
	int64_t site_id;
	uint8_t owner[TQ_OWNER_BYTES];
	tq_str email_sealed, reasons;
	double spam;
	int64_t at_us;
	uint64_t recent_key;
};

/* TQ_OK: start may follow.  TQ_EINVALID: faults say what, by field.
 * TQ_ELIMIT: too many comments; retry_after_s and a fault on the text.
 * TQ_ECONFLICT: this very post is already stored (duplicate_id).  TQ_EIO,
 * TQ_EBUSY from the store. */
enum tq_code tq_submit_check(struct tq_app *app,
    const struct tq_submission *in, struct tq_arena *a, struct tq_submit *s,
    struct tq_err *e);
/* After TQ_OK of check.  Sets up and starts the change; s->change.finished is
 * called on the writer thread with the outcome: TQ_OK durable, TQ_ENOTFOUND
 * the parent is gone, TQ_ELIMIT the disk is full, TQ_EIO. */
enum tq_code tq_submit_start(struct tq_app *app, struct tq_submit *s,
    struct tq_err *e);
/* First thing in the caller's finished: remembers the outcome for a second
 * click, and turns a parent that is gone into a fault. */
void tq_submit_settle(struct tq_submit *s, const struct tq_err *e);

#endif
