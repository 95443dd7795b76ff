/* Keys of clients, how much they were used, and what one actor taught. */
#include "store_contract_world.h"

#include <stdio.h>

static struct tq_api_key
draft_key(uint8_t first)
{
	return (struct tq_api_key){ .site_id = w.site, .created_us = 11,
	    .per_minute = 60, .per_month = 5000, .lessons_per_hour = 200,
	    .webhook = true, .hint = TQ_S("0a1b"), .hash = { first, 2, 3 } };
}

static int64_t
add_key(uint8_t first)
{
	struct tq_api_key k = draft_key(first);

	begin();
	MUST(w.ops->api_key_add(w.s, &k, &err));
	commit();
	return k.id;
}

static void
keys_are_kept_and_listed_by_id(void **state)
{
	struct tq_api_key *all, one;
	int64_t a = add_key(1), b = add_key(2);
	size_t n;

	(void)state;
	MUST(w.ops->api_key_list(w.s, &w.a, &all, &n, &err));
	assert_int_equal(n, 2);
	assert_int_equal(all[0].id, a);
	assert_int_equal(all[1].id, b);
	MUST(w.ops->api_key_get(w.s, b, &w.a, &one, &err));
	assert_int_equal(one.site_id, w.site);
	assert_int_equal(one.created_us, 11);
	assert_int_equal(one.revoked_us, 0);
	assert_int_equal(one.old_until_us, 0);
	assert_int_equal(one.per_minute, 60);
	assert_int_equal(one.per_month, 5000);
	assert_int_equal(one.lessons_per_hour, 200);
	assert_true(one.webhook);
	assert_str(one.hint, "0a1b");
	assert_int_equal(one.hash[0], 2);
	assert_int_equal(one.hash[2], 3);
	REFUSE(w.ops->api_key_get(w.s, 99, &w.a, &one, &err), TQ_ENOTFOUND);
	(void)verify();
}

static void
a_key_is_changed_but_not_moved(void **state)
{
	struct tq_api_key k = draft_key(9), one;
	int64_t id = add_key(1), other = add_key(7);

	(void)state;
	k.id = id;
	k.site_id = 77;
	k.created_us = 78;
	k.revoked_us = 12;
	k.old_until_us = 13;
	k.old_hash[0] = 1;
	k.per_minute = k.per_month = k.lessons_per_hour = 0;
	k.webhook = false;
	k.hint = TQ_S("ffff");
	begin();
	MUST(w.ops->api_key_put(w.s, &k, &err));
	k.hash[0] = 7;		/* the other's */
	REFUSE(w.ops->api_key_put(w.s, &k, &err), TQ_ECONFLICT);
	k.hash[0] = 9;
	k.id = 99;
	k.hash[1] = 99;
	REFUSE(w.ops->api_key_put(w.s, &k, &err), TQ_ENOTFOUND);
	commit();
	MUST(w.ops->api_key_get(w.s, id, &w.a, &one, &err));
	assert_int_equal(one.site_id, w.site);
	assert_int_equal(one.created_us, 11);
	assert_int_equal(one.revoked_us, 12);
	assert_int_equal(one.old_until_us, 13);
	assert_int_equal(one.old_hash[0], 1);
	assert_int_equal(one.per_minute + one.per_month +
	    one.lessons_per_hour, 0);
	assert_false(one.webhook);
	assert_str(one.hint, "ffff");
	assert_int_equal(one.hash[0], 9);
	MUST(w.ops->api_key_get(w.s, other, &w.a, &one, &err));
	assert_int_equal(one.per_minute, 60);
	(void)verify();
}

static void
bad_keys_are_refused(void **state)
{
	struct tq_api_key k = draft_key(1), bad[6];

	(void)state;
	for (size_t i = 0; i < TQ_N(bad); i++)
		bad[i] = draft_key(2);
	bad[0].per_minute = -1;
	bad[1].per_month = -1;
	bad[2].lessons_per_hour = -1;
	bad[3].created_us = -1;
	bad[4].old_until_us = -1;
	bad[5].hint = TQ_S("0123456789abcdef0");
	begin();
	for (size_t i = 0; i < TQ_N(bad); i++) {
		REFUSE(w.ops->api_key_add(w.s, &bad[i], &err), TQ_EINVALID);
		assert_int_equal(bad[i].id, 0);
	}
	MUST(w.ops->api_key_add(w.s, &k, &err));
	REFUSE(w.ops->api_key_add(w.s, &k, &err), TQ_ECONFLICT);
	k.hash[0] = 3;
	k.site_id = 99;
	REFUSE(w.ops->api_key_add(w.s, &k, &err), TQ_ENOTFOUND);
	k = draft_key(1);
	k.id = 1;
	k.revoked_us = -1;
	REFUSE(w.ops->api_key_put(w.s, &k, &err), TQ_EINVALID);
	commit();
}

