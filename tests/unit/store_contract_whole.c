/* The store as a whole: transactions, reopening, verify, and every read with
 * every allocation failing. */
#include "store_contract_world.h"

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

/* Reads that fill one struct; on failure it is untouched. */
static enum tq_code
read_one(int which, struct tq_arena *a)
{
	const struct tq_cursor on = { .root_id = 1, .after_id = 2 };
	union {
		struct tq_comment c;
		struct tq_page p;
		struct tq_thread_slice sl;
		struct tq_api_key k;
	} out;
	enum tq_code code = TQ_EBUG;

	memset(&out, 0x5a, sizeof(out));
	switch (which) {
	case 0:
		code = w.ops->page_get(w.s, w.site, TQ_S("/one"), a, &out.p,
		    &err);
		break;
	case 1:
		code = w.ops->page_by_id(w.s, w.page, a, &out.p, &err);
		break;
	case 2:
		code = w.ops->comment_get(w.s, 1, a, &out.c, &err);
		break;
	case 3:
		code = w.ops->thread(w.s, w.page, TQ_SORT_BEST, &from_start,
		    20, a, &out.sl, &err);
		break;
	case 5:
		code = w.ops->api_key_get(w.s, 1, a, &out.k, &err);
		break;
	default:
		code = w.ops->thread(w.s, w.page, TQ_SORT_NEWEST, &on, 20, a,
		    &out.sl, &err);
		break;
	}
	if (code != TQ_OK)
		assert_int_equal(((uint8_t *)&out)[0], 0x5a);
	return code;
}

/* Reads that give a list; on failure its place and number are untouched. */
static enum tq_code
read_list(int which, struct tq_arena *a)
{
	static const uint8_t key[TQ_OWNER_BYTES] = { 1 };
	void *untouched = a;
	struct tq_comment *cs = untouched;
	struct tq_feedback *fs = untouched;
	struct tq_site *sites = untouched;
	struct tq_setting *settings = untouched;
	struct tq_api_key *keys = untouched;
	struct tq_use_row *uses = untouched;
	const struct tq_use_ask ask = { .key_id = 1, .to_day = 99991231 };
	size_t n = 4711;
	enum tq_code code;

	if (which == 0)
		code = w.ops->site_list(w.s, a, &sites, &n, &err);
	else if (which == 1)
		code = w.ops->setting_list(w.s, 0, a, &settings, &n, &err);
	else if (which == 2)
		code = w.ops->comments_of_owner(w.s, w.page, key, 0, a, &cs,
		    &n, &err);
	else if (which == 3)
		code = w.ops->comments_in_state(w.s, 0, 0, TQ_PUBLISHED, 0,
		    20, a, &cs, &n, &err);
	else if (which == 5)
		code = w.ops->api_key_list(w.s, a, &keys, &n, &err);
	else if (which == 6)
		code = w.ops->key_use_list(w.s, &ask, a, &uses, &n, &err);
	else
		code = w.ops->feedback_after(w.s, 0, 20, a, &fs, &n, &err);
	if (code != TQ_OK) {
		assert_int_equal(n, 4711);
		assert_ptr_equal(cs, untouched);
		assert_ptr_equal(fs, untouched);
		assert_ptr_equal(sites, untouched);
		assert_ptr_equal(settings, untouched);
		assert_ptr_equal(keys, untouched);
		assert_ptr_equal(uses, untouched);
	}
	return code;
}

/* With the Nth allocation failing for N = 0, 1, 2...: TQ_ELIMIT each time until
 * it succeeds. */
static void
sweep(enum tq_code (*read)(int which, struct tq_arena *a), int which)
{
	enum tq_code code = TQ_ELIMIT;
	long at = 0;

	for (; code != TQ_OK; at++) {
		struct tq_arena a;

		assert_true(at < 1000);
		tq_arena_init(&a, 1 << 20);
		a.fail_after = at;
		code = read(which, &a);
		if (code != TQ_OK)
			assert_int_equal(code, TQ_ELIMIT);
		tq_arena_free(&a);
	}
	assert_true(at > 1);
}

static void
reads_survive_every_failed_allocation(void **state)
{
	struct tq_feedback f = { .site_id = w.site, .actor = TQ_S("x"),
	    .name = TQ_S("n"), .url = TQ_S("u"), .body = TQ_S("b") };
	struct tq_comment c = draft(1, TQ_HELD);
	struct tq_api_key k = { .site_id = w.site, .hint = TQ_S("abcd") };
	struct tq_use_row use = { .day = 20260101, .site = TQ_S("a.org") };
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
	MUST(w.ops->api_key_add(w.s, &k, &err));
	use.key_id = k.id;
	MUST(w.ops->key_use_add(w.s, &use, &err));
	commit();
	for (int which = 0; which < 6; which++)
		sweep(read_one, which);
	for (int which = 0; which < 7; which++)
		sweep(read_list, which);
	(void)verify();
}

static const struct CMUnitTest tests[] = {
	CONTRACT_TEST(rollback_and_undo_take_back),
	CONTRACT_TEST(tidy_and_reopen_keep_everything),
	CONTRACT_TEST(verify_reads_every_row),
	CONTRACT_TEST(reads_survive_every_failed_allocation),
};

const struct contract_group contract_whole = { tests, TQ_N(tests) };
