/* The table of routes, and the way from an exchange to its handler.  To add a
 * route: one row here, one handler declared in web.h. */
#include "web/web.h"

#include <string.h>

#include "base/log.h"
#include "text/path.h"
#include "web/cache.h"
#include "web/reply.h"
#include "web/texts.h"
#include "web/thread_view.h"

static const struct tq_route routes[] = {
	{ "list", TQ_GET, "/", tq_page_list, TQ_ROUTE_PAGE },
	{ "feed", TQ_GET, "/feed.atom", tq_feed_articles, TQ_ROUTE_PAGE },
	{ "privacy", TQ_GET, "/privacy", tq_page_privacy, TQ_ROUTE_PAGE },
	{ "privacy_json", TQ_GET, "/.well-known/taliq-privacy.json",
	    tq_page_privacy_json, TQ_ROUTE_API },
	{ "threads", TQ_GET, "/threads", tq_page_thread, TQ_ROUTE_PAGE },
	{ "post", TQ_POST, "/comments", tq_post_comment, TQ_ROUTE_PAGE },
	{ "token", TQ_GET, "/comments/token", tq_post_token, TQ_ROUTE_API },
	{ "edit_form", TQ_GET, "/comments/:/edit", tq_own_edit_form,
	    TQ_ROUTE_PAGE },
	{ "edit", TQ_POST, "/comments/:/edit", tq_own_edit_post,
	    TQ_ROUTE_PAGE },
	{ "delete_form", TQ_GET, "/comments/:/delete", tq_own_delete_form,
	    TQ_ROUTE_PAGE },
	{ "delete", TQ_POST, "/comments/:/delete", tq_own_delete_post,
	    TQ_ROUTE_PAGE },
	{ "api_threads", TQ_GET, "/api/v1/threads", tq_api_threads,
	    TQ_ROUTE_API },
	{ "api_post", TQ_POST, "/api/v1/comments", tq_api_comment_post,
	    TQ_ROUTE_API },
	{ "api_get", TQ_GET, "/api/v1/comments/:", tq_api_comment_get,
	    TQ_ROUTE_API },
	{ "api_patch", TQ_PATCH, "/api/v1/comments/:", tq_api_comment_patch,
	    TQ_ROUTE_API },
	{ "api_delete", TQ_DELETE, "/api/v1/comments/:",
	    tq_api_comment_delete, TQ_ROUTE_API },
	{ "api_counts", TQ_GET, "/api/v1/counts", tq_api_counts, TQ_ROUTE_API },
	{ "openapi", TQ_GET, "/openapi.json", tq_api_openapi, TQ_ROUTE_API },
	{ "asset", TQ_GET, "/assets/*", tq_serve_asset, TQ_ROUTE_PAGE },
	{ "icon", TQ_GET, "/favicon.ico", tq_serve_icon, TQ_ROUTE_PAGE },
	{ "robots", TQ_GET, "/robots.txt", tq_serve_robots, TQ_ROUTE_PAGE },
	{ "media", TQ_GET, "/media/*", tq_serve_media, TQ_ROUTE_PAGE },
	{ "health", TQ_GET, "/healthz", tq_ops_health, TQ_ROUTE_API },
	{ "ready", TQ_GET, "/readyz", tq_ops_ready, TQ_ROUTE_API },
	{ "metrics", TQ_GET, "/metrics", tq_ops_metrics, TQ_ROUTE_API },
	{ "comments_feed", TQ_GET, "/:/comments.atom", tq_feed_comments,
	    TQ_ROUTE_PAGE },
	{ "article", TQ_GET, "/:", tq_page_article, TQ_ROUTE_PAGE },
	/* Akismet's protocol (docs/akismet.md). */
	{ "ak_check", TQ_POST, "/1.1/comment-check", tq_ak_comment_check,
	    TQ_ROUTE_CLIENT },
	{ "ak_spam", TQ_POST, "/1.1/submit-spam", tq_ak_submit_spam,
	    TQ_ROUTE_CLIENT },
	{ "ak_ham", TQ_POST, "/1.1/submit-ham", tq_ak_submit_ham,
	    TQ_ROUTE_CLIENT },
	{ "ak_verify", TQ_POST, "/1.1/verify-key", tq_ak_verify_key,
	    TQ_ROUTE_CLIENT },
	{ "ak_subscription", TQ_POST, "/1.1/get-subscription",
	    tq_ak_subscription, TQ_ROUTE_CLIENT },
	{ "ak_stats", TQ_POST, "/1.1/get-stats", tq_ak_site_stats,
	    TQ_ROUTE_CLIENT },
	{ "ak_token", TQ_POST, "/1.1/token", tq_ak_token, TQ_ROUTE_CLIENT },
	{ "ak_deactivate", TQ_POST, "/1.1/deactivate", tq_ak_deactivate,
	    TQ_ROUTE_CLIENT },
	{ "ak_test", TQ_GET, "/1.1/test", tq_ak_test, TQ_ROUTE_CLIENT },
	{ "ak_test", TQ_POST, "/1.1/test", tq_ak_test, TQ_ROUTE_CLIENT },
	{ "ak_usage", TQ_GET, "/1.2/usage-limit", tq_ak_usage_limit,
	    TQ_ROUTE_CLIENT },
	{ "ak_usage", TQ_POST, "/1.2/usage-limit", tq_ak_usage_limit,
	    TQ_ROUTE_CLIENT },
	{ "ak_sites", TQ_GET, "/1.2/key-sites", tq_ak_key_sites,
	    TQ_ROUTE_CLIENT },
	{ "ak_sites", TQ_POST, "/1.2/key-sites", tq_ak_key_sites,
	    TQ_ROUTE_CLIENT },
	{ "ak_key_stats", TQ_GET, "/1.2/get-key-stats", tq_ak_key_stats,
	    TQ_ROUTE_CLIENT },
	{ "ak_key_stats", TQ_POST, "/1.2/get-key-stats", tq_ak_key_stats,
	    TQ_ROUTE_CLIENT },
	{ "ak_plugins", TQ_GET, "/1.2/compatible-plugins", tq_ak_plugins,
	    TQ_ROUTE_CLIENT },
	{ "ak_plugins", TQ_POST, "/1.2/compatible-plugins", tq_ak_plugins,
	    TQ_ROUTE_CLIENT },
};

