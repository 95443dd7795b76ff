/* Lessons: see akismet.h.  They go through the writer like comments; whether
 * one is the same as the last is asked on the writer's thread, where one lesson
 * comes after the other. */
#include "app/akismet.h"

#include "app/akismet_state.h"
#include "app/api_keys.h"
#include "app/app.h"
#include "app/judge.h"
#include "app/key_admin.h"
#include "app/key_use.h"
#include "app/lesson_marks.h"
#include "app/sites.h"
#include "app/webhook.h"
#include "store/store.h"
#include "text/url.h"

static bool
find_before(struct tq_app *app, const struct tq_ak_form *f,
    struct tq_ak_lesson *l)
{
	struct tq_ak_memory *m = tq_akismet_memory(app->akismet);
	const struct tq_ak_verdict like = {
		.name = f->at[TQ_AK_NAME], .url = f->at[TQ_AK_URL],
		.text = f->at[TQ_AK_TEXT],
	};
	int64_t now_us = tq_mono_us(&app->clock);
	uint8_t guid[TQ_AK_GUID_BYTES];

	if (tq_ak_guid_parse(tq_str_trim(f->at[TQ_AK_GUID]), guid) &&
	    tq_ak_memory_find(m, l->key_id, guid, now_us, l->arena,
	    &l->before))
		return true;
	return tq_ak_memory_find_text(m, l->key_id, &like, now_us, l->arena,
	    &l->before);
}

static taliq_class
class_of(const struct tq_ak_lesson *l)
{
	return l->spam ? TALIQ_SPAM : TALIQ_HAM;
}

/* Whether we had said otherwise, as we remember it, or else as the client
 * does. */
static bool
is_contradiction(const struct tq_ak_lesson *l, const struct tq_ak_form *f)
{
	tq_str said = tq_str_trim(f->at[TQ_AK_SAID]);

	if (l->known)
		return l->before.taught == TALIQ_UNSURE &&
		    (l->before.said != TQ_AK_HAM) != l->spam;
	return tq_str_eq(said, l->spam ? TQ_S("false") : TQ_S("true"));
}

/* A field of that name may hold anything, an e-mail address as well: what goes
 * to the disk is a web address or nothing. */
static tq_str
web_only(struct tq_arena *a, tq_str url)
{
	tq_url web;

	return tq_url_web(a, url, &web) ? url : tq_str_sub(url, 0, 0);
}

bool
tq_ak_lesson_read(struct tq_app *app, const struct tq_ak_client *who,
    const struct tq_ak_form *f, bool spam, struct tq_arena *a,
    struct tq_ak_lesson *l)
{
	*l = (struct tq_ak_lesson){
		.arena = a, .key_id = who->key->id, .site_id = who->site->id,
		.spam = spam, .at_us = tq_wall_us(&app->clock),
		.name = f->at[TQ_AK_NAME], .url = f->at[TQ_AK_URL],
		.text = f->at[TQ_AK_TEXT],
		.site = tq_ak_site(a, f->at[TQ_AK_BLOG]),
		.actor = tq_key_actor(who->key->id),
	};
	l->known = find_before(app, f, l);
	if (l->known) {
		l->name = l->before.name;
		l->url = l->before.url;
		l->text = l->before.text;
		l->site = l->before.site;
	}
	l->contradicts = is_contradiction(l, f);
	l->mark = tq_lesson_mark(tq_akismet_marks(app->akismet), l->key_id,
	    (const tq_str[]){ l->name, l->url, l->text }, 3);
	l->url = web_only(a, l->url);
	return l->text.n > 0;
}

static enum tq_code
apply(struct tq_change *c, struct tq_store *s, struct tq_err *e)
{
	struct tq_ak_lesson *l = (struct tq_ak_lesson *)c;
	struct tq_lesson_marks *marks = tq_akismet_marks(c->app->akismet);
	int64_t now_us = tq_mono_us(&c->app->clock), seq;
	const struct tq_feedback row = {
		.site_id = l->site_id, .at_us = l->at_us,
		.from = l->spam ? TQ_PUBLISHED : TQ_SPAM,
		.to = l->spam ? TQ_SPAM : TQ_PUBLISHED, .actor = tq_str_c(l->actor.c),
		.name = l->name, .url = l->url, .body = l->text,
	};
	enum tq_code code;

	l->again = tq_lesson_marks_same(marks, l->mark, l->spam, now_us);
	if (l->again)
		return TQ_OK;
	code = s->ops->feedback_add(s, &row, &seq, e);
	if (code == TQ_OK)
		tq_lesson_marks_set(marks, l->mark, l->spam, now_us);
	return code;
}

enum tq_code
tq_ak_lesson_start(struct tq_app *app, struct tq_ak_lesson *l,
    struct tq_err *e)
{
	l->change.apply = apply;
	return tq_change_start(&l->change, app, e);
}

/* Counted once, however often it is taught. */
static void
count(struct tq_app *app, const struct tq_ak_lesson *l)
{
	if (l->known)
		tq_ak_memory_taught(tq_akismet_memory(app->akismet),
		    l->before.guid, class_of(l));
	if (l->contradicts)
		tq_key_use_count(app->key_use, l->key_id, l->site, l->spam ?
		    TQ_USE_MISSED_SPAM : TQ_USE_FALSE_POSITIVE,
		    tq_wall_us(&app->clock));
}

void
tq_ak_lesson_settle(struct tq_ak_lesson *l, const struct tq_err *e)
{
	struct tq_app *app = l->change.app;

	if (e->code != TQ_OK) {
		if (!l->again)
			tq_lesson_marks_drop(tq_akismet_marks(app->akismet),
			    l->mark);
		return;
	}
	if (l->again)
		return;
	count(app, l);
	tq_judge_wake(app->judge);
	tq_webhook_wake(app->webhook);
}
