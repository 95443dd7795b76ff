/* The seam: with http_answer.c the only file that knows libmicrohttpd (0.9.75;
 * see head.h for what it does to a head).  It parses, keeps alive and sends;
 * what it lets pass is judged by door.c before a handler hears of it.
 *
 * The library runs in its external mode: http_loop.c waits, then calls
 * tq_engine_run.  Its own threads are not used, because its epoll loop blocks
 * when the number of ready connections is a multiple of 128.
 *
 * With TLS, by GnuTLS, it has two more faults that matter here:
 * - while a handshake waits for the client it asks to be run again at once, and
 *   that for as long as the client likes.  So a connection whose handshake waits
 *   is parked: suspended, its socket watched in our own epoll set.
 * - (MHD_USE_TURBO) it ends connections without TLS's word for the end.
 *
 * Order of its callbacks for one request: on_target (the request line is
 * there), on_request with the head, on_request for each piece of body,
 * on_request when all is there (and again after a suspension), on_completed. */
#include "web/http_engine.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/log.h"
#include "web/http_answer.h"
#include "web/http_conn.h"
#include "web/http_intake.h"
#include "web/mem_trim.h"
#include "web/tls_conn.h"

/* A head of 8 KiB target and 16 KiB fields, with records of the library's own
 * (64 bytes a field, and a copy of the cookies). */
#define POOL_BYTES ((size_t)32 * 1024)
#define EVENTS_AT_ONCE 16

struct tq_engine {
	struct MHD_Daemon *daemon;
	struct tq_loop *loop;
	bool tls;
	int fd;			/* TLS: the epoll set of the daemon's and what
				 * is parked; else the daemon's */
	unsigned n_parked;
	struct tq_tls_side side;
	struct tq_conn *adding;
	bool trims;			/* its pool is known to be as in trim */
	const char *names[TQ_FIELDS_MAX];	/* see tq_head_raw */
	size_t n_names;
	struct tq_answer_room room;
	struct tq_engine *next;		/* abandoned like this one */
};

/* Reachable, so that a leak checker knows that they were not forgotten. */
static struct tq_engine *_Atomic abandoned;

static struct tq_conn *
conn_of(struct MHD_Connection *m)
{
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(m,
	    MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return i->socket_context;
}

static gnutls_session_t
session_of(struct MHD_Connection *m)
{
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(m,
	    MHD_CONNECTION_INFO_GNUTLS_SESSION);

	return i->tls_session;
}

static void
on_connection(void *arg, struct MHD_Connection *m, void **context,
    enum MHD_ConnectionNotificationCode what)
{
	struct tq_engine *g = arg;
	struct tq_conn *c = *context;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		*context = g->adding;
		g->adding->mhd = m;
		if (g->tls)
			tq_tls_attach(g->adding->tls, session_of(m),
			    g->adding->fd, &g->side, g->adding);
		g->adding = NULL;
	} else if (c != NULL) {
		tq_loop_conn_gone(g->loop, c);
		*context = NULL;
	}
}

/* The library splits the query and resolves what is escaped, in place; the
 * second is switched off here, the first is why the target is saved (and see
 * hide_query). */
static size_t
keep_escapes(void *arg, struct MHD_Connection *m, char *s)
{
	(void)arg;
	(void)m;
	return strlen(s);
}

static bool
is_unjudged(const struct tq_engine *g, const struct tq_conn *c)
{
	const struct tq_live *v = c->live;

	return v != NULL && g->tls == (c->tls != NULL) &&
	    v->stage == TQ_STAGE_HEAD && MHD_get_connection_info(v->mhd,
	    MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE) != NULL;
}

/* The library announces here that it will answer with an error.  Of all places
 * where it does, one is wrong in 0.9.75: for a Content-Length that is no number
 * (or cookies too large) it sends the answer's head twice.  The request is then
 * the only one whose head is complete but has not been shown to on_request;
 * its socket gets our answer, and the library's finds it ended. */
__attribute__((format(printf, 2, 0)))
static void
on_log(void *arg, const char *format, va_list args)
{
	static const char announced[] = "Error processing request";
	static const char handshake[] = "Error: received handshake message";
	struct tq_engine *g = arg;
	struct tq_conn *const *conns;
	unsigned status;
	size_t n;

	if (g->tls && strncmp(format, handshake, sizeof(handshake) - 1) == 0) {
		tq_loop_count_request(g->loop, true);
		tq_tls_tell_failure(&g->side);
		return;
	}
	if (strncmp(format, announced, sizeof(announced) - 1) != 0)
		return;
	status = va_arg(args, unsigned);
	tq_loop_count_request(g->loop, true);
	conns = tq_loop_conns(g->loop, &n);
	for (size_t i = 0; i < n; i++)
		if (is_unjudged(g, conns[i])) {
			conns[i]->linger = true;
			tq_conn_refuse(conns[i], (int)status);
			tq_conn_end_half(conns[i]);
			return;
		}
}

