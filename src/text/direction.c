/* Direction of a text.  Plain first-strong (UAX #9 P2, HTML's dir=auto) lays
 * out an Arabic comment from left to right when it begins with a flag, an
 * @name or a web address; the words that remain without those decide here. */
#include "text/direction.h"

#include "text/direction_words.h"
#include "text/rune.h"
#include "text/utf8.h"

#define STRONG_MAX 200

/* Of a word's character at *at, which is passed; in ASCII all but the digits
 * are letters. */
static enum tq_strong
strong_at(tq_str word, size_t *at)
{
	uint8_t c = (uint8_t)word.p[*at];

	if (c >= 0x80)
		return tq_rune_strong(tq_utf8_next(word, at));
	(*at)++;
	return c >= 'A' ? TQ_STRONG_LTR : TQ_STRONG_NONE;
}

enum tq_dir
tq_text_direction(tq_str s, enum tq_dir fallback)
{
	struct tq_words w = { .s = s };
	size_t ltr = 0, rtl = 0;
	enum tq_dir first = fallback;
	const bool ascii = tq_utf8_ascii(s);
	tq_str word;

	while (ltr + rtl < STRONG_MAX && tq_direction_word(&w, &word)) {
		size_t at = 0;

		if (w.letters) {
			size_t room = STRONG_MAX - ltr - rtl;

			if (ltr + rtl == 0)
				first = TQ_LTR;
			ltr += word.n < room ? word.n : room;
			if (ascii)	/* nothing can speak against it */
				return TQ_LTR;
			continue;
		}
		while (at < word.n && ltr + rtl < STRONG_MAX) {
			enum tq_strong strong = strong_at(word, &at);

			if (strong == TQ_STRONG_NONE)
				continue;
			if (ltr + rtl == 0)
				first = strong == TQ_STRONG_RTL ? TQ_RTL :
				    TQ_LTR;
			ltr += strong == TQ_STRONG_LTR;
			rtl += strong == TQ_STRONG_RTL;
		}
	}
	if (ltr == rtl)
		return first;
	return rtl > ltr ? TQ_RTL : TQ_LTR;
}

tq_str
tq_dir_name(enum tq_dir d)
{
	return d == TQ_RTL ? TQ_S("rtl") : TQ_S("ltr");
}
