/* Cutting a text into words, and putting aside what only looks like them. */
#include "text/direction_words.h"

#include <stdint.h>

#include "text/rune.h"
#include "text/utf8.h"

/* Kinds of bytes. */
enum {
	LETTER = 1, DIGIT = 2, WORD = LETTER | DIGIT,
	NAME = 4,	/* of an e-mail address, host name or @name */
	SIGN = 8,	/* such a name has one of these */
	COLON = 16,	/* a scheme ends in it */
	HIGH = 32	/* not ASCII */
};
#define L (LETTER | NAME)
#define D (DIGIT | NAME)
#define H16 HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, \
	HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH

static const uint8_t kinds[256] = {
	['%'] = NAME, ['+'] = NAME, ['-'] = NAME, ['.'] = NAME | SIGN,
	['0'] = D, D, D, D, D, D, D, D, D, D, [':'] = COLON,
	['@'] = NAME | SIGN, ['_'] = NAME,
	['A'] = L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L,
	['a'] = L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L,
	[128] = H16, H16, H16, H16, H16, H16, H16, H16,
};

static unsigned
kind_of(char c)
{
	return kinds[(uint8_t)c];
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
		size_t next = at + 1;

		if ((uint8_t)s.p[at] < 0x80) {
			if (!(kind_of(s.p[at]) & WORD))
				break;
		} else {
			next = at;
			if (!in_word(tq_utf8_next(s, &next)))
				break;
		}
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
	unsigned seen = 0, kind;

	while (end < s.n && ((kind = kind_of(s.p[end])) & NAME) != 0) {
		seen |= kind;
		end++;
	}
	w->looked = end;
	/* Most are plain words: a scheme would end in its colon here. */
	if (!(seen & SIGN) && !(end < s.n && s.p[end] == ':'))
		return w->at;
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

/* The same for what is no run of ASCII letters and digits between plain bytes:
 * true with the word at w->at, or w->at moved past what is none. */
static bool
uncommon_word(struct tq_words *w, tq_str *word)
{
	size_t next = w->at;

	if (w->at >= w->looked && (kind_of(w->s.p[w->at]) & NAME)) {
		next = aside(w);
		if (next > w->at) {
			w->at = next;
			return false;
		}
	}
	next = word_end(w->s, w->at);
	if (next > w->at) {
		*word = (tq_str){ w->s.p + w->at, next - w->at };
		w->at = next;
		return true;
	}
	if ((uint8_t)w->s.p[w->at] < 0x80)
		w->at++;
	else
		(void)tq_utf8_next(w->s, &w->at);
	return false;
}

bool
tq_direction_word(struct tq_words *w, tq_str *word)
{
	const tq_str s = w->s;

	while (w->at < s.n) {
		size_t end = w->at;
		unsigned seen = 0, kind = 0;

		for (; end < s.n; end++, kind = 0) {
			kind = kind_of(s.p[end]);
			if ((kind & WORD) == 0)
				break;
			seen |= kind;
		}
		w->letters = (seen & WORD) == LETTER;
		if ((kind & (NAME | HIGH)) == 0 && seen == 0) {
			w->at++;
		} else if ((kind & (NAME | HIGH | COLON)) == 0) {
			*word = (tq_str){ s.p + w->at, end - w->at };
			w->at = end;
			return true;
		} else {
			w->letters = false;
			if (uncommon_word(w, word))
				return true;
		}
	}
	return false;
}
