/* taliq model: look after model files.  info, merge, relearn, diff, prune. */
#include "cli/filter_cmds.h"

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/flags.h"
#include "cli/models.h"
#include "cli/outputs.h"
#include "cli/rows.h"

struct args {
	char **file;
	size_t n;
	const char *out, *least, *seed;
	bool json, no_seed;
};

/* The model in that file (NULL: one that has learnt nothing), on --seed. */
static enum tq_code
open_model(const struct args *o, const char *path, taliq_model **m,
    struct tq_err *e)
{
	enum tq_code c = path != NULL ? tq_models_read(path, m, e) :
	    tq_models_fresh(!o->no_seed, m, e);

	if (c != TQ_OK || o->seed == NULL)
		return c;
	c = tq_models_set_seed(*m, o->seed, e);
	if (c != TQ_OK)
		taliq_model_free(*m);
	return c;
}

static void
print_seed(bool json, const taliq_model *m)
{
	taliq_seed_info i;

	taliq_seed_about(m, &i);
	printf(json ? "{\"seed\":%u,\"spam\":%" PRIu64 ",\"ham\":%" PRIu64
	    ",\"used\":%u,\"places\":%u,\"bias\":%.4f,\"clip\":%.4f,"
	    "\"mean_weight\":%.4f,\"max_weight\":%.4f}\n" :
	    "seed          %08x\n"
	    "lessons       %" PRIu64 " spam, %" PRIu64 " ham\n"
	    "places used   %u of %u\n"
	    "bias          %.4f\n"
	    "counts        %.4f at most\n"
	    "weights       %.4f mean, %.4f most\n", i.id, i.n_spam, i.n_ham,
	    i.used, i.places, i.bias, i.clip, i.mean_weight, i.max_weight);
}

static void
print_model(bool json, const taliq_model *m)
{
	taliq_model_info i;

	taliq_model_about(m, &i);
	if (json)
		printf("{\"spam\":%" PRIu64 ",\"ham\":%" PRIu64
		    ",\"places\":%u,\"used\":%u,"
		    "\"seed\":%u,\"changed_seed\":%s,\"bias\":%.4f,"
		    "\"mean_weight\":%.4f,\"max_weight\":%.4f}\n", i.n_spam,
		    i.n_ham, i.places, i.used, i.seed_id, i.changed_seed ?
		    "true" : "false", i.bias, i.mean_weight, i.max_weight);
	else
		printf("learnt        %" PRIu64 " spam, %" PRIu64 " ham\n"
		    "places used   %u of %u\n"
		    "seed          %08x%s\n"
		    "bias          %.4f\n"
		    "weights       %.4f mean, %.4f most\n", i.n_spam, i.n_ham,
		    i.used, i.places, i.seed_id, i.changed_seed ?
		    " (learnt on another: relearn)" : "", i.bias,
		    i.mean_weight, i.max_weight);
}

/* Of a seed file when that is what is given. */
static enum tq_code
info(const struct args *o, struct tq_err *e)
{
	const char *path = o->n > 0 ? o->file[0] : NULL;
	bool seed = path == NULL;
	struct args of_seed = { .seed = path };
	struct tq_err why;
	taliq_model *m;
	enum tq_code c = open_model(o, path, &m, e);

	if (c == TQ_EINVALID && path != NULL && o->seed == NULL) {
		seed = open_model(&of_seed, NULL, &m, &why) == TQ_OK;
		c = seed ? TQ_OK : c;
	}
	if (c != TQ_OK)
		return c;
	if (seed)
		print_seed(o->json, m);
	else
		print_model(o->json, m);
	taliq_model_free(m);
	return TQ_OK;
}

static enum tq_code
merge(const struct args *o, struct tq_err *e)
{
	taliq_model *m, *other;
	enum tq_code c = tq_models_read(o->file[0], &m, e);

	if (c != TQ_OK)
		return c;
	for (size_t i = 1; c == TQ_OK && i < o->n; i++) {
		c = tq_models_read(o->file[i], &other, e);
		if (c != TQ_OK)
			break;
		if (taliq_model_merge(m, other) != TALIQ_OK)
			c = tq_fail(e, TQ_EINVALID, "%s: learnt on another seed "
			    "than %s", o->file[i], o->file[0]);
		taliq_model_free(other);
	}
	if (c == TQ_OK)
		c = tq_models_write(o->out, m, e);
	taliq_model_free(m);
	return c;
}

