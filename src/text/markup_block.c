/* Blocks that comments and articles write alike. */
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

void
tq_render_enter_block(struct tq_render *r, MD_BLOCKTYPE type,
    const void *detail)
{
	switch ((int)type) {
	case MD_BLOCK_QUOTE:
		if (tq_render_enter_level(r))
			tq_render_open(r, TQ_S("blockquote"), false);
		break;
	case MD_BLOCK_UL:
		if (tq_render_enter_level(r))
			tq_render_open(r, TQ_S("ul"), false);
		break;
	case MD_BLOCK_OL:
		if (tq_render_enter_level(r))
			open_ordered(r, detail);
		break;
	case MD_BLOCK_LI:
		tq_render_settle(r);
		if (shallow(r))
			tq_render_open(r, TQ_S("li"), false);
		break;
	case MD_BLOCK_CODE:
		tq_render_enter_leaf(r, TQ_S("pre"), true);
		tq_buf_lit(&r->out, "<code>");
		r->in_code = true;
		break;
	case MD_BLOCK_P:
		tq_render_enter_leaf(r, TQ_S("p"), false);
		break;
	default:
		break;
	}
}

void
tq_render_leave_block(struct tq_render *r, MD_BLOCKTYPE type)
{
	switch ((int)type) {
	case MD_BLOCK_QUOTE:
		if (tq_render_leave_level(r))
			tq_render_close(r, TQ_S("blockquote"));
		break;
	case MD_BLOCK_UL:
		if (tq_render_leave_level(r))
			tq_render_close(r, TQ_S("ul"));
		break;
	case MD_BLOCK_OL:
		if (tq_render_leave_level(r))
			tq_render_close(r, TQ_S("ol"));
		break;
	case MD_BLOCK_LI:
		tq_render_settle(r);
		if (shallow(r))
			tq_render_close(r, TQ_S("li"));
		tq_buf_byte(&r->plain, '\n');
		break;
	case MD_BLOCK_CODE:
		tq_render_end_inline(r);
		r->in_code = false;
		tq_buf_lit(&r->out, "</code>");
		tq_render_leave_leaf(r, TQ_S("pre"));
		break;
	case MD_BLOCK_P:
		tq_image_leave_paragraph(r);
		break;
	default:
		break;
	}
}
