/* client_ip.h - addresses, and who the reader behind a proxy is.
 *
 * Rule: walk the forwarded addresses from the right (the nearest proxy wrote
 * the last one) for as long as the address reached so far is a trusted proxy;
 * the first one that is not is the reader.  What cannot be read ends the walk
 * at the address reached so far.  No list, nobody trusted.  Pure; any
 * thread. */
#ifndef TQ_WEB_CLIENT_IP_H
#define TQ_WEB_CLIENT_IP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "web/http.h"

#define TQ_PROXIES_MAX 64

struct tq_prefix {
	struct tq_addr addr;
	unsigned bits;
};

struct tq_proxies {
	struct tq_prefix list[TQ_PROXIES_MAX];
	size_t n;
	enum tq_forwarded header;	/* TQ_FORWARDED_ANY after parsing */
};

struct sockaddr;

/* Dotted decimal or RFC 4291 text; no zone, no octal, no brackets.  False and
 * *out untouched on anything else. */
bool tq_addr_parse(tq_str s, struct tq_addr *out);
/* family 0 for anything but IPv4 and IPv6. */
struct tq_addr tq_addr_of(const struct sockaddr *sa);
bool tq_addr_eq(const struct tq_addr *a, const struct tq_addr *b);
/* Everything after the first bits bits becomes zero. */
void tq_addr_mask(struct tq_addr *a, unsigned bits);

/* "127.0.0.1, 10.0.0.0/8, fd00::/8"; empty is fine.  TQ_EINVALID names the bad
 * element; TQ_ELIMIT past TQ_PROXIES_MAX. */
enum tq_code tq_proxies_parse(tq_str s, struct tq_proxies *out,
    struct tq_err *e);
bool tq_proxies_trust(const struct tq_proxies *p, const struct tq_addr *a);

/* The reader's address and scheme, from the fields that p->header names. */
struct tq_addr tq_client_addr(const struct tq_proxies *p,
    const struct tq_addr *peer, const struct tq_header *h, size_t n);
bool tq_client_https(const struct tq_proxies *p, const struct tq_addr *peer,
    const struct tq_header *h, size_t n);

#endif
