/* The table: sets of WAYS places, found by the low bits of the key's hash;
 * STRIPES locks, each for every STRIPES-th set.  A call takes the locks of all
 * its keys in ascending order, checks all, then writes all.
 *
 * A place holds the "theoretical arrival time" of GCRA: the moment at which
 * the key's allowance is whole again.  With T = time for one more, an event at
 * t is fine when max(tat, t) + T is at most burst * T after t; that sum is then
 * the new tat.  A tat that has passed says nothing: the place is free. */
#include "app/limits.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"

#define WAYS 4
#define STRIPES 64
#define HOUR_US (3600 * TQ_SECOND_US)

struct place {
	uint64_t tag;		/* the key's hash; 0: never used */
	int64_t tat_us;
};

struct tq_limits {
	uint8_t seeds[TQ_LIMIT_SCOPES][16];
	pthread_mutex_t locks[STRIPES];
	size_t n_sets;		/* a power of two, at least STRIPES */
	struct place *places;	/* n_sets * WAYS */
};

enum tq_code
tq_limits_new(size_t keys, struct tq_limits **out, struct tq_err *e)
{
	struct tq_limits *l = calloc(1, sizeof(*l));
	size_t n_sets = STRIPES;

	while (n_sets < keys / WAYS)
		n_sets *= 2;
	if (l != NULL)
		l->places = calloc(n_sets, WAYS * sizeof(*l->places));
	if (l == NULL || l->places == NULL) {
		free(l);
		return tq_fail(e, TQ_ELIMIT, "no memory for limits of %zu "
		    "keys", keys);
	}
	l->n_sets = n_sets;
	tq_random(l->seeds, sizeof(l->seeds));
	for (int i = 0; i < STRIPES; i++)
		(void)pthread_mutex_init(&l->locks[i], NULL);
	*out = l;
	return TQ_OK;
}

void
tq_limits_free(struct tq_limits *l)
{
	if (l == NULL)
		return;
	for (int i = 0; i < STRIPES; i++)
		(void)pthread_mutex_destroy(&l->locks[i]);
	tq_wipe(l->places, l->n_sets * WAYS * sizeof(*l->places));
	free(l->places);
	tq_wipe(l, sizeof(*l));
	free(l);
}

/* An ask, worked out. */
struct claim {
	uint64_t tag;
	struct place *set;
	int64_t step_us, limit_us;	/* T and burst * T of GCRA */
	int64_t tat_us;			/* when granted */
};

static struct claim
claim_of(const struct tq_limits *l, const struct tq_limit_ask *ask)
{
	const struct tq_rate *r = &ask->rate;
	int64_t burst = r->burst > 1 ? r->burst : 1;
	uint64_t hash = tq_siphash(l->seeds[ask->scope], ask->key);
	uint64_t tag = hash != 0 ? hash : 1;
	struct claim c = {
		.tag = tag,
		.set = &l->places[(tag & (l->n_sets - 1)) * WAYS],
		.step_us = r->per_us / r->amount,
	};

	if (c.step_us < 1)
		c.step_us = 1;
	if (c.step_us > HOUR_US)
		c.step_us = HOUR_US;
	c.limit_us = burst > HOUR_US / c.step_us ? HOUR_US :
	    burst * c.step_us;
	return c;
}

static struct place *
find(const struct claim *c)
{
	for (struct place *p = c->set; p < c->set + WAYS; p++)
		if (p->tag == c->tag)
			return p;
	return NULL;
}

/* How long the claim must wait; 0 or less: it may be granted. */
static int64_t
wait_us(struct claim *c, int64_t now_us)
{
	const struct place *p = find(c);

	c->tat_us = (p != NULL && p->tat_us > now_us ? p->tat_us : now_us) +
	    c->step_us;
	return c->tat_us - now_us - c->limit_us;
}

static void
grant(const struct claim *c)
{
	struct place *p = find(c);

	if (p == NULL) {
		p = c->set;
		for (struct place *q = p; q < c->set + WAYS; q++)
			if (q->tag == 0 || (p->tag != 0 &&
			    q->tat_us < p->tat_us))
				p = q;
	}
	p->tag = c->tag;
	p->tat_us = c->tat_us;
}

static void
lock(struct tq_limits *l, uint64_t stripes)
{
	for (int i = 0; i < STRIPES; i++)
		if ((stripes >> i & 1) != 0)
			(void)pthread_mutex_lock(&l->locks[i]);
}

static void
unlock(struct tq_limits *l, uint64_t stripes)
{
	for (int i = 0; i < STRIPES; i++)
		if ((stripes >> i & 1) != 0)
			(void)pthread_mutex_unlock(&l->locks[i]);
}

bool
tq_limits_take(struct tq_limits *l, const struct tq_limit_ask *asks, size_t n,
    int64_t now_mono_us, int64_t *retry_after_us)
{
	struct claim claims[TQ_LIMIT_ASKS_MAX];
	size_t n_claims = 0;
	uint64_t stripes = 0;
	int64_t longest = 0;

	assert(n <= TQ_LIMIT_ASKS_MAX);
	for (size_t i = 0; i < n; i++) {
		if (asks[i].rate.amount <= 0)
			continue;
		claims[n_claims] = claim_of(l, &asks[i]);
		stripes |= UINT64_C(1) << (claims[n_claims].tag % STRIPES);
		n_claims++;
	}
	lock(l, stripes);
	for (size_t i = 0; i < n_claims; i++) {
		int64_t wait = wait_us(&claims[i], now_mono_us);

		if (wait > longest)
			longest = wait;
	}
	for (size_t i = 0; i < n_claims && longest == 0; i++)
		grant(&claims[i]);
	unlock(l, stripes);
	if (longest > 0)
		*retry_after_us = longest;
	return longest == 0;
}

void
tq_limits_forget(struct tq_limits *l, int64_t now_mono_us)
{
	for (size_t stripe = 0; stripe < STRIPES; stripe++) {
		(void)pthread_mutex_lock(&l->locks[stripe]);
		for (size_t set = stripe; set < l->n_sets; set += STRIPES)
			for (size_t i = set * WAYS; i < (set + 1) * WAYS; i++)
				if (l->places[i].tat_us <= now_mono_us)
					l->places[i] = (struct place){ 0 };
		(void)pthread_mutex_unlock(&l->locks[stripe]);
	}
}

tq_str
tq_limit_network(uint8_t family, const uint8_t *addr,
    uint8_t out[TQ_LIMIT_NETWORK_BYTES])
{
	size_t n = family == 4 ? 3 : family == 6 ? 7 : 0;

	out[0] = n > 0 ? family : 0;
	if (n > 0)
		memcpy(out + 1, addr, n);
	return (tq_str){ (const char *)out, 1 + n };
}
