/* Migrations: whole or not at all, whatever moment the process dies. */
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/migrate.h"

static char dir[] = "/tmp/tq-test-migrate-XXXXXX";
static char path[128];
static struct tq_err err;

/* Three schemas.  Table aN tells that migration N was applied from its first
 * statement, zN that it came to its last. */
static const struct tq_migration steps[] = {
	{ 1, "one", "CREATE TABLE a1 (x);\nCREATE TABLE m1 (x);\n"
	    "INSERT INTO m1 VALUES (1), (2), (3);\nCREATE TABLE z1 (x);" },
	{ 2, "two", "CREATE TABLE a2 (x);\nUPDATE m1 SET x = x + 10;\n"
	    "CREATE TABLE z2 (x);" },
	{ 3, "three", "CREATE TABLE a3 (x);\nDROP TABLE m1;\n"
	    "CREATE TABLE z3 (x);" },
};

/* A driver that dies before its Nth statement. */
static struct mortal {
	struct tq_db base;
	struct tq_db *real;
	int left;
} mortal;

static void
live(void)
{
	if (mortal.left-- == 0)
		(void)kill(getpid(), SIGKILL);
}

static enum tq_code
mortal_begin(struct tq_db *db, struct tq_err *e)
{
	(void)db;
	live();
	return mortal.real->ops->begin(mortal.real, e);
}

static enum tq_code
mortal_commit(struct tq_db *db, struct tq_err *e)
{
	enum tq_code code;

	(void)db;
	live();
	code = mortal.real->ops->commit(mortal.real, e);
	live();
	return code;
}

static void
mortal_rollback(struct tq_db *db)
{
	(void)db;
	mortal.real->ops->rollback(mortal.real);
}

static enum tq_code
mortal_exec(struct tq_db *db, const char *script, struct tq_err *e)
{
	enum tq_code code = TQ_OK;
	char one[200];

	(void)db;
	while (code == TQ_OK && *script != 0) {
		const size_t n = strcspn(script, ";") + 1;

		(void)snprintf(one, sizeof(one), "%.*s", (int)n, script);
		live();
		code = mortal.real->ops->exec(mortal.real, one, e);
		script += n;
	}
	return code;
}

static enum tq_code
mortal_schema_get(struct tq_db *db, int64_t *out, struct tq_err *e)
{
	(void)db;
	return mortal.real->ops->schema_get(mortal.real, out, e);
}

static enum tq_code
mortal_schema_set(struct tq_db *db, int64_t number, struct tq_err *e)
{
	(void)db;
	live();
	return mortal.real->ops->schema_set(mortal.real, number, e);
}

static const struct tq_db_ops mortal_ops = {
	.name = "mortal",
	.begin = mortal_begin,
	.commit = mortal_commit,
	.rollback = mortal_rollback,
	.exec = mortal_exec,
	.schema_get = mortal_schema_get,
	.schema_set = mortal_schema_set,
};

static const char *const sql[] = {
	"SELECT count(*) FROM sqlite_schema WHERE name = $1",
};

static struct tq_db *
open_db(void)
{
	const struct tq_db_options o = { .path = path, .sql = sql,
	    .n_sql = 1 };
	struct tq_db *db;

	if (tq_db_sqlite.open(&o, &db, &err) != TQ_OK)
		fail_msg("%s", err.text);
	return db;
}

static bool
see(void *ctx, const struct tq_db_value *row, size_t n)
{
	(void)n;
	*(bool *)ctx = row[0].i > 0;
	return false;
}

static bool
has(struct tq_db *db, char prefix, int64_t number)
{
	char name[8];
	bool found = false;

	(void)snprintf(name, sizeof(name), "%c%d", prefix, (int)number);
	assert_int_equal(db->ops->query(db, &(struct tq_db_call){ .sql = 0,
	    TQ_DB_ARGS(tq_db_text(tq_str_c(name))), .visit = see,
	    .ctx = &found }, &err), TQ_OK);
	return found;
}

