/* The SQLite store as a file: who may read it, what an erase leaves, what
 * damage is seen, whose file it is. */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/file.h"
#include "store/db.h"
#include "store/store.h"

#define FLIPS 300
#define TRUNCATIONS 30

static char dir[] = "/tmp/tq-test-file-XXXXXX";
static char path[128], copy[128];
static const uint8_t key[TQ_KEY_BYTES] = { 5, 6 };
static struct tq_err err;

static enum tq_code
open_at(const char *p, bool read_only, struct tq_store **out)
{
	const struct tq_store_options o = { .path = p, .mac_key = key,
	    .read_only = read_only };

	return tq_store_open_sqlite(&o, out, &err);
}

static struct tq_store *
open_store(bool read_only)
{
	struct tq_store *s;

	if (open_at(path, read_only, &s) != TQ_OK)
		fail_msg("%s", err.text);
	return s;
}

static void
must(enum tq_code code)
{
	if (code != TQ_OK)
		fail_msg("%s: %s", tq_code_name(code), err.text);
}

static const char *
with(const char *p, const char *suffix)
{
	static char name[160];

	(void)snprintf(name, sizeof(name), "%s%s", p, suffix);
	return name;
}

static int
remove_files(void **state)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };

	(void)state;
	for (size_t i = 0; i < TQ_N(suffixes); i++) {
		(void)unlink(with(path, suffixes[i]));
		(void)unlink(with(copy, suffixes[i]));
	}
	return 0;
}

/* Random, but the same in every run. */
static uint64_t
dice(uint64_t sides)
{
	static uint64_t x = 88172645463325252u;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x % sides;
}

/* n comments on a new page, in small trees; each field holds "MARKED". */
static void
fill(struct tq_store *s, int n)
{
	struct tq_feedback f = { .body = TQ_S("judged MARKED text") };
	struct tq_arena a;
	int64_t site, page, seq, last = 0;

	tq_arena_init(&a, 1 << 24);
	f.from = TQ_HELD;
	must(s->ops->begin(s, &err));
	must(s->ops->site_add(s, TQ_S("marked"), 1, &site, &err));
	must(s->ops->page_put(s, site, TQ_S("/a"), TQ_S("T"), 2, &page, &err));
	must(s->ops->setting_put(s, site, TQ_S("k"), TQ_S("MARKED v"), &err));
	for (int i = 0; i < n; i++) {
		struct tq_comment c = { .page_id = page, .created_us = i,
		    .parent_id = i % 5 == 0 ? 0 : last,
		    .name = tq_arena_printf(&a, "MARKED name %d", i),
		    .url = tq_arena_printf(&a, "http://MARKED/%d", i),
		    .body = tq_arena_printf(&a, "MARKED %0*d body", 50 + i, i),
		    .email_sealed = TQ_S("MARKED sealed"), .spam = 0.25,
		    .reasons = TQ_S("MARKED reasons") };

		memcpy(c.owner, "MARKED owner 16.", TQ_OWNER_BYTES);
		must(s->ops->comment_add(s, &c, &err));
		last = c.id;
	}
	must(s->ops->feedback_add(s, &f, &seq, &err));
	must(s->ops->commit(s, &err));
	tq_arena_free(&a);
}

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

/* Everything that a caller can see, as one fingerprint; false when a read
 * fails, which is a report, too. */
