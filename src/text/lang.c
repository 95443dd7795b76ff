/* The catalogues: finding one by tag or by Accept-Language, and the form of a
 * message that goes with a number.  Filling a message's slots is lang_msg.c,
 * dates and numbers are lang_dates.c. */
#include "text/lang.h"

#include "text/lang_table.h"

const struct tq_lang *
tq_lang_exact(tq_str tag)
{
	for (size_t i = 0; i < tq_lang_table_n; i++)
		if (tq_str_eq_nocase(tag, tq_lang_table[i].tag))
			return &tq_lang_table[i];
	return NULL;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* RFC 4647 3.4, "Lookup": subtags are cut from the end until one is found. */
static const struct tq_lang *
lookup(tq_str tag)
{
	const struct tq_lang *l = tq_lang_exact(tag);

	while (l == NULL && tag.n > 0) {
		tag.n--;
		if (tag.p[tag.n] == '-')
			l = tq_lang_exact(tag);
	}
	return l;
}

const struct tq_lang *
tq_lang_find(tq_str tag)
{
	const struct tq_lang *l = lookup(tag);

	return l != NULL ? l : &tq_lang_table[0];
}

bool
tq_lang_known(tq_str tag)
{
	return lookup(tag) != NULL;
}

bool
tq_lang_tag_ok(tq_str tag)
{
	tq_str one, rest = tq_str_cut(tag, '-', &one);

	for (bool first = true;; first = false) {
		if (one.n < (first ? 2 : 1) || one.n > (first ? 3 : 8))
			return false;
		for (size_t i = 0; i < one.n; i++)
			if (!is_letter(one.p[i]) && (first ||
			    one.p[i] < '0' || one.p[i] > '9'))
				return false;
		if (rest.p == NULL)
			return true;
		rest = tq_str_cut(rest, '-', &one);
	}
}

/* One of the words, case ignored. */
static bool
listed(tq_str s, const char *words)
{
	tq_str rest = tq_str_c(words), word;

	while (rest.n > 0) {
		rest = tq_str_cut(rest, ' ', &word);
		if (tq_str_eq_nocase(word, s))
			return true;
	}
	return false;
}

/* The script subtag is the one of four letters (RFC 5646 2.2.3). */
enum tq_dir
tq_lang_tag_dir(tq_str tag)
{
	tq_str language, one, rest = tq_str_cut(tag, '-', &language);

	while (rest.n > 0) {
		rest = tq_str_cut(rest, '-', &one);
		if (one.n == 4 && is_letter(one.p[0]))
			return listed(one, "Arab Hebr Syrc Thaa Nkoo Adlm Rohg "
			    "Mand Mend Samr") ? TQ_RTL : TQ_LTR;
	}
	return listed(language, "ar fa ur he yi ps sd ug dv ckb arc syr nqo "
	    "rhg ks prs pnb skr glk mzn lrc luz azb apc arz ary acm ajp iw ji") ?
	    TQ_RTL : TQ_LTR;
}

/* A weight "0.5" in thousandths (RFC 9110 12.4.2); -1 when it is none. */
static int
weight(tq_str s)
{
	int v = 0, digits = 0;

	if (s.n == 0 || s.n > 5 || (s.p[0] != '0' && s.p[0] != '1') ||
	    (s.n > 1 && s.p[1] != '.'))
		return -1;
	for (size_t i = 2; i < s.n; i++, digits++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		v = v * 10 + (s.p[i] - '0');
	}
	for (; digits < 3; digits++)
		v *= 10;
	v += (s.p[0] - '0') * 1000;
	return v <= 1000 ? v : -1;
}

/* Splits "ar-MA;q=0.8"; the weight is 1000 without one, -1 when malformed. */
static int
take_range(tq_str item, tq_str *range)
{
	tq_str rest = tq_str_trim(tq_str_cut(item, ';', range));

	*range = tq_str_trim(*range);
	if (rest.n == 0)
		return 1000;
	if (rest.n < 2 || !tq_str_eq_nocase(tq_str_sub(rest, 0, 2),
	    TQ_S("q=")))
		return -1;
	return weight(tq_str_sub(rest, 2, rest.n));
}

const struct tq_lang *
tq_lang_accept(tq_str header, const struct tq_lang *fallback)
{
	const struct tq_lang *best = fallback;
	int best_q = 0;

	while (header.n > 0) {
		const struct tq_lang *l;
		tq_str item, range;
		int q;

		header = tq_str_cut(header, ',', &item);
		q = take_range(item, &range);
		if (q <= best_q)
			continue;
		l = tq_str_eq(range, TQ_S("*")) ? fallback : lookup(range);
		if (l != NULL) {
			best = l;
			best_q = q;
		}
	}
	return best;
}

size_t
tq_lang_count(void)
{
	return tq_lang_table_n;
}

const struct tq_lang *
tq_lang_at(size_t i)
{
	return i < tq_lang_table_n ? &tq_lang_table[i] : NULL;
}

tq_str
tq_lang_tag(const struct tq_lang *l)
{
	return l->tag;
}

tq_str
tq_lang_name(const struct tq_lang *l)
{
	return l->name;
}

enum tq_dir
tq_lang_dir(const struct tq_lang *l)
{
	return l->dir;
}

/* CLDR 41, common/supplemental/plurals.xml, for whole numbers. */
static unsigned
arabic(uint64_t n)
{
	uint64_t m = n % 100;

	if (n <= 2)
		return (unsigned)n;		/* zero, one, two */
	if (m >= 3 && m <= 10)
		return 3;			/* few */
	return m >= 11 ? 4 : 5;			/* many, other */
}

static unsigned
russian(uint64_t n)
{
	uint64_t m = n % 100;

	if (n % 10 == 1 && m != 11)
		return 0;			/* one */
	if (n % 10 >= 2 && n % 10 <= 4 && (m < 12 || m > 14))
		return 1;			/* few */
	return 2;				/* many */
}

unsigned
tq_lang_plural(const struct tq_lang *l, int64_t n)
{
	uint64_t u = n < 0 ? -(uint64_t)n : (uint64_t)n;

	switch (l->plural) {
	case TQ_PLURAL_NONE:
		return 0;
	case TQ_PLURAL_ONE_OTHER:
		return u != 1;
	case TQ_PLURAL_FRENCH:
		return u > 1;
	case TQ_PLURAL_RUSSIAN:
		return russian(u);
	case TQ_PLURAL_ARABIC:
		return arabic(u);
	}
	return 0;
}

tq_str
tq_lang_form(const struct tq_lang *l, enum tq_msg id, int64_t n)
{
	unsigned forms = (unsigned)(l->at[id + 1] - l->at[id]);

	return l->text[l->at[id] + (forms > 1 ? tq_lang_plural(l, n) : 0)];
}

tq_str
tq_msg(const struct tq_lang *l, enum tq_msg id)
{
	return l->text[l->at[id]];
}
