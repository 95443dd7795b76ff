/* Edit and delete one's own comment, by plain forms.  The right to do so is the
 * reader's secret in the cookie; a form from elsewhere is refused by its
 * origin. */
#include "app/listing.h"
#include "app/own.h"
#include "base/log.h"
#include "text/url.h"
#include "web/page_thread.h"
#include "web/reply.h"
#include "web/tpl_gen.h"

struct own {
	struct tq_own_edit edit;
	struct tq_visit *v;
	struct tq_comment comment;
	struct tq_page page;
	struct tq_place place;
	uint8_t key[TQ_READER_BYTES];
	bool in_thread;		/* published: shown in its slice */
};

/* Finds the comment and whether it may be touched; else answers. */
static enum tq_code
find_own(struct tq_visit *v, struct own *o, struct tq_err *e)
{
	struct tq_faults faults = { .n = 0 };
	const struct tq_site_view *site;
	int64_t id;
	enum tq_code code;

	o->v = v;
	if (!tq_str_i64(v->param, &id) || id <= 0)
		return tq_fail(e, TQ_ENOTFOUND, "no such comment");
	code = tq_listing_comment(v->app, id, &v->x->arena, &o->comment,
	    &o->page, e);
	if (code != TQ_OK)
		return code;
	site = tq_sites_by_id(v->sites, o->comment.site_id);
	if (site == NULL || !v->reader.known)
		return tq_fail(e, TQ_ENOTFOUND, "no such comment");
	code = tq_place_find(v, site->name, o->page.path, &o->place, &faults,
	    e);
	if (code != TQ_OK)
		return tq_fail(e, TQ_ENOTFOUND, "no such page");
	tq_reader_site_key(&v->reader, site->id, o->key);
	if (!tq_own_is(&o->comment, o->key))
		return tq_fail(e, TQ_ENOTFOUND, "no such comment");
	if (!tq_own_open(v->app, site, o->comment.created_us) ||
	    o->comment.state == TQ_DELETED)
		return tq_fail(e, TQ_ECONFLICT, "the time to edit is over");
	o->in_thread = o->comment.state == TQ_PUBLISHED;
	return TQ_OK;
}

static tq_url
back_to(struct own *o)
{
	return tq_url_local(tq_comment_href(&o->v->x->arena, &o->place,
	    o->comment.id, !o->in_thread && o->place.article != NULL));
}

static int64_t
minutes_left(struct own *o)
{
	int64_t left = o->comment.created_us +
	    o->place.site->set.edit_minutes * 60 * TQ_SECOND_US -
	    tq_wall_us(&o->v->app->clock);

	return (left + 60 * TQ_SECOND_US - 1) / (60 * TQ_SECOND_US);
}

static enum tq_when
show_edit(struct own *o, int status, tq_str text, tq_str error)
{
	struct tq_visit *v = o->v;
	struct tq_view_edit view = {
		.id = o->comment.id, .minutes = minutes_left(o),
		.text_max = o->place.site->set.text_max,
		.text = text, .error = error, .back = back_to(o),
	};
	struct tq_view_layout layout = { .edit = &view, .noindex = true,
		.embedded = o->place.article == NULL };
	struct tq_view_env env;

	layout.title = tq_msg(o->place.site->locale.lang,
	    TQ_MSG_EDIT_YOUR_COMMENT);
	tq_visit_env(v, &env, o->place.base);
	return tq_reply_page(v, status, &env, &layout);
}

enum tq_when
tq_own_edit_form(struct tq_visit *v)
{
	struct own *o = tq_new(&v->x->arena, struct own);
	struct tq_err e;

	if (o == NULL)
		return tq_reply_error(v, 503);
	if (find_own(v, o, &e) != TQ_OK)
		return tq_reply_failure(v, &e);
	return show_edit(o, 200, o->comment.body, (tq_str){ NULL, 0 });
}

