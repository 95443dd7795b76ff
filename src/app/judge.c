/* The judge: see judge.h.  A site's model is immutable once published; learning
 * copies it, teaches the copy and publishes that, so that readers' threads
 * never wait for the learner.  Where it lies, and how it is saved:
 * judge_seat.c; texts almost equal to those decided lately: near.c. */
#include "app/judge.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/app.h"
#include "app/change.h"
#include "app/judge_fold.h"
#include "app/judge_seat.h"
#include "app/near.h"
#include "base/log.h"
#include "store/store.h"
#include "taliq/filter.h"

#define ROWS_AT_ONCE 200
#define SAVE_EVERY_S 30

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
	struct tq_seats seats;
	pthread_mutex_t lock;	/* of orders, work, stop */
	pthread_cond_t wake, done;
	struct order *orders;
	bool work, stop;
	pthread_t thread;
	/* The thread's: */
	int64_t read;		/* last row of the log seen */
	bool recalled;		/* texts decided before the start are known */
	int64_t saved_us;	/* when models were saved; monotonic */
};

/* The weight of a text alike, looked for where it could change something, or is
 * wanted as a reason. */
static double
near_weight(struct tq_judge *j, struct tq_seat *seat,
    const struct tq_judge_ask *ask, bool explain, double p)
{
	double sure = ask->sure_from > 0 ? ask->sure_from : TALIQ_SPAM_AT;

	if (seat == NULL || ask->n_signals == TALIQ_SIGNALS_MAX ||
	    (p >= sure && !explain))
		return 0;
	return tq_near_weight(seat->near, ask->text,
	    tq_wall_us(&j->app->clock));
}

bool
tq_judge_verdict(struct tq_judge *j, const struct tq_judge_ask *ask,
    bool explain, taliq_verdict *out, double *near)
{
	taliq_signal signals[TALIQ_SIGNALS_MAX];
	taliq_input in = tq_judge_input(ask);
	const taliq_model *m;
	struct tq_site_model *s;
	struct tq_seat *seat;
	taliq_status status;
	double weight = 0;

	if (j == NULL)
		return false;
	seat = tq_seat_find(&j->seats, ask->site_id);
	s = tq_seat_model(seat);
	m = s != NULL ? s->m : j->seed;
	status = taliq_classify(m, &in, out);
	if (status == TALIQ_OK)
		weight = near_weight(j, seat, ask, explain, out->p_spam);
	if (weight > 0) {
		for (size_t i = 0; i < ask->n_signals; i++)
			signals[i] = ask->signals[i];
		signals[in.n_signals++] = (taliq_signal){ TQ_NEAR_REASON,
		    weight };
		in.signals = signals;
	}
	if (status == TALIQ_OK && explain)
		status = taliq_explain(m, &in, out);
	else if (status == TALIQ_OK && weight > 0)
		status = taliq_classify(m, &in, out);
	tq_site_model_put(s);
	if (near != NULL)
		*near = weight;
	return status == TALIQ_OK;
}

double
tq_judge_comment(struct tq_judge *j, const struct tq_judge_ask *ask,
    bool *near)
{
	taliq_verdict v;
	double weight = 0;
	bool can = tq_judge_verdict(j, ask, false, &v, &weight);

	*near = can && weight > 0;
	return can ? v.p_spam : -1;
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
	struct tq_site_model *s = tq_seat_model(tq_seat_find(&j->seats,
	    site_id));
	taliq_model_info info;

	*out = (struct tq_judge_about){ 0 };
	if (s == NULL)
		return;
	taliq_model_about(s->m, &info);
	out->spam = (int64_t)info.n_spam;
	out->ham = (int64_t)info.n_ham;
	out->cursor = s->cursor;
	tq_site_model_put(s);
}

/* A copy of old that has learnt the lesson, too. */
static enum tq_code
teach(const taliq_model *old, const taliq_input *in, taliq_class c,
    taliq_model **out, struct tq_err *e)
{
	taliq_model *m = NULL;
	taliq_status status = taliq_model_copy(old, &m);

	if (status == TALIQ_OK)
		status = taliq_learn(m, in, c);
	if (status == TALIQ_OK) {
		*out = m;
		return TQ_OK;
	}
	taliq_model_free(m);
	return tq_fail(e, TQ_ELIMIT, "cannot learn: %s",
	    taliq_status_text(status));
}

