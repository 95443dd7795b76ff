/* taliq: one row per verb.  To add one: a row here, a file in src/cli. */
#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "cli/cli.h"
#include "cli/filter_cmds.h"
#include "main/serve.h"

#define DATA_HELP \
	"  --data DIR     data directory (default $TALIQ_DATA or " \
	"/var/lib/taliq)\n" \
	"  --config FILE  configuration (default DIR/taliq.conf)\n" \
	"  --help         this text\n"

static const struct tq_command commands[] = {
	{ "serve", "serve pages, comments and the API",
	    "usage: taliq serve [--data DIR] [--listen ADDRESS:PORT] "
	    "[--config FILE]\n\n"
	    "Serves until SIGTERM or SIGINT; SIGHUP reads sites and articles "
	    "again.\n\n"
	    "  --listen A:P   address and port (default: the setting listen; "
	    "port 0: any)\n" DATA_HELP, tq_cmd_serve },
	{ "init", "make a data directory: keys, database, configuration",
	    "usage: taliq init [--data DIR]\n\n"
	    "Makes what is missing and changes nothing that is there.\n\n"
	    DATA_HELP, tq_cmd_init },
	{ "site", "add, change, show and list sites",
	    "usage: taliq site add NAME [setting=value ...]\n"
	    "       taliq site set NAME setting=value ...\n"
	    "       taliq site show NAME\n"
	    "       taliq site list\n\n"
	    "The settings are in taliq(1); works while the server runs.\n\n"
	    DATA_HELP, tq_cmd_admin },
	{ "comment", "list and moderate comments",
	    "usage: taliq comment list [--site NAME] [--state STATE] "
	    "[--before ID] [--limit N] [--json]\n"
	    "       taliq comment show [--json] ID ...\n"
	    "       taliq comment publish|hold|spam|delete ID ...\n\n"
	    "STATE is published, held (the default), spam or deleted.  Each "
	    "decision is\nappended to the feedback log.  Works while the "
	    "server runs.\n\n" DATA_HELP, tq_cmd_admin },
	{ "key", "make, list, limit and revoke keys of Akismet clients",
	    "usage: taliq key add --site NAME-OR-ADDRESS [LIMITS]\n"
	    "       taliq key list\n"
	    "       taliq key show ID\n"
	    "       taliq key limit ID LIMITS\n"
	    "       taliq key rotate ID [--keep-old HOURS]\n"
	    "       taliq key revoke ID\n"
	    "       taliq key unlearn ID [--hours N]\n"
	    "       taliq key explain GUID\n\n"
	    "A key's text is printed once, by add and rotate; taliq keeps a "
	    "hash.  add makes\nthe site when there is none with that name or "
	    "address.  unlearn takes back\nwhat a key taught the filter, of "
	    "late or ever.  explain says why a client was\ntold spam or not, "
	    "for a day at most and until the server stops.  Works while the\n"
	    "server runs; explain only then.\n\n"
	    "LIMITS: 0 is no limit, but for lessons, where it is none at "
	    "all.\n"
	    "  --per-minute N        calls a minute (0)\n"
	    "  --per-month N         comments checked a month (0)\n"
	    "  --lessons-per-hour N  submits that teach the filter (200)\n"
	    "  --webhook yes|no      may call back the site (no)\n\n"
	    DATA_HELP, tq_cmd_admin },
	{ "reload", "read sites, articles, keys, certificates again",
	    "usage: taliq reload [--data DIR]\n\n" DATA_HELP, tq_cmd_admin },
	{ "import", "add comments from a JSON Lines file",
	    "usage: taliq import --site NAME FILE.jsonl\n\n"
	    "Members of a line: key, page, parent, name, url, text, at, "
	    "state; see taliq(1).\nThe server must not run.\n\n" DATA_HELP,
	    tq_cmd_import },
	{ "verify", "check the database: every row, tree and count",
	    "usage: taliq verify [--data DIR]\n\n"
	    "Exit status 0: no problem; 1: problems, one a line.\n\n"
	    DATA_HELP, tq_cmd_verify },
	{ "config", "print the settings in force and where they are from",
	    "usage: taliq config [--data DIR] [--config FILE]\n\n" DATA_HELP,
	    tq_cmd_config },
	{ "check", "judge a comment by the filter", "", tq_cmd_check },
	{ "train", "teach a model file labelled comments", "",
	    tq_cmd_train },
	{ "eval", "measure the filter on labelled comments", "",
	    tq_cmd_eval },
	{ "model", "look after model files", "", tq_cmd_model },
	{ "version", "print the version",
	    "usage: taliq version\n", tq_cmd_version },
};

#define N_COMMANDS (sizeof(commands) / sizeof(*commands))

static void
usage(FILE *f)
{
	(void)fputs("usage: taliq VERB [ARGUMENTS]\n\n", f);
	for (size_t i = 0; i < N_COMMANDS; i++)
		(void)fprintf(f, "  %-8s %s\n", commands[i].name,
		    commands[i].summary);
	(void)fputs("\n\"taliq VERB --help\" says more; the manual is "
	    "taliq(1).\n", f);
}

/* A verb's output may be lost after the verb is done: a full disk must not read
 * as success.  A server's output is its first line. */
static int
finish(const struct tq_command *c, int status)
{
	if (c->run == tq_cmd_serve || (fflush(stdout) == 0 && !ferror(stdout)))
		return status;
	(void)fprintf(stderr, "taliq %s: cannot write standard output\n",
	    c->name);
	return TQ_EXIT_FAIL;
}

int
main(int argc, char **argv)
{
	struct tq_err e;

	if (argc < 2) {
		usage(stderr);
		return TQ_EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		usage(stdout);
		return TQ_EXIT_GOOD;
	}
	if (strcmp(argv[1], "--version") == 0) {
		(void)printf("taliq %s\n", TQ_VERSION);
		return TQ_EXIT_GOOD;
	}
	if (tq_crypto_start(&e) != TQ_OK)
		return tq_cli_fail(&e);
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return finish(&commands[i], commands[i].run(
			    &commands[i], argc - 1, argv + 1));
	(void)fprintf(stderr, "taliq: no verb \"%.60s\"\n", argv[1]);
	usage(stderr);
	return TQ_EXIT_USAGE;
}
