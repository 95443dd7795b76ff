/* path.h - the paths of pages, as browsers and operators write them.  Any
 * thread. */
#ifndef TQ_TEXT_PATH_H
#define TQ_TEXT_PATH_H

#include "base/arena.h"
#include "base/str.h"

/* %XX resolved ("+" stays), repaired UTF-8, cleaned as a line; empty for what is
 * no page's name (control characters) or without memory. */
tq_str tq_path_decode(struct tq_arena *a, tq_str s);
/* The one form under which a page's thread is kept: decoded, without query,
 * fragment and the slashes at the end; "/" for nothing but those.  Empty as
 * above. */
tq_str tq_path_canonical(struct tq_arena *a, tq_str s);

#endif
