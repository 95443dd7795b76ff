/* Compressed bodies around a hole: for many texts, places of the hole and
 * contents of it, the reference decoders give back exactly the text.  Each
 * packed form is filled several times, as a cached page is. */
#include "unit.h"

#include <brotli/decode.h>
#include <zlib.h>

#include "base/arena.h"
#include "web/compress.h"

/* splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number
 * generators", 2014. */
static uint64_t
random_next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static void
make_noise(char *p, size_t n, uint64_t seed)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (char)random_next(&seed);
}

/* Words and tags that return, in Arabic and English. */
static void
make_page(char *p, size_t n, uint64_t seed)
{
	static const char *const words[] = {
		"<p class=\"comment\">", "</p>\n", "تعليق ", "القارئ ",
		"the reader ", "wrote ", "<bdi>", "</bdi>", "في ", "newspaper ",
		"<a href=\"/bread-and-water\" rel=\"ugc nofollow\">", "</a>",
	};
	size_t i = 0;

	while (i < n) {
		const char *w = words[random_next(&seed) % TQ_N(words)];
		size_t m = strlen(w) < n - i ? strlen(w) : n - i;

		memcpy(p + i, w, m);
		i += m;
	}
}

static void
make_same(char *p, size_t n, uint64_t seed)
{
	memset(p, (int)('a' + seed % 26), n);
}

/* The same 64 bytes again and again, in the text and in the hole: a decoder
 * that counted distances wrongly would copy from the wrong side. */
static void
make_period(char *p, size_t n, uint64_t seed)
{
	uint64_t s = seed % 3;
	char tile[TQ_HOLE_BYTES];

	make_noise(tile, sizeof(tile), s);
	for (size_t i = 0; i < n; i++)
		p[i] = tile[i % sizeof(tile)];
}

static void (*const makers[])(char *, size_t, uint64_t) = {
	make_noise, make_page, make_same, make_period,
};

static size_t
inflate_all(const char *in, size_t n, char *out, size_t cap)
{
	z_stream z = { 0 };
	size_t got;

	z.next_in = (Bytef *)(uintptr_t)in;
	z.avail_in = (uInt)n;
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)cap;
	assert_int_equal(inflateInit2(&z, 16 + MAX_WBITS), Z_OK);
	/* Z_STREAM_END stands for a CRC and a length that are right. */
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.avail_in, 0);
	got = cap - z.avail_out;
	assert_int_equal(inflateEnd(&z), Z_OK);
	return got;
}

static size_t
unbrotli_all(const char *in, size_t n, char *out, size_t cap)
{
	BrotliDecoderState *d = BrotliDecoderCreateInstance(NULL, NULL, NULL);
	const uint8_t *next_in = (const uint8_t *)in;
	uint8_t *next_out = (uint8_t *)out;
	size_t room = cap;

	assert_non_null(d);
	assert_int_equal(BrotliDecoderDecompressStream(d, &n, &next_in, &room,
	    &next_out, NULL), BROTLI_DECODER_RESULT_SUCCESS);
	assert_int_equal(n, 0);
	BrotliDecoderDestroyInstance(d);
	return cap - room;
}

static struct tq_compress_pool *pools[10];	/* by level */

struct bench {
	char *text, *packed, *back;
	size_t cap;
};

static size_t
put(char *to, size_t at, const char *p, size_t n)
{
	if (n > 0)
		memcpy(to + at, p, n);
	return at + n;
}

static void
check_part(const char *got, const char *want, size_t n)
{
	if (n > 0)
		assert_int_equal(memcmp(got, want, n), 0);
}

static void
fill_and_check(const struct bench *b, const struct tq_compress_text *t,
    const struct tq_packed *p, bool gzip, const char *hole)
{
	size_t hole_n = t->hole ? TQ_HOLE_BYTES : 0, n, m, total;

	n = put(b->packed, 0, p->p, p->before_n);
	n = put(b->packed, n, hole, hole_n);
	n = put(b->packed, n, p->p + p->before_n, p->n - p->before_n);
	if (gzip && t->hole) {
		tq_compress_trailer(p, (tq_str){ hole, hole_n },
		    (uint8_t *)b->packed + n);
		n += TQ_GZIP_TRAILER;
	}
	m = (gzip ? inflate_all : unbrotli_all)(b->packed, n, b->back,
	    b->cap);
	total = t->before.n + hole_n + t->after.n;
	assert_int_equal(m, total);
	check_part(b->back, t->before.p, t->before.n);
	check_part(b->back + t->before.n, hole, hole_n);
	check_part(b->back + t->before.n + hole_n, t->after.p, t->after.n);
}

static void
pack_and_check(const struct bench *b, const struct tq_compress_text *t,
    bool gzip, int effort)
{
	struct tq_packed p;
	char hole[TQ_HOLE_BYTES];
	struct tq_err e;

	if (gzip)
		assert_int_equal(tq_compress_gzip(pools[effort], t, &p, &e),
		    TQ_OK);
	else
		assert_int_equal(tq_compress_brotli(t, effort, &p, &e),
		    TQ_OK);
	for (size_t i = 0; i < TQ_N(makers); i++) {
		makers[i](hole, sizeof(hole), i);
		fill_and_check(b, t, &p, gzip, hole);
	}
	tq_compress_free(&p);
	assert_null(p.p);
}

