/* The Nth allocation inside SQLite fails, once or from then on, for every N, in
 * every operation: it is refused in words, nothing is half done, and the next
 * try works. */
#include "unit.h"

#include <sqlite3.h>
#include <stdio.h>

#include "base/crypto.h"
#include "store/store.h"

static sqlite3_mem_methods plain;
static long left = -1;		/* allocations until the one that fails */
static bool once;

static bool
fails(void)
{
	if (left > 0)
		left--;
	else if (left == 0 && once)
		left = -1;
	else
		return left == 0;
	return left < 0;
}

static void *
failing_malloc(int n)
{
	return fails() ? NULL : plain.xMalloc(n);
}

static void *
failing_realloc(void *p, int n)
{
	return fails() ? NULL : plain.xRealloc(p, n);
}

static const uint8_t key[TQ_KEY_BYTES] = { 7 };
static struct tq_store *s;
static struct tq_arena a;
static struct tq_err err;
static int64_t site, page;

static enum tq_code
open_store(void)
{
	const struct tq_store_options o = { .path = ":memory:",
	    .mac_key = key };

	return tq_store_open_sqlite(&o, &s, &err);
}

static enum tq_code
do_page(void)
{
	int64_t id;

	return s->ops->page_put(s, site, TQ_S("/two"), TQ_S("T"), 1, &id,
	    &err);
}

static enum tq_code
do_setting(void)
{
	return s->ops->setting_put(s, site, TQ_S("k"), TQ_S("v"), &err);
}

static enum tq_code
do_add(void)
{
	struct tq_comment c = { .page_id = page, .parent_id = 2, .spam = -1,
	    .body = TQ_S("b"), .owner = { 1 } };

	return s->ops->comment_add(s, &c, &err);
}

static enum tq_code
do_edit(void)
{
	return s->ops->comment_edit(s, 2, TQ_PUBLISHED, TQ_HELD, TQ_S("new"),
	    0.5, TQ_S("r"), 5, &err);
}

static enum tq_code
do_delete(void)
{
	return s->ops->comment_set_state(s, 1, TQ_PUBLISHED, TQ_DELETED, true,
	    5, &err);
}

static enum tq_code
do_feedback(void)
{
	const struct tq_feedback f = { .site_id = site, .comment_id = 1 };
	int64_t seq;

	return s->ops->feedback_add(s, &f, &seq, &err);
}

static enum tq_code
do_thread(void)
{
	const struct tq_cursor from = { .root_id = 1, .after_id = 1 };
	struct tq_thread_slice sl;

	return s->ops->thread(s, page, TQ_SORT_BEST, &from, 9, &a, &sl, &err);
}

static enum tq_code
do_place(void)
{
	struct tq_cursor at;

	return s->ops->thread_place(s, 3, TQ_SORT_BEST, 1, &at, &err);
}

static enum tq_code
do_lists(void)
{
	const uint8_t owner[TQ_OWNER_BYTES] = { 1 };
	struct tq_comment *list;
	enum tq_code code = s->ops->comments_of_owner(s, page, owner, 0, &a,
	    &list, &(size_t){ 0 }, &err);

	if (code == TQ_OK)
		code = s->ops->comments_in_state(s, 0, 0, TQ_PUBLISHED, 0, 9,
		    &a, &list, &(size_t){ 0 }, &err);
	return code;
}

static enum tq_code
do_key(void)
{
	struct tq_api_key k = { .site_id = site, .hash = { 2 },
	    .hint = TQ_S("abcd") }, *list;
	enum tq_code code = s->ops->api_key_add(s, &k, &err);

	k.per_minute = 5;
	if (code == TQ_OK)
		code = s->ops->api_key_put(s, &k, &err);
	return code == TQ_OK ? s->ops->api_key_list(s, &a, &list,
	    &(size_t){ 0 }, &err) : code;
}

static enum tq_code
do_use(void)
{
	const struct tq_use_row r = { .key_id = 1, .day = 20260101,
	    .site = TQ_S("a.org"), .n = { 1 } };
	const struct tq_use_ask ask = { .key_id = 1, .to_day = 99991231 };
	struct tq_use_row *list;
	int64_t sum[TQ_USES];
	enum tq_code code = s->ops->key_use_add(s, &r, &err);

	if (code == TQ_OK)
		code = s->ops->key_use_add(s, &r, &err);
	if (code == TQ_OK)
		code = s->ops->key_use_sum(s, &ask, sum, &err);
	return code == TQ_OK ? s->ops->key_use_list(s, &ask, &a, &list,
	    &(size_t){ 0 }, &err) : code;
}

static enum tq_code
do_unlearn(void)
{
	int64_t n, ham;
	enum tq_code code = s->ops->feedback_blank(s, TQ_S("key:1"), 0, &n,
	    &err);

	if (code == TQ_OK)
		code = s->ops->model_drop(s, site, &err);
	return code == TQ_OK ? s->ops->feedback_taught(s, TQ_S("key:1"), &n,
	    &ham, &err) : code;
}

