/* Articles: what the owner's Markdown becomes beyond what a comment may. */
#include "text/markup.h"

#include "text/markup_parse.h"
#include "text/markup_render.h"
#include "text/rune.h"
#include "text/utf8.h"

#define FLAGS (MD_FLAG_NOHTML | MD_FLAG_STRIKETHROUGH | MD_FLAG_TABLES)
#define REL "noopener noreferrer"
#define IDS_MAX 200		/* headings with an id; they are compared */

struct article {
	struct tq_render r;	/* first: the callbacks of spans get it */
	tq_str ids[IDS_MAX];
	size_t n_ids;
};

/* ---- headings ---- */

/* Letters of any script, marks and digits; white space is "-"; the rest is
 * dropped.  The page's own anchors begin with "comment". */
static tq_str
make_id(struct tq_arena *a, tq_str s)
{
	struct tq_buf b;
	bool dash = false;

	tq_buf_init(&b, a, s.n + 16);
	for (size_t at = 0; at < s.n;) {
		uint32_t c = tq_utf8_next(s, &at);
		char bytes[4];

		if (!tq_rune_word(c) && c != '_') {
			dash = dash || c == '-' || tq_rune_space(c);
			continue;
		}
		if (dash && b.n > 0)
			tq_buf_byte(&b, '-');
		dash = false;
		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		tq_buf_put(&b, (tq_str){ bytes, tq_utf8_put(bytes, c) });
	}
	if (b.n == 0)
		return TQ_S("section");
	if (tq_str_starts(tq_buf_str(&b), TQ_S("comment")))
		return tq_arena_printf(a, "section-%.*s",
		    TQ_FMT(tq_buf_str(&b)));
	return tq_buf_str(&b);
}

static bool
taken(const struct article *w, tq_str id)
{
	for (size_t i = 0; i < w->n_ids; i++)
		if (tq_str_eq(w->ids[i], id))
			return true;
	return false;
}

/* The first of "id", "id-2", "id-3"... that is free. */
static tq_str
claim_id(struct article *w, tq_str wanted)
{
	tq_str id = wanted;

	for (size_t n = 2; id.n > 0 && taken(w, id); n++)
		id = tq_arena_printf(w->r.arena, "%.*s-%zu", TQ_FMT(wanted), n);
	w->ids[w->n_ids++] = id;
	return id;
}

static tq_str
heading_name(const void *detail)
{
	static const tq_str names[] = {
		TQ_S_INIT("h2"), TQ_S_INIT("h2"), TQ_S_INIT("h3"),
		TQ_S_INIT("h4"), TQ_S_INIT("h4"), TQ_S_INIT("h4"),
	};
	const MD_BLOCK_H_DETAIL *d = detail;

	return names[(d->level - 1) % 6];
}

static void
leave_heading(struct article *w, const void *detail)
{
	struct tq_element *el;
	tq_str plain;

	tq_render_end_inline(&w->r);
	plain = tq_buf_str(&w->r.plain);
	el = tq_render_innermost(&w->r);
	if (el != NULL && w->n_ids < IDS_MAX)
		el->id = claim_id(w, make_id(w->r.arena,
		    tq_str_sub(plain, el->from, plain.n)));
	tq_render_leave_leaf(&w->r, heading_name(detail));
}

/* ---- tables ---- */

static void
enter_cell(struct tq_render *r, tq_str name, const MD_BLOCK_TD_DETAIL *d)
{
	tq_render_open(r, name, false);
	r->leaf = true;
	if (tq_str_eq(name, TQ_S("th")))
		tq_render_attr(r, TQ_S(" scope=\"col\""));
	if (d->align == MD_ALIGN_CENTER)
		tq_render_attr(r, TQ_S(" class=\"center\""));
	if (d->align == MD_ALIGN_RIGHT)
		tq_render_attr(r, TQ_S(" class=\"end\""));
}

/* Rows and their groups have no direction of their own. */
static const struct {
	tq_str open, close;
} rows[] = {
	[MD_BLOCK_THEAD] = { TQ_S_INIT("<thead>"), TQ_S_INIT("</thead>") },
	[MD_BLOCK_TBODY] = { TQ_S_INIT("<tbody>"), TQ_S_INIT("</tbody>") },
	[MD_BLOCK_TR] = { TQ_S_INIT("<tr>"), TQ_S_INIT("</tr>") },
};

static void
enter_table(struct tq_render *r, MD_BLOCKTYPE type, const void *detail)
{
	tq_render_settle(r);
	if (type == MD_BLOCK_TABLE)
		tq_render_open(r, TQ_S("table"), false);
	else if (type == MD_BLOCK_TH || type == MD_BLOCK_TD)
		enter_cell(r, type == MD_BLOCK_TH ? TQ_S("th") : TQ_S("td"),
		    detail);
	else
		tq_buf_put(&r->out, rows[type].open);
}

/* A cell stays even when it is empty. */
static void
leave_table(struct tq_render *r, MD_BLOCKTYPE type)
{
	tq_render_end_inline(r);
	r->leaf = false;
	if (type == MD_BLOCK_TABLE)
		tq_render_close(r, TQ_S("table"));
	else if (type == MD_BLOCK_TH || type == MD_BLOCK_TD)
		tq_render_close(r, type == MD_BLOCK_TH ? TQ_S("th") :
		    TQ_S("td"));
	else
		tq_buf_put(&r->out, rows[type].close);
	tq_buf_byte(&r->plain, '\n');
}

static bool
of_table(MD_BLOCKTYPE type)
{
	return type >= MD_BLOCK_TABLE && type <= MD_BLOCK_TD;
}

/* ---- callbacks ---- */

static int
enter_block(MD_BLOCKTYPE type, void *detail, void *user)
{
	struct article *w = user;
	struct tq_render *r = &w->r;

	if (type == MD_BLOCK_H) {
		tq_render_enter_leaf(r, heading_name(detail), false);
	} else if (type == MD_BLOCK_HR) {
		tq_render_settle(r);
		tq_buf_lit(&r->out, "<hr>");
	} else if (of_table(type)) {
		enter_table(r, type, detail);
	} else {
		tq_render_enter_block(r, type, detail);
	}
	return tq_render_status(r);
}

static int
leave_block(MD_BLOCKTYPE type, void *detail, void *user)
{
	struct article *w = user;
	struct tq_render *r = &w->r;

	if (type == MD_BLOCK_H) {
		leave_heading(w, detail);
	} else if (of_table(type)) {
		leave_table(r, type);
	} else {
		tq_render_leave_block(r, type);
	}
	return tq_render_status(r);
}

enum tq_code
tq_markup_article(struct tq_arena *a, tq_str source, enum tq_dir base,
    tq_html *out, struct tq_err *e)
{
	static const MD_PARSER parser = {
		.flags = FLAGS,
		.enter_block = enter_block, .leave_block = leave_block,
		.enter_span = tq_render_enter_span,
		.leave_span = tq_render_leave_span,
		.text = tq_render_text_of,
	};
	struct article w = { .n_ids = 0 };

	if (source.n > TQ_MARKUP_ARTICLE_MAX)
		return tq_fail(e, TQ_ELIMIT, "article of %zu bytes is longer "
		    "than %d", source.n, TQ_MARKUP_ARTICLE_MAX);
	tq_render_init(&w.r, a, source, base);
	w.r.rel = TQ_S(REL);
	w.r.trusted = true;
	return tq_render_run(&w.r, source, &parser, &w.r, out, e);
}
