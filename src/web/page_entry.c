/* An entry is written by its maker alone, then shared.  The only later change
 * is the brotli form, published by one pointer with release order. */
#include "web/page_entry.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"

#define BROTLI_QUALITY 5

struct etag {
	char p[32];	/* W/"0123456789abcdef-gz" */
	size_t n;
};

struct tq_page_entry {
	atomic_size_t refs;
	tq_str type;
	int64_t modified_us;
	bool hole;
	char *html;			/* owned, without the hole */
	size_t before_n, after_n;	/* html on both sides of the hole */
	struct tq_packed gzip;		/* empty: not worth it */
	_Atomic(struct tq_packed *) brotli;	/* owned; NULL until made */
	struct etag etags[TQ_ENCODINGS];
};

static void
etag_put(struct etag *t, tq_str s)
{
	assert(s.n <= sizeof(t->p) - t->n);
	memcpy(t->p + t->n, s.p, s.n);
	t->n += s.n;
}

/* SipHash-2-4 under a key that everybody knows, so that all nodes and all
 * starts agree.  A cryptographic hash would take a third of a miss's time, and
 * who finds a collision only keeps his own readers from a newer page. */
static uint64_t
fingerprint(const struct tq_page_entry *p)
{
	static const uint8_t key[16] = "taliq page etag";
	const uint64_t parts[] = {
		p->hole, p->before_n,
		tq_siphash(key, p->type),
		tq_siphash(key, (tq_str){ p->html, p->before_n }),
		tq_siphash(key, (tq_str){ p->html + p->before_n,
		    p->after_n }),
	};

	return tq_siphash(key, (tq_str){ (const char *)parts,
	    sizeof(parts) });
}

static void
make_etags(struct tq_page_entry *p)
{
	static const char digits[] = "0123456789abcdef";
	static const tq_str ends[TQ_ENCODINGS] = {
		[TQ_IDENTITY] = TQ_S_INIT("\""),
		[TQ_GZIP] = TQ_S_INIT("-gz\""),
		[TQ_BROTLI] = TQ_S_INIT("-br\""),
	};
	uint64_t hash = fingerprint(p);
	char hex[16];

	for (size_t i = 0; i < sizeof(hex); i++)
		hex[i] = digits[hash >> (60 - 4 * i) & 15];
	for (int i = 0; i < TQ_ENCODINGS; i++) {
		struct etag *t = &p->etags[i];

		etag_put(t, p->hole ? TQ_S("W/\"") : TQ_S("\""));
		etag_put(t, (tq_str){ hex, sizeof(hex) });
		etag_put(t, ends[i]);
	}
}

static struct tq_compress_text
text_of(const struct tq_page_entry *p)
{
	return (struct tq_compress_text){
		.before = { p->html, p->before_n },
		.after = { p->html + p->before_n, p->after_n },
		.hole = p->hole,
	};
}

/* Without memory for it the page goes uncompressed: slower, not wrong. */
static void
make_gzip(struct tq_page_entry *p, struct tq_compress_pool *gzip)
{
	struct tq_compress_text t = text_of(p);
	struct tq_err e;

	if (tq_compress_gzip(gzip, &t, &p->gzip, &e) == TQ_OK &&
	    p->gzip.n >= p->before_n + p->after_n)
		tq_compress_free(&p->gzip);
}

static bool
copy_html(struct tq_page_entry *p, const struct tq_page_new *n)
{
	tq_str after = { NULL, 0 };

	p->before_n = n->html.n;
	if (p->hole) {
		p->before_n = n->hole_at;
		after = tq_str_sub(n->html, n->hole_at + TQ_HOLE_BYTES,
		    n->html.n);
	}
	p->after_n = after.n;
	p->html = malloc(n->html.n > 0 ? n->html.n : 1);
	if (p->html == NULL)
		return false;
	if (p->before_n > 0)
		memcpy(p->html, n->html.p, p->before_n);
	if (p->after_n > 0)
		memcpy(p->html + p->before_n, after.p, after.n);
	return true;
}

enum tq_code
tq_page_make(struct tq_compress_pool *gzip, const struct tq_page_new *n,
    struct tq_page_entry **out, struct tq_err *e)
{
	bool hole = n->hole_at != TQ_NO_HOLE;
	struct tq_page_entry *p;

	if (hole && (n->html.n < TQ_HOLE_BYTES ||
	    n->hole_at > n->html.n - TQ_HOLE_BYTES))
		return tq_fail(e, TQ_EINVALID, "hole at %zu of %zu bytes",
		    n->hole_at, n->html.n);
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for a page");
	atomic_init(&p->refs, 1);
	atomic_init(&p->brotli, NULL);
	p->hole = hole;
	p->type = n->content_type;
	p->modified_us = n->modified_us;
	if (!copy_html(p, n)) {
		tq_page_release(p);
		return tq_fail(e, TQ_ELIMIT, "no memory for a page of %zu "
		    "bytes", n->html.n);
	}
	make_etags(p);
	make_gzip(p, gzip);
	*out = p;
	return TQ_OK;
}

