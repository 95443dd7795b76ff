/* submit-spam and submit-ham: thanks are said when the lesson is on the disk. */
#include "web/akismet.h"

#include "app/app.h"
#include "app/limits.h"
#include "base/log.h"
#include "web/reply.h"

#define HOUR_US (3600 * TQ_SECOND_US)
#define THANKS TQ_S("Thanks for making the web a better place.")

/* One lesson on its way; in the exchange's arena. */
struct submit {
	struct tq_ak_lesson lesson;
	struct tq_visit *v;
};

static void
finish(struct tq_exchange *x)
{
	const struct submit *s = x->ctx;
	const struct tq_err *e = &s->lesson.change.job.err;

	if (e->code == TQ_OK) {
		(void)tq_ak_text(s->v, THANKS);
	} else {
		tq_log(TQ_LOG_ERROR, "lesson_not_stored",
		    TQ_LOG_CODE("code", e->code));
		(void)tq_ak_busy(s->v);
	}
	tq_visit_end(s->v);
}

/* Writer thread: durable, or failed. */
static void
stored(struct tq_change *c, const struct tq_err *e)
{
	struct submit *s = (struct submit *)c;

	tq_ak_lesson_settle(&s->lesson, e);
	s->v->x->ctx = s;
	s->v->x->finish = finish;
	tq_http_resume(s->v->x);
}

static bool
take_lesson(struct tq_ak_call *c, int64_t *retry_us)
{
	struct tq_app *app = c->v->app;
	char id[sizeof(c->key.id)];
	const struct tq_limit_ask ask = { TQ_LIMIT_LESSON, { id, sizeof(id) },
	    { c->key.lessons_per_hour, HOUR_US, c->key.lessons_per_hour } };

	for (size_t i = 0; i < sizeof(id); i++)
		id[i] = (char)(c->key.id >> (8 * i));
	return tq_limits_take(app->limits, &ask, 1, tq_mono_us(&app->clock),
	    retry_us);
}

static enum tq_when
submit(struct tq_visit *v, bool spam)
{
	struct tq_ak_call *c = tq_ak_open(v, TQ_AK_NEED_COMMENT);
	struct submit *s;
	struct tq_err e;
	int64_t retry_us = 0;

	if (c == NULL)
		return TQ_NOW;
	/* A key that may not teach is thanked, too: refusing would have its
	 * client ask for ever. */
	if (tq_ak_yes(c->form.at[TQ_AK_TEST]) || c->key.lessons_per_hour == 0)
		return tq_ak_text(v, THANKS);
	s = tq_new(&v->x->arena, struct submit);
	if (s == NULL)
		return tq_ak_busy(v);
	s->v = v;
	if (!tq_ak_lesson_read(v->app, &c->who, &c->form, spam, &v->x->arena,
	    &s->lesson))
		return v->x->arena.failed ? tq_ak_busy(v) :
		    tq_ak_text(v, THANKS);
	if (v->x->arena.failed)
		return tq_ak_busy(v);
	if (!take_lesson(c, &retry_us))
		return tq_ak_limited(v, retry_us, TQ_S("Too many lessons an "
		    "hour with this key; try again later."));
	s->lesson.change.finished = stored;
	if (tq_ak_lesson_start(v->app, &s->lesson, &e) != TQ_OK)
		return tq_ak_busy(v);
	return TQ_LATER;
}

enum tq_when
tq_ak_submit_spam(struct tq_visit *v)
{
	return submit(v, true);
}

enum tq_when
tq_ak_submit_ham(struct tq_visit *v)
{
	return submit(v, false);
}
