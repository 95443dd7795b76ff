/* Use of keys: see key_use.h.  Two tables of counts: callers add to one while
 * the other is written; when that has succeeded it is emptied, else it is tried
 * again.  Nobody who counts waits for the one who writes. */
#include "app/key_use.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/api_keys.h"
#include "app/app.h"
#include "app/change.h"
#include "base/crypto.h"
#include "base/log.h"
#include "store/store.h"

#define CELLS 4096
#define SITE_CELLS 3584		/* the rest is for keys' "" */
#define EARLY_CELLS 2048	/* does not wait for the second to end */
#define SLOTS 8192
#define KEYS_MAX 1000000	/* whose months are remembered */

struct cell {
	int64_t key_id, day, n[TQ_USES];
	size_t site_n;
	char site[TQ_USE_SITE_MAX];
};

struct table {
	size_t n;
	uint16_t slots[SLOTS];		/* 1 + place in cells; 0: free */
	struct cell cells[CELLS];
};

struct month { int64_t month, n; };	/* yyyymm */

struct tq_key_use {
	struct tq_app *app;
	uint8_t sip_key[16];
	pthread_mutex_t writing;	/* of flying; before lock */
	pthread_mutex_t lock;		/* of the rest */
	pthread_cond_t wake;
	struct table *now, *flying;
	struct month *months;		/* by key's number */
	size_t n_months;
	int64_t lost;			/* found no place at all */
	bool stop, failing;
	pthread_t thread;
};

static size_t
slot_of(const struct tq_key_use *u, const struct cell *like)
{
	uint64_t h = tq_siphash(u->sip_key,
	    (tq_str){ like->site, like->site_n });

	h ^= (uint64_t)like->key_id * UINT64_C(0x9e3779b97f4a7c15);
	h ^= (uint64_t)like->day * UINT64_C(0xc2b2ae3d27d4eb4f);
	return (size_t)((h ^ h >> 29) % SLOTS);
}

/* The cell of that key, day and site, made when there is room; or NULL. */
static struct cell *
find_cell(const struct tq_key_use *u, struct table *t, const struct cell *like)
{
	size_t at = slot_of(u, like);
	struct cell *c;

	for (; t->slots[at] != 0; at = (at + 1) % SLOTS) {
		c = &t->cells[t->slots[at] - 1];
		if (c->key_id == like->key_id && c->day == like->day &&
		    c->site_n == like->site_n &&
		    memcmp(c->site, like->site, c->site_n) == 0)
			return c;
	}
	if (t->n >= (like->site_n > 0 ? SITE_CELLS : CELLS))
		return NULL;
	c = &t->cells[t->n++];
	*c = *like;
	t->slots[at] = (uint16_t)t->n;
	return c;
}

static void
clear(struct table *t)
{
	memset(t->slots, 0, sizeof(t->slots));
	t->n = 0;
}

/* This key's month, or NULL without memory. */
static struct month *
month_of(struct tq_key_use *u, int64_t key_id, int64_t month)
{
	struct month *m;

	if (key_id <= 0 || key_id > KEYS_MAX)
		return NULL;
	if ((size_t)key_id >= u->n_months) {
		const size_t n = (size_t)key_id + 64;

		m = reallocarray(u->months, n, sizeof(*m));
		if (m == NULL)
			return NULL;
		memset(m + u->n_months, 0, (n - u->n_months) * sizeof(*m));
		u->months = m;
		u->n_months = n;
	}
	m = &u->months[key_id];
	if (m->month != month)
		*m = (struct month){ .month = month };
	return m;
}

void
tq_key_use_count(struct tq_key_use *u, int64_t key_id, tq_str site,
    enum tq_use what, int64_t wall_us)
{
	struct cell like = { .key_id = key_id,
	    .day = tq_key_use_day(wall_us) }, *c;
	struct month *m;
	size_t before;

