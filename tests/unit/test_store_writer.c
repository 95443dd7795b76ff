/* The writer: batches, failures, limits, the end. */
#include "unit.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "store/store_sql.h"
#include "store/writer.h"

static char dir[] = "/tmp/tq-test-writer-XXXXXX";
static char path[128];
static const uint8_t key[TQ_KEY_BYTES] = { 3 };
static struct tq_err err;

static struct tq_writer *w;
static int64_t page;

struct add_job {
	struct tq_job job;
	int64_t parent, id;
	enum tq_code outcome;
	atomic_int done;
};

static enum tq_code
add_run(struct tq_job *j, struct tq_store *s, struct tq_err *e)
{
	struct add_job *a = (struct add_job *)j;
	struct tq_comment c = { .page_id = page, .parent_id = a->parent,
	    .created_us = 1, .name = TQ_S("n"), .body = TQ_S("b"),
	    .spam = -1 };
	enum tq_code code = s->ops->comment_add(s, &c, e);

	a->id = c.id;
	return code;
}

static void
add_done(struct tq_job *j, const struct tq_err *e)
{
	struct add_job *a = (struct add_job *)j;

	a->outcome = e->code;
	atomic_fetch_add(&a->done, 1);
}

static struct add_job
add_job(int64_t parent)
{
	return (struct add_job){ .job = { .run = add_run, .done = add_done },
	    .parent = parent };
}

/* Holds the writer inside a transaction until it is told to go on. */
struct gate_job {
	struct tq_job job;
	sem_t reached, go;
};

static enum tq_code
gate_run(struct tq_job *j, struct tq_store *s, struct tq_err *e)
{
	struct gate_job *g = (struct gate_job *)j;

	(void)s;
	(void)e;
	(void)sem_post(&g->reached);
	while (sem_wait(&g->go) != 0)
		continue;
	return TQ_OK;
}

static void
gate_close(struct gate_job *g)
{
	g->job = (struct tq_job){ .run = gate_run };
	assert_int_equal(sem_init(&g->reached, 0, 0), 0);
	assert_int_equal(sem_init(&g->go, 0, 0), 0);
	assert_int_equal(tq_writer_submit(w, &g->job, &err), TQ_OK);
	while (sem_wait(&g->reached) != 0)
		continue;
}

static struct tq_store *
open_store(bool read_only)
{
	const struct tq_store_options o = { .path = path, .mac_key = key,
	    .read_only = read_only };
	struct tq_store *s;

	if (tq_store_open_sqlite(&o, &s, &err) != TQ_OK)
		fail_msg("%s", err.text);
	return s;
}

static int64_t
published(void)
{
	struct tq_store *s = open_store(true);
	struct tq_arena a;
	struct tq_page p;

	tq_arena_init(&a, 10000);
	assert_int_equal(s->ops->page_by_id(s, page, &a, &p, &err), TQ_OK);
	tq_arena_free(&a);
	tq_store_close(s);
	return p.published;
}

static struct tq_writer_stats
stats(void)
{
	struct tq_writer_stats st;

	tq_writer_stats(w, &st);
	return st;
}

static int
set_up(void **state)
{
	struct tq_store *s;
	int64_t site;

	(void)state;
	s = open_store(false);
	if (s->ops->begin(s, &err) != TQ_OK ||
	    s->ops->site_add(s, TQ_S("s"), 1, &site, &err) != TQ_OK ||
	    s->ops->page_put(s, site, TQ_S("/"), TQ_S(""), 1, &page, &err) !=
	    TQ_OK || s->ops->commit(s, &err) != TQ_OK)
		return -1;
	return tq_writer_start(s, &w, &err) == TQ_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	char file[160];

	(void)state;
	tq_writer_stop(w);
	(void)unlink(path);
	(void)snprintf(file, sizeof(file), "%s-wal", path);
	(void)unlink(file);
	(void)snprintf(file, sizeof(file), "%s-shm", path);
	(void)unlink(file);
	return 0;
}

#define THREADS 16
#define EACH 40

static void *
submit_many(void *arg)
{
	int *bad = arg;
	struct tq_err e;

	for (int i = 0; i < EACH; i++) {
		struct add_job a = add_job(0);

		if (tq_writer_run(w, &a.job, &e) != TQ_OK || a.id == 0 ||
		    atomic_load(&a.done) != 1)
			(*bad)++;
	}
	return NULL;
}

