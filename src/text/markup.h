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

#define TQ_MARKUP_DEPTH_MAX 16		/* nested quotes, lists; deeper: flat */
#define TQ_MARKUP_COMMENT_MAX (64 * 1024)	/* bytes of source */
#define TQ_MARKUP_ARTICLE_MAX (1024 * 1024)

/* What a comment's text holds, for the policy. */
struct tq_markup_facts {
	size_t links;		/* href given out, bare URLs included */
	size_t code_points;	/* of text, without line breaks and tags */
	bool blank;		/* nothing visible */
};

/* A reader's comment: p, br (a single line end is a line break), em, strong,
 * blockquote, ul, ol (start), li, pre, code, del, a (http/https only, rel="ugc
 * nofollow noopener noreferrer"), bdi dir=ltr around a bare address and around
 * the real host, which is shown in parentheses behind a link whose text looks
 * like another one.  Headings become strong paragraphs, a thematic break
 * "* * *", images their alternative text; raw HTML and entities are shown as
 * text.  An element has dir="ltr|rtl" where its text runs against what is
 * around it (base outermost); pre and code are ltr.  Text on which the parser
 * would waste time (markup_parse.h) is shown without markup.  Time is linear.
 * facts may be NULL.  TQ_ELIMIT when the source is too long, the output passes
 * 8 times the source + 4 KiB, or the arena is full. */
enum tq_code tq_markup_comment(struct tq_arena *a, tq_str source,
    enum tq_dir base, tq_html *out, struct tq_markup_facts *facts,
    struct tq_err *e);
/* The facts alone, at the same cost and with the same codes. */
enum tq_code tq_markup_facts(struct tq_arena *a, tq_str source,
    struct tq_markup_facts *facts, struct tq_err *e);
/* An article by the site's owner: also h2..h4 ("#" and "##" are h2) with ids
 * (duplicates numbered), hr, tables (th scope=col; td and th class="center" or
 * "end" where the source aligns them), indented code, entities as they are,
 * links to "/path" and "#id" of this site.  A line end is white space.  Images
 * from "/media/..." only, loading=lazy, a paragraph of one image is a figure
 * with its title as caption; other images become links.  rel="noopener
 * noreferrer" on links to elsewhere.  Raw HTML is shown as text.  Codes as
 * tq_markup_comment. */
enum tq_code tq_markup_article(struct tq_arena *a, tq_str source,
    enum tq_dir base, tq_html *out, struct tq_err *e);
/* Plain text of a comment, for feeds' titles and previews: cleaned as a line
 * (utf8.h), at most max code points, the last of them U+2026 when it was cut.
 * Empty without memory. */
tq_str tq_markup_plain(struct tq_arena *a, tq_str source, size_t max);

#endif
