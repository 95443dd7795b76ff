/* How the two formats are cut around the hole.  A decoder sees one ordinary
 * stream; only the encoder knows of the seam.
 *
 * gzip needs no second stream: after Z_FULL_FLUSH zlib has forgotten what came
 * before, and back references count bytes of their own side only, so the 64
 * bytes it never saw do not disturb it.  The CRC of the three parts is joined
 * by zlib's crc32_combine_op, whose operators depend on the lengths alone.
 *
 * brotli does need one: its distances and its static dictionary depend on the
 * position in the stream, and its literal contexts on the two bytes before.
 * BROTLI_PARAM_STREAM_OFFSET tells the second encoder the position (it then
 * leaves out the stream header, writes its first two bytes uncompressed and
 * uses no remembered distance).  Both encoders must have the same window. */
#include "web/compress.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <brotli/encode.h>
#define ZLIB_CONST
#include <zlib.h>

#define TEXT_MAX ((size_t)1 << 28)	/* far below both libraries' limits */
#define IDLE_MAX 8	/* streams kept; a rush may make more */
#define SEAMS 512	/* bytes that headers, flushes and the trailer take */

/* RFC 1952 2.3: deflate, no flags, no time, XFL 4 (fast), OS unknown. */
static const uint8_t gzip_head[10] = { 31, 139, 8, 0, 0, 0, 0, 0, 4, 255 };
/* RFC 1951 3.2.4: not final, stored, LEN 64, its complement. */
static const uint8_t gzip_stored[5] = { 0, 64, 0, 0xbf, 0xff };
/* RFC 7932 9.2: ISLAST 0, MNIBBLES 4, MLEN - 1 = 63, ISUNCOMPRESSED 1. */
static const uint8_t brotli_stored[3] = { 0xf8, 0x01, 0x08 };

_Static_assert(TQ_HOLE_BYTES == 64, "the stored headers say so");

struct sink {
	uint8_t *p;
	size_t n, cap;
};

/* Room for the compressed text: neither format grows a text by more than five
 * bytes in 16 KiB, plus the seams. */
static bool
sink_open(struct sink *s, const struct tq_compress_text *t)
{
	size_t n;

	assert(t->hole || t->after.n == 0);
	if (__builtin_add_overflow(t->before.n, t->after.n, &n) ||
	    n > TEXT_MAX)
		return false;
	s->cap = n + n / 1024 + SEAMS;
	s->n = 0;
	s->p = malloc(s->cap);
	return s->p != NULL;
}

static void
sink_put(struct sink *s, const uint8_t *p, size_t n)
{
	assert(n <= s->cap - s->n);
	memcpy(s->p + s->n, p, n);
	s->n += n;
}

/* Gives the bytes away, in a block of their size. */
static void
sink_give(struct sink *s, struct tq_packed *out)
{
	void *less = realloc(s->p, s->n);

	out->p = less != NULL ? less : (char *)s->p;
	out->n = s->n;
}

static void
le32(uint8_t *out, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(v >> (8 * i));
}

static uint32_t
crc(tq_str s)
{
	if (s.n == 0)	/* zlib takes NULL for "give the initial value" */
		return 0;
	return (uint32_t)crc32_z(0, (const uint8_t *)s.p, s.n);
}

static void
trailer(uint8_t *out, uint32_t sum, uint32_t size)
{
	le32(out, sum);
	le32(out + 4, size);
}

static bool
deflate_part(z_stream *z, struct sink *s, tq_str text, int flush)
{
	int rc;

	z->next_in = (const uint8_t *)text.p;
	z->avail_in = (uInt)text.n;
	z->next_out = s->p + s->n;
	z->avail_out = (uInt)(s->cap - s->n);
	rc = deflate(z, flush);
	s->n = s->cap - z->avail_out;
	return z->avail_in == 0 && z->avail_out > 0 &&
	    rc == (flush == Z_FINISH ? Z_STREAM_END : Z_OK);
}

