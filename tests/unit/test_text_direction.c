/* Direction and language of texts. */
#include "unit.h"

#include "shared.h"
#include "text/direction.h"
#include "text/rune.h"

static tq_str
direction(const char *s, enum tq_dir fallback)
{
	return tq_dir_name(tq_text_direction(tq_str_c(s), fallback));
}

static void
direction_by_letters(void **state)
{
	static const struct { const char *text, *dir; } rows[] = {
		{ "hello", "ltr" }, { "مرحبا", "rtl" }, { "שלום", "rtl" },
		{ "Привет", "ltr" }, { "你好", "ltr" },
		{ "ܫܠܡܐ", "rtl" }, { "ߒߞߏ", "rtl" },
		{ "100 ريال فقط!", "rtl" },
		{ "«...» - (12:30) مرحبا", "rtl" },
		{ "مرحبا hello مرحبا", "rtl" },
		{ "OK شكرا على المقال", "rtl" },	/* majority */
		{ "يا hello to all of you", "ltr" },
		{ "ab اب", "ltr" }, { "اب ab", "rtl" },	/* a tie: the first */
		{ "\xF0\x9F\x91\x8D مرحبا", "rtl" },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		assert_str(direction(rows[i].text, TQ_LTR), rows[i].dir);
		assert_str(direction(rows[i].text, TQ_RTL), rows[i].dir);
	}
}

/* Whole words of ASCII letters are counted at once, and only the first 200
 * letters count: both sides of that border. */
static void
the_first_letters_decide(void **state)
{
	static const struct { int before, after; const char *dir; } rows[] = {
		{ 99, 150, "rtl" }, { 100, 100, "ltr" }, { 101, 150, "ltr" },
		{ 199, 400, "ltr" }, { 200, 400, "ltr" }, { 201, 400, "ltr" },
		{ 0, 1, "rtl" }, { 1, 0, "ltr" },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		for (int cut = 0; cut < 8; cut++) {
			char s[2000];
			size_t n = 0;

			for (int k = 0; k < rows[i].before; k++) {
				if (cut > 0 && k > 0 && k % cut == 0)
					s[n++] = ' ';
				s[n++] = 'x';
			}
			s[n++] = ' ';
			for (int k = 0; k < rows[i].after; k++) {
				s[n++] = (char)0xD8;
				s[n++] = (char)0xB3;
			}
			if (!tq_str_eq(tq_dir_name(tq_text_direction(
			    (tq_str){ s, n }, TQ_RTL)), tq_str_c(rows[i].dir)))
				fail_msg("row %zu, words of %d", i, cut);
		}
	}
}

