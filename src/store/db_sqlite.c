/* SQLite behind the driver; the only file that knows its library.
 *
 * WAL with synchronous=FULL: NORMAL loses acknowledged rows at a power cut.
 * secure_delete zeroes what is deleted inside the file; the log file keeps old
 * pages until tidy truncates it.  SQLite ends a transaction by itself on a full
 * or failing disk; later statements would then each commit alone, so the handle
 * remembers that its transaction is lost and refuses them (see lost). */
#include "store/db.h"

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define APPLICATION_ID 1953261937	/* "tliq" */
#define BUSY_MS 5000
#define TIDY_BUSY_MS 20

/* The driver's own statements stand behind the caller's in the table. */
enum own { OWN_BEGIN_READ, OWN_BEGIN_WRITE, OWN_COMMIT, OWN_ROLLBACK,
	OWN_MARK, OWN_RELEASE, OWN_UNDO, OWN_N };
static const char *const own_sql[OWN_N] = {
	[OWN_BEGIN_READ] = "BEGIN",
	[OWN_BEGIN_WRITE] = "BEGIN IMMEDIATE",
	[OWN_COMMIT] = "COMMIT",
	[OWN_ROLLBACK] = "ROLLBACK",
	[OWN_MARK] = "SAVEPOINT mark",
	[OWN_RELEASE] = "RELEASE mark",
	[OWN_UNDO] = "ROLLBACK TO mark",
};

struct prepared {
	sqlite3_stmt *stmt;
	uint8_t at[TQ_DB_ARGS_MAX];	/* SQLite's number of $1, $2... */
};

struct db_sqlite {
	struct tq_db base;
	sqlite3 *h;			/* NULL: closed by a failed reopen */
	char *path;
	bool read_only, in_tx, marked;
	enum tq_code lost;		/* what ended the transaction */
	const char *const *sql;
	size_t n_sql;
	struct prepared *prepared;	/* n_sql + OWN_N */
};

static struct db_sqlite *
self(struct tq_db *db)
{
	return (struct db_sqlite *)db;
}

static enum tq_code
classify(int error)
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

static enum tq_code
fail(struct db_sqlite *db, int error, struct tq_err *e)
{
	enum tq_code code = classify(error);

	if (db->in_tx && db->lost == TQ_OK && sqlite3_get_autocommit(db->h))
		db->lost = code;
	return tq_fail(e, code, "store: %s (SQLite %d)", sqlite3_errmsg(db->h),
	    error);
}