/* The deflate stream with the hole's header in its midst. */
static bool
deflate_text(z_stream *z, const struct tq_compress_text *t, struct sink *s,
    size_t *before_n)
{
	bool ok = true;

	if (t->before.n > 0)
		ok = deflate_part(z, s, t->before,
		    t->hole ? Z_FULL_FLUSH : Z_FINISH);
	if (ok && t->hole)
		sink_put(s, gzip_stored, sizeof(gzip_stored));
	*before_n = s->n;
	if (ok && (t->hole || t->before.n == 0))
		ok = deflate_part(z, s, t->after, Z_FINISH);
	return ok;
}

struct tq_compress_pool {
	pthread_mutex_t lock;
	int level;
	z_stream *idle[IDLE_MAX];
	size_t n;
};

enum tq_code
tq_compress_pool_new(int level, struct tq_compress_pool **out,
    struct tq_err *e)
{
	struct tq_compress_pool *z = calloc(1, sizeof(*z));

	if (z == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for gzip");
	(void)pthread_mutex_init(&z->lock, NULL);
	z->level = level;
	*out = z;
	return TQ_OK;
}

static void
stream_free(z_stream *s)
{
	(void)deflateEnd(s);
	free(s);
}

void
tq_compress_pool_free(struct tq_compress_pool *z)
{
	if (z == NULL)
		return;
	while (z->n > 0)
		stream_free(z->idle[--z->n]);
	(void)pthread_mutex_destroy(&z->lock);
	free(z);
}

/* A stream at its start, or NULL without memory. */
static z_stream *
stream_take(struct tq_compress_pool *z)
{
	z_stream *s = NULL;

	(void)pthread_mutex_lock(&z->lock);
	if (z->n > 0)
		s = z->idle[--z->n];
	(void)pthread_mutex_unlock(&z->lock);
	if (s != NULL) {
		(void)deflateReset(s);
		return s;
	}
	s = calloc(1, sizeof(*s));
	if (s != NULL && deflateInit2(s, z->level, Z_DEFLATED, -MAX_WBITS,
	    MAX_MEM_LEVEL - 1, Z_DEFAULT_STRATEGY) != Z_OK) {
		free(s);
		s = NULL;
	}
	return s;
}

static void
stream_put_back(struct tq_compress_pool *z, z_stream *s)
{
	(void)pthread_mutex_lock(&z->lock);
	if (z->n < IDLE_MAX) {
		z->idle[z->n++] = s;
		s = NULL;
	}
	(void)pthread_mutex_unlock(&z->lock);
	if (s != NULL)
		stream_free(s);
}

static bool
deflate_pooled(struct tq_compress_pool *z, const struct tq_compress_text *t,
    struct sink *s, size_t *before_n)
{
	z_stream *stream = stream_take(z);
	bool ok;

	if (stream == NULL)
		return false;
	ok = deflate_text(stream, t, s, before_n);
	stream_put_back(z, stream);
	return ok;
}

enum tq_code
tq_compress_gzip(struct tq_compress_pool *z, const struct tq_compress_text *t,
    struct tq_packed *out, struct tq_err *e)
{
	struct tq_packed made = { 0 };
	uint8_t end[TQ_GZIP_TRAILER];
	struct sink s;

