#include "web/sock.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

bool
tq_sock_seen(int fd, struct tq_watch_seen *out)
{
	struct tcp_info i;
	socklen_t n = sizeof(i);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &i, &n) != 0 ||
	    n < offsetof(struct tcp_info, tcpi_bytes_received) +
	    sizeof(i.tcpi_bytes_received))
		return false;
	*out = (struct tq_watch_seen){ i.tcpi_bytes_received,
	    i.tcpi_bytes_acked };
	return true;
}

void
tq_sock_end(int fd, tq_str last_words)
{
	if (last_words.n > 0)
		(void)send(fd, last_words.p, last_words.n, MSG_NOSIGNAL |
		    MSG_DONTWAIT);
	(void)shutdown(fd, SHUT_RDWR);
}
