/* The judge: see judge.h.  A site's model is immutable once published; learning
 * copies it, teaches the copy and publishes that, so that readers' threads
 * never wait for the learner. */
#include "app/judge.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/app.h"
#include "app/change.h"
#include "app/judge_fold.h"
#include "base/log.h"
#include "base/ref.h"
#include "store/store.h"
#include "taliq/filter.h"

#define ROWS_AT_ONCE 200
#define SAVE_EVERY_S 30

/* One published model. */
struct site_model {
	struct tq_ref ref;
	taliq_model *m;
	int64_t cursor;		/* last row of the log that is in it */
};

struct seat {			/* a site's place; grows, never moves */
	struct seat *next;
	int64_t site_id;
	struct tq_cell now;	/* struct site_model */
	/* The thread's: */
	bool dirty;		/* learnt since it was saved */
	bool anew;		/* the log shrank: not to be saved as it is */
};

/* Somebody waits for a site to be learnt anew. */
struct order {
	struct order *next;
	int64_t site_id;
	struct tq_change *first;
	struct tq_err *e;
	enum tq_code code;
	bool over;
};

struct tq_judge {
	struct tq_app *app;
	taliq_model *seed;	/* for sites that have taught nothing */
	pthread_mutex_t lock;	/* of seats, orders, work, stop */
	pthread_cond_t wake, done;
	struct seat *seats;
	struct order *orders;
	bool work, stop;
	pthread_t thread;
	/* The thread's: */
	int64_t read;		/* last row of the log seen */
	int64_t saved_us;	/* when models were saved; monotonic */
};

static void
free_site_model(struct tq_ref *r)
{
	struct site_model *s = (struct site_model *)r;

	taliq_model_free(s->m);
	free(s);
}

static struct seat *
find_seat(struct tq_judge *j, int64_t site_id)
{
	struct seat *s;

	(void)pthread_mutex_lock(&j->lock);
	for (s = j->seats; s != NULL && s->site_id != site_id; s = s->next)
		continue;
	(void)pthread_mutex_unlock(&j->lock);
	return s;
}

/* Only the learner's thread (or start) adds. */
static struct seat *
add_seat(struct tq_judge *j, int64_t site_id)
{
	struct seat *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->site_id = site_id;
	tq_cell_init(&s->now);
	(void)pthread_mutex_lock(&j->lock);
	s->next = j->seats;
	j->seats = s;
	(void)pthread_mutex_unlock(&j->lock);
	return s;
}

/* Publishes m, which it takes over also on failure. */
static bool
publish(struct seat *seat, taliq_model *m, int64_t cursor)
{
	struct site_model *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		taliq_model_free(m);
		return false;
	}
	tq_ref_init(&s->ref, free_site_model);
	s->m = m;
	s->cursor = cursor;
	tq_cell_set(&seat->now, &s->ref);
	return true;
}

bool
tq_judge_verdict(struct tq_judge *j, const struct tq_judge_ask *ask,
    bool explain, taliq_verdict *out)
{
	taliq_input in = tq_judge_input(ask);
	const taliq_model *m;
	struct site_model *s;
	struct seat *seat;
	taliq_status status;

	if (j == NULL)
		return false;
	seat = find_seat(j, ask->site_id);
	s = seat == NULL ? NULL : (struct site_model *)tq_cell_get(&seat->now);
	m = s != NULL ? s->m : j->seed;
	status = explain ? taliq_explain(m, &in, out) :
	    taliq_classify(m, &in, out);
	tq_ref_put(s == NULL ? NULL : &s->ref);
	return status == TALIQ_OK;
}

double
tq_judge_comment(struct tq_judge *j, const struct tq_judge_ask *ask)
{
	taliq_verdict v;

	return tq_judge_verdict(j, ask, false, &v) ? v.p_spam : -1;
}

void
tq_judge_wake(struct tq_judge *j)
{
	if (j == NULL)
		return;
	(void)pthread_mutex_lock(&j->lock);
	j->work = true;
	(void)pthread_cond_signal(&j->wake);
	(void)pthread_mutex_unlock(&j->lock);
}

