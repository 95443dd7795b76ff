/* Any bytes as any field: features fit, reasons add up and are text. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "filter/feature.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static taliq_model *m;
	size_t cut = n > 0 ? p[0] % (n > 64 ? 64 : n) : 0;
	taliq_text a = { (const char *)p, cut };
	taliq_input in = { .size = sizeof(in), .author = a, .email = a,
	    .url = a, .user_agent = a, .lang = a };
	struct tq_features x;
	taliq_verdict v;
	double sum = 0;

	in.body = (taliq_text){ (const char *)p + cut, n - cut };
	if (n > TALIQ_BODY_MAX ||
	    (m == NULL && taliq_model_new_seeded(&m) != TALIQ_OK))
		return 0;
	assert(tq_features_extract(&x, &in) == TALIQ_OK);
	assert(x.dropped == 0);
	tq_features_free(&x);
	assert(taliq_explain(m, &in, &v) == TALIQ_OK);
	for (uint32_t i = 0; i < v.n_reasons; i++) {
		sum += v.reasons[i].weight;
		assert(tq_utf8_valid(tq_str_c(v.reasons[i].detail)));
	}
	assert(fabs(sum - v.logit) < 1e-6);
	assert(v.p_spam >= 0 && v.p_spam <= 1);
	return 0;
}
