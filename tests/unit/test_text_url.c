/* Web addresses: what is taken, what is refused, what comes out. */
#include "unit.h"

#include "base/buf.h"
#include "shared.h"
#include "text/rune.h"
#include "text/url.h"
#include "text/utf8.h"

static struct tq_arena arena;

static int
setup(void **state)
{
	(void)state;
	tq_arena_init(&arena, (size_t)32 << 20);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	tq_arena_free(&arena);
	return 0;
}

#define MITHAL "\xD9\x85\xD8\xAB\xD8\xA7\xD9\x84" /* four Arabic letters */

static void
an_address_is_split_into_its_parts(void **state)
{
	struct tq_url_parts u;

	(void)state;
	assert_true(tq_url_split(
	    TQ_S("HTTPS://Ex-1.org:8080/a/b?c=/d?e#f?g#h"), &u));
	assert_str(u.scheme, "HTTPS");
	assert_str(u.host, "Ex-1.org");
	assert_str(u.port, "8080");
	assert_str(u.path, "/a/b");
	assert_str(u.query, "c=/d?e");
	assert_str(u.fragment, "f?g#h");
	assert_true(tq_url_split(TQ_S("http://[2001:db8::1]:80?q"), &u));
	assert_str(u.host, "2001:db8::1");
	assert_str(u.port, "80");
	assert_str(u.path, "");
	assert_str(u.query, "q");
	assert_true(tq_url_split(TQ_S("http://localhost"), &u));
	assert_str(u.host, "localhost");
	assert_str(u.path, "");
}

static void
what_is_not_plainly_web_is_refused(void **state)
{
	static const tq_str rows[] = {
		TQ_S_INIT(""), TQ_S_INIT("http://"), TQ_S_INIT("http:///a"),
		TQ_S_INIT("javascript:alert(1)"), TQ_S_INIT("data:,x"),
		TQ_S_INIT("vbscript:x"), TQ_S_INIT("ftp://a.org/"),
		TQ_S_INIT("mailto:a@b.org"), TQ_S_INIT("//a.org/"),
		TQ_S_INIT("java\nscript://a.org"), TQ_S_INIT("http:a.org"),
		TQ_S_INIT("http:/a.org"), TQ_S_INIT("http:\\\\a.org"),
		TQ_S_INIT("http://a.org\\b"), TQ_S_INIT("http://u@a.org/"),
		TQ_S_INIT("http://u:p@a.org/"), TQ_S_INIT("http://a.org:/"),
		TQ_S_INIT("http://a.org:0/"), TQ_S_INIT("http://a.org:65536"),
		TQ_S_INIT("http://a.org:8 0/"), TQ_S_INIT("http://a.org:-1/"),
		TQ_S_INIT("http://a.org:http/"), TQ_S_INIT("http://a b.org/"),
		TQ_S_INIT("http://a.org/ b"), TQ_S_INIT("http://a.org/\tb"),
		TQ_S_INIT("http://a.org/\0"), TQ_S_INIT("http://a.org/\x7F"),
		TQ_S_INIT("http://a.org/\xC2\xA0"),
		TQ_S_INIT("http://a.org/\xE2\x80\xAE" "gpj"),
		TQ_S_INIT("http://a.org/\xE2\x80\x8B"),
		TQ_S_INIT("http://a.org/\xFF"), TQ_S_INIT("http://a.org/\""),
		TQ_S_INIT("http://a.org/<b>"), TQ_S_INIT("http://a.org/`"),
		TQ_S_INIT("http://.org/"), TQ_S_INIT("http://a..org/"),
		TQ_S_INIT("http://a.org./"), TQ_S_INIT("http://-a.org/"),
		TQ_S_INIT("http://a-.org/"), TQ_S_INIT("http://a_b.org/"),
		TQ_S_INIT("http://a%2Eorg/"), TQ_S_INIT("http://127.1/"),
		TQ_S_INIT("http://0x7f000001/"), TQ_S_INIT("http://017700000001/"),
		TQ_S_INIT("http://1.2.3.256/"), TQ_S_INIT("http://1.2.3.04/"),
		TQ_S_INIT("http://[::1/"), TQ_S_INIT("http://[::1]a/"),
		TQ_S_INIT("http://[fe80::1%25eth0]/"), TQ_S_INIT("http://[]/"),
		TQ_S_INIT("http://::1/"), TQ_S_INIT("http://[1.2.3.4]/"),
		/* full-width letters, dot and slash; a dot leader */
		TQ_S_INIT("http://\xEF\xBD\x81.org/"),
		TQ_S_INIT("http://a\xEF\xBC\x8Eorg/"),
		TQ_S_INIT("http://a.org\xEF\xBC\x8F@b/"),
		TQ_S_INIT("http://a\xE2\x80\xA4org/"),
		/* ZWNJ, an Arabic comma, an emoji, a presentation form */
		TQ_S_INIT("http://a\xE2\x80\x8C" "b.org/"),
		TQ_S_INIT("http://\xD9\x85\xD8\x8C.org/"),
		TQ_S_INIT("http://\xF0\x9F\x98\x80.org/"),
		TQ_S_INIT("http://\xEF\xBB\xBC.org/"),
		/* a Cyrillic a among Latin letters; Latin among Arabic */
		TQ_S_INIT("http://p\xD0\xB0ypal.org/"),
		TQ_S_INIT("http://\xD9\x85" "a.org/"),
	};
	struct tq_url_parts u = { .host = TQ_S("untouched") };

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		if (tq_url_split(rows[i], &u))
			fail_msg("taken: %.*s", TQ_FMT(rows[i]));
	assert_str(u.host, "untouched");
}

