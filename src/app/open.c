/* Opening and closing an installation, in this order: configuration, keys,
 * lock, store and writer, reading pool, tables in memory, clients' keys, sites,
 * articles, the filter's models, the count of keys' use; closing runs
 * backwards. */
#include "app/open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/akismet.h"
#include "app/api_keys.h"
#include "app/articles.h"
#include "app/judge.h"
#include "app/key_use.h"
#include "app/limits.h"
#include "app/recent.h"
#include "app/sites.h"
#include "app/token.h"
#include "app/webhook.h"
#include "base/file.h"
#include "base/log.h"
#include "store/store.h"
#include "store/writer.h"

#define PATH_ROOM 4200
#define READERS_MAX 16

struct tq_install {
	struct tq_app app;
	struct tq_arena arena;		/* configuration's texts, paths */
	struct tq_store_options read_options;
	char data_dir[PATH_ROOM], articles[PATH_ROOM], db[PATH_ROOM];
	int lock;			/* -1: not held */
};

static enum tq_code
path_of(char out[PATH_ROOM], const char *data_dir, const char *name,
    struct tq_err *e)
{
	int n = snprintf(out, PATH_ROOM, "%s/%s", data_dir, name);

	if (n < 0 || n >= PATH_ROOM)
		return tq_fail(e, TQ_EINVALID, "the data directory's path is "
		    "too long");
	return TQ_OK;
}

enum tq_code
tq_app_config(const struct tq_app_options *o, struct tq_arena *a,
    struct tq_config *out, struct tq_config_source *source, struct tq_err *e)
{
	char path[PATH_ROOM];
	const char *file = o->config_file;
	tq_str text;
	enum tq_code code = path_of(path, o->data_dir, "taliq.conf", e);

	if (code != TQ_OK)
		return code;
	if (source != NULL)
		*source = (struct tq_config_source){ .line = { 0 } };
	tq_settings_defaults(&tq_config_table, out);
	if (file == NULL)
		file = path;
	code = tq_file_read(file, (size_t)1024 * 1024, a, &text, e);
	if (code == TQ_ENOTFOUND && o->config_file == NULL)
		code = TQ_OK;	/* no file: all defaults */
	else if (code == TQ_OK)
		code = tq_config_read(out, a, text, file, source, e);
	if (code == TQ_OK && o->listen != NULL)
		code = tq_settings_set(&tq_config_table, out, a,
		    TQ_S("listen"), tq_str_c(o->listen), e);
	return code;
}

/* The file that init writes: every setting, commented out, with its help. */
static enum tq_code
write_config(const char *path, struct tq_err *e)
{
	struct tq_arena a;
	struct tq_buf b;
	enum tq_code code;

	if (access(path, F_OK) == 0)
		return TQ_OK;
	tq_arena_init(&a, (size_t)256 * 1024);
	tq_buf_init(&b, &a, 8192);
	tq_buf_lit(&b, "# taliq.conf: a line without # changes a setting; "
	    "\"taliq config\" shows what is in force.\n");
	for (size_t i = 0; i < tq_config_table.n; i++) {
		const struct tq_setting_row *r = &tq_config_table.rows[i];

		tq_buf_printf(&b, "\n# %s (", r->help);
		tq_settings_allowed(&b, r);
		tq_buf_printf(&b, ")\n#%s = %s\n", r->name, r->fallback);
	}
	code = tq_buf_ok(&b) ? tq_file_write(path, tq_buf_str(&b), 0600, e) :
	    tq_fail(e, TQ_ELIMIT, "no memory for %s", path);
	tq_arena_free(&a);
	return code;
}

static enum tq_code
make_database(const char *data_dir, struct tq_err *e)
{
	char db[PATH_ROOM], lock_path[PATH_ROOM];
	struct tq_keys keys;
	struct tq_store_options o = { .path = db, .mac_key = keys.row };
	struct tq_store *s;
	enum tq_code code = path_of(db, data_dir, "taliq.db", e);
	int lock = -1;

	if (code == TQ_OK)
		code = path_of(lock_path, data_dir, "lock", e);
	if (code == TQ_OK)
		code = tq_keys_load(data_dir, &keys, e);
	if (code == TQ_OK)
		code = tq_lock_take(lock_path, &lock, e);
	if (code != TQ_OK)
		return code;
	code = tq_store_open_sqlite(&o, &s, e);
	if (code == TQ_OK)
		tq_store_close(s);
	(void)close(lock);
	tq_wipe(&keys, sizeof(keys));
	return code;
}