/* The library would now make a record of 64 bytes in its pool for each
 * parameter, and past 250 of them break off without an answer.  Nobody asks it
 * for them, so the query is ended for it before it has begun. */
static void
hide_query(const char *question_mark)
{
	/* Its own buffer, which it is about to write to itself. */
	if (question_mark[1] != 0)
		*(char *)(uintptr_t)(question_mark + 1) = 0;
}

static void *
on_target(void *arg, const char *target, struct MHD_Connection *m)
{
	struct tq_engine *g = arg;
	struct tq_conn *c = conn_of(m);
	struct tq_live *v = tq_live_new(g->loop);
	const char *query = strchr(target, '?');

	if (c->watch.phase == TQ_PHASE_IDLE)
		tq_watch_enter(&c->watch, TQ_PHASE_HEAD, c->done,
		    tq_loop_now_us(g->loop));
	if (v == NULL)
		return NULL;
	v->conn = c;
	c->live = v;
	v->mhd = m;
	v->target_p = target;
	v->target = tq_str_c(target);
	/* What is too long is not looked at: the door says 414. */
	if (query != NULL && v->target.n <= TQ_URI_MAX) {
		v->target = tq_arena_str(&v->x.arena, v->target);
		if (v->target.p == NULL)
			v->refuse = 503;
	}
	if (query != NULL)
		hide_query(query);
	return v;
}

static enum MHD_Result
note_name(void *arg, enum MHD_ValueKind kind, const char *name,
    const char *value)
{
	struct tq_engine *g = arg;

	(void)kind;
	(void)value;
	if (g->n_names < TQ_FIELDS_MAX)
		g->names[g->n_names] = name;
	g->n_names++;
	return MHD_YES;
}

