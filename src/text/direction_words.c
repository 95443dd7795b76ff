/* Cutting a text into words, and putting aside what only looks like them. */
#include "text/direction_words.h"

#include <stdint.h>

#include "text/rune.h"
#include "text/utf8.h"

/* Kinds of ASCII bytes. */
enum {
	WORD = 1,	/* letter or digit */
	NAME = 2,	/* of an e-mail address, host name or @name */
	BOTH = WORD | NAME,
	SIGN = 4	/* such a name has one of these */
};

static const uint8_t kinds[128] = {
	['a'] = BOTH, ['b'] = BOTH, ['c'] = BOTH, ['d'] = BOTH, ['e'] = BOTH,
	['f'] = BOTH, ['g'] = BOTH, ['h'] = BOTH, ['i'] = BOTH, ['j'] = BOTH,
	['k'] = BOTH, ['l'] = BOTH, ['m'] = BOTH, ['n'] = BOTH, ['o'] = BOTH,
	['p'] = BOTH, ['q'] = BOTH, ['r'] = BOTH, ['s'] = BOTH, ['t'] = BOTH,
	['u'] = BOTH, ['v'] = BOTH, ['w'] = BOTH, ['x'] = BOTH, ['y'] = BOTH,
	['z'] = BOTH, ['A'] = BOTH, ['B'] = BOTH, ['C'] = BOTH, ['D'] = BOTH,
	['E'] = BOTH, ['F'] = BOTH, ['G'] = BOTH, ['H'] = BOTH, ['I'] = BOTH,
	['J'] = BOTH, ['K'] = BOTH, ['L'] = BOTH, ['M'] = BOTH, ['N'] = BOTH,
	['O'] = BOTH, ['P'] = BOTH, ['Q'] = BOTH, ['R'] = BOTH, ['S'] = BOTH,
	['T'] = BOTH, ['U'] = BOTH, ['V'] = BOTH, ['W'] = BOTH, ['X'] = BOTH,
	['Y'] = BOTH, ['Z'] = BOTH, ['0'] = BOTH, ['1'] = BOTH, ['2'] = BOTH,
	['3'] = BOTH, ['4'] = BOTH, ['5'] = BOTH, ['6'] = BOTH, ['7'] = BOTH,
	['8'] = BOTH, ['9'] = BOTH,
	['_'] = NAME, ['-'] = NAME, ['+'] = NAME,
	['%'] = NAME, ['.'] = NAME | SIGN, ['@'] = NAME | SIGN,
};

/* 0 for bytes that are not ASCII. */
static unsigned
kind_of(char c)
{
	return (uint8_t)c < sizeof(kinds) ? kinds[(uint8_t)c] : 0;
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

bool
tq_direction_word(struct tq_words *w, tq_str *word)
{
	while (w->at < w->s.n) {
		size_t next = w->at;

		if (w->at >= w->looked && (kind_of(w->s.p[w->at]) & NAME)) {
			next = aside(w);
			if (next > w->at) {
				w->at = next;
				continue;
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
	}
	return false;
}
