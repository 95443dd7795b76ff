/* Starting and stopping the server as a whole. */
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "web/http_loop.h"
#include "web/listen.h"

static unsigned
thread_count(unsigned wanted)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (wanted > 0)
		return wanted;
	return cores > 2 ? (unsigned)cores : 2;
}

static struct tq_watch_limits
limits_of(const struct tq_http_options *o)
{
	return (struct tq_watch_limits){
		.head_us = o->header_timeout_s * TQ_SECOND_US,
		.body_grace_us = 5 * TQ_SECOND_US,
		.body_rate_min = o->body_rate_min,
		.idle_us = o->idle_timeout_s * TQ_SECOND_US,
	};
}

static void
free_all(struct tq_http *h, unsigned opened)
{
	while (opened > 0)
		tq_loop_close(&h->loops[--opened]);
	for (unsigned i = 0; i < h->n_listeners; i++)
		(void)close(h->listeners[i].fd);
	tq_cell_end(&h->certs);
	(void)pthread_mutex_destroy(&h->rereading);
	tq_cap_free(h->cap);
	free(h);
}

static void
stop_threads(struct tq_http *h, unsigned started, unsigned drain_ms)
{
	h->deadline_us = tq_mono_us(&tq_clock_system) +
	    (int64_t)drain_ms * 1000;
	atomic_store(&h->stopping, true);
	for (unsigned i = 0; i < started; i++)
		tq_loop_ring(&h->loops[i]);
	for (unsigned i = 0; i < started; i++)
		(void)pthread_join(h->loops[i].thread, NULL);
}

static enum tq_code
start_threads(struct tq_http *h, struct tq_err *e)
{
	unsigned opened = 0, started = 0;

	while (opened < h->n_loops && tq_loop_open(&h->loops[opened], h))
		opened++;
	while (opened == h->n_loops && started < opened &&
	    pthread_create(&h->loops[started].thread, NULL, tq_loop_run,
	    &h->loops[started]) == 0)
		started++;
	if (started == h->n_loops)
		return TQ_OK;
	stop_threads(h, started, 0);
	free_all(h, opened);
	return tq_fail(e, TQ_EIO, "cannot start the server's threads");
}

static enum tq_code
add_listener(struct tq_http *h, const char *where, bool tls, struct tq_err *e)
{
	struct tq_listener *l = &h->listeners[h->n_listeners];
	enum tq_code code;

	if (where == NULL || where[0] == 0)
		return TQ_OK;
	code = tq_listen_open(where, &l->fd, &l->port, e);
	if (code != TQ_OK)
		return code;
	l->tls = tls;
	h->n_listeners++;
	return TQ_OK;
}

static enum tq_code
open_listeners(struct tq_http *h, struct tq_err *e)
{
	const struct tq_http_options *o = &h->options;
	enum tq_code code = tq_http_reread(h, e);

	if (code == TQ_OK)
		code = add_listener(h, o->listen, false, e);
	if (code == TQ_OK)
		code = add_listener(h, o->tls_listen, true, e);
	if (code == TQ_OK && h->n_listeners == 0)
		code = tq_fail(e, TQ_EINVALID, "nothing to listen on: listen "
		    "and tls_listen are both empty");
	return code;
}

enum tq_code
tq_http_start(const struct tq_http_options *o, struct tq_http **out,
    struct tq_err *e)
{
	unsigned n = thread_count(o->threads);
	struct tq_http *h = calloc(1, sizeof(*h) + n * sizeof(h->loops[0]));
	enum tq_code code;

	if (h == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for the server");
	h->options = *o;
	h->limits = limits_of(o);
	h->n_loops = n;
	h->n_listening = n;
	tq_cell_init(&h->certs);
	(void)pthread_mutex_init(&h->rereading, NULL);
	h->cap = tq_cap_new(o->connections_max, o->per_address_max);
	code = h->cap == NULL ? tq_fail(e, TQ_ELIMIT,
	    "no memory for %u connections", o->connections_max) :
	    tq_proxies_parse(o->trusted_proxies, &h->proxies, e);
	h->proxies.header = o->forwarded;
	if (code == TQ_OK)
		code = open_listeners(h, e);
	if (code != TQ_OK) {
		free_all(h, 0);
		return code;
	}
	*out = h;
	code = start_threads(h, e);
	if (code != TQ_OK)
		*out = NULL;
	return code;
}

static unsigned
port_of(const struct tq_http *h, bool tls)
{
	for (unsigned i = 0; i < h->n_listeners; i++)
		if (h->listeners[i].tls == tls)
			return h->listeners[i].port;
	return 0;
}

unsigned
tq_http_port(const struct tq_http *h)
{
	return port_of(h, false);
}

unsigned
tq_http_tls_port(const struct tq_http *h)
{
	return port_of(h, true);
}

enum tq_code
tq_http_reread(struct tq_http *h, struct tq_err *e)
{
	const struct tq_http_options *o = &h->options;
	struct tq_tls_certs *certs;
	enum tq_code code;

	if (o->tls_listen == NULL || o->tls_listen[0] == 0)
		return TQ_OK;
	/* Else a reading begun earlier could be put in place later. */
	(void)pthread_mutex_lock(&h->rereading);
	code = tq_tls_certs_read(&o->tls, &certs, e);
	if (code == TQ_OK) {
		atomic_store(&h->certs_until_s, certs->until_s);
		tq_cell_set(&h->certs, &certs->ref);
	}
	(void)pthread_mutex_unlock(&h->rereading);
	return code;
}

void
tq_http_stop(struct tq_http *h, unsigned drain_ms)
{
	if (h == NULL)
		return;
	stop_threads(h, h->n_loops, drain_ms);
	free_all(h, h->n_loops);
}

void
tq_http_stats(const struct tq_http *h, struct tq_http_stats *out)
{
	*out = (struct tq_http_stats){
	    .connections = (int64_t)tq_cap_total(h->cap),
	    .certificate_until_s = atomic_load(&h->certs_until_s) };
	for (unsigned i = 0; i < h->n_loops; i++) {
		out->requests += atomic_load(&h->loops[i].requests);
		out->refused += atomic_load(&h->loops[i].refused);
	}
}
