/* Only an encoding that is there is chosen; only what is listed matches. */
#include <assert.h>
#include <stdint.h>

#include "web/negotiate.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	tq_str s = { (const char *)p, n };

	for (unsigned have = 1; have < 1u << TQ_ENCODINGS; have += 2)
		assert((have >> tq_encoding_choose(s, have) & 1) != 0);
	if (tq_etag_listed(s, TQ_S("\"a\"")))
		assert(tq_str_find(s, TQ_S("\"a\"")) < s.n ||
		    tq_str_eq(tq_str_trim(s), TQ_S("*")));
	return 0;
}
