/* Options as a table: what is taken, what is left in which order, what is
 * refused. */
#include "unit.h"

#include <stdio.h>

#include "cli/flags.h"

static const char *file;
static bool json, given;
static const struct tq_flag table[] = {
	{ "file", "F", "a file", &file, &given },
	{ "json", NULL, "as JSON", NULL, &json },
};

/* Reads words; operands are left behind argv[0]. */
static enum tq_code
take(char *words, char **argv, size_t *n, bool *help, struct tq_err *e)
{
	int argc = 0;

	file = NULL;
	json = given = false;
	for (char *w = words; w != NULL; words = w) {
		w = strchr(words, ' ');
		if (w != NULL)
			*w++ = '\0';
		argv[argc++] = words;
	}
	argv[argc] = NULL;
	return tq_flags_read(table, TQ_N(table), argc, argv, n, help, e);
}

static void
options_and_operands(void **state)
{
	static const struct {
		const char *in, *file, *left;
		bool json, help;
	} rows[] = {
		{ "v", NULL, "", false, false },
		{ "v --file a", "a", "", false, false },
		{ "v --file=a=b", "a=b", "", false, false },
		{ "v --file=", "", "", false, false },
		{ "v x --json y", NULL, " x y", true, false },
		{ "v --file a --file b", "b", "", false, false },
		{ "v --file --json x", "--json", " x", false, false },
		{ "v - -x", NULL, " - -x", false, false },
		{ "v -- --json x", NULL, " --json x", false, false },
		{ "v x -- --", NULL, " x --", false, false },
		{ "v --help x", NULL, " x", false, true },
		{ "v -- --help", NULL, " --help", false, false },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		char words[80], *argv[12], left[80] = "";
		size_t n, len = 0;
		struct tq_err e;
		bool help;

		(void)snprintf(words, sizeof(words), "%s", rows[i].in);
		assert_int_equal(take(words, argv, &n, &help, &e), TQ_OK);
		for (size_t k = 1; k <= n; k++)
			len += (size_t)snprintf(left + len, sizeof(left) - len,
			    " %s", argv[k]);
		assert_string_equal(left, rows[i].left);
		assert_int_equal(json, rows[i].json);
		assert_int_equal(help, rows[i].help);
		assert_int_equal(given, rows[i].file != NULL);
		if (rows[i].file == NULL)
			assert_null(file);
		else
			assert_string_equal(file, rows[i].file);
	}
}

static void
what_is_refused_is_named(void **state)
{
	static const struct { const char *in, *text; } rows[] = {
		{ "v --eggs", "unknown option --eggs" },
		{ "v --eggs=1", "unknown option --eggs" },
		{ "v --", NULL },
		{ "v --fil a", "unknown option --fil" },
		{ "v --files a", "unknown option --files" },
		{ "v --=a", "unknown option --" },
		{ "v --file", "--file needs F" },
		{ "v x --file", "--file needs F" },
		{ "v --json=1", "--json takes no value" },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		char words[80], *argv[12];
		struct tq_err e = { TQ_OK, "" };
		enum tq_code c;
		size_t n;
		bool help;

		(void)snprintf(words, sizeof(words), "%s", rows[i].in);
		c = take(words, argv, &n, &help, &e);
		assert_int_equal(c, rows[i].text == NULL ? TQ_OK :
		    TQ_EINVALID);
		assert_string_equal(e.text, rows[i].text == NULL ? "" :
		    rows[i].text);
	}
}

static void
numbers_are_whole_and_within(void **state)
{
	static const struct { const char *text; bool number, count; }
	rows[] = {
		{ "1", true, true }, { "10", true, true }, { "0", false, false },
		{ "11", false, false }, { "-1", false, false },
		{ "1.5", true, false }, { "2.0", true, false },
		{ "1e0", true, false }, { "", false, false },
		{ "2x", false, false }, { "nan", false, false },
		{ "inf", false, false },
		{ "99999999999999999999", false, false },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		struct tq_err e;
		unsigned n = 77;
		double x = 77;

		assert_int_equal(tq_flags_number("n", rows[i].text, 1, 10, &x,
		    &e), rows[i].number ? TQ_OK : TQ_EINVALID);
		assert_int_equal(tq_flags_count("n", rows[i].text, 1, 10, &n,
		    &e), rows[i].count ? TQ_OK : TQ_EINVALID);
		assert_true(rows[i].number || x > 76);
		assert_true(rows[i].count || n == 77);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_and_operands),
		cmocka_unit_test(what_is_refused_is_named),
		cmocka_unit_test(numbers_are_whole_and_within),
	};

	return cmocka_run_group_tests_name("cli/flags", tests, NULL, NULL);
}
