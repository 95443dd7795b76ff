/* How much keys are used: counted in memory, written in the background, and
 * seen at once. */
#include "install.h"

#include <pthread.h>

#include "app/key_admin.h"
#include "app/key_use.h"
#include "app/site_admin.h"
#include "store/store.h"
#include "store/writer.h"

/* 2026-11-30T23:59:59Z. */
#define LATE INT64_C(1796083199000000)
#define DAY_US (INT64_C(86400) * TQ_SECOND_US)

static int64_t clock_us;
static int64_t first, second;	/* keys */

static int64_t
standing(void *ctx)
{
	(void)ctx;
	return clock_us;
}

static int
set_up(void **state)
{
	const struct tq_key_limits l = { .lessons_per_hour = 9 };
	struct tq_site_found site;
	struct tq_key_text text;

	(void)state;
	clock_us = LATE;
	make_install();
	must(tq_site_find_or_make(app, TQ_S("https://example.org"), &site,
	    &e));
	must(tq_key_add(app, site.id, &l, &first, &text, &e));
	must(tq_key_add(app, site.id, &l, &second, &text, &e));
	return 0;
}

static void
count(int64_t key, const char *site, enum tq_use what, int64_t at_us)
{
	tq_key_use_count(app->key_use, key, tq_str_c(site), what, at_us);
}

/* Rows of a key as text: "day site spam/ham/missed/false;" each. */
static const char *
report(int64_t key, const char *site)
{
	const struct tq_use_ask ask = { .key_id = key, .from_day = 10101,
	    .to_day = 99991231, .site = tq_str_c(site) };
	struct tq_use_row *rows;
	struct tq_buf b;
	size_t n;

	must(tq_key_use_report(app, &ask, &a, &rows, &n, &e));
	tq_buf_init(&b, &a, 256);
	for (size_t i = 0; i < n; i++)
		tq_buf_printf(&b, "%lld %.*s %lld/%lld/%lld/%lld;",
		    (long long)rows[i].day, TQ_FMT(rows[i].site),
		    (long long)rows[i].n[0], (long long)rows[i].n[1],
		    (long long)rows[i].n[2], (long long)rows[i].n[3]);
	tq_buf_byte(&b, '\0');
	assert_true(tq_buf_ok(&b));
	return tq_buf_str(&b).p;
}

/* What the store has, without what waits. */
static int64_t
stored(int64_t key)
{
	const struct tq_use_ask ask = { .key_id = key, .from_day = 10101,
	    .to_day = 99991231 };
	int64_t sum[TQ_USES];
	struct tq_store *s;

	must(tq_store_pool_take(app->readers, &s, &e));
	must(s->ops->key_use_sum(s, &ask, sum, &e));
	tq_store_pool_put(app->readers, s);
	return sum[0] + sum[1] + sum[2] + sum[3];
}

static void
addresses_become_sites(void **state)
{
	static const struct { const char *from, *to; } rows[] = {
		{ "https://example.org", "example.org" },
		{ "HTTP://User:pass@Example.ORG:80/Blog/?x=1#y",
		    "example.org/Blog" },
		{ " //example.org:443// ", "example.org" },
		{ "example.org:8080/a b\tc", "example.org:8080/abc" },
		{ "https://example.org?url=http://other.org", "example.org" },
		{ "https://\xd9\x85\xd8\xab\xd8\xa7\xd9\x84.org/\xe2\x80\xae",
		    "\xd9\x85\xd8\xab\xd8\xa7\xd9\x84.org" },
		{ "ex\xff.org", "ex\xef\xbf\xbd.org" },
		{ "a@b@c/d@e", "c" },
		{ "https://example.org/a/@eve/b", "example.org/a" },
		{ "https://example.org/a/eve%40mail.org/?b",
		    "example.org/a" },
		{ "\x1b[2Jx\xc2\x9bm", "[2jxm" },
		{ "", "" }, { "://", "" }, { "https://", "" }, { "@", "" },
		{ "/", "" }, { "?", "" }, { ":80", "" },
	};
	char out[TQ_USE_SITE_MAX], big[5000];

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		size_t n = tq_key_use_site(tq_str_c(rows[i].from), out);

		if (!tq_str_eq((tq_str){ out, n }, tq_str_c(rows[i].to)))
			fail_msg("\"%s\" is \"%.*s\"", rows[i].from, (int)n,
			    out);
	}
	memset(big, 'a', sizeof(big));
	assert_int_equal(tq_key_use_site((tq_str){ big, sizeof(big) }, out),
	    TQ_USE_SITE_MAX);
	for (size_t i = 1; i + 1 < sizeof(big); i += 2)
		memcpy(big + i, "\xd8\xa7", 2);
	/* A letter that would be cut goes whole. */
	assert_int_equal(tq_key_use_site((tq_str){ big, sizeof(big) }, out),
	    TQ_USE_SITE_MAX - 1);
}

