/* import.h - comments from JSON Lines, one object a line:
 * {"key": "c1", "page": "/slug", "parent": "c0" or null, "name": "...",
 *  "url": "...", "text": "...", "at": "2026-11-20T09:15:00Z",
 *  "state": "published"}
 * Parents stand before their replies.  key and state may be missing.  Nothing
 * is judged or limited: what comes in is the operator's word. */
#ifndef TQ_APP_IMPORT_H
#define TQ_APP_IMPORT_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct tq_app;

/* Reads the file line by line, in transactions of 1,000; what was committed
 * before a bad line stays, and *n says, even then, how many comments that are.
 * TQ_EINVALID names file, line and member.  Pages are made canonical
 * (tq_path_canonical), as those of requests are.
 * progress (may be NULL) is called after each transaction. */
enum tq_code tq_import_jsonl(struct tq_app *app, tq_str site,
    const char *file, void (*progress)(void *ctx, int64_t lines), void *ctx,
    int64_t *n, struct tq_err *e);

#endif