enum tq_code
tq_app_init(const char *data_dir, struct tq_err *e)
{
	char path[PATH_ROOM];
	enum tq_code code = tq_dir_make(data_dir, 0700, e);

	if (code == TQ_OK)
		code = tq_keys_make(data_dir, e);
	if (code == TQ_OK)
		code = path_of(path, data_dir, "taliq.conf", e);
	if (code == TQ_OK)
		code = write_config(path, e);
	if (code == TQ_OK)
		code = path_of(path, data_dir, "articles", e);
	if (code == TQ_OK)
		code = tq_dir_make(path, 0755, e);
	if (code == TQ_OK)
		code = make_database(data_dir, e);
	return code;
}

static enum tq_code
open_store(struct tq_install *in, struct tq_err *e)
{
	struct tq_app *app = &in->app;
	struct tq_store_options o = { .path = in->db,
		.mac_key = app->keys.row };
	struct tq_store *s;
	enum tq_code code;

	if (access(in->db, F_OK) != 0)
		return tq_fail(e, TQ_ENOTFOUND, "%s is missing; run \"taliq "
		    "init --data %.1000s\" first", in->db, in->data_dir);
	code = tq_store_open_sqlite(&o, &s, e);
	if (code != TQ_OK)
		return code;
	code = tq_writer_start(s, &app->writer, e);
	if (code != TQ_OK)
		tq_store_close(s);
	in->read_options = o;
	in->read_options.read_only = true;
	if (code == TQ_OK)
		code = tq_store_pool_new(&in->read_options, READERS_MAX,
		    &app->readers, e);
	return code;
}

static enum tq_code
open_tables(struct tq_app *app, struct tq_err *e)
{
	enum tq_code code = tq_limits_new(TQ_LIMITS_KEYS, &app->limits, e);

	if (code == TQ_OK)
		code = tq_tokens_new(app->keys.token,
		    tq_wall_us(&app->clock), &app->tokens, e);
	if (code == TQ_OK)
		code = tq_recent_new(&app->recent, e);
	if (code == TQ_OK)
		code = tq_akismet_new(&app->akismet, e);
	return code;
}

static enum tq_code
reload_keys(struct tq_app *app, struct tq_err *e)
{
	struct tq_api_keys *keys = NULL;
	struct tq_store *s;
	enum tq_code code = tq_store_pool_take(app->readers, &s, e);

	if (code != TQ_OK)
		return code;
	code = tq_api_keys_load(s, &keys, e);
	tq_store_pool_put(app->readers, s);
	if (code == TQ_OK)
		tq_cell_set(&app->api_keys, (struct tq_ref *)keys);
	return code;
}

static enum tq_code
reload(struct tq_app *app, struct tq_err *e)
{
	struct tq_sites *sites = NULL;
	struct tq_articles *articles = NULL;
	struct tq_store *s;
	enum tq_code code = tq_store_pool_take(app->readers, &s, e);

	if (code != TQ_OK)
		return code;
	code = tq_sites_load(s, &sites, e);
	tq_store_pool_put(app->readers, s);
	if (code == TQ_OK)
		code = tq_articles_load(app->articles_dir, sites, &articles,
		    e);
	if (code != TQ_OK) {
		tq_sites_put(sites);
		return code;
	}
	tq_log(TQ_LOG_INFO, "loaded", TQ_LOG_INT("sites", sites->n),
	    TQ_LOG_INT("articles", articles->n),
	    TQ_LOG_INT("refused", articles->refused));
	tq_cell_set(&app->sites, &sites->ref);
	tq_cell_set(&app->articles, &articles->ref);
	if (app->bell.site != NULL)
		app->bell.site(app->bell.ctx, 0);
	return TQ_OK;
}

enum tq_code
tq_app_reload(struct tq_app *app, struct tq_err *e)
{
	enum tq_code code;

	/* Else a reading begun earlier could be put in place later. */
	(void)pthread_mutex_lock(&app->reloading);
	code = reload_keys(app, e);
	if (code == TQ_OK)
		code = reload(app, e);
	(void)pthread_mutex_unlock(&app->reloading);
	return code;
}

enum tq_code
tq_app_reload_keys(struct tq_app *app, struct tq_err *e)
{
	enum tq_code code;

	(void)pthread_mutex_lock(&app->reloading);
	code = reload_keys(app, e);
	(void)pthread_mutex_unlock(&app->reloading);
	return code;
}

static enum tq_code
open_all(struct tq_install *in, const struct tq_app_options *o,
    struct tq_err *e)
{
	struct tq_app *app = &in->app;
	char lock_path[PATH_ROOM];
	enum tq_code code = tq_app_config(o, &in->arena, &app->config, NULL,
	    e);

