/* A reader's own comments, lists by state, the feedback log. */
#include "store_contract_world.h"

#include <stdio.h>

static int64_t
add_owned(uint8_t owner, enum tq_state state, int64_t at)
{
	struct tq_comment c = draft(0, state);

	memset(c.owner, owner, sizeof(c.owner));
	c.created_us = at;
	begin();
	MUST(w.ops->comment_add(w.s, &c, &err));
	commit();
	return c.id;
}

static tq_str
owned(uint8_t owner, int64_t since)
{
	uint8_t key[TQ_OWNER_BYTES];
	struct tq_comment *list;
	tq_str text = TQ_S("");
	size_t n;

	memset(key, owner, sizeof(key));
	MUST(w.ops->comments_of_owner(w.s, w.page, key, since, &w.a, &list,
	    &n, &err));
	for (size_t i = 0; i < n; i++)
		text = tq_arena_printf(&w.a, "%.*s%s%lld", TQ_FMT(text),
		    i > 0 ? " " : "", (long long)list[i].id);
	return text;
}

static void
a_reader_sees_what_waits_and_what_is_new(void **state)
{
	(void)state;
	(void)add_owned(1, TQ_PUBLISHED, 100);	/* 1 */
	(void)add_owned(1, TQ_HELD, 90);	/* 2 */
	(void)add_owned(2, TQ_HELD, 95);	/* 3 */
	(void)add_owned(1, TQ_SPAM, 110);	/* 4 */
	(void)add_owned(1, TQ_PUBLISHED, 50);	/* 5 */
	(void)add_owned(0, TQ_HELD, 50);	/* 6: nobody's */
	assert_str(owned(1, 0), "5 2 1 4");
	assert_str(owned(1, 50), "2 1 4");
	assert_str(owned(1, 100), "2 4");
	assert_str(owned(2, 0), "3");
	assert_str(owned(3, 0), "");
	assert_str(owned(0, 0), "");
	set_state(2, TQ_HELD, TQ_DELETED);
	assert_str(owned(1, 100), "4");
}

static void
a_readers_lists_are_bounded(void **state)
{
	uint8_t key[TQ_OWNER_BYTES];
	struct tq_comment *list;
	int64_t count;
	size_t n;

	(void)state;
	memset(key, 1, sizeof(key));
	for (int i = 0; i < 60; i++)
		(void)add_owned(1, TQ_HELD, 1000 - i);
	MUST(w.ops->comments_of_owner(w.s, w.page, key, 0, &w.a, &list, &n,
	    &err));
	assert_int_equal(n, 50);
	assert_int_equal(list[0].created_us, 941);
	assert_int_equal(list[49].created_us, 990);
	MUST(w.ops->owner_published(w.s, w.site, key, &count, &err));
	assert_int_equal(count, 0);
	for (int i = 0; i < 99; i++)
		(void)add_owned(1, TQ_PUBLISHED, 1);
	MUST(w.ops->owner_published(w.s, w.site, key, &count, &err));
	assert_int_equal(count, 99);
	(void)add_owned(1, TQ_PUBLISHED, 1);
	(void)add_owned(1, TQ_PUBLISHED, 1);
	MUST(w.ops->owner_published(w.s, w.site, key, &count, &err));
	assert_int_equal(count, 100);
	MUST(w.ops->owner_published(w.s, w.site + 1, key, &count, &err));
	assert_int_equal(count, 0);
	memset(key, 0, sizeof(key));
	MUST(w.ops->owner_published(w.s, w.site, key, &count, &err));
	assert_int_equal(count, 0);
}

static tq_str
in_state(int64_t site, int64_t page, enum tq_state st, int64_t before,
    size_t max)
{
	struct tq_comment *list;
	tq_str text = TQ_S("");
	size_t n;

	MUST(w.ops->comments_in_state(w.s, site, page, st, before, max, &w.a,
	    &list, &n, &err));
	for (size_t i = 0; i < n; i++)
		text = tq_arena_printf(&w.a, "%.*s%s%lld", TQ_FMT(text),
		    i > 0 ? " " : "", (long long)list[i].id);
	return text;
}

