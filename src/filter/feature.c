/* From a comment to its features.  Reading order: tq_features_extract, then
 * what it calls, top to bottom.  The n-gram text is the norm text as code
 * points, links replaced by one mark, digits by 0. */
#include "filter/feature.h"

#include <stdlib.h>
#include <string.h>

#include "text/decode.h"

/* Scales were chosen on the tuning half of the sets (docs/filter.md). */
const struct tq_group_info tq_groups[TQ_G_N] = {
	[TQ_G_WORD] = { "words", 2.2f },
	[TQ_G_PAIR] = { "words", 1.0f },
	[TQ_G_GRAM] = { "words", 0.7f },
	[TQ_G_RASM] = { "words", 2.0f },
	[TQ_G_EXACT] = { "words", 1.0f },
	[TQ_G_LINK] = { "link", 2.0f },
	[TQ_G_PHONE] = { "phone", 2.0f },
	[TQ_G_AUTHOR] = { "author", 1.0f },
	[TQ_G_WEBSITE] = { "website", 1.0f },
	[TQ_G_EMAIL] = { "email", 1.0f },
	[TQ_G_HIDDEN] = { "hidden", 2.0f },
	[TQ_G_DISGUISE] = { "disguise", 3.0f },
	[TQ_G_SHAPE] = { "shape", 1.3f },
	[TQ_G_LANGUAGE] = { "language", 1.0f },
	[TQ_G_MARKUP] = { "markup", 1.0f },
	[TQ_G_TIME] = { "time", 1.0f },
	[TQ_G_AGENT] = { "agent", 1.0f },
};

#define HEAD_RUNES 3000		/* n-grams of the first... */
#define TAIL_RUNES 1000		/* ...and the last code points */
#define PAIR_GAPS 4
#define LINK_MARK 1u
#define OTHER_MAX 1024		/* features that are no words or n-grams */

/* --- hashing -------------------------------------------------------------- */

/* Finaliser of MurmurHash3 (Austin Appleby, public domain), one round. */
static inline uint32_t
mix(uint64_t h)
{
	h *= UINT64_C(0xff51afd7ed558ccd);
	h ^= h >> 32;
	h *= UINT64_C(0xc4ceb9fe1a85ec53);
	return (uint32_t)(h >> 32);
}

static inline uint32_t
mix2(uint64_t a, uint64_t b)
{
	return mix(a ^ (b << 32) ^ (b * UINT64_C(0x9e3779b97f4a7c15)));
}

uint32_t
tq_feature_hash(const char *name, tq_str s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);	/* FNV-1a */

	for (; *name != 0; name++)
		h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	h ^= 0xFF;
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
	return mix(h);
}

static inline void
add_at(struct tq_features *x, enum tq_group g, uint32_t hash, size_t span)
{
	uint32_t i = hash & x->set_mask;

	hash |= hash == 0;
	for (; x->set[i] != 0; i = (i + 1) & x->set_mask)
		if (x->set[i] == hash)
			return;
	if (x->n == x->cap)
		return;
	x->set[i] = hash;
	x->f[x->n++] = (struct tq_feature){ hash,
	    (uint16_t)(span < TQ_SPANS_MAX ? span : TQ_SPAN_NONE),
	    (uint8_t)g };
}

void
tq_features_add(struct tq_features *x, enum tq_group g, uint32_t hash)
{
	add_at(x, g, hash, TQ_SPAN_NONE);
}

void
tq_features_add_str(struct tq_features *x, enum tq_group g, const char *name,
    tq_str s)
{
	tq_features_add(x, g, tq_feature_hash(name, s));
}

void
tq_features_add_num(struct tq_features *x, enum tq_group g, const char *name,
    uint64_t n)
{
	tq_features_add(x, g, mix2(tq_feature_hash(name, (tq_str){ NULL, 0 }),
	    n + 1));
}

#define HASH_START 0x811c9dc5u

static inline uint64_t
three(const uint32_t *r)
{
	return r[0] | (uint64_t)r[1] << 21 | (uint64_t)r[2] << 42;
}

static inline uint32_t
gram3(const uint32_t *r)
{
	return mix(three(r) ^ UINT64_C(0x5851f42d4c957f2d));
}

static inline uint32_t
gram4(const uint32_t *r)
{
	return mix2(three(r) * UINT64_C(0x9e3779b97f4a7c15), r[3]);
}

/* --- the n-gram text and its words ---------------------------------------- */

struct scan {
	struct tq_features *x;
	struct tq_span *open;		/* the word that is being read */
	uint32_t last;			/* code point before, and how often */
	unsigned run;
	unsigned kind;
	bool digits_only;
};

