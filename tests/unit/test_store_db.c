/* The driver: parameters, values, transactions, errors. */
#include "unit.h"

#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "store/db.h"

enum { Q_PAIR, Q_ECHO, Q_PUT, Q_ALL, Q_WRONG, Q_BLOB, Q_N };
static const char *const sql[Q_N] = {
	[Q_PAIR] = "SELECT $2, $1",
	[Q_ECHO] = "SELECT $1",
	[Q_PUT] = "INSERT INTO t (id, v) VALUES ($1, $2)",
	[Q_ALL] = "SELECT id, v FROM t ORDER BY id",
	[Q_WRONG] = "SELECT nothing FROM nowhere",
	[Q_BLOB] = "INSERT INTO t VALUES ($1, CAST(zeroblob(1000000) AS TEXT))",
};

static char dir[] = "/tmp/tq-test-db-XXXXXX";
static char path[128];
static struct tq_db *db;
static struct tq_err err;

struct seen {
	struct tq_db_value v[2];
	char text[64];
	size_t rows, stop_after;
};

static bool
see(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct seen *s = ctx;

	for (size_t i = 0; i < n && i < 2; i++)
		s->v[i] = row[i];
	if (s->v[0].s.n > 0 && s->v[0].s.n < sizeof(s->text)) {
		memcpy(s->text, s->v[0].s.p, s->v[0].s.n);
		s->v[0].s.p = s->text;
	}
	return ++s->rows != s->stop_after;
}

static enum tq_code
run(size_t which, struct seen *s, struct tq_db_value a, struct tq_db_value b)
{
	const struct tq_db_value args[2] = { a, b };

	return db->ops->query(db, &(struct tq_db_call){ .sql = which,
	    .args = args, .n_args = 2, .visit = s == NULL ? NULL : see,
	    .ctx = s }, &err);
}

static enum tq_code
put(int64_t id, const char *v)
{
	return run(Q_PUT, NULL, tq_db_int(id), tq_db_text(tq_str_c(v)));
}

static size_t
rows(void)
{
	struct seen s = { .stop_after = 0 };

	assert_int_equal(run(Q_ALL, &s, tq_db_null(), tq_db_null()), TQ_OK);
	return s.rows;
}

static int
open_db(const char *p, bool read_only)
{
	const struct tq_db_options o = { .path = p, .read_only = read_only,
	    .sql = sql, .n_sql = Q_N };

	return tq_db_sqlite.open(&o, &db, &err) == TQ_OK ? 0 : -1;
}

static int
set_up(void **state)
{
	(void)state;
	if (open_db(path, false) != 0)
		return -1;
	return db->ops->exec(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, "
	    "v TEXT NOT NULL CHECK (v <> 'bad')) STRICT;"
	    "PRAGMA application_id=1953261937", &err) == TQ_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	char file[160];

	(void)state;
	tq_db_sqlite.close(db);
	for (size_t i = 0; i < TQ_N(suffixes); i++) {
		(void)snprintf(file, sizeof(file), "%s%s", path, suffixes[i]);
		(void)unlink(file);
	}
	return 0;
}

static void
parameters_are_bound_by_their_number(void **state)
{
	struct seen s = { .stop_after = 0 };

	(void)state;
	assert_int_equal(run(Q_PAIR, &s, tq_db_int(1), tq_db_int(2)), TQ_OK);
	assert_int_equal(s.v[0].i, 2);
	assert_int_equal(s.v[1].i, 1);
}

static void
values_come_back_as_they_went(void **state)
{
	struct seen s = { .stop_after = 0 };
	const struct tq_db_value none = tq_db_null();
	const tq_str odd = TQ_S("a\0b\xff");

	(void)state;
	assert_int_equal(run(Q_ECHO, &s, tq_db_int(INT64_MIN), none), 0);
	assert_int_equal(s.v[0].kind, TQ_DB_INT);
	assert_true(s.v[0].i == INT64_MIN);
	assert_int_equal(run(Q_ECHO, &s, tq_db_real(0.1), none), 0);
	assert_int_equal(s.v[0].kind, TQ_DB_REAL);
	assert_true(s.v[0].d >= 0.1 && s.v[0].d <= 0.1);
	assert_int_equal(run(Q_ECHO, &s, tq_db_text(odd), none), 0);
	assert_int_equal(s.v[0].kind, TQ_DB_TEXT);
	assert_true(tq_str_eq(s.v[0].s, odd));
	assert_int_equal(run(Q_ECHO, &s, tq_db_blob(odd), none), 0);
	assert_int_equal(s.v[0].kind, TQ_DB_BLOB);
	assert_true(tq_str_eq(s.v[0].s, odd));
	assert_int_equal(run(Q_ECHO, &s, tq_db_text((tq_str){ NULL, 0 }),
	    none), 0);
	assert_int_equal(s.v[0].kind, TQ_DB_TEXT);
	assert_int_equal(s.v[0].s.n, 0);
	assert_int_equal(run(Q_ECHO, &s, tq_db_blob((tq_str){ NULL, 0 }),
	    none), 0);
	assert_int_equal(s.v[0].kind, TQ_DB_BLOB);
	assert_int_equal(run(Q_ECHO, &s, none, none), 0);
	assert_int_equal(s.v[0].kind, TQ_DB_NULL);
}

