/* What the filter sees of a comment: one case a sort of feature, what repairs
 * do, limits, and that no text costs more than its length. */
#include "unit.h"

#include <stdio.h>

#include "filter/feature.h"

static taliq_input
input(const char *text)
{
	return (taliq_input){ .size = sizeof(taliq_input),
	    .body = { text, strlen(text) } };
}

static unsigned
count_group(const struct tq_features *x, enum tq_group g)
{
	unsigned n = 0;

	for (size_t i = 0; i < x->n; i++)
		n += x->f[i].group == g;
	return n;
}

/* A text that has the group against one that lacks it, fields aside. */
static const struct {
	enum tq_group group;
	const char *with, *without;
} CASES[] = {
	{ TQ_G_WORD, "some words", "" },
	{ TQ_G_PAIR, "some words", NULL },
	{ TQ_G_GRAM, "some words", "" },
	{ TQ_G_RASM, "\xD8\xB4\xD8\xB1\xD9\x83\xD8\xA9", "company" },
	{ TQ_G_EXACT, "Qu\xE1\xBB\x91" "c gia", "Quoc gia" },
	{ TQ_G_HIDDEN, "a\xE2\x80\x8B" "b", "ab" },
	{ TQ_G_DISGUISE, "\xF0\x9D\x90\x80\xF0\x9D\x90\x81 c", "abc" },
	{ TQ_G_LANGUAGE, "a", NULL },
	{ TQ_G_SHAPE, "a", NULL },
};

static void
each_group_is_seen(void **state)
{
	(void)state;
	for (size_t i = 0; i < TQ_N(CASES); i++) {
		struct tq_features x;
		taliq_input in = input(CASES[i].with);

		assert_int_equal(tq_features_extract(&x, &in), TALIQ_OK);
		if (count_group(&x, CASES[i].group) == 0)
			fail_msg("case %zu: no feature", i);
		tq_features_free(&x);
		if (CASES[i].without == NULL)
			continue;
		in = input(CASES[i].without);
		assert_int_equal(tq_features_extract(&x, &in), TALIQ_OK);
		if (count_group(&x, CASES[i].group) != 0)
			fail_msg("case %zu: feature without cause", i);
		tq_features_free(&x);
	}
}

/* Two bytes were taken of the tag: "EN" was not "en", and "fil" was "fi". */
static void
a_language_is_its_primary_subtag(void **state)
{
	static const struct { const char *tag, *lang; } rows[] = {
		{ "en", "en" }, { "EN", "en" }, { "en-US", "en" },
		{ "en_GB", "en" }, { "fil", "fil" }, { "Zh-Hant-TW", "zh" },
		{ "abcdefgh", "abcdefgh" }, { "abcdefghi", "" },
		{ "", "" }, { "e", "" }, { "-en", "" }, { "e-n", "" },
		{ "x-klingon", "" }, { "en us", "" }, { "\x1b[31m", "" },
		{ "en\xD8", "" },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		char out[TQ_LANG_MAX];
		tq_str lang = tq_features_lang((taliq_text){ rows[i].tag,
		    strlen(rows[i].tag) }, out);

		assert_int_equal(lang.n, strlen(rows[i].lang));
		assert_memory_equal(out, rows[i].lang, lang.n);
	}
}

static void
fields_are_seen(void **state)
{
	taliq_input in = input("hello");
	struct tq_features x;

	(void)state;
	in.author = (taliq_text){ "Best Deals 2024", 15 };
	in.email = (taliq_text){ "a1234@mail.example", 18 };
	in.url = (taliq_text){ "http://bit.ly/x", 15 };
	in.user_agent = (taliq_text){ "Mozilla/5.0 (X11)", 17 };
	in.lang = (taliq_text){ "ar", 2 };
	in.page_published_at = 1000;
	in.written_at = 1000 + 90 * 86400;
	assert_int_equal(tq_features_extract(&x, &in), TALIQ_OK);
	assert_true(count_group(&x, TQ_G_AUTHOR) > 3);
	assert_int_equal(count_group(&x, TQ_G_EMAIL), 3);
	assert_true(count_group(&x, TQ_G_WEBSITE) > 3);
	assert_int_equal(count_group(&x, TQ_G_AGENT), 1);
	assert_int_equal(count_group(&x, TQ_G_TIME), 1);
	tq_features_free(&x);
}

