/* What the filter's commands say when they cannot go on.  A message may quote a
 * row, which is a stranger's. */
#include "cli/filter_cmds.h"

#include <stdio.h>

#include "cli/cli.h"
#include "text/escape.h"

static void
say(const char *verb, const struct tq_err *e, const char *more)
{
	struct tq_arena a;
	struct tq_buf b;
	tq_str s;

	(void)fflush(stdout);
	tq_arena_init(&a, 8192);
	tq_buf_init(&b, &a, 1024);
	tq_esc_terminal(&b, tq_str_c(e->text));
	s = tq_buf_ok(&b) ? tq_buf_str(&b) : TQ_S("no memory");
	(void)fprintf(stderr, "taliq %s: %.*s%s\n", verb, TQ_FMT(s), more);
	tq_arena_free(&a);
}

int
tq_filter_usage(const char *verb, const struct tq_err *e)
{
	char more[64];

	(void)snprintf(more, sizeof(more), " (see taliq %s --help)", verb);
	say(verb, e, more);
	return TQ_EXIT_USAGE;
}

int
tq_filter_failed(const char *verb, const struct tq_err *e)
{
	say(verb, e, "");
	return TQ_EXIT_FAIL;
}
