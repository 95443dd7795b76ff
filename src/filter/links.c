/* Links in a norm text, and what of a link speaks.  A link is something with
 * "://", something that begins with "www.", or a host with a known ending. */
#include "filter/feature.h"

#include <string.h>

#include "text/decode.h"

static const char *const ENDINGS[] = { "ae", "ai", "app", "at", "au", "be",
	"bet", "bh", "biz", "br", "buzz", "by", "ca", "cc", "cf", "ch", "click",
	"club", "cn", "co", "com", "cz", "de", "dev", "dz", "edu", "eg", "es",
	"eu", "fi", "fr", "fun", "ga", "gd", "gg", "gl", "gq", "gr", "gs",
	"hu", "icu", "id", "ie", "in", "info", "io", "iq", "ir", "is", "it",
	"jo", "jp", "kr", "kw", "kz", "lb", "life", "link", "live", "ly", "ma",
	"me", "ml", "mobi", "mx", "net", "nl", "no", "nu", "om", "online",
	"org", "page", "pk", "pl", "pro", "ps", "pt", "pw", "qa", "ro", "rs",
	"ru", "sa", "se", "sg", "shop", "site", "space", "store", "su", "sy",
	"tech", "tk", "tn", "to", "today", "top", "tr", "tv", "tw", "ua", "uk",
	"us", "vip", "vn", "website", "win", "work", "world", "ws", "xyz",
	"ye", "za" };

static const char *const SHORTENERS[] = { "adf.ly", "bit.do", "bit.ly",
	"cutt.ly", "goo.gl", "goo.su", "is.gd", "j.mp", "linktr.ee", "lnkd.in",
	"ow.ly", "rb.gy", "rebrand.ly", "s.id", "shorturl.at", "surl.li",
	"t.co", "t.ly", "tiny.cc", "tinyurl.com", "v.gd" };

static const char *const MESSENGERS[] = { "api.whatsapp.com",
	"chat.whatsapp.com", "discord.gg", "line.me", "m.me", "t.me",
	"telegram.me", "telegram.org", "wa.link", "wa.me", "whatsapp.com" };

static bool
listed(const char *const *list, size_t n, tq_str s)
{
	size_t lo = 0;

	while (lo < n) {
		size_t mid = lo + (n - lo) / 2;
		int c = tq_str_cmp(tq_str_c(list[mid]), s);

		if (c == 0)
			return true;
		if (c < 0)
			lo = mid + 1;
		else
			n = mid;
	}
	return false;
}
#define LISTED(list, s) listed((list), sizeof(list) / sizeof((list)[0]), (s))

const char *
tq_links_listed(unsigned list, size_t i)
{
	static const struct { const char *const *name; size_t n; } lists[] = {
		{ ENDINGS, sizeof(ENDINGS) / sizeof(ENDINGS[0]) },
		{ SHORTENERS, sizeof(SHORTENERS) / sizeof(SHORTENERS[0]) },
		{ MESSENGERS, sizeof(MESSENGERS) / sizeof(MESSENGERS[0]) },
	};

	return i < lists[list].n ? lists[list].name[i] : NULL;
}

static bool
is_host_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static bool
ends_link(char c)
{
	return c == ' ' || c == '<' || c == '>' || c == '"' || c == '\'' ||
	    c == ')' || c == ']' || c == '}' || c == '|';
}

/* End of host labels from i on; *dots counts them, *last is the last label. */
static size_t
host_end(tq_str s, size_t i, unsigned *dots, tq_str *last)
{
	size_t label = i;

	*dots = 0;
	for (; i < s.n; i++) {
		if (s.p[i] == '.' && i > label && i + 1 < s.n &&
		    is_host_char(s.p[i + 1])) {
			label = i + 1;
			++*dots;
		} else if (!is_host_char(s.p[i])) {
			break;
		}
	}
	*last = tq_str_sub(s, label, i);
	return i;
}

static size_t
path_end(tq_str s, size_t i)
{
	while (i < s.n && !ends_link(s.p[i]))
		i++;
	return i;
}

/* Is there a link that begins just at i? */
static bool
begins(tq_str s, size_t i, size_t *end)
{
	tq_str rest = tq_str_sub(s, i, s.n), last;
	unsigned dots;
	size_t e;

	if (tq_str_starts(rest, TQ_S("http://")) ||
	    tq_str_starts(rest, TQ_S("https://"))) {
		e = path_end(s, i);
		*end = e;
		return e > i + 8;
	}
	e = host_end(s, i, &dots, &last);
	if (dots == 0 || (e < s.n && s.p[e] == '@'))
		return false;
	if (!tq_str_starts(rest, TQ_S("www.")) && !LISTED(ENDINGS, last) &&
	    !LISTED(SHORTENERS, tq_str_sub(s, i, e)))
		return false;
	*end = e < s.n && (s.p[e] == '/' || s.p[e] == '?' || s.p[e] == ':') ?
	    path_end(s, e) : e;
	return true;
}

/* Where the labels begin that reach up to the sign at i, at or after from; i
 * when there are none. */
static size_t
host_start(tq_str s, size_t from, size_t i)
{
	while (i > from && (is_host_char(s.p[i - 1]) || (s.p[i - 1] == '.' &&
	    i - 1 > from && is_host_char(s.p[i]) &&
	    is_host_char(s.p[i - 2]))))
		i--;
	return i;
}

