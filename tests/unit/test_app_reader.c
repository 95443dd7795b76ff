/* A reader's secret: what follows from it, and what does not. */
#include "unit.h"

#include <stdio.h>

#include "app/reader.h"
#include "base/crypto.h"

static const uint8_t token_key[TQ_KEY_BYTES] = { 1, 2, 3 };

static void
a_seed_makes_one_reader(void **state)
{
	static const uint8_t other_key[TQ_KEY_BYTES] = { 1, 2, 4 };
	struct tq_reader a, b;

	(void)state;
	tq_reader_make(&a, token_key, TQ_S("token one"));
	tq_reader_make(&b, token_key, TQ_S("token one"));
	assert_true(a.known && b.known);
	assert_memory_equal(a.secret, b.secret, TQ_READER_BYTES);
	tq_reader_make(&b, token_key, TQ_S("token two"));
	assert_memory_not_equal(a.secret, b.secret, TQ_READER_BYTES);
	tq_reader_make(&b, other_key, TQ_S("token one"));
	assert_memory_not_equal(a.secret, b.secret, TQ_READER_BYTES);
}

static void
without_a_seed_it_is_random(void **state)
{
	struct tq_reader a, b;

	(void)state;
	tq_reader_make(&a, token_key, TQ_S(""));
	tq_reader_make(&b, token_key, TQ_S(""));
	assert_memory_not_equal(a.secret, b.secret, TQ_READER_BYTES);
}

static void
sites_cannot_compare_readers(void **state)
{
	struct tq_reader r;
	uint8_t one[TQ_READER_BYTES], two[TQ_READER_BYTES];
	uint8_t again[TQ_READER_BYTES];
	uint8_t a[TQ_OWNER_BYTES], b[TQ_OWNER_BYTES];

	(void)state;
	tq_reader_make(&r, token_key, TQ_S("seed"));
	tq_reader_site_key(&r, 1, one);
	tq_reader_site_key(&r, 2, two);
	tq_reader_site_key(&r, 1, again);
	assert_memory_equal(one, again, sizeof(one));
	assert_memory_not_equal(one, two, sizeof(one));
	assert_memory_not_equal(one, r.secret, sizeof(one));
	tq_reader_owner(one, a);
	tq_reader_owner(two, b);
	assert_memory_not_equal(a, b, sizeof(a));
	/* What lies on the disk is not what the browser shows. */
	assert_memory_not_equal(a, one, sizeof(a));
	tq_reader_owner(again, b);
	assert_memory_equal(a, b, sizeof(a));
}

static void
a_cookie_reads_back(void **state)
{
	static const char *const refused[] = {
		"", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ",
	};
	uint8_t bytes[TQ_READER_BYTES], back[TQ_READER_BYTES];
	struct tq_arena a;
	tq_str word;

	(void)state;
	tq_arena_init(&a, 1000);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 11 + 5);
	word = tq_reader_encode(&a, bytes);
	assert_int_equal(word.n, 32);
	assert_true(tq_reader_decode(word, back));
	assert_memory_equal(bytes, back, sizeof(back));
	for (size_t i = 0; i < TQ_N(refused); i++) {
		assert_false(tq_reader_decode(tq_str_c(refused[i]), back));
		assert_memory_equal(bytes, back, sizeof(back));
	}
	a.fail_after = 0;
	assert_int_equal(tq_reader_encode(&a, bytes).n, 0);
	tq_arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_seed_makes_one_reader),
		cmocka_unit_test(without_a_seed_it_is_random),
		cmocka_unit_test(sites_cannot_compare_readers),
		cmocka_unit_test(a_cookie_reads_back),
	};

	return cmocka_run_group_tests_name("app/reader", tests, NULL, NULL);
}
