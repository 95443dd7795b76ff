/* What verbs share: options out of argv, and how failure is told. */
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
drop(int *argc, char **argv, int at, int n)
{
	for (int i = at; i + n <= *argc; i++)
		argv[i] = argv[i + n];	/* moves the NULL at the end too */
	*argc -= n;
}

const char *
tq_cli_option(int *argc, char **argv, const char *name, bool *bad)
{
	size_t n = strlen(name);

	for (int i = 1; i < *argc; i++) {
		char *arg = argv[i], *value;

		if (strcmp(arg, "--") == 0)
			return NULL;
		if (strncmp(arg, "--", 2) != 0 ||
		    strncmp(arg + 2, name, n) != 0)
			continue;
		if (arg[2 + n] == '=') {
			value = arg + 3 + n;
			drop(argc, argv, i, 1);
			return value;
		}
		if (arg[2 + n] != '\0')
			continue;
		if (i + 1 >= *argc) {
			*bad = true;
			return NULL;
		}
		value = argv[i + 1];
		drop(argc, argv, i, 2);
		return value;
	}
	return NULL;
}

bool
tq_cli_flag(int *argc, char **argv, const char *name)
{
	for (int i = 1; i < *argc; i++) {
		if (strcmp(argv[i], "--") == 0)
			return false;
		if (strncmp(argv[i], "--", 2) == 0 &&
		    strcmp(argv[i] + 2, name) == 0) {
			drop(argc, argv, i, 1);
			return true;
		}
	}
	return false;
}

int
tq_cli_status(enum tq_code code)
{
	static const int status[] = {
		[TQ_OK] = TQ_EXIT_GOOD, [TQ_EINVALID] = TQ_EXIT_USAGE,
		[TQ_ENOTFOUND] = TQ_EXIT_NO, [TQ_ECONFLICT] = TQ_EXIT_NO,
		[TQ_EDENIED] = TQ_EXIT_NO, [TQ_ELIMIT] = TQ_EXIT_FAIL,
		[TQ_EBUSY] = TQ_EXIT_FAIL, [TQ_EIO] = TQ_EXIT_FAIL,
		[TQ_EBUG] = TQ_EXIT_FAIL,
	};

	return (size_t)code < sizeof(status) / sizeof(*status) ?
	    status[code] : TQ_EXIT_FAIL;
}

int
tq_cli_fail(const struct tq_err *e)
{
	(void)fprintf(stderr, "taliq: %s\n", e->text);
	return TQ_EXIT_FAIL;
}

int
tq_cli_usage(const struct tq_command *c, const char *text)
{
	(void)fprintf(stderr, "taliq %s: %s\nSee \"taliq %s --help\".\n",
	    c->name, text, c->name);
	return TQ_EXIT_USAGE;
}

bool
tq_cli_common(const struct tq_command *c, int *argc, char **argv,
    struct tq_common *out, int *status)
{
	bool bad = false;

	if (tq_cli_flag(argc, argv, "help")) {
		(void)fputs(c->help, stdout);
		*status = TQ_EXIT_GOOD;
		return false;
	}
	out->data = tq_cli_option(argc, argv, "data", &bad);
	out->config = tq_cli_option(argc, argv, "config", &bad);
	if (bad) {
		*status = tq_cli_usage(c, "an option lacks its value");
		return false;
	}
	if (out->data == NULL)
		out->data = getenv("TALIQ_DATA");
	if (out->data == NULL || out->data[0] == '\0')
		out->data = "/var/lib/taliq";
	return true;
}
