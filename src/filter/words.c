/* Features of words: the words themselves, pairs of them, runs of characters,
 * Arabic words without dots and article, and digits read as letters. */
#include "filter/feature.h"
#include "filter/hash.h"
#include "text/decode.h"

#define HEAD_RUNES 3000		/* n-grams of the first code points... */
#define TAIL_RUNES (TQ_GRAM_RUNES_MAX - HEAD_RUNES)	/* ...and the last */
#define PAIR_GAPS 4

static void
add_words(struct tq_features *x)
{
	for (size_t i = 0; i < x->n_spans; i++) {
		tq_features_add_at(x, TQ_G_WORD,
		    tq_hash_mix2(x->spans[i].hash, 1), i);
		if (x->spans[i].number != 0)
			tq_features_add_at(x, TQ_G_WORD,
			    tq_hash_mix2(x->spans[i].number, 1), i);
	}
}

static uint32_t
undo_leet(uint32_t c)
{
	static const char to[10] = "oizeasbtbg";

	return c >= '0' && c <= '9' ? (uint32_t)(unsigned char)to[c - '0'] : c;
}

/* A Latin word with digits and its n-grams, as if it had been written with
 * letters only; how many features those are. */
static size_t
add_plain(struct tq_features *x, const struct tq_span *s, size_t span)
{
	uint32_t c[TQ_PLAIN_MAX], h = TQ_HASH_START;
	size_t n = 0, len;

	for (size_t at = s->at; at < s->at + s->len && n < TQ_PLAIN_MAX;
	    at += len) {
		uint32_t r = undo_leet(tq_decode_get(x->norm.p + at,
		    x->norm.n - at, &len));

		if (tq_u_prop(r)->kind == TQ_KIND_LETTER)
			c[n++] = r;
	}
	for (size_t i = 0; i < n; i++)
		h = tq_hash_rune(h, c[i]);
	tq_features_add_at(x, TQ_G_DISGUISE, tq_hash_mix2(h, 1), span);
	for (size_t i = 0; i + 3 <= n; i++)
		tq_features_add_at(x, TQ_G_DISGUISE,
		    tq_hash_gram3(tq_hash_three(c + i)), span);
	for (size_t i = 0; i + 4 <= n; i++)
		tq_features_add_at(x, TQ_G_DISGUISE,
		    tq_hash_gram4(tq_hash_three(c + i), c[i + 3]), span);
	return n < 3 ? 1 : 2 * n - 4;
}

static bool
has_plain(const struct tq_span *s)
{
	return s->leet && s->runes >= 3;
}

static void
add_leet(struct tq_features *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->n_spans && n < TQ_PLAIN_ALL_MAX; i++)
		if (has_plain(&x->spans[i]))
			n += add_plain(x, &x->spans[i], i);
}

/* Letters of the article and what is written together with it (wal-, fal-,
 * bal-, kal-, al-, lil-); 0 when fewer than three letters would be left. */
static size_t
article(const uint32_t *c, size_t n)
{
	enum { ALEF = 0x627, BEH = 0x628, FEH = 0x641, KAF = 0x643,
	    LAM = 0x644, WAW = 0x648 };
	size_t at = n >= 6 && (c[0] == WAW || c[0] == FEH || c[0] == BEH ||
	    c[0] == KAF) ? 1 : 0;

	if (n >= at + 5 && c[at] == ALEF && c[at + 1] == LAM)
		return at + 2;
	return n >= 5 && c[0] == LAM && c[1] == LAM ? 2 : 0;
}

/* Arabic words by their dotless classes, without the article: the trick of
 * leaving dots out, and one word where grammar makes many. */
