/* outgoing.h - the one way out of this machine: a POST that an operator has
 * allowed.  Only outgoing.c knows libcurl. */
#ifndef TQ_APP_OUTGOING_H
#define TQ_APP_OUTGOING_H

#include <stdatomic.h>

#include "base/err.h"
#include "base/str.h"

#define TQ_OUTGOING_SECONDS 10

/* Sends body (application/x-www-form-urlencoded) with one more header
 * ("Name: value") to an http or https address, and waits for the answer, which
 * is not kept: at most ten seconds, no redirects, no proxy of the environment,
 * certificates checked.  *stop ends it early.  One thread at a time.
 * TQ_EIO: nobody there, no trust, another status than 2xx (*status; 0: no
 * answer). */
enum tq_code tq_outgoing_post(const char *url, const char *header,
    tq_str body, const atomic_bool *stop, long *status, struct tq_err *e);

#endif
