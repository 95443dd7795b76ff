/* http_engine.h - what http_loop.c (threads, sockets, waiting) and http_mhd.c
 * (the library) know of each other.  A loop is one thread with one engine; all
 * of a connection's life is on its loop's thread, but for tq_http_resume. */
#ifndef TQ_WEB_HTTP_ENGINE_H
#define TQ_WEB_HTTP_ENGINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "web/client_ip.h"
#include "web/conn_watch.h"
#include "web/door.h"
#include "web/head.h"
#include "web/http.h"

struct MHD_Connection;
struct tq_engine;
struct tq_loop;
struct tq_tls_conn;

struct tq_conn {
	int fd;
	struct tq_tls_conn *tls;	/* NULL: plain */
	struct MHD_Connection *mhd;
	struct tq_addr peer;
	bool trusted;		/* peer is a trusted proxy */
	bool linger;		/* there may be unread bytes: close gently */
	bool trimmed;		/* since the last request */
	bool parked;		/* its handshake waits for the client */
	struct tq_watch watch;
	uint64_t done;		/* bytes of the requests that were answered */
	const char *memory;	/* the library's, where the last head began */
	struct tq_live *live;	/* the request that is under way, or NULL */
	size_t at;		/* in the loop's table */
	struct tq_conn *next;	/* on its way to another loop */
};

/* Whose an exchange is. */
enum tq_live_state {
	TQ_LIVE_OURS,		/* the loop's thread has it */
	TQ_LIVE_KEPT,		/* the handler's, until tq_http_resume */
	TQ_LIVE_BACK,		/* resumed, on its way to the loop */
	TQ_LIVE_ORPHAN		/* the server has stopped without it */
};

enum tq_stage {
	TQ_STAGE_HEAD,
	TQ_STAGE_BODY,
	TQ_STAGE_ASKED,		/* the handler knows of it */
	TQ_STAGE_FILLED		/* x.res is to be sent */
};

struct tq_live {
	struct tq_exchange x;		/* first: the handler's view */
	struct tq_conn *conn;
	struct tq_loop *loop;
	struct MHD_Connection *mhd;
	_Atomic int state;		/* enum tq_live_state */
	struct tq_live *next;		/* in the loop's queue or free list */
	enum tq_stage stage;
	int refuse;			/* status, before the head was read */
	const char *target_p;		/* where the target stood */
	tq_str target;			/* saved from being clobbered */
	struct tq_door door;
	struct tq_buf body;
	size_t body_max;
	const char *body_buffer, *body_seen;	/* for tq_chunk_line_ok */
	uint64_t bytes;			/* of this request, head and body */
	struct tq_header fields[TQ_FIELDS_MAX];
};

/* The loop's side, for the engine; on the loop's thread. */
const struct tq_http_options *tq_loop_options(const struct tq_loop *l);
const struct tq_proxies *tq_loop_proxies(const struct tq_loop *l);
bool tq_loop_stopping(const struct tq_loop *l);
int64_t tq_loop_now_us(const struct tq_loop *l);
void tq_loop_count_request(struct tq_loop *l, bool refused);
struct tq_conn *const *tq_loop_conns(const struct tq_loop *l, size_t *n);
/* The connection ends; its socket is open until this returns. */
void tq_loop_conn_gone(struct tq_loop *l, struct tq_conn *c);
/* An exchange for a new request, its arena empty; NULL without memory. */
struct tq_live *tq_live_new(struct tq_loop *l);
/* The answer is released, the arena freed, v recycled. */
void tq_live_done(struct tq_live *v);

/* The engine's side, for the loop; on the loop's thread. */
/* NULL: cannot. */
struct tq_engine *tq_engine_open(struct tq_loop *l, bool tls);
/* Readable when there is something to do. */
int tq_engine_fd(const struct tq_engine *g);
/* The engine owns the socket from now on.  False: it could not be taken and is
 * closed, and tq_loop_conn_gone was not called. */
bool tq_engine_add(struct tq_engine *g, struct tq_conn *c);
/* Does what can be done without waiting; true when there is more at once. */
bool tq_engine_run(struct tq_engine *g);
/* x->res of a suspended exchange is filled (or shall be cut off). */
void tq_engine_resume(struct tq_engine *g, struct tq_live *v);
/* There are bytes to read that the engine was not told of. */
void tq_engine_nudge(struct tq_engine *g, struct tq_conn *c);
/* The connection is idle, and c->done is exactly what the kernel received for
 * it: gives back the memory that it does not need while waiting. */
void tq_engine_trim(struct tq_engine *g, struct tq_conn *c);
/* No exchange may be kept any more; closes all connections. */
void tq_engine_close(struct tq_engine *g);
/* Instead of that, when handlers still look at what is the engine's: it stays
 * as it is until the process ends. */
void tq_engine_abandon(struct tq_engine *g);

#endif