#define N_ROUTES (sizeof(routes) / sizeof(*routes))

const struct tq_route *
tq_routes(size_t *n)
{
	*n = N_ROUTES;
	return routes;
}

/* Whether path fits the pattern; *param gets what ":" or "*" took. */
static bool
fits(const char *pattern, tq_str path, tq_str *param)
{
	tq_str p = tq_str_c(pattern), want, got;
	bool more = true;

	/* Most rows differ from the path in their first letter. */
	if (path.n > 1 && p.n > 1 && path.p[1] != p.p[1] && p.p[1] != ':' &&
	    p.p[1] != '*')
		return false;
	while (more) {
		if (tq_str_eq(p, TQ_S("*"))) {
			*param = path;
			return path.n > 0;
		}
		more = tq_str_find(p, TQ_S("/")) < p.n;
		if (more != (tq_str_find(path, TQ_S("/")) < path.n))
			return false;
		p = tq_str_cut(p, '/', &want);
		path = tq_str_cut(path, '/', &got);
		if (tq_str_eq(want, TQ_S(":"))) {
			if (got.n == 0)
				return false;
			*param = got;
		} else if (!tq_str_eq(want, got)) {
			return false;
		}
	}
	return true;
}

static const char *
method_name(enum tq_method m)
{
	static const char *const names[] = {
		[TQ_GET] = "GET, HEAD", [TQ_POST] = "POST",
		[TQ_PATCH] = "PATCH", [TQ_DELETE] = "DELETE",
		[TQ_PUT] = "PUT", [TQ_HEAD] = "HEAD",
		[TQ_OPTIONS] = "OPTIONS", [TQ_METHOD_OTHER] = "",
	};

	return names[m];
}

