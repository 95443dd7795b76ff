/* taliq train: learn labelled comments into a model file, which is made when
 * it is not there.  With --as-seed, what was learnt is written as a seed: what
 * data/seed/make.sh does. */
#include "cli/filter_cmds.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "cli/flags.h"
#include "cli/models.h"
#include "cli/rows.h"

struct train {
	bool no_seed;
	const char *model, *seed, *epochs_text, *as_seed, *bias_text, *clip_text;
	double epochs, bias, clip;
	uint64_t spam, ham;
};

static enum tq_code
learn_file(struct train *o, taliq_model *m, const char *path,
    struct tq_err *e)
{
	struct tq_rows r;
	enum tq_code c = tq_rows_open(&r, path, e);

	while (c == TQ_OK) {
		struct tq_row row;
		bool more;

		c = tq_rows_next(&r, &row, &more, e);
		if (c != TQ_OK || !more)
			break;
		if (!row.labelled) {
			c = tq_fail(e, TQ_EINVALID, "%s:%zu: no \"label\"",
			    r.name, r.line);
			break;
		}
		c = tq_models_fail(taliq_learn(m, &row.in, row.spam ?
		    TALIQ_SPAM : TALIQ_HAM), path, e);
		o->spam += row.spam;
		o->ham += !row.spam;
	}
	tq_rows_close(&r);
	return c;
}

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

/* The model file when it is there, else a fresh one. */
static enum tq_code
open_model(const struct train *o, taliq_model **m, struct tq_err *e)
{
	enum tq_code c = o->model == NULL ? TQ_ENOTFOUND :
	    tq_models_read(o->model, m, e);

	if (c != TQ_ENOTFOUND)
		return c;
	c = tq_models_fresh(!o->no_seed && o->as_seed == NULL, m, e);
	if (c == TQ_OK && o->seed != NULL) {
		c = tq_models_set_seed(*m, o->seed, e);
		if (c != TQ_OK) {
			taliq_model_free(*m);
			*m = NULL;
		}
	}
	return c;
}

static enum tq_code
train(struct train *o, char **files, size_t n, struct tq_err *e)
{
	taliq_model *m = NULL;
	enum tq_code c = open_model(o, &m, e);

	for (double k = 0; c == TQ_OK && k < o->epochs; k++)
		for (size_t i = 0; c == TQ_OK && i < n; i++)
			c = learn_file(o, m, files[i], e);
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
		c = tq_flags_number("epochs", o->epochs_text, 1, 100,
		    &o->epochs, e);
	if (c == TQ_OK && o->bias_text != NULL)
		c = tq_flags_number("bias", o->bias_text, -20, 20, &o->bias,
		    e);
	if (c == TQ_OK && o->clip_text != NULL)
		c = tq_flags_number("clip", o->clip_text, 0, 20, &o->clip, e);
	return c;
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
		{ "seed", "F", "a new model starts from this seed file",
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
	if (c == TQ_OK && (n == 0 || (o.model == NULL && o.as_seed == NULL)))
		c = tq_fail(&e, TQ_EINVALID, n == 0 ? "no file given" :
		    "no --model given");
	if (c == TQ_OK)
		c = read_numbers(&o, &e);
	if (c != TQ_OK)
		return tq_filter_usage("train", &e);
	if (train(&o, argv + 1, n, &e) != TQ_OK)
		return tq_filter_failed("train", &e);
	printf("learnt %llu spam, %llu ham\n", (unsigned long long)o.spam,
	    (unsigned long long)o.ham);
	return 0;
}
