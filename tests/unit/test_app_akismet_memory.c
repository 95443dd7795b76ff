/* The memory of verdicts: found by guid and by text, each key by itself,
 * bounded in number, bytes and time. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "app/akismet_memory.h"
#include "base/clock.h"
#include "base/crypto.h"

static struct tq_arena arena;

static struct tq_ak_memory *
open_memory(size_t count, size_t bytes)
{
	struct tq_ak_memory *m = NULL;
	struct tq_err e;

	assert_int_equal(tq_ak_memory_new(count, bytes, &m, &e), TQ_OK);
	return m;
}

static struct tq_ak_verdict
verdict(unsigned number, int64_t key, const char *text, int64_t at_us)
{
	struct tq_ak_verdict v = {
		.guid = { (uint8_t)number, (uint8_t)(number >> 8) },
		.key_id = key, .at_us = at_us, .said = TQ_AK_SPAM,
		.taught = TALIQ_UNSURE, .name = TQ_S("Ann"),
		.text = tq_str_c(text), .site = TQ_S("a.example"),
		.signals = { { "trackback", 1 } }, .n_signals = 1,
	};

	return v;
}

static bool
has(struct tq_ak_memory *m, unsigned number, int64_t key, int64_t now)
{
	const struct tq_ak_verdict v = verdict(number, key, "", 0);
	struct tq_ak_verdict out;

	return tq_ak_memory_find(m, key, v.guid, now, &arena, &out);
}

static void
verdicts_are_found(void **state)
{
	struct tq_ak_memory *m = open_memory(10, 100000);
	char text[] = "hello";
	struct tq_ak_verdict v = verdict(7, 3, text, 1), out;

	(void)state;
	tq_ak_memory_add(m, &v);
	text[0] = 'j';	/* it was copied */
	assert_true(tq_ak_memory_find(m, 3, v.guid, 2, &arena, &out));
	assert_str(out.text, "hello");
	assert_str(out.name, "Ann");
	assert_str(out.site, "a.example");
	assert_int_equal(out.said, TQ_AK_SPAM);
	assert_int_equal(out.n_signals, 1);
	assert_true(has(m, 7, 0, 2));		/* any key */
	assert_false(has(m, 7, 4, 2));		/* another key's */
	assert_false(has(m, 8, 3, 2));
	v.text = TQ_S("hello");
	assert_true(tq_ak_memory_find_text(m, 3, &v, 2, &arena, &out));
	assert_false(tq_ak_memory_find_text(m, 4, &v, 2, &arena, &out));
	v.url = TQ_S("x");
	assert_false(tq_ak_memory_find_text(m, 3, &v, 2, &arena, &out));
	tq_ak_memory_taught(m, v.guid, TALIQ_HAM);
	assert_true(tq_ak_memory_find(m, 3, v.guid, 2, &arena, &out));
	assert_int_equal(out.taught, TALIQ_HAM);
	tq_ak_memory_free(m);
}

static void
the_newest_of_equal_texts_is_found(void **state)
{
	struct tq_ak_memory *m = open_memory(10, 100000);
	struct tq_ak_verdict v, out;

	(void)state;
	for (unsigned i = 1; i <= 3; i++) {
		v = verdict(i, 3, "same", i);
		tq_ak_memory_add(m, &v);
	}
	assert_true(tq_ak_memory_find_text(m, 3, &v, 4, &arena, &out));
	assert_int_equal(out.guid[0], 3);
	tq_ak_memory_free(m);
}

static void
the_oldest_gives_way(void **state)
{
	struct tq_ak_memory *m = open_memory(4, 100000);
	struct tq_ak_memory_stats s;

	(void)state;
	for (unsigned i = 1; i <= 1000; i++) {
		struct tq_ak_verdict v = verdict(i, 3, i % 2 ? "odd" : "even",
		    i);

		tq_ak_memory_add(m, &v);
		assert_true(has(m, i, 3, i));
		assert_true(i <= 3 || has(m, i - 3, 3, i));
		assert_false(i > 4 && has(m, i - 4, 3, i));
	}
	tq_ak_memory_stats(m, &s);
	assert_int_equal(s.count, 4);
	tq_ak_memory_free(m);
}

