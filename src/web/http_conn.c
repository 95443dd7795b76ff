#include "web/http_conn.h"

#include <sys/socket.h>

#include "web/sock.h"
#include "web/tls_conn.h"

bool
tq_conn_seen(const struct tq_conn *c, struct tq_watch_seen *out,
    uint64_t *unread)
{
	*unread = 0;
	if (!tq_sock_seen(c->fd, out))
		return false;
	if (c->tls != NULL) {
		*unread = tq_tls_unread(c->tls, out->received);
		out->received = tq_tls_received(c->tls, out->received);
	}
	return true;
}

void
tq_conn_refuse(struct tq_conn *c, int status)
{
	if (c->tls != NULL)
		tq_tls_send(c->tls, tq_sock_refusal(status));
	else
		tq_sock_refuse(c->fd, status);
}

void
tq_conn_end_half(struct tq_conn *c)
{
	if (c->tls != NULL)
		tq_tls_bye(c->tls);
	(void)shutdown(c->fd, SHUT_WR);
}

void
tq_conn_end(struct tq_conn *c)
{
	if (c->tls != NULL)
		tq_tls_bye(c->tls);
	(void)shutdown(c->fd, SHUT_RDWR);
}
