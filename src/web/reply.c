/* Answers: see reply.h.  Every answer leaves through one of these functions, so
 * that no header is forgotten. */
#include "web/reply.h"

#include <string.h>

#include "base/log.h"
#include "text/url.h"
#include "web/assets.h"
#include "web/tpl_gen.h"

#define PAGE_HINT ((size_t)32 * 1024)

static const tq_str csp = TQ_S_INIT("default-src 'none'; script-src 'self'; "
    "style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'");

/* On all answers that a browser may show. */
static void
safety_headers(struct tq_res *r)
{
	bool has_csp = false;

	for (size_t i = 0; i < r->n_headers; i++)
		has_csp |= tq_str_eq(r->headers[i].name,
		    TQ_S("Content-Security-Policy"));
	if (!has_csp)
		tq_res_header(r, TQ_S("Content-Security-Policy"), csp);
	tq_res_header(r, TQ_S("X-Content-Type-Options"), TQ_S("nosniff"));
	tq_res_header(r, TQ_S("Referrer-Policy"), TQ_S("no-referrer"));
	tq_res_header(r, TQ_S("Cross-Origin-Opener-Policy"),
	    TQ_S("same-origin"));
	tq_res_header(r, TQ_S("Permissions-Policy"),
	    TQ_S("camera=(), geolocation=(), microphone=()"));
}

void
tq_reply_framable(struct tq_visit *v, const struct tq_site_view *site)
{
	struct tq_buf b;

	tq_buf_init(&b, &v->x->arena, 512);
	tq_buf_put(&b, csp);
	for (size_t i = 0; i < site->n_origins; i++) {
		tq_buf_byte(&b, ' ');
		tq_buf_put(&b, site->origins[i]);
	}
	if (tq_buf_ok(&b))
		tq_res_header(&v->x->res, TQ_S("Content-Security-Policy"),
		    tq_buf_str(&b));
}

int
tq_status_of(enum tq_code code)
{
	static const int status[] = {
		[TQ_OK] = 200, [TQ_EINVALID] = 422, [TQ_ENOTFOUND] = 404,
		[TQ_ECONFLICT] = 409, [TQ_EDENIED] = 403, [TQ_ELIMIT] = 503,
		[TQ_EBUSY] = 503, [TQ_EIO] = 503, [TQ_EBUG] = 500,
	};

	return (size_t)code < sizeof(status) / sizeof(*status) ?
	    status[code] : 500;
}

void
tq_visit_env(struct tq_visit *v, struct tq_view_env *env, tq_url base)
{
	static const tq_str digits[] = {
		[TQ_DIGITS_LATIN] = TQ_S_INIT("latn"),
		[TQ_DIGITS_ARABIC] = TQ_S_INIT("arab"),
		[TQ_DIGITS_PERSIAN] = TQ_S_INIT("arabext"),
	};
	const struct tq_locale *l = &v->site->locale;

	*env = (struct tq_view_env){
		.locale = l, .lang = tq_lang_tag(l->lang),
		.dir = tq_dir_name(tq_lang_dir(l->lang)),
		.digits = digits[l->digits],
		.calendar = v->site->set.calendar == 0 ?
		    (tq_str){ NULL, 0 } : TQ_S("islamic-umalqura"),
		.now_us = tq_wall_us(&v->app->clock),
		.site = v->site->name, .site_title = v->site->set.title,
		.site_about = v->site->set.tagline,
		.home = tq_url_local(TQ_S("/")),
		.feed = tq_url_local(TQ_S("/feed.atom")),
		.privacy = tq_url_local(TQ_S("/privacy")),
		.css = tq_asset_path(TQ_S("taliq.css")),
		.js = tq_asset_path(TQ_S("taliq.js")),
		.icon = tq_asset_path(TQ_S("favicon.svg")),
		.base = base,
	};
}

static enum tq_when
send_buf(struct tq_visit *v, int status, tq_str type, tq_str cache_control,
    const struct tq_buf *b)
{
	struct tq_res *r = &v->x->res;

	if (!tq_buf_ok(b)) {
		tq_log(TQ_LOG_ERROR, "answer_too_large",
		    TQ_LOG_INT("bytes", v->x->arena.used));
		tq_reply_bare(v->x, 503);
		return TQ_NOW;
	}
	r->status = status;
	tq_res_header(r, TQ_S("Content-Type"), type);
	tq_res_header(r, TQ_S("Cache-Control"), cache_control);
	safety_headers(r);
	tq_res_piece(r, tq_buf_str(b));
	return TQ_NOW;
}

