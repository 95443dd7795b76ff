/* Keys and answers of Akismet's protocol.  Order of judgement: key, required
 * fields, the call's own. */
#include "web/akismet.h"

#include "app/limits.h"
#include "base/log.h"
#include "web/reply.h"

#define HOUR_US (3600 * TQ_SECOND_US)
#define MINUTE_US (60 * TQ_SECOND_US)
#define INVALID TQ_S("invalid")
#define FORM_TYPE "application/x-www-form-urlencoded"
#define PLAIN TQ_S("text/plain; charset=utf-8")

/* A client looks for its own headers; the two of ours are for browsers that
 * somebody leads here. */
static void
plain_headers(struct tq_res *r, tq_str type)
{
	tq_res_header(r, TQ_S("Content-Type"), type);
	tq_res_header(r, TQ_S("Cache-Control"), TQ_S("no-store"));
	tq_res_header(r, TQ_S("X-Content-Type-Options"), TQ_S("nosniff"));
}

static enum tq_when
answer(struct tq_visit *v, int status, tq_str type, tq_str body)
{
	v->x->res.status = status;
	plain_headers(&v->x->res, type);
	tq_res_piece(&v->x->res, body);
	return TQ_NOW;
}

enum tq_when
tq_ak_text(struct tq_visit *v, tq_str body)
{
	return answer(v, 200, PLAIN, body);
}

enum tq_when
tq_ak_refuse(struct tq_visit *v, tq_str body, tq_str help)
{
	tq_res_header(&v->x->res, TQ_S("X-akismet-debug-help"), help);
	return tq_ak_text(v, body);
}

enum tq_when
tq_ak_json(struct tq_visit *v, tq_str type, const struct tq_buf *b)
{
	if (!tq_buf_ok(b))
		return tq_ak_busy(v);
	return answer(v, 200, type, tq_buf_str(b));
}

/* The same line for who reads the answer and for who reads a client's log. */
static enum tq_when
decline(struct tq_visit *v, int status, tq_str why)
{
	tq_res_header(&v->x->res, TQ_S("X-akismet-debug-help"), why);
	(void)answer(v, status, PLAIN, why);
	tq_res_piece(&v->x->res, TQ_S("\n"));
	return TQ_NOW;
}

enum tq_when
tq_ak_limited(struct tq_visit *v, int64_t retry_us, tq_str why)
{
	tq_reply_retry(v, retry_us / TQ_SECOND_US + 1);
	return decline(v, 429, why);
}

enum tq_when
tq_ak_busy(struct tq_visit *v)
{
	tq_reply_retry(v, 5);
	return decline(v, 503,
	    TQ_S("taliq cannot answer just now; try again soon."));
}

tq_str
tq_ak_missing(const struct tq_ak_call *c, tq_str help)
{
	const struct tq_req *req = &c->v->x->req;
	tq_str type;

	(void)tq_str_cut(tq_req_header(req, TQ_S("Content-Type")), ';', &type);
	type = tq_str_trim(type);
	return req->body.n == 0 || type.n == 0 ||
	    tq_str_eq_nocase(type, TQ_S(FORM_TYPE)) ? help :
	    TQ_S("Content-Type must be " FORM_TYPE);
}

/* "application/x-www-form-urlencoded; charset=UTF-8" */
static tq_str
charset_of(const struct tq_req *req)
{
	tq_str rest = tq_req_header(req, TQ_S("Content-Type")), one;

	while (rest.n > 0) {
		rest = tq_str_cut(rest, ';', &one);
		one = tq_str_trim(one);
		if (!tq_str_eq_nocase(tq_str_sub(one, 0, 8),
		    TQ_S("charset=")))
			continue;
		one = tq_str_sub(one, 8, one.n);
		return one.n > 2 && one.p[0] == '"' ?
		    tq_str_sub(one, 1, one.n - 1) : one;
	}
	return (tq_str){ NULL, 0 };
}

struct tq_ak_call *
tq_ak_read(struct tq_visit *v)
{
	const struct tq_req *req = &v->x->req;
	struct tq_arena *a = &v->x->arena;
	struct tq_ak_call *c = tq_new(a, struct tq_ak_call);
	struct tq_err e;

	if (c == NULL || tq_ak_form_read(a, req->query, req->body,
	    charset_of(req), &c->form, &e) != TQ_OK) {
		(void)tq_ak_busy(v);
		return NULL;
	}
	c->v = v;
	return c;
}

/* --- keys ------------------------------------------------------------------ */

/* Only keys that never were one count as guesses; a client with an old key, or
 * none, is no guesser and cannot shut out its neighbours.  A right key is right
 * also where guesses are over the limit, and so a guesser may go on and learn of
 * a hit.  That is fine: he would try all 2^48 texts at 100,000 a second, which
 * is more than this server answers, in 89 years.  The limit spares the log and
 * tells the operator. */
