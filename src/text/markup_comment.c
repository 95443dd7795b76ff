/* Comments: what a reader's text becomes.  The set of elements is small on
 * purpose; what Markdown knows beyond it is shown in the nearest plain form. */
#include "text/markup.h"

#include "text/markup_parse.h"
#include "text/markup_render.h"

#define REL "ugc nofollow noopener noreferrer"

static int
enter_block(MD_BLOCKTYPE type, void *detail, void *user)
{
	struct tq_render *r = user;

	if (type == MD_BLOCK_H) {
		tq_render_enter_leaf(r, TQ_S("p"), false);
		tq_buf_lit(&r->out, "<strong>");
	} else if (type == MD_BLOCK_HR) {
		tq_render_enter_leaf(r, TQ_S("p"), false);
		tq_render_text(r, TQ_S("* * *"));
		tq_render_leave_leaf(r, TQ_S("p"));
	} else {
		tq_render_enter_block(r, type, detail);
	}
	return tq_render_status(r);
}

static int
leave_block(MD_BLOCKTYPE type, void *detail, void *user)
{
	struct tq_render *r = user;

	(void)detail;
	if (type == MD_BLOCK_H) {
		tq_render_end_inline(r);
		tq_buf_lit(&r->out, "</strong>");
		tq_render_leave_leaf(r, TQ_S("p"));
	} else {
		tq_render_leave_block(r, type);
	}
	return tq_render_status(r);
}

enum tq_code
tq_markup_comment(struct tq_arena *a, tq_str source, enum tq_dir base,
    tq_html *out, struct tq_markup_facts *facts, struct tq_err *e)
{
	static const MD_PARSER parser = {
		.flags = TQ_MARKUP_COMMENT_FLAGS,
		.enter_block = enter_block, .leave_block = leave_block,
		.enter_span = tq_render_enter_span,
		.leave_span = tq_render_leave_span,
		.text = tq_render_text_of,
	};
	struct tq_render r;
	enum tq_code code;

	if (source.n > TQ_MARKUP_COMMENT_MAX)
		return tq_fail(e, TQ_ELIMIT, "comment of %zu bytes is longer "
		    "than %d", source.n, TQ_MARKUP_COMMENT_MAX);
	tq_render_init(&r, a, source, base);
	r.rel = TQ_S(REL);
	code = tq_render_run(&r, source, &parser, &r, out, e);
	if (code == TQ_OK && facts != NULL)
		*facts = r.facts;
	return code;
}

enum tq_code
tq_markup_facts(struct tq_arena *a, tq_str source,
    struct tq_markup_facts *facts, struct tq_err *e)
{
	tq_html html;

	return tq_markup_comment(a, source, TQ_LTR, &html, facts, e);
}
