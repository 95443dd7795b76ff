/* Every statement of the store, once, in what SQLite and PostgreSQL share: $n
 * parameters, ON CONFLICT DO UPDATE, integers for times and booleans.  In
 * nested FROMs the outer loop stands first (CROSS JOIN), so that each thread
 * order is read from its index without a sort. */
#include "store/store_sql.h"

/* What a page shows; then the rest.  Order as in store_sql_row.c. */
#define THREAD "c.id, c.page_id, c.site_id, c.parent_id, c.root_id, " \
	"c.depth, c.created_us, c.edited_us, c.state_us, c.state, " \
	"c.by_author, c.spam, c.owner, c.change, c.replies, c.name, c.url, " \
	"c.body"
#define COMMENT THREAD ", c.email_sealed, c.reasons, c.path, c.mac"
#define PAGE "id, site_id, path, title, created_us, published, change"
#define FEEDBACK "seq, site_id, comment_id, at_us, from_state, to_state, " \
	"actor, name, url, body"
#define API_KEY "id, site_id, created_us, revoked_us, old_until_us, " \
	"per_minute, per_month, lessons_per_hour, webhook, hash, old_hash, hint"
#define KEY_USE "key_id, day, site, spam, ham, missed_spam, false_positive"
#define USE_SUM "SELECT COALESCE(SUM(spam), 0), COALESCE(SUM(ham), 0), " \
	"COALESCE(SUM(missed_spam), 0), COALESCE(SUM(false_positive), 0) " \
	"FROM key_use "
#define USE_DAYS "WHERE key_id = $1 AND day >= $2 AND day <= $3"

