/* One page: its forms around the hole, its ETags, and every allocation of its
 * making failing in turn. */
#include "unit.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "web/page_entry.h"

/* The linker sends our floors' allocations here (tests/unit/meson.build). */
void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t size);

static long fail_after = -1;

static bool
fails(void)
{
	return fail_after >= 0 && fail_after-- == 0;
}

void *
__wrap_malloc(size_t n)
{
	return fails() ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

#define HOLE "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"
#define OTHER "................................................................"
#define WORDS "the same words again and again, as pages have them; "
#define BEFORE "<p>" WORDS WORDS WORDS WORDS
#define AFTER WORDS WORDS "</p>"

static const struct tq_page_new with_hole = {
	.html = TQ_S_INIT(BEFORE OTHER AFTER),
	.content_type = TQ_S_INIT("text/html; charset=utf-8"),
	.hole_at = sizeof(BEFORE) - 1,
	.expires_us = INT64_MAX,
	.modified_us = 77,
};

static struct tq_compress_pool *pool;

static struct tq_page_entry *
make(const struct tq_page_new *n)
{
	struct tq_page_entry *p = NULL;
	struct tq_err e;

	assert_int_equal(tq_page_make(n, &p, &e), TQ_OK);
	(void)tq_page_add_gzip(p, pool);
	return p;
}

static void
gzip_comes_when_it_is_asked_for(void **state)
{
	struct tq_page_new tiny = { .html = TQ_S("User-agent: *\n"),
		.hole_at = TQ_NO_HOLE };
	struct tq_page_entry *p = NULL;
	struct tq_err e;
	size_t before, more;

	(void)state;
	assert_int_equal(tq_page_make(&with_hole, &p, &e), TQ_OK);
	before = tq_page_bytes(p);
	assert_int_equal(tq_page_choose(p, TQ_S("gzip")), TQ_IDENTITY);
	assert_true(tq_page_wants_gzip(p, TQ_S("br, gzip")));
	assert_true(tq_page_wants_gzip(p, TQ_S("*")));
	assert_false(tq_page_wants_gzip(p, TQ_S("")));
	assert_false(tq_page_wants_gzip(p, TQ_S("br, identity")));
	assert_false(tq_page_wants_gzip(p, TQ_S("gzip;q=0")));
	more = tq_page_add_gzip(p, pool);
	assert_true(more > 0);
	assert_int_equal(tq_page_bytes(p), before + more);
	assert_false(tq_page_wants_gzip(p, TQ_S("gzip")));
	assert_int_equal(tq_page_choose(p, TQ_S("gzip")), TQ_GZIP);
	/* Who comes second finds it done. */
	assert_int_equal(tq_page_add_gzip(p, pool), 0);
	assert_int_equal(tq_page_bytes(p), before + more);
	more += tq_page_add_brotli(p);
	assert_int_equal(tq_page_bytes(p), before + more);
	tq_page_release(p);

	/* With brotli there, gzip is only for those who want nothing else. */
	assert_int_equal(tq_page_make(&with_hole, &p, &e), TQ_OK);
	assert_true(tq_page_add_brotli(p) > 0);
	assert_false(tq_page_wants_gzip(p, TQ_S("br, gzip")));
	assert_true(tq_page_wants_gzip(p, TQ_S("gzip")));
	tq_page_release(p);

	/* What grows is tried once. */
	assert_int_equal(tq_page_make(&tiny, &p, &e), TQ_OK);
	assert_true(tq_page_wants_gzip(p, TQ_S("gzip")));
	assert_int_equal(tq_page_add_gzip(p, pool), 0);
	assert_false(tq_page_wants_gzip(p, TQ_S("gzip")));
	assert_int_equal(tq_page_choose(p, TQ_S("gzip")), TQ_IDENTITY);
	tq_page_release(p);
}

static tq_str
join(struct tq_arena *a, const struct tq_page_entry *p, enum tq_encoding enc,
    tq_str hole)
{
	struct tq_err e;
	struct tq_buf b;
	tq_str pieces[4];
	size_t n;

	tq_buf_init(&b, a, 0);
	assert_int_equal(tq_page_body(p, enc, hole, a, pieces, &n, &e),
	    TQ_OK);
	for (size_t i = 0; i < n; i++)
		tq_buf_put(&b, pieces[i]);
	return tq_buf_str(&b);
}

static void
the_hole_is_filled_in_every_form(void **state)
{
	struct tq_page_entry *p = make(&with_hole);
	struct tq_arena a;

	(void)state;
	tq_arena_init(&a, 100000);
	assert_str(join(&a, p, TQ_IDENTITY, TQ_S(HOLE)), BEFORE HOLE AFTER);
	assert_int_equal(tq_page_choose(p, TQ_S("br, gzip")), TQ_GZIP);
	(void)tq_page_add_brotli(p);
	assert_int_equal(tq_page_choose(p, TQ_S("br, gzip")), TQ_BROTLI);
	for (int enc = TQ_GZIP; enc < TQ_ENCODINGS; enc++) {
		tq_str s = join(&a, p, (enum tq_encoding)enc, TQ_S(HOLE));

		assert_true(tq_str_find(s, TQ_S(HOLE)) < s.n);
		assert_true(s.n < with_hole.html.n);
	}
	assert_str(tq_page_type(p), "text/html; charset=utf-8");
	assert_int_equal(tq_page_modified_us(p), 77);
	tq_page_release(p);
	tq_arena_free(&a);
}

static void
a_page_without_a_hole_is_one_piece(void **state)
{
	struct tq_page_new n = { .html = TQ_S(BEFORE AFTER),
		.hole_at = TQ_NO_HOLE };
	struct tq_page_entry *p = make(&n);
	tq_str pieces[4], none = { NULL, 0 };
	struct tq_arena a;
	struct tq_err e;
	size_t count;

	(void)state;
	tq_arena_init(&a, 0);	/* nothing is needed of it */
	(void)tq_page_add_brotli(p);
	for (int enc = 0; enc < TQ_ENCODINGS; enc++) {
		assert_int_equal(tq_page_body(p, (enum tq_encoding)enc, none,
		    &a, pieces, &count, &e), TQ_OK);
		assert_int_equal(count, 1);
	}
	tq_page_release(p);
}

static void
an_empty_or_tiny_page_stays_uncompressed(void **state)
{
	struct tq_page_new n = { .hole_at = TQ_NO_HOLE };
	struct tq_arena a;

	(void)state;
	tq_arena_init(&a, 1000);
	for (int i = 0; i < 2; i++) {
		struct tq_page_entry *p = make(&n);

		assert_int_equal(tq_page_choose(p, TQ_S("gzip")),
		    TQ_IDENTITY);
		assert_str(join(&a, p, TQ_IDENTITY, TQ_S("")),
		    i == 0 ? "" : "User-agent: *\n");
		tq_page_release(p);
		n.html = TQ_S("User-agent: *\n");
	}
	tq_arena_free(&a);
}

static void
etags_tell_pages_and_forms_apart(void **state)
{
	struct tq_page_new n = with_hole, other = with_hole;
	struct tq_page_entry *p = make(&n), *q;
	tq_str one = tq_page_etag(p, TQ_IDENTITY);

	(void)state;
	assert_true(tq_str_starts(one, TQ_S("W/\"")));
	assert_true(tq_str_ends(tq_page_etag(p, TQ_GZIP), TQ_S("-gz\"")));
	assert_true(tq_str_ends(tq_page_etag(p, TQ_BROTLI), TQ_S("-br\"")));
	for (int i = 0; i < TQ_ENCODINGS; i++)
		assert_true(tq_page_matches(p, tq_page_etag(p,
		    (enum tq_encoding)i)));
	assert_false(tq_page_matches(p, TQ_S("\"0123\"")));

	other.html = TQ_S(BEFORE HOLE AFTER);	/* the hole does not count */
	q = make(&other);
	assert_true(tq_str_eq(one, tq_page_etag(q, TQ_IDENTITY)));
	tq_page_release(q);
	other.html = TQ_S(BEFORE OTHER AFTER ".");
	q = make(&other);
	assert_false(tq_page_matches(q, one));
	tq_page_release(q);
	other = with_hole;
	other.content_type = TQ_S("application/json");
	q = make(&other);
	assert_false(tq_page_matches(q, one));
	tq_page_release(q);
	other = with_hole;
	other.hole_at = TQ_NO_HOLE;
	q = make(&other);
	assert_false(tq_page_matches(q, one));
	assert_true(tq_str_starts(tq_page_etag(q, TQ_GZIP), TQ_S("\"")));
	tq_page_release(q);
	tq_page_release(p);
}

static void
wrong_holes_are_refused(void **state)
{
	struct tq_page_new n = { .html = TQ_S("short"), .hole_at = 0 };
	struct tq_page_entry *p = NULL;
	tq_str pieces[4];
	struct tq_arena a;
	struct tq_err e;
	size_t count;

	(void)state;
	assert_int_equal(tq_page_make(&n, &p, &e), TQ_EINVALID);
	n.html = TQ_S(HOLE "x");
	n.hole_at = 2;
	assert_int_equal(tq_page_make(&n, &p, &e), TQ_EINVALID);
	n.hole_at = SIZE_MAX - 1;
	assert_int_equal(tq_page_make(&n, &p, &e), TQ_EINVALID);
	assert_null(p);

	tq_arena_init(&a, 100000);
	p = make(&with_hole);
	assert_int_equal(tq_page_body(p, TQ_GZIP, TQ_S("short"), &a, pieces,
	    &count, &e), TQ_EINVALID);
	assert_int_equal(tq_page_body(p, TQ_BROTLI, TQ_S(HOLE), &a, pieces,
	    &count, &e), TQ_ENOTFOUND);
	a.fail_after = 0;
	assert_int_equal(tq_page_body(p, TQ_GZIP, TQ_S(HOLE), &a, pieces,
	    &count, &e), TQ_ELIMIT);
	tq_page_release(p);
	tq_arena_free(&a);
}

static void
making_a_page_survives_failure_of_every_allocation(void **state)
{
	struct tq_page_entry *p = NULL;
	struct tq_err e;
	long n = 0;

	(void)state;
	for (;; n++) {
		/* an empty pool, as at start */
		tq_compress_pool_free(pool);
		assert_int_equal(tq_compress_pool_new(1, &pool, &e), TQ_OK);
		fail_after = n;
		if (tq_page_make(&with_hole, &p, &e) == TQ_OK) {
			(void)tq_page_add_gzip(p, pool);
			(void)tq_page_add_brotli(p);
		} else {
			assert_int_equal(e.code, TQ_ELIMIT);
		}
		if (fail_after >= 0)
			break;
		tq_page_release(p);
		p = NULL;
	}
	fail_after = -1;
	assert_true(n >= 6);
	assert_int_equal(tq_page_choose(p, TQ_S("br")), TQ_BROTLI);
	tq_page_release(p);
	tq_page_release(NULL);
}

static int
start(void **state)
{
	struct tq_err e;

	(void)state;
	return tq_crypto_start(&e) == TQ_OK &&
	    tq_compress_pool_new(1, &pool, &e) == TQ_OK ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	tq_compress_pool_free(pool);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gzip_comes_when_it_is_asked_for),
		cmocka_unit_test(the_hole_is_filled_in_every_form),
		cmocka_unit_test(a_page_without_a_hole_is_one_piece),
		cmocka_unit_test(an_empty_or_tiny_page_stays_uncompressed),
		cmocka_unit_test(etags_tell_pages_and_forms_apart),
		cmocka_unit_test(wrong_holes_are_refused),
		cmocka_unit_test(
		    making_a_page_survives_failure_of_every_allocation),
	};

	return cmocka_run_group_tests_name("web/page_entry", tests, start,
	    stop);
}
