/* Figures of a judged set: see metrics.h. */
#include "cli/metrics.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool
tq_metrics_says_spam(const struct tq_judged *j)
{
	return j->p >= 0.5;
}

static int
by_logit(const void *a, const void *b, void *judged)
{
	const struct tq_judged *v = judged;
	size_t i = *(const size_t *)a, k = *(const size_t *)b;

	if (v[i].logit != v[k].logit)
		return v[i].logit < v[k].logit ? 1 : -1;
	return i < k ? -1 : i > k;
}

size_t *
tq_metrics_order(const struct tq_judged *v, size_t n)
{
	size_t *at = malloc((n + 1) * sizeof(*at));

	if (at == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		at[i] = i;
	qsort_r(at, n, sizeof(*at), by_logit, (void *)(uintptr_t)v);
	return at;
}

/* Area over the ROC curve, ties counting half (Mann-Whitney). */
static double
one_minus_auc(const struct tq_judged *v, const size_t *at,
    const struct tq_metrics *m)
{
	double wrong = 0, ham_above = 0;

	if (m->spam == 0 || m->ham == 0)
		return -1;
	for (size_t i = 0; i < m->n;) {
		double s = 0, h = 0, logit = v[at[i]].logit;

		for (; i < m->n && v[at[i]].logit == logit; i++) {
			s += v[at[i]].spam;
			h += !v[at[i]].spam;
		}
		wrong += s * (ham_above + h / 2);
		ham_above += h;
	}
	return 100 * wrong / ((double)m->spam * (double)m->ham);
}

/* Share of spam above all but share of the ham. */
static double
recall_at(const struct tq_judged *v, const size_t *at,
    const struct tq_metrics *m, double share)
{
	size_t allowed = (size_t)(share * (double)m->ham), ham = 0, spam = 0;
	size_t sure = 0;

	for (size_t i = 0; i < m->n; i++) {
		if (i == 0 || v[at[i]].logit != v[at[i - 1]].logit)
			sure = spam;
		ham += !v[at[i]].spam;
		spam += v[at[i]].spam;
		if (ham > allowed)
			return m->spam > 0 ? 100.0 * (double)sure /
			    (double)m->spam : -1;
	}
	return m->spam > 0 ? 100 : -1;
}

static int
by_float(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return x < y ? -1 : x > y;
}

static double
median(float *t, size_t n)
{
	qsort(t, n, sizeof(*t), by_float);
	return n > 0 ? (double)t[n / 2] : -1;
}

static bool
medians(const struct tq_judged *v, size_t n, struct tq_metrics *out)
{
	float *t = malloc((n + 1) * sizeof(*t));

	if (t == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		t[i] = v[i].us_classify;
	out->us_classify = median(t, n);
	for (size_t i = 0; i < n; i++)
		t[i] = v[i].us_learn;
	out->us_learn = median(t, n);
	free(t);
	return true;
}

/* What was said against what was. */
struct table { double tp, fp, fn, tn; };

static struct table
table_of(const struct tq_judged *v, size_t n)
{
	struct table t = { 0, 0, 0, 0 };

	for (size_t i = 0; i < n; i++) {
		bool says = tq_metrics_says_spam(&v[i]);

		t.tp += says && v[i].spam;
		t.fp += says && !v[i].spam;
		t.fn += !says && v[i].spam;
		t.tn += !says && !v[i].spam;
	}
	return t;
}

/* 100 a / b, or -1 when b is nothing. */
static double
percent(double a, double b)
{
	return b > 0 ? 100 * a / b : -1;
}

static void
count_at_half(const struct tq_judged *v, size_t n, struct tq_metrics *out)
{
	static const size_t first[3] = { 100, 300, 1000 };
	struct table t = table_of(v, n);
	double root = sqrt((t.tp + t.fp) * (t.tp + t.fn) * (t.tn + t.fp) *
	    (t.tn + t.fn));

	out->spam = (size_t)(t.tp + t.fn);
	out->ham = (size_t)(t.tn + t.fp);
	out->err_pct = percent(t.fp + t.fn, (double)n);
	out->f1 = percent(2 * t.tp, 2 * t.tp + t.fp + t.fn);
	out->mcc = root > 0 ? (t.tp * t.tn - t.fp * t.fn) / root :
	    (double)NAN;
	out->fpr_pct = percent(t.fp, t.fp + t.tn);
	for (unsigned k = 0; k < 3; k++) {
		struct table f = table_of(v, first[k] <= n ? first[k] : 0);

		out->err_first[k] = percent(f.fp + f.fn,
		    first[k] <= n ? (double)first[k] : 0);
	}
}

static void
count_held(const struct tq_judged *v, size_t n, double hold,
    struct tq_metrics *out)
{
	double held = 0, caught = 0;

	for (size_t i = 0; i < n; i++) {
		held += v[i].p >= hold && !v[i].spam;
		caught += v[i].p >= hold && v[i].spam;
	}
	out->held_pct = percent(held, (double)out->ham);
	out->recall_pct = percent(caught, (double)out->spam);
}

void
tq_metrics_bins(const struct tq_judged *v, size_t n,
    struct tq_bin out[TQ_BINS])
{
	memset(out, 0, TQ_BINS * sizeof(*out));
	for (size_t i = 0; i < n; i++) {
		int k = (int)(v[i].p * TQ_BINS);
		struct tq_bin *b = &out[k >= TQ_BINS ? TQ_BINS - 1 : k];

		b->n++;
		b->p += v[i].p;
		b->spam += v[i].spam;
	}
	for (unsigned k = 0; k < TQ_BINS; k++) {
		if (out[k].n == 0)
			continue;
		out[k].p /= (double)out[k].n;
		out[k].spam /= (double)out[k].n;
	}
}

bool
tq_metrics_of(const struct tq_judged *v, size_t n, double hold,
    struct tq_metrics *out)
{
	struct tq_bin bins[TQ_BINS];
	size_t *at = tq_metrics_order(v, n);

	memset(out, 0, sizeof(*out));
	if (at == NULL)
		return false;
	out->n = n;
	count_at_half(v, n, out);
	count_held(v, n, hold, out);
	out->one_minus_auc_pct = one_minus_auc(v, at, out);
	out->recall[0] = recall_at(v, at, out, 0.001);
	out->recall[1] = recall_at(v, at, out, 0.005);
	out->recall[2] = recall_at(v, at, out, 0.01);
	free(at);
	tq_metrics_bins(v, n, bins);
	for (unsigned k = 0; k < TQ_BINS; k++)
		out->calibration_pct += 100 * (double)bins[k].n *
		    fabs(bins[k].p - bins[k].spam);
	out->calibration_pct = n > 0 ? out->calibration_pct / (double)n : -1;
	return medians(v, n, out);
}
