/* The pool of reading handles. */
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/crypto.h"
#include "store/store.h"

#define MAX 3
#define THREADS 8
#define ROUNDS 200

static char dir[] = "/tmp/tq-test-pool-XXXXXX";
static char path[128];
static const uint8_t key[TQ_KEY_BYTES] = { 5 };
static struct tq_store *writer;
static struct tq_err err;

static struct tq_store_pool *
new_pool(size_t max)
{
	const struct tq_store_options o = { .path = path, .mac_key = key };
	struct tq_store_pool *p;

	assert_int_equal(tq_store_pool_new(&o, max, &p, &err), TQ_OK);
	return p;
}

static void
a_handle_is_used_again(void **state)
{
	struct tq_store_pool *p = new_pool(MAX);
	struct tq_store *a, *b, *c;
	int64_t n;

	(void)state;
	assert_int_equal(tq_store_pool_take(p, &a, &err), TQ_OK);
	assert_int_equal(tq_store_pool_take(p, &b, &err), TQ_OK);
	assert_ptr_not_equal(a, b);
	assert_int_equal(a->ops->change_last(a, &n, &err), TQ_OK);
	tq_store_pool_put(p, a);
	assert_int_equal(tq_store_pool_take(p, &c, &err), TQ_OK);
	assert_ptr_equal(a, c);
	tq_store_pool_put(p, b);
	tq_store_pool_put(p, c);
	tq_store_pool_free(p);
	tq_store_pool_free(NULL);
}

static void
a_pool_cannot_be_of_nothing(void **state)
{
	struct tq_store_options o = { .path = ":memory:", .mac_key = key };
	struct tq_store_pool *p;
	struct tq_store *s;

	(void)state;
	assert_int_equal(tq_store_pool_new(&o, 2, &p, &err), TQ_EINVALID);
	o.path = path;
	assert_int_equal(tq_store_pool_new(&o, 0, &p, &err), TQ_EINVALID);
	o.path = "/nowhere/at/all.db";
	assert_int_equal(tq_store_pool_new(&o, 1, &p, &err), TQ_OK);
	for (int i = 0; i < 3; i++)	/* a failure takes no place */
		assert_int_equal(tq_store_pool_take(p, &s, &err), TQ_EIO);
	tq_store_pool_free(p);
}

static void
a_pool_of_one_given_handle(void **state)
{
	struct tq_store_pool *p;
	struct tq_store *s, *got;

	(void)state;
	assert_int_equal(tq_store_open_memory(&s, &err), TQ_OK);
	assert_int_equal(tq_store_pool_of(s, &p, &err), TQ_OK);
	assert_int_equal(tq_store_pool_take(p, &got, &err), TQ_OK);
	assert_ptr_equal(got, s);
	tq_store_pool_put(p, got);
	tq_store_pool_free(p);
	tq_store_close(s);
}

static struct tq_store_pool *shared;
static atomic_int out, most, failures;

static void *
read_much(void *arg)
{
	(void)arg;
	for (int i = 0; i < ROUNDS; i++) {
		struct tq_store *s;
		struct tq_err e;
		int64_t n;
		int now;

		if (tq_store_pool_take(shared, &s, &e) != TQ_OK) {
			atomic_fetch_add(&failures, 1);
			continue;
		}
		now = atomic_fetch_add(&out, 1) + 1;
		if (now > atomic_load(&most))
			atomic_store(&most, now);
		if (s->ops->change_last(s, &n, &e) != TQ_OK)
			atomic_fetch_add(&failures, 1);
		atomic_fetch_sub(&out, 1);
		tq_store_pool_put(shared, s);
	}
	return NULL;
}

static void
more_threads_than_handles_wait_their_turn(void **state)
{
	pthread_t t[THREADS];

	(void)state;
	shared = new_pool(MAX);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&t[i], NULL, read_much, NULL),
		    0);
	for (int i = 0; i < THREADS; i++)
		(void)pthread_join(t[i], NULL);
	assert_int_equal(atomic_load(&failures), 0);
	assert_true(atomic_load(&most) <= MAX);
	tq_store_pool_free(shared);
}

static int
set_up(void **state)
{
	const struct tq_store_options o = { .path = path, .mac_key = key };

	(void)state;
	if (tq_crypto_start(&err) != TQ_OK || mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/t.db", dir);
	return tq_store_open_sqlite(&o, &writer, &err) == TQ_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	tq_store_close(writer);
	(void)unlink(path);
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_handle_is_used_again),
		cmocka_unit_test(a_pool_cannot_be_of_nothing),
		cmocka_unit_test(a_pool_of_one_given_handle),
		cmocka_unit_test(more_threads_than_handles_wait_their_turn),
	};

	return cmocka_run_group_tests_name("store/pool", tests, set_up,
	    tear_down);
}
