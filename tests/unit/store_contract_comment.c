/* One comment: added, read, changed, deleted; what a reply needs. */
#include "store_contract_world.h"

static void
a_comment_comes_back_as_it_was_given(void **state)
{
	struct tq_comment c = draft(0, TQ_HELD), got;

	(void)state;
	c.name = TQ_S("\xd8\xb9\xd9\x84\xd9\x8a\0x");
	c.url = TQ_S("");
	c.body = TQ_S("one\ntwo' \"three\" \xf0\x9f\x8c\xb1 $1 %s");
	c.email_sealed = TQ_S("\0\xff\x80sealed");
	c.reasons = TQ_S("links,caps");
	c.spam = 0.625;
	c.edited_us = 12;
	memset(c.owner, 0xa5, sizeof(c.owner));
	begin();
	MUST(w.ops->comment_add(w.s, &c, &err));
	commit();
	assert_int_equal(c.site_id, w.site);
	assert_int_equal(c.root_id, c.id);
	assert_int_equal(c.depth, 0);
	got = get(c.id);
	assert_int_equal(got.id, c.id);
	assert_int_equal(got.page_id, w.page);
	assert_int_equal(got.site_id, w.site);
	assert_int_equal(got.parent_id, 0);
	assert_int_equal(got.root_id, c.id);
	assert_int_equal(got.created_us, c.created_us);
	assert_int_equal(got.edited_us, 12);
	assert_int_equal(got.state_us, c.created_us);
	assert_int_equal(got.state, TQ_HELD);
	assert_false(got.by_author);
	assert_true(tq_str_eq(got.name, c.name));
	assert_int_equal(got.url.n, 0);
	assert_true(tq_str_eq(got.body, c.body));
	assert_true(tq_str_eq(got.email_sealed, c.email_sealed));
	assert_true(tq_str_eq(got.reasons, c.reasons));
	assert_memory_equal(got.owner, c.owner, TQ_OWNER_BYTES);
	assert_true(got.spam >= 0.625 && got.spam <= 0.625);
	assert_int_equal(got.replies, 0);
	REFUSE(w.ops->comment_get(w.s, 0, &w.a, &got, &err), TQ_ENOTFOUND);
	REFUSE(w.ops->comment_get(w.s, 99, &w.a, &got, &err), TQ_ENOTFOUND);
	REFUSE(w.ops->comment_get(w.s, -1, &w.a, &got, &err), TQ_ENOTFOUND);
}

static void
changes_need_a_transaction(void **state)
{
	struct tq_comment c = draft(0, TQ_PUBLISHED);
	struct tq_feedback f = { .site_id = w.site };
	int64_t id = add(0, TQ_HELD), ignored;

	(void)state;
	REFUSE(w.ops->site_add(w.s, TQ_S("x"), 1, &ignored, &err), TQ_EBUG);
	REFUSE(w.ops->setting_put(w.s, 0, TQ_S("a"), TQ_S("b"), &err),
	    TQ_EBUG);
	REFUSE(w.ops->page_put(w.s, w.site, TQ_S("/x"), TQ_S(""), 1, &ignored,
	    &err), TQ_EBUG);
	REFUSE(w.ops->comment_add(w.s, &c, &err), TQ_EBUG);
	REFUSE(w.ops->comment_edit(w.s, id, TQ_HELD, TQ_HELD, TQ_S("x"), -1,
	    TQ_S(""), 1, &err), TQ_EBUG);
	REFUSE(w.ops->comment_set_state(w.s, id, TQ_HELD, TQ_SPAM, false, 1,
	    &err), TQ_EBUG);
	REFUSE(w.ops->feedback_add(w.s, &f, &ignored, &err), TQ_EBUG);
}

static void
malformed_comments_are_refused(void **state)
{
	const double not_a_number = strtod("nan", NULL);
	struct tq_comment c;

	(void)state;
	begin();
#define BAD(change) \
	do { \
		c = draft(0, TQ_PUBLISHED); \
		change; \
		REFUSE(w.ops->comment_add(w.s, &c, &err), TQ_EINVALID); \
		assert_int_equal(c.id, 0); \
	} while (0)
	BAD(c.state = TQ_DELETED);
	BAD(c.state = (enum tq_state)7);
	BAD(c.spam = 1.5);
	BAD(c.spam = -0.5);
	BAD(c.spam = not_a_number);
	BAD(c.parent_id = -1);
	BAD(c.created_us = -1);
	BAD(c.edited_us = -1);
#undef BAD
	commit();
	assert_int_equal(get_page().published, 0);
}

