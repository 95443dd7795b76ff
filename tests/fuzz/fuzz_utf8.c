/* Decoding, repair and rule R0 keep their promises on any bytes. */
#include <assert.h>

#include "text/rune.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	tq_str s = { (const char *)p, n }, good, body, line;
	struct tq_arena a;
	size_t runes = 0;

	tq_arena_init(&a, (size_t)64 << 20);
	for (size_t at = 0; at < n; runes++) {
		size_t from = at;

		(void)tq_utf8_next(s, &at);
		assert(at > from && at <= from + 4 && at <= n);
	}
	assert(runes == tq_utf8_count(s));
	good = tq_utf8_repair(&a, s);
	assert(tq_utf8_valid(good) && tq_utf8_count(good) == runes);
	body = tq_text_clean_body(&a, good);
	assert(tq_utf8_valid(body));
	assert(tq_str_eq(tq_text_clean_body(&a, body), body));
	line = tq_text_clean_line(&a, good);
	assert(tq_utf8_valid(line));
	assert(tq_str_eq(tq_text_clean_line(&a, line), line));
	for (size_t at = 0; at < line.n;)
		assert(!tq_rune_bidi(tq_utf8_next(line, &at)));
	tq_arena_free(&a);
	return 0;
}
