/* Cursors and sorts as words: what links and the API carry. */
#include "unit.h"

#include <stdio.h>

#include "app/listing.h"

static void
cursors_read_back(void **state)
{
	static const struct tq_cursor rows[] = {
		{ 0, 0, 0 }, { 1, 2, 3 }, { 0, INT64_MAX, 1 },
		{ INT64_MAX, INT64_MAX, INT64_MAX },
	};
	struct tq_cursor back;
	struct tq_arena a;

	(void)state;
	tq_arena_init(&a, 4096);
	for (size_t i = 0; i < TQ_N(rows); i++) {
		tq_str word = tq_cursor_print(&a, &rows[i]);

		assert_true(tq_cursor_parse(word, &back));
		assert_true(back.rank == rows[i].rank &&
		    back.root_id == rows[i].root_id &&
		    back.after_id == rows[i].after_id);
	}
	tq_arena_free(&a);
}

static void
other_words_are_no_cursors(void **state)
{
	static const char *const rows[] = {
		"", "1", "1.2", "1.2.", ".2.3", "1..3", "1.2.3.", "1.2.3.4",
		"-1.2.3", "1.-2.3", "1.2.-3", "1.2.x", " 1.2.3", "1.2.3 ",
		"1.2.99999999999999999999", "0x1.2.3", "1,2,3",
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		struct tq_cursor c = { 7, 7, 7 };

		if (tq_cursor_parse(tq_str_c(rows[i]), &c))
			fail_msg("\"%s\" is taken", rows[i]);
		assert_true(c.rank == 7 && c.root_id == 7 && c.after_id == 7);
	}
}

static void
sorts(void **state)
{
	static const enum tq_sort all[] = {
		TQ_SORT_NEWEST, TQ_SORT_OLDEST, TQ_SORT_BEST,
	};
	static const char *const none[] = { "", "new", "Newest", "best " };
	enum tq_sort s = TQ_SORT_BEST;

	(void)state;
	for (size_t i = 0; i < TQ_N(all); i++) {
		assert_true(tq_sort_parse(tq_str_c(tq_sort_name(all[i])), &s));
		assert_int_equal(s, all[i]);
	}
	for (size_t i = 0; i < TQ_N(none); i++)
		assert_false(tq_sort_parse(tq_str_c(none[i]), &s));
	assert_int_equal(s, TQ_SORT_BEST);
}

/* A site's setting counts the same words in the same order. */
static void
the_setting_means_the_same(void **state)
{
	const struct tq_setting_row *r = tq_settings_row(&tq_site_table,
	    TQ_S("sort"));
	tq_str rest = tq_str_c(r->words), word;
	int64_t place = 0;

	(void)state;
	for (; rest.n > 0; place++) {
		enum tq_sort s;

		rest = tq_str_cut(rest, ' ', &word);
		assert_true(tq_sort_parse(word, &s));
		assert_int_equal(s, place);
	}
	assert_int_equal(place, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cursors_read_back),
		cmocka_unit_test(other_words_are_no_cursors),
		cmocka_unit_test(sorts),
		cmocka_unit_test(the_setting_means_the_same),
	};

	return cmocka_run_group_tests_name("app/listing", tests, NULL, NULL);
}
