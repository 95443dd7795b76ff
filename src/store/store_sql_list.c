/* Lists across threads: one reader's comments, comments in a state, and the
 * feedback log. */
#include "store/store_sql.h"

#include <stdlib.h>
#include <string.h>

#include "store/input.h"

#define OWNER_MAX 50		/* comments_of_owner */
#define OWNER_COUNT_MAX 100	/* owner_published */

static enum tq_code
owner_in_state(struct tq_sql_list *l, const struct tq_db_value key[2],
    enum tq_state state, int64_t since_us, struct tq_err *e)
{
	return tq_sql_query(l->s, &(struct tq_db_call){
	    .sql = TQ_SQL_OWNER_STATE, TQ_DB_ARGS(key[0], tq_db_int(state),
	    key[1], tq_db_int(since_us), tq_db_int(OWNER_MAX)),
	    .visit = tq_sql_comment_visit, .ctx = l }, e);
}

static int
older_first(const void *pa, const void *pb)
{
	const struct tq_comment *a = pa, *b = pb;

	if (a->created_us != b->created_us)
		return a->created_us < b->created_us ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

/* The oldest of each state, then the oldest of those. */
enum tq_code
tq_sql_comments_of_owner(struct tq_store *base, int64_t page_id,
    const uint8_t *owner, int64_t since_us, struct tq_arena *a,
    struct tq_comment **out, size_t *n, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct tq_sql_list l = { .s = s, .a = a, .max = SIZE_MAX };
	const struct tq_db_value key[2] = {
		tq_db_blob((tq_str){ (const char *)owner, TQ_OWNER_BYTES }),
		tq_db_int(page_id),
	};
	enum tq_code code = TQ_OK;

	if (!tq_owner_none(owner)) {
		code = owner_in_state(&l, key, TQ_PUBLISHED, since_us, e);
		if (code == TQ_OK)
			code = owner_in_state(&l, key, TQ_HELD, INT64_MIN, e);
		if (code == TQ_OK)
			code = owner_in_state(&l, key, TQ_SPAM, INT64_MIN, e);
	}
	if (code == TQ_OK)
		code = tq_sql_list_end(&l, "comment", e);
	if (code != TQ_OK)
		return code;
	if (l.n > 1)
		qsort(l.p, l.n, sizeof(struct tq_comment), older_first);
	*out = l.p;
	*n = l.n < OWNER_MAX ? l.n : OWNER_MAX;
	return TQ_OK;
}

enum tq_code
tq_sql_owner_published(struct tq_store *base, int64_t site_id,
    const uint8_t *owner, int64_t *out, struct tq_err *e)
{
	const tq_str key = { (const char *)owner, TQ_OWNER_BYTES };

	if (tq_owner_none(owner)) {
		*out = 0;
		return TQ_OK;
	}
	return tq_sql_number(tq_sql_self(base), (struct tq_db_call){
	    .sql = TQ_SQL_OWNER_PUBLISHED, TQ_DB_ARGS(tq_db_blob(key),
	    tq_db_int(site_id), tq_db_int(OWNER_COUNT_MAX)) }, out, e);
}

enum tq_code
tq_sql_comments_in_state(struct tq_store *base, int64_t site_id,
    int64_t page_id, enum tq_state state, int64_t before_id, size_t max,
    struct tq_arena *a, struct tq_comment **out, size_t *n, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct tq_sql_list l = { .s = s, .a = a, .max = max };
	const bool by_page = page_id != 0, by_site = site_id != 0;
	enum tq_code code = tq_sql_query(s, &(struct tq_db_call){
	    .sql = by_page ? TQ_SQL_STATE_PAGE : by_site ? TQ_SQL_STATE_SITE :
	    TQ_SQL_STATE_ALL,
	    TQ_DB_ARGS(tq_db_int(by_page ? page_id : site_id),
	    tq_db_int(state), tq_db_int(before_id > 0 ? before_id : INT64_MAX),
	    tq_db_int(tq_sql_limit(max)), tq_db_int(site_id)),
	    .visit = tq_sql_comment_visit, .ctx = &l }, e);

	if (code == TQ_OK)
		code = tq_sql_list_end(&l, "comment", e);
	if (code == TQ_OK) {
		*out = l.p;
		*n = l.n;
	}
	return code;
}

static bool
tally_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	int64_t *counts = ctx;

	(void)n;
	if (row[0].i >= 0 && row[0].i < TQ_STATES)
		counts[row[0].i] = row[1].i;
	return true;
}

