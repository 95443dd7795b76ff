/* Places in a thread: their bytes sort as the tree does. */
#include "unit.h"

#include "store/path.h"

static void
bytes_are_as_written(void **state)
{
	static const struct {
		int64_t parent, child;
		const char *hex;
	} cases[] = {
		{ 1, 2, "\x01\x01" }, { 1, 256, "\x01\xff" },
		{ 1, 257, "\x02\x01\x00" }, { 0, 65536, "\x03\x01\x00\x00" },
		{ 5, INT64_C(5) + (INT64_C(1) << 40),
		    "\x06\x01\x00\x00\x00\x00\x00" },
		{ 0, INT64_MAX, "\x08\x7f\xff\xff\xff\xff\xff\xff\xff" },
	};
	uint8_t out[TQ_PATH_MAX];

	(void)state;
	for (size_t i = 0; i < TQ_N(cases); i++) {
		tq_str s = tq_path_child(out, (tq_str){ NULL, 0 },
		    cases[i].parent, cases[i].child);

		assert_int_equal(s.n, 1 + (unsigned char)cases[i].hex[0]);
		assert_memory_equal(s.p, cases[i].hex, s.n);
	}
}

static void
what_cannot_be_is_refused(void **state)
{
	uint8_t out[TQ_PATH_MAX];
	char deep[TQ_PATH_MAX];

	(void)state;
	memset(deep, 1, sizeof(deep));
	assert_int_equal(tq_path_child(out, TQ_S(""), 7, 7).n, 0);
	assert_int_equal(tq_path_child(out, TQ_S(""), 7, 6).n, 0);
	assert_int_equal(tq_path_child(out, TQ_S(""), -1, 6).n, 0);
	assert_int_equal(tq_path_child(out,
	    (tq_str){ deep, TQ_PATH_MAX - 2 }, 1, 2).n, TQ_PATH_MAX);
	assert_int_equal(tq_path_child(out,
	    (tq_str){ deep, TQ_PATH_MAX - 1 }, 1, 2).n, 0);
	assert_int_equal(tq_path_child(out,
	    (tq_str){ deep, sizeof(deep) }, 1, 2).n, 0);
}

static void
the_deepest_path_of_any_ids_fits(void **state)
{
	uint8_t a[TQ_PATH_MAX], b[TQ_PATH_MAX];
	tq_str path = { NULL, 0 };
	const int64_t step = INT64_MAX / (TQ_DEPTH_MAX + 1);

	(void)state;
	for (int64_t i = 1; i <= TQ_DEPTH_MAX; i++) {
		path = tq_path_child(i % 2 ? a : b, path, i * step,
		    (i + 1) * step);
		assert_int_not_equal(path.n, 0);
	}
}

/* Siblings of one parent, from near to far: each below the next, and so is
 * everything that hangs below it. */
static void
older_siblings_and_their_trees_sort_first(void **state)
{
	uint8_t a[TQ_PATH_MAX], b[TQ_PATH_MAX], c[TQ_PATH_MAX];
	int64_t id = 10;

	(void)state;
	for (int shift = 0; shift < 60; shift++)
		for (int64_t more = -1; more <= 1; more++) {
			int64_t next = 10 + (INT64_C(1) << shift) + more;
			tq_str one, two, below;

			if (next <= id)
				continue;
			if (id > 10) {
				one = tq_path_child(a, TQ_S("\1\1"), 10, id);
				two = tq_path_child(b, TQ_S("\1\1"), 10, next);
				below = tq_path_child(c, one, id, INT64_MAX);
				assert_true(tq_str_cmp(one, two) < 0);
				assert_true(tq_str_cmp(one, below) < 0);
				assert_true(tq_str_cmp(below, two) < 0);
			}
			id = next;
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_as_written),
		cmocka_unit_test(what_cannot_be_is_refused),
		cmocka_unit_test(the_deepest_path_of_any_ids_fits),
		cmocka_unit_test(older_siblings_and_their_trees_sort_first),
	};

	return cmocka_run_group_tests_name("store/path", tests, NULL, NULL);
}
