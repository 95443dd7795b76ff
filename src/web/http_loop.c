/* The server's threads.  Each loop waits on three things: the shared listening
 * sockets, its engines (one for its plain connections, one for those with TLS),
 * and its bell, which other threads
 * ring after they left something in its queue: a connection that it shall
 * serve, or an exchange that was resumed.  Everything else is on the loop's
 * own thread and needs no lock. */
#include "web/http_loop.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "web/http_accept.h"
#include "web/http_drain.h"
#include "web/http_conn.h"
#include "web/tls_conn.h"

#define EVENTS_AT_ONCE 16
#define TICK_US (TQ_SECOND_US / 4)
#define TICKS_A_ROUND 4		/* each connection is looked at once a second */

const struct tq_http_options *
tq_loop_options(const struct tq_loop *l)
{
	return &l->http->options;
}

const struct tq_proxies *
tq_loop_proxies(const struct tq_loop *l)
{
	return &l->http->proxies;
}

bool
tq_loop_stopping(const struct tq_loop *l)
{
	return atomic_load(&l->http->stopping);
}

int64_t
tq_loop_now_us(const struct tq_loop *l)
{
	return l->now_us;
}

struct tq_conn *const *
tq_loop_conns(const struct tq_loop *l, size_t *n)
{
	*n = l->n_conns;
	return l->conns;
}

void
tq_loop_count_request(struct tq_loop *l, bool refused)
{
	atomic_fetch_add_explicit(refused ? &l->refused : &l->requests, 1,
	    memory_order_relaxed);
}

void
tq_loop_ring_locked(struct tq_loop *l)
{
	const uint64_t one = 1;

	if (!l->rung)
		l->rung = write(l->bell_fd, &one, sizeof(one)) ==
		    (ssize_t)sizeof(one);
}

void
tq_loop_ring(struct tq_loop *l)
{
	(void)pthread_mutex_lock(&l->lock);
	tq_loop_ring_locked(l);
	(void)pthread_mutex_unlock(&l->lock);
}

/* Refused, or ended by us in the middle of a request, and the client is still
 * there: it may be sending, and shall be able to read why.  With TLS there is
 * often something left to read: its word for the end. */
static bool
must_linger(const struct tq_conn *c)
{
	bool cut = c->linger || c->watch.phase == TQ_PHASE_HEAD ||
	    c->watch.phase == TQ_PHASE_BODY;
	ssize_t n;
	char next;

	if (!cut && c->tls == NULL)
		return false;
	n = recv(c->fd, &next, 1, MSG_PEEK | MSG_DONTWAIT);
	return cut ? n != 0 : n > 0;
}

static int
engine_of(const struct tq_conn *c)
{
	return c->tls == NULL ? TQ_ENGINE_PLAIN : TQ_ENGINE_TLS;
}

void
tq_loop_conn_gone(struct tq_loop *l, struct tq_conn *c)
{
	if (must_linger(c))
		tq_linger_add(&l->lingers, l->epoll_fd, c->fd, l->now_us);
	l->n_conns--;
	l->conns[c->at] = l->conns[l->n_conns];
	l->conns[c->at]->at = c->at;
	atomic_fetch_sub(&l->load, 1);
	tq_cap_give(l->http->cap, &c->peer, c->trusted);
	tq_tls_conn_free(c->tls);
	free(c);
}

void
tq_loop_serve(struct tq_loop *l, struct tq_conn *c)
{
	c->at = l->n_conns;
	l->conns[l->n_conns++] = c;
	tq_watch_enter(&c->watch, TQ_PHASE_HEAD, 0, l->now_us);
	l->due[engine_of(c)] = true;
	if (!tq_engine_add(l->engines[engine_of(c)], c))
		tq_loop_conn_gone(l, c);
}