/* The row for this request; without one, *allow lists the path's methods. */
static const struct tq_route *
find_route(struct tq_visit *v, struct tq_buf *allow)
{
	const struct tq_req *req = &v->x->req;
	enum tq_method m = req->method == TQ_HEAD ? TQ_GET : req->method;
	const char *taken = NULL;

	for (size_t i = 0; i < N_ROUTES; i++) {
		tq_str param = { NULL, 0 };

		/* A path is one route's: a slug does not catch "/comments". */
		if (taken != NULL && strcmp(taken, routes[i].pattern) != 0)
			continue;
		if (!fits(routes[i].pattern, req->path, &param))
			continue;
		taken = routes[i].pattern;
		if (routes[i].method == m) {
			v->param = param;
			return &routes[i];
		}
		if (allow->n > 0)
			tq_buf_lit(allow, ", ");
		tq_buf_put(allow, tq_str_c(method_name(routes[i].method)));
		v->route = &routes[i];
	}
	return NULL;
}

/* The address that "/slug/" or "/privacy/" stands for; empty for none. */
static tq_str
without_slash(struct tq_visit *v)
{
	const struct tq_req *req = &v->x->req;
	tq_str path = tq_str_sub(req->path, 0, req->path.n - 1);
	const struct tq_article *art;

	if (!tq_str_ends(req->path, TQ_S("/")) || path.n < 2 ||
	    (req->method != TQ_GET && req->method != TQ_HEAD))
		return (tq_str){ NULL, 0 };
	for (size_t i = 0; i < N_ROUTES; i++)
		if (tq_str_eq(path, tq_str_c(routes[i].pattern)) &&
		    routes[i].method == TQ_GET)
			return path;
	art = tq_articles_find(v->articles, v->site->id, tq_path_decode(
	    &v->x->arena, tq_str_sub(path, 1, path.n)));
	return art == NULL ? (tq_str){ NULL, 0 } :
	    tq_article_url(&v->x->arena, art->slug).s;
}

static bool
is_client_path(tq_str path)
{
	return tq_str_starts(path, TQ_S("/1.1/")) ||
	    tq_str_starts(path, TQ_S("/1.2/"));
}

static bool
is_client(const struct tq_visit *v)
{
	return v->route != NULL ? v->route->kind == TQ_ROUTE_CLIENT :
	    is_client_path(v->x->req.path);
}

/* A call that is none, of a client or of a person who tries one out. */
static enum tq_when
no_call(struct tq_visit *v, tq_str allow)
{
	if (allow.n == 0)
		return tq_reply_bytes(v, 404,
		    TQ_S("text/plain; charset=utf-8"), TQ_S("no-store"),
		    TQ_S("There is no such call.\n"));
	tq_res_header(&v->x->res, TQ_S("Allow"), allow);
	if (v->x->req.method == TQ_OPTIONS)
		return tq_reply_nothing(v);
	return tq_reply_bytes(v, 405, TQ_S("text/plain; charset=utf-8"),
	    TQ_S("no-store"), tq_str_eq(allow, TQ_S("POST")) ?
	    TQ_S("Use POST for this call.\n") :
	    TQ_S("Use GET or POST for this call.\n"));
}

static enum tq_when
no_route(struct tq_visit *v, tq_str allow)
{
	tq_str other;

	if (allow.n == 0) {
		other = without_slash(v);
		return other.n > 0 ? tq_reply_moved(v, other) :
		    tq_reply_error(v, 404);
	}
	tq_res_header(&v->x->res, TQ_S("Allow"), allow);
	if (v->x->req.method == TQ_OPTIONS)
		return tq_reply_nothing(v);
	return tq_reply_error(v, 405);
}

static void
begin(struct tq_visit *v, struct tq_exchange *x, struct tq_web *web)
{
	*v = (struct tq_visit){ .x = x, .web = web, .app = web->app };
	v->reloads = tq_cache_generation(web->cache, TQ_BUCKET_RELOAD);
	v->sites = (struct tq_sites *)tq_cell_get(&web->app->sites);
	v->articles = (struct tq_articles *)tq_cell_get(&web->app->articles);
	v->site = v->sites == NULL ? NULL :
	    tq_sites_by_host(v->sites, x->req.host);
	tq_reply_reader(v);
}

/* A new installation: whoever looks at it is the one to be told. */
static void
no_site(struct tq_visit *v)
{
	if (v->sites == NULL || v->sites->n > 0)
		tq_reply_bare(v->x, 503);
	else
		(void)tq_reply_bytes(v, 503, TQ_S("text/plain; charset=utf-8"),
		    TQ_S("no-store"), TQ_S("taliq runs, but there is no site "
		    "yet.  Add one:\n\n    taliq site add NAME language=ar "
		    "title=TITLE origins=ORIGIN --data DIR\n"));
}

