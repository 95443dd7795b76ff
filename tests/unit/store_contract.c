/* The contract of store.h, operation by operation.  Every test gets a new,
 * empty store with one site and one page; times are small numbers. */
#include "store_contract.h"

#include <stdio.h>

#include "base/crypto.h"

static const struct contract *running;
static struct tq_err err;

static struct world {
	struct tq_store *s;
	const struct tq_store_ops *ops;
	struct tq_arena a;
	int64_t site, page, clock;
} w;

/* Fails the test with the store's words. */
static void
must_at(enum tq_code code, int line)
{
	if (code != TQ_OK)
		fail_msg("line %d: %s: %s", line, tq_code_name(code),
		    err.text);
}
#define MUST(call) must_at((call), __LINE__)

static void
refuse_at(enum tq_code code, enum tq_code expect, int line)
{
	if (code != expect)
		fail_msg("line %d: got %s, expected %s", line,
		    tq_code_name(code), tq_code_name(expect));
	if (err.code != expect)
		fail_msg("line %d: e->code is not what was returned", line);
}
#define REFUSE(call, code) refuse_at((call), (code), __LINE__)

static void
begin(void)
{
	MUST(w.ops->begin(w.s, &err));
}

static void
commit(void)
{
	MUST(w.ops->commit(w.s, &err));
}

static struct tq_comment
draft(int64_t parent, enum tq_state state)
{
	return (struct tq_comment){ .page_id = w.page, .parent_id = parent,
	    .state = state, .created_us = ++w.clock, .name = TQ_S("Amal"),
	    .url = TQ_S("https://example.org/"), .body = TQ_S("a body"),
	    .spam = -1 };
}

/* Adds in its own transaction. */
static int64_t
add(int64_t parent, enum tq_state state)
{
	struct tq_comment c = draft(parent, state);

	begin();
	MUST(w.ops->comment_add(w.s, &c, &err));
	commit();
	return c.id;
}

static void
set_state(int64_t id, enum tq_state from, enum tq_state to)
{
	begin();
	MUST(w.ops->comment_set_state(w.s, id, from, to, false, ++w.clock,
	    &err));
	commit();
}

static struct tq_comment
get(int64_t id)
{
	struct tq_comment c;

	MUST(w.ops->comment_get(w.s, id, &w.a, &c, &err));
	return c;
}

static struct tq_page
get_page(void)
{
	struct tq_page p;

	MUST(w.ops->page_by_id(w.s, w.page, &w.a, &p, &err));
	return p;
}

static int64_t
last_change(void)
{
	int64_t v;

	MUST(w.ops->change_last(w.s, &v, &err));
	return v;
}

static struct tq_thread_slice
slice(enum tq_sort sort, struct tq_cursor from, size_t max)
{
	struct tq_thread_slice sl;

	MUST(w.ops->thread(w.s, w.page, sort, &from, max, &w.a, &sl, &err));
	return sl;
}

static const struct tq_cursor from_start;

/* Ids of a whole thread, as text: easy to compare and to read. */
static tq_str
order(enum tq_sort sort)
{
	struct tq_thread_slice sl = slice(sort, from_start, 10000);
	tq_str text = TQ_S("");

	assert_false(sl.more);
	for (size_t i = 0; i < sl.n; i++)
		text = tq_arena_printf(&w.a, "%.*s%s%lld", TQ_FMT(text),
		    i > 0 ? " " : "", (long long)sl.comments[i].id);
	return text;
}

static void
fail_on_problem(void *ctx, const char *line)
{
	(void)ctx;
	fail_msg("verify: %s", line);
}

static int64_t
verify(void)
{
	int64_t checked = 0, bad = 0;

	MUST(w.ops->verify(w.s, fail_on_problem, NULL, &checked, &bad, &err));
	assert_int_equal(bad, 0);
	return checked;
}

static int
set_up(void **state)
{
	(void)state;
	memset(&w, 0, sizeof(w));
	tq_arena_init(&w.a, (size_t)256 << 20);
	if (running->open(&w.s, &err) != TQ_OK)
		return -1;
	w.ops = w.s->ops;
	w.clock = 1000;
	begin();
	MUST(w.ops->site_add(w.s, TQ_S("news"), 5, &w.site, &err));
	MUST(w.ops->page_put(w.s, w.site, TQ_S("/one"), TQ_S("One"), 6,
	    &w.page, &err));
	commit();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	tq_store_close(w.s);
	tq_arena_free(&w.a);
	running->clean();
	return 0;
}

