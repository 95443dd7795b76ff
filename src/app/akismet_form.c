/* Reading the fields: one pass finds where the values of known names lie, then
 * only those are decoded.  A body may hold hundreds of other parameters. */
#include "app/akismet_form.h"

#include "text/charset.h"
#include "text/utf8.h"

#define NAME_MAX_BYTES 32	/* of a known name */
#define TEXT_MAX_BYTES ((size_t)64 * 1024)	/* TALIQ_BODY_MAX */
#define VALUE_MAX_BYTES ((size_t)4096)		/* TALIQ_FIELD_MAX */

static const struct { tq_str name; enum tq_ak_field field; } names[] = {
	{ TQ_S_INIT("api_key"), TQ_AK_API_KEY },
	{ TQ_S_INIT("blog"), TQ_AK_BLOG },
	{ TQ_S_INIT("user_ip"), TQ_AK_USER_IP },
	{ TQ_S_INIT("user_agent"), TQ_AK_AGENT },
	{ TQ_S_INIT("referrer"), TQ_AK_REFERRER },
	{ TQ_S_INIT("permalink"), TQ_AK_PERMALINK },
	{ TQ_S_INIT("comment_type"), TQ_AK_TYPE },
	{ TQ_S_INIT("content_type"), TQ_AK_CONTENT_TYPE },
	{ TQ_S_INIT("comment_author"), TQ_AK_NAME },
	{ TQ_S_INIT("comment_author_email"), TQ_AK_EMAIL },
	{ TQ_S_INIT("comment_author_url"), TQ_AK_URL },
	{ TQ_S_INIT("comment_content"), TQ_AK_TEXT },
	{ TQ_S_INIT("comment_date_gmt"), TQ_AK_WRITTEN },
	{ TQ_S_INIT("comment_post_modified_gmt"), TQ_AK_PAGE_TIME },
	{ TQ_S_INIT("blog_lang"), TQ_AK_LANG },
	{ TQ_S_INIT("blog_charset"), TQ_AK_CHARSET },
	{ TQ_S_INIT("user_role"), TQ_AK_ROLE },
	{ TQ_S_INIT("is_test"), TQ_AK_TEST },
	{ TQ_S_INIT("test_discard"), TQ_AK_TEST_DISCARD },
	{ TQ_S_INIT("recheck_reason"), TQ_AK_RECHECK },
	{ TQ_S_INIT("honeypot_field_name"), TQ_AK_HONEYPOT_NAME },
	{ TQ_S_INIT("hidden_honeypot_field"), TQ_AK_HONEYPOT },
	{ TQ_S_INIT("guid"), TQ_AK_GUID },
	{ TQ_S_INIT("callback"), TQ_AK_CALLBACK },
	{ TQ_S_INIT("comment_check_response"), TQ_AK_SAID },
	{ TQ_S_INIT("classify"), TQ_AK_CLASSIFY },
	{ TQ_S_INIT("akismet_comment_nonce"), TQ_AK_NONCE },
	{ TQ_S_INIT("POST_ak_js"), TQ_AK_JS },
	{ TQ_S_INIT("POST_ak_hp_textarea"), TQ_AK_TEXTAREA },
	{ TQ_S_INIT("is_multicall"), TQ_AK_MULTICALL },
	{ TQ_S_INIT("multicall_count"), TQ_AK_MULTICALL_COUNT },
	{ TQ_S_INIT("key"), TQ_AK_KEY },
	{ TQ_S_INIT("extended"), TQ_AK_EXTENDED },
	{ TQ_S_INIT("month"), TQ_AK_MONTH },
	{ TQ_S_INIT("filter"), TQ_AK_FILTER },
	{ TQ_S_INIT("format"), TQ_AK_FORMAT },
	{ TQ_S_INIT("order"), TQ_AK_ORDER },
	{ TQ_S_INIT("limit"), TQ_AK_LIMIT },
	{ TQ_S_INIT("offset"), TQ_AK_OFFSET },
	{ TQ_S_INIT("from"), TQ_AK_FROM },
};

/* The next byte that s stands for; "%" without two hex digits is itself. */
static char
take_byte(tq_str s, size_t *at)
{
	char c = s.p[(*at)++];
	int high, low;

	if (c == '+')
		return ' ';
	if (c == '%' && s.n - *at >= 2 && (high = tq_hex_digit(s.p[*at])) >= 0 &&
	    (low = tq_hex_digit(s.p[*at + 1])) >= 0) {
		*at += 2;
		return (char)(high << 4 | low);
	}
	return c;
}

