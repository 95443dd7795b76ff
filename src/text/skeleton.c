/* What is made of a norm text: R7 squeeze, R8 skeleton, R9 phones, and which
 * scripts its words are in (text/normalise.h).  A word here is a run of letters
 * and digits. */
#include "text/normalise.h"

#include <string.h>

#include "text/decode.h"

struct cursor {
	tq_str s;
	size_t at;		/* where c begins */
	size_t len;		/* bytes of c; 0 at the end */
	uint32_t c;
	const struct tq_uprop *u;
};

static inline void
look(struct cursor *k)
{
	k->len = 0;
	k->c = 0;
	if (k->at < k->s.n)
		k->c = tq_decode_get(k->s.p + k->at, k->s.n - k->at, &k->len);
	k->u = tq_u_prop(k->c);
}

static inline void
step(struct cursor *k)
{
	k->at += k->len;
	look(k);
}

static bool
is_letter(const struct tq_uprop *u)
{
	return u->kind == TQ_KIND_LETTER || u->kind == TQ_KIND_IDEO;
}

static bool
is_word(const struct cursor *k)
{
	return k->len != 0 && (is_letter(k->u) || k->u->kind == TQ_KIND_DIGIT);
}

/* --- R7 ------------------------------------------------------------------- */

size_t
tq_norm_squeeze(tq_str norm, char *out, bool *elongated)
{
	struct cursor k = { .s = norm };
	size_t o = 0;
	bool in_word = false;		/* is a word's character just before? */

	for (look(&k); k.len != 0;) {
		uint32_t c = k.c;
		const struct tq_uprop *u = k.u;
		size_t run = 0, keep;
		bool word = is_word(&k);

		for (; k.len != 0 && k.c == c; step(&k))
			run++;
		keep = run;
		if (run >= 3 && is_letter(u)) {
			keep = u->script == TQ_SCRIPT_ARABIC ? 1 : 2;
			if (!in_word && !is_word(&k))
				keep = 3;
			*elongated |= run > keep;
		}
		while (keep-- > 0)
			o += tq_decode_put(out + o, c);
		in_word = word;
	}
	return o;
}

/* --- R8 ------------------------------------------------------------------- */

#define WORD_MAX 64			/* longer words are written as they are */

struct word {
	uint32_t c[WORD_MAX];
	size_t n;
};

static bool
is_arabic(uint32_t c)
{
	return tq_u_prop(c)->script == TQ_SCRIPT_ARABIC;
}

/* Digits and Latin letters that stand for an Arabic letter between two. */
static void
undo_arabic(struct word *w)
{
	for (size_t i = 1; i + 1 < w->n; i++) {
		uint32_t c = w->c[i];

		if (!is_arabic(w->c[i - 1]) || !is_arabic(w->c[i + 1]))
			continue;
		if (c == '1' || c == 'l' || c == 'i')
			w->c[i] = 0x627;	/* alef */
		else if (c == '5' || c == 'o')
			w->c[i] = 0x647;	/* heh */
	}
}

static size_t
write_word(struct word *w, char *out)
{
	bool latin = false;
	size_t o = 0;

	undo_arabic(w);
	for (size_t i = 0; i < w->n; i++)
		latin |= tq_u_prop(w->c[i])->script == TQ_SCRIPT_LATIN;
	for (size_t i = 0; i < w->n; i++) {
		uint32_t c = w->c[i], to = 0;

		if (c >= 0x80) {
			to = tq_u_rasm_of(c);
			if (to == c)
				to = tq_u_pair(tq_u_always, tq_u_always_n, c);
			if (to == 0 && latin)
				to = tq_u_pair(tq_u_mixed, tq_u_mixed_n, c);
		}
		o += tq_decode_put(out + o, to != 0 ? to : c);
	}
	w->n = 0;
	return o;
}

/* Is the word at k a single letter?  Moves past it when so. */
static bool
single(struct cursor *k)
{
	struct cursor next = *k;

	if (k->len == 0 || !is_letter(k->u))
		return false;
	step(&next);
	if (is_word(&next))
		return false;
	*k = next;
	return true;
}

/* How many one-letter words follow each other from k on, with one to three
 * separators between; *end is after the last of them. */
static size_t
count_singles(struct cursor k, struct cursor *end)
{
	size_t n = 0;

	while (single(&k)) {
		n++;
		*end = k;
		for (int sep = 0; sep < 3 && k.len != 0 && !is_word(&k); sep++)
			step(&k);
	}
	return n;
}

