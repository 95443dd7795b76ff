/* markup_parse.h - md4c, guarded against readers' text; the owner's needs no
 * guard.  For text/markup_*.c only. */
#ifndef TQ_TEXT_MARKUP_PARSE_H
#define TQ_TEXT_MARKUP_PARSE_H

#include <md4c.h>

#include "base/str.h"

/* What a comment may use: no raw HTML; a reader who indents a line does not
 * mean code.  Bare addresses are found by markup_link.c. */
#define TQ_MARKUP_COMMENT_FLAGS (MD_FLAG_NOHTML | \
	MD_FLAG_NOINDENTEDCODEBLOCKS | MD_FLAG_STRIKETHROUGH)

/* Parses s by p->flags and the callbacks.  Hostile text, on which md4c would
 * need quadratic time, is reported as paragraphs of plain lines instead: what
 * was typed is shown as it was typed.  0, or -1 without memory or when a
 * callback returned -1; no other number stops md4c 0.4.8 reliably. */
int tq_markup_parse(tq_str s, const MD_PARSER *p, void *user);

#endif
