#include "web/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/str.h"

#define BACKLOG 1024

static socklen_t
to_sockaddr(const struct tq_addr *a, uint16_t port,
    struct sockaddr_storage *out)
{
	struct sockaddr_in in4 = { .sin_family = AF_INET,
	    .sin_port = htons(port) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
	    .sin6_port = htons(port) };

	if (a->family == 4) {
		memcpy(&in4.sin_addr, a->bytes, 4);
		memcpy(out, &in4, sizeof(in4));
		return sizeof(in4);
	}
	memcpy(&in6.sin6_addr, a->bytes, 16);
	memcpy(out, &in6, sizeof(in6));
	return sizeof(in6);
}

static unsigned
bound_port(int fd)
{
	struct sockaddr_storage ss = { .ss_family = AF_UNSPEC };
	socklen_t n = sizeof(ss);
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;

	if (getsockname(fd, (struct sockaddr *)&ss, &n) != 0)
		return 0;
	memcpy(&in4, &ss, sizeof(in4));
	memcpy(&in6, &ss, sizeof(in6));
	return ntohs(ss.ss_family == AF_INET ? in4.sin_port : in6.sin6_port);
}

enum tq_code
tq_listen_open(const char *where, int *fd, unsigned *port, struct tq_err *e)
{
	struct sockaddr_storage ss;
	struct tq_addr a;
	uint16_t wanted;
	socklen_t n;
	int on = 1, off = 0, s, cause;

	if (!tq_addr_listen(tq_str_c(where), &a, &wanted))
		return tq_fail(e, TQ_EINVALID,
		    "cannot listen on %s: not ADDRESS:PORT", where);
	n = to_sockaddr(&a, wanted, &ss);
	s = socket(ss.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    0);
	if (s < 0)
		return tq_fail(e, TQ_EIO, "cannot open a socket: %s",
		    strerror(errno));
	(void)setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (where[0] == '*')
		(void)setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &off,
		    sizeof(off));
	if (bind(s, (struct sockaddr *)&ss, n) != 0 || listen(s, BACKLOG)
	    != 0) {
		cause = errno;
		(void)close(s);
		return tq_fail(e, TQ_EIO, "cannot listen on %s: %s", where,
		    strerror(cause));
	}
	*fd = s;
	*port = bound_port(s);
	return TQ_OK;
}