static void
add_rasm(struct tq_features *x)
{
	for (size_t i = 0; i < x->n_spans; i++) {
		const struct tq_span *s = &x->spans[i];
		const uint32_t *c = x->rune + s->rune;
		uint32_t h = TQ_HASH_START;
		size_t k;

		if (s->kind != TQ_KIND_LETTER || s->runes < 3 ||
		    c[s->runes - 1] < 0x600)
			continue;
		for (k = article(c, s->runes); k < s->runes && c[k] >= 0x600 && c[k] <= 0x6FF; k++)
			h = tq_hash_rune(h, tq_u_rasm_of(c[k]));
		if (k == s->runes)
			tq_features_add_at(x, TQ_G_RASM,
			    tq_hash_mix2(h, 4), i);
	}
}

/* Sparse pairs (orthogonal sparse bigrams, Siefkes et al. 2004): each word with
 * the next four, the distance being part of the feature. */
static void
add_pairs(struct tq_features *x)
{
	struct tq_adder to = tq_adder_of(x);
	const struct tq_span *s = x->spans;
	size_t n = x->n_spans;

	for (size_t i = 0; i <= n; i++) {
		uint64_t a = i == 0 ? 2 : s[i - 1].hash;
		size_t span = i == 0 ? 0 : i - 1;
		size_t full = n - i < PAIR_GAPS ? n - i : PAIR_GAPS;

		for (size_t g = 1; g <= full; g++)
			tq_adder_add(&to, TQ_G_PAIR, tq_hash_mix2(
			    a << 32 | s[i + g - 1].hash, g + 1), span);
		if (full < PAIR_GAPS)
			tq_adder_add(&to, TQ_G_PAIR, tq_hash_mix2(
			    a << 32 | 3, full + 2), span);
	}
	tq_adder_done(&to, x);
}

static inline void
add_grams_of(struct tq_features *x, size_t from, size_t to)
{
	struct tq_adder a = tq_adder_of(x);
	const uint32_t *r = x->rune;
	const struct tq_span *next = x->spans + 1;

	while (next->rune <= from)
		next++;
	for (size_t i = from; i + 3 <= to; i++) {
		uint64_t three = tq_hash_three(r + i);
		size_t w;

		/* A word has a rune at least, so that one step is enough; where
		 * it ends no processor can guess. */
		next += next->rune <= i + 1;
		w = (size_t)(next - x->spans) - 1;
		tq_adder_add(&a, TQ_G_GRAM, tq_hash_gram3(three), w);
		if (i + 4 <= to)
			tq_adder_add(&a, TQ_G_GRAM,
			    tq_hash_gram4(three, r[i + 3]), w);
		/* Words of Han and the like are one or two characters. */
		if (r[i] >= 0xE00 && tq_u_prop(r[i])->kind == TQ_KIND_IDEO)
			tq_adder_add(&a, TQ_G_GRAM,
			    tq_hash_mix2(r[i], r[i + 1]), w);
	}
	tq_adder_done(&a, x);
}

static void
add_grams(struct tq_features *x)
{
	x->spans[x->n_spans > 0 ? x->n_spans : 1].rune = UINT32_MAX;
	if (x->n_runes <= TQ_GRAM_RUNES_MAX) {
		add_grams_of(x, 0, x->n_runes);
		return;
	}
	add_grams_of(x, 0, HEAD_RUNES);
	add_grams_of(x, x->n_runes - TAIL_RUNES, x->n_runes);
}

void
tq_features_words(struct tq_features *x)
{
	add_words(x);
	add_pairs(x);
	add_rasm(x);
}

void
tq_features_grams(struct tq_features *x)
{
	add_grams(x);
	add_leet(x);
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t
tq_features_grams_most(const struct tq_features *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->n_spans && n < TQ_PLAIN_ALL_MAX; i++)
		if (has_plain(&x->spans[i]))
			n += 2 * smaller(x->spans[i].len, TQ_PLAIN_MAX);
	if (n >= TQ_PLAIN_ALL_MAX)
		n = TQ_PLAIN_ALL_MAX + 2 * TQ_PLAIN_MAX;
	return 3 * smaller(x->n_runes, TQ_GRAM_RUNES_MAX) + n;
}
