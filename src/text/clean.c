/* Rule R0: the two functions tq_text_clean_body and tq_text_clean_line of
 * utf8.h.  Both walk the text once, code point by code point.
 *
 * A body keeps its bidi controls, but each paragraph (UAX #9 P1: up to a line
 * end, which the page shows as <br> or a new block) must leave the state as it
 * found it.  So what is open is held on a stack; at the paragraph's end it is
 * closed in reverse order, an end without a beginning is dropped, and so is a
 * beginning deeper than a renderer would follow (UAX #9 BD2: 125). */
#include "text/utf8.h"

#include "base/buf.h"
#include "text/rune.h"

#define DEPTH_MAX 125
#define MARKS_MAX 4

enum {
	LRE = 0x202A, RLE = 0x202B, PDF = 0x202C, LRO = 0x202D, RLO = 0x202E,
	LRI = 0x2066, RLI = 0x2067, FSI = 0x2068, PDI = 0x2069
};

struct body {
	struct tq_buf out;
	size_t keep;			/* end of what is not trailing space */
	size_t depth;
	bool isolate[DEPTH_MAX];	/* what is open: isolate or embedding */
};

static void
put_rune(struct tq_buf *b, uint32_t c)
{
	char bytes[4];

	tq_buf_put(b, (tq_str){ bytes, tq_utf8_put(bytes, c) });
}

static void
close_to(struct body *w, size_t depth)
{
	while (w->depth > depth) {
		w->depth--;
		put_rune(&w->out, w->isolate[w->depth] ? PDI : PDF);
		w->keep = w->out.n;
	}
}

/* PDI ends the innermost isolate and every embedding in it; PDF ends an
 * embedding only when it is innermost (UAX #9 BD9, BD11, X6a, X7). */
static bool
closes(struct body *w, uint32_t c)
{
	size_t d = w->depth;

	if (c == PDF) {
		if (d == 0 || w->isolate[d - 1])
			return false;
		w->depth--;
		return true;
	}
	while (d > 0 && !w->isolate[d - 1])
		d--;
	if (d == 0)
		return false;
	close_to(w, d);		/* embeddings inside, by name */
	w->depth--;
	return true;
}

/* Whether the control c may be written; keeps the stack. */
static bool
follow_bidi(struct body *w, uint32_t c)
{
	switch (c) {
	case LRE: case RLE: case LRO: case RLO:
	case LRI: case RLI: case FSI:
		if (w->depth == DEPTH_MAX)
			return false;
		w->isolate[w->depth++] = c >= LRI;
		return true;
	case PDF: case PDI:
		return closes(w, c);
	default:
		return true;
	}
}

static bool
line_end(tq_str s, size_t *at, uint32_t c)
{
	if (c == '\r' && *at < s.n && s.p[*at] == '\n')
		(*at)++;
	return c == '\r' || c == '\n' || c == 0x2028 || c == 0x2029;
}

/* The run of visible ASCII and spaces from at on, which is most of many texts,
 * whole; its end. */
static size_t
put_ascii(struct body *w, tq_str s, size_t at)
{
	size_t end = at, shown;

	while (end < s.n && s.p[end] >= ' ' && s.p[end] <= '~')
		end++;
	tq_buf_put(&w->out, tq_str_sub(s, at, end));
	for (shown = end; shown > at && s.p[shown - 1] == ' '; shown--)
		;
	if (shown > at)
		w->keep = w->out.n - (end - shown);
	return end;
}

tq_str
tq_text_clean_body(struct tq_arena *a, tq_str s)
{
	struct body w;
	size_t at = 0;

	w.keep = w.depth = 0;
	tq_buf_init(&w.out, a, s.n);
	while ((at = put_ascii(&w, s, at)) < s.n) {
		uint32_t c = tq_utf8_next(s, &at);

		if (line_end(s, &at, c)) {
			close_to(&w, 0);
			tq_buf_byte(&w.out, '\n');
			continue;
		}
		if ((tq_rune_control(c) && c != '\t') || !follow_bidi(&w, c))
			continue;
		put_rune(&w.out, c);
		if (!tq_rune_space(c))
			w.keep = w.out.n;
	}
	if (!tq_buf_ok(&w.out))
		return (tq_str){ NULL, 0 };
	w.out.n = w.keep;
	close_to(&w, 0);
	return tq_buf_str(&w.out);
}

struct line {
	struct tq_buf out;
	uint32_t joiner;	/* held until something visible follows */
	unsigned marks;		/* on the character last written */
	bool space;		/* held likewise */
};

static void
line_put(struct line *l, uint32_t c)
{
	if (l->space)
		tq_buf_byte(&l->out, ' ');
	else if (l->joiner != 0)
		put_rune(&l->out, l->joiner);
	l->space = false;
	l->joiner = 0;
	put_rune(&l->out, c);
}

/* A mark needs a base, and no base carries more than MARKS_MAX. */
static void
line_mark(struct line *l, uint32_t c)
{
	if (l->out.n == 0 || l->space || l->marks == MARKS_MAX)
		return;
	l->marks++;
	line_put(l, c);
}

tq_str
tq_text_clean_line(struct tq_arena *a, tq_str s)
{
	struct line l = { .joiner = 0 };
	size_t at = 0;

	tq_buf_init(&l.out, a, s.n);
	while (at < s.n) {
		uint32_t c = tq_utf8_next(s, &at);

		if (tq_rune_space(c))
			l.space = l.out.n > 0;
		else if (tq_rune_joiner(c))
			l.joiner = l.out.n > 0 ? c : 0;
		else if (tq_rune_mark(c) && !tq_rune_hidden(c))
			line_mark(&l, c);
		else if (!tq_rune_control(c) && !tq_rune_bidi(c) &&
		    !tq_rune_hidden(c)) {
			line_put(&l, c);
			l.marks = 0;
		}
	}
	return tq_buf_str(&l.out);
}
