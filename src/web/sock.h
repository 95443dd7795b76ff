/* sock.h - what the kernel tells about a connection, and short goodbyes. */
#ifndef TQ_WEB_SOCK_H
#define TQ_WEB_SOCK_H

#include <stdbool.h>

#include "base/str.h"
#include "web/conn_watch.h"

/* Bytes in and out so far (TCP_INFO); false when the kernel cannot tell. */
bool tq_sock_seen(int fd, struct tq_watch_seen *out);
/* Sends what the kernel takes at once, then ends both directions; the
 * descriptor stays open. */
void tq_sock_end(int fd, tq_str last_words);

#endif
