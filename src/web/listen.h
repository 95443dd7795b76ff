/* listen.h - the socket that readers connect to. */
#ifndef TQ_WEB_LISTEN_H
#define TQ_WEB_LISTEN_H

#include "base/err.h"

/* Opens a listening, non-blocking TCP socket on "127.0.0.1:8080",
 * "[::1]:8080" or "*:8080" (all addresses, both families); port 0 lets the
 * kernel choose.  *port is what was bound.  The caller closes *fd.
 * TQ_EINVALID bad text, TQ_EIO cannot listen there. */
enum tq_code tq_listen_open(const char *where, int *fd, unsigned *port,
    struct tq_err *e);

#endif