static bool
may_guess(struct tq_ak_call *c, int64_t *retry_us)
{
	struct tq_app *app = c->v->app;
	int64_t rate = app->config.network_wrong_keys_per_hour, unused;
	int64_t now_us = tq_mono_us(&app->clock);
	const struct tq_limit_ask guess = { TQ_LIMIT_WRONG_KEY,
	    tq_visit_network(c->v), { rate, HOUR_US, rate } };
	const struct tq_limit_ask told = { TQ_LIMIT_WRONG_KEY_LOG, TQ_S(""),
	    { 1, HOUR_US, 1 } };

	if (tq_limits_take(app->limits, &guess, 1, now_us, retry_us))
		return true;
	atomic_fetch_add(&c->v->web->wrong_keys, 1);
	if (tq_limits_take(app->limits, &told, 1, now_us, &unused))
		tq_log(TQ_LOG_WARN, "wrong_keys",
		    TQ_LOG_INT("refused", atomic_load(
		    &c->v->web->wrong_keys)));
	return false;
}

/* A good key's copy and site; false: there is none. */
static bool
look_up(struct tq_ak_call *c, tq_str text, bool *guess)
{
	struct tq_app *app = c->v->app;
	struct tq_api_keys *keys =
	    (struct tq_api_keys *)tq_cell_get(&app->api_keys);
	const struct tq_api_key *key = tq_api_keys_find(keys, &app->keys,
	    text, tq_wall_us(&app->clock));

	if (key != NULL)
		c->key = *key;
	else
		*guess = tq_api_keys_is_guess(keys, &app->keys, text);
	tq_api_keys_put(keys);
	return key != NULL;
}

bool
tq_ak_find_key(struct tq_ak_call *c, tq_str text, bool *wrong)
{
	int64_t retry_us = 0;
	bool guess = false;

	*wrong = !look_up(c, text, &guess);
	if (guess && !may_guess(c, &retry_us)) {
		*wrong = false;
		(void)tq_ak_limited(c->v, retry_us, TQ_S("Too many unknown "
		    "keys from this network; try again later."));
		return false;
	}
	if (*wrong)
		return false;
	c->who = (struct tq_ak_client){ .key = &c->key, .key_text = text,
	    .site = tq_sites_by_id(c->v->sites, c->key.site_id) };
	if (c->who.site != NULL)
		return true;
	(void)tq_ak_busy(c->v);	/* made a moment ago; not read yet */
	return false;
}

/* The first part of the host, if it may be a key. */
static tq_str
sub_domain(tq_str host)
{
	tq_str first;

	(void)tq_str_cut(host, '.', &first);
	for (size_t i = 0; i < first.n; i++)
		if (!((first.p[i] >= '0' && first.p[i] <= '9') ||
		    (first.p[i] >= 'a' && first.p[i] <= 'f')))
			return (tq_str){ NULL, 0 };
	return first.n == TQ_API_KEY_CHARS ? first : (tq_str){ NULL, 0 };
}

static tq_str
key_of(const struct tq_ak_call *c)
{
	if (c->form.at[TQ_AK_KEY].n > 0)
		return c->form.at[TQ_AK_KEY];
	if (c->form.at[TQ_AK_API_KEY].n > 0)
		return c->form.at[TQ_AK_API_KEY];
	return sub_domain(c->v->x->req.host);
}

/* The key's own rate: all its calls. */
static bool
take_rate(struct tq_ak_call *c)
{
	struct tq_app *app = c->v->app;
	char id[sizeof(c->key.id)];
	const struct tq_limit_ask ask = { TQ_LIMIT_KEY, { id, sizeof(id) },
	    { c->key.per_minute, MINUTE_US, c->key.per_minute } };
	int64_t retry_us = 0;

	for (size_t i = 0; i < sizeof(id); i++)
		id[i] = (char)(c->key.id >> (8 * i));
	if (tq_limits_take(app->limits, &ask, 1, tq_mono_us(&app->clock),
	    &retry_us))
		return true;
	(void)tq_ak_limited(c->v, retry_us, TQ_S("Too many calls a minute "
	    "with this key; try again later."));
	return false;
}

/* False: a missing field was answered. */
static bool
has_needed(struct tq_ak_call *c)
{
	if (c->form.at[TQ_AK_BLOG].n == 0) {
		(void)tq_ak_refuse(c->v, TQ_S("Missing required field: blog."),
		    tq_ak_missing(c, TQ_S("Empty \"blog\" value")));
		return false;
	}
	if (c->form.at[TQ_AK_USER_IP].n == 0) {
		(void)tq_ak_refuse(c->v,
		    TQ_S("Missing required field: user_ip."),
		    tq_ak_missing(c, TQ_S("Empty \"user_ip\" value")));
		return false;
	}
	return true;
}

struct tq_ak_call *
tq_ak_open(struct tq_visit *v, enum tq_ak_need need)
{
	struct tq_ak_call *c = tq_ak_read(v);
	bool wrong;

	if (c == NULL)
		return NULL;
	if (!tq_ak_find_key(c, key_of(c), &wrong)) {
		/* Some clients take "invalid" for spam unless there is help
		 * beside it. */
		if (wrong)
			(void)tq_ak_refuse(v, INVALID, key_of(c).n == 0 ?
			    tq_ak_missing(c, TQ_S("Empty \"key\" value")) :
			    TQ_S("Unknown key"));
		return NULL;
	}
	if (!take_rate(c))
		return NULL;
	return need == TQ_AK_NEED_COMMENT && !has_needed(c) ? NULL : c;
}
