/* store_memory.h - inside of the store in memory: its tables, and the functions
 * that its files share. */
#ifndef TQ_STORE_STORE_MEMORY_H
#define TQ_STORE_STORE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

enum tq_mem_table { TQ_MEM_SITES, TQ_MEM_SETTINGS, TQ_MEM_PAGES,
	TQ_MEM_COMMENTS, TQ_MEM_FEEDBACK, TQ_MEM_MODELS, TQ_MEM_API_KEYS,
	TQ_MEM_KEY_USES, TQ_MEM_TABLES };

struct tq_mem_setting { int64_t site_id; tq_str name, value; };
struct tq_mem_model { int64_t site_id, cursor; tq_str bytes; };

/* Everything that a transaction can change.  Texts lie in the store's arena,
 * are never changed and never freed, so a copy of the tables is a snapshot. */
struct tq_mem_state {
	struct { void *p; size_t n, room; } t[TQ_MEM_TABLES];
	int64_t change;
};

struct tq_mem {
	struct tq_store base;
	struct tq_arena texts;
	struct tq_mem_state now, at_begin, at_mark;
	bool in_tx, marked;
};

static inline struct tq_mem *
tq_mem_self(struct tq_store *s)
{
	return (struct tq_mem *)s;
}

static inline struct tq_comment *
tq_mem_comments(const struct tq_mem *m, size_t *n)
{
	*n = m->now.t[TQ_MEM_COMMENTS].n;
	return m->now.t[TQ_MEM_COMMENTS].p;
}

/* A new zeroed row at the end of a table; NULL without memory. */
void *tq_mem_row_add(struct tq_mem *m, enum tq_mem_table which,
    struct tq_err *e);
/* TQ_EBUG unless a changing call is allowed now. */
enum tq_code tq_mem_may_write(const struct tq_mem *m, struct tq_err *e);
/* TQ_ELIMIT when the arena has failed. */
enum tq_code tq_mem_texts_end(const struct tq_arena *a, struct tq_err *e);
bool tq_mem_site_there(const struct tq_mem *m, int64_t id);
struct tq_page *tq_mem_page_at(const struct tq_mem *m, int64_t id);
/* Ids are 1, 2, 3...; NULL when there is none. */
struct tq_comment *tq_mem_comment(const struct tq_mem *m, int64_t id);
/* Published comments below it, counted. */
int64_t tq_mem_replies(const struct tq_mem *m, int64_t id);
/* A copy whose texts lie in a, with its replies. */
struct tq_comment tq_mem_copy(const struct tq_mem *m,
    const struct tq_comment *c, struct tq_arena *a);

/* The operations of store.h. */
enum tq_code tq_mem_site_add(struct tq_store *s, tq_str name, int64_t now_us,
    int64_t *id, struct tq_err *e);
enum tq_code tq_mem_site_list(struct tq_store *s, struct tq_arena *a,
    struct tq_site **out, size_t *n, struct tq_err *e);
enum tq_code tq_mem_model_put(struct tq_store *s, int64_t site_id,
    int64_t cursor, tq_str bytes, struct tq_err *e);
enum tq_code tq_mem_model_get(struct tq_store *s, int64_t site_id,
    struct tq_arena *a, int64_t *cursor, tq_str *bytes, struct tq_err *e);
enum tq_code tq_mem_setting_put(struct tq_store *s, int64_t site_id,
    tq_str name, tq_str value, struct tq_err *e);
enum tq_code tq_mem_setting_list(struct tq_store *s, int64_t site_id,
    struct tq_arena *a, struct tq_setting **out, size_t *n, struct tq_err *e);
enum tq_code tq_mem_page_get(struct tq_store *s, int64_t site_id, tq_str path,
    struct tq_arena *a, struct tq_page *out, struct tq_err *e);
enum tq_code tq_mem_page_by_id(struct tq_store *s, int64_t id,
    struct tq_arena *a, struct tq_page *out, struct tq_err *e);
enum tq_code tq_mem_page_put(struct tq_store *s, int64_t site_id, tq_str path,
    tq_str title, int64_t now_us, int64_t *id, struct tq_err *e);
enum tq_code tq_mem_page_counts(struct tq_store *s, int64_t site_id,
    const tq_str *paths, size_t n, int64_t *out, struct tq_err *e);
