/* texts.h - what comments' texts become in a page, kept: HTML, direction and
 * language follow from the text and the page's language alone, and a page that
 * is made anew has mostly texts that it had before.
 *
 * An entry is found by the comment's number and used only when the text and the
 * language are the same bytes, so that it can never show an older text.  Any
 * thread. */
#ifndef TQ_WEB_TEXTS_H
#define TQ_WEB_TEXTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "text/direction.h"
#include "text/escape.h"

struct tq_texts;

struct tq_shown_text {
	tq_html html;
	tq_str lang;		/* BCP 47; empty: not known */
	enum tq_dir dir;
};

/* bytes_max: of all entries; least recently used go first.  TQ_ELIMIT. */
enum tq_code tq_texts_new(size_t bytes_max, struct tq_texts **out,
    struct tq_err *e);
void tq_texts_free(struct tq_texts *t);		/* NULL is fine */

/* Text and language as HTML shows them, by text/markup.h and text/direction.h;
 * for readers' own eyes, so nothing is kept.  *out is in the arena, static, or
 * the caller's page_lang.  Codes of tq_markup_comment. */
enum tq_code tq_text_show(tq_str body, tq_str page_lang, struct tq_arena *a,
    struct tq_shown_text *out, struct tq_err *e);
/* The same for a comment that all may read, kept.  t may be NULL. */
enum tq_code tq_texts_show(struct tq_texts *t, int64_t comment_id,
    tq_str body, tq_str page_lang, struct tq_arena *a,
    struct tq_shown_text *out, struct tq_err *e);

/* Forgets what is kept of this comment, 0: of all. */
void tq_texts_forget(struct tq_texts *t, int64_t comment_id);	/* NULL is fine */

struct tq_texts_stats { int64_t hits, misses, bytes, entries; };
/* All 0 when t is NULL. */
void tq_texts_stats(struct tq_texts *t, struct tq_texts_stats *out);

#endif
