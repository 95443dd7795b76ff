/* The SQL store against the store in memory: the same random acts on both must
 * give the same answers, all of them.  Seeds are fixed; a failure names its
 * seed and step. */
#include "unit.h"

#include <stdio.h>

#include "base/crypto.h"
#include "store/store.h"

#define STEPS 1500
#define READERS 6
#define BOTH 2

static struct {
	struct tq_store *s[BOTH];
	struct tq_arena a;
	uint64_t x, seed;
	int step;
	int64_t comments, pages, sites;	/* how many there may be */
	/* People who read on while things change. */
	struct { int64_t page; enum tq_sort sort; struct tq_cursor at; }
	    reader[READERS];
} t;

static uint64_t
dice(uint64_t sides)
{
	t.x ^= t.x << 13;
	t.x ^= t.x >> 7;
	t.x ^= t.x << 17;
	return t.x % sides;
}

#define SAME(a, b) \
	do { \
		if ((a) != (b)) \
			fail_msg("seed %llu, step %d, line %d: %lld in " \
			    "memory, %lld in SQL", \
			    (unsigned long long)t.seed, t.step, __LINE__, \
			    (long long)(a), (long long)(b)); \
	} while (0)

static void
same_str(tq_str a, tq_str b)
{
	if (!tq_str_eq(a, b))
		fail_msg("seed %llu, step %d: \"%.*s\" and \"%.*s\"",
		    (unsigned long long)t.seed, t.step, TQ_FMT(a), TQ_FMT(b));
}

static void
same_comment(const struct tq_comment *a, const struct tq_comment *b)
{
	SAME(a->id, b->id);
	SAME(a->page_id, b->page_id);
	SAME(a->site_id, b->site_id);
	SAME(a->parent_id, b->parent_id);
	SAME(a->root_id, b->root_id);
	SAME(a->depth, b->depth);
	SAME(a->created_us, b->created_us);
	SAME(a->edited_us, b->edited_us);
	SAME(a->state_us, b->state_us);
	SAME(a->state, b->state);
	SAME(a->by_author, b->by_author);
	SAME(a->change, b->change);
	SAME(a->replies, b->replies);
	SAME((int)(a->spam * 1000), (int)(b->spam * 1000));
	SAME(memcmp(a->owner, b->owner, TQ_OWNER_BYTES), 0);
	same_str(a->name, b->name);
	same_str(a->url, b->url);
	same_str(a->body, b->body);
	same_str(a->email_sealed, b->email_sealed);
	same_str(a->reasons, b->reasons);
}

static void
same_list(const struct tq_comment *a, size_t na, const struct tq_comment *b,
    size_t nb)
{
	SAME(na, nb);
	for (size_t i = 0; i < na; i++)
		same_comment(&a[i], &b[i]);
}

static tq_str
some_text(void)
{
	return tq_arena_printf(&t.a, "%.*s%llu", (int)dice(30),
	    "words words words words words words",
	    (unsigned long long)dice(100000));
}

static enum tq_state
some_state(void)
{
	const uint64_t d = dice(20);

	return d < 12 ? TQ_PUBLISHED : d < 15 ? TQ_HELD : d < 17 ? TQ_SPAM :
	    d < 19 ? TQ_DELETED : (enum tq_state)5;
}

static int64_t
some_comment(void)
{
	/* Mostly the newest, so that trees grow deep. */
	const int64_t most = t.comments + 2;

	return dice(2) ? (int64_t)dice((uint64_t)most) :
	    most - (int64_t)dice((uint64_t)(most < 8 ? most : 8));
}

static void
act_add(struct tq_err e[BOTH], enum tq_code code[BOTH])
{
	struct tq_comment c = {
		.page_id = (int64_t)dice((uint64_t)t.pages + 2),
		.parent_id = dice(4) == 0 ? 0 : some_comment(),
		.created_us = (int64_t)dice(1000), .state = some_state(),
		.name = some_text(), .url = some_text(), .body = some_text(),
		.email_sealed = some_text(), .reasons = some_text(),
		.spam = dice(3) == 0 ? -1 : (double)dice(1000) / 999,
	};
	struct tq_comment got[BOTH];

	c.owner[0] = (uint8_t)dice(4);
	if (dice(3) > 0 && c.parent_id > 0) {	/* make it fit */
		struct tq_comment parent;

		if (t.s[0]->ops->comment_get(t.s[0], c.parent_id, &t.a,
		    &parent, &e[0]) == TQ_OK)
			c.page_id = parent.page_id;
	}
	for (int i = 0; i < BOTH; i++) {
		got[i] = c;
		code[i] = t.s[i]->ops->comment_add(t.s[i], &got[i], &e[i]);
	}
	if (code[0] == TQ_OK)
		t.comments = got[0].id;
	same_comment(&got[0], &got[1]);
}

