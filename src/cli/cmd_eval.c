/* taliq eval: how well the filter does on labelled comments.  On-line, each row
 * is judged before it is learnt, in file order; with --model, nothing is learnt.
 * docs/filter.md says what each figure means. */
#include "cli/filter_cmds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "cli/flags.h"
#include "cli/metrics.h"
#include "cli/models.h"
#include "cli/outputs.h"
#include "cli/plot.h"
#include "cli/progress.h"
#include "cli/rows.h"
#include "text/escape.h"

#define NAME_COLUMNS 24

struct eval {
	bool online, no_seed, json;
	const char *model, *seed, *plot;
};

struct judged {
	struct tq_judged *v;	/* owned */
	size_t n, cap;
};

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static enum tq_code
judge_row(taliq_model *m, const struct tq_row *row, bool learn,
    struct tq_judged *out, struct tq_err *e)
{
	taliq_verdict v;
	double t0 = now_us(), t1, t2;
	taliq_status st = taliq_classify(m, &row->in, &v);

	if (st != TALIQ_OK)
		return tq_models_fail(st, "judging", e);
	t1 = now_us();
	if (learn)
		st = taliq_learn(m, &row->in, row->spam ? TALIQ_SPAM :
		    TALIQ_HAM);
	t2 = now_us();
	*out = (struct tq_judged){ .logit = v.logit, .p = v.p_spam,
	    .spam = row->spam, .us_classify = (float)(t1 - t0),
	    .us_learn = (float)(t2 - t1) };
	return tq_models_fail(st, "learning", e);
}

