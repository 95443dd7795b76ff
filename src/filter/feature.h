/* feature.h - what the learner sees of a comment: a set of hashed yes/no
 * facts, each with the group it belongs to and, for words, the place in the
 * text that it came from, so that a verdict can be explained.
 *
 * A new sort of feature is one row in groups[] (feature.c), one function that
 * adds, one test.  Pure; memory is malloc()ed in three blocks a comment. */
#ifndef TQ_FILTER_FEATURE_H
#define TQ_FILTER_FEATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "taliq/filter.h"
#include "text/normalise.h"

enum tq_group {
	TQ_G_WORD,		/* words, joined spaced letters, look-alikes */
	TQ_G_PAIR,		/* two words up to four apart */
	TQ_G_GRAM,		/* three and four characters */
	TQ_G_RASM,		/* Arabic words without their dots */
	TQ_G_EXACT,		/* words with their accents */
	TQ_G_LINK,		/* hosts, top-level domains, paths, kinds */
	TQ_G_PHONE,
	TQ_G_AUTHOR,
	TQ_G_WEBSITE,		/* the author's web address */
	TQ_G_EMAIL,
	TQ_G_HIDDEN,		/* invisible, marks, tatweel, shaped letters */
	TQ_G_DISGUISE,		/* styled and mixed letters, spaced out */
	TQ_G_SHAPE,		/* length, capitals, digits, punctuation */
	TQ_G_LANGUAGE,		/* scripts, and against the page's language */
	TQ_G_MARKUP,
	TQ_G_TIME,		/* age of the page */
	TQ_G_AGENT,		/* the program that sent it */
	TQ_G_N
};

struct tq_group_info {
	const char *name;	/* public, stable: the reason's name */
	float scale;		/* value of one feature before scaling by all */
};
extern const struct tq_group_info tq_groups[TQ_G_N];

#define TQ_LINK_MARK 1u			/* a link in the n-gram text */
#define TQ_SPAN_NONE 0xFFFFu
#define TQ_SPANS_MAX 2000	/* words that are looked at */
#define TQ_LINKS_MAX 256	/* links whose place is known... */
#define TQ_HOSTS_MAX 24		/* ...and that are looked into */
/* What a set may get of each sort: the files that add hold to it. */
#define TQ_GRAM_RUNES_MAX 4000	/* characters read in runs */
#define TQ_PLAIN_MAX 48		/* letters of one word with digits in it... */
#define TQ_PLAIN_ALL_MAX 4000	/* ...and features of all of them, about */
#define TQ_AUTHOR_WORDS_MAX 32
#define TQ_LINK_FEATURES 24	/* of one link */

struct tq_feature {
	uint32_t hash;
	uint16_t span;		/* index of the word, or TQ_SPAN_NONE */
	uint8_t group;		/* enum tq_group */
};

/* A word, or a link, of the norm text. */
struct tq_span {
	uint32_t at, len;	/* bytes of norm */
	uint32_t rune, runes;	/* code points of the n-gram text */
	uint32_t hash;
	uint32_t number;		/* hash of its digits, 0: no number */
	uint8_t kind;		/* enum tq_kind of its first code point */
	bool link;
	bool leet;			/* Latin letters and digits in one */
	bool repaired;			/* drawn out, masked or spaced out */
	double weight;			/* filled when a verdict is explained */
};

/* Where a model keeps what a feature weighs, in two tables: the place is the
 * hash without its low bits.  Each is asked into the cache when the feature is
 * found, so that it is there when the sum is made. */
struct tq_ahead {
	const int16_t *local;
	const int8_t *seed;
	unsigned local_shift, seed_shift;	/* 31 at most */
};

struct tq_features {
	tq_str norm;			/* R1-R6 of the body */
	struct tq_norm_facts facts;
	struct tq_norm_scripts scripts;
	struct tq_feature *f;		/* no two alike, group by group */
	size_t n, cap;
	uint32_t dropped;		/* that found no room: always 0 */
	struct tq_span *spans;		/* room for one more than n_spans */
	size_t n_spans;
	struct tq_link_place {
		uint32_t at, len;	/* bytes of norm */
	} links[TQ_LINKS_MAX];		/* the first n_links at most */
	uint32_t n_links, n_phones;
	uint32_t n_drawn, n_unmasked, n_joined;	/* repaired words */
	double squares;			/* sum of the squared scales */

	/* Working memory of the extraction. */
	uint32_t *rune;			/* n-gram text: links are U+0001 */
	size_t n_runes;
	uint32_t *set;
	uint32_t set_mask;
	struct tq_ahead ahead;
	char *field_room;		/* for the norm form of a field */
	void *memory[3];
	unsigned n_memory;
};

/* Fills *x from an input of today's size; TALIQ_NOMEM or TALIQ_INVALID leave
 * nothing to free. */
taliq_status tq_features_extract(struct tq_features *x,
    const taliq_input *in);
