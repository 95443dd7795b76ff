/* The SQLite store as a file: who may read it, what an erase leaves, whose file
 * it is. */
#include "store_file.h"

#include <sys/stat.h>

#include "base/file.h"
#include "store/db.h"

static size_t
occurrences(const char *file, const char *what)
{
	struct tq_arena a;
	tq_str all = { NULL, 0 };
	size_t n = 0, at;

	tq_arena_init(&a, (size_t)64 << 20);
	if (tq_file_read(file, (size_t)32 << 20, &a, &all, &err) != TQ_OK)
		assert_int_equal(err.code, TQ_ENOTFOUND);
	while ((at = tq_str_find(all, tq_str_c(what))) < all.n) {
		n++;
		all = tq_str_sub(all, at + 1, all.n);
	}
	tq_arena_free(&a);
	return n;
}

static void
only_its_owner_may_read_the_file(void **state)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	struct tq_store *s = open_store(false);
	struct stat st;

	(void)state;
	fill(s, 3);
	for (size_t i = 0; i < TQ_N(suffixes); i++) {
		assert_int_equal(stat(with(path, suffixes[i]), &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
	tq_store_close(s);
}

static void
erased_words_leave_the_disk(void **state)
{
	struct tq_store *s = open_store(false);
	bool again = true;
	int64_t id;

	(void)state;
	fill(s, 200);
	must(s->ops->tidy(s, &again, &err));
	assert_true(occurrences(with(path, "-wal"), "MARKED") > 1000);
	must(s->ops->begin(s, &err));
	for (id = 1; id <= 200; id++) {
		if (id % 2 == 0)
			must(s->ops->comment_edit(s, id, TQ_PUBLISHED,
			    TQ_HELD, TQ_S("x"), -1, TQ_S(""), 9, &err));
		must(s->ops->comment_set_state(s, id,
		    id % 2 == 0 ? TQ_HELD : TQ_PUBLISHED, TQ_DELETED, true, 9,
		    &err));
	}
	must(s->ops->setting_put(s, 1, TQ_S("k"), TQ_S(""), &err));
	must(s->ops->commit(s, &err));
	must(s->ops->tidy(s, &again, &err));
	assert_false(again);
	/* The moderator's log keeps what was judged: one row. */
	assert_int_equal(occurrences(path, "MARKED"), 1);
	assert_int_equal(occurrences(with(path, "-wal"), "MARKED"), 0);
	tq_store_close(s);
}

static void
a_reader_delays_tidying(void **state)
{
	struct tq_store *s = open_store(false), *reader;
	bool again = false;
	int64_t n;

	(void)state;
	fill(s, 20);
	reader = open_store(true);
	must(reader->ops->begin(reader, &err));
	must(reader->ops->change_last(reader, &n, &err));
	must(s->ops->begin(s, &err));
	must(s->ops->comment_set_state(s, 7, TQ_PUBLISHED, TQ_DELETED, true, 9,
	    &err));
	must(s->ops->commit(s, &err));
	must(s->ops->tidy(s, &again, &err));
	assert_true(again);
	assert_true(occurrences(with(path, "-wal"), "http://MARKED/6") > 0);
	reader->ops->rollback(reader);
	must(s->ops->tidy(s, &again, &err));
	assert_false(again);
	assert_int_equal(occurrences(path, "http://MARKED/6"), 0);
	assert_int_equal(occurrences(with(path, "-wal"), "http://MARKED/6"),
	    0);
	tq_store_close(reader);
	tq_store_close(s);
}

static void
set_schema(int64_t number)
{
	const struct tq_db_options o = { .path = path };
	struct tq_db *db;

	must(tq_db_sqlite.open(&o, &db, &err));
	must(db->ops->schema_set(db, number, &err));
	db->ops->close(db);
}

static void
a_newer_schema_is_refused_in_clear_words(void **state)
{
	struct tq_store *s = open_store(false);

	(void)state;
	tq_store_close(s);
	set_schema(999);
	assert_int_equal(open_at(path, false, &s), TQ_ECONFLICT);
	assert_non_null(strstr(err.text, "schema 999"));
	assert_int_equal(open_at(path, true, &s), TQ_ECONFLICT);
	set_schema(-1);
	assert_int_equal(open_at(path, false, &s), TQ_ECONFLICT);
}

static void
an_older_schema_is_not_read(void **state)
{
	struct tq_store *s;

	(void)state;
	set_schema(0);
	assert_int_equal(open_at(path, true, &s), TQ_ECONFLICT);
	assert_int_equal(open_at(with(dir, "/nothing.db"), true, &s), TQ_EIO);
	assert_non_null(strstr(err.text, "nothing.db"));
}

static void
another_programs_file_is_left_alone(void **state)
{
	const struct tq_db_options o = { .path = path };
	const char page[8192] = "this is no database, this is a letter";
	struct tq_arena a;
	struct tq_store *s;
	struct tq_db *db;
	tq_str before, after;

	(void)state;
	tq_arena_init(&a, 1 << 20);
	must(tq_db_sqlite.open(&o, &db, &err));
	must(db->ops->exec(db, "CREATE TABLE foreign_table (x)", &err));
	db->ops->close(db);
	must(tq_file_read(path, 1 << 18, &a, &before, &err));
	assert_int_equal(open_at(path, false, &s), TQ_ECONFLICT);
	assert_non_null(strstr(err.text, "not a taliq store"));
	must(tq_file_read(path, 1 << 18, &a, &after, &err));
	assert_true(tq_str_eq(before, after));
	(void)remove_files(NULL);
	must(tq_file_write(path, (tq_str){ page, sizeof(page) }, 0600, &err));
	assert_int_equal(open_at(path, false, &s), TQ_EIO);
	must(tq_file_read(path, 1 << 18, &a, &after, &err));
	assert_true(tq_str_eq((tq_str){ page, sizeof(page) }, after));
	tq_arena_free(&a);
}

static void
a_reading_handle_changes_nothing(void **state)
{
	struct tq_store *s = open_store(false), *reader = open_store(true);
	struct tq_comment c = { .page_id = 1, .spam = -1 };

	(void)state;
	fill(s, 3);
	must(reader->ops->begin(reader, &err));
	assert_int_equal(reader->ops->comment_add(reader, &c, &err), TQ_EBUG);
	reader->ops->rollback(reader);
	tq_store_close(reader);
	tq_store_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_its_owner_may_read_the_file),
		TEST(erased_words_leave_the_disk),
		TEST(a_reader_delays_tidying),
		TEST(a_newer_schema_is_refused_in_clear_words),
		TEST(an_older_schema_is_not_read),
		TEST(another_programs_file_is_left_alone),
		TEST(a_reading_handle_changes_nothing),
	};

	return cmocka_run_group_tests_name("store/file", tests, make_dir,
	    drop_dir);
}