static void
days_are_of_utc(void **state)
{
	(void)state;
	assert_int_equal(tq_key_use_day(LATE), 20261130);
	assert_int_equal(tq_key_use_day(LATE + TQ_SECOND_US), 20261201);
	assert_int_equal(tq_key_use_day(0), 19700101);
	assert_int_equal(tq_key_use_day(INT64_MIN), 10101);
	assert_int_equal(tq_key_use_day(INT64_MAX), 99991231);
}

static void
what_waits_is_seen_at_once(void **state)
{
	static const char *const all = "20261129 example.org/b 0/0/1/0;"
	    "20261130 example.org 2/1/0/1;";

	(void)state;
	count(first, "https://example.org/", TQ_USE_SPAM, LATE);
	count(first, "https://example.org", TQ_USE_SPAM, LATE);
	count(first, "http://EXAMPLE.org", TQ_USE_HAM, LATE);
	count(first, "example.org", TQ_USE_FALSE_POSITIVE, LATE);
	count(first, "example.org/b", TQ_USE_MISSED_SPAM, LATE - DAY_US);
	assert_string_equal(report(first, NULL), all);
	assert_string_equal(report(second, NULL), "");
	must(tq_key_use_flush(app->key_use, &e));
	assert_int_equal(stored(first), 5);
	assert_string_equal(report(first, NULL), all);
	count(first, "example.org", TQ_USE_SPAM, LATE);
	assert_string_equal(report(first, "https://example.org/?x"),
	    "20261130 example.org 3/1/0/1;");
	assert_string_equal(report(first, "other.org"), "");
	must(tq_key_use_flush(app->key_use, &e));
	must(tq_key_use_flush(app->key_use, &e));
	assert_int_equal(stored(first), 6);
}

static void
a_stop_loses_nothing(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++)
		count(first, i % 2 ? "a.org" : "b.org", TQ_USE_HAM, LATE);
	tq_app_close(in);
	open_again();
	assert_int_equal(stored(first), 1000);
	assert_string_equal(report(first, NULL),
	    "20261130 a.org 0/500/0/0;20261130 b.org 0/500/0/0;");
}

/* Without anybody's asking. */
static void
counts_are_written_by_themselves(void **state)
{
	int tries = 0;

	(void)state;
	count(first, "a.org", TQ_USE_HAM, LATE);
	while (stored(first) == 0 && tries++ < 600)
		(void)usleep(50000);
	assert_int_equal(stored(first), 1);
}

static void
months_are_counted(void **state)
{
	const struct tq_clock c = { .wall_us = standing,
	    .mono_us = standing };

	(void)state;
	assert_int_equal(tq_key_use_month(app->key_use, first, LATE), 0);
	count(first, "a.org", TQ_USE_HAM, LATE - 9 * DAY_US);
	count(first, "b.org", TQ_USE_SPAM, LATE);
	count(first, "b.org", TQ_USE_MISSED_SPAM, LATE);
	count(first, "b.org", TQ_USE_FALSE_POSITIVE, LATE);
	count(second, "b.org", TQ_USE_SPAM, LATE);
	assert_int_equal(tq_key_use_month(app->key_use, first, LATE), 2);
	assert_int_equal(tq_key_use_month(app->key_use, second, LATE), 1);
	must(tq_key_use_flush(app->key_use, &e));
	assert_int_equal(tq_key_use_month(app->key_use, first, LATE), 2);
	/* Read again at the start. */
	tq_key_use_stop(app->key_use);
	app->clock = c;
	must(tq_key_use_start(app, &app->key_use, &e));
	assert_int_equal(tq_key_use_month(app->key_use, first, LATE), 2);
	/* The next one begins at nothing. */
	assert_int_equal(tq_key_use_month(app->key_use, first,
	    LATE + TQ_SECOND_US), 0);
	count(first, "b.org", TQ_USE_SPAM, LATE + TQ_SECOND_US);
	assert_int_equal(tq_key_use_month(app->key_use, first,
	    LATE + TQ_SECOND_US), 1);
	assert_int_equal(tq_key_use_month(app->key_use, 0, LATE), 0);
	assert_int_equal(tq_key_use_month(app->key_use, INT64_MAX, LATE), 0);
	assert_int_equal(tq_key_use_month(NULL, first, LATE), 0);
}