	if (code == TQ_OK)
		code = path_of(lock_path, in->data_dir, "lock", e);
	if (code == TQ_OK)
		code = path_of(in->db, in->data_dir, "taliq.db", e);
	if (code == TQ_OK && app->config.articles.n == 0)
		code = path_of(in->articles, in->data_dir, "articles", e);
	else if (code == TQ_OK)
		(void)snprintf(in->articles, sizeof(in->articles), "%.*s",
		    TQ_FMT(app->config.articles));
	if (code == TQ_OK)
		code = tq_keys_load(in->data_dir, &app->keys, e);
	if (code == TQ_OK)
		code = tq_lock_take(lock_path, &in->lock, e);
	if (code == TQ_OK)
		code = open_store(in, e);
	if (code == TQ_OK)
		code = open_tables(app, e);
	if (code == TQ_OK)
		code = tq_app_reload(app, e);
	if (code == TQ_OK)
		code = tq_judge_start(app, &app->judge, e);
	if (code == TQ_OK)
		code = tq_key_use_start(app, &app->key_use, e);
	return code;
}

enum tq_code
tq_app_open(const struct tq_app_options *o, struct tq_install **out,
    struct tq_err *e)
{
	struct tq_install *in = calloc(1, sizeof(*in));
	enum tq_code code;

	if (in == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory");
	in->lock = -1;
	in->app.clock = tq_clock_system;
	tq_arena_init(&in->arena, (size_t)4 * 1024 * 1024);
	(void)pthread_mutex_init(&in->app.reloading, NULL);
	tq_cell_init(&in->app.sites);
	tq_cell_init(&in->app.articles);
	tq_cell_init(&in->app.api_keys);
	(void)snprintf(in->data_dir, sizeof(in->data_dir), "%s", o->data_dir);
	in->app.data_dir = in->data_dir;
	in->app.articles_dir = in->articles;
	code = open_all(in, o, e);
	if (code == TQ_OK)
		*out = in;
	else
		tq_app_close(in);
	return code;
}

struct tq_app *
tq_install_app(struct tq_install *i)
{
	return &i->app;
}

struct last { struct tq_job job; bool over; };

static enum tq_code
do_nothing(struct tq_job *j, struct tq_store *s, struct tq_err *e)
{
	(void)j;
	(void)s;
	(void)e;
	return TQ_OK;
}

static void
note_over(struct tq_job *j, const struct tq_err *e)
{
	(void)e;
	((struct last *)j)->over = true;
}

/* Lessons that a cut connection left on their way are counted and wake the
 * judge once they are durable: both must still be there.  A queue that is full
 * of them takes no more, and is waited for. */
static void
let_lessons_end(struct tq_app *app)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };
	struct last last = { .job = { .run = do_nothing, .done = note_over } };
	struct tq_err e;

	if (app->writer == NULL)
		return;
	for (;;) {
		(void)tq_writer_run(app->writer, &last.job, &e);
		if (last.over)
			return;
		(void)nanosleep(&pause, NULL);
	}
}

void
tq_app_close(struct tq_install *in)
{
	if (in == NULL)
		return;
	let_lessons_end(&in->app);
	tq_webhook_stop(in->app.webhook);
	tq_key_use_stop(in->app.key_use);
	tq_judge_stop(in->app.judge);
	tq_writer_stop(in->app.writer);
	tq_store_pool_free(in->app.readers);
	tq_akismet_free(in->app.akismet);
	tq_recent_free(in->app.recent);
	tq_tokens_free(in->app.tokens);
	tq_limits_free(in->app.limits);
	tq_cell_end(&in->app.api_keys);
	tq_cell_end(&in->app.articles);
	tq_cell_end(&in->app.sites);
	(void)pthread_mutex_destroy(&in->app.reloading);
	tq_wipe(&in->app.keys, sizeof(in->app.keys));
	tq_arena_free(&in->arena);
	if (in->lock >= 0)
		(void)close(in->lock);
	free(in);
}

enum tq_code
tq_app_verify(const char *data_dir,
    void (*problem)(void *ctx, const char *line), void *ctx,
    int64_t *n_checked, int64_t *n_bad, struct tq_err *e)
{
	char db[PATH_ROOM];
	struct tq_keys keys;
	struct tq_store_options o = { .path = db, .read_only = true,
		.mac_key = keys.row };
	struct tq_store *s;
	enum tq_code code = path_of(db, data_dir, "taliq.db", e);

	if (code == TQ_OK)
		code = tq_keys_load(data_dir, &keys, e);
	if (code != TQ_OK)
		return code;
	code = tq_store_open_sqlite(&o, &s, e);
	if (code == TQ_OK) {
		code = s->ops->verify(s, problem, ctx, n_checked, n_bad, e);
		tq_store_close(s);
	}
	tq_wipe(&keys, sizeof(keys));
	return code;
}
