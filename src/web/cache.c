/* The cache: SHARDS tables, each with its own lock, list of use and counters.
 * A lock is held for a look-up or a change of links, never while a page is
 * made, compressed or freed.
 *
 * Which entry goes first: each list is in exact order of use; between lists
 * the entries' stamps decide.  A stamp is the number of puts so far, because
 * that number changes seldom, so that hits do not fight for its cache line.
 *
 * Brotli forms are made by the packer (web/packer.h).  When it is behind, an
 * entry is offered again at its next use. */
#include "web/cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "web/packer.h"

#define SHARDS 16		/* by the hash's low bits */
#define CHAINS 256		/* in each shard, by the next bits */
#define BUCKETS_LOG2 12
#define GZIP_LEVEL 1

struct node {
	struct node *chain;		/* same chain of the table */
	struct node *newer, *older;	/* list of use */
	struct tq_page_entry *page;	/* one reference */
	uint64_t hash, stamp;
	uint64_t buckets[2], generations[2];
	int64_t expires_us;
	size_t bytes;
	bool offered;			/* to the packer */
	size_t key_n;
	char key[];
};

struct shard {
	pthread_mutex_t lock;
	struct node *chains[CHAINS];
	struct node *newest, *oldest;
	int64_t hits, misses, stale, entries;
};

struct tq_cache {
	size_t bytes_max;
	atomic_size_t bytes;
	_Atomic uint64_t puts;
	_Atomic uint64_t generations[1 << BUCKETS_LOG2];
	uint8_t seed[16];
	struct shard shards[SHARDS];
	struct tq_compress_pool *gzip;
	struct tq_packer *packer;
};

/* Multiplicative hashing (Knuth, The Art of Computer Programming 3, 6.4). */
static size_t
bucket_index(uint64_t bucket)
{
	return (size_t)((bucket * UINT64_C(0x9e3779b97f4a7c15)) >>
	    (64 - BUCKETS_LOG2));
}

uint64_t
tq_cache_generation(const struct tq_cache *c, uint64_t bucket)
{
	return atomic_load_explicit(&c->generations[bucket_index(bucket)],
	    memory_order_acquire);
}

void
tq_cache_bump(struct tq_cache *c, uint64_t bucket)
{
	(void)atomic_fetch_add_explicit(&c->generations[bucket_index(bucket)],
	    1, memory_order_acq_rel);
}

static bool
current(const struct tq_cache *c, const uint64_t buckets[2],
    const uint64_t generations[2])
{
	return tq_cache_generation(c, buckets[0]) == generations[0] &&
	    tq_cache_generation(c, buckets[1]) == generations[1];
}

static struct shard *
shard_of(struct tq_cache *c, uint64_t hash)
{
	return &c->shards[hash % SHARDS];
}

static struct node **
chain_of(struct shard *s, uint64_t hash)
{
	return &s->chains[hash / SHARDS % CHAINS];
}

static struct node *
find(struct shard *s, uint64_t hash, tq_str key)
{
	struct node *x = *chain_of(s, hash);

	while (x != NULL && (x->hash != hash ||
	    !tq_str_eq((tq_str){ x->key, x->key_n }, key)))
		x = x->chain;
	return x;
}

static void
list_remove(struct shard *s, struct node *x)
{
	*(x->newer != NULL ? &x->newer->older : &s->newest) = x->older;
	*(x->older != NULL ? &x->older->newer : &s->oldest) = x->newer;
}

static void
list_push(struct shard *s, struct node *x)
{
	x->newer = NULL;
	x->older = s->newest;
	*(s->newest != NULL ? &s->newest->newer : &s->oldest) = x;
	s->newest = x;
}

/* Out of table and list; the caller frees it, best after unlocking. */
static struct node *
take_out(struct tq_cache *c, struct shard *s, struct node *x)
{
	struct node **at = chain_of(s, x->hash);

	while (*at != x)
		at = &(*at)->chain;
	*at = x->chain;
	list_remove(s, x);
	s->entries--;
	(void)atomic_fetch_sub(&c->bytes, x->bytes);
	return x;
}

