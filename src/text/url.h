/* url.h - web addresses that readers and operators give.  Strict and small:
 * what is not plainly http or https is refused, not repaired.  Any thread. */
#ifndef TQ_TEXT_URL_H
#define TQ_TEXT_URL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"
#include "text/escape.h"

#define TQ_URL_MAX 2048		/* bytes */

struct tq_url_parts {		/* slices of the input */
	tq_str scheme;		/* "http" or "https", as written */
	tq_str host;		/* without brackets or port */
	tq_str port;		/* digits, may be empty */
	tq_str path;		/* from "/", or empty */
	tq_str query;		/* after "?", may be empty */
	tq_str fragment;	/* after "#", may be empty */
};

/* Splits an absolute http/https URL (RFC 3986 3).  False on another scheme, no
 * host, user information, a bad port, more than TQ_URL_MAX bytes, and anywhere
 * in it: ill-formed UTF-8, white space, control characters, bidi controls,
 * hidden characters, back slash, back quote, " < >.  Host: tq_host_ok
 * (url_host.h) or a bracketed IPv6 literal. */
bool tq_url_split(tq_str s, struct tq_url_parts *out);
/* A reader's website field: trims, adds "https://" when the text has no scheme
 * but looks like a host with a dot, then checks by tq_url_split.  The result
 * is in the arena, at most TQ_URL_MAX bytes, and passes tq_url_split: scheme and
 * host in lower case, non-ASCII host labels kept as UTF-8, everything after the
 * host in the characters of RFC 3986, other bytes as %XX.  False (*out is left
 * alone) when it is no web address or the arena is full. */
bool tq_url_web(struct tq_arena *a, tq_str s, tq_url *out);
/* A path of ours; s must begin with a single "/" (never "//") and hold neither
 * control characters nor back slash, else "/" is given.  Escaping of
 * components is the caller's. */
tq_url tq_url_local(tq_str s);
/* "https://host[:port]" in lower case, default port left out; empty when s is
 * no web address.  For comparing origins (RFC 6454). */
tq_str tq_url_origin(struct tq_arena *a, tq_str s);

#endif
