/* lang.h - the interface's languages: messages compiled from po/, plural
 * forms, numbers and dates.  The language is always an argument; nothing here
 * follows the process's locale.  Tables are constant: any thread.
 *
 * Messages are named by enum tq_msg (text/msg.h, generated from po/en.po by
 * tools/po.py): "Leave a comment" is TQ_MSG_LEAVE_A_COMMENT. */
#ifndef TQ_TEXT_LANG_H
#define TQ_TEXT_LANG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "text/direction.h"
#include "text/escape.h"
#include "text/msg.h"

struct tq_lang;			/* one catalogue; static, never freed */

/* By BCP 47 tag, falling back by cutting subtags (ar-MA, ar) and at last to
 * English; never NULL. */
const struct tq_lang *tq_lang_find(tq_str tag);
/* The catalogue of exactly this tag, or NULL. */
const struct tq_lang *tq_lang_exact(tq_str tag);
/* First of an Accept-Language header (RFC 9110 12.5.4, by q) that has a
 * catalogue; fallback without one. */
const struct tq_lang *tq_lang_accept(tq_str header,
    const struct tq_lang *fallback);
size_t tq_lang_count(void);
const struct tq_lang *tq_lang_at(size_t i);

tq_str tq_lang_tag(const struct tq_lang *l);		/* "ar" */
tq_str tq_lang_name(const struct tq_lang *l);		/* its own name */
enum tq_dir tq_lang_dir(const struct tq_lang *l);
/* Index of the plural form for n (CLDR 41 cardinal rules: Arabic has six). */
unsigned tq_lang_plural(const struct tq_lang *l, int64_t n);

/* How a site wants numbers and dates. */
enum tq_digits { TQ_DIGITS_LATIN, TQ_DIGITS_ARABIC, TQ_DIGITS_PERSIAN };
enum tq_months {
	TQ_MONTHS_INTERNATIONAL,	/* nwfmbr: from Latin names */
	TQ_MONTHS_LEVANT,		/* tshryn al-thany */
	TQ_MONTHS_DUAL			/* both, with a slash */
};
struct tq_locale {
	const struct tq_lang *lang;
	enum tq_digits digits;
	enum tq_months months;		/* Arabic only */
	int zone_min;			/* minutes east of UTC */
};

/* One value for a message's {slot}. */
struct tq_msg_arg {
	const char *name;		/* literal, without braces */
	enum { TQ_ARG_STR, TQ_ARG_INT, TQ_ARG_LINK } kind;
	tq_str str;			/* TQ_ARG_STR: isolated and escaped */
	int64_t number;			/* TQ_ARG_INT: in the site's digits */
	tq_url url;			/* TQ_ARG_LINK: <name>..</name> slot */
};

/* The message as it stands (form 0), no slots filled; static. */
tq_str tq_msg(const struct tq_lang *l, enum tq_msg id);
/* Into HTML: text escaped, {slots} filled - a string inside <bdi>, a number in
 * the locale's digits - and <name>..</name> made an <a href>.  n chooses the
 * plural form (give 0 for messages without). */
void tq_msg_html(struct tq_buf *b, const struct tq_locale *l, enum tq_msg id,
    int64_t n, const struct tq_msg_arg *args, size_t n_args);
/* Into an attribute value or plain text that the caller escapes later: strings
 * between U+2068 and U+2069; not escaped. */
void tq_msg_plain(struct tq_buf *b, const struct tq_locale *l, enum tq_msg id,
    int64_t n, const struct tq_msg_arg *args, size_t n_args);

/* A number in the locale's digits, no grouping. */
void tq_fmt_number(struct tq_buf *b, const struct tq_locale *l, int64_t n);
/* "23 November 2026", Arabic "23 nwfmbr 2026" by its names. */
void tq_fmt_date(struct tq_buf *b, const struct tq_locale *l, int64_t us);
/* Date and "16:34". */
void tq_fmt_date_time(struct tq_buf *b, const struct tq_locale *l, int64_t us);
/* "3 hours ago", plural forms of the language; from 45 s below a minute on
 * "now", up to 29 days, then the absolute date.  now_us >= us, else "now". */
void tq_fmt_relative(struct tq_buf *b, const struct tq_locale *l, int64_t us,
    int64_t now_us);

#endif
