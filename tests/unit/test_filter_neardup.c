/* Near duplicates: the same text in other clothes, almost the same text, other
 * texts; and the index that forgets the oldest. */
#include "unit.h"

#include <stdio.h>

#include "taliq/filter.h"

static const uint8_t KEY[16] = "0123456789abcde";

static taliq_fingerprint
print_of(const char *text)
{
	taliq_fingerprint f;

	assert_int_equal(taliq_fingerprint_make(KEY, (taliq_text){ text,
	    strlen(text) }, &f), TALIQ_OK);
	return f;
}

static double
likeness(const char *a, const char *b)
{
	taliq_fingerprint x = print_of(a), y = print_of(b);

	return taliq_fingerprint_likeness(&x, &y);
}

static void
clothes_do_not_matter(void **state)
{
	(void)state;
	assert_true(likeness("Buy cheap pills", "buy CHEAP  pills!!!") == 1);
	assert_true(likeness("w.h.a.t.s.a.p.p me", "whatsapp me") == 1);
	assert_true(likeness("\xD9\x82\xD8\xB1\xD8\xB6 \xD8\xB3\xD8\xB1"
	    "\xD9\x8A\xD8\xB9", "\xD9\xAF\xD8\xB1\xD8\xB5 \xD8\xB3\xD8\xB1"
	    "\xD9\xAE\xD8\xB9") == 1);
	assert_true(likeness("short one", "short two") == 0);
	assert_true(likeness("", "") == 0);
	assert_true(likeness("!!!", "???") == 0);
}

static const char BASE[] = "I invested 500 dollars with Mr Jonathan and got "
    "4000 in seven days, all thanks to his wonderful trading skill, write to "
    "him on the messenger today and change your life";

static void
small_changes_keep_likeness(void **state)
{
	char text[400];

	(void)state;
	snprintf(text, sizeof(text), "%s !!! @dave88", BASE);
	assert_true(likeness(BASE, text) >= 0.8);
	snprintf(text, sizeof(text), "%s", BASE);
	memcpy(text + 28, "Anderson", 8);
	assert_true(likeness(BASE, text) >= 0.6);
	assert_true(likeness(BASE, "The council has not mended the road to our "
	    "village for seven years and nobody in the ministry will say why, "
	    "write to them and change it") < 0.2);
}

static void
another_key_another_print(void **state)
{
	uint8_t key[16] = "fedcba987654321";
	taliq_fingerprint a = print_of(BASE), b;

	(void)state;
	assert_int_equal(taliq_fingerprint_make(key, (taliq_text){ BASE,
	    sizeof(BASE) - 1 }, &b), TALIQ_OK);
	assert_true(a.exact != b.exact);
	assert_true(taliq_fingerprint_likeness(&a, &b) < 0.2);
}

/* SipHash-1-3 of the letters as UTF-32, little endian.  That of nothing is the
 * published vector of length 0; the others are of another implementation, which
 * gives the vectors of the paper (2-4) and of its authors' code. */
static void
the_exact_hash_is_siphash(void **state)
{
	static const struct { const char *text; uint64_t hash; } rows[] = {
		{ "", UINT64_C(0xabac0158050fc4dc) },
		{ "a", UINT64_C(0x7a4639342aa3ec6b) },
		{ "ab", UINT64_C(0x543b77fe3f568f1c) },
		{ "abc", UINT64_C(0x61c2e19ae6b7d8a3) },
		{ ("abcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"
		    "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"),
		    UINT64_C(0x80f7a673c75667f8) },
	};
	uint8_t key[16];

	(void)state;
	for (uint8_t i = 0; i < sizeof(key); i++)
		key[i] = i;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		taliq_fingerprint f;

		assert_int_equal(taliq_fingerprint_make(key, (taliq_text){
		    rows[i].text, strlen(rows[i].text) }, &f), TALIQ_OK);
		if (f.exact != rows[i].hash)
			fail_msg("%s: %llx", rows[i].text,
			    (unsigned long long)f.exact);
	}
}

static void
the_index_finds_and_forgets(void **state)
{
	taliq_recent *r;
	taliq_match found[8];
	taliq_fingerprint f = print_of(BASE);
	char text[400];

	(void)state;
	assert_int_equal(taliq_recent_new(50, &r), TALIQ_OK);
	assert_int_equal(taliq_recent_find(r, &f, found, 8), 0);
	for (unsigned i = 0; i < 5; i++) {
		taliq_fingerprint v;

		snprintf(text, sizeof(text), "%s nr %u", BASE, i);
		v = print_of(text);
		taliq_recent_add(r, &v, 100 + i);
	}
	/* newest first, each once, at most as many as asked for */
	assert_int_equal(taliq_recent_find(r, &f, found, 8), 5);
	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(found[i].tag, 104 - i);
		assert_true(found[i].likeness >= TALIQ_LIKENESS_MIN);
	}
	assert_int_equal(taliq_recent_find(r, &f, found, 2), 2);
	assert_int_equal(found[0].tag, 104);
	for (unsigned i = 0; i < 48; i++) {
		taliq_fingerprint v;

		snprintf(text, sizeof(text), "quite another comment, number "
		    "%c%c%c of many", 'a' + i % 26, 'a' + i / 2 % 26,
		    'a' + i / 3 % 26);
		v = print_of(text);
		taliq_recent_add(r, &v, i);
	}
	assert_int_equal(taliq_recent_find(r, &f, found, 8), 2);
	assert_int_equal(found[1].tag, 103);
	taliq_recent_free(r);
}

static void
limits_are_refused(void **state)
{
	static char big[TALIQ_BODY_MAX + 1];
	taliq_fingerprint f;
	taliq_recent *r;

	(void)state;
	assert_int_equal(taliq_fingerprint_make(KEY, (taliq_text){ big,
	    sizeof(big) }, &f), TALIQ_INVALID);
	assert_int_equal(taliq_recent_new(0, &r), TALIQ_INVALID);
	assert_int_equal(taliq_recent_new(1u << 21, &r), TALIQ_INVALID);
	taliq_recent_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clothes_do_not_matter),
		cmocka_unit_test(small_changes_keep_likeness),
		cmocka_unit_test(another_key_another_print),
		cmocka_unit_test(the_exact_hash_is_siphash),
		cmocka_unit_test(the_index_finds_and_forgets),
		cmocka_unit_test(limits_are_refused),
	};

	return cmocka_run_group_tests_name("filter/neardup", tests, NULL,
	    NULL);
}