/* The head is whole: 0, or the status to refuse it with. */
static int
read_head(struct tq_engine *g, struct tq_live *v, const char *method)
{
	const union MHD_ConnectionInfo *size = MHD_get_connection_info(v->mhd,
	    MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	struct tq_head_raw raw;

	if (v->refuse != 0)
		return v->refuse;
	if (size == NULL || v->target_p == NULL || v->target_p < method)
		return 400;
	g->n_names = 0;
	(void)MHD_get_connection_values(v->mhd, MHD_HEADER_KIND, note_name, g);
	if (g->n_names > TQ_FIELDS_MAX)
		return 431;
	v->conn->memory = method;
	v->conn->trimmed = false;
	raw = (struct tq_head_raw){ .bytes = { method, size->header_size },
	    .target_at = (size_t)(v->target_p - method),
	    .target_n = v->target.n, .target = v->target,
	    .names = g->names, .n_names = g->n_names };
	return tq_intake_head(v, &raw);
}

/* Queues the answer.  What cannot be sent as it is becomes a bare 500. */
static enum MHD_Result
send_answer(struct tq_engine *g, struct tq_live *v)
{
	struct tq_conn *c = v->conn;
	struct MHD_Response *m = tq_answer_build(v, &g->room);
	enum MHD_Result sent;

	tq_watch_enter(&c->watch, TQ_PHASE_SEND, 0, tq_loop_now_us(v->loop));
	c->linger |= v->x.res.close || v->door.chunked;
	if (m == NULL) {
		tq_log(TQ_LOG_ERROR, "answer_not_sendable",
		    TQ_LOG_INT("status", v->x.res.status));
		m = MHD_create_response_from_buffer(0, NULL,
		    MHD_RESPMEM_PERSISTENT);
		v->x.res.status = 500;
	}
	if (m == NULL)
		return MHD_NO;
	sent = MHD_queue_response(v->mhd, (unsigned)v->x.res.status, m);
	MHD_destroy_response(m);
	return sent;
}

static void
fill_bare(struct tq_res *r, int status)
{
	r->status = status;
	tq_res_header(r, TQ_S("Content-Type"), TQ_S("text/plain"));
	tq_res_header(r, TQ_S("Cache-Control"), TQ_S("no-store"));
	tq_res_header(r, TQ_S("X-Content-Type-Options"), TQ_S("nosniff"));
	tq_res_header(r, TQ_S("Content-Security-Policy"),
	    TQ_S("default-src 'none'; frame-ancestors 'none'"));
	tq_res_piece(r, TQ_S("The request was refused.\n"));
}

static enum MHD_Result
refuse(struct tq_engine *g, struct tq_live *v, int status)
{
	const struct tq_http_options *o = tq_loop_options(v->loop);
	struct tq_res *r = &v->x.res;

	tq_loop_count_request(v->loop, true);
	if (v->x.req.headers != NULL && o->refusal != NULL)
		o->refusal(&v->x, status, o->app);
	if (r->status == 0)
		fill_bare(r, status);
	r->close = true;
	v->stage = TQ_STAGE_FILLED;
	return send_answer(g, v);
}

static enum MHD_Result
ask_handler(struct tq_engine *g, struct tq_live *v)
{
	const struct tq_http_options *o = tq_loop_options(v->loop);
	struct tq_conn *c = v->conn;

	tq_loop_count_request(v->loop, false);
	c->done += v->bytes;
	tq_watch_enter(&c->watch, TQ_PHASE_RUN, 0, tq_loop_now_us(v->loop));
	v->stage = TQ_STAGE_ASKED;
	atomic_store(&v->state, TQ_LIVE_KEPT);
	if (o->handler(&v->x, o->app) == TQ_LATER) {
		MHD_suspend_connection(v->mhd);
		return MHD_YES;
	}
	atomic_store(&v->state, TQ_LIVE_OURS);
	v->stage = TQ_STAGE_FILLED;
	return send_answer(g, v);
}

/* Nothing of the answer was sent yet, so a few bytes of our own can stand for
 * it; the library has no way to answer in the middle of a body. */
static enum MHD_Result
cut_off(struct tq_live *v, int status)
{
	tq_loop_count_request(v->loop, true);
	tq_conn_refuse(v->conn, status);
	v->conn->linger = true;
	return MHD_NO;
}

static enum MHD_Result
take_body(struct tq_live *v, const char *p, size_t *n)
{
	int status = tq_intake_body(v, (tq_str){ p, *n });

	if (status != 0)
		return cut_off(v, status);
	*n = 0;
	return MHD_YES;
}

static enum MHD_Result
on_request(void *arg, struct MHD_Connection *m, const char *url,
    const char *method, const char *version, const char *data, size_t *n,
    void **context)
{
	struct tq_engine *g = arg;
	struct tq_live *v = *context;
	int status;

	(void)m;
	(void)url;
	(void)version;
	if (v == NULL)
		return MHD_NO;
	switch (v->stage) {
	case TQ_STAGE_HEAD:
		status = read_head(g, v, method);
		return status == 0 ? MHD_YES : refuse(g, v, status);
	case TQ_STAGE_BODY:
		if (*n > 0)
			return take_body(v, data, n);
		v->x.req.body = tq_buf_str(&v->body);
		return ask_handler(g, v);
	case TQ_STAGE_ASKED:
		return MHD_NO;
	case TQ_STAGE_FILLED:
		return send_answer(g, v);
	}
	return MHD_NO;
}

static void
on_completed(void *arg, struct MHD_Connection *m, void **context,
    enum MHD_RequestTerminationCode why)
{
	struct tq_live *v = *context;

	(void)arg;
	(void)m;
	(void)why;
	if (v == NULL)
		return;
	*context = NULL;
	v->conn->live = NULL;
	tq_watch_enter(&v->conn->watch, TQ_PHASE_IDLE, v->conn->done,
	    tq_loop_now_us(v->loop));
	tq_live_done(v);
}

static struct MHD_Daemon *
start_daemon(struct tq_engine *g, unsigned connections_max)
{
	const unsigned flags = MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET |
	    MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
	const struct MHD_OptionItem plain[] = { { MHD_OPTION_END, 0, NULL } };
	/* The library takes no const, but only reads. */
	const struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_PRIORITIES, 0,
		    (void *)(uintptr_t)tq_tls_priorities },
		{ MHD_OPTION_END, 0, NULL },
	};

	return MHD_start_daemon(flags | (g->tls ? MHD_USE_TLS :
	    MHD_USE_TURBO), 0, NULL, NULL, on_request, g,
	    MHD_OPTION_EXTERNAL_LOGGER, on_log, g,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL_BYTES,
	    MHD_OPTION_CONNECTION_LIMIT, connections_max,
	    MHD_OPTION_CONNECTION_TIMEOUT, 0u,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, g,
	    MHD_OPTION_URI_LOG_CALLBACK, on_target, g,
	    MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, g,
	    MHD_OPTION_NOTIFY_COMPLETED, on_completed, g,
	    MHD_OPTION_ARRAY, g->tls ? tls : plain,
	    g->tls ? MHD_OPTION_HTTPS_CERT_CALLBACK2 : MHD_OPTION_END,
	    tq_tls_choose, MHD_OPTION_END);
}

static int
daemon_fd(const struct tq_engine *g)
{
	return MHD_get_daemon_info(g->daemon, MHD_DAEMON_INFO_EPOLL_FD)
	    ->epoll_fd;
}

