/* Features of the text as a whole: how long, how loud, in which scripts, what
 * normalisation had to take away.  Numbers are cut into few steps, so that each
 * step has its own weight. */
#include "filter/feature.h"

#include <string.h>

#include "text/decode.h"

/* Bits needed: 0, 1, 2-3, 4-7, ... */
static unsigned
log_step(uint64_t n)
{
	unsigned b = 0;

	for (; n > 0; n >>= 1)
		b++;
	return b;
}

/* The same in quarters: the two bits after the first. */
static unsigned
fine_step(uint32_t n)
{
	unsigned b = log_step(n);

	return 4 * b + (b < 3 ? 0 : n >> (b - 3) & 3);
}

static uint32_t
least(uint32_t n, uint32_t max)
{
	return n < max ? n : max;
}

static void
add_lengths(struct tq_features *x)
{
	const uint32_t *n = x->facts.count;
	uint32_t all = x->facts.runes > 0 ? x->facts.runes : 1;
	uint32_t digits = n[TQ_COUNT_DIGIT] + n[TQ_COUNT_NATIVE_DIGIT] +
	    n[TQ_COUNT_STYLED_DIGIT] + n[TQ_COUNT_WIDE_DIGIT];

	tq_features_add_num(x, TQ_G_SHAPE, "length", log_step(x->facts.runes));
	tq_features_add_num(x, TQ_G_SHAPE, "fine length",
	    fine_step(x->facts.runes));
	tq_features_add_num(x, TQ_G_SHAPE, "capitals",
	    8 * n[TQ_COUNT_UPPER] / all);
	tq_features_add_num(x, TQ_G_SHAPE, "digits", 10 * digits / all);
	tq_features_add_num(x, TQ_G_SHAPE, "punctuation",
	    10 * (n[TQ_COUNT_PUNCT] + n[TQ_COUNT_EMOJI]) / all);
	tq_features_add_num(x, TQ_G_SHAPE, "emoji",
	    log_step(n[TQ_COUNT_EMOJI]));
	tq_features_add_num(x, TQ_G_SHAPE, "lines",
	    least(n[TQ_COUNT_NEWLINE], 5));
	tq_features_add_num(x, TQ_G_SHAPE, "words", log_step(x->n_spans));
	tq_features_add_num(x, TQ_G_LINK, "links", least(x->n_links, 4));
}

/* How many of the words are different, in tenths. */
static void
add_variety(struct tq_features *x)
{
	size_t different = 0;

	for (size_t i = 0; i < x->n && x->f[i].group == TQ_G_WORD; i++)
		different++;
	tq_features_add_num(x, TQ_G_SHAPE, "variety",
	    10 * different / (x->n_spans > 0 ? x->n_spans : 1));
}

/* "<a " or "[url" at p. */
static bool
opens_link(const char *p, size_t n)
{
	return (n >= 3 && p[0] == '<' && (p[1] | 32) == 'a' && p[2] == ' ') ||
	    (n >= 4 && p[0] == '[' && (p[1] | 32) == 'u' &&
	    (p[2] | 32) == 'r' && (p[3] | 32) == 'l');
}

static void
add_signs(struct tq_features *x, tq_str raw)
{
	uint32_t n[256] = { 0 }, tags = 0, run = 0, longest = 0, caps = 0,
	    shouted = 0;
	char last = 0;

	for (size_t i = 0; i < raw.n; i++) {
		char c = raw.p[i];

		n[(unsigned char)c]++;
		run = c == last && c != ' ' ? run + 1 : 1;
		longest = run > longest ? run : longest;
		last = c;
		caps = c >= 'A' && c <= 'Z' ? caps + 1 : 0;
		shouted += caps == 4;
		tags += (c == '<' || c == '[') &&
		    opens_link(raw.p + i, raw.n - i);
	}
	tq_features_add_num(x, TQ_G_SHAPE, "shouted", log_step(shouted));
	tq_features_add_num(x, TQ_G_SHAPE, "at signs", least(n['@'], 3));
	tq_features_add_num(x, TQ_G_SHAPE, "hash signs", least(n['#'], 4));
	tq_features_add_num(x, TQ_G_SHAPE, "exclamations", least(n['!'], 4));
	tq_features_add_num(x, TQ_G_SHAPE, "questions", least(n['?'], 3));
	tq_features_add_num(x, TQ_G_SHAPE, "runs",
	    longest < 4 ? 0 : log_step(longest));
	tq_features_add_num(x, TQ_G_MARKUP, "link tags", least(tags, 3));
}

/* How a word of the raw text is dressed. */
enum { LOWER = 1, UPPER = 2, DIGIT = 4, STYLE = 8 };

