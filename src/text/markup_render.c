/* The shared half of rendering: see markup_render.h for the plan.  Tags are
 * balanced because the parser reports them balanced; what is too deep is left
 * out at both ends by the same count. */
#include "text/markup_render.h"

#include <assert.h>

#include "text/markup_parse.h"
#include "text/rune.h"
#include "text/utf8.h"

void
tq_render_init(struct tq_render *r, struct tq_arena *a, tq_str source,
    enum tq_dir base)
{
	*r = (struct tq_render){ .arena = a, .base = base,
	    .facts = { .blank = true } };
	tq_buf_init(&r->out, a, source.n + source.n / 4 + 64);
	tq_buf_init(&r->plain, a, source.n + 16);
	tq_buf_init(&r->run, a, 0);
	tq_buf_init(&r->elements, a, 8 * sizeof(struct tq_element));
	r->out_max = source.n * 8 + 4096;
}

static bool
ok(const struct tq_render *r)
{
	return tq_buf_ok(&r->out) && tq_buf_ok(&r->plain) &&
	    tq_buf_ok(&r->run) && tq_buf_ok(&r->elements);
}

int
tq_render_status(const struct tq_render *r)
{
	return ok(r) && r->out.n <= r->out_max ? 0 : -1;
}

/* An arena aligns its memory for any type, so a buffer can be an array. */
static struct tq_element *
element(struct tq_render *r, size_t i)
{
	return (struct tq_element *)(void *)r->elements.p + i;
}

void
tq_render_open(struct tq_render *r, tq_str name, bool ltr)
{
	struct tq_element new = { .from = r->plain.n, .ltr = ltr };

	tq_buf_byte(&r->out, '<');
	tq_buf_put(&r->out, name);
	new.at = r->out.n;
	new.parent = r->n_open == 0 ? TQ_RENDER_ROOT : r->open[r->n_open - 1];
	tq_buf_byte(&r->out, '>');
	assert(r->n_open < TQ_RENDER_OPEN_MAX);
	r->open[r->n_open++] = r->elements.n / sizeof(new);
	tq_buf_put(&r->elements, (tq_str){ (const char *)&new, sizeof(new) });
}

void
tq_render_attr(struct tq_render *r, tq_str attr)
{
	r->out.n -= r->out.n > 0;	/* the ">" */
	tq_buf_put(&r->out, attr);
	tq_buf_byte(&r->out, '>');
}

struct tq_element *
tq_render_innermost(struct tq_render *r)
{
	assert(r->n_open > 0);
	if (!tq_buf_ok(&r->elements))
		return NULL;
	return element(r, r->open[r->n_open - 1]);
}

void
tq_render_close(struct tq_render *r, tq_str name)
{
	struct tq_element *el = tq_render_innermost(r);

	if (el != NULL)
		el->to = r->plain.n;
	r->n_open--;
	tq_buf_lit(&r->out, "</");
	tq_buf_put(&r->out, name);
	tq_buf_byte(&r->out, '>');
}

void
tq_render_undo(struct tq_render *r, tq_str name)
{
	struct tq_element *el = tq_render_innermost(r);

	if (el != NULL) {
		r->out.n = el->at - name.n - 1;
		r->elements.n = r->open[r->n_open - 1] * sizeof(*el);
	}
	r->n_open--;
}

bool
tq_render_enter_level(struct tq_render *r)
{
	tq_render_settle(r);
	return ++r->depth <= TQ_MARKUP_DEPTH_MAX;
}

bool
tq_render_leave_level(struct tq_render *r)
{
	tq_render_settle(r);
	return r->depth-- <= TQ_MARKUP_DEPTH_MAX;
}

void
tq_render_enter_leaf(struct tq_render *r, tq_str name, bool ltr)
{
	tq_render_settle(r);
	tq_render_open(r, name, ltr);
	r->leaf = true;
	r->content = r->out.n;
	r->image.from = r->image.to = 0;
}

