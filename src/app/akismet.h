/* akismet.h - comments of other sites, whose software asks by Akismet's
 * protocol: judged by the model of the key's site, and lessons from there.  The
 * words of the protocol are web/akismet*.c's. */
#ifndef TQ_APP_AKISMET_H
#define TQ_APP_AKISMET_H

#include <stdbool.h>
#include <stdint.h>

#include "app/akismet_form.h"
#include "app/akismet_memory.h"
#include "app/change.h"
#include "app/key_admin.h"
#include "base/err.h"

struct tq_api_key;
struct tq_app;
struct tq_limits;
struct tq_site_view;

/* What the protocol's calls remember between them. */
struct tq_akismet;
enum tq_code tq_akismet_new(struct tq_akismet **out, struct tq_err *e);
void tq_akismet_free(struct tq_akismet *k);	/* NULL is fine */
struct tq_ak_memory *tq_akismet_memory(struct tq_akismet *k);
/* Wipes what is too old; call it every few minutes. */
void tq_akismet_forget(struct tq_akismet *k, int64_t now_mono_us);

/* Who asks: a good key and its site. */
struct tq_ak_client {
	const struct tq_api_key *key;
	tq_str key_text;		/* as sent */
	const struct tq_site_view *site;
};

struct tq_ak_answer {
	enum tq_ak_said said;
	uint8_t guid[TQ_AK_GUID_BYTES];	/* random */
};

/* Judges the comment of a form that has all it needs, counts the call and
 * remembers the answer (but not of tests).  No disk.  TQ_ELIMIT: the filter
 * could not tell; nothing was counted. */
enum tq_code tq_akismet_check(struct tq_app *app,
    const struct tq_ak_client *who, const struct tq_ak_form *f,
    struct tq_arena *a, struct tq_ak_answer *out, struct tq_err *e);

/* A lesson on its way to the feedback log.  Embed as the first member. */
struct tq_ak_lesson {
	struct tq_change change;	/* set change.finished */
	struct tq_arena *arena;
	int64_t key_id, site_id, at_us;
	bool spam;			/* what it teaches */
	bool again;			/* was known; nothing is written */
	bool known;			/* before is what was said */
	bool contradicts;		/* what was said, for the first time */
	struct tq_ak_verdict before;
	tq_str name, url, text, site;
	struct tq_key_actor actor;
	uint64_t mark;			/* of key and text, for again */
};

/* Fills l from the form: by its guid when this key was given it, else from what
 * was sent.  False: there is nothing in it to learn from. */
bool tq_ak_lesson_read(struct tq_app *app, const struct tq_ak_client *who,
    const struct tq_ak_form *f, bool spam, struct tq_arena *a,
    struct tq_ak_lesson *l);
/* Durable when change.finished is called without an error.  TQ_EBUSY: the
 * writer has too much to do; it is then not called. */
enum tq_code tq_ak_lesson_start(struct tq_app *app, struct tq_ak_lesson *l,
    struct tq_err *e);
/* In change.finished, before the answer: teaches, counts. */
void tq_ak_lesson_settle(struct tq_ak_lesson *l, const struct tq_err *e);

#endif
