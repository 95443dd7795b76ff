/* modelfile.h - models as bytes.
 *
 * Little endian throughout:
 *   0  8 bytes  "taliq" 0x0D 0x0A, then 'm' for a model or 's' for a seed
 *   8  u16 format, u16 features: what this library reads and extracts;
 *      another number is TALIQ_VERSION
 *  12  u32 bits: the table has 2^bits places
 *  16  u32 id of the seed: of the one it was learnt on, or its own, which is
 *      of all the bytes below the checksum, itself 0
 *  20  u32 count: entries of a model, step of a seed as float
 *  24  float bias, float bias_g (seed: clip)
 *  32  u64 spam, u64 ham learnt
 *  48  model: count entries in the order of their places: distance to the last
 *      place as a base-128 number (0 for the first only), i16 weight, u16
 *      packed sum of squares, not 0
 *      seed: 2^bits signed bytes
 *  end u64 checksum of all before */
#ifndef TQ_FILTER_MODELFILE_H
#define TQ_FILTER_MODELFILE_H

#include "filter/model.h"

#define TQ_MODELFILE_FORMAT 1
#define TQ_FEATURES_VERSION 1		/* grows when features change */
#define TQ_MODELFILE_HEAD 48

/* The seed that is built in; nothing is copied.  An empty build has none:
 * TALIQ_OK and w is NULL. */
taliq_status tq_modelfile_shipped(struct tq_seed *out);
/* A seed file that outlives *out. */
taliq_status tq_modelfile_read_seed(const uint8_t *p, size_t len,
    struct tq_seed *out);
/* Writes the checksum of p[0..len - 8) into the last eight bytes. */
void tq_modelfile_seal(uint8_t *p, size_t len);
/* A second owner of the same seed. */
taliq_status tq_modelfile_copy_seed(const struct tq_seed *s,
    struct tq_seed *out);

#endif
