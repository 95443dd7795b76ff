/* linger.h - closing gently.  A socket that is closed while bytes wait unread
 * in it resets the connection, and the client may lose the answer that tells
 * why.  So our half is ended, and what still comes is read and dropped for a
 * short while.  One thread. */
#ifndef TQ_WEB_LINGER_H
#define TQ_WEB_LINGER_H

#include <stddef.h>
#include <stdint.h>

struct tq_linger {
	int fd;			/* ours, a duplicate */
	int64_t until_us;
	size_t left;		/* bytes that we are willing to drop */
	struct tq_linger *next, **at;
};

struct tq_lingers {
	struct tq_linger *first;
	unsigned n;
};

/* Ends our half of fd and watches a duplicate of it in the epoll set, with the
 * struct tq_linger as data.  With too many of them, or none to be had, nothing
 * happens: the caller closes fd, as always. */
void tq_linger_add(struct tq_lingers *s, int epoll_fd, int fd,
    int64_t now_us);
/* It is readable: drops what is there; gone at its end. */
void tq_linger_read(struct tq_lingers *s, struct tq_linger *g);
/* Ends those whose time is over; all of them with INT64_MAX. */
void tq_linger_tick(struct tq_lingers *s, int64_t now_us);

#endif
