/* Article files: front matter and what it refuses. */
#include "unit.h"

#include <glob.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "text/article.h"

static struct tq_arena arena;

static int
open_arena(void **state)
{
	(void)state;
	tq_arena_init(&arena, 1 << 20);
	return 0;
}

static int
close_arena(void **state)
{
	(void)state;
	tq_arena_free(&arena);
	return 0;
}

static int64_t
at(const char *date)
{
	int64_t us = 0;

	assert_true(tq_date_parse(tq_str_c(date), 0, &us));
	return us;
}

static struct tq_article_source
parse(const char *s)
{
	struct tq_article_source out = { 0 };
	struct tq_err e = { 0 };

	if (tq_article_parse(&arena, tq_str_c(s), TQ_S("news/file.md"), 180,
	    &out, &e) != TQ_OK)
		fail_msg("%s", e.text);
	return out;
}

static void
every_key(void **state)
{
	struct tq_article_source out = parse(
	    "---\n"
	    "title: عن \"الهامش\": مقال\n"
	    "slug: مكتبة_الدرج-2\n"
	    "date: 2026-11-23 09:30\n"
	    "language: ar-MA\n"
	    "author: \"س. ص.\"\n"
	    "section:رأي\n"
	    "summary:   two  words  \n"
	    "comments: until 2026-12-01 18:00\n"
	    "---\n"
	    "# Body\n\n---\n\ntext: here\n");

	(void)state;
	assert_str(out.title, "عن \"الهامش\": مقال");
	assert_str(out.slug, "مكتبة_الدرج-2");
	assert_str(out.language, "ar-MA");
	assert_str(out.author, "س. ص.");
	assert_str(out.section, "رأي");
	assert_str(out.summary, "two words");
	assert_str(out.body, "# Body\n\n---\n\ntext: here");
	assert_int_equal(out.at_us, at("2026-11-23 06:30"));
	assert_int_equal(out.comments_until_us, at("2026-12-01 15:00"));
}

static void
only_what_is_needed(void **state)
{
	struct tq_article_source out = parse(
	    "---\ndate: 2026-11-23\ntitle: T\n---");

	(void)state;
	assert_str(out.title, "T");
	assert_str(out.slug, "file");
	assert_int_equal(out.language.n, 0);
	assert_int_equal(out.author.n, 0);
	assert_int_equal(out.body.n, 0);
	assert_int_equal(out.at_us, at("2026-11-22 21:00"));
	assert_int_equal(out.comments_until_us, INT64_MAX);
}

static void
byte_order_mark_and_windows_line_ends(void **state)
{
	struct tq_article_source out = parse(
	    "\xEF\xBB\xBF---\r\ntitle: \"T\"\r\n\r\ndate: 2026-11-23\r\n"
	    "---  \r\nA\r\n\r\nB\r\n");

	(void)state;
	assert_str(out.title, "T");
	assert_str(out.body, "A\n\nB");
}

static void
quotes_and_cleaning(void **state)
{
	static const struct { const char *value, *title; } rows[] = {
		{ "\"A: b\"", "A: b" }, { "\"Yes\" and \"no\"",
		    "\"Yes\" and \"no\"" },
		{ "\"Yes,\" he said", "\"Yes,\" he said" },
		{ "\"", "\"" }, { "\" A \"", "A" }, { "'A'", "'A'" },
		{ "a\tb\x01", "a b" }, { "a\u202Eb", "ab" },
		{ "---", "---" },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		char s[200];

		(void)snprintf(s, sizeof(s),
		    "---\ntitle: %s\ndate: 2026-11-23\n---\n", rows[i].value);
		assert_str(parse(s).title, rows[i].title);
	}
}

static void
when_comments_close(void **state)
{
	static const struct { const char *value, *until; int add_us; }
	rows[] = {
		{ "until 2026-12-01", "2026-12-01 21:00", -1 },
		{ "until 2026-12-01T00:00Z", "2026-12-01", 0 },
		{ "\"until  2026-12-01 00:00\"", "2026-11-30 21:00", 0 },
	};

	(void)state;
	assert_int_equal(parse("---\ntitle: T\ndate: 2026-11-23\n"
	    "comments: open\n---\n").comments_until_us, INT64_MAX);
	assert_int_equal(parse("---\ntitle: T\ndate: 2026-11-23\n"
	    "comments: closed\n---\n").comments_until_us, 0);
	for (size_t i = 0; i < TQ_N(rows); i++) {
		char s[200];

		(void)snprintf(s, sizeof(s), "---\ntitle: T\n"
		    "date: 2026-11-23\ncomments: %s\n---\n", rows[i].value);
		assert_int_equal(parse(s).comments_until_us,
		    at(rows[i].until) + rows[i].add_us);
	}
}