static void
states_have_names(void **state)
{
	enum tq_state s;

	(void)state;
	for (int i = 0; i < TQ_STATES; i++) {
		assert_true(tq_state_parse(tq_str_c(tq_state_name(
		    (enum tq_state)i)), &s));
		assert_int_equal(s, i);
	}
	assert_false(tq_state_parse(TQ_S("publishe"), &s));
	assert_false(tq_state_parse(TQ_S(""), &s));
	assert_string_equal(tq_state_name((enum tq_state)9), "unknown");
	tq_store_close(NULL);
}

static void
sites_are_listed_by_id(void **state)
{
	struct tq_site *sites;
	int64_t id;
	size_t n;

	(void)state;
	begin();
	MUST(w.ops->site_add(w.s, TQ_S("a-2"), 77, &id, &err));
	REFUSE(w.ops->site_add(w.s, TQ_S("news"), 78, &id, &err),
	    TQ_ECONFLICT);
	commit();
	MUST(w.ops->site_list(w.s, &w.a, &sites, &n, &err));
	assert_int_equal(n, 2);
	assert_int_equal(sites[0].id, w.site);
	assert_str(sites[0].name, "news");
	assert_int_equal(sites[0].created_us, 5);
	assert_int_equal(sites[1].id, id);
	assert_str(sites[1].name, "a-2");
	assert_int_equal(sites[1].created_us, 77);
}

static void
bad_names_of_sites_are_refused(void **state)
{
	static const tq_str bad[] = {
		TQ_S_INIT(""), TQ_S_INIT("News"), TQ_S_INIT("a b"),
		TQ_S_INIT("a_b"), TQ_S_INIT("a\0b"), TQ_S_INIT("\xd8\xa3"),
		TQ_S_INIT("0123456789012345678901234567890123456789"
		    "0123456789012345678901234"),
	};
	int64_t id;

	(void)state;
	begin();
	for (size_t i = 0; i < TQ_N(bad); i++)
		REFUSE(w.ops->site_add(w.s, bad[i], 1, &id, &err),
		    TQ_EINVALID);
	commit();
}

static void
settings_are_put_replaced_and_removed(void **state)
{
	struct tq_setting *p;
	size_t n;

	(void)state;
	begin();
	MUST(w.ops->setting_put(w.s, w.site, TQ_S("lang"), TQ_S("ar"), &err));
	MUST(w.ops->setting_put(w.s, w.site, TQ_S("dir"), TQ_S("rtl"), &err));
	MUST(w.ops->setting_put(w.s, 0, TQ_S("lang"), TQ_S("en"), &err));
	MUST(w.ops->setting_put(w.s, w.site, TQ_S("lang"), TQ_S("fa"), &err));
	MUST(w.ops->setting_put(w.s, w.site, TQ_S("gone"), TQ_S("x"), &err));
	MUST(w.ops->setting_put(w.s, w.site, TQ_S("gone"), TQ_S(""), &err));
	MUST(w.ops->setting_put(w.s, w.site, TQ_S("never"), TQ_S(""), &err));
	REFUSE(w.ops->setting_put(w.s, 99, TQ_S("lang"), TQ_S("x"), &err),
	    TQ_ENOTFOUND);
	commit();
	MUST(w.ops->setting_list(w.s, w.site, &w.a, &p, &n, &err));
	assert_int_equal(n, 2);
	assert_str(p[0].name, "dir");
	assert_str(p[0].value, "rtl");
	assert_str(p[1].name, "lang");
	assert_str(p[1].value, "fa");
	MUST(w.ops->setting_list(w.s, 0, &w.a, &p, &n, &err));
	assert_int_equal(n, 1);
	assert_str(p[0].value, "en");
	MUST(w.ops->setting_list(w.s, 99, &w.a, &p, &n, &err));
	assert_int_equal(n, 0);
}

