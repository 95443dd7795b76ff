/* The walk over forwarded addresses: see client_ip.h. */
#include "web/client_ip.h"

#include <string.h>

#define XFF TQ_S("x-forwarded-for")
#define XFP TQ_S("x-forwarded-proto")

enum tq_code
tq_proxies_parse(tq_str s, struct tq_proxies *out, struct tq_err *e)
{
	struct tq_proxies p = { .header = TQ_FORWARDED_ANY };
	enum tq_code code = tq_prefixes_parse(s, &p.trusted, e);

	if (code == TQ_OK)
		*out = p;
	return code;
}

bool
tq_proxies_trust(const struct tq_proxies *p, const struct tq_addr *a)
{
	for (size_t i = 0; i < p->trusted.n; i++) {
		struct tq_addr m = *a;

		if (m.family != p->trusted.list[i].addr.family)
			continue;
		tq_addr_mask(&m, p->trusted.list[i].bits);
		if (tq_addr_eq(&m, &p->trusted.list[i].addr))
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

	if (p->trusted.n == 0 || !tq_proxies_trust(p, peer))
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
    const struct tq_header *h, size_t n, bool own)
{
	bool rfc7239;

	if (p->trusted.n == 0 || !tq_proxies_trust(p, peer))
		return own;
	rfc7239 = is_rfc7239(p, h, n);
	for (size_t i = n; i > 0; i--) {
		tq_str v = h[i - 1].value;

		if (!tq_str_eq_nocase(h[i - 1].name, rfc7239 ?
		    TQ_S("forwarded") : XFP))
			continue;
		if (rfc7239)
			v = element_param(last_item(&v), TQ_S("proto"));
		return v.n == 0 ? own : tq_str_eq_nocase(v, TQ_S("https"));
	}
	return own;
}
