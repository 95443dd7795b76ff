/* cli.h - the command line: one row per verb, and what verbs share.  Exit
 * statuses: 0 good, 1 a plain no, 2 usage, 3 failure with one line of text. */
#ifndef TQ_CLI_CLI_H
#define TQ_CLI_CLI_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

struct tq_app;

enum { TQ_EXIT_GOOD = 0, TQ_EXIT_NO = 1, TQ_EXIT_USAGE = 2, TQ_EXIT_FAIL = 3 };

struct tq_command {
	const char *name, *summary;
	const char *help;	/* whole text of --help */
	/* argv[0] is the verb. */
	int (*run)(const struct tq_command *c, int argc, char **argv);
};

/* Verbs that work on an open installation: in the serving process when there is
 * one, else in this.  Text goes to out, failure to e (TQ_EINVALID: usage). */
typedef enum tq_code (*tq_admin_run)(struct tq_app *app, int argc,
    char **argv, struct tq_buf *out, struct tq_err *e);
struct tq_admin {
	const char *name;
	tq_admin_run run;
	const char *server_only;	/* the act that only a server can do; "": all */
};
/* The row of that verb, or NULL. */
const struct tq_admin *tq_admin_find(const char *name);
enum tq_code tq_admin_site(struct tq_app *app, int argc, char **argv,
    struct tq_buf *out, struct tq_err *e);
enum tq_code tq_admin_comment(struct tq_app *app, int argc, char **argv,
    struct tq_buf *out, struct tq_err *e);
enum tq_code tq_admin_key(struct tq_app *app, int argc, char **argv,
    struct tq_buf *out, struct tq_err *e);
enum tq_code tq_admin_reload(struct tq_app *app, int argc, char **argv,
    struct tq_buf *out, struct tq_err *e);

/* One act of it, in a file of its own. */
enum tq_code tq_key_explain(struct tq_app *app, int argc, char **argv,
    struct tq_buf *out, struct tq_err *e);

/* Commands, one file each. */
int tq_cmd_admin(const struct tq_command *c, int argc, char **argv);
int tq_cmd_init(const struct tq_command *c, int argc, char **argv);
int tq_cmd_config(const struct tq_command *c, int argc, char **argv);
int tq_cmd_verify(const struct tq_command *c, int argc, char **argv);
int tq_cmd_import(const struct tq_command *c, int argc, char **argv);
int tq_cmd_version(const struct tq_command *c, int argc, char **argv);

/* Options that many verbs take, cut out of argv (so that what is left are the
 * verb's own): --data DIR, --config FILE, --help.  False: usage was printed or
 * help was asked for, *status is the exit status. */
struct tq_common { const char *data, *config; };
bool tq_cli_common(const struct tq_command *c, int *argc, char **argv,
    struct tq_common *out, int *status);
/* Takes --NAME VALUE or --NAME=VALUE out of argv; NULL when it is not there.
 * *bad is set when the value is missing. */
const char *tq_cli_option(int *argc, char **argv, const char *name,
    bool *bad);
/* Takes --NAME out of argv. */
bool tq_cli_flag(int *argc, char **argv, const char *name);
/* The exit status of an outcome: one table. */
int tq_cli_status(enum tq_code code);
/* "taliq: TEXT" on standard error; returns TQ_EXIT_FAIL. */
int tq_cli_fail(const struct tq_err *e);
/* "taliq VERB: TEXT" and where help is; returns TQ_EXIT_USAGE. */
int tq_cli_usage(const struct tq_command *c, const char *text);

#endif