static void
act_state(struct tq_err e[BOTH], enum tq_code code[BOTH])
{
	const int64_t id = some_comment(), now = (int64_t)dice(1000);
	const enum tq_state to = some_state();
	enum tq_state from = some_state();
	const bool by_author = dice(2);
	struct tq_comment c;

	if (dice(4) > 0 && t.s[0]->ops->comment_get(t.s[0], id, &t.a, &c,
	    &e[0]) == TQ_OK)
		from = c.state;
	for (int i = 0; i < BOTH; i++)
		code[i] = t.s[i]->ops->comment_set_state(t.s[i], id, from, to,
		    by_author, now, &e[i]);
}

static void
act_edit(struct tq_err e[BOTH], enum tq_code code[BOTH])
{
	const int64_t id = some_comment(), now = (int64_t)dice(1000);
	const enum tq_state from = some_state(), to = some_state();
	const tq_str body = some_text(), reasons = some_text();

	for (int i = 0; i < BOTH; i++)
		code[i] = t.s[i]->ops->comment_edit(t.s[i], id, from, to, body,
		    0.5, reasons, now, &e[i]);
}

static void
act_page(struct tq_err e[BOTH], enum tq_code code[BOTH])
{
	const int64_t site = (int64_t)dice((uint64_t)t.sites + 2);
	const tq_str path = tq_arena_printf(&t.a, "/%d", (int)dice(3));
	const tq_str title = dice(2) ? some_text() : TQ_S("");
	int64_t id[BOTH] = { 0, 0 };

	for (int i = 0; i < BOTH; i++)
		code[i] = t.s[i]->ops->page_put(t.s[i], site, path, title, 5,
		    &id[i], &e[i]);
	SAME(id[0], id[1]);
	if (id[0] > t.pages)
		t.pages = id[0];
}

static void
act_site(struct tq_err e[BOTH], enum tq_code code[BOTH])
{
	const tq_str name = tq_arena_printf(&t.a, "s%d", (int)dice(3));
	const tq_str value = dice(2) ? some_text() : TQ_S("");
	int64_t id[BOTH] = { 0, 0 };

	if (dice(4) == 0) {
		for (int i = 0; i < BOTH; i++)
			code[i] = t.s[i]->ops->site_add(t.s[i], name, 7,
			    &id[i], &e[i]);
		SAME(id[0], id[1]);
		if (id[0] > t.sites)
			t.sites = id[0];
		return;
	}
	id[0] = (int64_t)dice((uint64_t)t.sites + 2);
	for (int i = 0; i < BOTH; i++)
		code[i] = t.s[i]->ops->setting_put(t.s[i], id[0], name, value,
		    &e[i]);
}

static void
act_feedback(struct tq_err e[BOTH], enum tq_code code[BOTH])
{
	const struct tq_feedback f = { .site_id = t.sites,
	    .comment_id = some_comment(), .at_us = 3, .from = some_state(),
	    .to = some_state(), .actor = some_text(), .name = some_text(),
	    .url = some_text(), .body = some_text() };
	int64_t seq[BOTH] = { 0, 0 };

	for (int i = 0; i < BOTH; i++)
		code[i] = t.s[i]->ops->feedback_add(t.s[i], &f, &seq[i],
		    &e[i]);
	SAME(seq[0], seq[1]);
}

static void
act(void)
{
	struct tq_err e[BOTH];
	enum tq_code code[BOTH] = { TQ_OK, TQ_OK };
	const uint64_t d = dice(100);

	if (d < 55)
		act_add(e, code);
	else if (d < 80)
		act_state(e, code);
	else if (d < 88)
		act_edit(e, code);
	else if (d < 93)
		act_page(e, code);
	else if (d < 97)
		act_site(e, code);
	else
		act_feedback(e, code);
	SAME(code[0], code[1]);
}