void
tq_loop_take_queue(struct tq_loop *l)
{
	struct tq_live *back, *in_order = NULL;	/* it comes newest first */
	struct tq_conn *arrived;

	(void)pthread_mutex_lock(&l->lock);
	arrived = l->arrived;
	back = l->back;
	l->arrived = NULL;
	l->back = NULL;
	l->rung = false;
	(void)pthread_mutex_unlock(&l->lock);
	while (arrived != NULL) {
		struct tq_conn *next = arrived->next;

		tq_loop_serve(l, arrived);
		arrived = next;
	}
	while (back != NULL) {
		struct tq_live *next = back->next;

		back->next = in_order;
		in_order = back;
		back = next;
	}
	while (in_order != NULL) {
		struct tq_live *v = in_order;
		int engine = engine_of(v->conn);

		in_order = v->next;
		if (v->x.finish != NULL)
			v->x.finish(&v->x);
		v->stage = TQ_STAGE_FILLED;
		atomic_store(&v->state, TQ_LIVE_OURS);
		l->due[engine] = true;
		tq_engine_resume(l->engines[engine], v);
	}
}

/* Bytes wait in the kernel, but the library believes that it has read all: a
 * record without any for it (a new key, RFC 8446 4.6.3) came along with others,
 * and the end of reading that GnuTLS reports then was none. */
static void
nudge(struct tq_loop *l, struct tq_conn *c)
{
	if (c->parked || !tq_tls_shaken(c->tls))
		return;
	l->due[TQ_ENGINE_TLS] = true;
	tq_engine_nudge(l->engines[TQ_ENGINE_TLS], c);
}

static void
look_at(struct tq_loop *l, struct tq_conn *c)
{
	struct tq_watch_seen seen;
	uint64_t unread;

	if (c->watch.phase == TQ_PHASE_RUN || !tq_conn_seen(c, &seen, &unread))
		return;
	switch (tq_watch_check(&c->watch, &l->http->limits, &seen,
	    l->now_us)) {
	case TQ_WATCH_STAY:
		if (c->watch.phase == TQ_PHASE_IDLE && !c->trimmed &&
		    seen.received == c->done &&
		    l->now_us - c->watch.since_us > TQ_SECOND_US)
			tq_engine_trim(l->engines[engine_of(c)], c);
		if (unread > 0 && c->watch.phase != TQ_PHASE_SEND)
			nudge(l, c);
		break;
	case TQ_WATCH_TIMEOUT:
		tq_loop_count_request(l, true);
		tq_conn_refuse(c, 408);
		tq_conn_end(c);
		break;
	case TQ_WATCH_CLOSE:
		tq_conn_end(c);
		break;
	}
}

/* A part of the connections each time, so that ten thousand of them do not
 * hold up those that have something to say. */
static void
tick(struct tq_loop *l)
{
	size_t n = (l->n_conns + TICKS_A_ROUND - 1) / TICKS_A_ROUND;

	for (; n > 0 && l->n_conns > 0; n--) {
		if (l->next_look >= l->n_conns)
			l->next_look = 0;
		look_at(l, l->conns[l->next_look++]);
	}
	tq_linger_tick(&l->lingers, l->now_us);
	if (!l->listening && !tq_loop_stopping(l) &&
	    l->now_us >= l->listen_again_us)
		tq_accept_listen(l, true);
	for (int i = 0; i < TQ_ENGINES; i++)
		l->due[i] = true;	/* to be safe */
	l->tick_us = l->now_us + TICK_US;
}

static void
take_event(struct tq_loop *l, void *what)
{
	const struct tq_http *h = l->http;

	for (int i = 0; i < TQ_ENGINES; i++)
		if (what == &l->engines[i]) {
			l->due[i] = true;
			return;
		}
	for (unsigned i = 0; i < h->n_listeners; i++)
		if (what == &h->listeners[i]) {
			(void)tq_accept_some(l, &h->listeners[i]);
			return;
		}
	tq_linger_read(&l->lingers, what);
}

