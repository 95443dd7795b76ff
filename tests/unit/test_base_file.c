/* Whole files, and the lock. */
#include "unit.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

static char dir[] = "/tmp/tq-test-file-XXXXXX";
static char path[128], lock[128];

static void
what_is_written_is_read(void **state)
{
	struct tq_arena a;
	struct tq_err e;
	struct stat st;
	tq_str got;

	(void)state;
	tq_arena_init(&a, 10000);
	assert_int_equal(tq_file_write(path, TQ_S("one\0two"), 0600, &e), 0);
	assert_int_equal(tq_file_write(path, TQ_S("three"), 0600, &e), 0);
	assert_int_equal(tq_file_read(path, 100, &a, &got, &e), TQ_OK);
	assert_str(got, "three");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(tq_file_read(path, 4, &a, &got, &e), TQ_ELIMIT);
	assert_int_equal(tq_file_read("/nowhere/x", 4, &a, &got, &e),
	    TQ_ENOTFOUND);
	assert_int_equal(tq_file_read(dir, 9999, &a, &got, &e), TQ_EINVALID);
	assert_int_equal(tq_file_write("/nowhere/x", TQ_S("a"), 0600, &e),
	    TQ_ENOTFOUND);
	tq_arena_free(&a);
}

static void
name_in_dir(char out[static 160], const char *name)
{
	(void)snprintf(out, 160, "%s/%s", dir, name);
}

static void
holds(const char *at, const char *wanted)
{
	struct tq_arena a;
	struct tq_err e;
	tq_str got;

	tq_arena_init(&a, 10000);
	assert_int_equal(tq_file_read(at, 100, &a, &got, &e), TQ_OK);
	assert_int_equal(got.n, strlen(wanted));
	assert_memory_equal(got.p, wanted, got.n);
	tq_arena_free(&a);
}

static size_t
files_in_dir(void)
{
	DIR *d = opendir(dir);
	const struct dirent *at;
	size_t n = 0;

	assert_non_null(d);
	while ((at = readdir(d)) != NULL)
		n += at->d_name[0] != '.' || strlen(at->d_name) > 2;
	(void)closedir(d);
	return n;
}

/* "FILE.new" of somebody else was overwritten, also through a link. */
static void
a_bystander_stays(void **state)
{
	char new[160], victim[160];
	struct tq_err e;

	(void)state;
	name_in_dir(new, "file.new");
	name_in_dir(victim, "victim");
	assert_int_equal(tq_file_write(victim, TQ_S("mine"), 0600, &e), 0);
	assert_int_equal(symlink("victim", new), 0);
	assert_int_equal(tq_file_write(path, TQ_S("text"), 0600, &e), 0);
	holds(victim, "mine");
	holds(path, "text");
	assert_int_equal(unlink(new), 0);
	assert_int_equal(unlink(victim), 0);
	assert_int_equal(files_in_dir(), 1);
}