struct tq_page_entry *
tq_page_hold(struct tq_page_entry *p)
{
	size_t before = atomic_fetch_add_explicit(&p->refs, 1,
	    memory_order_relaxed);

	assert(before > 0);
	return p;
}

void
tq_page_release(struct tq_page_entry *p)
{
	struct tq_packed *brotli;

	if (p == NULL || atomic_fetch_sub_explicit(&p->refs, 1,
	    memory_order_acq_rel) > 1)
		return;
	brotli = atomic_load(&p->brotli);
	if (brotli != NULL)
		tq_compress_free(brotli);
	free(brotli);
	tq_compress_free(&p->gzip);
	free(p->html);
	free(p);
}

void
tq_page_add_brotli(struct tq_page_entry *p)
{
	struct tq_compress_text t = text_of(p);
	struct tq_packed *made = calloc(1, sizeof(*made));
	struct tq_err e;

	if (made == NULL)
		return;
	if (tq_compress_brotli(&t, BROTLI_QUALITY, made, &e) != TQ_OK ||
	    made->n >= (p->gzip.p != NULL ? p->gzip.n :
	    p->before_n + p->after_n)) {
		tq_compress_free(made);
		free(made);
		return;
	}
	assert(atomic_load(&p->brotli) == NULL);
	atomic_store_explicit(&p->brotli, made, memory_order_release);
}

static const struct tq_packed *
brotli_of(const struct tq_page_entry *p)
{
	return atomic_load_explicit(&p->brotli, memory_order_acquire);
}

size_t
tq_page_bytes(const struct tq_page_entry *p)
{
	const struct tq_packed *brotli = brotli_of(p);

	return sizeof(*p) + p->before_n + p->after_n + p->gzip.n +
	    (brotli != NULL ? brotli->n : 0);
}

enum tq_encoding
tq_page_choose(const struct tq_page_entry *p, tq_str accept_encoding)
{
	unsigned have = 1u << TQ_IDENTITY;

	if (p->gzip.p != NULL)
		have |= 1u << TQ_GZIP;
	if (brotli_of(p) != NULL)
		have |= 1u << TQ_BROTLI;
	return tq_encoding_choose(accept_encoding, have);
}

tq_str
tq_page_etag(const struct tq_page_entry *p, enum tq_encoding enc)
{
	return (tq_str){ p->etags[enc].p, p->etags[enc].n };
}

bool
tq_page_matches(const struct tq_page_entry *p, tq_str if_none_match)
{
	for (int i = 0; i < TQ_ENCODINGS; i++)
		if (tq_etag_listed(if_none_match,
		    tq_page_etag(p, (enum tq_encoding)i)))
			return true;
	return false;
}

tq_str
tq_page_type(const struct tq_page_entry *p)
{
	return p->type;
}

int64_t
tq_page_modified_us(const struct tq_page_entry *p)
{
	return p->modified_us;
}

static void
piece(tq_str pieces[4], size_t *n, const char *p, size_t len)
{
	if (len > 0)
		pieces[(*n)++] = (tq_str){ p, len };
}

enum tq_code
tq_page_body(const struct tq_page_entry *p, enum tq_encoding enc, tq_str hole,
    struct tq_arena *a, tq_str pieces[4], size_t *n, struct tq_err *e)
{
	const struct tq_packed plain = { .p = p->html,
		.n = p->before_n + p->after_n, .before_n = p->before_n };
	const struct tq_packed *const forms[TQ_ENCODINGS] = {
		[TQ_IDENTITY] = &plain,
		[TQ_GZIP] = p->gzip.p != NULL ? &p->gzip : NULL,
		[TQ_BROTLI] = brotli_of(p),
	};
	const struct tq_packed *f = forms[enc];
	char *trailer = NULL;
	size_t count = 0;

	if (f == NULL)
		return tq_fail(e, TQ_ENOTFOUND, "page has no form %d", enc);
	if (p->hole && hole.n != TQ_HOLE_BYTES)
		return tq_fail(e, TQ_EINVALID, "hole of %zu bytes", hole.n);
	if (p->hole && enc == TQ_GZIP) {
		trailer = tq_arena_alloc(a, TQ_GZIP_TRAILER, 1);
		if (trailer == NULL)
			return tq_fail(e, TQ_ELIMIT, "no memory for an "
			    "answer");
		tq_compress_trailer(f, hole, (uint8_t *)trailer);
	}
	piece(pieces, &count, f->p, f->before_n);
	if (p->hole)
		piece(pieces, &count, hole.p, hole.n);
	piece(pieces, &count, f->p + f->before_n, f->n - f->before_n);
	if (trailer != NULL)
		piece(pieces, &count, trailer, TQ_GZIP_TRAILER);
	*n = count;
	return TQ_OK;
}
