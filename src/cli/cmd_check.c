/* taliq check: is this comment spam?  Plain text on standard input is one
 * comment; JSON lines are one comment a line.  The exit status of a single
 * comment is the verdict. */
#include "cli/filter_cmds.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cli/flags.h"
#include "cli/models.h"
#include "cli/rows.h"
#include "text/escape.h"

#define INPUT_MAX (64u << 20)
#define FAILURE 3
#define PLAIN_MAX (64u << 20)	/* an id may be as long as its line */

struct check {
	bool explain, json, no_seed;
	const char *model, *seed;
};

static const char *const class_names[] = {
	[TALIQ_HAM] = "ham", [TALIQ_SPAM] = "spam", [TALIQ_UNSURE] = "unsure"
};

static json_t *
reasons_json(const taliq_verdict *v)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < v->n_reasons; i++) {
		const taliq_reason *r = &v->reasons[i];

		json_array_append_new(list, json_pack("{s:s, s:f, s:s}",
		    "signal", r->name, "weight", r->weight, "detail",
		    r->detail));
	}
	return list;
}

static void
print_json(tq_str id, const taliq_verdict *v)
{
	json_t *j = json_object();

	if (id.n > 0)
		json_object_set_new(j, "id", json_stringn(id.p, id.n));
	else
		json_object_set_new(j, "id", json_null());
	json_object_set_new(j, "spam", json_real(v->p_spam));
	json_object_set_new(j, "class", json_string(class_names[v->verdict]));
	json_object_set_new(j, "reasons", reasons_json(v));
	json_dumpf(j, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(j);
}

/* Id and detail are a stranger's words. */
static void
put_plain(struct tq_buf *b, const struct check *o, tq_str id,
    const taliq_verdict *v)
{
	tq_buf_printf(b, "%-6s %.3f%s", class_names[v->verdict], v->p_spam,
	    id.n > 0 ? " " : "");
	tq_esc_terminal(b, id);
	tq_buf_byte(b, '\n');
	for (uint32_t i = 0; o->explain && i < v->n_reasons; i++) {
		const taliq_reason *r = &v->reasons[i];

		tq_buf_printf(b, "  %+6.2f %s%s", r->weight, r->name,
		    r->detail[0] != 0 ? ": " : "");
		tq_esc_terminal(b, tq_str_c(r->detail));
		tq_buf_byte(b, '\n');
	}
}

static enum tq_code
print_plain(const struct check *o, tq_str id, const taliq_verdict *v,
    struct tq_err *e)
{
	struct tq_arena a;
	struct tq_buf b;
	tq_str s;
	bool ok;

	tq_arena_init(&a, PLAIN_MAX);
	tq_buf_init(&b, &a, 4096);
	put_plain(&b, o, id, v);
	s = tq_buf_str(&b);
	ok = tq_buf_ok(&b);
	if (ok)
		fwrite(s.p, 1, s.n, stdout);
	tq_arena_free(&a);
	return ok ? TQ_OK : tq_fail(e, TQ_ELIMIT, "no memory to print");
}

static enum tq_code
judge(const struct check *o, const taliq_model *m, const struct tq_row *row,
    taliq_class *verdict, struct tq_err *e)
{
	taliq_verdict v;
	enum tq_code c = tq_models_fail(o->explain || o->json ?
	    taliq_explain(m, &row->in, &v) : taliq_classify(m, &row->in, &v),
	    "judging", e);

	if (c != TQ_OK)
		return c;
	*verdict = v.verdict;
	if (!o->json)
		return print_plain(o, row->id, &v, e);
	print_json(row->id, &v);
	return TQ_OK;
}

/* All of standard input. */
static enum tq_code
slurp(struct tq_arena *a, tq_str *out, struct tq_err *e)
{
	struct tq_buf b;
	size_t n;

	tq_buf_init(&b, a, 1u << 16);
	for (;;) {
		if (!tq_buf_room(&b, 1u << 16))
			return tq_fail(e, TQ_ELIMIT, "standard input is larger "
			    "than %u bytes", INPUT_MAX / 4);
		n = fread(b.p + b.n, 1, 1u << 16, stdin);
		b.n += n;
		if (n == 0)
			break;
	}
	if (ferror(stdin))
		return tq_fail(e, TQ_EIO, "cannot read standard input");
	*out = tq_buf_str(&b);
	return TQ_OK;
}

/* JSON lines begin with an object that has a text. */
static bool
is_json(tq_str s)
{
	tq_str line;
	json_t *j;
	bool yes;

	(void)tq_str_cut(tq_str_trim(s), '\n', &line);
	if (!tq_str_starts(line, TQ_S("{")))
		return false;
	j = json_loadb(line.p, line.n, JSON_ALLOW_NUL, NULL);
	yes = j != NULL || tq_str_find(line, TQ_S("\"text\"")) < line.n;
	json_decref(j);
	return yes;
}

static enum tq_code
check_lines(const struct check *o, const taliq_model *m, tq_str all,
    size_t *n, taliq_class *last, struct tq_err *e)
{
	struct tq_rows r = { .name = "standard input" };
	enum tq_code c = TQ_OK;

	while (c == TQ_OK && all.n > 0) {
		struct tq_row row;
		tq_str line;

		all = tq_str_cut(all, '\n', &line);
		r.line++;
		line = tq_str_trim(line);
		if (line.n == 0)
			continue;
		c = tq_rows_parse(&r, line, &row, e);
		if (c == TQ_OK)
			c = judge(o, m, &row, last, e);
		++*n;
	}
	tq_rows_close(&r);
	return c;
}

static enum tq_code
check_input(const struct check *o, const taliq_model *m, size_t *n,
    taliq_class *last, struct tq_err *e)
{
	struct tq_arena a;
	tq_str all;
	enum tq_code c;

	tq_arena_init(&a, INPUT_MAX);
	c = slurp(&a, &all, e);
	if (c == TQ_OK && is_json(all)) {
		c = check_lines(o, m, all, n, last, e);
	} else if (c == TQ_OK) {
		struct tq_row row = { .in = tq_rows_input(all) };

		*n = 1;
		c = judge(o, m, &row, last, e);
	}
	tq_arena_free(&a);
	return c;
}

static int
status_of(size_t n, taliq_class last)
{
	if (n != 1 || last == TALIQ_HAM)
		return 0;
	return last == TALIQ_SPAM ? 1 : 2;
}

int
tq_cmd_check(const struct tq_command *command, int argc, char **argv)
{
	struct check o = { 0 };
	const struct tq_flag flags[] = {
		{ "explain", NULL, "say why", NULL, &o.explain },
		{ "json", NULL, "one JSON object a comment", NULL, &o.json },
		{ "model", "F", "a site's model file", &o.model, NULL },
		{ "no-seed", NULL, "judge by nothing that ships", NULL,
		    &o.no_seed },
		{ "seed", "F", "another seed file than the shipped one",
		    &o.seed, NULL },
	};
	size_t n_flags = sizeof(flags) / sizeof(flags[0]), operands, n = 0;
	struct tq_err e = { TQ_OK, "" };
	taliq_class last = TALIQ_HAM;
	taliq_model *m = NULL;
	enum tq_code c;
	bool help;

	(void)command;		/* the options are a table of our own */
	c = tq_flags_read(flags, n_flags, argc, argv, &operands, &help, &e);
	if (c == TQ_OK && help) {
		tq_flags_help(flags, n_flags, "taliq check [options] <TEXT");
		return 0;
	}
	if (c == TQ_OK && operands > 0)
		c = tq_fail(&e, TQ_EINVALID, "\"%s\": the comment is read "
		    "from standard input", argv[1]);
	if (c != TQ_OK) {
		(void)tq_filter_usage("check", &e);
		return FAILURE;
	}
	c = o.model != NULL ? tq_models_read(o.model, &m, &e) :
	    tq_models_fresh(!o.no_seed, &m, &e);
	if (c == TQ_OK && o.seed != NULL)
		c = tq_models_set_seed(m, o.seed, &e);
	if (c == TQ_OK)
		c = check_input(&o, m, &n, &last, &e);
	taliq_model_free(m);
	return c == TQ_OK ? status_of(n, last) : tq_filter_failed("check", &e);
}
