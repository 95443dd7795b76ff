/* The serving process.  Start: signals blocked, installation opened, cache,
 * folder watch, HTTP, control socket.  Stop (SIGTERM, SIGINT): no new
 * connections, running requests finish, the writer empties its queue.  SIGHUP
 * reads sites, articles and certificates again. */
#include "main/serve.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "app/akismet.h"
#include "app/articles.h"
#include "app/limits.h"
#include "app/open.h"
#include "app/recent.h"
#include "app/webhook.h"
#include "base/log.h"
#include "cli/control.h"
#include "web/cache.h"
#include "web/texts.h"
#include "web/web.h"

struct server {
	struct tq_install *install;
	struct tq_app *app;
	struct tq_web web;
	struct tq_control *control;
	struct tq_watch *watch;
};

static void
reload(void *app)
{
	struct tq_err e;

	if (tq_app_reload(app, &e) != TQ_OK)
		tq_log(TQ_LOG_ERROR, "reload_failed",
		    TQ_LOG_CODE("code", e.code),
		    TQ_LOG_OPERATOR("problem",
		    TQ_OPERATOR(tq_str_c(e.text))));
}

static enum tq_code
reread_certificates(void *web, struct tq_err *e)
{
	return tq_http_reread(((struct tq_web *)web)->http, e);
}

static void
reload_all(struct tq_app *app)
{
	struct tq_err e;

	reload(app);
	if (app->reread.read != NULL &&
	    app->reread.read(app->reread.ctx, &e) != TQ_OK)
		tq_log(TQ_LOG_ERROR, "certificate_reload_failed",
		    TQ_LOG_CODE("code", e.code),
		    TQ_LOG_OPERATOR("problem",
		    TQ_OPERATOR(tq_str_c(e.text))));
}

static enum tq_code
start_http(struct server *s, struct tq_err *e)
{
	const struct tq_config *c = &s->app->config;
	static char listen_at[128], tls_listen_at[128];
	const struct tq_http_options o = {
		.listen = listen_at, .tls_listen = tls_listen_at,
		.tls = { c->tls_certificate, c->tls_key, s->app->data_dir },
		.threads = (unsigned)c->threads,
		.connections_max = (unsigned)c->connections_max,
		.per_address_max = (unsigned)c->connections_per_address,
		.trusted_proxies = c->trusted_proxies,
		.forwarded = (enum tq_forwarded)c->forwarded_header,
		.header_timeout_s = (unsigned)c->header_timeout_s,
		.body_rate_min = (unsigned)c->body_rate_min,
		.idle_timeout_s = (unsigned)c->idle_timeout_s,
		.body_max = tq_route_body_max,
		.handler = tq_route_dispatch, .refusal = tq_route_refuse,
		.app = &s->web,
	};

	(void)snprintf(listen_at, sizeof(listen_at), "%.*s",
	    TQ_FMT(c->listen));
	(void)snprintf(tls_listen_at, sizeof(tls_listen_at), "%.*s",
	    TQ_FMT(c->tls_listen));
	if (c->tls_listen.n > 0)
		s->app->reread = (struct tq_reread){ reread_certificates,
		    &s->web };
	return tq_http_start(&o, &s->web.http, e);
}

static enum tq_code
start(struct server *s, const struct tq_app_options *o, struct tq_err *e)
{
	enum tq_code code = tq_app_open(o, &s->install, e);
	size_t memory;

	if (code != TQ_OK)
		return code;
	s->app = tq_install_app(s->install);
	tq_log_set_level((enum tq_log_level)s->app->config.log_level);
	memory = (size_t)s->app->config.cache_mb * 1024 * 1024;
	s->web.app = s->app;
	s->web.started_us = tq_mono_us(&s->app->clock);
	atomic_init(&s->web.ready, true);
	code = tq_cache_new(memory / 4 * 3, &s->web.cache, e);
	if (code == TQ_OK)
		code = tq_texts_new(memory / 4, &s->web.texts, e);
	if (code == TQ_OK) {
		tq_web_listen(&s->web);
		code = tq_watch_start(s->app->articles_dir, reload, s->app,
		    &s->watch, e);
	}
	if (code == TQ_OK)
		code = tq_webhook_start(s->app, &s->app->webhook, e);
	if (code == TQ_OK)
		code = start_http(s, e);
	if (code == TQ_OK)
		code = tq_control_start(s->app, &s->control, e);
	return code;
}

static void
stop(struct server *s)
{
	unsigned drain_ms = s->app == NULL ? 0 :
	    (unsigned)s->app->config.drain_s * 1000;

	atomic_store(&s->web.ready, false);
	tq_watch_stop(s->watch);
	tq_control_stop(s->control);
	tq_http_stop(s->web.http, drain_ms);
	tq_app_close(s->install);
	tq_cache_free(s->web.cache);
	tq_texts_free(s->web.texts);
}

static void
say_url(const char *what, const char *scheme, tq_str listen, unsigned port)
{
	/* The port may have been 0: say the one that was given. */
	while (listen.n > 0 && listen.p[listen.n - 1] != ':')
		listen.n--;
	(void)printf("taliq: %s on %s://%.*s%u/\n", what, scheme,
	    TQ_FMT(listen), port);
}

static void
say_ready(const struct server *s)
{
	const struct tq_config *c = &s->app->config;
	bool plain = c->listen.n > 0, tls = c->tls_listen.n > 0;

	if (plain)
		say_url("ready", "http", c->listen, tq_http_port(s->web.http));
	if (tls)
		say_url(plain ? "and" : "ready", "https", c->tls_listen,
		    tq_http_tls_port(s->web.http));
	(void)fflush(stdout);
}

static void
wait_for_end(struct server *s, const sigset_t *set)
{
	const struct timespec minute = { .tv_sec = 60 };
	int64_t now;
	int sig;

	for (;;) {
		sig = sigtimedwait(set, NULL, &minute);
		if (sig == SIGTERM || sig == SIGINT)
			break;
		if (sig == SIGHUP)
			reload_all(s->app);
		/* What readers' networks did an hour ago is nobody's
		 * business, nor is what was posted ten minutes ago. */
		now = tq_mono_us(&s->app->clock);
		tq_limits_forget(s->app->limits, now);
		tq_recent_sweep(s->app->recent, now);
		tq_akismet_forget(s->app->akismet, now);
	}
	tq_log(TQ_LOG_INFO, "stopping", TQ_LOG_INT("signal", sig));
}

int
tq_cmd_serve(const struct tq_command *c, int argc, char **argv)
{
	struct server s = { .install = NULL };
	struct tq_app_options o;
	struct tq_common common;
	struct tq_err e;
	sigset_t set;
	bool bad = false;
	int status = TQ_EXIT_GOOD;

	if (!tq_cli_common(c, &argc, argv, &common, &status))
		return status;
	o = (struct tq_app_options){
		.data_dir = common.data, .config_file = common.config,
		.listen = tq_cli_option(&argc, argv, "listen", &bad),
	};
	if (bad || argc != 1)
		return tq_cli_usage(c, "takes --data, --listen and --config");
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	(void)pthread_sigmask(SIG_BLOCK, &set, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	if (start(&s, &o, &e) != TQ_OK) {
		status = tq_cli_fail(&e);
	} else {
		say_ready(&s);
		wait_for_end(&s, &set);
	}
	stop(&s);
	return status;
}
