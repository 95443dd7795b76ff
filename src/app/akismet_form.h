/* akismet_form.h - what is read of a request in Akismet's protocol: the fields
 * of one list, and nothing else.  All other parameters - the visitor's headers
 * (HTTP_*), the rest of his form (POST_*) - are passed over where they lie and
 * never copied.  Pure; any thread. */
#ifndef TQ_APP_AKISMET_FORM_H
#define TQ_APP_AKISMET_FORM_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum tq_ak_field {
	TQ_AK_KEY, TQ_AK_API_KEY, TQ_AK_BLOG, TQ_AK_USER_IP, TQ_AK_AGENT,
	TQ_AK_REFERRER, TQ_AK_PERMALINK, TQ_AK_TYPE, TQ_AK_CONTENT_TYPE,
	TQ_AK_NAME, TQ_AK_EMAIL, TQ_AK_URL, TQ_AK_TEXT, TQ_AK_WRITTEN,
	TQ_AK_PAGE_TIME, TQ_AK_LANG, TQ_AK_CHARSET, TQ_AK_ROLE, TQ_AK_TEST,
	TQ_AK_TEST_DISCARD, TQ_AK_RECHECK, TQ_AK_HONEYPOT_NAME,
	TQ_AK_HONEYPOT, TQ_AK_GUID, TQ_AK_CALLBACK, TQ_AK_SAID, TQ_AK_CLASSIFY,
	TQ_AK_NONCE, TQ_AK_JS, TQ_AK_TEXTAREA, TQ_AK_MULTICALL,
	TQ_AK_MULTICALL_COUNT,
	/* of the calls about an account */
	TQ_AK_EXTENDED, TQ_AK_MONTH, TQ_AK_FILTER, TQ_AK_FORMAT, TQ_AK_ORDER,
	TQ_AK_LIMIT, TQ_AK_OFFSET, TQ_AK_FROM,
	TQ_AK_FIELDS
};

struct tq_ak_form {
	/* Well-formed UTF-8 without U+0000, in the arena, cut where the filter
	 * stops reading (the text at 64 KiB, the rest at 4 KiB); p == NULL when
	 * it was not sent.  An address (TQ_AK_USER_IP) is only ever asked for being
	 * there. */
	tq_str at[TQ_AK_FIELDS];
	bool trapped;		/* a field that people do not see was filled */
};

/* Reads a query and a body (application/x-www-form-urlencoded; the last of
 * equal names wins, the body over the query).  charset is what Content-Type
 * says, or empty; blog_charset goes first.  TQ_ELIMIT: the arena is full;
 * nothing else is an error. */
enum tq_code tq_ak_form_read(struct tq_arena *a, tq_str query, tq_str body,
    tq_str charset, struct tq_ak_form *out, struct tq_err *e);

/* "1", "true" and any other word but none, "0", "false", "no", "off". */
bool tq_ak_yes(tq_str s);
/* The type of the comment, whichever field named it. */
tq_str tq_ak_type(const struct tq_ak_form *f);
/* Whether the author has this role.  WordPress joins several by commas; they
 * are in small letters: what a client writes otherwise is not from a server
 * that keeps accounts. */
bool tq_ak_has_role(const struct tq_ak_form *f, tq_str role);

#endif
