/* reader.h - a reader without an account.  The browser keeps one random secret
 * in a first-party cookie; for each site a different key is derived from it,
 * and a comment stores only a hash of that key.  Whoever holds the key may see
 * the own held comments, edit and delete; a disk alone proves nothing about a
 * browser.  Pure functions, any thread. */
#ifndef TQ_APP_READER_H
#define TQ_APP_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "store/store.h"

#define TQ_READER_BYTES 24	/* secret and per-site key; 32 base64url */

struct tq_reader {
	bool known;			/* a secret came with the request */
	uint8_t secret[TQ_READER_BYTES];
};

/* From the cookie's or a new secret to what this site may know. */
void tq_reader_site_key(const struct tq_reader *r, int64_t site_id,
    uint8_t key[TQ_READER_BYTES]);
/* What a comment stores. */
void tq_reader_owner(const uint8_t key[TQ_READER_BYTES],
    uint8_t owner[TQ_OWNER_BYTES]);
/* base64url of either; false unless exactly that long. */
bool tq_reader_decode(tq_str s, uint8_t out[TQ_READER_BYTES]);
tq_str tq_reader_encode(struct tq_arena *a,
    const uint8_t bytes[TQ_READER_BYTES]);
/* A secret for a browser that has none, made from the form's token, so that a
 * double click ends in one and the same reader; random when seed is empty. */
void tq_reader_make(struct tq_reader *r, const uint8_t *token_key,
    tq_str seed);

#endif
