/* Calendar arithmetic and the date formats. */
#include "unit.h"

#include "base/clock.h"

static void
dates_round_trip(void **state)
{
	(void)state;
	for (int64_t day = -800000; day < 800000; day += 379) {
		int64_t us = day * 86400 * TQ_SECOND_US + 7 * TQ_SECOND_US;
		struct tq_date d = tq_date_at(us, 0);

		assert_int_equal(tq_date_us(&d), us);
	}
}

static void
known_days(void **state)
{
	struct tq_date d = tq_date_at(0, 0);

	(void)state;
	assert_int_equal(d.year, 1970);
	assert_int_equal(d.weekday, 4);		/* a Thursday */
	d = tq_date_at(INT64_C(1795192445) * TQ_SECOND_US, 180);
	assert_int_equal(d.year, 2026);
	assert_int_equal(d.month, 11);
	d = tq_date_at(-1, 0);
	assert_int_equal(d.year, 1969);
	assert_int_equal(d.second, 59);
}

static void
parse_accepts_these(void **state)
{
	static const struct { const char *in; int zone; const char *utc; }
	rows[] = {
		{ "2026-11-23", 0, "2026-11-23T00:00:00Z" },
		{ "2026-11-23", 180, "2026-11-22T21:00:00Z" },
		{ "2026-11-23 16:34", 0, "2026-11-23T16:34:00Z" },
		{ "2026-11-23T16:34:05Z", 180, "2026-11-23T16:34:05Z" },
		{ "2026-11-23T16:34:05.25+02:30", 0, "2026-11-23T14:04:05Z" },
		{ "2024-02-29", 0, "2024-02-29T00:00:00Z" },
	};
	struct tq_arena a;

	(void)state;
	tq_arena_init(&a, 10000);
	for (size_t i = 0; i < TQ_N(rows); i++) {
		struct tq_buf b;
		int64_t us;

		assert_true(tq_date_parse(tq_str_c(rows[i].in), rows[i].zone,
		    &us));
		tq_buf_init(&b, &a, 0);
		tq_date_rfc3339(&b, us);
		assert_str(tq_buf_str(&b), rows[i].utc);
	}
	tq_arena_free(&a);
}

static void
parse_refuses_these(void **state)
{
	static const char *const rows[] = {
		"", "2026", "2026-13-01", "2026-02-30", "2026-00-10",
		"2026-01-01T", "2026-01-01T25:00", "2026-01-01T10:00:60Z",
		"2026-01-01T10:00Zx", "2026-01-01T10:00+1:00", "-026-01-01",
		"2026-1-1", "2026-01-01T10:00:00.Z", "tomorrow",
	};
	int64_t us = 5;

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		assert_false(tq_date_parse(tq_str_c(rows[i]), 0, &us));
	assert_int_equal(us, 5);
}

static void
http_date(void **state)
{
	struct tq_arena a;
	struct tq_buf b;

	(void)state;
	tq_arena_init(&a, 1000);
	tq_buf_init(&b, &a, 0);
	tq_date_http(&b, INT64_C(784111777) * TQ_SECOND_US);
	assert_str(tq_buf_str(&b), "Sun, 06 Nov 1994 08:49:37 GMT");
	tq_arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_round_trip),
		cmocka_unit_test(known_days),
		cmocka_unit_test(parse_accepts_these),
		cmocka_unit_test(parse_refuses_these),
		cmocka_unit_test(http_date),
	};

	return cmocka_run_group_tests_name("base/clock", tests, NULL, NULL);
}
