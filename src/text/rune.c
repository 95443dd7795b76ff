/* Kinds of code points as sorted ranges (Unicode 15.0: PropList.txt,
 * DerivedCoreProperties.txt).  Everything below U+00AD is answered before the
 * search. */
#include "text/rune.h"

#include <stddef.h>

struct range {
	uint32_t first, last;
};

#define N(table) (sizeof(table) / sizeof((table)[0]))

static bool
within(const struct range *table, size_t n, uint32_t c)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (c > table[mid].last)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && c >= table[low].first;
}

bool
tq_rune_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

bool
tq_rune_space(uint32_t c)
{
	if (c < 0x80)
		return c == ' ' || (c >= '\t' && c <= '\r');
	return c == 0x85 || c == 0xA0 || c == 0x1680 ||
	    (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
	    c == 0x202F || c == 0x205F || c == 0x3000;
}

bool
tq_rune_bidi(uint32_t c)
{
	return c == 0x61C || c == 0x200E || c == 0x200F ||
	    (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

bool
tq_rune_hidden(uint32_t c)
{
	static const struct range table[] = {
		{ 0xAD, 0xAD },		/* soft hyphen */
		{ 0x34F, 0x34F },	/* combining grapheme joiner */
		{ 0x115F, 0x1160 },	/* Hangul fillers */
		{ 0x17B4, 0x17B5 },	/* Khmer inherent vowels */
		{ 0x180B, 0x180F },	/* Mongolian selectors */
		{ 0x200B, 0x200B },	/* zero-width space */
		{ 0x2060, 0x2065 },	/* word joiner, invisible operators */
		{ 0x206A, 0x206F },	/* deprecated format characters */
		{ 0x3164, 0x3164 },	/* Hangul filler */
		{ 0xFEFF, 0xFEFF },	/* BOM */
		{ 0xFFA0, 0xFFA0 },	/* half-width Hangul filler */
		{ 0xFFF0, 0xFFFB },	/* annotation marks */
		{ 0x1BCA0, 0x1BCA3 },	/* shorthand format */
		{ 0x1D173, 0x1D17A },	/* musical format */
		{ 0xE0000, 0xE00FF },	/* tags */
		{ 0xE01F0, 0xE0FFF },
	};

	return c >= 0xAD && within(table, N(table), c);
}

bool
tq_rune_joiner(uint32_t c)
{
	return c == 0x200C || c == 0x200D;
}

bool
tq_rune_blank(uint32_t c)
{
	if (c < 0x80)
		return tq_rune_space(c) || tq_rune_control(c);
	return tq_rune_space(c) || tq_rune_control(c) || tq_rune_bidi(c) ||
	    tq_rune_hidden(c) || tq_rune_joiner(c) || tq_rune_mark(c) ||
	    c == 0x2800;
}
