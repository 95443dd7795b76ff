/* http_answer.h - an answer as libmicrohttpd sends it.  On the loop's thread. */
#ifndef TQ_WEB_HTTP_ANSWER_H
#define TQ_WEB_HTTP_ANSWER_H

#include "web/http_engine.h"

struct MHD_Response;

/* Room for one header on its way out; kept by the caller, as clearing it each
 * time costs more than all the rest. */
struct tq_answer_room { char name[128], value[4096]; };

/* Made from v->x.res, whose pieces must live until it was sent.  NULL when it
 * is not fit to be sent (status, header) or there is no memory. */
struct MHD_Response *tq_answer_build(struct tq_live *v,
    struct tq_answer_room *room);

#endif
