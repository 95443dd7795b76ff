/* head.h - reads a request head as libmicrohttpd leaves it in memory.
 *
 * The library parses in place and loosely: each line end (CR LF or bare LF),
 * the blanks of the request line and the first colon of each line are
 * overwritten by NUL.  This reader takes exactly what a strictly formed head
 * (RFC 9112 2 to 5) looks like after that, and nothing else: a bare LF leaves
 * one NUL instead of two, a NUL inside a line leaves one too many, a folded
 * line begins with a blank.  Pure; any thread. */
#ifndef TQ_WEB_HEAD_H
#define TQ_WEB_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "web/http.h"

#define TQ_FIELDS_MAX 100	/* more: 431 */

struct tq_head {
	tq_str method;		/* a token */
	tq_str target;		/* as given to tq_head_read */
	tq_str version;		/* eight bytes, not judged here */
	const struct tq_header *fields;
	size_t n_fields;
	size_t fields_bytes;	/* of all field lines with their ends */
};

struct tq_head_raw {
	tq_str bytes;		/* from the method to the empty line's end */
	size_t target_at, target_n;	/* where the target stood */
	tq_str target;		/* its bytes, saved before it was clobbered */
	const char *const *names;	/* where the library saw fields begin */
	size_t n_names;
};

/* Reads raw into *out; fields is room for TQ_FIELDS_MAX of them.  Names are
 * tokens; values are without blanks at their ends and hold no control byte but
 * tab.  TQ_EINVALID when raw is anything but strictly formed, TQ_ELIMIT with
 * too many fields. */
enum tq_code tq_head_read(const struct tq_head_raw *raw,
    struct tq_header *fields, struct tq_head *out);

/* RFC 9110 5.6.2. */
bool tq_is_token(tq_str s);

#endif
