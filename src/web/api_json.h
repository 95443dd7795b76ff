/* api_json.h - comments as JSON objects, and JSON bodies read once. */
#ifndef TQ_WEB_API_JSON_H
#define TQ_WEB_API_JSON_H

#include <jansson.h>

#include "app/fields.h"
#include "app/reader.h"
#include "web/thread_view.h"

/* One comment as other readers may see it; with own also its state, source
 * text and edit token. */
enum tq_code tq_api_comment(struct tq_visit *v, struct tq_buf *b,
    const struct tq_place *place, const struct tq_comment *c,
    const uint8_t *own_key, struct tq_err *e);

/* The request's body as an object, owned by the caller (json_decref).  NULL:
 * *status and *detail (static) say what to answer. */
json_t *tq_api_body(struct tq_visit *v, int *status, const char **detail);
/* A string member, copied into the arena; p == NULL when missing or null; false
 * when it is something else. */
bool tq_api_str(struct tq_visit *v, const json_t *o, const char *name,
    tq_str *out);

#endif
