/* model.h - what a model is inside the library.
 *
 * Two parts: a seed that never changes, and the local part that learns.  A
 * feature's hash is its place in both tables; what shares a place shares a
 * weight.  The local part is trained on what the seed leaves over: the seed's
 * clipped score is an offset, never touched. */
#ifndef TQ_FILTER_MODEL_H
#define TQ_FILTER_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "filter/feature.h"
#include "taliq/filter.h"

#define TQ_MODEL_BITS 20		/* places of the local table */
#define TQ_MODEL_PLACES (1u << TQ_MODEL_BITS)
#define TQ_WEIGHT_STEP (1.0 / 4096)	/* log-odds of one unit of w */

struct tq_seed {
	const int8_t *w;		/* NULL: no seed */
	uint8_t *owned;			/* what w points into, or NULL */
	unsigned bits;
	double step;			/* log-odds of one unit of w */
	double bias;
	double clip;			/* its score is held within +-clip */
	uint32_t id;			/* of its contents; 0: no seed */
	uint64_t n_spam, n_ham;		/* lessons */
};

struct taliq_model {
	struct tq_seed seed;
	int16_t *w;			/* weights, in TQ_WEIGHT_STEP */
	uint16_t *g;			/* sums of squared gradients, packed */
	float bias, bias_g;
	uint64_t n_spam, n_ham;		/* learnt */
	uint32_t learnt_on;		/* id of the seed it was learnt on */
};

/* Parts of one score, in log-odds. */
struct tq_score {
	double group[TQ_G_N];	/* local and clipped seed together */
	double bias;
	double raw;		/* sum of all above */
	double unit;		/* value of a feature of scale 1 */
	double seed_share;	/* what clipping left of the seed, 0..1 */
};

void tq_learner_score(const taliq_model *m, const struct tq_features *x,
    struct tq_score *out);
/* Weight of one feature in that score. */
double tq_learner_weight(const taliq_model *m, const struct tq_feature *f,
    const struct tq_score *s);
/* One step; cannot fail. */
void tq_learner_step(taliq_model *m, const struct tq_features *x, bool spam);
/* 1 / (1 + e^-x), the same bits on every IEEE machine. */
double tq_sigmoid(double x);
/* Packed sums of squares (learner.c says how). */
float tq_learner_unpack(uint16_t g);
uint16_t tq_learner_pack(float g);

/* reasons.c: fills reasons[] of *out, whose logit is set; writes the weights of
 * x->spans. */
void tq_reasons_fill(const taliq_model *m, const taliq_input *in,
    struct tq_features *x, const struct tq_score *s, taliq_verdict *out);

#endif
