/* api_key.h - rows about the keys of clients that speak Akismet's protocol, and
 * how much each was used. */
#ifndef TQ_STORE_API_KEY_H
#define TQ_STORE_API_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define TQ_API_HASH_BYTES 16
#define TQ_USE_SITE_MAX 200	/* bytes */
#define TQ_USE_SITES_MAX 1000	/* a key and day; the rest goes under "" */

struct tq_api_key {
	int64_t id, site_id;		/* whose model, thresholds, log */
	int64_t created_us, revoked_us;	/* revoked_us 0: good */
	int64_t per_minute, per_month;	/* calls; 0: no limit */
	int64_t lessons_per_hour;	/* submits that teach; 0: none */
	bool webhook;			/* may call back the site's origin */
	tq_str hint;			/* first four digits, for lists */
	uint8_t hash[TQ_API_HASH_BYTES];	/* keyed, of the text */
	/* Of the text before the last rotation, good until then; 0: none. */
	uint8_t old_hash[TQ_API_HASH_BYTES];
	int64_t old_until_us;
	bool damaged;			/* in lists: nothing here is sure */
};

/* What a call came to. */
enum tq_use { TQ_USE_SPAM, TQ_USE_HAM, TQ_USE_MISSED_SPAM,
	TQ_USE_FALSE_POSITIVE };
#define TQ_USES 4

struct tq_use_row {
	int64_t key_id;
	int64_t day;			/* UTC, yyyymmdd */
	tq_str site;			/* "" : all that found no place */
	int64_t n[TQ_USES];
};

/* Which rows; days are inclusive. */
struct tq_use_ask {
	int64_t key_id, from_day, to_day;
	tq_str site;			/* p == NULL: all */
};

#endif