static void
a_reply_needs_a_published_parent_on_its_page(void **state)
{
	int64_t held = add(0, TQ_HELD), top = add(0, TQ_PUBLISHED), other;
	struct tq_comment c;

	(void)state;
	begin();
	MUST(w.ops->page_put(w.s, w.site, TQ_S("/two"), TQ_S(""), 9, &other,
	    &err));
	c = draft(held, TQ_PUBLISHED);
	REFUSE(w.ops->comment_add(w.s, &c, &err), TQ_ENOTFOUND);
	assert_int_equal(c.id, 0);
	assert_int_equal(c.parent_id, held);
	c = draft(99, TQ_PUBLISHED);
	REFUSE(w.ops->comment_add(w.s, &c, &err), TQ_ENOTFOUND);
	c = draft(top, TQ_PUBLISHED);
	c.page_id = other;
	REFUSE(w.ops->comment_add(w.s, &c, &err), TQ_ENOTFOUND);
	c = draft(0, TQ_PUBLISHED);
	c.page_id = 99;
	REFUSE(w.ops->comment_add(w.s, &c, &err), TQ_ENOTFOUND);
	c = draft(top, TQ_PUBLISHED);
	MUST(w.ops->comment_add(w.s, &c, &err));
	assert_int_equal(c.root_id, top);
	assert_int_equal(c.depth, 1);
	commit();
}

static void
replies_below_the_deepest_level_stay_at_it(void **state)
{
	int64_t id = 0, level[TQ_DEPTH_MAX + 1];

	(void)state;
	for (int i = 0; i <= TQ_DEPTH_MAX; i++) {
		id = add(id, TQ_PUBLISHED);
		level[i] = id;
		assert_int_equal(get(id).depth, i);
	}
	for (int i = 0; i < 3; i++) {
		int64_t below = add(id, TQ_PUBLISHED);
		struct tq_comment c = get(below);

		assert_int_equal(c.depth, TQ_DEPTH_MAX);
		assert_int_equal(c.parent_id, level[TQ_DEPTH_MAX - 1]);
		assert_int_equal(c.root_id, level[0]);
		id = below;
	}
	assert_int_equal(get(level[0]).replies, TQ_DEPTH_MAX + 3);
	assert_int_equal(get(level[TQ_DEPTH_MAX - 1]).replies, 4);
	assert_int_equal(slice(TQ_SORT_NEWEST, from_start, 1000).n,
	    TQ_DEPTH_MAX + 4);
	(void)verify();
}

static void
replies_are_counted_at_all_levels(void **state)
{
	int64_t a = add(0, TQ_PUBLISHED), b = add(a, TQ_PUBLISHED);
	int64_t c = add(b, TQ_PUBLISHED), d = add(a, TQ_HELD);

	(void)state;
	assert_int_equal(get(a).replies, 2);
	assert_int_equal(get(b).replies, 1);
	assert_int_equal(get(c).replies, 0);
	set_state(d, TQ_HELD, TQ_PUBLISHED);
	assert_int_equal(get(a).replies, 3);
	set_state(c, TQ_PUBLISHED, TQ_SPAM);
	assert_int_equal(get(a).replies, 2);
	assert_int_equal(get(b).replies, 0);
	set_state(b, TQ_PUBLISHED, TQ_DELETED);
	assert_int_equal(get(a).replies, 1);
	assert_int_equal(get_page().published, 2);
	(void)verify();
}

static void
hidden_places_hold_what_is_shown_below(void **state)
{
	static const enum tq_state hidden[] = { TQ_HELD, TQ_SPAM,
	    TQ_DELETED };

	(void)state;
	for (size_t i = 0; i < TQ_N(hidden); i++) {
		int64_t a = add(0, TQ_PUBLISHED), b = add(a, TQ_PUBLISHED);
		int64_t c = add(b, TQ_PUBLISHED);
		struct tq_thread_slice sl;

		set_state(a, TQ_PUBLISHED, hidden[i]);
		set_state(b, TQ_PUBLISHED, hidden[i]);
		sl = slice(TQ_SORT_NEWEST, from_start, 100);
		assert_int_equal(sl.n, 3);
		for (size_t k = 0; k < 2; k++) {
			assert_int_equal(sl.comments[k].state, hidden[i]);
			assert_int_equal(sl.comments[k].name.n, 0);
			assert_int_equal(sl.comments[k].url.n, 0);
			assert_int_equal(sl.comments[k].body.n, 0);
		}
		assert_int_equal(sl.comments[2].id, c);
		assert_str(sl.comments[2].body, "a body");
		set_state(c, TQ_PUBLISHED, hidden[i]);
		assert_int_equal(slice(TQ_SORT_NEWEST, from_start, 9).n, 0);
		assert_int_equal(slice(TQ_SORT_OLDEST, from_start, 9).n, 0);
		assert_int_equal(slice(TQ_SORT_BEST, from_start, 9).n, 0);
		if (hidden[i] == TQ_DELETED)
			continue;
		set_state(c, hidden[i], TQ_PUBLISHED);
		assert_int_equal(slice(TQ_SORT_BEST, from_start, 9).n, 3);
		set_state(c, TQ_PUBLISHED, TQ_DELETED);
	}
	(void)verify();
}

