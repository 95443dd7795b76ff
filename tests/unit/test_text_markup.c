/* Markup: case files, foreign attacks through a strict reader, limits. */
#include "unit.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/file.h"
#include "html_check.h"
#include "shared.h"
#include "text/markup.h"
#include "text/utf8.h"

static struct tq_arena arena;
static struct tq_err err;

static int
setup(void **state)
{
	(void)state;
	tq_arena_init(&arena, (size_t)256 << 20);
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
check_html(tq_str html, bool article, tq_str source)
{
	size_t at = 0;
	const char *wrong = html_check(html, article, &at);

	if (wrong != NULL)
		fail_msg("%s at %zu of \"%.*s\"\nfrom \"%.*s\"", wrong, at,
		    TQ_FMT(html), TQ_FMT(source));
	assert_true(tq_utf8_valid(html));
}

/* ---- case files ----
 *
 *	== title | ltr or rtl
 *	source, any lines
 *	=>
 *	expected HTML; its lines are joined, "\n" is a line end
 */

static tq_str
join_expected(tq_str s)
{
	struct tq_buf b;

	tq_buf_init(&b, &arena, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == 'n') {
			tq_buf_byte(&b, '\n');
			i++;
		} else if (s.p[i] != '\n') {
			tq_buf_byte(&b, s.p[i]);
		}
	}
	return tq_buf_str(&b);
}

static void
run_case(tq_str one, bool article)
{
	size_t arrow = tq_str_find(one, TQ_S("\n=>"));
	tq_str title, source, expected;
	tq_html html = { TQ_S("untouched") };
	enum tq_dir base;

	source = tq_str_cut(tq_str_sub(one, 0, arrow), '\n', &title);
	expected = join_expected(tq_str_sub(one, arrow + 3, one.n));
	base = tq_str_ends(title, TQ_S("| rtl")) ? TQ_RTL : TQ_LTR;
	assert_int_equal(article ?
	    tq_markup_article(&arena, source, base, &html, &err) :
	    tq_markup_comment(&arena, source, base, &html, NULL, &err), TQ_OK);
	check_html(html.s, article, source);
	if (!tq_str_eq(html.s, expected))
		fail_msg("%.*s:\n     got %.*s\nexpected %.*s", TQ_FMT(title),
		    TQ_FMT(html.s), TQ_FMT(expected));
}

static void
run_cases(const char *name, bool article, size_t at_least)
{
	const char *root = getenv("TALIQ_ROOT");
	tq_str rest;
	char path[1024];
	size_t cases = 0;

	(void)snprintf(path, sizeof(path), "%s/tests/cases/markup/%s",
	    root != NULL ? root : ".", name);
	assert_int_equal(tq_file_read(path, 1 << 20, &arena, &rest, &err),
	    TQ_OK);
	assert_true(tq_str_starts(rest, TQ_S("== ")));
	for (rest = tq_str_sub(rest, 3, rest.n); rest.n > 0; cases++) {
		size_t end = tq_str_find(rest, TQ_S("\n== "));

		run_case(tq_str_sub(rest, 0, end), article);
		rest = tq_str_sub(rest, end + 4, rest.n);
	}
	assert_true(cases >= at_least);
}

static void
comments_become_what_the_cases_say(void **state)
{
	(void)state;
	run_cases("comment-basics.case", false, 15);
	run_cases("comment-bidi.case", false, 10);
	run_cases("comment-links.case", false, 14);
}

static void
articles_become_what_the_cases_say(void **state)
{
	(void)state;
	run_cases("article.case", true, 9);
}

/* ---- foreign rows ---- */

/* As a comment and as an article: nothing but the allowed comes out. */
static void
check_source(tq_str source)
{
	tq_str s = tq_utf8_repair(&arena, source);
	tq_html html;

	for (int i = 0; i < 2; i++) {
		enum tq_code code = i > 0 ?
		    tq_markup_article(&arena, s, TQ_RTL, &html, &err) :
		    tq_markup_comment(&arena, s, TQ_RTL, &html, NULL, &err);

		assert_int_equal(code, TQ_OK);
		check_html(html.s, i > 0, s);
	}
	tq_arena_free(&arena);
}

static tq_str
percent_decoded(tq_str s)
{
	char *out = malloc(s.n + 1);
	size_t n = 0;

	assert_non_null(out);
	for (size_t i = 0; i < s.n; i++) {
		char hex[3] = "", *end;

		if (s.p[i] == '%' && s.n - i > 2)
			memcpy(hex, s.p + i + 1, 2);
		out[n] = (char)strtoul(hex, &end, 16);
		if (hex[0] != 0 && end == hex + 2)
			i += 2;
		else
			out[n] = s.p[i];
		n++;
	}
	return (tq_str){ out, n };
}

