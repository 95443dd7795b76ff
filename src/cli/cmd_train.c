/* taliq train: learn labelled comments into a model file, which is made when
 * it is not there.  With --as-seed, what was learnt is written as a seed: what
 * data/seed/make.py does. */
#include "cli/filter_cmds.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "cli/flags.h"
#include "cli/models.h"
#include "cli/outputs.h"
#include "cli/rows.h"

struct train {
	bool no_seed;
	const char *model, *seed, *epochs_text, *as_seed, *bias_text, *clip_text;
	double bias, clip;
	unsigned epochs;
	struct tq_lessons rows;
};

static enum tq_code
write_seed(const struct train *o, const taliq_model *m, struct tq_err *e)
{
	uint8_t *bytes;
	size_t len;
	enum tq_code c = tq_models_fail(taliq_model_save_seed(m, o->bias,
	    o->clip, &bytes, &len), o->as_seed, e);

	if (c != TQ_OK)
		return c;
	c = tq_file_write(o->as_seed, (tq_str){ (const char *)bytes, len },
	    0644, e);
	free(bytes);
	return c;
}

/* What may not be: learning above another seed than before, and a seed made of
 * what is only the rest that another seed leaves over. */
static enum tq_code
check_seed(const struct train *o, const taliq_model *m, struct tq_err *e)
{
	taliq_model_info i;

	taliq_model_about(m, &i);
	if (i.changed_seed)
		return tq_fail(e, TQ_EINVALID, "%s was learnt on another seed "
		    "than %s: give its own by --seed, or relearn", o->model,
		    o->seed != NULL ? o->seed : "the one that ships");
	if (o->no_seed && i.seed_id != 0)
		return tq_fail(e, TQ_EINVALID, "%s was learnt on a seed: "
		    "--no-seed is for a new model", o->model);
	if (o->as_seed != NULL && i.seed_id != 0)
		return tq_fail(e, TQ_EINVALID, "%s was learnt on a seed: a "
		    "seed is made from nothing (--no-seed)", o->model);
	return TQ_OK;
}

/* The model file when it is there, else a fresh one. */
static enum tq_code
open_model(const struct train *o, taliq_model **m, struct tq_err *e)
{
	enum tq_code c = o->model == NULL ? TQ_ENOTFOUND :
	    tq_models_read(o->model, m, e);

	if (c == TQ_ENOTFOUND)
		c = tq_models_fresh(!o->no_seed && o->as_seed == NULL, m, e);
	if (c == TQ_OK && o->seed != NULL)
		c = tq_models_set_seed(*m, o->seed, e);
	return c == TQ_OK ? check_seed(o, *m, e) : c;
}

static enum tq_code
train(struct train *o, char **files, size_t n, struct tq_err *e)
{
	taliq_model *m = NULL;
	enum tq_code c = open_model(o, &m, e);

	for (unsigned k = 0; c == TQ_OK && k < o->epochs; k++) {
		o->rows = (struct tq_lessons){ 0, 0 };
		for (size_t i = 0; c == TQ_OK && i < n; i++)
			c = tq_models_learn(m, files[i], &o->rows, e);
	}
	if (c == TQ_OK && o->model != NULL)
		c = tq_models_write(o->model, m, e);
	if (c == TQ_OK && o->as_seed != NULL)
		c = write_seed(o, m, e);
	taliq_model_free(m);
	return c;
}

static enum tq_code
read_numbers(struct train *o, struct tq_err *e)
{
	enum tq_code c = TQ_OK;

	o->epochs = 1;
	o->clip = 4;
	if (o->epochs_text != NULL)
		c = tq_flags_count("epochs", o->epochs_text, 1, 100,
		    &o->epochs, e);
	if (c == TQ_OK && o->bias_text != NULL)
		c = tq_flags_number("bias", o->bias_text, -20, 20, &o->bias,
		    e);
	if (c == TQ_OK && o->clip_text != NULL)
		c = tq_flags_number("clip", o->clip_text, 0, 20, &o->clip, e);
	return c;
}

