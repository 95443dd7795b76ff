/* Addresses are bytes; IPv4-mapped IPv6 becomes IPv4 here, so that a prefix of
 * the one never has to be compared with the other. */
#include "base/addr.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

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

bool
tq_addr_listen(tq_str s, struct tq_addr *out, uint16_t *port)
{
	struct tq_addr a = { .family = 6 };
	size_t colon = s.n;
	tq_str host;
	int64_t n;

	while (colon > 0 && s.p[colon - 1] != ':')
		colon--;
	if (colon == 0 || !tq_str_i64(tq_str_sub(s, colon, s.n), &n) ||
	    n < 0 || n > 65535)
		return false;
	host = tq_str_sub(s, 0, colon - 1);
	if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
		host = tq_str_sub(host, 1, host.n - 1);
	if (!tq_str_eq(host, TQ_S("*")) && !tq_addr_parse(host, &a))
		return false;
	*out = a;
	*port = (uint16_t)n;
	return true;
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
tq_prefixes_parse(tq_str s, struct tq_prefixes *out, struct tq_err *e)
{
	struct tq_prefixes p = { .n = 0 };
	tq_str item;

	while (s.n > 0) {
		s = tq_str_cut(s, ',', &item);
		item = tq_str_trim(item);
		if (item.n == 0)
			continue;
		if (p.n == TQ_PREFIXES_MAX)
			return tq_fail(e, TQ_ELIMIT,
			    "more than %d addresses or prefixes",
			    TQ_PREFIXES_MAX);
		if (!parse_prefix(item, &p.list[p.n]))
			return tq_fail(e, TQ_EINVALID,
			    "\"%.*s\" is no address or prefix",
			    TQ_FMT(tq_str_sub(item, 0, 60)));
		p.n++;
	}
	*out = p;
	return TQ_OK;
}
