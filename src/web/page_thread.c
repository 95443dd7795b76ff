/* The article's page and the thread alone: from the cache for everybody,
 * rendered afresh for a reader who has comments of the own there. */
#include "web/page_thread.h"

#include "app/own.h"
#include "app/token.h"
#include "text/path.h"
#include "web/reply.h"
#include "web/tpl_gen.h"

_Static_assert(sizeof(TQ_TPL_HOLE) - 1 == TQ_HOLE_BYTES, "the hole's size");
_Static_assert(TQ_TOKEN_CHARS == TQ_HOLE_BYTES, "the token fills the hole");

/* "3 minutes ago" must not stand for hours in a cache: a page is made anew
 * after the shortest step of its youngest time, and when its form goes. */
static int64_t
expires(struct tq_visit *v, int64_t youngest_us, int64_t closes_us)
{
	const int64_t minute = 60 * TQ_SECOND_US;
	int64_t wall = tq_wall_us(&v->app->clock), age = wall - youngest_us;
	int64_t keep = 60 * minute;

	if (age < 60 * minute)
		keep = minute;
	else if (age < 24 * 60 * minute)
		keep = 10 * minute;
	if (closes_us > wall && closes_us - wall < keep)
		keep = closes_us - wall;
	return tq_mono_us(&v->app->clock) + keep;
}

static struct tq_token_scope
scope_of(const struct tq_place *place)
{
	return (struct tq_token_scope){
		.purpose = TQ_S("comment"), .site_id = place->site->id,
		.path = place->path,
	};
}

bool
tq_place_vouched(struct tq_visit *v, const struct tq_place *place, tq_str old)
{
	const struct tq_token_scope scope = scope_of(place);
	enum tq_token_result r = tq_token_check(v->app->tokens, &scope, old,
	    tq_wall_us(&v->app->clock));

	return r != TQ_TOKEN_FOREIGN && r != TQ_TOKEN_TOO_FAST;
}

tq_str
tq_place_token(struct tq_visit *v, const struct tq_place *place, bool again)
{
	const struct tq_token_scope scope = scope_of(place);

	return tq_token_make(v->app->tokens, &scope,
	    again ? TQ_TOKEN_REISSUED : 0, tq_wall_us(&v->app->clock),
	    &v->x->arena);
}

enum tq_code
tq_thread_layout(struct tq_visit *v, const struct tq_place *place,
    struct tq_thread_made *m, struct tq_thread_layout *out, struct tq_err *e)
{
	const struct tq_article *art = place->article;
	enum tq_code code;

	*out = (struct tq_thread_layout){ .layout = { .title = place->title } };
	if (art == NULL) {
		out->thread_page = (struct tq_view_thread_page){
			.title = m->listing.page.title,
			.url = (tq_url){ place->page_url },
			.thread = &m->thread, .form = &m->form,
		};
		/* A path alone is no address to link to. */
		if (!tq_str_starts(place->page_url, TQ_S("http")))
			out->thread_page.url = (tq_url){ { NULL, 0 } };
		out->layout.thread_page = &out->thread_page;
		out->layout.embedded = true;
		out->layout.noindex = true;
		return TQ_OK;
	}
	out->article = (struct tq_view_article){
		.headline = art->title, .section = art->section,
		.summary = art->summary, .author = art->author,
		.lang = art->language,
		.dir = tq_dir_name(tq_lang_tag_dir(art->language)),
		.at_us = art->at_us, .thread = &m->thread, .form = &m->form,
	};
	code = tq_article_body(art, place->site, &v->x->arena,
	    &out->article.body, e);
	out->layout.description = art->summary;
	out->layout.canonical = (tq_url){ tq_arena_printf(&v->x->arena,
	    "%.*s%.*s", TQ_FMT(tq_site_origin(place->site)),
	    TQ_FMT(tq_str_sub(place->base.s, 0, place->base.s.n - 1))) };
	out->layout.comments_feed = m->thread.feed;
	out->layout.article = &out->article;
	return code;
}

/* What this reader just did here, said above the thread. */
static enum tq_view_news
news(struct tq_visit *v, const struct tq_comment *own, size_t n_own)
{
	int64_t since = tq_wall_us(&v->app->clock) - 60 * TQ_SECOND_US;
	const struct tq_comment *last = NULL;

	if (tq_str_eq(tq_visit_query(v, TQ_S("done")), TQ_S("deleted")))
		return TQ_VIEW_DELETED;
	for (size_t i = 0; i < n_own; i++)
		if (own[i].created_us > since || own[i].edited_us > since)
			last = &own[i];
	if (last == NULL)
		return TQ_VIEW_NO_NEWS;
	if (last->state != TQ_PUBLISHED)
		return TQ_VIEW_WAITING;
	return last->edited_us > since ? TQ_VIEW_EDITED : TQ_VIEW_POSTED;
}

