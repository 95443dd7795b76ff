/* direction.h - which way a text runs and which language it may be in,
 * computed on the server (docs/text.md says why dir=auto is not enough).  Pure
 * functions, any thread. */
#ifndef TQ_TEXT_DIRECTION_H
#define TQ_TEXT_DIRECTION_H

#include "base/str.h"

enum tq_dir { TQ_LTR, TQ_RTL };

/* Put aside, wherever they stand: @names, web and e-mail addresses, host names,
 * numbers, punctuation, emoji, flags and bidi controls.  Of what is left the
 * first strong letter (UAX #9 P2) decides, unless both directions occur in the
 * first 200, then their majority; without any, fallback. */
enum tq_dir tq_text_direction(tq_str s, enum tq_dir fallback);
/* "ltr" or "rtl", static. */
tq_str tq_dir_name(enum tq_dir d);
/* BCP 47 guess for the lang attribute: by script and, for Arabic and Latin
 * script, by letters and commonest words.  page_lang when it fits or nothing
 * speaks against it; the empty slice (unknown) when the text is in a script
 * that page_lang is not written in and the language cannot be told.  A slice
 * of page_lang, or static. */
tq_str tq_text_language(tq_str s, tq_str page_lang);

#endif