bool
tq_link_find(tq_str s, size_t from, size_t *at, size_t *end)
{
	/* A link has a '.' or a ':' behind its first label. */
	for (size_t i = from; i < s.n; i++) {
		size_t start, after;
		unsigned dots;
		tq_str last;

		if (s.p[i] != '.' && s.p[i] != ':')
			continue;
		start = host_start(s, from, i);
		if (start == i)
			continue;
		if ((start == 0 || s.p[start - 1] != '@') &&
		    begins(s, start, end)) {
			*at = start;
			return true;
		}
		after = host_end(s, start, &dots, &last);
		i = after > i ? after - 1 : i;
	}
	return false;
}

/* Latin letters for those of another script that pass for them, in the n bytes
 * at p; false, and nothing written, unless there are both sorts and every
 * foreign letter is such a one.  *len is what is left of the bytes. */
static bool
unmask_token(char *p, size_t n, size_t *len)
{
	bool latin = false, foreign = false;
	size_t used, out = 0;

	for (size_t i = 0; i < n; i += used) {
		uint32_t c = tq_decode_get(p + i, n - i, &used);

		latin |= c >= 'a' && c <= 'z';
		foreign |= c >= 0x80;
		if (c >= 0x80 && tq_u_pair(tq_u_mixed, tq_u_mixed_n, c) == 0)
			return false;
	}
	if (!latin || !foreign)
		return false;
	for (size_t i = 0; i < n; i += used) {
		uint32_t c = tq_decode_get(p + i, n - i, &used);

		p[out++] = (char)(c < 0x80 ? c :
		    tq_u_pair(tq_u_mixed, tq_u_mixed_n, c));
	}
	*len = out;
	return true;
}

/* Are there a '.' or ':' and a letter that is not ASCII in these bytes? */
static bool
may_hide_link(const char *p, size_t n)
{
	if (memchr(p, '.', n) == NULL && memchr(p, ':', n) == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)p[i] >= 0x80)
			return true;
	return false;
}

size_t
tq_links_unmask(char *p, size_t n, uint32_t *unmasked)
{
	size_t out = 0;

	if (!may_hide_link(p, n))
		return n;
	for (size_t i = 0; i < n; i++) {
		const char *space = memchr(p + i, ' ', n - i);
		size_t len = space == NULL ? n - i : (size_t)(space - p) - i;
		size_t left = len;

		if (may_hide_link(p + i, len) && unmask_token(p + i, len, &left))
			++*unmasked;
		memmove(p + out, p + i, left);
		out += left;
		i += len;
		if (i < n)
			p[out++] = ' ';
	}
	return out;
}

/* Host of a link without user, port and "www.".  Browsers read "\\" as "/", and
 * the last "@" before the path as the end of the user. */
static tq_str
host_of(tq_str link, tq_str *path)
{
	size_t at = tq_str_find(link, TQ_S("://")), e;

	if (at < link.n)
		link = tq_str_sub(link, at + 3, link.n);
	for (e = 0; e < link.n && strchr("/?#\\", link.p[e]) == NULL;)
		e++;
	*path = tq_str_sub(link, e, link.n);
	link = tq_str_sub(link, 0, e);
	for (at = e; at > 0 && link.p[at - 1] != '@';)
		at--;
	for (e = at; e < link.n && link.p[e] != ':';)
		e++;
	link = tq_str_sub(link, at, e);
	return tq_str_starts(link, TQ_S("www.")) ?
	    tq_str_sub(link, 4, link.n) : link;
}

const char *
tq_link_sort(tq_str link)
{
	tq_str path, host = host_of(link, &path);

	return LISTED(SHORTENERS, host) ? "shortener " :
	    LISTED(MESSENGERS, host) ? "messenger " : "";
}

static void
add_path(struct tq_features *x, enum tq_group g, tq_str path)
{
	unsigned words = 0;

	for (size_t i = 0; i < path.n && words < 12; i++) {
		size_t from = i;

		while (i < path.n && is_host_char(path.p[i]) &&
		    path.p[i] != '-')
			i++;
		if (i == from)
			continue;
		tq_features_add_str(x, g, "path",
		    tq_str_sub(path, from, i));
		words++;
	}
	tq_features_add_num(x, g, "path length", path.n > 1 ? words + 1 : 0);
	if (tq_str_find(path, TQ_S("=")) < path.n)
		tq_features_add_num(x, g, "query", 0);
}

void
tq_features_link(struct tq_features *x, enum tq_group g, tq_str link)
{
	tq_str path, host = host_of(link, &path), name = host;
	unsigned labels = 0, digits = 0;

	tq_features_add_str(x, g, "host", host);
	for (size_t i = host.n; i-- > 0;) {
		digits += host.p[i] >= '0' && host.p[i] <= '9';
		if (host.p[i] != '.')
			continue;
		labels++;
		if (labels == 1)
			tq_features_add_str(x, g, "ending",
			    tq_str_sub(host, i + 1, host.n));
		if (labels <= 2)
			name = labels == 1 ? host :
			    tq_str_sub(host, i + 1, host.n);
	}
	tq_features_add_str(x, g, "domain", name);
	if (LISTED(SHORTENERS, host))
		tq_features_add_num(x, g, "shortener", 0);
	if (LISTED(MESSENGERS, host))
		tq_features_add_num(x, g, "messenger", 0);
	if (digits > 0)
		tq_features_add_num(x, g, "digits in host", digits >= 4);
	if (labels >= 3)
		tq_features_add_num(x, g, "deep host", 0);
	if (tq_str_find(host, TQ_S("xn--")) < host.n)
		tq_features_add_num(x, g, "punycode", 0);
	if (tq_str_find(host, TQ_S("-")) < host.n)
		tq_features_add_num(x, g, "hyphen", 0);
	add_path(x, g, path);
}
