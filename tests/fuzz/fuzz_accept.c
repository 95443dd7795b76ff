/* Accept-Language always ends at a catalogue. */
#include <assert.h>

#include "text/lang.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	tq_str s = { (const char *)p, n };
	const struct tq_lang *l = tq_lang_accept(s, tq_lang_at(0));

	assert(tq_lang_exact(tq_lang_tag(l)) == l);
	assert(tq_lang_find(s) != NULL);
	return 0;
}
