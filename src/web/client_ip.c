/* Addresses are bytes; IPv4-mapped IPv6 becomes IPv4 at the door, so that a
 * prefix of the one never has to be compared with the other. */
#include "web/client_ip.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#define XFF TQ_S("x-forwarded-for")
#define XFP TQ_S("x-forwarded-proto")

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

static struct tq_addr
from_v6(const uint8_t b[static 16])
{
	struct tq_addr a = { .family = 6 };

	if (memcmp(b, mapped, sizeof(mapped)) == 0) {
		a.family = 4;
		memcpy(a.bytes, b + 12, 4);
	} else {
		memcpy(a.bytes, b, 16);
	}
	return a;
}

bool
tq_addr_parse(tq_str s, struct tq_addr *out)
{
	char text[INET6_ADDRSTRLEN];
	uint8_t b[16];

	if (s.n == 0 || s.n >= sizeof(text) || memchr(s.p, 0, s.n) != NULL)
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = 0;
	if (inet_pton(AF_INET, text, b) == 1) {
		*out = (struct tq_addr){ .family = 4 };
		memcpy(out->bytes, b, 4);
		return true;
	}
	if (inet_pton(AF_INET6, text, b) != 1)
		return false;
	*out = from_v6(b);
	return true;
}

struct tq_addr
tq_addr_of(const struct sockaddr *sa)
{
	struct tq_addr a = { .family = 0 };
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;

	if (sa->sa_family == AF_INET) {
		memcpy(&in4, sa, sizeof(in4));
		a.family = 4;
		memcpy(a.bytes, &in4.sin_addr, 4);
	} else if (sa->sa_family == AF_INET6) {
		memcpy(&in6, sa, sizeof(in6));
		a = from_v6(in6.sin6_addr.s6_addr);
	}
	return a;
}

