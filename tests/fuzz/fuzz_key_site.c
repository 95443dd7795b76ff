/* Whatever a client calls its address: short, well-formed, nothing hidden, no
 * query. */
#include <assert.h>
#include <string.h>

#include "app/key_use.h"
#include "text/rune.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char once[TQ_USE_SITE_MAX];
	tq_str s = { once, 0 };

	s.n = tq_key_use_site((tq_str){ (const char *)p, n }, once);
	assert(s.n <= TQ_USE_SITE_MAX && tq_utf8_valid(s));
	for (size_t at = 0; at < s.n;) {
		const uint32_t c = tq_utf8_next(s, &at);

		assert(!tq_rune_control(c) && !tq_rune_space(c) &&
		    !tq_rune_bidi(c) && !tq_rune_hidden(c));
	}
	assert(memchr(once, '?', s.n) == NULL);
	assert(memchr(once, '#', s.n) == NULL);
	return 0;
}