static void
open_span(struct scan *sc, size_t at, unsigned kind)
{
	struct tq_features *x = sc->x;

	sc->open = NULL;
	if (x->n_spans == TQ_SPANS_MAX)
		return;
	sc->open = &x->spans[x->n_spans++];
	*sc->open = (struct tq_span){ .at = (uint32_t)at, .kind = (uint8_t)kind,
	    .rune = (uint32_t)x->n_runes, .hash = HASH_START };
}

/* Does a code point of this kind go on with the word before it?  Scripts
 * without spaces give one word a character. */
static inline bool
continues(unsigned before, unsigned kind)
{
	return (kind == TQ_KIND_LETTER || kind == TQ_KIND_DIGIT) &&
	    (before == TQ_KIND_LETTER || before == TQ_KIND_DIGIT);
}

/* A number of three digits and more is known by its length. */
static void
close_span(struct scan *sc)
{
	struct tq_span *s = sc->open;

	sc->open = NULL;
	if (s == NULL || !sc->digits_only || s->runes < 3)
		return;
	s->number = s->hash;
	s->hash = 5 + (s->runes < 6 ? s->runes : 6);
}

static inline uint32_t
hash_rune(uint32_t h, uint32_t c)
{
	return (h ^ c) * 0x01000193u + (h >> 15);
}

static inline void
read_rune(struct scan *sc, uint32_t c, size_t at, size_t len)
{
	struct tq_features *x = sc->x;
	unsigned kind = tq_u_prop(c)->kind;

	if (kind == TQ_KIND_SPACE) {
		close_span(sc);
	} else if (!continues(sc->kind, kind)) {
		close_span(sc);
		open_span(sc, at, kind);
		sc->run = 0;
		sc->digits_only = true;
	}
	sc->run = c == sc->last ? sc->run + 1 : 1;
	sc->last = c;
	sc->kind = kind;
	sc->digits_only &= kind == TQ_KIND_DIGIT;
	if (sc->open != NULL) {
		if (sc->run <= 2 || kind == TQ_KIND_DIGIT)
			sc->open->hash = hash_rune(sc->open->hash, c);
		sc->open->len = (uint32_t)(at + len) - sc->open->at;
		sc->open->runes++;
	}
	x->rune[x->n_runes++] = kind == TQ_KIND_DIGIT ? '0' : c;
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
		sc->open->hash = LINK_MARK;
	}
	x->rune[x->n_runes++] = LINK_MARK;
	x->n_links++;
	sc->open = NULL;
	sc->last = LINK_MARK;
	sc->kind = TQ_KIND_OTHER;
}

/* Fills rune[] and spans[]; a space stands before and after the text. */
static void
read_text(struct tq_features *x)
{
	struct scan sc = { .x = x, .kind = TQ_KIND_SPACE };
	size_t link = 0, link_end = 0, len;
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
		read_rune(&sc, tq_decode_get(x->norm.p + at, x->norm.n - at,
		    &len), at, len);
	}
	close_span(&sc);
	x->rune[x->n_runes++] = ' ';
}

/* --- words, pairs, n-grams ------------------------------------------------ */

static void
add_words(struct tq_features *x)
{
	for (size_t i = 0; i < x->n_spans; i++) {
		add_at(x, TQ_G_WORD, mix2(x->spans[i].hash, 1), i);
		if (x->spans[i].number != 0)
			add_at(x, TQ_G_WORD, mix2(x->spans[i].number, 1), i);
	}
}

/* --- what a word was meant to read as ------------------------------------- */

#define PLAIN_MAX 48

struct plain {
	uint32_t c[PLAIN_MAX];
	size_t n;
	size_t span;			/* the first word it came from */
};

/* The word and its n-grams, as if it had been written plainly. */
static void
add_plain(struct tq_features *x, const struct plain *w)
{
	uint32_t h = HASH_START;

	for (size_t i = 0; i < w->n; i++)
		h = hash_rune(h, w->c[i]);
	add_at(x, TQ_G_DISGUISE, mix2(h, 1), w->span);
	for (size_t i = 0; i + 3 <= w->n; i++)
		add_at(x, TQ_G_DISGUISE, gram3(w->c + i), w->span);
	for (size_t i = 0; i + 4 <= w->n; i++)
		add_at(x, TQ_G_DISGUISE, gram4(w->c + i), w->span);
}

static void
append(struct tq_features *x, struct plain *w, const struct tq_span *s)
{
	size_t len;

	for (size_t at = s->at; at < s->at + s->len && w->n < PLAIN_MAX;
	    at += len)
		w->c[w->n++] = tq_decode_get(x->norm.p + at, x->norm.n - at,
		    &len);
}

static bool
is_single(const struct tq_span *s)
{
	return s->runes == 1 && !s->link && (s->kind == TQ_KIND_LETTER ||
	    s->kind == TQ_KIND_DIGIT || s->kind == TQ_KIND_IDEO);
}

