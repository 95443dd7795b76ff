/* What the protocol says of an account: how much a key was used, by month, site
 * and day, and that it is in good standing.  These calls read the disk. */
#include "web/akismet.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/key_use.h"
#include "base/log.h"
#include "text/escape.h"
#include "web/reply.h"

#define DAY_US (INT64_C(86400) * TQ_SECOND_US)
#define SECONDS_SAVED 10	/* a spam comment; to read one and click */
#define SITES_DEFAULT 500
#define SITES_MAX 10000
#define JSON TQ_S("application/json")
/* For rows: years of many sites are more than the exchange's arena holds. */
#define ROWS_BYTES ((size_t)64 * 1024 * 1024)

static int64_t
count_of(const struct tq_use_row *r)
{
	return r->n[TQ_USE_SPAM] + r->n[TQ_USE_HAM];
}

static void
add(struct tq_use_row *sum, const struct tq_use_row *r)
{
	for (size_t i = 0; i < TQ_USES; i++)
		sum->n[i] += r->n[i];
}

/* --- usage-limit ----------------------------------------------------------- */

enum tq_when
tq_ak_usage_limit(struct tq_visit *v)
{
	struct tq_ak_call *c = tq_ak_open(v, TQ_AK_NEED_KEY);
	int64_t used, limit;
	struct tq_buf b;

	if (c == NULL)
		return TQ_NOW;
	limit = c->key.per_month;
	used = tq_key_use_month(v->app->key_use, c->key.id,
	    tq_wall_us(&v->app->clock));
	tq_buf_init(&b, &v->x->arena, 256);
	if (limit > 0)
		tq_buf_printf(&b, "{\"limit\":%" PRId64, limit);
	else
		tq_buf_lit(&b, "{\"limit\":\"none\"");
	tq_buf_printf(&b, ",\"usage\":%" PRId64 ",\"percentage\":\"%.2f\","
	    "\"throttled\":%s", used, limit > 0 ?
	    100 * (double)used / (double)limit : 0.0,
	    limit > 0 && used >= limit ? "true" : "false");
	if (tq_ak_yes(c->form.at[TQ_AK_EXTENDED]))
		tq_buf_lit(&b, ",\"notice_level\":0,\"upgrade\":false");
	tq_buf_byte(&b, '}');
	return tq_ak_json(v, JSON, &b);
}

/* --- key-sites ------------------------------------------------------------- */

/* What key-sites was asked. */
struct ask {
	int64_t limit, offset, month;	/* month as yyyymm */
	tq_str filter;
	bool extended;
};

static int64_t
number_or(tq_str s, int64_t otherwise, int64_t max)
{
	int64_t n;

	if (!tq_str_i64(tq_str_trim(s), &n) || n < 0)
		return otherwise;
	return n < max ? n : max;
}

/* "2026-11" */
static int64_t
month_or(tq_str s, int64_t otherwise)
{
	int64_t year, month;

	if (s.n != 7 || s.p[4] != '-' ||
	    !tq_str_i64(tq_str_sub(s, 0, 4), &year) ||
	    !tq_str_i64(tq_str_sub(s, 5, 7), &month) || year < 1 ||
	    month < 1 || month > 12)
		return otherwise;
	return year * 100 + month;
}

static int
by_site(const void *a, const void *b)
{
	const struct tq_use_row *x = a, *y = b;

	return tq_str_cmp(x->site, y->site);
}

static int
descending(int64_t x, int64_t y)
{
	return x < y ? 1 : x > y ? -1 : 0;
}

static int
by_total(const void *a, const void *b)
{
	int c = descending(count_of(a), count_of(b));

	return c != 0 ? c : by_site(a, b);
}

#define BY_COUNT(name, which) \
	static int \
	name(const void *a, const void *b) \
	{ \
		const struct tq_use_row *x = a, *y = b; \
		int c = descending(x->n[which], y->n[which]); \
	\
		return c != 0 ? c : by_site(a, b); \
	}
