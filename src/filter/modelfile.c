/* Models and seeds as bytes: the format stands in modelfile.h. */
#include "filter/modelfile.h"

#include <stdlib.h>
#include <string.h>

static const char MAGIC[7] = "taliq\r\n";
#define SEED_UNIT 64.0			/* steps of a seed's weight in 1 */
#define SEED_MAX 1e5			/* log-odds of its bias and clip */

/* --- numbers -------------------------------------------------------------- */

static void
put(uint8_t *p, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static uint64_t
get(const uint8_t *p, unsigned bytes)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < bytes; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

static void
put_float(uint8_t *p, float f)
{
	uint32_t bits;

	memcpy(&bits, &f, sizeof(bits));
	put(p, bits, 4);
}

static float
get_float(const uint8_t *p)
{
	uint32_t bits = (uint32_t)get(p, 4);
	float f;

	memcpy(&f, &bits, sizeof(f));
	return f;
}

/* Finds damage, not malice: eight bytes at a time through a multiply. */
static uint64_t
checksum(const uint8_t *p, size_t n)
{
	uint64_t h = n * UINT64_C(0x9e3779b97f4a7c15) + 1;
	size_t i = 0;

	for (; i + 8 <= n; i += 8) {
		h = (h ^ get(p + i, 8)) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 32;
	}
	h = (h ^ get(p + i, (unsigned)(n - i))) *
	    UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ h >> 29;
}

void
tq_modelfile_seal(uint8_t *p, size_t len)
{
	put(p + len - 8, checksum(p, len - 8), 8);
}

/* --- head ----------------------------------------------------------------- */

struct head {
	char kind;
	uint32_t bits, id, count;
	float bias, extra;
	uint64_t n_spam, n_ham;
};

static void
put_head(uint8_t *p, const struct head *h)
{
	memcpy(p, MAGIC, sizeof(MAGIC));
	p[7] = (uint8_t)h->kind;
	put(p + 8, TQ_MODELFILE_FORMAT, 2);
	put(p + 10, TQ_FEATURES_VERSION, 2);
	put(p + 12, h->bits, 4);
	put(p + 16, h->id, 4);
	put(p + 20, h->count, 4);
	put_float(p + 24, h->bias);
	put_float(p + 28, h->extra);
	put(p + 32, h->n_spam, 8);
	put(p + 40, h->n_ham, 8);
}

static bool
finite_within(float f, float most)
{
	return f >= -most && f <= most;		/* false for NaN */
}

static taliq_status
read_head(const uint8_t *p, size_t len, char kind, struct head *h)
{
	if (len < 8 || memcmp(p, MAGIC, sizeof(MAGIC)) != 0 ||
	    p[7] != (uint8_t)kind)
		return TALIQ_FOREIGN;
	if (len < TQ_MODELFILE_HEAD + 8)
		return TALIQ_CORRUPT;
	if (get(p + len - 8, 8) != checksum(p, len - 8))
		return TALIQ_CORRUPT;
	if (get(p + 8, 2) != TQ_MODELFILE_FORMAT ||
	    get(p + 10, 2) != TQ_FEATURES_VERSION)
		return TALIQ_VERSION;
	*h = (struct head){ .kind = kind, .bits = (uint32_t)get(p + 12, 4),
	    .id = (uint32_t)get(p + 16, 4), .count = (uint32_t)get(p + 20, 4),
	    .bias = get_float(p + 24), .extra = get_float(p + 28),
	    .n_spam = get(p + 32, 8), .n_ham = get(p + 40, 8) };
	return finite_within(h->bias, 1e6f) && finite_within(h->extra, 1e9f) ?
	    TALIQ_OK : TALIQ_CORRUPT;
}

/* --- models --------------------------------------------------------------- */

static size_t
put_distance(uint8_t *p, uint32_t d)
{
	size_t n = 0;

	for (; d >= 128; d >>= 7)
		p[n++] = (uint8_t)(d | 128);
	p[n++] = (uint8_t)d;
	return n;
}

taliq_status
taliq_model_save(const taliq_model *m, uint8_t **out, size_t *len)
{
	struct head h = { .kind = 'm', .bits = TQ_MODEL_BITS,
	    .id = m->learnt_on, .bias = m->bias, .extra = m->bias_g,
	    .n_spam = m->n_spam, .n_ham = m->n_ham };
	size_t o = TQ_MODELFILE_HEAD;
	uint32_t last = 0;
	uint8_t *p;

	for (uint32_t i = 0; i < TQ_MODEL_PLACES; i++)
		h.count += m->g[i] != 0;
	p = malloc(TQ_MODELFILE_HEAD + (size_t)h.count * 7 + 8);
	if (p == NULL)
		return TALIQ_NOMEM;
	put_head(p, &h);
	for (uint32_t i = 0; i < TQ_MODEL_PLACES; i++) {
		if (m->g[i] == 0)
			continue;
		o += put_distance(p + o, i - last);
		put(p + o, (uint16_t)m->w[i], 2);
		put(p + o + 2, m->g[i], 2);
		o += 4;
		last = i;
	}
	tq_modelfile_seal(p, o + 8);
	*out = p;
	*len = o + 8;
	return TALIQ_OK;
}

/* One entry from p on, before end; NULL when it does not fit. */
static const uint8_t *
read_entry(const uint8_t *p, const uint8_t *end, uint32_t *place,
    taliq_model *m)
{
	uint32_t d = 0;
	unsigned shift = 0;

	for (; p < end && *p >= 128 && shift < 28; shift += 7)
		d |= (uint32_t)(*p++ & 127) << shift;
	if (end - p < 5)
		return NULL;
	d |= (uint32_t)(*p++ & 127) << shift;
	if (d >= TQ_MODEL_PLACES - *place)
		return NULL;
	*place += d;
	/* Nothing learnt, or the same place again. */
	if (get(p + 2, 2) == 0 || m->g[*place] != 0)
		return NULL;
	m->w[*place] = (int16_t)(uint16_t)get(p, 2);
	m->g[*place] = (uint16_t)get(p + 2, 2);
	return p + 4;
}

static taliq_status
read_entries(taliq_model *m, const struct head *h, const uint8_t *p,
    const uint8_t *end)
{
	uint32_t place = 0;

	if (h->bits != TQ_MODEL_BITS)
		return TALIQ_VERSION;
	for (uint32_t i = 0; i < h->count && p != NULL; i++)
		p = read_entry(p, end, &place, m);
	if (p != end || h->extra < 0)
		return TALIQ_CORRUPT;
	m->bias = h->bias;
	m->bias_g = h->extra;
	m->n_spam = h->n_spam;
	m->n_ham = h->n_ham;
	m->learnt_on = h->id;
	return TALIQ_OK;
}

taliq_status
taliq_model_load(taliq_model **out, const uint8_t *p, size_t len)
{
	struct head h;
	taliq_model *m;
	taliq_status st = read_head(p, len, 'm', &h);

	if (st != TALIQ_OK)
		return st;
	st = h.id == 0 ? taliq_model_new(&m) : taliq_model_new_seeded(&m);
	if (st != TALIQ_OK)
		return st;
	st = read_entries(m, &h, p + TQ_MODELFILE_HEAD, p + len - 8);
	if (st != TALIQ_OK) {
		taliq_model_free(m);
		return st;
	}
	*out = m;
	return TALIQ_OK;
}

/* --- seeds ---------------------------------------------------------------- */

taliq_status
tq_modelfile_read_seed(const uint8_t *p, size_t len, struct tq_seed *out)
{
	struct head h;
	float step;
	taliq_status st = read_head(p, len, 's', &h);

	if (st != TALIQ_OK)
		return st;
	step = get_float(p + 20);
	if (h.bits < 8 || h.bits > 24 || !finite_within(step, 1) ||
	    h.extra < 0 || len != TQ_MODELFILE_HEAD + ((size_t)1 << h.bits) + 8)
		return TALIQ_CORRUPT;
	*out = (struct tq_seed){ .bits = h.bits, .step = (double)step,
	    .bias = (double)h.bias, .clip = (double)h.extra, .id = h.id,
	    .n_spam = h.n_spam, .n_ham = h.n_ham,
	    .w = (const int8_t *)(const void *)(p + TQ_MODELFILE_HEAD) };
	return TALIQ_OK;
}

/* Copies the places of a seed that somebody else owns. */
static taliq_status
own_places(struct tq_seed *s)
{
	size_t places = (size_t)1 << s->bits;
	const int8_t *theirs = s->w;

	s->w = NULL;
	s->owned = malloc(places);
	if (s->owned == NULL)
		return TALIQ_NOMEM;
	memcpy(s->owned, theirs, places);
	s->w = (const int8_t *)(const void *)s->owned;
	return TALIQ_OK;
}

taliq_status
tq_modelfile_copy_seed(const struct tq_seed *s, struct tq_seed *out)
{
	*out = *s;
	return s->owned == NULL ? TALIQ_OK : own_places(out);
}

taliq_status
taliq_model_set_seed(taliq_model *m, const uint8_t *p, size_t len)
{
	struct tq_seed mine;
	taliq_status st = tq_modelfile_read_seed(p, len, &mine);

	if (st == TALIQ_OK)
		st = own_places(&mine);
	if (st != TALIQ_OK)
		return st;
	free(m->seed.owned);
	m->seed = mine;
	if (m->n_spam + m->n_ham == 0)
		m->learnt_on = mine.id;
	return TALIQ_OK;
}

static int8_t
to_unit(int16_t w)
{
	double u = w * TQ_WEIGHT_STEP * SEED_UNIT;

	u += u < 0 ? -0.5 : 0.5;
	return u > 127 ? 127 : u < -127 ? -127 : (int8_t)u;
}

taliq_status
taliq_model_save_seed(const taliq_model *m, double bias, double clip,
    uint8_t **out, size_t *len)
{
	struct head h = { .kind = 's', .bits = TQ_MODEL_BITS,
	    .n_spam = m->n_spam, .n_ham = m->n_ham };
	size_t body = TQ_MODELFILE_HEAD + TQ_MODEL_PLACES;
	uint8_t *p;

	if (!(bias >= -SEED_MAX && bias <= SEED_MAX) ||
	    !(clip >= 0 && clip <= SEED_MAX))
		return TALIQ_INVALID;
	h.bias = m->bias + (float)bias;
	h.extra = (float)clip;
	p = malloc(body + 8);
	if (p == NULL)
		return TALIQ_NOMEM;
	for (uint32_t i = 0; i < TQ_MODEL_PLACES; i++)
		p[TQ_MODELFILE_HEAD + i] = (uint8_t)to_unit(m->w[i]);
	put_head(p, &h);
	put_float(p + 20, (float)(1 / SEED_UNIT));
	put(p + 16, (uint32_t)checksum(p, body) | 1, 4);
	tq_modelfile_seal(p, body + 8);
	*out = p;
	*len = body + 8;
	return TALIQ_OK;
}
