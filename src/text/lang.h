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
/* Whether tag or what is left of it after cutting subtags has a catalogue. */
bool tq_lang_known(tq_str tag);
/* Whether it has the shape of a language tag (RFC 5646 2.1): a language of two
 * or three letters, then subtags of one to eight letters or digits. */
bool tq_lang_tag_ok(tq_str tag);
/* Which way texts in the language of this tag run: by its script if it names
 * one, else by the script that the language is mostly written in. */
enum tq_dir tq_lang_tag_dir(tq_str tag);
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
	enum {
		TQ_ARG_STR,	/* a reader's or author's text: isolated */
		TQ_ARG_TEXT,	/* our own: a formatted date, a message */
		TQ_ARG_INT,
		TQ_ARG_HTML,	/* safe HTML, as <time>; nothing when plain */
		TQ_ARG_LINK	/* <name>..</name> */
	} kind;
	tq_str str;			/* TQ_ARG_STR, TQ_ARG_TEXT */
	int64_t number;			/* TQ_ARG_INT: in the site's digits */
	tq_html html;			/* TQ_ARG_HTML */
	tq_url url;			/* TQ_ARG_LINK */
};

/* The message as it stands (form 0), no slots filled; static. */
tq_str tq_msg(const struct tq_lang *l, enum tq_msg id);
/* Into HTML: text escaped, {slots} filled - TQ_ARG_STR inside <bdi>, a number
 * in the locale's digits - and <name>..</name> made an <a href>.  n chooses the
 * plural form and fills {n} unless an argument of that name does (give 0 for
 * messages without). */
void tq_msg_html(struct tq_buf *b, const struct tq_locale *l, enum tq_msg id,
    int64_t n, const struct tq_msg_arg *args, size_t n_args);
/* Into an attribute value or plain text that the caller escapes later: strings
 * between U+2068 and U+2069; not escaped. */
void tq_msg_plain(struct tq_buf *b, const struct tq_locale *l, enum tq_msg id,
    int64_t n, const struct tq_msg_arg *args, size_t n_args);

/* What follows writes plain text: escape it in HTML. */
/* A number in the locale's digits, no grouping. */
void tq_fmt_number(struct tq_buf *b, const struct tq_locale *l, int64_t n);
/* "23 November 2026", Arabic "23 nwfmbr 2026" by its names. */
void tq_fmt_date(struct tq_buf *b, const struct tq_locale *l, int64_t us);
/* Date and "16:34". */
void tq_fmt_date_time(struct tq_buf *b, const struct tq_locale *l, int64_t us);
/* "3 hours ago" in the plural forms of the language, rounded down: "now" below
 * a minute (and when us lies ahead of now_us), then minutes, hours, days up to
 * 29, then the absolute date. */
void tq_fmt_relative(struct tq_buf *b, const struct tq_locale *l, int64_t us,
    int64_t now_us);

#endif
