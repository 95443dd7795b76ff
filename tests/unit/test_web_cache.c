/* The cache: freshness, order of leaving, brotli in the background, and many
 * threads at once (run it under TSan too). */
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include "base/crypto.h"
#include "web/cache.h"

static struct tq_cache *
open_cache(size_t bytes_max)
{
	struct tq_cache *c = NULL;
	struct tq_err e;

	assert_int_equal(tq_cache_new(bytes_max, &c, &e), TQ_OK);
	return c;
}

static char text[5000];

static struct tq_page_new
page(const struct tq_cache *c, const char *key, uint64_t one, uint64_t two)
{
	return (struct tq_page_new){
		.key = tq_str_c(key), .html = { text, sizeof(text) },
		.content_type = TQ_S("text/html"), .hole_at = TQ_NO_HOLE,
		.buckets = { one, two }, .expires_us = INT64_MAX,
		.generations = { tq_cache_generation(c, one),
		    tq_cache_generation(c, two) },
	};
}

static void
put(struct tq_cache *c, const struct tq_page_new *n)
{
	struct tq_page_entry *p = NULL;
	struct tq_err e;

	assert_int_equal(tq_cache_put(c, n, &p, &e), TQ_OK);
	assert_non_null(p);
	tq_page_release(p);
}

static bool
has(struct tq_cache *c, const char *key, int64_t now_us)
{
	struct tq_page_entry *p = tq_cache_get(c, tq_str_c(key), TQ_S(""),
	    now_us);

	tq_page_release(p);
	return p != NULL;
}

static void
an_entry_is_found_until_a_bucket_is_bumped(void **state)
{
	struct tq_cache *c = open_cache(1 << 20);
	struct tq_page_new n;

	(void)state;
	assert_false(has(c, "a", 0));
	for (uint64_t bumped = 1; bumped <= 2; bumped++) {
		n = page(c, "a", 1, 2);
		put(c, &n);
		assert_true(has(c, "a", 0));
		assert_false(has(c, "b", 0));
		tq_cache_bump(c, 3);
		assert_true(has(c, "a", 0));
		tq_cache_bump(c, bumped);
		assert_false(has(c, "a", 0));
	}
	tq_cache_free(c);
}

/* The reader's write must not be hidden by a builder that read before it. */
static void
a_slow_builder_s_page_is_not_kept(void **state)
{
	struct tq_cache *c = open_cache(1 << 20);
	struct tq_page_new n = page(c, "a", 1, 2);

	(void)state;
	tq_cache_bump(c, 1);
	put(c, &n);
	assert_false(has(c, "a", 0));
	tq_cache_free(c);
}

static void
an_entry_expires(void **state)
{
	struct tq_cache *c = open_cache(1 << 20);
	struct tq_page_new n = page(c, "a", 1, 2);
	struct tq_cache_stats s;

	(void)state;
	n.expires_us = 1000;
	put(c, &n);
	assert_true(has(c, "a", 999));
	assert_false(has(c, "a", 1000));
	assert_false(has(c, "a", 1000));
	tq_cache_stats(c, &s);
	assert_int_equal(s.hits, 1);
	assert_int_equal(s.stale, 1);
	assert_int_equal(s.misses, 1);
	assert_int_equal(s.entries, 0);
	assert_int_equal(s.bytes, 0);
	tq_cache_free(c);
}

static void
the_least_recently_used_goes_first(void **state)
{
	struct tq_cache *c = open_cache(40 * 6500);
	struct tq_cache_stats s;
	struct tq_page_new n;
	char key[16];

	(void)state;
	for (int i = 0; i < 200; i++) {
		(void)snprintf(key, sizeof(key), "k%d", i);
		n = page(c, key, 1, 2);
		put(c, &n);
		assert_true(has(c, "k0", 0));	/* used all the time */
		tq_cache_stats(c, &s);
		assert_true(s.bytes <= 40 * 6500);
	}
	assert_true(s.entries >= 20 && s.entries <= 52);
	assert_true(has(c, "k199", 0));
	assert_true(has(c, "k190", 0));
	assert_false(has(c, "k1", 0));
	assert_false(has(c, "k100", 0));
	tq_cache_free(c);
}

