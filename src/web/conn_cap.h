/* conn_cap.h - how many connections there are, in all and of one address (an
 * IPv4 /32 or an IPv6 /64: what one household has).  Any thread. */
#ifndef TQ_WEB_CONN_CAP_H
#define TQ_WEB_CONN_CAP_H

#include <stdbool.h>
#include <stddef.h>

#include "web/http.h"

struct tq_cap;

/* NULL without memory.  total > 0; per_address 0 means no such limit. */
struct tq_cap *tq_cap_new(unsigned total, unsigned per_address);
void tq_cap_free(struct tq_cap *c);	/* NULL is fine */

/* Counts one more, or false and nothing changed.  free_of_limit: only the
 * total applies (a trusted proxy).  Give back what was taken, with the same
 * arguments. */
bool tq_cap_take(struct tq_cap *c, const struct tq_addr *a,
    bool free_of_limit);
void tq_cap_give(struct tq_cap *c, const struct tq_addr *a,
    bool free_of_limit);
unsigned tq_cap_total(struct tq_cap *c);

#endif
