/* Reads the norm text into words (spans) and into the code points that n-grams
 * are taken from, and undoes on the way what hides a word from a machine but
 * not from a reader: drawn-out letters, letters of another script, digits among
 * Arabic letters, spaced-out letters.  Each repair is counted, so that the trick
 * itself can speak too.
 *
 * Links become one mark, digits one digit; a space stands at both ends. */
#include <string.h>

#include "filter/feature.h"
#include "filter/hash.h"
#include "text/decode.h"

/* What scripts a word has. */
enum {
	LATIN = 1,
	FOREIGN = 2,		/* neither that nor Arabic */
	ARABIC = 4,
	ODD = 8			/* rare letters that pass for Latin ones */
};

struct word {
	struct tq_span *s;	/* NULL: there are too many */
	uint32_t *c;		/* its code points */
	uint32_t runes, hash;
	unsigned scripts;
	bool digits, letters, drawn;
};

/* NULL when there are too many. */
static struct tq_span *
open_span(struct tq_features *x, size_t at, unsigned kind)
{
	struct tq_span *s;

	if (x->n_spans == TQ_SPANS_MAX)
		return NULL;
	s = &x->spans[x->n_spans++];
	*s = (struct tq_span){ .at = (uint32_t)at, .kind = (uint8_t)kind,
	    .rune = (uint32_t)x->n_runes, .hash = TQ_HASH_START };
	return s;
}

/* --- repairs inside one word ---------------------------------------------- */

static bool
is_arabic(uint32_t c)
{
	return tq_u_prop(c)->script == TQ_SCRIPT_ARABIC;
}

/* The Arabic letter that a digit or Latin letter stands for, or 0. */
static uint32_t
arabic_for(uint32_t c)
{
	switch (c) {
	case '1':
	case 'l':
	case 'i':
		return 0x627;	/* alef */
	case '5':
	case 'o':
		return 0x647;	/* heh */
	default:
		return 0;
	}
}

/* What c[i] of a word of n passes for; c[i] itself if nothing. */
static uint32_t
plain_of(unsigned scripts, const uint32_t *c, size_t i, size_t n)
{
	uint32_t to = 0;

	if (c[i] < 0x80) {
		if ((scripts & ARABIC) != 0 && i > 0 && i + 1 < n &&
		    is_arabic(c[i - 1]) && is_arabic(c[i + 1]))
			to = arabic_for(c[i]);
		return to != 0 ? to : c[i];
	}
	if ((scripts & LATIN) != 0 && (scripts & FOREIGN) != 0)
		to = tq_u_pair(tq_u_mixed, tq_u_mixed_n, c[i]);
	if (to == 0 && (scripts & ODD) != 0)
		to = tq_u_pair(tq_u_always, tq_u_always_n, c[i]);
	return to != 0 ? to : c[i];
}

static void
rehash(struct tq_features *x, struct tq_span *s)
{
	s->hash = TQ_HASH_START;
	for (size_t i = 0; i < s->runes; i++)
		s->hash = tq_hash_rune(s->hash, x->rune[s->rune + i]);
}

/* Look-alikes to what they pass for. */
static void
unmask(struct tq_features *x, struct tq_span *s, const struct word *w)
{
	bool changed = false;

	for (size_t i = 0; i < w->runes; i++) {
		uint32_t to = plain_of(w->scripts, w->c, i, w->runes);

		changed |= to != w->c[i];
		w->c[i] = to;
	}
	if (!changed)
		return;
	s->repaired = true;
	x->n_unmasked++;
	rehash(x, s);
}

/* A number of three digits and more is known by its length; every digit of the
 * n-gram text is 0. */
static void
hide_digits(struct tq_span *s, const struct word *w)
{
	for (size_t i = 0; i < w->runes; i++)
		if (tq_u_prop(w->c[i])->kind == TQ_KIND_DIGIT)
			w->c[i] = '0';
	if (w->letters || w->runes < 3)
		return;
	s->number = s->hash;
	s->hash = 5 + (w->runes < 6 ? w->runes : 6);
}

/* By value, so that the loop before keeps it in registers. */
static void
close_word(struct tq_features *x, struct word w)
{
	bool latin = (w.scripts & LATIN) != 0;
	bool foreign = (w.scripts & FOREIGN) != 0;
	bool arabic = (w.scripts & ARABIC) != 0;
	struct tq_span *s = w.s;

	x->n_runes += w.runes;
	if (s == NULL)
		return;
	s->runes = w.runes;
	s->hash = w.hash;
	s->repaired = w.drawn;
	s->leet = latin && w.digits;
	x->scripts.mixed_words += latin + foreign + arabic > 1;
	if ((latin && foreign) || (w.scripts & ODD) != 0 ||
	    (arabic && (latin || w.digits)))
		unmask(x, s, &w);
	if (w.digits)
		hide_digits(s, &w);
}

