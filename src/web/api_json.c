/* JSON in and out: see api_json.h. */
#include "web/api_json.h"

#include "base/clock.h"
#include "text/escape.h"
#include "text/utf8.h"

static void
put_str(struct tq_buf *b, const char *name, tq_str s)
{
	tq_buf_printf(b, ",\"%s\":", name);
	tq_json_str(b, s);
}

static void
put_time(struct tq_buf *b, const char *name, int64_t us)
{
	tq_buf_printf(b, ",\"%s\":", name);
	if (us == 0) {
		tq_buf_lit(b, "null");
		return;
	}
	tq_buf_byte(b, '"');
	tq_date_rfc3339(b, us);
	tq_buf_byte(b, '"');
}

static void
put_own(struct tq_visit *v, struct tq_buf *b, const struct tq_comment *c,
    const uint8_t *own_key)
{
	tq_str token = tq_reader_encode(&v->x->arena, own_key);
	int64_t until = c->created_us +
	    v->site->set.edit_minutes * 60 * TQ_SECOND_US;

	put_str(b, "text", c->body);
	put_str(b, "edit_token", token);
	put_time(b, "editable_until", until);
}

enum tq_code
tq_api_comment(struct tq_visit *v, struct tq_buf *b,
    const struct tq_place *place, const struct tq_comment *c,
    const uint8_t *own_key, struct tq_err *e)
{
	/* Spam is told to nobody: its author sees it as held. */
	enum tq_state state = c->state == TQ_SPAM ? TQ_HELD : c->state;
	struct tq_view_comment shown;
	enum tq_code code = tq_comment_render(v, place, c, &shown, e);

	if (code != TQ_OK)
		return code;
	if (own_key == NULL && c->state != TQ_PUBLISHED)
		state = TQ_DELETED;
	tq_buf_printf(b, "{\"id\":%lld,\"parent\":", (long long)c->id);
	if (c->parent_id == 0)
		tq_buf_lit(b, "null");
	else
		tq_buf_i64(b, c->parent_id);
	tq_buf_printf(b, ",\"depth\":%lld,\"replies\":%lld,\"state\":\"%s\"",
	    (long long)c->depth, (long long)c->replies, tq_state_name(state));
	put_time(b, "created_at", c->created_us);
	if (state != TQ_DELETED) {
		put_time(b, "edited_at", c->edited_us);
		put_str(b, "name", shown.name);
		put_str(b, "url", shown.website.s);
		put_str(b, "html", shown.body.s);
		put_str(b, "lang", shown.lang);
		put_str(b, "dir", shown.dir);
	}
	if (own_key != NULL)
		put_own(v, b, c, own_key);
	put_str(b, "link", tq_comment_href(&v->x->arena, place, c->id,
	    false));
	tq_buf_byte(b, '}');
	return TQ_OK;
}

json_t *
tq_api_body(struct tq_visit *v, int *status, const char **detail)
{
	const struct tq_req *req = &v->x->req;
	json_error_t why;
	json_t *o;
	tq_str type;

	(void)tq_str_cut(tq_req_header(req, TQ_S("Content-Type")), ';', &type);
	if (!tq_str_eq_nocase(tq_str_trim(type), TQ_S("application/json"))) {
		*status = 415;
		*detail = "the body must be application/json";
		return NULL;
	}
	o = json_loadb(req->body.p == NULL ? "" : req->body.p, req->body.n,
	    JSON_REJECT_DUPLICATES, &why);
	if (o == NULL || !json_is_object(o)) {
		json_decref(o);
		*status = 400;
		*detail = "the body must be one JSON object";
		return NULL;
	}
	return o;
}

bool
tq_api_str(struct tq_visit *v, const json_t *o, const char *name, tq_str *out)
{
	const json_t *s = json_object_get(o, name);

	*out = (tq_str){ NULL, 0 };
	if (s == NULL || json_is_null(s))
		return true;
	if (!json_is_string(s))
		return false;
	*out = tq_arena_str(&v->x->arena, (tq_str){ json_string_value(s),
	    json_string_length(s) });
	return true;
}
