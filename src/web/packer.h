/* packer.h - one background thread that takes pages from a small ring and runs
 * a function on each: how the page cache gets its brotli forms.  Any thread.
 */
#ifndef TQ_WEB_PACKER_H
#define TQ_WEB_PACKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct tq_packer;
struct tq_page_entry;

/* Runs on the background thread; hash is what came with the page. */
typedef void (*tq_packer_job)(void *ctx, struct tq_page_entry *page,
    uint64_t hash);

/* TQ_ELIMIT no memory, TQ_EIO no thread. */
enum tq_code tq_packer_new(tq_packer_job job, void *ctx,
    struct tq_packer **out, struct tq_err *e);
/* Takes a reference of its own; false when the ring is full, that is, the
 * thread is behind. */
bool tq_packer_offer(struct tq_packer *p, struct tq_page_entry *page,
    uint64_t hash);
/* Ends the thread after the job it is at; what waits is dropped.  NULL is
 * fine. */
void tq_packer_free(struct tq_packer *p);

#endif
