/* The learner: logistic regression, one AdaGrad step a comment (Duchi, Hazan,
 * Singer 2011), no replay.  A feature's value is its group's scale divided by
 * the length of the whole vector, so that long and short comments weigh the
 * same.  A comment that is already well judged (error below SKIP) teaches
 * nothing: that keeps a run of near-identical spam from drowning the rest.
 *
 * Weights are 16-bit steps and sums of squares 16-bit floats (6 bits of
 * exponent, 10 of mantissa), so that both tables together are 4 MB and the one
 * that classifying needs is 2 MB and stays in cache.  Integers add up in any
 * order to the same sum, floats are rounded one by one (the build turns
 * contraction off): the same steps give the same bytes. */
#include "filter/model.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

/* Floats are rounded as floats: what the same bytes everywhere rest on. */
static_assert(FLT_EVAL_METHOD == 0 && FLT_RADIX == 2 && FLT_MANT_DIG == 24 &&
    DBL_MANT_DIG == 53, "no plain IEEE arithmetic");

/* Chosen on the tuning half of the sets (docs/filter.md). */
#define ETA 0.7f
#define EPSILON 0.01f
#define SKIP 0.02
/* The most one comment's error counts: labels that contradict all that was learnt
 * are slips or hostile more often than news (docs/filter.md, "poison").  On a
 * seed, which knows something from the first comment on, an error beyond that
 * counts less again the larger it is, in full after WARY_AFTER comments. */
#define ERROR_MAX 0.6
#define WARY_AFTER 300
#define BIAS_RATE 0.1f
/* On a seed, how much spam a site gets is to be learnt soon. */
#define BIAS_RATE_SEEDED 0.5f
/* While good comments are less than one lesson in (1 + GOOD_SHARE): the sum of
 * squares that what describes any comment begins with, and the score that a
 * lesson may lead its own text to (docs/filter.md, "spam alone"). */
#define GOOD_SHARE 5
#define UNGUARDED 0.5	/* of the first lesson */
#define ALONE_SQUARES 3.0f
#define ALONE_SCORE 1.0
#define FIRST_SCORE 3.0	/* the first lesson; it nears ALONE_SCORE */
#define ALONE_LEAST 0.25	/* by so much at least */

#define PACK_EXPONENT (100u << 23)	/* 2^-27 is the least sum kept */
#define PACK_SHIFT 13

float
tq_learner_unpack(uint16_t g)
{
	uint32_t bits = ((uint32_t)g << PACK_SHIFT) + PACK_EXPONENT;
	float f = 0;

	if (g != 0)
		memcpy(&f, &bits, sizeof(f));
	return f;
}

uint16_t
tq_learner_pack(float g)
{
	uint32_t bits;

	memcpy(&bits, &g, sizeof(bits));
	if (bits < PACK_EXPONENT + (1u << PACK_SHIFT))
		return 1;
	bits = (bits - PACK_EXPONENT + (1u << (PACK_SHIFT - 1))) >> PACK_SHIFT;
	return bits > UINT16_MAX ? UINT16_MAX : (uint16_t)bits;
}

/* e^x by range reduction and Taylor's series to x^13: below 1 ulp off for
 * |x| <= 40, and without the C library's choice of instructions. */
static double
exponential(double x)
{
	double k, r, sum = 1, term = 1;
	uint64_t bits;

	x = x > 40 ? 40 : x < -40 ? -40 : x;
	k = (double)(int)(x * 1.4426950408889634 + (x < 0 ? -0.5 : 0.5));
	r = x - k * 6.93147180369123816490e-01;
	r -= k * 1.90821492927058770002e-10;
	for (int i = 1; i <= 13; i++) {
		term = term * r / i;
		sum += term;
	}
	bits = (uint64_t)(1023 + (int)k) << 52;
	memcpy(&term, &bits, sizeof(term));
	return sum * term;
}

double
tq_sigmoid(double x)
{
	return 1 / (1 + exponential(-x));
}

static inline uint32_t
place(const struct tq_feature *f, unsigned bits)
{
	return f->hash >> (32 - bits);
}

/* The seed's part, by group; its unclipped sum. */
static double
score_seed(const struct tq_seed *seed, const struct tq_features *x,
    double unit, double *group)
{
	double sum = seed->bias;

	for (size_t i = 0; i < x->n;) {
		unsigned g = x->f[i].group;
		int32_t units = 0;

		for (; i < x->n && x->f[i].group == g; i++)
			units += seed->w[place(&x->f[i], seed->bits)];
		double part = units * seed->step * unit *
		    (double)tq_groups[g].scale;

		group[g] += part;
		sum += part;
	}
	return sum;
}

