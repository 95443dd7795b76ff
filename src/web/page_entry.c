/* An entry is written by its maker alone, then shared.  The only later changes
 * are the compressed forms, each published by one pointer with release order. */
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
	/* Owned; NULL until made; an empty gzip form was not worth it. */
	_Atomic(struct tq_packed *) gzip, brotli;
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
tq_page_make(const struct tq_page_new *n, struct tq_page_entry **out,
    struct tq_err *e)
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
	atomic_init(&p->gzip, NULL);
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

static void
form_free(struct tq_packed *f)
{
	if (f != NULL)
		tq_compress_free(f);
	free(f);
}

void
tq_page_release(struct tq_page_entry *p)
{
	if (p == NULL || atomic_fetch_sub_explicit(&p->refs, 1,
	    memory_order_acq_rel) > 1)
		return;
	form_free(atomic_load(&p->gzip));
	form_free(atomic_load(&p->brotli));
	free(p->html);
	free(p);
}

static const struct tq_packed *
gzip_of(const struct tq_page_entry *p)
{
	return atomic_load_explicit(&p->gzip, memory_order_acquire);
}

/* Without memory for it the page goes uncompressed: slower, not wrong. */
size_t
tq_page_add_gzip(struct tq_page_entry *p, struct tq_compress_pool *gzip)
{
	struct tq_compress_text t = text_of(p);
	struct tq_packed *made = calloc(1, sizeof(*made)), *none = NULL;
	struct tq_err e;

	if (made == NULL)
		return 0;
	if (tq_compress_gzip(gzip, &t, made, &e) != TQ_OK) {
		free(made);
		return 0;
	}
	if (made->n >= p->before_n + p->after_n)
		tq_compress_free(made);
	if (!atomic_compare_exchange_strong(&p->gzip, &none, made)) {
		form_free(made);
		return 0;
	}
	return made->n;
}

size_t
tq_page_add_brotli(struct tq_page_entry *p)
{
	struct tq_compress_text t = text_of(p);
	struct tq_packed *made = calloc(1, sizeof(*made));
	const struct tq_packed *gzip = gzip_of(p);
	struct tq_err e;

	if (made == NULL)
		return 0;
	if (tq_compress_brotli(&t, BROTLI_QUALITY, made, &e) != TQ_OK ||
	    made->n >= (gzip != NULL && gzip->p != NULL ? gzip->n :
	    p->before_n + p->after_n)) {
		form_free(made);
		return 0;
	}
	assert(atomic_load(&p->brotli) == NULL);
	atomic_store_explicit(&p->brotli, made, memory_order_release);
	return made->n;
}

static const struct tq_packed *
brotli_of(const struct tq_page_entry *p)
{
	return atomic_load_explicit(&p->brotli, memory_order_acquire);
}

size_t
tq_page_bytes(const struct tq_page_entry *p)
{
	const struct tq_packed *gzip = gzip_of(p), *brotli = brotli_of(p);

	return sizeof(*p) + p->before_n + p->after_n +
	    (gzip != NULL ? gzip->n : 0) + (brotli != NULL ? brotli->n : 0);
}

/* The forms that are there, as bits. */
static unsigned
forms(const struct tq_page_entry *p)
{
	const struct tq_packed *gzip = gzip_of(p);
	unsigned have = 1u << TQ_IDENTITY;

	if (gzip != NULL && gzip->p != NULL)
		have |= 1u << TQ_GZIP;
	if (brotli_of(p) != NULL)
		have |= 1u << TQ_BROTLI;
	return have;
}

bool
tq_page_wants_gzip(const struct tq_page_entry *p, tq_str accept_encoding)
{
	return gzip_of(p) == NULL && tq_encoding_choose(accept_encoding,
	    forms(p) | 1u << TQ_GZIP) == TQ_GZIP;
}

enum tq_encoding
tq_page_choose(const struct tq_page_entry *p, tq_str accept_encoding)
{
	return tq_encoding_choose(accept_encoding, forms(p));
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
	const struct tq_packed *const all[TQ_ENCODINGS] = {
		[TQ_IDENTITY] = &plain,
		[TQ_GZIP] = gzip_of(p),
		[TQ_BROTLI] = brotli_of(p),
	};
	const struct tq_packed *f = all[enc];
	char *trailer = NULL;
	size_t count = 0;

	if (f == NULL || (enc == TQ_GZIP && f->p == NULL))
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