static void
what_is_larger_than_the_cache_serves_once(void **state)
{
	struct tq_cache *c = open_cache(100);
	struct tq_page_new n = page(c, "a", 1, 2);

	(void)state;
	put(c, &n);
	assert_false(has(c, "a", 0));
	tq_cache_free(c);
}

static void
a_later_put_replaces(void **state)
{
	struct tq_cache *c = open_cache(1 << 20);
	struct tq_page_new n = page(c, "a", 1, 2);
	struct tq_page_entry *p;
	struct tq_cache_stats s;

	(void)state;
	put(c, &n);
	n.content_type = TQ_S("text/plain");
	put(c, &n);
	p = tq_cache_get(c, TQ_S("a"), TQ_S(""), 0);
	assert_str(tq_page_type(p), "text/plain");
	tq_cache_stats(c, &s);
	assert_int_equal(s.entries, 1);
	tq_cache_free(c);
	assert_str(tq_page_type(p), "text/plain");	/* lives on */
	tq_page_release(p);
}

/* Whoever wants gzip gets it at once, from a put or a get, and it counts. */
static void
gzip_is_made_for_who_wants_it(void **state)
{
	static const char *const accepts[] = { "", "gzip" };
	int64_t bytes[2];

	(void)state;
	for (size_t i = 0; i < TQ_N(accepts); i++) {
		struct tq_cache *c = open_cache(1 << 20);
		struct tq_page_new n = page(c, "a", 1, 2);
		struct tq_cache_stats plain, packed;
		struct tq_page_entry *p;

		n.accept = tq_str_c(accepts[i]);
		put(c, &n);
		tq_cache_stats(c, &plain);
		p = tq_cache_get(c, TQ_S("a"), TQ_S("gzip"), 0);
		assert_int_equal(tq_page_choose(p, TQ_S("gzip")), TQ_GZIP);
		tq_page_release(p);
		tq_cache_stats(c, &packed);
		bytes[i] = plain.bytes;
		if (i == 0)
			assert_true(packed.bytes > plain.bytes);
		tq_cache_bump(c, 1);
		assert_false(has(c, "a", 0));
		tq_cache_stats(c, &packed);
		assert_int_equal(packed.bytes, 0);
		tq_cache_free(c);
	}
	assert_true(bytes[1] > bytes[0]);
}

static void
nap(void)
{
	(void)nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
}

static void
a_second_use_brings_brotli(void **state)
{
	struct tq_cache *c = open_cache(1 << 20);
	struct tq_page_new n = page(c, "a", 1, 2);
	struct tq_page_entry *p;
	struct tq_cache_stats s, later;

	(void)state;
	put(c, &n);
	tq_cache_stats(c, &s);
	p = tq_cache_get(c, TQ_S("a"), TQ_S(""), 0);
	for (int i = 0; i < 2000 && tq_page_choose(p, TQ_S("br")) !=
	    TQ_BROTLI; i++)
		nap();
	assert_int_equal(tq_page_choose(p, TQ_S("br")), TQ_BROTLI);
	tq_page_release(p);
	for (int i = 0; i < 2000; i++) {	/* counted just after */
		tq_cache_stats(c, &later);
		if (later.bytes > s.bytes)
			break;
		nap();
	}
	assert_true(later.bytes > s.bytes);
	tq_cache_bump(c, 1);
	assert_false(has(c, "a", 0));
	tq_cache_stats(c, &s);
	assert_int_equal(s.bytes, 0);
	tq_cache_free(c);
}

#define THREADS 4
#define KEYS 50
#define ROUNDS 4000

struct crowd {
	struct tq_cache *cache;
	_Atomic uint64_t truth[KEYS];	/* what the "store" holds */
};