void
tq_learner_score(const taliq_model *m, const struct tq_features *x,
    struct tq_score *out)
{
	memset(out, 0, sizeof(*out));
	out->unit = x->squares > 0 ? 1 / sqrt(x->squares) : 0;
	out->seed_share = 1;
	if (m->seed.w != NULL) {
		double sum = score_seed(&m->seed, x, out->unit, out->group);
		double clip = m->seed.clip;

		/* clip * tanh(sum / clip): bends, and keeps the order. */
		if (sum != 0)
			out->seed_share = clip / sum *
			    (2 * tq_sigmoid(2 * sum / clip) - 1);
		for (size_t g = 0; g < TQ_G_N; g++)
			out->group[g] *= out->seed_share;
		out->bias = m->seed.bias * out->seed_share;
	}
	out->bias += (double)m->bias;
	for (size_t i = 0; i < x->n;) {
		unsigned g = x->f[i].group;
		int32_t units = 0;

		for (; i < x->n && x->f[i].group == g; i++)
			units += m->w[place(&x->f[i], TQ_MODEL_BITS)];
		out->group[g] += units * TQ_WEIGHT_STEP * out->unit *
		    (double)tq_groups[g].scale;
	}
	out->raw = out->bias;
	for (size_t g = 0; g < TQ_G_N; g++)
		out->raw += out->group[g];
}

double
tq_learner_weight(const taliq_model *m, const struct tq_feature *f,
    const struct tq_score *s)
{
	double w = m->w[place(f, TQ_MODEL_BITS)] * TQ_WEIGHT_STEP;

	if (m->seed.w != NULL)
		w += m->seed.w[place(f, m->seed.bits)] * m->seed.step *
		    s->seed_share;
	return w * s->unit * (double)tq_groups[f->group].scale;
}

static inline float
step_size(float squares, float gradient)
{
	return ETA / (float)TQ_WEIGHT_STEP * gradient /
	    (EPSILON + sqrtf(squares));
}

static inline void
step_one(taliq_model *m, uint32_t at, float gradient, float begin, float share)
{
	float g = tq_learner_unpack(m->g[at]) + gradient * gradient;
	float w = (float)m->w[at] - share * step_size(g + begin, gradient);

	w += w < 0 ? -0.5f : 0.5f;
	m->w[at] = w > INT16_MAX ? INT16_MAX : w < -INT16_MAX ? -INT16_MAX :
	    (int16_t)w;
	m->g[at] = tq_learner_pack(g);
}

/* How much an error (-1..1) counts. */
static double
bounded(const taliq_model *m, double error)
{
	double size = fabs(error), over = size - ERROR_MAX, wary = 0;
	uint64_t n = m->n_spam + m->n_ham;

	if (over <= 0)
		return error;
	if (m->seed.w != NULL)
		wary = n < WARY_AFTER ? (double)n / WARY_AFTER : 1;
	size = ERROR_MAX - wary * over;
	return error < 0 ? -size : size;
}

/* From 0 to 1: how far this lesson comes from spam alone.  A moderator may mark
 * what was missed and publish nothing by hand; then all that comments share with
 * spam would become a sign of it, and soon everything would be held. */
static float
spam_alone(const taliq_model *m, bool spam)
{
	double good = GOOD_SHARE * (double)m->n_ham + UNGUARDED;

	if (!spam || m->seed.w == NULL || good >= (double)m->n_spam)
		return 0;
	return 1 - (float)(good / (double)m->n_spam);
}

/* What a group's features begin with: the last groups tell of any comment
 * (shape, language...), the others of its words. */
static inline float
squares_at_first(unsigned group, float alone)
{
	return group >= TQ_G_SHAPE ? alone * ALONE_SQUARES : 0;
}

/* The part of a step that leads its text's score no further, at most 1: the first
 * lesson is to show at once, the many are not to add up. */
static float
step_share(const taliq_model *m, const struct tq_features *x,
    const struct tq_score *s, float e, float alone)
{
	double score = ALONE_SCORE + (FIRST_SCORE - ALONE_SCORE) /
	    (double)m->n_spam;
	double wanted = score - s->raw, moved = 0;

	for (size_t i = 0; i < x->n; i++) {
		unsigned g = x->f[i].group;
		float v = (float)s->unit * tq_groups[g].scale, gradient = e * v;
		float before = tq_learner_unpack(
		    m->g[place(&x->f[i], TQ_MODEL_BITS)]);

		moved -= (double)(v * step_size(before + gradient * gradient +
		    squares_at_first(g, alone), gradient)) * TQ_WEIGHT_STEP;
	}
	wanted = wanted < ALONE_LEAST ? ALONE_LEAST : wanted;
	return moved <= wanted ? 1 : 1 - alone + alone * (float)(wanted / moved);
}

void
tq_learner_step(taliq_model *m, const struct tq_features *x, bool spam)
{
	struct tq_score s;
	double error;
	float e, alone, share;

	tq_learner_score(m, x, &s);
	if (spam)
		m->n_spam++;
	else
		m->n_ham++;
	error = tq_sigmoid(s.raw) - (spam ? 1 : 0);
	if (fabs(error) < SKIP)
		return;
	e = (float)bounded(m, error);
	alone = spam_alone(m, spam);
	share = alone > 0 ? step_share(m, x, &s, e, alone) : 1;
	for (size_t i = 0; i < x->n;) {
		unsigned g = x->f[i].group;
		float gradient = e * (float)s.unit * tq_groups[g].scale;
		float begin = squares_at_first(g, alone);

		for (; i < x->n && x->f[i].group == g; i++)
			step_one(m, place(&x->f[i], TQ_MODEL_BITS), gradient,
			    begin, share);
	}
	m->bias_g += e * e;
	m->bias -= (1 - alone) * ETA * e / (1 + sqrtf(m->bias_g)) *
	    (m->seed.w != NULL ? BIAS_RATE_SEEDED : BIAS_RATE);
}
