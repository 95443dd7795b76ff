/* The first byte of a next request is not announced to us: the library reads
 * it.  But the kernel counts all bytes of the socket, and we know how many the
 * finished requests had, so more bytes than that means that a head has
 * begun.  It also knows that the client has ended his half, which the library
 * overlooks (0.9.75, edge-triggered) when the end came along with data. */
#include "web/conn_watch.h"

#include "base/clock.h"

void
tq_watch_enter(struct tq_watch *w, enum tq_phase phase, uint64_t mark,
    int64_t now_us)
{
	*w = (struct tq_watch){ phase, now_us, mark };
}

static enum tq_watch_verdict
check_body(const struct tq_watch *w, const struct tq_watch_limits *l,
    int64_t waited_us)
{
	int64_t counted_us = waited_us - l->body_grace_us;
	uint64_t want;

	if (counted_us <= 0)
		return TQ_WATCH_STAY;
	want = (uint64_t)(counted_us / 1000) * l->body_rate_min / 1000;
	return w->mark < want ? TQ_WATCH_TIMEOUT : TQ_WATCH_STAY;
}

enum tq_watch_verdict
tq_watch_check(struct tq_watch *w, const struct tq_watch_limits *l,
    const struct tq_watch_seen *seen, int64_t now_us)
{
	int64_t waited_us = now_us - w->since_us;

	if (seen->ended && w->phase != TQ_PHASE_RUN &&
	    w->phase != TQ_PHASE_SEND)
		return TQ_WATCH_CLOSE;
	switch (w->phase) {
	case TQ_PHASE_IDLE:
		if (seen->received > w->mark) {
			tq_watch_enter(w, TQ_PHASE_HEAD, w->mark, now_us);
			return TQ_WATCH_STAY;
		}
		return waited_us > l->idle_us ? TQ_WATCH_CLOSE : TQ_WATCH_STAY;
	case TQ_PHASE_HEAD:
		if (waited_us <= l->head_us)
			return TQ_WATCH_STAY;
		return seen->received > w->mark ? TQ_WATCH_TIMEOUT :
		    TQ_WATCH_CLOSE;
	case TQ_PHASE_BODY:
		return check_body(w, l, waited_us);
	case TQ_PHASE_RUN:
		return TQ_WATCH_STAY;
	case TQ_PHASE_SEND:
		if (seen->acked != w->mark) {
			tq_watch_enter(w, TQ_PHASE_SEND, seen->acked, now_us);
			return TQ_WATCH_STAY;
		}
		return waited_us > l->idle_us ? TQ_WATCH_CLOSE : TQ_WATCH_STAY;
	}
	return TQ_WATCH_STAY;
}
