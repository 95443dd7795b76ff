/* Any bytes have a direction and a language; without strong letters the
 * direction is the fallback. */
#include <assert.h>

#include "text/direction.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	tq_str s = { (const char *)p, n };
	enum tq_dir ltr = tq_text_direction(s, TQ_LTR);
	enum tq_dir rtl = tq_text_direction(s, TQ_RTL);
	tq_str lang = tq_text_language(s, TQ_S("ar"));

	assert(ltr == rtl || (ltr == TQ_LTR && rtl == TQ_RTL));
	assert(lang.n <= 3);
	return 0;
}
