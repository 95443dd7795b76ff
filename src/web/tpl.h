/* tpl.h - what compiled templates call (tools/template.py makes them from
 * web/templates/; web/tpl_gen.h declares them).  Each macro takes one kind of
 * place in HTML and refuses, by having no case for it, a type that may not
 * stand there: HTML is printed as text only, an address only from tq_url.
 * Failure is the buffer's.  Any thread. */
#ifndef TQ_WEB_TPL_H
#define TQ_WEB_TPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "text/escape.h"
#include "text/lang.h"
#include "web/view.h"

/* Stands for the form's token in a page made for many readers; 64 bytes
 * (TQ_HOLE_BYTES of web/cache.h). */
#define TQ_TPL_HOLE \
	"taliq-hole-000000000000000000000000000000000000000000-taliq-hole"

#define TQ_TPL_INTS(f, u) \
	int: f, long: f, long long: f, \
	unsigned: u, unsigned long: u, unsigned long long: u

/* Element content. */
#define TQ_TPL_TEXT(o, e, x) _Generic((x), \
	tq_str: tq_tpl_str, tq_url: tq_tpl_address, tq_html: tq_tpl_html, \
	TQ_TPL_INTS(tq_tpl_int, tq_tpl_uint))((o), (e), (x))
/* Text of title and textarea. */
#define TQ_TPL_PLAIN(o, e, x) _Generic((x), \
	tq_str: tq_tpl_str, tq_url: tq_tpl_address, \
	TQ_TPL_INTS(tq_tpl_int, tq_tpl_uint))((o), (e), (x))
/* A double-quoted attribute; numbers in ASCII digits. */
#define TQ_TPL_ATTR(o, e, x) _Generic((x), \
	tq_str: tq_tpl_str, tq_url: tq_tpl_address, \
	TQ_TPL_INTS(tq_tpl_digits, tq_tpl_udigits))((o), (e), (x))
/* The begin of an address, and what follows there. */
#define TQ_TPL_URL(o, e, x) _Generic((x), \
	tq_url: tq_tpl_address)((o), (e), (x))
#define TQ_TPL_URL_PART(o, e, x) _Generic((x), \
	TQ_TPL_INTS(tq_tpl_digits, tq_tpl_udigits))((o), (e), (x))

/* Is it set: true, not 0, not NULL, not empty. */
#define TQ_TPL_TRUE(x) _Generic((x), \
	tq_str: tq_tpl_str_set, tq_url: tq_tpl_url_set, \
	tq_html: tq_tpl_html_set, bool: tq_tpl_is, \
	TQ_TPL_INTS(tq_tpl_int_set, tq_tpl_uint_set), \
	default: tq_tpl_ptr_set)(x)

/* One slot of a message. */
#define TQ_TPL_ARG(name, x) _Generic((x), \
	tq_str: tq_tpl_arg_str, tq_url: tq_tpl_arg_url, \
	int: tq_tpl_arg_int, long: tq_tpl_arg_int, \
	long long: tq_tpl_arg_int)((name), (x))

/* Escaped text. */
void tq_tpl_str(struct tq_buf *o, const struct tq_view_env *e, tq_str s);
void tq_tpl_address(struct tq_buf *o, const struct tq_view_env *e, tq_url u);
void tq_tpl_html(struct tq_buf *o, const struct tq_view_env *e, tq_html h);
/* Numbers in the site's digits. */
void tq_tpl_int(struct tq_buf *o, const struct tq_view_env *e, int64_t v);
void tq_tpl_uint(struct tq_buf *o, const struct tq_view_env *e, uint64_t v);
/* Numbers in ASCII digits. */
void tq_tpl_digits(struct tq_buf *o, const struct tq_view_env *e, int64_t v);
void tq_tpl_udigits(struct tq_buf *o, const struct tq_view_env *e, uint64_t v);

/* The form's token: env->token, or TQ_TPL_HOLE and *env->hole_at. */
void tq_tpl_token(struct tq_buf *o, const struct tq_view_env *e);

/* A message without slots; with slots as HTML (names in <bdi>, links as <a>)
 * and as text for attributes. */
void tq_tpl_msg(struct tq_buf *o, const struct tq_view_env *e, enum tq_msg id);
void tq_tpl_msg_html(struct tq_buf *o, const struct tq_view_env *e,
    enum tq_msg id, int64_t n, const struct tq_msg_arg *args, size_t n_args);
void tq_tpl_msg_plain(struct tq_buf *o, const struct tq_view_env *e,
    enum tq_msg id, int64_t n, const struct tq_msg_arg *args, size_t n_args);

/* A time in microseconds since 1970 UTC: as the site's date, its date and
 * clock, relative to env->now_us (date and clock when that is 0), and RFC
 * 3339. */
void tq_tpl_date(struct tq_buf *o, const struct tq_view_env *e, int64_t us);
void tq_tpl_moment(struct tq_buf *o, const struct tq_view_env *e, int64_t us);
void tq_tpl_ago(struct tq_buf *o, const struct tq_view_env *e, int64_t us);
void tq_tpl_iso(struct tq_buf *o, const struct tq_view_env *e, int64_t us);
/* The date as a message's slot, in o's arena. */
struct tq_msg_arg tq_tpl_arg_date(struct tq_buf *o,
    const struct tq_view_env *e, const char *name, int64_t us);
/* s, or the message when s is empty. */
tq_str tq_tpl_or(const struct tq_view_env *e, tq_str s, enum tq_msg id);

static inline bool
tq_tpl_str_set(tq_str s)
{
	return s.n > 0;
}

static inline bool
tq_tpl_url_set(tq_url u)
{
	return u.s.n > 0;
}

static inline bool
tq_tpl_html_set(tq_html h)
{
	return h.s.n > 0;
}

static inline bool
tq_tpl_is(bool b)
{
	return b;
}

static inline bool
tq_tpl_int_set(int64_t v)
{
	return v != 0;
}

static inline bool
tq_tpl_uint_set(uint64_t v)
{
	return v != 0;
}

static inline bool
tq_tpl_ptr_set(const void *p)
{
	return p != NULL;
}

static inline struct tq_msg_arg
tq_tpl_arg_str(const char *name, tq_str s)
{
	return (struct tq_msg_arg){ .name = name, .kind = TQ_ARG_STR, .str = s };
}

static inline struct tq_msg_arg
tq_tpl_arg_url(const char *name, tq_url u)
{
	return (struct tq_msg_arg){ .name = name, .kind = TQ_ARG_LINK, .url = u };
}

static inline struct tq_msg_arg
tq_tpl_arg_int(const char *name, int64_t v)
{
	return (struct tq_msg_arg){ .name = name, .kind = TQ_ARG_INT,
	    .number = v };
}

#endif