static void
use(int64_t key, int64_t day, const char *site, int64_t spam, int64_t ham)
{
	const struct tq_use_row r = { .key_id = key, .day = day,
	    .site = tq_str_c(site), .n = { spam, ham, 1, 2 } };

	begin();
	MUST(w.ops->key_use_add(w.s, &r, &err));
	commit();
}

static void
use_is_added_up_by_day_and_site(void **state)
{
	int64_t key = add_key(1), other = add_key(2), sum[TQ_USES];
	struct tq_use_ask ask = { .key_id = key, .from_day = 20260101,
	    .to_day = 20260131 };
	struct tq_use_row *rows;
	size_t n;

	(void)state;
	use(key, 20260102, "b.org", 1, 10);
	use(key, 20260101, "b.org", 2, 20);
	use(key, 20260101, "a.org/x", 3, 30);
	use(key, 20260101, "b.org", 4, 40);
	use(key, 20260101, "", 5, 50);
	use(key, 20260201, "b.org", 100, 100);
	use(other, 20260101, "b.org", 100, 100);
	MUST(w.ops->key_use_list(w.s, &ask, &w.a, &rows, &n, &err));
	assert_int_equal(n, 4);
	assert_str(rows[0].site, "");
	assert_str(rows[1].site, "a.org/x");
	assert_str(rows[2].site, "b.org");
	assert_int_equal(rows[2].key_id, key);
	assert_int_equal(rows[2].day, 20260101);
	assert_int_equal(rows[2].n[TQ_USE_SPAM], 6);
	assert_int_equal(rows[2].n[TQ_USE_HAM], 60);
	assert_int_equal(rows[2].n[TQ_USE_MISSED_SPAM], 2);
	assert_int_equal(rows[2].n[TQ_USE_FALSE_POSITIVE], 4);
	assert_int_equal(rows[3].day, 20260102);
	MUST(w.ops->key_use_sum(w.s, &ask, sum, &err));
	assert_int_equal(sum[TQ_USE_SPAM], 15);
	assert_int_equal(sum[TQ_USE_HAM], 150);
	assert_int_equal(sum[TQ_USE_FALSE_POSITIVE], 10);
	ask.site = TQ_S("b.org");
	MUST(w.ops->key_use_list(w.s, &ask, &w.a, &rows, &n, &err));
	assert_int_equal(n, 2);
	MUST(w.ops->key_use_sum(w.s, &ask, sum, &err));
	assert_int_equal(sum[TQ_USE_SPAM], 7);
	ask.site = TQ_S("");
	MUST(w.ops->key_use_list(w.s, &ask, &w.a, &rows, &n, &err));
	assert_int_equal(n, 1);
	ask.key_id = 99;
	MUST(w.ops->key_use_sum(w.s, &ask, sum, &err));
	assert_int_equal(sum[TQ_USE_SPAM], 0);
	(void)verify();
}

static void
a_key_has_so_many_sites_a_day(void **state)
{
	int64_t key = add_key(1);
	const struct tq_use_ask ask = { .key_id = key, .to_day = 99991231 };
	struct tq_use_row r = { .key_id = key, .day = 20260101, .n = { 1 } };
	struct tq_use_row *rows;
	char site[32];
	size_t n;

	(void)state;
	begin();
	for (int i = 0; i < TQ_USE_SITES_MAX + 5; i++) {
		(void)snprintf(site, sizeof(site), "s%d.org", i);
		r.site = tq_str_c(site);
		MUST(w.ops->key_use_add(w.s, &r, &err));
	}
	r.site = TQ_S("s7.org");
	MUST(w.ops->key_use_add(w.s, &r, &err));
	r.day = 20260102;
	r.site = TQ_S("new.org");
	MUST(w.ops->key_use_add(w.s, &r, &err));
	commit();
	MUST(w.ops->key_use_list(w.s, &ask, &w.a, &rows, &n, &err));
	assert_int_equal(n, TQ_USE_SITES_MAX + 2);
	assert_str(rows[0].site, "");
	assert_int_equal(rows[0].n[TQ_USE_SPAM], 5);
	assert_str(rows[n - 1].site, "new.org");
	for (size_t i = 1; i < n - 1; i++)
		assert_int_equal(rows[i].n[TQ_USE_SPAM],
		    tq_str_eq(rows[i].site, TQ_S("s7.org")) ? 2 : 1);
}