static void
wait_and_take(struct tq_loop *l, int timeout_ms)
{
	struct epoll_event ev[EVENTS_AT_ONCE];
	int n = epoll_wait(l->epoll_fd, ev, EVENTS_AT_ONCE, timeout_ms);
	bool queue = false;
	uint64_t count;

	l->now_us = tq_mono_us(&tq_clock_system);
	for (int i = 0; i < n; i++) {
		void *what = ev[i].data.ptr;

		if (what == &l->bell_fd)
			queue = read(l->bell_fd, &count, sizeof(count)) > 0;
		else
			take_event(l, what);
	}
	if (queue)
		tq_loop_take_queue(l);
}

static int
wait_ms(const struct tq_loop *l, bool more)
{
	int64_t left_us = l->tick_us - l->now_us;

	if (more || left_us <= 0)
		return 0;
	return (int)(left_us / 1000) + 1;
}

bool
tq_loop_run_engines(struct tq_loop *l, bool all)
{
	bool more = false;

	for (int i = 0; i < TQ_ENGINES; i++) {
		if (l->engines[i] == NULL)
			continue;
		if (all || l->due[i])
			l->due[i] = tq_engine_run(l->engines[i]);
		more |= l->due[i];
	}
	return more;
}

bool
tq_loop_turn(struct tq_loop *l, int timeout_ms)
{
	bool more;

	wait_and_take(l, timeout_ms);
	more = tq_loop_run_engines(l, false);
	if (l->now_us >= l->tick_us)
		tick(l);
	return more;
}

void *
tq_loop_run(void *arg)
{
	struct tq_loop *l = arg;
	bool more = false;

	while (!tq_loop_stopping(l))
		more = tq_loop_turn(l, wait_ms(l, more));
	tq_drain(l);
	return NULL;
}

static bool
watch_fd(struct tq_loop *l, int fd, void *what)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = what };

	return epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, fd, &ev) == 0;
}

/* One for each kind of listener that there is. */
static bool
open_engines(struct tq_loop *l)
{
	const struct tq_http *h = l->http;

	for (unsigned i = 0; i < h->n_listeners; i++) {
		bool tls = h->listeners[i].tls;
		struct tq_engine **g = &l->engines[tls ? TQ_ENGINE_TLS :
		    TQ_ENGINE_PLAIN];

		*g = tq_engine_open(l, tls);
		if (*g == NULL || !watch_fd(l, tq_engine_fd(*g), g))
			return false;
	}
	return true;
}

bool
tq_loop_open(struct tq_loop *l, struct tq_http *h)
{
	*l = (struct tq_loop){ .http = h,
	    .now_us = tq_mono_us(&tq_clock_system) };
	(void)pthread_mutex_init(&l->lock, NULL);
	l->conns = calloc(h->options.connections_max, sizeof(struct tq_conn *));
	l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	l->bell_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (l->conns != NULL && l->epoll_fd >= 0 && l->bell_fd >= 0 &&
	    watch_fd(l, l->bell_fd, &l->bell_fd) && open_engines(l)) {
		tq_accept_listen(l, true);
		return true;
	}
	tq_loop_close(l);
	return false;
}

void
tq_loop_close(struct tq_loop *l)
{
	for (int i = 0; i < TQ_ENGINES; i++)
		if (l->engines[i] != NULL && l->orphans == 0)
			tq_engine_close(l->engines[i]);
		else if (l->engines[i] != NULL)
			tq_engine_abandon(l->engines[i]);
	tq_linger_tick(&l->lingers, INT64_MAX);
	while (l->arrived != NULL) {
		struct tq_conn *c = l->arrived;

		l->arrived = c->next;	/* too late, see hand_over */
		(void)close(c->fd);
		tq_tls_conn_free(c->tls);
		free(c);
	}
	while (l->spare != NULL) {
		struct tq_live *v = l->spare;

		l->spare = v->next;
		free(v);
	}
	if (l->bell_fd >= 0)
		(void)close(l->bell_fd);
	if (l->epoll_fd >= 0)
		(void)close(l->epoll_fd);
	free(l->conns);
	(void)pthread_mutex_destroy(&l->lock);
}
