/* compress.h - gzip and brotli bodies that may hold one hole: TQ_HOLE_BYTES
 * raw bytes which differ for every answer, while what stands around them is
 * compressed once.
 *
 * gzip (RFC 1952) around raw deflate (RFC 1951): what comes before the hole
 * ends at a byte border by a full flush, the hole is a stored block, what
 * follows refers to nothing before it, and the trailer is made for each hole.
 * brotli (RFC 7932): the same with a flush, an uncompressed meta-block, and a
 * second encoder that is told how far the stream is (9.2 and 10).
 * Any thread. */
#ifndef TQ_WEB_COMPRESS_H
#define TQ_WEB_COMPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define TQ_HOLE_BYTES 64	/* exact length of what fills a hole */
#define TQ_GZIP_TRAILER 8	/* bytes */

/* A text and its hole; without one everything is in before. */
struct tq_compress_text {
	tq_str before, after;
	bool hole;
};

struct tq_packed {
	char *p;		/* owned; NULL when there is nothing */
	size_t n;
	size_t before_n;	/* the hole stands after so many bytes */
	struct tq_packed_sum {	/* gzip with a hole: for its trailer */
		uint32_t before, after, size;
		uint32_t shift_hole, shift_after;
	} sum;
};

/* zlib's working memory (about 268 KB for each page compressed at the same
 * time), kept between pages: to make it anew costs as much as to compress
 * 12 KB.  level as in zlib, 1..9.  TQ_ELIMIT: no memory. */
struct tq_compress_pool;
enum tq_code tq_compress_pool_new(int level, struct tq_compress_pool **out,
    struct tq_err *e);
void tq_compress_pool_free(struct tq_compress_pool *z);	/* NULL is fine */

/* Without a hole the result is whole, trailer included; with one, the body is
 * p[0..before_n], the hole, p[before_n..n], and tq_compress_trailer.
 * TQ_ELIMIT: no memory, or more than 256 MiB; *out is then untouched. */
enum tq_code tq_compress_gzip(struct tq_compress_pool *z,
    const struct tq_compress_text *t, struct tq_packed *out,
    struct tq_err *e);
/* CRC and length of the whole text with this hole, as gzip ends. */
void tq_compress_trailer(const struct tq_packed *p, tq_str hole,
    uint8_t *out);
/* quality 2..11; the body is p[0..before_n], the hole, p[before_n..n].
 * TQ_ELIMIT as above. */
enum tq_code tq_compress_brotli(const struct tq_compress_text *t, int quality,
    struct tq_packed *out, struct tq_err *e);
/* Frees what p holds and empties it. */
void tq_compress_free(struct tq_packed *p);

#endif
