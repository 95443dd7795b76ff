/* decode.h - UTF-8 one code point at a time, inline, for the loops that see every
 * byte.  What tq_utf8_next (text/utf8.h) does, without a call.  Any thread. */
#ifndef TQ_TEXT_DECODE_H
#define TQ_TEXT_DECODE_H

#include <stddef.h>
#include <stdint.h>

#define TQ_DECODE_BAD 0xFFFDu

/* The bytes after a lead byte b and the range of the first of them (Unicode
 * 15.0 table 3-7); 0 when b leads nothing. */
static inline unsigned
tq_decode_tail(unsigned b, unsigned *lo, unsigned *hi)
{
	*lo = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
	*hi = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
	return b < 0xC2 ? 0 : b < 0xE0 ? 1 : b < 0xF0 ? 2 : b < 0xF5 ? 3 : 0;
}

/* The code point at p[0..n), n > 0, and its length in bytes.  An ill-formed
 * maximal subpart gives U+FFFD. */
static inline uint32_t
tq_decode_get(const char *s, size_t n, size_t *len)
{
	const unsigned char *p = (const unsigned char *)s;
	unsigned b = p[0], lo, hi;

	*len = 1;
	if (b < 0x80)
		return b;
	if (b >= 0xC2 && b < 0xE0 && n > 1 && (p[1] & 0xC0) == 0x80) {
		*len = 2;
		return (b & 0x1Fu) << 6 | (p[1] & 0x3Fu);
	}
	unsigned tail = tq_decode_tail(b, &lo, &hi);
	uint32_t c = b & (0x3Fu >> tail);

	if (tail == 0)
		return TQ_DECODE_BAD;
	for (unsigned i = 1; i <= tail; i++) {
		if (i >= n || p[i] < lo || p[i] > hi)
			return TQ_DECODE_BAD;
		c = c << 6 | (p[i] & 0x3Fu);
		lo = 0x80;
		hi = 0xBF;
		*len = i + 1;
	}
	return c;
}

/* Writes a scalar value; its length. */
static inline size_t
tq_decode_put(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

#endif
