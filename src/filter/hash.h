/* hash.h - the hashes of features, inline.  They are part of the model format:
 * a change makes every saved model worthless (TQ_FEATURES_VERSION). */
#ifndef TQ_FILTER_HASH_H
#define TQ_FILTER_HASH_H

#include <stdint.h>

#define TQ_HASH_START 0x811c9dc5u

/* Finaliser of MurmurHash3 (Austin Appleby, public domain), cut short. */
static inline uint32_t
tq_hash_mix(uint64_t h)
{
	h *= UINT64_C(0xff51afd7ed558ccd);
	h ^= h >> 32;
	h *= UINT64_C(0xc4ceb9fe1a85ec53);
	return (uint32_t)(h >> 32);
}

static inline uint32_t
tq_hash_mix2(uint64_t a, uint64_t b)
{
	return tq_hash_mix(a ^ b << 32 ^ b * UINT64_C(0x9e3779b97f4a7c15));
}

/* A word's hash grows by its code points from TQ_HASH_START on. */
static inline uint32_t
tq_hash_rune(uint32_t h, uint32_t c)
{
	return (h ^ c) * 0x01000193u + (h >> 15);
}

static inline uint64_t
tq_hash_three(const uint32_t *r)
{
	return r[0] | (uint64_t)r[1] << 21 | (uint64_t)r[2] << 42;
}

/* Three and four characters, of which the first three are three: tq_hash_three. */
static inline uint32_t
tq_hash_gram3(uint64_t three)
{
	return tq_hash_mix(three ^ UINT64_C(0x5851f42d4c957f2d));
}

static inline uint32_t
tq_hash_gram4(uint64_t three, uint32_t fourth)
{
	return tq_hash_mix2(three * UINT64_C(0x9e3779b97f4a7c15), fourth);
}

#endif
