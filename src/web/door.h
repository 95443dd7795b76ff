/* door.h - may this request come in?  Pure checks on a head that was read by
 * tq_head_read; nothing here knows a library or a socket.  The rules are those
 * of RFC 9112 where it leaves a choice the strict one, so that no proxy in
 * front of us can have read the same bytes differently.  Any thread. */
#ifndef TQ_WEB_DOOR_H
#define TQ_WEB_DOOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"
#include "web/head.h"
#include "web/http.h"

struct tq_door {
	enum tq_method method;
	tq_str path, query, host;	/* as in tq_req */
	bool chunked;
	size_t length;		/* of the body, when not chunked */
	bool old;		/* HTTP/1.0 */
};

/* 0 and *out is filled, or the status to refuse with (400, 413, 414, 431, 503,
 * 505); the connection must be closed after a refusal, and *out has what was
 * sound up to there, and the host.  The arena holds a copy of the host only
 * when it had capital letters. */
int tq_door_check(const struct tq_head *h, struct tq_arena *a,
    struct tq_door *out);

/* "example.org:80", "[::1]": RFC 3986 3.2.2 and 3.2.3 without percent. */
bool tq_door_host_ok(tq_str host);

/* A piece of a chunked body stands in a buffer that the library fills again
 * from its start whenever it has been emptied.  True when what stands before
 * the piece, from the buffer's start or from where the last piece ended, is a
 * strictly formed chunk size line (RFC 9112 7.1: hexadecimal digits, CR LF, no
 * extension), or when there is nothing to see.  seen_end may be NULL. */
bool tq_chunk_line_ok(const char *buffer, const char *seen_end,
    const char *piece);

#endif
