/* Near duplicates.  A text's skeleton (normalise R8) is what survives spelling
 * tricks.  Short texts are compared whole, by one keyed hash.  Long ones by
 * MinHash (Broder 1997) over runs of five characters: the share of equal parts
 * estimates the share of equal runs.  Keyed, so that nobody can compute which
 * text collides with another.
 *
 * The index is a ring of the latest fingerprints and a table from a pair of
 * neighbouring parts (a band) to the latest entry that has it; entries with the
 * same band are chained by age.  Two texts of likeness j share one of the 16
 * bands with probability 1 - (1 - j^2)^16: 99 % at 0.5. */
#include <stdlib.h>
#include <string.h>

#include "taliq/filter.h"
#include "text/decode.h"
#include "text/normalise.h"

#define SHINGLE 5			/* characters */
#define SHORT_LETTERS 24		/* below this only whole texts count */
#define BANDS (TALIQ_PRINT_PARTS / 2)
#define NONE UINT32_MAX
#define CHAIN_MAX 64			/* entries looked at per band */

struct entry {
	taliq_fingerprint f;
	uint64_t tag;
	uint32_t next[BANDS + 1];	/* older entry of the same slot */
	uint32_t seq;			/* number of the addition */
};

struct taliq_recent {
	uint32_t capacity, mask;
	uint32_t added;			/* all so far */
	uint32_t *slot;			/* (BANDS + 1) tables of mask + 1 */
	struct entry *ring;
};

/* --- fingerprints --------------------------------------------------------- */

static uint64_t
rotl(uint64_t v, unsigned n)
{
	return v << n | v >> (64 - n);
}

struct sip { uint64_t a, b, c, d; };

static void
sip_round(struct sip *s)
{
	s->a += s->b;
	s->b = rotl(s->b, 13) ^ s->a;
	s->a = rotl(s->a, 32);
	s->c += s->d;
	s->d = rotl(s->d, 16) ^ s->c;
	s->a += s->d;
	s->d = rotl(s->d, 21) ^ s->a;
	s->c += s->b;
	s->b = rotl(s->b, 17) ^ s->c;
	s->c = rotl(s->c, 32);
}

static uint64_t
load64(const uint8_t *p)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < 8; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

/* SipHash-1-3 (Aumasson, Bernstein 2012) of units of four bytes, little endian. */
static uint64_t
keyed(const uint8_t *key, const uint32_t *c, size_t n)
{
	uint64_t k0 = load64(key), k1 = load64(key + 8);
	struct sip s = { k0 ^ UINT64_C(0x736f6d6570736575),
	    k1 ^ UINT64_C(0x646f72616e646f6d),
	    k0 ^ UINT64_C(0x6c7967656e657261),
	    k1 ^ UINT64_C(0x7465646279746573) };

	for (size_t i = 0; i <= n; i += 2) {
		uint64_t v = (i < n ? c[i] : 0) |
		    (uint64_t)(i + 1 < n ? c[i + 1] : (4 * n & 0xFF) << 24) << 32;

		s.d ^= v;
		sip_round(&s);
		s.a ^= v;
	}
	s.c ^= 0xFF;
	sip_round(&s);
	sip_round(&s);
	sip_round(&s);
	return s.a ^ s.b ^ s.c ^ s.d;
}

/* The skeleton's letters and digits without spaces; the count. */
static size_t
skeleton_of(taliq_text body, char *room, uint32_t *out)
{
	struct tq_norm_facts facts;
	char *second = room + TQ_NORM_ROOM(body.len);
	bool flag = false;
	tq_str s = { room, tq_norm((tq_str){ body.bytes, body.len }, room,
	    &facts) };
	size_t n = 0, len;

	s = (tq_str){ second, tq_norm_squeeze(s, second, &flag) };
	s = (tq_str){ room, tq_norm_skeleton(s, room, &flag) };
	for (size_t at = 0; at < s.n; at += len) {
		uint32_t c = tq_decode_get(s.p + at, s.n - at, &len);

		if (c != ' ')
			out[n++] = c;
	}
	return n;
}

static void
min_hash(const uint8_t *key, const uint32_t *c, size_t n,
    taliq_fingerprint *out)
{
	memset(out->parts, 0xFF, sizeof(out->parts));
	for (size_t i = 0; i + SHINGLE <= n; i++) {
		uint64_t h = keyed(key, c + i, SHINGLE);
		uint32_t a = (uint32_t)h, b = (uint32_t)(h >> 32) | 1;

		for (unsigned k = 0; k < TALIQ_PRINT_PARTS; k++) {
			uint32_t v = (a ^ a >> 15) * 0x85ebca6bu;

			v ^= v >> 13;
			if (v < out->parts[k])
				out->parts[k] = v;
			a += b;
		}
	}
}

taliq_status
taliq_fingerprint_make(const uint8_t *key, taliq_text body,
    taliq_fingerprint *out)
{
	size_t room = TQ_NORM_ROOM(body.len);
	size_t runes = (body.len * 8 + 2) * sizeof(uint32_t);
	char *p;
	uint32_t *c;
	size_t n;

	if (body.len > TALIQ_BODY_MAX)
		return TALIQ_INVALID;
	p = malloc(runes + 2 * room);
	if (p == NULL)
		return TALIQ_NOMEM;
	c = (uint32_t *)(void *)p;
	n = skeleton_of(body, p + runes, c);
	memset(out, 0, sizeof(*out));
	out->letters = (uint32_t)n;
	out->exact = keyed(key, c, n);
	if (n >= SHORT_LETTERS)
		min_hash(key, c, n, out);
	free(p);
	return TALIQ_OK;
}

