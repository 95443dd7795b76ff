#include "web/linger.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

#define LINGERS_MAX 256
#define LINGER_US (2 * TQ_SECOND_US)
#define LINGER_BYTES ((size_t)8 * 1024 * 1024)

void
tq_linger_add(struct tq_lingers *s, int epoll_fd, int fd, int64_t now_us)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLRDHUP };
	struct tq_linger *g;

	if (s->n == LINGERS_MAX || (g = malloc(sizeof(*g))) == NULL)
		return;
	*g = (struct tq_linger){ .fd = dup(fd), .left = LINGER_BYTES,
	    .until_us = now_us + LINGER_US, .next = s->first,
	    .at = &s->first };
	ev.data.ptr = g;
	if (g->fd < 0 || epoll_ctl(epoll_fd, EPOLL_CTL_ADD, g->fd, &ev) != 0) {
		if (g->fd >= 0)
			(void)close(g->fd);
		free(g);
		return;
	}
	(void)shutdown(g->fd, SHUT_WR);
	if (s->first != NULL)
		s->first->at = &g->next;
	s->first = g;
	s->n++;
}

static void
end(struct tq_lingers *s, struct tq_linger *g)
{
	*g->at = g->next;
	if (g->next != NULL)
		g->next->at = g->at;
	s->n--;
	(void)close(g->fd);	/* leaves the epoll set by that */
	free(g);
}

void
tq_linger_read(struct tq_lingers *s, struct tq_linger *g)
{
	char dropped[8192];
	ssize_t n = recv(g->fd, dropped, sizeof(dropped), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || (size_t)n >= g->left) {
		end(s, g);
		return;
	}
	g->left -= (size_t)n;
}

void
tq_linger_tick(struct tq_lingers *s, int64_t now_us)
{
	struct tq_linger *g = s->first;

	while (g != NULL) {
		struct tq_linger *next = g->next;

		if (now_us >= g->until_us)
			end(s, g);
		g = next;
	}
}
