/* sock.h - what the kernel tells about a connection, and short goodbyes. */
#ifndef TQ_WEB_SOCK_H
#define TQ_WEB_SOCK_H

#include <stdbool.h>

#include "base/str.h"
#include "web/conn_watch.h"

/* Bytes in and out so far (TCP_INFO); false when the kernel cannot tell. */
bool tq_sock_seen(int fd, struct tq_watch_seen *out);
/* A bare answer with that status (400, 408, 413, 431, 503) and Connection:
 * close; empty for another status. */
tq_str tq_sock_refusal(int status);
/* Sends it, as far as the kernel takes it at once.  Only where no byte of
 * another answer is on its way, and not under TLS: see http_conn.h. */
void tq_sock_refuse(int fd, int status);

#endif
