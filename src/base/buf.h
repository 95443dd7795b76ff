/* buf.h - growing bytes in an arena.  Failure is sticky: after one, every put
 * does nothing, and the writer checks once, at the end (tq_buf_ok).  One
 * thread at a time. */
#ifndef TQ_BASE_BUF_H
#define TQ_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct tq_buf {
	struct tq_arena *arena;	/* where it grows */
	char *p;
	size_t n, cap;		/* bytes used, bytes there */
	bool failed;
};

/* An empty buffer with room for hint bytes (0: grow when needed). */
void tq_buf_init(struct tq_buf *b, struct tq_arena *a, size_t hint);
/* Makes room for n more bytes; false (and failed) when that cannot be had. */
bool tq_buf_room(struct tq_buf *b, size_t n);
void tq_buf_put(struct tq_buf *b, tq_str s);
void tq_buf_byte(struct tq_buf *b, char c);
/* Decimal. */
void tq_buf_i64(struct tq_buf *b, int64_t v);
__attribute__((format(printf, 2, 3)))
void tq_buf_printf(struct tq_buf *b, const char *fmt, ...);
/* What was written so far; empty when failed.  Valid until the next put. */
tq_str tq_buf_str(const struct tq_buf *b);
bool tq_buf_ok(const struct tq_buf *b);

#define tq_buf_lit(b, lit) tq_buf_put((b), TQ_S(lit))

#endif