/* What stands at a word's end says whether it is one. */
static void
words_end_in_many_ways(void **state)
{
	static const struct { const char *text, *dir; } rows[] = {
		{ "ab: يا", "ltr" }, { "http: يا", "ltr" },
		{ "http://ab يا", "rtl" }, { "ab, يا", "ltr" },
		{ "ab_ يا", "ltr" }, { "ab.cd يا", "rtl" }, { "ab. يا", "ltr" },
		{ "ab-cd يا", "ltr" }, { "abيا", "ltr" }, { "12 يا", "rtl" },
		{ "1a يا ي", "rtl" }, { "ab@cd يا", "rtl" }, { "+ab يا", "ltr" },
		{ "a.b c.d يا", "ltr" }, { ": - _ 12", "rtl" },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		if (!tq_str_eq(direction(rows[i].text, TQ_RTL),
		    tq_str_c(rows[i].dir)))
			fail_msg("%s", rows[i].text);
}

static void
what_is_put_aside(void **state)
{
	static const char *const rows[] = {	/* all leave Arabic */
		"@sami شكرا", "@sami_88.x شكرا", "@Sami: شكرا", "@sami،شكرا",
		"https://example.com/a/very/long/path شكرا",
		"شكرا HTTPS://EXAMPLE.COM/A/VERY/LONG/PATH",
		"www.example.org/something-long يا",
		"example.org/something-long?a=b يا",
		"(https://example.com/a/b/c) يا",
		"عند example.museum يا", "some.body+x@mail.example.com يا",
		"\U0001F1F5\U0001F1F8فلسطين",		/* a flag */
		"\U0001F1F5\U0001F1F8\U0001F1F1\U0001F1E7 يا",
		"\U0001F170\U0001F171\u24C2\u2139 يا",	/* letters as emoji */
		"1\uFE0F\u20E3 يا",
		"\u200E\u202A\u2066يا",
		"https://example.com/path،شكرا",
		"https://example.com/\"شكرا",
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		if (!tq_str_eq(direction(rows[i], TQ_LTR), TQ_S("rtl")))
			fail_msg("%s", rows[i]);
}

static void
nothing_left_takes_the_fallback(void **state)
{
	static const char *const rows[] = {
		"", " ", "12:30 - 14", "@sami", "@سامي", "https://x.example/y",
		"\U0001F1F5\U0001F1F8", "\u200F\u061C", "...", "\xFF\xFE",
		"\xD8", "a@b.example", "example.org",
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		assert_str(direction(rows[i], TQ_LTR), "ltr");
		assert_str(direction(rows[i], TQ_RTL), "rtl");
	}
}

static void
sentences_are_not_addresses(void **state)
{
	static const char *const rows[] = {
		"Fine.Thanks", "wait...what", "yes.", "a.b.c", "e.g. this",
		"v2.0", "hello@ home",
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		assert_str(direction(rows[i], TQ_RTL), "ltr");
}

static void
only_the_first_letters_count(void **state)
{
	char text[2000];
	size_t n = 0;

	(void)state;
	while (n < 300)
		text[n++] = 'a';
	while (n + 2 < sizeof(text)) {
		text[n++] = '\xD8';
		text[n++] = '\xA7';
	}
	assert_int_equal(tq_text_direction((tq_str){ text, n }, TQ_RTL),
	    TQ_LTR);
}

/* A run of half-addresses is looked at once, not once a letter. */
static void
long_runs_take_linear_time(void **state)
{
	static char text[4 << 20];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i += 2) {
		text[i] = '1';
		text[i + 1] = '-';
	}
	assert_int_equal(tq_text_direction((tq_str){ text, sizeof(text) },
	    TQ_RTL), TQ_RTL);
	assert_str(tq_text_language((tq_str){ text, sizeof(text) },
	    TQ_S("ar")), "ar");
}

static void
strong_classes(void **state)
{
	static const struct { uint32_t c; enum tq_strong strong; bool word; }
	rows[] = {
		{ 'a', TQ_STRONG_LTR, true }, { '1', TQ_STRONG_NONE, true },
		{ '.', TQ_STRONG_NONE, false }, { '_', TQ_STRONG_NONE, false },
		{ 0x627, TQ_STRONG_RTL, true }, { 0x660, TQ_STRONG_NONE, true },
		{ 0x64E, TQ_STRONG_NONE, true }, { 0x5D0, TQ_STRONG_RTL, true },
		{ 0x60C, TQ_STRONG_NONE, false },
		{ 0x61B, TQ_STRONG_RTL, false },
		{ 0x200F, TQ_STRONG_NONE, false },
		{ 0x1F1F5, TQ_STRONG_NONE, false },
		{ 0x4E00, TQ_STRONG_LTR, true }, { 0xE000, 0, false },
		{ 0xFEFC, TQ_STRONG_RTL, true }, { 0x1EE00, TQ_STRONG_RTL, true },
		{ 0x10FFFF, 0, false }, { 0xFFFFFFFF, 0, false }, { 0, 0, false },
		{ 0x3042, TQ_STRONG_LTR, true }, { 0x2019, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		assert_int_equal(tq_rune_strong(rows[i].c), rows[i].strong);
		assert_int_equal(tq_rune_word(rows[i].c), rows[i].word);
	}
}

static void
languages(void **state)
{
	static const struct { const char *page, *text, *lang; } rows[] = {
		/* The page's language where nothing speaks against it. */
		{ "ar", "", "ar" }, { "ar", "123 :)", "ar" },
		{ "ar-MA", "شكرا على المقال", "ar-MA" },
		{ "de", "Danke für den guten Artikel", "de" },
		{ "tr", "Çok güzel bir yazı, teşekkürler", "tr" },
		{ "en", "ok", "en" }, { "ja", "東京", "ja" }, { "yi", "א גוטן", "yi" },
		{ "fa", "سلام", "fa" }, { "bg", "Много добра статия", "bg" },
		{ "sr-Latn", "Hvala na tekstu", "sr-Latn" },
		{ "hi", "धन्यवाद", "hi" },
		/* Another script. */
		{ "ar", "Thank you for this article", "en" },
		{ "ar", "Merci beaucoup, c'est très intéressant", "fr" },
		{ "ar", "L\u2019article n\u2019est pas complet", "fr" },
		{ "ar", "7abibi sa7 kalamak", "" },
		{ "ar", "Terima kasih banyak", "" },
		{ "en", "شكرا جزيلا", "ar" },
		{ "en", "مقاله خیلی خوبی بود، ممنون", "fa" },
		{ "en", "یہ بہت اچھا مضمون ہے", "ur" },
		{ "en", "سوپاس بۆ ئەم بابەتە", "ckb" },
		{ "en", "תודה רבה", "he" }, { "en", "감사합니다", "ko" },
		{ "ar", "ありがとう、東京", "ja" }, { "ar", "谢谢你的文章", "zh" },
		{ "en", "Ευχαριστώ", "el" }, { "en", "ขอบคุณ", "th" },
		{ "en", "Спасибо, это очень важно", "ru" },
		{ "en", "Дякую, це дуже важливо", "uk" },
		{ "en", "धन्यवाद", "" },
		{ "sr-Latn", "Спасибо, это очень важно", "ru" },
		{ "zh", "ありがとう", "ja" },
		/* The page's script, another language. */
		{ "ar", "این مقاله خیلی خوب است و برای من مفید بود", "fa" },
		{ "fa", "هذا المقال رائع جدا، شكرا لكم على كل شيء", "ar" },
		{ "ur", "هذا المقال رائع جدا، شكرا لكم على كل شيء", "ar" },
		{ "de", "This is what the people have been saying for years "
		    "and it is the truth", "en" },
		{ "en", "Je ne suis pas d'accord avec cette idée, mais c'est "
		    "votre droit", "fr" },
		{ "uk", "Спасибо, это очень важно", "ru" },
		/* Arabic typed on a Persian keyboard is Arabic. */
		{ "fa", "هذا الکلام لیس صحیحا فی کل الاحوال", "ar" },
		/* Names and addresses do not count. */
		{ "ar", "@john https://example.com/the/article شكرا", "ar" },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		tq_str got = tq_text_language(tq_str_c(rows[i].text),
		    tq_str_c(rows[i].page));

		if (!tq_str_eq(got, tq_str_c(rows[i].lang)))
			fail_msg("%s: got \"%.*s\", expected \"%s\"",
			    rows[i].text, TQ_FMT(got), rows[i].lang);
	}
}

/* Outside cases: where only one direction occurs, plain first-strong and ours
 * agree, but for the name and the flag that are the reason for ours. */
static void
agrees_with_first_strong(void **state)
{
	struct tq_arena a;
	tq_str rest;
	json_t *row;
	size_t n = 0;

	(void)state;
	tq_arena_init(&a, 1 << 20);
	rest = tq_shared_read(&a, "conformance/normalise.jsonl");
	while (tq_shared_row(&rest, &row)) {
		tq_str id = tq_row_str(row, "id"), dir = tq_row_str(row, "dir");
		tq_str in = tq_row_str(row, "in");

		if (tq_str_eq(dir, TQ_S("auto")))
			dir = TQ_S("rtl");
		if (tq_str_eq(id, TQ_S("n57")) || tq_str_eq(id, TQ_S("n59")))
			dir = TQ_S("rtl");
		if (dir.n > 0 && in.n > 0) {
			enum tq_dir got = tq_text_direction(in, TQ_RTL);

			if (!tq_str_eq(tq_dir_name(got), dir))
				fail_msg("%.*s: not %.*s", TQ_FMT(id),
				    TQ_FMT(dir));
			n++;
		}
		json_decref(row);
	}
	assert_true(n > 50);
	tq_arena_free(&a);
}

/* No bidi control turns a name around. */
static void
controls_decide_nothing(void **state)
{
	struct tq_arena a;
	tq_str rest;
	json_t *row;
	size_t n = 0;

	(void)state;
	tq_arena_init(&a, 1 << 20);
	rest = tq_shared_read(&a, "corpora/bidi-and-lookalike-names.jsonl");
	while (tq_shared_row(&rest, &row)) {
		tq_str lang = tq_row_str(row, "lang");
		tq_str control = tq_row_str(row, "control");

		if (control.n > 0 && tq_str_eq(lang, TQ_S("ar"))) {
			assert_int_equal(tq_text_direction(tq_row_str(row,
			    "in"), TQ_LTR), TQ_RTL);
			n++;
		}
		json_decref(row);
	}
	assert_true(n > 10);
	tq_arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(direction_by_letters),
		cmocka_unit_test(the_first_letters_decide),
		cmocka_unit_test(words_end_in_many_ways),
		cmocka_unit_test(what_is_put_aside),
		cmocka_unit_test(nothing_left_takes_the_fallback),
		cmocka_unit_test(sentences_are_not_addresses),
		cmocka_unit_test(only_the_first_letters_count),
		cmocka_unit_test(long_runs_take_linear_time),
		cmocka_unit_test(strong_classes),
		cmocka_unit_test(languages),
		cmocka_unit_test(agrees_with_first_strong),
		cmocka_unit_test(controls_decide_nothing),
	};

	return cmocka_run_group_tests_name("text/direction", tests, NULL, NULL);
}