/* A page's text is its version. */
static void
build(struct crowd *w, unsigned k, const char *key)
{
	struct tq_page_new n = page(w->cache, key, k, 1000);
	struct tq_page_entry *p = NULL;
	char html[400];
	struct tq_err e;

	(void)snprintf(html, sizeof(html), "%020llu %0200d",
	    (unsigned long long)atomic_load(&w->truth[k]), 0);
	n.html = tq_str_c(html);
	if (tq_cache_put(w->cache, &n, &p, &e) == TQ_OK)
		tq_page_release(p);
}

static uint64_t
version_of(const struct tq_page_entry *p)
{
	tq_str pieces[4];
	struct tq_arena a;
	struct tq_err e;
	int64_t v = -1;
	size_t n;

	tq_arena_init(&a, 0);
	if (tq_page_body(p, TQ_IDENTITY, TQ_S(""), &a, pieces, &n, &e) ==
	    TQ_OK)
		(void)tq_str_i64(tq_str_sub(pieces[0], 0, 20), &v);
	return (uint64_t)v;
}

static void *
member(void *arg)
{
	struct crowd *w = arg;
	uint64_t wrong = 0;
	uint32_t r = (uint32_t)(uintptr_t)&wrong | 1;

	for (int i = 0; i < ROUNDS; i++) {
		struct tq_page_entry *p;
		unsigned k;
		uint64_t least;
		char key[16];

		r = r * 1664525 + 1013904223;
		k = (r >> 16) % KEYS;
		(void)snprintf(key, sizeof(key), "page%u", k);
		if (i % 50 == 0) {
			(void)atomic_fetch_add(&w->truth[k], 1);
			tq_cache_bump(w->cache, k);
		}
		least = atomic_load(&w->truth[k]);
		p = tq_cache_get(w->cache, tq_str_c(key), TQ_S("gzip"), 0);
		if (p == NULL)
			build(w, k, key);
		/* The others may stand between their commit and bump. */
		else if (version_of(p) + THREADS - 1 < least)
			wrong++;
		tq_page_release(p);
	}
	return (void *)(uintptr_t)wrong;
}

/* Once all is quiet, what is kept is exactly what was committed last. */
static void
check_quiet(struct crowd *w)
{
	for (unsigned k = 0; k < KEYS; k++) {
		struct tq_page_entry *p;
		char key[16];

		(void)snprintf(key, sizeof(key), "page%u", k);
		p = tq_cache_get(w->cache, tq_str_c(key), TQ_S(""), 0);
		if (p != NULL)
			assert_int_equal(version_of(p),
			    atomic_load(&w->truth[k]));
		tq_page_release(p);
	}
}

/* A reader must never get a version older than what was committed and bumped
 * before it asked. */
static void
many_threads_agree(void **state)
{
	/* Static: cmocka's assertions must not unwind a thread's stack. */
	static struct crowd w;
	pthread_t threads[THREADS];
	struct tq_cache_stats s;

	(void)state;
	w.cache = open_cache(KEYS * 900 / 2);	/* some are pushed out */
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, member,
		    &w), 0);
	for (int i = 0; i < THREADS; i++) {
		void *wrong = NULL;

		(void)pthread_join(threads[i], &wrong);
		assert_null(wrong);
	}
	tq_cache_stats(w.cache, &s);
	assert_int_equal(s.hits + s.misses + s.stale, THREADS * ROUNDS);
	assert_true(s.hits > 0 && s.stale > 0);
	check_quiet(&w);
	tq_cache_free(w.cache);
}

static int
start(void **state)
{
	struct tq_err e;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i * i / 7 % 26);
	return tq_crypto_start(&e) == TQ_OK ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_is_found_until_a_bucket_is_bumped),
		cmocka_unit_test(a_slow_builder_s_page_is_not_kept),
		cmocka_unit_test(an_entry_expires),
		cmocka_unit_test(the_least_recently_used_goes_first),
		cmocka_unit_test(what_is_larger_than_the_cache_serves_once),
		cmocka_unit_test(a_later_put_replaces),
		cmocka_unit_test(gzip_is_made_for_who_wants_it),
		cmocka_unit_test(a_second_use_brings_brotli),
		cmocka_unit_test(many_threads_agree),
	};

	return cmocka_run_group_tests_name("web/cache", tests, start, NULL);
}