	if (u == NULL || (unsigned)what >= TQ_USES)
		return;
	like.site_n = tq_key_use_site(site, like.site);
	(void)pthread_mutex_lock(&u->lock);
	before = u->now->n;
	c = find_cell(u, u->now, &like);
	if (c == NULL) {
		like.site_n = 0;
		c = find_cell(u, u->now, &like);
	}
	if (c != NULL)
		c->n[what]++;
	else
		u->lost++;
	if (what == TQ_USE_SPAM || what == TQ_USE_HAM) {
		m = month_of(u, key_id, like.day / 100);
		if (m != NULL)
			m->n++;
	}
	if (before != u->now->n && (before == 0 || u->now->n == EARLY_CELLS))
		(void)pthread_cond_signal(&u->wake);
	(void)pthread_mutex_unlock(&u->lock);
}

int64_t
tq_key_use_month(struct tq_key_use *u, int64_t key_id, int64_t wall_us)
{
	const int64_t month = tq_key_use_day(wall_us) / 100;
	int64_t n = 0;

	if (u == NULL || key_id <= 0)
		return 0;
	(void)pthread_mutex_lock(&u->lock);
	if ((size_t)key_id < u->n_months && u->months[key_id].month == month)
		n = u->months[key_id].n;
	(void)pthread_mutex_unlock(&u->lock);
	return n;
}

struct flight {
	struct tq_change change;
	const struct table *t;
	int64_t refused;
};

static struct tq_use_row
row_of(const struct cell *c)
{
	struct tq_use_row r = { .key_id = c->key_id, .day = c->day,
	    .site = { c->site, c->site_n } };

	memcpy(r.n, c->n, sizeof(r.n));
	return r;
}

static enum tq_code
apply(struct tq_change *c, struct tq_store *s, struct tq_err *e)
{
	struct flight *f = (struct flight *)c;
	enum tq_code code = TQ_OK;

	for (size_t i = 0; code == TQ_OK && i < f->t->n; i++) {
		const struct tq_use_row r = row_of(&f->t->cells[i]);

		code = s->ops->key_use_add(s, &r, e);
		/* What can never be written must not hold up the rest. */
		if (code == TQ_ENOTFOUND || code == TQ_EINVALID) {
			f->refused++;
			code = TQ_OK;
		}
	}
	return code;
}

static enum tq_code
fly(struct tq_key_use *u, struct tq_err *e)
{
	struct flight f = { .change = { .apply = apply }, .t = u->flying };
	enum tq_code code = tq_change_run(&f.change, u->app, e);

	if (code == TQ_OK) {
		clear(u->flying);
		if (f.refused > 0)
			tq_log(TQ_LOG_WARN, "key_use_refused",
			    TQ_LOG_INT("rows", f.refused));
	}
	return code;
}

enum tq_code
tq_key_use_flush(struct tq_key_use *u, struct tq_err *e)
{
	enum tq_code code = TQ_OK;

	(void)pthread_mutex_lock(&u->writing);
	/* Twice, when the last flight failed. */
	for (int i = 0; i < 2 && code == TQ_OK; i++) {
		if (u->flying->n == 0) {
			struct table *t = u->flying;

			(void)pthread_mutex_lock(&u->lock);
			u->flying = u->now;
			u->now = t;
			(void)pthread_mutex_unlock(&u->lock);
		}
		if (u->flying->n > 0)
			code = fly(u, e);
	}
	(void)pthread_mutex_unlock(&u->writing);
	return code;
}

/* Logs when writing begins to fail and when it works again. */
static bool
flush_and_tell(struct tq_key_use *u)
{
	struct tq_err e;
	enum tq_code code = tq_key_use_flush(u, &e);

	if (code != TQ_OK && !u->failing)
		tq_log(TQ_LOG_ERROR, "key_use_not_written",
		    TQ_LOG_CODE("code", code));
	else if (code == TQ_OK && u->failing)
		tq_log(TQ_LOG_INFO, "key_use_written_again",
		    TQ_LOG_WORD("state", "good"));
	u->failing = code != TQ_OK;
	return code == TQ_OK;
}

