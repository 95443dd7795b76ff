/* utf8.h - UTF-8 in, checked and repaired once, at the door.  Pure functions:
 * any thread; only the arena can fail. */
#ifndef TQ_TEXT_UTF8_H
#define TQ_TEXT_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

#define TQ_RUNE_BAD 0xFFFDu

/* Decodes the code point at s.p[*at] (*at < s.n) and moves *at past it.  An
 * ill-formed sequence gives TQ_RUNE_BAD and moves past its maximal subpart
 * (Unicode 15.0, 3.9, "U+FFFD Substitution of Maximal Subparts"), always at
 * least one byte. */
uint32_t tq_utf8_next(tq_str s, size_t *at);
/* Writes c (a scalar value; others become U+FFFD) as 1..4 bytes. */
size_t tq_utf8_put(char out[4], uint32_t c);
bool tq_utf8_valid(tq_str s);
bool tq_utf8_ascii(tq_str s);
/* Number of code points; an ill-formed subpart counts one. */
size_t tq_utf8_count(tq_str s);
/* s itself when well-formed, else a copy with U+FFFD for each maximal subpart
 * (RFC 3629; WHATWG Encoding "replacement"). */
tq_str tq_utf8_repair(struct tq_arena *a, tq_str s);

/* Rule R0 (docs/text.md): what may be stored and shown.  s must be well-formed.
 * Both give the empty slice when the arena fails (a->failed tells).
 *
 * body: CR LF, CR, U+2028 and U+2029 become LF; C0, DEL and C1 go except LF and
 * TAB; trailing space of the whole is cut.  Bidi controls stay (the page
 * isolates them), but each paragraph is balanced: what is open at its end is
 * closed there, an end that ends nothing goes, and so does what would nest
 * deeper than 125. */
tq_str tq_text_clean_body(struct tq_arena *a, tq_str s);
/* line (names, titles): every line end or run of white space is one space,
 * trimmed; controls, all bidi controls and marks (U+202A..202E, U+2066..2069,
 * U+200E, U+200F, U+061C) and characters that only hide something
 * (tq_rune_hidden) go; ZWNJ and ZWJ stay between visible characters; a
 * combining mark without a base goes, and at most four follow one base. */
tq_str tq_text_clean_line(struct tq_arena *a, tq_str s);

#endif
