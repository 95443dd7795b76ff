/* form.h - application/x-www-form-urlencoded (WHATWG URL 5.1), read once into
 * slices.  Any thread. */
#ifndef TQ_TEXT_FORM_H
#define TQ_TEXT_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#define TQ_FORM_FIELDS_MAX 128
#define TQ_FORM_NAME_MAX 256	/* bytes, as sent */

struct tq_field {
	tq_str name, value;	/* decoded, repaired UTF-8; p never NULL */
	bool bad;		/* it was not UTF-8 or held U+0000: U+FFFD stands
				 * there now, and a caller may rather refuse */
};
struct tq_form { struct tq_field *fields; size_t n; };

/* Decodes s; names and values are in the arena, in order, duplicates kept.
 * TQ_ELIMIT past TQ_FORM_FIELDS_MAX fields, TQ_FORM_NAME_MAX or the arena's
 * cap.  "%" without two hex digits stays as it is (WHATWG). */
enum tq_code tq_form_parse(struct tq_arena *a, tq_str s, struct tq_form *out,
    struct tq_err *e);
/* Whether every field was UTF-8 without U+0000 and no name comes twice: what a
 * browser sends for a form of ours. */
bool tq_form_sound(const struct tq_form *f);
/* The first field of that name; the empty slice (p == NULL) without one. */
tq_str tq_form_get(const struct tq_form *f, tq_str name);
/* The n-th field of that name, from 0; p == NULL past the last. */
tq_str tq_form_nth(const struct tq_form *f, tq_str name, size_t n);

#endif
