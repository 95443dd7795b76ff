/* A server for the tests of the HTTP seam, without the application.
 *   echo_server [KEY=VALUE]...
 * prints "ready PORT TLS-PORT", serves until standard input ends, stops
 * gracefully and prints what it counted; at an "r" on standard input it reads its
 * certificates again and prints "reread " and what is wrong.  Routes:
 *   GET  /big         12,288 bytes and seven headers, as a cached page has
 *   GET  /holed       the same in three pieces, as a page with a form has
 *   GET  /pieces      four pieces
 *   GET  /huge        4 MiB
 *   GET  /status?304  that status
 *   GET  /later?MS    answered by another thread, MS milliseconds later; odd:
 *                     filled by the server's thread then
 *   any  /echo...     the request as JSON */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <jansson.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "web/http.h"

#define BIG ((size_t)12288)
#define HUGE_BYTES ((size_t)4 * 1024 * 1024)

struct task {
	struct tq_exchange *x;
	int64_t ms;
	struct task *next;
};

static char big[BIG], huge[HUGE_BYTES];
static _Atomic long held, released, late;

static void
release(void *what)
{
	(void)what;
	released++;
}

static void
hold(struct tq_exchange *x)
{
	held++;
	x->res.release = release;
}

static void
fill_late(struct tq_exchange *x)
{
	x->res.status = 200;
	tq_res_piece(&x->res, TQ_S("late\n"));
	hold(x);
}

static void *
answer_late(void *arg)
{
	struct task *t = arg;
	struct timespec d = { t->ms / 1000, t->ms % 1000 * 1000000 };

	(void)nanosleep(&d, NULL);
	if (t->ms % 2)
		t->x->finish = fill_late;
	else
		fill_late(t->x);
	tq_http_resume(t->x);
	free(t);
	late--;
	return NULL;
}

static enum tq_when
get_later(struct tq_exchange *x)
{
	struct task *t = calloc(1, sizeof(*t));
	pthread_t thread;

	if (t == NULL || !tq_str_i64(x->req.query, &t->ms))
		abort();
	t->x = x;
	late++;
	if (pthread_create(&thread, NULL, answer_late, t) != 0)
		abort();
	(void)pthread_detach(thread);
	return TQ_LATER;
}

static void
page_headers(struct tq_res *r)
{
	tq_res_header(r, TQ_S("Content-Type"), TQ_S("text/html; charset=utf-8"));
	tq_res_header(r, TQ_S("ETag"), TQ_S("\"0123456789abcdef-i\""));
	tq_res_header(r, TQ_S("Cache-Control"), TQ_S("no-cache"));
	tq_res_header(r, TQ_S("Vary"), TQ_S("Accept-Encoding"));
	tq_res_header(r, TQ_S("Content-Security-Policy"),
	    TQ_S("default-src 'none'; style-src 'self'; form-action 'self'"));
	tq_res_header(r, TQ_S("X-Content-Type-Options"), TQ_S("nosniff"));
	tq_res_header(r, TQ_S("Referrer-Policy"), TQ_S("same-origin"));
}

static enum tq_when
get_big(struct tq_exchange *x)
{
	page_headers(&x->res);
	tq_res_piece(&x->res, (tq_str){ big, BIG });
	return TQ_NOW;
}

static enum tq_when
get_holed(struct tq_exchange *x)
{
	page_headers(&x->res);
	tq_res_piece(&x->res, (tq_str){ big, 6000 });
	tq_res_piece(&x->res, (tq_str){ huge, 64 });
	tq_res_piece(&x->res, (tq_str){ big, BIG - 6064 });
	return TQ_NOW;
}

static enum tq_when
get_pieces(struct tq_exchange *x)
{
	tq_res_piece(&x->res, TQ_S("one "));
	tq_res_piece(&x->res, TQ_S("two "));
	tq_res_piece(&x->res, TQ_S(""));
	tq_res_piece(&x->res, TQ_S("three\n"));
	hold(x);
	return TQ_NOW;
}

static enum tq_when
get_huge(struct tq_exchange *x)
{
	tq_res_piece(&x->res, (tq_str){ huge, HUGE_BYTES });
	hold(x);
	return TQ_NOW;
}

static enum tq_when
get_status(struct tq_exchange *x)
{
	int64_t status = 0;

	(void)tq_str_i64(x->req.query, &status);
	x->res.status = (int)status;
	tq_res_header(&x->res, TQ_S("ETag"), TQ_S("\"1\""));
	hold(x);
	return TQ_NOW;
}

/* One character a byte, so that any byte has a place in JSON. */
static json_t *
latin1(tq_str s)
{
	char *utf8 = malloc(2 * s.n + 1);
	size_t n = 0;
	json_t *j;

	if (utf8 == NULL)
		abort();
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x80)
			utf8[n++] = (char)(0xc0 | c >> 6);
		utf8[n++] = (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c);
	}
	j = json_stringn(utf8, n);
	free(utf8);
	return j;
}

