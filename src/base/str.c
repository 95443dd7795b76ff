/* Slices: see str.h.  Nothing here allocates. */
#include "base/str.h"

#include <string.h>

tq_str
tq_str_c(const char *c)
{
	return c == NULL ? (tq_str){ NULL, 0 } : (tq_str){ c, strlen(c) };
}

bool
tq_str_eq(tq_str a, tq_str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static unsigned char
lower(char c)
{
	unsigned char u = (unsigned char)c;

	return u >= 'A' && u <= 'Z' ? (unsigned char)(u + ('a' - 'A')) : u;
}

bool
tq_str_eq_nocase(tq_str a, tq_str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

int
tq_str_cmp(tq_str a, tq_str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n > 0 ? memcmp(a.p, b.p, n) : 0;

	if (c != 0)
		return c;
	return a.n < b.n ? -1 : a.n > b.n;
}

bool
tq_str_starts(tq_str s, tq_str prefix)
{
	return s.n >= prefix.n && tq_str_eq((tq_str){ s.p, prefix.n }, prefix);
}

bool
tq_str_ends(tq_str s, tq_str suffix)
{
	if (s.n < suffix.n)
		return false;
	return suffix.n == 0 ||
	    tq_str_eq((tq_str){ s.p + (s.n - suffix.n), suffix.n }, suffix);
}

size_t
tq_str_find(tq_str s, tq_str needle)
{
	const char *at;

	if (needle.n == 0)
		return 0;
	if (s.n < needle.n)
		return s.n;
	at = memmem(s.p, s.n, needle.p, needle.n);
	return at == NULL ? s.n : (size_t)(at - s.p);
}

tq_str
tq_str_sub(tq_str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from >= to)
		return (tq_str){ NULL, 0 };
	return (tq_str){ s.p + from, to - from };
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

tq_str
tq_str_trim(tq_str s)
{
	while (s.n > 0 && blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

tq_str
tq_str_cut(tq_str s, char sep, tq_str *head)
{
	const char *at = s.n > 0 ? memchr(s.p, sep, s.n) : NULL;

	if (at == NULL) {
		*head = s;
		return (tq_str){ NULL, 0 };
	}
	*head = (tq_str){ s.p, (size_t)(at - s.p) };
	return (tq_str){ at + 1, s.n - head->n - 1 };
}

bool
tq_str_i64(tq_str s, int64_t *out)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	int64_t v = 0;

	if (s.n == (minus ? 1u : 0u))
		return false;
	for (size_t i = minus ? 1 : 0; i < s.n; i++) {
		int digit = s.p[i] - '0';

		if (digit < 0 || digit > 9 ||
		    __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, minus ? -digit : digit, &v))
			return false;
	}
	*out = v;
	return true;
}

int
tq_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}
