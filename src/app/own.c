/* Own comments.  An edited text is judged anew: an edit must not be a way past
 * the policy. */
#include "app/own.h"

#include "app/app.h"
#include "app/judge.h"
#include "app/recent.h"
#include "base/crypto.h"

/* The page is looked up on the same handle. */
static enum tq_code
read_own(struct tq_store *s, const struct tq_site_view *site, tq_str path,
    const uint8_t *owner, int64_t since_us, struct tq_arena *a,
    struct tq_comment **out, size_t *n, struct tq_err *e)
{
	struct tq_page page;
	enum tq_code code = s->ops->page_get(s, site->id, path, a, &page, e);

	if (code == TQ_ENOTFOUND)
		return TQ_OK;
	if (code == TQ_OK)
		code = s->ops->comments_of_owner(s, page.id, owner, since_us,
		    a, out, n, e);
	return code;
}

enum tq_code
tq_own_list(struct tq_app *app, const struct tq_site_view *site, tq_str path,
    const struct tq_reader *reader, struct tq_arena *a,
    struct tq_comment **out, size_t *n, struct tq_err *e)
{
	int64_t since = tq_wall_us(&app->clock) -
	    site->set.edit_minutes * 60 * TQ_SECOND_US;
	uint8_t key[TQ_READER_BYTES], owner[TQ_OWNER_BYTES];
	struct tq_store *s;
	enum tq_code code;

	*n = 0;
	if (!reader->known)
		return TQ_OK;
	tq_reader_site_key(reader, site->id, key);
	tq_reader_owner(key, owner);
	tq_wipe(key, sizeof(key));
	code = tq_store_pool_take(app->readers, &s, e);
	if (code != TQ_OK)
		return code;
	code = read_own(s, site, path, owner, since, a, out, n, e);
	tq_store_pool_put(app->readers, s);
	return code;
}

bool
tq_own_open(const struct tq_app *app, const struct tq_site_view *site,
    int64_t created_us)
{
	return tq_wall_us(&app->clock) - created_us <
	    site->set.edit_minutes * 60 * TQ_SECOND_US;
}

bool
tq_own_is(const struct tq_comment *c, const uint8_t key[TQ_READER_BYTES])
{
	uint8_t owner[TQ_OWNER_BYTES];

	tq_reader_owner(key, owner);
	return tq_equal_ct(owner, c->owner, sizeof(owner));
}

static enum tq_code
check_right(struct tq_app *app, const struct tq_site_view *site,
    const struct tq_comment *c, const uint8_t key[TQ_READER_BYTES],
    struct tq_err *e)
{
	if (c->state == TQ_DELETED || c->site_id != site->id)
		return tq_fail(e, TQ_ENOTFOUND, "no such comment");
	if (!tq_own_is(c, key))
		return tq_fail(e, TQ_EDENIED, "not this reader's comment");
	if (!tq_own_open(app, site, c->created_us))
		return tq_fail(e, TQ_EDENIED, "the time to edit is over");
	return TQ_OK;
}

/* A held or spam comment stays what it is; a published one may become held. */
static void
decide_again(struct tq_app *app, struct tq_own_edit *edit,
    const struct tq_site_view *site, const struct tq_comment *c,
    size_t links_before)
{
	const struct tq_judge_ask ask = {
		.site_id = site->id, .lang = site->set.language,
		.name = c->name, .url = c->url, .text = edit->fields.text,
		.at_us = edit->at_us, .sure_from = 1,
	};
	struct tq_facts facts = {
		.known_author = true,
		.moderation = (enum tq_moderation)site->set.moderation,
	};
	size_t links = edit->fields.facts.links;

	facts.spam = edit->spam = tq_judge_comment(site->set.filter ?
	    app->judge : NULL, &ask, &facts.near_spam);
	if (c->state != TQ_PUBLISHED) {
		edit->decision = (struct tq_decision){ c->state, 0 };
		edit->reasons = c->reasons;
		return;
	}
	/* Links that were not there when the comment was let through. */
	if (links > links_before) {
		facts.links = links;
		facts.known_author = false;
	}
	edit->decision = tq_decide(&facts);
}

enum tq_code
tq_own_edit_check(struct tq_app *app, const struct tq_site_view *site,
    const struct tq_comment *c, const struct tq_page *p,
    const uint8_t key[TQ_READER_BYTES], tq_str text, struct tq_arena *a,
    struct tq_own_edit *edit, struct tq_err *e)
{
	struct tq_fields_raw raw = { .name = c->name, .text = text };
	struct tq_site_settings set = site->set;
	struct tq_markup_facts before;
	struct tq_buf why;
	enum tq_code code = check_right(app, site, c, key, e);

	if (code == TQ_OK)
		code = tq_own_delete_check(app, site, c, p, key, edit, e);
	set.name_required = set.email_required = false;
	if (code == TQ_OK)
		code = tq_fields_check(&raw, &set, a, &edit->fields,
		    &edit->faults, e);
	if (code != TQ_OK)
		return code;
	if (edit->faults.n > 0)
		return tq_fail(e, TQ_EINVALID, "field text: %s",
		    tq_fault_name(edit->faults.at[0].id));
	code = tq_markup_facts(a, c->body, &before, e);
	if (code != TQ_OK)
		return code;
	decide_again(app, edit, site, c, before.links);
	if (edit->decision.why != 0) {
		tq_buf_init(&why, a, 0);
		tq_why_words(&why, edit->decision.why);
		edit->reasons = tq_buf_str(&why);
	}
	return TQ_OK;
}

enum tq_code
tq_own_delete_check(struct tq_app *app, const struct tq_site_view *site,
    const struct tq_comment *c, const struct tq_page *p,
    const uint8_t key[TQ_READER_BYTES], struct tq_own_edit *edit,
    struct tq_err *e)
{
	enum tq_code code = check_right(app, site, c, key, e);

	if (code != TQ_OK)
		return code;
	*edit = (struct tq_own_edit){
		.comment_id = c->id, .page_id = p->id, .site_id = site->id,
		.from = c->state,
		.at_us = tq_wall_us(&app->clock),
		.decision = { TQ_DELETED, 0 },
	};
	edit->change.path = p->path;
	return TQ_OK;
}

static enum tq_code
apply(struct tq_change *ch, struct tq_store *s, struct tq_err *e)
{
	struct tq_own_edit *edit = (struct tq_own_edit *)ch;
	enum tq_state to = edit->decision.state;
	enum tq_code code;

	if (to == TQ_DELETED)
		code = s->ops->comment_set_state(s, edit->comment_id,
		    edit->from, to, true, edit->at_us, e);
	else
		code = s->ops->comment_edit(s, edit->comment_id, edit->from,
		    to, edit->fields.text, edit->spam, edit->reasons, edit->at_us, e);
	if (code == TQ_OK) {
		ch->page_id = edit->page_id;
		ch->site_id = edit->site_id;
		ch->text_of = edit->comment_id;
	}
	return code;
}

enum tq_code
tq_own_edit_start(struct tq_app *app, struct tq_own_edit *edit,
    struct tq_err *e)
{
	edit->change.apply = apply;
	tq_recent_forget(app->recent, edit->comment_id);
	return tq_change_start(&edit->change, app, e);
}
