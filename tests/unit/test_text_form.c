/* Form bodies. */
#include "unit.h"

#include "base/buf.h"
#include "shared.h"
#include "text/form.h"
#include "text/utf8.h"

static struct tq_arena arena;
static struct tq_err err;

static int
setup(void **state)
{
	(void)state;
	tq_arena_init(&arena, (size_t)4 << 20);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	tq_arena_free(&arena);
	return 0;
}

/* "name=value|" for each field, "!" before one that was repaired. */
static tq_str
shown(tq_str in)
{
	struct tq_form f;
	struct tq_buf b;

	tq_buf_init(&b, &arena, 256);
	if (tq_form_parse(&arena, in, &f, &err) != TQ_OK)
		return TQ_S("refused");
	for (size_t i = 0; i < f.n; i++) {
		assert_non_null(f.fields[i].name.p);
		assert_non_null(f.fields[i].value.p);
		assert_true(tq_utf8_valid(f.fields[i].name));
		assert_true(tq_utf8_valid(f.fields[i].value));
		tq_buf_put(&b, f.fields[i].bad ? TQ_S("!") : TQ_S(""));
		tq_buf_put(&b, f.fields[i].name);
		tq_buf_byte(&b, '=');
		tq_buf_put(&b, f.fields[i].value);
		tq_buf_byte(&b, '|');
	}
	return tq_buf_str(&b);
}

static void
sound_is_what_a_browser_sends(void **state)
{
	static const struct { tq_str in; bool sound; } rows[] = {
		{ TQ_S_INIT(""), true }, { TQ_S_INIT("a=1&b=&a%20=2"), true },
		{ TQ_S_INIT("a=%zz"), true }, { TQ_S_INIT("a=%0D%0A"), true },
		{ TQ_S_INIT("a=1&a=2"), false },
		{ TQ_S_INIT("a=1&b=2&%61"), false },
		{ TQ_S_INIT("a=%00"), false }, { TQ_S_INIT("a=%C0%AF"), false },
		{ TQ_S_INIT("a=1&b=%E3%D1%CD%C8%C7"), false },
		{ TQ_S_INIT("%FF=1"), false },
	};
	struct tq_form f;

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		assert_int_equal(tq_form_parse(&arena, rows[i].in, &f, &err),
		    TQ_OK);
		assert_int_equal(tq_form_sound(&f), rows[i].sound);
	}
}

