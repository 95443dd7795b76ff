/* Why: the score taken apart into what a moderator can check with own eyes.
 *
 * Features of words carry the place they came from, so that the weight of every
 * n-gram lands on a word; those words are shown in two reasons, for and
 * against.  The other groups are one reason each, with a line that says what
 * was there.  Nothing is left out: what does not fit in eight reasons is summed
 * up in the last. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/model.h"
#include "text/decode.h"

#define WORDS_SHOWN 5
#define MOST (TQ_G_N + 3 + TALIQ_SIGNALS_MAX)

struct why {
	const taliq_model *m;
	const taliq_input *in;
	struct tq_features *x;
	const struct tq_score *s;
	taliq_reason all[MOST];
	size_t n;
};

/* --- details -------------------------------------------------------------- */

/* Appends ASCII to a detail, as much as fits. */
__attribute__((format(printf, 2, 3)))
static void
say(taliq_reason *r, const char *fmt, ...)
{
	size_t n = strlen(r->detail);
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(r->detail + n, sizeof(r->detail) - n, fmt, ap);
	va_end(ap);
}

/* What would steer a terminal, a line or the direction of what stands around. */
static bool
is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x61C ||
	    c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
	    (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

/* Appends at most max bytes of a stranger's words: whole code points, ill-formed
 * bytes replaced, controls left out. */
static void
say_text(taliq_reason *r, tq_str s, size_t max)
{
	size_t n = strlen(r->detail), len;

	for (size_t at = 0; at < s.n; at += len) {
		uint32_t c = tq_decode_get(s.p + at, s.n - at, &len);

		/* A code point takes at most three bytes when it was one or
		 * two (U+FFFD), else as many as it had. */
		if (at + len > max || n + (len < 4 ? 3 : 4) >= sizeof(r->detail))
			break;
		if (!is_control(c))
			n += tq_decode_put(r->detail + n, c);
	}
	r->detail[n] = 0;
}

/* "1 word", "2 words": what is counted in the singular, and in the plural. */
static void
say_number(taliq_reason *r, size_t n, const char *one, const char *many)
{
	say(r, "%s%zu %s", r->detail[0] != 0 ? ", " : "", n,
	    n == 1 ? one : many);
}

/* Nothing of what is not there. */
static void
say_count(taliq_reason *r, size_t n, const char *one, const char *many)
{
	if (n > 0)
		say_number(r, n, one, many);
}

static void
detail_link(const struct why *y, taliq_reason *r)
{
	if (y->x->n_links == 0)
		say(r, "no link");
	else
		say_number(r, y->x->n_links, "link", "links");
	for (size_t i = 0; i < tq_features_links(y->x) && i < 2; i++) {
		tq_str link = tq_features_link_at(y->x, i);

		say(r, "%s %s", i == 0 ? ":" : ",", tq_link_sort(link));
		say_text(r, link, 60);
	}
}

static void
detail_phone(const struct why *y, taliq_reason *r)
{
	const uint32_t *n = y->x->facts.count;
	bool plain = n[TQ_COUNT_DIGIT] > 0;
	bool native = n[TQ_COUNT_NATIVE_DIGIT] > 0;
	bool styled = n[TQ_COUNT_STYLED_DIGIT] + n[TQ_COUNT_WIDE_DIGIT] > 0;

	if (y->x->n_phones == 0) {
		say(r, "no phone number");
		return;
	}
	say_number(r, y->x->n_phones, "phone number", "phone numbers");
	if (plain + native + styled > 1)
		say(r, "; digits of two scripts in the text");
}

static void
detail_hidden(const struct why *y, taliq_reason *r)
{
	const uint32_t *n = y->x->facts.count;

	say_count(r, n[TQ_COUNT_TATWEEL], "tatweel", "tatweels");
	say_count(r, n[TQ_COUNT_HARAKA], "vowel mark", "vowel marks");
	say_count(r, n[TQ_COUNT_ZERO_WIDTH],
	    "invisible character", "invisible characters");
	say_count(r, n[TQ_COUNT_BIDI],
	    "direction control", "direction controls");
	say_count(r, n[TQ_COUNT_PRESENT], "shaped letter", "shaped letters");
	say_count(r, n[TQ_COUNT_COMBINING],
	    "combining mark", "combining marks");
	say_count(r, n[TQ_COUNT_CONTROL] + n[TQ_COUNT_BAD],
	    "broken character", "broken characters");
}

static void
detail_disguise(const struct why *y, taliq_reason *r)
{
	const uint32_t *n = y->x->facts.count;
	unsigned shown = 0;

	say_count(r, n[TQ_COUNT_STYLED_LATIN] + n[TQ_COUNT_SMALL_LATIN],
	    "styled letter", "styled letters");
	say_count(r, n[TQ_COUNT_STYLED_DIGIT] + n[TQ_COUNT_WIDE_DIGIT],
	    "styled digit", "styled digits");
	say_count(r, n[TQ_COUNT_OVERLAY],
	    "struck-through letter", "struck-through letters");
	say_count(r, n[TQ_COUNT_DOTLESS], "dotless letter", "dotless letters");
	say_count(r, y->x->scripts.mixed_words,
	    "word of two scripts", "words of two scripts");
	say_count(r, y->x->n_joined, "word spaced out", "words spaced out");
	for (size_t i = 0; i < y->x->n && shown < 3; i++) {
		const struct tq_feature *f = &y->x->f[i];
		const struct tq_span *s;

		if (f->group != TQ_G_DISGUISE || f->span == TQ_SPAN_NONE ||
		    (i > 0 && f[-1].span == f->span))
			continue;
		s = &y->x->spans[f->span];
		say(r, "%s", r->detail[0] == 0 ? "" :
		    shown == 0 ? ": " : ", ");
		say_text(r, tq_str_sub(y->x->norm, s->at, s->at + s->len), 30);
		shown++;
	}
}

static void
detail_shape(const struct why *y, taliq_reason *r)
{
	const uint32_t *n = y->x->facts.count;

	say_number(r, y->x->facts.runes, "character", "characters");
	say_number(r, y->x->n_spans, "word", "words");
	say_count(r, n[TQ_COUNT_UPPER], "capital", "capitals");
	say_count(r, n[TQ_COUNT_EMOJI], "emoji", "emoji");
	say_count(r, n[TQ_COUNT_NEWLINE], "line end", "line ends");
}

static void
detail_language(const struct why *y, taliq_reason *r)
{
	char lang[TQ_LANG_MAX];
	tq_str page;

	for (unsigned i = 1; i < TQ_SCRIPT_N; i++)
		if (y->x->scripts.letters[i] > 0)
			say(r, "%s%s", r->detail[0] != 0 ? ", " : "",
			    tq_u_script_names[i]);
	page = tq_features_lang(y->in->lang, lang);
	if (page.n > 0)
		say(r, " on a page in %.*s", TQ_FMT(page));
}

static void
detail_author(const struct why *y, taliq_reason *r)
{
	say_text(r, (tq_str){ y->in->author.bytes, y->in->author.len }, 60);
}

static void
detail_website(const struct why *y, taliq_reason *r)
{
	say_text(r, (tq_str){ y->in->url.bytes, y->in->url.len }, 80);
}

/* A group that is not here has a reason without a detail. */
static void (*const details[TQ_G_N])(const struct why *y, taliq_reason *r) = {
	[TQ_G_LINK] = detail_link,
	[TQ_G_PHONE] = detail_phone,
	[TQ_G_AUTHOR] = detail_author,
	[TQ_G_WEBSITE] = detail_website,
	[TQ_G_HIDDEN] = detail_hidden,
	[TQ_G_DISGUISE] = detail_disguise,
	[TQ_G_SHAPE] = detail_shape,
	[TQ_G_LANGUAGE] = detail_language,
};

/* --- weights -------------------------------------------------------------- */

static taliq_reason *
add(struct why *y, const char *name, double weight)
{
	taliq_reason *r = &y->all[y->n++];

	memset(r, 0, sizeof(*r));
	r->name = name;
	r->weight = weight;
	return r;
}

static bool
of_words(unsigned group)
{
	return strcmp(tq_groups[group].name, "words") == 0;
}

/* The strongest words of one sign, each once. */
static void
detail_words(const struct why *y, taliq_reason *r, double sign)
{
	uint32_t shown[WORDS_SHOWN] = { 0 };

	for (unsigned k = 0; k < WORDS_SHOWN; k++) {
		const struct tq_span *best = NULL;

		for (size_t i = 0; i < y->x->n_spans; i++) {
			const struct tq_span *s = &y->x->spans[i];
			bool seen = s->link || s->weight * sign <= 0 ||
			    s->kind == TQ_KIND_OTHER;

			for (unsigned j = 0; j < k && !seen; j++)
				seen = shown[j] == s->hash;
			if (!seen && (best == NULL ||
			    s->weight * sign > best->weight * sign))
				best = s;
		}
		if (best == NULL)
			return;
		shown[k] = best->hash;
		say(r, "%s", k > 0 ? ", " : "");
		say_text(r, tq_str_sub(y->x->norm, best->at,
		    best->at + best->len), 40);
	}
}

/* Every word's weight, then the two sums; the links' share is returned. */
static double
add_words(struct why *y)
{
	double plus = 0, minus = 0, links = 0, loose = 0;

	for (size_t i = 0; i < y->x->n; i++) {
		const struct tq_feature *f = &y->x->f[i];
		double w;

		if (!of_words(f->group))
			continue;
		w = tq_learner_weight(y->m, f, y->s);
		if (f->span == TQ_SPAN_NONE)
			loose += w;
		else
			y->x->spans[f->span].weight += w;
	}
	for (size_t i = 0; i < y->x->n_spans; i++) {
		double w = y->x->spans[i].weight;

		if (y->x->spans[i].link)
			links += w;
		else if (w > 0)
			plus += w;
		else
			minus += w;
	}
	if (loose > 0)
		plus += loose;
	else
		minus += loose;
	detail_words(y, add(y, "spam words", plus), 1);
	detail_words(y, add(y, "good words", minus), -1);
	return links;
}

static int
by_strength(const void *a, const void *b)
{
	double x = fabs(((const taliq_reason *)a)->weight);
	double y = fabs(((const taliq_reason *)b)->weight);

	return x < y ? 1 : x > y ? -1 :
	    strcmp(((const taliq_reason *)a)->name,
	    ((const taliq_reason *)b)->name);
}

void
tq_reasons_fill(const taliq_model *m, const taliq_input *in,
    struct tq_features *x, const struct tq_score *s, taliq_verdict *out)
{
	struct why y = { .m = m, .in = in, .x = x, .s = s };
	double links = add_words(&y), rest = 0;
	size_t n;

	for (unsigned g = 0; g < TQ_G_N; g++) {
		taliq_reason *r;

		if (of_words(g))
			continue;
		r = add(&y, tq_groups[g].name, s->group[g] +
		    (g == TQ_G_LINK ? links : 0));
		if (details[g] != NULL)
			details[g](&y, r);
	}
	add(&y, "baseline", s->bias);
	for (uint32_t i = 0; i < in->n_signals; i++)
		add(&y, in->signals[i].name, in->signals[i].weight);
	qsort(y.all, y.n, sizeof(y.all[0]), by_strength);
	for (n = 0; n < y.n && y.all[n].weight != 0; n++)
		;
	if (n > TALIQ_REASONS_MAX) {
		for (size_t i = TALIQ_REASONS_MAX - 1; i < n; i++)
			rest += y.all[i].weight;
		n = TALIQ_REASONS_MAX;
		y.n = n - 1;
		add(&y, "all else", rest);
	}
	out->n_reasons = (uint32_t)n;
	memcpy(out->reasons, y.all, n * sizeof(y.all[0]));
}
