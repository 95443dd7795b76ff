/* article.h - one article file: front matter and Markdown.
 *
 *	---
 *	title: ...
 *	slug: ...            (default: the file's name without .md)
 *	date: 2026-11-23 09:30
 *	language: ar
 *	author: ...
 *	section: ...
 *	summary: ...
 *	comments: open | closed | until 2026-12-01
 *	---
 *	Markdown
 *
 * Keys are those words, one a line, each at most once and never empty; values
 * to the line's end, cleaned as a line (text/utf8.h).  Double quotes around a
 * value go when there are none inside.  A UTF-8 byte order mark and CR LF are
 * fine.  "until" a bare date means to the end of that day.  Any thread. */
#ifndef TQ_TEXT_ARTICLE_H
#define TQ_TEXT_ARTICLE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct tq_article_source {	/* slices of the arena */
	tq_str title, slug, language, author, section, summary;
	tq_str body;			/* Markdown */
	int64_t at_us;			/* date */
	int64_t comments_until_us;	/* INT64_MAX open, 0 closed */
};

/* Reads s.  offset_min: the site's zone for dates without one; name: the
 * file's name (a path will do), for the default slug.  Keys that are not given
 * are empty slices; comments are open.  TQ_EINVALID names the line, the key and
 * what is allowed (unknown key, missing title or date, bad slug: letters of any
 * script, digits, "-", "_", at most 200 bytes; reserved first path parts are
 * the caller's to check); TQ_ELIMIT when the arena is full. */
enum tq_code tq_article_parse(struct tq_arena *a, tq_str s, tq_str name,
    int offset_min, struct tq_article_source *out, struct tq_err *e);

#endif
