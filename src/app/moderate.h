/* moderate.h - a moderator's act: the state changes only if it still is what
 * the moderator saw, and the act is appended to the feedback log, in one
 * transaction. */
#ifndef TQ_APP_MODERATE_H
#define TQ_APP_MODERATE_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "store/store.h"

struct tq_app;

/* Waits for the commit.  from: what the moderator saw.  *changed false: it was
 * in that state already, nothing is logged.  TQ_ENOTFOUND; TQ_ECONFLICT the
 * state changed meanwhile, or the comment is deleted. */
enum tq_code tq_moderate(struct tq_app *app, int64_t comment_id,
    enum tq_state from, enum tq_state to, tq_str actor, bool *changed,
    struct tq_err *e);

#endif
