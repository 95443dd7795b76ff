/* http_intake.h - a request comes in: from bytes in the library's memory to the
 * exchange that a handler sees.  On the loop's thread. */
#ifndef TQ_WEB_HTTP_INTAKE_H
#define TQ_WEB_HTTP_INTAKE_H

#include "web/http_engine.h"

/* Reads and judges the head and fills v->x.req but for the body, which may
 * follow.  0, or the status to refuse with. */
int tq_intake_head(struct tq_live *v, const struct tq_head_raw *raw);
/* Adds a piece of body.  0, or the status to cut the request off with. */
int tq_intake_body(struct tq_live *v, tq_str piece);

#endif