static void
put_in(struct tq_cache *c, struct shard *s, struct node *x)
{
	struct node **at = chain_of(s, x->hash);

	x->chain = *at;
	*at = x;
	list_push(s, x);
	s->entries++;
	(void)atomic_fetch_add(&c->bytes, x->bytes);
}

static void
node_free(struct node *x)
{
	if (x != NULL)
		tq_page_release(x->page);
	free(x);
}

/* Frees the entry that was used least recently; false when there is none. */
static bool
evict_one(struct tq_cache *c)
{
	struct shard *from = NULL;
	uint64_t least = UINT64_MAX;
	struct node *x = NULL;

	for (struct shard *s = c->shards; s < c->shards + SHARDS; s++) {
		(void)pthread_mutex_lock(&s->lock);
		if (s->oldest != NULL && s->oldest->stamp < least) {
			least = s->oldest->stamp;
			from = s;
		}
		(void)pthread_mutex_unlock(&s->lock);
	}
	if (from == NULL)
		return false;
	(void)pthread_mutex_lock(&from->lock);
	if (from->oldest != NULL)
		x = take_out(c, from, from->oldest);
	(void)pthread_mutex_unlock(&from->lock);
	node_free(x);
	return true;
}

static void
evict(struct tq_cache *c)
{
	while (atomic_load(&c->bytes) > c->bytes_max && evict_one(c))
		continue;
}

/* The node that still holds this page; call with the lock held. */
static struct node *
find_page(struct shard *s, uint64_t hash, const struct tq_page_entry *page)
{
	struct node *x = *chain_of(s, hash);

	while (x != NULL && x->page != page)
		x = x->chain;
	return x;
}

/* A page that the caller holds has grown; its node may have gone. */
static void
count_more(struct tq_cache *c, const struct tq_page_entry *page, uint64_t hash,
    size_t more)
{
	struct shard *s = shard_of(c, hash);
	struct node *x;

	(void)pthread_mutex_lock(&s->lock);
	x = find_page(s, hash, page);
	if (x != NULL) {
		x->bytes += more;
		(void)atomic_fetch_add(&c->bytes, more);
	}
	(void)pthread_mutex_unlock(&s->lock);
	evict(c);
}

/* On the packer's thread, which holds the page: its node may go at any time
 * when the lock is not held. */
static void
add_brotli(void *ctx, struct tq_page_entry *page, uint64_t hash)
{
	struct tq_cache *c = ctx;
	struct shard *s = shard_of(c, hash);
	struct node *x;
	bool wanted;

	(void)pthread_mutex_lock(&s->lock);
	x = find_page(s, hash, page);
	wanted = x != NULL && current(c, x->buckets, x->generations);
	(void)pthread_mutex_unlock(&s->lock);
	if (!wanted)
		return;
	count_more(c, page, hash, tq_page_add_brotli(page));
}

enum tq_code
tq_cache_new(size_t bytes_max, struct tq_cache **out, struct tq_err *e)
{
	struct tq_cache *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for the page cache");
	c->bytes_max = bytes_max;
	tq_random(c->seed, sizeof(c->seed));
	for (int i = 0; i < SHARDS; i++)
		(void)pthread_mutex_init(&c->shards[i].lock, NULL);
	if (tq_compress_pool_new(GZIP_LEVEL, &c->gzip, e) != TQ_OK ||
	    tq_packer_new(add_brotli, c, &c->packer, e) != TQ_OK) {
		tq_cache_free(c);
		return e->code;
	}
	*out = c;
	return TQ_OK;
}

void
tq_cache_free(struct tq_cache *c)
{
	if (c == NULL)
		return;
	tq_packer_free(c->packer);
	while (evict_one(c))
		continue;
	for (int i = 0; i < SHARDS; i++)
		(void)pthread_mutex_destroy(&c->shards[i].lock);
	tq_compress_pool_free(c->gzip);
	free(c);
}

