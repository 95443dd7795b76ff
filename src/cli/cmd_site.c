/* taliq site add|set|show|list */
#include <string.h>

#include "app/app.h"
#include "app/sites.h"
#include "app/site_admin.h"
#include "cli/cli.h"
#include "text/lang.h"

#define VALUES_MAX 32

/* "name=value" words into pairs. */
static enum tq_code
read_values(int argc, char **argv, struct tq_site_value *out, size_t *n,
    struct tq_err *e)
{
	*n = 0;
	for (int i = 0; i < argc; i++) {
		tq_str name, value = tq_str_cut(tq_str_c(argv[i]), '=', &name);

		if (value.p == NULL)
			return tq_fail(e, TQ_EINVALID, "\"%.60s\" is not "
			    "setting=value", argv[i]);
		if (*n == VALUES_MAX)
			return tq_fail(e, TQ_EINVALID, "at most %d settings "
			    "at once", VALUES_MAX);
		out[(*n)++] = (struct tq_site_value){ name, value };
	}
	return TQ_OK;
}

/* A language without an interface is allowed, but not in silence. */
static void
note_language(const struct tq_site_value *values, size_t n,
    struct tq_buf *out)
{
	for (size_t i = 0; i < n; i++) {
		if (!tq_str_eq(values[i].name, TQ_S("language")) ||
		    tq_lang_known(values[i].value))
			continue;
		tq_buf_printf(out, "there is no interface in %.*s yet: what "
		    "its pages say of themselves is in English; there is",
		    TQ_FMT(values[i].value));
		for (size_t k = 0; k < tq_lang_count(); k++)
			tq_buf_printf(out, " %.*s",
			    TQ_FMT(tq_lang_tag(tq_lang_at(k))));
		tq_buf_byte(out, '\n');
	}
}

static enum tq_code
add(struct tq_app *app, int argc, char **argv, struct tq_buf *out,
    struct tq_err *e)
{
	struct tq_site_value values[VALUES_MAX];
	size_t n;
	enum tq_code code;

	if (argc < 1)
		return tq_fail(e, TQ_EINVALID, "add wants a name");
	code = read_values(argc - 1, argv + 1, values, &n, e);
	if (code == TQ_OK)
		code = tq_site_make(app, tq_str_c(argv[0]), values, n, e);
	if (code == TQ_OK)
		tq_buf_printf(out, "site %s was added\n", argv[0]);
	if (code == TQ_OK)
		note_language(values, n, out);
	return code;
}

static enum tq_code
set(struct tq_app *app, int argc, char **argv, struct tq_buf *out,
    struct tq_err *e)
{
	struct tq_site_value values[VALUES_MAX];
	size_t n;
	enum tq_code code;

	if (argc < 2)
		return tq_fail(e, TQ_EINVALID, "set wants a name and "
		    "setting=value");
	code = read_values(argc - 1, argv + 1, values, &n, e);
	if (code == TQ_OK)
		code = tq_site_change(app, tq_str_c(argv[0]), values, n, e);
	if (code == TQ_OK)
		tq_buf_printf(out, "site %s was changed\n", argv[0]);
	if (code == TQ_OK)
		note_language(values, n, out);
	return code;
}

static enum tq_code
show(struct tq_app *app, int argc, char **argv, struct tq_buf *out,
    struct tq_err *e)
{
	struct tq_sites *sites = (struct tq_sites *)tq_cell_get(&app->sites);
	const struct tq_site_view *v = argc == 1 ?
	    tq_sites_by_name(sites, tq_str_c(argv[0])) : NULL;
	enum tq_code code = TQ_OK;

	if (argc != 1)
		code = tq_fail(e, TQ_EINVALID, "show wants one name");
	else if (v == NULL)
		code = tq_fail(e, TQ_ENOTFOUND, "there is no site \"%.60s\"",
		    argv[0]);
	for (size_t i = 0; code == TQ_OK && i < tq_site_table.n; i++) {
		tq_buf_printf(out, "%s = ", tq_site_table.rows[i].name);
		tq_settings_print(out, &tq_site_table.rows[i], &v->set);
		tq_buf_byte(out, '\n');
	}
	tq_sites_put(sites);
	return code;
}

static enum tq_code
list(struct tq_app *app, int argc, char **argv, struct tq_buf *out,
    struct tq_err *e)
{
	struct tq_sites *sites = (struct tq_sites *)tq_cell_get(&app->sites);

	(void)argc;
	(void)argv;
	(void)e;
	for (size_t i = 0; i < sites->n; i++)
		tq_buf_printf(out, "%.*s\t%.*s\t%.*s\t%.*s\n",
		    TQ_FMT(sites->sites[i].name),
		    TQ_FMT(sites->sites[i].set.language),
		    TQ_FMT(tq_site_origin(&sites->sites[i])),
		    TQ_FMT(sites->sites[i].set.title));
	tq_sites_put(sites);
	return TQ_OK;
}

enum tq_code
tq_admin_site(struct tq_app *app, int argc, char **argv, struct tq_buf *out,
    struct tq_err *e)
{
	static const struct { const char *name; tq_admin_run run; } acts[] = {
		{ "add", add }, { "set", set }, { "show", show },
		{ "list", list },
	};

	for (size_t i = 0; argc > 1 && i < sizeof(acts) / sizeof(*acts); i++)
		if (strcmp(argv[1], acts[i].name) == 0)
			return acts[i].run(app, argc - 2, argv + 2, out, e);
	return tq_fail(e, TQ_EINVALID, "say add, set, show or list");
}