#define T "---\ntitle: T\n"
#define TD "---\ntitle: T\ndate: 2026-11-23\n"
#define LONG20 "aaaaaaaaaaaaaaaaaaaa"
#define LONG200 LONG20 LONG20 LONG20 LONG20 LONG20 LONG20 LONG20 LONG20 \
	LONG20 LONG20

static const struct { const char *in, *text; } refused[] = {
	{ "", "line 1: expected ---, the front matter with title and "
	    "date" },
	{ "# Title\n", "line 1: expected ---, the front matter with "
	    "title and date" },
	{ "----\n", "line 1: expected ---, the front matter with "
	    "title and date" },
	{ " ---\n", "line 1: expected ---, the front matter with "
	    "title and date" },
	{ TD, "line 1: the front matter is never closed; a second "
	    "line --- must end it" },
	{ T "---\n", "line 3: the front matter has no date" },
	{ "---\ndate: 2026-11-23\n---\n",
	    "line 3: the front matter has no title" },
	{ TD "titel: U\n---\n", "line 4: unknown key \"titel\"; "
	    "allowed: title, slug, date, language, author, section, "
	    "summary, comments" },
	{ TD "Author: A\n---\n", "line 4: unknown key \"Author\"; "
	    "allowed: title, slug, date, language, author, section, "
	    "summary, comments" },
	{ TD "author A\n---\n",
	    "line 4: \"author A\" is not \"key: value\"" },
	{ TD "\x1B[1m\rx: y\n---\n", "line 4: unknown key \"[1m x\"; "
	    "allowed: title, slug, date, language, author, section, "
	    "summary, comments" },
	{ TD "author:\n---\n", "line 4: author is empty; give it a "
	    "value or leave the line out" },
	{ TD "author: \"\"\n---\n", "line 4: author is empty; give it "
	    "a value or leave the line out" },
	{ TD "author: \u200F\n---\n", "line 4: author is empty; give "
	    "it a value or leave the line out" },
	{ TD "\nauthor: A\nauthor: A\n---\n",
	    "line 6: author is given twice, first on line 5" },
	{ T "date: 23.11.2026\n---\n", "line 3: date: \"23.11.2026\" "
	    "is no date; write 2026-11-23 or 2026-11-23 09:30" },
	{ TD "slug: a b\n---\n", "line 4: slug: \"a b\" must be "
	    "letters, digits, - and _, at most 200 bytes" },
	{ TD "slug: a/b\n---\n", "line 4: slug: \"a/b\" must be "
	    "letters, digits, - and _, at most 200 bytes" },
	{ TD "slug: a\u2044b\n---\n", "line 4: slug: \"a\u2044b\" "
	    "must be letters, digits, - and _, at most 200 bytes" },
	{ TD "slug: a" LONG200 "\n---\n", "line 4: slug: \"" LONG20
	    LONG20 "\" must be letters, digits, - and _, at most 200 "
	    "bytes" },
	{ TD "slug: !ششششششششششششششششششششششششش\n---\n",
	    "line 4: slug: \"!ششششششششششششششششششش\" must be letters, "
	    "digits, - and _, at most 200 bytes" },
	{ TD "language: arabic language\n---\n", "line 4: language: "
	    "\"arabic language\" is no language tag, such as ar or "
	    "en-GB" },
	{ TD "comments: yes\n---\n", "line 4: comments: \"yes\" is "
	    "none of: open, closed, until 2026-12-01" },
	{ TD "comments: until tomorrow\n---\n", "line 4: comments: "
	    "\"until tomorrow\" is none of: open, closed, until "
	    "2026-12-01" },
	{ TD "---\na\nb\xC3\nc", "line 6 is not UTF-8; save the file "
	    "as UTF-8" },
};

