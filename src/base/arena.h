/* arena.h - memory that dies together.  One per request, one per command.
 * Allocation never aborts: past the cap (or with no memory) it returns NULL and
 * the arena stays failed until freed, so a stage may check once, at its end.
 * An arena belongs to one thread at a time. */
#ifndef TQ_BASE_ARENA_H
#define TQ_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct tq_arena {
	struct tq_block *head;	/* owned chain, newest first */
	size_t used;		/* bytes handed out */
	size_t cap;		/* most bytes it may hand out */
	long fail_after;	/* tests: fail from the Nth allocation; -1 never */
	bool failed;
};

/* Starts empty; nothing is allocated before the first use. */
void tq_arena_init(struct tq_arena *a, size_t cap_bytes);
/* Frees everything handed out; the arena is empty and usable again, with the
 * same cap.  An arena that was never used is fine. */
void tq_arena_free(struct tq_arena *a);
/* count * size zeroed bytes, aligned for any type; NULL on overflow, past the
 * cap or without memory, and the arena is failed. */
__attribute__((warn_unused_result, alloc_size(2, 3)))
void *tq_arena_alloc(struct tq_arena *a, size_t count, size_t size);
/* Copies; the empty slice when the arena has failed or s is empty. */
tq_str tq_arena_str(struct tq_arena *a, tq_str s);
/* NUL-terminated copy for a C library; NULL (and failed untouched) when s
 * holds a NUL byte, so that nothing is ever cut short in silence. */
__attribute__((warn_unused_result))
char *tq_arena_cstr(struct tq_arena *a, tq_str s);
/* printf into the arena; the empty slice when it has failed. */
__attribute__((format(printf, 2, 3)))
tq_str tq_arena_printf(struct tq_arena *a, const char *fmt, ...);

#define tq_new(a, T) ((T *)tq_arena_alloc((a), 1, sizeof(T)))
#define tq_new_n(a, T, n) ((T *)tq_arena_alloc((a), (n), sizeof(T)))

#endif
