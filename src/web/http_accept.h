/* http_accept.h - the listening sockets, as a loop's thread uses it. */
#ifndef TQ_WEB_HTTP_ACCEPT_H
#define TQ_WEB_HTTP_ACCEPT_H

#include "web/http_loop.h"

/* Watches the listening sockets in l's epoll set, or no longer. */
void tq_accept_listen(struct tq_loop *l, bool on);
/* Accepts some of those who wait; true when there may be more. */
bool tq_accept_some(struct tq_loop *l, const struct tq_listener *from);
/* Lets in who has connected already; the last loop to do so shuts the door. */
void tq_accept_end(struct tq_loop *l);

#endif
