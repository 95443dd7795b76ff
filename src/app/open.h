/* open.h - an installation: one data directory with its configuration, keys,
 * store and articles, opened and closed as a whole. */
#ifndef TQ_APP_OPEN_H
#define TQ_APP_OPEN_H

#include <stdbool.h>

#include "app/app.h"
#include "base/err.h"

struct tq_app_options {
	const char *data_dir;
	const char *config_file;	/* NULL: DATA/taliq.conf, may be absent */
	const char *listen;		/* NULL: the configuration's */
};

/* Makes DATA (0700), DATA/keys, an annotated DATA/taliq.conf, DATA/articles and
 * the database, each unless it is there.  TQ_EIO. */
enum tq_code tq_app_init(const char *data_dir, struct tq_err *e);

/* Reads the configuration alone: for "taliq config".  *source may be NULL. */
enum tq_code tq_app_config(const struct tq_app_options *o, struct tq_arena *a,
    struct tq_config *out, struct tq_config_source *source, struct tq_err *e);

/* Takes the directory's lock and opens all of it.  TQ_EBUSY: another process
 * has it; TQ_ENOTFOUND: init comes first.  *out stays where it is (threads
 * point to it) and is closed by tq_app_close. */
struct tq_install;
enum tq_code tq_app_open(const struct tq_app_options *o,
    struct tq_install **out, struct tq_err *e);
struct tq_app *tq_install_app(struct tq_install *i);
/* Finishes the writer's queue, then closes.  NULL is fine. */
void tq_app_close(struct tq_install *i);

/* Reads the whole store through a reading handle, without the lock. */
enum tq_code tq_app_verify(const char *data_dir,
    void (*problem)(void *ctx, const char *line), void *ctx,
    int64_t *n_checked, int64_t *n_bad, struct tq_err *e);

#endif
