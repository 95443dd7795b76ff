/* db.h - the narrow driver under the store: one SQL engine behind a dozen
 * calls.  It knows statements, values and transactions, nothing of comments.
 * The texts of all statements are given once, at open, as a table; a call
 * names one by its index, and the driver keeps it prepared.  Parameters are
 * written $1..$n and bound by name, because SQLite numbers them by first
 * appearance and PostgreSQL by the digits.
 *
 * A handle belongs to one thread at a time.  Codes everywhere: TQ_ELIMIT disk
 * or memory full, TQ_EBUSY locked by somebody else, TQ_ECONFLICT a constraint,
 * TQ_EIO disk failed or file damaged, TQ_EBUG a wrong statement. */
#ifndef TQ_STORE_DB_H
#define TQ_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define TQ_DB_ARGS_MAX 32	/* parameters, and columns, of a statement */

enum tq_db_kind { TQ_DB_NULL, TQ_DB_INT, TQ_DB_REAL, TQ_DB_TEXT, TQ_DB_BLOB };

/* A parameter or a column; s is borrowed. */
struct tq_db_value {
	enum tq_db_kind kind;
	int64_t i;
	double d;
	tq_str s;
};

static inline struct tq_db_value
tq_db_int(int64_t v)
{
	return (struct tq_db_value){ .kind = TQ_DB_INT, .i = v };
}

static inline struct tq_db_value
tq_db_real(double v)
{
	return (struct tq_db_value){ .kind = TQ_DB_REAL, .d = v };
}

static inline struct tq_db_value
tq_db_text(tq_str s)
{
	return (struct tq_db_value){ .kind = TQ_DB_TEXT, .s = s };
}

static inline struct tq_db_value
tq_db_blob(tq_str s)
{
	return (struct tq_db_value){ .kind = TQ_DB_BLOB, .s = s };
}

/* Absent: a number 0, an empty blob. */
static inline struct tq_db_value
tq_db_null(void)
{
	return (struct tq_db_value){ .kind = TQ_DB_NULL };
}

/* Sees one row of n columns, borrowed until it returns; false: enough, the
 * rest is not wanted (what the statement changes is changed nevertheless). */
typedef bool tq_db_visit(void *ctx, const struct tq_db_value *row, size_t n);

struct tq_db_call {
	size_t sql;			/* index in the table of texts */
	const struct tq_db_value *args;	/* $1...; the text need not name all */
	size_t n_args;
	tq_db_visit *visit;		/* NULL: rows are passed over */
	void *ctx;
};

#define TQ_DB_ARGS(...) \
	.args = (const struct tq_db_value[]){ __VA_ARGS__ }, \
	.n_args = sizeof((const struct tq_db_value[]){ __VA_ARGS__ }) / \
	    sizeof(struct tq_db_value)

struct tq_db { const struct tq_db_ops *ops; };	/* first member of each */

struct tq_db_options {
	const char *path;
	bool read_only;
	const char *const *sql;		/* borrowed while open */
	size_t n_sql;
};

struct tq_db_ops {
	const char *name;
	/* TQ_ECONFLICT when the file belongs to another program. */
	enum tq_code (*open)(const struct tq_db_options *o, struct tq_db **out,
	    struct tq_err *e);
	/* NULL is fine; a transaction that is open is rolled back. */
	void (*close)(struct tq_db *db);
	/* Closes and opens again, then reads once: after TQ_EIO, because a
	 * descriptor whose fsync failed may not be trusted again.  On failure
	 * the handle stays closed and every call but this one and close
	 * fails. */
	enum tq_code (*reopen)(struct tq_db *db, struct tq_err *e);

	/* A reading handle gets one unmoving view, a writing one the write
	 * lock. */
	enum tq_code (*begin)(struct tq_db *db, struct tq_err *e);
	/* On failure the transaction is over, and nothing of it is there. */
	enum tq_code (*commit)(struct tq_db *db, struct tq_err *e);
	void (*rollback)(struct tq_db *db);
	/* One savepoint, which a second call moves; undo goes back to it.
	 * Errors that end the whole transaction (full disk, failed disk) make
	 * every later call fail with the same code until rollback. */
	enum tq_code (*savepoint)(struct tq_db *db, struct tq_err *e);
	void (*undo)(struct tq_db *db);

	enum tq_code (*query)(struct tq_db *db, const struct tq_db_call *c,
	    struct tq_err *e);
	/* Several statements without parameters or results. */
	enum tq_code (*exec)(struct tq_db *db, const char *script,
	    struct tq_err *e);

	/* The number of the schema; 0 in a new, empty file.  set belongs into
	 * the transaction that makes that schema. */
	enum tq_code (*schema_get)(struct tq_db *db, int64_t *out,
	    struct tq_err *e);
	enum tq_code (*schema_set)(struct tq_db *db, int64_t number,
	    struct tq_err *e);
	/* After a commit that erased something: takes the erased bytes out of
	 * the log files too.  *again when a reader is in the way. */
	enum tq_code (*tidy)(struct tq_db *db, bool *again, struct tq_err *e);
	/* The engine's own check; problem is called once for each fault. */
	enum tq_code (*check)(struct tq_db *db,
	    void (*problem)(void *ctx, const char *line), void *ctx,
	    struct tq_err *e);
	/* What an error number of the engine means. */
	enum tq_code (*classify)(int error);
};

extern const struct tq_db_ops tq_db_sqlite;

#endif
