/* unicode.h - the generated tables (tools/unicode_tables.py, Unicode 15.0) and
 * the look-ups on them.  Constant data: any thread.
 *
 * Two-stage tables: the block of 128 code points, then the place in it.  A
 * mapping's entry is 0 when the code point stays itself, else an offset into a
 * pool of UTF-8: one length byte, then the bytes. */
#ifndef TQ_TEXT_UNICODE_H
#define TQ_TEXT_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/unicode_tables.h"

/* What a code point is to a reader of words. */
enum tq_kind {
	TQ_KIND_OTHER,		/* punctuation and symbols */
	TQ_KIND_LETTER,		/* with the marks that belong to it */
	TQ_KIND_DIGIT,
	TQ_KIND_SPACE,
	TQ_KIND_EMOJI,
	TQ_KIND_IDEO		/* scripts written without spaces */
};

/* What normalisation counts it as, before it is changed or dropped. */
enum tq_count {
	TQ_COUNT_LOWER,		/* letters that are not upper case */
	TQ_COUNT_UPPER,
	TQ_COUNT_DIGIT,		/* ASCII digits and other numerals */
	TQ_COUNT_SPACE,
	TQ_COUNT_NEWLINE,
	TQ_COUNT_PUNCT,
	TQ_COUNT_EMOJI,
	TQ_COUNT_HARAKA,	/* Arabic vowel and Quranic marks */
	TQ_COUNT_TATWEEL,
	TQ_COUNT_ZERO_WIDTH,	/* invisible, not a direction control */
	TQ_COUNT_BIDI,		/* direction controls */
	TQ_COUNT_PRESENT,	/* Arabic presentation forms... */
	TQ_COUNT_LAM_ALEF,	/* ...but these, which keyboards type */
	TQ_COUNT_VARSEL,	/* variation selectors, emoji joiners */
	TQ_COUNT_NATIVE_DIGIT,	/* Arabic-Indic and other scripts' digits */
	TQ_COUNT_STYLED_DIGIT,	/* circled, keycap */
	TQ_COUNT_WIDE_DIGIT,	/* full width, mathematical */
	TQ_COUNT_STYLED_LATIN,	/* mathematical, circled, full width letters */
	TQ_COUNT_SMALL_LATIN,	/* small capitals, superscripts */
	TQ_COUNT_DOTLESS,	/* Arabic letters without their dots */
	TQ_COUNT_OVERLAY,	/* strokes through letters */
	TQ_COUNT_COMBINING,	/* other marks that normalisation drops */
	TQ_COUNT_CONTROL,
	TQ_COUNT_BAD,		/* U+FFFD, also for ill-formed bytes */
	TQ_COUNT_N
};

struct tq_uprop {
	uint8_t script;		/* enum tq_script; NONE: common */
	uint8_t kind;		/* enum tq_kind */
	uint8_t count;		/* enum tq_count */
	/* Bit 0: its normal form may compose or reorder with what stands
	 * before it, so the table alone is not enough.  Bits 1-2: 1 strong
	 * left-to-right, 2 strong right-to-left (UAX #9). */
	uint8_t bits;
};

struct tq_udecomp { uint32_t from, to[2]; };	/* canonical; to[1] may be 0 */
struct tq_ucomp { uint32_t a, b, to; };		/* canonical composition */
struct tq_upair { uint32_t from, to; };

extern const uint16_t tq_u_cf_stage1[], tq_u_cf_stage2[];
extern const uint8_t tq_u_cf_pool[];
extern const uint16_t tq_u_norm_stage1[], tq_u_norm_stage2[];
extern const uint8_t tq_u_norm_pool[];
extern const uint16_t tq_u_prop_stage1[], tq_u_prop_stage2[];
extern const struct tq_uprop tq_u_props[];

/* Sorted by their first columns. */
extern const struct tq_udecomp tq_u_decomps[];
extern const struct tq_ucomp tq_u_comps[];
extern const struct tq_upair tq_u_ccc[];	/* combining classes over 0 */
extern const struct tq_upair tq_u_mixed[];	/* look-alikes, see */
extern const struct tq_upair tq_u_always[];	/* data/lookalikes.txt */
extern const size_t tq_u_decomps_n, tq_u_comps_n, tq_u_ccc_n,
    tq_u_mixed_n, tq_u_always_n, tq_u_scripts_n;

extern const char *const tq_u_script_names[];	/* by enum tq_script */

/* c <= 0x10FFFF. */
static inline const struct tq_uprop *
tq_u_prop(uint32_t c)
{
	return &tq_u_props[tq_u_prop_stage2[
	    ((uint32_t)tq_u_prop_stage1[c >> 7] << 7) + (c & 127)]];
}

/* Binary search in a table of pairs; 0 when c is not in it. */
static inline uint32_t
tq_u_pair(const struct tq_upair *t, size_t n, uint32_t c)
{
	size_t lo = 0;

	while (lo < n) {
		size_t mid = lo + (n - lo) / 2;

		if (t[mid].from == c)
			return t[mid].to;
		if (t[mid].from < c)
			lo = mid + 1;
		else
			n = mid;
	}
	return 0;
}

/* Arabic letters without their dots, from U+0600 on. */
extern const uint16_t tq_u_rasm[256];

/* The dotless class of c, or c. */
static inline uint32_t
tq_u_rasm_of(uint32_t c)
{
	return c >= 0x600 && c <= 0x6FF ? tq_u_rasm[c - 0x600] : c;
}

#endif
