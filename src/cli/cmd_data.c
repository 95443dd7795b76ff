/* taliq init, config, verify, version: the data directory as a whole. */
#include <stdio.h>
#include <unistd.h>

#include "app/open.h"
#include "cli/cli.h"

int
tq_cmd_init(const struct tq_command *c, int argc, char **argv)
{
	struct tq_common common;
	struct tq_err e;
	int status;

	if (!tq_cli_common(c, &argc, argv, &common, &status))
		return status;
	if (argc != 1)
		return tq_cli_usage(c, "no further arguments are taken");
	if (tq_app_init(common.data, &e) != TQ_OK)
		return tq_cli_fail(&e);
	(void)printf("%s is ready; next: taliq site add NAME --data %s\n",
	    common.data, common.data);
	return TQ_EXIT_GOOD;
}

int
tq_cmd_config(const struct tq_command *c, int argc, char **argv)
{
	struct tq_common common;
	struct tq_config config;
	struct tq_config_source source;
	struct tq_arena a;
	struct tq_buf b;
	struct tq_err e;
	int status;

	if (!tq_cli_common(c, &argc, argv, &common, &status))
		return status;
	if (argc != 1)
		return tq_cli_usage(c, "no further arguments are taken");
	tq_arena_init(&a, (size_t)4 * 1024 * 1024);
	if (tq_app_config(&(struct tq_app_options){ .data_dir = common.data,
	    .config_file = common.config }, &a, &config, &source, &e) !=
	    TQ_OK) {
		tq_arena_free(&a);
		return tq_cli_fail(&e);
	}
	tq_buf_init(&b, &a, 4096);
	for (size_t i = 0; i < tq_config_table.n; i++) {
		tq_buf_printf(&b, "%s = ", tq_config_table.rows[i].name);
		tq_settings_print(&b, &tq_config_table.rows[i], &config);
		if (source.line[i] == 0)
			tq_buf_lit(&b, "\t# default\n");
		else
			tq_buf_printf(&b, "\t# line %d\n", source.line[i]);
	}
	(void)fwrite(b.p, 1, tq_buf_str(&b).n, stdout);
	tq_arena_free(&a);
	return TQ_EXIT_GOOD;
}

static void
print_problem(void *ctx, const char *line)
{
	(void)ctx;
	(void)printf("%s\n", line);
}

int
tq_cmd_verify(const struct tq_command *c, int argc, char **argv)
{
	struct tq_common common;
	struct tq_err e;
	int64_t checked = 0, bad = 0;
	int status;

	if (!tq_cli_common(c, &argc, argv, &common, &status))
		return status;
	if (argc != 1)
		return tq_cli_usage(c, "no further arguments are taken");
	if (tq_app_verify(common.data, print_problem, NULL, &checked, &bad,
	    &e) != TQ_OK)
		return tq_cli_fail(&e);
	(void)printf("%lld rows read, %lld problems\n", (long long)checked,
	    (long long)bad);
	return bad == 0 ? TQ_EXIT_GOOD : TQ_EXIT_NO;
}

int
tq_cmd_version(const struct tq_command *c, int argc, char **argv)
{
	struct tq_common common;
	int status;

	if (!tq_cli_common(c, &argc, argv, &common, &status))
		return status;
	(void)printf("taliq %s\n", TQ_VERSION);
	return TQ_EXIT_GOOD;
}
