/* Form tokens under a fake clock: the age table, scopes, single use, the bound
 * on what is remembered, and restarts. */
#include "unit.h"

#include <pthread.h>

#include "app/token.h"
#include "base/crypto.h"

#define S TQ_SECOND_US
#define HOUR (3600 * S)
#define T0 (INT64_C(1795000000) * S)	/* some day in 2026 */

static const uint8_t key[TQ_KEY_BYTES] = { 1, 2, 3 };

static struct tq_tokens *
open_tokens(int64_t now)
{
	struct tq_tokens *t = NULL;
	struct tq_err e;

	assert_int_equal(tq_tokens_new(key, now, &t, &e), TQ_OK);
	return t;
}

static const struct tq_token_scope scope = {
	TQ_S_INIT("comment"), 7, TQ_S_INIT("/bread-and-water"),
};

/* A token in a buffer of the caller's. */
static tq_str
make(struct tq_tokens *t, unsigned flags, int64_t now,
    char out[TQ_TOKEN_CHARS])
{
	struct tq_arena a;
	tq_str s;

	tq_arena_init(&a, 1000);
	s = tq_token_make(t, &scope, flags, now, &a);
	assert_int_equal(s.n, TQ_TOKEN_CHARS);
	memcpy(out, s.p, s.n);
	tq_arena_free(&a);
	return (tq_str){ out, TQ_TOKEN_CHARS };
}

static void
a_token_is_good_from_three_seconds_to_six_hours(void **state)
{
	static const struct {
		int64_t age_us;
		enum tq_token_result want, reissued;
	} cases[] = {
		{ 0, TQ_TOKEN_TOO_FAST, TQ_TOKEN_OK },
		{ 3 * S - 1, TQ_TOKEN_TOO_FAST, TQ_TOKEN_OK },
		{ 3 * S, TQ_TOKEN_OK, TQ_TOKEN_OK },
		{ HOUR, TQ_TOKEN_OK, TQ_TOKEN_OK },
		{ 6 * HOUR, TQ_TOKEN_OK, TQ_TOKEN_OK },
		{ 6 * HOUR + 1, TQ_TOKEN_EXPIRED, TQ_TOKEN_EXPIRED },
		{ 1000 * HOUR, TQ_TOKEN_EXPIRED, TQ_TOKEN_EXPIRED },
		/* the clock stepped back */
		{ -1, TQ_TOKEN_TOO_FAST, TQ_TOKEN_OK },
		{ -60 * S, TQ_TOKEN_TOO_FAST, TQ_TOKEN_OK },
		{ -60 * S - 1, TQ_TOKEN_EXPIRED, TQ_TOKEN_EXPIRED },
		{ -T0, TQ_TOKEN_EXPIRED, TQ_TOKEN_EXPIRED },
	};
	struct tq_tokens *t = open_tokens(T0);
	char one[TQ_TOKEN_CHARS], two[TQ_TOKEN_CHARS];
	tq_str fresh = make(t, 0, T0, one);
	tq_str again = make(t, TQ_TOKEN_REISSUED, T0, two);

	(void)state;
	for (size_t i = 0; i < TQ_N(cases); i++) {
		int64_t now = T0 + cases[i].age_us;

		if (tq_token_check(t, &scope, fresh, now) != cases[i].want ||
		    tq_token_check(t, &scope, again, now) !=
		    cases[i].reissued)
			fail_msg("age %lld us", (long long)cases[i].age_us);
	}
	tq_tokens_free(t);
}

static void
another_scope_is_foreign(void **state)
{
	static const struct tq_token_scope others[] = {
		{ TQ_S_INIT("edit"), 7, TQ_S_INIT("/bread-and-water") },
		{ TQ_S_INIT("comment"), 8, TQ_S_INIT("/bread-and-water") },
		{ TQ_S_INIT("comment"), 7, TQ_S_INIT("/bread-and-wate") },
		{ TQ_S_INIT("comment"), 7, TQ_S_INIT("/bread-and-waters") },
		{ TQ_S_INIT("comment"), 7, TQ_S_INIT("") },
		{ TQ_S_INIT(""), 7, TQ_S_INIT("/bread-and-water") },
	};
	struct tq_tokens *t = open_tokens(T0);
	char room[TQ_TOKEN_CHARS];
	tq_str s = make(t, 0, T0, room);

	(void)state;
	for (size_t i = 0; i < TQ_N(others); i++)
		assert_int_equal(tq_token_check(t, &others[i], s, T0 + HOUR),
		    TQ_TOKEN_FOREIGN);
	assert_int_equal(tq_token_check(t, &scope, s, T0 + HOUR),
	    TQ_TOKEN_OK);
	tq_tokens_free(t);
}

