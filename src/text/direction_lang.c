/* A guess at the language, for the lang attribute: a screen reader picks its
 * voice by it, so that a wrong guess is worse than none and the page's own
 * language wins all doubts.
 *
 * The script of most letters comes first.  Where one script serves many
 * languages, each candidate gets two points for every word of its list and one
 * for every letter that its close relatives do not write.  Words are folded
 * (case, hamza seats, Persian keyboard's ya and kaf) before they are looked up,
 * and the lists are written folded. */
#include "text/direction.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/direction_lists.h"
#include "text/direction_words.h"
#include "text/rune.h"
#include "text/utf8.h"

#define LETTERS_MAX 600	/* enough to tell */
#define WORDS_MAX 400
#define WORD_MAX 38	/* bytes of the longest word in a list */

/* First code points of the blocks that matter, and what follows them. */
static const struct { uint32_t from; enum script script; } blocks[] = {
	{ 0x41, LATIN }, { 0x250, OTHER }, { 0x370, GREEK },
	{ 0x400, CYRILLIC }, { 0x530, OTHER }, { 0x590, HEBREW },
	{ 0x600, ARABIC }, { 0x700, OTHER }, { 0x750, ARABIC },
	{ 0x780, OTHER }, { 0x870, ARABIC }, { 0x900, OTHER },
	{ 0xE00, THAI }, { 0xE80, OTHER }, { 0x1100, HANGUL },
	{ 0x1200, OTHER }, { 0x1E00, LATIN }, { 0x1F00, GREEK },
	{ 0x2000, OTHER }, { 0x3040, KANA }, { 0x3100, OTHER },
	{ 0x3130, HANGUL }, { 0x3190, OTHER }, { 0x3400, HAN },
	{ 0xA000, OTHER }, { 0xAC00, HANGUL }, { 0xD7B0, OTHER },
	{ 0xF900, HAN }, { 0xFB00, OTHER }, { 0xFB1D, HEBREW },
	{ 0xFB50, ARABIC }, { 0xFE00, OTHER }, { 0xFE70, ARABIC },
	{ 0xFF00, OTHER }, { 0x20000, HAN }, { 0x32000, OTHER },
};

/* Which script a language is written in; Latin when it is not here. */
static const struct { const char *tag; enum script script; } written[] = {
	{ "ar", ARABIC }, { "fa", ARABIC }, { "ur", ARABIC },
	{ "ckb", ARABIC }, { "ps", ARABIC }, { "ug", ARABIC },
	{ "sd", ARABIC }, { "he", HEBREW }, { "yi", HEBREW },
	{ "ru", CYRILLIC }, { "uk", CYRILLIC }, { "be", CYRILLIC },
	{ "bg", CYRILLIC }, { "sr", CYRILLIC }, { "mk", CYRILLIC },
	{ "kk", CYRILLIC }, { "ky", CYRILLIC }, { "mn", CYRILLIC },
	{ "tg", CYRILLIC }, { "el", GREEK }, { "ko", HANGUL },
	{ "ja", KANA }, { "zh", HAN }, { "yue", HAN }, { "th", THAI },
	{ "hi", OTHER }, { "bn", OTHER }, { "am", OTHER }, { "hy", OTHER },
	{ "ka", OTHER }, { "ta", OTHER }, { "mr", OTHER }, { "ne", OTHER },
};

/* Scripts of one language (or nearly). */
static const tq_str sole[SCRIPTS] = {
	[HAN] = TQ_S_INIT("zh"), [KANA] = TQ_S_INIT("ja"),
	[HANGUL] = TQ_S_INIT("ko"), [HEBREW] = TQ_S_INIT("he"),
	[GREEK] = TQ_S_INIT("el"), [THAI] = TQ_S_INIT("th"),
};

#define N(table) (sizeof(table) / sizeof((table)[0]))

struct words {
	tq_str at[WORDS_MAX];
	size_t n;
};

struct tally {
	size_t letters[SCRIPTS];
	size_t words;			/* of the chosen script */
	size_t score[TQ_CANDIDATES];
};

static enum script
script_of(uint32_t c)
{
	enum script script = OTHER;

	if (c < 0x80)
		return c >= 'A' ? LATIN : OTHER;
	for (size_t i = 0; i < N(blocks) && blocks[i].from <= c; i++)
		script = blocks[i].script;
	return script;
}

/* Script of a word's character at *at, which is passed; SCRIPTS for a digit or a
 * mark. */
