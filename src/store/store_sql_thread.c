/* Reading threads.  A slice is one to three statements: the rest of the thread
 * where the last slice ended, and the following threads, read as a nested loop
 * over two indexes (roots in their order, and below each its tree), so that
 * the cost is that of the rows returned, however large page and store are. */
#include "store/store_sql.h"

#include "store/path.h"

struct slice {
	struct tq_sql_list list;	/* first: the visitors of rows use it */
	int64_t page_id;
	struct tq_cursor from, at;	/* at: last row taken */
	enum tq_sort sort;
};

static bool
slice_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct slice *sl = ctx;
	size_t before = sl->list.n;
	bool go_on = tq_sql_thread_visit(&sl->list, row, n);

	if (sl->list.n > before) {
		const struct tq_comment *c =
		    (const struct tq_comment *)sl->list.p + before;

		sl->at.root_id = c->root_id;
		sl->at.after_id = c->id;
		if (sl->sort == TQ_SORT_BEST && n > TQ_SQL_THREAD_COLS)
			sl->at.rank = row[TQ_SQL_THREAD_COLS].i;
	}
	return go_on;
}

struct place {
	uint8_t bytes[TQ_PATH_MAX + 1];
	tq_str path;
	int64_t root_id, replies, page_id;
	bool shown, found;
};

static bool
place_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct place *p = ctx;
	tq_str path = row[0].s;

	(void)n;
	if (path.n > TQ_PATH_MAX)
		return false;
	for (size_t i = 0; i < path.n; i++)
		p->bytes[i] = (uint8_t)path.p[i];
	p->path = (tq_str){ (const char *)p->bytes, path.n };
	p->root_id = row[1].i;
	p->replies = row[2].i;
	p->page_id = row[3].i;
	p->shown = row[4].i != 0;
	p->found = true;
	return false;
}

/* Where a comment stands, whether shown or not. */
static enum tq_code
find_place(struct tq_sql_store *s, int64_t id, struct place *p,
    struct tq_err *e)
{
	p->found = false;
	return tq_sql_query(s, &(struct tq_db_call){ .sql = TQ_SQL_PLACE,
	    TQ_DB_ARGS(tq_db_int(id)), .visit = place_visit, .ctx = p }, e);
}

/* One more than wanted shows whether something follows. */
static int64_t
rows_left(const struct slice *sl)
{
	int64_t left = tq_sql_limit(sl->list.max - sl->list.n);

	return left < INT64_MAX ? left + 1 : left;
}

/* What is left of the cursor's own thread.  The path of the last comment seen,
 * with a zero byte behind it, sorts just after it and before whatever else may
 * follow, since the parts of paths begin with 1 to 8. */
static enum tq_code
read_rest(struct slice *sl, struct tq_err *e)
{
	struct tq_sql_store *s = sl->list.s;
	struct place p = { .path = { NULL, 0 } };
	enum tq_code code = TQ_OK;

	if (sl->from.after_id != 0) {
		code = find_place(s, sl->from.after_id, &p, e);
		if (code == TQ_OK && (!p.found || p.page_id != sl->page_id ||
		    p.root_id != sl->from.root_id))
			code = tq_fail(e, TQ_ENOTFOUND,
			    "no such place in the thread");
		p.bytes[p.path.n] = 0;
		p.path = (tq_str){ (const char *)p.bytes, p.path.n + 1 };
	}
	if (code != TQ_OK)
		return code;
	return tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_THREAD_REST, TQ_DB_ARGS(tq_db_int(sl->page_id),
	    tq_db_int(0), tq_db_int(sl->from.root_id),
	    tq_db_int(rows_left(sl)), tq_db_blob(p.path)),
	    .visit = slice_visit, .ctx = sl }, e);
}

/* Roots after rank and root, in one of the orders. */
static enum tq_code
read_roots(struct slice *sl, enum tq_sql which, int64_t rank, int64_t root,
    struct tq_err *e)
{
	return tq_sql_query(sl->list.s, &(struct tq_db_call){
	    .sql = which, TQ_DB_ARGS(tq_db_int(sl->page_id),
	    tq_db_int(rank), tq_db_int(root), tq_db_int(rows_left(sl))),
	    .visit = slice_visit, .ctx = sl }, e);
}

