/* progress.h - how far a file of rows was read, for a person who waits. */
#ifndef TQ_CLI_PROGRESS_H
#define TQ_CLI_PROGRESS_H

#include "cli/rows.h"

/* A bar and n on standard error, now and then, when that is a terminal and the
 * file's size is known; done takes it away. */
void tq_progress(const struct tq_rows *r, size_t n, bool done);

#endif
