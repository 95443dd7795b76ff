/* markup_render.h - what the renderers of comments and articles share: safe
 * output, the visible text beside it, and attributes that are decided late.
 * For text/markup_*.c only.
 *
 * HTML goes to out as the parser reports it.  An element's direction depends
 * on the text inside it, so its place is noted when it is opened, and one pass
 * at the end (tq_render_run) writes the attributes where they are needed.
 *
 * No function here returns a failure: buffers fail quietly, and the callbacks
 * stop the parser by tq_render_status. */
#ifndef TQ_TEXT_MARKUP_RENDER_H
#define TQ_TEXT_MARKUP_RENDER_H

#include <md4c.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "text/direction.h"
#include "text/escape.h"
#include "text/markup.h"

#define TQ_RENDER_ROOT SIZE_MAX
/* Open elements at once: two for each level (list and item), and a leaf, a
 * table's parts or a code span on top. */
#define TQ_RENDER_OPEN_MAX (2 * TQ_MARKUP_DEPTH_MAX + 8)
#define TQ_RENDER_SPANS_MAX 16		/* nested em, a, code...; deeper: flat */

struct tq_element {
	size_t at;		/* in out: where its attributes go */
	size_t from, to;	/* its visible text, in plain */
	size_t parent;		/* index, or TQ_RENDER_ROOT */
	enum tq_dir dir;	/* decided at the end */
	bool ltr;		/* always left to right (code) */
	bool differs;		/* dir, from what is around it: likewise */
	tq_str id;		/* empty: none */
};

struct tq_link {
	unsigned depth;		/* links around here; only the outermost is one */
	bool open;		/* <a> was written */
	bool here;		/* it leads to this site */
	tq_url url;
	tq_str typed;		/* address as in the source */
	size_t out, plain, elements;	/* how far they were before it */
};

struct tq_image {
	unsigned depth;		/* images around here, as for links */
	tq_str src, title;
	size_t plain;		/* where its alternative text begins */
	size_t from, to;	/* its tag, in out; both 0: no tag */
};

struct tq_render {
	struct tq_arena *arena;
	tq_str rel;		/* rel attribute of links to elsewhere */
	bool trusted;		/* the owner's text: local links, entities */
	enum tq_dir base;
	size_t out_max;

	struct tq_buf out, plain;
	struct tq_buf run;	/* text since the last tag, not yet written */
	struct tq_buf elements;	/* of struct tq_element */
	size_t open[TQ_RENDER_OPEN_MAX], n_open;

	size_t depth;		/* nested quotes and lists in the source */
	MD_SPANTYPE spans[TQ_RENDER_SPANS_MAX];
	size_t n_spans, flat;	/* open spans; open ones that are not written */
	bool leaf;		/* in a block that holds text */
	bool made_leaf;		/* ... which we opened ourselves */
	bool in_code;
	bool alt_only;		/* text is an image's: not written */
	size_t content;		/* where the leaf's content begins, in out */
	struct tq_link link;
	struct tq_image image;
	struct tq_markup_facts facts;
};

void tq_render_init(struct tq_render *r, struct tq_arena *a, tq_str source,
    enum tq_dir base);
/* What a callback returns: 0, or -1 to stop the parser when a buffer failed or
 * the output is too long. */
int tq_render_status(const struct tq_render *r);

/* "<name>" resp. "</name>"; the element may get attributes. */
void tq_render_open(struct tq_render *r, tq_str name, bool ltr);
void tq_render_close(struct tq_render *r, tq_str name);
/* Adds to the tag that was just written: " name=\"value\"", safe as it is. */
void tq_render_attr(struct tq_render *r, tq_str attr);
/* The innermost open element, valid until the next is opened; NULL when the
 * buffers have failed. */
struct tq_element *tq_render_innermost(struct tq_render *r);
/* Drops the innermost element and all output since (and with) its tag. */
void tq_render_undo(struct tq_render *r, tq_str name);

/* A block that may hold blocks: counts the level.  True when it is shallow
 * enough to be written. */
bool tq_render_enter_level(struct tq_render *r);
bool tq_render_leave_level(struct tq_render *r);
/* A block that holds text; leave drops it when it stayed empty. */
void tq_render_enter_leaf(struct tq_render *r, tq_str name, bool ltr);
void tq_render_leave_leaf(struct tq_render *r, tq_str name);
/* Before any block begins or ends: the end of inline content, and of a leaf
 * that was made. */
void tq_render_settle(struct tq_render *r);
/* The leaf's last text goes out, spans still open are closed. */
void tq_render_end_inline(struct tq_render *r);

/* Text of the current leaf, waiting; flushed by every tag. */
void tq_render_text(struct tq_render *r, tq_str s);
void tq_render_flush(struct tq_render *r);
/* "<br>" or a line end in code; for visible text, a line end. */
void tq_render_break(struct tq_render *r, tq_str html);

/* Callbacks for spans and text; user is the struct tq_render.  md4c 0.4.8 may
 * enter a span and never leave it ("**a [b](c*) d"), so what is open is kept on
 * a stack and closed in order. */
int tq_render_enter_span(MD_SPANTYPE type, void *detail, void *user);
int tq_render_leave_span(MD_SPANTYPE type, void *detail, void *user);
int tq_render_text_of(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n,
    void *user);

/* markup_block.c: blocks that comments and articles write alike - quotes,
 * lists, paragraphs, code.  Nothing happens for any other. */
void tq_render_enter_block(struct tq_render *r, MD_BLOCKTYPE type,
    const void *detail);
void tq_render_leave_block(struct tq_render *r, MD_BLOCKTYPE type);

/* markup_image.c: images of the owner's text, and the paragraph that is one. */
void tq_image_enter(struct tq_render *r, const MD_SPAN_IMG_DETAIL *detail);
void tq_image_leave(struct tq_render *r);
void tq_image_leave_paragraph(struct tq_render *r);

/* markup_link.c */
void tq_link_enter(struct tq_render *r, const MD_SPAN_A_DETAIL *detail);
void tq_link_leave(struct tq_render *r);
/* A link to address that shows text; text alone where that cannot be. */
void tq_link_to(struct tq_render *r, tq_str address, tq_str text);
/* Writes text that is not in a link: bare addresses become links. */
void tq_link_text(struct tq_render *r, tq_str s);

/* Parses source and gives the HTML with its late attributes.  TQ_ELIMIT. */
enum tq_code tq_render_run(struct tq_render *r, tq_str source,
    const MD_PARSER *parser, void *user, tq_html *out, struct tq_err *e);

#endif
