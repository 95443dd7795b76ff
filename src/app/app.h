/* app.h - what the use cases share: the context that main.c fills and passes
 * down.  All of it may be used from any thread; see each part's header. */
#ifndef TQ_APP_APP_H
#define TQ_APP_APP_H

#include <pthread.h>
#include <stdint.h>

#include "app/keys.h"
#include "app/settings.h"
#include "base/clock.h"
#include "base/ref.h"
#include "base/str.h"

/* Rung on the writer thread after a commit that readers can see.  Must not
 * block. */
struct tq_bell {
	void (*page)(void *ctx, int64_t page_id, int64_t site_id, tq_str path);
	void (*site)(void *ctx, int64_t site_id);	/* 0: all sites */
	/* A comment's text is another, or nobody may read it any more. */
	void (*text)(void *ctx, int64_t comment_id);
	void *ctx;
};

/* What "taliq reload" and SIGHUP read again beside sites and articles: the
 * server's certificates.  On failure the old ones stay.  Any thread. */
struct tq_reread {
	enum tq_code (*read)(void *ctx, struct tq_err *e);	/* may be NULL */
	void *ctx;
};

struct tq_app {
	struct tq_config config;
	struct tq_clock clock;
	struct tq_keys keys;
	struct tq_store_pool *readers;
	struct tq_writer *writer;
	struct tq_limits *limits;
	struct tq_tokens *tokens;
	struct tq_recent *recent;
	struct tq_judge *judge;
	struct tq_key_use *key_use;
	struct tq_akismet *akismet;
	struct tq_webhook *webhook;	/* NULL: not serving */
	pthread_mutex_t reloading;	/* one at a time, in order */
	struct tq_cell sites;		/* struct tq_sites */
	struct tq_cell articles;	/* struct tq_articles */
	struct tq_cell api_keys;	/* struct tq_api_keys */
	struct tq_bell bell;		/* all NULL: nobody listens */
	struct tq_reread reread;
	const char *data_dir, *articles_dir;
};

/* Reads sites, articles and clients' keys again and swaps the snapshots; rings
 * the bell for all sites.  On failure the old ones stay. */
enum tq_code tq_app_reload(struct tq_app *app, struct tq_err *e);
/* Clients' keys alone. */
enum tq_code tq_app_reload_keys(struct tq_app *app, struct tq_err *e);

#endif
