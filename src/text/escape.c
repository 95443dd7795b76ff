/* Escaping.  Every context is a table that tells which bytes stop a run; runs
 * of clean bytes are copied in bulk, because most text is clean and a thread
 * page is fifty comments of it.  A stopping byte is then looked at alone.
 *
 * The HTML table is per byte.  XML and JSON also stop at the lead byte of the
 * few code points above ASCII that they must not let through (U+FFFE, U+FFFF;
 * U+2028, U+2029). */
#include "text/escape.h"

#include <stdint.h>

#include "text/rune.h"
#include "text/utf8.h"

#define REPLACEMENT "\xEF\xBF\xBD"

/* Writes what stands for the stopping byte at s.p[at] and returns how many
 * bytes of s that covers. */
typedef size_t replace_fn(struct tq_buf *b, tq_str s, size_t at);

/* Non-zero where a run must stop. */
static const uint8_t html_stop[256] = {
	[0] = 1, ['&'] = 1, ['<'] = 1, ['>'] = 1, ['"'] = 1, ['\''] = 1,
};

#define C0_BUT_TAB_LF \
	[0] = 1, [1] = 1, [2] = 1, [3] = 1, [4] = 1, [5] = 1, [6] = 1, \
	[7] = 1, [8] = 1, [11] = 1, [12] = 1, [13] = 1, [14] = 1, [15] = 1, \
	[16] = 1, [17] = 1, [18] = 1, [19] = 1, [20] = 1, [21] = 1, [22] = 1, \
	[23] = 1, [24] = 1, [25] = 1, [26] = 1, [27] = 1, [28] = 1, [29] = 1, \
	[30] = 1, [31] = 1

static const uint8_t xml_stop[256] = {
	C0_BUT_TAB_LF,
	['&'] = 1, ['<'] = 1, ['>'] = 1, ['"'] = 1, ['\''] = 1, [0xEF] = 1,
};

static const uint8_t json_stop[256] = {
	C0_BUT_TAB_LF, ['\t'] = 1, ['\n'] = 1,
	['&'] = 1, ['<'] = 1, ['>'] = 1, ['"'] = 1, ['\\'] = 1, [0xE2] = 1,
};

static void
escape(struct tq_buf *b, tq_str s, const uint8_t stop[static 256],
    replace_fn *replace)
{
	size_t at = 0;

	while (at < s.n) {
		size_t from = at;

		while (at < s.n && !stop[(uint8_t)s.p[at]])
			at++;
		tq_buf_put(b, (tq_str){ s.p + from, at - from });
		if (at < s.n)
			at += replace(b, s, at);
	}
}

static size_t
replace_html(struct tq_buf *b, tq_str s, size_t at)
{
	switch (s.p[at]) {
	case '&':
		tq_buf_lit(b, "&amp;");
		break;
	case '<':
		tq_buf_lit(b, "&lt;");
		break;
	case '>':
		tq_buf_lit(b, "&gt;");
		break;
	case '"':
		tq_buf_lit(b, "&quot;");
		break;
	case '\'':
		tq_buf_lit(b, "&#39;");
		break;
	default:
		tq_buf_lit(b, REPLACEMENT);
	}
	return 1;
}

void
tq_esc_html(struct tq_buf *b, tq_str s)
{
	escape(b, s, html_stop, replace_html);
}

static size_t
replace_xml(struct tq_buf *b, tq_str s, size_t at)
{
	tq_str three = tq_str_sub(s, at, at + 3);

	if (s.p[at] == '\r') {	/* bare, a parser would read it as LF */
		tq_buf_lit(b, "&#13;");
		return 1;
	}
	if ((uint8_t)s.p[at] != 0xEF)
		return replace_html(b, s, at);
	if (tq_str_eq(three, TQ_S("\xEF\xBF\xBE")) ||
	    tq_str_eq(three, TQ_S("\xEF\xBF\xBF")))
		tq_buf_lit(b, REPLACEMENT);
	else
		tq_buf_put(b, three);
	return three.n;
}

void
tq_esc_xml(struct tq_buf *b, tq_str s)
{
	escape(b, s, xml_stop, replace_xml);
}

static void
put_u16(struct tq_buf *b, unsigned c)
{
	static const char hex[] = "0123456789abcdef";
	char out[6] = { '\\', 'u', hex[c >> 12 & 15], hex[c >> 8 & 15],
	    hex[c >> 4 & 15], hex[c & 15] };

	tq_buf_put(b, (tq_str){ out, sizeof(out) });
}

static size_t
replace_json(struct tq_buf *b, tq_str s, size_t at)
{
	static const char letters[32] = {
		['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
		['\r'] = 'r',
	};
	uint8_t c = (uint8_t)s.p[at];
	tq_str three;

	if (c == '"' || c == '\\' || (c < 32 && letters[c] != 0)) {
		tq_buf_byte(b, '\\');
		tq_buf_byte(b, c < 32 ? letters[c] : (char)c);
		return 1;
	}
	if (c < 0x80) {
		put_u16(b, c);
		return 1;
	}
	three = tq_str_sub(s, at, at + 3);
	if (tq_str_eq(three, TQ_S("\xE2\x80\xA8")))
		put_u16(b, 0x2028);
	else if (tq_str_eq(three, TQ_S("\xE2\x80\xA9")))
		put_u16(b, 0x2029);
	else
		tq_buf_put(b, three);
	return three.n;
}

void
tq_esc_json(struct tq_buf *b, tq_str s)
{
	escape(b, s, json_stop, replace_json);
}

void
tq_json_str(struct tq_buf *b, tq_str s)
{
	tq_buf_byte(b, '"');
	tq_esc_json(b, s);
	tq_buf_byte(b, '"');
}

static bool
unreserved(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	    c == '~';
}

static void
percent(struct tq_buf *b, tq_str s, bool keep_slash)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = (uint8_t)s.p[i];
		char out[3] = { '%', hex[c >> 4], hex[c & 15] };

		if (unreserved(c) || (keep_slash && c == '/'))
			tq_buf_byte(b, (char)c);
		else
			tq_buf_put(b, (tq_str){ out, sizeof(out) });
	}
}

void
tq_esc_component(struct tq_buf *b, tq_str s)
{
	percent(b, s, false);
}

void
tq_esc_path(struct tq_buf *b, tq_str s)
{
	percent(b, s, true);
}

void
tq_esc_terminal(struct tq_buf *b, tq_str s)
{
	size_t at = 0;

	while (at < s.n) {
		uint32_t c = tq_utf8_next(s, &at);
		char out[4];

		if (tq_rune_control(c))
			tq_buf_byte(b, ' ');
		else if (tq_rune_bidi(c))
			tq_buf_byte(b, '?');
		else
			tq_buf_put(b, (tq_str){ out, tq_utf8_put(out, c) });
	}
}

void
tq_esc_json_terminal(struct tq_buf *b, tq_str json)
{
	size_t at = 0;

	while (at < json.n) {
		uint32_t c = tq_utf8_next(json, &at);
		char out[4];

		if (tq_rune_bidi(c) || (c >= 0x7f && tq_rune_control(c)))
			put_u16(b, c);
		else
			tq_buf_put(b, (tq_str){ out, tq_utf8_put(out, c) });
	}
}
