/* The order of the checks is the order of the head: request line, sizes,
 * framing, host.  Each check answers 0 or the status that refuses. */
#include "web/door.h"

#include <ctype.h>
#include <string.h>

#include "web/client_ip.h"

static const struct { tq_str name; enum tq_method m; } methods[] = {
	{ TQ_S_INIT("GET"), TQ_GET }, { TQ_S_INIT("HEAD"), TQ_HEAD },
	{ TQ_S_INIT("POST"), TQ_POST }, { TQ_S_INIT("PUT"), TQ_PUT },
	{ TQ_S_INIT("PATCH"), TQ_PATCH }, { TQ_S_INIT("DELETE"), TQ_DELETE },
	{ TQ_S_INIT("OPTIONS"), TQ_OPTIONS },
};

static enum tq_method
method_of(tq_str name)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (tq_str_eq(name, methods[i].name))
			return methods[i].m;
	return TQ_METHOD_OTHER;
}

static int
check_version(tq_str v, bool *old)
{
	*old = tq_str_eq(v, TQ_S("HTTP/1.0"));
	if (*old || tq_str_eq(v, TQ_S("HTTP/1.1")))
		return 0;
	return tq_str_starts(v, TQ_S("HTTP/")) ? 505 : 400;
}

/* Bytes above 127 are not in the grammar, but people type Arabic slugs into
 * programs that send them raw, and no server reads them in two ways. */
static bool
target_bytes_ok(tq_str t)
{
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		if (c <= 0x20 || c == 0x7f || c == '#')
			return false;
	}
	return t.n > 0;
}

static bool
name_ok(tq_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == 0 || c >= 0x80 ||
		    (!isalnum(c) && strchr("-._~", c) == NULL))
			return false;
	}
	return s.n > 0;
}

static bool
literal_ok(tq_str s)
{
	struct tq_addr a;

	return tq_addr_parse(s, &a) && memchr(s.p, ':', s.n) != NULL;
}

static bool
port_ok(tq_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n <= 5;
}

bool
tq_door_host_ok(tq_str host)
{
	tq_str name, rest;

	if (host.n > 255)
		return false;
	if (host.n > 0 && host.p[0] == '[') {
		rest = tq_str_cut(tq_str_sub(host, 1, host.n), ']', &name);
		if (rest.p == NULL || !literal_ok(name))
			return false;
		return rest.n == 0 || (rest.p[0] == ':' &&
		    port_ok(tq_str_sub(rest, 1, rest.n)));
	}
	rest = tq_str_cut(host, ':', &name);
	return name_ok(name) && port_ok(rest);
}

/* How many fields of that name there are, and the last one's value. */
static size_t
find_all(const struct tq_head *h, tq_str name, tq_str *value)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n_fields; i++)
		if (h->fields[i].name.n == name.n &&
		    tq_str_eq_nocase(h->fields[i].name, name)) {
			*value = h->fields[i].value;
			n++;
		}
	return n;
}

/* RFC 9112 6.1 to 6.3, with every repair that it allows refused. */
static int
check_framing(const struct tq_head *h, struct tq_door *d)
{
	tq_str length = { NULL, 0 }, coding = { NULL, 0 };
	size_t n_length = find_all(h, TQ_S("content-length"), &length);
	size_t n_coding = find_all(h, TQ_S("transfer-encoding"), &coding);

	if (n_coding > 0) {
		if (n_length > 0 || n_coding > 1 || d->old ||
		    !tq_str_eq_nocase(coding, TQ_S("chunked")))
			return 400;
		d->chunked = true;
		return 0;
	}
	if (n_length == 0)
		return 0;
	if (n_length > 1 || length.n == 0)
		return 400;
	for (size_t i = 0; i < length.n; i++) {
		if (length.p[i] < '0' || length.p[i] > '9')
			return 400;
		if (d->length <= TQ_BODY_LARGE_MAX)
			d->length = d->length * 10 + (size_t)(length.p[i] -
			    '0');
	}
	return d->length > TQ_BODY_LARGE_MAX ? 413 : 0;
}

static bool
has_capital(tq_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= 'A' && s.p[i] <= 'Z')
			return true;
	return false;
}

