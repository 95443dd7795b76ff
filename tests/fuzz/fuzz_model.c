/* Any bytes as a model or a seed: refused, or as good as any model.  The
 * checksum is put right, so that what lies behind it is reached. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "filter/modelfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	taliq_input in = { .size = sizeof(in), .body = { "some text", 9 } };
	taliq_model *m;
	taliq_verdict v;
	uint8_t *copy = malloc(n + 8), *saved;
	size_t len;

	if (copy == NULL)
		return 0;
	memcpy(copy, p, n);
	tq_modelfile_seal(copy, n + 8);
	if (taliq_model_load(&m, copy, n + 8) == TALIQ_OK) {
		assert(taliq_classify(m, &in, &v) == TALIQ_OK);
		assert(taliq_learn(m, &in, TALIQ_SPAM) == TALIQ_OK);
		assert(taliq_model_save(m, &saved, &len) == TALIQ_OK);
		free(saved);
		taliq_model_free(m);
	}
	if (taliq_model_new(&m) == TALIQ_OK) {
		if (taliq_model_set_seed(m, copy, n + 8) == TALIQ_OK)
			assert(taliq_classify(m, &in, &v) == TALIQ_OK);
		taliq_model_free(m);
	}
	free(copy);
	return 0;
}