static void
a_page_is_made_once_and_keeps_its_title(void **state)
{
	struct tq_page p;
	int64_t id, other;

	(void)state;
	begin();
	MUST(w.ops->site_add(w.s, TQ_S("other"), 5, &other, &err));
	MUST(w.ops->page_put(w.s, w.site, TQ_S("/one"), TQ_S(""), 9, &id,
	    &err));
	assert_int_equal(id, w.page);
	MUST(w.ops->page_put(w.s, other, TQ_S("/one"), TQ_S(""), 9, &id,
	    &err));
	assert_int_not_equal(id, w.page);
	REFUSE(w.ops->page_put(w.s, 99, TQ_S("/x"), TQ_S(""), 9, &id, &err),
	    TQ_ENOTFOUND);
	REFUSE(w.ops->page_put(w.s, w.site, TQ_S("x"), TQ_S(""), 9, &id,
	    &err), TQ_EINVALID);
	REFUSE(w.ops->page_put(w.s, w.site, TQ_S(""), TQ_S(""), 9, &id, &err),
	    TQ_EINVALID);
	commit();
	MUST(w.ops->page_get(w.s, w.site, TQ_S("/one"), &w.a, &p, &err));
	assert_int_equal(p.id, w.page);
	assert_int_equal(p.site_id, w.site);
	assert_str(p.path, "/one");
	assert_str(p.title, "One");
	assert_int_equal(p.created_us, 6);
	assert_int_equal(p.published, 0);
	assert_int_equal(p.change, 0);
	begin();
	MUST(w.ops->page_put(w.s, w.site, TQ_S("/one"), TQ_S("Two"), 9, &id,
	    &err));
	commit();
	assert_str(get_page().title, "Two");
	REFUSE(w.ops->page_get(w.s, w.site, TQ_S("/two"), &w.a, &p, &err),
	    TQ_ENOTFOUND);
	REFUSE(w.ops->page_get(w.s, 99, TQ_S("/one"), &w.a, &p, &err),
	    TQ_ENOTFOUND);
	REFUSE(w.ops->page_by_id(w.s, 0, &w.a, &p, &err), TQ_ENOTFOUND);
	REFUSE(w.ops->page_by_id(w.s, 99, &w.a, &p, &err), TQ_ENOTFOUND);
}

static void
counts_come_in_the_order_asked(void **state)
{
	const tq_str paths[] = { TQ_S("/none"), TQ_S("/one"), TQ_S("/two"),
	    TQ_S("/one") };
	int64_t two, counts[4];

	(void)state;
	begin();
	MUST(w.ops->page_put(w.s, w.site, TQ_S("/two"), TQ_S(""), 9, &two,
	    &err));
	commit();
	(void)add(add(0, TQ_PUBLISHED), TQ_PUBLISHED);
	(void)add(0, TQ_HELD);
	MUST(w.ops->page_counts(w.s, w.site, paths, 4, counts, &err));
	assert_int_equal(counts[0], 0);
	assert_int_equal(counts[1], 2);
	assert_int_equal(counts[2], 0);
	assert_int_equal(counts[3], 2);
	MUST(w.ops->page_counts(w.s, w.site, NULL, 0, NULL, &err));
}

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

/* 1 2(1) 3(1) 4(2) 5 6(5) 7(2) 8(3) 9 */
static void
small_tree(void)
{
	static const int64_t parents[] = { 0, 1, 1, 2, 0, 5, 2, 3, 0 };

	for (size_t i = 0; i < TQ_N(parents); i++)
		assert_int_equal(add(parents[i], TQ_PUBLISHED), i + 1);
}

static void
threads_come_in_three_orders(void **state)
{
	(void)state;
	small_tree();
	assert_str(order(TQ_SORT_OLDEST), "1 2 4 7 3 8 5 6 9");
	assert_str(order(TQ_SORT_NEWEST), "9 5 6 1 2 4 7 3 8");
	assert_str(order(TQ_SORT_BEST), "1 2 4 7 3 8 5 6 9");
	(void)add(9, TQ_PUBLISHED);
	(void)add(9, TQ_PUBLISHED);
	assert_str(order(TQ_SORT_BEST), "1 2 4 7 3 8 9 10 11 5 6");
	(void)add(5, TQ_PUBLISHED);
	assert_str(order(TQ_SORT_BEST), "1 2 4 7 3 8 9 10 11 5 6 12");
	set_state(6, TQ_PUBLISHED, TQ_SPAM);
	assert_str(order(TQ_SORT_BEST), "1 2 4 7 3 8 9 10 11 5 12");
}