/* One transaction of some acts, some of them undone, sometimes all. */
static void
transaction(void)
{
	struct tq_err e;
	const bool keep = dice(8) > 0;

	for (int i = 0; i < BOTH; i++)
		SAME(t.s[i]->ops->begin(t.s[i], &e), TQ_OK);
	for (uint64_t n = dice(6); n > 0; n--) {
		const bool undo = dice(6) == 0;

		for (int i = 0; i < BOTH; i++)
			SAME(t.s[i]->ops->mark(t.s[i], &e), TQ_OK);
		act();
		for (int i = 0; i < BOTH && undo; i++)
			t.s[i]->ops->undo(t.s[i]);
	}
	for (int i = 0; i < BOTH; i++)
		if (keep)
			SAME(t.s[i]->ops->commit(t.s[i], &e), TQ_OK);
		else
			t.s[i]->ops->rollback(t.s[i]);
}

static void
same_slice(int64_t page, enum tq_sort sort, size_t max, struct tq_cursor *at)
{
	struct tq_thread_slice sl[BOTH];
	struct tq_err e[BOTH];
	enum tq_code code[BOTH];

	for (int i = 0; i < BOTH; i++)
		code[i] = t.s[i]->ops->thread(t.s[i], page, sort, at, max,
		    &t.a, &sl[i], &e[i]);
	SAME(code[0], code[1]);
	if (code[0] != TQ_OK) {		/* undone meanwhile: start again */
		*at = (struct tq_cursor){ 0 };
		return;
	}
	same_list(sl[0].comments, sl[0].n, sl[1].comments, sl[1].n);
	SAME(sl[0].more, sl[1].more);
	SAME(sl[0].next.rank, sl[1].next.rank);
	SAME(sl[0].next.root_id, sl[1].next.root_id);
	SAME(sl[0].next.after_id, sl[1].next.after_id);
	*at = sl[0].next;
}

static void
read_on(void)
{
	const uint64_t i = dice(READERS);

	if (t.reader[i].at.root_id == 0) {
		t.reader[i].page = (int64_t)dice((uint64_t)t.pages + 1);
		t.reader[i].sort = (enum tq_sort)dice(3);
	}
	same_slice(t.reader[i].page, t.reader[i].sort, dice(5),
	    &t.reader[i].at);
}

static void
look_at_one(void)
{
	const int64_t id = some_comment();
	struct tq_comment c[BOTH];
	struct tq_cursor at[BOTH];
	struct tq_err e[BOTH];
	enum tq_code code[BOTH];
	const size_t max = dice(6);

	for (int i = 0; i < BOTH; i++)
		code[i] = t.s[i]->ops->comment_get(t.s[i], id, &t.a, &c[i],
		    &e[i]);
	SAME(code[0], code[1]);
	if (code[0] != TQ_OK)
		return;
	same_comment(&c[0], &c[1]);
	for (int k = 0; k < 3; k++) {
		for (int i = 0; i < BOTH; i++)
			code[i] = t.s[i]->ops->thread_place(t.s[i], id,
			    (enum tq_sort)k, max, &at[i], &e[i]);
		SAME(code[0], code[1]);
		if (code[0] != TQ_OK)
			continue;
		SAME(at[0].rank, at[1].rank);
		SAME(at[0].root_id, at[1].root_id);
		SAME(at[0].after_id, at[1].after_id);
		same_slice(c[0].page_id, (enum tq_sort)k, max, &at[0]);
	}
}

static void
look_at_lists(void)
{
	const int64_t page = (int64_t)dice((uint64_t)t.pages + 2);
	const int64_t site = (int64_t)dice((uint64_t)t.sites + 2);
	const int64_t before = some_comment(), since = (int64_t)dice(1000);
	const enum tq_state st = (enum tq_state)dice(TQ_STATES);
	const size_t max = dice(20);
	const uint8_t owner[TQ_OWNER_BYTES] = { (uint8_t)dice(4) };
	struct tq_comment *c[BOTH];
	int64_t count[BOTH], counts[BOTH][TQ_STATES];
	struct tq_err e;
	size_t n[BOTH];

	for (int i = 0; i < BOTH; i++)
		SAME(t.s[i]->ops->comments_in_state(t.s[i], site, page, st,
		    before, max, &t.a, &c[i], &n[i], &e), TQ_OK);
	same_list(c[0], n[0], c[1], n[1]);
	for (int i = 0; i < BOTH; i++)
		SAME(t.s[i]->ops->comments_of_owner(t.s[i], page, owner, since,
		    &t.a, &c[i], &n[i], &e), TQ_OK);
	same_list(c[0], n[0], c[1], n[1]);
	for (int i = 0; i < BOTH; i++)
		SAME(t.s[i]->ops->owner_published(t.s[i], site, owner,
		    &count[i], &e), TQ_OK);
	SAME(count[0], count[1]);
	for (int i = 0; i < BOTH; i++)
		SAME(t.s[i]->ops->state_counts(t.s[i], site, counts[i], &e),
		    TQ_OK);
	for (int k = 0; k < TQ_STATES; k++)
		SAME(counts[0][k], counts[1][k]);
	for (int i = 0; i < BOTH; i++)
		SAME(t.s[i]->ops->change_last(t.s[i], &count[i], &e), TQ_OK);
	SAME(count[0], count[1]);
}

