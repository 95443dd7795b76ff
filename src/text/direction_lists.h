/* direction_lists.h - the languages that share a script, and what tells them
 * apart; only direction_*.c include it.  Any thread. */
#ifndef TQ_TEXT_DIRECTION_LISTS_H
#define TQ_TEXT_DIRECTION_LISTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum script {
	LATIN, ARABIC, CYRILLIC, HAN, KANA, HANGUL, HEBREW, GREEK, THAI, OTHER,
	SCRIPTS
};

/* The candidates; an answer below has bit i for candidate i. */
#define TQ_CANDIDATES 9
struct tq_candidate { tq_str tag; enum script script; };
extern const struct tq_candidate tq_candidates[TQ_CANDIDATES];

/* In whose list of common words this stands (folded). */
unsigned tq_candidates_word(tq_str folded);
/* false: a word of ASCII letters, not folded, that stands in no list. */
bool tq_candidates_maybe(tq_str word);
/* Who writes this letter, other than most relatives. */
unsigned tq_candidates_letter(uint32_t c);

#endif
