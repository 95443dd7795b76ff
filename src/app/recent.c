/* Recent posts: a set-associative table, four entries a set, one lock (it is
 * touched once a post). */
#include "app/recent.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/crypto.h"

#define SETS 2048u
#define WAYS 4u
#define LIFE_US (INT64_C(600) * TQ_SECOND_US)

struct entry { uint64_t key; int64_t at_us, comment_id; };

struct tq_recent {
	pthread_mutex_t lock;
	uint8_t hash_key[16];
	struct entry sets[SETS][WAYS];
};

enum tq_code
tq_recent_new(struct tq_recent **out, struct tq_err *e)
{
	struct tq_recent *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for recent posts");
	(void)pthread_mutex_init(&r->lock, NULL);
	tq_random(r->hash_key, sizeof(r->hash_key));
	*out = r;
	return TQ_OK;
}

void
tq_recent_free(struct tq_recent *r)
{
	if (r == NULL)
		return;
	(void)pthread_mutex_destroy(&r->lock);
	tq_wipe(r, sizeof(*r));
	free(r);
}

uint64_t
tq_recent_key(const struct tq_recent *r, const tq_str *fields, size_t n)
{
	char digest[16];

	tq_hash((uint8_t *)digest, sizeof(digest), fields, n);
	return tq_siphash(r->hash_key, (tq_str){ digest, sizeof(digest) }) | 1;
}

static struct entry *
find(struct tq_recent *r, uint64_t key, int64_t now_us)
{
	struct entry *set = r->sets[(key >> 1) % SETS];

	for (size_t i = 0; i < WAYS; i++)
		if (set[i].key == key && now_us - set[i].at_us < LIFE_US)
			return &set[i];
	return NULL;
}

int64_t
tq_recent_find(struct tq_recent *r, uint64_t key, int64_t now_us)
{
	struct entry *e;
	int64_t id;

	(void)pthread_mutex_lock(&r->lock);
	e = find(r, key, now_us);
	id = e == NULL ? 0 : e->comment_id;
	(void)pthread_mutex_unlock(&r->lock);
	return id;
}

int64_t
tq_recent_claim(struct tq_recent *r, uint64_t key, int64_t now_us)
{
	struct entry *set = r->sets[(key >> 1) % SETS], *e, *oldest = set;
	int64_t id = 0;

	(void)pthread_mutex_lock(&r->lock);
	e = find(r, key, now_us);
	if (e != NULL) {
		id = e->comment_id;
	} else {
		for (size_t i = 1; i < WAYS; i++)
			if (set[i].at_us < oldest->at_us)
				oldest = &set[i];
		*oldest = (struct entry){ key, now_us, -1 };
	}
	(void)pthread_mutex_unlock(&r->lock);
	return id;
}

void
tq_recent_settle(struct tq_recent *r, uint64_t key, int64_t comment_id)
{
	struct entry *set = r->sets[(key >> 1) % SETS];

	(void)pthread_mutex_lock(&r->lock);
	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].key != key)
			continue;
		if (comment_id == 0)
			set[i] = (struct entry){ 0, 0, 0 };
		else
			set[i].comment_id = comment_id;
	}
	(void)pthread_mutex_unlock(&r->lock);
}

void
tq_recent_sweep(struct tq_recent *r, int64_t now_us)
{
	(void)pthread_mutex_lock(&r->lock);
	for (size_t i = 0; i < SETS; i++)
		for (size_t k = 0; k < WAYS; k++)
			if (r->sets[i][k].key != 0 &&
			    now_us - r->sets[i][k].at_us >= LIFE_US)
				r->sets[i][k] = (struct entry){ 0, 0, 0 };
	(void)pthread_mutex_unlock(&r->lock);
}

void
tq_recent_forget(struct tq_recent *r, int64_t comment_id)
{
	(void)pthread_mutex_lock(&r->lock);
	for (size_t i = 0; i < SETS; i++)
		for (size_t k = 0; k < WAYS; k++)
			if (r->sets[i][k].comment_id == comment_id)
				r->sets[i][k] = (struct entry){ 0, 0, 0 };
	(void)pthread_mutex_unlock(&r->lock);
}
