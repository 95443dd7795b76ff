/* http_loop.h - one thread of the server; see http_loop.c.  http_start.c makes
 * and ends them. */
#ifndef TQ_WEB_HTTP_LOOP_H
#define TQ_WEB_HTTP_LOOP_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/ref.h"
#include "web/conn_cap.h"
#include "web/http_engine.h"
#include "web/linger.h"

enum { TQ_ENGINE_PLAIN, TQ_ENGINE_TLS, TQ_ENGINES };

struct tq_loop {
	struct tq_http *http;
	struct tq_engine *engines[TQ_ENGINES];	/* NULL: not wanted */
	bool due[TQ_ENGINES];		/* it has something to do */
	pthread_t thread;
	int epoll_fd, bell_fd;

	/* Of the thread alone. */
	int64_t now_us, tick_us, listen_again_us;
	struct tq_conn **conns;		/* connections_max of them */
	size_t n_conns, next_look;
	struct tq_live *spare;		/* exchanges for the next requests */
	unsigned n_spare;
	struct tq_lingers lingers;
	bool listening;
	unsigned orphans;

	/* Of all threads. */
	pthread_mutex_t lock;		/* for these three */
	struct tq_conn *arrived;
	struct tq_live *back;
	bool rung;
	_Atomic size_t load;		/* connections, those on their way too */
	_Atomic int64_t requests, refused;
	char apart[128];	/* neighbours share no line of the cache */
};

struct tq_listener {
	int fd;
	unsigned port;
	bool tls;
};

struct tq_http {
	struct tq_http_options options;
	struct tq_proxies proxies;
	struct tq_watch_limits limits;
	struct tq_cap *cap;
	struct tq_cell certs;		/* struct tq_tls_certs, or nothing */
	pthread_mutex_t rereading;	/* one at a time, in order */
	_Atomic int64_t certs_until_s;	/* 0: none */
	struct tq_listener listeners[2];
	unsigned n_listeners;
	unsigned n_loops;
	_Atomic unsigned n_listening;	/* loops that still accept */
	_Atomic bool stopping;
	int64_t deadline_us;		/* set before stopping */
	struct tq_loop loops[];
};

/* Everything but the thread; false and nothing left behind when something
 * cannot be had. */
bool tq_loop_open(struct tq_loop *l, struct tq_http *h);
/* The thread's function; arg is the loop.  Returns when stopping and nothing
 * is left to do, or at the deadline. */
void *tq_loop_run(void *arg);
/* After the thread was joined, or was never started. */
void tq_loop_close(struct tq_loop *l);
/* Any thread: wakes the loop up. */
void tq_loop_ring(struct tq_loop *l);
/* The same, by who holds the lock already. */
void tq_loop_ring_locked(struct tq_loop *l);

/* On the loop's thread, for http_accept.c and http_drain.c. */

/* Waits for at most that long and does what there is to do; true when there is
 * more at once. */
bool tq_loop_turn(struct tq_loop *l, int timeout_ms);
/* The connection is this loop's from now on; it is counted in load already. */
void tq_loop_serve(struct tq_loop *l, struct tq_conn *c);
/* Lets all engines do what they can without waiting, or those that are due;
 * true when there is more at once. */
bool tq_loop_run_engines(struct tq_loop *l, bool all);
/* Serves and resumes what other threads have left. */
void tq_loop_take_queue(struct tq_loop *l);

#endif
