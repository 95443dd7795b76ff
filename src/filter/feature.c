/* From a comment to its features: tq_features_extract reads the text (reading.c)
 * and asks for words (words.c), what came along (fields.c) and the whole's shape
 * (shape.c). */
#include "filter/feature.h"

#include <stdlib.h>
#include <string.h>

#include "filter/hash.h"

/* What the features can be at most, so that the set has room for each:
 * 2 of a word and its number, 4 pairs, 1 without dots, 1 with accents;... */
#define PER_WORD 8
/* ...3 of a character and those after it, and of words with digits;... */
#define GRAMS_MAX (3 * TQ_GRAM_RUNES_MAX + TQ_PLAIN_ALL_MAX + 2 * TQ_PLAIN_MAX)
/* ...and of all the rest: the author's 69 and words, 20 of other fields, 80 of
 * shape and phones, the website and the links. */
#define OTHER_MAX(hosts) \
	(180 + TQ_AUTHOR_WORDS_MAX + TQ_LINK_FEATURES * ((hosts) + 1))

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

/* Eight bytes, or the n that are left, little endian on every machine. */
static inline uint64_t
load(const char *p, size_t n)
{
	const unsigned char *b = (const unsigned char *)p;
	uint64_t v = 0;

	if (n >= 8)
		return b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 |
		    (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 |
		    (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 |
		    (uint64_t)b[7] << 56;
	for (size_t i = 0; i < n; i++)
		v |= (uint64_t)b[i] << 8 * i;
	return v;
}

static uint64_t
absorb(uint64_t h, const char *p, size_t n)
{
	for (; n > 0; n = n > 8 ? n - 8 : 0, p += 8) {
		h = (h ^ load(p, n)) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 32;
	}
	return h;
}

uint32_t
tq_feature_hash(const char *name, tq_str s)
{
	size_t n = strlen(name);

	return tq_hash_mix(absorb(absorb(n + 1, name, n) + s.n, s.p, s.n));
}

void
tq_features_add(struct tq_features *x, enum tq_group g, uint32_t hash)
{
	tq_features_add_at(x, g, hash, TQ_SPAN_NONE);
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
	tq_features_add(x, g, tq_hash_mix2(tq_feature_hash(name, (tq_str){ NULL, 0 }),
	    n + 1));
}

/* --- all together --------------------------------------------------------- */

/* Is a field too long, or a signal no number that may be added up? */
static bool
breaks_limit(const taliq_input *in)
{
	if (in->n_signals > TALIQ_SIGNALS_MAX)
		return true;
	for (uint32_t i = 0; i < in->n_signals; i++)
		if (!(in->signals[i].weight >= -TALIQ_SIGNAL_MAX &&
		    in->signals[i].weight <= TALIQ_SIGNAL_MAX))
			return true;
	return in->body.len > TALIQ_BODY_MAX ||
	    in->author.len > TALIQ_FIELD_MAX ||
	    in->email.len > TALIQ_FIELD_MAX ||
	    in->url.len > TALIQ_FIELD_MAX ||
	    in->user_agent.len > TALIQ_FIELD_MAX ||
	    in->lang.len > TALIQ_FIELD_MAX;
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Room is taken in three steps, each as large as the step before has shown that
 * it must be: what may be needed at worst is twenty times as much, and would not
 * stay in the cache from one comment to the next. */
static void *
take(struct tq_features *x, size_t bytes)
{
	void *p = malloc(bytes);

	if (p != NULL)
		x->memory[x->n_memory++] = p;
	return p;
}

/* The norm text, and room for a field's. */
static bool
read_norm(struct tq_features *x, const taliq_input *in)
{
	size_t body = TQ_NORM_ROOM(in->body.len);
	size_t field = TQ_NORM_ROOM(in->author.len > in->url.len ?
	    in->author.len : in->url.len);
	char *p = take(x, body + field);

	if (p == NULL)
		return false;
	x->norm.p = p;
	x->norm.n = tq_links_unmask(p, tq_norm((tq_str){ in->body.bytes,
	    in->body.len }, p, &x->facts), &x->n_unmasked);
	x->field_room = p + body;
	return true;
}

/* Words, and the text that n-grams are taken from. */
static bool
read_words(struct tq_features *x)
{
	size_t runes = x->norm.n + 2;	/* a space at either end */
	size_t spans = smaller(runes, TQ_SPANS_MAX) + 1;

	x->spans = take(x, spans * sizeof(*x->spans) +
	    runes * sizeof(*x->rune));
	if (x->spans == NULL)
		return false;
	x->rune = (uint32_t *)(void *)(x->spans + spans);
	tq_features_read(x);
	return true;
}

/* The set of features: never too small, whatever the text is padded with, and no
 * larger than it needs to be. */
static bool
make_set(struct tq_features *x)
{
	size_t set = 1024;

	x->cap = tq_features_grams_most(x) + PER_WORD * (x->n_spans + 1) +
	    OTHER_MAX(smaller(x->n_links, TQ_HOSTS_MAX));
	while (set < 2 * x->cap)
		set *= 2;
	x->f = take(x, x->cap * sizeof(*x->f) + set * sizeof(*x->set));
	if (x->f == NULL)
		return false;
	x->set = (uint32_t *)(void *)(x->f + x->cap);
	x->set_mask = (uint32_t)set - 1;
	memset(x->set, 0, set * sizeof(*x->set));
	return true;
}

static void
add_squares(struct tq_features *x)
{
	uint32_t n[TQ_G_N] = { 0 };

	for (size_t i = 0; i < x->n; i++)
		n[x->f[i].group]++;
	for (unsigned g = 0; g < TQ_G_N; g++)
		x->squares += n[g] * (double)tq_groups[g].scale *
		    (double)tq_groups[g].scale;
}

taliq_status
tq_features_extract(struct tq_features *x, const taliq_input *in)
{
	static const int16_t local[2];
	static const int8_t seed[2];
	const struct tq_ahead none = { local, seed, 31, 31 };

	return tq_features_extract_for(x, in, &none);
}

taliq_status
tq_features_extract_for(struct tq_features *x, const taliq_input *in,
    const struct tq_ahead *ahead)
{
	memset(x, 0, sizeof(*x));
	x->ahead = *ahead;
	if (breaks_limit(in))
		return TALIQ_INVALID;
	if (!read_norm(x, in) || !read_words(x) || !make_set(x)) {
		tq_features_free(x);
		return TALIQ_NOMEM;
	}
	tq_features_words(x);
	tq_features_fields(x, in);
	tq_features_shape(x, in);
	tq_features_grams(x);
	add_squares(x);
	return TALIQ_OK;
}

void
tq_features_free(struct tq_features *x)
{
	for (size_t i = 0; i < sizeof(x->memory) / sizeof(x->memory[0]); i++) {
		free(x->memory[i]);
		x->memory[i] = NULL;
	}
	x->n_memory = 0;
}