const char *const tq_sql_texts[TQ_SQL_N] = {

[TQ_SQL_SITE_NEXT] = "SELECT COALESCE(MAX(id), 0) + 1 FROM site",
[TQ_SQL_SITE_ADD] =
"INSERT INTO site (id, name, created_us, mac) VALUES ($1, $2, $3, $4)",
[TQ_SQL_SITE_LIST] = "SELECT id, name, created_us FROM site ORDER BY id",
[TQ_SQL_SITE_EXISTS] = "SELECT id FROM site WHERE id = $1",

[TQ_SQL_SETTING_PUT] =
"INSERT INTO setting (site_id, name, value, mac) VALUES ($1, $2, $3, $4) "
"ON CONFLICT (site_id, name) DO UPDATE "
"SET value = excluded.value, mac = excluded.mac",
[TQ_SQL_SETTING_DROP] =
"DELETE FROM setting WHERE site_id = $1 AND name = $2",
[TQ_SQL_SETTING_LIST] =
"SELECT name, value FROM setting WHERE site_id = $1 ORDER BY name",

[TQ_SQL_PAGE_GET] =
"SELECT " PAGE " FROM page WHERE site_id = $1 AND path = $2",
[TQ_SQL_PAGE_BY_ID] = "SELECT " PAGE " FROM page WHERE id = $1",
[TQ_SQL_PAGE_NEXT] = "SELECT COALESCE(MAX(id), 0) + 1 FROM page",
[TQ_SQL_PAGE_ADD] =
"INSERT INTO page (id, site_id, path, title, created_us, mac) "
"VALUES ($1, $2, $3, $4, $5, $6)",
[TQ_SQL_PAGE_TITLE] = "UPDATE page SET title = $2, mac = $3 WHERE id = $1",
[TQ_SQL_PAGE_COUNT] =
"SELECT published FROM page WHERE site_id = $1 AND path = $2",
[TQ_SQL_PAGE_SITE] = "SELECT site_id FROM page WHERE id = $1",
[TQ_SQL_PAGE_BUMP] =
"UPDATE page SET published = published + $2, change = $3 WHERE id = $1",

[TQ_SQL_COMMENT_NEXT] = "SELECT COALESCE(MAX(id), 0) + 1 FROM comment",
[TQ_SQL_COMMENT_ADD] =
"INSERT INTO comment (id, page_id, site_id, parent_id, root_id, depth, state, "
"shown, replies, change, by_author, created_us, edited_us, state_us, spam, "
"owner, path, mac, name, url, reasons, email_sealed, body) VALUES ($1, $2, "
"$3, $4, $5, $6, $7, CASE WHEN $7 = 0 THEN 1 ELSE 0 END, 0, $8, 0, $9, $10, "
"$9, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
[TQ_SQL_COMMENT_GET] = "SELECT " COMMENT " FROM comment c WHERE c.id = $1",
[TQ_SQL_COMMENT_PUT] =
"UPDATE comment SET state = $2, "
"shown = CASE WHEN $2 = 0 OR replies > 0 THEN 1 ELSE 0 END, change = $3, "
"by_author = $4, edited_us = $5, state_us = $6, spam = $7, owner = $8, "
"mac = $9, name = $10, url = $11, reasons = $12, email_sealed = $13, "
"body = $14 WHERE id = $1",
[TQ_SQL_COMMENT_PARENT] =
"SELECT c.id, c.parent_id, c.root_id, c.depth, c.state, c.path "
"FROM comment c WHERE c.id = $1 AND c.page_id = $2",

/* Two statements, because touching the column shown makes SQLite rewrite the
 * entries of every index that depends on it. */
[TQ_SQL_COUNTS_GET] =
"SELECT parent_id, state, shown, replies FROM comment WHERE id = $1",
[TQ_SQL_REPLIES_SET] = "UPDATE comment SET replies = $2 WHERE id = $1",
[TQ_SQL_SHOWN_SET] = "UPDATE comment SET shown = $2 WHERE id = $1",

[TQ_SQL_TALLY_ADD] =
"INSERT INTO tally (site_id, state, n) VALUES ($1, $2, $3) "
"ON CONFLICT (site_id, state) DO UPDATE SET n = tally.n + excluded.n",
[TQ_SQL_TALLY_LIST] = "SELECT state, n FROM tally WHERE site_id = $1",
[TQ_SQL_TALLY_ALL] =
"SELECT state, CAST(SUM(n) AS BIGINT) FROM tally GROUP BY state",
[TQ_SQL_CHANGE_SET] =
"UPDATE counter SET value = $1 WHERE name = 'change'",
[TQ_SQL_CHANGE_LAST] = "SELECT value FROM counter WHERE name = 'change'",

/* $1 page, $2 rank, $3 root, $4 how many; the rest of a root: $5 path.  Without
 * the plus SQLite concludes that c.root_id < $3, too, and prefers to scan that. */
#define TREE "c.page_id = $1 AND c.root_id = +r.id AND c.shown = 1 "
[TQ_SQL_THREAD_REST] =
"SELECT " THREAD " FROM comment c WHERE c.page_id = $1 AND c.root_id = $3 "
"AND c.shown = 1 AND c.path >= $5 ORDER BY c.path LIMIT $4",
[TQ_SQL_THREAD_NEWEST] =
"SELECT " THREAD " FROM comment r CROSS JOIN comment c "
"WHERE r.page_id = $1 AND r.depth = 0 AND r.shown = 1 AND r.id < $3 "
"AND " TREE "ORDER BY r.id DESC, c.path LIMIT $4",
[TQ_SQL_THREAD_OLDEST] =
"SELECT " THREAD " FROM comment r CROSS JOIN comment c "
"WHERE r.page_id = $1 AND r.depth = 0 AND r.shown = 1 AND r.id > $3 "
"AND " TREE "ORDER BY r.id, c.path LIMIT $4",
[TQ_SQL_THREAD_BEST] =
"SELECT " THREAD ", r.replies FROM comment r CROSS JOIN comment c "
"WHERE r.page_id = $1 AND r.depth = 0 AND r.shown = 1 "
"AND r.replies < $2 AND r.id <> $3 AND " TREE
"ORDER BY r.replies DESC, r.id DESC, c.path LIMIT $4",
/* Those of the same rank come before; one statement for both would walk all of
 * that rank to find $3.  Above, the cursor's own root, which may have sunk, is
 * left out. */
[TQ_SQL_THREAD_TIED] =
"SELECT " THREAD ", r.replies FROM comment r CROSS JOIN comment c "
"WHERE r.page_id = $1 AND r.depth = 0 AND r.shown = 1 "
"AND r.replies = $2 AND r.id < $3 AND " TREE
"ORDER BY r.id DESC, c.path LIMIT $4",
[TQ_SQL_PLACE] =
"SELECT c.path, c.root_id, r.replies, c.page_id, c.shown "
"FROM comment c JOIN comment r ON r.id = c.root_id WHERE c.id = $1",
[TQ_SQL_PLACE_COUNT] =
"SELECT COUNT(*) FROM comment c WHERE c.page_id = $1 AND c.root_id = $2 "
"AND c.shown = 1 AND c.path < $3",
[TQ_SQL_PLACE_AT] =
"SELECT c.id FROM comment c WHERE c.page_id = $1 AND c.root_id = $2 "
"AND c.shown = 1 ORDER BY c.path LIMIT 1 OFFSET $3",

[TQ_SQL_OWNER_STATE] =
"SELECT " COMMENT " FROM comment c WHERE c.owner = $1 AND c.state = $2 "
"AND c.site_id = (SELECT p.site_id FROM page p WHERE p.id = $3) "
"AND c.page_id = $3 AND c.created_us > $4 "
"ORDER BY c.created_us, c.id LIMIT $5",
[TQ_SQL_OWNER_PUBLISHED] =
"SELECT COUNT(*) FROM (SELECT 1 FROM comment c WHERE c.owner = $1 "
"AND c.state = 0 AND c.site_id = $2 LIMIT $3) counted",
[TQ_SQL_STATE_PAGE] =
"SELECT " COMMENT " FROM comment c WHERE c.page_id = $1 AND c.state = $2 "
"AND c.id < $3 AND (c.site_id = $5 OR $5 = 0) ORDER BY c.id DESC LIMIT $4",
[TQ_SQL_STATE_SITE] =
"SELECT " COMMENT " FROM comment c WHERE c.site_id = $1 AND c.state = $2 "
"AND c.id < $3 ORDER BY c.id DESC LIMIT $4",
[TQ_SQL_STATE_ALL] =
"SELECT " COMMENT " FROM comment c WHERE c.state = $2 "
"AND c.id < $3 ORDER BY c.id DESC LIMIT $4",

[TQ_SQL_FEEDBACK_NEXT] = "SELECT COALESCE(MAX(seq), 0) + 1 FROM feedback",
[TQ_SQL_FEEDBACK_ADD] =
"INSERT INTO feedback (" FEEDBACK ", mac) "
"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
[TQ_SQL_FEEDBACK_AFTER] =
"SELECT " FEEDBACK ", mac FROM feedback WHERE seq > $1 "
"ORDER BY seq LIMIT $2",
[TQ_SQL_FEEDBACK_BEFORE] =
"SELECT " FEEDBACK ", mac FROM feedback WHERE seq < $1 "
"ORDER BY seq DESC LIMIT $2",
[TQ_SQL_FEEDBACK_OF] =
"SELECT " FEEDBACK ", mac FROM feedback WHERE comment_id = $1 "
"AND seq > $2 ORDER BY seq LIMIT $3",
[TQ_SQL_FEEDBACK_BLANK] =
"UPDATE feedback SET name = '', url = '', body = '', mac = $2 "
"WHERE seq = $1",
[TQ_SQL_FEEDBACK_BY] =
"SELECT " FEEDBACK ", mac FROM feedback WHERE actor = $1 "
"AND (at_us, seq) > ($2, $3) ORDER BY at_us, seq LIMIT $4",
[TQ_SQL_FEEDBACK_TAUGHT] =
"SELECT COALESCE(SUM(CASE WHEN to_state = 2 THEN 1 ELSE 0 END), 0), "
"COALESCE(SUM(CASE WHEN to_state = 0 THEN 1 ELSE 0 END), 0) "
"FROM feedback WHERE actor = $1 AND body <> ''",

[TQ_SQL_MODEL_PUT] =
"INSERT INTO model (site_id, cursor, bytes, mac) VALUES ($1, $2, $3, $4) "
"ON CONFLICT (site_id) DO UPDATE SET cursor = excluded.cursor, "
"bytes = excluded.bytes, mac = excluded.mac",
[TQ_SQL_MODEL_GET] =
"SELECT cursor, bytes, mac FROM model WHERE site_id = $1",
[TQ_SQL_MODEL_DROP] = "DELETE FROM model WHERE site_id = $1",

[TQ_SQL_API_KEY_NEXT] = "SELECT COALESCE(MAX(id), 0) + 1 FROM api_key",
[TQ_SQL_API_KEY_ADD] =
"INSERT INTO api_key (" API_KEY ", mac) "
"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
[TQ_SQL_API_KEY_GET] =
"SELECT " API_KEY ", mac FROM api_key WHERE id = $1",
[TQ_SQL_API_KEY_PUT] =
"UPDATE api_key SET revoked_us = $2, old_until_us = $3, per_minute = $4, "
"per_month = $5, lessons_per_hour = $6, webhook = $7, hash = $8, "
"old_hash = $9, hint = $10, mac = $11 WHERE id = $1",
[TQ_SQL_API_KEY_LIST] = "SELECT " API_KEY ", mac FROM api_key ORDER BY id",
[TQ_SQL_API_KEY_EXISTS] = "SELECT id FROM api_key WHERE id = $1",

[TQ_SQL_KEY_USE_GET] =
"SELECT " KEY_USE ", mac FROM key_use WHERE key_id = $1 AND day = $2 "
"AND site = $3",
[TQ_SQL_KEY_USE_SITES] =
"SELECT COUNT(*) FROM key_use WHERE key_id = $1 AND day = $2 AND site > ''",
[TQ_SQL_KEY_USE_ADD] =
"INSERT INTO key_use (" KEY_USE ", mac) "
"VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
[TQ_SQL_KEY_USE_PUT] =
"UPDATE key_use SET spam = $4, ham = $5, missed_spam = $6, "
"false_positive = $7, mac = $8 WHERE key_id = $1 AND day = $2 AND site = $3",
[TQ_SQL_KEY_USE_LIST] =
"SELECT " KEY_USE ", mac FROM key_use " USE_DAYS " ORDER BY day, site",
[TQ_SQL_KEY_USE_LIST_SITE] =
"SELECT " KEY_USE ", mac FROM key_use " USE_DAYS " AND site = $4 "
"ORDER BY day, site",
[TQ_SQL_KEY_USE_SUM] = USE_SUM USE_DAYS,
[TQ_SQL_KEY_USE_SUM_SITE] = USE_SUM USE_DAYS " AND site = $4",

[TQ_SQL_VERIFY_MODELS] = "SELECT site_id, cursor, bytes, mac FROM model",
[TQ_SQL_VERIFY_API_KEYS] = "SELECT " API_KEY ", mac FROM api_key",
[TQ_SQL_VERIFY_KEY_USES] = "SELECT " KEY_USE ", mac FROM key_use",
[TQ_SQL_VERIFY_SITES] = "SELECT id, name, created_us, mac FROM site",
[TQ_SQL_VERIFY_SETTINGS] = "SELECT name, value, mac, site_id FROM setting",
[TQ_SQL_VERIFY_FEEDBACK] = "SELECT " FEEDBACK ", mac FROM feedback",
[TQ_SQL_VERIFY_PAGES] =
"SELECT " PAGE ", mac, "
"(SELECT COUNT(*) FROM comment c WHERE c.page_id = page.id AND c.state = 0), "
"(SELECT COALESCE(MAX(c.change), 0) FROM comment c "
"WHERE c.page_id = page.id) FROM page",
[TQ_SQL_VERIFY_COMMENTS] =
"SELECT " COMMENT ", c.shown, p.id, p.page_id, p.root_id, p.depth, p.path, "
"g.site_id FROM comment c LEFT JOIN comment p ON p.id = c.parent_id "
"LEFT JOIN page g ON g.id = c.page_id",
[TQ_SQL_VERIFY_TREE] =
"SELECT c.id, c.root_id, c.parent_id, c.depth, c.state, c.replies "
"FROM comment c WHERE c.shown = 1 "
"ORDER BY c.page_id, c.root_id, c.path",
[TQ_SQL_VERIFY_TALLY] =
"SELECT s.id, k.state, COALESCE(t.n, 0), (SELECT COUNT(*) FROM comment c "
"WHERE c.site_id = s.id AND c.state = k.state) "
"FROM site s CROSS JOIN (SELECT 0 AS state UNION ALL SELECT 1 UNION ALL "
"SELECT 2 UNION ALL SELECT 3) k LEFT JOIN tally t ON t.site_id = s.id "
"AND t.state = k.state",
[TQ_SQL_VERIFY_COUNTER] =
"SELECT value, (SELECT COALESCE(MAX(p.change), 0) FROM page p) FROM counter "
"WHERE name = 'change'",
};
