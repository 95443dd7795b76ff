/* verify-key, comment-check, and the calls that say one fixed word. */
#include "web/akismet.h"

#include "app/app.h"
#include "app/key_use.h"
#include "base/log.h"
#include "web/reply.h"

#define INVALID TQ_S("invalid")

/* A key's own tries are not counted against its rate: an owner types it. */
enum tq_when
tq_ak_verify_key(struct tq_visit *v)
{
	struct tq_ak_call *c = tq_ak_read(v);
	char site[TQ_USE_SITE_MAX];
	tq_str key, blog;
	bool wrong;

	if (c == NULL)
		return TQ_NOW;
	/* WordPress sends the new key as key, the one it has as api_key. */
	key = c->form.at[TQ_AK_KEY];
	if (key.n == 0)
		key = c->form.at[TQ_AK_API_KEY];
	if (key.n == 0)
		return tq_ak_refuse(v, INVALID,
		    tq_ak_missing(c, TQ_S("Empty \"key\" value")));
	if (!tq_ak_find_key(c, key, &wrong))
		/* No help here: clients take it for a failure. */
		return wrong ? tq_ak_text(v, INVALID) : TQ_NOW;
	blog = c->form.at[TQ_AK_BLOG];
	if (blog.n == 0)
		return tq_ak_refuse(v, INVALID,
		    tq_ak_missing(c, TQ_S("Empty \"blog\" value")));
	if (tq_key_use_site(blog, site) == 0)
		return tq_ak_refuse(v, INVALID,
		    TQ_S("We were unable to parse your blog URI"));
	return tq_ak_text(v, TQ_S("valid"));
}

/* Until the first of the next month, UTC. */
static int64_t
month_left_us(int64_t now_us)
{
	struct tq_date d = tq_date_at(now_us, 0);

	d = (struct tq_date){ .year = d.year + (d.month == 12),
	    .month = d.month % 12 + 1, .day = 1 };
	return tq_date_us(&d) - now_us;
}

static enum tq_when
say(struct tq_ak_call *c, const struct tq_ak_answer *answer)
{
	struct tq_visit *v = c->v;
	struct tq_res *r = &v->x->res;
	bool spam = answer->said != TQ_AK_HAM;
	const tq_str guid = tq_hex(&v->x->arena, (tq_str){
	    (const char *)answer->guid, sizeof(answer->guid) });

	if (guid.n == 0)
		return tq_ak_busy(v);
	tq_res_header(r, TQ_S("X-akismet-guid"), guid);
	if (answer->said == TQ_AK_DISCARD)
		tq_res_header(r, TQ_S("X-akismet-pro-tip"),
		    TQ_S("discard"));
	if (spam && tq_ak_yes(c->form.at[TQ_AK_CLASSIFY]))
		tq_res_header(r, TQ_S("X-Akismet-Classification"),
		    TQ_S("spam"));
	return tq_ak_text(v, spam ? TQ_S("true") : TQ_S("false"));
}

enum tq_when
tq_ak_comment_check(struct tq_visit *v)
{
	struct tq_ak_call *c = tq_ak_open(v, TQ_AK_NEED_COMMENT);
	struct tq_ak_answer answer;
	struct tq_err e;
	int64_t now_us;

	if (c == NULL)
		return TQ_NOW;
	now_us = tq_wall_us(&v->app->clock);
	if (c->key.per_month > 0 && tq_key_use_month(v->app->key_use,
	    c->key.id, now_us) >= c->key.per_month)
		return tq_ak_limited(v, month_left_us(now_us),
		    TQ_S("Too many comments this month with this key."));
	if (tq_akismet_check(v->app, &c->who, &c->form, &v->x->arena, &answer,
	    &e) != TQ_OK) {
		tq_log(TQ_LOG_ERROR, "check_failed",
		    TQ_LOG_CODE("code", e.code));
		return tq_ak_busy(v);
	}
	return say(c, &answer);
}

enum tq_when
tq_ak_test(struct tq_visit *v)
{
	return tq_ak_text(v, TQ_S("connected"));
}

/* The plugin was switched off; the key stays good, it may be switched on. */
enum tq_when
tq_ak_deactivate(struct tq_visit *v)
{
	return tq_ak_open(v, TQ_AK_NEED_KEY) == NULL ? TQ_NOW :
	    tq_ak_text(v, TQ_S("deactivated"));
}
