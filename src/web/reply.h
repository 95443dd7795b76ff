/* reply.h - how answers are made: headers that every answer carries, pages from
 * the cache, redirects, errors as pages or as problem documents (RFC 9457). */
#ifndef TQ_WEB_REPLY_H
#define TQ_WEB_REPLY_H

#include "app/fields.h"
#include "base/buf.h"
#include "text/escape.h"
#include "web/cache.h"
#include "web/view.h"
#include "web/web.h"

/* Reads the reader's cookie into v->reader. */
void tq_reply_reader(struct tq_visit *v);
/* Sets the cookie of this reader (30 days, HttpOnly, SameSite=Lax; with the
 * __Host- prefix and Secure on https). */
void tq_reply_set_reader(struct tq_visit *v, const struct tq_reader *r);

/* The origin the reader sees: "https://example.org". */
tq_str tq_visit_origin(struct tq_visit *v);
/* A POST from another site's page: by Sec-Fetch-Site and Origin. */
bool tq_visit_foreign(struct tq_visit *v);
/* The key of the reader's network for limits: /24 or /56 (RFC 6177). */
tq_str tq_visit_network(struct tq_visit *v);

/* Fills env for a page of this site; base may be empty. */
void tq_visit_env(struct tq_visit *v, struct tq_view_env *env, tq_url base);

/* Renders the layout and answers it as it is, not cached, never stored.  An
 * embedded one may be framed by pages of v->site's origins. */
enum tq_when tq_reply_page(struct tq_visit *v, int status,
    const struct tq_view_env *env, const struct tq_view_layout *layout);
/* Answers a cache entry: 304, or the best form with hole filled in.  Takes over
 * the reference. */
enum tq_when tq_reply_entry(struct tq_visit *v, struct tq_page_entry *p,
    tq_str hole);
/* Lets pages of the site's origins frame the answer to come. */
void tq_reply_framable(struct tq_visit *v, const struct tq_site_view *site);
/* 303 to a path of ours (escaped already). */
enum tq_when tq_reply_redirect(struct tq_visit *v, tq_str location);
/* 308 to a path of ours (escaped already), with the request's query. */
enum tq_when tq_reply_moved(struct tq_visit *v, tq_str path);
/* 204. */
enum tq_when tq_reply_nothing(struct tq_visit *v);
/* 200/201/202... with JSON; body in the exchange's arena. */
enum tq_when tq_reply_json(struct tq_visit *v, int status,
    const struct tq_buf *body);
/* Any text, e.g. static; type static. */
enum tq_when tq_reply_bytes(struct tq_visit *v, int status, tq_str type,
    tq_str cache_control, tq_str body);
/* A page in the reader's language, or a problem document on API routes. */
enum tq_when tq_reply_error(struct tq_visit *v, int status);
/* The error that fits a failure; what it says goes to the log. */
enum tq_when tq_reply_failure(struct tq_visit *v, const struct tq_err *e);
/* Problem document with one line of detail and the faults by field. */
enum tq_when tq_reply_problem(struct tq_visit *v, int status,
    const char *detail, const struct tq_faults *faults);
/* Retry-After in seconds. */
void tq_reply_retry(struct tq_visit *v, int64_t seconds);
/* Without a visit: status and an English line. */
void tq_reply_bare(struct tq_exchange *x, int status);

/* HTTP status of a failure: one table. */
int tq_status_of(enum tq_code code);

#endif
