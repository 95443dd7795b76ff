/* Damage to the file of the SQLite store: whatever changes what is read is
 * reported by open, by verify or by the read itself. */
#include "store_file.h"

#include "base/buf.h"
#include "base/file.h"
#include "store/db.h"

#define COMMENTS 300
#define FLIPS 300
#define TRUNCATIONS 30

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

static bool
put_comments(struct tq_store *s, struct tq_arena *a, struct tq_buf *b)
{
	struct tq_comment c;

	for (int64_t id = 1; id <= COMMENTS; id++) {
		if (s->ops->comment_get(s, id, a, &c, &err) != TQ_OK)
			return false;
		tq_buf_printf(b, "%lld %lld %lld %lld %lld %d %d %lld %lld "
		    "%lld %a ", (long long)c.page_id, (long long)c.parent_id,
		    (long long)c.root_id, (long long)c.depth,
		    (long long)c.created_us, (int)c.state, c.by_author,
		    (long long)c.edited_us, (long long)c.replies,
		    (long long)c.change, c.spam);
		tq_buf_put(b, c.name);
		tq_buf_put(b, c.url);
		tq_buf_put(b, c.body);
		tq_buf_put(b, c.email_sealed);
		tq_buf_put(b, c.reasons);
		tq_buf_put(b, (tq_str){ (char *)c.owner, TQ_OWNER_BYTES });
	}
	return true;
}

static bool
put_threads(struct tq_store *s, struct tq_arena *a, struct tq_buf *b)
{
	const struct tq_cursor start = { 0 };
	struct tq_thread_slice sl;

	for (int k = 0; k < 3; k++) {
		if (s->ops->thread(s, 1, (enum tq_sort)k, &start, 9999, a,
		    &sl, &err) != TQ_OK)
			return false;
		for (size_t i = 0; i < sl.n; i++) {
			tq_buf_printf(b, "%lld ",
			    (long long)sl.comments[i].id);
			tq_buf_put(b, sl.comments[i].body);
		}
	}
	return true;
}

static bool
put_rest(struct tq_store *s, struct tq_arena *a, struct tq_buf *b)
{
	struct tq_feedback *f;
	struct tq_setting *settings;
	struct tq_site *sites;
	struct tq_page page;
	int64_t counts[TQ_STATES];
	size_t n_sites, n_settings, n_f;

	if (s->ops->site_list(s, a, &sites, &n_sites, &err) != TQ_OK ||
	    s->ops->setting_list(s, 1, a, &settings, &n_settings, &err) !=
	    TQ_OK || n_sites != 1 || n_settings != 1 ||
	    s->ops->feedback_after(s, 0, 9, a, &f, &n_f, &err) != TQ_OK ||
	    n_f != 1 || s->ops->page_get(s, 1, TQ_S("/a"), a, &page, &err) !=
	    TQ_OK || s->ops->state_counts(s, 1, counts, &err) != TQ_OK)
		return false;
	tq_buf_printf(b, "%lld %lld %lld %lld %lld %lld",
	    (long long)sites[0].created_us, (long long)page.created_us,
	    (long long)page.published, (long long)page.change,
	    (long long)counts[0], (long long)f[0].seq);
	tq_buf_put(b, sites[0].name);
	tq_buf_put(b, settings[0].value);
	tq_buf_put(b, page.title);
	tq_buf_put(b, f[0].body);
	return true;
}

static bool
put_keys(struct tq_store *s, struct tq_arena *a, struct tq_buf *b)
{
	const struct tq_use_ask ask = { .key_id = 1, .to_day = 99991231 };
	struct tq_api_key *k;
	struct tq_use_row *r;
	size_t n_k, n;

	if (s->ops->api_key_list(s, a, &k, &n_k, &err) != TQ_OK || n_k != 1 ||
	    k[0].damaged || s->ops->key_use_list(s, &ask, a, &r, &n, &err) != TQ_OK)
		return false;
	tq_buf_put(b, (tq_str){ (char *)k[0].hash, TQ_API_HASH_BYTES });
	tq_buf_put(b, k[0].hint);
	tq_buf_printf(b, "%lld %d", (long long)k[0].per_minute, k[0].webhook);
	for (size_t i = 0; i < n; i++) {
		tq_buf_put(b, r[i].site);
		for (size_t u = 0; u < TQ_USES; u++)
			tq_buf_printf(b, " %lld", (long long)r[i].n[u]);
	}
	return true;
}