/* Every change of one character, and every wrong length. */
static void
a_changed_token_is_foreign(void **state)
{
	struct tq_tokens *t = open_tokens(T0), *other;
	uint8_t wrong_key[TQ_KEY_BYTES] = { 9 };
	char room[TQ_TOKEN_CHARS + 1];
	tq_str s = make(t, 0, T0, room);
	struct tq_err e;

	(void)state;
	for (size_t i = 0; i < TQ_TOKEN_CHARS; i++) {
		char was = room[i];

		for (const char *c = "AB-_z=+/ \x80"; *c != '\0'; c++) {
			room[i] = *c;
			if (*c != was)
				assert_int_equal(tq_token_check(t, &scope, s,
				    T0 + HOUR), TQ_TOKEN_FOREIGN);
		}
		room[i] = was;
	}
	for (s.n = 0; s.n <= TQ_TOKEN_CHARS; s.n++)
		assert_int_equal(tq_token_check(t, &scope, s, T0 + HOUR),
		    s.n == TQ_TOKEN_CHARS ? TQ_TOKEN_OK : TQ_TOKEN_FOREIGN);
	room[TQ_TOKEN_CHARS] = 'A';
	assert_int_equal(tq_token_check(t, &scope, s, T0 + HOUR),
	    TQ_TOKEN_FOREIGN);
	assert_false(tq_token_spend(t, s));

	s.n = TQ_TOKEN_CHARS;
	assert_int_equal(tq_tokens_new(wrong_key, T0, &other, &e), TQ_OK);
	assert_int_equal(tq_token_check(other, &scope, s, T0 + HOUR),
	    TQ_TOKEN_FOREIGN);
	tq_tokens_free(other);
	tq_tokens_free(t);
}

static void
a_token_is_used_once(void **state)
{
	struct tq_tokens *t = open_tokens(T0);
	char one[TQ_TOKEN_CHARS], two[TQ_TOKEN_CHARS];
	tq_str s = make(t, 0, T0, one), other = make(t, 0, T0, two);

	(void)state;
	/* Checking marks nothing. */
	for (int i = 0; i < 3; i++)
		assert_int_equal(tq_token_check(t, &scope, s, T0 + 5 * S),
		    TQ_TOKEN_OK);
	assert_true(tq_token_spend(t, s));
	assert_false(tq_token_spend(t, s));
	assert_int_equal(tq_token_check(t, &scope, s, T0 + 5 * S),
	    TQ_TOKEN_USED);
	assert_int_equal(tq_token_check(t, &scope, s, T0 + 6 * HOUR),
	    TQ_TOKEN_USED);
	assert_int_equal(tq_token_check(t, &scope, other, T0 + 5 * S),
	    TQ_TOKEN_OK);
	tq_tokens_free(t);
}

/* Tokens made and spent all day: each stays used for as long as it lives. */
static void
used_tokens_stay_used_for_six_hours(void **state)
{
	enum { N = 200 };
	static char rooms[N][TQ_TOKEN_CHARS];
	struct tq_tokens *t = open_tokens(T0);
	int64_t step = 10 * 60 * S;

	(void)state;
	for (int64_t i = 0; i < N; i++) {
		int64_t now = T0 + i * step;
		tq_str s = make(t, TQ_TOKEN_REISSUED, now, rooms[i]);

		assert_true(tq_token_spend(t, s));
		for (int64_t j = i; j >= 0 && j >= i - 36; j--)
			assert_int_equal(tq_token_check(t, &scope, (tq_str){
			    rooms[j], TQ_TOKEN_CHARS }, now), TQ_TOKEN_USED);
		if (i > 36)
			assert_true(tq_token_check(t, &scope, (tq_str){
			    rooms[i - 37], TQ_TOKEN_CHARS }, now) !=
			    TQ_TOKEN_OK);
	}
	tq_tokens_free(t);
}

