/* Texts that are kept: the same as made afresh, forgotten when they must be,
 * never more than allowed, and with every allocation failing in turn. */
#include "unit.h"

#include <pthread.h>
#include <stdio.h>

#include "web/texts.h"

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

static const char *const bodies[] = {
	"Thank you for *this* article", "شكرا على المقال", "", "1 < 2 & \"3\"",
	"<script>alert(1)</script>", "Merci, c'est www.example.com",
	"مرحبا\n\nhello and good morning to you", "> quoted\n\n`code`",
};

static struct tq_texts *
open_texts(size_t bytes_max)
{
	struct tq_texts *t = NULL;
	struct tq_err e;

	assert_int_equal(tq_texts_new(bytes_max, &t, &e), TQ_OK);
	return t;
}

static struct tq_texts_stats
stats(struct tq_texts *t)
{
	struct tq_texts_stats s;

	tq_texts_stats(t, &s);
	return s;
}

/* Asks for the text and compares with what is made without anything kept. */
static void
show(struct tq_texts *t, int64_t id, tq_str body, tq_str lang)
{
	struct tq_shown_text kept, fresh;
	struct tq_arena a;
	struct tq_err e;

	tq_arena_init(&a, 1 << 20);
	assert_int_equal(tq_texts_show(t, id, body, lang, &a, &kept, &e),
	    TQ_OK);
	assert_int_equal(tq_text_show(body, lang, &a, &fresh, &e), TQ_OK);
	assert_true(tq_str_eq(kept.html.s, fresh.html.s));
	assert_true(tq_str_eq(kept.lang, fresh.lang));
	assert_int_equal(kept.dir, fresh.dir);
	tq_arena_free(&a);
}

static void
what_is_kept_is_what_is_made(void **state)
{
	struct tq_texts *t = open_texts(1 << 20);
	static const char *const langs[] = { "ar", "en", "fr", "" };

	(void)state;
	for (size_t k = 0; k < TQ_N(langs); k++)
		for (int again = 0; again < 3; again++)
			for (size_t i = 0; i < TQ_N(bodies); i++) {
				show(t, (int64_t)i + 1, tq_str_c(bodies[i]),
				    tq_str_c(langs[k]));
				show(NULL, 1, tq_str_c(bodies[i]),
				    tq_str_c(langs[k]));
			}
	/* A page of another language makes each anew, once. */
	assert_int_equal(stats(t).misses, TQ_N(langs) * TQ_N(bodies));
	assert_int_equal(stats(t).hits, 2 * TQ_N(langs) * TQ_N(bodies));
	assert_int_equal(stats(t).entries, TQ_N(bodies));
	assert_int_equal(stats(NULL).entries, 0);
	tq_texts_free(t);
	tq_texts_free(NULL);
}

static void
another_text_is_never_the_old_one(void **state)
{
	struct tq_texts *t = open_texts(1 << 20);

	(void)state;
	for (int i = 0; i < 100; i++)
		show(t, 7, tq_str_c(bodies[i % (int)TQ_N(bodies)]),
		    TQ_S("en"));
	assert_int_equal(stats(t).hits, 0);
	assert_int_equal(stats(t).entries, 1);
	tq_texts_free(t);
}

static void
what_is_forgotten_is_gone(void **state)
{
	struct tq_texts *t = open_texts(1 << 20);

	(void)state;
	for (int64_t id = 1; id <= 100; id++)
		show(t, id, TQ_S("some text"), TQ_S("en"));
	tq_texts_forget(t, 33);
	tq_texts_forget(t, 12345);
	assert_int_equal(stats(t).entries, 99);
	show(t, 33, TQ_S("some text"), TQ_S("en"));
	assert_int_equal(stats(t).hits, 0);
	show(t, 34, TQ_S("some text"), TQ_S("en"));
	assert_int_equal(stats(t).hits, 1);
	tq_texts_forget(t, 0);
	assert_int_equal(stats(t).entries, 0);
	assert_int_equal(stats(t).bytes, 0);
	tq_texts_forget(NULL, 0);
	tq_texts_forget(NULL, 1);
	tq_texts_free(t);
}

static void
the_least_recently_used_goes_first(void **state)
{
	const size_t max = 16 * 20 * 300;
	struct tq_texts *t = open_texts(max);
	static char large[16 * 1024];

	(void)state;
	for (int64_t id = 16; id < 16 * 200; id += 16) {	/* one shard */
		show(t, id, TQ_S("as many bytes as a short text has"),
		    TQ_S("en"));
		show(t, 16, TQ_S("used all the time"), TQ_S("en"));
		assert_true(stats(t).bytes <= (int64_t)max / 16);
	}
	assert_true(stats(t).entries >= 10);
	assert_int_equal(stats(t).hits, 198);
	memset(large, 'x', sizeof(large));
	show(t, 32, (tq_str){ large, sizeof(large) }, TQ_S("en"));
	show(t, 32, (tq_str){ large, sizeof(large) }, TQ_S("en"));
	assert_int_equal(stats(t).hits, 198);	/* too large to keep */
	tq_texts_free(t);
}

static void
every_failing_allocation_is_survived(void **state)
{
	struct tq_shown_text shown;
	struct tq_texts *t = NULL;
	struct tq_arena a;
	struct tq_err e;
	long n = 0;

	(void)state;
	fail_after = 0;
	assert_int_equal(tq_texts_new(1 << 20, &t, &e), TQ_ELIMIT);
	for (bool done = false; !done; n++) {
		fail_after = -1;
		t = open_texts(1 << 20);
		tq_arena_init(&a, 1 << 20);
		fail_after = n;
		for (int i = 0; i < 2; i++)	/* made, then kept */
			if (tq_texts_show(t, 1, TQ_S("a text"), TQ_S("en"),
			    &a, &shown, &e) == TQ_OK)
				assert_str(shown.html.s, "<p>a text</p>");
			else
				assert_int_equal(e.code, TQ_ELIMIT);
		done = fail_after >= 0;
		tq_arena_free(&a);
		tq_texts_free(t);
	}
	fail_after = -1;
	assert_true(n >= 3);
}

static void *
use(void *arg)
{
	for (int i = 0; i < 3000; i++) {
		struct tq_shown_text shown;
		struct tq_arena a;
		struct tq_err e;

		tq_arena_init(&a, 1 << 20);
		if (tq_texts_show(arg, i % 50, tq_str_c(bodies[i % 8]),
		    TQ_S("en"), &a, &shown, &e) != TQ_OK)
			return arg;
		if (i % 7 == 0)
			tq_texts_forget(arg, i % 49);
		tq_arena_free(&a);
	}
	return NULL;
}

static void
many_threads_share_it(void **state)
{
	struct tq_texts *t = open_texts(20 * 1000);
	pthread_t threads[4];
	void *bad;

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, use, t), 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], &bad), 0);
		assert_null(bad);
	}
	assert_int_equal(stats(t).hits + stats(t).misses, 4 * 3000);
	tq_texts_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_kept_is_what_is_made),
		cmocka_unit_test(another_text_is_never_the_old_one),
		cmocka_unit_test(what_is_forgotten_is_gone),
		cmocka_unit_test(the_least_recently_used_goes_first),
		cmocka_unit_test(every_failing_allocation_is_survived),
		cmocka_unit_test(many_threads_share_it),
	};

	return cmocka_run_group_tests_name("web/texts", tests, NULL, NULL);
}