/* The forms in which an attack may arrive: bare, as an address of a link, in
 * angle brackets, as an image, as a title, decoded. */
static void
check_attack(tq_str in)
{
	static const char *const forms[] = {
		"%.*s", "[x](%.*s)", "[x](<%.*s>)", "<%.*s>", "![%.*s](y)",
		"[x]: %.*s\n\n[x]", "[y](https://a.example/ \"%.*s\")",
		"https://a.example/%.*s", "```%.*s\n", "> - %.*s",
	};

	for (size_t i = 0; i < TQ_N(forms); i++) {
		char *text = NULL;
		size_t n = strlen(forms[i]) + in.n;
		const char *hole = strstr(forms[i], "%.*s");
		size_t before = (size_t)(hole - forms[i]);

		text = calloc(1, n + 1);
		assert_non_null(text);
		memcpy(text, forms[i], before);
		if (in.n > 0)
			memcpy(text + before, in.p, in.n);
		memcpy(text + before + in.n, hole + 4, strlen(hole + 4));
		check_source((tq_str){ text, n - 4 });
		free(text);
	}
}

static void
sweep(const char *path, const char *field, size_t at_least)
{
	struct tq_arena file;
	size_t rows = 0;
	json_t *row;
	tq_str rest;

	tq_arena_init(&file, (size_t)64 << 20);
	for (rest = tq_shared_read(&file, path); tq_shared_row(&rest, &row);
	    json_decref(row), rows++) {
		tq_str in = field != NULL ? tq_row_str(row, field) :
		    tq_row_input(&file, row), decoded = percent_decoded(in);

		check_attack(in);
		check_attack(decoded);
		free((char *)(uintptr_t)decoded.p);
	}
	tq_arena_free(&file);
	assert_true(rows >= at_least);
}

static void
no_foreign_attack_comes_out(void **state)
{
	(void)state;
	sweep("corpora/xss-bleach.jsonl", NULL, 10);
	sweep("corpora/xss-dompurify.jsonl", NULL, 100);
	sweep("corpora/xss-h5sc.jsonl", NULL, 50);
	sweep("corpora/xss-libinjection.jsonl", NULL, 500);
	sweep("corpora/xss-patt.jsonl", NULL, 500);
	sweep("corpora/xss-payloadbox.jsonl", NULL, 1000);
	sweep("corpora/strings-blns.jsonl", NULL, 100);
}

static void
markdown_of_all_kinds_stays_inside(void **state)
{
	(void)state;
	sweep("corpora/markdown-commonmark.jsonl", "md", 300);
}

/* ---- facts and plain text ---- */

static void
facts_tell_what_a_reader_sees(void **state)
{
	static const struct { const char *in; struct tq_markup_facts f; }
	rows[] = {
		{ "", { 0, 0, true } },
		{ " \n\n", { 0, 0, true } },
		{ "abc", { 0, 3, false } },
		{ "a\nb\n\nc", { 0, 3, false } },
		{ "**a** `b` \xD9\x85", { 0, 5, false } },
		{ "[a](http://b.example) www.c.example <http://d.example>",
		  { 3, 1 + 1 + 13 + 1 + 16, false } },
		{ "[a](javascript:x)", { 0, 1, false } },
		{ "\xE2\x80\x8B\xE2\x80\x8F \xC2\xA0", { 0, 4, true } },
		{ "![](http://a.example/x.png)", { 0, 0, true } },
		{ "[](http://a.example/)", { 1, 0, true } },
		{ "[x]: http://a.example/", { 0, 0, true } },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		struct tq_markup_facts f;

		assert_int_equal(tq_markup_facts(&arena, tq_str_c(rows[i].in),
		    &f, &err), TQ_OK);
		if (f.links != rows[i].f.links || f.blank != rows[i].f.blank ||
		    f.code_points != rows[i].f.code_points)
			fail_msg("\"%s\": %zu links, %zu code points, %d",
			    rows[i].in, f.links, f.code_points, f.blank);
	}
}

