/* Verbs that work on an installation, wherever it is open: in the server, over
 * its control socket, or here when none runs. */
#include <stdio.h>
#include <string.h>

#include "app/open.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/control.h"

static const struct tq_admin admins[] = {
	{ "site", tq_admin_site, NULL },
	{ "comment", tq_admin_comment, NULL },
	{ "key", tq_admin_key, "explain" },
	{ "reload", tq_admin_reload, "" },
};

const struct tq_admin *
tq_admin_find(const char *name)
{
	for (size_t i = 0; i < sizeof(admins) / sizeof(*admins); i++)
		if (strcmp(name, admins[i].name) == 0)
			return &admins[i];
	return NULL;
}

enum tq_code
tq_admin_reload(struct tq_app *app, int argc, char **argv, struct tq_buf *out,
    struct tq_err *e)
{
	struct tq_err why;
	enum tq_code code;

	(void)argv;
	if (argc != 1)
		return tq_fail(e, TQ_EINVALID, "reload takes no arguments");
	code = tq_app_reload(app, e);
	if (code != TQ_OK)
		return code;
	tq_buf_lit(out, "sites and articles were read again\n");
	if (app->reread.read == NULL)
		return TQ_OK;
	if (app->reread.read(app->reread.ctx, &why) != TQ_OK)
		return tq_fail(e, TQ_EIO, "the old certificate stays: %s",
		    why.text);
	tq_buf_lit(out, "certificates were read again\n");
	return TQ_OK;
}

/* Whether what is asked is nothing without a running server. */
static bool
is_server_only(int argc, char **argv)
{
	const char *act = tq_admin_find(argv[0])->server_only;

	return act != NULL && (act[0] == '\0' ||
	    (argc > 1 && strcmp(act, argv[1]) == 0));
}

/* No server: opens the installation in this process. */
static int
run_here(const struct tq_common *common, int argc, char **argv,
    struct tq_arena *a, tq_str *text, tq_str *failure)
{
	const struct tq_app_options o = {
		.data_dir = common->data, .config_file = common->config,
	};
	struct tq_install *in;
	struct tq_err e = { .code = TQ_OK };
	struct tq_buf out;
	int status = TQ_EXIT_FAIL;

	tq_buf_init(&out, a, 4096);
	tq_log_set_level(TQ_LOG_WARN);	/* a person reads this, not a log */
	if (tq_app_open(&o, &in, &e) == TQ_OK) {
		status = tq_cli_status(tq_admin_find(argv[0])->run(
		    tq_install_app(in), argc, argv, &out, &e));
		tq_app_close(in);
	}
	*text = tq_buf_str(&out);
	*failure = tq_arena_str(a, tq_str_c(e.text));
	return status;
}

int
tq_cmd_admin(const struct tq_command *c, int argc, char **argv)
{
	struct tq_common common;
	struct tq_arena a;
	struct tq_err e;
	tq_str text = { NULL, 0 }, failure = { NULL, 0 };
	enum tq_code code;
	int status;

	if (!tq_cli_common(c, &argc, argv, &common, &status))
		return status;
	tq_arena_init(&a, (size_t)256 * 1024 * 1024);
	code = tq_control_ask(common.data, argc, argv, &a, &status, &text,
	    &failure, &e);
	if (code == TQ_ENOTFOUND && is_server_only(argc, argv)) {
		(void)tq_cli_fail(&e);
		status = TQ_EXIT_NO;
	} else if (code == TQ_ENOTFOUND)
		status = run_here(&common, argc, argv, &a, &text, &failure);
	else if (code != TQ_OK)
		status = tq_cli_fail(&e);
	if (text.n > 0)
		(void)fwrite(text.p, 1, text.n, stdout);
	if (status == TQ_EXIT_USAGE)
		(void)fprintf(stderr, "taliq %s: %.*s\nSee \"taliq %s "
		    "--help\".\n", c->name, TQ_FMT(failure), c->name);
	else if (status != TQ_EXIT_GOOD && failure.n > 0)
		(void)fprintf(stderr, "taliq: %.*s\n", TQ_FMT(failure));
	tq_arena_free(&a);
	return status;
}