struct dress {
	unsigned seen;		/* of these bits */
	bool accents;		/* letters that normalisation may change */
	unsigned runes;
	uint32_t hash;		/* of the word as written, ASCII case aside */
};

enum { STYLED, HALF_STYLED, WITH_DIGITS, CAPITALS, MIXED_CASE, DRESSES };

/* By value, so that the loop around keeps it in registers. */
static void
close_word(struct tq_features *x, struct dress d, uint32_t n[DRESSES],
    size_t *exact)
{
	unsigned letters = d.seen & (LOWER | UPPER);

	n[STYLED] += (d.seen & STYLE) != 0;
	n[HALF_STYLED] += (d.seen & STYLE) != 0 && d.seen != STYLE;
	n[WITH_DIGITS] += (d.seen & DIGIT) != 0 && d.seen != DIGIT;
	n[CAPITALS] += letters == UPPER && d.runes >= 3;
	n[MIXED_CASE] += letters == (UPPER | LOWER) && d.runes >= 3;
	if (d.accents && (*exact)++ <= x->n_spans)
		tq_features_add(x, TQ_G_EXACT, d.hash * 0x9E3779B1u);
}

static inline void
read_dress(struct dress *d, uint32_t c, const struct tq_uprop *u)
{
	static const uint8_t bit[TQ_COUNT_N] = {
		[TQ_COUNT_LOWER] = LOWER,
		[TQ_COUNT_UPPER] = UPPER,
		[TQ_COUNT_DIGIT] = DIGIT,
		[TQ_COUNT_NATIVE_DIGIT] = DIGIT,
		[TQ_COUNT_STYLED_LATIN] = STYLE,
		[TQ_COUNT_SMALL_LATIN] = STYLE,
		[TQ_COUNT_STYLED_DIGIT] = STYLE,
		[TQ_COUNT_WIDE_DIGIT] = STYLE,
		[TQ_COUNT_OVERLAY] = STYLE,
	};

	d->seen |= bit[u->count];
	/* Not Arabic: most readers leave hamza out, and that is no fault. */
	if (c >= 0x80 && (u->count <= TQ_COUNT_UPPER ||
	    u->count == TQ_COUNT_COMBINING) &&
	    u->script != TQ_SCRIPT_ARABIC)
		d->accents = true;
	d->hash = (d->hash ^ (c < 0x80 ? c | 32 : c)) * 0x01000193u +
	    (d->hash >> 15);
	d->runes++;
}

static void
add_dress(struct tq_features *x, tq_str raw)
{
	static const char *const names[DRESSES] = { "styled words",
		"half-styled words", "words with digits", "capital words",
		"mixed case" };
	uint32_t n[DRESSES] = { 0 };
	struct dress d = { .hash = 0x1234567 };
	size_t len, exact = 0;

	for (size_t at = 0; at < raw.n; at += len) {
		uint32_t c = tq_decode_get(raw.p + at, raw.n - at, &len);
		const struct tq_uprop *u = tq_u_prop(c);

		if (u->count == TQ_COUNT_SPACE ||
		    u->count == TQ_COUNT_NEWLINE) {
			close_word(x, d, n, &exact);
			d = (struct dress){ .hash = 0x1234567 };
		} else if (u->count != TQ_COUNT_PUNCT) {
			read_dress(&d, c, u);
		}
	}
	close_word(x, d, n, &exact);
	for (unsigned i = 0; i < DRESSES; i++)
		if (n[i] > 0)
			tq_features_add_num(x, i <= HALF_STYLED ?
			    TQ_G_DISGUISE : TQ_G_SHAPE, names[i],
			    log_step(n[i]));
}

/* What was stripped: steps of how many, and of how many per letter. */
static void
add_hidden(struct tq_features *x)
{
	static const struct { const char *name; uint8_t count, group; } t[] = {
		{ "harakat", TQ_COUNT_HARAKA, TQ_G_HIDDEN },
		{ "tatweel", TQ_COUNT_TATWEEL, TQ_G_HIDDEN },
		{ "zero width", TQ_COUNT_ZERO_WIDTH, TQ_G_HIDDEN },
		{ "bidi", TQ_COUNT_BIDI, TQ_G_HIDDEN },
		{ "presentation", TQ_COUNT_PRESENT, TQ_G_HIDDEN },
		{ "combining", TQ_COUNT_COMBINING, TQ_G_HIDDEN },
		{ "overlay", TQ_COUNT_OVERLAY, TQ_G_DISGUISE },
		{ "native digits", TQ_COUNT_NATIVE_DIGIT, TQ_G_SHAPE },
		{ "styled digits", TQ_COUNT_STYLED_DIGIT, TQ_G_DISGUISE },
		{ "wide digits", TQ_COUNT_WIDE_DIGIT, TQ_G_DISGUISE },
		{ "styled Latin", TQ_COUNT_STYLED_LATIN, TQ_G_DISGUISE },
		{ "small Latin", TQ_COUNT_SMALL_LATIN, TQ_G_DISGUISE },
		{ "dotless", TQ_COUNT_DOTLESS, TQ_G_DISGUISE },
		{ "control", TQ_COUNT_CONTROL, TQ_G_HIDDEN },
		{ "bad bytes", TQ_COUNT_BAD, TQ_G_HIDDEN },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		uint32_t n = x->facts.count[t[i].count];

		if (n > 0)
			tq_features_add_num(x, (enum tq_group)t[i].group,
			    t[i].name, log_step(n));
	}
}