void
tq_render_leave_leaf(struct tq_render *r, tq_str name)
{
	struct tq_element *el;

	tq_render_end_inline(r);
	r->leaf = false;
	el = tq_render_innermost(r);
	if (el != NULL && r->out.n == el->at + 1)
		tq_render_undo(r, name);
	else
		tq_render_close(r, name);
	tq_buf_byte(&r->plain, '\n');
}

void
tq_render_settle(struct tq_render *r)
{
	tq_render_end_inline(r);
	if (!r->made_leaf)
		return;
	r->made_leaf = false;
	tq_render_leave_leaf(r, TQ_S("p"));
}

/* A tight list's item holds text without a paragraph.  When the item is too
 * deep to be written, its text would run into its neighbours'. */
static void
make_leaf(struct tq_render *r)
{
	if (r->leaf || r->depth <= TQ_MARKUP_DEPTH_MAX)
		return;
	tq_render_open(r, TQ_S("p"), false);
	r->leaf = r->made_leaf = true;
}

void
tq_render_text(struct tq_render *r, tq_str s)
{
	tq_buf_put(&r->run, s);
}

static void
note_facts(struct tq_markup_facts *f, tq_str s)
{
	f->code_points += tq_utf8_count(s);
	for (size_t at = 0; f->blank && at < s.n;)
		f->blank = tq_rune_blank(tq_utf8_next(s, &at));
}

void
tq_render_flush(struct tq_render *r)
{
	tq_str s = tq_buf_str(&r->run);

	if (s.n == 0)
		return;
	make_leaf(r);
	note_facts(&r->facts, s);
	tq_buf_put(&r->plain, s);
	r->run.n = 0;		/* s stays readable until the next put */
	if (r->alt_only)
		return;
	if (r->in_code || r->link.depth > 0)
		tq_esc_html(&r->out, s);
	else
		tq_link_text(r, s);
}

void
tq_render_break(struct tq_render *r, tq_str html)
{
	tq_render_flush(r);
	make_leaf(r);
	tq_buf_byte(&r->plain, '\n');
	if (!r->alt_only)
		tq_buf_put(&r->out, html);
}

/* Tags of plain spans; code is an element, because it may get a direction. */
static const struct {
	tq_str open, close;
} tags[] = {
	[MD_SPAN_EM] = { TQ_S_INIT("<em>"), TQ_S_INIT("</em>") },
	[MD_SPAN_STRONG] = { TQ_S_INIT("<strong>"), TQ_S_INIT("</strong>") },
	[MD_SPAN_DEL] = { TQ_S_INIT("<del>"), TQ_S_INIT("</del>") },
};

int
tq_render_enter_span(MD_SPANTYPE type, void *detail, void *user)
{
	struct tq_render *r = user;

	tq_render_flush(r);
	make_leaf(r);
	if (r->n_spans == TQ_RENDER_SPANS_MAX) {
		r->flat++;
		return tq_render_status(r);
	}
	r->spans[r->n_spans++] = type;
	if (type == MD_SPAN_A) {
		tq_link_enter(r, detail);
	} else if (type == MD_SPAN_IMG) {
		tq_image_enter(r, detail);
	} else if (type == MD_SPAN_CODE) {
		r->in_code = true;
		if (!r->alt_only)
			tq_render_open(r, TQ_S("code"), true);
	} else if (!r->alt_only) {
		tq_buf_put(&r->out, tags[type].open);
	}
	return tq_render_status(r);
}

static void
close_span(struct tq_render *r)
{
	MD_SPANTYPE type = r->spans[--r->n_spans];

	if (type == MD_SPAN_A) {
		tq_link_leave(r);
	} else if (type == MD_SPAN_IMG) {
		tq_image_leave(r);
	} else if (type == MD_SPAN_CODE) {
		r->in_code = false;
		if (!r->alt_only)
			tq_render_close(r, TQ_S("code"));
	} else if (!r->alt_only) {
		tq_buf_put(&r->out, tags[type].close);
	}
}

int
tq_render_leave_span(MD_SPANTYPE type, void *detail, void *user)
{
	struct tq_render *r = user;
	size_t i = r->n_spans;

	(void)detail;
	tq_render_flush(r);
	if (r->flat > 0) {
		r->flat--;
		return tq_render_status(r);
	}
	while (i > 0 && r->spans[i - 1] != type)
		i--;
	while (i > 0 && r->n_spans >= i)
		close_span(r);
	return tq_render_status(r);
}

