/* cache.h - rendered pages (web/page_entry.h), kept by key and handed out by
 * reference.
 *
 * Freshness: every entry carries the generation of its bucket as it was before
 * the store was read; tq_cache_bump (after a commit) makes all entries of that
 * bucket stale.  So no reader's write can be hidden by a slow builder.
 * Any thread. */
#ifndef TQ_WEB_CACHE_H
#define TQ_WEB_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "web/page_entry.h"

struct tq_cache;

/* bytes_max: of all forms of all entries; least recently used go first.
 * Starts the thread that compresses with brotli; TQ_ELIMIT no memory, TQ_EIO
 * no thread. */
enum tq_code tq_cache_new(size_t bytes_max, struct tq_cache **out,
    struct tq_err *e);
/* Stops that thread.  Entries that somebody holds live on.  NULL is fine. */
void tq_cache_free(struct tq_cache *c);

/* Generation of a bucket (site, page...): read it before reading the store.
 * Buckets share 4,096 counters, so a bump may make others stale, too. */
uint64_t tq_cache_generation(const struct tq_cache *c, uint64_t bucket);
void tq_cache_bump(struct tq_cache *c, uint64_t bucket);

/* The fresh entry of this key, referenced, or NULL.  Two buckets may both make
 * it stale (a page's and its site's).  now_us: monotonic, for expires_us.
 * accept: the client's Accept-Encoding; where that says gzip, a page gets that
 * form (level 1) at once. */
struct tq_page_entry *tq_cache_get(struct tq_cache *c, tq_str key,
    tq_str accept, int64_t now_us);
/* Makes the entry (gzip as above, by n->accept; brotli 5 in the background once
 * it was used again) and keeps it unless it is stale already or larger than the
 * cache; *out is referenced either way.  Of two entries with one key the later
 * stays.  Codes of tq_page_make. */
enum tq_code tq_cache_put(struct tq_cache *c, const struct tq_page_new *n,
    struct tq_page_entry **out, struct tq_err *e);

/* stale: was there, but not fresh; misses: was not there at all.  Both are
 * built anew by the caller. */
struct tq_cache_stats { int64_t hits, misses, stale, bytes, entries; };
void tq_cache_stats(struct tq_cache *c, struct tq_cache_stats *out);

#endif
