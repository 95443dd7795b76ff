/* limits.h - how often something may happen: the generic cell rate algorithm
 * (GCRA, ITU-T Recommendation I.371, virtual scheduling), one time per key, in
 * a table of fixed size.
 *
 * Keys are kept only as SipHash under a key made at start, only in memory, and
 * at most an hour: what has all its allowance back is forgotten.  16 bytes a
 * key; nothing is allocated after tq_limits_new.
 * When the four places of a key's set are all busy, the one nearest to freedom
 * gives way: then somebody may act once too often, but nobody is refused for
 * want of room.  Any thread. */
#ifndef TQ_APP_LIMITS_H
#define TQ_APP_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define TQ_LIMITS_KEYS ((size_t)65536)	/* 1 MiB */
#define TQ_LIMIT_ASKS_MAX 8
#define TQ_LIMIT_NETWORK_BYTES 8

struct tq_limits;

/* A scope has its own keys: thread 5 and site 5 do not meet. */
enum tq_limit_scope {
	TQ_LIMIT_NETWORK, TQ_LIMIT_THREAD, TQ_LIMIT_SITE,
	/* clients' keys: calls, lessons, wrong ones of a network, and how often
	 * these are logged */
	TQ_LIMIT_KEY, TQ_LIMIT_LESSON, TQ_LIMIT_WRONG_KEY,
	TQ_LIMIT_WRONG_KEY_LOG
};
#define TQ_LIMIT_SCOPES 7

/* amount in each per_us, evenly, and burst (at least 1) of them at once after
 * a pause.  amount 0 or less: no limit.  Nothing is remembered for more than
 * an hour, so slower than one an hour counts as one an hour, and a burst that
 * takes longer to come back is shortened. */
struct tq_rate { int64_t amount, per_us, burst; };

struct tq_limit_ask {
	enum tq_limit_scope scope;
	tq_str key;			/* borrowed */
	struct tq_rate rate;
};

/* Room for about so many keys at once; rounded up to a power of two, at least
 * 256.  TQ_ELIMIT: no memory. */
enum tq_code tq_limits_new(size_t keys, struct tq_limits **out,
    struct tq_err *e);
/* Wipes and frees.  NULL is fine. */
void tq_limits_free(struct tq_limits *l);

/* Takes one from each of at most TQ_LIMIT_ASKS_MAX asks (no two of the same
 * key), or, when one of them has none left, from none: then false, and
 * *retry_after_us says when all would be granted. */
bool tq_limits_take(struct tq_limits *l, const struct tq_limit_ask *asks,
    size_t n, int64_t now_mono_us, int64_t *retry_after_us);
/* Wipes what has all its allowance back; call it every few minutes. */
void tq_limits_forget(struct tq_limits *l, int64_t now_mono_us);

/* The key of a reader's network: the /24 of an IPv4 address, the /56 of an
 * IPv6 one (what one household or small office usually gets).  family is 4 or
 * 6, anything else gives one key for all; addr has 4 or 16 bytes. */
tq_str tq_limit_network(uint8_t family, const uint8_t *addr,
    uint8_t out[TQ_LIMIT_NETWORK_BYTES]);

#endif
