/* negotiate.h - what a request's Accept-Encoding and If-None-Match ask for.
 * Pure functions: any thread, no failure; what is malformed is passed over. */
#ifndef TQ_WEB_NEGOTIATE_H
#define TQ_WEB_NEGOTIATE_H

#include <stdbool.h>

#include "base/str.h"

/* Also the order of preference, best last, among what a client wants alike. */
enum tq_encoding { TQ_IDENTITY, TQ_GZIP, TQ_BROTLI };
#define TQ_ENCODINGS 3

/* For Content-Encoding: "gzip", "br"; empty for identity.  Static. */
tq_str tq_encoding_name(enum tq_encoding enc);
/* The encoding with the highest weight (RFC 9110 12.5.3) of those in have, a
 * set of bits 1 << enc.  Identity when the client names nothing that is there,
 * even if it refuses identity: a page is better than 406. */
enum tq_encoding tq_encoding_choose(tq_str accept_encoding, unsigned have);

/* Whether a quoted ETag is in an If-None-Match list, by weak comparison (RFC
 * 9110 8.8.3.2, 13.1.2); "*" holds every ETag. */
bool tq_etag_listed(tq_str if_none_match, tq_str etag);

#endif
