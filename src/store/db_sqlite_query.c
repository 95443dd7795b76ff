/* SQLite: statements, values and transactions.
 *
 * SQLite ends a transaction by itself on a full or failing disk; later
 * statements would then each commit alone, so the handle remembers that its
 * transaction is lost and refuses them until rollback. */
#include "store/db_sqlite.h"

#include <assert.h>
#include <stdio.h>

static const char *const own_sql[TQ_SQLITE_OWN_N] = {
	[TQ_SQLITE_BEGIN_READ] = "BEGIN",
	[TQ_SQLITE_BEGIN_WRITE] = "BEGIN IMMEDIATE",
	[TQ_SQLITE_COMMIT] = "COMMIT",
	[TQ_SQLITE_ROLLBACK] = "ROLLBACK",
	[TQ_SQLITE_MARK] = "SAVEPOINT mark",
	[TQ_SQLITE_RELEASE] = "RELEASE mark",
	[TQ_SQLITE_UNDO] = "ROLLBACK TO mark",
};

enum tq_code
tq_sqlite_classify(int error)
{
	switch (error & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return TQ_OK;
	case SQLITE_FULL:
	case SQLITE_NOMEM:
	case SQLITE_TOOBIG:
		return TQ_ELIMIT;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return TQ_EBUSY;
	case SQLITE_CONSTRAINT:
		return TQ_ECONFLICT;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return TQ_EIO;
	default:
		return TQ_EBUG;
	}
}

enum tq_code
tq_sqlite_fail(struct tq_sqlite *db, int error, struct tq_err *e)
{
	enum tq_code code = tq_sqlite_classify(error);

	if (db->in_tx && db->lost == TQ_OK && sqlite3_get_autocommit(db->h))
		db->lost = code;
	return tq_fail(e, code, "%.120s: %s (SQLite %d)", db->path,
	    sqlite3_errmsg(db->h), error);
}

enum tq_code
tq_sqlite_closed(struct tq_err *e)
{
	return tq_fail(e, TQ_EIO, "store: closed after a failure");
}

static enum tq_code
prepare(struct tq_sqlite *db, size_t at, struct tq_err *e)
{
	struct tq_sqlite_stmt *p = &db->prepared[at];
	const char *text = at < db->n_sql ? db->sql[at] :
	    own_sql[at - db->n_sql];
	int rc = sqlite3_prepare_v3(db->h, text, -1, SQLITE_PREPARE_PERSISTENT,
	    &p->stmt, NULL);

	if (rc != SQLITE_OK)
		return tq_sqlite_fail(db, rc, e);
	for (int i = 0; i < TQ_DB_ARGS_MAX; i++) {
		char name[8];

		(void)snprintf(name, sizeof(name), "$%d", i + 1);
		p->at[i] = (uint8_t)sqlite3_bind_parameter_index(p->stmt, name);
	}
	return TQ_OK;
}

enum tq_code
tq_sqlite_prepare_own(struct tq_sqlite *db, struct tq_err *e)
{
	enum tq_code code = TQ_OK;

	for (size_t i = 0; i < TQ_SQLITE_OWN_N && code == TQ_OK; i++)
		code = prepare(db, db->n_sql + i, e);
	return code;
}

/* The values outlive the call, so SQLite need not copy them.  A slice without
 * bytes may have no pointer, which SQLite would take for NULL. */
static int
bind(sqlite3_stmt *st, int at, const struct tq_db_value *v)
{
	const char *p = v->s.n > 0 ? v->s.p : "";

	switch (v->kind) {
	case TQ_DB_NULL:
		return sqlite3_bind_null(st, at);
	case TQ_DB_INT:
		return sqlite3_bind_int64(st, at, v->i);
	case TQ_DB_REAL:
		return sqlite3_bind_double(st, at, v->d);
	case TQ_DB_TEXT:
		return sqlite3_bind_text64(st, at, p, v->s.n, SQLITE_STATIC,
		    SQLITE_UTF8);
	case TQ_DB_BLOB:
		return sqlite3_bind_blob64(st, at, p, v->s.n, SQLITE_STATIC);
	}
	return SQLITE_MISUSE;
}

/* By value, because each sqlite3_column_* call locks and checks anew; in the
 * multi-thread mode that start_library sets these values are safe to read
 * (sqlite.org/c3ref/value.html). */
static void
column(sqlite3_stmt *st, int i, struct tq_db_value *v)
{
	sqlite3_value *from = sqlite3_column_value(st, i);
	const char *p;

	switch (sqlite3_value_type(from)) {
	case SQLITE_INTEGER:
		*v = tq_db_int(sqlite3_value_int64(from));
		return;
	case SQLITE_FLOAT:
		*v = tq_db_real(sqlite3_value_double(from));
		return;
	case SQLITE_TEXT:
		p = (const char *)sqlite3_value_text(from);
		*v = tq_db_text((tq_str){ p,
		    (size_t)sqlite3_value_bytes(from) });
		break;
	case SQLITE_BLOB:
		p = sqlite3_value_blob(from);
		*v = tq_db_blob((tq_str){ p,
		    (size_t)sqlite3_value_bytes(from) });
		break;
	default:
		*v = tq_db_null();
		return;
	}
	if (v->s.p == NULL)
		v->s.n = 0;
}

