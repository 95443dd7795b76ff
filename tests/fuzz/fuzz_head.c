/* A head that comes in is, written out from what was read of it, the bytes that
 * came: so no part of it was overlooked.  Two differences are allowed: blanks
 * around values, and NULs beside bare LFs, which nobody can see (head.c). */
#include <assert.h>

#include "web/door.h"

#include "../web/head_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const char *
expect(const char *at, tq_str s)
{
	assert(memcmp(at, s.p, s.n) == 0);
	return at + s.n;
}

static const char *
end_of_line(const char *at)
{
	while (*at == ' ' || *at == '\t')
		at++;
	for (int i = 0; i < 2; i++, at++)
		assert(*at == '\r' || *at == '\n' || *at == 0);
	return at;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static char raw_text[70000], text[70000];
	static struct tq_header fields[TQ_FIELDS_MAX];
	const char *at = raw_text;
	struct tq_head_raw raw;
	struct tq_arena a;
	struct tq_head h;
	struct tq_door d;

	if (n >= sizeof(text))
		return 0;
	memcpy(raw_text, p, n);
	memcpy(text, p, n);
	raw_text[n] = text[n] = 0;
	if (!as_left_by_library(text, n, &raw) ||
	    tq_head_read(&raw, fields, &h) != TQ_OK)
		return 0;
	at = expect(expect(at, h.method), TQ_S(" "));
	at = end_of_line(expect(expect(expect(at, h.target), TQ_S(" ")),
	    h.version));
	for (size_t i = 0; i < h.n_fields; i++) {
		at = expect(expect(at, fields[i].name), TQ_S(":"));
		while (*at == ' ' || *at == '\t')
			at++;
		at = end_of_line(expect(at, fields[i].value));
	}
	at = end_of_line(at);
	assert(at[-1] == '\n');
	assert((size_t)(at - raw_text) == raw.bytes.n);
	tq_arena_init(&a, 1 << 20);
	if (tq_door_check(&h, &a, &d) == 0)
		assert(d.length <= TQ_BODY_LARGE_MAX && d.path.n > 0);
	tq_arena_free(&a);
	return 0;
}
