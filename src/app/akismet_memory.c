/* The verdicts of a day: a list by age, found through two hash tables, one of
 * guids (which are random), one of keyed hashes of what was judged.  One lock,
 * held for a few pointers; copies are made outside of it where they can be. */
#include "app/akismet_memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"

#define BUCKETS 8192u		/* a power of two */

struct entry {
	struct entry *older, *newer;
	struct entry *next_guid, *next_text;	/* in their buckets */
	uint64_t text_hash;
	size_t bytes;			/* of all of it */
	struct tq_ak_verdict v;		/* its slices point behind it */
};

struct tq_ak_memory {
	pthread_mutex_t lock;		/* of all below but the key */
	uint8_t hash_key[16];
	size_t count, bytes, count_max, bytes_max;
	struct entry *newest, *oldest;
	struct entry *guids[BUCKETS], *texts[BUCKETS];
};

enum tq_code
tq_ak_memory_new(size_t count_max, size_t bytes_max,
    struct tq_ak_memory **out, struct tq_err *e)
{
	struct tq_ak_memory *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for verdicts");
	(void)pthread_mutex_init(&m->lock, NULL);
	tq_random(m->hash_key, sizeof(m->hash_key));
	m->count_max = count_max;
	m->bytes_max = bytes_max;
	*out = m;
	return TQ_OK;
}

static struct entry **
guid_bucket(struct tq_ak_memory *m, const uint8_t *guid)
{
	return &m->guids[(guid[0] | (unsigned)guid[1] << 8) % BUCKETS];
}

static struct entry **
text_bucket(struct tq_ak_memory *m, uint64_t hash)
{
	return &m->texts[hash % BUCKETS];
}

static uint64_t
hash_of(const struct tq_ak_memory *m, int64_t key_id,
    const struct tq_ak_verdict *v)
{
	uint64_t parts[4] = {
		(uint64_t)key_id, tq_siphash(m->hash_key, v->name),
		tq_siphash(m->hash_key, v->url),
		tq_siphash(m->hash_key, v->text),
	};

	return tq_siphash(m->hash_key, (tq_str){ (const char *)parts,
	    sizeof(parts) });
}

static void
unlink_guid(struct tq_ak_memory *m, const struct entry *x)
{
	struct entry **p = guid_bucket(m, x->v.guid);

	while (*p != x)
		p = &(*p)->next_guid;
	*p = x->next_guid;
}

static void
unlink_text(struct tq_ak_memory *m, const struct entry *x)
{
	struct entry **p = text_bucket(m, x->text_hash);

	while (*p != x)
		p = &(*p)->next_text;
	*p = x->next_text;
}

/* Takes the oldest out of everything; the lock is held. */
static struct entry *
take_oldest(struct tq_ak_memory *m)
{
	struct entry *x = m->oldest;

	unlink_guid(m, x);
	unlink_text(m, x);
	m->oldest = x->newer;
	if (m->oldest != NULL)
		m->oldest->older = NULL;
	else
		m->newest = NULL;
	m->count--;
	m->bytes -= x->bytes;
	return x;
}

static void
wipe(struct entry *x)
{
	tq_wipe(x, x->bytes);
	free(x);
}

static tq_str
copy(char **at, tq_str s)
{
	tq_str out = { *at, s.n };

	if (s.n == 0)
		return (tq_str){ NULL, 0 };
	memcpy(*at, s.p, s.n);
	*at += s.n;
	return out;
}

static struct entry *
new_entry(const struct tq_ak_memory *m, const struct tq_ak_verdict *v)
{
	size_t bytes = sizeof(struct entry) + v->name.n + v->url.n +
	    v->text.n + v->lang.n + v->site.n + v->callback.n +
	    v->key_text.n;
	struct entry *x = bytes > m->bytes_max ? NULL : malloc(bytes);
	char *at;

	if (x == NULL)
		return NULL;
	at = (char *)(x + 1);
	*x = (struct entry){ .bytes = bytes, .v = *v };
	x->text_hash = hash_of(m, v->key_id, v);
	x->v.name = copy(&at, v->name);
	x->v.url = copy(&at, v->url);
	x->v.text = copy(&at, v->text);
	x->v.lang = copy(&at, v->lang);
	x->v.site = copy(&at, v->site);
	x->v.callback = copy(&at, v->callback);
	x->v.key_text = copy(&at, v->key_text);
	return x;
}

/* The lock is held. */
static void
link_newest(struct tq_ak_memory *m, struct entry *x)
{
	struct entry **guid = guid_bucket(m, x->v.guid);
	struct entry **text = text_bucket(m, x->text_hash);

	x->next_guid = *guid;
	*guid = x;
	x->next_text = *text;
	*text = x;
	x->older = m->newest;
	if (m->newest != NULL)
		m->newest->newer = x;
	else
		m->oldest = x;
	m->newest = x;
	m->count++;
	m->bytes += x->bytes;
}

static bool
is_old(const struct entry *x, int64_t now_us)
{
	return now_us - x->v.at_us >= TQ_AK_MEMORY_US;
}

/* Gives one entry to wipe at a time, so that the lock is short. */
static struct entry *
take_old(struct tq_ak_memory *m, size_t bytes, size_t more, int64_t now_us)
{
	struct entry *x = NULL;

	if (m->oldest != NULL && (m->count + more > m->count_max ||
	    m->bytes + bytes > m->bytes_max || is_old(m->oldest, now_us)))
		x = take_oldest(m);
	return x;
}

