/* The front page: the site's articles, newest first, with their counts. */
#include "app/listing.h"
#include "text/url.h"
#include "web/reply.h"
#include "web/thread_view.h"
#include "web/tpl_gen.h"

#define ITEMS_A_PAGE 20

static tq_url
page_url(struct tq_visit *v, int64_t page)
{
	if (page <= 1)
		return tq_url_local(TQ_S("/"));
	return tq_url_local(tq_arena_printf(&v->x->arena, "/?page=%lld",
	    (long long)page));
}

/* Items of one page, with how many comments each has. */
static struct tq_view_item *
make_items(struct tq_visit *v, const struct tq_article *all, size_t n,
    struct tq_err *e)
{
	struct tq_arena *a = &v->x->arena;
	struct tq_view_item *items = tq_new_n(a, struct tq_view_item, n + 1);
	tq_str *paths = tq_new_n(a, tq_str, n + 1);
	int64_t *counts = tq_new_n(a, int64_t, n + 1);

	if (items == NULL || paths == NULL || counts == NULL) {
		(void)tq_fail(e, TQ_ELIMIT, "no memory for the list");
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		paths[i] = tq_arena_printf(a, "/%.*s", TQ_FMT(all[i].slug));
	if (tq_listing_counts(v->app, v->site->id, paths, n, counts, e) !=
	    TQ_OK)
		return NULL;
	for (size_t i = 0; i < n; i++)
		items[i] = (struct tq_view_item){
			.url = tq_article_url(a, all[i].slug),
			.headline = all[i].title, .section = all[i].section,
			.summary = all[i].summary, .lang = all[i].language,
			.dir = tq_dir_name(tq_lang_tag_dir(all[i].language)),
			.at_us = all[i].at_us, .comments = counts[i],
			.comments_shown = counts[i] > 0 ||
			    tq_article_closes_us(&all[i], v->site) >
			    tq_wall_us(&v->app->clock),
		};
	return items;
}

static enum tq_code
build(struct tq_visit *v, int64_t page, struct tq_page_new *n,
    struct tq_page_entry **out, struct tq_err *e)
{
	struct tq_view_list list = { .front = page == 1 };
	struct tq_view_layout layout = { .list = &list };
	struct tq_view_env env;
	struct tq_buf b;
	size_t total, from = (size_t)(page - 1) * ITEMS_A_PAGE;
	const struct tq_article *all = tq_articles_of(v->articles,
	    v->site->id, &total);

	if (page > 1 && from >= total)
		return tq_fail(e, TQ_ENOTFOUND, "no such page");
	list.n_items = total - from < ITEMS_A_PAGE ? total - from :
	    ITEMS_A_PAGE;
	list.items = make_items(v, all == NULL ? NULL : all + from,
	    list.n_items, e);
	if (list.items == NULL)
		return e->code;
	if (page > 1)
		list.newer = page_url(v, page - 1);
	if (from + list.n_items < total)
		list.older = page_url(v, page + 1);
	layout.description = v->site->set.tagline;
	tq_visit_env(v, &env, page_url(v, page));
	env.now_us = 0;		/* dates: articles are read for years */
	tq_buf_init(&b, &v->x->arena, (size_t)32 * 1024);
	tq_tpl_layout(&b, &env, &layout);
	if (!tq_buf_ok(&b))
		return tq_fail(e, TQ_ELIMIT, "the list is too large");
	n->html = tq_buf_str(&b);
	return tq_cache_put(v->web->cache, n, out, e);
}

enum tq_when
tq_page_list(struct tq_visit *v)
{
	struct tq_page_new n = {
		.accept = tq_req_header(&v->x->req, TQ_S("Accept-Encoding")),
		.content_type = TQ_S("text/html; charset=utf-8"),
		.hole_at = SIZE_MAX,
		/* Comments may close by time. */
		.expires_us = tq_mono_us(&v->app->clock) +
		    600 * TQ_SECOND_US,
	};
	tq_str asked = tq_visit_query(v, TQ_S("page"));
	struct tq_page_entry *p;
	struct tq_err e;
	int64_t page = 1;

	if (asked.n > 0 && (!tq_str_i64(asked, &page) || page < 1 ||
	    page > 100000))
		return tq_reply_error(v, 404);
	n.key = tq_arena_printf(&v->x->arena, "l|%lld|%lld",
	    (long long)v->site->id, (long long)page);
	p = tq_cache_get(v->web->cache, n.key, n.accept,
	    tq_mono_us(&v->app->clock));
	if (p == NULL) {
		tq_visit_buckets(v, tq_bucket_site(v->site->id), &n);
		if (build(v, page, &n, &p, &e) != TQ_OK)
			return tq_reply_failure(v, &e);
	}
	return tq_reply_entry(v, p, (tq_str){ NULL, 0 });
}
