/* http_conn.h - what is done to a connection from outside its engine, with or
 * without TLS.  On the loop's thread. */
#ifndef TQ_WEB_HTTP_CONN_H
#define TQ_WEB_HTTP_CONN_H

#include "web/http_engine.h"

/* Bytes of requests and acknowledged bytes so far, and whether the client has
 * ended; false when the kernel cannot tell.  *unread is what waits in the
 * kernel (TLS only, else 0). */
bool tq_conn_seen(const struct tq_conn *c, struct tq_watch_seen *out,
    uint64_t *unread);
/* As tq_sock_refuse, in TLS where it is TLS. */
void tq_conn_refuse(struct tq_conn *c, int status);
/* Our half is over. */
void tq_conn_end_half(struct tq_conn *c);
/* Both are; the engine will notice. */
void tq_conn_end(struct tq_conn *c);

#endif