static enum tq_ak_field
field_of(tq_str raw)
{
	char name[NAME_MAX_BYTES];
	size_t n = 0, at = 0;

	while (at < raw.n && n < sizeof(name))
		name[n++] = take_byte(raw, &at);
	for (size_t i = 0; at == raw.n && i < sizeof(names) / sizeof(*names);
	    i++)
		if (n == names[i].name.n && tq_str_eq(names[i].name,
		    (tq_str){ name, n }))
			return names[i].field;
	return TQ_AK_FIELDS;
}

/* The values, still as sent. */
static void
find_values(tq_str s, tq_str raw[TQ_AK_FIELDS])
{
	tq_str pair, name, value;
	enum tq_ak_field f;

	while (s.n > 0) {
		s = tq_str_cut(s, '&', &pair);
		value = tq_str_cut(pair, '=', &name);
		if (name.n > 0 && (f = field_of(name)) != TQ_AK_FIELDS)
			raw[f] = value.p != NULL ? value : TQ_S("");
	}
}

/* At most max bytes: what is beyond is not judged, so it is not read. */
static tq_str
decode(struct tq_arena *a, tq_str raw, size_t max, tq_str charset)
{
	char *p = tq_arena_alloc(a, (raw.n < max ? raw.n : max) + 1, 1);
	size_t n = 0, at = 0;
	tq_str s;

	if (p == NULL)
		return (tq_str){ NULL, 0 };
	while (at < raw.n && n < max)
		p[n++] = take_byte(raw, &at);
	s = tq_charset_utf8(a, (tq_str){ p, n }, charset);
	return s.n <= max ? s : tq_utf8_repair(a, tq_str_sub(s, 0, max - 3));
}

static bool
name_is(tq_str raw, tq_str name)
{
	size_t at = 0;

	for (size_t i = 0; i < name.n; i++)
		if (at == raw.n || take_byte(raw, &at) != name.p[i])
			return false;
	return at == raw.n;
}

/* Whether the last parameter of that name has a value. */
static bool
is_filled(tq_str s, tq_str wanted, bool before)
{
	tq_str pair, name, value;

	while (s.n > 0) {
		s = tq_str_cut(s, '&', &pair);
		value = tq_str_cut(pair, '=', &name);
		if (name_is(name, wanted))
			before = value.n > 0;
	}
	return before;
}

enum tq_code
tq_ak_form_read(struct tq_arena *a, tq_str query, tq_str body, tq_str charset,
    struct tq_ak_form *out, struct tq_err *e)
{
	tq_str raw[TQ_AK_FIELDS] = { { NULL, 0 } }, trap;

	find_values(query, raw);
	find_values(body, raw);
	*out = (struct tq_ak_form){ .trapped = raw[TQ_AK_HONEYPOT].n > 0 };
	if (raw[TQ_AK_CHARSET].n > 0)
		charset = decode(a, raw[TQ_AK_CHARSET], VALUE_MAX_BYTES,
		    (tq_str){ NULL, 0 });
	for (size_t i = 0; i < TQ_AK_FIELDS; i++)
		if (raw[i].p != NULL)
			out->at[i] = decode(a, raw[i], i == TQ_AK_TEXT ?
			    TEXT_MAX_BYTES : VALUE_MAX_BYTES, charset);
	trap = out->at[TQ_AK_HONEYPOT_NAME];
	if (trap.n > 0)
		out->trapped |= is_filled(body, trap,
		    is_filled(query, trap, false));
	if (a->failed)
		return tq_fail(e, TQ_ELIMIT, "a request of %zu bytes is too "
		    "large", body.n);
	return TQ_OK;
}

bool
tq_ak_yes(tq_str s)
{
	static const tq_str no[] = {
		TQ_S_INIT("0"), TQ_S_INIT("false"), TQ_S_INIT("no"),
		TQ_S_INIT("off"),
	};

	s = tq_str_trim(s);
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		if (tq_str_eq_nocase(s, no[i]))
			return false;
	return s.n > 0;
}

tq_str
tq_ak_type(const struct tq_ak_form *f)
{
	tq_str type = tq_str_trim(f->at[TQ_AK_TYPE]);

	return type.n > 0 ? type : tq_str_trim(f->at[TQ_AK_CONTENT_TYPE]);
}

bool
tq_ak_has_role(const struct tq_ak_form *f, tq_str role)
{
	tq_str rest = f->at[TQ_AK_ROLE], one;

	while (rest.n > 0) {
		rest = tq_str_cut(rest, ',', &one);
		if (tq_str_eq(tq_str_trim(one), role))
			return true;
	}
	return false;
}
