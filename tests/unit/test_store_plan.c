/* How SQLite means to run each statement: what a page asks for is found by an
 * index, in its order, whatever the size of the store. */
#include "unit.h"

#include <stdio.h>

#include "store/migrate.h"
#include "store/store_sql.h"

static struct tq_err err;

/* Statements that read everything, or a table that is small by nature. */
static bool
may_scan(size_t sql)
{
	return sql == TQ_SQL_SITE_LIST || sql == TQ_SQL_TALLY_ALL ||
	    sql == TQ_SQL_API_KEY_LIST ||
	    sql >= TQ_SQL_VERIFY_SITES;
}

/* Words that the plan must have. */
static const char *const wanted[TQ_SQL_N] = {
	[TQ_SQL_THREAD_REST] =
	    "comment_tree (page_id=? AND root_id=? AND path>?)",
	[TQ_SQL_THREAD_NEWEST] = "comment_tree (page_id=? AND root_id=?)",
	[TQ_SQL_THREAD_OLDEST] = "comment_tree (page_id=? AND root_id=?)",
	[TQ_SQL_THREAD_BEST] = "comment_tree (page_id=? AND root_id=?)",
	[TQ_SQL_THREAD_TIED] =
	    "comment_best (page_id=? AND replies=? AND id<?)",
	[TQ_SQL_OWNER_STATE] = "comment_owner (owner=? AND state=? AND "
	    "site_id=? AND page_id=? AND created_us>?)",
	[TQ_SQL_OWNER_PUBLISHED] =
	    "COVERING INDEX comment_owner (owner=? AND state=? AND site_id=?)",
	[TQ_SQL_STATE_PAGE] =
	    "comment_page_state (page_id=? AND state=? AND id<?)",
	[TQ_SQL_STATE_SITE] =
	    "comment_site_state (site_id=? AND state=? AND id<?)",
	[TQ_SQL_FEEDBACK_BY] = "feedback_actor (actor=? AND at_us>?)",
	[TQ_SQL_FEEDBACK_TAUGHT] = "feedback_actor (actor=?)",
	[TQ_SQL_KEY_USE_LIST] = "PRIMARY KEY (key_id=? AND day>? AND day<?)",
	[TQ_SQL_STATE_ALL] = "comment_state (state=? AND id<?)",
};

struct plan {
	size_t sql;
	bool found;
};

static bool
see(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct plan *p = ctx;
	tq_str line = row[n - 1].s;
	const char *want = wanted[p->sql];

	if (want != NULL && tq_str_find(line, tq_str_c(want)) < line.n)
		p->found = true;
	if (may_scan(p->sql) || tq_str_eq(line, TQ_S("SCAN counted")))
		return true;
	if (tq_str_starts(line, TQ_S("SCAN")) ||
	    tq_str_find(line, TQ_S("TEMP B-TREE")) < line.n)
		fail_msg("%s: %.*s", tq_sql_texts[p->sql], TQ_FMT(line));
	return true;
}

static void
statements_find_by_index(void **state)
{
	static char text[TQ_SQL_N][1600];
	static const char *sql[TQ_SQL_N];
	const struct tq_db_options o = { .path = ":memory:", .sql = sql,
	    .n_sql = TQ_SQL_N };
	struct tq_db *db;

	(void)state;
	for (size_t i = 0; i < TQ_N(sql); i++) {
		assert_non_null(tq_sql_texts[i]);
		assert_true(snprintf(text[i], sizeof(text[i]),
		    "EXPLAIN QUERY PLAN %s", tq_sql_texts[i]) <
		    (int)sizeof(text[i]));
		sql[i] = text[i];
	}
	assert_int_equal(tq_db_sqlite.open(&o, &db, &err), TQ_OK);
	assert_int_equal(tq_migrate(db, tq_migrations, tq_migrations_n, &err),
	    TQ_OK);
	for (size_t i = 0; i < TQ_N(sql); i++) {
		struct plan p = { .sql = i };

		if (db->ops->query(db, &(struct tq_db_call){ .sql = i,
		    .visit = see, .ctx = &p }, &err) != TQ_OK)
			fail_msg("%s: %s", tq_sql_texts[i], err.text);
		if (wanted[i] != NULL && !p.found)
			fail_msg("%s: no %s", tq_sql_texts[i], wanted[i]);
	}
	db->ops->close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statements_find_by_index),
	};

	return cmocka_run_group_tests_name("store/plan", tests, NULL, NULL);
}
