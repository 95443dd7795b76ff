/* key_admin.h - making and changing clients' keys.  Each call waits for the
 * commit and then reads the keys anew.  A key's text is given once, by add and
 * rotate; wipe it after use. */
#ifndef TQ_APP_KEY_ADMIN_H
#define TQ_APP_KEY_ADMIN_H

#include <stdbool.h>
#include <stdint.h>

#include "app/api_keys.h"
#include "base/err.h"

struct tq_app;

struct tq_key_limits {
	int64_t per_minute, per_month;	/* calls; 0: no limit */
	int64_t lessons_per_hour;	/* submits that teach; 0: none */
	bool webhook;			/* may call back the site's origin */
};
struct tq_key_text { char c[TQ_API_KEY_CHARS + 1]; };

/* A good key for that site.  TQ_ENOTFOUND no such site; TQ_EINVALID a limit
 * below 0. */
enum tq_code tq_key_add(struct tq_app *app, int64_t site_id,
    const struct tq_key_limits *l, int64_t *id, struct tq_key_text *text,
    struct tq_err *e);
/* The rest: TQ_ENOTFOUND no such key, TQ_ECONFLICT it is revoked. */
enum tq_code tq_key_limit(struct tq_app *app, int64_t id,
    const struct tq_key_limits *l, struct tq_err *e);
/* For good, at once; its counts stay. */
enum tq_code tq_key_revoke(struct tq_app *app, int64_t id, struct tq_err *e);
/* A new text for the same key; the one before is good for keep_old_us more (0:
 * not at all), one before that is dead. */
enum tq_code tq_key_rotate(struct tq_app *app, int64_t id,
    int64_t keep_old_us, struct tq_key_text *text, struct tq_err *e);
/* How the feedback log names a key: "key:7". */
struct tq_key_actor { char c[28]; };
struct tq_key_actor tq_key_actor(int64_t id);
/* How many lessons of this key are in the log. */
enum tq_code tq_key_taught(struct tq_app *app, int64_t id, int64_t *spam,
    int64_t *ham, struct tq_err *e);
/* Takes back what this key taught at since_us or later, a revoked one, too: *n
 * lessons are blanked, for good, and its site is learnt anew without them. */
enum tq_code tq_key_unlearn(struct tq_app *app, int64_t id, int64_t since_us,
    int64_t *n, struct tq_err *e);

#endif
