/* Taking connections in.  All loops watch the listening sockets; who wakes
 * up gives what he accepts to the loop that has the least to do. */
#include "web/http_accept.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "web/tls_conn.h"

#define ACCEPT_AT_ONCE 32

void
tq_accept_listen(struct tq_loop *l, bool on)
{
	struct tq_http *h = l->http;
	bool all = on != l->listening;

	for (unsigned i = 0; on != l->listening && i < h->n_listeners; i++) {
		struct epoll_event ev = { .events = EPOLLIN | EPOLLEXCLUSIVE,
		    .data.ptr = &h->listeners[i] };

		/* One of two may have failed the last time. */
		if (epoll_ctl(l->epoll_fd, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL,
		    h->listeners[i].fd, &ev) != 0 &&
		    errno != (on ? EEXIST : ENOENT))
			all = false;
	}
	if (all)
		l->listening = on;
}

static struct tq_loop *
least_loaded(struct tq_loop *self)
{
	struct tq_http *h = self->http;
	struct tq_loop *best = self;

	for (unsigned i = 0; i < h->n_loops; i++)
		if (atomic_load(&h->loops[i].load) < atomic_load(&best->load))
			best = &h->loops[i];
	return best;
}

static void
hand_over(struct tq_loop *self, struct tq_conn *c)
{
	struct tq_loop *l = tq_loop_stopping(self) ? self :
	    least_loaded(self);

	atomic_fetch_add(&l->load, 1);
	if (l == self) {
		tq_loop_serve(l, c);
		return;
	}
	(void)pthread_mutex_lock(&l->lock);
	c->next = l->arrived;
	l->arrived = c;
	tq_loop_ring_locked(l);
	(void)pthread_mutex_unlock(&l->lock);
}

/* NULL without memory. */
static struct tq_conn *
new_conn(struct tq_http *h, bool tls)
{
	struct tq_conn *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	if (!tls)
		return c;
	c->tls = tq_tls_conn_new((struct tq_tls_certs *)tq_cell_get(
	    &h->certs));
	if (c->tls == NULL) {
		free(c);
		return NULL;
	}
	return c;
}

/* False when the socket is not taken in. */
static bool
take_in(struct tq_loop *l, int fd, const struct sockaddr *sa, bool tls)
{
	struct tq_http *h = l->http;
	struct tq_addr peer = tq_addr_of(sa);
	bool trusted = tq_proxies_trust(&h->proxies, &peer);
	struct tq_conn *c;

	if (!tq_cap_take(h->cap, &peer, trusted))
		return false;
	c = new_conn(h, tls);
	if (c == NULL) {
		tq_cap_give(h->cap, &peer, trusted);
		return false;
	}
	c->fd = fd;
	c->peer = peer;
	c->trusted = trusted;
	hand_over(l, c);
	return true;
}

bool
tq_accept_some(struct tq_loop *l, const struct tq_listener *from)
{
	for (int i = 0; i < ACCEPT_AT_ONCE; i++) {
		struct sockaddr_storage ss = { .ss_family = AF_UNSPEC };
		socklen_t n = sizeof(ss);
		int fd = accept4(from->fd, (struct sockaddr *)&ss, &n,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0 && (errno == EMFILE || errno == ENFILE ||
		    errno == ENOBUFS || errno == ENOMEM)) {
			tq_log(TQ_LOG_WARN, "accept_failed",
			    TQ_LOG_INT("errno", errno));
			tq_accept_listen(l, false);
			l->listen_again_us = l->now_us + TQ_SECOND_US / 4;
		}
		if (fd < 0)
			return errno == ECONNABORTED || errno == EINTR;
		if (!take_in(l, fd, (struct sockaddr *)&ss, from->tls)) {
			tq_loop_count_request(l, true);
			(void)close(fd);
		}
	}
	return true;
}

void
tq_accept_end(struct tq_loop *l)
{
	struct tq_http *h = l->http;
	bool last;

	tq_accept_listen(l, false);
	for (unsigned i = 0; i < h->n_listeners; i++)
		while (tq_accept_some(l, &h->listeners[i]))
			;
	last = atomic_fetch_sub(&h->n_listening, 1) == 1;
	for (unsigned i = 0; last && i < h->n_listeners; i++)
		(void)shutdown(h->listeners[i].fd, SHUT_RDWR);
}