static int
lower_host(tq_str host, struct tq_arena *a, tq_str *out)
{
	char *p;

	*out = host;
	if (!has_capital(host))
		return 0;
	p = tq_arena_alloc(a, host.n, 1);
	if (p == NULL)
		return 503;
	for (size_t i = 0; i < host.n; i++)
		p[i] = host.p[i] >= 'A' && host.p[i] <= 'Z' ?
		    (char)(host.p[i] + ('a' - 'A')) : host.p[i];
	*out = (tq_str){ p, host.n };
	return 0;
}

static void
split_query(tq_str target, struct tq_door *d)
{
	d->query = tq_str_cut(target, '?', &d->path);
}

/* RFC 9112 3.2: origin, absolute and asterisk form.  *authority is set for the
 * absolute form. */
static int
check_target(tq_str method, tq_str t, struct tq_door *d, tq_str *authority)
{
	static const tq_str schemes[] = { TQ_S_INIT("http://"),
	    TQ_S_INIT("https://") };

	if (!target_bytes_ok(t) || tq_str_eq(method, TQ_S("CONNECT")))
		return 400;
	if (t.p[0] == '/') {
		split_query(t, d);
		return 0;
	}
	if (tq_str_eq(t, TQ_S("*"))) {
		d->path = t;
		return d->method == TQ_OPTIONS ? 0 : 400;
	}
	for (size_t i = 0; i < 2; i++) {
		size_t n = schemes[i].n, end;

		if (!tq_str_eq_nocase(tq_str_sub(t, 0, n), schemes[i]))
			continue;
		for (end = n; end < t.n && t.p[end] != '/' &&
		    t.p[end] != '?'; end++)
			;
		*authority = tq_str_sub(t, n, end);
		split_query(tq_str_sub(t, end, t.n), d);
		if (d->path.n == 0)
			d->path = TQ_S("/");
		return tq_door_host_ok(*authority) ? 0 : 400;
	}
	return 400;
}

static int
check_host(const struct tq_head *h, tq_str authority, struct tq_door *d,
    struct tq_arena *a)
{
	tq_str host = { NULL, 0 };
	size_t n = find_all(h, TQ_S("host"), &host);

	if (n > 1 || (n == 0 && !d->old))
		return 400;
	if (n == 0)
		return lower_host(authority, a, &d->host);
	if (!tq_door_host_ok(host))
		return 400;
	if (authority.p != NULL && !tq_str_eq_nocase(authority, host))
		return 400;
	return lower_host(host, a, &d->host);
}

static int
check(const struct tq_head *h, struct tq_arena *a, struct tq_door *d)
{
	tq_str authority = { NULL, 0 };
	int status;

	if ((status = check_version(h->version, &d->old)) != 0)
		return status;
	if (h->target.n > TQ_URI_MAX)
		return 414;
	if (h->fields_bytes > TQ_HEADERS_MAX)
		return 431;
	if ((status = check_target(h->method, h->target, d, &authority)) != 0)
		return status;
	if ((status = check_host(h, authority, d, a)) != 0)
		return status;
	return check_framing(h, d);
}

int
tq_door_check(const struct tq_head *h, struct tq_arena *a,
    struct tq_door *out)
{
	int status;

	*out = (struct tq_door){ .method = method_of(h->method) };
	status = check(h, a, out);
	if (status != 0 && out->host.n == 0)	/* whose page says so */
		(void)check_host(h, (tq_str){ NULL, 0 }, out, a);
	return status;
}

/* "5 CR LF", or that after the CR LF which ends the piece before. */
static bool
is_size_line(tq_str s)
{
	size_t digits = 0;

	if (tq_str_starts(s, TQ_S("\r\n")))
		s = tq_str_sub(s, 2, s.n);
	while (digits < s.n && isxdigit((unsigned char)s.p[digits]))
		digits++;
	return digits > 0 && digits <= 8 &&
	    tq_str_eq(tq_str_sub(s, digits, s.n), TQ_S("\r\n"));
}

bool
tq_chunk_line_ok(const char *buffer, const char *seen_end, const char *piece)
{
	if (piece == buffer || is_size_line((tq_str){ buffer,
	    (size_t)(piece - buffer) }))
		return true;
	return seen_end != NULL && seen_end < piece && is_size_line(
	    (tq_str){ seen_end, (size_t)(piece - seen_end) });
}
