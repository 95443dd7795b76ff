/* Measures the store.
 *
 *	store_bench fill FILE N		makes a store of N comments
 *	store_bench read FILE		time to open; CPU of a slice of 50
 *	store_bench write FILE SECONDS	durable posts, next to bare fdatasync
 *
 * fill spreads three pages of 10,000 comments evenly among the others: all at
 * the top level, chains 60 deep, and one comment with 9,999 answers. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "store/writer.h"

#define SHAPE_N 10000
#define CHAIN 60
#define PAGES 2000
#define SLICE 50
#define THREADS_MAX 128

static const uint8_t key[TQ_KEY_BYTES] = { 1 };
static const char *const shapes[] = { "flat", "chains", "one root" };

static void
die(const char *what, const struct tq_err *e)
{
	(void)fprintf(stderr, "store_bench: %s: %s\n", what, e->text);
	exit(3);
}

static struct tq_store *
open_file(const char *file, bool read_only)
{
	const struct tq_store_options o = { .path = file, .mac_key = key,
	    .read_only = read_only };
	struct tq_store *s;
	struct tq_err e;

	if (tq_store_open_sqlite(&o, &s, &e) != TQ_OK)
		die(file, &e);
	return s;
}

static double
seconds(clockid_t id)
{
	struct timespec ts;

	(void)clock_gettime(id, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* A cheap sequence, the same in every run. */
static uint64_t
next_random(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

static tq_str
some_text(uint64_t *x, char *to, size_t most)
{
	size_t n = most / 2 + next_random(x) % (most / 2);

	for (size_t i = 0; i < n; i++)
		to[i] = next_random(x) % 6 == 0 ? ' ' :
		    (char)('a' + next_random(x) % 26);
	return (tq_str){ to, n };
}

static struct tq_comment
some_comment(uint64_t *x, char *text, int64_t page, int64_t parent)
{
	struct tq_comment c = { .page_id = page, .parent_id = parent,
	    .created_us = INT64_C(1750000000000000) +
	    (int64_t)(next_random(x) % 1000000000), .name = TQ_S("A reader"),
	    .body = some_text(x, text, 800), .spam = 0.01 };
	uint64_t owner = next_random(x) % 50000 + 1;

	memcpy(c.owner, &owner, sizeof(owner));
	return c;
}

static int64_t
put_page(struct tq_store *s, int64_t site, const char *path)
{
	struct tq_err e;
	int64_t id;

	if (s->ops->page_put(s, site, tq_str_c(path), TQ_S("A page"), 1, &id,
	    &e) != TQ_OK)
		die(path, &e);
	return id;
}

struct fill {
	struct tq_store *s;
	uint64_t x;
	int64_t site, shape_page[3], shape_last[3];
	int shape_n[3];
	int64_t page[PAGES], last[PAGES];
};

static void
fill_pages(struct fill *f)
{
	struct tq_err e;
	char path[32];

	if (f->s->ops->site_add(f->s, TQ_S("bench"), 1, &f->site, &e) !=
	    TQ_OK)
		die("site", &e);
	for (int i = 0; i < 3; i++) {
		(void)snprintf(path, sizeof(path), "/shape%d", i);
		f->shape_page[i] = put_page(f->s, f->site, path);
	}
	for (int i = 0; i < PAGES; i++) {
		(void)snprintf(path, sizeof(path), "/page%d", i);
		f->page[i] = put_page(f->s, f->site, path);
	}
}

static int64_t
shape_parent(const struct fill *f, int shape)
{
	switch (shape) {
	case 1:
		return f->shape_n[1] % CHAIN == 0 ? 0 : f->shape_last[1];
	case 2:
		return f->shape_last[2];
	default:
		return 0;
	}
}

static void
fill_one(struct fill *f, long i, long n)
{
	const long every = n / (3 * SHAPE_N) > 0 ? n / (3 * SHAPE_N) : 1;
	const int shape = (int)(i / every % 3);
	const uint64_t at = next_random(&f->x) % PAGES;
	char text[800];
	struct tq_comment c;
	struct tq_err e;

	if (i % every == 0 && f->shape_n[shape] < SHAPE_N) {
		c = some_comment(&f->x, text, f->shape_page[shape],
		    shape_parent(f, shape));
	} else {
		c = some_comment(&f->x, text, f->page[at],
		    next_random(&f->x) % 3 == 0 ? 0 : f->last[at]);
		if (next_random(&f->x) % 20 == 0)
			c.state = TQ_SPAM;
	}
	if (f->s->ops->comment_add(f->s, &c, &e) != TQ_OK)
		die("comment", &e);
	if (c.page_id == f->shape_page[shape]) {
		f->shape_n[shape]++;
		if (shape != 2 || f->shape_last[2] == 0)
			f->shape_last[shape] = c.id;
	} else if (c.state == TQ_PUBLISHED) {
		f->last[at] = c.id;
	}
}

static int
fill(const char *file, long n)
{
	static struct fill f;
	struct tq_err e;
	double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);

	f.s = open_file(file, false);
	f.x = 88172645463325252u;
	for (long i = 0; i < n; i++) {
		if (i % 1000 == 0 && f.s->ops->begin(f.s, &e) != TQ_OK)
			die("begin", &e);
		if (i == 0)
			fill_pages(&f);
		fill_one(&f, i, n);
		if ((i % 1000 == 999 || i == n - 1) &&
		    f.s->ops->commit(f.s, &e) != TQ_OK)
			die("commit", &e);
	}
	cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	tq_store_close(f.s);
	(void)printf("fill: %ld comments, %.1f us CPU each\n", n,
	    cpu / (double)n * 1e6);
	return 0;
}