static void
a_website_field_becomes_a_canonical_address(void **state)
{
	static const struct { const char *in, *out; } rows[] = {
		{ "example.org", "https://example.org" },
		{ "  HTTP://Example.ORG/A?b#C \n", "http://example.org/A?b#C" },
		{ "example.org:8080/x", "https://example.org:8080/x" },
		{ "www.example.org/?a[]=1|2", "https://www.example.org/?a%5B%5D"
		  "=1%7C2" },
		{ "http://127.0.0.1:80/", "http://127.0.0.1:80/" },
		{ "https://[::1]/", "https://[::1]/" },
		{ "https://localhost/", "https://localhost/" },
		{ "https://" MITHAL ".org/" MITHAL,
		  "https://" MITHAL ".org/%D9%85%D8%AB%D8%A7%D9%84" },
		{ "http://xn--mgbh0fb.org/", "http://xn--mgbh0fb.org/" },
		{ "http://example.org/%D9%85?%zz", "http://example.org/%D9%85"
		  "?%zz" },
		{ "http://example.org/?#", "http://example.org/" },
		{ "http://caf\xC3\xA9.example/", "http://caf\xC3\xA9.example/" },
		{ "me", NULL }, { "", NULL }, { "3.14", NULL },
		{ "localhost:80", NULL }, { "a@b.org", NULL },
		{ "javascript:alert(1)", NULL }, { "javascript:1", NULL },
		{ "java\tscript:alert(1)", NULL }, { "//example.org", NULL },
		{ "/example.org", NULL }, { "example.org\\x", NULL },
		{ "ftp://example.org", NULL }, { "two words.org", NULL },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		tq_url out = { TQ_S("untouched") };
		bool ok = tq_url_web(&arena, tq_str_c(rows[i].in), &out);

		if (ok != (rows[i].out != NULL))
			fail_msg("wrong verdict: %s", rows[i].in);
		assert_str(out.s, ok ? rows[i].out : "untouched");
	}
}

static void
long_addresses_are_refused(void **state)
{
	struct tq_url_parts u;
	struct tq_buf b;
	tq_url out;
	tq_str s;

	(void)state;
	tq_buf_init(&b, &arena, 0);
	tq_buf_lit(&b, "http://a.org/");
	while (b.n < TQ_URL_MAX)
		tq_buf_byte(&b, 'a');
	s = tq_buf_str(&b);
	assert_true(tq_url_split(s, &u));
	tq_buf_byte(&b, 'a');
	assert_false(tq_url_split(tq_buf_str(&b), &u));
	b.n = 1000;		/* short as typed, too long as %XX */
	while (b.n < 1500)
		tq_buf_lit(&b, MITHAL);
	assert_true(tq_url_split(tq_buf_str(&b), &u));
	assert_false(tq_url_web(&arena, tq_buf_str(&b), &out));
}