/* --- the text ------------------------------------------------------------- */

static bool
is_letter(unsigned kind)
{
	return kind == TQ_KIND_LETTER || kind == TQ_KIND_DIGIT;
}

static inline unsigned
script_bits(uint32_t c, unsigned script)
{
	switch (script) {
	case TQ_SCRIPT_NONE:
		return 0;
	case TQ_SCRIPT_LATIN:
		return c > 0x24F || c == 0x131 ? LATIN | ODD : LATIN;
	case TQ_SCRIPT_ARABIC:
		return ARABIC;
	case TQ_SCRIPT_CHEROKEE:
	case TQ_SCRIPT_LISU:
	case TQ_SCRIPT_CANADIAN_ABORIGINAL:
		return ODD;
	default:
		return FOREIGN;
	}
}

/* One letter, again and again, inside a word. */
struct run {
	uint32_t c;
	unsigned n;
	uint32_t at;		/* letters of the word before it */
	uint32_t hash;		/* of the word up to its first */
};

/* Three and more of a letter become one; a word of one letter keeps three, so
 * that laughter stays a word.  Is this letter to be left out? */
static inline bool
draws_out(struct tq_features *x, struct word *w, const struct run *r)
{
	if (r->n < 3 || w->s == NULL)
		return false;
	if (r->at == 0)
		return r->n > 3;
	if (r->n == 3) {
		w->runes--;
		w->hash = r->hash;
		w->drawn = true;
		x->n_drawn++;
	}
	return true;
}

/* The word at at, up to stop at most; where it ends. */
static size_t
read_word(struct tq_features *x, size_t at, size_t stop, unsigned kind)
{
	struct word w = { .s = open_span(x, at, kind),
	    .c = x->rune + x->n_runes, .hash = TQ_HASH_START };
	struct run r = { .n = 0 };
	size_t i = at, len;

	for (; i < stop; i += len) {
		uint32_t c = tq_decode_get(x->norm.p + i, x->norm.n - i, &len);
		const struct tq_uprop *u = tq_u_prop(c);

		if (!is_letter(u->kind))
			break;
		r.n = c == r.c ? r.n + 1 : 1;
		r.c = c;
		if (u->kind == TQ_KIND_LETTER) {
			w.letters = true;
			w.scripts |= script_bits(c, u->script);
			x->scripts.letters[u->script]++;
			if (draws_out(x, &w, &r))
				continue;
		} else {
			w.digits = true;
		}
		if (r.n == 1)
			r.at = w.runes;
		w.hash = tq_hash_rune(w.hash, c);
		w.c[w.runes++] = c;
		if (r.n == 1)
			r.hash = w.hash;
	}
	if (w.s != NULL)
		w.s->len = (uint32_t)(i - at);
	close_word(x, w);
	return i;
}

/* Scripts without spaces give one word a character, and so does a sign. */
static void
read_sign(struct tq_features *x, size_t at, size_t len, uint32_t c)
{
	const struct tq_uprop *u = tq_u_prop(c);
	struct tq_span *s;

	if (u->kind != TQ_KIND_SPACE && (s = open_span(x, at, u->kind)) != NULL) {
		s->len = (uint32_t)len;
		s->hash = tq_hash_rune(TQ_HASH_START, c);
		s->runes = 1;
	}
	if (u->kind == TQ_KIND_IDEO)
		x->scripts.letters[u->script]++;
	x->rune[x->n_runes++] = c;
}

static void
read_link(struct tq_features *x, size_t at, size_t end)
{
	struct tq_span *s = open_span(x, at, TQ_KIND_OTHER);

	if (s != NULL) {
		s->link = true;
		s->len = (uint32_t)(end - at);
		s->runes = 1;
		s->hash = TQ_LINK_MARK;
	}
	x->rune[x->n_runes++] = TQ_LINK_MARK;
	if (x->n_links < TQ_LINKS_MAX)
		x->links[x->n_links] = (struct tq_link_place){ (uint32_t)at,
		    (uint32_t)(end - at) };
	x->n_links++;
}

/* --- spaced-out letters --------------------------------------------------- */

static bool
is_single(const struct tq_span *s)
{
	return s->runes == 1 && !s->link && (is_letter(s->kind) ||
	    s->kind == TQ_KIND_IDEO);
}

/* From word i on: one-letter words with at most two signs between.  The end of
 * the last of them, or i when they are too few (four, three of them letters). */