/* What pads a text takes no room from what else is known of the comment: words
 * with digits, which are also read as letters, and words with accents. */
static void
padding_blinds_nothing(void **state)
{
	static const char *const pads[][2] = {
		{ " a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8s9t0u1v2w3", "" },
		{ " ", "a1b2" }, { " \xC3\xA9", "" }, { " ", "." },
		{ "", "\xE5\xBE\xAE\xE4\xBF\xA1" },
	};
	static char text[TALIQ_BODY_MAX];

	(void)state;
	for (size_t i = 0; i < TQ_N(pads) * 2; i++) {
		size_t max = i % 2 == 0 ? 480 : sizeof(text) - 200, n = 0;
		taliq_input in = input(text);
		struct tq_features x;

		for (unsigned k = 0; n < max; k++)
			n += (size_t)snprintf(text + n, sizeof(text) - n,
			    "%s%c%s", pads[i / 2][0], 'a' + k % 26,
			    pads[i / 2][1]);
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    " call 0501234567 https://bit.ly/abc");
		in.body.len = n;
		in.author = (taliq_text){ "Best Deals", 10 };
		in.url = (taliq_text){ "http://x.example/", 17 };
		assert_int_equal(tq_features_extract(&x, &in), TALIQ_OK);
		assert_true(count_group(&x, TQ_G_AUTHOR) > 3);
		assert_true(count_group(&x, TQ_G_WEBSITE) > 3);
		assert_true(count_group(&x, TQ_G_LINK) > 3);
		assert_true(count_group(&x, TQ_G_PHONE) > 3);
		assert_true(count_group(&x, TQ_G_LANGUAGE) > 1);
		assert_int_equal(x.dropped, 0);
		tq_features_free(&x);
	}
}

/* 2,010 signs are more words than are looked at; the link behind them is one
 * nevertheless. */
static void
early_signs_hide_no_link(void **state)
{
	static char text[5000];
	taliq_input in = input(text), bare = input("https://bit.ly/abc");
	struct tq_features x, y;

	(void)state;
	memset(text, '.', 2010);
	memcpy(text + 2010, " https://bit.ly/abc", 20);
	in.body.len = strlen(text);
	assert_int_equal(tq_features_extract(&x, &in), TALIQ_OK);
	assert_int_equal(tq_features_extract(&y, &bare), TALIQ_OK);
	assert_int_equal(count_group(&x, TQ_G_LINK),
	    count_group(&y, TQ_G_LINK));
	tq_features_free(&x);
	tq_features_free(&y);
}

static void
no_feature_twice(void **state)
{
	taliq_input in = input("again and again and again and again");
	struct tq_features x;

	(void)state;
	assert_int_equal(tq_features_extract(&x, &in), TALIQ_OK);
	for (size_t i = 0; i < x.n; i++)
		for (size_t k = i + 1; k < x.n; k++)
			assert_true(x.f[i].hash != x.f[k].hash);
	tq_features_free(&x);
}

/* The hash of the only word of a text, or of its n-th. */
static uint32_t
word(const char *text, size_t n)
{
	taliq_input in = input(text);
	struct tq_features x;
	uint32_t h;

	assert_int_equal(tq_features_extract(&x, &in), TALIQ_OK);
	assert_true(n < x.n_spans);
	h = x.spans[n].hash;
	tq_features_free(&x);
	return h;
}