static void
look_at_rest(void)
{
	const int64_t site = (int64_t)dice((uint64_t)t.sites + 2);
	const int64_t seq = (int64_t)dice(20), id = (int64_t)dice(8);
	struct tq_feedback *f[BOTH];
	struct tq_setting *p[BOTH];
	struct tq_page page[BOTH];
	struct tq_err e;
	enum tq_code code[BOTH];
	size_t n[BOTH];

	for (int i = 0; i < BOTH; i++)
		SAME(t.s[i]->ops->setting_list(t.s[i], site, &t.a, &p[i],
		    &n[i], &e), TQ_OK);
	SAME(n[0], n[1]);
	for (size_t k = 0; k < n[0]; k++) {
		same_str(p[0][k].name, p[1][k].name);
		same_str(p[0][k].value, p[1][k].value);
	}
	for (int i = 0; i < BOTH; i++)
		SAME(t.s[i]->ops->feedback_after(t.s[i], seq, 5, &t.a, &f[i],
		    &n[i], &e), TQ_OK);
	SAME(n[0], n[1]);
	for (size_t k = 0; k < n[0]; k++) {
		SAME(f[0][k].seq, f[1][k].seq);
		same_str(f[0][k].body, f[1][k].body);
	}
	for (int i = 0; i < BOTH; i++)
		code[i] = t.s[i]->ops->page_by_id(t.s[i], id, &t.a, &page[i],
		    &e);
	SAME(code[0], code[1]);
	if (code[0] != TQ_OK)
		return;
	SAME(page[0].published, page[1].published);
	SAME(page[0].change, page[1].change);
	SAME(page[0].created_us, page[1].created_us);
	same_str(page[0].path, page[1].path);
	same_str(page[0].title, page[1].title);
}

static void
problem(void *ctx, const char *line)
{
	(void)ctx;
	fail_msg("seed %llu, step %d: verify: %s", (unsigned long long)t.seed,
	    t.step, line);
}

static void
run_seed(uint64_t seed)
{
	static const uint8_t key[TQ_KEY_BYTES] = { 9 };
	const struct tq_store_options o = { .path = ":memory:",
	    .mac_key = key };
	int64_t checked, bad;
	struct tq_err e;

	memset(&t, 0, sizeof(t));
	t.seed = seed;
	t.x = seed * 0x9e3779b97f4a7c15u + 1;
	SAME(tq_store_open_memory(&t.s[0], &e), TQ_OK);
	SAME(tq_store_open_sqlite(&o, &t.s[1], &e), TQ_OK);
	for (t.step = 0; t.step < STEPS; t.step++) {
		tq_arena_init(&t.a, (size_t)64 << 20);
		transaction();
		read_on();
		look_at_one();
		look_at_lists();
		look_at_rest();
		if (t.step % 100 == 99)
			SAME(t.s[1]->ops->verify(t.s[1], problem, NULL,
			    &checked, &bad, &e), TQ_OK);
		assert_false(t.a.failed);
		tq_arena_free(&t.a);
	}
	assert_true(t.comments > STEPS / 4);
	tq_store_close(t.s[0]);
	tq_store_close(t.s[1]);
}

static void
both_stores_answer_alike(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 4; seed++)
		run_seed(seed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_stores_answer_alike),
	};
	struct tq_err e;

	if (tq_crypto_start(&e) != TQ_OK)
		return 1;
	return cmocka_run_group_tests_name("store/model", tests, NULL, NULL);
}
