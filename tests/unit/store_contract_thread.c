/* A thread in its orders and slices. */
#include "store_contract_world.h"

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

static const struct CMUnitTest tests[] = {
	CONTRACT_TEST(threads_come_in_three_orders),
	CONTRACT_TEST(slices_of_any_size_make_up_the_thread),
	CONTRACT_TEST(cursors_are_checked),
	CONTRACT_TEST(reading_on_is_not_moved_by_additions),
	CONTRACT_TEST(a_place_that_vanished_still_leads_on),
	CONTRACT_TEST(a_sinking_root_is_not_shown_twice),
	CONTRACT_TEST(a_comment_is_found_in_its_slice),
};

const struct contract_group contract_threads = { tests, TQ_N(tests) };