static void
many_threads_share_commits(void **state)
{
	pthread_t t[THREADS];
	int bad[THREADS] = { 0 };
	struct tq_writer_stats st;

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&t[i], NULL, submit_many,
		    &bad[i]), 0);
	for (int i = 0; i < THREADS; i++) {
		(void)pthread_join(t[i], NULL);
		assert_int_equal(bad[i], 0);
	}
	st = stats();
	assert_int_equal(st.jobs, THREADS * EACH);
	assert_int_equal(st.failed, 0);
	assert_true(st.commits < st.jobs);
	assert_true(st.queue_most > 1);
	assert_int_equal(published(), THREADS * EACH);
}

static void
a_failing_job_does_not_hurt_its_neighbours(void **state)
{
	struct gate_job gate;
	struct add_job jobs[9];
	struct tq_writer_stats st;

	(void)state;
	gate_close(&gate);
	for (size_t i = 0; i < TQ_N(jobs); i++) {
		jobs[i] = add_job(i % 3 == 1 ? 777 : 0);
		assert_int_equal(tq_writer_submit(w, &jobs[i].job, &err), 0);
	}
	(void)sem_post(&gate.go);
	tq_writer_stop(w);
	for (size_t i = 0; i < TQ_N(jobs); i++) {
		assert_int_equal(atomic_load(&jobs[i].done), 1);
		assert_int_equal(jobs[i].outcome, i % 3 == 1 ? TQ_ENOTFOUND :
		    TQ_OK);
	}
	assert_int_equal(published(), 6);
	assert_int_equal(tq_writer_start(open_store(false), &w, &err), 0);
	st = stats();
	assert_int_equal(st.jobs, 0);
}

static void
a_full_queue_says_busy(void **state)
{
	static struct add_job jobs[TQ_WRITER_QUEUE_MAX + 1];
	struct gate_job gate;
	struct tq_writer_stats st;

	(void)state;
	gate_close(&gate);
	for (size_t i = 0; i < TQ_N(jobs); i++) {
		jobs[i] = add_job(0);
		assert_int_equal(tq_writer_submit(w, &jobs[i].job, &err),
		    i < TQ_WRITER_QUEUE_MAX ? TQ_OK : TQ_EBUSY);
	}
	assert_int_equal(err.code, TQ_EBUSY);
	(void)sem_post(&gate.go);
	while (stats().jobs < TQ_WRITER_QUEUE_MAX + 1)
		(void)usleep(1000);
	st = stats();
	assert_int_equal(st.queue_most, TQ_WRITER_QUEUE_MAX);
	/* The gate alone, then batches of the most that one may hold. */
	assert_int_equal(st.commits, 1 + 5);
	assert_int_equal(atomic_load(&jobs[TQ_WRITER_QUEUE_MAX].done), 0);
	assert_int_equal(published(), TQ_WRITER_QUEUE_MAX);
}

static void *
stop_thread(void *arg)
{
	tq_writer_stop(arg);
	return NULL;
}

static void
stopping_finishes_what_waits(void **state)
{
	static struct add_job jobs[2500], late[1000];
	struct gate_job gate;
	pthread_t t;
	enum tq_code code = TQ_OK;

	(void)state;
	gate_close(&gate);
	for (size_t i = 0; i < TQ_N(jobs); i++) {
		jobs[i] = add_job(0);
		assert_int_equal(tq_writer_submit(w, &jobs[i].job, &err), 0);
	}
	assert_int_equal(pthread_create(&t, NULL, stop_thread, w), 0);
	for (size_t i = 0; i < TQ_N(late) && code == TQ_OK; i++) {
		late[i] = add_job(0);	/* until it refuses */
		code = tq_writer_submit(w, &late[i].job, &err);
		(void)usleep(1000);
	}
	assert_int_equal(code, TQ_EBUSY);
	(void)sem_post(&gate.go);
	(void)pthread_join(t, NULL);
	for (size_t i = 0; i < TQ_N(jobs); i++)
		assert_int_equal(jobs[i].outcome, TQ_OK);
	assert_true(published() >= (int64_t)TQ_N(jobs));
	w = NULL;
	tq_writer_stop(NULL);
}

struct sql_job {
	struct tq_job job;
	const char *sql;
};

/* Tells the engine something behind the store's back. */
static enum tq_code
sql_run(struct tq_job *j, struct tq_store *s, struct tq_err *e)
{
	struct tq_db *db = tq_sql_self(s)->db;

	return db->ops->exec(db, ((struct sql_job *)j)->sql, e);
}

static void
tell(const char *sql)
{
	struct sql_job j = { { .run = sql_run }, sql };

	assert_int_equal(tq_writer_run(w, &j.job, &err), TQ_OK);
}

/* Jobs in one batch: those before big succeed until the disk is full. */
static enum tq_code
big_run(struct tq_job *j, struct tq_store *s, struct tq_err *e)
{
	static char body[2000000];
	struct tq_comment c = { .page_id = page, .spam = -1,
	    .body = { body, sizeof(body) } };

	(void)j;
	memset(body, 'x', sizeof(body));
	return s->ops->comment_add(s, &c, e);
}

