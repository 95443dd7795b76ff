/* Verify: the engine's check, then every row against its MAC, then what is
 * counted from rows against a fresh count.  Everything is streamed: memory is
 * one row and one branch of a tree.  A line names kinds of rows and ids, never
 * what somebody wrote. */
#include "store/store_sql.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "store/path.h"

struct branch { int64_t id, replies, counted; bool published; };

struct check {
	struct tq_sql_store *s;
	void (*problem)(void *ctx, const char *line);
	void *ctx;
	int64_t n_checked, n_bad;
	struct tq_arena a;		/* one row */
	struct branch up[TQ_DEPTH_MAX + 1];
	size_t n_up;
	int64_t root_id;
};

__attribute__((format(printf, 2, 3)))
static void
bad(struct check *k, const char *fmt, ...)
{
	char line[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	k->n_bad++;
	k->problem(k->ctx, line);
}

static void
check_mac(struct check *k, const struct tq_sql_mac *mac,
    const struct tq_db_value *column, const char *what, int64_t id)
{
	k->n_checked++;
	if (!tq_sql_mac_same(mac, column))
		bad(k, "%s %lld: its MAC is wrong", what, (long long)id);
}

static bool
site_row(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct check *k = ctx;
	struct tq_site site = { .id = row[0].i, .name = row[1].s,
	    .created_us = row[2].i };
	struct tq_sql_mac mac = tq_sql_mac_site(k->s->mac_key, &site);

	(void)n;
	check_mac(k, &mac, &row[3], "site", site.id);
	return true;
}

static bool
setting_row(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct check *k = ctx;
	struct tq_setting setting = { row[0].s, row[1].s };
	struct tq_sql_mac mac = tq_sql_mac_setting(k->s->mac_key, row[3].i,
	    &setting);

	(void)n;
	check_mac(k, &mac, &row[2], "setting of site", row[3].i);
	return true;
}

static bool
model_row(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct check *k = ctx;
	struct tq_sql_mac mac = tq_sql_mac_model(k->s->mac_key, row[0].i,
	    row[1].i, row[2].s);

	check_mac(k, &mac, &row[n - 1], "model of site", row[0].i);
	return true;
}

static bool
api_key_row(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct check *k = ctx;
	struct tq_api_key key;
	struct tq_sql_mac mac;

	if (!tq_sql_api_key_row(row, &k->a, &key))
		return false;
	mac = tq_sql_mac_api_key(k->s->mac_key, &key);
	check_mac(k, &mac, &row[n - 1], "key", key.id);
	tq_arena_free(&k->a);
	return true;
}

static bool
key_use_row(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct check *k = ctx;
	struct tq_use_row use;
	struct tq_sql_mac mac;

	if (!tq_sql_key_use_row(row, &k->a, &use))
		return false;
	mac = tq_sql_mac_key_use(k->s->mac_key, &use);
	check_mac(k, &mac, &row[n - 1], "use of key", use.key_id);
	tq_arena_free(&k->a);
	return true;
}

static bool
page_row(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct check *k = ctx;
	struct tq_page page = { .id = row[0].i, .site_id = row[1].i,
	    .path = row[2].s, .title = row[3].s, .created_us = row[4].i };
	struct tq_sql_mac mac = tq_sql_mac_page(k->s->mac_key, &page);

	(void)n;
	check_mac(k, &mac, &row[7], "page", page.id);
	if (row[5].i != row[8].i)
		bad(k, "page %lld: counts %lld published comments, has %lld",
		    (long long)page.id, (long long)row[5].i,
		    (long long)row[8].i);
	if (row[6].i != row[9].i)
		bad(k, "page %lld: change %lld, its comments' last is %lld",
		    (long long)page.id, (long long)row[6].i,
		    (long long)row[9].i);
	return true;
}

static bool
feedback_row(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct check *k = ctx;
	struct tq_feedback f;
	struct tq_sql_mac mac;

	if (!tq_sql_feedback_row(row, &k->a, &f))
		return false;
	mac = tq_sql_mac_feedback(k->s->mac_key, &f);
	check_mac(k, &mac, &row[n - 1], "feedback row", f.seq);
	tq_arena_free(&k->a);
	return true;
}

/* Columns behind the comment's own: shown, and of the parent id, page_id,
 * root_id, depth, path; then the page's site_id. */
static void
check_place(struct check *k, const struct tq_comment *c, tq_str path,
    const struct tq_db_value *more)
{
	const bool top = c->parent_id == 0;
	const struct tq_db_value *parent = more + 1;
	uint8_t bytes[TQ_PATH_MAX];
	tq_str expect = { NULL, 0 };

	if (!top)
		expect = tq_path_child(bytes, parent[4].s, c->parent_id,
		    c->id);
	if (top ? c->root_id != c->id || c->depth != 0 :
	    parent[0].i != c->parent_id || parent[1].i != c->page_id ||
	    parent[2].i != c->root_id || parent[3].i + 1 != c->depth)
		bad(k, "comment %lld: does not fit its parent",
		    (long long)c->id);
	if (!tq_str_eq(expect, path))
		bad(k, "comment %lld: its place in the thread is wrong",
		    (long long)c->id);
	if (more[6].kind != TQ_DB_INT || more[6].i != c->site_id)
		bad(k, "comment %lld: its page is of another site",
		    (long long)c->id);
}

static bool
comment_row(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct check *k = ctx;
	const struct tq_db_value *more = row + TQ_SQL_COMMENT_COLS;
	tq_str path = tq_sql_comment_path(row);
	struct tq_comment c;
	struct tq_sql_mac mac;
	bool shown;

	if (!tq_sql_comment_row(row, n, &k->a, &c))
		return false;
	mac = tq_sql_mac_comment(k->s->mac_key, &c, path);
	check_mac(k, &mac, &row[TQ_SQL_COMMENT_COLS - 1], "comment", c.id);
	check_place(k, &c, path, more);
	shown = c.state == TQ_PUBLISHED || c.replies > 0;
	if (more[0].i != shown)
		bad(k, "comment %lld: marked as %s", (long long)c.id,
		    shown ? "hidden" : "shown");
	tq_arena_free(&k->a);
	return true;
}

static void
pop(struct check *k)
{
	const struct branch *b = &k->up[--k->n_up];

	if (b->counted != b->replies)
		bad(k, "comment %lld: counts %lld replies, has %lld",
		    (long long)b->id, (long long)b->replies,
		    (long long)b->counted);
	if (k->n_up > 0)
		k->up[k->n_up - 1].counted += b->counted + b->published;
}

/* Shown comments in depth-first order; k->up is the branch above. */
static bool
tree_row(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct check *k = ctx;
	const int64_t id = row[0].i, root = row[1].i, depth = row[3].i;

	(void)n;
	while (k->n_up > 0 && (root != k->root_id ||
	    (int64_t)k->n_up > depth))
		pop(k);
	k->root_id = root;
	if (depth != (int64_t)k->n_up || depth > TQ_DEPTH_MAX ||
	    (depth > 0 && k->up[depth - 1].id != row[2].i)) {
		bad(k, "comment %lld: shown, what it answers is not",
		    (long long)id);
		return true;
	}
	k->up[k->n_up++] = (struct branch){ .id = id, .replies = row[5].i,
	    .published = row[4].i == TQ_PUBLISHED };
	return true;
}

static bool
tally_row(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct check *k = ctx;

	(void)n;
	if (row[2].i != row[3].i)
		bad(k, "site %lld: counts %lld comments as %s, has %lld",
		    (long long)row[0].i, (long long)row[2].i,
		    tq_state_name((enum tq_state)row[1].i),
		    (long long)row[3].i);
	return true;
}

static bool
counter_row(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct check *k = ctx;

	(void)n;
	k->n_checked++;
	if (row[0].i != row[1].i)
		bad(k, "change counter: %lld, the pages' last is %lld",
		    (long long)row[0].i, (long long)row[1].i);
	return true;
}

static void
engine_problem(void *ctx, const char *line)
{
	struct check *k = ctx;

	bad(k, "%s", line);
}

static void
check_all(struct check *k)
{
	static const struct { const char *what; enum tq_sql sql;
	    tq_db_visit *visit; } stages[] = {
		{ "sites", TQ_SQL_VERIFY_SITES, site_row },
		{ "settings", TQ_SQL_VERIFY_SETTINGS, setting_row },
		{ "models", TQ_SQL_VERIFY_MODELS, model_row },
		{ "keys", TQ_SQL_VERIFY_API_KEYS, api_key_row },
		{ "use of keys", TQ_SQL_VERIFY_KEY_USES, key_use_row },
		{ "pages", TQ_SQL_VERIFY_PAGES, page_row },
		{ "feedback", TQ_SQL_VERIFY_FEEDBACK, feedback_row },
		{ "comments", TQ_SQL_VERIFY_COMMENTS, comment_row },
		{ "threads", TQ_SQL_VERIFY_TREE, tree_row },
		{ "counts", TQ_SQL_VERIFY_TALLY, tally_row },
		{ "changes", TQ_SQL_VERIFY_COUNTER, counter_row },
	};
	struct tq_err why;

	if (k->s->db->ops->check(k->s->db, engine_problem, k, &why) != TQ_OK)
		bad(k, "engine: %s", why.text);
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
		const struct tq_db_call call = { .sql = stages[i].sql,
		    .visit = stages[i].visit, .ctx = k };

		if (tq_sql_query(k->s, &call, &why) != TQ_OK)
			bad(k, "%s: %s", stages[i].what, why.text);
		else if (k->a.failed)
			bad(k, "%s: a row too large to read", stages[i].what);
		while (k->n_up > 0)
			pop(k);
		tq_arena_free(&k->a);
	}
}

enum tq_code
tq_sql_verify(struct tq_store *base,
    void (*problem)(void *ctx, const char *line), void *ctx,
    int64_t *n_checked, int64_t *n_bad, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	const bool own_view = !s->in_tx;
	struct check k = { .s = s, .problem = problem, .ctx = ctx };
	enum tq_code code = own_view ? base->ops->begin(base, e) : TQ_OK;

	if (code != TQ_OK)
		return code;
	tq_arena_init(&k.a, 256 << 20);
	check_all(&k);
	if (own_view)
		base->ops->rollback(base);
	*n_checked = k.n_checked;
	*n_bad = k.n_bad;
	return TQ_OK;
}