enum tq_code
tq_sql_state_counts(struct tq_store *base, int64_t site_id,
    int64_t out[TQ_STATES], struct tq_err *e)
{
	int64_t counts[TQ_STATES] = { 0 };
	enum tq_code code = tq_sql_query(tq_sql_self(base),
	    &(struct tq_db_call){
	    .sql = site_id != 0 ? TQ_SQL_TALLY_LIST : TQ_SQL_TALLY_ALL,
	    TQ_DB_ARGS(tq_db_int(site_id)),
	    .visit = tally_visit, .ctx = counts }, e);

	if (code == TQ_OK)
		memcpy(out, counts, sizeof(counts));
	return code;
}

enum tq_code
tq_sql_feedback_add(struct tq_store *base, const struct tq_feedback *given,
    int64_t *seq, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct tq_feedback f = *given;
	enum tq_code code = tq_sql_may_write(s, e);
	struct tq_sql_mac mac;

	if (code == TQ_OK)
		code = tq_input_feedback(given, e);
	if (code == TQ_OK)
		code = tq_sql_number(s, (struct tq_db_call){
		    .sql = TQ_SQL_FEEDBACK_NEXT }, &f.seq, e);
	if (code != TQ_OK)
		return code;
	mac = tq_sql_mac_feedback(s->mac_key, &f);
	code = tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_FEEDBACK_ADD, TQ_DB_ARGS(tq_db_int(f.seq),
	    tq_db_int(f.site_id), tq_db_int(f.comment_id), tq_db_int(f.at_us),
	    tq_db_int(f.from), tq_db_int(f.to), tq_db_text(f.actor),
	    tq_db_text(f.name), tq_db_text(f.url), tq_db_text(f.body),
	    tq_sql_mac_value(&mac)) }, e);
	if (code == TQ_OK)
		*seq = f.seq;
	return code;
}

static bool
feedback_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct tq_sql_list *l = ctx;
	struct tq_feedback *f;
	struct tq_sql_mac mac;

	if (l->n == l->max)
		return false;
	f = tq_sql_list_add(l, sizeof(*f));
	if (f == NULL || !tq_sql_feedback_row(row, l->a, f))
		return false;
	mac = tq_sql_mac_feedback(l->s->mac_key, f);
	if (!l->trust && !tq_sql_mac_same(&mac, &row[n - 1]))
		l->bad_id = f->seq;
	return l->bad_id == 0;
}

static enum tq_code
blank(struct tq_sql_store *s, const struct tq_feedback *from,
    struct tq_err *e)
{
	struct tq_feedback f = *from;
	struct tq_sql_mac mac;

	f.name = f.url = f.body = (tq_str){ NULL, 0 };
	mac = tq_sql_mac_feedback(s->mac_key, &f);
	return tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_FEEDBACK_BLANK, TQ_DB_ARGS(tq_db_int(f.seq),
	    tq_sql_mac_value(&mac)) }, e);
}

enum tq_code
tq_sql_feedback_erase(struct tq_sql_store *s, int64_t comment_id,
    struct tq_arena *a, struct tq_err *e)
{
	const size_t max = 64;	/* at once */
	struct tq_feedback *rows;
	struct tq_sql_list l;
	int64_t seq = 0;
	enum tq_code code;

	do {
		l = (struct tq_sql_list){ .s = s, .a = a, .max = max,
		    .trust = true };	/* damaged rows, too, must go */
		code = tq_sql_query(s, &(struct tq_db_call){
		    .sql = TQ_SQL_FEEDBACK_OF, TQ_DB_ARGS(
		    tq_db_int(comment_id), tq_db_int(seq),
		    tq_db_int(tq_sql_limit(max))), .visit = feedback_visit,
		    .ctx = &l }, e);
		if (code == TQ_OK)
			code = tq_sql_list_end(&l, "feedback row", e);
		rows = l.p;
		for (size_t i = 0; code == TQ_OK && i < l.n; i++) {
			seq = rows[i].seq;
			code = blank(s, &rows[i], e);
		}
	} while (code == TQ_OK && l.n == max);
	return code;
}