/* An epoll set in which the daemon's is one of many. */
static bool
open_parking(struct tq_engine *g)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = NULL };

	g->fd = epoll_create1(EPOLL_CLOEXEC);
	if (g->fd >= 0 && epoll_ctl(g->fd, EPOLL_CTL_ADD, daemon_fd(g), &ev)
	    == 0)
		return true;
	if (g->fd >= 0)
		(void)close(g->fd);
	return false;
}

struct tq_engine *
tq_engine_open(struct tq_loop *l, bool tls)
{
	const struct tq_http_options *o = tq_loop_options(l);
	struct tq_engine *g = calloc(1, sizeof(*g));

	if (g == NULL)
		return NULL;
	g->loop = l;
	g->tls = tls;
	g->trims = strcmp(MHD_get_version(), "0.9.75") == 0;
	g->daemon = start_daemon(g, o->connections_max);
	if (g->daemon == NULL)
		goto undo_alloc;
	if (!tls)
		g->fd = daemon_fd(g);
	else if (!open_parking(g))
		goto undo_start;
	return g;
undo_start:
	MHD_stop_daemon(g->daemon);
undo_alloc:
	free(g);
	return NULL;
}

int
tq_engine_fd(const struct tq_engine *g)
{
	return g->fd;
}

bool
tq_engine_add(struct tq_engine *g, struct tq_conn *c)
{
	/* The library only stores the address; it need not know it. */
	const struct sockaddr none = { .sa_family = AF_UNSPEC };

	g->adding = c;
	if (MHD_add_connection(g->daemon, c->fd, &none, sizeof(none)) ==
	    MHD_YES)
		return true;
	/* Past on_connection the library has announced the end as well. */
	return g->adding == NULL;
}

static void
unpark(struct tq_engine *g, struct tq_conn *c)
{
	(void)epoll_ctl(g->fd, EPOLL_CTL_DEL, c->fd, NULL);
	c->parked = false;
	g->n_parked--;
	MHD_resume_connection(c->mhd);
}

/* Those whose clients have sent something. */
static void
fetch_parked(struct tq_engine *g)
{
	struct epoll_event ev[EVENTS_AT_ONCE];
	int n = epoll_wait(g->fd, ev, EVENTS_AT_ONCE, 0);

	for (int i = 0; i < n; i++)
		if (ev[i].data.ptr != NULL)
			unpark(g, ev[i].data.ptr);
}

static void
park_waiting(struct tq_engine *g)
{
	struct tq_conn *c;

	while ((c = tq_tls_next_waiting(&g->side)) != NULL) {
		struct epoll_event ev = { .events = EPOLLIN | EPOLLRDHUP,
		    .data.ptr = c };

		if (epoll_ctl(g->fd, EPOLL_CTL_ADD, c->fd, &ev) != 0)
			continue;	/* dearer, but it goes on */
		MHD_suspend_connection(c->mhd);
		c->parked = true;
		g->n_parked++;
	}
}

bool
tq_engine_run(struct tq_engine *g)
{
	MHD_UNSIGNED_LONG_LONG ms;

	if (g->n_parked > 0)
		fetch_parked(g);
	(void)MHD_run(g->daemon);
	if (g->side.waiting != NULL)
		park_waiting(g);
	return MHD_get_timeout(g->daemon, &ms) == MHD_YES && ms == 0;
}

void
tq_engine_resume(struct tq_engine *g, struct tq_live *v)
{
	(void)g;
	MHD_resume_connection(v->mhd);
}

void
tq_engine_nudge(struct tq_engine *g, struct tq_conn *c)
{
	(void)g;
	MHD_suspend_connection(c->mhd);
	MHD_resume_connection(c->mhd);
}

/* In 0.9.75 a connection's pool is one block of POOL_BYTES, set to zero as a
 * whole between two requests, and the first request's head begins it, as does
 * each later one's - unless the client sent empty lines before a head, but then
 * c->done would not be all that was received. */
void
tq_engine_trim(struct tq_engine *g, struct tq_conn *c)
{
	if (!g->trims || c->trimmed || c->memory == NULL)
		return;
	c->trimmed = true;
	(void)tq_mem_trim((void *)(uintptr_t)c->memory, POOL_BYTES);
}

void
tq_engine_close(struct tq_engine *g)
{
	struct tq_conn *const *conns;
	size_t n;

	conns = tq_loop_conns(g->loop, &n);
	for (size_t i = 0; i < n; i++)
		if (conns[i]->parked)
			unpark(g, conns[i]);
	MHD_stop_daemon(g->daemon);
	if (g->tls)
		(void)close(g->fd);
	free(g);
}

void
tq_engine_abandon(struct tq_engine *g)
{
	g->next = atomic_exchange(&abandoned, g);
}
