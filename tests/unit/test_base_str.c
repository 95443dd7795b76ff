/* Slices and numbers in them. */
#include "unit.h"

static void
cut_finds_first_separator(void **state)
{
	tq_str head, rest = tq_str_cut(TQ_S("a=b=c"), '=', &head);

	(void)state;
	assert_str(head, "a");
	assert_str(rest, "b=c");
	rest = tq_str_cut(TQ_S("abc"), '=', &head);
	assert_str(head, "abc");
	assert_null(rest.p);
}

static void
numbers_are_whole_and_bounded(void **state)
{
	static const struct { const char *in; bool ok; int64_t v; } rows[] = {
		{ "0", true, 0 }, { "-1", true, -1 }, { "", false, 0 },
		{ "-", false, 0 }, { "1 ", false, 0 }, { "+1", false, 0 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "9223372036854775808", false, 0 },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "-9223372036854775809", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		int64_t v = 77;

		assert_int_equal(tq_str_i64(tq_str_c(rows[i].in), &v),
		    rows[i].ok);
		assert_int_equal(v, rows[i].ok ? rows[i].v : 77);
	}
}

static void
search_trim_and_compare(void **state)
{
	(void)state;
	assert_int_equal(tq_str_find(TQ_S("hello"), TQ_S("ll")), 2);
	assert_int_equal(tq_str_find(TQ_S("hello"), TQ_S("x")), 5);
	assert_str(tq_str_trim(TQ_S(" \t a b\r\n")), "a b");
	assert_true(tq_str_starts(TQ_S("abc"), TQ_S("ab")));
	assert_false(tq_str_starts(TQ_S("a"), TQ_S("ab")));
	assert_true(tq_str_ends(TQ_S("abc"), TQ_S("bc")));
	assert_true(tq_str_eq_nocase(TQ_S("Content-Length"),
	    TQ_S("content-LENGTH")));
	assert_true(tq_str_cmp(TQ_S("a"), TQ_S("ab")) < 0);
	assert_str(tq_str_sub(TQ_S("hello"), 1, 99), "ello");
	assert_int_equal(tq_str_sub(TQ_S("hello"), 7, 9).n, 0);
}

static void
hex_digits_of_either_case(void **state)
{
	static const char digits[] = "0123456789abcdef";

	(void)state;
	for (int c = -128; c < 128; c++) {
		const char *at = c <= 0 ? NULL :
		    strchr(digits, c >= 'A' && c <= 'F' ? c | 0x20 : c);

		assert_int_equal(tq_hex_digit((char)c),
		    at == NULL ? -1 : at - digits);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_finds_first_separator),
		cmocka_unit_test(numbers_are_whole_and_bounded),
		cmocka_unit_test(search_trim_and_compare),
		cmocka_unit_test(hex_digits_of_either_case),
	};

	return cmocka_run_group_tests_name("base/str", tests, NULL, NULL);
}
