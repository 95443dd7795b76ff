/* store_sql.h - inside of the SQL store: its handle, its statements by name,
 * and the functions that its files (store_sql_*.c) share. */
#ifndef TQ_STORE_STORE_SQL_H
#define TQ_STORE_STORE_SQL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypto.h"
#include "store/db.h"
#include "store/store.h"

enum tq_sql {
	TQ_SQL_SITE_NEXT, TQ_SQL_SITE_ADD, TQ_SQL_SITE_LIST,
	TQ_SQL_SITE_EXISTS,
	TQ_SQL_SETTING_PUT, TQ_SQL_SETTING_DROP, TQ_SQL_SETTING_LIST,
	TQ_SQL_PAGE_GET, TQ_SQL_PAGE_BY_ID, TQ_SQL_PAGE_NEXT, TQ_SQL_PAGE_ADD,
	TQ_SQL_PAGE_TITLE, TQ_SQL_PAGE_COUNT, TQ_SQL_PAGE_SITE,
	TQ_SQL_PAGE_BUMP,
	TQ_SQL_COMMENT_NEXT, TQ_SQL_COMMENT_ADD, TQ_SQL_COMMENT_GET,
	TQ_SQL_COMMENT_PUT, TQ_SQL_COMMENT_PARENT, TQ_SQL_COUNTS_GET,
	TQ_SQL_REPLIES_SET, TQ_SQL_SHOWN_SET,
	TQ_SQL_TALLY_ADD, TQ_SQL_TALLY_LIST, TQ_SQL_TALLY_ALL,
	TQ_SQL_CHANGE_SET, TQ_SQL_CHANGE_LAST,
	TQ_SQL_THREAD_REST, TQ_SQL_THREAD_NEWEST, TQ_SQL_THREAD_OLDEST,
	TQ_SQL_THREAD_BEST, TQ_SQL_THREAD_TIED,
	TQ_SQL_PLACE, TQ_SQL_PLACE_COUNT, TQ_SQL_PLACE_AT,
	TQ_SQL_OWNER_STATE, TQ_SQL_OWNER_PUBLISHED,
	TQ_SQL_STATE_PAGE, TQ_SQL_STATE_SITE, TQ_SQL_STATE_ALL,
	TQ_SQL_FEEDBACK_NEXT, TQ_SQL_FEEDBACK_ADD, TQ_SQL_FEEDBACK_AFTER,
	TQ_SQL_FEEDBACK_BEFORE,
	TQ_SQL_FEEDBACK_OF, TQ_SQL_FEEDBACK_BLANK,
	TQ_SQL_FEEDBACK_BY, TQ_SQL_FEEDBACK_TAUGHT,
	TQ_SQL_MODEL_PUT, TQ_SQL_MODEL_GET, TQ_SQL_MODEL_DROP,
	TQ_SQL_API_KEY_NEXT, TQ_SQL_API_KEY_ADD, TQ_SQL_API_KEY_GET,
	TQ_SQL_API_KEY_PUT, TQ_SQL_API_KEY_LIST, TQ_SQL_API_KEY_EXISTS,
	TQ_SQL_KEY_USE_GET, TQ_SQL_KEY_USE_SITES, TQ_SQL_KEY_USE_ADD,
	TQ_SQL_KEY_USE_PUT, TQ_SQL_KEY_USE_LIST, TQ_SQL_KEY_USE_LIST_SITE,
	TQ_SQL_KEY_USE_SUM, TQ_SQL_KEY_USE_SUM_SITE,
	/* From here on: whole tables. */
	TQ_SQL_VERIFY_SITES, TQ_SQL_VERIFY_SETTINGS, TQ_SQL_VERIFY_PAGES,
	TQ_SQL_VERIFY_MODELS, TQ_SQL_VERIFY_API_KEYS, TQ_SQL_VERIFY_KEY_USES,
	TQ_SQL_VERIFY_COMMENTS, TQ_SQL_VERIFY_TREE, TQ_SQL_VERIFY_TALLY,
	TQ_SQL_VERIFY_FEEDBACK, TQ_SQL_VERIFY_COUNTER,
	TQ_SQL_N
};
extern const char *const tq_sql_texts[TQ_SQL_N];

struct tq_sql_store {
	struct tq_store base;
	struct tq_db *db;
	const uint8_t *mac_key;
	bool read_only, in_tx;
	bool erased;		/* something was, since the last tidy */
};

static inline struct tq_sql_store *
tq_sql_self(struct tq_store *s)
{
	return (struct tq_sql_store *)s;
}

static inline enum tq_code
tq_sql_query(struct tq_sql_store *s, const struct tq_db_call *c,
    struct tq_err *e)
{
	return s->db->ops->query(s->db, c, e);
}

/* First column of the first row as a number; TQ_ENOTFOUND without a row. */
enum tq_code tq_sql_number(struct tq_sql_store *s, struct tq_db_call call,
    int64_t *out, struct tq_err *e);
