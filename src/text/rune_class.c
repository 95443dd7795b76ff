/* Direction and letters of all of Unicode, by a table from Debian's
 * unicode-data (tools/rune_table.py). */
#include <stddef.h>

#include "text/rune.h"

#include "text/rune_table.h"

enum { LTR = 1, RTL = 2, WORD = 4, MARK = 8 };	/* kinds in the table */

static unsigned
kind(uint32_t c)
{
	size_t low = 0, high = sizeof(table) / sizeof(table[0]);

	if (c < sizeof(small))
		return small[c];
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (c < table[mid].first)
			high = mid;
		else if (c > table[mid].last)
			low = mid + 1;
		else
			return table[mid].kind;
	}
	return 0;
}

enum tq_strong
tq_rune_strong(uint32_t c)
{
	unsigned k = kind(c);

	if (k & LTR)
		return TQ_STRONG_LTR;
	return k & RTL ? TQ_STRONG_RTL : TQ_STRONG_NONE;
}

bool
tq_rune_word(uint32_t c)
{
	return kind(c) & WORD;
}

bool
tq_rune_mark(uint32_t c)
{
	return kind(c) & MARK;
}
