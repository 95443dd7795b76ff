/* Text of unknown or of a named character set, as UTF-8. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "text/charset.h"
#include "text/utf8.h"

static void
what_is_sent_is_read(void **state)
{
	static const struct {
		const char *said;
		tq_str in;
		const char *out;
	} rows[] = {
		{ "", TQ_S_INIT("plain"), "plain" },
		{ "", TQ_S_INIT("café عربي"), "café عربي" },
		/* what is UTF-8 stays, whatever was said */
		{ "iso-8859-1", TQ_S_INIT("café"), "café" },
		{ "", TQ_S_INIT("caf\xE9"), "café" },
		{ "ISO-8859-1", TQ_S_INIT("caf\xE9"), "café" },
		{ "utf-8", TQ_S_INIT("caf\xE9 \x93quoted\x94"), "café “quoted”" },
		{ " Windows-1256 ", TQ_S_INIT("\xE3\xD1\xCD\xC8\xC7"), "مرحبا" },
		{ "iso-8859-6", TQ_S_INIT("\xE5\xD1\xCD\xC8\xC7"), "مرحبا" },
		{ "windows-1251", TQ_S_INIT("\xEF\xF0\xE8\xE2\xE5\xF2"), "привет" },
		{ "koi8-r", TQ_S_INIT("\xD0\xD2\xC9\xD7\xC5\xD4"), "привет" },
		{ "gbk", TQ_S_INIT("\xC4\xE3\xBA\xC3"), "你好" },
		{ "shift_jis", TQ_S_INIT("\x82\xB1\x82\xF1"), "こん" },
		{ "euc-kr", TQ_S_INIT("\xBE\xC8"), "안" },
		/* a letter cut in two is damage, no other set */
		{ "", TQ_S_INIT("عربي\xD8"), "عربي\xEF\xBF\xBD" },
		/* ill-formed in the set that was named */
		{ "euc-jp", TQ_S_INIT("a\xFFz"), "a\xEF\xBF\xBDz" },
		{ "no-such-set", TQ_S_INIT("caf\xE9"), "café" },
		{ "UTF-7", TQ_S_INIT("+AGE- \xE9"), "+AGE- é" },
		{ "", TQ_S_INIT("a\0b"), "a\xEF\xBF\xBD" "b" },
		{ "iso-8859-1", TQ_S_INIT("\xE9\0"), "é\xEF\xBF\xBD" },
		{ "", TQ_S_INIT(""), "" },
	};
	struct tq_arena a;

	(void)state;
	tq_arena_init(&a, 100000);
	for (size_t i = 0; i < TQ_N(rows); i++) {
		tq_str got = tq_charset_utf8(&a, rows[i].in,
		    tq_str_c(rows[i].said));

		if (!tq_str_eq(got, tq_str_c(rows[i].out)))
			fail_msg("row %zu: %.*s", i, TQ_FMT(got));
	}
	assert_false(a.failed);
	tq_arena_free(&a);
}

static void
every_byte_becomes_sound_text(void **state)
{
	static const char *const sets[] = { "", "windows-1252", "iso-8859-8",
		"windows-874", "windows-1255", "big5", "gb18030", "euc-jp",
		"euc-kr", "shift_jis" };
	char bytes[512];
	struct tq_arena a;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i < 256 ? i : 255 - i);
	for (size_t k = 0; k < TQ_N(sets); k++)
		for (size_t n = 0; n <= sizeof(bytes); n += 7) {
			tq_str got;

			tq_arena_init(&a, 100000);
			got = tq_charset_utf8(&a, (tq_str){ bytes, n },
			    tq_str_c(sets[k]));
			assert_false(a.failed);
			assert_true(tq_utf8_valid(got));
			assert_true(got.n == 0 ||
			    memchr(got.p, 0, got.n) == NULL);
			tq_arena_free(&a);
		}
}

static void
no_memory_is_no_text(void **state)
{
	struct tq_arena a;

	(void)state;
	for (long i = 0; i < 4; i++) {
		tq_arena_init(&a, 100000);
		a.fail_after = i;
		(void)tq_charset_utf8(&a, TQ_S("caf\xE9\0"),
		    TQ_S("iso-8859-1"));
		tq_arena_free(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sent_is_read),
		cmocka_unit_test(every_byte_becomes_sound_text),
		cmocka_unit_test(no_memory_is_no_text),
	};

	return cmocka_run_group_tests_name("text/charset", tests, NULL, NULL);
}
