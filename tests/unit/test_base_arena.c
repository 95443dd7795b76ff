/* Arena and buffer: caps, sticky failure, every allocation failing in turn. */
#include "unit.h"

#include "base/buf.h"

static void
past_the_cap_it_fails_and_stays_failed(void **state)
{
	struct tq_arena a;

	(void)state;
	tq_arena_init(&a, 100);
	assert_non_null(tq_arena_alloc(&a, 50, 1));
	assert_null(tq_arena_alloc(&a, 51, 1));
	assert_null(tq_arena_alloc(&a, 1, 1));
	assert_true(a.failed);
	tq_arena_free(&a);
	assert_false(a.failed);
	assert_non_null(tq_arena_alloc(&a, 50, 1));
	tq_arena_free(&a);
}

static void
overflowing_sizes_are_refused(void **state)
{
	struct tq_arena a;
	volatile size_t huge = SIZE_MAX;

	(void)state;
	tq_arena_init(&a, SIZE_MAX);
	assert_null(tq_arena_alloc(&a, huge, 2));
	tq_arena_free(&a);
	assert_null(tq_arena_alloc(&a, huge - 3, 1));
	tq_arena_free(&a);
}

static void
cstr_refuses_a_nul_inside(void **state)
{
	struct tq_arena a;

	(void)state;
	tq_arena_init(&a, 1000);
	assert_null(tq_arena_cstr(&a, TQ_S("a\0b")));
	assert_false(a.failed);
	assert_string_equal(tq_arena_cstr(&a, TQ_S("ab")), "ab");
	tq_arena_free(&a);
}

static void
write_things(struct tq_buf *b)
{
	for (int i = 0; i < 500; i++) {
		tq_buf_lit(b, "line ");
		tq_buf_i64(b, i - 250);
		tq_buf_printf(b, " %s\n", "end");
	}
}

static void
buffer_survives_failure_of_every_allocation(void **state)
{
	struct tq_arena a;
	struct tq_buf b;
	long n = 0;

	(void)state;
	for (;; n++) {
		tq_arena_init(&a, 1 << 20);
		a.fail_after = n;
		tq_buf_init(&b, &a, 0);
		write_things(&b);
		if (tq_buf_ok(&b))
			break;
		assert_int_equal(tq_buf_str(&b).n, 0);
		tq_arena_free(&a);
	}
	assert_true(n > 3);
	assert_true(tq_str_starts(tq_buf_str(&b), TQ_S("line -250 end\n")));
	tq_arena_free(&a);
}

static void
smallest_number_prints(void **state)
{
	struct tq_arena a;
	struct tq_buf b;

	(void)state;
	tq_arena_init(&a, 1000);
	tq_buf_init(&b, &a, 0);
	tq_buf_i64(&b, INT64_MIN);
	assert_str(tq_buf_str(&b), "-9223372036854775808");
	tq_arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(past_the_cap_it_fails_and_stays_failed),
		cmocka_unit_test(overflowing_sizes_are_refused),
		cmocka_unit_test(cstr_refuses_a_nul_inside),
		cmocka_unit_test(buffer_survives_failure_of_every_allocation),
		cmocka_unit_test(smallest_number_prints),
	};

	return cmocka_run_group_tests_name("base/arena", tests, NULL, NULL);
}