/* Walks the page slice by slice from the start and again, and gives the mean
 * and worst CPU of a slice. */
static void
read_page(struct tq_store *s, int64_t page, enum tq_sort sort,
    const char *title)
{
	struct tq_cursor at = { 0 };
	struct tq_arena a;
	double sum = 0, most = 0, first = 0;
	int rounds = 2000;

	for (int i = 0; i < rounds; i++) {
		struct tq_thread_slice sl;
		struct tq_err e;
		double cpu = seconds(CLOCK_THREAD_CPUTIME_ID);

		tq_arena_init(&a, 16 << 20);
		if (s->ops->thread(s, page, sort, &at, SLICE, &a, &sl, &e) !=
		    TQ_OK)
			die(title, &e);
		at = sl.more ? sl.next : (struct tq_cursor){ 0 };
		tq_arena_free(&a);
		cpu = (seconds(CLOCK_THREAD_CPUTIME_ID) - cpu) * 1e6;
		if (i == 0)
			first = cpu;
		sum += cpu;
		most = cpu > most && i > 0 ? cpu : most;
	}
	(void)printf("read: %-24s mean %6.1f us, worst %6.1f us, first ever "
	    "%.0f us\n", title, sum / rounds, most, first);
}

static int
read_all(const char *file)
{
	static const char *const sorts[] = { "newest", "oldest", "best" };
	double t = seconds(CLOCK_MONOTONIC);
	struct tq_store *w = open_file(file, false), *s;
	double opened = seconds(CLOCK_MONOTONIC);
	struct tq_arena a;
	struct tq_page p;
	struct tq_err e;

	s = open_file(file, true);
	(void)printf("open: writing %.1f ms, then reading %.1f ms\n",
	    (opened - t) * 1e3, (seconds(CLOCK_MONOTONIC) - opened) * 1e3);
	tq_arena_init(&a, 1 << 20);
	for (int shape = 0; shape < 3; shape++)
		for (int sort = 0; sort < 3; sort++) {
			char title[64];

			(void)snprintf(title, sizeof(title), "/shape%d",
			    shape);
			if (s->ops->page_get(s, 1, tq_str_c(title), &a, &p,
			    &e) != TQ_OK)
				die(title, &e);
			(void)snprintf(title, sizeof(title), "%s %s",
			    shapes[shape], sorts[sort]);
			read_page(s, p.id, (enum tq_sort)sort, title);
		}
	tq_arena_free(&a);
	tq_store_close(s);
	tq_store_close(w);
	return 0;
}

static atomic_bool go_on;
static struct tq_writer *writer;
static int64_t write_page;

struct post {
	struct tq_job job;
	uint64_t x;
	int64_t count;
};

