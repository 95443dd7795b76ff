/* outputs.h - that what a command writes is none of what it reads. */
#ifndef TQ_CLI_OUTPUTS_H
#define TQ_CLI_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Whether --name out may be written: it is not standard output, nor the same file
 * as one of these, of which "-" is standard input.  A NULL out is not written.
 * TQ_EINVALID. */
enum tq_code tq_outputs_check(const char *name, const char *out, char **files,
    size_t n, struct tq_err *e);
/* Whether it is not in, which may be NULL.  TQ_EINVALID. */
enum tq_code tq_outputs_apart(const char *name, const char *out,
    const char *in, struct tq_err *e);
/* Whether two paths are one file, also one that is still to be made. */
bool tq_outputs_same(const char *a, const char *b);

#endif