BY_COUNT(by_spam, TQ_USE_SPAM)
BY_COUNT(by_ham, TQ_USE_HAM)
BY_COUNT(by_missed, TQ_USE_MISSED_SPAM)
BY_COUNT(by_false, TQ_USE_FALSE_POSITIVE)

static int (*order_of(tq_str s))(const void *, const void *)
{
	static const struct {
		tq_str name;
		int (*order)(const void *, const void *);
	} orders[] = {
		{ TQ_S_INIT("spam"), by_spam }, { TQ_S_INIT("ham"), by_ham },
		{ TQ_S_INIT("missed_spam"), by_missed },
		{ TQ_S_INIT("false_positives"), by_false },
	};

	for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++)
		if (tq_str_eq(s, orders[i].name))
			return orders[i].order;
	return by_total;
}

/* One row a site that fits, in rows' place; how many. */
static size_t
merge_sites(struct tq_use_row *rows, size_t n, tq_str filter)
{
	size_t out = 0;

	qsort(rows, n, sizeof(*rows), by_site);
	for (size_t i = 0; i < n; i++) {
		if (filter.n > 0 &&
		    tq_str_find(rows[i].site, filter) == rows[i].site.n)
			continue;
		if (out > 0 && tq_str_eq(rows[out - 1].site, rows[i].site))
			add(&rows[out - 1], &rows[i]);
		else
			rows[out++] = rows[i];
	}
	return out;
}

static void
put_site_json(struct tq_buf *b, const struct tq_use_row *r, bool extended)
{
	uint8_t hash[16];

	tq_buf_lit(b, "{\"site\":");
	tq_json_str(b, r->site);
	tq_buf_printf(b, ",\"api_calls\":\"%" PRId64 "\",\"spam\":\"%" PRId64
	    "\",\"ham\":\"%" PRId64 "\",\"missed_spam\":\"%" PRId64
	    "\",\"false_positives\":\"%" PRId64 "\",\"is_revoked\":false",
	    count_of(r), r->n[TQ_USE_SPAM], r->n[TQ_USE_HAM],
	    r->n[TQ_USE_MISSED_SPAM], r->n[TQ_USE_FALSE_POSITIVE]);
	if (extended) {
		tq_hash(hash, sizeof(hash), &r->site, 1);
		tq_buf_lit(b, ",\"hash\":\"");
		for (size_t i = 0; i < sizeof(hash); i++)
			tq_buf_printf(b, "%02x", hash[i]);
		tq_buf_lit(b, "\",\"eligible_for_revoke\":false");
	}
	tq_buf_byte(b, '}');
}

static enum tq_when
sites_json(struct tq_ak_call *c, const struct ask *ask,
    const struct tq_use_row *rows, size_t n)
{
	struct tq_buf b;
	size_t from = (size_t)ask->offset, i;

	tq_buf_init(&b, &c->v->x->arena, 1024);
	tq_buf_printf(&b, "{\"%04d-%02d\":[", (int)(ask->month / 100),
	    (int)(ask->month % 100));
	for (i = from; i < n && i - from < (size_t)ask->limit; i++) {
		if (i > from)
			tq_buf_byte(&b, ',');
		put_site_json(&b, &rows[i], ask->extended);
	}
	tq_buf_printf(&b, "],\"limit\":%" PRId64 ",\"offset\":%" PRId64
	    ",\"total\":%zu}", ask->limit, ask->offset, n);
	return tq_ak_json(c->v, JSON, &b);
}

/* A site's name is a client's text: it must not end its cell, nor be a formula
 * where a spreadsheet opens it (RFC 4180 2). */
