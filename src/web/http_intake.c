#include "web/http_intake.h"

#define BODY_FIRST ((size_t)8192)	/* grows with what really comes */

static void
fill_request(struct tq_live *v, const struct tq_head *h)
{
	const struct tq_door *d = &v->door;
	const struct tq_conn *c = v->conn;
	struct tq_req *r = &v->x.req;

	*r = (struct tq_req){ .method = d->method, .path = d->path,
	    .query = d->query, .host = d->host, .peer = c->peer,
	    .client = c->peer, .headers = h->fields,
	    .n_headers = h->n_fields, .https = c->tls != NULL };
	if (c->trusted) {
		const struct tq_proxies *p = tq_loop_proxies(v->loop);

		r->client = tq_client_addr(p, &r->peer, h->fields,
		    h->n_fields);
		r->https = tq_client_https(p, &r->peer, h->fields,
		    h->n_fields, r->https);
	}
}

static size_t
body_max(const struct tq_live *v)
{
	const struct tq_http_options *o = tq_loop_options(v->loop);

	return o->body_max != NULL ? o->body_max(v->door.path) : TQ_BODY_MAX;
}

int
tq_intake_head(struct tq_live *v, const struct tq_head_raw *raw)
{
	struct tq_head h;
	enum tq_code code = tq_head_read(raw, v->fields, &h);
	int status;

	if (code != TQ_OK)
		return code == TQ_ELIMIT ? 431 : 400;
	status = tq_door_check(&h, &v->x.arena, &v->door);
	fill_request(v, &h);	/* the page that refuses looks at it, too */
	if (status != 0)
		return status;
	v->body_max = body_max(v);
	if (v->door.length > v->body_max)
		return 413;
	v->bytes = raw->bytes.n;
	v->body_buffer = raw->bytes.p + raw->bytes.n;
	v->stage = TQ_STAGE_BODY;
	if (v->door.chunked || v->door.length > 0) {
		tq_watch_enter(&v->conn->watch, TQ_PHASE_BODY, 0,
		    tq_loop_now_us(v->loop));
		tq_buf_init(&v->body, &v->x.arena,
		    v->door.length < BODY_FIRST ? v->door.length : BODY_FIRST);
	}
	return 0;
}

int
tq_intake_body(struct tq_live *v, tq_str piece)
{
	if (v->door.chunked) {
		if (!tq_chunk_line_ok(v->body_buffer, v->body_seen, piece.p))
			return 400;
		v->body_seen = piece.p + piece.n;
	}
	if (piece.n > v->body_max - v->body.n)
		return 413;
	tq_buf_put(&v->body, piece);
	if (!tq_buf_ok(&v->body))
		return 503;
	v->bytes += piece.n;
	v->conn->watch.mark += piece.n;
	return 0;
}
