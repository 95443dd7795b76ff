/* webhook.h - telling a client that we would answer otherwise today.  Akismet's
 * clients may name an address to call back; when lessons turn what one was told
 * in the last day clearly round, that address gets the comment's guid and the new
 * result, nothing else.  Off unless a key has it on (taliq key limit ID --webhook
 * yes), and only at an origin of that key's own site (setting origins). */
#ifndef TQ_APP_WEBHOOK_H
#define TQ_APP_WEBHOOK_H

#include <stdbool.h>

#include "app/akismet_memory.h"
#include "base/err.h"
#include "base/str.h"

struct tq_app;
struct tq_webhook;

/* Starts the thread, which sleeps until it is woken. */
enum tq_code tq_webhook_start(struct tq_app *app, struct tq_webhook **out,
    struct tq_err *e);
/* Breaks off a call that is under way.  NULL is fine. */
void tq_webhook_stop(struct tq_webhook *w);
/* Something was taught.  Any thread, never blocks.  NULL is fine. */
void tq_webhook_wake(struct tq_webhook *w);

/* Whether a comment of which we said that is clearly something else at this
 * probability. */
bool tq_webhook_turned(enum tq_ak_said said, double spam, int64_t spam_from);
/* Whether the address keeps a key's text from others: HTTPS, or this machine. */
bool tq_webhook_private(tq_str url);
/* What the client reads; in a. */
tq_str tq_webhook_body(struct tq_arena *a, const struct tq_ak_verdict *v,
    bool spam);

#endif
