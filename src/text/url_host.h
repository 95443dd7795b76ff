/* url_host.h - what may stand as the host of a web address.  Pure functions,
 * any thread. */
#ifndef TQ_TEXT_URL_HOST_H
#define TQ_TEXT_URL_HOST_H

#include <stdbool.h>

#include "base/str.h"

/* A name of labels or a dotted IPv4 address (RFC 3986 3.2.2, RFC 1123 2.1).
 * ASCII labels are letters, digits and inner hyphens.  A label with other
 * letters holds letters and digits of one script (Latin may stand beside
 * Chinese, Japanese, Korean), so that nothing in a host looks like something
 * else or like nothing (Unicode TR39 5.2, "highly restrictive").  At most 253
 * bytes, labels at most 63.  A last label that a browser would read as part of
 * an IPv4 address must be one of four decimal ones. */
bool tq_host_ok(tq_str host);
/* An IPv6 address without brackets and without a zone. */
bool tq_host_ipv6(tq_str host);

#endif
