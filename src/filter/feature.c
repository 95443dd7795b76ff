/* From a comment to its features: tq_features_extract reads the text (reading.c)
 * and asks for words (words.c), what came along (fields.c) and the whole's shape
 * (shape.c). */
#include "filter/feature.h"

#include <stdlib.h>
#include <string.h>

#include "filter/hash.h"

#define GRAMS_MAX 12000		/* features of runs of characters */
#define PER_WORD 8		/* features of one word and its pairs */
#define OTHER_MAX 1024		/* features that are neither */

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

uint32_t
tq_feature_hash(const char *name, tq_str s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);	/* FNV-1a */

	for (; *name != 0; name++)
		h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	h ^= 0xFF;
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
	return tq_hash_mix(h);
}

void
tq_features_add_at(struct tq_features *x, enum tq_group g, uint32_t hash,
    size_t span)
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

	x->cap = smaller(2 * in->body.len, GRAMS_MAX) +
	    PER_WORD * smaller(in->body.len, TQ_SPANS_MAX) +
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
	tq_features_read(x);
	tq_norm_scripts(x->norm, &x->scripts);
	tq_features_words(x);
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
