/* Images.  A reader's is its alternative text, shown like any other.  The
 * owner's is an element when the file lies on this site; a page must not make
 * a reader's browser ask another server, so any other becomes a link. */
#include "text/markup_render.h"

#include "text/url.h"

/* A file below /media/, and nothing that leads out of there. */
static bool
media(tq_str src)
{
	return tq_str_starts(src, TQ_S("/media/")) &&
	    tq_str_eq(tq_url_local(src).s, src) &&
	    tq_str_find(src, TQ_S("/.")) == src.n;
}

void
tq_image_enter(struct tq_render *r, const MD_SPAN_IMG_DETAIL *d)
{
	struct tq_image *i = &r->image;

	if (!r->trusted || i->depth++ > 0)
		return;
	i->src = tq_arena_str(r->arena, (tq_str){ d->src.text, d->src.size });
	i->title = tq_arena_str(r->arena, (tq_str){ d->title.text,
	    d->title.size });
	i->plain = r->plain.n;
	r->alt_only = true;
}

void
tq_image_leave(struct tq_render *r)
{
	struct tq_image *i = &r->image;
	tq_str plain, alt;

	if (!r->trusted || --i->depth > 0)
		return;
	r->alt_only = false;
	plain = tq_buf_str(&r->plain);
	alt = tq_str_sub(plain, i->plain, plain.n);
	if (!media(i->src)) {
		tq_link_to(r, i->src, alt.n > 0 ? alt : i->src);
		return;
	}
	i->from = r->out.n;
	tq_buf_lit(&r->out, "<img src=\"");
	tq_esc_html(&r->out, i->src);
	tq_buf_lit(&r->out, "\" alt=\"");
	tq_esc_html(&r->out, alt);
	tq_buf_lit(&r->out, "\" loading=\"lazy\">");
	i->to = r->out.n;
}

/* A paragraph that is one image becomes a figure. */
void
tq_image_leave_paragraph(struct tq_render *r)
{
	struct tq_image i;
	tq_str img;

	tq_render_end_inline(r);
	i = r->image;
	if (!tq_buf_ok(&r->out) || i.to == 0 || i.from != r->content ||
	    i.to != r->out.n) {
		tq_render_leave_leaf(r, TQ_S("p"));
		return;
	}
	img = tq_arena_str(r->arena, tq_str_sub(tq_buf_str(&r->out), i.from,
	    i.to));
	tq_render_undo(r, TQ_S("p"));
	tq_render_enter_leaf(r, TQ_S("figure"), false);
	tq_buf_put(&r->out, img);
	if (i.title.n > 0) {
		tq_buf_lit(&r->out, "<figcaption>");
		tq_render_text(r, i.title);
		tq_render_flush(r);
		tq_buf_lit(&r->out, "</figcaption>");
	}
	tq_render_leave_leaf(r, TQ_S("figure"));
}