enum tq_when
tq_reply_page(struct tq_visit *v, int status, const struct tq_view_env *env,
    const struct tq_view_layout *layout)
{
	struct tq_buf b;

	if (layout->embedded)
		tq_reply_framable(v, v->site);
	tq_buf_init(&b, &v->x->arena, PAGE_HINT);
	tq_tpl_layout(&b, env, layout);
	return send_buf(v, status, TQ_S("text/html; charset=utf-8"),
	    TQ_S("private, no-store"), &b);
}

static void
release_entry(void *held)
{
	tq_page_release(held);
}

enum tq_when
tq_reply_entry(struct tq_visit *v, struct tq_page_entry *p, tq_str hole)
{
	const struct tq_req *req = &v->x->req;
	struct tq_res *r = &v->x->res;
	enum tq_encoding enc = tq_page_choose(p,
	    tq_req_header(req, TQ_S("Accept-Encoding")));
	tq_str pieces[4], match = tq_req_header(req, TQ_S("If-None-Match"));
	struct tq_err e;
	size_t n = 0;

	r->release = release_entry;
	r->held = p;
	if (tq_page_body(p, enc, hole, &v->x->arena, pieces, &n, &e) != TQ_OK)
		return tq_reply_failure(v, &e);
	tq_res_header(r, TQ_S("ETag"), tq_page_etag(p, enc));
	tq_res_header(r, TQ_S("Cache-Control"), TQ_S("no-cache"));
	tq_res_header(r, TQ_S("Vary"), TQ_S("Accept-Encoding, Cookie"));
	safety_headers(r);
	/* A 304 has the pieces too: only their length is used (RFC 9110
	 * 8.6). */
	r->status = match.n > 0 && tq_page_matches(p, match) ? 304 : 200;
	tq_res_header(r, TQ_S("Content-Type"), tq_page_type(p));
	if (enc != TQ_IDENTITY)
		tq_res_header(r, TQ_S("Content-Encoding"),
		    enc == TQ_GZIP ? TQ_S("gzip") : TQ_S("br"));
	for (size_t i = 0; i < n; i++)
		tq_res_piece(r, pieces[i]);
	return TQ_NOW;
}

enum tq_when
tq_reply_redirect(struct tq_visit *v, tq_str location)
{
	struct tq_res *r = &v->x->res;

	r->status = 303;
	tq_res_header(r, TQ_S("Location"), location);
	tq_res_header(r, TQ_S("Cache-Control"), TQ_S("private, no-store"));
	safety_headers(r);
	return TQ_NOW;
}

enum tq_when
tq_reply_moved(struct tq_visit *v, tq_str path)
{
	tq_str query = v->x->req.query;
	struct tq_res *r = &v->x->res;

	r->status = 308;
	tq_res_header(r, TQ_S("Location"), query.n == 0 ? path :
	    tq_arena_printf(&v->x->arena, "%.*s?%.*s", TQ_FMT(path),
	    TQ_FMT(query)));
	tq_res_header(r, TQ_S("Cache-Control"), TQ_S("no-cache"));
	safety_headers(r);
	return TQ_NOW;
}

enum tq_when
tq_reply_nothing(struct tq_visit *v)
{
	v->x->res.status = 204;
	tq_res_header(&v->x->res, TQ_S("Cache-Control"),
	    TQ_S("private, no-store"));
	safety_headers(&v->x->res);
	return TQ_NOW;
}

enum tq_when
tq_reply_bytes(struct tq_visit *v, int status, tq_str type,
    tq_str cache_control, tq_str body)
{
	struct tq_res *r = &v->x->res;

	r->status = status;
	tq_res_header(r, TQ_S("Content-Type"), type);
	tq_res_header(r, TQ_S("Cache-Control"), cache_control);
	safety_headers(r);
	if (body.n > 0)
		tq_res_piece(r, body);
	return TQ_NOW;
}

enum tq_when
tq_reply_json(struct tq_visit *v, int status, const struct tq_buf *body)
{
	return send_buf(v, status, TQ_S("application/json"),
	    TQ_S("private, no-store"), body);
}

void
tq_reply_retry(struct tq_visit *v, int64_t seconds)
{
	tq_res_header(&v->x->res, TQ_S("Retry-After"),
	    tq_arena_printf(&v->x->arena, "%lld", (long long)seconds));
}

void
tq_reply_bare(struct tq_exchange *x, int status)
{
	struct tq_res *r = &x->res;

	r->status = status;
	r->n_pieces = 0;
	tq_res_header(r, TQ_S("Content-Type"),
	    TQ_S("text/plain; charset=utf-8"));
	tq_res_header(r, TQ_S("Cache-Control"), TQ_S("no-store"));
	safety_headers(r);
	tq_res_piece(r, status == 503 ?
	    TQ_S("taliq cannot answer just now; try again soon.\n") :
	    TQ_S("taliq cannot answer this request.\n"));
}
