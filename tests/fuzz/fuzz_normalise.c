/* Every form stays in its room, and norm is well-formed. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "text/decode.h"
#include "text/normalise.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	tq_str s = { (const char *)p, n }, norm;
	char *a = malloc(TQ_NORM_ROOM(n)), *b = malloc(TQ_NORM_ROOM(n));
	struct tq_norm_facts f;
	struct tq_norm_scripts sc;
	struct tq_phone ph;
	bool flag = false;
	size_t len, at = 0;

	if (a == NULL || b == NULL || n > 65536)
		goto done;
	assert(tq_nfkc_cf(s, a) <= TQ_NORM_ROOM(n));
	norm = (tq_str){ a, tq_norm(s, a, &f) };
	assert(norm.n <= TQ_NORM_ROOM(n));
	for (size_t i = 0; i < norm.n; i += len)
		assert(tq_decode_get(norm.p + i, norm.n - i, &len) !=
		    TQ_DECODE_BAD || memcmp(norm.p + i, "\xEF\xBF\xBD",
		    3) == 0);
	while (tq_norm_phone(norm, &at, &ph))
		assert(ph.n >= TQ_PHONE_MIN && ph.n <= TQ_PHONE_MAX);
	tq_norm_scripts(norm, &sc);
	norm = (tq_str){ b, tq_norm_squeeze(norm, b, &flag) };
	assert(tq_norm_skeleton(norm, a, &flag) <= 2 * norm.n);
done:
	free(a);
	free(b);
	return 0;
}
