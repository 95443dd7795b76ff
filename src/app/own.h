/* own.h - what a reader may do with the own comments: see the held ones, and
 * within the site's edit_minutes change or delete them. */
#ifndef TQ_APP_OWN_H
#define TQ_APP_OWN_H

#include <stdbool.h>
#include <stdint.h>

#include "app/change.h"
#include "app/fields.h"
#include "app/policy.h"
#include "app/reader.h"
#include "app/sites.h"
#include "store/store.h"

struct tq_app;

/* This reader's held or recent comments on a page; *n 0 for most readers. */
enum tq_code tq_own_list(struct tq_app *app, const struct tq_site_view *site,
    tq_str path, const struct tq_reader *reader, struct tq_arena *a,
    struct tq_comment **out, size_t *n, struct tq_err *e);
/* Whether the edit window of a comment made at created_us is open now. */
bool tq_own_open(const struct tq_app *app, const struct tq_site_view *site,
    int64_t created_us);
/* Whether key (of this site) is the author's. */
bool tq_own_is(const struct tq_comment *c,
    const uint8_t key[TQ_READER_BYTES]);

struct tq_own_edit {
	struct tq_change change;	/* finished, ctx: the caller's */
	struct tq_fields fields;	/* text only is used */
	struct tq_faults faults;
	struct tq_decision decision;
	int64_t comment_id, page_id, site_id;
	enum tq_state from;
	double spam;
	tq_str reasons;
	int64_t at_us;
};

/* Checks the new text and the right to change comment c on page p.  TQ_EDENIED
 * not the author, or the window is over; TQ_EINVALID: faults. */
enum tq_code tq_own_edit_check(struct tq_app *app,
    const struct tq_site_view *site, const struct tq_comment *c,
    const struct tq_page *p, const uint8_t key[TQ_READER_BYTES], tq_str text,
    struct tq_arena *a, struct tq_own_edit *edit, struct tq_err *e);
/* The same for deleting (text not used). */
enum tq_code tq_own_delete_check(struct tq_app *app,
    const struct tq_site_view *site, const struct tq_comment *c,
    const struct tq_page *p, const uint8_t key[TQ_READER_BYTES],
    struct tq_own_edit *edit, struct tq_err *e);
/* After TQ_OK of a check; finished gets TQ_ECONFLICT when a moderator was
 * faster. */
enum tq_code tq_own_edit_start(struct tq_app *app, struct tq_own_edit *edit,
    struct tq_err *e);

#endif
