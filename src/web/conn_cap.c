/* An open-addressed table of at least twice as many slots as there may be
 * connections, so a probe ends soon; deletion moves later entries back (Knuth
 * 6.4 R), so there are no tombstones.  The hash is keyed: who may choose his
 * address (anyone with an IPv6 /48) must not be able to fill one chain. */
#include "web/conn_cap.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "web/client_ip.h"

struct slot {
	struct tq_addr addr;
	unsigned n;		/* 0: free */
};

struct tq_cap {
	pthread_mutex_t lock;
	unsigned total, total_max, per_address;
	size_t mask;
	uint8_t key[crypto_shorthash_KEYBYTES];
	struct slot slots[];
};

struct tq_cap *
tq_cap_new(unsigned total, unsigned per_address)
{
	size_t n = 16;
	struct tq_cap *c;

	while (n / 2 < total && n < (size_t)1 << 24)
		n *= 2;
	c = calloc(1, sizeof(*c) + n * sizeof(c->slots[0]));
	if (c == NULL)
		return NULL;
	(void)pthread_mutex_init(&c->lock, NULL);
	c->total_max = total;
	c->per_address = per_address;
	c->mask = n - 1;
	randombytes_buf(c->key, sizeof(c->key));
	return c;
}

void
tq_cap_free(struct tq_cap *c)
{
	if (c == NULL)
		return;
	(void)pthread_mutex_destroy(&c->lock);
	free(c);
}

static struct tq_addr
key_of(const struct tq_addr *a)
{
	struct tq_addr k = *a;

	tq_addr_mask(&k, a->family == 6 ? 64 : 128);
	return k;
}

static size_t
home_of(const struct tq_cap *c, const struct tq_addr *k)
{
	uint8_t h[crypto_shorthash_BYTES];
	size_t at;

	(void)crypto_shorthash(h, k->bytes, sizeof(k->bytes), c->key);
	memcpy(&at, h, sizeof(at));
	return at & c->mask;
}

static size_t
find(const struct tq_cap *c, const struct tq_addr *k)
{
	size_t i = home_of(c, k);

	while (c->slots[i].n > 0 && !tq_addr_eq(&c->slots[i].addr, k))
		i = (i + 1) & c->mask;
	return i;
}

bool
tq_cap_take(struct tq_cap *c, const struct tq_addr *a, bool free_of_limit)
{
	bool limited = c->per_address > 0 && !free_of_limit;
	struct tq_addr k = key_of(a);
	bool ok = false;

	(void)pthread_mutex_lock(&c->lock);
	if (c->total < c->total_max) {
		struct slot *s = limited ? &c->slots[find(c, &k)] : NULL;

		ok = s == NULL || s->n < c->per_address;
		if (ok && s != NULL) {
			s->addr = k;
			s->n++;
		}
		if (ok)
			c->total++;
	}
	(void)pthread_mutex_unlock(&c->lock);
	return ok;
}

static void
close_gap(struct tq_cap *c, size_t gap)
{
	size_t i = gap;

	for (;;) {
		size_t home;

		i = (i + 1) & c->mask;
		if (c->slots[i].n == 0)
			return;
		home = home_of(c, &c->slots[i].addr);
		if (((i - home) & c->mask) < ((i - gap) & c->mask))
			continue;
		c->slots[gap] = c->slots[i];
		c->slots[i].n = 0;
		gap = i;
	}
}

void
tq_cap_give(struct tq_cap *c, const struct tq_addr *a, bool free_of_limit)
{
	struct tq_addr k = key_of(a);
	size_t i;

	(void)pthread_mutex_lock(&c->lock);
	c->total--;
	if (c->per_address > 0 && !free_of_limit) {
		i = find(c, &k);
		if (c->slots[i].n > 0 && --c->slots[i].n == 0)
			close_gap(c, i);
	}
	(void)pthread_mutex_unlock(&c->lock);
}

unsigned
tq_cap_total(struct tq_cap *c)
{
	unsigned n;

	(void)pthread_mutex_lock(&c->lock);
	n = c->total;
	(void)pthread_mutex_unlock(&c->lock);
	return n;
}