/* A hit: to the front of the list; a second use wants the brotli form. */
static struct tq_page_entry *
use(struct tq_cache *c, struct shard *s, struct node *x)
{
	s->hits++;
	x->stamp = atomic_load_explicit(&c->puts, memory_order_relaxed);
	if (s->newest != x) {
		list_remove(s, x);
		list_push(s, x);
	}
	if (!x->offered)
		x->offered = tq_packer_offer(c->packer, x->page,
		    x->hash);
	return tq_page_hold(x->page);
}

struct tq_page_entry *
tq_cache_get(struct tq_cache *c, tq_str key, tq_str accept, int64_t now_us)
{
	uint64_t hash = tq_siphash(c->seed, key);
	struct shard *s = shard_of(c, hash);
	struct tq_page_entry *page = NULL;
	struct node *x, *dead = NULL;

	(void)pthread_mutex_lock(&s->lock);
	x = find(s, hash, key);
	if (x == NULL) {
		s->misses++;
	} else if (now_us >= x->expires_us ||
	    !current(c, x->buckets, x->generations)) {
		s->stale++;
		dead = take_out(c, s, x);
	} else {
		page = use(c, s, x);
	}
	(void)pthread_mutex_unlock(&s->lock);
	node_free(dead);
	if (page != NULL && tq_page_wants_gzip(page, accept))
		count_more(c, page, hash, tq_page_add_gzip(page, c->gzip));
	return page;
}

static struct node *
node_new(struct tq_cache *c, const struct tq_page_new *n,
    struct tq_page_entry *page)
{
	struct node *x;
	size_t size;

	if (__builtin_add_overflow(sizeof(*x), n->key.n, &size))
		return NULL;
	x = malloc(size);
	if (x == NULL)
		return NULL;
	*x = (struct node){
		.page = tq_page_hold(page),
		.hash = tq_siphash(c->seed, n->key),
		.stamp = atomic_fetch_add(&c->puts, 1) + 1,
		.buckets = { n->buckets[0], n->buckets[1] },
		.generations = { n->generations[0], n->generations[1] },
		.expires_us = n->expires_us,
		.bytes = size + tq_page_bytes(page),
		.key_n = n->key.n,
	};
	if (n->key.n > 0)
		memcpy(x->key, n->key.p, n->key.n);
	return x;
}

enum tq_code
tq_cache_put(struct tq_cache *c, const struct tq_page_new *n,
    struct tq_page_entry **out, struct tq_err *e)
{
	struct node *x, *old;
	struct shard *s;

	if (tq_page_make(n, out, e) != TQ_OK)
		return e->code;
	if (tq_page_wants_gzip(*out, n->accept))
		(void)tq_page_add_gzip(*out, c->gzip);
	x = node_new(c, n, *out);
	if (x == NULL)	/* no memory to keep it: it serves this once */
		return TQ_OK;
	if (x->bytes > c->bytes_max || !current(c, n->buckets,
	    n->generations)) {
		node_free(x);
		return TQ_OK;
	}
	s = shard_of(c, x->hash);
	(void)pthread_mutex_lock(&s->lock);
	old = find(s, x->hash, n->key);
	if (old != NULL)
		(void)take_out(c, s, old);
	put_in(c, s, x);
	(void)pthread_mutex_unlock(&s->lock);
	node_free(old);
	evict(c);
	return TQ_OK;
}

void
tq_cache_stats(struct tq_cache *c, struct tq_cache_stats *out)
{
	*out = (struct tq_cache_stats){
		.bytes = (int64_t)atomic_load(&c->bytes),
	};
	for (struct shard *s = c->shards; s < c->shards + SHARDS; s++) {
		(void)pthread_mutex_lock(&s->lock);
		out->hits += s->hits;
		out->misses += s->misses;
		out->stale += s->stale;
		out->entries += s->entries;
		(void)pthread_mutex_unlock(&s->lock);
	}
}
