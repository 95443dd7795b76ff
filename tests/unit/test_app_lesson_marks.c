/* The last lesson of a text: the same again, another, a change of mind. */
#include "unit.h"

#include <stdio.h>

#include "app/lesson_marks.h"
#include "base/clock.h"
#include "base/crypto.h"

static struct tq_lesson_marks *marks;

static uint64_t
mark(int64_t key, const char *text)
{
	const tq_str fields[] = { TQ_S("Ann"), tq_str_c(text) };

	return tq_lesson_mark(marks, key, fields, 2);
}

static void
the_same_again_is_known(void **state)
{
	uint64_t a = mark(1, "a");

	(void)state;
	assert_false(tq_lesson_marks_same(marks, a, true, 0));
	tq_lesson_marks_set(marks, a, true, 0);
	assert_true(tq_lesson_marks_same(marks, a, true, 1));
	assert_false(tq_lesson_marks_same(marks, a, false, 1));
	assert_false(tq_lesson_marks_same(marks, mark(2, "a"), true, 1));
	assert_false(tq_lesson_marks_same(marks, mark(1, "b"), true, 1));
	assert_false(tq_lesson_marks_same(marks, a, true,
	    600 * TQ_SECOND_US));
}

static void
a_change_of_mind_is_followed(void **state)
{
	uint64_t a = mark(1, "mind");

	(void)state;
	tq_lesson_marks_set(marks, a, true, 0);
	tq_lesson_marks_set(marks, a, false, 1);
	assert_false(tq_lesson_marks_same(marks, a, true, 2));
	assert_true(tq_lesson_marks_same(marks, a, false, 2));
}

static void
what_came_to_nothing_is_dropped(void **state)
{
	uint64_t a = mark(1, "nothing");

	(void)state;
	tq_lesson_marks_drop(marks, a);
	tq_lesson_marks_set(marks, a, true, 0);
	tq_lesson_marks_drop(marks, mark(2, "nothing"));
	assert_true(tq_lesson_marks_same(marks, a, true, 1));
	tq_lesson_marks_drop(marks, a);
	assert_false(tq_lesson_marks_same(marks, a, true, 1));
}

static void
all_may_be_taught_anew(void **state)
{
	uint64_t a = mark(1, "anew");

	(void)state;
	tq_lesson_marks_set(marks, a, true, 0);
	tq_lesson_marks_clear(marks);
	assert_false(tq_lesson_marks_same(marks, a, true, 1));
}

static int
start(void **state)
{
	struct tq_err e;

	(void)state;
	return tq_crypto_start(&e) == TQ_OK &&
	    tq_lesson_marks_new(&marks, &e) == TQ_OK ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	tq_lesson_marks_free(marks);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_again_is_known),
		cmocka_unit_test(a_change_of_mind_is_followed),
		cmocka_unit_test(what_came_to_nothing_is_dropped),
		cmocka_unit_test(all_may_be_taught_anew),
	};

	return cmocka_run_group_tests_name("app/lesson_marks", tests, start,
	    stop);
}
