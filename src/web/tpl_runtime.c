/* What templates print with; see tpl.h.  Dates and messages come from the
 * catalogue as plain text: they are written first and escaped afterwards, only
 * when a character that needs it is among them, which is rare. */
#include "web/tpl.h"

#include "base/clock.h"

_Static_assert(sizeof(TQ_TPL_HOLE) - 1 == 64, "the hole's length is fixed");

void
tq_tpl_str(struct tq_buf *o, const struct tq_view_env *e, tq_str s)
{
	(void)e;
	tq_esc_html(o, s);
}

void
tq_tpl_address(struct tq_buf *o, const struct tq_view_env *e, tq_url u)
{
	(void)e;
	tq_esc_html(o, u.s);
}

void
tq_tpl_html(struct tq_buf *o, const struct tq_view_env *e, tq_html h)
{
	(void)e;
	tq_buf_put(o, h.s);
}

void
tq_tpl_int(struct tq_buf *o, const struct tq_view_env *e, int64_t v)
{
	tq_fmt_number(o, e->locale, v);
}

void
tq_tpl_uint(struct tq_buf *o, const struct tq_view_env *e, uint64_t v)
{
	tq_fmt_number(o, e->locale,
	    v > (uint64_t)INT64_MAX ? INT64_MAX : (int64_t)v);
}

void
tq_tpl_digits(struct tq_buf *o, const struct tq_view_env *e, int64_t v)
{
	(void)e;
	tq_buf_i64(o, v);
}

void
tq_tpl_udigits(struct tq_buf *o, const struct tq_view_env *e, uint64_t v)
{
	(void)e;
	tq_buf_i64(o, v > (uint64_t)INT64_MAX ? INT64_MAX : (int64_t)v);
}

void
tq_tpl_token(struct tq_buf *o, const struct tq_view_env *e)
{
	if (e->token.n > 0) {
		tq_esc_html(o, e->token);
		return;
	}
	if (e->hole_at != NULL)
		*e->hole_at = o->n;
	tq_buf_lit(o, TQ_TPL_HOLE);
}

static bool
special(char c)
{
	return c == '&' || c == '<' || c == '>' || c == '"' || c == '\'';
}

/* Escapes what was written from that offset on. */
static void
escape_tail(struct tq_buf *o, size_t from)
{
	tq_str tail;
	size_t i;

	if (o->failed)
		return;
	for (i = from; i < o->n && !special(o->p[i]); i++)
		;
	if (i == o->n)
		return;
	tail = tq_arena_str(o->arena, (tq_str){ o->p + i, o->n - i });
	if (tail.n == 0) {
		o->failed = true;
		return;
	}
	o->n = i;
	tq_esc_html(o, tail);
}

void
tq_tpl_msg(struct tq_buf *o, const struct tq_view_env *e, enum tq_msg id)
{
	tq_esc_html(o, tq_msg(e->locale->lang, id));
}

void
tq_tpl_msg_html(struct tq_buf *o, const struct tq_view_env *e, enum tq_msg id,
    int64_t n, const struct tq_msg_arg *args, size_t n_args)
{
	tq_msg_html(o, e->locale, id, n, args, n_args);
}

void
tq_tpl_msg_plain(struct tq_buf *o, const struct tq_view_env *e, enum tq_msg id,
    int64_t n, const struct tq_msg_arg *args, size_t n_args)
{
	size_t from = o->n;

	tq_msg_plain(o, e->locale, id, n, args, n_args);
	escape_tail(o, from);
}

void
tq_tpl_date(struct tq_buf *o, const struct tq_view_env *e, int64_t us)
{
	size_t from = o->n;

	tq_fmt_date(o, e->locale, us);
	escape_tail(o, from);
}

void
tq_tpl_moment(struct tq_buf *o, const struct tq_view_env *e, int64_t us)
{
	size_t from = o->n;

	tq_fmt_date_time(o, e->locale, us);
	escape_tail(o, from);
}

void
tq_tpl_ago(struct tq_buf *o, const struct tq_view_env *e, int64_t us)
{
	size_t from = o->n;

	if (e->now_us == 0)
		tq_fmt_date_time(o, e->locale, us);
	else
		tq_fmt_relative(o, e->locale, us, e->now_us);
	escape_tail(o, from);
}

void
tq_tpl_iso(struct tq_buf *o, const struct tq_view_env *e, int64_t us)
{
	(void)e;
	tq_date_rfc3339(o, us);
}

struct tq_msg_arg
tq_tpl_arg_date(struct tq_buf *o, const struct tq_view_env *e,
    const char *name, int64_t us)
{
	struct tq_buf b;

	tq_buf_init(&b, o->arena, 64);
	tq_fmt_date(&b, e->locale, us);
	if (b.failed)
		o->failed = true;
	return (struct tq_msg_arg){ .name = name, .kind = TQ_ARG_TEXT,
	    .str = tq_buf_str(&b) };
}

tq_str
tq_tpl_or(const struct tq_view_env *e, tq_str s, enum tq_msg id)
{
	return s.n > 0 ? s : tq_msg(e->locale->lang, id);
}