enum tq_when
tq_own_delete_form(struct tq_visit *v)
{
	struct own *o = tq_new(&v->x->arena, struct own);
	struct tq_view_comment shown;
	struct tq_view_remove view;
	struct tq_view_layout layout = { .remove = &view, .noindex = true };
	struct tq_view_env env;
	struct tq_err e;

	if (o == NULL)
		return tq_reply_error(v, 503);
	if (find_own(v, o, &e) != TQ_OK ||
	    tq_comment_render(v, &o->place, &o->comment, &shown, &e) != TQ_OK)
		return tq_reply_failure(v, &e);
	view = (struct tq_view_remove){
		.id = o->comment.id, .name = shown.name, .lang = shown.lang,
		.dir = shown.dir, .body = shown.body, .back = back_to(o),
	};
	layout.embedded = o->place.article == NULL;
	layout.title = tq_msg(o->place.site->locale.lang,
	    TQ_MSG_DELETE_THIS_COMMENT_THIS_CANNOT_BE_UNDONE);
	tq_visit_env(v, &env, o->place.base);
	return tq_reply_page(v, 200, &env, &layout);
}

static void
answer(struct tq_exchange *x)
{
	struct own *o = x->ctx;
	struct tq_visit *v = o->v;
	const struct tq_err *e = &o->edit.change.job.err;

	if (e->code != TQ_OK) {
		(void)tq_reply_failure(v, e);
	} else if (o->edit.decision.state == TQ_DELETED) {
		(void)tq_reply_redirect(v, tq_arena_printf(&x->arena,
		    "%.*sdone=deleted#comments", TQ_FMT(o->place.base.s)));
	} else {
		o->in_thread = o->edit.decision.state == TQ_PUBLISHED;
		(void)tq_reply_redirect(v, back_to(o).s);
	}
	tq_visit_end(v);
}

/* Writer thread. */
static void
changed(struct tq_change *c, const struct tq_err *e)
{
	struct own *o = (struct own *)c;

	(void)e;
	o->v->x->ctx = o;
	o->v->x->finish = answer;
	tq_http_resume(o->v->x);
}

static enum tq_when
start(struct own *o)
{
	struct tq_err e;

	o->edit.change.finished = changed;
	if (tq_own_edit_start(o->v->app, &o->edit, &e) != TQ_OK)
		return tq_reply_failure(o->v, &e);
	return TQ_LATER;
}

enum tq_when
tq_own_edit_post(struct tq_visit *v)
{
	struct own *o = tq_new(&v->x->arena, struct own);
	struct tq_form form;
	struct tq_err e;
	tq_str text;
	enum tq_code code;

	if (o == NULL)
		return tq_reply_error(v, 503);
	if (tq_visit_foreign(v))
		return tq_reply_error(v, 403);
	if (tq_form_parse(&v->x->arena, v->x->req.body, &form, &e) != TQ_OK ||
	    !tq_form_sound(&form))
		return tq_reply_error(v, 400);
	if (find_own(v, o, &e) != TQ_OK)
		return tq_reply_failure(v, &e);
	text = tq_form_get(&form, TQ_S("text"));
	code = tq_own_edit_check(v->app, o->place.site, &o->comment, &o->page,
	    o->key, text, &v->x->arena, &o->edit, &e);
	if (code == TQ_EINVALID)
		return show_edit(o, 422, text,
		    tq_fault_text(v, &o->edit.faults.at[0]));
	if (code != TQ_OK)
		return tq_reply_failure(v, &e);
	return start(o);
}

enum tq_when
tq_own_delete_post(struct tq_visit *v)
{
	struct own *o = tq_new(&v->x->arena, struct own);
	struct tq_err e;

	if (o == NULL)
		return tq_reply_error(v, 503);
	if (tq_visit_foreign(v))
		return tq_reply_error(v, 403);
	if (find_own(v, o, &e) != TQ_OK ||
	    tq_own_delete_check(v->app, o->place.site, &o->comment, &o->page,
	    o->key, &o->edit, &e) != TQ_OK)
		return tq_reply_failure(v, &e);
	return start(o);
}
