/* mem_trim.h - gives memory that holds nothing back to the kernel. */
#ifndef TQ_WEB_MEM_TRIM_H
#define TQ_WEB_MEM_TRIM_H

#include <stddef.h>

/* Those whole pages of the range that are all zero are dropped; they read as
 * zero afterwards too.  The range is private anonymous memory (what malloc
 * gives) and nobody else writes to it meanwhile.  Returns the bytes dropped. */
size_t tq_mem_trim(void *p, size_t n);

#endif
