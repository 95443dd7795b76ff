/* The end of a loop: nothing new comes in, what is under way is finished. */
#include "web/http_drain.h"

#include <sys/socket.h>

#include "base/log.h"
#include "web/http_accept.h"
#include "web/http_conn.h"

/* Connections that wait for a request that nobody has begun to send. */
static void
end_idle(struct tq_loop *l)
{
	for (size_t i = 0; i < l->n_conns; i++) {
		struct tq_conn *c = l->conns[i];
		struct tq_watch_seen seen;
		uint64_t unread;

		if (c->live == NULL && tq_conn_seen(c, &seen, &unread) &&
		    seen.received <= c->done)
			tq_conn_end(c);
	}
}

/* At the deadline.  What a handler still keeps becomes an orphan: its client
 * sees the end, but its memory, some of it the engine's, must stay for as long
 * as the handler may look at it.  What was resumed at this very moment is in
 * the queue at once. */
static bool
orphan_kept(struct tq_loop *l)
{
	bool on_its_way = false;

	for (size_t i = 0; i < l->n_conns; i++) {
		struct tq_conn *c = l->conns[i];
		int state = TQ_LIVE_KEPT;

		if (c->live != NULL && atomic_compare_exchange_strong(
		    &c->live->state, &state, TQ_LIVE_ORPHAN)) {
			(void)shutdown(c->fd, SHUT_RDWR);
			l->orphans++;
		}
		on_its_way |= state == TQ_LIVE_BACK;
	}
	return on_its_way;
}

static void
give_up(struct tq_loop *l)
{
	while (orphan_kept(l))
		tq_loop_take_queue(l);
	tq_loop_run_engines(l, true);
	for (size_t i = 0; l->orphans > 0 && i < l->n_conns; i++)
		(void)shutdown(l->conns[i]->fd, SHUT_RDWR);
	for (int turn = 0; turn < 1000 && l->orphans > 0 &&
	    l->n_conns > l->orphans; turn++)
		tq_loop_run_engines(l, true);
	if (l->orphans > 0)
		tq_log(TQ_LOG_WARN, "stopped_without_answer",
		    TQ_LOG_INT("requests", l->orphans));
}

void
tq_drain(struct tq_loop *l)
{
	const int64_t deadline_us = l->http->deadline_us;
	bool more = false;

	tq_accept_end(l);
	while (atomic_load(&l->load) > 0 && l->now_us < deadline_us) {
		more = tq_loop_turn(l, more ? 0 : 10);
		end_idle(l);
	}
	give_up(l);
}
