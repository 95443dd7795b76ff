/* Threads for the templates: see thread_view.h. */
#include "web/thread_view.h"

#include <string.h>

#include "app/own.h"
#include "text/url.h"
#include "web/texts.h"

void
tq_thread_ask_read(struct tq_visit *v, struct tq_thread_ask *out)
{
	struct tq_cursor c;
	int64_t id;

	*out = (struct tq_thread_ask){
		.sort = (enum tq_sort)v->site->set.sort,
	};
	(void)tq_sort_parse(tq_visit_query(v, TQ_S("sort")), &out->sort);
	if (tq_cursor_parse(tq_visit_query(v, TQ_S("cursor")), &c))
		out->from = c;
	if (tq_str_i64(tq_visit_query(v, TQ_S("comment")), &id) && id > 0)
		out->comment_id = id;
	if (tq_str_i64(tq_visit_query(v, TQ_S("reply")), &id) && id > 0)
		out->reply_to = id;
}

tq_str
tq_comment_href(struct tq_arena *a, const struct tq_place *place,
    int64_t comment_id, bool first_slice)
{
	tq_str base = place->base.s;

	if (first_slice)	/* without "?": the plain, cached page */
		return tq_arena_printf(a, "%.*s#comment-%lld",
		    TQ_FMT(tq_str_sub(base, 0, base.n - 1)),
		    (long long)comment_id);
	return tq_arena_printf(a, "%.*scomment=%lld#comment-%lld",
	    TQ_FMT(base), (long long)comment_id, (long long)comment_id);
}

static enum tq_view_state
view_state(const struct tq_comment *c)
{
	if (c->state == TQ_PUBLISHED)
		return TQ_VIEW_PUBLISHED;
	if (c->state == TQ_DELETED && c->by_author)
		return TQ_VIEW_WITHDRAWN;
	return TQ_VIEW_REMOVED;
}

enum tq_code
tq_comment_render(struct tq_visit *v, const struct tq_place *p,
    const struct tq_comment *c, struct tq_view_comment *out,
    struct tq_err *e)
{
	tq_str page_lang = p->article != NULL ? p->article->language :
	    p->site->set.language;
	struct tq_shown_text shown = { .dir = TQ_LTR };
	enum tq_code code;

	*out = (struct tq_view_comment){
		.id = c->id, .parent_id = c->parent_id, .depth = c->depth,
		.at_us = c->created_us, .edited_us = c->edited_us,
		.state = view_state(c),
	};
	if (out->state != TQ_VIEW_PUBLISHED && c->state != TQ_HELD &&
	    c->state != TQ_SPAM)
		return TQ_OK;
	/* What not all may read is not kept. */
	code = c->state == TQ_PUBLISHED ?
	    tq_texts_show(v->web->texts, c->id, c->body, page_lang,
	    &v->x->arena, &shown, e) :
	    tq_text_show(c->body, page_lang, &v->x->arena, &shown, e);
	out->body = shown.html;
	out->name = c->name;
	if (c->url.n > 0)
		out->website = (tq_url){ c->url };
	out->lang = shown.lang;
	out->dir = tq_dir_name(shown.dir);
	memcpy(&out->seed, c->owner, sizeof(out->seed));
	return code;
}

/* A held comment of the reader's own, or a published one still open to edit. */
static void
mark_own(struct tq_visit *v, struct tq_view_comment *out,
    const struct tq_comment *c)
{
	int64_t left = c->created_us +
	    v->site->set.edit_minutes * 60 * TQ_SECOND_US -
	    tq_wall_us(&v->app->clock);

	if (c->state != TQ_PUBLISHED)
		out->state = TQ_VIEW_HELD;
	out->edit_minutes = left > 0 ?
	    (left + 60 * TQ_SECOND_US - 1) / (60 * TQ_SECOND_US) : 0;
}

static const struct tq_comment *
by_id(const struct tq_comment *c, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (c[i].id == id)
			return &c[i];
	return NULL;
}

/* The slice's comments, in its order. */
static struct tq_view_comment *
render_slice(struct tq_visit *v, const struct tq_place *place,
    struct tq_thread_made *m, bool open, int64_t wanted, struct tq_err *e)
{
	const struct tq_thread_slice *s = &m->listing.slice;
	struct tq_view_comment *out = tq_new_n(&v->x->arena,
	    struct tq_view_comment, s->n + 1);

	if (out == NULL) {
		(void)tq_fail(e, TQ_ELIMIT, "no memory for a thread");
		return NULL;
	}
	for (size_t i = 0; i < s->n; i++) {
		const struct tq_comment *c = &s->comments[i], *parent;

		if (tq_comment_render(v, place, c, &out[i], e) != TQ_OK)
			return NULL;
		parent = by_id(s->comments, s->n, c->parent_id);
		if (parent != NULL)
			out[i].parent_name = parent->name;
		out[i].can_reply = open && c->state == TQ_PUBLISHED;
		out[i].wanted = c->id == wanted;
		if (c->created_us > m->youngest_us)
			m->youngest_us = c->created_us;
	}
	return out;
}

