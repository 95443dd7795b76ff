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
static const struct { tq_str tag; enum script script; } written[] = {
	{ TQ_S_INIT("ar"), ARABIC }, { TQ_S_INIT("fa"), ARABIC },
	{ TQ_S_INIT("ur"), ARABIC }, { TQ_S_INIT("ckb"), ARABIC },
	{ TQ_S_INIT("ps"), ARABIC }, { TQ_S_INIT("ug"), ARABIC },
	{ TQ_S_INIT("sd"), ARABIC }, { TQ_S_INIT("he"), HEBREW },
	{ TQ_S_INIT("yi"), HEBREW }, { TQ_S_INIT("ru"), CYRILLIC },
	{ TQ_S_INIT("uk"), CYRILLIC }, { TQ_S_INIT("be"), CYRILLIC },
	{ TQ_S_INIT("bg"), CYRILLIC }, { TQ_S_INIT("sr"), CYRILLIC },
	{ TQ_S_INIT("mk"), CYRILLIC }, { TQ_S_INIT("kk"), CYRILLIC },
	{ TQ_S_INIT("ky"), CYRILLIC }, { TQ_S_INIT("mn"), CYRILLIC },
	{ TQ_S_INIT("tg"), CYRILLIC }, { TQ_S_INIT("el"), GREEK },
	{ TQ_S_INIT("ko"), HANGUL }, { TQ_S_INIT("ja"), KANA },
	{ TQ_S_INIT("zh"), HAN }, { TQ_S_INIT("yue"), HAN },
	{ TQ_S_INIT("th"), THAI }, { TQ_S_INIT("hi"), OTHER },
	{ TQ_S_INIT("bn"), OTHER }, { TQ_S_INIT("am"), OTHER },
	{ TQ_S_INIT("hy"), OTHER }, { TQ_S_INIT("ka"), OTHER },
	{ TQ_S_INIT("ta"), OTHER }, { TQ_S_INIT("mr"), OTHER },
	{ TQ_S_INIT("ne"), OTHER },
};

/* Scripts of one language (or nearly). */
static const tq_str sole[SCRIPTS] = {
	[HAN] = TQ_S_INIT("zh"), [KANA] = TQ_S_INIT("ja"),
	[HANGUL] = TQ_S_INIT("ko"), [HEBREW] = TQ_S_INIT("he"),
	[GREEK] = TQ_S_INIT("el"), [THAI] = TQ_S_INIT("th"),
};

#define N(table) (sizeof(table) / sizeof((table)[0]))

struct word {
	tq_str s;
	bool letters;			/* known to be ASCII letters */
};

/* The text's first words, enough of them to tell. */
struct reading {
	struct tq_words w;
	size_t n, bytes;
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
	for (size_t i = 0; head.n > 0 && i < N(written); i++)
		if ((head.p[0] | 0x20) == written[i].tag.p[0] &&
		    tq_str_eq_nocase(head, written[i].tag))
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
score_word(struct tally *t, enum script script, const struct word *word)
{
	static const tq_str article = TQ_S_INIT("\xD8\xA7\xD9\x84");
	char buf[WORD_MAX];
	tq_str whole;
	size_t at = 0;

	if (word->letters && !tq_candidates_maybe(word->s))
		return;
	whole = folded(word->s, buf);
	give_points(t, tq_candidates_word(whole), 2);
	while (!word->letters && at < word->s.n) {
		if ((uint8_t)word->s.p[at] < 0x80)
			at++;
		else
			give_points(t, tq_candidates_letter(
			    tq_utf8_next(word->s, &at)), 1);
	}
	/* The Arabic article on a word of some length. */
	if (script == ARABIC && whole.n > 8 && tq_str_starts(whole, article))
		t->score[0] += 2;
}

static bool
next_word(struct reading *r, struct word *out)
{
	if (r->bytes >= LETTERS_MAX * 2 || r->n == WORDS_MAX ||
	    !tq_direction_word(&r->w, &out->s))
		return false;
	out->letters = r->w.letters;
	r->bytes += out->s.n;
	r->n++;
	return true;
}

static void
count_scripts(struct tally *t, tq_str s)
{
	struct reading r = { .w = { .s = s } };
	const size_t enough = tq_utf8_ascii(s) ? 1 : LETTERS_MAX;
	size_t letters = 0;
	struct word word;

	while (letters < enough && next_word(&r, &word)) {
		size_t at = 0, room = LETTERS_MAX - letters;

		if (word.letters) {
			room = word.s.n < room ? word.s.n : room;
			t->letters[LATIN] += room;
			letters += room;
			continue;
		}
		while (at < word.s.n && letters < LETTERS_MAX) {
			enum script script = letter_at(word.s, &at);

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
score_words(struct tally *t, tq_str s, enum script script)
{
	struct reading r = { .w = { .s = s } };
	size_t bytes = 0;
	struct word word, next;
	bool more = next_word(&r, &next);

	while (more && bytes < LETTERS_MAX) {
		size_t at = 0;

		word = next;
		bytes += word.s.n;
		more = next_word(&r, &next);
		if ((word.letters ? LATIN :
		    script_of(tq_utf8_next(word.s, &at))) != script)
			continue;
		t->words++;
		if (script == LATIN && more && tied(word.s, next.s)) {
			score_word(t, script, &next);
			word.s.n = (size_t)(next.s.p - word.s.p) + next.s.n;
			word.letters = false;
			more = next_word(&r, &next);
		}
		score_word(t, script, &word);
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
	tq_str head = primary_subtag(page_lang);

	for (size_t i = 0; i < TQ_CANDIDATES; i++)
		if (tq_str_eq_nocase(head, tq_candidates[i].tag))
			return t->score[i] * 3 / 2 + 2;
	return t->words / 2 + 3;
}

static tq_str
by_words(struct tally *t, tq_str s, enum script script, tq_str page_lang)
{
	size_t second = 0;
	int best;

	score_words(t, s, script);
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

	count_scripts(&t, s);
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
		return by_words(&t, s, script, page_lang);
	return fits(page_lang, script) ? page_lang : sole[script];
}
