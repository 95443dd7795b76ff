/* normalise.h - the forms of a text that are compared, never shown.
 *
 * R1 nfkc_cf   Unicode toNFKC_Casefold: compatibility forms, case, invisible
 *              characters.
 * R2 repairs   isolated Arabic marks vanish instead of becoming a space and a
 *              mark; bismillah, circled and squared letters and digits are
 *              spelt out; regional indicators stay.
 * R3 marks     harakat, Hebrew points, accents and decorations go.  Marks that
 *              are vowels elsewhere (Indic, Thai, kana) stay.
 * R4 letters   alef, ya, heh and kaf variants of Arabic script are one letter;
 *              tatweel goes.
 * R5 digits    every decimal digit is ASCII.
 * R6 space     runs of white space are one space; none at the ends.
 *              R1-R6 together are "norm".
 * R7 squeeze   three or more of one letter: one in Arabic, two elsewhere; a
 *              word of one letter keeps three (laughter).
 * R8 skeleton  squeeze, spaced-out letters joined, look-alikes to Latin, Arabic
 *              to its dotless classes, only letters and digits left.
 * R9 phones    8 to 15 digits with separators between, as one string; more are
 *              two numbers when a gap leaves one on either side, the last such.
 *
 * Nothing here allocates or fails: the caller brings room.  Ill-formed UTF-8
 * counts as U+FFFD.  Time is linear in the input.  Any thread. */
#ifndef TQ_TEXT_NORMALISE_H
#define TQ_TEXT_NORMALISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "text/unicode.h"

/* Room that nfkc_cf or norm of n bytes may need (U+FDFD: 3 to 41 bytes). */
#define TQ_NORM_ROOM(n) ((n) * 14 + 4)

/* What was in the text before normalisation changed it. */
struct tq_norm_facts {
	uint32_t count[TQ_COUNT_N];	/* code points of each sort */
	uint32_t runes;			/* all of them */
	uint32_t stacked;		/* marks on marks (Zalgo) */
	uint8_t first_strong;		/* 0 none, 1 left-, 2 right-to-left */
};

/* R1 into out[TQ_NORM_ROOM(s.n)]; the bytes written. */
size_t tq_nfkc_cf(tq_str s, char *out);
/* R1-R6 into out[TQ_NORM_ROOM(s.n)]; *facts is wholly written. */
size_t tq_norm(tq_str s, char *out, struct tq_norm_facts *facts);
/* R7 on a norm text; out has room for norm.n bytes.  *elongated is set when
 * something was shortened. */
size_t tq_norm_squeeze(tq_str norm, char *out, bool *elongated);
/* R8 on a squeezed text; out has room for 2 * n bytes, for a digit may become an
 * Arabic letter.  *spaced is set when spaced-out letters were joined. */
size_t tq_norm_skeleton(tq_str squeezed, char *out, bool *spaced);

#define TQ_PHONE_MIN 8
#define TQ_PHONE_MAX 15

struct tq_phone {
	char digits[TQ_PHONE_MAX + 1];	/* NUL-terminated */
	uint8_t n;
	bool plus;			/* written with + or 00 before it */
};

/* R9: the next phone number in a norm text from *at on; false when there is
 * none.  *at moves past it. */
bool tq_norm_phone(tq_str norm, size_t *at, struct tq_phone *out);

/* Scripts of the letters of a norm text. */
struct tq_norm_scripts {
	uint32_t letters[TQ_SCRIPT_N];
	uint32_t mixed_words;	/* words of two scripts, Han with kana aside */
};
void tq_norm_scripts(tq_str norm, struct tq_norm_scripts *out);

#endif
