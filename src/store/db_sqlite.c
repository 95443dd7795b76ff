/* SQLite behind the driver: the file, its settings, its upkeep.  Statements and
 * transactions: db_sqlite_query.c.
 *
 * WAL with synchronous=FULL: NORMAL loses acknowledged rows at a power cut.
 * secure_delete zeroes what is deleted inside the file; the log file keeps old
 * pages until tidy truncates it. */
#include "store/db_sqlite.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define APPLICATION_ID 1953261937	/* "tliq" */
#define BUSY_MS 5000
#define TIDY_BUSY_MS 20

/* First column of the first row of a statement that is run seldom. */
static enum tq_code
number(struct tq_sqlite *db, const char *text, int64_t *out, struct tq_err *e)
{
	sqlite3_stmt *st = NULL;
	enum tq_code code = TQ_OK;
	int rc;

	if (db->h == NULL)
		return tq_sqlite_closed(e);
	rc = sqlite3_prepare_v2(db->h, text, -1, &st, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int64(st, 0);
	else
		code = tq_sqlite_fail(db, rc, e);
	(void)sqlite3_finalize(st);
	return code;
}

static enum tq_code
schema_get(struct tq_db *base, int64_t *out, struct tq_err *e)
{
	struct tq_sqlite *db = tq_sqlite_self(base);
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
	return tq_sqlite_exec(base, text, e);
}

static enum tq_code
tidy(struct tq_db *base, bool *again, struct tq_err *e)
{
	struct tq_sqlite *db = tq_sqlite_self(base);
	int rc;

	if (db->h == NULL)
		return tq_sqlite_closed(e);
	(void)sqlite3_busy_timeout(db->h, TIDY_BUSY_MS);
	rc = sqlite3_wal_checkpoint_v2(db->h, "main",
	    SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	(void)sqlite3_busy_timeout(db->h, BUSY_MS);
	if (rc != SQLITE_OK && tq_sqlite_classify(rc) != TQ_EBUSY)
		return tq_sqlite_fail(db, rc, e);
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
	struct tq_sqlite *db = tq_sqlite_self(base);
	struct problems p = { problem, ctx };
	int rc;

	if (db->h == NULL)
		return tq_sqlite_closed(e);
	rc = sqlite3_exec(db->h, "PRAGMA integrity_check", integrity_row, &p,
	    NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db->h, "PRAGMA foreign_key_check",
		    foreign_key_row, &p, NULL);
	return rc == SQLITE_OK ? TQ_OK : tq_sqlite_fail(db, rc, e);
}

/* No memory map: a read error in it is a SIGBUS instead of a TQ_EIO, and pages
 * that are not cached are checked anew each time. */
static const char settings_both[] =
	"PRAGMA foreign_keys=ON;"
	"PRAGMA trusted_schema=OFF;"
	"PRAGMA temp_store=MEMORY;"
	"PRAGMA mmap_size=0;";
static const char settings_write[] =
	"PRAGMA synchronous=FULL;"
	"PRAGMA secure_delete=ON;"
	"PRAGMA cell_size_check=ON;"	/* damage shall not spread */
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
configure(struct tq_sqlite *db, struct tq_err *e)
{
	bool fine = false, again;
	int64_t ignored;
	enum tq_code code;
	int rc;

	(void)sqlite3_extended_result_codes(db->h, 1);
	(void)sqlite3_busy_timeout(db->h, BUSY_MS);
	(void)sqlite3_db_config(db->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	code = tq_sqlite_exec(&db->base, settings_both, e);
	if (code == TQ_OK)	/* before anything in a foreign file changes */
		code = schema_get(&db->base, &ignored, e);
	if (code == TQ_OK && db->read_only)
		return tq_sqlite_exec(&db->base, settings_read, e);
	if (code != TQ_OK)
		return code;
	rc = sqlite3_exec(db->h, "PRAGMA journal_mode=WAL", journal_row, &fine,
	    NULL);
	if (rc != SQLITE_OK)
		return tq_sqlite_fail(db, rc, e);
	if (!fine)
		return tq_fail(e, TQ_EIO, "%s: this file system cannot hold a "
		    "write-ahead log", db->path);
	code = tq_sqlite_exec(&db->base, settings_write, e);
	if (code != TQ_OK)
		return code;
	code = tidy(&db->base, &again, e);
	/* On a full disk the log stays as it is, so that readers can read. */
	return code == TQ_ELIMIT ? TQ_OK : code;
}

static void
shut(struct tq_sqlite *db)
{
	for (size_t i = 0; i < db->n_sql + TQ_SQLITE_OWN_N; i++) {
		(void)sqlite3_finalize(db->prepared[i].stmt);
		db->prepared[i].stmt = NULL;
	}
	(void)sqlite3_close(db->h);
	db->h = NULL;
	db->in_tx = db->marked = false;
	db->lost = TQ_OK;
}

static bool
in_memory(const struct tq_sqlite *db)
{
	return strcmp(db->path, ":memory:") == 0;
}

static enum tq_code
connect_file(struct tq_sqlite *db, struct tq_err *e)
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
		code = tq_fail(e, tq_sqlite_classify(rc),
		    "cannot open %s: %s", db->path, sqlite3_errstr(rc));
	} else {
		code = configure(db, e);
	}
	if (code == TQ_OK)
		code = tq_sqlite_prepare_own(db, e);
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
	struct tq_sqlite *db = tq_sqlite_self(base);

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
	struct tq_sqlite *db = calloc(1, sizeof(*db));
	enum tq_code code;

	(void)pthread_once(&once, start_library);
	if (db == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory to open %s", o->path);
	db->base.ops = &tq_db_sqlite;
	db->read_only = o->read_only;
	db->sql = o->sql;
	db->n_sql = o->n_sql;
	db->path = strdup(o->path);
	db->prepared = calloc(o->n_sql + TQ_SQLITE_OWN_N,
	    sizeof(*db->prepared));
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
	struct tq_sqlite *db = tq_sqlite_self(base);

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
	.begin = tq_sqlite_begin,
	.commit = tq_sqlite_commit,
	.rollback = tq_sqlite_rollback,
	.savepoint = tq_sqlite_savepoint,
	.undo = tq_sqlite_undo,
	.query = tq_sqlite_query,
	.exec = tq_sqlite_exec,
	.schema_get = schema_get,
	.schema_set = schema_set,
	.tidy = tidy,
	.check = check,
	.classify = tq_sqlite_classify,
};