void
tq_judge_about(struct tq_judge *j, int64_t site_id,
    struct tq_judge_about *out)
{
	struct seat *seat = find_seat(j, site_id);
	struct site_model *s = seat == NULL ? NULL :
	    (struct site_model *)tq_cell_get(&seat->now);
	taliq_model_info info;

	*out = (struct tq_judge_about){ 0 };
	if (s == NULL)
		return;
	taliq_model_about(s->m, &info);
	out->spam = (int64_t)info.n_spam;
	out->ham = (int64_t)info.n_ham;
	out->cursor = s->cursor;
	tq_ref_put(&s->ref);
}

static enum tq_code
learn_row(struct tq_judge *j, const struct tq_feedback *f, struct tq_err *e)
{
	struct seat *seat = find_seat(j, f->site_id);
	struct site_model *old;
	taliq_input in;
	taliq_model *m = NULL;
	taliq_class c;
	taliq_status status;

	if (!tq_judge_lesson(f, &in, &c))
		return TQ_OK;
	if (seat == NULL && (seat = add_seat(j, f->site_id)) == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for a model");
	old = (struct site_model *)tq_cell_get(&seat->now);
	if (old != NULL && old->cursor >= f->seq) {
		tq_ref_put(&old->ref);
		return TQ_OK;	/* was in the saved bytes */
	}
	status = taliq_model_copy(old != NULL ? old->m : j->seed, &m);
	tq_ref_put(old == NULL ? NULL : &old->ref);
	if (status == TALIQ_OK)
		status = taliq_learn(m, &in, c);
	if (status == TALIQ_OK && publish(seat, m, f->seq)) {
		seat->dirty = true;
		return TQ_OK;
	}
	if (status != TALIQ_OK)
		taliq_model_free(m);
	return tq_fail(e, TQ_ELIMIT, "cannot learn: %s",
	    taliq_status_text(status));
}

/* Folds rows of the log until there are no more. */
static enum tq_code
catch_up(struct tq_judge *j, struct tq_err *e)
{
	struct tq_feedback *rows;
	struct tq_arena a;
	struct tq_store *s;
	size_t n = 0;
	enum tq_code code;

	tq_arena_init(&a, (size_t)64 * 1024 * 1024);
	do {
		tq_arena_free(&a);
		code = tq_store_pool_take(j->app->readers, &s, e);
		if (code != TQ_OK)
			break;
		code = s->ops->feedback_after(s, j->read, ROWS_AT_ONCE, &a,
		    &rows, &n, e);
		tq_store_pool_put(j->app->readers, s);
		for (size_t i = 0; code == TQ_OK && i < n; i++) {
			code = learn_row(j, &rows[i], e);
			if (code == TQ_OK)
				j->read = rows[i].seq;
		}
	} while (code == TQ_OK && n == ROWS_AT_ONCE);
	tq_arena_free(&a);
	return code;
}

struct save {
	struct tq_change change;
	int64_t site_id, cursor;
	tq_str bytes;
};

/* Without bytes: nothing was learnt. */
static enum tq_code
apply_save(struct tq_change *c, struct tq_store *s, struct tq_err *e)
{
	struct save *save = (struct save *)c;

	if (save->bytes.n == 0)
		return s->ops->model_drop(s, save->site_id, e);
	return s->ops->model_put(s, save->site_id, save->cursor, save->bytes,
	    e);
}

static enum tq_code
save_seat(struct tq_judge *j, struct seat *seat, struct tq_err *e)
{
	struct site_model *m = (struct site_model *)tq_cell_get(&seat->now);
	struct save save = { .change = { .apply = apply_save },
	    .site_id = seat->site_id };
	uint8_t *bytes = NULL;
	size_t n = 0;
	enum tq_code code;

	if (m != NULL && taliq_model_save(m->m, &bytes, &n) != TALIQ_OK) {
		tq_ref_put(&m->ref);
		return tq_fail(e, TQ_ELIMIT, "no memory to save a model");
	}
	save.cursor = m == NULL ? 0 : m->cursor;
	save.bytes = (tq_str){ (const char *)bytes, n };
	code = tq_change_run(&save.change, j->app, e);
	free(bytes);
	tq_ref_put(m == NULL ? NULL : &m->ref);
	if (code == TQ_OK)
		seat->dirty = false;
	return code;
}

static enum tq_code
learn_anew(struct tq_judge *j, struct seat *seat, struct tq_err *e)
{
	taliq_model *m = NULL;
	int64_t cursor = 0;
	enum tq_code code = tq_judge_fold(j->app, j->seed, seat->site_id, &m,
	    &cursor, e);

	if (code != TQ_OK)
		return code;
	if (m == NULL)		/* nothing is left of it */
		tq_cell_set(&seat->now, NULL);
	else if (!publish(seat, m, cursor))
		return tq_fail(e, TQ_ELIMIT, "no memory for a model");
	seat->anew = false;
	seat->dirty = true;
	return save_seat(j, seat, e);
}

static void
save_all(struct tq_judge *j)
{
	struct tq_err e = { .code = TQ_OK };

	for (struct seat *s = j->seats; s != NULL; s = s->next)
		if ((s->anew && learn_anew(j, s, &e) != TQ_OK) ||
		    (s->dirty && !s->anew && save_seat(j, s, &e) != TQ_OK))
			tq_log(TQ_LOG_ERROR, "model_not_saved",
			    TQ_LOG_INT("site", s->site_id),
			    TQ_LOG_CODE("code", e.code));
	j->saved_us = tq_mono_us(&j->app->clock);
}

/* Lessons may come without a pause: then it is not the pause that saves. */
static bool
is_save_due(const struct tq_judge *j)
{
	return tq_mono_us(&j->app->clock) - j->saved_us >=
	    SAVE_EVERY_S * TQ_SECOND_US;
}

static enum tq_code
follow(struct tq_judge *j, const struct order *o, struct tq_err *e)
{
	struct seat *seat = find_seat(j, o->site_id);

	if (seat == NULL && (seat = add_seat(j, o->site_id)) == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for a model");
	if (o->first != NULL && tq_change_run(o->first, j->app, e) != TQ_OK)
		return e->code;
	seat->anew = true;
	return learn_anew(j, seat, e);
}

static void
carry_out(struct tq_judge *j, struct order *o)
{
	enum tq_code code = follow(j, o, o->e);

	(void)pthread_mutex_lock(&j->lock);
	o->code = code;
	o->over = true;
	(void)pthread_cond_broadcast(&j->done);
	(void)pthread_mutex_unlock(&j->lock);
}

/* Under the lock; false when the learner is about to end. */
static bool
give_order(struct tq_judge *j, struct order *o)
{
	if (j->stop)
		return false;
	o->next = j->orders;
	j->orders = o;
	(void)pthread_cond_signal(&j->wake);
	return true;
}

enum tq_code
tq_judge_relearn(struct tq_judge *j, int64_t site_id, struct tq_change *first,
    struct tq_err *e)
{
	struct order o = { .site_id = site_id, .first = first, .e = e };

	(void)pthread_mutex_lock(&j->lock);
	if (give_order(j, &o))
		while (!o.over)
			(void)pthread_cond_wait(&j->done, &j->lock);
	else
		o.code = tq_fail(e, TQ_EBUSY, "the filter is stopping");
	(void)pthread_mutex_unlock(&j->lock);
	return o.code;
}

struct work { bool rows, go_on; struct order *orders; };

/* Waits for work, at most until the next saving. */
static struct work
wait_for_work(struct tq_judge *j)
{
	struct timespec until;
	struct work w;

	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += SAVE_EVERY_S;
	(void)pthread_mutex_lock(&j->lock);
	while (!j->work && !j->stop && j->orders == NULL &&
	    pthread_cond_timedwait(&j->wake, &j->lock, &until) != ETIMEDOUT)
		continue;
	w = (struct work){ j->work, !j->stop, j->orders };
	j->work = false;
	j->orders = NULL;
	(void)pthread_mutex_unlock(&j->lock);
	return w;
}

static void *
learner(void *arg)
{
	struct tq_judge *j = arg;
	struct tq_err e;
	struct work w;

	do {
		w = wait_for_work(j);
		while (w.orders != NULL) {
			struct order *o = w.orders;

			w.orders = o->next;	/* o is gone when it is over */
			carry_out(j, o);
		}
		if ((w.rows || !w.go_on) && catch_up(j, &e) != TQ_OK)
			tq_log(TQ_LOG_ERROR, "learning_failed",
			    TQ_LOG_CODE("code", e.code));
		if (!w.rows || !w.go_on || is_save_due(j))
			save_all(j);
	} while (w.go_on);
	return NULL;
}

/* The saved model of one site, if there is one. */
static enum tq_code
load_site(struct tq_judge *j, struct tq_store *s, int64_t site_id,
    struct tq_err *e)
{
	struct tq_arena a;
	struct seat *seat;
	taliq_model *m;
	taliq_status status;
	tq_str bytes;
	int64_t cursor;
	enum tq_code code;

	tq_arena_init(&a, (size_t)256 * 1024 * 1024);
	code = s->ops->model_get(s, site_id, &a, &cursor, &bytes, e);
	if (code == TQ_OK) {
		status = taliq_model_load(&m, (const uint8_t *)bytes.p,
		    bytes.n);
		seat = status == TALIQ_OK ? add_seat(j, site_id) : NULL;
		if (status != TALIQ_OK)
			tq_log(TQ_LOG_WARN, "model_refused",
			    TQ_LOG_INT("site", site_id),
			    TQ_LOG_INT("status", status));
		else if (seat == NULL || !publish(seat, m, cursor))
			code = tq_fail(e, TQ_ELIMIT, "no memory for a model");
	}
	tq_arena_free(&a);
	return code == TQ_ENOTFOUND ? TQ_OK : code;
}

static enum tq_code
load_all(struct tq_judge *j, struct tq_err *e)
{
	struct tq_arena a;
	struct tq_site *sites;
	struct tq_store *s;
	size_t n;
	enum tq_code code = tq_store_pool_take(j->app->readers, &s, e);

	if (code != TQ_OK)
		return code;
	tq_arena_init(&a, (size_t)16 * 1024 * 1024);
	code = s->ops->site_list(s, &a, &sites, &n, e);
	for (size_t i = 0; code == TQ_OK && i < n; i++)
		code = load_site(j, s, sites[i].id, e);
	tq_store_pool_put(j->app->readers, s);
	tq_arena_free(&a);
	return code;
}

static void
free_judge(struct tq_judge *j)
{
	while (j->seats != NULL) {
		struct seat *s = j->seats;

		j->seats = s->next;
		tq_cell_end(&s->now);
		free(s);
	}
	taliq_model_free(j->seed);
	(void)pthread_cond_destroy(&j->done);
	(void)pthread_cond_destroy(&j->wake);
	(void)pthread_mutex_destroy(&j->lock);
	free(j);
}

enum tq_code
tq_judge_start(struct tq_app *app, struct tq_judge **out, struct tq_err *e)
{
	struct tq_judge *j = calloc(1, sizeof(*j));
	enum tq_code code;

	if (j == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for the filter");
	j->app = app;
	j->saved_us = tq_mono_us(&app->clock);
	(void)pthread_mutex_init(&j->lock, NULL);
	(void)pthread_cond_init(&j->wake, NULL);
	(void)pthread_cond_init(&j->done, NULL);
	code = taliq_model_new_seeded(&j->seed) == TALIQ_OK ? load_all(j, e) :
	    tq_fail(e, TQ_ELIMIT, "no memory for the filter");
	if (code == TQ_OK)
		code = catch_up(j, e);
	if (code == TQ_OK && pthread_create(&j->thread, NULL, learner, j) != 0)
		code = tq_fail(e, TQ_EIO, "cannot start a thread");
	if (code != TQ_OK) {
		free_judge(j);
		return code;
	}
	*out = j;
	return TQ_OK;
}

void
tq_judge_stop(struct tq_judge *j)
{
	if (j == NULL)
		return;
	(void)pthread_mutex_lock(&j->lock);
	j->stop = true;
	(void)pthread_cond_signal(&j->wake);
	(void)pthread_mutex_unlock(&j->lock);
	(void)pthread_join(j->thread, NULL);
	free_judge(j);
}