static void
slices_of_any_size_make_up_the_thread(void **state)
{
	static const enum tq_sort sorts[] = { TQ_SORT_NEWEST, TQ_SORT_OLDEST,
	    TQ_SORT_BEST };
	static const int64_t parents[] = { 0, 1, 1, 2, 0, 5, 2, 3, 0, 0, 0,
	    10, 10, 11, 0, 4, 16, 17, 18, 0 };

	(void)state;
	for (size_t i = 0; i < TQ_N(parents); i++)
		(void)add(parents[i], TQ_PUBLISHED);
	set_state(17, TQ_PUBLISHED, TQ_DELETED);
	set_state(9, TQ_PUBLISHED, TQ_DELETED);
	for (size_t k = 0; k < TQ_N(sorts); k++) {
		struct tq_thread_slice all = slice(sorts[k], from_start, 99);

		assert_int_equal(all.n, 19);
		assert_false(all.more);
		for (size_t max = 1; max <= all.n; max++) {
			struct tq_cursor from = from_start;
			size_t seen = 0;
			bool more = true;

			while (more) {
				struct tq_thread_slice sl = slice(sorts[k],
				    from, max);

				assert_true(sl.n <= max && sl.n > 0);
				for (size_t i = 0; i < sl.n; i++)
					assert_int_equal(sl.comments[i].id,
					    all.comments[seen++].id);
				more = sl.more;
				from = sl.next;
			}
			assert_int_equal(seen, all.n);
		}
		assert_true(slice(sorts[k], from_start, 0).more);
	}
}

static void
cursors_are_checked(void **state)
{
	const struct tq_cursor bad[] = {
		{ .root_id = 1, .after_id = 99 },
		{ .root_id = 5, .after_id = 2 },
		{ .root_id = 99, .after_id = 1 },
		{ .root_id = -1, .after_id = 1 },
	};
	const struct tq_cursor odd[] = {
		{ .root_id = 99 }, { .root_id = -5 },
		{ .root_id = INT64_MAX, .rank = INT64_MAX },
		{ .root_id = INT64_MIN, .rank = INT64_MIN },
		{ .after_id = 3 },
	};
	struct tq_thread_slice sl;
	struct tq_cursor elsewhere = { .root_id = 1, .after_id = 1 };

	(void)state;
	small_tree();
	for (size_t i = 0; i < TQ_N(bad); i++)
		for (int k = 0; k < 3; k++)
			REFUSE(w.ops->thread(w.s, w.page, (enum tq_sort)k,
			    &bad[i], 5, &w.a, &sl, &err), TQ_ENOTFOUND);
	for (size_t i = 0; i < TQ_N(odd); i++)
		for (int k = 0; k < 3; k++)
			(void)slice((enum tq_sort)k, odd[i], 5);
	REFUSE(w.ops->thread(w.s, 99, TQ_SORT_NEWEST, &elsewhere, 5, &w.a, &sl,
	    &err), TQ_ENOTFOUND);
	MUST(w.ops->thread(w.s, 99, TQ_SORT_NEWEST, &from_start, 5, &w.a, &sl,
	    &err));
	assert_int_equal(sl.n, 0);
	elsewhere.after_id = 0;		/* a root of another page */
	MUST(w.ops->thread(w.s, 99, TQ_SORT_NEWEST, &elsewhere, 5, &w.a, &sl,
	    &err));
	assert_int_equal(sl.n, 0);
}