static json_t *
address(const struct tq_addr *a)
{
	char text[INET6_ADDRSTRLEN];

	return json_string(inet_ntop(a->family == 4 ? AF_INET : AF_INET6,
	    a->bytes, text, sizeof(text)));
}

static enum tq_when
echo(struct tq_exchange *x)
{
	const struct tq_req *r = &x->req;
	json_t *headers = json_array(), *j;
	char *text;

	for (size_t i = 0; i < r->n_headers; i++)
		(void)json_array_append_new(headers, json_pack("[oo]",
		    latin1(r->headers[i].name), latin1(r->headers[i].value)));
	j = json_pack("{si so so so sb so so so so}", "method", (int)r->method,
	    "path", latin1(r->path), "query", latin1(r->query),
	    "host", latin1(r->host), "https", r->https,
	    "peer", address(&r->peer), "client", address(&r->client),
	    "headers", headers, "body", latin1(r->body));
	text = json_dumps(j, JSON_SORT_KEYS);
	json_decref(j);
	if (text == NULL)
		abort();
	tq_res_header(&x->res, TQ_S("Content-Type"), TQ_S("application/json"));
	tq_res_piece(&x->res, tq_arena_str(&x->arena, tq_str_c(text)));
	free(text);
	hold(x);
	return TQ_NOW;
}

static enum tq_when
handle(struct tq_exchange *x, void *app)
{
	static const struct { tq_str path; enum tq_when (*f)(struct
	    tq_exchange *); } routes[] = {
		{ TQ_S_INIT("/big"), get_big },
		{ TQ_S_INIT("/holed"), get_holed },
		{ TQ_S_INIT("/pieces"), get_pieces },
		{ TQ_S_INIT("/huge"), get_huge },
		{ TQ_S_INIT("/status"), get_status },
		{ TQ_S_INIT("/later"), get_later },
	};

	(void)app;
	x->res.status = 200;
	for (size_t i = 0; i < sizeof(routes) / sizeof(*routes); i++)
		if (tq_str_eq(x->req.path, routes[i].path))
			return routes[i].f(x);
	return echo(x);
}

static unsigned drain_ms = 5000;
static char *listen_at, *trusted, *tls_listen, *cert, *key;

static void
set(struct tq_http_options *o, char *arg)
{
	const struct { const char *key; unsigned *n; char **s; } keys[] = {
		{ "threads", &o->threads, NULL },
		{ "connections", &o->connections_max, NULL },
		{ "per_address", &o->per_address_max, NULL },
		{ "head_s", &o->header_timeout_s, NULL },
		{ "idle_s", &o->idle_timeout_s, NULL },
		{ "drain_ms", &drain_ms, NULL },
		{ "listen", NULL, &listen_at }, { "trusted", NULL, &trusted },
		{ "tls_listen", NULL, &tls_listen },
		{ "cert", NULL, &cert }, { "key", NULL, &key },
	};
	char *value = strchr(arg, '=');

	for (size_t i = 0; value != NULL && i < sizeof(keys) / sizeof(*keys);
	    i++)
		if (strncmp(arg, keys[i].key, strlen(keys[i].key)) == 0) {
			if (keys[i].n != NULL)
				*keys[i].n = (unsigned)strtoul(value + 1,
				    NULL, 10);
			else
				*keys[i].s = value + 1;
			return;
		}
	(void)fprintf(stderr, "echo_server: what is %s?\n", arg);
	exit(2);
}

int
main(int argc, char **argv)
{
	struct tq_http_options o = { .threads = 2, .connections_max = 20000,
	    .per_address_max = 0, .header_timeout_s = 10,
	    .body_rate_min = 500, .idle_timeout_s = 60, .handler = handle };
	struct tq_http_stats stats;
	struct tq_http *h;
	struct tq_err e;
	char c;

	for (int i = 1; i < argc; i++)
		set(&o, argv[i]);
	o.listen = listen_at != NULL ? listen_at : "127.0.0.1:0";
	o.tls_listen = tls_listen;
	o.tls = (struct tq_tls_files){ tq_str_c(cert), tq_str_c(key), "/" };
	o.trusted_proxies = tq_str_c(trusted);
	memset(big, 'b', BIG);
	memset(huge, 'h', HUGE_BYTES);
	if (tq_crypto_start(&e) != TQ_OK || tq_http_start(&o, &h, &e) != TQ_OK) {
		(void)fprintf(stderr, "echo_server: %s\n", e.text);
		return 1;
	}
	(void)printf("ready %u %u\n", tq_http_port(h), tq_http_tls_port(h));
	(void)fflush(stdout);
	while (read(0, &c, 1) > 0)
		if (c == 'r') {
			e.text[0] = 0;
			(void)tq_http_reread(h, &e);
			(void)printf("reread %s\n", e.text);
			(void)fflush(stdout);
		}
	tq_http_stats(h, &stats);
	tq_http_stop(h, drain_ms);
	while (late > 0)
		(void)usleep(1000);
	(void)printf("requests %ld refused %ld held %ld released %ld\n",
	    (long)stats.requests, (long)stats.refused, held, released);
	return held == released ? 0 : 1;
}