/* TQ_EBUG unless a changing call is allowed now. */
enum tq_code tq_sql_may_write(const struct tq_sql_store *s, struct tq_err *e);

/* A number of rows as a parameter. */
static inline int64_t
tq_sql_limit(size_t max)
{
	return max < INT64_MAX ? (int64_t)max : INT64_MAX;
}

/* A growing result in an arena. */
struct tq_sql_list {
	struct tq_sql_store *s;
	struct tq_arena *a;
	void *p;
	size_t n, room;
	size_t max;		/* rows wanted */
	bool more;		/* there was one beyond max */
	int64_t bad_id;		/* first row whose MAC is wrong; 0: none */
	bool trust;		/* a wrong MAC is no obstacle */
};
/* Room for one more of size bytes; NULL when the arena is out. */
void *tq_sql_list_add(struct tq_sql_list *l, size_t size);
/* After the query: the code of a list that could not be held or is bad. */
enum tq_code tq_sql_list_end(const struct tq_sql_list *l, const char *what,
    struct tq_err *e);

/* Rows.  The columns are those of the statements, in their order. */
#define TQ_SQL_THREAD_COLS 18	/* without e-mail and reasons */
#define TQ_SQL_COMMENT_COLS 22	/* all: ..., path, mac */
/* path and mac borrow from the row. */
bool tq_sql_feedback_row(const struct tq_db_value *row, struct tq_arena *a,
    struct tq_feedback *out);
bool tq_sql_api_key_row(const struct tq_db_value *row, struct tq_arena *a,
    struct tq_api_key *out);
bool tq_sql_key_use_row(const struct tq_db_value *row, struct tq_arena *a,
    struct tq_use_row *out);
bool tq_sql_comment_row(const struct tq_db_value *row, size_t n,
    struct tq_arena *a, struct tq_comment *out);
tq_str tq_sql_comment_path(const struct tq_db_value *row);
/* tq_db_visit for struct tq_sql_list of struct tq_comment, all columns, MACs
 * checked; and for thread columns, where places that only hold the tree come
 * without content. */
bool tq_sql_comment_visit(void *ctx, const struct tq_db_value *row, size_t n);
bool tq_sql_thread_visit(void *ctx, const struct tq_db_value *row, size_t n);

/* MACs over the lasting columns of each kind of row. */
struct tq_sql_mac { uint8_t b[TQ_MAC_BYTES]; };
struct tq_sql_mac tq_sql_mac_site(const uint8_t *key,
    const struct tq_site *site);
struct tq_sql_mac tq_sql_mac_model(const uint8_t *key, int64_t site_id,
    int64_t cursor, tq_str bytes);
struct tq_sql_mac tq_sql_mac_setting(const uint8_t *key, int64_t site_id,
    const struct tq_setting *setting);
struct tq_sql_mac tq_sql_mac_page(const uint8_t *key,
    const struct tq_page *page);
struct tq_sql_mac tq_sql_mac_comment(const uint8_t *key,
    const struct tq_comment *c, tq_str path);
struct tq_sql_mac tq_sql_mac_feedback(const uint8_t *key,
    const struct tq_feedback *f);
struct tq_sql_mac tq_sql_mac_api_key(const uint8_t *key,
    const struct tq_api_key *k);
struct tq_sql_mac tq_sql_mac_key_use(const uint8_t *key,
    const struct tq_use_row *r);
bool tq_sql_mac_same(const struct tq_sql_mac *mac,
    const struct tq_db_value *column);
static inline struct tq_db_value
tq_sql_mac_value(const struct tq_sql_mac *mac)
{
	return tq_db_blob((tq_str){ (const char *)mac->b, sizeof(mac->b) });
}

/* The operations of store.h, by file. */
enum tq_code tq_sql_site_add(struct tq_store *s, tq_str name, int64_t now_us,
    int64_t *id, struct tq_err *e);
enum tq_code tq_sql_site_list(struct tq_store *s, struct tq_arena *a,
    struct tq_site **out, size_t *n, struct tq_err *e);
enum tq_code tq_sql_setting_put(struct tq_store *s, int64_t site_id,
    tq_str name, tq_str value, struct tq_err *e);
enum tq_code tq_sql_setting_list(struct tq_store *s, int64_t site_id,
    struct tq_arena *a, struct tq_setting **out, size_t *n, struct tq_err *e);
enum tq_code tq_sql_page_get(struct tq_store *s, int64_t site_id, tq_str path,
    struct tq_arena *a, struct tq_page *out, struct tq_err *e);
enum tq_code tq_sql_page_by_id(struct tq_store *s, int64_t id,
    struct tq_arena *a, struct tq_page *out, struct tq_err *e);
enum tq_code tq_sql_page_put(struct tq_store *s, int64_t site_id, tq_str path,
    tq_str title, int64_t now_us, int64_t *id, struct tq_err *e);
enum tq_code tq_sql_page_counts(struct tq_store *s, int64_t site_id,
    const tq_str *paths, size_t n, int64_t *out, struct tq_err *e);
