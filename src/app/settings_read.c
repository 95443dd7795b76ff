/* The configuration file: lines "name = value" into the program's table. */
#include "app/settings.h"

/* Reading a file of settings. */
struct reading {
	struct tq_config *config;
	struct tq_arena *arena;
	struct tq_config_source *source;
	int line;
};

static enum tq_code
take_line(struct reading *r, tq_str line, struct tq_err *e)
{
	const struct tq_setting_row *row;
	tq_str name, value = tq_str_cut(line, '=', &name);
	int *set_in;
	enum tq_code code;

	if (value.p == NULL)
		return tq_fail(e, TQ_EINVALID, "not a setting; allowed: "
		    "name = value, or # comment");
	name = tq_str_trim(name);
	code = tq_settings_set(&tq_config_table, r->config, r->arena, name,
	    tq_str_trim(value), e);
	if (code != TQ_OK)
		return code;
	row = tq_settings_row(&tq_config_table, name);
	set_in = &r->source->line[row - tq_config_table.rows];
	if (*set_in != 0)
		return tq_fail(e, TQ_EINVALID, "%s is set in line %d, too",
		    row->name, *set_in);
	*set_in = r->line;
	return TQ_OK;
}

/* Not inih: it cuts lines at 200 bytes without a word - half a list of proxies
 * - and values at " ;", and goes on after an error. */
enum tq_code
tq_config_read(struct tq_config *c, struct tq_arena *a, tq_str text,
    const char *name, struct tq_config_source *source, struct tq_err *e)
{
	struct tq_config_source own = { .line = { 0 } };
	struct reading r = {
		.config = c, .arena = a,
		.source = source != NULL ? source : &own,
	};
	struct tq_err why;
	enum tq_code code;
	tq_str line;

	*r.source = (struct tq_config_source){ .line = { 0 } };
	if (tq_str_starts(text, TQ_S("\xEF\xBB\xBF")))
		text = tq_str_sub(text, 3, text.n);
	while (text.n > 0) {
		text = tq_str_cut(text, '\n', &line);
		line = tq_str_trim(line);
		r.line++;
		if (line.n == 0 || line.p[0] == '#' || line.p[0] == ';')
			continue;
		code = take_line(&r, line, &why);
		if (code != TQ_OK)
			return tq_fail(e, code, "%s:%d: %.180s", name, r.line,
			    why.text);
	}
	return TQ_OK;
}
