/* The arena: a chain of blocks, each at least BLOCK_MIN, handed out from the
 * front.  Sizes are added only here and in buf.c, always checked. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_MIN ((size_t)8 * 1024)

struct tq_block {
	struct tq_block *next;
	size_t size, used;
	alignas(max_align_t) unsigned char bytes[];
};

void
tq_arena_init(struct tq_arena *a, size_t cap_bytes)
{
	*a = (struct tq_arena){ .cap = cap_bytes, .fail_after = -1 };
}

void
tq_arena_free(struct tq_arena *a)
{
	struct tq_block *b = a->head;

	while (b != NULL) {
		struct tq_block *next = b->next;

		free(b);
		b = next;
	}
	a->head = NULL;
	a->used = 0;
	a->failed = false;
}

static struct tq_block *
block_push(struct tq_arena *a, size_t need)
{
	size_t size = need > BLOCK_MIN ? need : BLOCK_MIN;
	struct tq_block *b = malloc(sizeof(*b) + size);

	if (b == NULL)
		return NULL;
	b->next = a->head;
	b->size = size;
	b->used = 0;
	a->head = b;
	return b;
}

void *
tq_arena_alloc(struct tq_arena *a, size_t count, size_t size)
{
	const size_t al = alignof(max_align_t);
	struct tq_block *b = a->head;
	size_t n;
	void *p;

	if (a->failed || a->fail_after == 0)
		goto fail;
	if (a->fail_after > 0)
		a->fail_after--;
	if (__builtin_mul_overflow(count, size, &n) || n > a->cap - a->used)
		goto fail;
	if (__builtin_add_overflow(n, al - 1, &n))
		goto fail;
	n &= ~(al - 1);
	if (b == NULL || n > b->size - b->used)
		b = block_push(a, n);
	if (b == NULL)
		goto fail;
	p = memset(b->bytes + b->used, 0, n);
	b->used += n;
	a->used = n > a->cap - a->used ? a->cap : a->used + n;
	return p;
fail:
	a->failed = true;
	return NULL;
}

tq_str
tq_arena_str(struct tq_arena *a, tq_str s)
{
	char *p = s.n ? tq_arena_alloc(a, s.n, 1) : NULL;

	if (p == NULL)
		return (tq_str){ NULL, 0 };
	memcpy(p, s.p, s.n);
	return (tq_str){ p, s.n };
}

char *
tq_arena_cstr(struct tq_arena *a, tq_str s)
{
	size_t room;
	char *p;

	if (s.n && memchr(s.p, 0, s.n) != NULL)
		return NULL;
	if (__builtin_add_overflow(s.n, 1, &room)) {
		a->failed = true;
		return NULL;
	}
	p = tq_arena_alloc(a, room, 1);
	if (p != NULL && s.n)
		memcpy(p, s.p, s.n);
	return p;
}

tq_str
tq_arena_printf(struct tq_arena *a, const char *fmt, ...)
{
	char small[256];	/* most are: then once is enough */
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	p = n < 0 ? NULL : tq_arena_alloc(a, (size_t)n + 1, 1);
	if (p == NULL) {
		a->failed = true;
		return (tq_str){ NULL, 0 };
	}
	if ((size_t)n < sizeof(small)) {
		memcpy(p, small, (size_t)n + 1);
		return (tq_str){ p, (size_t)n };
	}
	va_start(ap, fmt);
	(void)vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return (tq_str){ p, (size_t)n };
}
