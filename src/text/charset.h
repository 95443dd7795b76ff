/* charset.h - text whose character set is only said, or not even that, as UTF-8.
 * Any thread. */
#ifndef TQ_TEXT_CHARSET_H
#define TQ_TEXT_CHARSET_H

#include "base/arena.h"
#include "base/str.h"

/* s as well-formed UTF-8 without U+0000; never refuses.
 * - What is well-formed UTF-8 stays as it is, whatever said names.
 * - Otherwise it is read in the set that said names ("ISO-8859-6", any case),
 *   when charset.c knows it.
 * - Otherwise, when a character of it is UTF-8 beyond ASCII, it is UTF-8 with
 *   damage (a cut in the middle of a letter): U+FFFD for what is ill-formed.
 * - Otherwise it is windows-1252, what "Latin-1" is on the web (WHATWG
 *   Encoding 4.2).
 * The empty slice when the arena fails. */
tq_str tq_charset_utf8(struct tq_arena *a, tq_str s, tq_str said);

#endif