static void
refusals_name_line_key_and_what_is_allowed(void **state)
{
	(void)state;
	for (size_t i = 0; i < TQ_N(refused); i++) {
		struct tq_article_source out = { .at_us = 7 };
		struct tq_err e = { 0 };

		assert_int_equal(tq_article_parse(&arena,
		    tq_str_c(refused[i].in), TQ_S("f.md"), 0, &out, &e),
		    TQ_EINVALID);
		assert_string_equal(e.text, refused[i].text);
		assert_int_equal(out.at_us, 7);
	}
}

static void
language_tags(void **state)
{
	static const struct { const char *tag; bool ok; } rows[] = {
		{ "ar", true }, { "zh-Hant-TW", true }, { "es-419", true },
		{ "ckb", true }, { "de-x-a", true }, { "a", false },
		{ "ar-", false }, { "-ar", false }, { "ar--b", false },
		{ "4r", false }, { "abcdefghi", false }, { "ar_MA", false },
		{ "ar-abcdefghi", false },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		struct tq_article_source out;
		struct tq_err e;
		char s[200];

		(void)snprintf(s, sizeof(s), TD "language: %s\n---\n",
		    rows[i].tag);
		assert_int_equal(tq_article_parse(&arena, tq_str_c(s),
		    TQ_S("f"), 0, &out, &e) == TQ_OK, rows[i].ok);
	}
}

static void
the_file_s_name_is_the_slug(void **state)
{
	static const struct { const char *name, *slug; } rows[] = {
		{ "late-ferry.md", "late-ferry" }, { "a/b/x_1.md", "x_1" },
		{ "مكتبة-الدرج.md", "مكتبة-الدرج" }, { "notes", "notes" },
		{ "a b.md", NULL }, { ".md", NULL }, { "", NULL },
		{ "a.txt", NULL }, { "a/.md", NULL }, { "\xFF.md", NULL },
		{ "می\u200Cروم.md", NULL },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		struct tq_article_source out;
		struct tq_err e;
		enum tq_code code = tq_article_parse(&arena,
		    TQ_S(TD "---\n"), tq_str_c(rows[i].name), 0, &out, &e);

		if (rows[i].slug == NULL) {
			assert_int_equal(code, TQ_EINVALID);
			continue;
		}
		assert_int_equal(code, TQ_OK);
		assert_str(out.slug, rows[i].slug);
	}
}

static void
without_memory_nothing_is_written(void **state)
{
	static const char text[] = TD "author: A\nsummary: S\n---\nBody\n";
	long k;

	(void)state;
	for (k = 0; k < 100; k++) {
		struct tq_article_source out = { .at_us = 7 };
		struct tq_err e;
		enum tq_code code;

		tq_arena_free(&arena);
		arena.fail_after = k;
		code = tq_article_parse(&arena, tq_str_c(text), TQ_S("f.md"), 0,
		    &out, &e);
		if (code == TQ_OK)
			break;
		assert_int_equal(code, TQ_ELIMIT);
		assert_int_equal(out.at_us, 7);
	}
	assert_in_range(k, 3, 99);
	tq_arena_free(&arena);
	arena.fail_after = -1;
}

static void
the_demo_s_articles_are_articles(void **state)
{
	const char *root = getenv("TALIQ_ROOT");
	char pattern[1024];
	glob_t found;

	(void)state;
	(void)snprintf(pattern, sizeof(pattern), "%s/articles/[a-z][a-z]/*.md",
	    root != NULL ? root : ".");
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct tq_article_source out;
		struct tq_err e;
		tq_str s;

		if (tq_file_read(found.gl_pathv[i], 1 << 20, &arena, &s, &e) !=
		    TQ_OK || tq_article_parse(&arena, s,
		    tq_str_c(found.gl_pathv[i]), 180, &out, &e) != TQ_OK)
			fail_msg("%s: %s", found.gl_pathv[i], e.text);
	}
	globfree(&found);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key),
		cmocka_unit_test(only_what_is_needed),
		cmocka_unit_test(byte_order_mark_and_windows_line_ends),
		cmocka_unit_test(quotes_and_cleaning),
		cmocka_unit_test(when_comments_close),
		cmocka_unit_test(refusals_name_line_key_and_what_is_allowed),
		cmocka_unit_test(language_tags),
		cmocka_unit_test(the_file_s_name_is_the_slug),
		cmocka_unit_test(the_demo_s_articles_are_articles),
		cmocka_unit_test(without_memory_nothing_is_written),
	};

	return cmocka_run_group_tests_name("text/article", tests, open_arena,
	    close_arena);
}
