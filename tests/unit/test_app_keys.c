/* Key files: made once, private whatever the umask, refused when odd. */
#include "unit.h"

#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/keys.h"
#include "base/file.h"

static char dir[] = "/tmp/tq-test-keys-XXXXXX";
static char path[128];

static const char *const names[] = {
	"row.key", "token.key", "mail.public", "mail.secret",
};

static const char *
key(const char *name)
{
	(void)snprintf(path, sizeof(path), "%s/keys/%s", dir, name);
	return path;
}

static int
open_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL ? -1 : 0;
}

static int
wipe_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < TQ_N(names); i++)
		(void)unlink(key(names[i]));
	(void)rmdir(key(""));
	return 0;
}

static int
close_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}

static unsigned
mode_of(const char *file)
{
	struct stat st;

	assert_int_equal(stat(file, &st), 0);
	return st.st_mode & 07777;
}

static void
make(void)
{
	struct tq_err e;

	if (tq_keys_make(dir, &e) != TQ_OK)
		fail_msg("%s", e.text);
}

static void
write_bytes(const char *name, tq_str bytes)
{
	struct tq_err e;

	assert_int_equal(tq_file_write(key(name), bytes, 0600, &e), TQ_OK);
}

static void
keys_are_private_whatever_the_umask(void **state)
{
	mode_t before = umask(0);

	(void)state;
	make();
	(void)umask(before);
	assert_int_equal(mode_of(key("")), 0700);
	for (size_t i = 0; i < TQ_N(names); i++)
		assert_int_equal(mode_of(key(names[i])), 0600);
}

static void
a_second_init_changes_nothing(void **state)
{
	struct tq_keys a, b;
	struct tq_err e;

	(void)state;
	make();
	assert_int_equal(tq_keys_load(dir, &a, &e), TQ_OK);
	make();
	assert_int_equal(tq_keys_load(dir, &b, &e), TQ_OK);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_memory_not_equal(a.row, a.token, sizeof(a.row));
}

/* The secret half opens what the loaded half seals. */
static void
the_mail_keys_are_a_pair(void **state)
{
	uint8_t sk[TQ_SEAL_SECRET_BYTES];
	struct tq_arena a;
	struct tq_keys k;
	struct tq_err e;
	unsigned char opened[13];
	tq_str bytes, sealed;

	(void)state;
	make();
	tq_arena_init(&a, 100000);
	assert_int_equal(tq_keys_load(dir, &k, &e), TQ_OK);
	assert_int_equal(tq_file_read(key("mail.secret"), 1000, &a, &bytes,
	    &e), TQ_OK);
	assert_int_equal(bytes.n, sizeof(sk));
	memcpy(sk, bytes.p, sizeof(sk));
	sealed = tq_seal(&a, k.mail_public, TQ_S("a@example.org"));
	assert_int_equal(tq_str_find(sealed, TQ_S("example")), sealed.n);
	assert_int_equal(sealed.n, sizeof(opened) + crypto_box_SEALBYTES);
	assert_int_equal(crypto_box_seal_open(opened,
	    (const unsigned char *)sealed.p, sealed.n, k.mail_public, sk), 0);
	assert_memory_equal(opened, "a@example.org", sizeof(opened));
	tq_arena_free(&a);
}

/* A crash between the two files of a pair: the next init makes a new one. */
static void
half_a_pair_is_made_whole(void **state)
{
	struct tq_keys k;
	struct tq_err e;
	struct tq_arena a;
	tq_str before, after;

	(void)state;
	tq_arena_init(&a, 4096);
	make();
	assert_int_equal(tq_file_read(key("mail.secret"), 99, &a, &before,
	    &e), TQ_OK);
	assert_int_equal(unlink(key("mail.public")), 0);
	assert_int_equal(tq_keys_load(dir, &k, &e), TQ_ENOTFOUND);
	the_mail_keys_are_a_pair(state);
	assert_int_equal(tq_file_read(key("mail.secret"), 99, &a, &after,
	    &e), TQ_OK);
	assert_true(tq_str_eq(before, after));
	tq_arena_free(&a);
}

static void
what_is_missing_or_odd_is_named(void **state)
{
	struct tq_keys k;
	struct tq_err e;

	(void)state;
	assert_int_equal(tq_keys_load(dir, &k, &e), TQ_ENOTFOUND);
	assert_non_null(strstr(e.text, "/keys/row.key is missing"));
	assert_non_null(strstr(e.text, "taliq init"));
	make();
	for (size_t i = 0; i < 3; i++) {
		make();
		write_bytes(names[i], TQ_S("short"));
		assert_int_equal(tq_keys_load(dir, &k, &e), TQ_EINVALID);
		assert_non_null(strstr(e.text, names[i]));
		assert_non_null(strstr(e.text, "has 5 bytes, not 32"));
		assert_int_equal(unlink(key(names[i])), 0);
	}
}

static void
a_folder_that_cannot_be_is_an_error(void **state)
{
	struct tq_err e;
	char deep[5000];

	(void)state;
	assert_int_equal(tq_keys_make("/dev/null", &e), TQ_EIO);
	memset(deep, 'a', sizeof(deep));
	deep[sizeof(deep) - 1] = '\0';
	assert_int_equal(tq_keys_make(deep, &e), TQ_EINVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(keys_are_private_whatever_the_umask,
		    wipe_keys),
		cmocka_unit_test_teardown(a_second_init_changes_nothing,
		    wipe_keys),
		cmocka_unit_test_teardown(the_mail_keys_are_a_pair,
		    wipe_keys),
		cmocka_unit_test_teardown(half_a_pair_is_made_whole,
		    wipe_keys),
		cmocka_unit_test_teardown(what_is_missing_or_odd_is_named,
		    wipe_keys),
		cmocka_unit_test(a_folder_that_cannot_be_is_an_error),
	};

	return cmocka_run_group_tests_name("app/keys", tests, open_dir,
	    close_dir);
}
