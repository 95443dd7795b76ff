/* taliq check: is this comment spam?  Plain text on standard input is one
 * comment; JSON lines are one comment a line, answered one by one.  The exit
 * status of a single comment is the verdict. */
#include "cli/filter_cmds.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/flags.h"
#include "cli/models.h"
#include "cli/rows.h"
#include "text/escape.h"

#define ANSWER_MAX (128u << 20)	/* an id may be as long as its line */

struct check {
	bool explain, json, no_seed, text, jsonl;
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

static bool
put_dumped(struct tq_buf *b, const json_t *j, size_t how)
{
	char *text = j != NULL ? json_dumps(j, JSON_COMPACT | how) : NULL;

	if (text != NULL)
		tq_esc_json_terminal(b, tq_str_c(text));
	free(text);
	return text != NULL;
}

/* The id apart from the rest: a number of it keeps all its digits. */
static bool
put_json(struct tq_buf *b, const json_t *id, const taliq_verdict *v)
{
	json_t *j = json_pack("{s:f, s:s, s:o}", "spam", v->p_spam, "class",
	    class_names[v->verdict], "reasons", reasons_json(v));
	bool ok = true;

	tq_buf_lit(b, "{\"id\":");
	if (id != NULL)
		ok = put_dumped(b, id, JSON_ENCODE_ANY);
	else
		tq_buf_lit(b, "null");
	tq_buf_byte(b, ',');
	ok = ok && put_dumped(b, j, JSON_EMBED | JSON_REAL_PRECISION(6));
	tq_buf_lit(b, "}\n");
	json_decref(j);
	return ok && tq_buf_ok(b);
}

static bool
put_id(struct tq_buf *b, const json_t *id)
{
	tq_buf_byte(b, ' ');
	if (!json_is_string(id))
		return put_dumped(b, id, JSON_ENCODE_ANY);
	tq_esc_terminal(b, (tq_str){ json_string_value(id),
	    json_string_length(id) });
	return true;
}

/* Id and detail are a stranger's words. */
static bool
put_plain(struct tq_buf *b, const struct check *o, const json_t *id,
    const taliq_verdict *v)
{
	tq_buf_printf(b, "%-6s %.3f", class_names[v->verdict], v->p_spam);
	if (id != NULL && !put_id(b, id))
		return false;
	tq_buf_byte(b, '\n');
	for (uint32_t i = 0; o->explain && i < v->n_reasons; i++) {
		const taliq_reason *r = &v->reasons[i];

		tq_buf_printf(b, "  %+6.2f %s%s", r->weight, r->name,
		    r->detail[0] != 0 ? ": " : "");
		tq_esc_terminal(b, tq_str_c(r->detail));
		tq_buf_byte(b, '\n');
	}
	return tq_buf_ok(b);
}

/* At once: who asks row by row waits for it. */
static enum tq_code
print(const struct check *o, const json_t *id, const taliq_verdict *v,
    struct tq_err *e)
{
	struct tq_arena a;
	struct tq_buf b;
	tq_str s;
	enum tq_code c = TQ_OK;

	tq_arena_init(&a, ANSWER_MAX);
	tq_buf_init(&b, &a, 4096);
	if (!(o->json ? put_json(&b, id, v) : put_plain(&b, o, id, v))) {
		c = tq_fail(e, TQ_ELIMIT, "no memory to print");
	} else {
		s = tq_buf_str(&b);
		if (fwrite(s.p, 1, s.n, stdout) < s.n || fflush(stdout) != 0)
			c = tq_fail(e, TQ_EIO, "cannot write standard output: "
			    "%s", strerror(errno));
	}
	tq_arena_free(&a);
	return c;
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
	return print(o, row->id, &v, e);
}

static enum tq_code
check_rows(const struct check *o, const taliq_model *m, struct tq_rows *r,
    size_t *n, taliq_class *last, struct tq_err *e)
{
	for (*n = 0;; ++*n) {
		struct tq_row row;
		bool more;
		enum tq_code c = tq_rows_next(r, &row, &more, e);

		if (c != TQ_OK || !more)
			return c;
		c = judge(o, m, &row, last, e);
		if (c != TQ_OK)
			return c;
	}
}

static enum tq_code
check_text(const struct check *o, const taliq_model *m, struct tq_rows *r,
    taliq_class *verdict, struct tq_err *e)
{
	struct tq_row row;
	enum tq_code c = tq_rows_text(r, &row, e);

	return c == TQ_OK ? judge(o, m, &row, verdict, e) : c;
}

/* What kind of input it is may be left to its first line only by people: a
 * program that hands over a stranger's text says --text. */
static enum tq_code
check_input(const struct check *o, const taliq_model *m, size_t *n,
    taliq_class *last, struct tq_err *e)
{
	struct tq_rows r;
	bool rows = o->jsonl;
	enum tq_code c = tq_rows_open(&r, "-", e);

	if (c == TQ_OK && !o->text && !o->jsonl)
		c = tq_rows_sniff(&r, &rows, e);
	*n = 1;
	if (c == TQ_OK)
		c = rows ? check_rows(o, m, &r, n, last, e) :
		    check_text(o, m, &r, last, e);
	tq_rows_close(&r);
	return c;
}

static enum tq_code
open_model(const struct check *o, taliq_model **m, struct tq_err *e)
{
	enum tq_code c = o->model != NULL ? tq_models_read(o->model, m, e) :
	    tq_models_fresh(!o->no_seed, m, e);

	if (c == TQ_OK && o->seed != NULL)
		c = tq_models_set_seed(*m, o->seed, e);
	return c;
}

/* What the command line may not say. */
static enum tq_code
check_options(const struct check *o, size_t operands, char **operand,
    struct tq_err *e)
{
	if (operands > 0)
		return tq_fail(e, TQ_EINVALID, "\"%s\": the comment is read "
		    "from standard input", operand[0]);
	if (o->text && o->jsonl)
		return tq_fail(e, TQ_EINVALID, "--text and --jsonl exclude "
		    "each other");
	if (o->no_seed && (o->seed != NULL || o->model != NULL))
		return tq_fail(e, TQ_EINVALID, "--no-seed and --%s exclude "
		    "each other", o->seed != NULL ? "seed" : "model");
	return TQ_OK;
}

static int
status_of(size_t n, taliq_class last)
{
	if (n != 1 || last == TALIQ_HAM)
		return TQ_EXIT_GOOD;
	return last == TALIQ_SPAM ? 1 : 2;
}

int
tq_cmd_check(const struct tq_command *command, int argc, char **argv)
{
	struct check o = { 0 };
	const struct tq_flag flags[] = {
		{ "explain", NULL, "say why", NULL, &o.explain },
		{ "json", NULL, "one JSON object a comment", NULL, &o.json },
		{ "text", NULL, "the input is one plain text", NULL, &o.text },
		{ "jsonl", NULL, "the input is JSON lines", NULL, &o.jsonl },
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
	if (c == TQ_OK)
		c = check_options(&o, operands, argv + 1, &e);
	if (c != TQ_OK) {
		(void)tq_filter_usage("check", &e);
		return TQ_EXIT_FAIL;	/* 2 is a verdict here */
	}
	c = open_model(&o, &m, &e);
	if (c == TQ_OK)
		c = check_input(&o, m, &n, &last, &e);
	taliq_model_free(m);
	return c == TQ_OK ? status_of(n, last) : tq_filter_failed("check", &e);
}
