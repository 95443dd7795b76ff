/* rune.h - what kind of character a code point is, as far as cleaning and
 * showing text need to know.  Pure functions, any thread. */
#ifndef TQ_TEXT_RUNE_H
#define TQ_TEXT_RUNE_H

#include <stdbool.h>
#include <stdint.h>

/* C0, DEL and C1, LF and TAB among them. */
bool tq_rune_control(uint32_t c);
/* White_Space of Unicode 15.0 (PropList.txt). */
bool tq_rune_space(uint32_t c);
/* Bidi_Control: the marks LRM, RLM, ALM, the embeddings and overrides, the
 * isolates, and their ends (UAX #9 2). */
bool tq_rune_bidi(uint32_t c);
/* Takes no room and carries no meaning in plain text, so that it only hides
 * something: soft hyphen, zero-width space, word joiner, BOM, tags, fillers,
 * annotation marks and the like.  Not ZWNJ, ZWJ and variation selectors, which
 * Persian, Indic scripts and emoji need. */
bool tq_rune_hidden(uint32_t c);
/* ZWNJ and ZWJ. */
bool tq_rune_joiner(uint32_t c);
/* Nothing to see: space, control, bidi, hidden, joiner, mark without a base,
 * and the empty Braille cell. */
bool tq_rune_blank(uint32_t c);

/* rune_class.c: from a table made at build time of the whole of Unicode. */
enum tq_strong { TQ_STRONG_NONE, TQ_STRONG_LTR, TQ_STRONG_RTL };
/* Bidi class L, or R and AL; emoji, flags and the bidi controls are none. */
enum tq_strong tq_rune_strong(uint32_t c);
/* Part of a word: a letter, a mark or a decimal digit of any script (general
 * category L, M, Nd). */
bool tq_rune_word(uint32_t c);

/* Stands on the character before it: general category Mn, Me, so variation
 * selectors, too. */
bool tq_rune_mark(uint32_t c);

#endif
