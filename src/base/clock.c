/* Clocks and calendar.  The C library's localtime is process-wide and is not
 * used; a site's time zone is an offset in minutes. */
#include "base/clock.h"

#include <time.h>

#define DAY_S INT64_C(86400)

static int64_t
read_us(clockid_t id)
{
	struct timespec ts = { 0, 0 };

	(void)clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * TQ_SECOND_US + ts.tv_nsec / 1000;
}

static int64_t
system_wall(void *ctx)
{
	(void)ctx;
	return read_us(CLOCK_REALTIME);
}

static int64_t
system_mono(void *ctx)
{
	(void)ctx;
	return read_us(CLOCK_MONOTONIC);
}

const struct tq_clock tq_clock_system = {
	.wall_us = system_wall, .mono_us = system_mono, .ctx = NULL,
};

int64_t
tq_wall_us(const struct tq_clock *c)
{
	return c->wall_us(c->ctx);
}

int64_t
tq_mono_us(const struct tq_clock *c)
{
	return c->mono_us(c->ctx);
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

struct tq_date
tq_date_at(int64_t us, int offset_min)
{
	const int64_t most = INT64_C(253402300799);	/* end of year 9999 */
	int64_t s = floor_div(us, TQ_SECOND_US) + (int64_t)offset_min * 60;
	int64_t days, z, era, doe, yoe, doy, mp, rest;

	if (s > most)
		s = most;
	if (s < -most)
		s = -most;
	days = floor_div(s, DAY_S);
	rest = s - days * DAY_S;
	z = days + 719468;
	era = floor_div(z, 146097);
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	return (struct tq_date){
		.year = (int)(yoe + era * 400 + (mp >= 10)),
		.month = (int)(mp < 10 ? mp + 3 : mp - 9),
		.day = (int)(doy - (153 * mp + 2) / 5 + 1),
		.hour = (int)(rest / 3600),
		.minute = (int)(rest / 60 % 60),
		.second = (int)(rest % 60),
		.weekday = (int)(((days + 4) % 7 + 7) % 7),
	};
}

int64_t
tq_date_us(const struct tq_date *d)
{
	int64_t y = d->year - (d->month <= 2);
	int64_t era = floor_div(y, 400), yoe = y - era * 400;
	int64_t mp = d->month > 2 ? d->month - 3 : d->month + 9;
	int64_t doy = (153 * mp + 2) / 5 + d->day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	int64_t days = era * 146097 + doe - 719468;

	return (days * DAY_S + d->hour * 3600 + d->minute * 60 + d->second) *
	    TQ_SECOND_US;
}

/* A page holds a hundred times: printf would take a third of its making. */
static void
two_digits(char out[static 2], int v)
{
	out[0] = (char)('0' + v / 10);
	out[1] = (char)('0' + v % 10);
}

void
tq_date_rfc3339(struct tq_buf *b, int64_t us)
{
	struct tq_date d = tq_date_at(us, 0);
	char text[] = "0000-00-00T00:00:00Z";

	if (d.year < 0) {
		tq_buf_byte(b, '-');
		d.year = -d.year;
	}
	two_digits(text, d.year / 100);
	two_digits(text + 2, d.year % 100);
	two_digits(text + 5, d.month);
	two_digits(text + 8, d.day);
	two_digits(text + 11, d.hour);
	two_digits(text + 14, d.minute);
	two_digits(text + 17, d.second);
	tq_buf_put(b, (tq_str){ text, sizeof(text) - 1 });
}

void
tq_date_http(struct tq_buf *b, int64_t us)
{
	static const char days[][4] = {
		"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat",
	};
	static const char months[][4] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun",
		"Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
	};
	struct tq_date d = tq_date_at(us, 0);

	tq_buf_printf(b, "%s, %02d %s %04d %02d:%02d:%02d GMT",
	    days[d.weekday], d.day, months[d.month - 1], d.year, d.hour,
	    d.minute, d.second);
}

/* Takes n digits off the front of *s. */
static bool
take_digits(tq_str *s, size_t n, int *out)
{
	int64_t v;

	if (s->n < n || (n > 0 && s->p[0] == '-') ||
	    !tq_str_i64(tq_str_sub(*s, 0, n), &v))
		return false;
	*out = (int)v;
	*s = tq_str_sub(*s, n, s->n);
	return true;
}

static bool
take_byte(tq_str *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = tq_str_sub(*s, 1, s->n);
	return true;
}

static bool
take_zone(tq_str *s, int *offset_min)
{
	int h, m;
	bool west;

	if (s->n == 0)
		return true;
	if (take_byte(s, 'Z') || take_byte(s, 'z')) {
		*offset_min = 0;
		return true;
	}
	west = take_byte(s, '-');
	if ((!west && !take_byte(s, '+')) || !take_digits(s, 2, &h) ||
	    !take_byte(s, ':') || !take_digits(s, 2, &m) || h > 23 || m > 59)
		return false;
	*offset_min = west ? -(h * 60 + m) : h * 60 + m;
	return true;
}

static bool
take_time(tq_str *s, struct tq_date *d)
{
	int fraction;

	if (!take_digits(s, 2, &d->hour) || !take_byte(s, ':') ||
	    !take_digits(s, 2, &d->minute))
		return false;
	if (!take_byte(s, ':'))
		return true;
	if (!take_digits(s, 2, &d->second))
		return false;
	if (take_byte(s, '.')) {
		if (!take_digits(s, 1, &fraction))
			return false;
		while (take_digits(s, 1, &fraction))
			continue;
	}
	return true;
}

static bool
take_day(tq_str *s, struct tq_date *d)
{
	return take_digits(s, 4, &d->year) && take_byte(s, '-') &&
	    take_digits(s, 2, &d->month) && take_byte(s, '-') &&
	    take_digits(s, 2, &d->day);
}

/* What follows the day, up to the end. */
static bool
take_rest(tq_str *s, struct tq_date *d, int *offset_min)
{
	return (take_byte(s, 'T') || take_byte(s, 't') || take_byte(s, ' ')) &&
	    take_time(s, d) && take_zone(s, offset_min) && s->n == 0;
}

bool
tq_date_parse(tq_str s, int offset_min, int64_t *us)
{
	struct tq_date d = { 0 }, back;
	int64_t t;

	s = tq_str_trim(s);
	if (!take_day(&s, &d) ||
	    (s.n > 0 && !take_rest(&s, &d, &offset_min)))
		return false;
	if (d.month < 1 || d.month > 12 || d.day < 1 || d.hour > 23 ||
	    d.minute > 59 || d.second > 59)
		return false;
	t = tq_date_us(&d);
	back = tq_date_at(t, 0);
	if (back.day != d.day || back.month != d.month)
		return false;	/* 30 February */
	*us = t - (int64_t)offset_min * 60 * TQ_SECOND_US;
	return true;
}
