/* clock.h - the two clocks, passed as a value so that tests stand still, and
 * calendar arithmetic without the C library's time zones.  Any thread. */
#ifndef TQ_BASE_CLOCK_H
#define TQ_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

#define TQ_SECOND_US INT64_C(1000000)

struct tq_clock {
	/* Microseconds since 1970-01-01 UTC: for what people read and what is
	 * stored. */
	int64_t (*wall_us)(void *ctx);
	/* Microseconds since some fixed moment, never backwards: for limits and
	 * time-outs. */
	int64_t (*mono_us)(void *ctx);
	void *ctx;
};

extern const struct tq_clock tq_clock_system;

int64_t tq_wall_us(const struct tq_clock *c);
int64_t tq_mono_us(const struct tq_clock *c);

/* A moment in the proleptic Gregorian calendar. */
struct tq_date {
	int year, month, day;		/* 1..12, 1..31 */
	int hour, minute, second;	/* 0..23, 0..59, 0..59 */
	int weekday;			/* 0 Sunday .. 6 Saturday */
};

/* us shifted by offset_min minutes east of UTC, as a date.  Years -9999..9999;
 * outside, the nearest.  Algorithm: H. Hinnant, "chrono-Compatible Low-Level
 * Date Algorithms", civil_from_days. */
struct tq_date tq_date_at(int64_t us, int offset_min);
/* The reverse for UTC; fields out of range are not checked. */
int64_t tq_date_us(const struct tq_date *d);

/* RFC 3339 in UTC, whole seconds: 2026-11-23T16:34:05Z. */
void tq_date_rfc3339(struct tq_buf *b, int64_t us);
/* RFC 3339, or a bare date (midnight), or "date hh:mm", in offset_min when the
 * text names no zone.  False when s is none of these; *us only on success. */
bool tq_date_parse(tq_str s, int offset_min, int64_t *us);
/* IMF-fixdate of RFC 9110 5.6.7: Mon, 23 Nov 2026 16:34:05 GMT. */
void tq_date_http(struct tq_buf *b, int64_t us);

#endif