/* Waits until a second after there is something to write, or less. */
static bool
wait_for_work(struct tq_key_use *u)
{
	struct timespec until;
	int64_t lost;
	bool go_on;

	(void)pthread_mutex_lock(&u->lock);
	while (!u->stop && u->now->n == 0 && !u->failing)
		(void)pthread_cond_wait(&u->wake, &u->lock);
	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec++;
	while (!u->stop && (u->now->n < EARLY_CELLS || u->failing) &&
	    pthread_cond_timedwait(&u->wake, &u->lock, &until) != ETIMEDOUT)
		continue;
	go_on = !u->stop;
	lost = u->lost;
	u->lost = 0;
	(void)pthread_mutex_unlock(&u->lock);
	if (lost > 0)
		tq_log(TQ_LOG_WARN, "key_use_lost", TQ_LOG_INT("calls", lost));
	return go_on;
}

static void *
flusher(void *arg)
{
	struct tq_key_use *u = arg;
	bool go_on;

	do {
		go_on = wait_for_work(u);
		(void)flush_and_tell(u);
	} while (go_on);
	return NULL;
}

static enum tq_code
read_months(struct tq_key_use *u, struct tq_err *e)
{
	const int64_t month = tq_key_use_day(tq_wall_us(&u->app->clock)) / 100;
	struct tq_api_keys *keys;
	struct tq_store *s;
	enum tq_code code = tq_store_pool_take(u->app->readers, &s, e);

	if (code != TQ_OK)
		return code;
	keys = (struct tq_api_keys *)tq_cell_get(&u->app->api_keys);
	for (size_t i = 0; code == TQ_OK && i < tq_api_keys_count(keys); i++) {
		const int64_t id = tq_api_keys_at(keys, i)->id;
		const struct tq_use_ask ask = { .key_id = id,
		    .from_day = month * 100, .to_day = month * 100 + 99 };
		int64_t sum[TQ_USES];
		struct month *m;

		code = s->ops->key_use_sum(s, &ask, sum, e);
		m = code == TQ_OK ? month_of(u, id, month) : NULL;
		if (m != NULL)
			m->n = sum[TQ_USE_SPAM] + sum[TQ_USE_HAM];
	}
	tq_api_keys_put(keys);
	tq_store_pool_put(u->app->readers, s);
	return code;
}

static void
free_use(struct tq_key_use *u)
{
	(void)pthread_cond_destroy(&u->wake);
	(void)pthread_mutex_destroy(&u->lock);
	(void)pthread_mutex_destroy(&u->writing);
	free(u->months);
	free(u->now);
	free(u->flying);
	free(u);
}

enum tq_code
tq_key_use_start(struct tq_app *app, struct tq_key_use **out,
    struct tq_err *e)
{
	struct tq_key_use *u = calloc(1, sizeof(*u));
	pthread_condattr_t attr;
	enum tq_code code;

	if (u == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory to count in");
	u->app = app;
	tq_random(u->sip_key, sizeof(u->sip_key));
	(void)pthread_mutex_init(&u->writing, NULL);
	(void)pthread_mutex_init(&u->lock, NULL);
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&u->wake, &attr);
	(void)pthread_condattr_destroy(&attr);
	u->now = calloc(1, sizeof(*u->now));
	u->flying = calloc(1, sizeof(*u->flying));
	code = u->now == NULL || u->flying == NULL ?
	    tq_fail(e, TQ_ELIMIT, "no memory to count in") :
	    read_months(u, e);
	if (code == TQ_OK && pthread_create(&u->thread, NULL, flusher, u) != 0)
		code = tq_fail(e, TQ_EIO, "cannot start a thread");
	if (code != TQ_OK) {
		free_use(u);
		return code;
	}
	*out = u;
	return TQ_OK;
}

void
tq_key_use_stop(struct tq_key_use *u)
{
	if (u == NULL)
		return;
	(void)pthread_mutex_lock(&u->lock);
	u->stop = true;
	(void)pthread_cond_signal(&u->wake);
	(void)pthread_mutex_unlock(&u->lock);
	(void)pthread_join(u->thread, NULL);
	free_use(u);
}

static int
by_day_and_site(const void *pa, const void *pb)
{
	const struct tq_use_row *a = pa, *b = pb;

	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	return tq_str_cmp(a->site, b->site);
}