/* Borders of windows (2^15 of deflate, 2^16 - 16 of brotli), of stored blocks
 * (65,535), of the two bytes brotli's second encoder treats apart. */
static const size_t sizes[] = {
	0, 1, 2, 3, 5, 63, 64, 65, 500, 4096, 32704, 32768, 32770, 65471,
	65520, 65536, 70001, 300000,
};

static struct bench
bench_open(size_t text_max)
{
	struct bench b = { .cap = text_max + 2000 + text_max / 100 };

	b.text = malloc(text_max + 1);
	b.packed = malloc(b.cap);
	b.back = malloc(b.cap);
	assert_true(b.text && b.packed && b.back);
	return b;
}

static void
bench_close(struct bench *b)
{
	free(b->text);
	free(b->packed);
	free(b->back);
}

static void
check_all(bool gzip, const int *efforts, size_t n_efforts)
{
	static const size_t hole_at[] = {
		0, 1, 2, 3, 100, 32767, 65472, SIZE_MAX - 2, SIZE_MAX - 1,
		SIZE_MAX,
	};
	struct bench b = bench_open(300000);

	for (size_t i = 0; i < TQ_N(sizes) * TQ_N(makers); i++) {
		size_t n = sizes[i / TQ_N(makers)];

		makers[i % TQ_N(makers)](b.text, n, i);
		for (size_t j = 0; j < TQ_N(hole_at); j++) {
			/* counted from the end when "negative" */
			size_t at = hole_at[j] > n ? n - (SIZE_MAX -
			    hole_at[j]) : hole_at[j];

			if (at > n)
				continue;
			pack_and_check(&b, &(struct tq_compress_text){
			    .before = { b.text, at }, .hole = true,
			    .after = { b.text + at, n - at } }, gzip,
			    efforts[(i + j) % n_efforts]);
		}
		pack_and_check(&b, &(struct tq_compress_text){
		    .before = { b.text, n } }, gzip, efforts[i % n_efforts]);
	}
	bench_close(&b);
}

static void
gzip_with_any_hole_decodes_to_the_text(void **state)
{
	static const int levels[] = { 1, 6, 1, 9 };

	(void)state;
	check_all(true, levels, TQ_N(levels));
}

static void
brotli_with_any_hole_decodes_to_the_text(void **state)
{
	static const int qualities[] = { 5, 5, 2, 5, 9 };

	(void)state;
	check_all(false, qualities, TQ_N(qualities));
}

/* Random cuts of random lengths, in the sizes that pages have. */
static void
random_pages_decode_to_the_text(void **state)
{
	struct bench b = bench_open(40000);
	uint64_t seed = 7;

	(void)state;
	for (int i = 0; i < 400; i++) {
		size_t n = random_next(&seed) % 40000;
		size_t at = n ? random_next(&seed) % n : 0;
		struct tq_compress_text t = { { b.text, at },
			{ b.text + at, n - at }, true };

		make_page(b.text, n, seed);
		pack_and_check(&b, &t, true, 1);
		pack_and_check(&b, &t, false, 5);
	}
	bench_close(&b);
}

static void
a_page_becomes_much_smaller(void **state)
{
	struct bench b = bench_open(20000);
	struct tq_compress_text t = { { b.text, 19000 },
		{ b.text + 19000, 1000 }, true };
	struct tq_packed p;
	struct tq_err e;

	(void)state;
	make_page(b.text, 20000, 1);
	assert_int_equal(tq_compress_gzip(pools[1], &t, &p, &e), TQ_OK);
	assert_true(p.n < 20000 / 4);
	tq_compress_free(&p);
	assert_int_equal(tq_compress_brotli(&t, 5, &p, &e), TQ_OK);
	assert_true(p.n < 20000 / 4);
	tq_compress_free(&p);
	bench_close(&b);
}

static void
a_text_past_the_limit_is_refused(void **state)
{
	struct tq_packed p = { .n = 77 };
	struct tq_err e;
	/* Never read: the length alone is looked at. */
	struct tq_compress_text t = { { "", SIZE_MAX - 10 }, { "", 20 },
		true };

	(void)state;
	assert_int_equal(tq_compress_gzip(pools[1], &t, &p, &e), TQ_ELIMIT);
	t.before.n = ((size_t)1 << 28) + 1;
	assert_int_equal(tq_compress_gzip(pools[1], &t, &p, &e), TQ_ELIMIT);
	assert_int_equal(tq_compress_brotli(&t, 5, &p, &e), TQ_ELIMIT);
	assert_int_equal(p.n, 77);
}

static int
start(void **state)
{
	struct tq_err e;

	(void)state;
	for (int i = 1; i < 10; i++)
		if (tq_compress_pool_new(i, &pools[i], &e) != TQ_OK)
			return -1;
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	for (int i = 0; i < 10; i++)
		tq_compress_pool_free(pools[i]);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gzip_with_any_hole_decodes_to_the_text),
		cmocka_unit_test(brotli_with_any_hole_decodes_to_the_text),
		cmocka_unit_test(random_pages_decode_to_the_text),
		cmocka_unit_test(a_page_becomes_much_smaller),
		cmocka_unit_test(a_text_past_the_limit_is_refused),
	};

	return cmocka_run_group_tests_name("web/compress", tests, start, stop);
}