enum tq_code
tq_sql_feedback_blank(struct tq_store *base, tq_str actor, int64_t since_us,
    int64_t *n, struct tq_err *e)
{
	const size_t max = 64;	/* at once */
	struct tq_sql_store *s = tq_sql_self(base);
	int64_t at_us = since_us, seq = -1, blanked = 0;
	enum tq_code code = tq_sql_may_write(s, e);
	struct tq_feedback *rows;
	struct tq_sql_list l = { .n = 0 };
	struct tq_arena a;

	tq_arena_init(&a, (size_t)64 << 20);
	while (code == TQ_OK) {
		l = (struct tq_sql_list){ .s = s, .a = &a, .max = max,
		    .trust = true };	/* damaged rows, too, must go */
		code = tq_sql_query(s, &(struct tq_db_call){
		    .sql = TQ_SQL_FEEDBACK_BY, TQ_DB_ARGS(tq_db_text(actor),
		    tq_db_int(at_us), tq_db_int(seq),
		    tq_db_int(tq_sql_limit(max))), .visit = feedback_visit,
		    .ctx = &l }, e);
		if (code == TQ_OK)
			code = tq_sql_list_end(&l, "feedback row", e);
		rows = l.p;
		for (size_t i = 0; code == TQ_OK && i < l.n; i++) {
			at_us = rows[i].at_us;
			seq = rows[i].seq;
			if (rows[i].name.n + rows[i].url.n + rows[i].body.n ==
			    0)
				continue;
			blanked++;
			code = blank(s, &rows[i], e);
		}
		tq_arena_free(&a);
		if (l.n < max)
			break;
	}
	s->erased |= blanked > 0;
	if (code == TQ_OK)
		*n = blanked;
	return code;
}

static bool
taught_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	int64_t *counts = ctx;

	(void)n;
	counts[0] = row[0].i;
	counts[1] = row[1].i;
	return false;
}

enum tq_code
tq_sql_feedback_taught(struct tq_store *base, tq_str actor, int64_t *spam,
    int64_t *ham, struct tq_err *e)
{
	int64_t counts[2] = { 0, 0 };
	enum tq_code code = tq_sql_query(tq_sql_self(base),
	    &(struct tq_db_call){ .sql = TQ_SQL_FEEDBACK_TAUGHT,
	    TQ_DB_ARGS(tq_db_text(actor)), .visit = taught_visit,
	    .ctx = counts }, e);

	if (code == TQ_OK) {
		*spam = counts[0];
		*ham = counts[1];
	}
	return code;
}

static enum tq_code
feedback_rows(struct tq_sql_list *l, unsigned sql, int64_t seq,
    struct tq_err *e)
{
	enum tq_code code = tq_sql_query(l->s, &(struct tq_db_call){
	    .sql = sql, TQ_DB_ARGS(tq_db_int(seq),
	    tq_db_int(tq_sql_limit(l->max))), .visit = feedback_visit,
	    .ctx = l }, e);

	return code == TQ_OK ? tq_sql_list_end(l, "feedback row", e) : code;
}

enum tq_code
tq_sql_feedback_after(struct tq_store *base, int64_t seq, size_t max,
    struct tq_arena *a, struct tq_feedback **out, size_t *n, struct tq_err *e)
{
	struct tq_sql_list l = { .s = tq_sql_self(base), .a = a, .max = max };
	enum tq_code code = feedback_rows(&l, TQ_SQL_FEEDBACK_AFTER, seq, e);

	if (code == TQ_OK) {
		*out = l.p;
		*n = l.n;
	}
	return code;
}

enum tq_code
tq_sql_feedback_before(struct tq_store *base, int64_t seq, size_t max,
    struct tq_arena *a, struct tq_feedback **out, size_t *n, struct tq_err *e)
{
	struct tq_sql_list l = { .s = tq_sql_self(base), .a = a, .max = max };
	enum tq_code code = feedback_rows(&l, TQ_SQL_FEEDBACK_BEFORE, seq, e);

	if (code == TQ_OK) {
		*out = l.p;
		*n = l.n;
	}
	return code;
}