/* Appends those cells of a table that were asked for. */
static void
add_cells(const struct table *t, const struct tq_use_ask *ask,
    struct tq_arena *a, struct tq_use_row *rows, size_t *n)
{
	for (size_t i = 0; i < t->n; i++) {
		struct tq_use_row r = row_of(&t->cells[i]);

		if (r.key_id != ask->key_id || r.day < ask->from_day ||
		    r.day > ask->to_day || (ask->site.p != NULL &&
		    !tq_str_eq(ask->site, r.site)))
			continue;
		r.site = tq_arena_str(a, r.site);
		rows[(*n)++] = r;
	}
}

/* Rows of the same day and site become one; rows are in order. */
static size_t
join_equal(struct tq_use_row *rows, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (kept > 0 && by_day_and_site(&rows[kept - 1], &rows[i]) ==
		    0)
			for (size_t k = 0; k < TQ_USES; k++)
				rows[kept - 1].n[k] += rows[i].n[k];
		else
			rows[kept++] = rows[i];
	}
	return kept;
}

/* What the store has and what both tables have, at one moment. */
static enum tq_code
gather(struct tq_key_use *u, const struct tq_use_ask *ask, struct tq_arena *a,
    struct tq_use_row **out, size_t *n, struct tq_err *e)
{
	struct tq_use_row *stored, *rows;
	struct tq_store *s;
	enum tq_code code = tq_store_pool_take(u->app->readers, &s, e);

	if (code != TQ_OK)
		return code;
	code = s->ops->key_use_list(s, ask, a, &stored, n, e);
	tq_store_pool_put(u->app->readers, s);
	if (code != TQ_OK)
		return code;
	(void)pthread_mutex_lock(&u->lock);
	rows = tq_new_n(a, struct tq_use_row,
	    *n + u->flying->n + u->now->n + 1);
	if (rows != NULL) {
		if (*n > 0)
			memcpy(rows, stored, *n * sizeof(*rows));
		add_cells(u->flying, ask, a, rows, n);
		add_cells(u->now, ask, a, rows, n);
	}
	(void)pthread_mutex_unlock(&u->lock);
	if (rows == NULL || a->failed)
		return tq_fail(e, TQ_ELIMIT, "no memory for a report");
	*out = rows;
	return TQ_OK;
}

enum tq_code
tq_key_use_report(struct tq_app *app, const struct tq_use_ask *given,
    struct tq_arena *a, struct tq_use_row **out, size_t *n, struct tq_err *e)
{
	struct tq_key_use *u = app->key_use;
	struct tq_use_ask ask = *given;
	char site[TQ_USE_SITE_MAX];
	struct tq_use_row *rows = NULL;
	size_t count = 0;
	enum tq_code code;

	if (ask.site.p != NULL)
		ask.site = (tq_str){ site, tq_key_use_site(ask.site, site) };
	(void)pthread_mutex_lock(&u->writing);
	code = gather(u, &ask, a, &rows, &count, e);
	(void)pthread_mutex_unlock(&u->writing);
	if (code != TQ_OK || rows == NULL)
		return code;
	if (count > 1)
		qsort(rows, count, sizeof(*rows), by_day_and_site);
	*out = rows;
	*n = join_equal(rows, count);
	return TQ_OK;
}

static int
by_site(const void *pa, const void *pb)
{
	const struct tq_use_row *a = pa, *b = pb;

	return tq_str_cmp(a->site, b->site);
}

static int
busiest_first(const void *pa, const void *pb)
{
	const struct tq_use_row *a = pa, *b = pb;
	const int64_t na = a->n[TQ_USE_SPAM] + a->n[TQ_USE_HAM];
	const int64_t nb = b->n[TQ_USE_SPAM] + b->n[TQ_USE_HAM];

	return na != nb ? (na > nb ? -1 : 1) : tq_str_cmp(a->site, b->site);
}

size_t
tq_key_use_by_site(struct tq_use_row *rows, size_t n)
{
	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		rows[i].day = 0;
	qsort(rows, n, sizeof(*rows), by_site);
	n = join_equal(rows, n);
	qsort(rows, n, sizeof(*rows), busiest_first);
	return n;
}