/* The schema stands exactly at its number. */
static int64_t
whole_schema(struct tq_db *db)
{
	int64_t number;

	assert_int_equal(db->ops->schema_get(db, &number, &err), TQ_OK);
	for (int64_t i = 1; i <= (int64_t)TQ_N(steps); i++) {
		assert_int_equal(has(db, 'a', i), i <= number);
		assert_int_equal(has(db, 'z', i), i <= number);
	}
	assert_int_equal(has(db, 'm', 1), number == 1 || number == 2);
	return number;
}

static int
remove_files(void **state)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	char file[160];

	(void)state;
	for (size_t i = 0; i < TQ_N(suffixes); i++) {
		(void)snprintf(file, sizeof(file), "%s%s", path, suffixes[i]);
		(void)unlink(file);
	}
	return 0;
}

/* Migrates in a child that dies before statement n; false when it came to the
 * end. */
static bool
die_at(int n)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		mortal.base.ops = &mortal_ops;
		mortal.real = open_db();
		mortal.left = n;
		_exit(tq_migrate(&mortal.base, steps, TQ_N(steps), &err) ==
		    TQ_OK ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status))
		assert_int_equal(WEXITSTATUS(status), 0);
	return WIFSIGNALED(status);
}

static void
death_at_any_statement_leaves_old_or_new(void **state)
{
	bool seen[TQ_N(steps) + 1] = { false };
	bool died = true;
	int n = 0;

	(void)state;
	for (; died; n++) {
		struct tq_db *db;

		died = die_at(n);
		db = open_db();
		seen[whole_schema(db)] = true;
		if (tq_migrate(db, steps, TQ_N(steps), &err) != TQ_OK)
			fail_msg("after death %d: %s", n, err.text);
		assert_int_equal(whole_schema(db), TQ_N(steps));
		db->ops->close(db);
		(void)remove_files(NULL);
	}
	for (size_t i = 0; i < TQ_N(seen); i++)
		assert_true(seen[i]);
	assert_true(n > 20);
}

static void
a_failing_migration_changes_nothing(void **state)
{
	static const struct tq_migration bad[] = {
		{ 1, "one", "CREATE TABLE a1 (x); CREATE TABLE z1 (x);" },
		{ 2, "two", "CREATE TABLE a2 (x); CREATE TABLE a1 (x);" },
	};
	struct tq_db *db = open_db();
	int64_t number;

	(void)state;
	assert_int_equal(tq_migrate(db, bad, 2, &err), TQ_EBUG);
	assert_int_equal(db->ops->schema_get(db, &number, &err), TQ_OK);
	assert_int_equal(number, 1);
	assert_true(has(db, 'a', 1));
	assert_false(has(db, 'a', 2));
	db->ops->close(db);
}

static void
the_embedded_ones_are_numbered_without_gaps(void **state)
{
	struct tq_db *db = open_db();

	(void)state;
	assert_true(tq_migrations_n > 0);
	for (size_t i = 0; i < tq_migrations_n; i++) {
		assert_int_equal(tq_migrations[i].number, i + 1);
		assert_true(strlen(tq_migrations[i].name) > 0);
	}
	assert_int_equal(tq_migrate_check(db, tq_migrations_n, &err),
	    TQ_ECONFLICT);
	assert_int_equal(tq_migrate(db, tq_migrations, tq_migrations_n, &err),
	    TQ_OK);
	assert_int_equal(tq_migrate(db, tq_migrations, tq_migrations_n, &err),
	    TQ_OK);
	assert_int_equal(tq_migrate_check(db, tq_migrations_n, &err), TQ_OK);
	assert_int_equal(tq_migrate_check(db, tq_migrations_n - 1, &err),
	    TQ_ECONFLICT);
	db->ops->close(db);
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

#define TEST(f) cmocka_unit_test_teardown(f, remove_files)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(death_at_any_statement_leaves_old_or_new),
		TEST(a_failing_migration_changes_nothing),
		TEST(the_embedded_ones_are_numbered_without_gaps),
	};

	return cmocka_run_group_tests_name("store/migrate", tests, make_dir,
	    drop_dir);
}
