/* A handful of files: looking at each in turn is the fastest table. */
#include "web/assets.h"

#include <assert.h>

const struct tq_asset *
tq_asset_find(tq_str path)
{
	for (size_t i = 0; i < tq_asset_count; i++)
		if (tq_str_eq(tq_asset_table[i].path, path))
			return &tq_asset_table[i];
	return NULL;
}

tq_url
tq_asset_path(tq_str name)
{
	size_t i = 0;

	while (i < tq_asset_count && !tq_str_eq(tq_asset_table[i].name, name))
		i++;
	assert(i < tq_asset_count);
	return (tq_url){ tq_asset_table[i].path };
}

enum tq_encoding
tq_asset_choose(const struct tq_asset *a, tq_str accept_encoding)
{
	unsigned have = 1u << TQ_IDENTITY;	/* an empty file has it too */

	for (int i = TQ_GZIP; i < TQ_ENCODINGS; i++)
		if (a->forms[i].n > 0)
			have |= 1u << i;
	return tq_encoding_choose(accept_encoding, have);
}

bool
tq_asset_matches(const struct tq_asset *a, tq_str if_none_match)
{
	for (int i = 0; i < TQ_ENCODINGS; i++)
		if (a->etags[i].n > 0 &&
		    tq_etag_listed(if_none_match, a->etags[i]))
			return true;
	return false;
}
