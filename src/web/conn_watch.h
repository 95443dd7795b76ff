/* conn_watch.h - has this connection waited long enough?  A pure automaton
 * over what was seen of one connection, asked about once a second; the clock
 * and the byte counts come from the caller.  One thread at a time. */
#ifndef TQ_WEB_CONN_WATCH_H
#define TQ_WEB_CONN_WATCH_H

#include <stdbool.h>
#include <stdint.h>

enum tq_phase {
	TQ_PHASE_IDLE,	/* kept alive, nothing of a next request seen */
	TQ_PHASE_HEAD,	/* just opened, or a head has begun */
	TQ_PHASE_BODY,
	TQ_PHASE_RUN,	/* ours: no time-out */
	TQ_PHASE_SEND	/* the answer is on its way */
};

struct tq_watch {
	enum tq_phase phase;
	int64_t since_us;	/* monotonic, of the phase or its last move */
	uint64_t mark;		/* HEAD, IDLE: bytes of requests dealt with;
				 * BODY: bytes of it so far; SEND: acked */
};

struct tq_watch_limits {
	int64_t head_us;	/* for a whole head */
	int64_t body_grace_us;	/* then at least body_rate_min bytes/s */
	uint64_t body_rate_min;
	int64_t idle_us;	/* for a next request; for a reader to read */
};

/* What the kernel knows of the socket. */
struct tq_watch_seen {
	uint64_t received, acked;	/* bytes since it was opened */
	bool ended;		/* the client's half, and all of it was read */
};

enum tq_watch_verdict {
	TQ_WATCH_STAY,
	TQ_WATCH_CLOSE,		/* without a word */
	TQ_WATCH_TIMEOUT	/* answer 408, then close */
};

void tq_watch_enter(struct tq_watch *w, enum tq_phase phase, uint64_t mark,
    int64_t now_us);
enum tq_watch_verdict tq_watch_check(struct tq_watch *w,
    const struct tq_watch_limits *l, const struct tq_watch_seen *seen,
    int64_t now_us);

#endif
