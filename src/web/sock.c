#include "web/sock.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* The kernel's number of that state, net/tcp_states.h; linux/tcp.h, unlike
 * netinet/tcp.h, has the byte counts but not the names. */
enum { CLOSE_WAIT = 8 };

bool
tq_sock_seen(int fd, struct tq_watch_seen *out)
{
	struct tcp_info i;
	socklen_t n = sizeof(i);
	int unread;

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &i, &n) != 0 ||
	    n < offsetof(struct tcp_info, tcpi_bytes_received) +
	    sizeof(i.tcpi_bytes_received))
		return false;
	*out = (struct tq_watch_seen){ i.tcpi_bytes_received,
	    i.tcpi_bytes_acked, i.tcpi_state == CLOSE_WAIT &&
	    ioctl(fd, SIOCINQ, &unread) == 0 && unread == 0 };
	return true;
}

tq_str
tq_sock_refusal(int status)
{
#define ANSWER(line) TQ_S_INIT("HTTP/1.1 " line "\r\nConnection: close\r\n" \
    "Content-Length: 0\r\n\r\n")
	static const struct { int status; tq_str text; } answers[] = {
		{ 400, ANSWER("400 Bad Request") },
		{ 408, ANSWER("408 Request Timeout") },
		{ 413, ANSWER("413 Content Too Large") },
		{ 431, ANSWER("431 Request Header Fields Too Large") },
		{ 503, ANSWER("503 Service Unavailable") },
	};

	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++)
		if (answers[i].status == status)
			return answers[i].text;
	return (tq_str){ NULL, 0 };
}

void
tq_sock_refuse(int fd, int status)
{
	tq_str text = tq_sock_refusal(status);

	(void)send(fd, text.p, text.n, MSG_NOSIGNAL | MSG_DONTWAIT);
}