static void
the_mode_of_what_is_replaced_stays(void **state)
{
	struct tq_err e;
	struct stat st;

	(void)state;
	(void)unlink(path);
	assert_int_equal(tq_file_write(path, TQ_S("a"), 0640, &e), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(chmod(path, 0664), 0);
	assert_int_equal(tq_file_write(path, TQ_S("b"), 0600, &e), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0664);
	(void)unlink(path);
}

static void
a_link_stays_a_link(void **state)
{
	char to[160];
	struct tq_err e;
	struct stat st;

	(void)state;
	name_in_dir(to, "link");
	assert_int_equal(tq_file_write(path, TQ_S("old"), 0600, &e), 0);
	assert_int_equal(symlink("file", to), 0);
	assert_int_equal(tq_file_write(to, TQ_S("new"), 0600, &e), 0);
	assert_int_equal(lstat(to, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	holds(path, "new");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(tq_file_write(to, TQ_S("new"), 0600, &e),
	    TQ_EINVALID);
	assert_non_null(strstr(e.text, "a link to nothing"));
	assert_int_equal(unlink(to), 0);
	assert_int_equal(files_in_dir(), 0);
}

/* As root, a device was replaced by a file. */
static void
what_is_no_plain_file_stays(void **state)
{
	char odd[160];
	struct tq_err e;
	struct stat st;

	(void)state;
	name_in_dir(odd, "odd");
	assert_int_equal(mkfifo(odd, 0600), 0);
	assert_int_equal(tq_file_write(odd, TQ_S("x"), 0600, &e),
	    TQ_EINVALID);
	assert_non_null(strstr(e.text, "no plain file"));
	assert_int_equal(stat(odd, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(unlink(odd), 0);
	assert_int_equal(mkdir(odd, 0700), 0);
	assert_int_equal(tq_file_write(odd, TQ_S("x"), 0600, &e),
	    TQ_EINVALID);
	assert_int_equal(rmdir(odd), 0);
	assert_int_equal(files_in_dir(), 0);
}

static void *
write_often(void *text)
{
	struct tq_err e;

	for (int i = 0; i < 50; i++)
		if (tq_file_write(path, tq_str_c(text), 0600, &e) != TQ_OK)
			return text;
	return NULL;
}

/* Two writers shared one temporary file, and one of them failed. */
static void
two_writers_do_not_meet(void **state)
{
	char one[] = "one", two[] = "two!";
	pthread_t t1, t2;
	void *bad1, *bad2;
	struct stat st;

	(void)state;
	assert_int_equal(pthread_create(&t1, NULL, write_often, one), 0);
	assert_int_equal(pthread_create(&t2, NULL, write_often, two), 0);
	assert_int_equal(pthread_join(t1, &bad1), 0);
	assert_int_equal(pthread_join(t2, &bad2), 0);
	assert_null(bad1);
	assert_null(bad2);
	assert_int_equal(stat(path, &st), 0);
	holds(path, st.st_size == 3 ? "one" : "two!");
	assert_int_equal(files_in_dir(), 1);
}

/* A full disk leaves the old file and no other. */
static void
what_cannot_be_written_leaves_nothing(void **state)
{
	struct rlimit was, none;
	struct tq_err e;

	(void)state;
	assert_int_equal(tq_file_write(path, TQ_S("old"), 0600, &e), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	none = (struct rlimit){ .rlim_cur = 0, .rlim_max = was.rlim_max };
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_equal(tq_file_write(path, TQ_S("new"), 0600, &e), TQ_EIO);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	holds(path, "old");
	assert_int_equal(files_in_dir(), 1);
}

/* A name may be as long as the file system allows. */
static void
a_long_name_is_written(void **state)
{
	char at[sizeof(dir) + 256];
	struct tq_err e;

	(void)state;
	(void)snprintf(at, sizeof(at), "%s/%0255d", dir, 0);
	assert_int_equal(tq_file_write(at, TQ_S("x"), 0600, &e), TQ_OK);
	assert_int_equal(unlink(at), 0);
}

static void
a_second_lock_names_the_first_holder(void **state)
{
	struct tq_err e;
	char expect[64];
	int fd, other;

	(void)state;
	assert_int_equal(tq_lock_take(lock, &fd, &e), TQ_OK);
	assert_int_equal(tq_lock_take(lock, &other, &e), TQ_EBUSY);
	(void)snprintf(expect, sizeof(expect), "process %ld", (long)getpid());
	assert_non_null(strstr(e.text, expect));
	(void)close(fd);
	assert_int_equal(tq_lock_take(lock, &fd, &e), TQ_OK);
	(void)close(fd);
}

static void *
let_go_soon(void *fd)
{
	const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };

	(void)nanosleep(&pause, NULL);
	(void)close(*(int *)fd);
	return NULL;
}

/* A start right after kill -9 failed: the old process still held it. */
static void
a_holder_that_is_going_is_waited_for(void **state)
{
	struct tq_err e;
	pthread_t holder;
	int fd, next;

	(void)state;
	assert_int_equal(tq_lock_take(lock, &fd, &e), TQ_OK);
	assert_int_equal(pthread_create(&holder, NULL, let_go_soon, &fd), 0);
	assert_int_equal(tq_lock_take(lock, &next, &e), TQ_OK);
	assert_int_equal(pthread_join(holder, NULL), 0);
	(void)close(next);
}

static void
below_means_below(void **state)
{
	char link_path[160], pipe_path[160];
	struct tq_arena a;
	struct tq_err e;
	tq_str got;

	(void)state;
	tq_arena_init(&a, 10000);
	(void)snprintf(link_path, sizeof(link_path), "%s/link", dir);
	(void)snprintf(pipe_path, sizeof(pipe_path), "%s/pipe", dir);
	assert_int_equal(tq_file_write(path, TQ_S("in"), 0600, &e), 0);
	assert_int_equal(tq_file_read_below(dir, "file", 99, &a, &got, &e), 0);
	assert_str(got, "in");
	assert_int_equal(symlink("file", link_path), 0);
	assert_int_equal(tq_file_read_below(dir, "link", 99, &a, &got, &e), 0);
	assert_int_equal(unlink(link_path), 0);
	assert_int_equal(symlink("/etc/hostname", link_path), 0);
	assert_int_equal(tq_file_read_below(dir, "link", 99, &a, &got, &e),
	    TQ_EDENIED);
	assert_int_equal(tq_file_read_below(dir, "../x", 99, &a, &got, &e),
	    TQ_EDENIED);
	assert_int_equal(unlink(link_path), 0);
	/* A pipe without a writer is refused, not waited for. */
	assert_int_equal(mkfifo(pipe_path, 0600), 0);
	assert_int_equal(tq_file_read(pipe_path, 99, &a, &got, &e),
	    TQ_EINVALID);
	assert_int_equal(unlink(pipe_path), 0);
	tq_arena_free(&a);
}

static int
make_dir(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/file", dir);
	(void)snprintf(lock, sizeof(lock), "%s/lock", dir);
	return 0;
}

static int
drop_dir(void **state)
{
	(void)state;
	(void)unlink(path);
	(void)unlink(lock);
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(a_bystander_stays),
		cmocka_unit_test(the_mode_of_what_is_replaced_stays),
		cmocka_unit_test(a_link_stays_a_link),
		cmocka_unit_test(what_is_no_plain_file_stays),
		cmocka_unit_test(two_writers_do_not_meet),
		cmocka_unit_test(what_cannot_be_written_leaves_nothing),
		cmocka_unit_test(a_long_name_is_written),
		cmocka_unit_test(below_means_below),
		cmocka_unit_test(a_second_lock_names_the_first_holder),
		cmocka_unit_test(a_holder_that_is_going_is_waited_for),
	};

	return cmocka_run_group_tests_name("base/file", tests, make_dir,
	    drop_dir);
}