static void
plain_text_is_one_line_and_cut(void **state)
{
	static const struct { const char *in; size_t max; const char *out; }
	rows[] = {
		{ "", 10, "" }, { "abc", 3, "abc" }, { "abcd", 3, "ab\xE2\x80\xA6" },
		{ "abc", 0, "" }, { "abc", 1, "\xE2\x80\xA6" },
		{ "ab cd", 4, "ab\xE2\x80\xA6" },
		{ "# a *b*\n\n- [c](http://x.example)\n- d\n", 99, "a b c d" },
		{ "one\ntwo  \nthree", 99, "one two three" },
		{ "<b>x</b>", 99, "<b>x</b>" },
		{ "```\nx\ny\n```", 99, "x y" },
		{ "\xD9\x85\xD8\xB1\xD8\xAD\xD8\xA8\xD8\xA7", 4,
		  "\xD9\x85\xD8\xB1\xD8\xAD\xE2\x80\xA6" },
		{ "a\xE2\x80\xAE" "b\xE2\x80\xAC", 99, "ab" },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		assert_str(tq_markup_plain(&arena, tq_str_c(rows[i].in),
		    rows[i].max), rows[i].out);
}

/* ---- limits ---- */

static tq_str
repeated(const char *head, const char *unit, size_t n, const char *tail)
{
	struct tq_buf b;

	tq_buf_init(&b, &arena, 0);
	tq_buf_put(&b, tq_str_c(head));
	for (size_t i = 0; i < n; i++)
		tq_buf_put(&b, tq_str_c(unit));
	tq_buf_put(&b, tq_str_c(tail));
	return tq_buf_str(&b);
}

static size_t
occurrences(tq_str s, const char *what)
{
	tq_str w = tq_str_c(what);
	size_t n = 0, at;

	while ((at = tq_str_find(s, w)) < s.n) {
		s = tq_str_sub(s, at + w.n, s.n);
		n++;
	}
	return n;
}

static tq_html
comment(tq_str source)
{
	tq_html html = { { NULL, 0 } };

	assert_int_equal(tq_markup_comment(&arena, source, TQ_LTR, &html, NULL,
	    &err), TQ_OK);
	check_html(html.s, false, TQ_S("(long)"));
	return html;
}

static void
depth_is_flattened_and_no_text_is_lost(void **state)
{
	tq_str s;

	(void)state;
	s = comment(repeated("", "> ", 90, "deep")).s;
	assert_int_equal(occurrences(s, "<blockquote>"), TQ_MARKUP_DEPTH_MAX);
	assert_true(tq_str_starts(tq_str_sub(s,
	    TQ_MARKUP_DEPTH_MAX * 12, s.n), TQ_S("<p>deep</p>")));
	s = comment(repeated("", "* 1. ", 40, "deep")).s;
	assert_int_equal(occurrences(s, "<li>"), TQ_MARKUP_DEPTH_MAX);
	assert_int_equal(occurrences(s, "<p>deep</p>"), 1);
	s = comment(repeated("", "*a **b ", 50, "")).s;
	assert_int_equal(occurrences(s, "b "), 49);
	s = comment(repeated(repeated("", "*", 999, "x").p, "*", 999, "")).s;
	assert_int_equal(occurrences(s, "<strong>") + occurrences(s, "<em>"),
	    16);
}

static void
text_in_lists_that_are_too_deep_keeps_apart(void **state)
{
	struct tq_buf b;
	tq_str s;

	(void)state;
	tq_buf_init(&b, &arena, 0);
	for (int i = 0; i < 20; i++) {
		for (int j = 0; j < i; j++)
			tq_buf_lit(&b, "  ");
		tq_buf_printf(&b, "- n%d *e*\n", i);
	}
	s = comment(tq_buf_str(&b)).s;
	assert_int_equal(occurrences(s, "<ul>"), TQ_MARKUP_DEPTH_MAX);
	assert_int_equal(occurrences(s, "<p>n19 <em>e</em></p>"), 1);
}

/* Each of these took md4c 50 to 4,000 ms; now they are not parsed, which shows
 * in the output: what was typed is still there. */
static void
syntax_bombs_are_shown_as_typed(void **state)
{
	tq_str s;

	(void)state;
	s = comment(repeated(repeated("[a]: b\n\n", "[", 20000, "").p, "]",
	    20000, "")).s;
	assert_int_equal(occurrences(s, "["), 20001);
	s = comment(repeated(repeated("", "![", 10000, "\n").p, "]\n", 10000,
	    "")).s;
	assert_int_equal(occurrences(s, "!["), 10000);
	s = comment(repeated(repeated("", "a\n", 8000, "").p, "[](", 10000,
	    "")).s;
	assert_int_equal(occurrences(s, "[]("), 10000);
	s = comment(repeated("", "1. ", 20000, "")).s;
	assert_int_equal(occurrences(s, "<ol"), 0);
	s = comment(repeated(repeated("", "~a ", 8000, "\n").p, "~~a~\n",
	    8000, "")).s;
	assert_int_equal(occurrences(s, "<del>"), 0);
	s = comment(repeated("", ">", 10000, " x")).s;
	assert_int_equal(occurrences(s, "<blockquote>"), 0);
}

/* Ten times as much text must not need more than about ten times as much
 * memory, and whatever comes out is well-formed. */
static void
repetition_needs_linear_room(void **state)
{
	static const char *const units[] = {
		"*", "**a", "_a_", "`", "``a", "~~a~~ ", "<", "<a:", "[", "]",
		"![", "[a](b)", "[a]\n", "\\", "&amp;", ">a\n", "> ", "- ",
		"- a\n", "1)\n", "# a\n", "a\n=\n", "```\n", "http://a.b",
		"http://a.b/( ", "www.a.b*", "https://", "[a]: b\n", "\t",
		"a  \n", "\xD9\x85\xE2\x80\x8F", "\xD8\x8C\n\n",
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(units); i++) {
		size_t used[2], n[2] = { 500, 5000 };

		for (size_t k = 0; k < 2; k++) {
			tq_str s = repeated("", units[i], n[k], "");
			tq_html html = { { NULL, 0 } };
			size_t before = arena.used;

			if (tq_markup_comment(&arena, s, TQ_RTL, &html, NULL,
			    &err) != TQ_OK)
				assert_int_equal(err.code, TQ_ELIMIT);
			check_html(html.s, false, s);
			assert_true(html.s.n <= 8 * s.n + 4096);
			used[k] = arena.used - before;
		}
		if (used[1] > 20 * used[0])
			fail_msg("%s: %zu, then %zu bytes", units[i], used[0],
			    used[1]);
		tq_arena_free(&arena);
	}
}

static void
too_much_is_refused(void **state)
{
	tq_html html = { TQ_S("untouched") };
	size_t before;
	tq_str s;

	(void)state;
	assert_int_equal(tq_markup_comment(&arena, repeated("", "a",
	    TQ_MARKUP_COMMENT_MAX + 1, ""), TQ_LTR, &html, NULL, &err),
	    TQ_ELIMIT);
	/* md4c goes on after a callback has said stop, unless by -1 */
	assert_int_equal(tq_markup_comment(&arena, repeated(repeated("",
	    "*http://a.b", 5000, "").p, "\n\na", 100, ""), TQ_LTR, &html,
	    NULL, &err), TQ_ELIMIT);
	/* a reference that becomes much longer than what names it, stopped
	 * long before its 30 MB */
	s = repeated(repeated("[a]: http://a.example/", "x", 1900, "\n\n").p,
	    "[a]\n\n", 12000, "");
	before = arena.used;
	assert_int_equal(tq_markup_comment(&arena, s, TQ_LTR, &html, NULL,
	    &err), TQ_ELIMIT);
	assert_true(arena.used - before < (size_t)4 << 20);
	assert_int_equal(tq_markup_article(&arena, repeated("", "a",
	    TQ_MARKUP_ARTICLE_MAX + 1, ""), TQ_LTR, &html, &err), TQ_ELIMIT);
	assert_str(html.s, "untouched");
}

static void
rendering_survives_failure_of_every_allocation(void **state)
{
	static const char source[] = "# \xD8\xB3\n\n> a [b.example](http://c."
	    "example) http://d.example `e` <http://f.example>\n\n5. g\n\n"
	    "![h](/media/i \"j\")\n\n![k](http://l.example)\n\n# \xD8\xB3\n";

	(void)state;
	for (int article = 0; article < 2; article++) {
		long n = 0;

		for (;; n++) {
			tq_html html = { TQ_S("untouched") };
			enum tq_code code;

			arena.fail_after = n;
			code = article ? tq_markup_article(&arena,
			    tq_str_c(source), TQ_LTR, &html, &err) :
			    tq_markup_comment(&arena, tq_str_c(source), TQ_LTR,
			    &html, NULL, &err);
			if (code == TQ_OK)
				break;
			assert_int_equal(code, TQ_ELIMIT);
			assert_str(html.s, "untouched");
			tq_arena_free(&arena);
		}
		arena.fail_after = -1;
		assert_true(n > 5);
	}
	for (long n = 0;; n++) {
		tq_str s;

		arena.fail_after = n;
		s = tq_markup_plain(&arena, tq_str_c(source), 5);
		if (!arena.failed)
			break;
		assert_int_equal(s.n, 0);
		tq_arena_free(&arena);
	}
	arena.fail_after = -1;
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(comments_become_what_the_cases_say),
		T(articles_become_what_the_cases_say),
		T(facts_tell_what_a_reader_sees),
		T(plain_text_is_one_line_and_cut),
		T(depth_is_flattened_and_no_text_is_lost),
		T(text_in_lists_that_are_too_deep_keeps_apart),
		T(syntax_bombs_are_shown_as_typed),
		T(repetition_needs_linear_room),
		T(too_much_is_refused),
		T(rendering_survives_failure_of_every_allocation),
		T(no_foreign_attack_comes_out),
		T(markdown_of_all_kinds_stays_inside),
	};

	return cmocka_run_group_tests_name("text/markup", tests, NULL, NULL);
}
