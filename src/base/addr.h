/* addr.h - network addresses and prefixes as text and as bytes.  Pure; any
 * thread. */
#ifndef TQ_BASE_ADDR_H
#define TQ_BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/* An IPv4 or IPv6 address; IPv4-mapped IPv6 is stored as IPv4. */
struct tq_addr {
	uint8_t family;		/* 4, 6, or 0 unknown */
	uint8_t bytes[16];	/* 4 or 16 of them used */
};

struct tq_prefix {
	struct tq_addr addr;
	unsigned bits;
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

/* Where to listen: "127.0.0.1:8080", "[::1]:8080", or "*:8080" for all
 * addresses (the IPv6 one of zeros).  False and nothing written on anything
 * else. */
bool tq_addr_listen(tq_str s, struct tq_addr *out, uint16_t *port);

#define TQ_PREFIXES_MAX 64
struct tq_prefixes {
	struct tq_prefix list[TQ_PREFIXES_MAX];
	size_t n;
};
/* "127.0.0.1, 10.0.0.0/8, fd00::/8"; empty is fine.  TQ_EINVALID names the bad
 * element; TQ_ELIMIT past TQ_PREFIXES_MAX.  *out is then as before. */
enum tq_code tq_prefixes_parse(tq_str s, struct tq_prefixes *out,
    struct tq_err *e);

#endif
