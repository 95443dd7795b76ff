/* Reader secrets: see reader.h. */
#include "app/reader.h"

#include <string.h>

#include "base/crypto.h"

void
tq_reader_site_key(const struct tq_reader *r, int64_t site_id,
    uint8_t key[TQ_READER_BYTES])
{
	uint8_t k[TQ_KEY_BYTES] = { 0 };
	char site[8];

	memcpy(k, r->secret, TQ_READER_BYTES);
	memcpy(site, &site_id, sizeof(site));
	tq_mac(key, TQ_READER_BYTES, k,
	    (const tq_str[]){ TQ_S("site key"), { site, sizeof(site) } }, 2);
	tq_wipe(k, sizeof(k));
}

void
tq_reader_owner(const uint8_t key[TQ_READER_BYTES],
    uint8_t owner[TQ_OWNER_BYTES])
{
	const tq_str fields[] = {
		TQ_S("owner"), { (const char *)key, TQ_READER_BYTES },
	};

	tq_hash(owner, TQ_OWNER_BYTES, fields, 2);
}

bool
tq_reader_decode(tq_str s, uint8_t out[TQ_READER_BYTES])
{
	uint8_t bytes[TQ_READER_BYTES];

	if (!tq_base64url_decode(s, bytes, sizeof(bytes)))
		return false;
	memcpy(out, bytes, sizeof(bytes));
	return true;
}

tq_str
tq_reader_encode(struct tq_arena *a, const uint8_t bytes[TQ_READER_BYTES])
{
	return tq_base64url(a, (tq_str){ (const char *)bytes,
	    TQ_READER_BYTES });
}

void
tq_reader_make(struct tq_reader *r, const uint8_t *token_key, tq_str seed)
{
	if (seed.n == 0)
		tq_random(r->secret, sizeof(r->secret));
	else
		tq_mac(r->secret, sizeof(r->secret), token_key,
		    (const tq_str[]){ TQ_S("reader"), seed }, 2);
	r->known = true;
}
