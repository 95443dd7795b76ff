/* Numbers, dates and times ago.  The order of a date's parts and every form of
 * "3 hours ago" are messages; only the Levant's month names stand here, because
 * they are a choice within one language and not a translation. */
#include "text/lang.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "text/lang_table.h"

#define MINUTE_S INT64_C(60)
#define HOUR_S INT64_C(3600)
#define DAY_S INT64_C(86400)

#define DUAL_MAX 64	/* bytes of two month names and what joins them */

static const enum tq_msg months[12] = {
	TQ_MSG_MONTH_JANUARY, TQ_MSG_MONTH_FEBRUARY, TQ_MSG_MONTH_MARCH,
	TQ_MSG_MONTH_APRIL, TQ_MSG_MONTH_MAY, TQ_MSG_MONTH_JUNE,
	TQ_MSG_MONTH_JULY, TQ_MSG_MONTH_AUGUST, TQ_MSG_MONTH_SEPTEMBER,
	TQ_MSG_MONTH_OCTOBER, TQ_MSG_MONTH_NOVEMBER, TQ_MSG_MONTH_DECEMBER,
};

/* CLDR 41, ar-LB: Iraq, Jordan, Lebanon, Palestine and Syria. */
static const tq_str levant[12] = {
	TQ_S_INIT("كانون الثاني"), TQ_S_INIT("شباط"), TQ_S_INIT("آذار"),
	TQ_S_INIT("نيسان"), TQ_S_INIT("أيار"), TQ_S_INIT("حزيران"),
	TQ_S_INIT("تموز"), TQ_S_INIT("آب"), TQ_S_INIT("أيلول"),
	TQ_S_INIT("تشرين الأول"), TQ_S_INIT("تشرين الثاني"),
	TQ_S_INIT("كانون الأول"),
};

/* The two bytes that a digit's UTF-8 starts with, and its last byte at zero;
 * U+0660 and U+06F0 and the nine after them stay within that. */
static const struct { char lead; unsigned char zero; } native[] = {
	[TQ_DIGITS_ARABIC] = { '\xD9', 0xA0 },
	[TQ_DIGITS_PERSIAN] = { '\xDB', 0xB0 },
};

/* s with its ASCII digits in the locale's. */
static void
put_digits(struct tq_buf *b, const struct tq_locale *l, tq_str s)
{
	if (l->digits == TQ_DIGITS_LATIN) {
		tq_buf_put(b, s);
		return;
	}
	for (size_t i = 0; i < s.n; i++) {
		int digit = s.p[i] - '0';

		if (digit < 0 || digit > 9) {
			tq_buf_byte(b, s.p[i]);
			continue;
		}
		tq_buf_byte(b, native[l->digits].lead);
		tq_buf_byte(b, (char)(native[l->digits].zero + digit));
	}
}

void
tq_fmt_number(struct tq_buf *b, const struct tq_locale *l, int64_t n)
{
	char digits[24];
	int len;

	if (l->digits == TQ_DIGITS_LATIN) {
		tq_buf_i64(b, n);
		return;
	}
	len = snprintf(digits, sizeof(digits), "%" PRId64, n);
	put_digits(b, l, (tq_str){ digits, (size_t)len });
}

static tq_str
month_name(const struct tq_locale *l, int month, char dual[static DUAL_MAX])
{
	tq_str plain = tq_msg(l->lang, months[month - 1]);
	int len;

	if (l->lang->months != TQ_MONTH_SET_ARABIC ||
	    l->months == TQ_MONTHS_INTERNATIONAL)
		return plain;
	if (l->months == TQ_MONTHS_LEVANT)
		return levant[month - 1];
	len = snprintf(dual, DUAL_MAX, "%.*s/ %.*s", TQ_FMT(plain),
	    TQ_FMT(levant[month - 1]));
	return len > 0 && len < DUAL_MAX ? (tq_str){ dual, (size_t)len } :
	    plain;
}

static void
put_date(struct tq_buf *b, const struct tq_locale *l, const struct tq_date *d)
{
	char dual[DUAL_MAX];
	const struct tq_msg_arg args[] = {
		{ .name = "day", .kind = TQ_ARG_INT, .number = d->day },
		{ .name = "month", .kind = TQ_ARG_TEXT,
		    .str = month_name(l, d->month, dual) },
		{ .name = "year", .kind = TQ_ARG_INT, .number = d->year },
	};

	tq_msg_plain(b, l, TQ_MSG_DAY_MONTH_YEAR, 0, args, 3);
}

void
tq_fmt_date(struct tq_buf *b, const struct tq_locale *l, int64_t us)
{
	struct tq_date d = tq_date_at(us, l->zone_min);

	put_date(b, l, &d);
}

void
tq_fmt_date_time(struct tq_buf *b, const struct tq_locale *l, int64_t us)
{
	struct tq_date d = tq_date_at(us, l->zone_min);
	struct tq_buf date, time;
	const char clock[] = {
		(char)('0' + d.hour / 10), (char)('0' + d.hour % 10), ':',
		(char)('0' + d.minute / 10), (char)('0' + d.minute % 10),
	};

	tq_buf_init(&date, b->arena, 64);
	put_date(&date, l, &d);
	tq_buf_init(&time, b->arena, 16);
	put_digits(&time, l, (tq_str){ clock, sizeof(clock) });
	if (!tq_buf_ok(&date) || !tq_buf_ok(&time)) {
		b->failed = true;
		return;
	}
	tq_msg_plain(b, l, TQ_MSG_DATE_TIME, 0, (const struct tq_msg_arg[]){
		{ .name = "date", .kind = TQ_ARG_TEXT,
		    .str = tq_buf_str(&date) },
		{ .name = "time", .kind = TQ_ARG_TEXT,
		    .str = tq_buf_str(&time) },
	}, 2);
}

void
tq_fmt_relative(struct tq_buf *b, const struct tq_locale *l, int64_t us,
    int64_t now_us)
{
	int64_t s = now_us > us ? (now_us - us) / TQ_SECOND_US : 0;

	if (s < MINUTE_S)
		tq_msg_plain(b, l, TQ_MSG_NOW, 0, NULL, 0);
	else if (s < HOUR_S)
		tq_msg_plain(b, l, TQ_MSG_N_MINUTE_AGO, s / MINUTE_S, NULL, 0);
	else if (s < DAY_S)
		tq_msg_plain(b, l, TQ_MSG_N_HOUR_AGO, s / HOUR_S, NULL, 0);
	else if (s < 30 * DAY_S)
		tq_msg_plain(b, l, TQ_MSG_N_DAY_AGO, s / DAY_S, NULL, 0);
	else
		tq_fmt_date(b, l, us);
}
