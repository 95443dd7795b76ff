/* Escaping, by context. */
#include "unit.h"

#include <jansson.h>

#include "text/escape.h"

typedef void escape_fn(struct tq_buf *b, tq_str s);

static tq_str
run(struct tq_arena *a, escape_fn *fn, tq_str in)
{
	struct tq_buf b;

	tq_buf_init(&b, a, 0);
	fn(&b, in);
	assert_true(tq_buf_ok(&b));
	return tq_buf_str(&b);
}

static void
each_context_escapes_what_it_must(void **state)
{
	static const struct { escape_fn *fn; tq_str in; const char *out; }
	rows[] = {
		{ tq_esc_html, TQ_S_INIT(""), "" },
		{ tq_esc_html, TQ_S_INIT("clean"), "clean" },
		{ tq_esc_html, TQ_S_INIT("<a b=\"c\" d='e'>&amp;"),
		  "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;" },
		{ tq_esc_html, TQ_S_INIT("a\0b\n\t\x01"),
		  "a\xEF\xBF\xBD" "b\n\t\x01" },
		{ tq_esc_html, TQ_S_INIT("\xD9\x85\xEF\xBB\xBC"),
		  "\xD9\x85\xEF\xBB\xBC" },
		{ tq_esc_xml, TQ_S_INIT("<&>\"'\n\t\r"),
		  "&lt;&amp;&gt;&quot;&#39;\n\t&#13;" },
		{ tq_esc_xml, TQ_S_INIT("\0\x01\x0B\x1F|\x7F"),
		  "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD|\x7F" },
		{ tq_esc_xml, TQ_S_INIT("\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBB\xBC"),
		  "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBB\xBC" },
		{ tq_esc_xml, TQ_S_INIT("cut \xEF\xBF"), "cut \xEF\xBF" },
		{ tq_esc_json, TQ_S_INIT("\"\\/\b\f\n\r\t\0\x1F"),
		  "\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f" },
		{ tq_esc_json, TQ_S_INIT("</script>&"),
		  "\\u003c/script\\u003e\\u0026" },
		{ tq_esc_json, TQ_S_INIT("\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA"),
		  "\\u2028\\u2029\xE2\x80\xAA" },
		{ tq_json_str, TQ_S_INIT("a\"b"), "\"a\\\"b\"" },
		{ tq_json_str, TQ_S_INIT(""), "\"\"" },
		{ tq_esc_component, TQ_S_INIT("a-b._~/?&=+ %\xD9\x85"),
		  "a-b._~%2F%3F%26%3D%2B%20%25%D9%85" },
		{ tq_esc_path, TQ_S_INIT("/a b/\xD9\x85#?"),
		  "/a%20b/%D9%85%23%3F" },
		{ tq_esc_terminal, TQ_S_INIT("x\x1b[31m\x7f\a\r\n\t\0y"),
		  "x [31m      y" },
		{ tq_esc_terminal, TQ_S_INIT("\xC2\x9B" "2J\xC2\x9D" "0;t"),
		  " 2J 0;t" },
		{ tq_esc_terminal, TQ_S_INIT("\xE2\x80\xAE" "a\xD8\x9C" "b"),
		  "?a?b" },
		{ tq_esc_terminal, TQ_S_INIT("\x9B" "2J\xE2\x80"),
		  "\xEF\xBF\xBD" "2J\xEF\xBF\xBD" },
		{ tq_esc_terminal, TQ_S_INIT("\xD9\x85\xE2\x80\x8C<&>"),
		  "\xD9\x85\xE2\x80\x8C<&>" },
		{ tq_esc_json_terminal,
		  TQ_S_INIT("[\"\\u001b\x7F\xC2\x9B\xE2\x80\xAE\xD9\x85\"]\n"),
		  "[\"\\u001b\\u007f\\u009b\\u202e\xD9\x85\"]\n" },
	};
	struct tq_arena a;

	(void)state;
	tq_arena_init(&a, 1 << 20);
	for (size_t i = 0; i < TQ_N(rows); i++)
		assert_str(run(&a, rows[i].fn, rows[i].in), rows[i].out);
	tq_arena_free(&a);
}

static void
json_reads_back_what_was_written(void **state)
{
	struct tq_arena a;

	(void)state;
	tq_arena_init(&a, 1 << 20);
	for (unsigned c = 1; c < 0x80; c++) {
		char in[3] = { 'x', (char)c, 'y' };
		tq_str out = run(&a, tq_json_str, (tq_str){ in, 3 });
		json_t *v = json_loadb(out.p, out.n, JSON_DECODE_ANY, NULL);

		assert_non_null(v);
		assert_int_equal(json_string_length(v), 3);
		assert_memory_equal(json_string_value(v), in, 3);
		json_decref(v);
	}
	tq_arena_free(&a);
}

static void
html_leaves_no_byte_that_could_begin_markup(void **state)
{
	struct tq_arena a;
	char all[256];
	tq_str out;

	(void)state;
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (char)i;
	tq_arena_init(&a, 1 << 20);
	out = run(&a, tq_esc_html, (tq_str){ all, sizeof(all) });
	for (size_t i = 0; i < out.n; i++)
		assert_null(memchr("<>\"'", out.p[i], 4));
	tq_arena_free(&a);
}

static void
a_failed_buffer_stays_quiet(void **state)
{
	struct tq_arena a;
	struct tq_buf b;

	(void)state;
	tq_arena_init(&a, 16);
	tq_buf_init(&b, &a, 0);
	for (int i = 0; i < 100; i++)
		tq_esc_html(&b, TQ_S("<<<<>>>>"));
	assert_false(tq_buf_ok(&b));
	assert_int_equal(tq_buf_str(&b).n, 0);
	tq_arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_context_escapes_what_it_must),
		cmocka_unit_test(json_reads_back_what_was_written),
		cmocka_unit_test(html_leaves_no_byte_that_could_begin_markup),
		cmocka_unit_test(a_failed_buffer_stays_quiet),
	};

	return cmocka_run_group_tests_name("text/escape", tests, NULL, NULL);
}
