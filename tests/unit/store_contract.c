/* The contract of store.h, operation by operation: what its parts share, and
 * running them. */
#include "store_contract.h"

#include "base/crypto.h"
#include "store_contract_world.h"

static const struct contract *running;
struct tq_err err;
struct world w;
const struct tq_cursor from_start;

void
must_at(enum tq_code code, int line)
{
	if (code != TQ_OK)
		fail_msg("line %d: %s: %s", line, tq_code_name(code),
		    err.text);
}

void
refuse_at(enum tq_code code, enum tq_code expect, int line)
{
	if (code != expect)
		fail_msg("line %d: got %s, expected %s", line,
		    tq_code_name(code), tq_code_name(expect));
	if (err.code != expect)
		fail_msg("line %d: e->code is not what was returned", line);
}

void
begin(void)
{
	MUST(w.ops->begin(w.s, &err));
}

void
commit(void)
{
	MUST(w.ops->commit(w.s, &err));
}

struct tq_comment
draft(int64_t parent, enum tq_state state)
{
	return (struct tq_comment){ .page_id = w.page, .parent_id = parent,
	    .state = state, .created_us = ++w.clock, .name = TQ_S("Amal"),
	    .url = TQ_S("https://example.org/"), .body = TQ_S("a body"),
	    .spam = -1 };
}

int64_t
add(int64_t parent, enum tq_state state)
{
	struct tq_comment c = draft(parent, state);

	begin();
	MUST(w.ops->comment_add(w.s, &c, &err));
	commit();
	return c.id;
}

void
set_state(int64_t id, enum tq_state from, enum tq_state to)
{
	begin();
	MUST(w.ops->comment_set_state(w.s, id, from, to, false, ++w.clock,
	    &err));
	commit();
}

struct tq_comment
get(int64_t id)
{
	struct tq_comment c;

	MUST(w.ops->comment_get(w.s, id, &w.a, &c, &err));
	return c;
}

struct tq_page
get_page(void)
{
	struct tq_page p;

	MUST(w.ops->page_by_id(w.s, w.page, &w.a, &p, &err));
	return p;
}

int64_t
last_change(void)
{
	int64_t v;

	MUST(w.ops->change_last(w.s, &v, &err));
	return v;
}

struct tq_thread_slice
slice(enum tq_sort sort, struct tq_cursor from, size_t max)
{
	struct tq_thread_slice sl;

	MUST(w.ops->thread(w.s, w.page, sort, &from, max, &w.a, &sl, &err));
	return sl;
}

tq_str
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

int64_t
verify(void)
{
	int64_t checked = 0, bad = 0;

	MUST(w.ops->verify(w.s, fail_on_problem, NULL, &checked, &bad, &err));
	assert_int_equal(bad, 0);
	return checked;
}

int
contract_set_up(void **state)
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

int
contract_tear_down(void **state)
{
	(void)state;
	tq_store_close(w.s);
	tq_arena_free(&w.a);
	running->clean();
	return 0;
}

void
small_tree(void)
{
	static const int64_t parents[] = { 0, 1, 1, 2, 0, 5, 2, 3, 0 };

	for (size_t i = 0; i < TQ_N(parents); i++)
		assert_int_equal(add(parents[i], TQ_PUBLISHED), i + 1);
}

int
contract_run(const struct contract *c)
{
	static const struct contract_group *const groups[] = {
		&contract_sites, &contract_comments, &contract_threads,
		&contract_lists, &contract_keys, &contract_whole,
	};
	struct CMUnitTest all[64];
	size_t n = 0;

	running = c;
	if (tq_crypto_start(&err) != TQ_OK)
		return 1;
	for (size_t i = 0; i < TQ_N(groups); i++)
		for (size_t k = 0; k < groups[i]->n; k++) {
			assert_true(n < TQ_N(all));
			all[n++] = groups[i]->tests[k];
		}
	return _cmocka_run_group_tests(c->name, all, n, NULL, NULL);
}
