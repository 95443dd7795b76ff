/* page_entry.h - one rendered page with its compressed forms and ETags, shared
 * by counted references.
 *
 * A page may have one hole: a place of fixed length that differs for every
 * answer (the form token).  Each form is then made of pieces around it, so
 * that the hole's raw bytes can stand between them in identity, gzip and
 * brotli alike (web/compress.h); tq_page_body gives the pieces.  A conditional
 * request is answered from the ETag alone.
 * An entry never changes, but its compressed forms come later: gzip for the
 * first client that asks for it, brotli when it is used again.  Any thread. */
#ifndef TQ_WEB_PAGE_ENTRY_H
#define TQ_WEB_PAGE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "web/compress.h"
#include "web/negotiate.h"

#define TQ_NO_HOLE SIZE_MAX

struct tq_page_entry;

struct tq_page_new {
	tq_str key;			/* for the cache; copied */
	tq_str accept;			/* for the cache: Accept-Encoding */
	tq_str html;			/* any text; copied */
	tq_str content_type;		/* static */
	size_t hole_at;			/* offset of the hole, or TQ_NO_HOLE */
	uint64_t buckets[2], generations[2];	/* for the cache */
	int64_t expires_us;		/* monotonic; INT64_MAX never */
	int64_t modified_us;		/* wall, for feeds; 0 none */
};

/* Makes a page with its identity form; the bytes of html at the hole are
 * skipped.  *out is owned: one reference.  TQ_EINVALID: the hole is not within
 * html.  TQ_ELIMIT: no memory. */
enum tq_code tq_page_make(const struct tq_page_new *n,
    struct tq_page_entry **out, struct tq_err *e);
/* One more reference; gives p. */
struct tq_page_entry *tq_page_hold(struct tq_page_entry *p);
void tq_page_release(struct tq_page_entry *p);	/* NULL is fine */

/* Whether gzip would be this client's form and nobody has tried to make it. */
bool tq_page_wants_gzip(const struct tq_page_entry *p, tq_str accept_encoding);
/* Makes the gzip form, unless it would not be smaller than the page.  Of two
 * threads that do, one wins.  Gives the bytes that the page has more. */
size_t tq_page_add_gzip(struct tq_page_entry *p,
    struct tq_compress_pool *gzip);
/* Makes the brotli form, unless it would not be smaller than the others.  One
 * thread at a time for an entry; readers need not wait.  Gives the bytes that
 * the page has more. */
size_t tq_page_add_brotli(struct tq_page_entry *p);
/* Bytes of all its forms. */
size_t tq_page_bytes(const struct tq_page_entry *p);

/* Best encoding of Accept-Encoding (RFC 9110 12.5.3) that the entry has. */
enum tq_encoding tq_page_choose(const struct tq_page_entry *p,
    tq_str accept_encoding);
/* Quoted ETag of that form, made from all but the hole; lives with the entry.
 * Strong without a hole; weak with one, because then two answers with this tag
 * differ in some bytes (RFC 9110 8.8.1). */
tq_str tq_page_etag(const struct tq_page_entry *p, enum tq_encoding enc);
/* Weak comparison of an If-None-Match list with the ETags of all forms. */
bool tq_page_matches(const struct tq_page_entry *p, tq_str if_none_match);
tq_str tq_page_type(const struct tq_page_entry *p);
int64_t tq_page_modified_us(const struct tq_page_entry *p);
/* The body in at most four pieces, which live with the entry; hole
 * (TQ_HOLE_BYTES, ignored without one) is borrowed; what must be made for it
 * (a gzip trailer) is in the arena.  TQ_EINVALID: the hole has another length.
 * TQ_ENOTFOUND: no such form (never after tq_page_choose).  TQ_ELIMIT. */
enum tq_code tq_page_body(const struct tq_page_entry *p, enum tq_encoding enc,
    tq_str hole, struct tq_arena *a, tq_str pieces[4], size_t *n,
    struct tq_err *e);

#endif