/* The same for a sum to come, which is only faster then. */
taliq_status tq_features_extract_for(struct tq_features *x,
    const taliq_input *in, const struct tq_ahead *ahead);
void tq_features_free(struct tq_features *x);

/* The part of tq_features that adding changes, for loops that keep it in
 * registers: tq_adder_of, many tq_adder_add, tq_adder_done. */
struct tq_adder {
	uint32_t *set;
	uint32_t mask, dropped;
	struct tq_feature *f;
	size_t n, cap;
	struct tq_ahead ahead;
};

static inline struct tq_adder
tq_adder_of(const struct tq_features *x)
{
	return (struct tq_adder){ x->set, x->set_mask, x->dropped, x->f, x->n,
	    x->cap, x->ahead };
}

static inline void
tq_adder_done(const struct tq_adder *a, struct tq_features *x)
{
	x->n = a->n;
	x->dropped = a->dropped;
}

/* Adds a feature that came from word span (below TQ_SPANS_MAX, or TQ_SPAN_NONE),
 * unless it is there: a comment has a thousand, and which are new no processor
 * can guess, so that there is no branch on it. */
static inline void
tq_adder_add(struct tq_adder *a, enum tq_group g, uint32_t hash, size_t span)
{
	uint32_t i, was;

	hash |= hash == 0;
	/* Free or the same, as one branch. */
	for (i = hash & a->mask; was = a->set[i],
	    (uint64_t)was * (was ^ hash) != 0;)
		i = (i + 1) & a->mask;
	if (a->n == a->cap) {
		a->dropped += was == 0;
		return;
	}
	__builtin_prefetch(a->ahead.local + (hash >> a->ahead.local_shift));
	__builtin_prefetch(a->ahead.seed + (hash >> a->ahead.seed_shift));
	a->set[i] = hash;
	a->f[a->n] = (struct tq_feature){ hash, (uint16_t)span, (uint8_t)g };
	a->n += was == 0;
}

static inline void
tq_features_add_at(struct tq_features *x, enum tq_group g, uint32_t hash,
    size_t span)
{
	struct tq_adder a = tq_adder_of(x);

	tq_adder_add(&a, g, hash, span);
	tq_adder_done(&a, x);
}

/* reading.c: fills rune[], spans[] and links[] from norm. */
void tq_features_read(struct tq_features *x);
/* words.c: words and their pairs, which come first; then, the others having had
 * their room, runs of characters and words read without their digits. */
void tq_features_words(struct tq_features *x);
void tq_features_grams(struct tq_features *x);
/* words.c: the most that tq_features_grams adds. */
size_t tq_features_grams_most(const struct tq_features *x);
/* How many of the links have a place in links[]. */
static inline size_t
tq_features_links(const struct tq_features *x)
{
	return x->n_links < TQ_LINKS_MAX ? x->n_links : TQ_LINKS_MAX;
}
static inline tq_str
tq_features_link_at(const struct tq_features *x, size_t i)
{
	return tq_str_sub(x->norm, x->links[i].at,
	    x->links[i].at + x->links[i].len);
}

/* For the files that add features. */
void tq_features_add(struct tq_features *x, enum tq_group g, uint32_t hash);
/* Hash of bytes, of a name, and of a name with a number or bytes. */
uint32_t tq_feature_hash(const char *name, tq_str s);
void tq_features_add_str(struct tq_features *x, enum tq_group g,
    const char *name, tq_str s);
void tq_features_add_num(struct tq_features *x, enum tq_group g,
    const char *name, uint64_t n);

/* links.c: in a norm text of n bytes, letters of another script in what may be a
 * link, where they pass for Latin ones, become those.  The bytes that are left;
 * adds to *unmasked how many such places there were. */
size_t tq_links_unmask(char *p, size_t n, uint32_t *unmasked);
/* links.c: the link that begins in s at or after from: its bytes, or false. */
bool tq_link_find(tq_str s, size_t from, size_t *at, size_t *end);
/* links.c: "shortener ", "messenger " or ""; static. */
const char *tq_link_sort(tq_str link);
/* links.c: name i of list 0, endings, 1, shorteners, 2, messengers, each in
 * order; NULL behind the last. */
const char *tq_links_listed(unsigned list, size_t i);
/* links.c: parts of one link. */
void tq_features_link(struct tq_features *x, enum tq_group g, tq_str link);
/* fields.c: author, e-mail, website, page, agent. */
void tq_features_fields(struct tq_features *x, const taliq_input *in);
/* shape.c: counts of the whole text. */
void tq_features_shape(struct tq_features *x, const taliq_input *in);
/* The primary subtag of a language tag (RFC 5646 2.2.1: two to eight letters) in
 * lower case, in out; empty when there is none. */
#define TQ_LANG_MAX 8
tq_str tq_features_lang(taliq_text tag, char *out);

#endif