/* Letters spaced out or between signs: three or more one-letter words with at
 * most two signs between. */
static void
add_joined(struct tq_features *x)
{
	for (size_t i = 0; i < x->n_spans;) {
		struct plain w = { .n = 0, .span = i };
		size_t gap = 0, letters = 0, j = i;

		for (; j < x->n_spans && gap <= 2; j++) {
			const struct tq_span *s = &x->spans[j];

			if (is_single(s)) {
				append(x, &w, s);
				letters += s->kind == TQ_KIND_LETTER;
				gap = 0;
			} else if (s->kind == TQ_KIND_LETTER ||
			    s->kind == TQ_KIND_DIGIT || s->link || w.n == 0) {
				break;
			} else {
				gap++;
			}
		}
		if (w.n >= 4 && letters >= 3) {
			x->n_joined++;
			add_plain(x, &w);
		}
		i = j > i ? j : i + 1;
	}
}

static uint32_t
undo_leet(uint32_t c)
{
	static const char to[10] = "oizeasbtbg";

	return c >= '0' && c <= '9' ? (uint32_t)(unsigned char)to[c - '0'] : c;
}

/* Words that mix Latin with look-alikes, or letters with digits. */
static void
add_unmasked(struct tq_features *x)
{
	for (size_t i = 0; i < x->n_spans; i++) {
		const struct tq_span *s = &x->spans[i];
		struct plain w = { .n = 0, .span = i };
		bool latin = false, changed = false;

		if (s->runes < 3 || (s->kind != TQ_KIND_LETTER &&
		    s->kind != TQ_KIND_DIGIT) || s->number != 0)
			continue;
		append(x, &w, s);
		for (size_t k = 0; k < w.n; k++)
			latin |= tq_u_prop(w.c[k])->script == TQ_SCRIPT_LATIN;
		for (size_t k = 0; latin && k < w.n; k++) {
			uint32_t c = w.c[k], to = undo_leet(c);

			if (c >= 0x80)
				to = tq_u_pair(tq_u_mixed, tq_u_mixed_n, c);
			if (c >= 0x80 && to == 0)
				to = tq_u_pair(tq_u_always, tq_u_always_n, c);
			if (to != 0 && to != c) {
				w.c[k] = to;
				changed = true;
			}
		}
		if (changed)
			add_plain(x, &w);
	}
}

/* Bytes of the article and what is written together with it: wal-, fal-, bal-,
 * kal-, al-, lil-; 0 when fewer than three letters would be left. */
static size_t
article(tq_str w)
{
	static const tq_str prefixes[] = { TQ_S_INIT("\xD9\x88\xD8\xA7\xD9\x84"),
		TQ_S_INIT("\xD9\x81\xD8\xA7\xD9\x84"),
		TQ_S_INIT("\xD8\xA8\xD8\xA7\xD9\x84"),
		TQ_S_INIT("\xD9\x83\xD8\xA7\xD9\x84"),
		TQ_S_INIT("\xD8\xA7\xD9\x84"),
		TQ_S_INIT("\xD9\x84\xD9\x84") };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (tq_str_starts(w, prefixes[i]))
			return w.n >= prefixes[i].n + 6 ? prefixes[i].n : 0;
	return 0;
}

/* Arabic words by their dotless classes, without the article: the trick of
 * leaving dots out, and one word where grammar makes many. */
static void
add_rasm(struct tq_features *x)
{
	for (size_t i = 0; i < x->n_spans; i++) {
		const struct tq_span *s = &x->spans[i];
		tq_str w = tq_str_sub(x->norm, s->at, s->at + s->len);
		uint32_t h = HASH_START, c = 0;
		size_t len;

		if (s->kind != TQ_KIND_LETTER || s->runes < 3)
			continue;
		for (size_t at = article(w); at < w.n; at += len) {
			c = tq_decode_get(w.p + at, w.n - at, &len);
			if (c < 0x600 || c > 0x6FF)
				break;
			h = hash_rune(h, tq_u_rasm_of(c));
		}
		if (c >= 0x600 && c <= 0x6FF)
			add_at(x, TQ_G_RASM, mix2(h, 4), i);
	}
}

/* Sparse pairs (orthogonal sparse bigrams, Siefkes et al. 2004): each word with
 * the next four, the distance being part of the feature. */