/* The threads after the cursor's. */
static enum tq_code
read_following(struct slice *sl, struct tq_err *e)
{
	const bool start = sl->from.root_id == 0;
	const int64_t root = sl->from.root_id, rank = sl->from.rank;
	enum tq_code code;

	if (sl->sort == TQ_SORT_OLDEST)
		return read_roots(sl, TQ_SQL_THREAD_OLDEST, 0, root, e);
	if (sl->sort == TQ_SORT_NEWEST)
		return read_roots(sl, TQ_SQL_THREAD_NEWEST, 0,
		    start ? INT64_MAX : root, e);
	if (start)
		return read_roots(sl, TQ_SQL_THREAD_BEST, INT64_MAX, 0, e);
	code = read_roots(sl, TQ_SQL_THREAD_TIED, rank, root, e);
	if (code == TQ_OK && !sl->list.more)
		code = read_roots(sl, TQ_SQL_THREAD_BEST, rank, root, e);
	return code;
}

static enum tq_code
read_slice(struct slice *sl, struct tq_err *e)
{
	enum tq_code code = TQ_OK;

	if (sl->from.root_id != 0)
		code = read_rest(sl, e);
	if (code == TQ_OK && !sl->list.more)
		code = read_following(sl, e);
	if (code == TQ_OK)
		code = tq_sql_list_end(&sl->list, "comment", e);
	return code;
}

enum tq_code
tq_sql_thread(struct tq_store *base, int64_t page_id, enum tq_sort sort,
    const struct tq_cursor *from, size_t max, struct tq_arena *a,
    struct tq_thread_slice *out, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct slice sl = { .list = { .s = s, .a = a, .max = max },
	    .page_id = page_id, .from = *from, .at = *from, .sort = sort };
	/* Several statements must see one state of things. */
	const bool own_view = from->root_id != 0 && !s->in_tx;
	enum tq_code code = TQ_OK;

	if (own_view)
		code = s->base.ops->begin(base, e);
	if (code != TQ_OK)
		return code;
	code = read_slice(&sl, e);
	if (own_view)
		s->base.ops->rollback(base);
	if (code != TQ_OK)
		return code;
	*out = (struct tq_thread_slice){ .comments = sl.list.p,
	    .n = sl.list.n, .more = sl.list.more,
	    .next = sl.list.more ? sl.at : (struct tq_cursor){ 0 } };
	return TQ_OK;
}

/* Counts its way to the comment through the index of its tree alone. */
enum tq_code
tq_sql_thread_place(struct tq_store *base, int64_t comment_id,
    enum tq_sort sort, size_t max, struct tq_cursor *out, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	int64_t before = 0, after_id = 0, whole = tq_sql_limit(max);
	struct place p;
	enum tq_code code = find_place(s, comment_id, &p, e);

	if (code == TQ_OK && (!p.found || !p.shown))
		code = tq_fail(e, TQ_ENOTFOUND, "comment %lld is not shown",
		    (long long)comment_id);
	if (code == TQ_OK && max == 0)
		code = tq_fail(e, TQ_EINVALID, "a slice of nothing");
	if (code == TQ_OK)
		code = tq_sql_number(s, (struct tq_db_call){
		    .sql = TQ_SQL_PLACE_COUNT, TQ_DB_ARGS(
		    tq_db_int(p.page_id), tq_db_int(p.root_id),
		    tq_db_blob(p.path)) }, &before, e);
	if (code == TQ_OK && before >= whole)
		code = tq_sql_number(s, (struct tq_db_call){
		    .sql = TQ_SQL_PLACE_AT, TQ_DB_ARGS(
		    tq_db_int(p.page_id), tq_db_int(p.root_id),
		    tq_db_int(before / whole * whole - 1)) }, &after_id, e);
	if (code != TQ_OK)
		return code;
	*out = (struct tq_cursor){ .root_id = p.root_id,
	    .after_id = after_id,
	    .rank = sort == TQ_SORT_BEST ? p.replies : 0 };
	return TQ_OK;
}