static tq_url
more_url(struct tq_visit *v, const struct tq_place *place,
    const struct tq_thread_ask *ask, const struct tq_cursor *at)
{
	struct tq_arena *a = &v->x->arena;
	tq_str cursor = tq_cursor_print(a, at);

	return tq_url_local(tq_arena_printf(a, "%.*ssort=%s&cursor=%.*s"
	    "#comments", TQ_FMT(place->base.s), tq_sort_name(ask->sort),
	    TQ_FMT(cursor)));
}

static void
make_form(const struct tq_place *place, struct tq_view_form *f, bool open)
{
	const struct tq_site_settings *set = &place->site->set;

	*f = (struct tq_view_form){
		.open = open,
		.closes_us = place->closes_us == INT64_MAX ? 0 :
		    place->closes_us,
		.page = place->article != NULL ? place->path :
		    place->page_url,
		.trap = TQ_S(TQ_TRAP_FIELD),
		.name_required = set->name_required,
		.email_required = set->email_required,
		.name_max = TQ_NAME_MAX, .email_max = TQ_EMAIL_MAX,
		.url_max = TQ_URL_MAX, .text_max = set->text_max,
	};
}

/* The form answers a comment that is shown or can be looked up. */
static enum tq_code
aim_form(struct tq_visit *v, const struct tq_thread_ask *ask,
    struct tq_thread_made *m, struct tq_err *e)
{
	struct tq_comment c;
	struct tq_page p;
	enum tq_code code;

	if (ask->reply_to == 0)
		return TQ_OK;
	code = tq_listing_comment(v->app, ask->reply_to, &v->x->arena, &c, &p,
	    e);
	if (code == TQ_ENOTFOUND ||
	    (code == TQ_OK && (c.page_id != m->listing.page.id ||
	    c.state != TQ_PUBLISHED)))
		return TQ_OK;	/* gone: a plain form */
	if (code == TQ_OK) {
		m->form.parent = c.id;
		m->form.parent_name = c.name;
	}
	return code;
}

/* The reader's own: held ones above the thread, open ones marked in it. */
static enum tq_code
show_own(struct tq_visit *v, const struct tq_place *place,
    struct tq_comment *own, size_t n_own, struct tq_view_comment *shown,
    size_t n_shown, struct tq_thread_made *m, struct tq_err *e)
{
	struct tq_view_comment *mine;
	size_t n = 0;

	if (n_own == 0)
		return TQ_OK;
	mine = tq_new_n(&v->x->arena, struct tq_view_comment, n_own);
	if (mine == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for a thread");
	for (size_t i = 0; i < n_own; i++) {
		if (own[i].state != TQ_PUBLISHED) {
			if (tq_comment_render(v, place, &own[i], &mine[n],
			    e) != TQ_OK)
				return e->code;
			mark_own(v, &mine[n++], &own[i]);
			continue;
		}
		for (size_t k = 0; k < n_shown; k++)
			if (shown[k].id == own[i].id)
				mark_own(v, &shown[k], &own[i]);
	}
	for (size_t i = 0; i < n; i++)
		mine[i].depth = 0;
	m->thread.mine = tq_view_nest(mine, n);
	return TQ_OK;
}

enum tq_code
tq_thread_make(struct tq_visit *v, const struct tq_place *place,
    const struct tq_thread_ask *ask, struct tq_comment *own, size_t n_own,
    struct tq_thread_made *m, struct tq_err *e)
{
	struct tq_listing_ask what = {
		.site = place->site, .path = place->path, .sort = ask->sort,
		.from = ask->from, .comment_id = ask->comment_id,
	};
	bool open = place->closes_us > tq_wall_us(&v->app->clock);
	struct tq_view_comment *shown;
	size_t n;
	enum tq_code code;

	*m = (struct tq_thread_made){ .youngest_us = 0 };
	code = tq_listing_read(v->app, &what, &v->x->arena, &m->listing, e);
	if (code == TQ_ENOTFOUND && what.comment_id != 0) {
		/* A link to a comment that is gone still shows the thread. */
		what.comment_id = 0;
		code = tq_listing_read(v->app, &what, &v->x->arena,
		    &m->listing, e);
	}
	if (code != TQ_OK)
		return code;
	shown = render_slice(v, place, m, open, ask->comment_id, e);
	if (shown == NULL)
		return e->code;
	n = m->listing.slice.n;
	m->thread = (struct tq_view_thread){
		.count = m->listing.page.published,
		.order = (enum tq_view_order)ask->sort, .open = open,
	};
	code = show_own(v, place, own, n_own, shown, n, m, e);
	if (code != TQ_OK)
		return code;
	m->thread.comments = tq_view_nest(shown, n);
	if (m->listing.from.root_id != 0)
		m->thread.start = tq_url_local(tq_arena_printf(&v->x->arena,
		    "%.*ssort=%s#comments", TQ_FMT(place->base.s),
		    tq_sort_name(ask->sort)));
	if (m->listing.slice.more)
		m->thread.more = more_url(v, place, ask,
		    &m->listing.slice.next);
	if (place->article != NULL)
		m->thread.feed = tq_url_local(tq_arena_printf(&v->x->arena,
		    "%.*s/comments.atom", TQ_FMT(tq_str_sub(place->base.s, 0,
		    place->base.s.n - 1))));
	make_form(place, &m->form, open);
	return aim_form(v, ask, m, e);
}