static void
put_cell(struct tq_buf *b, tq_str s)
{
	bool odd = s.n > 0 && strchr("=+-@", s.p[0]) != NULL;
	bool quoted = odd || tq_str_find(s, TQ_S(",")) < s.n ||
	    tq_str_find(s, TQ_S("\"")) < s.n;

	if (quoted)
		tq_buf_lit(b, "\"");
	if (odd)
		tq_buf_byte(b, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			tq_buf_byte(b, '"');
		tq_buf_byte(b, s.p[i]);
	}
	if (quoted)
		tq_buf_lit(b, "\"");
}

static enum tq_when
sites_csv(struct tq_ak_call *c, const struct ask *ask,
    const struct tq_use_row *rows, size_t n)
{
	struct tq_buf b;
	size_t from = (size_t)ask->offset;

	tq_buf_init(&b, &c->v->x->arena, 1024);
	tq_buf_printf(&b, "Active sites for %.*s during %04d-%02d (limit: %"
	    PRId64 ", offset: %" PRId64 ", total: %zu).\n"
	    "Site,Total API Calls,Spam,Ham,Missed Spam,False Positives,"
	    "Is Revoked", TQ_FMT(c->who.key_text), (int)(ask->month / 100),
	    (int)(ask->month % 100), ask->limit, ask->offset, n);
	for (size_t i = from; i < n && i - from < (size_t)ask->limit; i++) {
		tq_buf_byte(&b, '\n');
		put_cell(&b, rows[i].site);
		tq_buf_printf(&b, ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%"
		    PRId64 ",%" PRId64 ",false", count_of(&rows[i]),
		    rows[i].n[TQ_USE_SPAM], rows[i].n[TQ_USE_HAM],
		    rows[i].n[TQ_USE_MISSED_SPAM],
		    rows[i].n[TQ_USE_FALSE_POSITIVE]);
	}
	return tq_ak_json(c->v, TQ_S("text/csv; charset=utf-8"), &b);
}

static enum tq_when
key_sites(struct tq_ak_call *c, struct tq_arena *a)
{
	struct tq_visit *v = c->v;
	int64_t today = tq_key_use_day(tq_wall_us(&v->app->clock));
	struct tq_use_row *rows;
	struct ask ask;
	struct tq_err e;
	size_t n;

	ask = (struct ask){
		.limit = number_or(c->form.at[TQ_AK_LIMIT], SITES_DEFAULT,
		    SITES_MAX),
		.offset = number_or(c->form.at[TQ_AK_OFFSET], 0, INT32_MAX),
		.month = month_or(c->form.at[TQ_AK_MONTH], today / 100),
		.filter = tq_str_trim(c->form.at[TQ_AK_FILTER]),
		.extended = tq_ak_yes(c->form.at[TQ_AK_EXTENDED]),
	};
	if (tq_key_use_report(v->app, &(struct tq_use_ask){
	    .key_id = c->key.id, .from_day = ask.month * 100 + 1,
	    .to_day = ask.month * 100 + 31 }, a, &rows, &n, &e) != TQ_OK)
		return tq_ak_busy(v);
	n = merge_sites(rows, n, ask.filter);
	qsort(rows, n, sizeof(*rows), order_of(c->form.at[TQ_AK_ORDER]));
	return tq_str_eq_nocase(c->form.at[TQ_AK_FORMAT], TQ_S("csv")) ?
	    sites_csv(c, &ask, rows, n) : sites_json(c, &ask, rows, n);
}

enum tq_when
tq_ak_key_sites(struct tq_visit *v)
{
	struct tq_ak_call *c = tq_ak_open(v, TQ_AK_NEED_KEY);
	struct tq_arena a;
	enum tq_when when;

	if (c == NULL)
		return TQ_NOW;
	tq_arena_init(&a, ROWS_BYTES);
	when = key_sites(c, &a);
	tq_arena_free(&a);
	return when;
}

/* --- statistics ------------------------------------------------------------ */

/* A span of time that clients ask for. */
struct span {
	const char *name;
	int months, days;	/* of both, one is 0; both: all */
};