/* Memory is bounded, and nothing is lost by it. */
static void
too_many_sites_are_counted_under_none(void **state)
{
	int64_t all = 0;
	struct tq_use_row *rows;
	const struct tq_use_ask ask = { .key_id = first, .from_day = 10101,
	    .to_day = 99991231 };
	char site[32];
	size_t n;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		(void)snprintf(site, sizeof(site), "s%d.org", i);
		count(first, site, TQ_USE_SPAM, LATE);
	}
	count(second, "s.org", TQ_USE_SPAM, LATE);
	must(tq_key_use_flush(app->key_use, &e));
	must(tq_key_use_report(app, &ask, &a, &rows, &n, &e));
	assert_int_equal(n, TQ_USE_SITES_MAX + 1);
	assert_int_equal(rows[0].site.n, 0);
	for (size_t i = 0; i < n; i++)
		all += rows[i].n[TQ_USE_SPAM];
	assert_int_equal(all, 20000);
	assert_int_equal(stored(second), 1);
	assert_int_equal(tq_key_use_month(app->key_use, first, LATE), 20000);
}

#define COUNTERS 4
#define EACH 20000

static void *
count_many(void *arg)
{
	const int *n = arg;

	for (int i = 0; i < EACH; i++)
		count(i % 3 ? first : second, i % 2 ? "a.org" : "b.org",
		    (enum tq_use)*n, LATE);
	return NULL;
}

/* Callers, writers and reports at once: each call is there once. */
static void
nothing_is_lost_between_threads(void **state)
{
	pthread_t threads[COUNTERS];
	int what[COUNTERS];
	int64_t seen = 0;

	(void)state;
	for (int i = 0; i < COUNTERS; i++) {
		what[i] = i;
		assert_int_equal(pthread_create(&threads[i], NULL, count_many,
		    &what[i]), 0);
	}
	while (seen < EACH / 4) {
		const struct tq_use_ask ask = { .key_id = second,
		    .from_day = 10101, .to_day = 99991231 };
		struct tq_use_row *rows;
		int64_t now = 0;
		size_t n;

		must(tq_key_use_flush(app->key_use, &e));
		must(tq_key_use_report(app, &ask, &a, &rows, &n, &e));
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < TQ_USES; k++)
				now += rows[i].n[k];
		assert_true(now >= seen);
		seen = now;
	}
	for (int i = 0; i < COUNTERS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	must(tq_key_use_flush(app->key_use, &e));
	assert_int_equal(stored(first) + stored(second), COUNTERS * EACH);
	assert_int_equal(tq_key_use_month(app->key_use, first, LATE) +
	    tq_key_use_month(app->key_use, second, LATE), 2 * EACH);
}

static _Atomic bool disk_fails;
static const struct tq_store_ops *whole;

static enum tq_code
add_or_fail(struct tq_store *s, const struct tq_use_row *r, struct tq_err *err)
{
	return disk_fails ? tq_fail(err, TQ_EIO, "disk") :
	    whole->key_use_add(s, r, err);
}

