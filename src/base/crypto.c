/* A thin wrap of libsodium: names of the domain, lengths checked, fields
 * length-prefixed before they are hashed. */
#include "base/crypto.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

_Static_assert(TQ_SEAL_PUBLIC_BYTES == crypto_box_PUBLICKEYBYTES, "sodium");
_Static_assert(TQ_SEAL_SECRET_BYTES == crypto_box_SECRETKEYBYTES, "sodium");
_Static_assert(crypto_shorthash_BYTES == sizeof(uint64_t), "sodium");

enum tq_code
tq_crypto_start(struct tq_err *e)
{
	if (sodium_init() < 0)
		return tq_fail(e, TQ_EIO, "libsodium cannot start");
	return TQ_OK;
}

void
tq_random(void *out, size_t n)
{
	randombytes_buf(out, n);
}

uint64_t
tq_random_u64(void)
{
	uint64_t v;

	randombytes_buf(&v, sizeof(v));
	return v;
}

static void
length_bytes(uint8_t out[8], uint64_t n)
{
	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t)(n >> (8 * i));
}

static void
digest(uint8_t *out, size_t out_n, const uint8_t *key, size_t key_n,
    const tq_str *fields, size_t n_fields)
{
	crypto_generichash_state st;
	uint8_t len[8];

	assert(out_n >= crypto_generichash_BYTES_MIN &&
	    out_n <= crypto_generichash_BYTES_MAX);
	(void)crypto_generichash_init(&st, key, key_n, out_n);
	for (size_t i = 0; i < n_fields; i++) {
		length_bytes(len, fields[i].n);
		(void)crypto_generichash_update(&st, len, sizeof(len));
		if (fields[i].n > 0)
			(void)crypto_generichash_update(&st,
			    (const uint8_t *)fields[i].p, fields[i].n);
	}
	(void)crypto_generichash_final(&st, out, out_n);
}

void
tq_mac(uint8_t *out, size_t out_n, const uint8_t *key, const tq_str *fields,
    size_t n_fields)
{
	digest(out, out_n, key, TQ_KEY_BYTES, fields, n_fields);
}

void
tq_hash(uint8_t *out, size_t out_n, const tq_str *fields, size_t n_fields)
{
	digest(out, out_n, NULL, 0, fields, n_fields);
}

uint64_t
tq_siphash(const uint8_t *key, tq_str s)
{
	uint64_t v;

	(void)crypto_shorthash((unsigned char *)&v, (const uint8_t *)s.p, s.n,
	    key);
	return v;
}

bool
tq_equal_ct(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

void
tq_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}

void
tq_seal_keypair(uint8_t *public_key, uint8_t *secret_key)
{
	(void)crypto_box_keypair(public_key, secret_key);
}

void
tq_seal_public(const uint8_t *secret_key, uint8_t *public_key)
{
	(void)crypto_scalarmult_base(public_key, secret_key);
}

tq_str
tq_seal(struct tq_arena *a, const uint8_t *public_key, tq_str s)
{
	size_t n;
	uint8_t *p;

	if (__builtin_add_overflow(s.n, crypto_box_SEALBYTES, &n)) {
		a->failed = true;
		return (tq_str){ NULL, 0 };
	}
	p = tq_arena_alloc(a, n, 1);
	if (p == NULL || crypto_box_seal(p, (const uint8_t *)s.p, s.n,
	    public_key) != 0)
		return (tq_str){ NULL, 0 };
	return (tq_str){ (const char *)p, n };
}

/* One cache line, so that looking it up tells nothing about a secret; each page
 * has a token, and libsodium's way of doing without a table takes as long as
 * the token's MAC. */
static _Alignas(64) const char base64[64] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

tq_str
tq_base64url(struct tq_arena *a, tq_str bytes)
{
	const uint8_t *b = (const uint8_t *)bytes.p;
	uint32_t bits = 0;
	unsigned held = 0;
	size_t n = 0;
	char *p;

	if (bytes.n == 0 || bytes.n > SIZE_MAX / 8)
		return (tq_str){ NULL, 0 };
	p = tq_arena_alloc(a, (bytes.n * 4 + 2) / 3, 1);
	if (p == NULL)
		return (tq_str){ NULL, 0 };
	for (size_t i = 0; i < bytes.n; i++) {
		bits = bits << 8 | b[i];
		for (held += 8; held >= 6; held -= 6)
			p[n++] = base64[bits >> (held - 6) & 63];
	}
	if (held > 0)
		p[n++] = base64[bits << (6 - held) & 63];
	return (tq_str){ p, n };
}

bool
tq_base64url_decode(tq_str s, void *out, size_t out_n)
{
	size_t n = 0;

	/* libsodium 1.0.18 takes every byte from 0x80 up for '_'. */
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	if (s.n == 0 || sodium_base642bin(out, out_n, s.p, s.n, NULL, &n, NULL,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return false;
	return n == out_n;
}

tq_str
tq_hex(struct tq_arena *a, tq_str bytes)
{
	size_t room;
	char *p;

	if (bytes.n == 0 || __builtin_mul_overflow(bytes.n, 2, &room))
		return (tq_str){ NULL, 0 };
	p = tq_arena_alloc(a, room + 1, 1);
	if (p == NULL)
		return (tq_str){ NULL, 0 };
	(void)sodium_bin2hex(p, room + 1, (const uint8_t *)bytes.p, bytes.n);
	return (tq_str){ p, room };
}