static enum tq_code
prepare(struct db_sqlite *db, size_t at, struct tq_err *e)
{
	struct prepared *p = &db->prepared[at];
	const char *text = at < db->n_sql ? db->sql[at] :
	    own_sql[at - db->n_sql];
	int rc = sqlite3_prepare_v3(db->h, text, -1, SQLITE_PREPARE_PERSISTENT,
	    &p->stmt, NULL);

	if (rc != SQLITE_OK)
		return fail(db, rc, e);
	for (int i = 0; i < TQ_DB_ARGS_MAX; i++) {
		char name[8];

		(void)snprintf(name, sizeof(name), "$%d", i + 1);
		p->at[i] = (uint8_t)sqlite3_bind_parameter_index(p->stmt, name);
	}
	return TQ_OK;
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

static enum tq_code
query(struct tq_db *base, const struct tq_db_call *c, struct tq_err *e)
{
	struct db_sqlite *db = self(base);
	struct prepared *p = &db->prepared[c->sql];
	enum tq_code code;
	int rc = SQLITE_OK;

	if (db->h == NULL)
		return tq_fail(e, TQ_EIO, "store: closed after a failure");
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
	code = rc == SQLITE_DONE ? TQ_OK : fail(db, rc, e);
	(void)sqlite3_reset(p->stmt);
	return code;
}

static enum tq_code
run_own(struct db_sqlite *db, enum own which, struct tq_err *e)
{
	return query(&db->base, &(struct tq_db_call){
	    .sql = db->n_sql + (size_t)which }, e);
}

static enum tq_code
begin(struct tq_db *base, struct tq_err *e)
{
	struct db_sqlite *db = self(base);
	enum tq_code code;

	assert(!db->in_tx);
	db->lost = TQ_OK;
	code = run_own(db, db->read_only ? OWN_BEGIN_READ : OWN_BEGIN_WRITE,
	    e);
	db->in_tx = code == TQ_OK;
	db->marked = false;
	return code;
}

static void
rollback(struct tq_db *base)
{
	struct db_sqlite *db = self(base);
	struct tq_err ignored;

	db->lost = TQ_OK;
	if (db->h != NULL && !sqlite3_get_autocommit(db->h))
		(void)run_own(db, OWN_ROLLBACK, &ignored);
	db->in_tx = db->marked = false;
	db->lost = TQ_OK;
}

static enum tq_code
commit(struct tq_db *base, struct tq_err *e)
{
	struct db_sqlite *db = self(base);
	enum tq_code code = run_own(db, OWN_COMMIT, e);

	if (code != TQ_OK)
		rollback(base);
	db->in_tx = db->marked = false;
	return code;
}

static enum tq_code
savepoint(struct tq_db *base, struct tq_err *e)
{
	struct db_sqlite *db = self(base);
	enum tq_code code = TQ_OK;

	if (db->marked)
		code = run_own(db, OWN_RELEASE, e);
	if (code == TQ_OK)
		code = run_own(db, OWN_MARK, e);
	db->marked = code == TQ_OK;
	return code;
}

static void
undo(struct tq_db *base)
{
	struct db_sqlite *db = self(base);
	struct tq_err why;

	if (!db->marked)
		return;
	/* What cannot be undone must not be committed. */
	if (run_own(db, OWN_UNDO, &why) != TQ_OK && db->lost == TQ_OK)
		db->lost = why.code;
}

static enum tq_code
exec(struct tq_db *base, const char *script, struct tq_err *e)
{
	struct db_sqlite *db = self(base);
	int rc;

	if (db->h == NULL)
		return tq_fail(e, TQ_EIO, "store: closed after a failure");
	rc = sqlite3_exec(db->h, script, NULL, NULL, NULL);
	return rc == SQLITE_OK ? TQ_OK : fail(db, rc, e);
}

/* First column of the first row of a statement that is run seldom. */
static enum tq_code
number(struct db_sqlite *db, const char *text, int64_t *out, struct tq_err *e)
{
	sqlite3_stmt *st = NULL;
	enum tq_code code = TQ_OK;
	int rc;

	if (db->h == NULL)
		return tq_fail(e, TQ_EIO, "store: closed after a failure");
	rc = sqlite3_prepare_v2(db->h, text, -1, &st, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int64(st, 0);
	else
		code = fail(db, rc, e);
	(void)sqlite3_finalize(st);
	return code;
}

static enum tq_code
schema_get(struct tq_db *base, int64_t *out, struct tq_err *e)
{
	struct db_sqlite *db = self(base);
	int64_t id = 0, objects = 0;
	enum tq_code code = number(db, "PRAGMA application_id", &id, e);

	if (code == TQ_OK && id != APPLICATION_ID)
		code = number(db, "SELECT count(*) FROM sqlite_schema",
		    &objects, e);
	if (code != TQ_OK)
		return code;
	if (id != APPLICATION_ID && (id != 0 || objects > 0))
		return tq_fail(e, TQ_ECONFLICT, "%s is not a taliq store",
		    db->path);
	return number(db, "PRAGMA user_version", out, e);
}

static enum tq_code
schema_set(struct tq_db *base, int64_t to, struct tq_err *e)
{
	char text[128];

	(void)snprintf(text, sizeof(text), "PRAGMA application_id=%d;"
	    "PRAGMA user_version=%lld", APPLICATION_ID, (long long)to);
	return exec(base, text, e);
}

static enum tq_code
tidy(struct tq_db *base, bool *again, struct tq_err *e)
{
	struct db_sqlite *db = self(base);
	int rc;

	if (db->h == NULL)
		return tq_fail(e, TQ_EIO, "store: closed after a failure");
	(void)sqlite3_busy_timeout(db->h, TIDY_BUSY_MS);
	rc = sqlite3_wal_checkpoint_v2(db->h, "main",
	    SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	(void)sqlite3_busy_timeout(db->h, BUSY_MS);
	if (rc != SQLITE_OK && classify(rc) != TQ_EBUSY)
		return fail(db, rc, e);
	*again = rc != SQLITE_OK;
	return TQ_OK;
}

struct problems {
	void (*problem)(void *ctx, const char *line);
	void *ctx;
};

static int
integrity_row(void *ctx, int n, char **cols, char **names)
{
	struct problems *p = ctx;

	(void)n;
	(void)names;
	if (cols[0] != NULL && strcmp(cols[0], "ok") != 0)
		p->problem(p->ctx, cols[0]);
	return 0;
}

static int
foreign_key_row(void *ctx, int n, char **cols, char **names)
{
	struct problems *p = ctx;
	char line[160];

	(void)n;
	(void)names;
	(void)snprintf(line, sizeof(line), "%s %s refers to a %s that is not "
	    "there", cols[0] ? cols[0] : "?", cols[1] ? cols[1] : "?",
	    cols[2] ? cols[2] : "?");
	p->problem(p->ctx, line);
	return 0;
}

static enum tq_code
check(struct tq_db *base, void (*problem)(void *ctx, const char *line),
    void *ctx, struct tq_err *e)
{
	struct db_sqlite *db = self(base);
	struct problems p = { problem, ctx };
	int rc;

	if (db->h == NULL)
		return tq_fail(e, TQ_EIO, "store: closed after a failure");
	rc = sqlite3_exec(db->h, "PRAGMA integrity_check", integrity_row, &p,
	    NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db->h, "PRAGMA foreign_key_check",
		    foreign_key_row, &p, NULL);
	return rc == SQLITE_OK ? TQ_OK : fail(db, rc, e);
}

/* No memory map: a read error in it is a SIGBUS instead of a TQ_EIO, and pages
 * that are not cached are checked anew each time. */
static const char settings_both[] =
	"PRAGMA foreign_keys=ON;"
	"PRAGMA trusted_schema=OFF;"
	"PRAGMA cell_size_check=ON;"
	"PRAGMA temp_store=MEMORY;"
	"PRAGMA mmap_size=0;";
static const char settings_write[] =
	"PRAGMA synchronous=FULL;"
	"PRAGMA secure_delete=ON;"
	"PRAGMA wal_autocheckpoint=4000;"
	"PRAGMA cache_size=-16384;";
static const char settings_read[] =
	"PRAGMA query_only=ON;";

static int
journal_row(void *ctx, int n, char **cols, char **names)
{
	bool *fine = ctx;

	(void)names;
	*fine = n == 1 && cols[0] != NULL && (strcmp(cols[0], "wal") == 0 ||
	    strcmp(cols[0], "memory") == 0);
	return 0;
}

/* A crash may have come between an erase and its tidy, so the log file of the
 * last run is emptied first; a reader in another process may delay that. */
static enum tq_code
configure(struct db_sqlite *db, struct tq_err *e)
{
	bool fine = false, again;
	int64_t ignored;
	enum tq_code code;
	int rc;

	(void)sqlite3_extended_result_codes(db->h, 1);
	(void)sqlite3_busy_timeout(db->h, BUSY_MS);
	(void)sqlite3_db_config(db->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	code = exec(&db->base, settings_both, e);
	if (code == TQ_OK)	/* before anything in a foreign file changes */
		code = schema_get(&db->base, &ignored, e);
	if (code == TQ_OK && db->read_only)
		return exec(&db->base, settings_read, e);
	if (code != TQ_OK)
		return code;
	rc = sqlite3_exec(db->h, "PRAGMA journal_mode=WAL", journal_row, &fine,
	    NULL);
	if (rc != SQLITE_OK)
		return fail(db, rc, e);
	if (!fine)
		return tq_fail(e, TQ_EIO, "%s: this file system cannot hold a "
		    "write-ahead log", db->path);
	code = exec(&db->base, settings_write, e);
	if (code == TQ_OK)
		code = tidy(&db->base, &again, e);
	/* On a full disk the log stays as it is, so that readers can read. */
	return code == TQ_ELIMIT ? TQ_OK : code;
}

static void
shut(struct db_sqlite *db)
{
	for (size_t i = 0; i < db->n_sql + OWN_N; i++) {
		(void)sqlite3_finalize(db->prepared[i].stmt);
		db->prepared[i].stmt = NULL;
	}
	(void)sqlite3_close(db->h);
	db->h = NULL;
	db->in_tx = db->marked = false;
	db->lost = TQ_OK;
}

static bool
in_memory(const struct db_sqlite *db)
{
	return strcmp(db->path, ":memory:") == 0;
}

static enum tq_code
connect_file(struct db_sqlite *db, struct tq_err *e)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
	    (db->read_only ? SQLITE_OPEN_READONLY :
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
	enum tq_code code;
	int rc;

	/* Readers' words are in the file: made here so that only its owner
	 * may read it; the log files take over its mode.  Never opened when
	 * it is there: closing that descriptor would drop the locks that
	 * other handles of this process hold. */
	if (!db->read_only && !in_memory(db)) {
		int fd = open(db->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
		    0600);

		if (fd >= 0)
			(void)close(fd);
	}
	rc = sqlite3_open_v2(db->path, &db->h, flags, NULL);
	if (rc != SQLITE_OK) {
		code = tq_fail(e, classify(rc), "cannot open %s: %s", db->path,
		    db->h == NULL ? "no memory" : sqlite3_errmsg(db->h));
	} else {
		code = configure(db, e);
	}
	if (code != TQ_OK)
		shut(db);
	return code;
}

/* A handle belongs to one thread, so SQLite need not lock it; and statistics of
 * memory would cost a lock at each allocation of any thread. */
static void
start_library(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static void
close_db(struct tq_db *base)
{
	struct db_sqlite *db = self(base);

	if (base == NULL)
		return;
	if (db->prepared != NULL)
		shut(db);
	free(db->prepared);
	free(db->path);
	free(db);
}

static enum tq_code
open_db(const struct tq_db_options *o, struct tq_db **out, struct tq_err *e)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct db_sqlite *db = calloc(1, sizeof(*db));
	enum tq_code code;

	(void)pthread_once(&once, start_library);
	if (db == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory to open %s", o->path);
	db->base.ops = &tq_db_sqlite;
	db->read_only = o->read_only;
	db->sql = o->sql;
	db->n_sql = o->n_sql;
	db->path = strdup(o->path);
	db->prepared = calloc(o->n_sql + OWN_N, sizeof(*db->prepared));
	if (db->path == NULL || db->prepared == NULL)
		code = tq_fail(e, TQ_ELIMIT, "no memory to open %s", o->path);
	else
		code = connect_file(db, e);
	if (code != TQ_OK) {
		close_db(&db->base);
		return code;
	}
	*out = &db->base;
	return TQ_OK;
}

static enum tq_code
reopen(struct tq_db *base, struct tq_err *e)
{
	struct db_sqlite *db = self(base);

	if (in_memory(db))
		return TQ_OK;
	shut(db);
	return connect_file(db, e);
}

const struct tq_db_ops tq_db_sqlite = {
	.name = "sqlite",
	.open = open_db,
	.close = close_db,
	.reopen = reopen,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.savepoint = savepoint,
	.undo = undo,
	.query = query,
	.exec = exec,
	.schema_get = schema_get,
	.schema_set = schema_set,
	.tidy = tidy,
	.check = check,
	.classify = classify,
};
