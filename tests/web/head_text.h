/* head_text.h - does to a request head what libmicrohttpd 0.9.75 does to it in
 * place, so that head.c can be tested and fuzzed without the library. */
#ifndef TQ_TESTS_HEAD_TEXT_H
#define TQ_TESTS_HEAD_TEXT_H

#include <stdbool.h>
#include <string.h>

#include "web/head.h"

/* A line's end at p: its bytes become NUL; the next line's start. */
static inline char *
end_line(char *p, char *lf)
{
	if (lf > p && lf[-1] == '\r')
		lf[-1] = 0;
	*lf = 0;
	return lf + 1;
}

/* The request line; false when the library would not go on after it. */
static inline bool
cut_request_line(char *p, size_t n, struct tq_head_raw *raw)
{
	char *target = memchr(p, ' ', n), *version;

	if (target == NULL)
		return false;
	*target++ = 0;
	while (*target == ' ')
		target++;
	version = p + n;
	while (version > target && version[-1] != ' ')
		version--;
	if (version <= target || p + n - version != 8)
		return false;
	version[-1] = 0;
	raw->target_at = (size_t)(target - p);
	raw->target_n = strlen(target);
	raw->target = (tq_str){ target, raw->target_n };
	return true;
}

enum { LINES_MAX = 40000 };

/* Changes the n bytes at p, which are followed by a NUL.  False when the
 * library would refuse them or wait for more. */
static inline bool
as_left_by_library(char *p, size_t n, struct tq_head_raw *raw)
{
	static const char *names[LINES_MAX];
	char *line = p, *end = p + n, *lf, *colon;

	*raw = (struct tq_head_raw){ .names = names };
	for (;; line = end_line(line, lf)) {
		size_t length;

		lf = memchr(line, '\n', (size_t)(end - line));
		if (lf == NULL)
			return false;
		length = (size_t)(lf - line);
		if (length > 0 && lf[-1] == '\r')
			length--;
		if (line == p) {
			if (!cut_request_line(p, length, raw))
				return false;
			continue;
		}
		if (length == 0 || *line == 0)
			break;
		if ((*line == ' ' || *line == '\t') && raw->n_names > 0) {
			names[raw->n_names - 1] = NULL;	/* folded: moved */
			continue;
		}
		colon = memchr(line, ':', strnlen(line, length));
		if (colon == NULL)
			return false;
		*colon = 0;
		if (raw->n_names == LINES_MAX)
			return false;
		names[raw->n_names++] = line;
	}
	raw->bytes = (tq_str){ p, (size_t)(end_line(line, lf) - p) };
	return true;
}

#endif
