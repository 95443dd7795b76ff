/* GCRA under a fake clock: what is granted when, all or none, a full table,
 * and many threads sharing one allowance. */
#include "unit.h"

#include <pthread.h>
#include <stdio.h>

#include "app/limits.h"
#include "base/clock.h"
#include "base/crypto.h"

#define S TQ_SECOND_US

static struct tq_limits *
open_limits(size_t keys)
{
	struct tq_limits *l = NULL;
	struct tq_err e;

	assert_int_equal(tq_limits_new(keys, &l, &e), TQ_OK);
	return l;
}

static bool
take(struct tq_limits *l, enum tq_limit_scope scope, const char *key,
    const struct tq_rate *rate, int64_t now, int64_t *retry)
{
	const struct tq_limit_ask ask = { scope, tq_str_c(key), *rate };

	return tq_limits_take(l, &ask, 1, now, retry);
}

static void
events_are_granted_by_the_rate(void **state)
{
	static const struct {
		struct tq_rate rate;
		int64_t at_s, retry_s;	/* retry_s 0: granted */
	} cases[] = {
		/* six a minute, three at once: one each ten seconds */
		{ { 6, 60 * S, 3 }, 1000, 0 },
		{ { 6, 60 * S, 3 }, 1000, 0 },
		{ { 6, 60 * S, 3 }, 1000, 0 },
		{ { 6, 60 * S, 3 }, 1000, 10 },
		{ { 6, 60 * S, 3 }, 1004, 6 },	/* refusals cost nothing */
		{ { 6, 60 * S, 3 }, 1010, 0 },
		{ { 6, 60 * S, 3 }, 1010, 10 },
		{ { 6, 60 * S, 3 }, 1030, 0 },
		{ { 6, 60 * S, 3 }, 1030, 0 },
		{ { 6, 60 * S, 3 }, 1030, 10 },
		/* a long pause saves up the burst, not more */
		{ { 6, 60 * S, 3 }, 9000, 0 },
		{ { 6, 60 * S, 3 }, 9000, 0 },
		{ { 6, 60 * S, 3 }, 9000, 0 },
		{ { 6, 60 * S, 3 }, 9000, 10 },
		/* burst 0 is 1 */
		{ { 1, 60 * S, 0 }, 20000, 0 },
		{ { 1, 60 * S, 0 }, 20000, 60 },
		/* slower than one an hour is one an hour */
		{ { 1, 86400 * S, 1 }, 30000, 0 },
		{ { 1, 86400 * S, 1 }, 30000, 3600 },
		{ { 1, 86400 * S, 1 }, 33600, 0 },
		/* a burst of more than an hour is cut to the hour */
		{ { 1, 600 * S, 100 }, 50000, 0 },
		{ { 1, 600 * S, 100 }, 50000, 0 },
		{ { 1, 600 * S, 100 }, 50000, 0 },
		{ { 1, 600 * S, 100 }, 50000, 0 },
		{ { 1, 600 * S, 100 }, 50000, 0 },
		{ { 1, 600 * S, 100 }, 50000, 0 },
		{ { 1, 600 * S, 100 }, 50000, 600 },
		/* no limit */
		{ { 0, 60 * S, 1 }, 50000, 0 },
		{ { -1, 60 * S, 1 }, 50000, 0 },
	};
	struct tq_limits *l = open_limits(0);

	(void)state;
	for (size_t i = 0; i < TQ_N(cases); i++) {
		int64_t retry = 0;
		bool ok = take(l, TQ_LIMIT_THREAD, "a", &cases[i].rate,
		    cases[i].at_s * S, &retry);

		if (ok != (cases[i].retry_s == 0) ||
		    retry != cases[i].retry_s * S)
			fail_msg("case %zu: %d, retry %lld us", i, ok,
			    (long long)retry);
	}
	tq_limits_free(l);
}

static void
keys_and_scopes_do_not_meet(void **state)
{
	static const struct tq_rate one = { 1, 60 * S, 1 };
	struct tq_limits *l = open_limits(0);
	int64_t retry;

	(void)state;
	assert_true(take(l, TQ_LIMIT_THREAD, "a", &one, 0, &retry));
	assert_true(take(l, TQ_LIMIT_SITE, "a", &one, 0, &retry));
	assert_true(take(l, TQ_LIMIT_THREAD, "b", &one, 0, &retry));
	assert_true(take(l, TQ_LIMIT_THREAD, "", &one, 0, &retry));
	assert_false(take(l, TQ_LIMIT_THREAD, "a", &one, 0, &retry));
	assert_false(take(l, TQ_LIMIT_THREAD, "", &one, 0, &retry));
	tq_limits_free(l);
}

static void
all_are_taken_or_none(void **state)
{
	const struct tq_limit_ask asks[] = {
		{ TQ_LIMIT_NETWORK, TQ_S("net"), { 1, 10 * S, 2 } },
		{ TQ_LIMIT_THREAD, TQ_S("thread"), { 0, 0, 0 } },
		{ TQ_LIMIT_SITE, TQ_S("site"), { 1, 60 * S, 1 } },
	};
	struct tq_limits *l = open_limits(0);
	int64_t retry = 0;

	(void)state;
	assert_true(tq_limits_take(l, asks, 3, 0, &retry));
	for (int i = 0; i < 5; i++) {
		assert_false(tq_limits_take(l, asks, 3, 0, &retry));
		assert_int_equal(retry, 60 * S);
	}
	/* The network's second is still there, and no third. */
	assert_true(tq_limits_take(l, asks, 1, 0, &retry));
	assert_false(tq_limits_take(l, asks, 1, 0, &retry));
	assert_int_equal(retry, 10 * S);
	/* Of two that refuse, the longer wait is told. */
	assert_false(tq_limits_take(l, asks, 3, 5 * S, &retry));
	assert_int_equal(retry, 55 * S);
	assert_true(tq_limits_take(l, asks, 0, 0, &retry));
	tq_limits_free(l);
}