tq_str
tq_features_lang(taliq_text tag, char *out)
{
	size_t n = 0;

	for (; n < tag.len; n++) {
		unsigned char c = (unsigned char)tag.bytes[n] | 0x20;

		if (c < 'a' || c > 'z')
			break;
		if (n == TQ_LANG_MAX)
			return (tq_str){ NULL, 0 };
		out[n] = (char)c;
	}
	if (n < 2 || (n < tag.len && tag.bytes[n] != '-' &&
	    tag.bytes[n] != '_'))
		return (tq_str){ NULL, 0 };
	return (tq_str){ out, n };
}

static void
add_scripts(struct tq_features *x, const taliq_input *in)
{
	unsigned kinds = 0, first = 0, second = 0;
	const uint32_t *n = x->scripts.letters;
	char lang[TQ_LANG_MAX];
	tq_str page;

	for (unsigned i = 1; i < TQ_SCRIPT_N; i++) {
		if (n[i] == 0)
			continue;
		kinds++;
		if (n[i] > n[first]) {
			second = first;
			first = i;
		} else if (n[i] > n[second]) {
			second = i;
		}
	}
	tq_features_add_num(x, TQ_G_LANGUAGE, "scripts",
	    first * 256u + second);
	tq_features_add_num(x, TQ_G_LANGUAGE, "number of scripts",
	    least(kinds, 4));
	if (x->scripts.mixed_words > 0)
		tq_features_add_num(x, TQ_G_DISGUISE, "mixed words",
		    log_step(x->scripts.mixed_words));
	if (x->n_drawn > 0)
		tq_features_add_num(x, TQ_G_SHAPE, "drawn out",
		    log_step(x->n_drawn));
	if (x->n_unmasked > 0)
		tq_features_add_num(x, TQ_G_DISGUISE, "masked",
		    log_step(x->n_unmasked));
	if (x->n_joined > 0)
		tq_features_add_num(x, TQ_G_DISGUISE, "spaced out",
		    log_step(x->n_joined));
	tq_features_add_num(x, TQ_G_SHAPE, "length, links, script",
	    log_step(x->facts.runes) * 1024 + least(x->n_links, 2) * 256 +
	    first);
	page = tq_features_lang(in->lang, lang);
	if (page.n > 0)
		tq_features_add_str(x, TQ_G_LANGUAGE,
		    tq_u_script_names[first], page);
}

/* Numbers in the text between two links: a link's own digits call nobody. */
static void
add_phones_of(struct tq_features *x, tq_str part)
{
	struct tq_phone ph;
	size_t at = 0;

	while (x->n_phones < 8 && tq_norm_phone(part, &at, &ph)) {
		x->n_phones++;
		tq_features_add_str(x, TQ_G_PHONE, "number",
		    tq_str_c(ph.digits));
		tq_features_add_str(x, TQ_G_PHONE, "prefix",
		    (tq_str){ ph.digits, 3 });
		tq_features_add_num(x, TQ_G_PHONE, "plus", ph.plus);
	}
}

static void
add_phones(struct tq_features *x)
{
	size_t from = 0;

	for (size_t i = 0; i < tq_features_links(x) && x->n_phones < 8; i++) {
		add_phones_of(x, tq_str_sub(x->norm, from, x->links[i].at));
		from = x->links[i].at + x->links[i].len;
	}
	add_phones_of(x, tq_str_sub(x->norm, from, x->norm.n));
	tq_features_add_num(x, TQ_G_PHONE, "phones", least(x->n_phones, 3));
}

void
tq_features_shape(struct tq_features *x, const taliq_input *in)
{
	add_variety(x);
	add_dress(x, (tq_str){ in->body.bytes, in->body.len });
	for (size_t i = 0; i < tq_features_links(x) && i < TQ_HOSTS_MAX; i++)
		tq_features_link(x, TQ_G_LINK, tq_features_link_at(x, i));
	add_lengths(x);
	add_signs(x, (tq_str){ in->body.bytes, in->body.len });
	add_hidden(x);
	add_scripts(x, in);
	add_phones(x);
}
