/* Paths of pages: see path.h. */
#include "text/path.h"

#include <string.h>

#include "base/buf.h"
#include "text/utf8.h"

tq_str
tq_path_decode(struct tq_arena *a, tq_str s)
{
	struct tq_buf b;

	tq_buf_init(&b, a, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		int hi = -1, lo = -1, c;

		if (s.p[i] == '%' && i + 2 < s.n) {
			const char *digits = "0123456789abcdef";
			const char *h = memchr(digits, s.p[i + 1] | 0x20, 16);
			const char *l = memchr(digits, s.p[i + 2] | 0x20, 16);

			hi = h == NULL ? -1 : (int)(h - digits);
			lo = l == NULL ? -1 : (int)(l - digits);
		}
		c = (unsigned char)s.p[i];
		if (hi >= 0 && lo >= 0) {
			c = hi * 16 + lo;
			i += 2;
		}
		if (c < ' ' || c == 0x7f)
			return (tq_str){ NULL, 0 };	/* no page's name */
		tq_buf_byte(&b, (char)c);
	}
	return tq_text_clean_line(a, tq_utf8_repair(a, tq_buf_str(&b)));
}

tq_str
tq_path_canonical(struct tq_arena *a, tq_str path)
{
	tq_str s;

	(void)tq_str_cut(path, '#', &s);
	(void)tq_str_cut(s, '?', &s);
	if (s.n == 0)
		return TQ_S("/");
	s = tq_path_decode(a, s);
	while (s.n > 1 && s.p[s.n - 1] == '/')
		s.n--;
	return s;
}
