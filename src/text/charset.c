/* Character sets: the conversion is the C library's (iconv), the choice ours.
 * Only sets of a list are asked for: a client's word is no name to load code
 * by, and sets that shift (ISO-2022) are nobody's form any more. */
#include "text/charset.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "base/buf.h"
#include "text/utf8.h"

/* As clients write them (WHATWG Encoding 4.2), and as iconv does. */
static const struct { tq_str said; const char *iconv; } sets[] = {
	{ TQ_S_INIT("iso-8859-1"), "WINDOWS-1252" },
	{ TQ_S_INIT("latin1"), "WINDOWS-1252" },
	{ TQ_S_INIT("us-ascii"), "WINDOWS-1252" },
	{ TQ_S_INIT("windows-1252"), "WINDOWS-1252" },
	{ TQ_S_INIT("iso-8859-2"), "ISO-8859-2" },
	{ TQ_S_INIT("iso-8859-3"), "ISO-8859-3" },
	{ TQ_S_INIT("iso-8859-4"), "ISO-8859-4" },
	{ TQ_S_INIT("iso-8859-5"), "ISO-8859-5" },
	{ TQ_S_INIT("iso-8859-6"), "ISO-8859-6" },
	{ TQ_S_INIT("iso-8859-7"), "ISO-8859-7" },
	{ TQ_S_INIT("iso-8859-8"), "ISO-8859-8" },
	{ TQ_S_INIT("iso-8859-9"), "WINDOWS-1254" },
	{ TQ_S_INIT("iso-8859-10"), "ISO-8859-10" },
	{ TQ_S_INIT("iso-8859-13"), "ISO-8859-13" },
	{ TQ_S_INIT("iso-8859-15"), "ISO-8859-15" },
	{ TQ_S_INIT("windows-874"), "CP874" },
	{ TQ_S_INIT("tis-620"), "CP874" },
	{ TQ_S_INIT("windows-1250"), "WINDOWS-1250" },
	{ TQ_S_INIT("windows-1251"), "WINDOWS-1251" },
	{ TQ_S_INIT("windows-1253"), "WINDOWS-1253" },
	{ TQ_S_INIT("windows-1254"), "WINDOWS-1254" },
	{ TQ_S_INIT("windows-1255"), "WINDOWS-1255" },
	{ TQ_S_INIT("windows-1256"), "WINDOWS-1256" },
	{ TQ_S_INIT("windows-1257"), "WINDOWS-1257" },
	{ TQ_S_INIT("windows-1258"), "WINDOWS-1258" },
	{ TQ_S_INIT("koi8-r"), "KOI8-R" },
	{ TQ_S_INIT("koi8-u"), "KOI8-U" },
	{ TQ_S_INIT("gb2312"), "GB18030" },
	{ TQ_S_INIT("gbk"), "GB18030" },
	{ TQ_S_INIT("gb18030"), "GB18030" },
	{ TQ_S_INIT("big5"), "BIG5-HKSCS" },
	{ TQ_S_INIT("shift_jis"), "CP932" },
	{ TQ_S_INIT("euc-jp"), "EUC-JP" },
	{ TQ_S_INIT("euc-kr"), "UHC" },
};

static const char *
find_set(tq_str said)
{
	said = tq_str_trim(said);
	for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++)
		if (tq_str_eq_nocase(said, sets[i].said))
			return sets[i].iconv;
	return NULL;
}

static bool
has_nul(tq_str s)
{
	return s.n > 0 && memchr(s.p, 0, s.n) != NULL;
}

/* Whether some character of s is UTF-8 beyond ASCII. */
static bool
has_utf8(tq_str s)
{
	size_t at = 0;

	while (at < s.n) {
		size_t from = at;

		(void)tq_utf8_next(s, &at);
		/* An ill-formed subpart may have three bytes, but then more
		 * of them would be well-formed. */
		if (at - from > 1 && tq_utf8_valid(tq_str_sub(s, from, at)))
			return true;
	}
	return false;
}

static void
convert(struct tq_buf *b, iconv_t cd, tq_str s)
{
	/* iconv only reads, whatever its prototype says. */
	char *in = (char *)(uintptr_t)s.p;
	size_t left = s.n;

	while (left > 0 && tq_buf_room(b, left + 16)) {
		char *out = b->p + b->n;
		size_t room = b->cap - b->n;
		size_t done = iconv(cd, &in, &left, &out, &room);

		b->n = (size_t)(out - b->p);
		if (done != (size_t)-1 || errno == E2BIG)
			continue;
		tq_buf_lit(b, "\xEF\xBF\xBD");
		in++;
		left--;
		(void)iconv(cd, NULL, NULL, NULL, NULL);
	}
}

/* False: the C library lacks that set. */
static bool
from_set(struct tq_arena *a, const char *set, tq_str s, tq_str *out)
{
	iconv_t cd = iconv_open("UTF-8", set);
	struct tq_buf b;

	if (cd == (iconv_t)-1)
		return false;
	tq_buf_init(&b, a, s.n * 2 + 16);
	convert(&b, cd, s);
	(void)iconv_close(cd);
	*out = tq_utf8_repair(a, tq_buf_str(&b));
	return true;
}

/* 0xFF is in no UTF-8 sequence: what stood there becomes one U+FFFD. */
static tq_str
without_nul(struct tq_arena *a, tq_str s)
{
	char *p = tq_arena_alloc(a, s.n, 1);

	if (p == NULL)
		return (tq_str){ NULL, 0 };
	for (size_t i = 0; i < s.n; i++)
		p[i] = s.p[i] == 0 ? '\xFF' : s.p[i];
	return tq_utf8_repair(a, (tq_str){ p, s.n });
}

tq_str
tq_charset_utf8(struct tq_arena *a, tq_str s, tq_str said)
{
	const char *set;
	tq_str out = s;

	if (!tq_utf8_valid(s)) {
		set = find_set(said);
		if (set == NULL && !has_utf8(s))
			set = "WINDOWS-1252";
		if (set == NULL || !from_set(a, set, s, &out))
			out = tq_utf8_repair(a, s);
	}
	return has_nul(out) ? without_nul(a, out) : out;
}