/* From nothing but the seed, through all decisions in order. */
static enum tq_code
relearn(const struct args *o, struct tq_err *e)
{
	taliq_model *m;
	struct tq_lessons rows = { 0, 0 };
	enum tq_code c = open_model(o, NULL, &m, e);

	if (c != TQ_OK)
		return c;
	for (size_t i = 0; c == TQ_OK && i < o->n; i++)
		c = tq_models_learn(m, o->file[i], &rows, e);
	if (c == TQ_OK)
		c = tq_models_write(o->out, m, e);
	taliq_model_free(m);
	return c;
}

/* How the verdicts on the comments of a file differ. */
struct change { size_t n, differ; double mean; };

static enum tq_code
diff_rows(const taliq_model *a, const taliq_model *b, const char *path,
    struct change *out, struct tq_err *e)
{
	struct tq_rows r;
	struct tq_row row;
	taliq_verdict va, vb;
	size_t n = 0, changed = 0;
	double sum = 0;
	bool more;
	enum tq_code c = tq_rows_open(&r, path, e);

	while (c == TQ_OK) {
		c = tq_rows_next(&r, &row, &more, e);
		if (c != TQ_OK || !more)
			break;
		c = tq_models_fail(taliq_classify(a, &row.in, &va), path, e);
		if (c == TQ_OK)
			c = tq_models_fail(taliq_classify(b, &row.in, &vb),
			    path, e);
		if (c != TQ_OK)
			break;
		n++;
		changed += va.verdict != vb.verdict;
		sum += fabs(va.p_spam - vb.p_spam);
	}
	tq_rows_close(&r);
	*out = (struct change){ n, changed, n > 0 ? sum / (double)n : 0 };
	return c;
}

static void
print_change(bool json, bool first, const struct change *x)
{
	if (json)
		printf("%s{\"n\":%zu,\"differ\":%zu,\"mean_change\":%.4f}",
		    first ? "" : ",", x->n, x->differ, x->mean);
	else
		printf("verdicts      %zu of %zu differ, probability by %.4f "
		    "on average\n", x->differ, x->n, x->mean);
}

/* What differs between a and b, which the files of rows are judged by; all of
 * it is known before any is printed. */
static enum tq_code
diff_models(const struct args *o, const taliq_model *a, const taliq_model *b,
    struct tq_err *e)
{
	size_t n = o->n - 2;
	struct change *rows = calloc(n + 1, sizeof(*rows));
	enum tq_code c = TQ_OK;
	taliq_model_diff d;

