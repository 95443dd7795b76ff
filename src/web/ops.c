/* For the operator: is it alive, is it ready, how is it doing (Prometheus text
 * exposition format 0.0.4).  Numbers only. */
#include "app/change.h"
#include "web/cache.h"
#include "web/reply.h"
#include "web/texts.h"

enum tq_when
tq_ops_health(struct tq_visit *v)
{
	return tq_reply_bytes(v, 200, TQ_S("text/plain; charset=utf-8"),
	    TQ_S("no-store"), TQ_S("ok\n"));
}

enum tq_when
tq_ops_ready(struct tq_visit *v)
{
	bool ready = atomic_load(&v->web->ready);

	return tq_reply_bytes(v, ready ? 200 : 503,
	    TQ_S("text/plain; charset=utf-8"), TQ_S("no-store"),
	    ready ? TQ_S("ready\n") : TQ_S("stopping\n"));
}

static void
figure(struct tq_buf *b, const char *name, const char *type, const char *help,
    int64_t value)
{
	tq_buf_printf(b, "# HELP taliq_%s %s\n# TYPE taliq_%s %s\n"
	    "taliq_%s %lld\n", name, help, name, type, name,
	    (long long)value);
}

enum tq_when
tq_ops_metrics(struct tq_visit *v)
{
	struct tq_writer_stats w;
	struct tq_cache_stats c;
	struct tq_texts_stats t;
	struct tq_http_stats h = { 0 };
	struct tq_buf b;

	tq_writer_stats(v->app->writer, &w);
	tq_cache_stats(v->web->cache, &c);
	tq_texts_stats(v->web->texts, &t);
	tq_http_stats(v->web->http, &h);
	tq_buf_init(&b, &v->x->arena, 4096);
	figure(&b, "uptime_seconds", "gauge", "Time since the start.",
	    (tq_mono_us(&v->app->clock) - v->web->started_us) /
	    TQ_SECOND_US);
	figure(&b, "connections", "gauge", "Open connections.",
	    h.connections);
	figure(&b, "requests_total", "counter", "Requests answered.",
	    h.requests);
	figure(&b, "refused_total", "counter",
	    "Requests and connections refused at the door, and clients' keys "
	    "guessed over the limit.",
	    h.refused + atomic_load(&v->web->wrong_keys));
	if (h.certificate_until_s != 0)
		figure(&b, "certificate_until_seconds", "gauge",
		    "When the first certificate ends, since 1970.",
		    h.certificate_until_s);
	figure(&b, "writes_total", "counter", "Changes to the store.",
	    w.jobs);
	figure(&b, "commits_total", "counter", "Transactions committed.",
	    w.commits);
	figure(&b, "write_failures_total", "counter",
	    "Changes that failed.", w.failed);
	figure(&b, "cache_hits_total", "counter", "Pages from the cache.",
	    c.hits);
	figure(&b, "cache_misses_total", "counter", "Pages made.", c.misses);
	figure(&b, "cache_bytes", "gauge", "Memory of cached pages.",
	    c.bytes);
	figure(&b, "texts_hits_total", "counter",
	    "Comments that were not rendered again.", t.hits);
	figure(&b, "texts_misses_total", "counter", "Comments rendered.",
	    t.misses);
	figure(&b, "texts_bytes", "gauge", "Memory of rendered comments.",
	    t.bytes);
	return tq_reply_bytes(v, 200,
	    TQ_S("text/plain; version=0.0.4; charset=utf-8"),
	    TQ_S("no-store"), tq_buf_str(&b));
}
