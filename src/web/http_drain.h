/* http_drain.h - the end of a loop. */
#ifndef TQ_WEB_HTTP_DRAIN_H
#define TQ_WEB_HTTP_DRAIN_H

#include "web/http_loop.h"

/* On the loop's thread, when stopping.  Returns when nothing is left to do or
 * at the server's deadline; then exchanges that handlers still keep are
 * orphans (l->orphans), and none is on its way any more. */
void tq_drain(struct tq_loop *l);

#endif