static void
past_the_bound_older_tokens_are_unknown(void **state)
{
	struct tq_tokens *t = open_tokens(T0);
	char first[TQ_TOKEN_CHARS], early[TQ_TOKEN_CHARS];
	char late[TQ_TOKEN_CHARS], room[TQ_TOKEN_CHARS];
	tq_str spent = make(t, 0, T0, first), open = make(t, 0, T0, early);
	tq_str after;

	(void)state;
	assert_true(tq_token_spend(t, spent));
	for (size_t i = 1; i < TQ_TOKENS_USED_MAX; i++)
		assert_true(tq_token_spend(t, make(t, 0, T0 + 10 * S,
		    room)));
	assert_int_equal(tq_token_check(t, &scope, spent, T0 + 20 * S),
	    TQ_TOKEN_USED);
	assert_int_equal(tq_token_check(t, &scope, open, T0 + 20 * S),
	    TQ_TOKEN_OK);
	/* One more than there is room for. */
	after = make(t, 0, T0 + 11 * S, late);
	assert_true(tq_token_spend(t, make(t, 0, T0 + 11 * S, room)));
	assert_int_equal(tq_token_check(t, &scope, spent, T0 + 20 * S),
	    TQ_TOKEN_UNKNOWN);
	assert_int_equal(tq_token_check(t, &scope, open, T0 + 20 * S),
	    TQ_TOKEN_UNKNOWN);
	assert_int_equal(tq_token_check(t, &scope, after, T0 + 20 * S),
	    TQ_TOKEN_OK);
	assert_int_equal(tq_token_check(t, &scope, (tq_str){ room,
	    TQ_TOKEN_CHARS }, T0 + 20 * S), TQ_TOKEN_USED);
	tq_tokens_free(t);
}

static void
after_a_restart_older_tokens_are_unknown(void **state)
{
	struct tq_tokens *t = open_tokens(T0);
	char one[TQ_TOKEN_CHARS], two[TQ_TOKEN_CHARS];
	tq_str before = make(t, 0, T0, one), after;

	(void)state;
	assert_true(tq_token_spend(t, before));
	tq_tokens_free(t);
	t = open_tokens(T0 + HOUR + 1);
	assert_int_equal(tq_token_check(t, &scope, before, T0 + HOUR + 9),
	    TQ_TOKEN_UNKNOWN);
	after = make(t, 0, T0 + HOUR + 1, two);
	assert_int_equal(tq_token_check(t, &scope, after, T0 + 2 * HOUR),
	    TQ_TOKEN_OK);
	assert_true(tq_token_spend(t, before));
	assert_int_equal(tq_token_check(t, &scope, before, T0 + 2 * HOUR),
	    TQ_TOKEN_USED);
	tq_tokens_free(t);
	tq_tokens_free(NULL);
}

static void
making_fails_with_its_arena(void **state)
{
	struct tq_tokens *t = open_tokens(T0);
	struct tq_arena a;

	(void)state;
	tq_arena_init(&a, 1000);
	a.fail_after = 0;
	assert_int_equal(tq_token_make(t, &scope, 0, T0, &a).n, 0);
	assert_true(a.failed);
	tq_arena_free(&a);
	tq_tokens_free(t);
}

#define THREADS 4
#define ROUNDS 2000

static struct tq_tokens *shared;
static char contested[ROUNDS][TQ_TOKEN_CHARS];

static void *
spender(void *arg)
{
	uintptr_t won = 0;

	(void)arg;
	for (int i = 0; i < ROUNDS; i++) {
		tq_str s = { contested[i], TQ_TOKEN_CHARS };

		if (tq_token_check(shared, &scope, s, T0 + 5 * S) ==
		    TQ_TOKEN_OK && tq_token_spend(shared, s))
			won++;
	}
	return (void *)won;
}

static void
of_many_threads_one_spends(void **state)
{
	pthread_t threads[THREADS];
	uintptr_t sum = 0;

	(void)state;
	shared = open_tokens(T0);
	for (int i = 0; i < ROUNDS; i++)
		(void)make(shared, 0, T0, contested[i]);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, spender,
		    NULL), 0);
	for (int i = 0; i < THREADS; i++) {
		void *won;

		(void)pthread_join(threads[i], &won);
		sum += (uintptr_t)won;
	}
	assert_int_equal(sum, ROUNDS);
	tq_tokens_free(shared);
}

static int
start(void **state)
{
	struct tq_err e;

	(void)state;
	return tq_crypto_start(&e) == TQ_OK ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_token_is_good_from_three_seconds_to_six_hours),
		cmocka_unit_test(another_scope_is_foreign),
		cmocka_unit_test(a_changed_token_is_foreign),
		cmocka_unit_test(a_token_is_used_once),
		cmocka_unit_test(used_tokens_stay_used_for_six_hours),
		cmocka_unit_test(past_the_bound_older_tokens_are_unknown),
		cmocka_unit_test(after_a_restart_older_tokens_are_unknown),
		cmocka_unit_test(making_fails_with_its_arena),
		cmocka_unit_test(of_many_threads_one_spends),
	};

	return cmocka_run_group_tests_name("app/token", tests, start, NULL);
}