static void
reading_on_is_not_moved_by_additions(void **state)
{
	static const enum tq_sort sorts[] = { TQ_SORT_NEWEST, TQ_SORT_OLDEST };

	(void)state;
	small_tree();
	for (size_t k = 0; k < TQ_N(sorts); k++) {
		struct tq_thread_slice all = slice(sorts[k], from_start, 999);
		int64_t last_id = all.comments[0].id, seen = 0;
		struct tq_cursor from = from_start;
		size_t at = 0;
		bool more = true;

		for (size_t i = 0; i < all.n; i++)
			if (all.comments[i].id > last_id)
				last_id = all.comments[i].id;
		while (more) {
			struct tq_thread_slice sl = slice(sorts[k], from, 2);

			for (size_t i = 0; i < sl.n; i++) {
				if (sl.comments[i].id > last_id)
					continue;	/* a new one */
				assert_int_equal(sl.comments[i].id,
				    all.comments[at++].id);
			}
			more = sl.more;
			from = sl.next;
			if (++seen % 2 == 0 && seen < 20) {
				(void)add(0, TQ_PUBLISHED);
				(void)add(sl.comments[0].id, TQ_PUBLISHED);
				(void)add(1, TQ_PUBLISHED);
			}
		}
		assert_int_equal(at, all.n);
	}
}

static void
a_place_that_vanished_still_leads_on(void **state)
{
	struct tq_thread_slice sl;

	(void)state;
	small_tree();
	sl = slice(TQ_SORT_OLDEST, from_start, 3);	/* 1 2 4 */
	assert_int_equal(sl.next.after_id, 4);
	set_state(4, TQ_PUBLISHED, TQ_DELETED);
	sl = slice(TQ_SORT_OLDEST, sl.next, 3);
	assert_int_equal(sl.comments[0].id, 7);
	assert_int_equal(sl.comments[1].id, 3);
}

static void
a_sinking_root_is_not_shown_twice(void **state)
{
	struct tq_thread_slice sl;

	(void)state;
	small_tree();
	sl = slice(TQ_SORT_BEST, from_start, 2);	/* 1 2 of 5 replies */
	assert_int_equal(sl.next.rank, 5);
	set_state(7, TQ_PUBLISHED, TQ_SPAM);
	set_state(8, TQ_PUBLISHED, TQ_SPAM);
	sl = slice(TQ_SORT_BEST, sl.next, 99);		/* 4 3, 5 6, 9 */
	assert_int_equal(sl.n, 5);
	assert_int_equal(sl.comments[0].id, 4);
	assert_int_equal(sl.comments[1].id, 3);
	assert_int_equal(sl.comments[2].id, 5);
}

static void
a_comment_is_found_in_its_slice(void **state)
{
	struct tq_cursor at;

	(void)state;
	small_tree();
	set_state(9, TQ_PUBLISHED, TQ_DELETED);
	for (int64_t id = 1; id <= 8; id++)
		for (size_t max = 1; max < 8; max++)
			for (int k = 0; k < 3; k++) {
				struct tq_thread_slice sl;
				bool there = false;

				MUST(w.ops->thread_place(w.s, id,
				    (enum tq_sort)k, max, &at, &err));
				assert_int_equal(at.root_id,
				    get(id).root_id);
				sl = slice((enum tq_sort)k, at, max);
				if (at.after_id == 0)
					assert_int_equal(sl.comments[0].id,
					    at.root_id);
				for (size_t i = 0; i < sl.n; i++)
					there |= sl.comments[i].id == id;
				assert_true(there);
			}
	REFUSE(w.ops->thread_place(w.s, 9, TQ_SORT_BEST, 5, &at, &err),
	    TQ_ENOTFOUND);
	REFUSE(w.ops->thread_place(w.s, 99, TQ_SORT_BEST, 5, &at, &err),
	    TQ_ENOTFOUND);
	REFUSE(w.ops->thread_place(w.s, 1, TQ_SORT_BEST, 0, &at, &err),
	    TQ_EINVALID);
}

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

