/* UTF-8 by the table of well-formed sequences (Unicode 15.0, table 3-7): a
 * lead byte says how many bytes follow and narrows the first of them, which
 * alone excludes overlong forms, surrogates and what is past U+10FFFF. */
#include "text/utf8.h"

#include <string.h>

#include "base/buf.h"
#include "text/decode.h"

struct lead {
	unsigned more;		/* bytes that follow; 0: not a lead */
	uint8_t low, high;	/* range of the first of them */
};

static struct lead
lead_of(uint8_t c)
{
	if (c < 0xC2 || c > 0xF4)
		return (struct lead){ 0, 0, 0 };
	if (c < 0xE0)
		return (struct lead){ 1, 0x80, 0xBF };
	if (c < 0xF0)
		return (struct lead){ 2, c == 0xE0 ? 0xA0 : 0x80,
		    c == 0xED ? 0x9F : 0xBF };
	return (struct lead){ 3, c == 0xF0 ? 0x90 : 0x80,
	    c == 0xF4 ? 0x8F : 0xBF };
}

/* The rest of step: a lead byte c, *at behind it. */
static bool
step_more(tq_str s, size_t *at, uint8_t c, uint32_t *rune)
{
	struct lead l = lead_of(c);
	uint32_t r = c & (0x3Fu >> l.more);

	*rune = TQ_RUNE_BAD;
	for (unsigned i = 0; i < l.more; i++) {
		if (*at >= s.n)
			return false;
		c = (uint8_t)s.p[*at];
		if (c < l.low || c > l.high)
			return false;
		r = r << 6 | (c & 0x3Fu);
		l.low = 0x80;
		l.high = 0xBF;
		(*at)++;
	}
	if (l.more == 0)
		return false;
	*rune = r;
	return true;
}

/* As tq_utf8_next, but tells an ill-formed sequence from a written U+FFFD.
 * One and two bytes, which is all of Latin, Cyrillic and Arabic, go the short
 * way. */
static inline bool
step(tq_str s, size_t *at, uint32_t *rune)
{
	uint8_t c = (uint8_t)s.p[(*at)++];

	if (c < 0x80) {
		*rune = c;
		return true;
	}
	if (c >= 0xC2 && c < 0xE0 && *at < s.n &&
	    ((uint8_t)s.p[*at] & 0xC0) == 0x80) {
		*rune = (c & 0x1Fu) << 6 | ((uint8_t)s.p[(*at)++] & 0x3Fu);
		return true;
	}
	return step_more(s, at, c, rune);
}

uint32_t
tq_utf8_next(tq_str s, size_t *at)
{
	uint32_t rune;

	(void)step(s, at, &rune);
	return rune;
}

size_t
tq_utf8_put(char out[4], uint32_t c)
{
	if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		c = TQ_RUNE_BAD;
	return tq_decode_put(out, c);
}

/* Past the ASCII bytes from at, eight at a time. */
static size_t
skip_ascii(tq_str s, size_t at)
{
	while (s.n - at >= sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, s.p + at, sizeof(word));
		if ((word & UINT64_C(0x8080808080808080)) != 0)
			break;
		at += sizeof(word);
	}
	while (at < s.n && (uint8_t)s.p[at] < 0x80)
		at++;
	return at;
}

/* Offset of the first ill-formed sequence, or s.n. */
static size_t
first_bad(tq_str s, size_t at)
{
	uint32_t rune;

	while ((at = skip_ascii(s, at)) < s.n) {
		size_t from = at;

		if (!step(s, &at, &rune))
			return from;
	}
	return s.n;
}

bool
tq_utf8_valid(tq_str s)
{
	return first_bad(s, 0) == s.n;
}

bool
tq_utf8_ascii(tq_str s)
{
	return skip_ascii(s, 0) == s.n;
}

size_t
tq_utf8_count(tq_str s)
{
	size_t n = 0, at = 0;
	uint32_t rune;

	while (at < s.n) {
		size_t from = at;

		if ((uint8_t)s.p[at] < 0x80) {
			at = skip_ascii(s, at);
			n += at - from;
		} else {
			(void)step(s, &at, &rune);
			n++;
		}
	}
	return n;
}

tq_str
tq_utf8_repair(struct tq_arena *a, tq_str s)
{
	size_t from = 0, bad = first_bad(s, 0);
	struct tq_buf b;
	uint32_t rune;

	if (bad == s.n)
		return s;
	tq_buf_init(&b, a, s.n);
	while (bad < s.n) {
		tq_buf_put(&b, (tq_str){ s.p + from, bad - from });
		tq_buf_lit(&b, "\xEF\xBF\xBD");
		(void)step(s, &bad, &rune);
		from = bad;
		bad = first_bad(s, from);
	}
	tq_buf_put(&b, (tq_str){ s.p + from, s.n - from });
	return tq_buf_str(&b);
}
