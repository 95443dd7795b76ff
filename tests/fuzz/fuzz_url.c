/* What passes as a web address passes again, unchanged, and stays http. */
#include <assert.h>

#include "text/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	tq_str s = { (const char *)p, n };
	struct tq_url_parts u;
	struct tq_arena a;
	tq_url once, twice;

	tq_arena_init(&a, 1 << 20);
	if (tq_url_web(&a, s, &once)) {
		assert(tq_str_starts(once.s, TQ_S("http")));
		assert(tq_url_split(once.s, &u) && u.host.n > 0);
		assert(tq_url_web(&a, once.s, &twice));
		assert(tq_str_eq(once.s, twice.s));
		assert(tq_url_origin(&a, once.s).n > 0);
	}
	assert(tq_url_local(s).s.p[0] == '/');
	tq_arena_free(&a);
	return 0;
}