static enum tq_code
grow(struct judged *j, struct tq_err *e)
{
	size_t cap = j->cap == 0 ? 4096 : 2 * j->cap;
	struct tq_judged *v;

	if (j->v != NULL && j->n < j->cap)
		return TQ_OK;
	v = reallocarray(j->v, cap, sizeof(*v));
	if (v == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for %zu rows", cap);
	j->v = v;
	j->cap = cap;
	return TQ_OK;
}

static enum tq_code
judge_all(const struct eval *o, taliq_model *m, struct tq_rows *r,
    struct judged *j, struct tq_err *e)
{
	for (;;) {
		struct tq_row row;
		bool more;
		enum tq_code c = tq_rows_labelled(r, &row, &more, e);

		if (c != TQ_OK || !more)
			return c;
		c = grow(j, e);
		if (c == TQ_OK)
			c = judge_row(m, &row, o->model == NULL, &j->v[j->n],
			    e);
		if (c != TQ_OK)
			return c;
		j->n++;
		tq_progress(r, j->n, false);
	}
}

static enum tq_code
open_model(const struct eval *o, taliq_model **m, struct tq_err *e)
{
	enum tq_code c = o->model != NULL ? tq_models_read(o->model, m, e) :
	    tq_models_fresh(!o->no_seed, m, e);

	if (c == TQ_OK && o->seed != NULL) {
		c = tq_models_set_seed(*m, o->seed, e);
		if (c != TQ_OK)
			taliq_model_free(*m);
	}
	return c;
}

/* The sets of data/seed/CARD.md that the shipped seed was trained on. */
static const char *const in_seed[] = { "en_youtube", "en_sms",
	"en_instagram_scamspot", "id_yt_judol_a", "ar_tweets_alharthi" };

/* --- printing ------------------------------------------------------------- */

/* File name without folder and ending, fit to be printed.  Empty when the arena
 * fails. */
static tq_str
set_name(struct tq_arena *a, const char *path)
{
	struct tq_buf b;
	tq_str s = tq_str_c(path);

	for (size_t i = s.n; i-- > 0;)
		if (s.p[i] == '/') {
			s = tq_str_sub(s, i + 1, s.n);
			break;
		}
	if (tq_str_ends(s, TQ_S(".jsonl")))
		s = tq_str_sub(s, 0, s.n - 6);
	tq_buf_init(&b, a, s.n);
	tq_esc_terminal(&b, s);
	return tq_buf_str(&b);
}

/* null when there is no such figure.  Names that end in _pct are per cent, all
 * others are shares of 1. */
static json_t *
figure(double v)
{
	return v < 0 ? json_null() : json_real(v);
}

static json_t *
share(double percent)
{
	return percent < 0 ? json_null() : json_real(percent / 100);
}

static enum tq_code
print_json(tq_str set, const struct tq_metrics *m, struct tq_err *e)
{
	int bad;
	json_t *j = json_pack("{s:s%, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, "
	    "s:o, s:o, s:{s:o, s:o, s:o}, s:{s:o, s:o, s:o}, s:o, s:o, s:o}",
	    "set", set.n > 0 ? set.p : "", set.n, "n", (json_int_t)m->n,
	    "spam", (json_int_t)m->spam, "ham", (json_int_t)m->ham,
	    "err_pct", figure(m->err_pct),
	    "one_minus_auc_pct", figure(m->one_minus_auc_pct),
	    "f1", share(m->f1),
	    "mcc", isnan(m->mcc) ? json_null() : json_real(m->mcc),
	    "fpr_pct", figure(m->fpr_pct),
	    "held_pct", figure(m->held_pct),
	    "recall_pct", figure(m->recall_pct),
	    "recall_at_fpr", "0.1", share(m->recall[0]), "0.5",
	    share(m->recall[1]), "1", share(m->recall[2]),
	    "err_first", "100", share(m->err_first[0]), "300",
	    share(m->err_first[1]), "1000", share(m->err_first[2]),
	    "us_classify", figure(m->us_classify),
	    "us_learn", figure(m->us_learn),
	    "calibration_pct", figure(m->calibration_pct));

	if (j == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory to print");
	bad = json_dumpf(j, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(j);
	return bad == 0 || ferror(stdout) ? TQ_OK : tq_fail(e, TQ_ELIMIT,
	    "no memory to print");
}

static void
cell(double v, int decimals)
{
	if (v < 0)
		printf(" %7s", "-");
	else
		printf(" %7.*f", decimals, v);
}

/* A name that is too long for its column has a line of its own. */
static void
print_name(tq_str set)
{
	int columns = 0;

	for (size_t i = 0; i < set.n; i++)
		columns += ((unsigned char)set.p[i] & 0xC0) != 0x80;
	if (columns > NAME_COLUMNS)
		printf("%.*s\n%*s", TQ_FMT(set), NAME_COLUMNS, "");
	else
		printf("%.*s%*s", TQ_FMT(set), NAME_COLUMNS - columns, "");
}

static void
print_row(tq_str set, const struct tq_metrics *m)
{
	print_name(set);
	printf(" %6zu %6zu", m->n, m->spam);
	cell(m->err_pct, 2);
	cell(m->one_minus_auc_pct, 3);
	cell(m->fpr_pct, 2);
	cell(m->held_pct, 2);
	cell(m->recall_pct, 1);
	cell(m->recall[1], 1);
	cell(m->err_first[0], 1);
	cell(m->err_first[2], 1);
	cell(m->calibration_pct, 2);
	cell(m->us_classify, 1);
	cell(m->us_learn, 1);
	putchar('\n');
}

static void
print_head(void)
{
	printf("%-*s %6s %6s", NAME_COLUMNS, "set", "n", "spam");
	printf(" %7s %7s %7s %7s %7s %7s %7s %7s %7s %7s %7s\n", "err%",
	    "1-AUC%", "FPR%", "held%", "caught%", "R@.5%", "e100%", "e1000%",
	    "calib%", "us/cls", "us/lrn");
}

/* --- the command ---------------------------------------------------------- */

static enum tq_code
write_plot(const char *path, tq_str set, const struct judged *j,
    const struct tq_metrics *m, struct tq_err *e)
{
	struct tq_arena a;
	struct tq_buf b;
	enum tq_code c;

	tq_arena_init(&a, 16u << 20);
	tq_buf_init(&b, &a, 1u << 16);
	if (!tq_plot_svg(&b, set, j->v, m) || !tq_buf_ok(&b))
		c = tq_fail(e, TQ_ELIMIT, "no memory to draw %s", path);
	else
		c = tq_file_write(path, tq_buf_str(&b), 0644, e);
	tq_arena_free(&a);
	return c;
}

/* So that nobody takes the lack of a figure for a good one. */
static void
say_missing(const char *path, const struct tq_metrics *m)
{
	const char *lack = m->n == 0 ? "comments" : m->spam == 0 ? "spam" :
	    m->ham == 0 ? "good comments" : NULL;

	if (lack != NULL)
		fprintf(stderr, "taliq eval: %s has no %s: what cannot be "
		    "computed without is left out\n", path, lack);
}

/* Nor figures on what the seed has seen. */
static void
say_seen(const struct eval *o, tq_str set)
{
	if (o->no_seed || o->seed != NULL)
		return;
	for (size_t i = 0; i < sizeof(in_seed) / sizeof(in_seed[0]); i++)
		if (tq_str_eq(set, tq_str_c(in_seed[i])))
			fprintf(stderr, "taliq eval: the seed that ships was "
			    "trained on a set of the name %s: figures on it "
			    "are too good (--no-seed)\n", in_seed[i]);
}

/* What is said about one file's rows. */
static enum tq_code
report(const struct eval *o, const char *path, const struct judged *j,
    struct tq_err *e)
{
	struct tq_metrics figures;
	struct tq_arena a;
	tq_str set;
	enum tq_code c = TQ_OK;

	if (!tq_metrics_of(j->v, j->n, TALIQ_HOLD_AT, &figures))
		return tq_fail(e, TQ_ELIMIT, "no memory for the figures");
	say_missing(path, &figures);
	if (o->model != NULL)
		figures.us_learn = -1;
	tq_arena_init(&a, 1u << 16);
	set = set_name(&a, path);
	say_seen(o, set);
	if (a.failed)
		c = tq_fail(e, TQ_ELIMIT, "no memory to print");
	else if (o->json)
		c = print_json(set, &figures, e);
	else
		print_row(set, &figures);
	if (c == TQ_OK && o->plot != NULL)
		c = write_plot(o->plot, set, j, &figures, e);
	tq_arena_free(&a);
	return c;
}

static enum tq_code
eval_file(const struct eval *o, const char *path, struct tq_err *e)
{
	taliq_model *m = NULL;
	struct judged j = { 0 };
	struct tq_rows r;
	enum tq_code c = tq_rows_open(&r, path, e);

	if (c == TQ_OK)
		c = open_model(o, &m, e);
	if (c == TQ_OK)
		c = judge_all(o, m, &r, &j, e);
	tq_progress(&r, j.n, true);
	if (c == TQ_OK)
		c = report(o, path, &j, e);
	tq_rows_close(&r);
	taliq_model_free(m);
	free(j.v);
	return c;
}

/* What the command line may not say. */
static enum tq_code
check_options(const struct eval *o, char **files, size_t n, struct tq_err *e)
{
	if (n == 0)
		return tq_fail(e, TQ_EINVALID, "no file given");
	if (o->online && o->model != NULL)
		return tq_fail(e, TQ_EINVALID, "--online and --model exclude "
		    "each other");
	if (o->no_seed && (o->seed != NULL || o->model != NULL))
		return tq_fail(e, TQ_EINVALID, "--no-seed and --%s exclude "
		    "each other", o->seed != NULL ? "seed" : "model");
	if (tq_outputs_check("plot", o->plot, files, n, e) != TQ_OK ||
	    tq_outputs_apart("plot", o->plot, o->model, e) != TQ_OK ||
	    tq_outputs_apart("plot", o->plot, o->seed, e) != TQ_OK)
		return e->code;
	return tq_rows_once(files, n, false, e);
}

int
tq_cmd_eval(const struct tq_command *command, int argc, char **argv)
{
	struct eval o = { 0 };
	const struct tq_flag flags[] = {
		{ "online", NULL, "judge, then learn each row (the default)",
		    NULL, &o.online },
		{ "no-seed", NULL, "start from nothing, not from the seed",
		    NULL, &o.no_seed },
		{ "model", "F", "judge by this model and learn nothing",
		    &o.model, NULL },
		{ "seed", "F", "another seed file than the shipped one",
		    &o.seed, NULL },
		{ "json", NULL, "one JSON object a file", NULL, &o.json },
		{ "plot", "F.svg", "draw the last file's curves", &o.plot,
		    NULL },
	};
	size_t n_flags = sizeof(flags) / sizeof(flags[0]), n;
	struct tq_err e = { TQ_OK, "" };
	bool help;

	(void)command;		/* the options are a table of our own */
	if (tq_flags_read(flags, n_flags, argc, argv, &n, &help, &e) != TQ_OK)
		return tq_filter_usage("eval", &e);
	if (help) {
		tq_flags_help(flags, n_flags, "taliq eval [options] "
		    "FILE.jsonl...");
		return 0;
	}
	if (check_options(&o, argv + 1, n, &e) != TQ_OK)
		return tq_filter_usage("eval", &e);
	if (!o.json)
		print_head();
	for (size_t i = 1; i <= n; i++)
		if (eval_file(&o, argv[i], &e) != TQ_OK)
			return tq_filter_failed("eval", &e);
	return 0;
}