/* What a reader reads as one word, the filter reads as that word. */
static void
disguises_are_repaired(void **state)
{
	static const char *const pairs[][2] = {
		{ "w.h.a.t.s.a.p.p", "whatsapp" },
		{ "c r y p t o", "crypto" },
		{ "c_a_s_i_n_o", "casino" },
		{ "profiiiit", "profit" },
		/* Cyrillic a, o */
		{ "c\xD0\xB0sin\xD0\xBE", "casino" },
		/* small capitals */
		{ "\xE1\xB4\x9B\xE1\xB4\x87lega", "telega" },
		/* digit one and Latin o in Arabic words */
		{ "\xD8\xA7\xD9\x84" "1\xD8\xB3\xD8\xB9\xD8\xA7\xD8\xB1",
		    "\xD8\xA7\xD9\x84\xD8\xA7\xD8\xB3\xD8\xB9\xD8\xA7"
		    "\xD8\xB1" },
		/* tatweel and a haraka */
		{ "\xD8\xB1\xD9\x80\xD9\x80\xD8\xA8\xD9\x8E\xD8\xAD",
		    "\xD8\xB1\xD8\xA8\xD8\xAD" },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(pairs); i++)
		if (word(pairs[i][0], 0) != word(pairs[i][1], 0))
			fail_msg("%s is not read as %s", pairs[i][0],
			    pairs[i][1]);
	/* Whole Cyrillic words stay, two-letter words are not joined, laughter
	 * is not one letter. */
	assert_int_not_equal(word("\xD1\x81\xD0\xBE\xD1\x80", 0),
	    word("cop", 0));
	assert_int_not_equal(word("to be or no", 0), word("tobeorno", 0));
	assert_int_not_equal(word("hhhhhh", 0), word("h", 0));
	assert_int_equal(word("hhhhhh", 0), word("hhh", 0));
}

/* A bug once: a word had the length of the character before its last. */
static void
words_have_all_their_bytes(void **state)
{
	static const char *const words[] = { "\xC2\xA3", "3", ".", "ab",
	    "\xD9\x86\xD8\xB9\xD9\x85", "k", "\xE5\xA5\xBD" };
	taliq_input in = input("\xC2\xA3" "3. ab \xD9\x86\xD8\xB9\xD9\x85 k "
	    "\xE5\xA5\xBD");
	struct tq_features x;

	(void)state;
	assert_int_equal(tq_features_extract(&x, &in), TALIQ_OK);
	assert_int_equal(x.n_spans, TQ_N(words));
	for (size_t i = 0; i < TQ_N(words); i++) {
		const struct tq_span *s = &x.spans[i];

		assert_int_equal(s->len, strlen(words[i]));
		assert_memory_equal(x.norm.p + s->at, words[i], s->len);
	}
	tq_features_free(&x);
}

