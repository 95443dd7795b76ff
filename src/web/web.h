/* web.h - what the pages share: the web floor's context, one visit (an exchange
 * with its site, language and reader), and the table of routes. */
#ifndef TQ_WEB_WEB_H
#define TQ_WEB_WEB_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "app/articles.h"
#include "app/reader.h"
#include "app/sites.h"
#include "text/form.h"
#include "text/lang.h"
#include "web/http.h"

struct tq_cache;
struct tq_page_new;
struct tq_texts;

struct tq_web {
	struct tq_app *app;
	struct tq_cache *cache;
	struct tq_texts *texts;
	struct tq_http *http;		/* for its figures */
	int64_t started_us;		/* monotonic */
	_Atomic int64_t wrong_keys;	/* guesses that were not looked at */
	atomic_bool ready;		/* false while stopping */
};

/* One request on its way through a handler; in the exchange's arena. */
struct tq_visit {
	struct tq_exchange *x;
	struct tq_web *web;
	struct tq_app *app;
	struct tq_sites *sites;		/* referenced until the visit's end */
	struct tq_articles *articles;	/* the same */
	uint64_t reloads;		/* generation before these were taken */
	const struct tq_site_view *site;	/* by Host; NULL only on
					 * TQ_ROUTE_CLIENT */
	struct tq_form query;
	struct tq_reader reader;	/* from the cookie */
	tq_str param;			/* what ":" or "*" of the route took */
	const struct tq_route *route;
};

typedef enum tq_when (*tq_visit_handler)(struct tq_visit *v);

enum tq_route_kind {
	TQ_ROUTE_PAGE,		/* errors as pages */
	TQ_ROUTE_API,		/* errors as problem documents */
	TQ_ROUTE_CLIENT		/* errors as a line; on any host, without a
				 * site (v->site may be NULL) */
};

/* A pattern is a path in which ":" stands for one part and a last "*" for the
 * rest.  The first row that fits wins. */
struct tq_route {
	const char *name;		/* for figures; static */
	enum tq_method method;		/* TQ_GET answers HEAD too */
	const char *pattern;
	tq_visit_handler handler;
	enum tq_route_kind kind;
};

/* The tq_handler of tq_http_start; app is a struct tq_web. */
enum tq_when tq_route_dispatch(struct tq_exchange *x, void *web);
/* The tq_refusal: an error page, or a problem document for the API. */
void tq_route_refuse(struct tq_exchange *x, int status, void *web);
/* The body_max of tq_http_start. */
size_t tq_route_body_max(tq_str path);
/* Lets go of the snapshots.  dispatch does it for TQ_NOW; with TQ_LATER what
 * fills the answer does. */
void tq_visit_end(struct tq_visit *v);

/* The whole table, for tests and the figures. */
const struct tq_route *tq_routes(size_t *n);

/* Hooks the web floor to the app's bell: commits make cached pages stale. */
void tq_web_listen(struct tq_web *web);
/* Cache buckets: what a change to a page, to a site's counts, to sites or
 * articles makes stale. */
#define TQ_BUCKET_RELOAD UINT64_C(0)
uint64_t tq_bucket_page(int64_t site_id, tq_str path);
uint64_t tq_bucket_site(int64_t site_id);
/* Fills in the buckets of a page to be cached, own and TQ_BUCKET_RELOAD, and
 * their generations.  Call it before the store is read. */
void tq_visit_buckets(const struct tq_visit *v, uint64_t own,
    struct tq_page_new *n);

/* A query parameter; p == NULL without it. */
tq_str tq_visit_query(const struct tq_visit *v, tq_str name);

/* Handlers, one file each. */
enum tq_when tq_page_list(struct tq_visit *v);
enum tq_when tq_page_article(struct tq_visit *v);
enum tq_when tq_page_thread(struct tq_visit *v);
enum tq_when tq_page_privacy(struct tq_visit *v);
enum tq_when tq_page_privacy_json(struct tq_visit *v);
enum tq_when tq_post_comment(struct tq_visit *v);
enum tq_when tq_post_token(struct tq_visit *v);
enum tq_when tq_own_edit_form(struct tq_visit *v);
enum tq_when tq_own_edit_post(struct tq_visit *v);
enum tq_when tq_own_delete_form(struct tq_visit *v);
enum tq_when tq_own_delete_post(struct tq_visit *v);
enum tq_when tq_feed_articles(struct tq_visit *v);
enum tq_when tq_feed_comments(struct tq_visit *v);
enum tq_when tq_api_threads(struct tq_visit *v);
enum tq_when tq_api_comment_post(struct tq_visit *v);
enum tq_when tq_api_comment_get(struct tq_visit *v);
enum tq_when tq_api_comment_patch(struct tq_visit *v);
enum tq_when tq_api_comment_delete(struct tq_visit *v);
enum tq_when tq_api_counts(struct tq_visit *v);
enum tq_when tq_api_openapi(struct tq_visit *v);
enum tq_when tq_serve_asset(struct tq_visit *v);
enum tq_when tq_serve_icon(struct tq_visit *v);
enum tq_when tq_serve_robots(struct tq_visit *v);
enum tq_when tq_serve_media(struct tq_visit *v);
enum tq_when tq_ops_health(struct tq_visit *v);
enum tq_when tq_ops_ready(struct tq_visit *v);
enum tq_when tq_ops_metrics(struct tq_visit *v);
/* Akismet's protocol: akismet*.c. */
enum tq_when tq_ak_verify_key(struct tq_visit *v);
enum tq_when tq_ak_comment_check(struct tq_visit *v);
enum tq_when tq_ak_submit_spam(struct tq_visit *v);
enum tq_when tq_ak_submit_ham(struct tq_visit *v);
enum tq_when tq_ak_test(struct tq_visit *v);
enum tq_when tq_ak_deactivate(struct tq_visit *v);
enum tq_when tq_ak_usage_limit(struct tq_visit *v);
enum tq_when tq_ak_key_sites(struct tq_visit *v);
enum tq_when tq_ak_subscription(struct tq_visit *v);
enum tq_when tq_ak_site_stats(struct tq_visit *v);
enum tq_when tq_ak_key_stats(struct tq_visit *v);
enum tq_when tq_ak_token(struct tq_visit *v);
enum tq_when tq_ak_plugins(struct tq_visit *v);

#endif
