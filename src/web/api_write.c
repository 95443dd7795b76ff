/* The API's writing half: post, change and delete a comment.  The edit token in
 * the answer to a post is the reader's key for this site. */
#include "app/listing.h"
#include "app/own.h"
#include "app/submit.h"
#include "web/api_json.h"
#include "web/reply.h"

struct api_post {
	struct tq_submit submit;
	struct tq_visit *v;
	struct tq_place place;
	struct tq_submission in;
	uint8_t key[TQ_READER_BYTES];
};

static enum tq_when
answer_posted(struct api_post *p)
{
	struct tq_visit *v = p->v;
	const struct tq_submit *s = &p->submit;
	struct tq_comment c = {
		.id = s->comment_id, .parent_id = s->parent_id,
		.created_us = s->at_us, .state = s->decision.state,
		.name = s->fields.name, .url = s->fields.url.s,
		.body = s->fields.text, .depth = s->depth,
	};
	struct tq_buf b;
	struct tq_err e;

	tq_buf_init(&b, &v->x->arena, 4096);
	if (tq_api_comment(v, &b, &p->place, &c, p->key, &e) != TQ_OK)
		return tq_reply_failure(v, &e);
	tq_buf_byte(&b, '\n');
	tq_reply_set_reader(v, &s->reader);
	tq_res_header(&v->x->res, TQ_S("Location"), tq_arena_printf(
	    &v->x->arena, "/api/v1/comments/%lld", (long long)c.id));
	return tq_reply_json(v, c.state == TQ_PUBLISHED ? 201 : 202, &b);
}

static void
answer_post(struct tq_exchange *x)
{
	struct api_post *p = x->ctx;
	struct tq_visit *v = p->v;
	const struct tq_err *e = &p->submit.change.job.err;

	if (e->code == TQ_OK)
		(void)answer_posted(p);
	else if (p->submit.faults.n > 0)
		(void)tq_reply_problem(v, 422, "the comment was not taken",
		    &p->submit.faults);
	else
		(void)tq_reply_failure(v, e);
	tq_visit_end(v);
}

/* Writer thread. */
static void
posted(struct tq_change *c, const struct tq_err *e)
{
	struct api_post *p = (struct api_post *)c;

	tq_submit_settle(&p->submit, e);
	p->v->x->ctx = p;
	p->v->x->finish = answer_post;
	tq_http_resume(p->v->x);
}

static enum tq_when
not_posted(struct api_post *p, const struct tq_err *e)
{
	struct tq_submit *s = &p->submit;

	if (e->code == TQ_ECONFLICT)
		return tq_reply_problem(p->v, 409,
		    "this very comment was posted already", NULL);
	if (e->code == TQ_EINVALID)
		return tq_reply_problem(p->v,
		    tq_fault_of(&s->faults, TQ_FIELD_PAGE) != NULL ? 403 : 422,
		    "the comment was not taken", &s->faults);
	if (e->code == TQ_ELIMIT && s->retry_after_s > 0) {
		tq_reply_retry(p->v, s->retry_after_s);
		return tq_reply_problem(p->v, 429, "too many comments",
		    &s->faults);
	}
	return tq_reply_failure(p->v, e);
}

/* The members of the object; false when one has the wrong type. */
static bool
read_members(struct api_post *p, const json_t *o, tq_str *site, tq_str *page)
{
	struct tq_visit *v = p->v;
	struct tq_fields_raw *f = &p->in.fields;
	const json_t *parent = json_object_get(o, "parent");

	if (parent != NULL && !json_is_null(parent)) {
		if (!json_is_integer(parent) ||
		    json_integer_value(parent) < 0)
			return false;
		p->in.parent_id = json_integer_value(parent);
	}
	return tq_api_str(v, o, "site", site) &&
	    tq_api_str(v, o, "page", page) &&
	    tq_api_str(v, o, "name", &f->name) &&
	    tq_api_str(v, o, "email", &f->email) &&
	    tq_api_str(v, o, "url", &f->url) &&
	    tq_api_str(v, o, "text", &f->text) &&
	    tq_api_str(v, o, "token", &p->in.token);
}

