/* The figures of eval on lists small enough to work out by hand, and the
 * reliability of the probabilities on a real set. */
#include "unit.h"

#include <math.h>

#include "cli/metrics.h"
#include "shared.h"
#include "taliq/filter.h"

static bool
near(double a, double b)
{
	return fabs(a - b) < 1e-9;
}

static struct tq_judged
said(double p, bool spam)
{
	return (struct tq_judged){ .p = p, .logit = log(p / (1 - p)),
	    .spam = spam, .us_classify = 3, .us_learn = 5 };
}

static void
figures_by_hand(void **state)
{
	/* spam .9 .8 .4, ham .7 .2 .1: one of nine pairs is the wrong way
	 * round, one spam and one ham on the wrong side of .5 */
	const struct tq_judged v[] = { said(.9, true), said(.7, false),
		said(.8, true), said(.2, false), said(.4, true),
		said(.1, false) };
	struct tq_metrics m;

	(void)state;
	assert_true(tq_metrics_of(v, TQ_N(v), 0.75, &m));
	assert_int_equal(m.n, 6);
	assert_int_equal(m.spam, 3);
	assert_true(near(m.err_pct, 100.0 / 3));
	assert_true(near(m.one_minus_auc_pct, 100.0 / 9));
	assert_true(near(m.f1, 200.0 / 3));
	assert_true(near(m.mcc, 1.0 / 3));
	assert_true(near(m.fpr_pct, 100.0 / 3));
	assert_true(near(m.held_pct, 0));
	assert_true(near(m.recall_pct, 200.0 / 3));
	assert_true(near(m.recall[0], 200.0 / 3));
	assert_true(m.err_first[0] < 0);
	assert_true(near(m.us_classify, 3) && near(m.us_learn, 5));
}

static void
ties_count_half(void **state)
{
	const struct tq_judged v[] = { said(.5, true), said(.5, false) };
	struct tq_metrics m;

	(void)state;
	assert_true(tq_metrics_of(v, TQ_N(v), 0.5, &m));
	assert_true(near(m.one_minus_auc_pct, 50));
	assert_true(near(m.recall[2], 0));
}

/* The border belongs to spam, as it does where comments are held. */
static void
one_half_is_over_one_half(void **state)
{
	const struct tq_judged v[] = { said(.5, true), said(.5, false),
		said(.4, false), said(.6, true) };
	struct tq_metrics m;

	(void)state;
	assert_true(tq_metrics_of(v, TQ_N(v), 0.5, &m));
	assert_true(near(m.fpr_pct, 50) && near(m.held_pct, 50));
	assert_true(near(m.err_pct, 25));
}

static void
ties_keep_their_order(void **state)
{
	const struct tq_judged v[] = { said(.5, true), said(.9, true),
		said(.5, false), said(.9, false), said(.5, true) };
	static const size_t wanted[] = { 1, 3, 0, 2, 4 };
	size_t *at = tq_metrics_order(v, TQ_N(v));

	(void)state;
	assert_non_null(at);
	assert_memory_equal(at, wanted, sizeof(wanted));
	free(at);
}

static void
one_class_or_none(void **state)
{
	const struct tq_judged v[] = { said(.3, false), said(.6, false) };
	struct tq_metrics m;

	(void)state;
	assert_true(tq_metrics_of(v, TQ_N(v), 0.5, &m));
	assert_true(m.one_minus_auc_pct < 0 && m.recall[1] < 0);
	assert_true(near(m.fpr_pct, 50) && near(m.held_pct, 50));
	assert_true(tq_metrics_of(v, 0, 0.5, &m));
	assert_true(m.err_pct < 0 && m.fpr_pct < 0 && m.f1 < 0);
	assert_true(m.one_minus_auc_pct < 0 && m.held_pct < 0);
	assert_true(m.recall_pct < 0 && m.recall[0] < 0 && m.err_first[0] < 0);
	assert_true(isnan(m.mcc) && m.calibration_pct < 0);
	assert_true(m.us_classify < 0 && m.us_learn < 0);
}

/* All taken for good, and rightly: there is no F1 of it; wrongly, it is 0. */
static void
no_figure_is_not_the_figure_nought(void **state)
{
	const struct tq_judged v[] = { said(.3, false), said(.4, true) };
	struct tq_metrics m;

	(void)state;
	assert_true(tq_metrics_of(v, 1, 0.5, &m));
	assert_true(near(m.err_pct, 0) && m.f1 < 0 && isnan(m.mcc));
	assert_true(tq_metrics_of(v, 2, 0.5, &m));
	assert_true(near(m.err_pct, 50) && near(m.f1, 0) && isnan(m.mcc));
}

/* docs/filter.md promises: when it says p, a share of p is spam, on average
 * within 3 points. */
static void
probabilities_are_reliable(void **state)
{
	static struct tq_judged v[8000];
	struct tq_metrics figures;
	struct tq_arena a;
	taliq_model *m;
	json_t *row;
	size_t n = 0;

	(void)state;
	tq_arena_init(&a, 16 << 20);
	tq_str rest = tq_shared_read(&a, "data/en_sms.jsonl");

	assert_int_equal(taliq_model_new(&m), TALIQ_OK);
	for (; n < TQ_N(v) && tq_shared_row(&rest, &row); n++) {
		tq_str text = tq_row_str(row, "text");
		taliq_input in = { .size = sizeof(in),
		    .body = { text.p, text.n } };
		bool spam = tq_str_eq(tq_row_str(row, "label"), TQ_S("spam"));
		taliq_verdict said_it;

		assert_int_equal(taliq_classify(m, &in, &said_it), TALIQ_OK);
		assert_int_equal(taliq_learn(m, &in, spam ? TALIQ_SPAM :
		    TALIQ_HAM), TALIQ_OK);
		v[n] = (struct tq_judged){ .p = said_it.p_spam,
		    .logit = said_it.logit, .spam = spam };
		json_decref(row);
	}
	assert_true(tq_metrics_of(v, n, TALIQ_HOLD_AT, &figures));
	assert_true(figures.calibration_pct < 3);
	assert_true(figures.err_pct < 1.1);
	taliq_model_free(m);
	tq_arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_by_hand),
		cmocka_unit_test(ties_count_half),
		cmocka_unit_test(one_half_is_over_one_half),
		cmocka_unit_test(ties_keep_their_order),
		cmocka_unit_test(one_class_or_none),
		cmocka_unit_test(no_figure_is_not_the_figure_nought),
		cmocka_unit_test(probabilities_are_reliable),
	};

	return cmocka_run_group_tests_name("cli/metrics", tests, NULL, NULL);
}
