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

struct scan {
	struct tq_features *x;
	struct tq_span *open;		/* the word that is being read */
	uint32_t last;			/* code point before... */
	unsigned run;			/* ...and how often it stood there */
	uint32_t before_run;		/* the word's hash after its first... */
	uint32_t run_at;		/* ...and how many stood before it */
	unsigned kind;
	bool digits_only, digits;	/* of the word; then its scripts */
	bool latin, foreign, arabic, odd;
};

static void
open_span(struct scan *sc, size_t at, unsigned kind)
{
	struct tq_features *x = sc->x;

	sc->run = 0;
	sc->digits_only = true;
	sc->digits = sc->latin = sc->foreign = sc->arabic = sc->odd = false;
	sc->open = NULL;
	if (x->n_spans == TQ_SPANS_MAX)
		return;
	sc->open = &x->spans[x->n_spans++];
	*sc->open = (struct tq_span){ .at = (uint32_t)at, .kind = (uint8_t)kind,
	    .rune = (uint32_t)x->n_runes, .hash = TQ_HASH_START };
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
plain_of(const struct scan *sc, const uint32_t *c, size_t i, size_t n)
{
	uint32_t to = 0;

	if (c[i] < 0x80) {
		if (sc->arabic && i > 0 && i + 1 < n && is_arabic(c[i - 1]) &&
		    is_arabic(c[i + 1]))
			to = arabic_for(c[i]);
		return to != 0 ? to : c[i];
	}
	if (sc->latin && sc->foreign)
		to = tq_u_pair(tq_u_mixed, tq_u_mixed_n, c[i]);
	if (to == 0 && sc->odd)
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
unmask(const struct scan *sc, struct tq_span *s)
{
	struct tq_features *x = sc->x;
	uint32_t *c = x->rune + s->rune;
	bool changed = false;

	if (!(sc->latin && sc->foreign) && !sc->odd &&
	    !(sc->arabic && (sc->latin || sc->digits)))
		return;
	for (size_t i = 0; i < s->runes; i++) {
		uint32_t to = plain_of(sc, c, i, s->runes);

		changed |= to != c[i];
		c[i] = to;
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
close_span(struct scan *sc)
{
	struct tq_span *s = sc->open;
	uint32_t *c;

	sc->open = NULL;
	if (s == NULL || s->link)
		return;
	s->leet = sc->latin && sc->digits;
	sc->x->scripts.mixed_words += sc->latin + sc->foreign + sc->arabic > 1;
	unmask(sc, s);
	if (!sc->digits)
		return;
	c = sc->x->rune + s->rune;
	for (size_t i = 0; i < s->runes; i++)
		if (tq_u_prop(c[i])->kind == TQ_KIND_DIGIT)
			c[i] = '0';
	if (!sc->digits_only || s->runes < 3 || s->kind != TQ_KIND_DIGIT)
		return;
	s->number = s->hash;
	s->hash = 5 + (s->runes < 6 ? s->runes : 6);
}

/* Three and more of a letter become one; a word of one letter keeps three, so
 * that laughter stays a word.  Is this letter to be left out? */
static bool
draws_out(struct scan *sc)
{
	struct tq_span *s = sc->open;

	if (sc->run < 3 || s == NULL)
		return false;
	if (sc->run_at == 0)
		return sc->run > 3;
	if (sc->run == 3) {
		s->runes--;
		sc->x->n_runes--;
		s->hash = sc->before_run;
		s->repaired = true;
		sc->x->n_drawn++;
	}
	return true;
}

/* --- the text ------------------------------------------------------------- */

static bool
is_letter(unsigned kind)
{
	return kind == TQ_KIND_LETTER || kind == TQ_KIND_DIGIT;
}

static void
note_script(struct scan *sc, uint32_t c, const struct tq_uprop *u)
{
	sc->x->scripts.letters[u->script]++;
	switch (u->script) {
	case TQ_SCRIPT_NONE:
		break;
	case TQ_SCRIPT_LATIN:
		sc->latin = true;
		sc->odd |= c > 0x24F || c == 0x131;
		break;
	case TQ_SCRIPT_ARABIC:
		sc->arabic = true;
		break;
	case TQ_SCRIPT_CHEROKEE:
	case TQ_SCRIPT_LISU:
	case TQ_SCRIPT_CANADIAN_ABORIGINAL:
		sc->odd = true;
		break;
	default:
		sc->foreign = true;
		break;
	}
}

static inline void
read_rune(struct scan *sc, uint32_t c, size_t at, size_t len)
{
	struct tq_features *x = sc->x;
	const struct tq_uprop *u = tq_u_prop(c);
	unsigned kind = u->kind;

	/* Scripts without spaces give one word a character. */
	if (kind == TQ_KIND_SPACE) {
		close_span(sc);
	} else if (!is_letter(kind) || !is_letter(sc->kind)) {
		close_span(sc);
		open_span(sc, at, kind);
	}
	sc->run = c == sc->last ? sc->run + 1 : 1;
	sc->last = c;
	sc->kind = kind;
	sc->digits_only &= kind == TQ_KIND_DIGIT;
	sc->digits |= kind == TQ_KIND_DIGIT;
	if (sc->open != NULL)
		sc->open->len = (uint32_t)(at + len) - sc->open->at;
	if (kind == TQ_KIND_IDEO)
		x->scripts.letters[u->script]++;
	if (kind == TQ_KIND_LETTER) {
		note_script(sc, c, u);
		if (draws_out(sc))
			return;
	}
	if (sc->open != NULL) {
		if (sc->run == 1)
			sc->run_at = sc->open->runes;
		sc->open->hash = tq_hash_rune(sc->open->hash, c);
		sc->open->runes++;
		if (sc->run == 1)
			sc->before_run = sc->open->hash;
	}
	x->rune[x->n_runes++] = c;
}

static void
read_link(struct scan *sc, size_t at, size_t end)
{
	struct tq_features *x = sc->x;

	close_span(sc);
	open_span(sc, at, TQ_KIND_OTHER);
	if (sc->open != NULL) {
		sc->open->link = true;
		sc->open->len = (uint32_t)(end - at);
		sc->open->runes = 1;
		sc->open->hash = TQ_LINK_MARK;
	}
	x->rune[x->n_runes++] = TQ_LINK_MARK;
	if (x->n_links < TQ_LINKS_MAX)
		x->links[x->n_links] = (struct tq_link_place){ (uint32_t)at,
		    (uint32_t)(end - at) };
	x->n_links++;
	sc->open = NULL;
	sc->last = TQ_LINK_MARK;
	sc->kind = TQ_KIND_OTHER;
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
	struct scan sc = { .x = x, .kind = TQ_KIND_SPACE };
	size_t link = 0, link_end = 0, len = 0;
	bool more = tq_link_find(x->norm, 0, &link, &link_end);

	x->rune[x->n_runes++] = ' ';
	for (size_t at = 0; at < x->norm.n; at += len) {
		if (more && at == link) {
			read_link(&sc, at, link_end);
			len = link_end - at;
			more = tq_link_find(x->norm, link_end, &link,
			    &link_end);
			continue;
		}
		uint32_t c = tq_decode_get(x->norm.p + at, x->norm.n - at,
		    &len);

		read_rune(&sc, c, at, len);
	}
	close_span(&sc);
	x->scripts.letters[TQ_SCRIPT_NONE] = 0;
	x->rune[x->n_runes++] = ' ';
	join_spaced(x);
}
