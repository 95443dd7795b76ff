/* Recent posts under a fake clock: a second click meets the first post. */
#include "unit.h"

#include <stdio.h>

#include "app/recent.h"
#include "base/clock.h"

#define TEN_MINUTES (600 * TQ_SECOND_US)

static struct tq_recent *
open_recent(void)
{
	struct tq_recent *r = NULL;
	struct tq_err e;

	assert_int_equal(tq_recent_new(&r, &e), TQ_OK);
	return r;
}

static void
a_second_click_meets_the_first(void **state)
{
	struct tq_recent *r = open_recent();

	(void)state;
	assert_int_equal(tq_recent_find(r, 11, 0), 0);
	assert_int_equal(tq_recent_claim(r, 11, 0), 0);
	assert_int_equal(tq_recent_claim(r, 11, 1), -1);
	assert_int_equal(tq_recent_find(r, 11, 1), -1);
	tq_recent_settle(r, 11, 42);
	assert_int_equal(tq_recent_claim(r, 11, 2), 42);
	assert_int_equal(tq_recent_find(r, 11, 2), 42);
	assert_int_equal(tq_recent_find(r, 13, 2), 0);
	tq_recent_free(r);
}

static void
what_came_to_nothing_may_be_tried_again(void **state)
{
	struct tq_recent *r = open_recent();

	(void)state;
	assert_int_equal(tq_recent_claim(r, 11, 0), 0);
	tq_recent_settle(r, 11, 0);
	assert_int_equal(tq_recent_find(r, 11, 1), 0);
	assert_int_equal(tq_recent_claim(r, 11, 1), 0);
	tq_recent_settle(r, 99, 7);	/* never claimed: nothing happens */
	assert_int_equal(tq_recent_find(r, 99, 1), 0);
	tq_recent_free(r);
}

static void
what_became_another_comment_may_be_said_anew(void **state)
{
	struct tq_recent *r = open_recent();

	(void)state;
	assert_int_equal(tq_recent_claim(r, 11, 0), 0);
	tq_recent_settle(r, 11, 42);
	assert_int_equal(tq_recent_claim(r, 4097, 0), 0);
	tq_recent_settle(r, 4097, 43);
	tq_recent_forget(r, 42);
	assert_int_equal(tq_recent_find(r, 11, 1), 0);
	assert_int_equal(tq_recent_find(r, 4097, 1), 43);
	tq_recent_free(r);
}

static void
ten_minutes_later_all_is_forgotten(void **state)
{
	struct tq_recent *r = open_recent();

	(void)state;
	assert_int_equal(tq_recent_claim(r, 11, 5), 0);
	tq_recent_settle(r, 11, 42);
	assert_int_equal(tq_recent_find(r, 11, TEN_MINUTES + 4), 42);
	assert_int_equal(tq_recent_find(r, 11, TEN_MINUTES + 5), 0);
	assert_int_equal(tq_recent_claim(r, 11, TEN_MINUTES + 5), 0);
	assert_int_equal(tq_recent_find(r, 11, TEN_MINUTES + 6), -1);
	tq_recent_settle(r, 11, 43);
	assert_int_equal(tq_recent_find(r, 11, TEN_MINUTES + 7), 43);
	tq_recent_free(r);
}

/* Looking with an older clock shows whether the entry is still there. */
static void
the_sweep_leaves_nothing_old_in_memory(void **state)
{
	struct tq_recent *r = open_recent();

	(void)state;
	assert_int_equal(tq_recent_claim(r, 11, 5), 0);
	tq_recent_settle(r, 11, 42);
	assert_int_equal(tq_recent_claim(r, 13, 6), 0);
	tq_recent_sweep(r, TEN_MINUTES + 4);
	assert_int_equal(tq_recent_find(r, 11, 7), 42);
	tq_recent_sweep(r, TEN_MINUTES + 5);
	assert_int_equal(tq_recent_find(r, 11, 7), 0);
	assert_int_equal(tq_recent_find(r, 13, 7), -1);
	tq_recent_free(r);
}

/* Keys of one set: the oldest gives way, the others stay. */
static void
a_full_set_forgets_the_oldest(void **state)
{
	enum { SET = 2048 * 2, WAYS = 4 };
	struct tq_recent *r = open_recent();

	(void)state;
	for (uint64_t i = 0; i <= WAYS; i++) {
		uint64_t key = 1 + SET * i;

		assert_int_equal(tq_recent_claim(r, key,
		    (int64_t)(100 + i)), 0);
		tq_recent_settle(r, key, (int64_t)i + 1);
	}
	assert_int_equal(tq_recent_find(r, 1, 200), 0);
	for (uint64_t i = 1; i <= WAYS; i++)
		assert_int_equal(tq_recent_find(r, 1 + SET * i, 200), i + 1);
	tq_recent_free(r);
}

static void
fields_do_not_run_into_each_other(void **state)
{
	static const struct { tq_str a[2], b[2]; bool same; } rows[] = {
		{ { TQ_S_INIT("ab"), TQ_S_INIT("c") },
		  { TQ_S_INIT("a"), TQ_S_INIT("bc") }, false },
		{ { TQ_S_INIT("a"), TQ_S_INIT("") },
		  { TQ_S_INIT(""), TQ_S_INIT("a") }, false },
		{ { TQ_S_INIT("a"), TQ_S_INIT("b") },
		  { TQ_S_INIT("a"), TQ_S_INIT("b") }, true },
	};
	struct tq_recent *r = open_recent(), *other = open_recent();

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		uint64_t a = tq_recent_key(r, rows[i].a, 2);

		assert_int_equal(a == tq_recent_key(r, rows[i].b, 2),
		    rows[i].same);
		assert_int_not_equal(a, 0);
		/* Each server has its own: nobody can aim at a set. */
		assert_int_not_equal(a, tq_recent_key(other, rows[i].a, 2));
	}
	tq_recent_free(other);
	tq_recent_free(r);
	tq_recent_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_second_click_meets_the_first),
		cmocka_unit_test(what_came_to_nothing_may_be_tried_again),
		cmocka_unit_test(what_became_another_comment_may_be_said_anew),
		cmocka_unit_test(ten_minutes_later_all_is_forgotten),
		cmocka_unit_test(the_sweep_leaves_nothing_old_in_memory),
		cmocka_unit_test(a_full_set_forgets_the_oldest),
		cmocka_unit_test(fields_do_not_run_into_each_other),
	};

	return cmocka_run_group_tests_name("app/recent", tests, NULL, NULL);
}