enum tq_code tq_sql_comment_add(struct tq_store *s, struct tq_comment *c,
    struct tq_err *e);
enum tq_code tq_sql_comment_get(struct tq_store *s, int64_t id,
    struct tq_arena *a, struct tq_comment *out, struct tq_err *e);
enum tq_code tq_sql_comment_edit(struct tq_store *s, int64_t id,
    enum tq_state from, enum tq_state to, tq_str body, double spam,
    tq_str reasons, int64_t now_us, struct tq_err *e);
enum tq_code tq_sql_comment_set_state(struct tq_store *s, int64_t id,
    enum tq_state from, enum tq_state to, bool by_author, int64_t now_us,
    struct tq_err *e);
enum tq_code tq_sql_thread(struct tq_store *s, int64_t page_id,
    enum tq_sort sort, const struct tq_cursor *from, size_t max,
    struct tq_arena *a, struct tq_thread_slice *out, struct tq_err *e);
enum tq_code tq_sql_thread_place(struct tq_store *s, int64_t comment_id,
    enum tq_sort sort, size_t max, struct tq_cursor *out, struct tq_err *e);
enum tq_code tq_sql_comments_of_owner(struct tq_store *s, int64_t page_id,
    const uint8_t *owner, int64_t since_us, struct tq_arena *a,
    struct tq_comment **out, size_t *n, struct tq_err *e);
enum tq_code tq_sql_owner_published(struct tq_store *s, int64_t site_id,
    const uint8_t *owner, int64_t *out, struct tq_err *e);
enum tq_code tq_sql_comments_in_state(struct tq_store *s, int64_t site_id,
    int64_t page_id, enum tq_state state, int64_t before_id, size_t max,
    struct tq_arena *a, struct tq_comment **out, size_t *n, struct tq_err *e);
enum tq_code tq_sql_state_counts(struct tq_store *s, int64_t site_id,
    int64_t out[TQ_STATES], struct tq_err *e);
enum tq_code tq_sql_feedback_add(struct tq_store *s,
    const struct tq_feedback *f, int64_t *seq, struct tq_err *e);
/* TQ_ENOTFOUND without it. */
enum tq_code tq_sql_site_exists(struct tq_sql_store *s, int64_t id,
    struct tq_err *e);
enum tq_code tq_sql_model_put(struct tq_store *s, int64_t site_id,
    int64_t cursor, tq_str bytes, struct tq_err *e);
enum tq_code tq_sql_model_get(struct tq_store *s, int64_t site_id,
    struct tq_arena *a, int64_t *cursor, tq_str *bytes, struct tq_err *e);
/* Blanks the copies of this comment in the log; a is scratch. */
enum tq_code tq_sql_feedback_erase(struct tq_sql_store *s, int64_t comment_id,
    struct tq_arena *a, struct tq_err *e);
enum tq_code tq_sql_feedback_after(struct tq_store *s, int64_t seq, size_t max,
    struct tq_arena *a, struct tq_feedback **out, size_t *n, struct tq_err *e);
enum tq_code tq_sql_feedback_before(struct tq_store *s, int64_t seq, size_t max,
    struct tq_arena *a, struct tq_feedback **out, size_t *n, struct tq_err *e);
enum tq_code tq_sql_feedback_blank(struct tq_store *s, tq_str actor,
    int64_t since_us, int64_t *n, struct tq_err *e);
enum tq_code tq_sql_feedback_taught(struct tq_store *s, tq_str actor,
    int64_t *spam, int64_t *ham, struct tq_err *e);
enum tq_code tq_sql_model_drop(struct tq_store *s, int64_t site_id,
    struct tq_err *e);
enum tq_code tq_sql_api_key_add(struct tq_store *s, struct tq_api_key *k,
    struct tq_err *e);
enum tq_code tq_sql_api_key_get(struct tq_store *s, int64_t id,
    struct tq_arena *a, struct tq_api_key *out, struct tq_err *e);
enum tq_code tq_sql_api_key_put(struct tq_store *s,
    const struct tq_api_key *k, struct tq_err *e);
enum tq_code tq_sql_api_key_list(struct tq_store *s, struct tq_arena *a,
    struct tq_api_key **out, size_t *n, struct tq_err *e);
enum tq_code tq_sql_key_use_add(struct tq_store *s,
    const struct tq_use_row *r, struct tq_err *e);
enum tq_code tq_sql_key_use_list(struct tq_store *s,
    const struct tq_use_ask *ask, struct tq_arena *a, struct tq_use_row **out,
    size_t *n, struct tq_err *e);
enum tq_code tq_sql_key_use_sum(struct tq_store *s,
    const struct tq_use_ask *ask, int64_t out[TQ_USES], struct tq_err *e);
enum tq_code tq_sql_change_last(struct tq_store *s, int64_t *out,
    struct tq_err *e);
enum tq_code tq_sql_verify(struct tq_store *s,
    void (*problem)(void *ctx, const char *line), void *ctx,
    int64_t *n_checked, int64_t *n_bad, struct tq_err *e);

#endif
