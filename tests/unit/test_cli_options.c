/* Options out of argv: what is taken, what is left, what is refused. */
#include "unit.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/cli.h"

#define ARGS_MAX 12

/* A command line of words, as main gets it. */
struct line { char text[200], *argv[ARGS_MAX + 1]; int argc; };

static void
split(struct line *l, const char *words)
{
	(void)snprintf(l->text, sizeof(l->text), "%s", words);
	l->argc = 0;
	for (char *p = l->text; *p != '\0';) {
		l->argv[l->argc++] = p;
		assert_true(l->argc <= ARGS_MAX);
		while (*p != '\0' && *p != ' ')
			p++;
		if (*p == ' ')
			*p++ = '\0';
	}
	l->argv[l->argc] = NULL;
}

static void
assert_left(const struct line *l, const char *wanted)
{
	char got[200] = "";
	size_t len = 0;

	for (int i = 0; i < l->argc; i++)
		len += (size_t)snprintf(got + len, sizeof(got) - len, "%s%s",
		    i > 0 ? " " : "", l->argv[i]);
	assert_string_equal(got, wanted);
	assert_null(l->argv[l->argc]);
}

static void
options_are_taken_out(void **state)
{
	static const struct {
		const char *in, *value, *left;
		bool bad;
	} rows[] = {
		{ "v", NULL, "v", false },
		{ "v --data D", "D", "v", false },
		{ "v --data=D", "D", "v", false },
		{ "v --data=", "", "v", false },
		{ "v a --data D b", "D", "v a b", false },
		{ "v a b --data=D", "D", "v a b", false },
		{ "v --data=a=b", "a=b", "v", false },
		{ "v --data", NULL, "v --data", true },
		{ "v a --data", NULL, "v a --data", true },
		{ "v --database D", NULL, "v --database D", false },
		{ "v --dat D", NULL, "v --dat D", false },
		{ "v -data D", NULL, "v -data D", false },
		{ "v data D", NULL, "v data D", false },
		{ "v -- --data D", NULL, "v -- --data D", false },
		{ "v --data D -- --data E", "D", "v -- --data E", false },
		{ "v --data D --data E", "D", "v --data E", false },
		{ "--data D", NULL, "--data D", false },	/* the verb */
	};
	struct line l;

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		bool bad = false;
		const char *value;

		split(&l, rows[i].in);
		value = tq_cli_option(&l.argc, l.argv, "data", &bad);
		if (rows[i].value == NULL)
			assert_null(value);
		else
			assert_string_equal(value, rows[i].value);
		assert_int_equal(bad, rows[i].bad);
		assert_left(&l, rows[i].left);
	}
}

static void
flags_are_taken_out(void **state)
{
	static const struct { const char *in; bool set; const char *left; }
	rows[] = {
		{ "v", false, "v" },
		{ "v --json", true, "v" },
		{ "v a --json b", true, "v a b" },
		{ "v --jsonl", false, "v --jsonl" },
		{ "v --json=1", false, "v --json=1" },
		{ "v -- --json", false, "v -- --json" },
		{ "v --json --json", true, "v --json" },
	};
	struct line l;

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		split(&l, rows[i].in);
		assert_int_equal(tq_cli_flag(&l.argc, l.argv, "json"),
		    rows[i].set);
		assert_left(&l, rows[i].left);
	}
}

static const struct tq_command command = {
	.name = "v", .summary = "does v", .help = "usage: taliq v\n",
};

/* Standard streams of a test would mix with its results. */
static bool
common(struct line *l, struct tq_common *out, int *status)
{
	int kept[2] = { dup(1), dup(2) };
	bool go;

	(void)fflush(stdout);
	assert_non_null(freopen("/dev/null", "w", stderr));
	assert_true(dup2(2, 1) == 1);
	go = tq_cli_common(&command, &l->argc, l->argv, out, status);
	(void)fflush(stdout);
	(void)fflush(stderr);
	(void)dup2(kept[0], 1);
	(void)dup2(kept[1], 2);
	(void)close(kept[0]);
	(void)close(kept[1]);
	return go;
}

static void
all_verbs_know_where_the_data_is(void **state)
{
	struct tq_common c;
	struct line l;
	int status = -1;

	(void)state;
	(void)unsetenv("TALIQ_DATA");
	split(&l, "v x");
	assert_true(common(&l, &c, &status));
	assert_string_equal(c.data, "/var/lib/taliq");
	assert_null(c.config);
	assert_left(&l, "v x");
	assert_int_equal(setenv("TALIQ_DATA", "E", 1), 0);
	split(&l, "v");
	assert_true(common(&l, &c, &status));
	assert_string_equal(c.data, "E");
	split(&l, "v --config F x --data D y");
	assert_true(common(&l, &c, &status));
	assert_string_equal(c.data, "D");
	assert_string_equal(c.config, "F");
	assert_left(&l, "v x y");
	(void)unsetenv("TALIQ_DATA");
}

static void
help_and_usage_end_a_verb(void **state)
{
	struct tq_common c;
	struct line l;
	int status = -1;

	(void)state;
	split(&l, "v --help");
	assert_false(common(&l, &c, &status));
	assert_int_equal(status, TQ_EXIT_GOOD);
	split(&l, "v --data");
	assert_false(common(&l, &c, &status));
	assert_int_equal(status, TQ_EXIT_USAGE);
	split(&l, "v --data --help");
	assert_false(common(&l, &c, &status));
	assert_int_equal(status, TQ_EXIT_GOOD);
}

static void
verbs_that_work_while_serving(void **state)
{
	(void)state;
	assert_non_null(tq_admin_find("site"));
	assert_non_null(tq_admin_find("comment"));
	assert_non_null(tq_admin_find("reload"));
	assert_null(tq_admin_find("serve"));
	assert_null(tq_admin_find("sit"));
	assert_null(tq_admin_find(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_are_taken_out),
		cmocka_unit_test(flags_are_taken_out),
		cmocka_unit_test(all_verbs_know_where_the_data_is),
		cmocka_unit_test(help_and_usage_end_a_verb),
		cmocka_unit_test(verbs_that_work_while_serving),
	};

	return cmocka_run_group_tests_name("cli/options", tests, NULL, NULL);
}