size_t
tq_norm_skeleton(tq_str squeezed, char *out, bool *spaced)
{
	struct cursor k = { .s = squeezed }, end = k;
	struct word w = { .n = 0 };
	size_t o = 0;

	for (look(&k); k.len != 0;) {
		if (!is_word(&k)) {
			step(&k);
			continue;
		}
		if (o > 0)
			out[o++] = ' ';
		bool joined = count_singles(k, &end) >= 3;

		*spaced |= joined;
		while (k.len != 0 && (joined ? k.at < end.at : is_word(&k))) {
			if (is_word(&k))
				w.c[w.n++] = k.c;
			if (w.n == WORD_MAX)
				o += write_word(&w, out + o);
			step(&k);
		}
		o += write_word(&w, out + o);
	}
	return o;
}

/* --- R9 ------------------------------------------------------------------- */

static bool
separates(char c)
{
	return c != 0 && strchr(" .-()/", c) != NULL;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_length(size_t n)
{
	return n >= TQ_PHONE_MIN && n <= TQ_PHONE_MAX;
}

/* Digits with separators between. */
struct digit_run {
	size_t n, end;		/* how many; where the text goes on */
};

static struct digit_run
read_digits(tq_str s, size_t i, char digits[TQ_PHONE_MAX])
{
	struct digit_run r = { .n = 0 };
	size_t gap = 0;

	for (; i < s.n && gap <= 3; i++) {
		if (is_digit(s.p[i])) {
			if (r.n < TQ_PHONE_MAX)
				digits[r.n] = s.p[i];
			r.n++;
			gap = 0;
		} else if (separates(s.p[i])) {
			gap++;
		} else {
			break;
		}
	}
	r.end = i;
	return r;
}

/* A run too long for one number, but as long as two: ends it at the last gap
 * where there is one on both sides. */
static void
split_run(tq_str s, size_t start, struct digit_run *r)
{
	size_t n = 0, split = 0, at = 0;

	if (r->n <= TQ_PHONE_MAX || r->n > 2 * TQ_PHONE_MAX)
		return;
	for (size_t i = start; i < r->end && n <= TQ_PHONE_MAX; i++) {
		if (is_digit(s.p[i])) {
			n++;
		} else if (is_length(n) && is_length(r->n - n)) {
			split = n;
			at = i;
		}
	}
	if (split > 0) {
		r->n = split;
		r->end = at;
	}
}

bool
tq_norm_phone(tq_str norm, size_t *at, struct tq_phone *out)
{
	size_t i = *at;

	while (i < norm.n) {
		struct digit_run r;
		size_t n, start;

		while (i < norm.n && !is_digit(norm.p[i]))
			i++;
		start = i;
		r = read_digits(norm, start, out->digits);
		split_run(norm, start, &r);
		n = r.n;
		i = r.end;
		if (is_length(n)) {
			out->digits[n] = 0;
			out->n = (uint8_t)n;
			out->plus = (start > 0 && norm.p[start - 1] == '+') ||
			    (out->digits[0] == '0' && out->digits[1] == '0');
			*at = i;
			return true;
		}
	}
	*at = norm.n;
	return false;
}

/* --- scripts -------------------------------------------------------------- */

/* Scripts that one language writes together count as one inside a word. */
static unsigned
family(unsigned script)
{
	switch (script) {
	case TQ_SCRIPT_HIRAGANA:
	case TQ_SCRIPT_KATAKANA:
	case TQ_SCRIPT_HANGUL:
	case TQ_SCRIPT_BOPOMOFO:
		return TQ_SCRIPT_HAN;
	default:
		return script;
	}
}

void
tq_norm_scripts(tq_str norm, struct tq_norm_scripts *out)
{
	struct cursor k = { .s = norm };
	unsigned first = 0;
	bool mixed = false;

	memset(out, 0, sizeof(*out));
	for (look(&k); k.len != 0; step(&k)) {
		if (!is_word(&k)) {
			out->mixed_words += mixed;
			first = 0;
			mixed = false;
			continue;
		}
		if (!is_letter(k.u) || k.u->script == TQ_SCRIPT_NONE)
			continue;
		unsigned f = family(k.u->script);

		out->letters[k.u->script]++;
		mixed |= first != 0 && first != f;
		first = f;
	}
	out->mixed_words += mixed;
}
