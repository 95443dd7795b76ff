/* crypto.h - the few things taliq asks of libsodium.  No own cryptography.
 * Call tq_crypto_start once before any thread starts; the rest: any thread. */
#ifndef TQ_BASE_CRYPTO_H
#define TQ_BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#define TQ_KEY_BYTES 32
#define TQ_MAC_BYTES 16
#define TQ_SEAL_PUBLIC_BYTES 32
#define TQ_SEAL_SECRET_BYTES 32

/* TQ_EIO when libsodium cannot start (no entropy source). */
enum tq_code tq_crypto_start(struct tq_err *e);
void tq_random(void *out, size_t n);
/* Fresh 64 random bits. */
uint64_t tq_random_u64(void);

/* Keyed BLAKE2b over the fields, each preceded by its length as 8 bytes little
 * endian, so that no two different lists of fields give the same input (the
 * mistake of CVE-2025-68113).  out_n is 16..64 bytes; key is TQ_KEY_BYTES. */
void tq_mac(uint8_t *out, size_t out_n, const uint8_t *key,
    const tq_str *fields, size_t n_fields);
/* The same without a key: a fingerprint. */
void tq_hash(uint8_t *out, size_t out_n, const tq_str *fields,
    size_t n_fields);
/* SipHash-2-4 for tables; key is 16 bytes. */
uint64_t tq_siphash(const uint8_t *key, tq_str s);
/* Constant time in the contents. */
bool tq_equal_ct(const void *a, const void *b, size_t n);
void tq_wipe(void *p, size_t n);

/* A key pair for sealed boxes. */
void tq_seal_keypair(uint8_t *public_key, uint8_t *secret_key);
/* The public half of a secret one. */
void tq_seal_public(const uint8_t *secret_key, uint8_t *public_key);
/* Seals s to public_key (libsodium crypto_box_seal): 48 bytes longer than s,
 * readable only with the secret key.  Empty when the arena has failed. */
tq_str tq_seal(struct tq_arena *a, const uint8_t *public_key, tq_str s);

/* base64url without padding (RFC 4648 5). */
tq_str tq_base64url(struct tq_arena *a, tq_str bytes);
/* Decodes into out[out_n]; false unless s is exactly that many bytes. */
bool tq_base64url_decode(tq_str s, void *out, size_t out_n);
/* Lower-case hexadecimal. */
tq_str tq_hex(struct tq_arena *a, tq_str bytes);

#endif
