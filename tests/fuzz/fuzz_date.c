/* A date that is read is printed as the same moment. */
#include <assert.h>

#include "base/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	tq_str s = { (const char *)p, n };
	int64_t us, back;
	struct tq_arena a;
	struct tq_buf b;

	if (!tq_date_parse(s, 180, &us))
		return 0;
	tq_arena_init(&a, 4096);
	tq_buf_init(&b, &a, 64);
	tq_date_rfc3339(&b, us);
	assert(tq_date_parse(tq_buf_str(&b), 0, &back));
	assert(us - back >= 0 && us - back < TQ_SECOND_US);
	tq_arena_free(&a);
	return 0;
}
