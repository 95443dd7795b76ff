/* Cutting a text into words, and putting aside what only looks like them. */
#include "text/direction_words.h"

#include <stdint.h>

#include "text/rune.h"
#include "text/utf8.h"

static bool
letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A byte of an e-mail address, host name or @name in ASCII. */
static bool
name_byte(char c)
{
	return letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
	    c == '-' || c == '+' || c == '%' || c == '@';
}

/* Where the web address that holds the byte at ends: white space, a quote, an
 * angle bracket, or the Arabic comma and semicolon. */
static size_t
address_end(tq_str s, size_t at)
{
	while (at < s.n) {
		size_t next = at;
		uint32_t c = tq_utf8_next(s, &next);

		if (tq_rune_space(c) || c == '<' || c == '>' || c == '"' ||
		    c == 0x60C || c == 0x61B)
			break;
		at = next;
	}
	return at;
}

/* "example.com": the last label is two letters or more, all lower case, so that
 * a sentence that forgot the space ("fine.Thanks") stays a sentence. */
static bool
host_name(tq_str run)
{
	size_t from = run.n;

	while (from > 0 && run.p[from - 1] >= 'a' && run.p[from - 1] <= 'z')
		from--;
	return run.n - from >= 2 && from >= 2 && run.p[from - 1] == '.' &&
	    run.p[from - 2] != '.';
}

static bool
web_address(tq_str s)
{
	static const tq_str starts[] = {
		TQ_S_INIT("http://"), TQ_S_INIT("https://"), TQ_S_INIT("www."),
	};

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (tq_str_eq_nocase(tq_str_sub(s, 0, starts[i].n), starts[i]))
			return true;
	return false;
}

/* Letters, marks, digits, and what looks like Latin letters (circled, squared);
 * the Arabic question mark and semicolon are strong, too, but no letters. */
static bool
in_word(uint32_t c)
{
	return tq_rune_word(c) || tq_rune_strong(c) == TQ_STRONG_LTR;
}

/* End of the run of word characters from at. */
static size_t
word_end(tq_str s, size_t at)
{
	while (at < s.n) {
		size_t next = at;

		if (!in_word(tq_utf8_next(s, &next)))
			break;
		at = next;
	}
	return at;
}

/* End of what is to be put aside at w->at, or w->at; moves w->looked past the
 * run of name bytes that was judged. */
static size_t
aside(struct tq_words *w)
{
	tq_str s = w->s, run;
	size_t end = w->at;

	while (end < s.n && name_byte(s.p[end]))
		end++;
	w->looked = end;
	run = tq_str_sub(s, w->at, end);
	if (web_address(tq_str_sub(s, w->at, s.n)))
		return address_end(s, w->at);
	while (run.n > 0 && (run.p[run.n - 1] == '.' ||
	    run.p[run.n - 1] == '-'))
		run.n--;
	if (tq_str_ends(run, TQ_S("@")))	/* a name in another script */
		return word_end(s, w->at + run.n);
	if (tq_str_find(run, TQ_S("@")) < run.n)
		return w->at + run.n;
	if (host_name(run))
		return end < s.n && s.p[end] == '/' ? address_end(s, end) :
		    w->at + run.n;
	return w->at;
}

bool
tq_direction_word(struct tq_words *w, tq_str *word)
{
	while (w->at < w->s.n) {
		size_t next = w->at;
		uint32_t c;

		if (w->at >= w->looked && name_byte(w->s.p[w->at])) {
			next = aside(w);
			if (next > w->at) {
				w->at = next;
				continue;
			}
		}
		c = tq_utf8_next(w->s, &next);
		if (in_word(c)) {
			next = word_end(w->s, next);
			*word = tq_str_sub(w->s, w->at, next);
			w->at = next;
			return true;
		}
		w->at = next;
	}
	return false;
}
