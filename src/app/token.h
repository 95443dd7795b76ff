/* token.h - the form token: says that this server made this form, for this
 * purpose and page, some time ago, and that it was not used yet.
 *
 * 64 characters of base64url hold 48 bytes: version 1, flags 1, time of issue
 * in ms 6, nonce 8, MAC 32 (keyed BLAKE2b over length-prefixed {name of the
 * format, the first 16 bytes, purpose, site, path}).
 *
 * Used tokens are remembered exactly, by nonce, for as long as they could be
 * used again; TQ_TOKENS_USED_MAX of those made in the same six hours, then
 * what is remembered is dropped and the tokens made until then are "unknown",
 * as are those made before this process started.  At most 24 MiB, usually a
 * few KiB.  Any thread. */
#ifndef TQ_APP_TOKEN_H
#define TQ_APP_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

#define TQ_TOKEN_CHARS 64
#define TQ_TOKEN_MIN_US (3 * TQ_SECOND_US)	/* no person is faster */
#define TQ_TOKEN_MAX_US (6 * 3600 * TQ_SECOND_US)
#define TQ_TOKEN_SKEW_US (60 * TQ_SECOND_US)	/* from the future: age 0 */
#define TQ_TOKENS_USED_MAX ((size_t)1 << 19)

/* What a token is good for.  Borrowed. */
struct tq_token_scope {
	tq_str purpose;			/* "comment", "edit"... */
	int64_t site_id;
	tq_str path;			/* the page's, canonical */
};

enum tq_token_flags {
	TQ_TOKEN_REISSUED = 1		/* no minimum age: the form came back */
};

/* In the order of looking: a used one that is expired too is "used". */
enum tq_token_result {
	TQ_TOKEN_OK,
	TQ_TOKEN_FOREIGN,	/* malformed, not ours, or another scope's */
	TQ_TOKEN_USED,
	TQ_TOKEN_EXPIRED,	/* or more than TQ_TOKEN_SKEW_US ahead */
	TQ_TOKEN_TOO_FAST,
	TQ_TOKEN_UNKNOWN	/* good, but it may have been used already */
};

struct tq_tokens;

/* key is TQ_KEY_BYTES, copied; the same key makes tokens survive a restart.
 * now_wall_us: tokens made before are unknown.  TQ_ELIMIT: no memory. */
enum tq_code tq_tokens_new(const uint8_t *key, int64_t now_wall_us,
    struct tq_tokens **out, struct tq_err *e);
/* Wipes the key.  NULL is fine. */
void tq_tokens_free(struct tq_tokens *t);

/* A fresh token of TQ_TOKEN_CHARS; empty when the arena has failed.  About a
 * microsecond. */
tq_str tq_token_make(struct tq_tokens *t, const struct tq_token_scope *s,
    unsigned flags, int64_t now_wall_us, struct tq_arena *a);
/* Marks nothing: a form with a fault elsewhere keeps its token. */
enum tq_token_result tq_token_check(struct tq_tokens *t,
    const struct tq_token_scope *s, tq_str token, int64_t now_wall_us);
/* Marks as used a token that passed tq_token_check.  False when somebody was
 * faster: of two posts at the same time only one gets true. */
bool tq_token_spend(struct tq_tokens *t, tq_str token);

#endif