static void
comments_are_listed_by_state(void **state)
{
	int64_t site2, page1 = w.page, page2, page3, counts[TQ_STATES];

	(void)state;
	begin();
	MUST(w.ops->site_add(w.s, TQ_S("two"), 5, &site2, &err));
	MUST(w.ops->page_put(w.s, w.site, TQ_S("/2"), TQ_S(""), 6, &page2,
	    &err));
	MUST(w.ops->page_put(w.s, site2, TQ_S("/3"), TQ_S(""), 6, &page3,
	    &err));
	commit();
	for (int i = 0; i < 12; i++) {
		w.page = i % 3 == 0 ? page1 : i % 3 == 1 ? page2 : page3;
		(void)add(0, i < 6 ? TQ_HELD : i < 9 ? TQ_PUBLISHED : TQ_SPAM);
	}
	assert_str(in_state(0, 0, TQ_HELD, 0, 99), "6 5 4 3 2 1");
	assert_str(in_state(0, 0, TQ_HELD, 4, 2), "3 2");
	assert_str(in_state(w.site, 0, TQ_HELD, 0, 99), "5 4 2 1");
	assert_str(in_state(w.site, 0, TQ_HELD, 5, 99), "4 2 1");
	assert_str(in_state(site2, 0, TQ_SPAM, 0, 99), "12");
	assert_str(in_state(0, page2, TQ_HELD, 0, 99), "5 2");
	assert_str(in_state(w.site, page2, TQ_HELD, 0, 1), "5");
	assert_str(in_state(site2, page2, TQ_HELD, 0, 9), "");
	assert_str(in_state(0, 0, TQ_DELETED, 0, 9), "");
	assert_str(in_state(0, 0, TQ_HELD, 0, 0), "");
	MUST(w.ops->state_counts(w.s, 0, counts, &err));
	assert_int_equal(counts[TQ_HELD], 6);
	assert_int_equal(counts[TQ_PUBLISHED], 3);
	assert_int_equal(counts[TQ_SPAM], 3);
	assert_int_equal(counts[TQ_DELETED], 0);
	set_state(6, TQ_HELD, TQ_DELETED);
	MUST(w.ops->state_counts(w.s, site2, counts, &err));
	assert_int_equal(counts[TQ_HELD], 1);
	assert_int_equal(counts[TQ_DELETED], 1);
	MUST(w.ops->state_counts(w.s, 99, counts, &err));
	assert_int_equal(counts[TQ_HELD], 0);
	(void)verify();
}

static void
a_model_is_kept_with_its_place_in_the_log(void **state)
{
	int64_t cursor = 7;
	tq_str bytes = TQ_S("x");

	(void)state;
	REFUSE(w.ops->model_get(w.s, w.site, &w.a, &cursor, &bytes, &err),
	    TQ_ENOTFOUND);
	assert_int_equal(cursor, 7);
	REFUSE(w.ops->model_put(w.s, w.site, 1, TQ_S("m"), &err), TQ_EBUG);
	begin();
	REFUSE(w.ops->model_put(w.s, 99, 1, TQ_S("m"), &err), TQ_ENOTFOUND);
	MUST(w.ops->model_put(w.s, w.site, 1, TQ_S("one"), &err));
	MUST(w.ops->model_put(w.s, w.site, 5, TQ_S("tw\0o"), &err));
	commit();
	MUST(w.ops->model_get(w.s, w.site, &w.a, &cursor, &bytes, &err));
	assert_int_equal(cursor, 5);
	assert_true(tq_str_eq(bytes, TQ_S("tw\0o")));
	(void)verify();
}