/* 256 places, 20,000 keys: nobody is refused for want of room, and who is far
 * over the rate is not washed out by the others. */
static void
a_full_table_refuses_nobody_new(void **state)
{
	static const struct tq_rate one = { 1, 60 * S, 1 };
	static const struct tq_rate busy = { 60, 60 * S, 600 };
	struct tq_limits *l = open_limits(1);
	int64_t now = 0, retry;
	char key[16];

	(void)state;
	for (int i = 0; i < 600; i++)
		assert_true(take(l, TQ_LIMIT_NETWORK, "flood", &busy, now,
		    &retry));
	assert_false(take(l, TQ_LIMIT_NETWORK, "flood", &busy, now, &retry));
	for (int i = 0; i < 20000; i++) {
		(void)snprintf(key, sizeof(key), "%d", i);
		assert_true(take(l, TQ_LIMIT_NETWORK, key, &one, now++,
		    &retry));
		assert_false(take(l, TQ_LIMIT_NETWORK, key, &one, now,
		    &retry));
	}
	assert_false(take(l, TQ_LIMIT_NETWORK, "flood", &busy, now, &retry));
	/* The first of them was pushed out by the later ones. */
	assert_true(take(l, TQ_LIMIT_NETWORK, "0", &one, now, &retry));
	tq_limits_free(l);
}

static void
forgetting_keeps_what_is_still_limited(void **state)
{
	static const struct tq_rate slow = { 1, 3600 * S, 1 };
	static const struct tq_rate fast = { 1, 10 * S, 1 };
	struct tq_limits *l = open_limits(0);
	int64_t retry;

	(void)state;
	assert_true(take(l, TQ_LIMIT_NETWORK, "slow", &slow, 0, &retry));
	assert_true(take(l, TQ_LIMIT_NETWORK, "fast", &fast, 0, &retry));
	tq_limits_forget(l, 3599 * S);
	assert_false(take(l, TQ_LIMIT_NETWORK, "slow", &slow, 3599 * S,
	    &retry));
	tq_limits_forget(l, 3600 * S);
	/* Asked at time 0 again: an hour later nothing is left of it. */
	assert_true(take(l, TQ_LIMIT_NETWORK, "slow", &slow, 0, &retry));
	assert_true(take(l, TQ_LIMIT_NETWORK, "fast", &fast, 0, &retry));
	tq_limits_free(l);
}

static void
networks_are_24_and_56_bits(void **state)
{
	static const uint8_t a[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	static const uint8_t b[16] = { 1, 2, 3, 9, 5, 6, 7, 9, 9 };
	uint8_t x[TQ_LIMIT_NETWORK_BYTES], y[TQ_LIMIT_NETWORK_BYTES];

	(void)state;
	assert_str(tq_limit_network(4, a, x), "\4\1\2\3");
	assert_true(tq_str_eq(tq_limit_network(4, a, x),
	    tq_limit_network(4, b, y)));
	assert_int_equal(tq_limit_network(6, a, x).n, 8);
	assert_false(tq_str_eq(tq_limit_network(6, a, x),
	    tq_limit_network(6, b, y)));
	x[0] = 1;
	assert_int_equal(tq_limit_network(0, a, x).n, 1);
	assert_int_equal(x[0], 0);
}

static struct tq_limits *shared;

static void *
greedy(void *arg)
{
	const struct tq_limit_ask asks[] = {
		{ TQ_LIMIT_SITE, TQ_S("all"), { 60, 60 * S, 1000 } },
		{ TQ_LIMIT_THREAD, { arg, 1 }, { 60, 60 * S, 3600 } },
	};
	uintptr_t got = 0;
	int64_t retry;

	for (int i = 0; i < 2000; i++) {
		if (tq_limits_take(shared, asks, 2, 0, &retry))
			got++;
		if (i % 500 == 0)
			tq_limits_forget(shared, 0);
	}
	return (void *)got;
}

static void
threads_share_exactly_the_burst(void **state)
{
	static char keys[] = "abcd";
	pthread_t threads[4];
	uintptr_t sum = 0;
	int64_t retry;

	(void)state;
	shared = open_limits(0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, greedy,
		    &keys[i]), 0);
	for (int i = 0; i < 4; i++) {
		void *got;

		(void)pthread_join(threads[i], &got);
		sum += (uintptr_t)got;
	}
	assert_int_equal(sum, 1000);
	/* What the site refused was not charged to the threads' own keys. */
	for (int i = 0; i < 4; i++)
		sum += 3600;
	for (int i = 0; i < 4; i++) {
		const struct tq_limit_ask ask = { TQ_LIMIT_THREAD,
			{ &keys[i], 1 }, { 60, 60 * S, 3600 } };

		while (tq_limits_take(shared, &ask, 1, 0, &retry))
			sum--;
	}
	assert_int_equal(sum, 2000);
	tq_limits_free(shared);
}

static int
start(void **state)
{
	struct tq_err e;

	(void)state;
	tq_limits_free(NULL);
	return tq_crypto_start(&e) == TQ_OK ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_are_granted_by_the_rate),
		cmocka_unit_test(keys_and_scopes_do_not_meet),
		cmocka_unit_test(all_are_taken_or_none),
		cmocka_unit_test(a_full_table_refuses_nobody_new),
		cmocka_unit_test(forgetting_keeps_what_is_still_limited),
		cmocka_unit_test(networks_are_24_and_56_bits),
		cmocka_unit_test(threads_share_exactly_the_burst),
	};

	return cmocka_run_group_tests_name("app/limits", tests, start, NULL);
}