bool
tq_addr_eq(const struct tq_addr *a, const struct tq_addr *b)
{
	return a->family == b->family &&
	    memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

void
tq_addr_mask(struct tq_addr *a, unsigned bits)
{
	for (unsigned i = 0; i < sizeof(a->bytes); i++) {
		unsigned keep = bits > i * 8 ? bits - i * 8 : 0;

		if (keep < 8)
			a->bytes[i] &= (uint8_t)(0xff00u >> keep);
	}
}

static tq_str
next_item(tq_str *rest)
{
	tq_str item;

	*rest = tq_str_cut(*rest, ',', &item);
	return tq_str_trim(item);
}

static bool
parse_prefix(tq_str s, struct tq_prefix *out)
{
	tq_str addr, bits = tq_str_cut(s, '/', &addr);
	int64_t n;

	if (!tq_addr_parse(addr, &out->addr))
		return false;
	n = out->addr.family == 4 ? 32 : 128;
	out->bits = (unsigned)n;
	if (bits.p != NULL) {
		int64_t given;

		if (!tq_str_i64(bits, &given) || given < 0 || given > n)
			return false;
		out->bits = (unsigned)given;
	}
	tq_addr_mask(&out->addr, out->bits);
	return true;
}

enum tq_code
tq_proxies_parse(tq_str s, struct tq_proxies *out, struct tq_err *e)
{
	struct tq_proxies p = { .n = 0 };

	while (s.n > 0) {
		tq_str item = next_item(&s);

		if (item.n == 0)
			continue;
		if (p.n == TQ_PROXIES_MAX)
			return tq_fail(e, TQ_ELIMIT,
			    "more than %d trusted proxies", TQ_PROXIES_MAX);
		if (!parse_prefix(item, &p.list[p.n]))
			return tq_fail(e, TQ_EINVALID,
			    "trusted proxy %.*s is not an address or prefix",
			    TQ_FMT(item));
		p.n++;
	}
	*out = p;
	return TQ_OK;
}

bool
tq_proxies_trust(const struct tq_proxies *p, const struct tq_addr *a)
{
	for (size_t i = 0; i < p->n; i++) {
		struct tq_addr m = *a;

		if (m.family != p->list[i].addr.family)
			continue;
		tq_addr_mask(&m, p->list[i].bits);
		if (tq_addr_eq(&m, &p->list[i].addr))
			return true;
	}
	return false;
}

/* "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]:80". */
static bool
parse_node(tq_str s, struct tq_addr *out)
{
	tq_str head, rest;

	if (s.n > 0 && s.p[0] == '[') {
		rest = tq_str_cut(tq_str_sub(s, 1, s.n), ']', &head);
		return rest.p != NULL && (rest.n == 0 || rest.p[0] == ':') &&
		    tq_addr_parse(head, out) && memchr(head.p, ':', head.n);
	}
	rest = tq_str_cut(s, ':', &head);
	if (rest.p != NULL && memchr(rest.p, ':', rest.n) == NULL)
		return tq_addr_parse(head, out);
	return tq_addr_parse(s, out);
}

/* The value of one parameter of a forwarded-element, unquoted; a backslash in
 * it is left alone, as no address or scheme has one. */
static tq_str
element_param(tq_str element, tq_str name)
{
	while (element.n > 0) {
		tq_str pair, key, value;

		element = tq_str_cut(element, ';', &pair);
		value = tq_str_cut(pair, '=', &key);
		if (!tq_str_eq_nocase(tq_str_trim(key), name))
			continue;
		value = tq_str_trim(value);
		if (value.n >= 2 && value.p[0] == '"' &&
		    value.p[value.n - 1] == '"')
			value = tq_str_sub(value, 1, value.n - 1);
		return value;
	}
	return (tq_str){ NULL, 0 };
}

/* Cuts the last element off *list.  A comma inside quotes cannot occur in an
 * address, and cutting there gives what cannot be read. */
static tq_str
last_item(tq_str *list)
{
	size_t i = list->n;
	tq_str item;

	while (i > 0 && list->p[i - 1] != ',')
		i--;
	item = tq_str_sub(*list, i, list->n);
	*list = tq_str_sub(*list, 0, i > 0 ? i - 1 : 0);
	return tq_str_trim(item);
}

/* Walks one field's list; false when the walk has ended. */
static bool
walk_field(const struct tq_proxies *p, tq_str list, bool rfc7239,
    struct tq_addr *reached)
{
	while (list.n > 0) {
		tq_str item = last_item(&list);
		struct tq_addr a;

		if (item.n == 0)
			continue;
		if (rfc7239)
			item = element_param(item, TQ_S("for"));
		if (!parse_node(item, &a))
			return false;
		*reached = a;
		if (!tq_proxies_trust(p, &a))
			return false;
	}
	return true;
}

static bool
has_field(const struct tq_header *h, size_t n, tq_str name)
{
	for (size_t i = 0; i < n; i++)
		if (tq_str_eq_nocase(h[i].name, name))
			return true;
	return false;
}

/* Whether Forwarded counts, not X-Forwarded-*. */
static bool
is_rfc7239(const struct tq_proxies *p, const struct tq_header *h, size_t n)
{
	return p->header == TQ_FORWARDED_RFC7239 ||
	    (p->header == TQ_FORWARDED_ANY && !has_field(h, n, XFF) &&
	    !has_field(h, n, XFP));
}

struct tq_addr
tq_client_addr(const struct tq_proxies *p, const struct tq_addr *peer,
    const struct tq_header *h, size_t n)
{
	struct tq_addr reached = *peer;
	bool rfc7239;
	tq_str name;

	if (p->n == 0 || !tq_proxies_trust(p, peer))
		return reached;
	rfc7239 = is_rfc7239(p, h, n);
	name = rfc7239 ? TQ_S("forwarded") : XFF;
	for (size_t i = n; i > 0; i--)
		if (tq_str_eq_nocase(h[i - 1].name, name) &&
		    !walk_field(p, h[i - 1].value, rfc7239, &reached))
			break;
	return reached;
}

bool
tq_client_https(const struct tq_proxies *p, const struct tq_addr *peer,
    const struct tq_header *h, size_t n)
{
	bool rfc7239;

	if (p->n == 0 || !tq_proxies_trust(p, peer))
		return false;
	rfc7239 = is_rfc7239(p, h, n);
	for (size_t i = n; i > 0; i--) {
		tq_str v = h[i - 1].value;

		if (!tq_str_eq_nocase(h[i - 1].name, rfc7239 ?
		    TQ_S("forwarded") : XFP))
			continue;
		if (rfc7239)
			v = element_param(last_item(&v), TQ_S("proto"));
		return tq_str_eq_nocase(v, TQ_S("https"));
	}
	return false;
}