/* What is written is none of what is read, and one thing a file. */
static enum tq_code
check_outputs(const struct train *o, char **files, size_t n,
    struct tq_err *e)
{
	const struct { const char *name, *path; } outs[] = {
		{ "model", o->model }, { "as-seed", o->as_seed } };

	for (size_t i = 0; i < sizeof(outs) / sizeof(outs[0]); i++)
		if (tq_outputs_check(outs[i].name, outs[i].path, files, n,
		    e) != TQ_OK || tq_outputs_apart(outs[i].name,
		    outs[i].path, o->seed, e) != TQ_OK)
			return e->code;
	if (o->model != NULL && o->as_seed != NULL &&
	    tq_outputs_same(o->model, o->as_seed))
		return tq_fail(e, TQ_EINVALID, "--model and --as-seed are one "
		    "file, %s", o->model);
	return TQ_OK;
}

/* What the command line may not say. */
static enum tq_code
check_options(const struct train *o, char **files, size_t n,
    struct tq_err *e)
{
	if (n == 0)
		return tq_fail(e, TQ_EINVALID, "no file given");
	if (o->model == NULL && o->as_seed == NULL)
		return tq_fail(e, TQ_EINVALID, "no --model given");
	if (o->seed != NULL && o->no_seed)
		return tq_fail(e, TQ_EINVALID, "--seed and --no-seed exclude "
		    "each other");
	if (o->seed != NULL && o->as_seed != NULL)
		return tq_fail(e, TQ_EINVALID, "--seed and --as-seed exclude "
		    "each other: a seed is made from nothing");
	if (o->as_seed == NULL && (o->bias_text != NULL || o->clip_text != NULL))
		return tq_fail(e, TQ_EINVALID, "--bias and --clip are for "
		    "--as-seed");
	if (check_outputs(o, files, n, e) != TQ_OK)
		return e->code;
	return tq_rows_once(files, n, o->epochs > 1, e);
}

int
tq_cmd_train(const struct tq_command *command, int argc, char **argv)
{
	struct train o = { 0 };
	const struct tq_flag flags[] = {
		{ "model", "F", "the model file to learn into", &o.model,
		    NULL },
		{ "no-seed", NULL, "a new model starts from nothing", NULL,
		    &o.no_seed },
		{ "seed", "F", "the model is on this seed file",
		    &o.seed, NULL },
		{ "epochs", "N", "how often all files are learnt",
		    &o.epochs_text, NULL },
		{ "as-seed", "F", "write what was learnt as a seed file",
		    &o.as_seed, NULL },
		{ "bias", "X", "log-odds added to the seed's score",
		    &o.bias_text, NULL },
		{ "clip", "X", "most log-odds the seed may give",
		    &o.clip_text, NULL },
	};
	size_t n_flags = sizeof(flags) / sizeof(flags[0]), n;
	struct tq_err e = { TQ_OK, "" };
	enum tq_code c;
	bool help;

	(void)command;		/* the options are a table of our own */
	c = tq_flags_read(flags, n_flags, argc, argv, &n, &help, &e);
	if (c == TQ_OK && help) {
		tq_flags_help(flags, n_flags, "taliq train --model F "
		    "FILE.jsonl...");
		return 0;
	}
	if (c == TQ_OK)
		c = read_numbers(&o, &e);
	if (c == TQ_OK)
		c = check_options(&o, argv + 1, n, &e);
	if (c != TQ_OK)
		return tq_filter_usage("train", &e);
	if (train(&o, argv + 1, n, &e) != TQ_OK)
		return tq_filter_failed("train", &e);
	printf("learnt %llu spam, %llu ham\n",
	    (unsigned long long)o.rows.spam, (unsigned long long)o.rows.ham);
	return 0;
}
