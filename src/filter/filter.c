/* The public functions about models and verdicts (taliq/filter.h): each is a
 * few steps of features -> score -> reasons. */
#include "taliq/filter.h"

#include <stdlib.h>
#include <string.h>

#include "filter/model.h"
#include "filter/modelfile.h"

/* Tables of 4 MB, cleared unless they are written at once. */
static taliq_status
make(bool clear, taliq_model **out)
{
	const size_t size = TQ_MODEL_PLACES * sizeof(int16_t);
	taliq_model *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return TALIQ_NOMEM;
	m->w = clear ? calloc(1, size) : malloc(size);
	m->g = clear ? calloc(1, size) : malloc(size);
	if (m->w == NULL || m->g == NULL) {
		taliq_model_free(m);
		return TALIQ_NOMEM;
	}
	*out = m;
	return TALIQ_OK;
}

taliq_status
taliq_model_new(taliq_model **out)
{
	return make(true, out);
}

taliq_status
taliq_model_new_seeded(taliq_model **out)
{
	taliq_model *m;
	taliq_status st = taliq_model_new(&m);

	if (st != TALIQ_OK)
		return st;
	st = tq_modelfile_shipped(&m->seed);
	if (st != TALIQ_OK) {
		taliq_model_free(m);
		return st;
	}
	m->learnt_on = m->seed.id;
	*out = m;
	return TALIQ_OK;
}

void
taliq_model_free(taliq_model *m)
{
	if (m == NULL)
		return;
	free(m->seed.owned);
	free(m->w);
	free(m->g);
	free(m);
}

taliq_status
taliq_model_copy(const taliq_model *m, taliq_model **out)
{
	taliq_model *c, all;
	taliq_status st = make(false, &c);

	if (st != TALIQ_OK)
		return st;
	memcpy(c->w, m->w, TQ_MODEL_PLACES * sizeof(*m->w));
	memcpy(c->g, m->g, TQ_MODEL_PLACES * sizeof(*m->g));
	all = *m;
	all.w = c->w;
	all.g = c->g;
	st = tq_modelfile_copy_seed(&m->seed, &all.seed);
	if (st != TALIQ_OK) {
		taliq_model_free(c);
		return st;
	}
	*c = all;
	*out = c;
	return TALIQ_OK;
}

/* The first version of taliq_input ended here. */
#define INPUT_FIRST (offsetof(taliq_input, page_published_at) + sizeof(int64_t))

/* Takes an input of the version that the host was built with: what that did not
 * have is zero. */
static taliq_status
take(const taliq_input *in, taliq_input *own)
{
	if (in->size < INPUT_FIRST || in->size > sizeof(*own))
		return TALIQ_INVALID;
	memset(own, 0, sizeof(*own));
	memcpy(own, in, in->size);
	return TALIQ_OK;
}

static double
sum_signals(const taliq_input *in)
{
	double sum = 0;

	for (uint32_t i = 0; i < in->n_signals; i++)
		sum += in->signals[i].weight;
	return sum;
}

static taliq_status
extract(const taliq_model *m, const taliq_input *in, struct tq_features *x)
{
	struct tq_ahead ahead = { .local = m->w,
	    .local_shift = 32 - TQ_MODEL_BITS, .seed = (const int8_t *)m->w,
	    .seed_shift = 32 - TQ_MODEL_BITS };

	if (m->seed.w != NULL) {
		ahead.seed = m->seed.w;
		ahead.seed_shift = 32 - m->seed.bits;
	}
	return tq_features_extract_for(x, in, &ahead);
}

static taliq_status
judge(const taliq_model *m, const taliq_input *in, bool explain,
    taliq_verdict *out)
{
	struct tq_features x;
	struct tq_score s;
	taliq_input own;
	taliq_verdict v;
	taliq_status st = take(in, &own);

	if (st == TALIQ_OK)
		st = extract(m, &own, &x);
	if (st != TALIQ_OK)
		return st;
	memset(&v, 0, sizeof(v));
	tq_learner_score(m, &x, &s);
	v.logit = s.raw + sum_signals(&own);
	v.p_spam = tq_sigmoid(v.logit);
	v.verdict = v.p_spam >= TALIQ_SPAM_AT ? TALIQ_SPAM :
	    v.p_spam >= TALIQ_HOLD_AT ? TALIQ_UNSURE : TALIQ_HAM;
	if (explain)
		tq_reasons_fill(m, &own, &x, &s, &v);
	tq_features_free(&x);
	*out = v;
	return TALIQ_OK;
}

taliq_status
taliq_classify(const taliq_model *m, const taliq_input *in, taliq_verdict *out)
{
	return judge(m, in, false, out);
}

taliq_status
taliq_explain(const taliq_model *m, const taliq_input *in, taliq_verdict *out)
{
	return judge(m, in, true, out);
}

taliq_status
taliq_learn(taliq_model *m, const taliq_input *in, taliq_class c)
{
	struct tq_features x;
	taliq_input own;
	taliq_status st = take(in, &own);

	if (c != TALIQ_HAM && c != TALIQ_SPAM)
		return TALIQ_INVALID;
	if (st == TALIQ_OK)
		st = extract(m, &own, &x);
	if (st != TALIQ_OK)
		return st;
	tq_learner_step(m, &x, c == TALIQ_SPAM);
	tq_features_free(&x);
	return TALIQ_OK;
}

const char *
taliq_status_text(taliq_status s)
{
	static const char *const text[] = {
		[TALIQ_OK] = "no error",
		[TALIQ_NOMEM] = "out of memory",
		[TALIQ_INVALID] = "a field is too long or a value out of range",
		[TALIQ_CORRUPT] = "the model file is damaged",
		[TALIQ_VERSION] = "the model file is of another version",
		[TALIQ_FOREIGN] = "this is no model file of this kind",
	};

	return (size_t)s < sizeof(text) / sizeof(text[0]) ? text[s] :
	    "unknown status";
}
