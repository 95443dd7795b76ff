/* Nothing but what we made passes, whole and unchanged.  A new key each time:
 * the fuzzer reads our memcmp and would learn good tokens. */
#include <assert.h>
#include <string.h>

#include "app/token.h"
#include "base/crypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct tq_token_scope scope = {
		TQ_S_INIT("comment"), 1, TQ_S_INIT("/page"),
	};
	tq_str s = { (const char *)p, n }, good;
	uint8_t key[TQ_KEY_BYTES];
	char bytes[TQ_TOKEN_CHARS];
	struct tq_tokens *t;
	struct tq_arena a;
	struct tq_err e;

	tq_random(key, sizeof(key));
	if (tq_tokens_new(key, 0, &t, &e) != TQ_OK)
		return 0;
	assert(tq_token_check(t, &scope, s, 0) == TQ_TOKEN_FOREIGN);
	(void)tq_token_spend(t, s);
	tq_arena_init(&a, 10000);
	good = tq_token_make(t, &scope, TQ_TOKEN_REISSUED, 0, &a);
	memcpy(bytes, good.p, sizeof(bytes));
	memcpy(bytes + sizeof(bytes) - (n % 64), p, n % 64);
	s = (tq_str){ bytes, sizeof(bytes) };
	assert(tq_token_check(t, &scope, s, 0) == (tq_str_eq(s, good) ?
	    TQ_TOKEN_OK : TQ_TOKEN_FOREIGN));
	tq_arena_free(&a);
	tq_tokens_free(t);
	return 0;
}
