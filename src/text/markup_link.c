/* Links: what the source marks as one, and bare addresses in running text.
 *
 * Bare addresses are found here and not by md4c's "permissive autolinks",
 * which need quadratic time on hostile text (16 KiB of "*http://a.b" take
 * 20 ms), end hosts at the first non-ASCII letter, and take an Arabic comma
 * into the address.  Here every byte is looked at a constant number of times:
 * the search goes on behind a candidate, whether it was good or not.
 *
 * A link must not lie about where it leads.  What a reader sees in it that
 * looks like the name of a host must be the host; if not, the real one is
 * shown behind it. */
#include "text/markup_render.h"

#include <string.h>

#include "text/rune.h"
#include "text/url.h"
#include "text/utf8.h"

static void
put_open(struct tq_render *r, tq_url url, bool here)
{
	tq_buf_lit(&r->out, "<a href=\"");
	tq_esc_html(&r->out, url.s);
	if (!here) {
		tq_buf_lit(&r->out, "\" rel=\"");
		tq_buf_put(&r->out, r->rel);
	}
	tq_buf_lit(&r->out, "\">");
	r->facts.links++;
}

static void
put_isolated(struct tq_render *r, tq_str s)
{
	tq_buf_lit(&r->out, "<bdi dir=\"ltr\">");
	tq_esc_html(&r->out, s);
	tq_buf_lit(&r->out, "</bdi>");
}

static void
put_bare(struct tq_render *r, tq_url url, tq_str shown)
{
	put_open(r, url, false);
	put_isolated(r, shown);
	tq_buf_lit(&r->out, "</a>");
}

/* The owner may link to a path or a place on this site. */
static bool
local(tq_str typed)
{
	if (typed.n < 2 || typed.p[0] != '#')
		return typed.n > 0 &&
		    tq_str_eq(tq_url_local(typed).s, typed);
	for (size_t i = 0; i < typed.n; i++)
		if (tq_rune_control((unsigned char)typed.p[i]) ||
		    typed.p[i] == '\\')
			return false;
	return true;
}

void
tq_link_enter(struct tq_render *r, const MD_SPAN_A_DETAIL *detail)
{
	struct tq_link *l = &r->link;
	tq_str typed = { detail->href.text, detail->href.size };
	bool here = r->trusted && local(typed);

	if (l->depth++ > 0)
		return;
	l->out = r->out.n;
	l->plain = r->plain.n;
	l->elements = r->elements.n;
	l->typed = tq_arena_str(r->arena, typed);
	l->here = here;
	if (here)
		l->url = (tq_url){ l->typed };
	l->open = !r->alt_only && (here || tq_url_web(r->arena, typed, &l->url));
	if (l->open)
		put_open(r, l->url, here);
}

/* ---- what a text pretends ---- */

/* Dots that a reader takes for a dot, too. */
static bool
dot(uint32_t c)
{
	return c == '.' || c == 0x2024 || c == 0x3002 || c == 0xFF0E ||
	    c == 0xFF61;
}

/* Ends a name: anything ASCII that cannot stand in one, white space. */
static bool
ends_name(uint32_t c)
{
	if (c < 0x80)
		return !((c >= '0' && c <= '9') ||
		    ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-');
	return tq_rune_space(c);
}

static bool
ipv4(tq_str s)
{
	size_t dots = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '.' && (s.p[i] < '0' || s.p[i] > '9'))
			return false;
		dots += s.p[i] == '.';
	}
	return dots == 3;
}

/* The first word of s that looks like the name of a host, as a reader would
 * take it in: without invisible characters, small letters, plain dots.  A name
 * has a dot inside, and two characters that are no digits behind the last. */
static tq_str
pretended_host(struct tq_arena *a, tq_str s)
{
	size_t dots = 0, after = 0, at = 0;
	struct tq_buf b;
	bool more = true;

	tq_buf_init(&b, a, s.n + 1);
	while (more) {
		uint32_t c = (more = at < s.n) ? tq_utf8_next(s, &at) : ' ';
		char bytes[4];

		if (dot(c)) {
			dots += b.n > 0;
			after = 0;
			tq_buf_byte(&b, '.');
		} else if (ends_name(c)) {
			while (b.n > 0 && b.p[b.n - 1] == '.')
				b.n--;
			if (dots > 0 && (after >= 2 || ipv4(tq_buf_str(&b))))
				break;
			b.n = dots = after = 0;
		} else if (!tq_rune_blank(c)) {
			if (c < 0x80)
				c |= c >= 'A' && c <= 'Z' ? 0x20 : 0;
			tq_buf_put(&b, (tq_str){ bytes,
			    tq_utf8_put(bytes, c) });
			after += c < '0' || c > '9';
		}
	}
	return tq_buf_str(&b);
}

static tq_str
without_www(tq_str host)
{
	return tq_str_starts(host, TQ_S("www.")) ?
	    tq_str_sub(host, 4, host.n) : host;
}

static void
put_real_host(struct tq_render *r, tq_str visible)
{
	tq_str claim = pretended_host(r->arena, visible);
	struct tq_url_parts u;

	if (claim.n == 0 || !tq_url_split(r->link.url.s, &u) ||
	    tq_str_eq(without_www(claim), without_www(u.host)))
		return;
	tq_buf_lit(&r->out, " (");
	put_isolated(r, u.host);
	tq_buf_byte(&r->out, ')');
}