/* A lesson is learnt whole, or comes again. */
static enum tq_code
learn_row(struct tq_judge *j, const struct tq_feedback *f, struct tq_err *e)
{
	struct tq_near_text text = { .at_us = f->at_us };
	struct tq_site_model *old;
	struct tq_seat *seat;
	taliq_model *m = NULL;
	taliq_input in;
	taliq_class c;
	enum tq_code code;

	if (!tq_judge_lesson(f, &in, &c))
		return TQ_OK;
	code = tq_seat_find_or_add(&j->seats, f->site_id, &seat, e);
	if (code != TQ_OK)
		return code;
	old = tq_seat_model(seat);
	if (old != NULL && old->cursor >= f->seq) {
		tq_site_model_put(old);
		return TQ_OK;	/* was in the saved bytes */
	}
	text.spam = c == TALIQ_SPAM;
	if (j->recalled)
		code = tq_near_read(seat->near, f->body, &text.print, e);
	if (code == TQ_OK)
		code = teach(old != NULL ? old->m : j->seed, &in, c, &m, e);
	tq_site_model_put(old);
	if (code != TQ_OK)
		return code;
	/* Before it counts as learnt; when it was not read, nothing is added,
	 * and should it come again, it is the same twice. */
	tq_near_add(seat->near, &text);
	code = tq_seat_publish(seat, m, f->seq, e);
	seat->dirty |= code == TQ_OK;
	return code;
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

static enum tq_code
learn_anew(struct tq_judge *j, struct tq_seat *seat, struct tq_err *e)
{
	taliq_model *m = NULL;
	int64_t cursor = 0;
	enum tq_code code = tq_judge_fold(j->app, j->seed, seat->site_id, &m,
	    &cursor, e);

	if (code != TQ_OK)
		return code;
	if (m == NULL)		/* nothing is left of it */
		tq_cell_set(&seat->now, NULL);
	else
		code = tq_seat_publish(seat, m, cursor, e);
	if (code == TQ_OK)
		code = tq_judge_recall(j->app, &j->seats, seat, cursor, e);
	if (code != TQ_OK)
		return code;
	seat->anew = false;
	seat->dirty = true;
	return tq_seat_save(j->app, seat, e);
}

static void
save_all(struct tq_judge *j)
{
	struct tq_err e = { .code = TQ_OK };

	for (struct tq_seat *s = j->seats.first; s != NULL; s = s->next)
		if ((s->anew && learn_anew(j, s, &e) != TQ_OK) ||
		    (s->dirty && !s->anew && tq_seat_save(j->app, s, &e) != TQ_OK))
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
	struct tq_seat *seat;
	enum tq_code code = tq_seat_find_or_add(&j->seats, o->site_id, &seat,
	    e);

	if (code != TQ_OK)
		return code;
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

static void
free_judge(struct tq_judge *j)
{
	tq_seats_end(&j->seats);
	taliq_model_free(j->seed);
	(void)pthread_cond_destroy(&j->done);
	(void)pthread_cond_destroy(&j->wake);
	(void)pthread_mutex_destroy(&j->lock);
	free(j);
}

/* Models, what they have not learnt yet, texts decided lately. */
static enum tq_code
remember(struct tq_judge *j, struct tq_err *e)
{
	enum tq_code code = TQ_OK;

	if (taliq_model_new_seeded(&j->seed) != TALIQ_OK)
		return tq_fail(e, TQ_ELIMIT, "no memory for the filter");
	code = tq_seats_load(j->app, &j->seats, e);
	if (code == TQ_OK)
		code = catch_up(j, e);
	if (code == TQ_OK)
		code = tq_judge_recall(j->app, &j->seats, NULL, j->read, e);
	j->recalled = true;
	return code;
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
	tq_seats_init(&j->seats);
	(void)pthread_mutex_init(&j->lock, NULL);
	(void)pthread_cond_init(&j->wake, NULL);
	(void)pthread_cond_init(&j->done, NULL);
	code = remember(j, e);
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