	if (rows == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for %zu files", n);
	for (size_t i = 0; c == TQ_OK && i < n; i++)
		c = diff_rows(a, b, o->file[i + 2], &rows[i], e);
	taliq_model_compare(a, b, &d);
	if (c == TQ_OK) {
		printf(o->json ? "{\"both\":%u,\"only_first\":%u,"
		    "\"only_second\":%u,\"mean_change\":%.4f,"
		    "\"max_change\":%.4f,\"files\":[" :
		    "places        %u in both, %u only in the first, %u "
		    "only in the second\nweights       differ by %.4f on "
		    "average, %.4f at most\n", d.both, d.only_a, d.only_b,
		    d.mean_change, d.max_change);
		for (size_t i = 0; i < n; i++)
			print_change(o->json, i == 0, &rows[i]);
		fputs(o->json ? "]}\n" : "", stdout);
	}
	free(rows);
	return c;
}

static enum tq_code
diff(const struct args *o, struct tq_err *e)
{
	taliq_model *a, *b;
	enum tq_code c = open_model(o, o->file[0], &a, e);

	if (c != TQ_OK)
		return c;
	c = open_model(o, o->file[1], &b, e);
	if (c == TQ_OK) {
		c = diff_models(o, a, b, e);
		taliq_model_free(b);
	}
	taliq_model_free(a);
	return c;
}

static enum tq_code
prune(const struct args *o, struct tq_err *e)
{
	double least = 0.01;
	taliq_model *m;
	enum tq_code c = TQ_OK;

	if (o->least != NULL)
		c = tq_flags_number("least", o->least, 0, 10, &least, e);
	if (c == TQ_OK)
		c = tq_models_read(o->file[0], &m, e);
	if (c != TQ_OK)
		return c;
	printf("%u places forgotten\n", taliq_model_prune(m, least));
	c = tq_models_write(o->out, m, e);
	taliq_model_free(m);
	return c;
}

enum option { OUT = 1, LEAST = 2, JSON = 4, NO_SEED = 8, SEED = 16 };

static const struct verb {
	const char *name, *usage;
	size_t least, most;	/* files... */
	size_t models;		/* ...of which so many are models, not rows */
	unsigned takes;		/* options; OUT is wanted where it is taken */
	enum tq_code (*run)(const struct args *o, struct tq_err *e);
} verbs[] = {
	{ .name = "info", .usage = "info [--json] [--seed F] [MODEL | SEED]",
	  .most = 1, .models = 1, .takes = JSON | SEED, .run = info },
	{ .name = "merge", .usage = "merge --out F MODEL...", .least = 1,
	  .most = SIZE_MAX, .models = SIZE_MAX, .takes = OUT, .run = merge },
	{ .name = "relearn", .usage = "relearn --out F [--no-seed | --seed F] "
	  "FILE.jsonl...", .least = 1, .most = SIZE_MAX,
	  .takes = OUT | NO_SEED | SEED, .run = relearn },
	{ .name = "diff", .usage = "diff [--json] [--seed F] MODEL MODEL "
	  "[FILE.jsonl...]", .least = 2, .most = SIZE_MAX, .models = 2,
	  .takes = JSON | SEED, .run = diff },
	{ .name = "prune", .usage = "prune --out F [--least X] MODEL",
	  .least = 1, .most = 1, .models = 1, .takes = OUT | LEAST,
	  .run = prune },
};

static const struct verb *
find_verb(const char *name)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

static void
help_all(const struct tq_flag *flags, size_t n)
{
	tq_flags_help(flags, n, "taliq model VERB [options] [FILE...]");
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		printf("  taliq model %s\n", verbs[i].usage);
}

/* Rows and a seed are not written over.  A model may be: merged or pruned, it
 * takes the place of the old one. */
static enum tq_code
check_out(const struct verb *v, const struct args *o, struct tq_err *e)
{
	size_t rows = o->n <= v->models ? 0 : o->n - v->models;

	if (tq_outputs_check("out", o->out, o->file + o->n - rows, rows,
	    e) != TQ_OK)
		return e->code;
	return tq_outputs_apart("out", o->out, o->seed, e);
}

/* What the command line may not say. */
static enum tq_code
check_args(const struct verb *v, const struct args *o, struct tq_err *e)
{
	const struct { const char *name; bool given; enum option is; }
	options[] = {
		{ "out", o->out != NULL, OUT },
		{ "least", o->least != NULL, LEAST },
		{ "json", o->json, JSON },
		{ "no-seed", o->no_seed, NO_SEED },
		{ "seed", o->seed != NULL, SEED },
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (options[i].given && (v->takes & options[i].is) == 0)
			return tq_fail(e, TQ_EINVALID, "%s takes no --%s",
			    v->name, options[i].name);
	if (o->n < v->least || o->n > v->most)
		return tq_fail(e, TQ_EINVALID, "wanted: model %s", v->usage);
	if ((v->takes & OUT) != 0 && o->out == NULL)
		return tq_fail(e, TQ_EINVALID, "no --out given");
	if (o->seed != NULL && o->no_seed)
		return tq_fail(e, TQ_EINVALID, "--seed and --no-seed exclude "
		    "each other");
	if (check_out(v, o, e) != TQ_OK)
		return e->code;
	return o->n <= v->models ? TQ_OK :
	    tq_rows_once(o->file + v->models, o->n - v->models, false, e);
}

int
tq_cmd_model(const struct tq_command *command, int argc, char **argv)
{
	struct args o = { .n = 0 };
	const struct tq_flag flags[] = {
		{ "out", "F", "the model file to write", &o.out, NULL },
		{ "least", "X", "prune: weights below this (0.01)", &o.least,
		    NULL },
		{ "json", NULL, "info, diff: as JSON", NULL, &o.json },
		{ "no-seed", NULL, "relearn: start from nothing", NULL,
		    &o.no_seed },
		{ "seed", "F", "info, relearn, diff: on this seed file",
		    &o.seed, NULL },
	};
	size_t n_flags = sizeof(flags) / sizeof(flags[0]), n;
	struct tq_err e = { TQ_OK, "" };
	const struct verb *v = NULL;
	enum tq_code c;
	bool help;

	(void)command;		/* the options are a table of our own */
	c = tq_flags_read(flags, n_flags, argc, argv, &n, &help, &e);
	if (c == TQ_OK && help) {
		help_all(flags, n_flags);
		return 0;
	}
	if (c == TQ_OK && n > 0)
		v = find_verb(argv[1]);
	if (c == TQ_OK && v == NULL)
		c = tq_fail(&e, TQ_EINVALID, "info, merge, relearn, diff or "
		    "prune is wanted");
	if (c == TQ_OK && v != NULL) {
		o.file = argv + 2;
		o.n = n - 1;
		c = check_args(v, &o, &e);
	}
	if (c != TQ_OK || v == NULL)
		return tq_filter_usage("model", &e);
	return v->run(&o, &e) == TQ_OK ? 0 : tq_filter_failed("model", &e);
}