void
tq_link_leave(struct tq_render *r)
{
	struct tq_link *l = &r->link;
	tq_str plain = tq_buf_str(&r->plain), visible;

	if (--l->depth > 0 || !l->open)
		return;
	visible = tq_str_sub(plain, l->plain, plain.n);
	if (tq_str_eq(visible, l->typed) && !l->here) {
		r->out.n = l->out;
		r->elements.n = l->elements;
		r->facts.links--;
		put_bare(r, l->url, visible);
		return;
	}
	tq_buf_lit(&r->out, "</a>");
	if (!r->trusted)
		put_real_host(r, visible);
}

void
tq_link_to(struct tq_render *r, tq_str address, tq_str text)
{
	tq_url url;
	bool ok = r->link.depth == 0 && tq_url_web(r->arena, address, &url);

	if (ok)
		put_open(r, url, false);
	tq_esc_html(&r->out, text);
	if (ok)
		tq_buf_lit(&r->out, "</a>");
}

/* ---- bare addresses ---- */

/* Characters that no address in running text holds. */
static bool
ends_address(uint32_t c)
{
	static const uint32_t table[] = {
		0xAB, 0xBB, 0x60C, 0x61B, 0x61F, 0x6D4,	/* << >> , ; ? . */
		0x2018, 0x2019, 0x201C, 0x201D, 0x201E, 0x2026,
		0x3001, 0x3002, 0x300C, 0x300D, 0xFF08, 0xFF09, 0xFF0C,
		TQ_RUNE_BAD,
	};

	if (c < 0x80)
		return c <= ' ' || c == 0x7F || c == '<' || c == '>' ||
		    c == '"' || c == '`' || c == '\\';
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (c == table[i])
			return true;
	return tq_rune_space(c) || tq_rune_bidi(c) || tq_rune_hidden(c);
}

/* Punctuation at the end belongs to the sentence; a bracket does, unless its
 * partner is in the address. */
static tq_str
trim_address(tq_str s)
{
	long round = 0, square = 0;

	for (size_t i = 0; i < s.n; i++) {
		round += (s.p[i] == '(') - (s.p[i] == ')');
		square += (s.p[i] == '[') - (s.p[i] == ']');
	}
	while (s.n > 0) {
		char c = s.p[s.n - 1];

		if (c == ')' && round < 0)
			round++;
		else if (c == ']' && square < 0)
			square++;
		else if (memchr("?!.,:;*_~'(", c, 11) == NULL)
			break;
		else if (c == '(')
			round--;
		s.n--;
	}
	return s;
}

static bool
letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') ||
	    ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Whether an address may begin at s.p[at]; a word in front forbids it, a
 * letter of another script does not (Arabic is often written up to it). */
static bool
begins_address(tq_str s, size_t at)
{
	tq_str rest = tq_str_sub(s, at, at + 8);

	if (at > 0 && (letter_or_digit(s.p[at - 1]) ||
	    memchr("./@-_", s.p[at - 1], 5) != NULL))
		return false;
	return tq_str_eq_nocase(tq_str_sub(rest, 0, 4), TQ_S("www.")) ||
	    tq_str_eq_nocase(tq_str_sub(rest, 0, 7), TQ_S("http://")) ||
	    tq_str_eq_nocase(rest, TQ_S("https://"));
}

/* The end of the run of characters from at on that may be an address. */
static size_t
address_end(tq_str s, size_t at)
{
	size_t end = at;

	while (at < s.n && !ends_address(tq_utf8_next(s, &at)))
		end = at;
	return end;
}

/* The address at the front of s, which is empty when there is none.  Words of
 * another script may follow without a space, as after an ASCII host. */
static tq_str
address(struct tq_arena *a, tq_str s, tq_url *url)
{
	tq_str word = trim_address(s);
	size_t ascii = 0;

	if (tq_url_web(a, word, url))
		return word;
	while (ascii < word.n && (unsigned char)word.p[ascii] < 0x80)
		ascii++;
	if (ascii < word.n) {
		word = trim_address(tq_str_sub(word, 0, ascii));
		if (tq_url_web(a, word, url))
			return word;
	}
	return (tq_str){ NULL, 0 };
}

/* Whether "://" or "www." stands in s at all; in most texts none does. */
static bool
may_hold_address(tq_str s)
{
	tq_str rest = s, head;

	while (rest.n > 0) {
		rest = tq_str_cut(rest, ':', &head);
		if (tq_str_starts(rest, TQ_S("//")))
			return true;
	}
	for (rest = s; rest.n > 0;) {
		rest = tq_str_cut(rest, '.', &head);
		if (head.n >= 3 && tq_str_eq_nocase(tq_str_sub(head,
		    head.n - 3, head.n), TQ_S("www")))
			return true;
	}
	return false;
}

void
tq_link_text(struct tq_render *r, tq_str s)
{
	size_t done = 0, at = may_hold_address(s) ? 0 : s.n;

	while (at < s.n) {
		char c = (char)(s.p[at] | 0x20);
		size_t end;
		tq_str word;
		tq_url url;

		if ((c != 'h' && c != 'w') || !begins_address(s, at)) {
			at++;
			continue;
		}
		end = address_end(s, at);
		word = address(r->arena, tq_str_sub(s, at, end), &url);
		if (word.n > 0) {
			tq_esc_html(&r->out, tq_str_sub(s, done, at));
			put_bare(r, url, word);
			done = at + word.n;
		}
		at = end;
	}
	tq_esc_html(&r->out, tq_str_sub(s, done, s.n));
}