static enum script
letter_at(tq_str word, size_t *at)
{
	uint32_t c = (uint8_t)word.p[*at];

	if (c < 0x80) {
		(*at)++;
		return c >= 'A' ? LATIN : SCRIPTS;
	}
	c = tq_utf8_next(word, at);
	return tq_rune_strong(c) == TQ_STRONG_NONE ? SCRIPTS : script_of(c);
}

static tq_str
primary_subtag(tq_str tag)
{
	tq_str head;

	(void)tq_str_cut(tag, '-', &head);
	return head;
}

static bool
same_language(tq_str a, tq_str b)
{
	return tq_str_eq_nocase(primary_subtag(a), primary_subtag(b));
}

/* A script subtag (az-Arab, sr-Latn) has the last word. */
static enum script
script_of_language(tq_str tag)
{
	tq_str head = primary_subtag(tag);
	tq_str second = primary_subtag(tq_str_sub(tag, head.n + 1, tag.n));

	if (tq_str_eq_nocase(second, TQ_S("Arab")))
		return ARABIC;
	if (tq_str_eq_nocase(second, TQ_S("Cyrl")))
		return CYRILLIC;
	if (tq_str_eq_nocase(second, TQ_S("Latn")))
		return LATIN;
	for (size_t i = 0; i < N(written); i++)
		if (tq_str_eq_nocase(head, tq_str_c(written[i].tag)))
			return written[i].script;
	return LATIN;
}

/* Japanese is written in Han too, and may be in Han alone; Korean may. */
static bool
fits(tq_str page_lang, enum script script)
{
	enum script page = script_of_language(page_lang);

	return page_lang.n > 0 && (page == script ||
	    (script == HAN && (page == KANA || page == HANGUL)));
}

static uint32_t
fold(uint32_t c)
{
	if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE) ||
	    (c >= 0x410 && c <= 0x42F))
		return c + 0x20;
	if (c >= 0x400 && c <= 0x40F)
		return c + 0x50;
	switch (c) {
	case 0x622: case 0x623: case 0x625: case 0x671:
		return 0x627;		/* alef, whatever sits on it */
	case 0x649: case 0x6CC:
		return 0x64A;		/* ya */
	case 0x6A9:
		return 0x643;		/* kaf */
	default:
		return c;
	}
}

static bool
arabic_mark(uint32_t c)
{
	return c == 0x640 || (c >= 0x64B && c <= 0x65F) || c == 0x670;
}

/* The word folded, in buf; empty when it is longer than any in a list. */
static tq_str
folded(tq_str word, char buf[static WORD_MAX])
{
	size_t n = 0, at = 0;

	while (at < word.n) {
		char byte = word.p[at];
		uint32_t c;

		if (n + 4 > WORD_MAX)
			return (tq_str){ NULL, 0 };
		if ((uint8_t)byte < 0x80) {
			buf[n++] = byte >= 'A' && byte <= 'Z' ?
			    (char)(byte + 0x20) : byte;
			at++;
			continue;
		}
		c = tq_utf8_next(word, &at);
		if (!arabic_mark(c))
			n += tq_utf8_put(buf + n, fold(c));
	}
	return (tq_str){ buf, n };
}

static void
give_points(struct tally *t, unsigned candidates, size_t points)
{
	for (size_t i = 0; candidates >> i != 0; i++)
		if (candidates >> i & 1)
			t->score[i] += points;
}

/* Points for one word of the chosen script; those for candidates of others are
 * never looked at. */
static void
score_word(struct tally *t, enum script script, tq_str word)
{
	static const tq_str article = TQ_S_INIT("\xD8\xA7\xD9\x84");
	char buf[WORD_MAX];
	tq_str whole = folded(word, buf);
	size_t at = 0;

	give_points(t, tq_candidates_word(whole), 2);
	while (at < word.n) {
		if ((uint8_t)word.p[at] < 0x80)
			at++;
		else
			give_points(t, tq_candidates_letter(
			    tq_utf8_next(word, &at)), 1);
	}
	/* The Arabic article on a word of some length. */
	if (script == ARABIC && whole.n > 8 && tq_str_starts(whole, article))
		t->score[0] += 2;
}

/* The text's first words, enough of them to tell. */
static void
read_words(struct words *ws, tq_str s)
{
	struct tq_words w = { .s = s };
	size_t bytes = 0;

	while (bytes < LETTERS_MAX * 2 && ws->n < WORDS_MAX &&
	    tq_direction_word(&w, &ws->at[ws->n]))
		bytes += ws->at[ws->n++].n;
}

