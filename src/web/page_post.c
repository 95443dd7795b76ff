/* POST /comments: the form without JavaScript.  Stored durably, then 303 to the
 * page at the new comment; a mistake brings the form back, filled. */
#include "app/submit.h"

#include "base/log.h"
#include "web/page_thread.h"
#include "web/reply.h"
#include "web/tpl_gen.h"

/* One post on its way; in the exchange's arena. */
struct post {
	struct tq_submit submit;
	struct tq_visit *v;
	struct tq_place place;
	struct tq_form form;
	struct tq_submission in;
};

/* The page again, with the form filled and what was wrong. */
static enum tq_when
again(struct post *p, int status, const struct tq_faults *faults,
    enum tq_msg whole)
{
	struct tq_visit *v = p->v;
	struct tq_thread_ask ask = {
		.sort = (enum tq_sort)p->place.site->set.sort,
		.reply_to = p->in.parent_id,
	};
	struct tq_thread_made m;
	struct tq_thread_layout l;
	struct tq_view_env env;
	struct tq_err e;

	if (tq_thread_make(v, &p->place, &ask, NULL, 0, &m, &e) != TQ_OK ||
	    tq_thread_layout(v, &p->place, &m, &l, &e) != TQ_OK)
		return tq_reply_failure(v, &e);
	tq_form_fill(v, &m.form, &p->in.fields, faults);
	if (whole != TQ_MSGS) {
		m.form.error = tq_msg(p->place.site->locale.lang, whole);
		m.form.errors++;
	}
	l.layout.noindex = true;
	tq_visit_env(v, &env, p->place.base);
	env.token = tq_place_token(v, &p->place, true);
	return tq_reply_page(v, status, &env, &l.layout);
}

static enum tq_when
to_comment(struct post *p, int64_t id)
{
	const struct tq_site_settings *set = &p->place.site->set;
	bool first = p->in.parent_id == 0 && set->sort == TQ_SORT_NEWEST;

	if (id <= 0)	/* a twin of this post is still on its way */
		return tq_reply_redirect(p->v, tq_arena_printf(
		    &p->v->x->arena, "%.*s#comments",
		    TQ_FMT(tq_str_sub(p->place.base.s, 0,
		    p->place.base.s.n - 1))));
	return tq_reply_redirect(p->v, tq_comment_href(&p->v->x->arena,
	    &p->place, id, first && p->place.article != NULL));
}

static enum tq_when
store_failed(struct post *p, const struct tq_err *e)
{
	tq_log(TQ_LOG_ERROR, "comment_not_stored",
	    TQ_LOG_CODE("code", e->code),
	    TQ_LOG_OPERATOR("problem", TQ_OPERATOR(tq_str_c(e->text))));
	tq_reply_retry(p->v, 5);
	return again(p, 503, &p->submit.faults,
	    TQ_MSG_YOUR_COMMENT_COULD_NOT_BE_SAVED_JUST_NOW_PLEASE);
}

static void
answer(struct tq_exchange *x)
{
	struct post *p = x->ctx;
	struct tq_visit *v = p->v;
	const struct tq_err *e = &p->submit.change.job.err;

	if (e->code == TQ_OK) {
		tq_reply_set_reader(v, &p->submit.reader);
		(void)to_comment(p, p->submit.comment_id);
	} else if (p->submit.faults.n > 0) {
		(void)again(p, 422, &p->submit.faults, TQ_MSGS);
	} else {
		(void)store_failed(p, e);
	}
	tq_visit_end(v);
}

/* Writer thread: durable, or failed. */
static void
stored(struct tq_change *c, const struct tq_err *e)
{
	struct post *p = (struct post *)c;

	tq_submit_settle(&p->submit, e);
	p->v->x->ctx = p;
	p->v->x->finish = answer;
	tq_http_resume(p->v->x);
}

