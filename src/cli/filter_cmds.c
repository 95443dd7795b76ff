/* What the filter's commands say when they cannot go on. */
#include "cli/filter_cmds.h"

#include <stdio.h>

#include "cli/cli.h"

int
tq_filter_usage(const char *verb, const struct tq_err *e)
{
	fprintf(stderr, "taliq %s: %s (see taliq %s --help)\n", verb, e->text,
	    verb);
	return TQ_EXIT_USAGE;
}

int
tq_filter_failed(const char *verb, const struct tq_err *e)
{
	fflush(stdout);
	fprintf(stderr, "taliq %s: %s\n", verb, e->text);
	return TQ_EXIT_FAIL;
}
