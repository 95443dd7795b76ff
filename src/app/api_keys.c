/* Clients' keys: see api_keys.h.  A table of slots, found by the first bytes of
 * the keyed hash: nobody without the installation's key can choose where a text
 * falls, and times tell nothing of the texts. */
#include "app/api_keys.h"

#include <stdlib.h>
#include <string.h>

#include "app/keys.h"
#include "base/arena.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/ref.h"
#include "store/store.h"

#define ARENA_CAP ((size_t)64 * 1024 * 1024)

struct slot {
	const struct tq_api_key *key;	/* NULL: free */
	const uint8_t *hash;		/* its hash or its old one */
	int64_t until_us;		/* good until; 0: revoked */
};

struct tq_api_keys {
	struct tq_ref ref;
	struct tq_arena arena;
	struct tq_api_key *keys;
	size_t n;
	struct slot *slots;
	size_t mask;			/* number of slots - 1 */
};

static void
free_keys(struct tq_ref *r)
{
	struct tq_api_keys *k = (struct tq_api_keys *)r;

	tq_arena_free(&k->arena);
	free(k);
}

void
tq_api_keys_put(struct tq_api_keys *k)
{
	if (k != NULL)
		tq_ref_put(&k->ref);
}

static size_t
place_of(const struct tq_api_keys *k, const uint8_t *hash)
{
	uint64_t v;

	memcpy(&v, hash, sizeof(v));
	return (size_t)v & k->mask;
}

static void
put_slot(struct tq_api_keys *k, const struct tq_api_key *key,
    const uint8_t *hash, int64_t until_us)
{
	size_t at = place_of(k, hash);

	while (k->slots[at].key != NULL)
		at = (at + 1) & k->mask;
	k->slots[at] = (struct slot){ key, hash, until_us };
}

/* At most half of the slots are taken: two a key of four. */
static bool
make_slots(struct tq_api_keys *k)
{
	size_t room = 4;

	while (room / 4 < k->n)
		room *= 2;
	k->slots = tq_new_n(&k->arena, struct slot, room);
	if (k->slots == NULL)
		return false;
	k->mask = room - 1;
	for (size_t i = 0; i < k->n; i++) {
		const struct tq_api_key *key = &k->keys[i];

		if (key->damaged) {
			tq_log(TQ_LOG_ERROR, "api_key_damaged",
			    TQ_LOG_INT("key", key->id));
			continue;
		}
		put_slot(k, key, key->hash,
		    key->revoked_us != 0 ? 0 : INT64_MAX);
		if (key->old_until_us != 0)
			put_slot(k, key, key->old_hash,
			    key->revoked_us != 0 ? 0 : key->old_until_us);
	}
	return true;
}

enum tq_code
tq_api_keys_load(struct tq_store *s, struct tq_api_keys **out,
    struct tq_err *e)
{
	struct tq_api_keys *k = calloc(1, sizeof(*k));
	enum tq_code code;

	if (k == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for clients' keys");
	tq_ref_init(&k->ref, free_keys);
	tq_arena_init(&k->arena, ARENA_CAP);
	code = s->ops->api_key_list(s, &k->arena, &k->keys, &k->n, e);
	if (code == TQ_OK && !make_slots(k))
		code = tq_fail(e, TQ_ELIMIT, "no memory for clients' keys");
	if (code == TQ_OK)
		*out = k;
	else
		tq_api_keys_put(k);
	return code;
}

void
tq_api_key_hash(const struct tq_keys *secrets, tq_str text,
    uint8_t out[TQ_API_HASH_BYTES])
{
	tq_mac(out, TQ_API_HASH_BYTES, secrets->api, &text, 1);
}

/* Twelve hex digits, made lower case; false for anything else. */
static bool
fold(tq_str text, char out[static TQ_API_KEY_CHARS])
{
	if (text.n != TQ_API_KEY_CHARS)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c >= 'A' && c <= 'F')
			c = (char)(c - 'A' + 'a');
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
		out[i] = c;
	}
	return true;
}

/* The slot of a key's text, good or not; NULL: there is none. */
static const struct slot *
find_slot(const struct tq_api_keys *k, const struct tq_keys *secrets,
    const char folded[static TQ_API_KEY_CHARS])
{
	uint8_t hash[TQ_API_HASH_BYTES];

	tq_api_key_hash(secrets, (tq_str){ folded, TQ_API_KEY_CHARS }, hash);
	for (size_t at = place_of(k, hash); k->slots[at].key != NULL;
	    at = (at + 1) & k->mask)
		if (tq_equal_ct(k->slots[at].hash, hash, sizeof(hash)))
			return &k->slots[at];
	return NULL;
}

const struct tq_api_key *
tq_api_keys_find(const struct tq_api_keys *k, const struct tq_keys *secrets,
    tq_str text, int64_t now_us)
{
	char folded[TQ_API_KEY_CHARS];
	const struct slot *s;

	if (k == NULL || !fold(text, folded))
		return NULL;
	s = find_slot(k, secrets, folded);
	return s != NULL && now_us < s->until_us ? s->key : NULL;
}

bool
tq_api_keys_is_guess(const struct tq_api_keys *k,
    const struct tq_keys *secrets, tq_str text)
{
	char folded[TQ_API_KEY_CHARS];

	return fold(text, folded) &&
	    (k == NULL || find_slot(k, secrets, folded) == NULL);
}

const struct tq_api_key *
tq_api_keys_by_id(const struct tq_api_keys *k, int64_t id)
{
	for (size_t i = 0; k != NULL && i < k->n; i++)
		if (k->keys[i].id == id)
			return &k->keys[i];
	return NULL;
}

size_t
tq_api_keys_count(const struct tq_api_keys *k)
{
	return k == NULL ? 0 : k->n;
}

const struct tq_api_key *
tq_api_keys_at(const struct tq_api_keys *k, size_t i)
{
	return &k->keys[i];
}