static void
local_paths_stay_on_this_host(void **state)
{
	static const struct { tq_str in; const char *out; } rows[] = {
		{ TQ_S_INIT("/"), "/" }, { TQ_S_INIT("/a?b#c"), "/a?b#c" },
		{ TQ_S_INIT(""), "/" }, { TQ_S_INIT("a"), "/" },
		{ TQ_S_INIT("//evil.org"), "/" },
		{ TQ_S_INIT("/\\evil.org"), "/" },
		{ TQ_S_INIT("/\t/evil.org"), "/" },
		{ TQ_S_INIT("/a\r\nb"), "/" }, { TQ_S_INIT("/a\0"), "/" },
		{ TQ_S_INIT("https://evil.org"), "/" },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		assert_str(tq_url_local(rows[i].in).s, rows[i].out);
}

static void
origins_compare_as_text(void **state)
{
	static const struct { const char *in, *out; } rows[] = {
		{ "HTTPS://Example.org:443/x?y", "https://example.org" },
		{ "http://example.org:80", "http://example.org" },
		{ "http://example.org:443", "http://example.org:443" },
		{ "https://[2001:DB8::1]:8443/", "https://[2001:db8::1]:8443" },
		{ "example.org", "" }, { "null", "" }, { "", "" },
		{ "https://u@example.org", "" },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		assert_str(tq_url_origin(&arena, tq_str_c(rows[i].in)),
		    rows[i].out);
}

/* Whatever is taken is a web address with nothing hidden in it. */
static void
check_taken(tq_str in, tq_url out)
{
	struct tq_url_parts u;

	if (!tq_str_starts(out.s, TQ_S("http://")) &&
	    !tq_str_starts(out.s, TQ_S("https://")))
		fail_msg("scheme of %.*s", TQ_FMT(out.s));
	assert_true(tq_url_split(out.s, &u));
	assert_int_equal(tq_str_find(in, TQ_S("\\")), in.n);
	for (size_t at = 0; at < u.host.n;) {
		uint32_t c = tq_utf8_next(u.host, &at);

		assert_false(tq_rune_blank(c) || c == '@' || c == '%');
	}
	for (const char *p = u.host.p + u.host.n; p < out.s.p + out.s.n; p++)
		assert_true(*p > ' ' && *p < 0x7F && *p != '"' && *p != '<');
}

static void
foreign_rows_give_only_harmless_addresses(void **state)
{
	tq_str rest = tq_shared_read(&arena, "corpora/url-wpt.jsonl");
	size_t rows = 0, taken = 0;
	json_t *row;

	(void)state;
	for (; tq_shared_row(&rest, &row); json_decref(row), rows++) {
		tq_str in = tq_row_str(row, "input");
		tq_str user = tq_row_str(row, "username");
		tq_url out;

		if (!tq_url_web(&arena, in, &out))
			continue;
		taken++;
		check_taken(in, out);
		if (user.n > 0)
			fail_msg("credentials taken: %.*s", TQ_FMT(in));
		/* what has a scheme is read as a browser reads it, or not */
		if (tq_str_find(in, TQ_S("://")) < in.n &&
		    json_is_true(json_object_get(row, "failure")))
			fail_msg("browsers refuse %.*s", TQ_FMT(in));
	}
	assert_true(rows > 500 && taken > 20);
}

static void
out_of_memory_is_a_refusal(void **state)
{
	tq_str in = TQ_S("example.org/a?b#c");
	tq_url out;
	long n = 0;

	(void)state;
	for (;; n++) {
		arena.fail_after = n;
		if (tq_url_web(&arena, in, &out))
			break;
		assert_true(arena.failed);
		tq_arena_free(&arena);
	}
	assert_true(n > 0);
	arena.fail_after = 0;
	assert_str(tq_url_origin(&arena, out.s), "");
	arena.fail_after = -1;
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(an_address_is_split_into_its_parts),
		T(what_is_not_plainly_web_is_refused),
		T(a_website_field_becomes_a_canonical_address),
		T(long_addresses_are_refused),
		T(local_paths_stay_on_this_host),
		T(origins_compare_as_text),
		T(foreign_rows_give_only_harmless_addresses),
		T(out_of_memory_is_a_refusal),
	};

	return cmocka_run_group_tests_name("text/url", tests, NULL, NULL);
}
