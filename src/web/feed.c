/* Atom feeds (RFC 4287): the site's articles, and one page's comments.  Kept in
 * the page cache like pages. */
#include "app/listing.h"
#include "base/clock.h"
#include "text/markup.h"
#include "text/path.h"
#include "web/reply.h"
#include "web/thread_view.h"

#define FEED_ITEMS 30
#define FEED_TYPE TQ_S("application/atom+xml; charset=utf-8")

static tq_str
canonical_origin(struct tq_visit *v)
{
	tq_str origin = tq_site_origin(v->site);

	return origin.n > 0 ? origin : tq_visit_origin(v);
}

static void
put_time(struct tq_buf *b, const char *name, int64_t us)
{
	tq_buf_printf(b, "<%s>", name);
	tq_date_rfc3339(b, us);
	tq_buf_printf(b, "</%s>\n", name);
}

static void
put_author(struct tq_buf *b, tq_str name)
{
	tq_buf_lit(b, "<author><name>");
	tq_esc_xml(b, name);
	tq_buf_lit(b, "</name></author>\n");
}

static void
put_head(struct tq_buf *b, tq_str origin, tq_str path, tq_str self,
    tq_str lang)
{
	tq_buf_lit(b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
	    "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"");
	tq_esc_xml(b, lang);
	tq_buf_lit(b, "\">\n<id>");
	tq_esc_xml(b, origin);
	tq_esc_xml(b, self);
	tq_buf_lit(b, "</id>\n<link rel=\"self\" type=\"application/atom+xml\" "
	    "href=\"");
	tq_esc_xml(b, origin);
	tq_esc_xml(b, self);
	tq_buf_lit(b, "\"/>\n<link rel=\"alternate\" type=\"text/html\" "
	    "href=\"");
	tq_esc_xml(b, origin);
	tq_esc_xml(b, path);
	tq_buf_lit(b, "\"/>\n");
}

static void
put_title(struct tq_buf *b, tq_str title)
{
	tq_buf_lit(b, "<title>");
	tq_esc_xml(b, title);
	tq_buf_lit(b, "</title>\n");
}

static void
put_article(struct tq_visit *v, struct tq_buf *b, tq_str origin,
    const struct tq_article *art)
{
	tq_str path = tq_article_url(&v->x->arena, art->slug).s;

	tq_buf_lit(b, "<entry xml:lang=\"");
	tq_esc_xml(b, art->language);
	tq_buf_lit(b, "\">\n<id>");
	tq_esc_xml(b, origin);
	tq_esc_xml(b, path);
	tq_buf_lit(b, "</id>\n");
	put_title(b, art->title);
	put_time(b, "published", art->at_us);
	put_time(b, "updated", art->at_us);
	tq_buf_lit(b, "<link rel=\"alternate\" type=\"text/html\" href=\"");
	tq_esc_xml(b, origin);
	tq_esc_xml(b, path);
	tq_buf_lit(b, "\"/>\n");
	if (art->author.n > 0)
		put_author(b, art->author);
	if (art->summary.n > 0) {
		tq_buf_lit(b, "<summary>");
		tq_esc_xml(b, art->summary);
		tq_buf_lit(b, "</summary>\n");
	}
	tq_buf_lit(b, "</entry>\n");
}

/* The entry for this key, or NULL with the rest of n filled in. */
static struct tq_page_entry *
cached(struct tq_visit *v, uint64_t bucket, struct tq_page_new *n)
{
	tq_visit_buckets(v, bucket, n);
	n->accept = tq_req_header(&v->x->req, TQ_S("Accept-Encoding"));
	return tq_cache_get(v->web->cache, n->key, n->accept,
	    tq_mono_us(&v->app->clock));
}

static enum tq_when
keep(struct tq_visit *v, struct tq_page_new *n, struct tq_buf *b)
{
	struct tq_page_entry *p;
	struct tq_err e;

	tq_buf_lit(b, "</feed>\n");
	n->html = tq_buf_str(b);
	if (!tq_buf_ok(b))
		return tq_reply_error(v, 503);
	if (tq_cache_put(v->web->cache, n, &p, &e) != TQ_OK)
		return tq_reply_failure(v, &e);
	return tq_reply_entry(v, p, (tq_str){ NULL, 0 });
}

enum tq_when
tq_feed_articles(struct tq_visit *v)
{
	tq_str origin = canonical_origin(v);
	struct tq_page_new n = {
		.key = tq_arena_printf(&v->x->arena, "f|%lld|%.*s",
		    (long long)v->site->id, TQ_FMT(origin)),
		.content_type = FEED_TYPE, .hole_at = SIZE_MAX,
		.expires_us = INT64_MAX,
	};
	struct tq_page_entry *p = cached(v, tq_bucket_site(v->site->id), &n);
	const struct tq_article *all;
	struct tq_buf b;
	size_t total;

	if (p != NULL)
		return tq_reply_entry(v, p, (tq_str){ NULL, 0 });
	all = tq_articles_of(v->articles, v->site->id, &total);
	tq_buf_init(&b, &v->x->arena, (size_t)32 * 1024);
	put_head(&b, origin, TQ_S("/"), TQ_S("/feed.atom"),
	    tq_lang_tag(v->site->locale.lang));
	put_title(&b, v->site->set.title.n > 0 ? v->site->set.title :
	    v->site->name);
	put_author(&b, v->site->set.title.n > 0 ? v->site->set.title :
	    v->site->name);
	put_time(&b, "updated", total > 0 ? all[0].at_us : 0);
	for (size_t i = 0; i < total && i < FEED_ITEMS; i++)
		put_article(v, &b, origin, &all[i]);
	return keep(v, &n, &b);
}

static enum tq_code
put_comment(struct tq_visit *v, struct tq_buf *b, tq_str origin,
    const struct tq_place *place, const struct tq_comment *c,
    struct tq_err *e)
{
	struct tq_view_comment shown;
	tq_str href = tq_comment_href(&v->x->arena, place, c->id, false);
	tq_str name = c->name.n > 0 ? c->name :
	    tq_msg(v->site->locale.lang, TQ_MSG_ANONYMOUS);
	enum tq_code code = tq_comment_render(v, place, c, &shown, e);

	if (code != TQ_OK)
		return code;
	/* An empty one says that nobody knows (XML 1.0, 2.12). */
	tq_buf_lit(b, "<entry xml:lang=\"");
	tq_esc_xml(b, shown.lang);
	tq_buf_lit(b, "\">\n<id>");
	tq_esc_xml(b, origin);
	tq_buf_printf(b, "/comments/%lld</id>\n", (long long)c->id);
	put_title(b, tq_markup_plain(&v->x->arena, c->body, 80));
	put_time(b, "published", c->created_us);
	put_time(b, "updated", c->edited_us > 0 ? c->edited_us :
	    c->created_us);
	tq_buf_lit(b, "<link rel=\"alternate\" type=\"text/html\" href=\"");
	tq_esc_xml(b, origin);
	tq_esc_xml(b, href);
	tq_buf_lit(b, "\"/>\n");
	put_author(b, name);
	tq_buf_lit(b, "<content type=\"html\">");
	tq_esc_xml(b, shown.body.s);
	tq_buf_lit(b, "</content>\n</entry>\n");
	return TQ_OK;
}

static enum tq_when
build_comments(struct tq_visit *v, const struct tq_place *place,
    tq_str origin, struct tq_page_new *n)
{
	tq_str path = tq_str_sub(place->base.s, 0, place->base.s.n - 1);
	struct tq_comment *all = NULL;
	struct tq_err e;
	struct tq_buf b;
	int64_t newest = place->article->at_us;
	size_t n_all;

	if (tq_listing_recent(v->app, place->site, place->path, &v->x->arena,
	    &all, &n_all, &e) != TQ_OK)
		return tq_reply_failure(v, &e);
	for (size_t i = 0; i < n_all; i++) {
		const struct tq_comment *c = &all[i];
		int64_t at = c->edited_us > c->created_us ? c->edited_us :
		    c->created_us;

		if (at > newest)
			newest = at;
	}
	tq_buf_init(&b, &v->x->arena, (size_t)64 * 1024);
	put_head(&b, origin, path, tq_arena_printf(&v->x->arena,
	    "%.*s/comments.atom", TQ_FMT(path)), place->article->language);
	put_title(&b, place->title);
	put_author(&b, v->site->set.title.n > 0 ? v->site->set.title :
	    v->site->name);
	put_time(&b, "updated", newest);
	for (size_t i = 0; i < n_all; i++)
		if (put_comment(v, &b, origin, place, &all[i], &e) != TQ_OK)
			return tq_reply_failure(v, &e);
	return keep(v, n, &b);
}

enum tq_when
tq_feed_comments(struct tq_visit *v)
{
	tq_str origin = canonical_origin(v);
	const struct tq_article *art = tq_articles_find(v->articles,
	    v->site->id, tq_path_decode(&v->x->arena, v->param));
	struct tq_page_new n = {
		.content_type = FEED_TYPE, .hole_at = SIZE_MAX,
		.expires_us = INT64_MAX,
	};
	struct tq_page_entry *p;
	struct tq_place place;

	if (art == NULL)
		return tq_reply_error(v, 404);
	tq_place_article(v, art, &place);
	n.key = tq_arena_printf(&v->x->arena, "c|%lld|%.*s|%.*s",
	    (long long)v->site->id, TQ_FMT(origin), TQ_FMT(place.path));
	p = cached(v, tq_bucket_page(v->site->id, place.path), &n);
	if (p != NULL)
		return tq_reply_entry(v, p, (tq_str){ NULL, 0 });
	return build_comments(v, &place, origin, &n);
}