static void
bytes_are_bounded(void **state)
{
	static char large[5000];
	struct tq_ak_memory *m = open_memory(1000, 20000);
	struct tq_ak_memory_stats s;

	(void)state;
	memset(large, 'x', sizeof(large) - 1);
	for (unsigned i = 1; i <= 100; i++) {
		struct tq_ak_verdict v = verdict(i, 3, large, i);

		tq_ak_memory_add(m, &v);
		tq_ak_memory_stats(m, &s);
		assert_true(s.bytes <= 20000);
		assert_true(has(m, i, 3, i));
	}
	tq_ak_memory_free(m);
	m = open_memory(1000, 3000);	/* too large for it: forgotten */
	{
		struct tq_ak_verdict v = verdict(1, 3, large, 1);

		tq_ak_memory_add(m, &v);
	}
	assert_false(has(m, 1, 3, 1));
	tq_ak_memory_free(m);
}

static void
a_day_is_the_most(void **state)
{
	struct tq_ak_memory *m = open_memory(10, 100000);
	struct tq_ak_verdict v = verdict(1, 3, "a", 100);
	struct tq_ak_memory_stats s;

	(void)state;
	tq_ak_memory_add(m, &v);
	v = verdict(2, 3, "b", 200);
	tq_ak_memory_add(m, &v);
	assert_true(has(m, 1, 3, 99 + TQ_AK_MEMORY_US));
	assert_false(has(m, 1, 3, 100 + TQ_AK_MEMORY_US));
	tq_ak_memory_forget(m, 100 + TQ_AK_MEMORY_US);
	tq_ak_memory_stats(m, &s);
	assert_int_equal(s.count, 1);
	assert_true(has(m, 2, 3, 100 + TQ_AK_MEMORY_US));
	tq_ak_memory_forget(m, 200 + TQ_AK_MEMORY_US);
	tq_ak_memory_stats(m, &s);
	assert_int_equal(s.count, 0);
	assert_int_equal(s.bytes, 0);
	tq_ak_memory_add(m, &v);	/* empty and usable */
	tq_ak_memory_free(m);
}

static size_t
waiting(struct tq_ak_memory *m, int64_t now_us, struct tq_ak_guid **guids)
{
	return tq_ak_memory_waiting(m, now_us, &arena, guids);
}

static void
callbacks_wait_until_told(void **state)
{
	struct tq_ak_memory *m = open_memory(10, 100000);
	struct tq_ak_verdict v;
	struct tq_ak_guid *guids;

	(void)state;
	for (unsigned i = 1; i <= 5; i++) {
		v = verdict(i, 3, "a", i);
		if (i > 1)
			v.callback = TQ_S("https://a.example/");
		if (i == 2)
			v.why = "administrator";
		tq_ak_memory_add(m, &v);
	}
	assert_int_equal(waiting(m, 10, &guids), 3);
	assert_int_equal(guids[0].b[0], 3);
	tq_ak_memory_taught(m, guids[1].b, TALIQ_SPAM);
	assert_int_equal(waiting(m, 10, &guids), 2);
	tq_ak_memory_told(m, guids[0].b, true);
	assert_int_equal(waiting(m, 10, &guids), 1);
	for (int i = 0; i < TQ_AK_TRIES; i++) {
		assert_int_equal(waiting(m, 10, &guids), 1);
		tq_ak_memory_told(m, guids[0].b, false);
	}
	assert_int_equal(waiting(m, 10, &guids), 0);
	tq_ak_memory_free(m);
}

static void
guids_are_read(void **state)
{
	uint8_t out[TQ_AK_GUID_BYTES];

	(void)state;
	assert_true(tq_ak_guid_parse(
	    TQ_S("00ff10ABcdef00000000000000000001"), out));
	assert_int_equal(out[1], 0xff);
	assert_int_equal(out[3], 0xab);
	assert_int_equal(out[15], 1);
	assert_false(tq_ak_guid_parse(TQ_S(""), out));
	assert_false(tq_ak_guid_parse(
	    TQ_S("00ff10ABcdef0000000000000000000"), out));
	assert_false(tq_ak_guid_parse(
	    TQ_S("00ff10ABcdef0000000000000000000g"), out));
}

static int
start(void **state)
{
	struct tq_err e;

	(void)state;
	tq_ak_memory_free(NULL);
	tq_arena_init(&arena, (size_t)16 << 20);
	return tq_crypto_start(&e) == TQ_OK ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	tq_arena_free(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_are_found),
		cmocka_unit_test(the_newest_of_equal_texts_is_found),
		cmocka_unit_test(the_oldest_gives_way),
		cmocka_unit_test(bytes_are_bounded),
		cmocka_unit_test(a_day_is_the_most),
		cmocka_unit_test(callbacks_wait_until_told),
		cmocka_unit_test(guids_are_read),
	};

	return cmocka_run_group_tests_name("app/akismet_memory", tests, start,
	    stop);
}
