/* Lists of RFC 9110 5.6.1: elements by comma, empty ones ignored.  A coding's
 * weight is kept in thousandths; UNSAID marks the ones the client left out. */
#include "web/negotiate.h"

#define UNSAID (-1)
#define FULL 1000

tq_str
tq_encoding_name(enum tq_encoding enc)
{
	static const tq_str names[TQ_ENCODINGS] = {
		[TQ_IDENTITY] = TQ_S_INIT(""),
		[TQ_GZIP] = TQ_S_INIT("gzip"),
		[TQ_BROTLI] = TQ_S_INIT("br"),
	};

	return names[enc];
}

/* qvalue of RFC 9110 12.4.2; UNSAID when it is malformed. */
static int
weight_value(tq_str s)
{
	int v, unit = FULL / 10;

	if (s.n == 0 || s.n > 5 || (s.p[0] != '0' && s.p[0] != '1'))
		return UNSAID;
	v = s.p[0] == '1' ? FULL : 0;
	if (s.n > 1 && s.p[1] != '.')
		return UNSAID;
	for (size_t i = 2; i < s.n; i++, unit /= 10) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return UNSAID;
		v += (s.p[i] - '0') * unit;
	}
	return v <= FULL ? v : UNSAID;
}

/* Weight of "coding;q=0.5"; the coding's name goes to *name. */
static int
weight(tq_str element, tq_str *name)
{
	tq_str rest = tq_str_cut(element, ';', name), key;

	*name = tq_str_trim(*name);
	if (rest.p == NULL)
		return FULL;
	rest = tq_str_cut(tq_str_trim(rest), '=', &key);
	if (!tq_str_eq_nocase(tq_str_trim(key), TQ_S("q")))
		return UNSAID;
	return weight_value(tq_str_trim(rest));
}

static void
note(tq_str name, int w, int weights[TQ_ENCODINGS], int *others)
{
	if (tq_str_eq_nocase(name, TQ_S("br")))
		weights[TQ_BROTLI] = w;
	else if (tq_str_eq_nocase(name, TQ_S("gzip")) ||
	    tq_str_eq_nocase(name, TQ_S("x-gzip")))	/* 8.4.1.3 */
		weights[TQ_GZIP] = w;
	else if (tq_str_eq_nocase(name, TQ_S("identity")))
		weights[TQ_IDENTITY] = w;
	else if (tq_str_eq(name, TQ_S("*")))
		*others = w;
}

enum tq_encoding
tq_encoding_choose(tq_str accept_encoding, unsigned have)
{
	int weights[TQ_ENCODINGS] = { UNSAID, UNSAID, UNSAID };
	int others = UNSAID, best_weight = 0;
	enum tq_encoding best = TQ_IDENTITY;

	while (accept_encoding.n > 0) {
		tq_str element, name;
		int w;

		accept_encoding = tq_str_cut(accept_encoding, ',', &element);
		w = weight(element, &name);
		if (w != UNSAID)
			note(name, w, weights, &others);
	}
	/* Identity is acceptable unless refused, but asked for last. */
	if (weights[TQ_IDENTITY] == UNSAID)
		weights[TQ_IDENTITY] = others == UNSAID ? 1 : others;
	for (int i = 0; i < TQ_ENCODINGS; i++) {
		int w = weights[i] == UNSAID ? others : weights[i];

		if ((have >> i & 1) != 0 && w > 0 && w >= best_weight) {
			best = (enum tq_encoding)i;
			best_weight = w;
		}
	}
	return best;
}

/* Takes the first entity tag (RFC 9110 8.8.3) off the list, without its W/;
 * empty at the list's end or where it is malformed. */
static tq_str
take_etag(tq_str *list)
{
	tq_str s = *list, none = { NULL, 0 };
	size_t close;

	while (s.n > 0 && (s.p[0] == ',' || s.p[0] == ' ' || s.p[0] == '\t'))
		s = tq_str_sub(s, 1, s.n);
	if (tq_str_starts(s, TQ_S("W/")))
		s = tq_str_sub(s, 2, s.n);
	if (!tq_str_starts(s, TQ_S("\"")))
		return none;
	close = 1 + tq_str_find(tq_str_sub(s, 1, s.n), TQ_S("\""));
	if (close >= s.n)
		return none;
	*list = tq_str_sub(s, close + 1, s.n);
	return tq_str_sub(s, 0, close + 1);
}

bool
tq_etag_listed(tq_str if_none_match, tq_str etag)
{
	tq_str ours = take_etag(&etag), theirs;

	if (tq_str_eq(tq_str_trim(if_none_match), TQ_S("*")))
		return true;
	do {
		theirs = take_etag(&if_none_match);
		if (theirs.n > 0 && tq_str_eq(theirs, ours))
			return true;
	} while (theirs.n > 0);
	return false;
}
