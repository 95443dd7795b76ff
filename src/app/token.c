/* Making and checking are a MAC; remembering is three sets of nonces.
 *
 * A token's set is that of the six-hour window in which it was made.  As no
 * token lives longer than a window, only the present window, the one before,
 * and (clocks may step back a little) the one after can hold good tokens: so
 * three sets, window modulo 3, and a set is emptied when another window needs
 * its place.  No timer, and no clock at tq_token_spend. */
#include "app/token.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"

#define VERSION 1
#define HEAD_BYTES 16
#define MAC_BYTES 32
#define RAW_BYTES (HEAD_BYTES + MAC_BYTES)
#define MS_US 1000
#define WINDOWS 3
#define SLOTS_MIN ((size_t)1024)
#define SLOTS_MAX (2 * TQ_TOKENS_USED_MAX)

_Static_assert(RAW_BYTES * 4 / 3 == TQ_TOKEN_CHARS, "base64url");

struct used {
	int64_t window;
	uint64_t *slots;	/* open addressing; 0 is free */
	size_t n_slots;		/* a power of two, twice n or more; or 0 */
	size_t n;
	int64_t newest_us;	/* of the tokens in it */
};

struct tq_tokens {
	uint8_t key[TQ_KEY_BYTES];
	uint8_t nonce_key[16];
	_Atomic uint64_t count;
	pthread_mutex_t lock;	/* for what follows */
	struct used used[WINDOWS];
	int64_t unknown_until_us;	/* tokens made so early */
};

/* What a token says. */
struct token {
	uint8_t raw[RAW_BYTES];
	uint8_t version, flags;
	int64_t made_us;
	uint64_t nonce;
};

enum tq_code
tq_tokens_new(const uint8_t *key, int64_t now_wall_us, struct tq_tokens **out,
    struct tq_err *e)
{
	struct tq_tokens *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for form tokens");
	memcpy(t->key, key, sizeof(t->key));
	tq_random(t->nonce_key, sizeof(t->nonce_key));
	atomic_init(&t->count, tq_random_u64());
	(void)pthread_mutex_init(&t->lock, NULL);
	/* Tokens know milliseconds only. */
	t->unknown_until_us = now_wall_us / MS_US * MS_US - 1;
	*out = t;
	return TQ_OK;
}

void
tq_tokens_free(struct tq_tokens *t)
{
	if (t == NULL)
		return;
	for (int i = 0; i < WINDOWS; i++)
		free(t->used[i].slots);
	(void)pthread_mutex_destroy(&t->lock);
	tq_wipe(t, sizeof(*t));
	free(t);
}

static void
put_le(uint8_t *out, uint64_t v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(v >> (8 * i));
}

static uint64_t
get_le(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = n; i-- > 0;)
		v = v << 8 | p[i];
	return v;
}

static void
sign(const struct tq_tokens *t, const struct tq_token_scope *s,
    const uint8_t head[HEAD_BYTES], uint8_t mac[MAC_BYTES])
{
	uint8_t site[8];
	const tq_str fields[] = {
		TQ_S("taliq form token"),
		{ (const char *)head, HEAD_BYTES },
		s->purpose,
		{ (const char *)site, sizeof(site) },
		s->path,
	};

	put_le(site, (uint64_t)s->site_id, sizeof(site));
	tq_mac(mac, MAC_BYTES, t->key, fields,
	    sizeof(fields) / sizeof(*fields));
}

/* A counter, so that it is unique; through SipHash under a key of this
 * process, so that two tokens do not tell how many pages were served between
 * them.  Not 0, which marks a free slot. */
static uint64_t
next_nonce(struct tq_tokens *t)
{
	uint64_t n, nonce;

	do {
		n = atomic_fetch_add_explicit(&t->count, 1,
		    memory_order_relaxed);
		nonce = tq_siphash(t->nonce_key, (tq_str){ (const char *)&n,
		    sizeof(n) });
	} while (nonce == 0);
	return nonce;
}

tq_str
tq_token_make(struct tq_tokens *t, const struct tq_token_scope *s,
    unsigned flags, int64_t now_wall_us, struct tq_arena *a)
{
	uint8_t raw[RAW_BYTES] = { VERSION, (uint8_t)flags };

	put_le(raw + 2, (uint64_t)(now_wall_us / MS_US), 6);
	put_le(raw + 8, next_nonce(t), 8);
	sign(t, s, raw, raw + HEAD_BYTES);
	return tq_base64url(a, (tq_str){ (const char *)raw, sizeof(raw) });
}