static void
a_page_shows_no_mail_and_no_reasons(void **state)
{
	struct tq_comment c = draft(0, TQ_PUBLISHED);
	struct tq_thread_slice sl;

	(void)state;
	c.email_sealed = TQ_S("sealed");
	c.reasons = TQ_S("links");
	begin();
	MUST(w.ops->comment_add(w.s, &c, &err));
	commit();
	sl = slice(TQ_SORT_NEWEST, from_start, 9);
	assert_int_equal(sl.n, 1);
	assert_int_equal(sl.comments[0].email_sealed.n, 0);
	assert_int_equal(sl.comments[0].reasons.n, 0);
}

static void
deleting_overwrites_and_is_final(void **state)
{
	static const uint8_t none[TQ_OWNER_BYTES];
	struct tq_comment c = draft(0, TQ_PUBLISHED), *list;
	size_t n;

	(void)state;
	c.email_sealed = TQ_S("sealed");
	c.reasons = TQ_S("links");
	c.spam = 0.5;
	memset(c.owner, 1, sizeof(c.owner));
	begin();
	MUST(w.ops->comment_add(w.s, &c, &err));
	MUST(w.ops->comment_set_state(w.s, c.id, TQ_PUBLISHED, TQ_DELETED,
	    true, 5000, &err));
	commit();
	c = get(c.id);
	assert_int_equal(c.state, TQ_DELETED);
	assert_true(c.by_author);
	assert_int_equal(c.state_us, 5000);
	assert_int_equal(c.name.n + c.url.n + c.body.n + c.email_sealed.n +
	    c.reasons.n, 0);
	assert_memory_equal(c.owner, none, sizeof(none));
	assert_true(c.spam <= -1);
	memset(c.owner, 1, sizeof(c.owner));
	MUST(w.ops->comments_of_owner(w.s, w.page, c.owner, 0, &w.a, &list,
	    &n, &err));
	assert_int_equal(n, 0);
	begin();
	REFUSE(w.ops->comment_set_state(w.s, c.id, TQ_DELETED, TQ_PUBLISHED,
	    false, 1, &err), TQ_EINVALID);
	REFUSE(w.ops->comment_set_state(w.s, c.id, TQ_HELD, TQ_PUBLISHED,
	    false, 1, &err), TQ_ECONFLICT);
	REFUSE(w.ops->comment_edit(w.s, c.id, TQ_DELETED, TQ_PUBLISHED,
	    TQ_S("x"), -1, TQ_S(""), 1, &err), TQ_EINVALID);
	commit();
	(void)verify();
}

static void
a_state_changes_only_from_the_state_seen(void **state)
{
	int64_t id = add(0, TQ_HELD), change;

	(void)state;
	begin();
	REFUSE(w.ops->comment_set_state(w.s, id, TQ_PUBLISHED, TQ_SPAM, false,
	    9, &err), TQ_ECONFLICT);
	REFUSE(w.ops->comment_set_state(w.s, 99, TQ_HELD, TQ_SPAM, false, 9,
	    &err), TQ_ENOTFOUND);
	REFUSE(w.ops->comment_set_state(w.s, id, TQ_HELD, (enum tq_state)9,
	    false, 9, &err), TQ_EINVALID);
	REFUSE(w.ops->comment_set_state(w.s, id, (enum tq_state)-1, TQ_HELD,
	    false, 9, &err), TQ_EINVALID);
	commit();
	assert_int_equal(get(id).state, TQ_HELD);
	set_state(id, TQ_HELD, TQ_PUBLISHED);
	assert_int_equal(get(id).state_us, w.clock);
	change = last_change();
	set_state(id, TQ_PUBLISHED, TQ_PUBLISHED);
	assert_int_equal(get(id).state_us, w.clock - 1);
	assert_int_equal(last_change(), change);
}