static void
a_visitor_may_stop(void **state)
{
	struct seen s = { .stop_after = 2 };

	(void)state;
	for (int i = 1; i <= 5; i++)
		assert_int_equal(put(i, "x"), TQ_OK);
	assert_int_equal(run(Q_ALL, &s, tq_db_null(), tq_db_null()), TQ_OK);
	assert_int_equal(s.rows, 2);
	assert_int_equal(rows(), 5);
}

static void
errors_have_codes(void **state)
{
	static const struct { int error; enum tq_code code; } cases[] = {
		{ SQLITE_OK, TQ_OK }, { SQLITE_FULL, TQ_ELIMIT },
		{ SQLITE_NOMEM, TQ_ELIMIT }, { SQLITE_TOOBIG, TQ_ELIMIT },
		{ SQLITE_IOERR_NOMEM, TQ_EIO },
		{ SQLITE_BUSY, TQ_EBUSY }, { SQLITE_BUSY_SNAPSHOT, TQ_EBUSY },
		{ SQLITE_LOCKED, TQ_EBUSY },
		{ SQLITE_CONSTRAINT_UNIQUE, TQ_ECONFLICT },
		{ SQLITE_CONSTRAINT_FOREIGNKEY, TQ_ECONFLICT },
		{ SQLITE_CORRUPT, TQ_EIO }, { SQLITE_CORRUPT_VTAB, TQ_EIO },
		{ SQLITE_NOTADB, TQ_EIO }, { SQLITE_IOERR_FSYNC, TQ_EIO },
		{ SQLITE_CANTOPEN, TQ_EIO }, { SQLITE_READONLY, TQ_EIO },
		{ SQLITE_ERROR, TQ_EBUG }, { SQLITE_MISUSE, TQ_EBUG },
		{ SQLITE_RANGE, TQ_EBUG },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(cases); i++)
		if (db->ops->classify(cases[i].error) != cases[i].code)
			fail_msg("error %d", cases[i].error);
	assert_int_equal(put(1, "x"), TQ_OK);
	assert_int_equal(put(1, "x"), TQ_ECONFLICT);
	assert_int_equal(put(2, "bad"), TQ_ECONFLICT);
	assert_int_equal(run(Q_WRONG, NULL, tq_db_null(), tq_db_null()),
	    TQ_EBUG);
	assert_int_equal(run(Q_PUT, NULL, tq_db_int(3), tq_db_null()),
	    TQ_ECONFLICT);
	assert_int_equal(rows(), 1);
}

static void
a_savepoint_undoes_only_what_came_after(void **state)
{
	(void)state;
	assert_int_equal(db->ops->begin(db, &err), TQ_OK);
	assert_int_equal(put(1, "x"), TQ_OK);
	assert_int_equal(db->ops->savepoint(db, &err), TQ_OK);
	assert_int_equal(put(2, "x"), TQ_OK);
	assert_int_equal(put(2, "x"), TQ_ECONFLICT);
	db->ops->undo(db);
	assert_int_equal(put(3, "x"), TQ_OK);
	assert_int_equal(db->ops->commit(db, &err), TQ_OK);
	assert_int_equal(rows(), 2);
	db->ops->rollback(db);
	db->ops->undo(db);
	assert_int_equal(rows(), 2);
}

/* SQLite ends the transaction by itself on a full disk.  What comes after must
 * not commit on its own. */