double
taliq_fingerprint_likeness(const taliq_fingerprint *a,
    const taliq_fingerprint *b)
{
	unsigned same = 0;

	if (a->letters == 0 || b->letters == 0)
		return 0;
	if (a->exact == b->exact)
		return 1;
	if (a->letters < SHORT_LETTERS || b->letters < SHORT_LETTERS)
		return 0;
	for (unsigned i = 0; i < TALIQ_PRINT_PARTS; i++)
		same += a->parts[i] == b->parts[i];
	return (double)same / TALIQ_PRINT_PARTS;
}

/* --- the index ------------------------------------------------------------ */

taliq_status
taliq_recent_new(uint32_t capacity, taliq_recent **out)
{
	taliq_recent *r;
	uint32_t slots = 64;

	if (capacity == 0 || capacity > (1u << 20))
		return TALIQ_INVALID;
	while (slots < capacity)
		slots *= 2;
	r = calloc(1, sizeof(*r));
	if (r == NULL)
		return TALIQ_NOMEM;
	r->capacity = capacity;
	r->mask = slots - 1;
	r->slot = malloc((size_t)slots * (BANDS + 1) * sizeof(*r->slot));
	r->ring = calloc(capacity, sizeof(*r->ring));
	if (r->slot == NULL || r->ring == NULL) {
		taliq_recent_free(r);
		return TALIQ_NOMEM;
	}
	memset(r->slot, 0xFF, (size_t)slots * (BANDS + 1) * sizeof(*r->slot));
	*out = r;
	return TALIQ_OK;
}

void
taliq_recent_free(taliq_recent *r)
{
	if (r == NULL)
		return;
	free(r->slot);
	free(r->ring);
	free(r);
}

/* The slot of one band; the last band is the whole text. */
static uint32_t *
slot_of(const taliq_recent *r, const taliq_fingerprint *f, unsigned band)
{
	uint64_t h = band == BANDS ? f->exact :
	    (uint64_t)f->parts[2 * band] << 32 | f->parts[2 * band + 1];

	h *= UINT64_C(0x9e3779b97f4a7c15);
	return &r->slot[(size_t)band * (r->mask + 1) +
	    ((uint32_t)(h >> 32) & r->mask)];
}

static unsigned
first_band(const taliq_fingerprint *f)
{
	return f->letters < SHORT_LETTERS ? BANDS : 0;
}

/* The entry of that number while it is still in the ring, or NULL. */
static const struct entry *
entry_of(const taliq_recent *r, uint32_t seq)
{
	const struct entry *e;

	if (seq == NONE)
		return NULL;
	e = &r->ring[seq % r->capacity];
	return e->seq == seq && e->f.letters > 0 ? e : NULL;
}

void
taliq_recent_add(taliq_recent *r, const taliq_fingerprint *f, uint64_t tag)
{
	uint32_t seq = r->added;
	struct entry *e = &r->ring[seq % r->capacity];

	if (f->letters == 0)
		return;
	r->added = seq + 1 == NONE ? 0 : seq + 1;
	e->f = *f;
	e->tag = tag;
	e->seq = seq;
	memset(e->next, 0xFF, sizeof(e->next));
	for (unsigned b = first_band(f); b <= BANDS; b++) {
		uint32_t *slot = slot_of(r, f, b);

		e->next[b] = *slot;
		*slot = seq;
	}
}

struct found {
	taliq_match *out;
	uint32_t seqs[256];
	size_t n, max;
};

/* Puts a match in its place by age, unless it is there. */
static void
insert(struct found *f, const struct entry *e, double likeness)
{
	size_t i = f->n;

	for (size_t k = 0; k < f->n; k++)
		if (f->seqs[k] == e->seq)
			return;
	while (i > 0 && f->seqs[i - 1] < e->seq)
		i--;
	if (i == f->max)
		return;
	f->n = f->n < f->max ? f->n + 1 : f->n;
	memmove(f->out + i + 1, f->out + i,
	    (f->n - 1 - i) * sizeof(*f->out));
	memmove(f->seqs + i + 1, f->seqs + i,
	    (f->n - 1 - i) * sizeof(*f->seqs));
	f->out[i] = (taliq_match){ .tag = e->tag, .likeness = likeness };
	f->seqs[i] = e->seq;
}

size_t
taliq_recent_find(const taliq_recent *r, const taliq_fingerprint *f,
    taliq_match *out, size_t max)
{
	struct found found = { .out = out, .max = max < 256 ? max : 256 };

	if (f->letters == 0 || max == 0)
		return 0;
	for (unsigned b = first_band(f); b <= BANDS; b++) {
		const struct entry *e = entry_of(r, *slot_of(r, f, b));

		for (unsigned i = 0; e != NULL && i < CHAIN_MAX; i++) {
			double j = taliq_fingerprint_likeness(f, &e->f);

			if (j >= TALIQ_LIKENESS_MIN)
				insert(&found, e, j);
			e = entry_of(r, e->next[b]);
		}
	}
	return found.n;
}