static void
bad_use_is_refused(void **state)
{
	static const char long_site[TQ_USE_SITE_MAX + 1] = { 'a' };
	const struct tq_use_row good = { .key_id = add_key(1),
	    .day = 20260131, .n = { 1 } };
	struct tq_use_row bad[5];

	(void)state;
	for (size_t i = 0; i < TQ_N(bad); i++)
		bad[i] = good;
	bad[0].day = 20261301;
	bad[1].day = 20260100;
	bad[2].day = 0;
	bad[3].n[3] = -1;
	bad[4].site = (tq_str){ long_site, sizeof(long_site) };
	REFUSE(w.ops->key_use_add(w.s, &good, &err), TQ_EBUG);
	begin();
	for (size_t i = 0; i < TQ_N(bad); i++)
		REFUSE(w.ops->key_use_add(w.s, &bad[i], &err), TQ_EINVALID);
	bad[0] = good;
	bad[0].key_id = 99;
	REFUSE(w.ops->key_use_add(w.s, &bad[0], &err), TQ_ENOTFOUND);
	bad[0].site = TQ_S("a.org");
	REFUSE(w.ops->key_use_add(w.s, &bad[0], &err), TQ_ENOTFOUND);
	bad[0] = good;
	bad[0].n[0] = INT64_MAX;	/* stays the most there is */
	MUST(w.ops->key_use_add(w.s, &bad[0], &err));
	MUST(w.ops->key_use_add(w.s, &good, &err));
	commit();
	(void)verify();
}

static void
teach(const char *actor, int64_t at_us, enum tq_state to, const char *body)
{
	const struct tq_feedback f = { .site_id = w.site, .at_us = at_us,
	    .from = TQ_HELD, .to = to, .actor = tq_str_c(actor),
	    .name = TQ_S("n"), .url = TQ_S("u"), .body = tq_str_c(body) };
	int64_t seq;

	begin();
	MUST(w.ops->feedback_add(w.s, &f, &seq, &err));
	commit();
}

static void
what_one_actor_taught_is_blanked(void **state)
{
	struct tq_feedback *rows;
	int64_t n, spam, ham;
	size_t count;

	(void)state;
	teach("key:1", 100, TQ_SPAM, "a");
	teach("key:1", 300, TQ_PUBLISHED, "b");
	teach("key:10", 300, TQ_SPAM, "c");
	teach("cli", 300, TQ_SPAM, "d");
	teach("key:1", 200, TQ_SPAM, "e");
	for (int i = 0; i < 150; i++)	/* more than is read at once */
		teach("key:1", 400, TQ_SPAM, "f");
	MUST(w.ops->feedback_taught(w.s, TQ_S("key:1"), &spam, &ham, &err));
	assert_int_equal(spam, 152);
	assert_int_equal(ham, 1);
	REFUSE(w.ops->feedback_blank(w.s, TQ_S("key:1"), 0, &n, &err),
	    TQ_EBUG);
	begin();
	MUST(w.ops->feedback_blank(w.s, TQ_S("key:1"), 200, &n, &err));
	assert_int_equal(n, 152);
	MUST(w.ops->feedback_blank(w.s, TQ_S("key:1"), 200, &n, &err));
	assert_int_equal(n, 0);
	MUST(w.ops->feedback_blank(w.s, TQ_S("nobody"), 0, &n, &err));
	assert_int_equal(n, 0);
	commit();
	MUST(w.ops->feedback_taught(w.s, TQ_S("key:1"), &spam, &ham, &err));
	assert_int_equal(spam, 1);
	assert_int_equal(ham, 0);
	MUST(w.ops->feedback_after(w.s, 0, 5, &w.a, &rows, &count, &err));
	assert_int_equal(count, 5);
	assert_str(rows[0].body, "a");
	assert_str(rows[1].body, "");
	assert_str(rows[1].name, "");
	assert_str(rows[1].url, "");
	assert_str(rows[1].actor, "key:1");
	assert_str(rows[2].body, "c");
	assert_str(rows[3].body, "d");
	assert_str(rows[4].body, "");
	(void)verify();
}

static void
a_model_is_dropped(void **state)
{
	int64_t cursor;
	tq_str bytes;

	(void)state;
	begin();
	MUST(w.ops->model_drop(w.s, w.site, &err));
	MUST(w.ops->model_put(w.s, w.site, 3, TQ_S("bytes"), &err));
	commit();
	MUST(w.ops->model_get(w.s, w.site, &w.a, &cursor, &bytes, &err));
	REFUSE(w.ops->model_drop(w.s, w.site, &err), TQ_EBUG);
	begin();
	MUST(w.ops->model_drop(w.s, w.site, &err));
	commit();
	REFUSE(w.ops->model_get(w.s, w.site, &w.a, &cursor, &bytes, &err),
	    TQ_ENOTFOUND);
	(void)verify();
}

static const struct CMUnitTest tests[] = {
	CONTRACT_TEST(keys_are_kept_and_listed_by_id),
	CONTRACT_TEST(a_key_is_changed_but_not_moved),
	CONTRACT_TEST(bad_keys_are_refused),
	CONTRACT_TEST(use_is_added_up_by_day_and_site),
	CONTRACT_TEST(a_key_has_so_many_sites_a_day),
	CONTRACT_TEST(bad_use_is_refused),
	CONTRACT_TEST(what_one_actor_taught_is_blanked),
	CONTRACT_TEST(a_model_is_dropped),
};

const struct contract_group contract_keys = { tests, TQ_N(tests) };
