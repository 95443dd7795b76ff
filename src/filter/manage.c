/* Looking after models: what is in one, how two differ, merging, pruning. */
#include <math.h>
#include <string.h>

#include "filter/model.h"

void
taliq_model_about(const taliq_model *m, taliq_model_info *out)
{
	double sum = 0;

	memset(out, 0, sizeof(*out));
	out->n_spam = m->n_spam;
	out->n_ham = m->n_ham;
	out->places = TQ_MODEL_PLACES;
	out->seed_id = m->seed.id;
	out->changed_seed = m->learnt_on != m->seed.id;
	out->bias = (double)m->bias;
	for (uint32_t i = 0; i < TQ_MODEL_PLACES; i++) {
		double w = fabs(m->w[i] * TQ_WEIGHT_STEP);

		if (m->g[i] == 0)
			continue;
		out->used++;
		sum += w;
		if (w > out->max_weight)
			out->max_weight = w;
	}
	out->mean_weight = out->used > 0 ? sum / out->used : 0;
}

void
taliq_seed_about(const taliq_model *m, taliq_seed_info *out)
{
	const struct tq_seed *s = &m->seed;
	double sum = 0;

	memset(out, 0, sizeof(*out));
	if (s->w == NULL)
		return;
	out->id = s->id;
	out->places = (uint32_t)1 << s->bits;
	out->n_spam = s->n_spam;
	out->n_ham = s->n_ham;
	out->bias = s->bias;
	out->clip = s->clip;
	for (uint32_t i = 0; i < out->places; i++) {
		double w = fabs(s->w[i] * s->step);

		out->used += w > 0;
		sum += w;
		if (w > out->max_weight)
			out->max_weight = w;
	}
	out->mean_weight = out->used > 0 ? sum / out->used : 0;
}

void
taliq_model_compare(const taliq_model *a, const taliq_model *b,
    taliq_model_diff *out)
{
	double sum = 0;
	uint32_t n;

	memset(out, 0, sizeof(*out));
	for (uint32_t i = 0; i < TQ_MODEL_PLACES; i++) {
		double d = fabs((a->w[i] - b->w[i]) * TQ_WEIGHT_STEP);

		out->only_a += a->g[i] != 0 && b->g[i] == 0;
		out->only_b += a->g[i] == 0 && b->g[i] != 0;
		out->both += a->g[i] != 0 && b->g[i] != 0;
		sum += d;
		if (d > out->max_change)
			out->max_change = d;
	}
	n = out->only_a + out->only_b + out->both;
	out->mean_change = n > 0 ? sum / n : 0;
}

taliq_status
taliq_model_merge(taliq_model *m, const taliq_model *other)
{
	if (m->learnt_on != other->learnt_on)
		return TALIQ_INVALID;
	for (uint32_t i = 0; i < TQ_MODEL_PLACES; i++) {
		float ga = tq_learner_unpack(m->g[i]);
		float gb = tq_learner_unpack(other->g[i]);
		float w;

		if (other->g[i] == 0)
			continue;
		w = ((float)m->w[i] * ga + (float)other->w[i] * gb) /
		    (ga + gb);
		m->w[i] = (int16_t)(w + (w < 0 ? -0.5f : 0.5f));
		m->g[i] = tq_learner_pack(ga + gb);
	}
	if (m->bias_g + other->bias_g > 0)
		m->bias = (m->bias * m->bias_g + other->bias * other->bias_g) /
		    (m->bias_g + other->bias_g);
	m->bias_g += other->bias_g;
	m->n_spam += other->n_spam;
	m->n_ham += other->n_ham;
	return TALIQ_OK;
}

uint32_t
taliq_model_prune(taliq_model *m, double least)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < TQ_MODEL_PLACES; i++) {
		if (m->g[i] == 0 || fabs(m->w[i] * TQ_WEIGHT_STEP) >= least)
			continue;
		m->w[i] = 0;
		m->g[i] = 0;
		n++;
	}
	return n;
}
