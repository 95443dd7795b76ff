/* filter_models.h - what the tests of models share: a few comments of each sort,
 * and models taught with them. */
#ifndef TQ_TESTS_FILTER_MODELS_H
#define TQ_TESTS_FILTER_MODELS_H

#include <stdbool.h>

#include "taliq/filter.h"
#include "unit.h"

static const char *const SPAM[] = {
	"cheap pills at https://pills.example call 0501234567",
	"earn 500 $ a day from home t.me/money",
	("\xD8\xB4\xD9\x8A\xD8\xAE \xD8\xB1\xD9\x88\xD8\xAD\xD8\xA7\xD9\x86"
	"\xD9\x8A 0501234567"),
};
static const char *const HAM[] = {
	"the council has not mended our road for years",
	("\xD9\x85\xD9\x82\xD8\xA7\xD9\x84 \xD9\x85\xD9\x85\xD8\xAA\xD8\xA7"
	"\xD8\xB2 \xD8\xB4\xD9\x83\xD8\xB1\xD8\xA7"),
	"where is the source of that figure?",
};

static inline taliq_input
input(const char *text)
{
	return (taliq_input){ .size = sizeof(taliq_input),
	    .body = { text, strlen(text) } };
}

static inline double
p_of(const taliq_model *m, const char *text)
{
	taliq_input in = input(text);
	taliq_verdict v;

	assert_int_equal(taliq_classify(m, &in, &v), TALIQ_OK);
	return v.p_spam;
}

static inline void
learn(taliq_model *m, const char *text, taliq_class c)
{
	taliq_input in = input(text);

	assert_int_equal(taliq_learn(m, &in, c), TALIQ_OK);
}

static inline taliq_model *
taught(bool seeded, unsigned rounds)
{
	taliq_model *m;

	assert_int_equal(seeded ? taliq_model_new_seeded(&m) :
	    taliq_model_new(&m), TALIQ_OK);
	for (unsigned k = 0; k < rounds; k++)
		for (size_t i = 0; i < TQ_N(SPAM); i++) {
			learn(m, SPAM[i], TALIQ_SPAM);
			learn(m, HAM[i], TALIQ_HAM);
		}
	return m;
}

#endif