static void
rollback_and_undo_take_back(void **state)
{
	struct tq_comment c = draft(0, TQ_PUBLISHED), d, kept;
	struct tq_setting *settings;
	size_t n;

	(void)state;
	begin();
	MUST(w.ops->comment_add(w.s, &c, &err));
	MUST(w.ops->setting_put(w.s, 0, TQ_S("a"), TQ_S("b"), &err));
	w.ops->rollback(w.s);
	REFUSE(w.ops->comment_get(w.s, c.id, &w.a, &d, &err), TQ_ENOTFOUND);
	assert_int_equal(get_page().published, 0);
	assert_int_equal(last_change(), 0);
	w.ops->rollback(w.s);		/* without a transaction: nothing */

	begin();
	w.ops->undo(w.s);		/* without a mark: nothing */
	kept = draft(0, TQ_PUBLISHED);
	MUST(w.ops->comment_add(w.s, &kept, &err));
	MUST(w.ops->mark(w.s, &err));
	for (int i = 0; i < 3; i++) {
		d = draft(kept.id, TQ_PUBLISHED);
		MUST(w.ops->comment_add(w.s, &d, &err));
		MUST(w.ops->setting_put(w.s, 0, TQ_S("a"), TQ_S("b"), &err));
		w.ops->undo(w.s);	/* the mark stays */
	}
	MUST(w.ops->mark(w.s, &err));
	d = draft(kept.id, TQ_PUBLISHED);
	MUST(w.ops->comment_add(w.s, &d, &err));
	MUST(w.ops->mark(w.s, &err));	/* moves: d is kept */
	d = draft(kept.id, TQ_PUBLISHED);
	MUST(w.ops->comment_add(w.s, &d, &err));
	w.ops->undo(w.s);
	commit();
	assert_int_equal(get(kept.id).replies, 1);
	assert_int_equal(get_page().published, 2);
	MUST(w.ops->setting_list(w.s, 0, &w.a, &settings, &n, &err));
	assert_int_equal(n, 0);
	(void)verify();
}

static void
tidy_and_reopen_keep_everything(void **state)
{
	int64_t id = add(0, TQ_PUBLISHED);
	bool again = true;

	(void)state;
	set_state(add(0, TQ_PUBLISHED), TQ_PUBLISHED, TQ_DELETED);
	MUST(w.ops->tidy(w.s, &again, &err));
	assert_false(again);
	MUST(w.ops->reopen(w.s, &err));
	assert_str(get(id).body, "a body");
	(void)add(id, TQ_PUBLISHED);
	assert_int_equal(get(id).replies, 1);
}

static void
verify_reads_every_row(void **state)
{
	int64_t before = verify(), seq;
	struct tq_feedback f = { .site_id = w.site };

	(void)state;
	small_tree();
	begin();
	MUST(w.ops->setting_put(w.s, 0, TQ_S("a"), TQ_S("b"), &err));
	MUST(w.ops->feedback_add(w.s, &f, &seq, &err));
	commit();
	assert_int_equal(verify(), before + 11);
}

/* Every read, with the Nth allocation failing for N = 0, 1, 2...: TQ_ELIMIT
 * each time until it succeeds, and out parameters untouched. */
static enum tq_code
read_one(int which, struct tq_arena *a, void *untouched)
{
	static const uint8_t key[TQ_OWNER_BYTES] = { 1 };
	union {
		struct tq_comment c;
		struct tq_page p;
		struct tq_thread_slice sl;
		struct { void *p; size_t n; } list;
	} out;
	const struct tq_cursor on = { .root_id = 1, .after_id = 2 };
	struct tq_comment *cs = untouched;
	struct tq_feedback *fs = untouched;
	struct tq_site *sites = untouched;
	struct tq_setting *settings = untouched;
	size_t n = 4711;
	enum tq_code code = TQ_EBUG;

	memset(&out, 0x5a, sizeof(out));
	switch (which) {
	case 0:
		code = w.ops->site_list(w.s, a, &sites, &n, &err);
		break;
	case 1:
		code = w.ops->setting_list(w.s, 0, a, &settings, &n, &err);
		break;
	case 2:
		code = w.ops->page_get(w.s, w.site, TQ_S("/one"), a, &out.p,
		    &err);
		break;
	case 3:
		code = w.ops->page_by_id(w.s, w.page, a, &out.p, &err);
		break;
	case 4:
		code = w.ops->comment_get(w.s, 1, a, &out.c, &err);
		break;
	case 5:
		code = w.ops->thread(w.s, w.page, TQ_SORT_BEST, &from_start,
		    20, a, &out.sl, &err);
		break;
	case 6:
		code = w.ops->thread(w.s, w.page, TQ_SORT_NEWEST, &on, 20, a,
		    &out.sl, &err);
		break;
	case 7:
		code = w.ops->comments_of_owner(w.s, w.page, key, 0, a, &cs,
		    &n, &err);
		break;
	case 8:
		code = w.ops->comments_in_state(w.s, 0, 0, TQ_PUBLISHED, 0,
		    20, a, &cs, &n, &err);
		break;
	case 9:
		code = w.ops->feedback_after(w.s, 0, 20, a, &fs, &n, &err);
		break;
	default:
		fail();
	}
	if (code != TQ_OK) {
		assert_int_equal(((uint8_t *)&out)[0], 0x5a);
		assert_int_equal(n, 4711);
		assert_ptr_equal(cs, untouched);
		assert_ptr_equal(fs, untouched);
		assert_ptr_equal(sites, untouched);
		assert_ptr_equal(settings, untouched);
	}
	return code;
}

