/* Time-outs as an automaton; memory given back. */
#include "unit.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "web/conn_watch.h"
#include "web/mem_trim.h"

#define S TQ_SECOND_US

static const struct tq_watch_limits limits = { .head_us = 10 * S,
    .body_grace_us = 5 * S, .body_rate_min = 500, .idle_us = 60 * S };

static enum tq_watch_verdict
ask(struct tq_watch *w, uint64_t received, uint64_t acked, int64_t at_us)
{
	const struct tq_watch_seen seen = { received, acked, false };

	return tq_watch_check(w, &limits, &seen, at_us);
}

static void
a_head_has_ten_seconds(void **state)
{
	struct tq_watch w;

	(void)state;
	tq_watch_enter(&w, TQ_PHASE_HEAD, 0, 0);
	assert_int_equal(ask(&w, 50, 0, 10 * S), TQ_WATCH_STAY);
	assert_int_equal(ask(&w, 51, 0, 10 * S + 1), TQ_WATCH_TIMEOUT);
	/* Who has not said a byte is not answered either. */
	assert_int_equal(ask(&w, 0, 0, 11 * S), TQ_WATCH_CLOSE);
}

static void
a_kept_connection_counts_from_its_first_byte(void **state)
{
	struct tq_watch w;

	(void)state;
	tq_watch_enter(&w, TQ_PHASE_IDLE, 700, 0);
	assert_int_equal(ask(&w, 700, 0, 60 * S), TQ_WATCH_STAY);
	assert_int_equal(ask(&w, 700, 0, 61 * S), TQ_WATCH_CLOSE);
	assert_int_equal(ask(&w, 701, 0, 50 * S), TQ_WATCH_STAY);
	assert_int_equal(w.phase, TQ_PHASE_HEAD);
	assert_int_equal(ask(&w, 720, 0, 60 * S), TQ_WATCH_STAY);
	assert_int_equal(ask(&w, 740, 0, 61 * S), TQ_WATCH_TIMEOUT);
}

static void
a_body_keeps_its_rate(void **state)
{
	struct tq_watch w;

	(void)state;
	tq_watch_enter(&w, TQ_PHASE_BODY, 0, 0);
	assert_int_equal(ask(&w, 0, 0, 5 * S), TQ_WATCH_STAY);
	assert_int_equal(ask(&w, 0, 0, 6 * S), TQ_WATCH_TIMEOUT);
	w.mark = 500;
	assert_int_equal(ask(&w, 0, 0, 6 * S), TQ_WATCH_STAY);
	assert_int_equal(ask(&w, 0, 0, 7 * S), TQ_WATCH_TIMEOUT);
	w.mark = 50000;
	assert_int_equal(ask(&w, 0, 0, 105 * S), TQ_WATCH_STAY);
	assert_int_equal(ask(&w, 0, 0, 106 * S), TQ_WATCH_TIMEOUT);
}

static void
an_answer_is_read_or_given_up(void **state)
{
	struct tq_watch w;

	(void)state;
	tq_watch_enter(&w, TQ_PHASE_SEND, 0, 0);
	assert_int_equal(ask(&w, 9, 1000, 59 * S), TQ_WATCH_STAY);
	assert_int_equal(ask(&w, 9, 1000, 119 * S), TQ_WATCH_STAY);
	assert_int_equal(ask(&w, 9, 1000, 120 * S), TQ_WATCH_CLOSE);
	assert_int_equal(ask(&w, 9, 1001, 500 * S), TQ_WATCH_STAY);
	tq_watch_enter(&w, TQ_PHASE_RUN, 0, 0);
	assert_int_equal(ask(&w, 9, 1000, 9999 * S), TQ_WATCH_STAY);
}

static void
who_has_ended_sends_no_request(void **state)
{
	const struct tq_watch_seen seen = { 900, 0, true };
	static const struct { enum tq_phase p; enum tq_watch_verdict v; }
	rows[] = {
		{ TQ_PHASE_IDLE, TQ_WATCH_CLOSE },
		{ TQ_PHASE_HEAD, TQ_WATCH_CLOSE },
		{ TQ_PHASE_BODY, TQ_WATCH_CLOSE },
		{ TQ_PHASE_RUN, TQ_WATCH_STAY },
		{ TQ_PHASE_SEND, TQ_WATCH_STAY },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		struct tq_watch w;

		tq_watch_enter(&w, rows[i].p, 700, 0);
		assert_int_equal(tq_watch_check(&w, &limits, &seen, 1),
		    rows[i].v);
	}
}

static void
only_zero_pages_are_dropped(void **state)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char *p = mmap(NULL, 8 * page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), resident[8];

	(void)state;
	assert_true(p != MAP_FAILED);
	memset(p, 1, 8 * page);
	memset(p + page, 0, 5 * page);
	p[3 * page + 7] = 9;
	/* From the middle of page 0 to the middle of page 6. */
	assert_int_equal(tq_mem_trim(p + 10, 6 * page), 4 * page);
	assert_int_equal(mincore(p, 8 * page, resident), 0);
	assert_int_equal(resident[3] & 1, 1);
	assert_int_equal(resident[1] & 1, 0);
	assert_int_equal(resident[5] & 1, 0);
	assert_int_equal(p[3 * page + 7], 9);
	assert_int_equal(p[page] + p[5 * page], 0);
	assert_int_equal(p[6 * page], 1);
	assert_int_equal(tq_mem_trim(p + 1, 10), 0);
	assert_int_equal(munmap(p, 8 * page), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_head_has_ten_seconds),
		cmocka_unit_test(a_kept_connection_counts_from_its_first_byte),
		cmocka_unit_test(a_body_keeps_its_rate),
		cmocka_unit_test(an_answer_is_read_or_given_up),
		cmocka_unit_test(who_has_ended_sends_no_request),
		cmocka_unit_test(only_zero_pages_are_dropped),
	};

	return cmocka_run_group_tests_name("web/conn_watch", tests, NULL,
	    NULL);
}