enum tq_code tq_mem_comment_add(struct tq_store *s, struct tq_comment *c,
    struct tq_err *e);
enum tq_code tq_mem_comment_get(struct tq_store *s, int64_t id,
    struct tq_arena *a, struct tq_comment *out, struct tq_err *e);
enum tq_code tq_mem_comment_edit(struct tq_store *s, int64_t id,
    enum tq_state from, enum tq_state to, tq_str body, double spam,
    tq_str reasons, int64_t now_us, struct tq_err *e);
enum tq_code tq_mem_comment_set_state(struct tq_store *s, int64_t id,
    enum tq_state from, enum tq_state to, bool by_author, int64_t now_us,
    struct tq_err *e);
enum tq_code tq_mem_thread(struct tq_store *s, int64_t page_id,
    enum tq_sort sort, const struct tq_cursor *from, size_t max,
    struct tq_arena *a, struct tq_thread_slice *out, struct tq_err *e);
enum tq_code tq_mem_thread_place(struct tq_store *s, int64_t comment_id,
    enum tq_sort sort, size_t max, struct tq_cursor *out, struct tq_err *e);
enum tq_code tq_mem_comments_of_owner(struct tq_store *s, int64_t page_id,
    const uint8_t *owner, int64_t since_us, struct tq_arena *a,
    struct tq_comment **out, size_t *n, struct tq_err *e);
enum tq_code tq_mem_owner_published(struct tq_store *s, int64_t site_id,
    const uint8_t *owner, int64_t *out, struct tq_err *e);
enum tq_code tq_mem_comments_in_state(struct tq_store *s, int64_t site_id,
    int64_t page_id, enum tq_state state, int64_t before_id, size_t max,
    struct tq_arena *a, struct tq_comment **out, size_t *n, struct tq_err *e);
enum tq_code tq_mem_state_counts(struct tq_store *s, int64_t site_id,
    int64_t out[TQ_STATES], struct tq_err *e);
enum tq_code tq_mem_feedback_add(struct tq_store *s,
    const struct tq_feedback *f, int64_t *seq, struct tq_err *e);
enum tq_code tq_mem_feedback_after(struct tq_store *s, int64_t seq, size_t max,
    struct tq_arena *a, struct tq_feedback **out, size_t *n, struct tq_err *e);
enum tq_code tq_mem_feedback_before(struct tq_store *s, int64_t seq, size_t max,
    struct tq_arena *a, struct tq_feedback **out, size_t *n, struct tq_err *e);
enum tq_code tq_mem_feedback_blank(struct tq_store *s, tq_str actor,
    int64_t since_us, int64_t *n, struct tq_err *e);
enum tq_code tq_mem_feedback_taught(struct tq_store *s, tq_str actor,
    int64_t *spam, int64_t *ham, struct tq_err *e);
enum tq_code tq_mem_model_drop(struct tq_store *s, int64_t site_id,
    struct tq_err *e);
enum tq_code tq_mem_api_key_add(struct tq_store *s, struct tq_api_key *k,
    struct tq_err *e);
enum tq_code tq_mem_api_key_get(struct tq_store *s, int64_t id,
    struct tq_arena *a, struct tq_api_key *out, struct tq_err *e);
enum tq_code tq_mem_api_key_put(struct tq_store *s,
    const struct tq_api_key *k, struct tq_err *e);
enum tq_code tq_mem_api_key_list(struct tq_store *s, struct tq_arena *a,
    struct tq_api_key **out, size_t *n, struct tq_err *e);
enum tq_code tq_mem_key_use_add(struct tq_store *s,
    const struct tq_use_row *r, struct tq_err *e);
enum tq_code tq_mem_key_use_list(struct tq_store *s,
    const struct tq_use_ask *ask, struct tq_arena *a, struct tq_use_row **out,
    size_t *n, struct tq_err *e);
enum tq_code tq_mem_key_use_sum(struct tq_store *s,
    const struct tq_use_ask *ask, int64_t out[TQ_USES], struct tq_err *e);
enum tq_code tq_mem_change_last(struct tq_store *s, int64_t *out,
    struct tq_err *e);

#endif
