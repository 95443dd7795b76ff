/* The strict reader: tag by tag, with a stack of open elements. */
#include "html_check.h"

#include <string.h>

#define OPEN_MAX 64

enum { PHRASE, BLOCK, LIST, ITEM, TABLE, VOID };

struct reader;

/* Takes the attributes an element may have; NULL or what is wrong. */
typedef const char *attributes_fn(struct reader *r);

struct element {
	tq_str name;
	int kind;
	bool article;		/* in articles only */
	attributes_fn *attributes;
};

struct reader {
	tq_str s;
	size_t at;
	bool article;
	const struct element *open[OPEN_MAX];
	size_t n;
};

static bool
take(struct reader *r, const char *lit)
{
	tq_str want = tq_str_c(lit);

	if (!tq_str_starts(tq_str_sub(r->s, r->at, r->s.n), want))
		return false;
	r->at += want.n;
	return true;
}

/* Bytes up to the first of stop; the reader stands on it then. */
static tq_str
run(struct reader *r, const char *stop)
{
	size_t from = r->at;

	while (r->at < r->s.n && strchr(stop, r->s.p[r->at]) == NULL)
		r->at++;
	return tq_str_sub(r->s, from, r->at);
}

static bool
entity(struct reader *r)
{
	tq_str e;

	if (take(r, "&amp;") || take(r, "&lt;") || take(r, "&gt;") ||
	    take(r, "&quot;") || take(r, "&#39;"))
		return true;
	if (!r->article || !take(r, "&"))
		return false;
	e = run(r, " &;<>\"'");
	return e.n > 0 && e.n <= 48 && take(r, ";");
}

/* Text without anything a browser could take for markup. */
static bool
plain(struct reader *r, const char *stop)
{
	for (;;) {
		tq_str s = run(r, stop);

		for (size_t i = 0; i < s.n; i++)
			if (strchr("<>\"'", s.p[i]) != NULL || s.p[i] == 0)
				return false;
		if (r->at == r->s.n || r->s.p[r->at] != '&')
			return true;
		if (!entity(r))
			return false;
	}
}

static bool
good_href(const struct reader *r, tq_str url, bool *here)
{
	*here = r->article && url.n > 0 && (url.p[0] == '#' ||
	    (url.p[0] == '/' && !tq_str_starts(url, TQ_S("//"))));
	if (!*here && !tq_str_starts(url, TQ_S("http://")) &&
	    !tq_str_starts(url, TQ_S("https://")))
		return false;
	for (size_t i = 0; i < url.n; i++)
		if ((unsigned char)url.p[i] < 0x20 || url.p[i] == 0x7F ||
		    url.p[i] == '\\' || (url.p[i] == ' ' && !*here))
			return false;
	return true;
}

static const char *
link_attributes(struct reader *r)
{
	size_t from;
	bool here;

	if (!take(r, " href=\""))
		return "a without href";
	from = r->at;
	if (!plain(r, "&\""))
		return "bad bytes in href";
	if (!good_href(r, tq_str_sub(r->s, from, r->at), &here))
		return "bad href";
	if (!take(r, "\""))
		return "open href";
	if (!here && !take(r, r->article ? " rel=\"noopener noreferrer\"" :
	    " rel=\"ugc nofollow noopener noreferrer\""))
		return "a without its rel";
	return NULL;
}

static const char *
image_attributes(struct reader *r)
{
	if (!take(r, " src=\"/media/") || !plain(r, "&\"") ||
	    !take(r, "\" alt=\"") || !plain(r, "&\"") ||
	    !take(r, "\" loading=\"lazy\""))
		return "bad img";
	return NULL;
}

static const char *
no_attributes(struct reader *r)
{
	(void)r;
	return NULL;
}

static const char *
bdi_attributes(struct reader *r)
{
	return take(r, " dir=\"ltr\"") ? NULL : "bdi without dir";
}

static const char *
direction(struct reader *r)
{
	(void)(take(r, " dir=\"ltr\"") || take(r, " dir=\"rtl\""));
	return NULL;
}

static const char *
heading_attributes(struct reader *r)
{
	if (take(r, " id=\"") && (!plain(r, "& \"") || !take(r, "\"")))
		return "bad id";
	return direction(r);
}

static const char *
ordered_attributes(struct reader *r)
{
	tq_str n;

	(void)direction(r);
	if (!take(r, " start=\""))
		return NULL;
	n = run(r, "\"");
	if (n.n == 0 || n.n > 9 || strspn(n.p, "0123456789") < n.n ||
	    !take(r, "\""))
		return "bad start";
	return NULL;
}

