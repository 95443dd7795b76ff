/* metrics.h - how well a list of judgements did.  What each figure means
 * stands in docs/filter.md. */
#ifndef TQ_CLI_METRICS_H
#define TQ_CLI_METRICS_H

#include <stdbool.h>
#include <stddef.h>

struct tq_judged {
	double logit, p;
	bool spam;		/* the label */
	float us_classify, us_learn;
};

/* -1 is no figure: nothing is there to compute it from. */
struct tq_metrics {
	size_t n, spam, ham;
	double err_pct;			/* wrong at p = 0.5 */
	double one_minus_auc_pct;	/* wants both classes */
	double f1, mcc, fpr_pct;	/* at p = 0.5; no mcc is NAN */
	double held_pct;		/* ham at or over the hold threshold */
	double recall_pct;		/* spam at or over it */
	double recall[3];		/* at 0.1, 0.5, 1 % of ham above */
	double err_first[3];		/* in the first 100, 300, 1000 */
	double us_classify, us_learn;	/* medians */
	double calibration_pct;		/* mean |p - share of spam|, 10 bins */
};

/* Whether a comment counts as judged spam where figures are at p = 0.5; as with
 * holding, the border belongs to spam. */
bool tq_metrics_says_spam(const struct tq_judged *j);
/* v is in the order of judging.  False without memory; *out is unfit then. */
bool tq_metrics_of(const struct tq_judged *v, size_t n, double hold,
    struct tq_metrics *out);

/* One bin of the reliability curve. */
struct tq_bin { size_t n; double p, spam; };	/* means */
#define TQ_BINS 10
void tq_metrics_bins(const struct tq_judged *v, size_t n,
    struct tq_bin out[TQ_BINS]);

/* Indices of v by falling logit, equal ones in their order; malloc()ed, NULL without memory. */
size_t *tq_metrics_order(const struct tq_judged *v, size_t n);

#endif