static void
nothing_is_done_in_a_lost_transaction(void **state)
{
	struct tq_db_call blob = { .sql = Q_BLOB,
	    TQ_DB_ARGS(tq_db_int(9)) };

	(void)state;
	assert_int_equal(put(1, "kept"), TQ_OK);
	assert_int_equal(db->ops->exec(db, "PRAGMA max_page_count=10", &err),
	    TQ_OK);
	assert_int_equal(db->ops->begin(db, &err), TQ_OK);
	assert_int_equal(put(2, "x"), TQ_OK);
	assert_int_equal(db->ops->query(db, &blob, &err), TQ_ELIMIT);
	assert_int_equal(put(3, "x"), TQ_ELIMIT);
	assert_int_equal(db->ops->savepoint(db, &err), TQ_ELIMIT);
	db->ops->undo(db);
	assert_int_equal(put(4, "x"), TQ_ELIMIT);
	assert_int_equal(db->ops->commit(db, &err), TQ_ELIMIT);
	assert_int_equal(rows(), 1);
	assert_int_equal(db->ops->exec(db, "PRAGMA max_page_count=10000",
	    &err), TQ_OK);
	assert_int_equal(db->ops->begin(db, &err), TQ_OK);
	assert_int_equal(put(5, "x"), TQ_OK);
	assert_int_equal(db->ops->commit(db, &err), TQ_OK);
	assert_int_equal(rows(), 2);
}

static void
a_second_writer_waits_then_is_told(void **state)
{
	struct tq_db *first = db;

	(void)state;
	assert_int_equal(first->ops->begin(first, &err), TQ_OK);
	assert_int_equal(open_db(path, false), 0);
	assert_int_equal(db->ops->exec(db, "PRAGMA busy_timeout=10", &err),
	    TQ_OK);
	assert_int_equal(db->ops->begin(db, &err), TQ_EBUSY);
	first->ops->rollback(first);
	assert_int_equal(db->ops->begin(db, &err), TQ_OK);
	db->ops->rollback(db);
	tq_db_sqlite.close(db);
	db = first;
}

static void
a_reader_cannot_write_and_has_one_view(void **state)
{
	struct tq_db *writer = db, *reader;
	bool again = false;

	(void)state;
	assert_int_equal(put(1, "x"), TQ_OK);
	assert_int_equal(open_db(path, true), 0);
	reader = db;
	assert_int_equal(put(2, "x"), TQ_EIO);
	assert_int_equal(reader->ops->begin(reader, &err), TQ_OK);
	assert_int_equal(rows(), 1);
	db = writer;
	assert_int_equal(put(2, "x"), TQ_OK);
	assert_int_equal(db->ops->tidy(db, &again, &err), TQ_OK);
	assert_true(again);		/* the reader needs the log */
	db = reader;
	assert_int_equal(rows(), 1);
	reader->ops->rollback(reader);
	assert_int_equal(rows(), 2);
	db = writer;
	assert_int_equal(db->ops->tidy(db, &again, &err), TQ_OK);
	assert_false(again);
	reader->ops->close(reader);
}

static void
reopening_ends_the_transaction_and_reads(void **state)
{
	char moved[160];

	(void)state;
	assert_int_equal(put(1, "x"), TQ_OK);
	assert_int_equal(db->ops->begin(db, &err), TQ_OK);
	assert_int_equal(put(2, "x"), TQ_OK);
	assert_int_equal(db->ops->reopen(db, &err), TQ_OK);
	assert_int_equal(rows(), 1);
	(void)snprintf(moved, sizeof(moved), "%s.moved", path);
	assert_int_equal(rename(path, moved), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(db->ops->reopen(db, &err), TQ_EIO);
	assert_int_equal(put(3, "x"), TQ_EIO);
	assert_int_equal(db->ops->begin(db, &err), TQ_EIO);
	assert_int_equal(db->ops->exec(db, "SELECT 1", &err), TQ_EIO);
	db->ops->rollback(db);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rename(moved, path), 0);
	assert_int_equal(db->ops->reopen(db, &err), TQ_OK);
	assert_int_equal(rows(), 1);
}

static int
make_dir(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/t.db", dir);
	return 0;
}

static int
drop_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(parameters_are_bound_by_their_number),
		TEST(values_come_back_as_they_went),
		TEST(a_visitor_may_stop),
		TEST(errors_have_codes),
		TEST(a_savepoint_undoes_only_what_came_after),
		TEST(nothing_is_done_in_a_lost_transaction),
		TEST(a_second_writer_waits_then_is_told),
		TEST(a_reader_cannot_write_and_has_one_view),
		TEST(reopening_ends_the_transaction_and_reads),
	};

	return cmocka_run_group_tests_name("store/db", tests, make_dir,
	    drop_dir);
}