static void
count_scripts(struct tally *t, const struct words *ws)
{
	size_t letters = 0;

	for (size_t i = 0; i < ws->n && letters < LETTERS_MAX; i++) {
		tq_str word = ws->at[i];
		size_t at = 0;

		while (at < word.n && letters < LETTERS_MAX) {
			enum script script = letter_at(word, &at);

			if (script == SCRIPTS)
				continue;
			t->letters[script]++;
			letters++;
		}
	}
}

/* Whether an apostrophe alone is between a word and the next. */
static bool
tied(tq_str word, tq_str next)
{
	tq_str between = { word.p + word.n, (size_t)(next.p - word.p) -
	    word.n };

	return tq_str_eq(between, TQ_S("'")) ||
	    tq_str_eq(between, TQ_S("\xE2\x80\x99"));
}

/* Looks at the words that begin in the script.  What an apostrophe joins counts
 * as two words and as one ("c'est", "l'article"). */
static void
score_words(struct tally *t, const struct words *ws, enum script script)
{
	size_t bytes = 0;

	for (size_t i = 0; i < ws->n && bytes < LETTERS_MAX; i++) {
		tq_str word = ws->at[i];
		size_t at = 0;

		bytes += word.n;
		if (script_of(tq_utf8_next(word, &at)) != script)
			continue;
		t->words++;
		if (script == LATIN && i + 1 < ws->n &&
		    tied(word, ws->at[i + 1])) {
			tq_str next = ws->at[++i];

			score_word(t, script, next);
			word.n = (size_t)(next.p - word.p) + next.n;
		}
		score_word(t, script, word);
	}
}

/* The candidate of the script with most points, or -1; *second gets the points
 * of the next. */
static int
best_of(const struct tally *t, enum script script, size_t *second)
{
	int best = -1;

	*second = 0;
	for (size_t i = 0; i < TQ_CANDIDATES; i++) {
		if (tq_candidates[i].script != script)
			continue;
		if (best < 0 || t->score[i] > t->score[best]) {
			if (best >= 0)
				*second = t->score[best];
			best = (int)i;
		} else if (t->score[i] > *second)
			*second = t->score[i];
	}
	return best;
}

/* Points of the page's own language; for one without a list of words, what it
 * takes to believe that the reader left it: a quarter of the words known. */
static size_t
page_points(const struct tally *t, tq_str page_lang)
{
	for (size_t i = 0; i < TQ_CANDIDATES; i++)
		if (same_language(page_lang, tq_candidates[i].tag))
			return t->score[i] * 3 / 2 + 2;
	return t->words / 2 + 3;
}

static tq_str
by_words(struct tally *t, const struct words *ws, enum script script,
    tq_str page_lang)
{
	size_t second = 0;
	int best;

	score_words(t, ws, script);
	best = best_of(t, script, &second);
	if (best < 0)
		return (tq_str){ NULL, 0 };
	if (fits(page_lang, script)) {
		if (t->score[best] > page_points(t, page_lang) &&
		    !same_language(page_lang, tq_candidates[best].tag))
			return tq_candidates[best].tag;
		return page_lang;
	}
	/* Letters that all share are Arabic's: nothing speaks for another. */
	if (script == ARABIC)
		return tq_candidates[best].tag;
	if (t->score[best] > second &&
	    (script == CYRILLIC || t->score[best] * 3 >= t->words))
		return tq_candidates[best].tag;
	return (tq_str){ NULL, 0 };
}

tq_str
tq_text_language(tq_str s, tq_str page_lang)
{
	struct tally t = { .words = 0 };
	enum script script = LATIN;
	struct words ws;

	ws.n = 0;
	read_words(&ws, s);
	count_scripts(&t, &ws);
	if (t.letters[KANA] > 0) {	/* Japanese mixes both */
		t.letters[KANA] += t.letters[HAN];
		t.letters[HAN] = 0;
	}
	for (int i = 0; i < SCRIPTS; i++)
		if (t.letters[i] > t.letters[script])
			script = (enum script)i;
	if (t.letters[script] == 0)
		return page_lang;
	if (script == LATIN || script == ARABIC || script == CYRILLIC)
		return by_words(&t, &ws, script, page_lang);
	return fits(page_lang, script) ? page_lang : sole[script];
}
