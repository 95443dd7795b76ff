/* cache.h - rendered pages, kept with their compressed forms, handed out by
 * reference.
 *
 * A page may have one hole: a place of fixed length that differs for every
 * answer (the form token).  Each form is then two pieces around it, made so
 * that the hole's raw bytes can stand between them in identity, gzip (a stored
 * block) and brotli (an uncompressed meta-block) alike; tq_page_body gives the
 * pieces.  A conditional request is answered from the ETag alone.
 *
 * Freshness: every entry carries the generation of its bucket as it was before
 * the store was read; tq_cache_bump (after a commit) makes all entries of that
 * bucket stale.  So no reader's write can be hidden by a slow builder.
 * Any thread. */
#ifndef TQ_WEB_CACHE_H
#define TQ_WEB_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#define TQ_HOLE_BYTES 64	/* exact length of what fills a hole */

enum tq_encoding { TQ_IDENTITY, TQ_GZIP, TQ_BROTLI };

struct tq_cache;
struct tq_page_entry;		/* immutable but for its compressed forms */

/* bytes_max: of all forms of all entries; least recently used go first. */
enum tq_code tq_cache_new(size_t bytes_max, struct tq_cache **out,
    struct tq_err *e);
/* Stops the background thread that compresses with brotli.  NULL is fine. */
void tq_cache_free(struct tq_cache *c);

/* Generation of a bucket (site, page...): read it before reading the store. */
uint64_t tq_cache_generation(const struct tq_cache *c, uint64_t bucket);
void tq_cache_bump(struct tq_cache *c, uint64_t bucket);

/* The fresh entry of this key, referenced, or NULL.  Two buckets may both make
 * it stale (a page's and its site's).  now_us: monotonic, for expires_us. */
struct tq_page_entry *tq_cache_get(struct tq_cache *c, tq_str key,
    int64_t now_us);

struct tq_page_new {
	tq_str key;
	tq_str html;			/* any text; copied */
	tq_str content_type;		/* static */
	size_t hole_at;			/* offset of the hole, or SIZE_MAX */
	uint64_t buckets[2], generations[2];
	int64_t expires_us;		/* monotonic; INT64_MAX never */
	int64_t modified_us;		/* wall, for feeds; 0 none */
};
/* Makes the entry (gzip level 1 at once, brotli 5 in the background once it
 * was used again) and keeps it unless it is stale already; *out is referenced
 * either way.  The bytes of html at the hole are skipped; the ETag is made
 * from the rest. */
enum tq_code tq_cache_put(struct tq_cache *c, const struct tq_page_new *n,
    struct tq_page_entry **out, struct tq_err *e);
void tq_page_release(struct tq_page_entry *p);	/* NULL is fine */

/* Best encoding of Accept-Encoding (RFC 9110 12.5.3) that the entry has. */
enum tq_encoding tq_page_choose(const struct tq_page_entry *p,
    tq_str accept_encoding);
/* Quoted ETag of that form; lives with the entry.  Weak comparison of an
 * If-None-Match list against all forms is tq_page_matches. */
tq_str tq_page_etag(const struct tq_page_entry *p, enum tq_encoding enc);
bool tq_page_matches(const struct tq_page_entry *p, tq_str if_none_match);
tq_str tq_page_type(const struct tq_page_entry *p);
int64_t tq_page_modified_us(const struct tq_page_entry *p);
/* The body in at most four pieces; hole (TQ_HOLE_BYTES, ignored without one)
 * is borrowed; what must be made for it (a gzip trailer) is in the arena. */
enum tq_code tq_page_body(const struct tq_page_entry *p, enum tq_encoding enc,
    tq_str hole, struct tq_arena *a, tq_str pieces[4], size_t *n,
    struct tq_err *e);

struct tq_cache_stats { int64_t hits, misses, stale, bytes, entries; };
void tq_cache_stats(const struct tq_cache *c, struct tq_cache_stats *out);

#endif