void
tq_visit_end(struct tq_visit *v)
{
	tq_sites_put(v->sites);
	tq_articles_put(v->articles);
	v->sites = NULL;
	v->articles = NULL;
	v->site = NULL;
}

size_t
tq_route_body_max(tq_str path)
{
	/* WordPress sends the visitor's whole form beside the comment. */
	return is_client_path(path) ? TQ_BODY_LARGE_MAX : TQ_BODY_MAX;
}

enum tq_when
tq_route_dispatch(struct tq_exchange *x, void *web)
{
	struct tq_visit *v = tq_new(&x->arena, struct tq_visit);
	const struct tq_route *r;
	struct tq_buf allow;
	struct tq_err e;
	enum tq_when when;

	if (v == NULL) {
		tq_reply_bare(x, 503);
		return TQ_NOW;
	}
	begin(v, x, web);
	tq_buf_init(&allow, &x->arena, 0);
	r = find_route(v, &allow);
	if (r != NULL)
		v->route = r;
	if (v->site == NULL && !is_client(v)) {
		no_site(v);
		tq_visit_end(v);
		return TQ_NOW;
	}
	if (is_client(v))	/* reads the query itself */
		when = r != NULL ? r->handler(v) :
		    no_call(v, tq_buf_str(&allow));
	else if (tq_form_parse(&x->arena, x->req.query, &v->query, &e) !=
	    TQ_OK)
		when = tq_reply_error(v, 400);
	else if (r != NULL)
		when = r->handler(v);
	else
		when = no_route(v, tq_buf_str(&allow));
	if (when == TQ_NOW)
		tq_visit_end(v);
	return when;
}

void
tq_route_refuse(struct tq_exchange *x, int status, void *web)
{
	struct tq_visit *v = tq_new(&x->arena, struct tq_visit);
	const struct tq_route *r;
	struct tq_buf allow;

	if (v == NULL)
		return;
	begin(v, x, web);
	tq_buf_init(&allow, &x->arena, 0);
	r = find_route(v, &allow);
	if (r != NULL)
		v->route = r;
	if (v->site != NULL && !is_client(v))	/* clients read no page */
		(void)tq_reply_error(v, status);
	tq_visit_end(v);
}

tq_str
tq_visit_query(const struct tq_visit *v, tq_str name)
{
	return tq_form_get(&v->query, name);
}

uint64_t
tq_bucket_site(int64_t site_id)
{
	return (uint64_t)site_id * UINT64_C(0x9e3779b97f4a7c15);
}

uint64_t
tq_bucket_page(int64_t site_id, tq_str path)
{
	uint64_t h = tq_bucket_site(site_id) ^ UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < path.n; i++)	/* FNV-1a */
		h = (h ^ (uint8_t)path.p[i]) * UINT64_C(0x100000001b3);
	return h;
}

void
tq_visit_buckets(const struct tq_visit *v, uint64_t own,
    struct tq_page_new *n)
{
	n->buckets[0] = own;
	n->generations[0] = tq_cache_generation(v->web->cache, own);
	n->buckets[1] = TQ_BUCKET_RELOAD;
	n->generations[1] = v->reloads;
}

static void
page_changed(void *ctx, int64_t page_id, int64_t site_id, tq_str path)
{
	struct tq_web *web = ctx;

	(void)page_id;
	tq_cache_bump(web->cache, tq_bucket_page(site_id, path));
	/* The list shows every article's count. */
	tq_cache_bump(web->cache, tq_bucket_site(site_id));
}

static void
site_changed(void *ctx, int64_t site_id)
{
	struct tq_web *web = ctx;

	(void)site_id;	/* rare enough to make everything anew */
	tq_cache_bump(web->cache, TQ_BUCKET_RELOAD);
	tq_texts_forget(web->texts, 0);
}

static void
text_changed(void *ctx, int64_t comment_id)
{
	struct tq_web *web = ctx;

	tq_texts_forget(web->texts, comment_id);
}

void
tq_web_listen(struct tq_web *web)
{
	web->app->bell = (struct tq_bell){
		.page = page_changed, .site = site_changed,
		.text = text_changed, .ctx = web,
	};
}
