/* Text of strangers on the operator's terminal. */
#include "cli/cli.h"

/* U+200E/F, U+202A..202E, U+2066..2069: three bytes in UTF-8. */
static bool
is_bidi_control(tq_str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.p + at;

	if (at + 2 >= s.n || p[0] != 0xe2)
		return false;
	if (p[1] == 0x80)
		return p[2] == 0x8e || p[2] == 0x8f ||
		    (p[2] >= 0xaa && p[2] <= 0xae);
	return p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9;
}

void
tq_cli_safe(struct tq_buf *out, tq_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (is_bidi_control(s, i)) {
			tq_buf_byte(out, '?');
			i += 2;
		} else {
			tq_buf_byte(out, c < 0x20 || c == 0x7f ? ' ' :
			    (char)c);
		}
	}
}
