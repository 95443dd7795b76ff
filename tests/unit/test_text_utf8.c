/* UTF-8 and rule R0. */
#include "unit.h"

#include "shared.h"
#include "base/buf.h"
#include "text/rune.h"
#include "text/utf8.h"

static struct tq_arena arena;

static int
setup(void **state)
{
	(void)state;
	tq_arena_init(&arena, (size_t)16 << 20);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	tq_arena_free(&arena);
	return 0;
}

static void
every_scalar_value_comes_back(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x10FFFF; c++) {
		char bytes[4];
		tq_str s = { bytes, tq_utf8_put(bytes, c) };
		size_t at = 0;
		uint32_t back = tq_utf8_next(s, &at);

		assert_int_equal(at, s.n);
		if (c >= 0xD800 && c <= 0xDFFF)
			assert_int_equal(back, TQ_RUNE_BAD);
		else
			assert_int_equal(back, c);
	}
}

static void
maximal_subparts_are_one_replacement_each(void **state)
{
	/* The three examples of Unicode 15.0, 3.9, table 3-8 ff., in spirit:
	 * what could not begin a sequence counts alone, what could counts
	 * together. */
	static const struct { const char *in; size_t n; } rows[] = {
		{ "\xC0\xAF", 2 }, { "\xE0\x80\xBF", 3 },
		{ "\xF0\x81\x82", 3 }, { "\xED\xA0\x80", 3 },
		{ "\xF4\x91\x92\x93", 4 }, { "\xFF", 1 },
		{ "\xE1\x80", 1 }, { "\xF0\x9F\x98", 1 },
		{ "\xE2\x98\xF0\x9F", 2 }, { "a\xE1\x80" "b", 3 },
		{ "\x80\xBF", 2 }, { "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		assert_int_equal(tq_utf8_count(tq_str_c(rows[i].in)),
		    rows[i].n);
	assert_str(tq_utf8_repair(&arena, TQ_S("a\xE1\x80" "b")),
	    "a\xEF\xBF\xBD" "b");
}

static void
good_text_is_returned_itself(void **state)
{
	tq_str s = TQ_S("plain ASCII, then \xD9\x85\xD8\xB1\xD8\xAD\xD8\xA8\xD8"
	    "\xA7 and \xF0\x9F\x98\x80");

	(void)state;
	assert_true(tq_utf8_valid(s));
	assert_false(tq_utf8_ascii(s));
	assert_true(tq_utf8_ascii(tq_str_sub(s, 0, 18)));
	assert_true(tq_utf8_ascii(TQ_S("")));
	assert_false(tq_utf8_ascii(TQ_S("12345678\xC3\xA9")));
	assert_ptr_equal(tq_utf8_repair(&arena, s).p, s.p);
	assert_int_equal(arena.used, 0);
}

/* "EF BFBD 3d", "nothing": hex digits in pairs, spaces anywhere. */
static tq_str
from_hex(tq_str hex)
{
	char *out = tq_arena_alloc(&arena, hex.n + 1, 1);
	size_t n = 0, digits = 0;

	assert_non_null(out);
	if (tq_str_eq(tq_str_trim(hex), TQ_S("nothing")))
		return (tq_str){ out, 0 };
	for (size_t i = 0; i < hex.n; i++) {
		static const char all[] = "0123456789abcdef";
		const char *d = strchr(all, hex.p[i] | 0x20);

		if (hex.p[i] == ' ')
			continue;
		assert_non_null(d);
		out[n] = (char)((unsigned char)out[n] << 4 | (d - all));
		if (++digits % 2 == 0)
			n++;
	}
	assert_int_equal(digits % 2, 0);
	return (tq_str){ out, n };
}

static void
foreign_vectors_agree(void **state)
{
	tq_str rest = tq_shared_read(&arena, "corpora/utf8-flenniken.txt");
	tq_str line, f[5];
	size_t rows = 0;

	(void)state;
	while (tq_shared_line(&rest, &line)) {
		tq_str in, verdict;

		for (size_t i = 0; i < 5; i++)
			line = tq_str_cut(line, ':', &f[i]);
		verdict = tq_str_trim(f[1]);
		in = tq_str_ends(verdict, TQ_S("hex")) ? from_hex(f[2]) : f[2];
		if (tq_utf8_valid(in) != tq_str_starts(verdict, TQ_S("valid")))
			fail_msg("row %.*s: wrong verdict", TQ_FMT(f[0]));
		if (!tq_utf8_valid(in) && !tq_str_eq(from_hex(f[4]),
		    tq_utf8_repair(&arena, in)))
			fail_msg("row %.*s: wrong repair", TQ_FMT(f[0]));
		rows++;
	}
	assert_true(rows > 200);
}

/* The code points of the bidi controls, for readable tables. */
#define LRM "\xE2\x80\x8E"
#define RLE "\xE2\x80\xAB"
#define PDF "\xE2\x80\xAC"
#define RLO "\xE2\x80\xAE"
#define RLI "\xE2\x81\xA7"
#define PDI "\xE2\x81\xA9"
#define ZWNJ "\xE2\x80\x8C"
#define ZWJ "\xE2\x80\x8D"
#define ZWSP "\xE2\x80\x8B"
#define ACUTE "\xCC\x81"

static void
bodies_are_cleaned(void **state)
{
	static const struct { const char *in, *out; } rows[] = {
		{ "", "" }, { " \n\t ", "" },
		{ "a\r\nb\rc\nd", "a\nb\nc\nd" },
		{ "a\xE2\x80\xA8" "b\xE2\x80\xA9" "c", "a\nb\nc" },
		{ "a\x01\x1B[31m\x7F\xC2\x85\xC2\x9B" "b\tc", "a[31mb\tc" },
		{ "  indented \n end  \n\n", "  indented \n end" },
		{ LRM "a" LRM, LRM "a" LRM },
		{ RLO "abc", RLO "abc" PDF },
		{ RLO "abc\nd", RLO "abc" PDF "\nd" },
		{ RLI "a" RLE "b", RLI "a" RLE "b" PDF PDI },
		{ RLI "a" RLE "b" PDI "c", RLI "a" RLE "b" PDF PDI "c" },
		{ RLE "a" RLI "b" PDF "c", RLE "a" RLI "bc" PDI PDF },
		{ "a" PDF "b" PDI "c", "abc" },
		{ RLI "a" PDI PDI, RLI "a" PDI },
		{ RLI "  \n ", RLI "  " PDI },
		{ "\xD9\x85 \xF0\x9F\x98\x80", "\xD9\x85 \xF0\x9F\x98\x80" },
		{ "a  \xD9\x85  b  ", "a  \xD9\x85  b" },
		{ "~ \x7F ~ \x01 \n", "~  ~" },
		{ "a " RLI " b  " PDI "  ", "a " RLI " b  " PDI },
		{ "a\t \t b \t ", "a\t \t b" },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		assert_str(tq_text_clean_body(&arena, tq_str_c(rows[i].in)),
		    rows[i].out);
}

static void
deep_embeddings_are_capped_and_closed(void **state)
{
	struct tq_buf b;
	tq_str out;

	(void)state;
	tq_buf_init(&b, &arena, 0);
	for (int i = 0; i < 1000; i++)
		tq_buf_lit(&b, RLE);
	tq_buf_lit(&b, "x");
	out = tq_text_clean_body(&arena, tq_buf_str(&b));
	assert_int_equal(out.n, 125 * 3 + 1 + 125 * 3);
	assert_true(tq_str_eq(tq_str_sub(out, 0, 3), TQ_S(RLE)));
	assert_int_equal(out.p[(size_t)125 * 3], 'x');
	assert_true(tq_str_ends(out, TQ_S(PDF PDF)));
}

static void
lines_are_cleaned(void **state)
{
	static const struct { const char *in, *out; } rows[] = {
		{ "", "" }, { " \t\n", "" },
		{ "  Rim \r\n  Saadi\xC2\xA0 ", "Rim Saadi" },
		{ "ad" ZWSP "min", "admin" },
		{ "photo" RLO "gpj.exe", "photogpj.exe" },
		{ RLI "a" PDI LRM "\xD8\x9C" "b", "ab" },
		{ "a\x01" "b\x7F", "ab" },
		{ ZWNJ ZWJ " " ZWJ, "" },
		{ "\xD9\x85\xDB\x8C" ZWNJ "\xD8\xB1\xD9\x88\xD9\x85" ZWNJ,
		  "\xD9\x85\xDB\x8C" ZWNJ "\xD8\xB1\xD9\x88\xD9\x85" },
		{ "a" ZWNJ ZWNJ ZWNJ "b", "a" ZWNJ "b" },
		{ "a" ZWJ " " ZWJ "b", "a b" },
		/* a heart on fire: VS16, ZWJ, flame */
		{ "\xE2\x9D\xA4\xEF\xB8\x8F" ZWJ "\xF0\x9F\x94\xA5",
		  "\xE2\x9D\xA4\xEF\xB8\x8F" ZWJ "\xF0\x9F\x94\xA5" },
		{ ACUTE "a", "a" },
		{ "a" ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE "b" ACUTE,
		  "a" ACUTE ACUTE ACUTE ACUTE "b" ACUTE },
		{ "a" ZWJ ACUTE ACUTE ACUTE ACUTE ZWJ ACUTE "b",
		  "a" ZWJ ACUTE ACUTE ACUTE ACUTE ZWJ "b" },
		{ "O'Brien & S\xC3\xB8n", "O'Brien & S\xC3\xB8n" },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		assert_str(tq_text_clean_line(&arena, tq_str_c(rows[i].in)),
		    rows[i].out);
}

/* A name may hold nothing that hides or reorders, a body nothing that outlives
 * its paragraph. */
static void
hostile_names_come_out_harmless(void **state)
{
	tq_str rest = tq_shared_read(&arena,
	    "corpora/bidi-and-lookalike-names.jsonl");
	size_t rows = 0;
	json_t *row;

	(void)state;
	for (; tq_shared_row(&rest, &row); json_decref(row), rows++) {
		tq_str in = tq_row_str(row, "in");
		tq_str name = tq_text_clean_line(&arena, in);
		tq_str body = tq_text_clean_body(&arena, in);
		size_t marks = 0;

		for (size_t at = 0; at < name.n;) {
			uint32_t c = tq_utf8_next(name, &at);

			assert_false(tq_rune_bidi(c) || tq_rune_hidden(c));
			marks = tq_rune_mark(c) ? marks + 1 : 0;
			assert_true(marks <= 4);
		}
		assert_true(tq_utf8_valid(body));
		assert_str(tq_text_clean_body(&arena, body),
		    tq_arena_cstr(&arena, body));
		if (tq_str_eq(tq_row_str(row, "policy"), TQ_S("keep in text, "
		    "ignore for identity comparison")))
			assert_true(tq_str_eq(body, in));
	}
	assert_true(rows > 300);
}

static void
cleaning_survives_failure_of_every_allocation(void **state)
{
	tq_str in = TQ_S("a\xFF" RLO RLO RLO RLO RLO RLO "b " ACUTE);
	tq_str (*fns[])(struct tq_arena *, tq_str) = {
		tq_text_clean_body, tq_text_clean_line, tq_utf8_repair,
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(fns); i++) {
		for (long n = 0;; n++) {
			tq_str out;

			arena.fail_after = n;
			out = fns[i](&arena, in);
			if (!arena.failed) {
				assert_true(n > 0 && out.n > 0);
				break;
			}
			assert_int_equal(out.n, 0);
			tq_arena_free(&arena);
		}
		arena.fail_after = -1;
	}
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(every_scalar_value_comes_back),
		T(maximal_subparts_are_one_replacement_each),
		T(good_text_is_returned_itself),
		T(foreign_vectors_agree),
		T(bodies_are_cleaned),
		T(deep_embeddings_are_capped_and_closed),
		T(lines_are_cleaned),
		T(hostile_names_come_out_harmless),
		T(cleaning_survives_failure_of_every_allocation),
	};

	return cmocka_run_group_tests_name("text/utf8", tests, NULL, NULL);
}
