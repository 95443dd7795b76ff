/* Blocks and text that comments and articles write alike. */
#include "text/markup_render.h"

/* A list keeps the number it begins with: "1962. A good year" is a list to
 * Markdown, and the year must not become 1. */
static void
open_ordered(struct tq_render *r, const MD_BLOCK_OL_DETAIL *d)
{
	tq_render_open(r, TQ_S("ol"), false);
	if (d->start != 1)
		tq_render_attr(r, tq_arena_printf(r->arena, " start=\"%u\"",
		    d->start));
}

static bool
shallow(const struct tq_render *r)
{
	return r->depth <= TQ_MARKUP_DEPTH_MAX;
}

bool
tq_render_enter_block(struct tq_render *r, MD_BLOCKTYPE type,
    const void *detail)
{
	switch ((int)type) {
	case MD_BLOCK_QUOTE:
		if (tq_render_enter_level(r))
			tq_render_open(r, TQ_S("blockquote"), false);
		return true;
	case MD_BLOCK_UL:
		if (tq_render_enter_level(r))
			tq_render_open(r, TQ_S("ul"), false);
		return true;
	case MD_BLOCK_OL:
		if (tq_render_enter_level(r))
			open_ordered(r, detail);
		return true;
	case MD_BLOCK_LI:
		tq_render_settle(r);
		if (shallow(r))
			tq_render_open(r, TQ_S("li"), false);
		return true;
	case MD_BLOCK_CODE:
		tq_render_enter_leaf(r, TQ_S("pre"), true);
		tq_buf_lit(&r->out, "<code>");
		r->in_code = true;
		return true;
	case MD_BLOCK_P:
		tq_render_enter_leaf(r, TQ_S("p"), false);
		return true;
	default:
		return type == MD_BLOCK_DOC;
	}
}

bool
tq_render_leave_block(struct tq_render *r, MD_BLOCKTYPE type)
{
	switch ((int)type) {
	case MD_BLOCK_QUOTE:
		if (tq_render_leave_level(r))
			tq_render_close(r, TQ_S("blockquote"));
		return true;
	case MD_BLOCK_UL:
		if (tq_render_leave_level(r))
			tq_render_close(r, TQ_S("ul"));
		return true;
	case MD_BLOCK_OL:
		if (tq_render_leave_level(r))
			tq_render_close(r, TQ_S("ol"));
		return true;
	case MD_BLOCK_LI:
		tq_render_settle(r);
		if (shallow(r))
			tq_render_close(r, TQ_S("li"));
		tq_buf_byte(&r->plain, '\n');
		return true;
	case MD_BLOCK_CODE:
		tq_render_flush(r);
		r->in_code = false;
		tq_buf_lit(&r->out, "</code>");
		tq_render_leave_leaf(r, TQ_S("pre"));
		return true;
	case MD_BLOCK_P:
		tq_render_leave_leaf(r, TQ_S("p"));
		return true;
	default:
		return type == MD_BLOCK_DOC;
	}
}

void
tq_render_any_text(struct tq_render *r, MD_TEXTTYPE type, tq_str s)
{
	switch (type) {
	case MD_TEXT_NULLCHAR:
		tq_render_text(r, TQ_S("\xEF\xBF\xBD"));
		break;
	case MD_TEXT_BR:
		tq_render_break(r, TQ_S("<br>"));
		break;
	case MD_TEXT_SOFTBR:
		tq_render_break(r, r->trusted ? TQ_S("\n") : TQ_S("<br>"));
		break;
	case MD_TEXT_ENTITY:
		if (!r->trusted || r->alt_only) {
			tq_render_text(r, s);
			break;
		}
		tq_render_flush(r);
		tq_buf_put(&r->out, s);
		break;
	case MD_TEXT_NORMAL:
	case MD_TEXT_CODE:
	case MD_TEXT_HTML:
	case MD_TEXT_LATEXMATH:
		tq_render_text(r, s);
	}
}