/* Over a store in memory whose disk comes and goes. */
static void
a_failing_disk_loses_nothing(void **state)
{
	const struct tq_key_limits l = { .lessons_per_hour = 9 };
	struct tq_use_ask ask = { .from_day = 10101, .to_day = 99991231 };
	struct tq_app small = { .clock = tq_clock_system };
	int64_t sum[TQ_USES];
	struct tq_store_ops ops;
	struct tq_key_text text;
	struct tq_store *s;
	struct tq_err no;
	int64_t id, site;

	(void)state;
	must(tq_store_open_memory(&s, &e));
	whole = s->ops;
	ops = *whole;
	ops.key_use_add = add_or_fail;
	s->ops = &ops;
	must(s->ops->begin(s, &e));
	must(s->ops->site_add(s, TQ_S("one"), 1, &site, &e));
	must(s->ops->commit(s, &e));
	must(tq_writer_start(s, &small.writer, &e));
	must(tq_store_pool_of(s, &small.readers, &e));
	(void)pthread_mutex_init(&small.reloading, NULL);
	tq_cell_init(&small.api_keys);
	must(tq_key_add(&small, site, &l, &id, &text, &e));
	ask.key_id = id;
	must(tq_key_use_start(&small, &small.key_use, &e));
	disk_fails = true;
	for (int i = 0; i < 5; i++) {
		tq_key_use_count(small.key_use, id, TQ_S("a.org"), TQ_USE_HAM,
		    LATE + i * DAY_US);
		assert_int_equal(tq_key_use_flush(small.key_use, &no), TQ_EIO);
	}
	disk_fails = false;
	must(tq_key_use_flush(small.key_use, &e));
	must(s->ops->key_use_sum(s, &ask, sum, &e));
	assert_int_equal(sum[TQ_USE_HAM], 5);
	tq_key_use_stop(small.key_use);
	tq_store_pool_free(small.readers);
	tq_writer_stop(small.writer);
	tq_cell_end(&small.api_keys);
	(void)pthread_mutex_destroy(&small.reloading);
}

static void
an_unknown_key_holds_up_nobody(void **state)
{
	(void)state;
	count(99, "a.org", TQ_USE_HAM, LATE);
	count(0, "a.org", TQ_USE_HAM, LATE);
	count(first, "a.org", TQ_USE_HAM, LATE);
	must(tq_key_use_flush(app->key_use, &e));
	assert_int_equal(stored(first), 1);
	assert_int_equal(stored(99), 0);
	count(first, "a.org", (enum tq_use)99, LATE);
	tq_key_use_count(NULL, first, TQ_S("a.org"), TQ_USE_HAM, LATE);
	assert_string_equal(report(first, NULL), "20261130 a.org 0/1/0/0;");
}

static void
rows_are_joined_by_site(void **state)
{
	struct tq_use_row rows[] = {
		{ 1, 20260101, TQ_S_INIT("b"), { 1, 0, 0, 7 } },
		{ 1, 20260101, TQ_S_INIT("c"), { 1, 0, 0, 0 } },
		{ 1, 20260102, TQ_S_INIT("a"), { 1, 0, 0, 0 } },
		{ 1, 20260102, TQ_S_INIT("b"), { 0, 2, 0, 1 } },
	};

	(void)state;
	assert_int_equal(tq_key_use_by_site(rows, TQ_N(rows)), 3);
	assert_str(rows[0].site, "b");
	assert_int_equal(rows[0].n[TQ_USE_HAM], 2);
	assert_int_equal(rows[0].n[TQ_USE_FALSE_POSITIVE], 8);
	assert_str(rows[1].site, "a");
	assert_str(rows[2].site, "c");
	assert_int_equal(tq_key_use_by_site(rows, 0), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, drop_install)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_become_sites),
		cmocka_unit_test(days_are_of_utc),
		cmocka_unit_test(rows_are_joined_by_site),
		TEST(what_waits_is_seen_at_once),
		TEST(a_stop_loses_nothing),
		TEST(counts_are_written_by_themselves),
		TEST(months_are_counted),
		TEST(too_many_sites_are_counted_under_none),
		TEST(nothing_is_lost_between_threads),
		cmocka_unit_test(a_failing_disk_loses_nothing),
		TEST(an_unknown_key_holds_up_nobody),
	};

	return cmocka_run_group_tests_name("app/key_use", tests, NULL, NULL);
}
