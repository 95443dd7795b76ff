/* Hosts.  The table lists the letters and digits that a non-ASCII label may
 * hold, by script: no symbols, no compatibility forms (full-width, Arabic
 * presentation forms, circled letters), which a browser would map to something
 * else, and nothing invisible.  It is narrower than IDNA2008 (RFC 5892) on
 * purpose: a name outside it is still reachable by its xn-- form, which is
 * also how it is then shown. */
#include "text/url_host.h"

#include <arpa/inet.h>
#include <string.h>

#include "text/utf8.h"

#define HOST_MAX 253
#define LABEL_MAX 63

enum script {
	NONE, LATIN, GREEK, CYRILLIC, ARMENIAN, HEBREW, ARABIC, SYRIAC,
	THAANA, INDIC, THAI, LAO, BURMESE, TIBETAN, GEORGIAN, ETHIOPIC, KHMER,
	MONGOLIAN, TIFINAGH, EAST_ASIAN
};

struct letters {
	uint32_t first, last;
	enum script script;
};

static const struct letters table[] = {
	{ 0xDF, 0xF6, LATIN }, { 0xF8, 0x17E, LATIN }, { 0x1A0, 0x1A1, LATIN },
	{ 0x1AF, 0x1B0, LATIN }, { 0x1CD, 0x1DC, LATIN },
	{ 0x218, 0x21B, LATIN },
	{ 0x386, 0x386, GREEK }, { 0x388, 0x3FF, GREEK },
	{ 0x400, 0x481, CYRILLIC }, { 0x48A, 0x52F, CYRILLIC },
	{ 0x531, 0x556, ARMENIAN }, { 0x561, 0x587, ARMENIAN },
	{ 0x5D0, 0x5EA, HEBREW },
	{ 0x620, 0x63F, ARABIC }, { 0x641, 0x64A, ARABIC },
	{ 0x660, 0x669, ARABIC }, { 0x66E, 0x66F, ARABIC },
	{ 0x671, 0x673, ARABIC },
	{ 0x679, 0x6D3, ARABIC }, { 0x6D5, 0x6D5, ARABIC },
	{ 0x6EE, 0x6FC, ARABIC }, { 0x6FF, 0x6FF, ARABIC },
	{ 0x710, 0x74A, SYRIAC }, { 0x750, 0x77F, ARABIC },
	{ 0x780, 0x7B1, THAANA }, { 0x8A0, 0x8C7, ARABIC },
	{ 0x901, 0x963, INDIC }, { 0x966, 0x96F, INDIC },
	{ 0x971, 0xDF3, INDIC },
	{ 0xE01, 0xE3A, THAI }, { 0xE40, 0xE4E, THAI },
	{ 0xE50, 0xE59, THAI }, { 0xE81, 0xEDF, LAO },
	{ 0xF20, 0xF29, TIBETAN }, { 0xF40, 0xFBC, TIBETAN },
	{ 0x1000, 0x1049, BURMESE }, { 0x10D0, 0x10FA, GEORGIAN },
	{ 0x1200, 0x135A, ETHIOPIC },
	{ 0x1780, 0x17B3, KHMER }, { 0x17B6, 0x17D3, KHMER },
	{ 0x17E0, 0x17E9, KHMER }, { 0x1820, 0x1878, MONGOLIAN },
	{ 0x1E00, 0x1EFF, LATIN }, { 0x1F00, 0x1FBC, GREEK },
	{ 0x2D30, 0x2D67, TIFINAGH },
	{ 0x3005, 0x3007, EAST_ASIAN }, { 0x3041, 0x3096, EAST_ASIAN },
	{ 0x309D, 0x309E, EAST_ASIAN }, { 0x30A1, 0x30FA, EAST_ASIAN },
	{ 0x30FC, 0x30FE, EAST_ASIAN }, { 0x3400, 0x4DBF, EAST_ASIAN },
	{ 0x4E00, 0x9FFF, EAST_ASIAN }, { 0xAC00, 0xD7A3, EAST_ASIAN },
	{ 0x20000, 0x3134A, EAST_ASIAN },
};

static enum script
script_of(uint32_t c)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (c >= table[i].first && c <= table[i].last)
			return table[i].script;
	return NONE;
}

static bool
latin_letter(uint32_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool
digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

/* Whether scripts a and b may stand in one label; NONE is neutral. */
static bool
fit(enum script a, enum script b)
{
	return a == NONE || b == NONE || a == b ||
	    (a == LATIN && b == EAST_ASIAN) || (a == EAST_ASIAN && b == LATIN);
}

static bool
label_ok(tq_str label)
{
	enum script seen = NONE;

	if (label.n == 0 || label.n > LABEL_MAX || label.p[0] == '-' ||
	    label.p[label.n - 1] == '-')
		return false;
	for (size_t at = 0; at < label.n;) {
		uint32_t c = tq_utf8_next(label, &at);
		enum script is = c < 0x80 ? NONE : script_of(c);

		if (c < 0x80 && latin_letter(c))
			is = LATIN;
		else if (is == NONE && !digit(c) && c != '-')
			return false;
		if (!fit(seen, is))
			return false;
		if (is != NONE)
			seen = is;
	}
	return true;
}

/* Browsers read "1", "0x7f" and "017" in the last label as a number (WHATWG
 * URL 3.5, "ends in a number"). */
static bool
numeric(tq_str label)
{
	bool hex = label.n >= 2 && label.p[0] == '0' &&
	    (label.p[1] | 0x20) == 'x';

	for (size_t i = hex ? 2 : 0; i < label.n; i++)
		if (!digit((unsigned char)label.p[i]) && !(hex &&
		    (label.p[i] | 0x20) >= 'a' && (label.p[i] | 0x20) <= 'f'))
			return false;
	return true;
}

static bool
ipv4(tq_str host)
{
	char text[16] = "";
	struct in_addr addr;

	if (host.n >= sizeof(text))
		return false;
	memcpy(text, host.p, host.n);
	return inet_pton(AF_INET, text, &addr) == 1;
}

bool
tq_host_ok(tq_str host)
{
	tq_str rest = host, label = { NULL, 0 };

	if (host.n == 0 || host.n > HOST_MAX || host.p[host.n - 1] == '.')
		return false;
	while (rest.n > 0) {
		rest = tq_str_cut(rest, '.', &label);
		if (!label_ok(label))
			return false;
	}
	return !numeric(label) || ipv4(host);
}

bool
tq_host_ipv6(tq_str host)
{
	char text[46] = "";
	struct in6_addr addr;

	if (host.n == 0 || host.n >= sizeof(text))
		return false;
	memcpy(text, host.p, host.n);
	return inet_pton(AF_INET6, text, &addr) == 1;
}
