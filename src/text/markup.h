/* markup.h - Markdown to safe HTML by md4c's parser and our own renderer.
 * Source is well-formed UTF-8; the result holds only elements named here, every
 * text escaped.  Any thread. */
#ifndef TQ_TEXT_MARKUP_H
#define TQ_TEXT_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "text/direction.h"
#include "text/escape.h"

#define TQ_MARKUP_DEPTH_MAX 16		/* nested blocks; deeper is flattened */

/* What a comment's text holds, for the policy. */
struct tq_markup_facts {
	size_t links;		/* href given out, bare URLs included */
	size_t code_points;	/* of visible text */
	bool blank;		/* nothing visible */
};

/* A reader's comment: p, br (a single line end is a line break), em, strong,
 * blockquote, ul, ol, li, pre, code, del, a (http/https only, rel="ugc nofollow
 * noopener noreferrer", and bdi dir=ltr around a bare URL).  Headings become
 * strong paragraphs, images their alternative text; raw HTML is shown as text.
 * Every block has dir="ltr|rtl" where its direction differs from base; pre and
 * code are ltr.  facts may be NULL.  TQ_ELIMIT when the output passes 8 times
 * the source + 4 KiB, or the arena is full. */
enum tq_code tq_markup_comment(struct tq_arena *a, tq_str source,
    enum tq_dir base, tq_html *out, struct tq_markup_facts *facts,
    struct tq_err *e);
/* The same without making HTML. */
enum tq_code tq_markup_facts(struct tq_arena *a, tq_str source,
    struct tq_markup_facts *facts, struct tq_err *e);
/* An article by the site's owner: also h2..h4 with ids (duplicates numbered),
 * tables, hr, nested blockquotes, footnote-free; images as figure with local
 * paths or https (src from "/media/..." or the site's own origin only: others
 * become links); rel="noopener noreferrer" on links.  Raw HTML is shown as
 * text. */
enum tq_code tq_markup_article(struct tq_arena *a, tq_str source,
    enum tq_dir base, tq_html *out, struct tq_err *e);
/* Plain text of a comment, for feeds' titles and previews: at most max code
 * points, on one line, "..." (U+2026) when cut. */
tq_str tq_markup_plain(struct tq_arena *a, tq_str source, size_t max);

#endif