static void
set_up(void)
{
	const struct tq_feedback f = { .site_id = site, .to = TQ_SPAM,
	    .actor = TQ_S("key:1"), .body = TQ_S("b") };
	struct tq_api_key k = { .hash = { 1 } };
	int64_t seq;
	struct tq_comment c;

	assert_int_equal(open_store(), TQ_OK);
	assert_int_equal(s->ops->begin(s, &err), TQ_OK);
	assert_int_equal(s->ops->site_add(s, TQ_S("s"), 1, &site, &err), 0);
	assert_int_equal(s->ops->page_put(s, site, TQ_S("/"), TQ_S(""), 1,
	    &page, &err), 0);
	for (int64_t i = 0; i < 3; i++) {
		c = (struct tq_comment){ .page_id = page, .parent_id = i,
		    .spam = -1, .owner = { 1 }, .body = TQ_S("text") };
		assert_int_equal(s->ops->comment_add(s, &c, &err), TQ_OK);
	}
	k.site_id = site;
	assert_int_equal(s->ops->api_key_add(s, &k, &err), TQ_OK);
	assert_int_equal(s->ops->feedback_add(s, &f, &seq, &err), TQ_OK);
	assert_int_equal(s->ops->model_put(s, site, seq, TQ_S("m"), &err), 0);
	assert_int_equal(s->ops->commit(s, &err), TQ_OK);
}

static void
problem(void *ctx, const char *line)
{
	fail_msg("after failure %ld: %s", *(long *)ctx, line);
}

/* begin, mark, the operation, commit, with the Nth allocation failing; *spared
 * when there were not so many. */
static enum tq_code
attempt(enum tq_code (*act)(void), long n, bool *spared)
{
	enum tq_code code;

	left = n;
	code = s->ops->begin(s, &err);
	if (code == TQ_OK) {
		code = s->ops->mark(s, &err);
		if (code == TQ_OK)
			code = act();
		if (code == TQ_OK)
			code = s->ops->commit(s, &err);
		else
			s->ops->rollback(s);
	}
	*spared = left > 0;
	left = -1;
	if (code != TQ_OK)
		assert_true(strlen(err.text) > 0);
	return code;
}

static void
every_failed_allocation_is_survived(void **state)
{
	static enum tq_code (*const acts[])(void) = { do_page, do_setting,
	    do_add, do_edit, do_delete, do_feedback, do_thread, do_place,
	    do_lists, do_key, do_use, do_unlearn };
	long total = 0;

	(void)state;
	for (size_t i = 0; i < 2 * TQ_N(acts); i++) {
		bool spared = false;
		long n = 0;

		once = i % 2;
		set_up();
		tq_arena_init(&a, 1 << 24);
		for (; !spared; n++) {
			int64_t checked, bad;
			enum tq_code code;

			assert_true(n < 10000);
			code = attempt(acts[i / 2], n, &spared);
			if (code != TQ_OK && code != TQ_ELIMIT)
				fail_msg("operation %zu, allocation %ld: %s: "
				    "%s", i / 2, n, tq_code_name(code), err.text);
			if (s->ops->verify(s, problem, &n, &checked, &bad,
			    &err) != TQ_OK)
				fail_msg("operation %zu, allocation %ld: "
				    "verify: %s", i / 2, n, err.text);
			if (code == TQ_OK && !spared) {
				tq_store_close(s);	/* it made do */
				set_up();
			}
		}
		total += n;
		tq_arena_free(&a);
		tq_store_close(s);
	}
	print_message("%ld allocations failed\n", total);
	assert_true(total > 30);
}

static void
opening_survives_every_failed_allocation(void **state)
{
	enum tq_code code = TQ_ELIMIT;
	long n = 0;

	(void)state;
	for (; code != TQ_OK; n += n < 200 ? 1 : 13) {
		assert_true(n < 100000);
		left = n;
		code = open_store();
		left = -1;
		if (code != TQ_OK && code != TQ_ELIMIT)
			fail_msg("allocation %ld: %s: %s", n,
			    tq_code_name(code), err.text);
	}
	assert_true(n > 100);
	tq_store_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opening_survives_every_failed_allocation),
		cmocka_unit_test(every_failed_allocation_is_survived),
	};
	sqlite3_mem_methods failing;

	if (tq_crypto_start(&err) != TQ_OK ||
	    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain) != SQLITE_OK)
		return 1;
	failing = plain;
	failing.xMalloc = failing_malloc;
	failing.xRealloc = failing_realloc;
	if (sqlite3_config(SQLITE_CONFIG_MALLOC, &failing) != SQLITE_OK)
		return 1;
	return cmocka_run_group_tests_name("store/memory_out", tests, NULL,
	    NULL);
}
