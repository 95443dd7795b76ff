/* Migrations: see migrate.h.  The number is read again inside the transaction,
 * so that two programs that start at once do not both apply one. */
#include "store/migrate.h"

static enum tq_code
refuse_newer(int64_t number, size_t n, struct tq_err *e)
{
	return tq_fail(e, TQ_ECONFLICT, "the store has schema %lld, this "
	    "program knows only up to %zu: use a newer taliq",
	    (long long)number, n);
}

static enum tq_code
apply_next(struct tq_db *db, const struct tq_migration *m, size_t n,
    struct tq_err *e)
{
	const struct tq_migration *next;
	int64_t number;
	enum tq_code code = db->ops->begin(db, e);

	if (code != TQ_OK)
		return code;
	code = db->ops->schema_get(db, &number, e);
	if (code != TQ_OK)
		goto undo_begin;
	if (number >= (int64_t)n) {	/* somebody else was faster */
		db->ops->rollback(db);
		return TQ_OK;
	}
	next = &m[number];
	code = db->ops->exec(db, next->text, e);
	if (code == TQ_OK)
		code = db->ops->schema_set(db, next->number, e);
	if (code == TQ_OK)
		return db->ops->commit(db, e);
undo_begin:
	db->ops->rollback(db);
	return code;
}

enum tq_code
tq_migrate(struct tq_db *db, const struct tq_migration *m, size_t n,
    struct tq_err *e)
{
	for (;;) {
		int64_t number;
		enum tq_code code = db->ops->schema_get(db, &number, e);

		if (code != TQ_OK)
			return code;
		if (number < 0 || number > (int64_t)n)
			return refuse_newer(number, n, e);
		if (number == (int64_t)n)
			return TQ_OK;
		code = apply_next(db, m, n, e);
		if (code != TQ_OK)
			return code;
	}
}

enum tq_code
tq_migrate_check(struct tq_db *db, size_t n, struct tq_err *e)
{
	int64_t number;
	enum tq_code code = db->ops->schema_get(db, &number, e);

	if (code != TQ_OK)
		return code;
	if (number > (int64_t)n)
		return refuse_newer(number, n, e);
	if (number != (int64_t)n)
		return tq_fail(e, TQ_ECONFLICT, "the store has schema %lld, "
		    "this program wants %zu: start the server once",
		    (long long)number, n);
	return TQ_OK;
}
