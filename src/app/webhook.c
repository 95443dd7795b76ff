/* The thread: woken by a lesson it waits until that is learnt, then judges anew
 * what clients may be told of. */
#include "app/webhook.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "app/akismet.h"
#include "app/api_keys.h"
#include "app/app.h"
#include "app/judge.h"
#include "app/outgoing.h"
#include "app/sites.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "base/log.h"
#include "text/url.h"

/* Far from the middle on both sides, so that nobody is told twice. */
#define CLEARLY_SPAM 0.9
#define CLEARLY_HAM 0.1
/* A lesson is learnt within milliseconds, many within seconds. */
#define FIRST_LOOK_S 2
#define SECOND_LOOK_S 15
#define CALLS_MAX 100		/* at one look */
#define ARENA_MAX ((size_t)16 * 1024 * 1024)

struct tq_webhook {
	struct tq_app *app;
	pthread_mutex_t lock;		/* of looks */
	pthread_cond_t wake;
	int looks;			/* still to be had */
	atomic_bool stop;
	pthread_t thread;
};

bool
tq_webhook_turned(enum tq_ak_said said, double spam, int64_t spam_from)
{
	double high = (double)spam_from / 1000;

	if (said == TQ_AK_HAM)
		return spam >= CLEARLY_SPAM && spam >= high;
	return spam <= CLEARLY_HAM && spam < high;
}

bool
tq_webhook_private(tq_str url)
{
	struct tq_url_parts at;

	if (!tq_url_split(url, &at))
		return false;
	return tq_str_eq_nocase(at.scheme, TQ_S("https")) ||
	    tq_str_eq_nocase(at.host, TQ_S("localhost")) ||
	    tq_str_eq(at.host, TQ_S("127.0.0.1")) ||
	    tq_str_eq(at.host, TQ_S("::1"));
}

tq_str
tq_webhook_body(struct tq_arena *a, const struct tq_ak_verdict *v, bool spam)
{
	const tq_str guid = tq_hex(a, (tq_str){ (const char *)v->guid,
	    sizeof(v->guid) });

	return tq_arena_printf(a, "key=%.*s&endpoint=comment-check"
	    "&comments%%5B0%%5D%%5Bguid%%5D=%.*s"
	    "&comments%%5B0%%5D%%5Bresult%%5D=%s", TQ_FMT(v->key_text),
	    TQ_FMT(guid), spam ? "true" : "false");
}

/* The key is good, may call back, its site owns the address, and nobody on the
 * way reads the key. */
static bool
is_allowed(struct tq_app *app, const struct tq_site_view *site,
    const struct tq_ak_verdict *v, struct tq_arena *a)
{
	struct tq_api_keys *keys =
	    (struct tq_api_keys *)tq_cell_get(&app->api_keys);
	const struct tq_api_key *k = tq_api_keys_find(keys, &app->keys,
	    v->key_text, tq_wall_us(&app->clock));
	bool yes = k != NULL && k->id == v->key_id && k->webhook &&
	    k->site_id == v->site_id;

	tq_api_keys_put(keys);
	return yes && tq_webhook_private(v->callback) &&
	    tq_site_has_origin(site, tq_url_origin(a, v->callback));
}

static void
call(struct tq_webhook *w, const struct tq_ak_verdict *v, bool spam,
    struct tq_arena *a)
{
	struct tq_ak_memory *m = tq_akismet_memory(w->app->akismet);
	char *url = tq_arena_cstr(a, v->callback);
	tq_str body = tq_webhook_body(a, v, spam);
	struct tq_err e;
	long status = 0;
	bool done;

	if (url == NULL || a->failed)
		return;
	done = tq_outgoing_post(url, "X-akismet-webhook: 1", body, &w->stop,
	    &status, &e) == TQ_OK;
	tq_ak_memory_told(m, v->guid, done);
	if (done)
		tq_log(TQ_LOG_INFO, "webhook", TQ_LOG_INT("key", v->key_id));
	else
		tq_log(TQ_LOG_WARN, "webhook_failed",
		    TQ_LOG_INT("key", v->key_id),
		    TQ_LOG_INT("status", status),
		    TQ_LOG_OPERATOR("problem",
		    TQ_OPERATOR(tq_str_c(e.text))));
}