static const struct span spans[] = {
	{ "6-months", 6, 0 },	/* what is not known means this */
	{ "60-days", 0, 60 }, { "all", 0, 0 }, { "1-year", 12, 0 },
	{ "12-months", 12, 0 }, { "year", 12, 0 },
};

static const struct span *
span_of(tq_str s)
{
	for (size_t i = 0; i < sizeof(spans) / sizeof(*spans); i++)
		if (tq_str_eq(s, tq_str_c(spans[i].name)))
			return &spans[i];
	return &spans[0];
}

static int64_t
first_day(const struct span *span, int64_t now_us)
{
	struct tq_date d = tq_date_at(now_us, 0);
	int month = d.year * 12 + d.month - 1 - (span->months - 1);

	if (span->days > 0)
		return tq_key_use_day(now_us - (span->days - 1) * DAY_US);
	if (span->months == 0)
		return 10101;
	return (month / 12) * INT64_C(10000) + (month % 12 + 1) * 100 + 1;
}

static int
by_day(const void *a, const void *b)
{
	const struct tq_use_row *x = a, *y = b;

	return x->day < y->day ? -1 : x->day > y->day;
}

/* One row a day or month, ascending; how many. */
static size_t
merge_days(struct tq_use_row *rows, size_t n, bool months)
{
	size_t out = 0;

	qsort(rows, n, sizeof(*rows), by_day);
	for (size_t i = 0; i < n; i++) {
		if (months)
			rows[i].day = rows[i].day / 100 * 100 + 1;
		if (out > 0 && rows[out - 1].day == rows[i].day)
			add(&rows[out - 1], &rows[i]);
		else
			rows[out++] = rows[i];
	}
	return out;
}

static void
put_period(struct tq_buf *b, const struct tq_use_row *r, bool months)
{
	int year = (int)(r->day / 10000), month = (int)(r->day / 100 % 100);
	int day = (int)(r->day % 100);

	tq_buf_printf(b, "\"%04d-%02d", year, month);
	if (!months)
		tq_buf_printf(b, "-%02d", day);
	tq_buf_printf(b, "\":{\"spam\":\"%" PRId64 "\",\"ham\":\"%" PRId64
	    "\",\"missed_spam\":\"%" PRId64 "\",\"false_positives\":\"%"
	    PRId64 "\",\"da\":\"%04d-%02d-%02d\"}", r->n[TQ_USE_SPAM],
	    r->n[TQ_USE_HAM], r->n[TQ_USE_MISSED_SPAM],
	    r->n[TQ_USE_FALSE_POSITIVE], year, month, day);
}

/* Nothing judged is nothing judged wrongly. */
static double
accuracy(const struct tq_use_row *sum)
{
	int64_t all = count_of(sum), wrong = sum->n[TQ_USE_MISSED_SPAM] +
	    sum->n[TQ_USE_FALSE_POSITIVE];

	if (all <= 0)
		return 100;
	return wrong >= all ? 0 : 100 * (double)(all - wrong) / (double)all;
}

static enum tq_when
sum_up(struct tq_ak_call *c, tq_str site, struct tq_arena *a)
{
	struct tq_visit *v = c->v;
	int64_t now_us = tq_wall_us(&v->app->clock);
	const struct span *span = span_of(c->form.at[TQ_AK_FROM]);
	bool months = span->days == 0;
	struct tq_use_row *rows, sum = { 0 };
	/* WordPress takes the last period: there must be one. */
	struct tq_use_row none = { .day = tq_key_use_day(now_us) };
	struct tq_buf b;
	struct tq_err e;
	size_t n;

	if (tq_key_use_report(v->app, &(struct tq_use_ask){
	    .key_id = c->key.id, .site = site,
	    .from_day = first_day(span, now_us), .to_day = none.day },
	    a, &rows, &n, &e) != TQ_OK)
		return tq_ak_busy(v);
	if (n == 0) {
		rows = &none;
		n = 1;
	}
	n = merge_days(rows, n, months);
	for (size_t i = 0; i < n; i++)
		add(&sum, &rows[i]);
	tq_buf_init(&b, &v->x->arena, 1024);
	tq_buf_printf(&b, "{\"spam\":%" PRId64 ",\"ham\":%" PRId64
	    ",\"missed_spam\":%" PRId64 ",\"false_positives\":%" PRId64
	    ",\"accuracy\":\"%.2f\",\"time_saved\":%" PRId64
	    ",\"breakdown\":{", sum.n[TQ_USE_SPAM], sum.n[TQ_USE_HAM],
	    sum.n[TQ_USE_MISSED_SPAM], sum.n[TQ_USE_FALSE_POSITIVE],
	    accuracy(&sum), sum.n[TQ_USE_SPAM] * SECONDS_SAVED);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			tq_buf_byte(&b, ',');
		put_period(&b, &rows[i], months);
	}
	tq_buf_lit(&b, "}}");
	return tq_ak_json(v, JSON, &b);
}