static int
visit_rows(sqlite3_stmt *st, const struct tq_db_call *c)
{
	struct tq_db_value row[TQ_DB_ARGS_MAX];
	int n = sqlite3_column_count(st);
	int rc;

	assert(n <= TQ_DB_ARGS_MAX);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		if (c->visit == NULL)
			continue;
		for (int i = 0; i < n; i++)
			column(st, i, &row[i]);
		if (!c->visit(c->ctx, row, (size_t)n))
			return SQLITE_DONE;
	}
	return rc;
}

enum tq_code
tq_sqlite_query(struct tq_db *base, const struct tq_db_call *c,
    struct tq_err *e)
{
	struct tq_sqlite *db = tq_sqlite_self(base);
	struct tq_sqlite_stmt *p = &db->prepared[c->sql];
	enum tq_code code;
	int rc = SQLITE_OK;

	if (db->h == NULL)
		return tq_sqlite_closed(e);
	if (db->lost != TQ_OK)
		return tq_fail(e, db->lost, "store: the transaction was lost");
	assert(c->n_args <= TQ_DB_ARGS_MAX);
	if (p->stmt == NULL) {
		code = prepare(db, c->sql, e);
		if (code != TQ_OK)
			return code;
	}
	for (size_t i = 0; i < c->n_args && rc == SQLITE_OK; i++)
		if (p->at[i] != 0)
			rc = bind(p->stmt, p->at[i], &c->args[i]);
	if (rc == SQLITE_OK)
		rc = visit_rows(p->stmt, c);
	code = rc == SQLITE_DONE ? TQ_OK : tq_sqlite_fail(db, rc, e);
	(void)sqlite3_reset(p->stmt);
	return code;
}

static enum tq_code
run_own(struct tq_sqlite *db, enum tq_sqlite_own which, struct tq_err *e)
{
	return tq_sqlite_query(&db->base, &(struct tq_db_call){
	    .sql = db->n_sql + (size_t)which }, e);
}

/* Without any memory even a rollback can fail: then nothing may be read or
 * written until one succeeds. */
void
tq_sqlite_rollback(struct tq_db *base)
{
	struct tq_sqlite *db = tq_sqlite_self(base);
	struct tq_err why = { .code = TQ_OK };

	db->lost = TQ_OK;
	if (db->h != NULL && !sqlite3_get_autocommit(db->h))
		(void)run_own(db, TQ_SQLITE_ROLLBACK, &why);
	db->in_tx = db->marked = false;
	db->lost = why.code;
}

enum tq_code
tq_sqlite_begin(struct tq_db *base, struct tq_err *e)
{
	struct tq_sqlite *db = tq_sqlite_self(base);
	enum tq_code code;

	assert(!db->in_tx);
	if (db->lost != TQ_OK)
		tq_sqlite_rollback(base);
	code = run_own(db, db->read_only ? TQ_SQLITE_BEGIN_READ :
	    TQ_SQLITE_BEGIN_WRITE, e);
	db->in_tx = code == TQ_OK;
	db->marked = false;
	return code;
}

enum tq_code
tq_sqlite_commit(struct tq_db *base, struct tq_err *e)
{
	struct tq_sqlite *db = tq_sqlite_self(base);
	enum tq_code code = run_own(db, TQ_SQLITE_COMMIT, e);

	if (code != TQ_OK)
		tq_sqlite_rollback(base);
	db->in_tx = db->marked = false;
	return code;
}

enum tq_code
tq_sqlite_savepoint(struct tq_db *base, struct tq_err *e)
{
	struct tq_sqlite *db = tq_sqlite_self(base);
	enum tq_code code = TQ_OK;

	if (db->marked)
		code = run_own(db, TQ_SQLITE_RELEASE, e);
	if (code == TQ_OK)
		code = run_own(db, TQ_SQLITE_MARK, e);
	db->marked = code == TQ_OK;
	return code;
}

void
tq_sqlite_undo(struct tq_db *base)
{
	struct tq_sqlite *db = tq_sqlite_self(base);
	struct tq_err why;

	if (!db->marked)
		return;
	/* What cannot be undone must not be committed. */
	if (run_own(db, TQ_SQLITE_UNDO, &why) != TQ_OK && db->lost == TQ_OK)
		db->lost = why.code;
}

enum tq_code
tq_sqlite_exec(struct tq_db *base, const char *script, struct tq_err *e)
{
	struct tq_sqlite *db = tq_sqlite_self(base);
	int rc;

	if (db->h == NULL)
		return tq_sqlite_closed(e);
	rc = sqlite3_exec(db->h, script, NULL, NULL, NULL);
	return rc == SQLITE_OK ? TQ_OK : tq_sqlite_fail(db, rc, e);
}