/* An answer that needs no store: the check said no. */
static enum tq_when
refused(struct post *p, const struct tq_err *e)
{
	struct tq_submit *s = &p->submit;

	switch (e->code) {
	case TQ_ECONFLICT:
		tq_reply_set_reader(p->v, &s->reader);
		return to_comment(p, s->duplicate_id);
	case TQ_EINVALID:
		return again(p, tq_fault_of(&s->faults, TQ_FIELD_PAGE) != NULL
		    ? 403 : 422, &s->faults, TQ_MSGS);
	case TQ_ELIMIT:
		if (s->retry_after_s == 0)
			break;
		tq_reply_retry(p->v, s->retry_after_s);
		return again(p, 429, &s->faults, TQ_MSGS);
	case TQ_OK:
	case TQ_ENOTFOUND:
	case TQ_EDENIED:
	case TQ_EBUSY:
	case TQ_EIO:
	case TQ_EBUG:
		break;
	}
	return store_failed(p, e);
}

static void
read_fields(struct post *p)
{
	struct tq_visit *v = p->v;
	tq_str trap = tq_form_get(&p->form, TQ_S(TQ_TRAP_FIELD));
	tq_str parent = tq_form_get(&p->form, TQ_S("parent"));

	p->in = (struct tq_submission){
		.site = p->place.site, .path = p->place.path,
		.title = p->place.title, .closes_us = p->place.closes_us,
		.fields = {
			.name = tq_form_get(&p->form, TQ_S("name")),
			.email = tq_form_get(&p->form, TQ_S("email")),
			.url = tq_form_get(&p->form, TQ_S("url")),
			.text = tq_form_get(&p->form, TQ_S("text")),
		},
		.token = tq_form_get(&p->form, TQ_S("token")),
		.token_wanted = true, .honeypot = trap.n > 0,
		.network = tq_visit_network(v), .reader = v->reader,
	};
	if (!tq_str_i64(parent, &p->in.parent_id) || p->in.parent_id < 0)
		p->in.parent_id = 0;
}

/* "application/x-www-form-urlencoded; charset=..." */
static bool
is_form(const struct tq_req *req)
{
	tq_str type;

	(void)tq_str_cut(tq_req_header(req, TQ_S("Content-Type")), ';', &type);
	return tq_str_eq_nocase(tq_str_trim(type),
	    TQ_S("application/x-www-form-urlencoded"));
}

enum tq_when
tq_post_comment(struct tq_visit *v)
{
	struct post *p = tq_new(&v->x->arena, struct post);
	struct tq_faults faults = { .n = 0 };
	struct tq_err e;

	if (p == NULL)
		return tq_reply_error(v, 503);
	p->v = v;
	if (!is_form(&v->x->req))
		return tq_reply_error(v, 415);
	if (tq_form_parse(&v->x->arena, v->x->req.body, &p->form, &e) !=
	    TQ_OK || !tq_form_sound(&p->form))
		return tq_reply_error(v, 400);
	if (tq_place_find(v, tq_form_get(&p->form, TQ_S("site")),
	    tq_form_get(&p->form, TQ_S("page")), &p->place, &faults, &e) !=
	    TQ_OK)
		return tq_reply_error(v, 404);
	if (tq_visit_foreign(v))
		return tq_reply_error(v, 403);
	read_fields(p);
	if (tq_submit_check(v->app, &p->in, &v->x->arena, &p->submit, &e) !=
	    TQ_OK)
		return refused(p, &e);
	p->submit.change.finished = stored;
	if (tq_submit_start(v->app, &p->submit, &e) != TQ_OK)
		return refused(p, &e);
	return TQ_LATER;
}

enum tq_when
tq_post_token(struct tq_visit *v)
{
	struct tq_faults faults = { .n = 0 };
	struct tq_place place;
	struct tq_buf b;
	struct tq_err e;

	if (tq_place_find(v, tq_visit_query(v, TQ_S("site")),
	    tq_visit_query(v, TQ_S("page")), &place, &faults, &e) != TQ_OK)
		return tq_reply_problem(v, 404, "no such page", &faults);
	tq_buf_init(&b, &v->x->arena, 128);
	tq_buf_lit(&b, "{\"token\":");
	tq_json_str(&b, tq_place_token(v, &place, tq_place_vouched(v, &place,
	    tq_visit_query(v, TQ_S("old")))));
	tq_buf_lit(&b, "}\n");
	return tq_reply_json(v, 200, &b);
}
