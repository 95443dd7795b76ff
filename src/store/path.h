/* path.h - the place of a comment in its thread as bytes whose plain order is
 * the depth-first order: parents before children, older siblings first.
 * One part for each level below the top: the comment's id less its parent's,
 * as a length byte (1..8) and that many bytes, big end first.  Ids grow with
 * time, so the difference is positive and sorts like the id. */
#ifndef TQ_STORE_PATH_H
#define TQ_STORE_PATH_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "store/store.h"

#define TQ_PATH_MAX (TQ_DEPTH_MAX * 9)

/* Writes the path of child, whose parent has this id and path, into out (of
 * TQ_PATH_MAX bytes).  The empty slice when it does not fit or child is not
 * above parent. */
tq_str tq_path_child(uint8_t *out, tq_str parent_path, int64_t parent,
    int64_t child);

#endif