static bool
fingerprint(struct tq_store *s, uint8_t out[32])
{
	const struct tq_cursor start = { 0 };
	struct tq_thread_slice sl[3];
	struct tq_feedback *f;
	struct tq_setting *settings;
	struct tq_site *sites;
	struct tq_comment c;
	struct tq_page page;
	struct tq_arena a;
	struct tq_buf b;
	int64_t counts[TQ_STATES];
	size_t n_sites, n_settings, n_f;
	tq_str all;
	bool fine;

	tq_arena_init(&a, (size_t)64 << 20);
	tq_buf_init(&b, &a, 1 << 16);
	fine = s->ops->site_list(s, &a, &sites, &n_sites, &err) == TQ_OK &&
	    s->ops->setting_list(s, 1, &a, &settings, &n_settings, &err) ==
	    TQ_OK && n_sites == 1 && n_settings == 1 &&
	    s->ops->feedback_after(s, 0, 9, &a, &f, &n_f, &err) == TQ_OK &&
	    n_f == 1 && s->ops->page_get(s, 1, TQ_S("/a"), &a, &page, &err) ==
	    TQ_OK && s->ops->state_counts(s, 1, counts, &err) == TQ_OK;
	for (int k = 0; k < 3 && fine; k++)
		fine = s->ops->thread(s, 1, (enum tq_sort)k, &start, 9999, &a,
		    &sl[k], &err) == TQ_OK;
	for (int64_t id = 1; id <= 200 && fine; id++) {
		fine = s->ops->comment_get(s, id, &a, &c, &err) == TQ_OK;
		tq_buf_printf(&b, "%lld %lld %lld %lld %lld %d %d %lld %lld "
		    "%lld %a ", (long long)c.page_id, (long long)c.parent_id,
		    (long long)c.root_id, (long long)c.depth,
		    (long long)c.created_us, (int)c.state, c.by_author,
		    (long long)c.edited_us, (long long)c.replies,
		    (long long)c.change, c.spam);
		tq_buf_put(&b, c.name);
		tq_buf_put(&b, c.url);
		tq_buf_put(&b, c.body);
		tq_buf_put(&b, c.email_sealed);
		tq_buf_put(&b, c.reasons);
		tq_buf_put(&b, (tq_str){ (char *)c.owner, TQ_OWNER_BYTES });
	}
	for (int k = 0; k < 3 && fine; k++)
		for (size_t i = 0; i < sl[k].n; i++) {
			tq_buf_printf(&b, "%lld ",
			    (long long)sl[k].comments[i].id);
			tq_buf_put(&b, sl[k].comments[i].body);
		}
	if (fine) {
		tq_buf_printf(&b, "%lld %lld %lld %lld %lld", (long long)
		    sites[0].created_us, (long long)page.published, (long long)
		    page.change, (long long)counts[0], (long long)f[0].seq);
		tq_buf_put(&b, sites[0].name);
		tq_buf_put(&b, settings[0].value);
		tq_buf_put(&b, page.title);
		tq_buf_put(&b, f[0].body);
		assert_true(tq_buf_ok(&b));
		all = tq_buf_str(&b);
		tq_hash(out, 32, &all, 1);
	}
	tq_arena_free(&a);
	return fine;
}

static void
ignore_line(void *ctx, const char *line)
{
	(void)ctx;
	assert_true(line[0] != 0);
}

/* What can be said of a damaged copy. */
enum verdict { FOUND, SAME, SILENT };

static enum verdict
judge(const uint8_t expect[32], bool deep)
{
	struct tq_store *s;
	int64_t checked, bad = 0;
	uint8_t got[32];
	enum verdict v = SILENT;

	if (open_at(copy, false, &s) != TQ_OK)
		return FOUND;
	if (deep)
		must(s->ops->verify(s, ignore_line, NULL, &checked, &bad,
		    &err));
	if (bad > 0 || !fingerprint(s, got))
		v = FOUND;
	else if (memcmp(got, expect, sizeof(got)) == 0)
		v = SAME;
	tq_store_close(s);
	(void)unlink(with(copy, "-wal"));
	(void)unlink(with(copy, "-shm"));
	return v;
}

/* A closed store of 200 comments, its bytes and what they say. */
static tq_str
sound_store(struct tq_arena *a, uint8_t expect[32])
{
	struct tq_store *s = open_store(false);
	tq_str bytes;

	fill(s, 200);
	assert_true(fingerprint(s, expect));
	tq_store_close(s);
	must(tq_file_read(path, 1 << 24, a, &bytes, &err));
	return bytes;
}

static void
every_flipped_bit_that_matters_is_found(void **state)
{
	int n[3] = { 0, 0, 0 };
	uint8_t expect[32];
	struct tq_arena a;
	tq_str bytes;
	char *p;

	(void)state;
	tq_arena_init(&a, 1 << 26);
	bytes = sound_store(&a, expect);
	p = tq_arena_alloc(&a, bytes.n, 1);
	assert_non_null(p);
	for (int i = 0; i < FLIPS; i++) {
		const size_t at = dice(bytes.n);
		const int bit = (int)dice(8);
		enum verdict v;

		memcpy(p, bytes.p, bytes.n);
		p[at] = (char)(p[at] ^ (1 << bit));
		must(tq_file_write(copy, (tq_str){ p, bytes.n }, 0600, &err));
		v = judge(expect, true);
		n[v]++;
		if (v == SILENT)
			fail_msg("byte %zu bit %d changes what is read and is "
			    "not reported", at, bit);
	}
	print_message("%d of %d flips reported, %d in unused bytes, in a file "
	    "of %zu\n", n[FOUND], FLIPS, n[SAME], bytes.n);
	assert_true(n[FOUND] > FLIPS / 2);
	tq_arena_free(&a);
}

static void
a_truncated_file_is_found(void **state)
{
	uint8_t expect[32];
	struct tq_arena a;
	tq_str bytes;

	(void)state;
	tq_arena_init(&a, 1 << 26);
	bytes = sound_store(&a, expect);
	for (size_t i = 1; i < TRUNCATIONS && i * 4096 < bytes.n; i++) {
		must(tq_file_write(copy, tq_str_sub(bytes, 0,
		    bytes.n - i * 4096 + i % 2 * 100), 0600, &err));
		assert_int_equal(judge(expect, true), FOUND);
	}
	tq_arena_free(&a);
}

