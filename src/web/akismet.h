/* akismet.h - Akismet's protocol, the words of it: what its calls share.  What
 * each answers, to the byte, and where that is from: docs/akismet.md.  Answers
 * are plain text or JSON with as few headers as can be; clients take one they
 * do not expect for an error. */
#ifndef TQ_WEB_AKISMET_H
#define TQ_WEB_AKISMET_H

#include "app/akismet.h"
#include "app/api_keys.h"
#include "base/buf.h"
#include "web/web.h"

/* One call, its key found; in the exchange's arena. */
struct tq_ak_call {
	struct tq_visit *v;
	struct tq_ak_form form;
	struct tq_api_key key;		/* a copy; its slices are not to be
					 * used */
	struct tq_ak_client who;	/* key points to the copy */
};

enum tq_ak_need {
	TQ_AK_NEED_KEY,
	TQ_AK_NEED_COMMENT	/* blog and user_ip, too */
};

/* Reads the request and finds its key; counts it against the key's rate.  NULL:
 * that was answered (wrong key, missing field, too many calls, busy). */
struct tq_ak_call *tq_ak_open(struct tq_visit *v, enum tq_ak_need need);
/* Only reads; NULL: 503 was answered. */
struct tq_ak_call *tq_ak_read(struct tq_visit *v);
/* Finds the key of that text; false: was answered, 429 or 503, or nothing was
 * said yet and the key is wrong (*wrong). */
bool tq_ak_find_key(struct tq_ak_call *c, tq_str text, bool *wrong);

/* 200 with exactly these bytes. */
enum tq_when tq_ak_text(struct tq_visit *v, tq_str body);
/* "invalid" or the like, with a line of English for the developer. */
enum tq_when tq_ak_refuse(struct tq_visit *v, tq_str body, tq_str help);
/* help for a field that is missing, or, when what was sent is no form, a line
 * that says so. */
tq_str tq_ak_missing(const struct tq_ak_call *c, tq_str help);
enum tq_when tq_ak_json(struct tq_visit *v, tq_str type,
    const struct tq_buf *b);
/* 429; why is a line that names the limit, without its end. */
enum tq_when tq_ak_limited(struct tq_visit *v, int64_t retry_us, tq_str why);
/* 503: clients hold the comment and ask again. */
enum tq_when tq_ak_busy(struct tq_visit *v);

#endif