static void
feedback_is_read_on_in_order(void **state)
{
	struct tq_feedback f = { .site_id = w.site, .comment_id = 3,
	    .at_us = 44, .from = TQ_HELD, .to = TQ_SPAM,
	    .actor = TQ_S("cli"), .name = TQ_S("n"), .url = TQ_S("u"),
	    .body = TQ_S("text") }, *list;
	int64_t seq, last = 0;
	size_t n;

	(void)state;
	begin();
	for (int i = 0; i < 5; i++) {
		f.at_us++;
		MUST(w.ops->feedback_add(w.s, &f, &seq, &err));
		assert_true(seq > last);
		last = seq;
	}
	f.to = (enum tq_state)9;
	REFUSE(w.ops->feedback_add(w.s, &f, &seq, &err), TQ_EINVALID);
	commit();
	MUST(w.ops->feedback_after(w.s, 0, 3, &w.a, &list, &n, &err));
	assert_int_equal(n, 3);
	assert_int_equal(list[0].at_us, 45);
	assert_int_equal(list[0].site_id, w.site);
	assert_int_equal(list[0].comment_id, 3);
	assert_int_equal(list[0].from, TQ_HELD);
	assert_int_equal(list[0].to, TQ_SPAM);
	assert_str(list[0].actor, "cli");
	assert_str(list[0].name, "n");
	assert_str(list[0].url, "u");
	assert_str(list[0].body, "text");
	MUST(w.ops->feedback_after(w.s, list[2].seq, 99, &w.a, &list, &n,
	    &err));
	assert_int_equal(n, 2);
	assert_int_equal(list[1].seq, last);
	MUST(w.ops->feedback_after(w.s, last, 99, &w.a, &list, &n, &err));
	assert_int_equal(n, 0);
	MUST(w.ops->feedback_before(w.s, INT64_MAX, 2, &w.a, &list, &n, &err));
	assert_int_equal(n, 2);
	assert_int_equal(list[0].seq, last);
	assert_int_equal(list[0].at_us, 49);
	assert_str(list[0].body, "text");
	MUST(w.ops->feedback_before(w.s, list[1].seq, 99, &w.a, &list, &n,
	    &err));
	assert_int_equal(n, 3);
	assert_int_equal(list[0].at_us, 47);
	assert_int_equal(list[2].at_us, 45);
	MUST(w.ops->feedback_before(w.s, list[2].seq, 99, &w.a, &list, &n,
	    &err));
	assert_int_equal(n, 0);
}

static void
deleting_blanks_the_copies_in_the_log(void **state)
{
	struct tq_comment c = draft(0, TQ_PUBLISHED);
	struct tq_feedback f = { .site_id = w.site, .at_us = 44,
	    .from = TQ_HELD, .to = TQ_PUBLISHED, .actor = TQ_S("cli"),
	    .name = TQ_S("n"), .url = TQ_S("u"), .body = TQ_S("text") }, *list;
	int64_t seq;
	size_t n;

	(void)state;
	begin();
	MUST(w.ops->comment_add(w.s, &c, &err));
	for (int i = 0; i < 130; i++) {
		f.comment_id = i % 2 == 0 ? c.id : c.id + 1;
		MUST(w.ops->feedback_add(w.s, &f, &seq, &err));
	}
	MUST(w.ops->comment_set_state(w.s, c.id, TQ_PUBLISHED, TQ_DELETED,
	    true, 50, &err));
	commit();
	MUST(w.ops->feedback_after(w.s, 0, 200, &w.a, &list, &n, &err));
	assert_int_equal(n, 130);
	for (size_t i = 0; i < n; i++) {
		bool gone = list[i].comment_id == c.id;

		assert_str(list[i].body, gone ? "" : "text");
		assert_str(list[i].name, gone ? "" : "n");
		assert_str(list[i].url, gone ? "" : "u");
		assert_str(list[i].actor, "cli");
	}
	(void)verify();
}

static const struct CMUnitTest tests[] = {
	CONTRACT_TEST(a_reader_sees_what_waits_and_what_is_new),
	CONTRACT_TEST(a_readers_lists_are_bounded),
	CONTRACT_TEST(comments_are_listed_by_state),
	CONTRACT_TEST(a_model_is_kept_with_its_place_in_the_log),
	CONTRACT_TEST(feedback_is_read_on_in_order),
	CONTRACT_TEST(deleting_blanks_the_copies_in_the_log),
};

const struct contract_group contract_lists = { tests, TQ_N(tests) };
