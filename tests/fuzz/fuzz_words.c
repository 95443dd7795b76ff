/* The small words of links and cookies: cursors and readers' secrets.  What is
 * taken prints as a word that is taken as the same. */
#include <assert.h>
#include <string.h>

#include "app/listing.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	tq_str s = { (const char *)p, n };
	uint8_t secret[TQ_READER_BYTES], again[TQ_READER_BYTES];
	struct tq_cursor c, d;
	struct tq_arena a;

	tq_arena_init(&a, 4096);
	if (tq_cursor_parse(s, &c)) {
		assert(tq_cursor_parse(tq_cursor_print(&a, &c), &d));
		assert(c.rank == d.rank && c.root_id == d.root_id &&
		    c.after_id == d.after_id);
	}
	if (tq_reader_decode(s, secret)) {
		tq_str word = tq_reader_encode(&a, secret);

		assert(tq_str_eq(word, s));
		assert(tq_reader_decode(word, again));
		assert(memcmp(secret, again, sizeof(secret)) == 0);
	}
	tq_arena_free(&a);
	return 0;
}