static void
an_edit_needs_the_state_seen(void **state)
{
	int64_t id = add(0, TQ_PUBLISHED);
	struct tq_comment c;

	(void)state;
	begin();
	REFUSE(w.ops->comment_edit(w.s, id, TQ_HELD, TQ_HELD, TQ_S("new"),
	    0.5, TQ_S("r"), 77, &err), TQ_ECONFLICT);
	REFUSE(w.ops->comment_edit(w.s, 99, TQ_HELD, TQ_HELD, TQ_S("new"),
	    0.5, TQ_S("r"), 77, &err), TQ_ENOTFOUND);
	REFUSE(w.ops->comment_edit(w.s, id, TQ_PUBLISHED, TQ_DELETED,
	    TQ_S("new"), 0.5, TQ_S("r"), 77, &err), TQ_EINVALID);
	REFUSE(w.ops->comment_edit(w.s, id, TQ_PUBLISHED, TQ_HELD,
	    TQ_S("new"), 2, TQ_S("r"), 77, &err), TQ_EINVALID);
	assert_str(get(id).body, "a body");
	MUST(w.ops->comment_edit(w.s, id, TQ_PUBLISHED, TQ_PUBLISHED,
	    TQ_S("new"), 0.25, TQ_S("r"), 77, &err));
	commit();
	c = get(id);
	assert_str(c.body, "new");
	assert_str(c.reasons, "r");
	assert_str(c.name, "Amal");
	assert_true(c.spam >= 0.25 && c.spam <= 0.25);
	assert_int_equal(c.edited_us, 77);
	assert_int_equal(c.state_us, c.created_us);
	begin();
	MUST(w.ops->comment_edit(w.s, id, TQ_PUBLISHED, TQ_HELD, TQ_S("n2"),
	    0.75, TQ_S(""), 88, &err));
	commit();
	c = get(id);
	assert_int_equal(c.state, TQ_HELD);
	assert_int_equal(c.state_us, 88);
	assert_int_equal(get_page().published, 0);
	(void)verify();
}

static void
only_visible_changes_take_a_number(void **state)
{
	int64_t held, top, reply, before;

	(void)state;
	assert_int_equal(last_change(), 0);
	held = add(0, TQ_HELD);
	assert_int_equal(last_change(), 0);
	assert_int_equal(get(held).change, 0);
	set_state(held, TQ_HELD, TQ_SPAM);
	assert_int_equal(last_change(), 0);
	top = add(0, TQ_PUBLISHED);
	assert_int_equal(last_change(), 1);
	assert_int_equal(get(top).change, 1);
	assert_int_equal(get_page().change, 1);
	reply = add(top, TQ_PUBLISHED);
	assert_int_equal(get(reply).change, 2);
	assert_int_equal(get(top).change, 1);
	set_state(top, TQ_PUBLISHED, TQ_HELD);
	assert_int_equal(get(top).change, 3);
	before = last_change();		/* a tombstone changes its kind */
	set_state(top, TQ_HELD, TQ_DELETED);
	assert_int_equal(last_change(), before + 1);
	assert_int_equal(get_page().change, before + 1);
	begin();
	MUST(w.ops->comment_edit(w.s, reply, TQ_PUBLISHED, TQ_PUBLISHED,
	    TQ_S("x"), -1, TQ_S(""), 9, &err));
	commit();
	assert_int_equal(get_page().change, before + 2);
}

static const struct CMUnitTest tests[] = {
	CONTRACT_TEST(a_comment_comes_back_as_it_was_given),
	CONTRACT_TEST(changes_need_a_transaction),
	CONTRACT_TEST(malformed_comments_are_refused),
	CONTRACT_TEST(a_reply_needs_a_published_parent_on_its_page),
	CONTRACT_TEST(replies_below_the_deepest_level_stay_at_it),
	CONTRACT_TEST(replies_are_counted_at_all_levels),
	CONTRACT_TEST(hidden_places_hold_what_is_shown_below),
	CONTRACT_TEST(a_page_shows_no_mail_and_no_reasons),
	CONTRACT_TEST(deleting_overwrites_and_is_final),
	CONTRACT_TEST(a_state_changes_only_from_the_state_seen),
	CONTRACT_TEST(an_edit_needs_the_state_seen),
	CONTRACT_TEST(only_visible_changes_take_a_number),
};

const struct contract_group contract_comments = { tests, TQ_N(tests) };