static bool
decode(tq_str s, struct token *out)
{
	if (s.n != TQ_TOKEN_CHARS ||
	    !tq_base64url_decode(s, out->raw, sizeof(out->raw)))
		return false;
	out->version = out->raw[0];
	out->flags = out->raw[1];
	out->made_us = (int64_t)get_le(out->raw + 2, 6) * MS_US;
	out->nonce = get_le(out->raw + 8, 8);
	return out->version == VERSION && out->nonce != 0;
}

/* The slot of this nonce, or the free one where it would go. */
static uint64_t *
slot_of(const struct used *u, uint64_t nonce)
{
	size_t i = (size_t)nonce & (u->n_slots - 1);

	while (u->slots[i] != 0 && u->slots[i] != nonce)
		i = (i + 1) & (u->n_slots - 1);
	return &u->slots[i];
}

static struct used *
used_of(struct tq_tokens *t, const struct token *k)
{
	return &t->used[k->made_us / TQ_TOKEN_MAX_US % WINDOWS];
}

/* Whether the token is remembered; call with the lock held. */
static bool
is_used(struct tq_tokens *t, const struct token *k)
{
	const struct used *u = used_of(t, k);

	return u->n > 0 && u->window == k->made_us / TQ_TOKEN_MAX_US &&
	    *slot_of(u, k->nonce) == k->nonce;
}

static void
forget(struct used *u)
{
	free(u->slots);
	*u = (struct used){ 0 };
}

/* Room for one more; false without memory or past the bound. */
static bool
grow(struct used *u)
{
	struct used more = *u;

	if ((u->n + 1) * 2 <= u->n_slots)
		return true;
	more.n_slots = u->n_slots > 0 ? u->n_slots * 2 : SLOTS_MIN;
	if (more.n_slots > SLOTS_MAX)
		return false;
	more.slots = calloc(more.n_slots, sizeof(*more.slots));
	if (more.slots == NULL)
		return false;
	for (size_t i = 0; i < u->n_slots; i++)
		if (u->slots[i] != 0)
			*slot_of(&more, u->slots[i]) = u->slots[i];
	free(u->slots);
	*u = more;
	return true;
}

/* The set that takes this token, with room; NULL without memory.  Call with
 * the lock held. */
static struct used *
room_for(struct tq_tokens *t, const struct token *k)
{
	int64_t window = k->made_us / TQ_TOKEN_MAX_US;
	struct used *u = used_of(t, k);

	if (u->window != window)
		forget(u);
	u->window = window;
	if (grow(u))
		return u;
	/* Full: what could be in it is unknown from here on. */
	if (u->newest_us > t->unknown_until_us)
		t->unknown_until_us = u->newest_us;
	forget(u);
	u->window = window;
	if (grow(u))
		return u;
	if (k->made_us > t->unknown_until_us)
		t->unknown_until_us = k->made_us;
	return NULL;
}

enum tq_token_result
tq_token_check(struct tq_tokens *t, const struct tq_token_scope *s,
    tq_str token, int64_t now_wall_us)
{
	uint8_t mac[MAC_BYTES];
	bool used, unknown;
	struct token k;
	int64_t age_us;

	if (!decode(token, &k))
		return TQ_TOKEN_FOREIGN;
	sign(t, s, k.raw, mac);
	if (!tq_equal_ct(mac, k.raw + HEAD_BYTES, MAC_BYTES))
		return TQ_TOKEN_FOREIGN;
	(void)pthread_mutex_lock(&t->lock);
	used = is_used(t, &k);
	unknown = k.made_us <= t->unknown_until_us;
	(void)pthread_mutex_unlock(&t->lock);
	age_us = now_wall_us - k.made_us;
	if (used)
		return TQ_TOKEN_USED;
	if (age_us > TQ_TOKEN_MAX_US || age_us < -TQ_TOKEN_SKEW_US)
		return TQ_TOKEN_EXPIRED;
	if (age_us < TQ_TOKEN_MIN_US && (k.flags & TQ_TOKEN_REISSUED) == 0)
		return TQ_TOKEN_TOO_FAST;
	return unknown ? TQ_TOKEN_UNKNOWN : TQ_TOKEN_OK;
}

bool
tq_token_spend(struct tq_tokens *t, tq_str token)
{
	struct used *u;
	struct token k;
	bool first;

	if (!decode(token, &k))
		return false;
	(void)pthread_mutex_lock(&t->lock);
	first = !is_used(t, &k);
	u = first ? room_for(t, &k) : NULL;
	if (u != NULL) {
		*slot_of(u, k.nonce) = k.nonce;
		u->n++;
		if (k.made_us > u->newest_us)
			u->newest_us = k.made_us;
	}
	(void)pthread_mutex_unlock(&t->lock);
	return first;
}