static void
bodies_are_decoded(void **state)
{
	static const struct { tq_str in; const char *out; } rows[] = {
		{ TQ_S_INIT(""), "" }, { TQ_S_INIT("&&"), "" },
		{ TQ_S_INIT("a=1&b=2"), "a=1|b=2|" },
		{ TQ_S_INIT("&a=1&&b&"), "a=1|b=|" },
		{ TQ_S_INIT("="), "=|" }, { TQ_S_INIT("=x"), "=x|" },
		{ TQ_S_INIT("a=b=c"), "a=b=c|" },
		{ TQ_S_INIT("a+b=c+d%2B"), "a b=c d+|" },
		{ TQ_S_INIT("%61=%6a%6A"), "a=jj|" },
		{ TQ_S_INIT("a=%&b=%4&c=%zz&d=%4g"), "a=%|b=%4|c=%zz|d=%4g|" },
		{ TQ_S_INIT("a=%26%3D"), "a=&=|" },
		{ TQ_S_INIT("a=1&a=2"), "a=1|a=2|" },
		{ TQ_S_INIT("t=%D9%85%D8%B1%D8%AD%D8%A8%D8%A7"),
		  "t=\xD9\x85\xD8\xB1\xD8\xAD\xD8\xA8\xD8\xA7|" },
		{ TQ_S_INIT("t=\xD9\x85"), "t=\xD9\x85|" },
		{ TQ_S_INIT("a=x%FFy&b=1"), "!a=x\xEF\xBF\xBDy|b=1|" },
		{ TQ_S_INIT("a%00b=1"), "!a\xEF\xBF\xBD" "b=1|" },
		{ TQ_S_INIT("a=\0%E9"), "!a=\xEF\xBF\xBD\xEF\xBF\xBD|" },
		{ TQ_S_INIT("a=%0D%0Ab"), "a=\r\nb|" },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		assert_str(shown(rows[i].in), rows[i].out);
}

static void
fields_are_found_by_name(void **state)
{
	struct tq_form f;

	(void)state;
	assert_int_equal(tq_form_parse(&arena, TQ_S("a=1&b=&a=2&a=3"), &f,
	    &err), TQ_OK);
	assert_str(tq_form_get(&f, TQ_S("a")), "1");
	assert_str(tq_form_nth(&f, TQ_S("a"), 2), "3");
	assert_null(tq_form_nth(&f, TQ_S("a"), 3).p);
	assert_non_null(tq_form_get(&f, TQ_S("b")).p);
	assert_int_equal(tq_form_get(&f, TQ_S("b")).n, 0);
	assert_null(tq_form_get(&f, TQ_S("c")).p);
}

static void
too_many_fields_and_too_long_names_are_refused(void **state)
{
	struct tq_buf b;
	struct tq_form f;

	(void)state;
	tq_buf_init(&b, &arena, 0);
	for (int i = 0; i < TQ_FORM_FIELDS_MAX; i++)
		tq_buf_lit(&b, "a=1&");
	assert_int_equal(tq_form_parse(&arena, tq_buf_str(&b), &f, &err),
	    TQ_OK);
	assert_int_equal(f.n, TQ_FORM_FIELDS_MAX);
	tq_buf_lit(&b, "a");
	assert_int_equal(tq_form_parse(&arena, tq_buf_str(&b), &f, &err),
	    TQ_ELIMIT);
	b.n = 0;
	for (int i = 0; i < TQ_FORM_NAME_MAX; i++)
		tq_buf_byte(&b, 'n');
	assert_int_equal(tq_form_parse(&arena, tq_buf_str(&b), &f, &err),
	    TQ_OK);
	tq_buf_byte(&b, 'n');
	assert_int_equal(tq_form_parse(&arena, tq_buf_str(&b), &f, &err),
	    TQ_ELIMIT);
}

/* What each foreign row asks for: what it must read as, or "!" where a field
 * must be marked so that the caller can refuse. */
static const struct wanted { const char *name, *out; } wanted[] = {
	{ "empty", "" }, { "eq", "=|" }, { "noeq", "a=|" },
	{ "dup", "a=1|a=2|" }, { "pct", "a=1|" }, { "badpct", "a=%zz|" },
	{ "cutpct", "a=%4|" }, { "pctnul", "!" }, { "overlong", "!" },
	{ "surr", "!" }, { "latin1", "!" }, { "utf16", "!" },
	{ "cp1256", "!" },
	{ "arabic", "a=\xD9\x85\xD8\xB1\xD8\xAD\xD8\xA8\xD8\xA7|" },
	{ "longname", "refused" }, { "manyfields", "refused" },
	{ "array", "a[]=1|a[x]=2|" }, { "crlf", "a=1\r\nb|" },
	{ "bom", "\xEF\xBB\xBF" "a=1|" }, { "bodyshort", "a=1|" },
};

static void
foreign_rows_read_as_they_ask(void **state)
{
	tq_str rest = tq_shared_read(&arena, "corpora/form-urlencoded.jsonl");
	size_t rows = 0;
	json_t *row;

	(void)state;
	for (; tq_shared_row(&rest, &row); json_decref(row), rows++) {
		tq_str name = tq_row_str(row, "name");
		tq_str got = shown(tq_row_input(&arena, row));
		size_t i = 0;

		while (i < TQ_N(wanted) &&
		    !tq_str_eq(name, tq_str_c(wanted[i].name)))
			i++;
		if (i == TQ_N(wanted))
			fail_msg("unknown row %.*s", TQ_FMT(name));
		if (strcmp(wanted[i].out, "!") == 0)
			assert_true(tq_str_starts(got, TQ_S("!")));
		else
			assert_str(got, wanted[i].out);
	}
	assert_int_equal(rows, TQ_N(wanted));
}

static void
parsing_survives_failure_of_every_allocation(void **state)
{
	struct tq_form f;
	long n = 0;

	(void)state;
	for (;; n++) {
		enum tq_code code;

		arena.fail_after = n;
		code = tq_form_parse(&arena, TQ_S("a=%00&b=%FF&c=d"), &f, &err);
		if (code == TQ_OK)
			break;
		assert_int_equal(code, TQ_ELIMIT);
		tq_arena_free(&arena);
	}
	assert_true(n >= 4);
	assert_int_equal(f.n, 3);
	arena.fail_after = -1;
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(bodies_are_decoded),
		T(sound_is_what_a_browser_sends),
		T(fields_are_found_by_name),
		T(too_many_fields_and_too_long_names_are_refused),
		T(foreign_rows_read_as_they_ask),
		T(parsing_survives_failure_of_every_allocation),
	};

	return cmocka_run_group_tests_name("text/form", tests, NULL, NULL);
}