static enum tq_code
post_run(struct tq_job *j, struct tq_store *s, struct tq_err *e)
{
	struct post *p = (struct post *)j;
	char text[800];
	struct tq_comment c = some_comment(&p->x, text, write_page, 0);

	return s->ops->comment_add(s, &c, e);
}

static void *
post_many(void *arg)
{
	struct post *p = arg;
	struct tq_err e;

	while (atomic_load(&go_on)) {
		if (tq_writer_run(writer, &p->job, &e) != TQ_OK)
			die("post", &e);
		p->count++;
	}
	return NULL;
}

static double
posts(int threads, double duration)
{
	static struct post post[THREADS_MAX];
	pthread_t t[THREADS_MAX];
	double start = seconds(CLOCK_MONOTONIC);
	int64_t sum = 0;

	atomic_store(&go_on, true);
	for (int i = 0; i < threads; i++) {
		post[i] = (struct post){ .job = { .run = post_run },
		    .x = 12345 + (uint64_t)i };
		if (pthread_create(&t[i], NULL, post_many, &post[i]) != 0)
			exit(3);
	}
	(void)usleep((useconds_t)(duration * 1e6));
	atomic_store(&go_on, false);
	for (int i = 0; i < threads; i++) {
		(void)pthread_join(t[i], NULL);
		sum += post[i].count;
	}
	return (double)sum / (seconds(CLOCK_MONOTONIC) - start);
}

/* 4 KB written over and over in a file that has its size already. */
static double
bare(const char *file, double duration)
{
	static const char block[4096] = { 1 };
	double start = seconds(CLOCK_MONOTONIC), now = start;
	char name[256];
	long n = 0;
	int fd;

	(void)snprintf(name, sizeof(name), "%s.raw", file);
	fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
	for (int i = 0; i < 1024; i++)
		if (pwrite(fd, block, sizeof(block), i * 4096L) < 0)
			exit(3);
	(void)fsync(fd);
	for (; now < start + duration; now = seconds(CLOCK_MONOTONIC)) {
		if (pwrite(fd, block, sizeof(block), n++ % 1024 * 4096L) < 0 ||
		    fdatasync(fd) != 0)
			exit(3);
	}
	(void)close(fd);
	(void)unlink(name);
	return (double)n / (now - start);
}

static int
write_all(const char *file, double duration)
{
	static const int threads[] = { 1, 8, 32, 128 };
	struct tq_store *s = open_file(file, false);
	struct tq_writer_stats before, after;
	struct tq_err e;

	if (s->ops->begin(s, &e) != TQ_OK)
		die("begin", &e);
	write_page = put_page(s, 1, "/page0");
	if (s->ops->commit(s, &e) != TQ_OK)
		die("commit", &e);
	if (tq_writer_start(s, &writer, &e) != TQ_OK)
		die("writer", &e);
	for (int round = 0; round < 4; round++) {
		double raw = bare(file, duration);

		(void)printf("write: bare %.0f/s", raw);
		for (size_t i = 0; i < 4; i++) {
			double rate;

			tq_writer_stats(writer, &before);
			rate = posts(threads[i], duration);
			tq_writer_stats(writer, &after);
			(void)printf("; %d: %.0f/s (%.1fx, batch %.1f)",
			    threads[i], rate, rate / raw,
			    (double)(after.jobs - before.jobs) /
			    (double)(after.commits - before.commits));
			(void)fflush(stdout);
		}
		(void)printf("\n");
	}
	tq_writer_stop(writer);
	return 0;
}

int
main(int argc, char **argv)
{
	struct tq_err e;

	if (tq_crypto_start(&e) != TQ_OK)
		die("start", &e);
	if (argc == 4 && strcmp(argv[1], "fill") == 0)
		return fill(argv[2], strtol(argv[3], NULL, 10));
	if (argc == 3 && strcmp(argv[1], "read") == 0)
		return read_all(argv[2]);
	if (argc == 4 && strcmp(argv[1], "write") == 0)
		return write_all(argv[2], strtod(argv[3], NULL));
	(void)fprintf(stderr, "usage: store_bench fill FILE N | read FILE | "
	    "write FILE SECONDS\n");
	return 2;
}
