/* taliq-filter: check, train, eval and model alone, without server and store.
 * What data/seed and bench/filter run; taliq itself has the same verbs. */
#include "cli/filter_cmds.h"

#include <stdio.h>
#include <string.h>

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(const struct tq_command *c, int argc, char **argv);
	} verbs[] = {
		{ "check", tq_cmd_check },
		{ "train", tq_cmd_train },
		{ "eval", tq_cmd_eval },
		{ "model", tq_cmd_model },
	};

	for (size_t i = 0; argc > 1 && i < sizeof(verbs) / sizeof(*verbs); i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(NULL, argc - 1,
			    argv + 1);
	fprintf(stderr, "usage: taliq-filter check|train|eval|model ...\n");
	return 2;
}