static const char *
cell_attributes(struct reader *r)
{
	(void)direction(r);
	(void)(take(r, " class=\"center\"") || take(r, " class=\"end\""));
	return NULL;
}

static const char *
head_cell_attributes(struct reader *r)
{
	(void)direction(r);
	if (!take(r, " scope=\"col\""))
		return "th without scope";
	(void)(take(r, " class=\"center\"") || take(r, " class=\"end\""));
	return NULL;
}

#define E(name, kind, article, attributes) \
	{ TQ_S_INIT(name), kind, article, attributes }

static const struct element elements[] = {
	E("p", BLOCK, false, direction),
	E("blockquote", BLOCK, false, direction),
	E("pre", BLOCK, false, direction),
	E("ul", LIST, false, direction),
	E("ol", LIST, false, ordered_attributes),
	E("li", ITEM, false, direction),
	E("em", PHRASE, false, no_attributes),
	E("strong", PHRASE, false, no_attributes),
	E("del", PHRASE, false, no_attributes),
	E("code", PHRASE, false, direction),
	E("a", PHRASE, false, link_attributes),
	E("bdi", PHRASE, false, bdi_attributes),
	E("br", VOID, false, no_attributes),
	E("h2", BLOCK, true, heading_attributes),
	E("h3", BLOCK, true, heading_attributes),
	E("h4", BLOCK, true, heading_attributes),
	E("figure", BLOCK, true, direction),
	E("figcaption", PHRASE, true, no_attributes),
	E("hr", VOID, true, no_attributes),
	E("img", VOID, true, image_attributes),
	E("table", BLOCK, true, direction),
	E("thead", TABLE, true, no_attributes),
	E("tbody", TABLE, true, no_attributes),
	E("tr", TABLE, true, no_attributes),
	E("th", TABLE, true, head_cell_attributes),
	E("td", TABLE, true, cell_attributes),
};

static const struct element *
find(const struct reader *r, tq_str name)
{
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
		if (tq_str_eq(elements[i].name, name) &&
		    (r->article || !elements[i].article))
			return &elements[i];
	return NULL;
}

/* Whether el may stand where the reader is. */
static const char *
placed(const struct reader *r, const struct element *el)
{
	const struct element *in = r->n > 0 ? r->open[r->n - 1] : NULL;

	if ((in != NULL && in->kind == LIST) != (el->kind == ITEM))
		return "list and item do not belong together";
	for (size_t i = 0; i < r->n; i++)
		if (tq_str_eq(r->open[i]->name, TQ_S("a")) &&
		    tq_str_eq(el->name, TQ_S("a")))
			return "a in a";
	if (el->kind == PHRASE || el->kind == VOID || el->kind == TABLE)
		return NULL;
	for (size_t i = 0; i < r->n; i++)
		if (r->open[i]->kind == PHRASE ||
		    (r->open[i]->kind == BLOCK && !tq_str_eq(
		    r->open[i]->name, TQ_S("blockquote"))))
			return "block in a paragraph";
	return NULL;
}

static const char *
start_tag(struct reader *r)
{
	const struct element *el = find(r, run(r, " >"));
	const char *wrong;

	if (el == NULL)
		return "unknown element";
	wrong = placed(r, el);
	if (wrong == NULL)
		wrong = el->attributes(r);
	if (wrong != NULL)
		return wrong;
	if (!take(r, ">"))
		return "unknown attribute";
	if (el->kind == VOID)
		return NULL;
	if (r->n == OPEN_MAX)
		return "too deep";
	r->open[r->n++] = el;
	return NULL;
}

const char *
html_check(tq_str html, bool article, size_t *at)
{
	struct reader r = { .s = html, .article = article };
	const char *wrong = NULL;

	while (wrong == NULL && r.at < html.n) {
		*at = r.at;
		if (take(&r, "</")) {
			tq_str name = run(&r, ">");

			if (r.n == 0 || !tq_str_eq(r.open[--r.n]->name, name) ||
			    !take(&r, ">"))
				return "wrong end tag";
		} else if (take(&r, "<")) {
			wrong = start_tag(&r);
		} else if (!plain(&r, "&<")) {
			wrong = "unescaped text";
		} else if (r.n == 0 || r.open[r.n - 1]->kind == LIST) {
			wrong = "text outside";
		}
	}
	return wrong == NULL && r.n > 0 ? "element left open" : wrong;
}