static enum tq_when
submit(struct api_post *p, tq_str site, tq_str page)
{
	struct tq_visit *v = p->v;
	struct tq_faults faults = { .n = 0 };
	struct tq_err e;

	if (tq_place_find(v, site, page, &p->place, &faults, &e) != TQ_OK)
		return tq_reply_problem(v, 422, "no such page on this site",
		    &faults);
	if (tq_visit_foreign(v))
		return tq_reply_problem(v, 403,
		    "the request comes from another site's page", NULL);
	p->in.site = p->place.site;
	p->in.path = p->place.path;
	p->in.title = p->place.title;
	p->in.closes_us = p->place.closes_us;
	p->in.network = tq_visit_network(v);
	p->in.reader = v->reader;
	if (tq_submit_check(v->app, &p->in, &v->x->arena, &p->submit, &e) !=
	    TQ_OK)
		return not_posted(p, &e);
	tq_reader_site_key(&p->submit.reader, p->place.site->id, p->key);
	p->submit.change.finished = posted;
	if (tq_submit_start(v->app, &p->submit, &e) != TQ_OK)
		return not_posted(p, &e);
	return TQ_LATER;
}

enum tq_when
tq_api_comment_post(struct tq_visit *v)
{
	struct api_post *p = tq_new(&v->x->arena, struct api_post);
	tq_str site, page;
	const char *detail;
	int status;
	json_t *o;
	bool fine;

	if (p == NULL)
		return tq_reply_error(v, 503);
	p->v = v;
	o = tq_api_body(v, &status, &detail);
	if (o == NULL)
		return tq_reply_problem(v, status, detail, NULL);
	fine = read_members(p, o, &site, &page);
	json_decref(o);
	if (!fine)
		return tq_reply_problem(v, 400, "site, page, name, email, "
		    "url, text and token are strings, parent is a comment's "
		    "number", NULL);
	return submit(p, site, page);
}

struct api_own {
	struct tq_own_edit edit;
	struct tq_visit *v;
	struct tq_comment comment;
	struct tq_page page;
	struct tq_place place;
	uint8_t key[TQ_READER_BYTES];
};

/* "Authorization: Bearer TOKEN", "X-Edit-Token: TOKEN", or the cookie. */
static bool
read_key(struct tq_visit *v, int64_t site_id, uint8_t key[TQ_READER_BYTES])
{
	tq_str auth = tq_req_header(&v->x->req, TQ_S("Authorization"));
	tq_str token = tq_req_header(&v->x->req, TQ_S("X-Edit-Token"));

	if (auth.n > 7 && tq_str_eq_nocase(tq_str_sub(auth, 0, 7),
	    TQ_S("Bearer ")))
		token = tq_str_trim(tq_str_sub(auth, 7, auth.n));
	if (token.n > 0)
		return tq_reader_decode(token, key);
	if (!v->reader.known || tq_visit_foreign(v))
		return false;
	tq_reader_site_key(&v->reader, site_id, key);
	return true;
}

/* NULL: found and allowed so far; else what to answer is in *status. */
static const char *
find(struct tq_visit *v, struct api_own *o, int *status)
{
	struct tq_faults faults = { .n = 0 };
	const struct tq_site_view *site;
	struct tq_err e;
	int64_t id;

	o->v = v;
	*status = 404;
	if (!tq_str_i64(v->param, &id) || id <= 0)
		return "no such comment";
	switch (tq_listing_comment(v->app, id, &v->x->arena, &o->comment,
	    &o->page, &e)) {
	case TQ_OK:
		break;
	case TQ_ENOTFOUND:
		return "no such comment";
	case TQ_EINVALID:
	case TQ_ECONFLICT:
	case TQ_EDENIED:
	case TQ_ELIMIT:
	case TQ_EBUSY:
	case TQ_EIO:
	case TQ_EBUG:
		*status = 503;
		return "the store does not answer just now; try again";
	}
	site = tq_sites_by_id(v->sites, o->comment.site_id);
	if (site == NULL || tq_place_find(v, site->name, o->page.path,
	    &o->place, &faults, &e) != TQ_OK)
		return "no such comment";
	*status = 403;
	if (!read_key(v, site->id, o->key))
		return "an edit token is wanted: Authorization: Bearer TOKEN";
	return NULL;
}