static void
links_are_found(void **state)
{
	static const struct { const char *text; unsigned links, phones; } t[] = {
		{ "see https://example.org/a?b=c now", 1, 0 },
		{ "www.example.xyz and bit.ly/abc", 2, 0 },
		{ "e.g. this.thing is not, nor 1.5 or v2.0", 0, 0 },
		{ "mail me@example.com please", 0, 0 },
		{ "(http://a.example)http://b.example", 2, 0 },
		{ "https://example.org/1234567890", 1, 0 },
		{ "call 050 123 4567 or +966501234567", 0, 2 },
		{ "12:30 on 2026", 0, 0 },
		/* two side by side, in groups and not; no two in 19 or 33 */
		{ "0501234567 0507654321", 0, 2 },
		{ "050 123 4567 050-765-4321 now", 0, 2 },
		{ "1234567890123456789", 0, 0 },
		{ "05012345678 05012345678 05012345678", 0, 0 },
		/* listed hosts whose ending no other link has */
		{ "rb.gy/x linktr.ee/me surl.li/x j.mp/x bit.do/x", 5, 0 },
		{ "so.do it, and.gy", 0, 0 },
		{ "a.b.c: no. yes.no:www.a.b", 1, 0 },
		/* Cyrillic t, o, c and e; a Russian word before a dot */
		{ "see \xD1\x82.me/x y\xD0\xBEutube.\xD1\x81om", 2, 0 },
		{ "\xD0\xB4\xD0\xB0.com \xD1\x8D\xD1\x82\xD0\xBE.", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(t); i++) {
		taliq_input in = input(t[i].text);
		struct tq_features x;

		assert_int_equal(tq_features_extract(&x, &in), TALIQ_OK);
		if (x.n_links != t[i].links || x.n_phones != t[i].phones)
			fail_msg("%s: %u links, %u phones", t[i].text,
			    x.n_links, x.n_phones);
		tq_features_free(&x);
	}
}

/* A host in letters of two scripts is the host that a reader sees. */
static void
hosts_are_unmasked(void **state)
{
	static const struct { const char *from, *to; unsigned places; } t[] = {
		{ "plain. text", "plain. text", 0 },
		{ "h\xD1\x82tp://b\xD1\x96t.ly/\xD0\xB0 \xD0\xB0 b.",
		    "http://bit.ly/a \xD0\xB0 b.", 1 },
		/* De is no look-alike: the name stays. */
		{ "\xD0\xB4om.ru a.\xD1\x81", "\xD0\xB4om.ru a.c", 1 },
		{ "\xD1\x81\xD1\x83.\xD0\xB0", "\xD1\x81\xD1\x83.\xD0\xB0", 0 },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(t); i++) {
		char buf[80];
		uint32_t n = 0;
		size_t len = strlen(t[i].from);

		memcpy(buf, t[i].from, len);
		len = tq_links_unmask(buf, len, &n);
		buf[len] = 0;
		assert_string_equal(buf, t[i].to);
		assert_int_equal(n, t[i].places);
	}
}

/* Words spaced out with signs beside each other stay two words. */
static void
spaced_words_end_at_a_space(void **state)
{
	(void)state;
	assert_int_equal(word("f.r.e.e c-a-s-h n o w", 0), word("free", 0));
	assert_int_equal(word("f.r.e.e c-a-s-h n o w", 1), word("cash", 0));
	assert_int_equal(word("f.r.e.e c-a-s-h n o w", 2), word("now", 0));
	assert_int_equal(word("w i n b-i-g", 0), word("win", 0));
	assert_int_equal(word("w i n b-i-g", 1), word("big", 0));
	assert_int_equal(word("f r e e c a s h", 0), word("freecash", 0));
	/* Ideographs without a space between: one run, nothing inserted. */
	assert_int_equal(word("\xE5\x8A\xA0-\xE5\xBE\xAE-\xE4\xBF\xA1"
	    "\xE7\x9C\x8B-\xE7\x89\x87 a b c", 0),
	    word("\xE5\x8A\xA0-\xE5\xBE\xAE-\xE4\xBF\xA1-"
	    "\xE7\x9C\x8B-\xE7\x89\x87 a b c", 0));
}

static void
shorteners_and_messengers_are_told_apart(void **state)
{
	(void)state;
	assert_string_equal(tq_link_sort(TQ_S("https://bit.ly/x")),
	    "shortener ");
	assert_string_equal(tq_link_sort(TQ_S("wa.me/966")), "messenger ");
	assert_string_equal(tq_link_sort(TQ_S("http://www.t.me/x")),
	    "messenger ");
	assert_string_equal(tq_link_sort(TQ_S("example.org")), "");
}

/* Lists are searched by halves; what is on them is a link without a scheme. */
static void
every_listed_host_is_found(void **state)
{
	(void)state;
	for (unsigned list = 0; list < 3; list++)
		for (size_t i = 0; tq_links_listed(list, i) != NULL; i++) {
			const char *name = tq_links_listed(list, i);
			size_t at, end;
			char text[40];

			if (i > 0)
				assert_true(strcmp(tq_links_listed(list,
				    i - 1), name) < 0);
			snprintf(text, sizeof(text), "%s%s",
			    list == 0 ? "host." : "", name);
			if (!tq_link_find(tq_str_c(text), 0, &at, &end) ||
			    end != strlen(text))
				fail_msg("%s is no link", text);
			if (list > 0)
				assert_string_equal(tq_link_sort(
				    tq_str_c(text)), list == 1 ?
				    "shortener " : "messenger ");
		}
}

/* What a browser would go to, however it is dressed. */
static void
user_and_port_are_no_host(void **state)
{
	static const char *const links[] = { "http://google.com@bit.ly/x",
		"http://google.com:x@bit.ly/x", "http://a@google.com@bit.ly:80/x",
		"http://bit.ly\\@google.com/", "http://bit.ly/@google.com",
		"http://bit.ly?@google.com" };

	(void)state;
	for (size_t i = 0; i < TQ_N(links); i++)
		if (strcmp(tq_link_sort(tq_str_c(links[i])), "shortener ") != 0)
			fail_msg("%s", links[i]);
}

/* The address of the author is read like a link in the text. */
static void
a_website_is_unmasked(void **state)
{
	static const char *const urls[] = { "http://bit.ly/x",
		"HTTP://BIT.LY/x", "http://b\xD1\x96t.ly/x",
		"http://\xEF\xBD\x82it.ly/x" };
	uint32_t host = tq_feature_hash("host", TQ_S("bit.ly"));

	(void)state;
	host |= host == 0;
	for (size_t i = 0; i < TQ_N(urls); i++) {
		taliq_input in = input("hello");
		struct tq_features x;
		bool seen = false;

		in.url = (taliq_text){ urls[i], strlen(urls[i]) };
		assert_int_equal(tq_features_extract(&x, &in), TALIQ_OK);
		for (size_t k = 0; k < x.n; k++)
			seen |= x.f[k].hash == host &&
			    x.f[k].group == TQ_G_WEBSITE;
		tq_features_free(&x);
		if (!seen)
			fail_msg("%s", urls[i]);
	}
}

static void
limits_are_refused(void **state)
{
	static char big[TALIQ_BODY_MAX + 1];
	taliq_input in = input("x");
	struct tq_features x;

	(void)state;
	memset(big, 'a', sizeof(big));
	in.body = (taliq_text){ big, sizeof(big) };
	assert_int_equal(tq_features_extract(&x, &in), TALIQ_INVALID);
	in = input("x");
	in.author = (taliq_text){ big, TALIQ_FIELD_MAX + 1 };
	assert_int_equal(tq_features_extract(&x, &in), TALIQ_INVALID);
	in = input("x");
	in.n_signals = TALIQ_SIGNALS_MAX + 1;
	assert_int_equal(tq_features_extract(&x, &in), TALIQ_INVALID);
}

static void
repeated_to_the_limit(const char *unit)
{
	static char text[TALIQ_BODY_MAX];
	taliq_input in = { .size = sizeof(in), .body = { text, 0 } };
	struct tq_features x;
	size_t u = strlen(unit);

	for (; in.body.len + u <= sizeof(text); in.body.len += u)
		memcpy(text + in.body.len, unit, u);
	assert_int_equal(tq_features_extract(&x, &in), TALIQ_OK);
	assert_int_equal(x.dropped, 0);
	tq_features_free(&x);
}

/* 64 KiB of anything. */
static void
hostile_texts_lose_no_feature(void **state)
{
	static const char *const units[] = { "a", "a ", "a.", "http://a.b/ ",
		"1", "1 2-", "\xCC\x81", "\xFF", "\xEF\xB7\xBA", "\xD9\x80",
		"w.a.", "@", "\xE2\x80\x8B", "a1", "\xD0\xB0z ",
		"\xE5\xBE\xAE", "[url=", "<a " };

	(void)state;
	for (size_t i = 0; i < TQ_N(units); i++)
		repeated_to_the_limit(units[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_group_is_seen),
		cmocka_unit_test(a_language_is_its_primary_subtag),
		cmocka_unit_test(fields_are_seen),
		cmocka_unit_test(padding_blinds_nothing),
		cmocka_unit_test(early_signs_hide_no_link),
		cmocka_unit_test(no_feature_twice),
		cmocka_unit_test(disguises_are_repaired),
		cmocka_unit_test(words_have_all_their_bytes),
		cmocka_unit_test(links_are_found),
		cmocka_unit_test(hosts_are_unmasked),
		cmocka_unit_test(spaced_words_end_at_a_space),
		cmocka_unit_test(shorteners_and_messengers_are_told_apart),
		cmocka_unit_test(every_listed_host_is_found),
		cmocka_unit_test(user_and_port_are_no_host),
		cmocka_unit_test(a_website_is_unmasked),
		cmocka_unit_test(limits_are_refused),
		cmocka_unit_test(hostile_texts_lose_no_feature),
	};

	return cmocka_run_group_tests_name("filter/feature", tests, NULL,
	    NULL);
}
