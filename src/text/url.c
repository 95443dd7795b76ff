/* Web addresses.  One splitter decides what is an address; everything else is
 * built on it.  The host is the part that people trust with their eyes, so it
 * has the narrow rules: text/url_host.c. */
#include "text/url.h"

#include <string.h>

#include "base/buf.h"
#include "text/rune.h"
#include "text/url_host.h"
#include "text/utf8.h"

/* ASCII that may stand in a path, query or fragment as it is (RFC 3986 3.3,
 * 3.4: pchar, "/", "?", "%").  The rest of printable ASCII is written %XX,
 * but for the five that are refused because they end an attribute, an element
 * or a URL in other people's parsers. */
static const char plain[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    "-._~!$&'()*+,;=:@/?#%";
static const char refused[] = "\"<>\\`";

/* Nothing in it reorders, hides, or is not there; no white space at all. */
static bool
printable(tq_str s)
{
	if (!tq_utf8_valid(s))
		return false;
	for (size_t at = 0; at < s.n;) {
		uint32_t c = tq_utf8_next(s, &at);

		if (tq_rune_control(c) || tq_rune_space(c) ||
		    tq_rune_bidi(c) || tq_rune_hidden(c))
			return false;
		if (c < 0x80 && memchr(refused, (int)c, sizeof(refused) - 1))
			return false;
	}
	return true;
}

/* The bytes before the first of the set, and *rest from it on. */
static tq_str
until(tq_str s, const char *set, tq_str *rest)
{
	size_t i = 0;

	while (i < s.n && strchr(set, s.p[i]) == NULL)
		i++;
	*rest = tq_str_sub(s, i, s.n);
	return tq_str_sub(s, 0, i);
}

static bool
port_ok(tq_str port)
{
	int64_t n;

	return port.n <= 5 && tq_str_i64(port, &n) && port.p[0] != '-' &&
	    n >= 1 && n <= 65535;
}

/* "host", "host:port", "[v6]", "[v6]:port". */
static bool
authority(tq_str s, struct tq_url_parts *u)
{
	tq_str rest;

	if (s.n > 0 && s.p[0] == '[') {
		u->host = until(tq_str_sub(s, 1, s.n), "]", &rest);
		if (rest.n == 0 || !tq_host_ipv6(u->host))
			return false;
		rest = tq_str_sub(rest, 1, rest.n);
	} else {
		u->host = until(s, ":", &rest);
		if (!tq_host_ok(u->host))
			return false;
	}
	if (rest.n == 0)
		return true;
	u->port = tq_str_sub(rest, 1, rest.n);
	return rest.p[0] == ':' && u->port.n > 0 && port_ok(u->port);
}

bool
tq_url_split(tq_str s, struct tq_url_parts *out)
{
	struct tq_url_parts u = { .path = { NULL, 0 } };
	tq_str rest, before;
	size_t colon = tq_str_find(s, TQ_S("://"));

	u.scheme = tq_str_sub(s, 0, colon);
	if (s.n > TQ_URL_MAX || colon == s.n || !printable(s) ||
	    !(tq_str_eq_nocase(u.scheme, TQ_S("http")) ||
	    tq_str_eq_nocase(u.scheme, TQ_S("https"))))
		return false;
	before = until(tq_str_sub(s, colon + 3, s.n), "/?#", &rest);
	if (!authority(before, &u))
		return false;
	u.path = until(rest, "?#", &rest);
	if (rest.n > 0 && rest.p[0] == '?')
		u.query = until(tq_str_sub(rest, 1, rest.n), "#", &rest);
	if (rest.n > 0)
		u.fragment = tq_str_sub(rest, 1, rest.n);
	*out = u;
	return true;
}

static void
put_lower(struct tq_buf *b, tq_str s)
{
	for (size_t i = 0; i < s.n; i++)
		tq_buf_byte(b, s.p[i] >= 'A' && s.p[i] <= 'Z' ?
		    (char)(s.p[i] | 0x20) : s.p[i]);
}

static void
put_origin(struct tq_buf *b, const struct tq_url_parts *u)
{
	bool v6 = tq_str_find(u->host, TQ_S(":")) < u->host.n;

	put_lower(b, u->scheme);
	tq_buf_lit(b, "://");
	if (v6)
		tq_buf_byte(b, '[');
	put_lower(b, u->host);
	if (v6)
		tq_buf_byte(b, ']');
}

static void
put_port(struct tq_buf *b, tq_str port)
{
	if (port.n == 0)
		return;
	tq_buf_byte(b, ':');
	tq_buf_put(b, port);
}

static void
put_encoded(struct tq_buf *b, tq_str s)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		char out[3] = { '%', hex[c >> 4], hex[c & 15] };

		if (memchr(plain, c, sizeof(plain) - 1) != NULL)
			tq_buf_byte(b, (char)c);
		else
			tq_buf_put(b, (tq_str){ out, sizeof(out) });
	}
}

/* Text without a scheme that is meant as an address begins with a host that
 * has a dot; "localhost" and "me" are not meant so. */
static bool
dotted(const struct tq_url_parts *u)
{
	return tq_str_find(u->host, TQ_S(".")) < u->host.n;
}

bool
tq_url_web(struct tq_arena *a, tq_str s, tq_url *out)
{
	struct tq_url_parts u;
	struct tq_buf b;

	s = tq_str_trim(s);
	if (s.n > TQ_URL_MAX)
		return false;
	if (!tq_url_split(s, &u)) {
		tq_buf_init(&b, a, s.n + 8);
		tq_buf_lit(&b, "https://");
		tq_buf_put(&b, s);
		if (!tq_url_split(tq_buf_str(&b), &u) || !dotted(&u))
			return false;
	}
	tq_buf_init(&b, a, s.n + 16);
	put_origin(&b, &u);
	put_port(&b, u.port);
	put_encoded(&b, u.path);
	if (u.query.n > 0) {
		tq_buf_byte(&b, '?');
		put_encoded(&b, u.query);
	}
	if (u.fragment.n > 0) {
		tq_buf_byte(&b, '#');
		put_encoded(&b, u.fragment);
	}
	if (!tq_buf_ok(&b) || b.n > TQ_URL_MAX)
		return false;
	out->s = tq_buf_str(&b);
	return true;
}

tq_url
tq_url_local(tq_str s)
{
	bool ok = s.n > 0 && s.p[0] == '/' && (s.n == 1 || s.p[1] != '/');

	for (size_t i = 0; ok && i < s.n; i++)
		ok = s.p[i] != '\\' && !tq_rune_control((unsigned char)s.p[i]);
	return (tq_url){ ok ? s : TQ_S("/") };
}

tq_str
tq_url_origin(struct tq_arena *a, tq_str s)
{
	struct tq_url_parts u;
	struct tq_buf b;
	bool tls;

	if (!tq_url_split(s, &u))
		return (tq_str){ NULL, 0 };
	tls = u.scheme.n == 5;
	tq_buf_init(&b, a, s.n);
	put_origin(&b, &u);
	if (!tq_str_eq(u.port, tls ? TQ_S("443") : TQ_S("80")))
		put_port(&b, u.port);
	return tq_buf_str(&b);
}
