/* shared.h - test data that lives outside the project.  It is found by the
 * environment variable TALIQ_SHARED, default ../shared beside the project; a
 * test that needs it and does not find it is skipped, and says so. */
#ifndef TQ_TESTS_SHARED_H
#define TQ_TESTS_SHARED_H

#include <jansson.h>

#include "base/arena.h"
#include "base/str.h"

/* The whole file, path relative to the shared directory; calls skip() when it
 * is not there. */
tq_str tq_shared_read(struct tq_arena *a, const char *path);
/* Cuts the next line that is neither empty nor a comment ("#") off *rest;
 * false at the end. */
bool tq_shared_line(tq_str *rest, tq_str *line);
/* Cuts the next line of JSON off *rest into *row, which the caller drops by
 * json_decref; false at the end. */
bool tq_shared_row(tq_str *rest, json_t **row);
/* The row's string of that name, borrowed; p == NULL when it has none. */
tq_str tq_row_str(const json_t *row, const char *name);
/* The row's bytes: "b64" decoded into the arena, or "in". */
tq_str tq_row_input(struct tq_arena *a, const json_t *row);

#endif