static void
a_full_disk_fails_the_batch_and_no_other(void **state)
{
	struct gate_job gate;
	struct add_job jobs[6], one;
	struct tq_job big = { .run = big_run };

	(void)state;
	one = add_job(0);
	assert_int_equal(tq_writer_run(w, &one.job, &err), TQ_OK);
	tell("PRAGMA max_page_count=100");
	gate_close(&gate);
	for (size_t i = 0; i < TQ_N(jobs); i++) {
		jobs[i] = add_job(0);
		if (i == 3)
			assert_int_equal(tq_writer_submit(w, &big, &err), 0);
		assert_int_equal(tq_writer_submit(w, &jobs[i].job, &err), 0);
	}
	(void)sem_post(&gate.go);
	while (atomic_load(&jobs[TQ_N(jobs) - 1].done) == 0)
		(void)usleep(1000);
	assert_int_equal(big.err.code, TQ_ELIMIT);
	for (size_t i = 0; i < TQ_N(jobs); i++)
		assert_int_equal(jobs[i].outcome, TQ_ELIMIT);
	assert_int_equal(published(), 1);
	one = add_job(0);
	assert_int_equal(tq_writer_run(w, &one.job, &err), TQ_OK);
	tell("PRAGMA max_page_count=1000000");
	assert_int_equal(tq_writer_run(w, &big, &err), TQ_OK);
}

static void
limit_files(rlim_t most)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = most < limit.rlim_max ? most : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
a_failing_disk_is_opened_anew(void **state)
{
	struct add_job one = add_job(0);
	struct tq_writer_stats st;

	(void)state;
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(tq_writer_run(w, &one.job, &err), TQ_OK);
	limit_files(0);			/* every write gives EFBIG */
	for (int i = 0; i < 3; i++) {
		one = add_job(0);
		assert_int_equal(tq_writer_run(w, &one.job, &err), TQ_EIO);
	}
	limit_files(RLIM_INFINITY);
	one = add_job(0);
	if (tq_writer_run(w, &one.job, &err) != TQ_OK)
		fail_msg("%s", err.text);
	assert_int_equal(published(), 2);
	st = stats();
	assert_int_equal(st.failed, 3);
	assert_int_equal(st.jobs, 5);
}

struct erase_job {
	struct tq_job job;
	int64_t id;
};

static enum tq_code
erase_run(struct tq_job *j, struct tq_store *s, struct tq_err *e)
{
	return s->ops->comment_set_state(s, ((struct erase_job *)j)->id,
	    TQ_PUBLISHED, TQ_DELETED, true, 5, e);
}

static int64_t
log_size(void)
{
	char file[160];
	struct stat st;

	(void)snprintf(file, sizeof(file), "%s-wal", path);
	return stat(file, &st) == 0 ? (int64_t)st.st_size : 0;
}

/* The log is emptied soon after an erase, without another job, and also when
 * a reader was in the way at first. */
static void
an_erase_empties_the_log(void **state)
{
	struct add_job one = add_job(0);
	struct erase_job gone = { { .run = erase_run }, 0 };
	struct tq_store *reader;
	int64_t n;

	(void)state;
	assert_int_equal(tq_writer_run(w, &one.job, &err), TQ_OK);
	assert_true(log_size() > 0);
	reader = open_store(true);
	assert_int_equal(reader->ops->begin(reader, &err), TQ_OK);
	assert_int_equal(reader->ops->change_last(reader, &n, &err), TQ_OK);
	gone.id = one.id;
	assert_int_equal(tq_writer_run(w, &gone.job, &err), TQ_OK);
	(void)usleep(50000);
	assert_true(log_size() > 0);
	tq_store_close(reader);
	for (int i = 0; i < 500 && log_size() > 0; i++)
		(void)usleep(10000);
	assert_int_equal(log_size(), 0);
}

static int
make_dir(void **state)
{
	(void)state;
	if (tq_crypto_start(&err) != TQ_OK || mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/taliq.db", dir);
	return 0;
}

static int
drop_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(many_threads_share_commits),
		TEST(a_failing_job_does_not_hurt_its_neighbours),
		TEST(a_full_queue_says_busy),
		TEST(stopping_finishes_what_waits),
		TEST(a_full_disk_fails_the_batch_and_no_other),
		TEST(a_failing_disk_is_opened_anew),
		TEST(an_erase_empties_the_log),
	};

	return cmocka_run_group_tests_name("store/writer", tests, make_dir,
	    drop_dir);
}