/* Renders for this reader alone. */
static enum tq_when
answer_private(struct tq_visit *v, const struct tq_place *place,
    const struct tq_thread_ask *ask, struct tq_comment *own, size_t n_own)
{
	struct tq_thread_made m;
	struct tq_thread_layout l;
	struct tq_view_env env;
	struct tq_err e;

	/* A held comment that was asked for stands above the thread, not in a
	 * slice of it. */
	struct tq_thread_ask plain = *ask;

	for (size_t i = 0; i < n_own; i++)
		if (own[i].id == ask->comment_id &&
		    own[i].state != TQ_PUBLISHED)
			plain.comment_id = 0;
	if (tq_thread_make(v, place, &plain, own, n_own, &m, &e) != TQ_OK ||
	    tq_thread_layout(v, place, &m, &l, &e) != TQ_OK)
		return tq_reply_failure(v, &e);
	m.thread.news = news(v, own, n_own);
	tq_visit_env(v, &env, place->base);
	env.token = tq_place_token(v, place, false);
	return tq_reply_page(v, 200, &env, &l.layout);
}

/* Made for each request, so without printf. */
static tq_str
cache_key(struct tq_visit *v, const struct tq_place *place,
    const struct tq_thread_ask *ask)
{
	const int64_t numbers[] = {
		place->site->id, ask->sort, ask->from.rank,
		ask->from.root_id, ask->from.after_id, ask->comment_id,
		ask->reply_to,
	};
	bool article = place->article != NULL;
	tq_str path = article ? place->path : place->page_url;
	struct tq_buf b;

	tq_buf_init(&b, &v->x->arena, 64 + path.n);
	tq_buf_byte(&b, article ? 'a' : 't');
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		tq_buf_i64(&b, numbers[i]);
		tq_buf_byte(&b, '|');
	}
	tq_buf_put(&b, path);
	return tq_buf_str(&b);
}

/* Renders and keeps it for everybody. */
static enum tq_code
build_entry(struct tq_visit *v, const struct tq_place *place,
    const struct tq_thread_ask *ask, struct tq_page_new *n,
    struct tq_page_entry **out, struct tq_err *e)
{
	struct tq_thread_made m;
	struct tq_thread_layout l;
	struct tq_view_env env;
	struct tq_buf b;
	enum tq_code code = tq_thread_make(v, place, ask, NULL, 0, &m, e);

	if (code == TQ_OK)
		code = tq_thread_layout(v, place, &m, &l, e);
	if (code != TQ_OK)
		return code;
	tq_visit_env(v, &env, place->base);
	n->hole_at = SIZE_MAX;
	env.hole_at = &n->hole_at;
	tq_buf_init(&b, &v->x->arena, (size_t)48 * 1024);
	tq_tpl_layout(&b, &env, &l.layout);
	if (!tq_buf_ok(&b))
		return tq_fail(e, TQ_ELIMIT, "a page is too large");
	n->html = tq_buf_str(&b);
	n->expires_us = expires(v, m.youngest_us, place->closes_us);
	return tq_cache_put(v->web->cache, n, out, e);
}

static enum tq_when
answer_shared(struct tq_visit *v, const struct tq_place *place,
    const struct tq_thread_ask *ask)
{
	struct tq_page_new n = {
		.key = cache_key(v, place, ask),
		.accept = tq_req_header(&v->x->req, TQ_S("Accept-Encoding")),
		.content_type = TQ_S("text/html; charset=utf-8"),
	};
	struct tq_page_entry *p = tq_cache_get(v->web->cache, n.key, n.accept,
	    tq_mono_us(&v->app->clock));
	struct tq_err e;

	if (p == NULL) {
		tq_visit_buckets(v, tq_bucket_page(place->site->id,
		    place->path), &n);
		if (build_entry(v, place, ask, &n, &p, &e) != TQ_OK)
			return tq_reply_failure(v, &e);
	}
	if (place->article == NULL)
		tq_reply_framable(v, place->site);
	return tq_reply_entry(v, p, tq_place_token(v, place, false));
}

static enum tq_when
answer(struct tq_visit *v, const struct tq_place *place)
{
	struct tq_thread_ask ask;
	struct tq_comment *own = NULL;
	size_t n_own = 0;
	struct tq_err e;

	tq_thread_ask_read(v, &ask);
	if (tq_own_of_place(v, place, &own, &n_own, &e) != TQ_OK)
		return tq_reply_failure(v, &e);
	if (n_own > 0 || tq_visit_query(v, TQ_S("done")).n > 0)
		return answer_private(v, place, &ask, own, n_own);
	return answer_shared(v, place, &ask);
}

enum tq_code
tq_own_of_place(struct tq_visit *v, const struct tq_place *place,
    struct tq_comment **own, size_t *n, struct tq_err *e)
{
	return tq_own_list(v->app, place->site, place->path, &v->reader,
	    &v->x->arena, own, n, e);
}

enum tq_when
tq_page_article(struct tq_visit *v)
{
	tq_str slug = tq_path_decode(&v->x->arena, v->param);
	const struct tq_article *art = tq_articles_find(v->articles,
	    v->site->id, slug);
	struct tq_place place;

	if (art == NULL)
		return tq_reply_error(v, 404);
	tq_place_article(v, art, &place);
	return answer(v, &place);
}

enum tq_when
tq_page_thread(struct tq_visit *v)
{
	struct tq_faults faults = { .n = 0 };
	struct tq_place place;
	struct tq_err e;

	if (tq_place_find(v, tq_visit_query(v, TQ_S("site")),
	    tq_visit_query(v, TQ_S("page")), &place, &faults, &e) != TQ_OK)
		return tq_reply_error(v, 404);
	/* An article's thread alone is the same view without the article. */
	if (place.article != NULL)
		tq_place_alone(v, &place);
	return answer(v, &place);
}
