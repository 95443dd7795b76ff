/* Filling a message's slots.  tools/po.py has checked every message at build
 * time - slots and links are well formed, and the same in all languages - so
 * this reader only needs to find the next "{" or "<".  A slot that nobody
 * filled shows its name in braces: ugly on purpose. */
#include "text/lang.h"

#include <string.h>

#include "text/lang_table.h"

#define FSI "\xE2\x81\xA8"	/* U+2068 first strong isolate */
#define PDI "\xE2\x81\xA9"	/* U+2069 pop directional isolate */

struct filling {
	struct tq_buf *b;
	const struct tq_locale *l;
	int64_t n;
	const struct tq_msg_arg *args;
	size_t n_args;
	bool html;
};

static const struct tq_msg_arg *
find(const struct filling *f, tq_str name)
{
	for (size_t i = 0; i < f->n_args; i++)
		if (tq_str_eq(name, tq_str_c(f->args[i].name)))
			return &f->args[i];
	return NULL;
}

static void
put(const struct filling *f, tq_str s)
{
	if (f->html)
		tq_esc_html(f->b, s);
	else
		tq_buf_put(f->b, s);
}

static void
put_isolated(const struct filling *f, tq_str s)
{
	tq_buf_put(f->b, f->html ? TQ_S("<bdi>") : TQ_S(FSI));
	put(f, s);
	tq_buf_put(f->b, f->html ? TQ_S("</bdi>") : TQ_S(PDI));
}

/* slot is "{name}". */
static void
put_slot(const struct filling *f, tq_str slot)
{
	tq_str name = tq_str_sub(slot, 1, slot.n - 1);
	const struct tq_msg_arg *arg = find(f, name);

	if (arg == NULL) {
		if (tq_str_eq(name, TQ_S("n")))
			tq_fmt_number(f->b, f->l, f->n);
		else
			put(f, slot);
		return;
	}
	switch (arg->kind) {
	case TQ_ARG_STR:
		put_isolated(f, arg->str);
		break;
	case TQ_ARG_TEXT:
		put(f, arg->str);
		break;
	case TQ_ARG_INT:
		tq_fmt_number(f->b, f->l, arg->number);
		break;
	case TQ_ARG_HTML:
		if (f->html)
			tq_buf_put(f->b, arg->html.s);
		break;
	case TQ_ARG_LINK:
		break;
	}
}

/* tag is "<name>" or "</name>"; without its address the text stays, unlinked. */
static void
put_tag(const struct filling *f, tq_str tag)
{
	bool closes = tag.p[1] == '/';
	const struct tq_msg_arg *arg = find(f, tq_str_sub(tag,
	    closes ? 2 : 1, tag.n - 1));

	if (!f->html || arg == NULL || arg->kind != TQ_ARG_LINK)
		return;
	if (closes) {
		tq_buf_lit(f->b, "</a>");
		return;
	}
	tq_buf_lit(f->b, "<a href=\"");
	tq_esc_html(f->b, arg->url.s);
	tq_buf_lit(f->b, "\">");
}

/* Offset of the first c at or after from; s.n without one. */
static size_t
seek(tq_str s, size_t from, char c)
{
	const char *p = from < s.n ? memchr(s.p + from, c, s.n - from) : NULL;

	return p != NULL ? (size_t)(p - s.p) : s.n;
}

static void
fill(const struct filling *f, enum tq_msg id)
{
	tq_str s = tq_lang_form(f->l->lang, id, f->n);
	size_t at = 0;

	while (at < s.n) {
		size_t slot = seek(s, at, '{'), tag = seek(s, at, '<');
		size_t from = slot < tag ? slot : tag, to;

		put(f, tq_str_sub(s, at, from));
		if (from == s.n)
			return;
		to = seek(s, from, slot < tag ? '}' : '>') + 1;
		if (slot < tag)
			put_slot(f, tq_str_sub(s, from, to));
		else
			put_tag(f, tq_str_sub(s, from, to));
		at = to;
	}
}

void
tq_msg_html(struct tq_buf *b, const struct tq_locale *l, enum tq_msg id,
    int64_t n, const struct tq_msg_arg *args, size_t n_args)
{
	const struct filling f = {
		.b = b, .l = l, .n = n, .args = args, .n_args = n_args,
		.html = true,
	};

	fill(&f, id);
}

void
tq_msg_plain(struct tq_buf *b, const struct tq_locale *l, enum tq_msg id,
    int64_t n, const struct tq_msg_arg *args, size_t n_args)
{
	const struct filling f = {
		.b = b, .l = l, .n = n, .args = args, .n_args = n_args,
		.html = false,
	};

	fill(&f, id);
}
