/* Whole files, and the lock. */
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
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
		cmocka_unit_test(below_means_below),
		cmocka_unit_test(a_second_lock_names_the_first_holder),
		cmocka_unit_test(a_holder_that_is_going_is_waited_for),
	};

	return cmocka_run_group_tests_name("base/file", tests, make_dir,
	    drop_dir);
}
