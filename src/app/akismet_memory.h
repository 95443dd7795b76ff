/* akismet_memory.h - what clients were told in the last day, so that a later
 * lesson finds the comment that it speaks of, a verdict can be explained, and
 * what we had said otherwise is counted.  In memory only: at most a day, at most
 * so many comments and bytes, the oldest forgotten first, wiped when forgotten.
 * Name, website and text are kept; addresses and agents are not.  Any
 * thread. */
#ifndef TQ_APP_AKISMET_MEMORY_H
#define TQ_APP_AKISMET_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "taliq/filter.h"

#define TQ_AK_GUID_BYTES 16
#define TQ_AK_MEMORY_COUNT ((size_t)8192)
#define TQ_AK_MEMORY_BYTES ((size_t)8 * 1024 * 1024)
#define TQ_AK_MEMORY_US (INT64_C(86400) * 1000000)

enum tq_ak_said { TQ_AK_HAM, TQ_AK_SPAM, TQ_AK_DISCARD };

/* One verdict.  Slices are the caller's, or in the arena given to find. */
struct tq_ak_verdict {
	uint8_t guid[TQ_AK_GUID_BYTES];
	int64_t key_id, site_id;
	int64_t at_us;			/* monotonic */
	enum tq_ak_said said;
	const char *why;		/* decided without the filter; static */
	double spam;			/* the probability then */
	enum taliq_class taught;	/* TALIQ_UNSURE: nothing yet */
	taliq_signal signals[TALIQ_SIGNALS_MAX];
	size_t n_signals;
	tq_str name, url, text, lang;
	tq_str site;			/* tq_key_use_site */
	/* Where to tell of a change, and by which key's text; or empty. */
	tq_str callback, key_text;
	int tries;			/* to tell it; TQ_AK_TRIES: no more */
};
#define TQ_AK_TRIES 3
struct tq_ak_guid { uint8_t b[TQ_AK_GUID_BYTES]; };

struct tq_ak_memory;
/* TQ_ELIMIT no memory. */
enum tq_code tq_ak_memory_new(size_t count_max, size_t bytes_max,
    struct tq_ak_memory **out, struct tq_err *e);
void tq_ak_memory_free(struct tq_ak_memory *m);		/* NULL is fine */

/* Copies v.  Without room for it, it is not remembered. */
void tq_ak_memory_add(struct tq_ak_memory *m, const struct tq_ak_verdict *v);
/* By guid, of that key (0: of any); false when it is not known (any more). */
bool tq_ak_memory_find(struct tq_ak_memory *m, int64_t key_id,
    const uint8_t guid[TQ_AK_GUID_BYTES], int64_t now_us, struct tq_arena *a,
    struct tq_ak_verdict *out);
/* The newest of that key with this name, url and text. */
bool tq_ak_memory_find_text(struct tq_ak_memory *m, int64_t key_id,
    const struct tq_ak_verdict *like, int64_t now_us, struct tq_arena *a,
    struct tq_ak_verdict *out);
/* It was taught as c. */
void tq_ak_memory_taught(struct tq_ak_memory *m,
    const uint8_t guid[TQ_AK_GUID_BYTES], enum taliq_class c);
/* Those that somebody wants to be told of and that nobody has spoken of since,
 * the oldest first; how many.  0 without memory. */
size_t tq_ak_memory_waiting(struct tq_ak_memory *m, int64_t now_us,
    struct tq_arena *a, struct tq_ak_guid **out);
/* It was told, or a try failed. */
void tq_ak_memory_told(struct tq_ak_memory *m,
    const uint8_t guid[TQ_AK_GUID_BYTES], bool done);
/* Wipes what is older than a day; call it every few minutes. */
void tq_ak_memory_forget(struct tq_ak_memory *m, int64_t now_us);
struct tq_ak_memory_stats { size_t count, bytes; };
void tq_ak_memory_stats(struct tq_ak_memory *m,
    struct tq_ak_memory_stats *out);

/* 32 hexadecimal digits of any case. */
bool tq_ak_guid_parse(tq_str s, uint8_t out[TQ_AK_GUID_BYTES]);

#endif
