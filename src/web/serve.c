/* Files: those built into the program, and the media beside the articles. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "web/assets.h"
#include "web/reply.h"

#define MEDIA_MAX ((size_t)3 * 1024 * 1024)	/* fits an arena */

static enum tq_when
send_asset(struct tq_visit *v, const struct tq_asset *a, tq_str cache_control)
{
	const struct tq_req *req = &v->x->req;
	struct tq_res *r = &v->x->res;
	enum tq_encoding enc = tq_asset_choose(a,
	    tq_req_header(req, TQ_S("Accept-Encoding")));
	tq_str match = tq_req_header(req, TQ_S("If-None-Match"));

	tq_res_header(r, TQ_S("ETag"), a->etags[enc]);
	tq_res_header(r, TQ_S("Vary"), TQ_S("Accept-Encoding"));
	if (match.n > 0 && tq_asset_matches(a, match))
		return tq_reply_bytes(v, 304, a->type, cache_control,
		    a->forms[enc]);
	if (enc != TQ_IDENTITY)
		tq_res_header(r, TQ_S("Content-Encoding"),
		    enc == TQ_GZIP ? TQ_S("gzip") : TQ_S("br"));
	return tq_reply_bytes(v, 200, a->type, cache_control, a->forms[enc]);
}

/* Under a name of its own, without a hash in it: not for ever. */
static enum tq_when
send_named(struct tq_visit *v, tq_str name)
{
	const struct tq_asset *a = tq_asset_find(tq_asset_path(name).s);

	return a == NULL ? tq_reply_error(v, 404) :
	    send_asset(v, a, TQ_S("public, max-age=86400"));
}

enum tq_when
tq_serve_asset(struct tq_visit *v)
{
	const struct tq_asset *a = tq_asset_find(v->x->req.path);

	return a == NULL ? tq_reply_error(v, 404) :
	    send_asset(v, a, a->cache_control);
}

enum tq_when
tq_serve_icon(struct tq_visit *v)
{
	return send_named(v, TQ_S("favicon.svg"));
}

enum tq_when
tq_serve_robots(struct tq_visit *v)
{
	return send_named(v, TQ_S("robots.txt"));
}

enum tq_when
tq_api_openapi(struct tq_visit *v)
{
	return send_named(v, TQ_S("openapi.json"));
}

/* Images only, by their names' ends; nothing that a browser would run. */
static tq_str
media_type(tq_str name)
{
	static const struct { const char *end; const char *type; } types[] = {
		{ ".jpg", "image/jpeg" }, { ".jpeg", "image/jpeg" },
		{ ".png", "image/png" }, { ".webp", "image/webp" },
		{ ".avif", "image/avif" }, { ".gif", "image/gif" },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (tq_str_ends(name, tq_str_c(types[i].end)))
			return tq_str_c(types[i].type);
	return (tq_str){ NULL, 0 };
}

/* One file name, no folders, nothing hidden. */
static bool
plain_name(tq_str s)
{
	if (s.n == 0 || s.n > 200 || s.p[0] == '.')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '-' || c == '_' ||
		    c == '.'))
			return false;
	}
	return true;
}

/* ARTICLES/SITE/media/NAME */
enum tq_when
tq_serve_media(struct tq_visit *v)
{
	tq_str type = media_type(v->param), bytes;
	struct tq_err e;
	char path[512];
	int n;

	if (type.n == 0 || !plain_name(v->param))
		return tq_reply_error(v, 404);
	n = snprintf(path, sizeof(path), "%.*s/media/%.*s",
	    TQ_FMT(v->site->name), TQ_FMT(v->param));
	if (n < 0 || (size_t)n >= sizeof(path) || tq_file_read_below(
	    v->app->articles_dir, path, MEDIA_MAX, &v->x->arena, &bytes, &e) != TQ_OK)
		return tq_reply_error(v, 404);
	return tq_reply_bytes(v, 200, type,
	    TQ_S("public, max-age=86400"), bytes);
}
