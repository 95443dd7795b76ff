/* The server's threads.  Each loop waits on three things: the shared listening
 * socket, its engine (all its connections), and its bell, which other threads
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
#include "web/sock.h"

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
 * there: it may be sending, and shall be able to read why. */
static bool
must_linger(const struct tq_conn *c)
{
	char next;

	if (!c->linger && c->watch.phase != TQ_PHASE_HEAD &&
	    c->watch.phase != TQ_PHASE_BODY)
		return false;
	return recv(c->fd, &next, 1, MSG_PEEK | MSG_DONTWAIT) != 0;
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
	free(c);
}

void
tq_loop_serve(struct tq_loop *l, struct tq_conn *c)
{
	c->at = l->n_conns;
	l->conns[l->n_conns++] = c;
	tq_watch_enter(&c->watch, TQ_PHASE_HEAD, 0, l->now_us);
	if (!tq_engine_add(l->engine, c))
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

		in_order = v->next;
		if (v->x.finish != NULL)
			v->x.finish(&v->x);
		v->stage = TQ_STAGE_FILLED;
		atomic_store(&v->state, TQ_LIVE_OURS);
		tq_engine_resume(l->engine, v);
	}
}

static void
look_at(struct tq_loop *l, struct tq_conn *c)
{
	struct tq_watch_seen seen;

	if (c->watch.phase == TQ_PHASE_RUN || !tq_sock_seen(c->fd, &seen))
		return;
	switch (tq_watch_check(&c->watch, &l->http->limits, &seen,
	    l->now_us)) {
	case TQ_WATCH_STAY:
		if (c->watch.phase == TQ_PHASE_IDLE && !c->trimmed &&
		    seen.received == c->done &&
		    l->now_us - c->watch.since_us > TQ_SECOND_US)
			tq_engine_trim(l->engine, c);
		break;
	case TQ_WATCH_TIMEOUT:
		tq_loop_count_request(l, true);
		tq_sock_refuse(c->fd, 408);
		(void)shutdown(c->fd, SHUT_RDWR);
		break;
	case TQ_WATCH_CLOSE:
		(void)shutdown(c->fd, SHUT_RDWR);
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
	l->tick_us = l->now_us + TICK_US;
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
		else if (what == &l->http->listen_fd)
			(void)tq_accept_some(l);
		else if (what != l)
			tq_linger_read(&l->lingers, what);
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
tq_loop_turn(struct tq_loop *l, int timeout_ms)
{
	bool more;

	wait_and_take(l, timeout_ms);
	more = tq_engine_run(l->engine);
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

bool
tq_loop_open(struct tq_loop *l, struct tq_http *h)
{
	*l = (struct tq_loop){ .http = h,
	    .now_us = tq_mono_us(&tq_clock_system) };
	(void)pthread_mutex_init(&l->lock, NULL);
	l->conns = calloc(h->options.connections_max, sizeof(struct tq_conn *));
	l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	l->bell_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	l->engine = tq_engine_open(l);
	if (l->conns != NULL && l->epoll_fd >= 0 && l->bell_fd >= 0 &&
	    l->engine != NULL && watch_fd(l, l->bell_fd, &l->bell_fd) &&
	    watch_fd(l, tq_engine_fd(l->engine), l)) {
		tq_accept_listen(l, true);
		return true;
	}
	tq_loop_close(l);
	return false;
}

void
tq_loop_close(struct tq_loop *l)
{
	if (l->engine != NULL && l->orphans == 0)
		tq_engine_close(l->engine);
	else if (l->engine != NULL)
		tq_engine_abandon(l->engine);
	tq_linger_tick(&l->lingers, INT64_MAX);
	while (l->arrived != NULL) {
		struct tq_conn *c = l->arrived;

		l->arrived = c->next;	/* too late, see hand_over */
		(void)close(c->fd);
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
