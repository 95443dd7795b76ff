/* direction_words.h - the words of a text that tell its direction and its
 * language; only direction*.c include it. */
#ifndef TQ_TEXT_DIRECTION_WORDS_H
#define TQ_TEXT_DIRECTION_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct tq_words {
	tq_str s;
	size_t at;		/* next byte to look at */
	size_t looked;		/* up to here nothing is to be put aside */
	bool letters;		/* the last word: known to be ASCII letters */
};

/* The next run of letters, marks and digits of w->s, w begun as { .s = s }.
 * Names after an @, web addresses, host names and e-mail addresses are passed
 * over: whoever writes about them need not write in their script.  Time is
 * linear in the text.  False at the end. */
bool tq_direction_word(struct tq_words *w, tq_str *word);

#endif