static void
another_key_is_found(void **state)
{
	static const uint8_t other[TQ_KEY_BYTES] = { 1 };
	const struct tq_store_options o = { .path = path, .mac_key = other };
	struct tq_store *s = open_store(false);
	int64_t checked, bad = 0;

	(void)state;
	fill(s, 10);
	tq_store_close(s);
	must(tq_store_open_sqlite(&o, &s, &err));
	must(s->ops->verify(s, ignore_line, NULL, &checked, &bad, &err));
	assert_true(bad >= 14);	/* site, page, setting, feedback, comments */
	tq_store_close(s);
}

static void
a_damaged_comment_can_be_deleted_but_not_read(void **state)
{
	const struct tq_db_options o = { .path = path };
	struct tq_store *s = open_store(false);
	int64_t checked, bad = 0;
	struct tq_comment c;
	struct tq_arena a;
	struct tq_db *db;

	(void)state;
	tq_arena_init(&a, 1 << 20);
	fill(s, 10);
	tq_store_close(s);
	must(tq_db_sqlite.open(&o, &db, &err));
	must(db->ops->exec(db, "UPDATE comment SET body = 'other' WHERE id = 4;"
	    "UPDATE feedback SET comment_id = 4", &err));
	db->ops->close(db);
	s = open_store(false);
	assert_int_equal(s->ops->comment_get(s, 4, &a, &c, &err), TQ_EIO);
	assert_non_null(strstr(err.text, "comment 4"));
	must(s->ops->begin(s, &err));
	assert_int_equal(s->ops->comment_set_state(s, 4, TQ_PUBLISHED, TQ_HELD,
	    false, 5, &err), TQ_EIO);
	must(s->ops->comment_set_state(s, 4, TQ_PUBLISHED, TQ_DELETED, false,
	    5, &err));
	must(s->ops->commit(s, &err));
	must(s->ops->comment_get(s, 4, &a, &c, &err));
	must(s->ops->verify(s, ignore_line, NULL, &checked, &bad, &err));
	assert_int_equal(bad, 0);
	tq_store_close(s);
	tq_arena_free(&a);
}

/* Each of these leaves the row's own MAC right. */
static void
wrong_counts_are_found(void **state)
{
	static const char *const damages[] = {
		"UPDATE comment SET replies = replies + 1 WHERE id = 1",
		"UPDATE comment SET replies = 0 WHERE id = 2",
		"UPDATE comment SET shown = 0 WHERE id = 10",
		"UPDATE page SET published = 3",
		"UPDATE page SET change = change + 1",
		"UPDATE counter SET value = 0",
		"UPDATE tally SET n = n - 1 WHERE state = 0",
		"DELETE FROM tally",
		"DELETE FROM comment WHERE id = 10",
		"PRAGMA foreign_keys=OFF; DELETE FROM comment WHERE id = 2",
		"PRAGMA foreign_keys=OFF; DELETE FROM site",
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(damages); i++) {
		const struct tq_db_options o = { .path = path };
		struct tq_store *s = open_store(false);
		int64_t checked, bad = 0;
		struct tq_db *db;

		fill(s, 10);
		tq_store_close(s);
		must(tq_db_sqlite.open(&o, &db, &err));
		must(db->ops->exec(db, damages[i], &err));
		db->ops->close(db);
		s = open_store(false);
		must(s->ops->verify(s, ignore_line, NULL, &checked, &bad,
		    &err));
		if (bad == 0)
			fail_msg("not found: %s", damages[i]);
		tq_store_close(s);
		(void)remove_files(NULL);
	}
}

static int
make_dir(void **state)
{
	(void)state;
	if (tq_crypto_start(&err) != TQ_OK || mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/taliq.db", dir);
	(void)snprintf(copy, sizeof(copy), "%s/copy.db", dir);
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
		TEST(only_its_owner_may_read_the_file),
		TEST(erased_words_leave_the_disk),
		TEST(a_reader_delays_tidying),
		TEST(a_newer_schema_is_refused_in_clear_words),
		TEST(an_older_schema_is_not_read),
		TEST(another_programs_file_is_left_alone),
		TEST(a_reading_handle_changes_nothing),
		TEST(every_flipped_bit_that_matters_is_found),
		TEST(a_truncated_file_is_found),
		TEST(another_key_is_found),
		TEST(a_damaged_comment_can_be_deleted_but_not_read),
		TEST(wrong_counts_are_found),
	};

	return cmocka_run_group_tests_name("store/file", tests, make_dir,
	    drop_dir);
}
