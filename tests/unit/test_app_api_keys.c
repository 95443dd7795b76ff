/* Clients' keys in memory: found by their text, as long as they are good. */
#include "unit.h"

#include <stdio.h>

#include "app/api_keys.h"
#include "app/keys.h"
#include "base/crypto.h"
#include "base/ref.h"
#include "store/store.h"

static const struct tq_keys secrets = { .api = { 1, 2, 3 } };
static struct tq_err e;
static struct tq_store *s;
static int64_t site;

static void
must(enum tq_code code)
{
	if (code != TQ_OK)
		fail_msg("%s", e.text);
}

static int64_t
add(const char *text, const char *old, int64_t old_until, int64_t revoked)
{
	struct tq_api_key k = { .site_id = site, .revoked_us = revoked,
	    .old_until_us = old_until, .hint = TQ_S("abcd") };

	tq_api_key_hash(&secrets, tq_str_c(text), k.hash);
	if (old != NULL)
		tq_api_key_hash(&secrets, tq_str_c(old), k.old_hash);
	must(s->ops->begin(s, &e));
	must(s->ops->api_key_add(s, &k, &e));
	must(s->ops->commit(s, &e));
	return k.id;
}

static struct tq_api_keys *
load(void)
{
	struct tq_api_keys *k = NULL;

	must(tq_api_keys_load(s, &k, &e));
	return k;
}

/* The key's number, 0 when none is found. */
static int64_t
find(const struct tq_api_keys *k, const char *text, int64_t now_us)
{
	const struct tq_api_key *found = tq_api_keys_find(k, &secrets,
	    tq_str_c(text), now_us);

	return found == NULL ? 0 : found->id;
}

static void
no_keys_are_none(void **state)
{
	struct tq_api_keys *k = load();

	(void)state;
	assert_int_equal(find(k, "0a1b2c3d4e5f", 1), 0);
	assert_int_equal(tq_api_keys_count(k), 0);
	assert_null(tq_api_keys_by_id(k, 1));
	tq_api_keys_put(k);
	tq_api_keys_put(NULL);
	assert_int_equal(find(NULL, "0a1b2c3d4e5f", 1), 0);
	assert_int_equal(tq_api_keys_count(NULL), 0);
	assert_null(tq_api_keys_by_id(NULL, 1));
}

static void
a_key_is_found_by_its_text(void **state)
{
	static const char *const none[] = { "", "0a1b2c3d4e5", "0a1b2c3d4e5f0",
	    "0a1b2c3d4e5e", " 0a1b2c3d4e5f", "0a1b2c3d4e5g", "0a1b2c3d4e5:",
	    "0123456789ab", "123456789012" };
	int64_t id = add("0a1b2c3d4e5f", NULL, 0, 0);
	int64_t other = add("ffffffffffff", NULL, 0, 0);
	struct tq_api_keys *k = load();
	const struct tq_keys wrong = { .api = { 9 } };

	(void)state;
	assert_int_equal(find(k, "0a1b2c3d4e5f", 1), id);
	assert_int_equal(find(k, "0A1B2c3d4E5F", 1), id);
	assert_int_equal(find(k, "ffffffffffff", 1), other);
	for (size_t i = 0; i < TQ_N(none); i++)
		if (find(k, none[i], 1) != 0)
			fail_msg("\"%s\" is a key", none[i]);
	assert_null(tq_api_keys_find(k, &secrets,
	    (tq_str){ "0a1b2c3d4e5\0", 12 }, 1));
	assert_null(tq_api_keys_find(k, &wrong, TQ_S("0a1b2c3d4e5f"), 1));
	assert_int_equal(tq_api_keys_by_id(k, other)->id, other);
	assert_int_equal(tq_api_keys_count(k), 2);
	assert_int_equal(tq_api_keys_at(k, 1)->id, other);
	tq_api_keys_put(k);
}

static void
a_revoked_key_is_dead(void **state)
{
	int64_t id = add("0a1b2c3d4e5f", "aaaaaaaaaaaa", 1000, 77);
	struct tq_api_keys *k = load();

	(void)state;
	assert_int_equal(find(k, "0a1b2c3d4e5f", 1), 0);
	assert_int_equal(find(k, "aaaaaaaaaaaa", 1), 0);
	assert_int_equal(tq_api_keys_by_id(k, id)->revoked_us, 77);
	tq_api_keys_put(k);
}

static void
an_old_text_is_good_until_its_time(void **state)
{
	int64_t id = add("0a1b2c3d4e5f", "aaaaaaaaaaaa", 1000, 0);
	struct tq_api_keys *k = load();

	(void)state;
	assert_int_equal(find(k, "AAAAAAAAAAAA", 999), id);
	assert_int_equal(find(k, "aaaaaaaaaaaa", 1000), 0);
	assert_int_equal(find(k, "0a1b2c3d4e5f", 1000), id);
	tq_api_keys_put(k);
}

/* A client with an old key guesses at nothing. */
static void
what_was_a_key_is_no_guess(void **state)
{
	static const char *const no_guesses[] = { "", "0a1b2c3d4e5",
	    "0a1b2c3d4e5g", "0a1b2c3d4e5f", "AAAAAAAAAAAA", "cccccccccccc",
	    "DDDDDDDDDDDD" };
	struct tq_api_keys *k;

	(void)state;
	add("0a1b2c3d4e5f", "aaaaaaaaaaaa", 1000, 77);
	add("cccccccccccc", "dddddddddddd", 1, 0);
	k = load();
	for (size_t i = 0; i < TQ_N(no_guesses); i++)
		if (tq_api_keys_is_guess(k, &secrets, tq_str_c(no_guesses[i])))
			fail_msg("\"%s\" is a guess", no_guesses[i]);
	assert_true(tq_api_keys_is_guess(k, &secrets, TQ_S("0a1b2c3d4e50")));
	assert_true(tq_api_keys_is_guess(NULL, &secrets,
	    TQ_S("0a1b2c3d4e5f")));
	tq_api_keys_put(k);
}

/* The slots grow with the keys: each is found, nothing else is. */
static void
every_one_of_many_is_found(void **state)
{
	struct tq_api_keys *k;
	char text[16];

	(void)state;
	for (int i = 0; i < 300; i++) {
		(void)snprintf(text, sizeof(text), "%012x", i * 77777);
		assert_int_equal(add(text, NULL, 0, 0), i + 1);
	}
	k = load();
	for (int i = 0; i < 300; i++) {
		(void)snprintf(text, sizeof(text), "%012x", i * 77777);
		assert_int_equal(find(k, text, 1), i + 1);
		(void)snprintf(text, sizeof(text), "%012x", i * 77777 + 1);
		assert_int_equal(find(k, text, 1), 0);
	}
	tq_api_keys_put(k);
}

static int
open_world(void **state)
{
	(void)state;
	if (tq_crypto_start(&e) != TQ_OK ||
	    tq_store_open_memory(&s, &e) != TQ_OK)
		return -1;
	must(s->ops->begin(s, &e));
	must(s->ops->site_add(s, TQ_S("news"), 1, &site, &e));
	must(s->ops->commit(s, &e));
	return 0;
}

static int
close_world(void **state)
{
	(void)state;
	tq_store_close(s);
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_keys_are_none),
		TEST(a_key_is_found_by_its_text),
		TEST(a_revoked_key_is_dead),
		TEST(an_old_text_is_good_until_its_time),
		TEST(what_was_a_key_is_no_guess),
		TEST(every_one_of_many_is_found),
	};

	return cmocka_run_group_tests_name("app/api_keys", tests, NULL, NULL);
}