static size_t
spaced_end(const struct tq_features *x, size_t i)
{
	size_t end = i, gap = 0, singles = 0, letters = 0;

	for (size_t j = i; j < x->n_spans && gap <= 2; j++) {
		const struct tq_span *s = &x->spans[j];

		if (is_single(s)) {
			singles++;
			letters += s->kind == TQ_KIND_LETTER;
			gap = 0;
			end = j + 1;
		} else if (is_letter(s->kind) || s->link || singles == 0) {
			break;
		} else {
			gap++;
		}
	}
	return singles >= 4 && letters >= 3 ? end : i;
}

/* Is there a space and nothing else between letters j - 1 and j? */
static bool
bare_gap(const struct tq_features *x, size_t j)
{
	const struct tq_span *s = &x->spans[j];

	return is_single(s) && is_single(s - 1) &&
	    s[-1].rune + s[-1].runes < s->rune;
}

/* Where the word ends that begins at letter i of a run: at a bare gap beside one
 * with a sign ("w-o-r-d w-o-r-d"), else with the run. */
static size_t
spaced_word(const struct tq_features *x, size_t i, size_t end)
{
	bool sign = false;		/* in the gap before */

	for (size_t j = i + 1; j < end; j++) {
		if (!is_single(&x->spans[j])) {
			sign = true;
		} else if (bare_gap(x, j)) {
			if (sign || (j + 1 < end && !is_single(&x->spans[j + 1])))
				return j;
		} else if (is_single(&x->spans[j - 1])) {
			sign = false;
		}
	}
	return end;
}

/* Puts the letters of words i..end behind each other, as one word.  Both texts
 * only grow shorter: *runes and *spans are where they have come to. */
static void
join(struct tq_features *x, size_t i, size_t end, size_t *runes, size_t *spans)
{
	struct tq_span s = x->spans[i];
	size_t from = *runes;

	for (size_t j = i; j < end; j++)
		if (is_single(&x->spans[j]))
			x->rune[(*runes)++] = x->rune[x->spans[j].rune];
	s.rune = (uint32_t)from;
	s.runes = (uint32_t)(*runes - from);
	s.len = x->spans[end - 1].at + x->spans[end - 1].len - s.at;
	if (s.runes > 1) {
		s.kind = TQ_KIND_LETTER;
		s.repaired = true;
		x->n_joined++;
		rehash(x, &s);
	}
	x->spans[(*spans)++] = s;
}

/* Joins the words of the run i..end, a space between two. */
static void
join_run(struct tq_features *x, size_t i, size_t end, size_t *runes,
    size_t *spans)
{
	while (i < end) {
		size_t word = spaced_word(x, i, end);

		join(x, i, word, runes, spans);
		if (word < end)
			x->rune[(*runes)++] = ' ';
		i = word;
	}
}

static void
join_spaced(struct tq_features *x)
{
	size_t spans = 0, runes, copied;

	/* Most comments have none. */
	while (spans < x->n_spans && spaced_end(x, spans) == spans)
		spans++;
	if (spans == x->n_spans)
		return;
	runes = copied = x->spans[spans].rune;
	for (size_t i = spans; i < x->n_spans;) {
		size_t end = spaced_end(x, i);
		struct tq_span s = x->spans[i];

		/* What stands before the word: spaces. */
		while (copied < s.rune)
			x->rune[runes++] = x->rune[copied++];
		if (end > i) {
			const struct tq_span *last = &x->spans[end - 1];

			copied = last->rune + last->runes;
			join_run(x, i, end, &runes, &spans);
			i = end;
			continue;
		}
		s.rune = (uint32_t)runes;
		while (copied < x->spans[i].rune + x->spans[i].runes)
			x->rune[runes++] = x->rune[copied++];
		x->spans[spans++] = s;
		i++;
	}
	while (copied < x->n_runes)
		x->rune[runes++] = x->rune[copied++];
	x->n_runes = runes;
	x->n_spans = spans;
}

void
tq_features_read(struct tq_features *x)
{
	size_t n = x->norm.n, link, link_end, len;

	x->rune[x->n_runes++] = ' ';
	if (!tq_link_find(x->norm, 0, &link, &link_end))
		link = n;
	for (size_t at = 0; at < n;) {
		uint32_t c;
		unsigned kind;

		if (at == link) {
			read_link(x, at, link_end);
			at = link_end;
			if (!tq_link_find(x->norm, at, &link, &link_end))
				link = n;
			continue;
		}
		c = tq_decode_get(x->norm.p + at, n - at, &len);
		kind = tq_u_prop(c)->kind;
		if (is_letter(kind)) {
			at = read_word(x, at, link, kind);
		} else {
			read_sign(x, at, len, c);
			at += len;
		}
	}
	x->scripts.letters[TQ_SCRIPT_NONE] = 0;
	x->rune[x->n_runes++] = ' ';
	join_spaced(x);
}