static enum tq_when
stats(struct tq_ak_call *c, tq_str site)
{
	struct tq_arena a;
	enum tq_when when;

	tq_arena_init(&a, ROWS_BYTES);
	when = sum_up(c, site, &a);
	tq_arena_free(&a);
	return when;
}

enum tq_when
tq_ak_site_stats(struct tq_visit *v)
{
	struct tq_ak_call *c = tq_ak_open(v, TQ_AK_NEED_KEY);

	if (c == NULL)
		return TQ_NOW;
	return stats(c, c->form.at[TQ_AK_BLOG].p != NULL ?
	    c->form.at[TQ_AK_BLOG] : TQ_S(""));
}

enum tq_when
tq_ak_key_stats(struct tq_visit *v)
{
	struct tq_ak_call *c = tq_ak_open(v, TQ_AK_NEED_KEY);

	return c == NULL ? TQ_NOW : stats(c, (tq_str){ NULL, 0 });
}

/* --- standing -------------------------------------------------------------- */

/* Without "active" WordPress does not keep the key. */
enum tq_when
tq_ak_subscription(struct tq_visit *v)
{
	struct tq_ak_call *c = tq_ak_open(v, TQ_AK_NEED_KEY);
	struct tq_buf b;

	if (c == NULL)
		return TQ_NOW;
	tq_buf_init(&b, &v->x->arena, 256);
	tq_buf_printf(&b, "{\"account_id\":%" PRId64 ",\"account_type\":"
	    "\"self-hosted\",\"account_name\":\"taliq\",\"status\":"
	    "\"active\",\"next_billing_date\":false,\"limit_reached\":false}",
	    c->key.id);
	return tq_ak_json(v, JSON, &b);
}

/* Where others open a page of statistics by it; ours opens nothing. */
enum tq_when
tq_ak_token(struct tq_visit *v)
{
	struct tq_ak_call *c = tq_ak_open(v, TQ_AK_NEED_KEY);
	uint8_t mac[16];
	tq_str fields[2] = { TQ_S("akismet token"), { NULL, 0 } };

	if (c == NULL)
		return TQ_NOW;
	fields[1] = tq_arena_printf(&v->x->arena, "%" PRId64, c->key.id);
	tq_mac(mac, sizeof(mac), v->app->keys.token, fields, 2);
	fields[1] = tq_hex(&v->x->arena, (tq_str){ (const char *)mac,
	    sizeof(mac) });
	return fields[1].n == 0 ? tq_ak_busy(v) : tq_ak_text(v, fields[1]);
}

/* The plugins that send more than comments are the owner's business. */
enum tq_when
tq_ak_plugins(struct tq_visit *v)
{
	struct tq_buf b;

	if (tq_ak_open(v, TQ_AK_NEED_KEY) == NULL)
		return TQ_NOW;
	tq_buf_init(&b, &v->x->arena, 16);
	tq_buf_lit(&b, "[]");
	return tq_ak_json(v, JSON, &b);
}