static void
answer_change(struct tq_exchange *x)
{
	struct api_own *o = x->ctx;
	struct tq_visit *v = o->v;
	const struct tq_err *e = &o->edit.change.job.err;
	struct tq_buf b;
	struct tq_err e2;

	if (e->code != TQ_OK) {
		(void)tq_reply_failure(v, e);
	} else if (o->edit.decision.state == TQ_DELETED) {
		(void)tq_reply_nothing(v);
	} else {
		o->comment.state = o->edit.decision.state;
		o->comment.body = o->edit.fields.text;
		o->comment.edited_us = o->edit.at_us;
		tq_buf_init(&b, &x->arena, 4096);
		if (tq_api_comment(v, &b, &o->place, &o->comment, o->key,
		    &e2) != TQ_OK)
			(void)tq_reply_failure(v, &e2);
		else
			(void)tq_reply_json(v, o->comment.state ==
			    TQ_PUBLISHED ? 200 : 202, &b);
	}
	tq_visit_end(v);
}

/* Writer thread. */
static void
changed(struct tq_change *c, const struct tq_err *e)
{
	struct api_own *o = (struct api_own *)c;

	(void)e;
	o->v->x->ctx = o;
	o->v->x->finish = answer_change;
	tq_http_resume(o->v->x);
}

static enum tq_when
start(struct api_own *o, const struct tq_err *checked)
{
	struct tq_err e;

	switch (checked->code) {
	case TQ_OK:
		break;
	case TQ_EINVALID:
		return tq_reply_problem(o->v, 422, "the text was not taken",
		    &o->edit.faults);
	case TQ_EDENIED:
		return tq_reply_problem(o->v, 403, checked->text, NULL);
	case TQ_ENOTFOUND:
	case TQ_ECONFLICT:
	case TQ_ELIMIT:
	case TQ_EBUSY:
	case TQ_EIO:
	case TQ_EBUG:
		return tq_reply_failure(o->v, checked);
	}
	o->edit.change.finished = changed;
	if (tq_own_edit_start(o->v->app, &o->edit, &e) != TQ_OK)
		return tq_reply_failure(o->v, &e);
	return TQ_LATER;
}

enum tq_when
tq_api_comment_patch(struct tq_visit *v)
{
	struct api_own *o = tq_new(&v->x->arena, struct api_own);
	struct tq_err e = { .code = TQ_OK };
	const char *detail;
	int status;
	json_t *body;
	tq_str text;
	bool fine;

	if (o == NULL)
		return tq_reply_error(v, 503);
	body = tq_api_body(v, &status, &detail);
	if (body == NULL)
		return tq_reply_problem(v, status, detail, NULL);
	fine = json_is_string(json_object_get(body, "text")) &&
	    tq_api_str(v, body, "text", &text);
	json_decref(body);
	if (!fine)
		return tq_reply_problem(v, 400, "text is a string", NULL);
	detail = find(v, o, &status);
	if (detail != NULL)
		return tq_reply_problem(v, status, detail, NULL);
	(void)tq_own_edit_check(v->app, o->place.site, &o->comment, &o->page,
	    o->key, text, &v->x->arena, &o->edit, &e);
	return start(o, &e);
}

enum tq_when
tq_api_comment_delete(struct tq_visit *v)
{
	struct api_own *o = tq_new(&v->x->arena, struct api_own);
	struct tq_err e = { .code = TQ_OK };
	const char *detail;
	int status;

	if (o == NULL)
		return tq_reply_error(v, 503);
	detail = find(v, o, &status);
	if (detail != NULL)
		return tq_reply_problem(v, status, detail, NULL);
	(void)tq_own_delete_check(v->app, o->place.site, &o->comment,
	    &o->page, o->key, &o->edit, &e);
	return start(o, &e);
}
