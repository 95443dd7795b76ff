/* api_keys.h - keys of clients that speak Akismet's protocol, in memory: an
 * immutable snapshot, replaced when a key changes (key_admin.h).  A key's text
 * is known to its client alone; here and on the disk is a keyed hash of it. */
#ifndef TQ_APP_API_KEYS_H
#define TQ_APP_API_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "store/api_key.h"

#define TQ_API_KEY_CHARS 12	/* lower-case hex digits, as clients expect */

struct tq_keys;
struct tq_store;

struct tq_api_keys;		/* begins with a struct tq_ref */

/* Reads all keys; *out has one reference.  A damaged one is logged, and is found
 * by its number alone.  Codes of the store's api_key_list,
 * TQ_ELIMIT. */
enum tq_code tq_api_keys_load(struct tq_store *s, struct tq_api_keys **out,
    struct tq_err *e);
void tq_api_keys_put(struct tq_api_keys *k);	/* NULL is fine */

/* The keyed hash of a key's text in lower case. */
void tq_api_key_hash(const struct tq_keys *secrets, tq_str text,
    uint8_t out[TQ_API_HASH_BYTES]);
/* The key with this text (letters of any case), unless it is revoked or was
 * rotated away; NULL when there is none, or k is NULL.  Borrowed from k.  Any
 * thread, no disk; a microsecond, whatever the text and the number of keys. */
const struct tq_api_key *tq_api_keys_find(const struct tq_api_keys *k,
    const struct tq_keys *secrets, tq_str text, int64_t now_us);
/* Whether the text looks like a key and never was one, as far as is known: those
 * of revoked keys are, and the last that was rotated away.  k may be NULL. */
bool tq_api_keys_is_guess(const struct tq_api_keys *k,
    const struct tq_keys *secrets, tq_str text);
/* By number, also a revoked one; NULL when there is none. */
const struct tq_api_key *tq_api_keys_by_id(const struct tq_api_keys *k,
    int64_t id);
/* All of them by number. */
size_t tq_api_keys_count(const struct tq_api_keys *k);
const struct tq_api_key *tq_api_keys_at(const struct tq_api_keys *k,
    size_t i);

#endif
