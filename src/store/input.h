/* input.h - what every store refuses before it looks at its rows, so that all
 * of them refuse the same.  Each gives TQ_EINVALID and names the field. */
#ifndef TQ_STORE_INPUT_H
#define TQ_STORE_INPUT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "store/store.h"

/* A site's name: 1..64 of [a-z0-9-]. */
enum tq_code tq_input_site(tq_str name, struct tq_err *e);
/* A page's path: from "/". */
enum tq_code tq_input_path(tq_str path, struct tq_err *e);
enum tq_code tq_input_comment(const struct tq_comment *c, struct tq_err *e);
enum tq_code tq_input_spam(double spam, struct tq_err *e);
/* A change of state: known ones, and never out of deleted, because there is
 * nothing left to show. */
enum tq_code tq_input_states(enum tq_state from, enum tq_state to,
    struct tq_err *e);
enum tq_code tq_input_feedback(const struct tq_feedback *f, struct tq_err *e);
/* Limits and times of a key are not negative, its hint is short. */
enum tq_code tq_input_api_key(const struct tq_api_key *k, struct tq_err *e);
enum tq_code tq_input_use(const struct tq_use_row *r, struct tq_err *e);
/* All bytes zero: no reader. */
bool tq_owner_none(const uint8_t *owner);

#endif