static void
add_pairs(struct tq_features *x)
{
	const struct tq_span *s = x->spans;
	size_t n = x->n_spans;

	for (size_t i = 0; i <= n; i++) {
		uint32_t a = i == 0 ? 2 : s[i - 1].hash;

		for (size_t g = 1; g <= PAIR_GAPS && i + g <= n + 1; g++) {
			uint32_t b = i + g == n + 1 ? 3 : s[i + g - 1].hash;

			add_at(x, TQ_G_PAIR, mix2(((uint64_t)a << 32 | b),
			    g + 1), i == 0 ? 0 : i - 1);
		}
	}
}

static inline void
add_grams_of(struct tq_features *x, size_t from, size_t to)
{
	const uint32_t *r = x->rune;
	size_t w = 0;

	for (size_t i = from; i + 3 <= to; i++) {
		while (w + 1 < x->n_spans && x->spans[w + 1].rune <= i + 1)
			w++;
		add_at(x, TQ_G_GRAM, gram3(r + i), w);
		if (i + 4 <= to)
			add_at(x, TQ_G_GRAM, gram4(r + i), w);
		if (r[i] >= 0xE00 &&
		    tq_u_prop(r[i])->kind == TQ_KIND_IDEO)
			add_at(x, TQ_G_GRAM, mix2(r[i], r[i + 1]), w);
	}
}

static void
add_grams(struct tq_features *x)
{
	if (x->n_runes <= HEAD_RUNES + TAIL_RUNES) {
		add_grams_of(x, 0, x->n_runes);
		return;
	}
	add_grams_of(x, 0, HEAD_RUNES);
	add_grams_of(x, x->n_runes - TAIL_RUNES, x->n_runes);
}

/* --- all together --------------------------------------------------------- */

static bool
too_long(const taliq_input *in)
{
	return in->body.len > TALIQ_BODY_MAX ||
	    in->author.len > TALIQ_FIELD_MAX ||
	    in->email.len > TALIQ_FIELD_MAX ||
	    in->url.len > TALIQ_FIELD_MAX ||
	    in->user_agent.len > TALIQ_FIELD_MAX ||
	    in->lang.len > TALIQ_FIELD_MAX ||
	    in->n_signals > TALIQ_SIGNALS_MAX ||
	    in->size != sizeof(*in);
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* One block: features, set, runes, spans, norm text. */
static taliq_status
make_room(struct tq_features *x, const taliq_input *in)
{
	size_t body = TQ_NORM_ROOM(in->body.len);
	size_t author = TQ_NORM_ROOM(in->author.len);
	size_t runes = in->body.len * 8 + 2;	/* U+FDFA: 3 bytes to 18 */
	size_t spans = smaller(runes, TQ_SPANS_MAX);
	size_t set = 2048;
	char *p;

	x->cap = smaller(2 * in->body.len, 2 * (HEAD_RUNES + TAIL_RUNES)) +
	    (PAIR_GAPS + 3) * smaller(in->body.len, TQ_SPANS_MAX) +
	    smaller(in->author.len, 256) + OTHER_MAX;
	while (set < 2 * x->cap)
		set *= 2;
	x->set_mask = (uint32_t)set - 1;
	x->memory = p = malloc(x->cap * sizeof(*x->f) +
	    set * sizeof(*x->set) + runes * sizeof(*x->rune) +
	    spans * sizeof(*x->spans) + body + author);
	if (p == NULL)
		return TALIQ_NOMEM;
	x->f = (struct tq_feature *)(void *)p;
	p += x->cap * sizeof(*x->f);
	x->set = (uint32_t *)(void *)p;
	memset(x->set, 0, set * sizeof(*x->set));
	p += set * sizeof(*x->set);
	x->rune = (uint32_t *)(void *)p;
	p += runes * sizeof(*x->rune);
	x->spans = (struct tq_span *)(void *)p;
	p += spans * sizeof(*x->spans);
	x->norm.p = p;
	x->norm.n = tq_norm((tq_str){ in->body.bytes, in->body.len }, p,
	    &x->facts);
	x->author_room = p + body;
	return TALIQ_OK;
}

taliq_status
tq_features_extract(struct tq_features *x, const taliq_input *in)
{
	taliq_status st;

	memset(x, 0, sizeof(*x));
	if (too_long(in))
		return TALIQ_INVALID;
	st = make_room(x, in);
	if (st != TALIQ_OK)
		return st;
	read_text(x);
	tq_norm_scripts(x->norm, &x->scripts);
	add_words(x);
	add_pairs(x);
	add_grams(x);
	add_joined(x);
	add_unmasked(x);
	add_rasm(x);
	tq_features_fields(x, in);
	tq_features_shape(x, in);
	for (size_t i = 0; i < x->n; i++)
		x->squares += (double)tq_groups[x->f[i].group].scale *
		    (double)tq_groups[x->f[i].group].scale;
	return TALIQ_OK;
}

void
tq_features_free(struct tq_features *x)
{
	free(x->memory);
	x->memory = NULL;
}
