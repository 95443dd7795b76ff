/* What a request says about who asks: cookie, origin, network. */
#include "app/limits.h"
#include "text/url.h"
#include "web/reply.h"

#define COOKIE "taliq_reader"
#define COOKIE_HOST "__Host-" COOKIE
#define THIRTY_DAYS "2592000"

/* The value of a cookie in a Cookie header (RFC 6265 4.2.1). */
static tq_str
cookie(tq_str header, tq_str name)
{
	tq_str one, key, value;

	while (header.n > 0) {
		header = tq_str_cut(header, ';', &one);
		value = tq_str_cut(tq_str_trim(one), '=', &key);
		if (tq_str_eq(key, name))
			return value;
	}
	return (tq_str){ NULL, 0 };
}

void
tq_reply_reader(struct tq_visit *v)
{
	const struct tq_req *req = &v->x->req;
	tq_str header = tq_req_header(req, TQ_S("Cookie"));
	tq_str value = cookie(header, req->https ? TQ_S(COOKIE_HOST) :
	    TQ_S(COOKIE));

	v->reader.known = tq_reader_decode(value, v->reader.secret);
}

void
tq_reply_set_reader(struct tq_visit *v, const struct tq_reader *r)
{
	struct tq_arena *a = &v->x->arena;
	bool https = v->x->req.https;
	tq_str secret = tq_reader_encode(a, r->secret);

	tq_res_header(&v->x->res, TQ_S("Set-Cookie"), tq_arena_printf(a,
	    "%s=%.*s; Path=/; Max-Age=" THIRTY_DAYS
	    "; HttpOnly; SameSite=Lax%s", https ? COOKIE_HOST : COOKIE,
	    TQ_FMT(secret), https ? "; Secure" : ""));
}

tq_str
tq_visit_origin(struct tq_visit *v)
{
	const struct tq_req *req = &v->x->req;

	return tq_arena_printf(&v->x->arena, "%s://%.*s",
	    req->https ? "https" : "http", TQ_FMT(req->host));
}

bool
tq_visit_foreign(struct tq_visit *v)
{
	const struct tq_req *req = &v->x->req;
	tq_str fetch = tq_req_header(req, TQ_S("Sec-Fetch-Site"));
	tq_str origin = tq_req_header(req, TQ_S("Origin"));

	if (tq_str_eq(fetch, TQ_S("cross-site")))
		return true;
	/* A form under Referrer-Policy: no-referrer sends "null".  A browser
	 * that sends Fetch metadata must vouch for it; for one that does not,
	 * the cookie's SameSite=Lax stands alone. */
	if (tq_str_eq(origin, TQ_S("null")))
		return fetch.n > 0 && !tq_str_eq(fetch, TQ_S("same-origin")) &&
		    !tq_str_eq(fetch, TQ_S("none"));
	if (origin.n == 0)
		return false;
	return !tq_str_eq_nocase(origin, tq_visit_origin(v)) &&
	    !tq_site_has_origin(v->site, origin);
}

tq_str
tq_visit_network(struct tq_visit *v)
{
	const struct tq_addr *addr = &v->x->req.client;
	uint8_t *key = tq_arena_alloc(&v->x->arena, TQ_LIMIT_NETWORK_BYTES,
	    1);

	if (key == NULL)
		return (tq_str){ NULL, 0 };
	return tq_limit_network(addr->family, addr->bytes, key);
}