static void
reads_survive_every_failed_allocation(void **state)
{
	struct tq_feedback f = { .site_id = w.site, .actor = TQ_S("x"),
	    .name = TQ_S("n"), .url = TQ_S("u"), .body = TQ_S("b") };
	struct tq_comment c = draft(1, TQ_HELD);
	int64_t seq;

	(void)state;
	small_tree();
	for (int i = 0; i < 20; i++)
		(void)add(3, TQ_PUBLISHED);
	c.owner[0] = 1;
	c.email_sealed = c.reasons = TQ_S("x");
	begin();
	MUST(w.ops->comment_add(w.s, &c, &err));
	MUST(w.ops->setting_put(w.s, 0, TQ_S("a"), TQ_S("b"), &err));
	MUST(w.ops->feedback_add(w.s, &f, &seq, &err));
	commit();
	for (int which = 0; which < 10; which++) {
		enum tq_code code = TQ_ELIMIT;
		long at = 0;

		for (; code != TQ_OK; at++) {
			struct tq_arena a;

			assert_true(at < 1000);
			tq_arena_init(&a, 1 << 20);
			a.fail_after = at;
			code = read_one(which, &a, &a);
			if (code != TQ_OK)
				assert_int_equal(code, TQ_ELIMIT);
			tq_arena_free(&a);
		}
		assert_true(at > 1);
	}
	(void)verify();
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
contract_run(const struct contract *c)
{
	const struct CMUnitTest tests[] = {
		TEST(states_have_names),
		TEST(sites_are_listed_by_id),
		TEST(bad_names_of_sites_are_refused),
		TEST(settings_are_put_replaced_and_removed),
		TEST(a_page_is_made_once_and_keeps_its_title),
		TEST(counts_come_in_the_order_asked),
		TEST(a_comment_comes_back_as_it_was_given),
		TEST(changes_need_a_transaction),
		TEST(malformed_comments_are_refused),
		TEST(a_reply_needs_a_published_parent_on_its_page),
		TEST(replies_below_the_deepest_level_stay_at_it),
		TEST(replies_are_counted_at_all_levels),
		TEST(hidden_places_hold_what_is_shown_below),
		TEST(a_page_shows_no_mail_and_no_reasons),
		TEST(deleting_overwrites_and_is_final),
		TEST(a_state_changes_only_from_the_state_seen),
		TEST(an_edit_needs_the_state_seen),
		TEST(only_visible_changes_take_a_number),
		TEST(threads_come_in_three_orders),
		TEST(slices_of_any_size_make_up_the_thread),
		TEST(cursors_are_checked),
		TEST(reading_on_is_not_moved_by_additions),
		TEST(a_place_that_vanished_still_leads_on),
		TEST(a_sinking_root_is_not_shown_twice),
		TEST(a_comment_is_found_in_its_slice),
		TEST(a_reader_sees_what_waits_and_what_is_new),
		TEST(a_readers_lists_are_bounded),
		TEST(comments_are_listed_by_state),
		TEST(feedback_is_read_on_in_order),
		TEST(deleting_blanks_the_copies_in_the_log),
		TEST(rollback_and_undo_take_back),
		TEST(tidy_and_reopen_keep_everything),
		TEST(verify_reads_every_row),
		TEST(reads_survive_every_failed_allocation),
	};

	running = c;
	if (tq_crypto_start(&err) != TQ_OK)
		return 1;
	return cmocka_run_group_tests_name(c->name, tests, NULL, NULL);
}