/* Everything that a caller can see, as one fingerprint; false when a read
 * fails, which is a report, too. */
static bool
fingerprint(struct tq_store *s, uint8_t out[32])
{
	struct tq_arena a;
	struct tq_buf b;
	tq_str all;
	bool fine;

	tq_arena_init(&a, (size_t)64 << 20);
	tq_buf_init(&b, &a, 1 << 16);
	fine = put_rest(s, &a, &b) && put_keys(s, &a, &b) && put_threads(s, &a, &b) &&
	    put_comments(s, &a, &b);
	if (fine) {
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

/* A closed store of COMMENTS comments, its bytes and what they say. */
static tq_str
sound_store(struct tq_arena *a, uint8_t expect[32])
{
	struct tq_store *s = open_store(false);
	tq_str bytes;

	fill(s, COMMENTS);
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

/* Counting goes on, but never makes a wrong row look right. */
static void
a_damaged_count_grows_and_stays_damaged(void **state)
{
	const struct tq_db_options o = { .path = path };
	const struct tq_use_row more = { .key_id = 1, .day = 20260101,
	    .site = TQ_S("site0.example.org"), .n = { 5 } };
	const struct tq_use_ask ask = { .key_id = 1, .from_day = 20260101,
	    .to_day = 20260101, .site = more.site };
	struct tq_store *s = open_store(false);
	int64_t checked, bad = 0, sum[TQ_USES];
	struct tq_use_row *rows;
	struct tq_arena a;
	struct tq_db *db;
	size_t n;

	(void)state;
	tq_arena_init(&a, 1 << 20);
	fill(s, 1);
	tq_store_close(s);
	must(tq_db_sqlite.open(&o, &db, &err));
	must(db->ops->exec(db, "UPDATE key_use SET spam = 1000 WHERE "
	    "site = 'site0.example.org'", &err));
	db->ops->close(db);
	s = open_store(false);
	for (int i = 0; i < 2; i++) {	/* wrong twice is not right */
		must(s->ops->begin(s, &err));
		must(s->ops->key_use_add(s, &more, &err));
		must(s->ops->commit(s, &err));
		must(s->ops->key_use_sum(s, &ask, sum, &err));
		assert_int_equal(sum[TQ_USE_SPAM], 1005 + 5 * i);
		assert_int_equal(s->ops->key_use_list(s, &ask, &a, &rows, &n,
		    &err), TQ_EIO);
		must(s->ops->verify(s, ignore_line, NULL, &checked, &bad,
		    &err));
		assert_int_equal(bad, 1);
	}
	tq_store_close(s);
	tq_arena_free(&a);
}

static void
a_damaged_key_does_not_hide_the_others(void **state)
{
	const struct tq_db_options o = { .path = path };
	struct tq_store *s = open_store(false);
	struct tq_api_key more = { .site_id = 1, .hash = { 2 } }, *k, one;
	struct tq_arena a;
	struct tq_db *db;
	size_t n;

	(void)state;
	tq_arena_init(&a, 1 << 20);
	fill(s, 1);
	must(s->ops->begin(s, &err));
	must(s->ops->api_key_add(s, &more, &err));
	must(s->ops->commit(s, &err));
	tq_store_close(s);
	must(tq_db_sqlite.open(&o, &db, &err));
	must(db->ops->exec(db, "UPDATE api_key SET per_month = 9 WHERE id = 1",
	    &err));
	db->ops->close(db);
	s = open_store(false);
	must(s->ops->api_key_list(s, &a, &k, &n, &err));
	assert_int_equal(n, 2);
	assert_true(k[0].damaged);
	assert_false(k[1].damaged);
	assert_int_equal(s->ops->api_key_get(s, 1, &a, &one, &err), TQ_EIO);
	must(s->ops->api_key_get(s, 2, &a, &one, &err));
	must(s->ops->begin(s, &err));
	assert_int_equal(s->ops->api_key_put(s, &k[0], &err), TQ_EIO);
	s->ops->rollback(s);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_flipped_bit_that_matters_is_found),
		TEST(a_truncated_file_is_found),
		TEST(another_key_is_found),
		TEST(a_damaged_comment_can_be_deleted_but_not_read),
		TEST(a_damaged_count_grows_and_stays_damaged),
		TEST(a_damaged_key_does_not_hide_the_others),
		TEST(wrong_counts_are_found),
	};

	return cmocka_run_group_tests_name("store/damage", tests, make_dir,
	    drop_dir);
}
