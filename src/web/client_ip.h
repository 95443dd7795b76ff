/* client_ip.h - who the reader behind a proxy is.
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

#include "base/addr.h"
#include "base/err.h"
#include "base/str.h"
#include "web/http.h"

struct tq_proxies {
	struct tq_prefixes trusted;
	enum tq_forwarded header;	/* TQ_FORWARDED_ANY after parsing */
};

/* See tq_prefixes_parse. */
enum tq_code tq_proxies_parse(tq_str s, struct tq_proxies *out,
    struct tq_err *e);
bool tq_proxies_trust(const struct tq_proxies *p, const struct tq_addr *a);

/* The reader's address and scheme, from the fields that p->header names. */
struct tq_addr tq_client_addr(const struct tq_proxies *p,
    const struct tq_addr *peer, const struct tq_header *h, size_t n);
/* own: whether the connection that we see has TLS; it counts where no trusted
 * proxy says how the reader came. */
bool tq_client_https(const struct tq_proxies *p, const struct tq_addr *peer,
    const struct tq_header *h, size_t n, bool own);

#endif
