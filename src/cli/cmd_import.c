/* taliq import: comments from JSON Lines into a site, while no server runs. */
#include <stdio.h>
#include <unistd.h>

#include "app/import.h"
#include "app/open.h"
#include "base/log.h"
#include "cli/cli.h"

static void
tell(void *ctx, int64_t lines)
{
	(void)ctx;
	if (isatty(STDERR_FILENO))
		(void)fprintf(stderr, "\r%lld lines", (long long)lines);
}

int
tq_cmd_import(const struct tq_command *c, int argc, char **argv)
{
	struct tq_common common;
	struct tq_install *in;
	struct tq_err e;
	const char *site;
	int64_t n = 0;
	bool bad = false;
	int status;
	enum tq_code code;

	if (!tq_cli_common(c, &argc, argv, &common, &status))
		return status;
	site = tq_cli_option(&argc, argv, "site", &bad);
	if (bad || site == NULL || argc != 2)
		return tq_cli_usage(c, "wants --site NAME and one file");
	tq_log_set_level(TQ_LOG_WARN);
	if (tq_app_open(&(struct tq_app_options){ .data_dir = common.data,
	    .config_file = common.config }, &in, &e) != TQ_OK)
		return tq_cli_fail(&e);
	code = tq_import_jsonl(tq_install_app(in), tq_str_c(site), argv[1],
	    tell, NULL, &n, &e);
	tq_app_close(in);
	if (isatty(STDERR_FILENO))
		(void)fputc('\n', stderr);
	if (code != TQ_OK) {
		(void)tq_cli_fail(&e);
		if (n > 0)
			(void)printf("%lld comments of the lines before were "
			    "added to %s\n", (long long)n, site);
		return code == TQ_ENOTFOUND ? TQ_EXIT_NO : TQ_EXIT_FAIL;
	}
	(void)printf("%lld comments were added to %s\n", (long long)n, site);
	return TQ_EXIT_GOOD;
}
