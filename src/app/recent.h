/* recent.h - what was posted in the last minutes, so that a double click or a
 * reload ends at the one comment it made, not at a second one.  A bounded table
 * of fingerprints in memory; the oldest give way.  Any thread. */
#ifndef TQ_APP_RECENT_H
#define TQ_APP_RECENT_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct tq_recent;
enum tq_code tq_recent_new(struct tq_recent **out, struct tq_err *e);
void tq_recent_free(struct tq_recent *r);	/* wipes; NULL is fine */

/* Fingerprint of a post. */
uint64_t tq_recent_key(const struct tq_recent *r, const tq_str *fields,
    size_t n);
/* Claims the key: 0 when nobody had it (it is pending now), -1 when another
 * post of the same is on its way, else the comment that it became.  Entries
 * older than ten minutes (of now_us, monotonic) count as absent. */
int64_t tq_recent_claim(struct tq_recent *r, uint64_t key, int64_t now_us);
/* Looks without claiming. */
int64_t tq_recent_find(struct tq_recent *r, uint64_t key, int64_t now_us);
/* The post became this comment; 0: it came to nothing, forget it. */
void tq_recent_settle(struct tq_recent *r, uint64_t key, int64_t comment_id);
/* Wipes what is older than ten minutes; call it every minute. */
void tq_recent_sweep(struct tq_recent *r, int64_t now_us);
/* The comment is no longer what was posted: the same may be posted anew. */
void tq_recent_forget(struct tq_recent *r, int64_t comment_id);

#endif