void
tq_ak_memory_add(struct tq_ak_memory *m, const struct tq_ak_verdict *v)
{
	struct entry *x = new_entry(m, v), *old;

	if (x == NULL)
		return;
	do {
		(void)pthread_mutex_lock(&m->lock);
		old = take_old(m, x->bytes, 1, v->at_us);
		if (old == NULL)
			link_newest(m, x);
		(void)pthread_mutex_unlock(&m->lock);
		if (old != NULL)
			wipe(old);
	} while (old != NULL);
}

void
tq_ak_memory_forget(struct tq_ak_memory *m, int64_t now_us)
{
	struct entry *old;

	do {
		(void)pthread_mutex_lock(&m->lock);
		old = take_old(m, 0, 0, now_us);
		(void)pthread_mutex_unlock(&m->lock);
		if (old != NULL)
			wipe(old);
	} while (old != NULL);
}

void
tq_ak_memory_free(struct tq_ak_memory *m)
{
	if (m == NULL)
		return;
	while (m->oldest != NULL)
		wipe(take_oldest(m));
	(void)pthread_mutex_destroy(&m->lock);
	free(m);
}

/* The lock is held; the copy's slices are in a. */
static bool
give(const struct entry *x, int64_t now_us, struct tq_arena *a,
    struct tq_ak_verdict *out)
{
	if (x == NULL || is_old(x, now_us))
		return false;
	*out = x->v;
	out->name = tq_arena_str(a, x->v.name);
	out->url = tq_arena_str(a, x->v.url);
	out->text = tq_arena_str(a, x->v.text);
	out->lang = tq_arena_str(a, x->v.lang);
	out->site = tq_arena_str(a, x->v.site);
	out->callback = tq_arena_str(a, x->v.callback);
	out->key_text = tq_arena_str(a, x->v.key_text);
	return !a->failed;
}

static struct entry *
find_guid(struct tq_ak_memory *m, const uint8_t *guid)
{
	struct entry *x = *guid_bucket(m, guid);

	while (x != NULL && memcmp(x->v.guid, guid, TQ_AK_GUID_BYTES) != 0)
		x = x->next_guid;
	return x;
}

bool
tq_ak_memory_find(struct tq_ak_memory *m, int64_t key_id,
    const uint8_t guid[TQ_AK_GUID_BYTES], int64_t now_us, struct tq_arena *a,
    struct tq_ak_verdict *out)
{
	struct entry *x;
	bool found;

	(void)pthread_mutex_lock(&m->lock);
	x = find_guid(m, guid);
	if (x != NULL && key_id != 0 && x->v.key_id != key_id)
		x = NULL;
	found = give(x, now_us, a, out);
	(void)pthread_mutex_unlock(&m->lock);
	return found;
}

bool
tq_ak_memory_find_text(struct tq_ak_memory *m, int64_t key_id,
    const struct tq_ak_verdict *like, int64_t now_us, struct tq_arena *a,
    struct tq_ak_verdict *out)
{
	uint64_t hash = hash_of(m, key_id, like);
	struct entry *x;
	bool found;

	(void)pthread_mutex_lock(&m->lock);
	x = *text_bucket(m, hash);
	while (x != NULL && x->text_hash != hash)
		x = x->next_text;
	found = give(x, now_us, a, out);
	(void)pthread_mutex_unlock(&m->lock);
	return found;
}

void
tq_ak_memory_taught(struct tq_ak_memory *m,
    const uint8_t guid[TQ_AK_GUID_BYTES], enum taliq_class c)
{
	struct entry *x;

	(void)pthread_mutex_lock(&m->lock);
	x = find_guid(m, guid);
	if (x != NULL)
		x->v.taught = c;
	(void)pthread_mutex_unlock(&m->lock);
}

static bool
is_waiting(const struct entry *x, int64_t now_us)
{
	return x->v.callback.n > 0 && x->v.taught == TALIQ_UNSURE &&
	    x->v.why == NULL && x->v.tries < TQ_AK_TRIES &&
	    !is_old(x, now_us);
}

size_t
tq_ak_memory_waiting(struct tq_ak_memory *m, int64_t now_us,
    struct tq_arena *a, struct tq_ak_guid **out)
{
	size_t n = 0;

	(void)pthread_mutex_lock(&m->lock);
	*out = tq_new_n(a, struct tq_ak_guid, m->count + 1);
	for (const struct entry *x = m->oldest; *out != NULL && x != NULL;
	    x = x->newer)
		if (is_waiting(x, now_us))
			memcpy((*out)[n++].b, x->v.guid, TQ_AK_GUID_BYTES);
	(void)pthread_mutex_unlock(&m->lock);
	return n;
}

void
tq_ak_memory_told(struct tq_ak_memory *m,
    const uint8_t guid[TQ_AK_GUID_BYTES], bool done)
{
	struct entry *x;

	(void)pthread_mutex_lock(&m->lock);
	x = find_guid(m, guid);
	if (x != NULL)
		x->v.tries = done ? TQ_AK_TRIES : x->v.tries + 1;
	(void)pthread_mutex_unlock(&m->lock);
}

void
tq_ak_memory_stats(struct tq_ak_memory *m, struct tq_ak_memory_stats *out)
{
	(void)pthread_mutex_lock(&m->lock);
	*out = (struct tq_ak_memory_stats){ m->count, m->bytes };
	(void)pthread_mutex_unlock(&m->lock);
}

bool
tq_ak_guid_parse(tq_str s, uint8_t out[TQ_AK_GUID_BYTES])
{
	if (s.n != 2 * TQ_AK_GUID_BYTES)
		return false;
	for (size_t i = 0; i < TQ_AK_GUID_BYTES; i++) {
		int high = tq_hex_digit(s.p[2 * i]), low = tq_hex_digit(s.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}