	if (!sink_open(&s, t))
		return tq_fail(e, TQ_ELIMIT, "no memory for gzip of a page");
	sink_put(&s, gzip_head, sizeof(gzip_head));
	if (!deflate_pooled(z, t, &s, &made.before_n)) {
		free(s.p);
		return tq_fail(e, TQ_ELIMIT, "zlib failed at a page");
	}
	made.sum.before = crc(t->before);
	if (t->hole) {
		made.sum.after = crc(t->after);
		made.sum.size = (uint32_t)(t->before.n + TQ_HOLE_BYTES +
		    t->after.n);
		made.sum.shift_hole =
		    (uint32_t)crc32_combine_gen(TQ_HOLE_BYTES);
		made.sum.shift_after =
		    (uint32_t)crc32_combine_gen((z_off_t)t->after.n);
	} else {
		trailer(end, made.sum.before, (uint32_t)t->before.n);
		sink_put(&s, end, sizeof(end));
		made.before_n = s.n;
	}
	sink_give(&s, &made);
	*out = made;
	return TQ_OK;
}

void
tq_compress_trailer(const struct tq_packed *p, tq_str hole, uint8_t *out)
{
	uLong sum;

	sum = crc32_combine_op(p->sum.before, crc(hole), p->sum.shift_hole);
	sum = crc32_combine_op(sum, p->sum.after, p->sum.shift_after);
	trailer(out, (uint32_t)sum, p->sum.size);
}

/* One encoder's part of the stream, which already holds offset bytes of text.
 * The window is the smallest that reaches over all of it (RFC 7932 9.1). */
static bool
brotli_part(struct sink *s, tq_str text, size_t offset, uint32_t window,
    int quality, BrotliEncoderOperation op)
{
	BrotliEncoderState *enc = BrotliEncoderCreateInstance(NULL, NULL,
	    NULL);
	const uint8_t *in = (const uint8_t *)text.p;
	uint8_t *next = s->p + s->n;
	size_t left = text.n, room = s->cap - s->n;
	bool ok = enc != NULL;

	ok = ok && BrotliEncoderSetParameter(enc, BROTLI_PARAM_QUALITY,
	    (uint32_t)quality);
	ok = ok && BrotliEncoderSetParameter(enc, BROTLI_PARAM_LGWIN, window);
	ok = ok && BrotliEncoderSetParameter(enc, BROTLI_PARAM_SIZE_HINT,
	    (uint32_t)text.n);
	ok = ok && BrotliEncoderSetParameter(enc,
	    BROTLI_PARAM_STREAM_OFFSET, (uint32_t)offset);
	do
		ok = ok && BrotliEncoderCompressStream(enc, op, &left, &in,
		    &room, &next, NULL) && room > 0;
	while (ok && (left > 0 || BrotliEncoderHasMoreOutput(enc)));
	s->n = s->cap - room;
	if (enc != NULL)
		BrotliEncoderDestroyInstance(enc);
	return ok;
}

static uint32_t
brotli_window(size_t n)
{
	uint32_t w = 16;

	while (w < BROTLI_DEFAULT_WINDOW && ((size_t)1 << w) - 16 < n)
		w++;
	return w;
}

enum tq_code
tq_compress_brotli(const struct tq_compress_text *t, int quality,
    struct tq_packed *out, struct tq_err *e)
{
	struct tq_packed made = { 0 };
	size_t offset = t->before.n + TQ_HOLE_BYTES;
	uint32_t window;
	struct sink s;
	bool ok;

	if (!sink_open(&s, t))
		return tq_fail(e, TQ_ELIMIT, "no memory for brotli of a page");
	window = brotli_window(offset + t->after.n);
	ok = brotli_part(&s, t->before, 0, window, quality,
	    t->hole ? BROTLI_OPERATION_FLUSH : BROTLI_OPERATION_FINISH);
	if (ok && t->hole)
		sink_put(&s, brotli_stored, sizeof(brotli_stored));
	made.before_n = s.n;
	if (ok && t->hole)
		ok = brotli_part(&s, t->after, offset, window, quality,
		    BROTLI_OPERATION_FINISH);
	if (!ok) {
		free(s.p);
		return tq_fail(e, TQ_ELIMIT, "brotli failed at a page");
	}
	sink_give(&s, &made);
	*out = made;
	return TQ_OK;
}

void
tq_compress_free(struct tq_packed *p)
{
	free(p->p);
	*p = (struct tq_packed){ 0 };
}
