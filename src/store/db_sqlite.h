/* db_sqlite.h - inside of the SQLite driver: its handle, and what its two files
 * share.  Nobody else may include this, and so sqlite3.h. */
#ifndef TQ_STORE_DB_SQLITE_H
#define TQ_STORE_DB_SQLITE_H

#include <sqlite3.h>

#include "store/db.h"

/* The driver's own statements stand behind the caller's in the table. */
enum tq_sqlite_own { TQ_SQLITE_BEGIN_READ, TQ_SQLITE_BEGIN_WRITE,
	TQ_SQLITE_COMMIT, TQ_SQLITE_ROLLBACK, TQ_SQLITE_MARK,
	TQ_SQLITE_RELEASE, TQ_SQLITE_UNDO, TQ_SQLITE_OWN_N };

struct tq_sqlite_stmt {
	sqlite3_stmt *stmt;
	uint8_t at[TQ_DB_ARGS_MAX];	/* SQLite's number of $1, $2... */
};

struct tq_sqlite {
	struct tq_db base;
	sqlite3 *h;			/* NULL: closed by a failed reopen */
	char *path;
	bool read_only, in_tx, marked;
	enum tq_code lost;		/* what ended the transaction */
	const char *const *sql;
	size_t n_sql;
	struct tq_sqlite_stmt *prepared;	/* n_sql + TQ_SQLITE_OWN_N */
};

static inline struct tq_sqlite *
tq_sqlite_self(struct tq_db *db)
{
	return (struct tq_sqlite *)db;
}

/* Reports what the library said. */
enum tq_code tq_sqlite_fail(struct tq_sqlite *db, int error, struct tq_err *e);
/* TQ_EIO: there is no library handle. */
enum tq_code tq_sqlite_closed(struct tq_err *e);

/* Makes the driver's own statements ready, so that a transaction can be ended
 * when there is no memory left. */
enum tq_code tq_sqlite_prepare_own(struct tq_sqlite *db, struct tq_err *e);

/* Operations of db.h: statements and transactions. */
enum tq_code tq_sqlite_classify(int error);
enum tq_code tq_sqlite_query(struct tq_db *db, const struct tq_db_call *c,
    struct tq_err *e);
enum tq_code tq_sqlite_begin(struct tq_db *db, struct tq_err *e);
enum tq_code tq_sqlite_commit(struct tq_db *db, struct tq_err *e);
void tq_sqlite_rollback(struct tq_db *db);
enum tq_code tq_sqlite_savepoint(struct tq_db *db, struct tq_err *e);
void tq_sqlite_undo(struct tq_db *db);
enum tq_code tq_sqlite_exec(struct tq_db *db, const char *script,
    struct tq_err *e);

#endif
