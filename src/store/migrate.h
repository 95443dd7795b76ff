/* migrate.h - brings a file's schema up to date.  The texts are the files
 * sql/NNN_name.sql, embedded by tools/embed_sql.py. */
#ifndef TQ_STORE_MIGRATE_H
#define TQ_STORE_MIGRATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/db.h"

struct tq_migration {
	int64_t number;		/* 1, 2, 3... without gaps */
	const char *name, *text;
};

extern const struct tq_migration tq_migrations[];
extern const size_t tq_migrations_n;

/* Applies what is missing, each in one transaction together with its number,
 * so that a crash leaves the old or the new schema, whole.  TQ_ECONFLICT when
 * the file's number is higher than n. */
enum tq_code tq_migrate(struct tq_db *db, const struct tq_migration *m,
    size_t n, struct tq_err *e);
/* For reading handles: TQ_ECONFLICT unless the number is n. */
enum tq_code tq_migrate_check(struct tq_db *db, size_t n, struct tq_err *e);

#endif