void
tq_render_end_inline(struct tq_render *r)
{
	tq_render_flush(r);
	while (r->n_spans > 0)
		close_span(r);
	r->flat = 0;
}

int
tq_render_text_of(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n, void *user)
{
	struct tq_render *r = user;
	tq_str s = { p, n };

	if (type == MD_TEXT_NULLCHAR) {
		tq_render_text(r, TQ_S("\xEF\xBF\xBD"));
	} else if (type == MD_TEXT_BR) {
		tq_render_break(r, TQ_S("<br>"));
	} else if (type == MD_TEXT_SOFTBR) {
		tq_render_break(r, r->trusted ? TQ_S("\n") : TQ_S("<br>"));
	} else if (type == MD_TEXT_ENTITY && r->trusted && !r->alt_only) {
		tq_render_flush(r);
		tq_buf_put(&r->out, s);
	} else {
		tq_render_text(r, s);
	}
	return tq_render_status(r);
}

/* Parents come before their children, so one pass decides all directions; a
 * text without strong letters runs as its surroundings do. */
static size_t
decide(struct tq_render *r, size_t n)
{
	tq_str plain = tq_buf_str(&r->plain);
	size_t wanted = 0;

	for (size_t i = 0; i < n; i++) {
		struct tq_element *el = element(r, i);
		enum tq_dir around = el->parent == TQ_RENDER_ROOT ? r->base :
		    element(r, el->parent)->dir;

		el->dir = el->ltr ? TQ_LTR : tq_text_direction(
		    tq_str_sub(plain, el->from, el->to), around);
		el->differs = el->dir != around;
		wanted += el->differs || el->id.n > 0;
	}
	return wanted;
}

static void
put_attributes(struct tq_buf *b, const struct tq_element *el)
{
	if (el->id.n > 0) {
		tq_buf_lit(b, " id=\"");
		tq_esc_html(b, el->id);
		tq_buf_byte(b, '"');
	}
	if (el->differs) {
		tq_buf_lit(b, " dir=\"");
		tq_buf_put(b, tq_dir_name(el->dir));
		tq_buf_byte(b, '"');
	}
}

static tq_str
finish(struct tq_render *r)
{
	size_t n = r->elements.n / sizeof(struct tq_element), done = 0;
	tq_str html = tq_buf_str(&r->out);
	struct tq_buf b;

	if (decide(r, n) == 0)
		return html;
	tq_buf_init(&b, r->arena, html.n + html.n / 4);
	for (size_t i = 0; i < n; i++) {
		const struct tq_element *el = element(r, i);

		if (!el->differs && el->id.n == 0)
			continue;
		tq_buf_put(&b, tq_str_sub(html, done, el->at));
		put_attributes(&b, el);
		done = el->at;
	}
	tq_buf_put(&b, tq_str_sub(html, done, html.n));
	return tq_buf_str(&b);
}

enum tq_code
tq_render_run(struct tq_render *r, tq_str source, const MD_PARSER *parser,
    void *user, tq_html *out, struct tq_err *e)
{
	tq_str html = { NULL, 0 };
	int rc;

	rc = r->trusted ? md_parse(source.n > 0 ? source.p : "",
	    (MD_SIZE)source.n, parser, user) :
	    tq_markup_parse(source, parser, user);
	if (rc == 0)
		html = finish(r);
	else if (tq_render_status(r) == 0)
		return tq_fail(e, TQ_ELIMIT, "no memory to parse markup");
	if (!ok(r) || r->arena->failed)
		return tq_fail(e, TQ_ELIMIT, "no memory for HTML");
	if (r->out.n > r->out_max || html.n > r->out_max)
		return tq_fail(e, TQ_ELIMIT, "markup of %zu bytes becomes more "
		    "than %zu bytes of HTML", source.n, r->out_max);
	out->s = html;
	return TQ_OK;
}