/* Judges one anew by the settings of now; true: it was told of. */
static bool
look_at(struct tq_webhook *w, const struct tq_site_view *site,
    const struct tq_ak_verdict *v, struct tq_arena *a)
{
	taliq_verdict now;

	if (site == NULL || !site->set.filter ||
	    !tq_judge_verdict(w->app->judge, &(struct tq_judge_ask){
	    .site_id = v->site_id, .lang = v->lang, .name = v->name,
	    .url = v->url, .text = v->text, .signals = v->signals,
	    .n_signals = v->n_signals, .sure_from = 1 }, false, &now,
	    NULL) ||
	    !tq_webhook_turned(v->said, now.p_spam,
	    site->set.akismet_spam_from))
		return false;
	if (!is_allowed(w->app, site, v, a)) {
		tq_ak_memory_told(tq_akismet_memory(w->app->akismet),
		    v->guid, true);
		return false;
	}
	call(w, v, v->said == TQ_AK_HAM, a);
	return true;
}

/* The sites are asked for each time: a call may take ten seconds, and an origin
 * that was taken away meanwhile is not called any more. */
static bool
look_at_guid(struct tq_webhook *w, const struct tq_ak_guid *guid,
    int64_t now_us)
{
	struct tq_sites *sites =
	    (struct tq_sites *)tq_cell_get(&w->app->sites);
	struct tq_ak_verdict v;
	struct tq_arena a;
	bool told;

	tq_arena_init(&a, ARENA_MAX);
	told = tq_ak_memory_find(tq_akismet_memory(w->app->akismet), 0,
	    guid->b, now_us, &a, &v) &&
	    look_at(w, tq_sites_by_id(sites, v.site_id), &v, &a);
	tq_arena_free(&a);
	tq_sites_put(sites);
	return told;
}

static void
look(struct tq_webhook *w)
{
	struct tq_ak_memory *m = tq_akismet_memory(w->app->akismet);
	int64_t now_us = tq_mono_us(&w->app->clock);
	struct tq_arena list;
	struct tq_ak_guid *guids;
	size_t n, calls = 0;

	tq_arena_init(&list, ARENA_MAX);
	n = tq_ak_memory_waiting(m, now_us, &list, &guids);
	for (size_t i = 0; i < n && calls < CALLS_MAX &&
	    !atomic_load(&w->stop); i++)
		calls += look_at_guid(w, &guids[i], now_us);
	tq_arena_free(&list);
}

/* Waits for a reason to look, then for the time; false: the end.  What is taught
 * meanwhile is seen at the look after this one at the latest. */
static bool
wait_for_look(struct tq_webhook *w)
{
	struct timespec until;

	(void)pthread_mutex_lock(&w->lock);
	while (w->looks == 0 && !atomic_load(&w->stop))
		(void)pthread_cond_wait(&w->wake, &w->lock);
	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += w->looks > 1 ? FIRST_LOOK_S : SECOND_LOOK_S;
	while (!atomic_load(&w->stop) && pthread_cond_timedwait(&w->wake,
	    &w->lock, &until) == 0)
		continue;
	if (w->looks > 0)
		w->looks--;
	(void)pthread_mutex_unlock(&w->lock);
	return !atomic_load(&w->stop);
}

static void *
run(void *arg)
{
	struct tq_webhook *w = arg;

	while (wait_for_look(w))
		look(w);
	return NULL;
}

enum tq_code
tq_webhook_start(struct tq_app *app, struct tq_webhook **out,
    struct tq_err *e)
{
	struct tq_webhook *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for webhooks");
	w->app = app;
	(void)pthread_mutex_init(&w->lock, NULL);
	(void)pthread_cond_init(&w->wake, NULL);
	if (pthread_create(&w->thread, NULL, run, w) != 0) {
		free(w);
		return tq_fail(e, TQ_EIO, "cannot start a thread");
	}
	*out = w;
	return TQ_OK;
}

void
tq_webhook_wake(struct tq_webhook *w)
{
	if (w == NULL)
		return;
	(void)pthread_mutex_lock(&w->lock);
	w->looks = 2;
	(void)pthread_cond_signal(&w->wake);
	(void)pthread_mutex_unlock(&w->lock);
}

void
tq_webhook_stop(struct tq_webhook *w)
{
	if (w == NULL)
		return;
	(void)pthread_mutex_lock(&w->lock);
	atomic_store(&w->stop, true);
	(void)pthread_cond_signal(&w->wake);
	(void)pthread_mutex_unlock(&w->lock);
	(void)pthread_join(w->thread, NULL);
	(void)pthread_cond_destroy(&w->wake);
	(void)pthread_mutex_destroy(&w->lock);
	free(w);
}
