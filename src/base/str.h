/* str.h - borrowed byte slices.  A slice never owns, is never NUL-terminated
 * by contract, and may hold any byte.  Pass it by value.  Pure functions: any
 * thread, no failure. */
#ifndef TQ_BASE_STR_H
#define TQ_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct tq_str {
	const char *p;	/* NULL only when n == 0 */
	size_t n;	/* bytes */
} tq_str;

/* Slice of a string literal; refuses anything else at compile time. */
#define TQ_S(lit) ((tq_str){ ("" lit ""), sizeof(lit) - 1 })
/* The same for static initialisers. */
#define TQ_S_INIT(lit) { ("" lit ""), sizeof(lit) - 1 }
/* For printf("%.*s", TQ_FMT(s)); clamps at INT_MAX. */
#define TQ_FMT(s) ((s).n > 0x7fffffff ? 0x7fffffff : (int)(s).n), \
	((s).p != NULL ? (s).p : "")

/* Borrow a C string; NULL gives the empty slice. */
tq_str tq_str_c(const char *c);

bool tq_str_eq(tq_str a, tq_str b);
/* As tq_str_eq, ASCII letters compared without case (RFC 9110 5.1 names). */
bool tq_str_eq_nocase(tq_str a, tq_str b);
/* <0, 0, >0 by bytes, as memcmp; a prefix sorts first. */
int tq_str_cmp(tq_str a, tq_str b);
bool tq_str_starts(tq_str s, tq_str prefix);
bool tq_str_ends(tq_str s, tq_str suffix);
/* Offset of the first occurrence of needle, or s.n when there is none. */
size_t tq_str_find(tq_str s, tq_str needle);
/* Bytes from..to (to is not included); offsets past the end are clamped. */
tq_str tq_str_sub(tq_str s, size_t from, size_t to);
/* Without leading and trailing space, tab, CR, LF. */
tq_str tq_str_trim(tq_str s);
/* Cut s at the first sep: *head gets what is before, the return what is after.
 * Without sep, *head is all of s and the return is empty (p == NULL). */
tq_str tq_str_cut(tq_str s, char sep, tq_str *head);

/* Decimal number with optional leading '-', all of s, no spaces.  False on
 * anything else and on overflow; *out is written only on success. */
bool tq_str_i64(tq_str s, int64_t *out);
/* The value of a hexadecimal digit of either case, or -1. */
int tq_hex_digit(char c);

#endif
