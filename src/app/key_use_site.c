/* Under which day and site a call is counted: see key_use.h. */
#include "app/key_use.h"

#include <stdbool.h>
#include <string.h>

#include "base/clock.h"
#include "text/rune.h"
#include "text/utf8.h"

#define ADDRESS_MAX 2048	/* bytes of it that are looked at */

int64_t
tq_key_use_day(int64_t wall_us)
{
	const struct tq_date d = tq_date_at(wall_us, 0);

	return d.year < 1 ? 10101 :
	    (int64_t)d.year * 10000 + d.month * 100 + d.day;
}

/* Behind "scheme://" or "//", up to "?" or "#". */
static tq_str
without_frame(tq_str s)
{
	static const tq_str colon = TQ_S_INIT("://");
	size_t at;

	s = tq_str_trim(s);
	at = tq_str_find(s, colon);
	if (at < s.n && at <= 16)
		s = tq_str_sub(s, at + colon.n, s.n);
	else if (tq_str_starts(s, TQ_S("//")))
		s = tq_str_sub(s, 2, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '?' || s.p[i] == '#')
			return tq_str_sub(s, 0, i);
	return s;
}

/* Host and port, without user and default port; *path gets the rest. */
static tq_str
authority(tq_str s, tq_str *path)
{
	tq_str host = s;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '/') {
			host = tq_str_sub(s, 0, i);
			break;
		}
	*path = tq_str_sub(s, host.n, s.n);
	for (size_t i = host.n; i > 0; i--)
		if (host.p[i - 1] == '@') {
			host = tq_str_sub(host, i, host.n);
			break;
		}
	if (tq_str_ends(host, TQ_S(":443")))
		host.n -= 4;
	else if (tq_str_ends(host, TQ_S(":80")))
		host.n -= 3;
	return host;
}

/* Up to the segment that names somebody: one with "@" in it, or "%40". */
static tq_str
without_people(tq_str path)
{
	size_t from = 0;

	for (size_t i = 0; i < path.n; i++) {
		if (path.p[i] == '/')
			from = i;
		else if (path.p[i] == '@' || tq_str_starts(
		    tq_str_sub(path, i, path.n), TQ_S("%40")))
			return tq_str_sub(path, 0, from);
	}
	return path;
}

struct pen { char *p; size_t n; };

/* Whether it can be seen; nearly all are plain ASCII. */
static bool
is_seen(uint32_t c)
{
	if (c < 0x7f)
		return c > ' ';
	return !tq_rune_space(c) && !tq_rune_control(c) && !tq_rune_bidi(c) &&
	    !tq_rune_hidden(c);
}

/* Runes that can be seen; bytes that are none become U+FFFD. */
static void
copy(struct pen *to, tq_str s, bool lower)
{
	size_t at = 0;

	while (at < s.n) {
		uint32_t c = tq_utf8_next(s, &at);
		char bytes[4];
		size_t n;

		if (!is_seen(c))
			continue;
		if (lower && c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		n = tq_utf8_put(bytes, c);
		if (to->n + n > TQ_USE_SITE_MAX)
			return;
		memcpy(to->p + to->n, bytes, n);
		to->n += n;
	}
}

size_t
tq_key_use_site(tq_str address, char out[TQ_USE_SITE_MAX])
{
	struct pen pen = { .p = out };
	tq_str path, host;

	host = authority(without_frame(tq_str_sub(address, 0, ADDRESS_MAX)),
	    &path);
	copy(&pen, host, true);
	copy(&pen, without_people(path), false);
	while (pen.n > 0 && out[pen.n - 1] == '/')
		pen.n--;
	return pen.n;
}
