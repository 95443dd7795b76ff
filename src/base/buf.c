/* Growing bytes: the buffer doubles inside its arena.  The old bytes stay in
 * the arena until it is freed; a good size hint avoids that. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
tq_buf_init(struct tq_buf *b, struct tq_arena *a, size_t hint)
{
	*b = (struct tq_buf){ .arena = a };
	if (hint > 0)
		(void)tq_buf_room(b, hint);
}

bool
tq_buf_room(struct tq_buf *b, size_t n)
{
	size_t need, cap = b->cap > 0 ? b->cap : 256;
	char *p;

	if (b->failed)
		return false;
	if (n <= b->cap - b->n)
		return true;
	if (__builtin_add_overflow(b->n, n, &need))
		goto fail;
	while (cap < need)
		if (__builtin_mul_overflow(cap, 2, &cap))
			goto fail;
	p = tq_arena_alloc(b->arena, cap, 1);
	if (p == NULL)
		goto fail;
	if (b->n > 0)
		memcpy(p, b->p, b->n);
	b->p = p;
	b->cap = cap;
	return true;
fail:
	b->failed = true;
	return false;
}

void
tq_buf_put(struct tq_buf *b, tq_str s)
{
	if (s.n == 0 || !tq_buf_room(b, s.n))
		return;
	memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}

void
tq_buf_byte(struct tq_buf *b, char c)
{
	if (tq_buf_room(b, 1))
		b->p[b->n++] = c;
}

void
tq_buf_i64(struct tq_buf *b, int64_t v)
{
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	char digits[20];
	size_t i = sizeof(digits);

	do {
		digits[--i] = (char)('0' + u % 10);
		u /= 10;
	} while (u > 0);
	if (v < 0)
		tq_buf_byte(b, '-');
	tq_buf_put(b, (tq_str){ digits + i, sizeof(digits) - i });
}

void
tq_buf_printf(struct tq_buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->failed = true;
		return;
	}
	if (!tq_buf_room(b, (size_t)n + 1))
		return;
	va_start(ap, fmt);
	(void)vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
}

tq_str
tq_buf_str(const struct tq_buf *b)
{
	if (b->failed || b->n == 0)
		return (tq_str){ NULL, 0 };
	return (tq_str){ b->p, b->n };
}

bool
tq_buf_ok(const struct tq_buf *b)
{
	return !b->failed;
}
