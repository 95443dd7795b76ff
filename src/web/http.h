/* http.h - one HTTP exchange as the rest of the web floor sees it.  Only
 * http_mhd.c knows the library behind it.
 *
 * A handler runs on one of the server's threads.  It fills x->res and returns
 * TQ_NOW, or keeps x, returns TQ_LATER, and some thread calls tq_http_resume
 * once x->res is filled.  Everything in x, slices of the request included,
 * lives until the response was sent or cannot be sent any more; then
 * res.release is called, once, and the arena freed.
 *
 * What reaches a handler is strictly formed: see door.h and head.h.  Refusals
 * never do: 400, 408, 413, 414, 431, 503, 505 are answered here and the
 * connection is closed.  So it is after a chunked request body.  When the head
 * could be read, the page that says so is asked for: see tq_refusal. */
#ifndef TQ_WEB_HTTP_H
#define TQ_WEB_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "web/tls_certs.h"

#define TQ_URI_MAX ((size_t)8 * 1024)		/* longer: 414 */
#define TQ_HEADERS_MAX ((size_t)16 * 1024)	/* longer: 431 */
#define TQ_BODY_MAX ((size_t)256 * 1024)	/* longer: 413 */
/* The same where tq_http_options' body_max allows it. */
#define TQ_BODY_LARGE_MAX ((size_t)1024 * 1024)

enum tq_method {
	TQ_GET, TQ_HEAD, TQ_POST, TQ_PUT, TQ_PATCH, TQ_DELETE, TQ_OPTIONS,
	TQ_METHOD_OTHER
};

struct tq_header { tq_str name, value; };

struct tq_req {
	enum tq_method method;
	tq_str path;		/* raw, from "/", without query */
	tq_str query;		/* raw, after "?", may be empty */
	tq_str host;		/* Host, checked for form, lower case */
	bool https;		/* by our TLS or a trusted proxy's word */
	struct tq_addr peer;	/* the socket's other end */
	struct tq_addr client;	/* the reader, past trusted proxies */
	const struct tq_header *headers;
	size_t n_headers;
	tq_str body;		/* at most TQ_BODY_LARGE_MAX */
};

#define TQ_RES_HEADERS_MAX 24
#define TQ_RES_PIECES_MAX 4	/* as many as tq_page_body gives */

struct tq_res {
	int status;
	struct tq_header headers[TQ_RES_HEADERS_MAX];
	size_t n_headers;	/* Content-Length, Date and Connection are the
				 * server's; an empty value is left out */
	tq_str pieces[TQ_RES_PIECES_MAX];	/* the body, in order; not sent
				 * for HEAD, 204 and 304, but Content-Length is
				 * (RFC 9110 8.6): give a 304 its 200's pieces */
	size_t n_pieces;
	void (*release)(void *held);	/* after sending; may be NULL */
	void *held;
	bool close;		/* end the connection after this answer */
};

struct tq_exchange {
	struct tq_arena arena;
	struct tq_req req;
	struct tq_res res;
	void *ctx;		/* the handler's, for TQ_LATER */
	/* Fills res after tq_http_resume, on the server's thread, so that the
	 * resuming thread is free for other things; NULL: it is filled.  When
	 * the server could not wait, the resuming thread runs it. */
	void (*finish)(struct tq_exchange *x);
};

enum tq_when { TQ_NOW, TQ_LATER };
typedef enum tq_when (*tq_handler)(struct tq_exchange *x, void *app);
/* Fills x->res with the page for a request that is refused with that status.
 * x->req has its headers, and of method, path, query and host what was sound;
 * never a body.  With res.status left 0 a bare line is sent. */
typedef void (*tq_refusal)(struct tq_exchange *x, int status, void *app);

/* First header of that name, case ignored; p == NULL without one. */
tq_str tq_req_header(const struct tq_req *r, tq_str name);
/* Adds a header; name and value must live as long as x.  Past
 * TQ_RES_HEADERS_MAX it asserts (the number is ours, no input's). */
void tq_res_header(struct tq_res *r, tq_str name, tq_str value);
void tq_res_piece(struct tq_res *r, tq_str bytes);

/* Which fields tell of the reader behind a trusted proxy.  Name the one that
 * the proxies really set: another one may come from the reader himself. */
enum tq_forwarded {
	TQ_FORWARDED_ANY,	/* X-Forwarded-*, without them Forwarded */
	TQ_FORWARDED_X,		/* X-Forwarded-For, X-Forwarded-Proto */
	TQ_FORWARDED_RFC7239	/* Forwarded */
};

struct tq_http_options {
	const char *listen;		/* "127.0.0.1:8080", "[::1]:8080", or
					 * "*:8080" for all addresses; NULL or
					 * empty: not without TLS */
	const char *tls_listen;		/* the same with TLS */
	struct tq_tls_files tls;	/* for it, see tls_certs.h */
	unsigned threads;		/* 0: one a core, at least 2 */
	unsigned connections_max;	/* in all, at least 1 */
	unsigned per_address_max;	/* of one IPv4 /32 or IPv6 /64, but not
					 * of trusted proxies; 0: any number */
	tq_str trusted_proxies;		/* addresses or prefixes by comma */
	enum tq_forwarded forwarded;
	unsigned header_timeout_s;	/* 10: whole request head */
	unsigned body_rate_min;		/* 500 bytes/s, after 5 s */
	unsigned idle_timeout_s;	/* 60: keep-alive, unread answers */
	/* Bytes that a body for this path may have, at most
	 * TQ_BODY_LARGE_MAX; NULL: TQ_BODY_MAX for all. */
	size_t (*body_max)(tq_str path);
	tq_handler handler;
	tq_refusal refusal;		/* NULL: a bare line */
	void *app;
};

struct tq_http;
/* Listens and starts the threads; options are copied, the strings borrowed
 * until tq_http_stop.  *out is set before the first thread runs, so that a
 * handler may look at it, and NULL after a failure.  TQ_EINVALID bad address or
 * proxy list, nothing to listen on; TQ_EIO cannot listen; what
 * tq_tls_certs_read says. */
enum tq_code tq_http_start(const struct tq_http_options *o,
    struct tq_http **out, struct tq_err *e);
/* The ports really listened on (for port 0); 0: none. */
unsigned tq_http_port(const struct tq_http *h);
unsigned tq_http_tls_port(const struct tq_http *h);
/* Reads the certificates and keys again.  Connections that come from now on get
 * the new ones; those that are there go on.  On failure the old ones stay, and
 * it is what tq_tls_certs_read says.  Nothing to do without TLS.  Any thread. */
enum tq_code tq_http_reread(struct tq_http *h, struct tq_err *e);
/* Any thread: x->res is filled now, or x->finish fills it. */
void tq_http_resume(struct tq_exchange *x);
/* Stops accepting, lets what runs finish for at most drain_ms, then closes.
 * What a handler keeps even then is cut off: its client sees the end, resuming
 * it is still allowed (once), and its memory stays until the process ends.
 * NULL is fine. */
void tq_http_stop(struct tq_http *h, unsigned drain_ms);
struct tq_http_stats {
	int64_t connections, requests, refused;
	int64_t certificate_until_s;	/* the first ends, since 1970; 0: none */
};
void tq_http_stats(const struct tq_http *h, struct tq_http_stats *out);

#endif
