/* Forms R1 to R6 in one pass over generated tables (text/unicode.h): each code
 * point maps to its finished bytes.  Only code points that may compose or
 * reorder with what stands before them take the slow way: the segment from the
 * last starter on is decomposed, ordered and composed (UAX #15) in a small
 * buffer, so that Arabic, Latin, Cyrillic and Han text never gets there.
 *
 * The buffer holds 64 code points and is emptied when full, as the Stream-Safe
 * format of UAX #15 allows, so that a letter with ten thousand marks costs
 * linear time. */
#include "text/normalise.h"

#include <string.h>

#include "text/decode.h"

#define SEGMENT 64
#define LONGEST_MAP 32			/* code points of one mapping */

struct table {
	const uint16_t *stage1, *stage2;
	const uint8_t *pool;
};

static const struct table CF = { tq_u_cf_stage1, tq_u_cf_stage2, tq_u_cf_pool };
static const struct table NORM = {
	tq_u_norm_stage1, tq_u_norm_stage2, tq_u_norm_pool
};

/* The mapped bytes of c, or NULL when it stays itself. */
static inline const uint8_t *
mapped(const struct table *t, uint32_t c)
{
	uint16_t at = t->stage2[((uint32_t)t->stage1[c >> 7] << 7) + (c & 127)];

	return at == 0 ? NULL : t->pool + at;
}

/* --- the slow way --------------------------------------------------------- */

struct segment {
	uint32_t c[SEGMENT + LONGEST_MAP * 4];
	uint8_t ccc[SEGMENT + LONGEST_MAP * 4];
	size_t n;
};

enum {
	S_BASE = 0xAC00, L_BASE = 0x1100, V_BASE = 0x1161, T_BASE = 0x11A7,
	L_N = 19, V_N = 21, T_N = 28, S_N = L_N * V_N * T_N
};

/* Appends one code point in canonical order. */
static void
push(struct segment *g, uint32_t c)
{
	uint8_t k = (uint8_t)tq_u_pair(tq_u_ccc, tq_u_ccc_n, c);
	size_t i = g->n++;

	while (k != 0 && i > 0 && g->ccc[i - 1] > k) {
		g->c[i] = g->c[i - 1];
		g->ccc[i] = g->ccc[i - 1];
		i--;
	}
	g->c[i] = c;
	g->ccc[i] = k;
}

static const struct tq_udecomp *
decomposition(uint32_t c)
{
	size_t lo = 0, hi = tq_u_decomps_n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (tq_u_decomps[mid].from == c)
			return &tq_u_decomps[mid];
		if (tq_u_decomps[mid].from < c)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* Canonical decomposition; the tables nest at most four deep. */
static void
decompose(struct segment *g, uint32_t c)
{
	uint32_t tail[8];
	size_t n = 0;
	const struct tq_udecomp *d;

	if (c >= S_BASE && c < S_BASE + S_N) {
		uint32_t s = c - S_BASE;

		push(g, L_BASE + s / (V_N * T_N));
		push(g, V_BASE + s % (V_N * T_N) / T_N);
		if (s % T_N != 0)
			push(g, T_BASE + s % T_N);
		return;
	}
	while (n < 8 && (d = decomposition(c)) != NULL) {
		if (d->to[1] != 0)
			tail[n++] = d->to[1];
		c = d->to[0];
	}
	push(g, c);
	while (n > 0)
		push(g, tail[--n]);
}

static uint32_t
hangul(uint32_t a, uint32_t b)
{
	if (a >= L_BASE && a < L_BASE + L_N && b >= V_BASE && b < V_BASE + V_N)
		return S_BASE + ((a - L_BASE) * V_N + b - V_BASE) * T_N;
	if (a >= S_BASE && a < S_BASE + S_N && (a - S_BASE) % T_N == 0 &&
	    b > T_BASE && b < T_BASE + T_N)
		return a + b - T_BASE;
	return 0;
}

/* The primary composite of a and b, or 0. */
static uint32_t
composite(uint32_t a, uint32_t b)
{
	size_t lo = 0, hi = tq_u_comps_n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct tq_ucomp *m = &tq_u_comps[mid];

		if (m->a == a && m->b == b)
			return m->to;
		if (m->a < a || (m->a == a && m->b < b))
			lo = mid + 1;
		else
			hi = mid;
	}
	return hangul(a, b);
}

/* Composes what is in g (UAX #15, D117), writes it and empties g. */
static size_t
flush(struct segment *g, char *out)
{
	size_t kept = 0, starter = SIZE_MAX, o = 0;
	unsigned last = 0;

	for (size_t i = 0; i < g->n; i++) {
		bool adjacent = kept > 0 && starter == kept - 1;
		uint32_t to = 0;

		if (starter != SIZE_MAX && (adjacent || last < g->ccc[i]))
			to = composite(g->c[starter], g->c[i]);
		if (to != 0) {
			g->c[starter] = to;
			continue;
		}
		if (g->ccc[i] == 0)
			starter = kept;
		last = g->ccc[i];
		g->c[kept++] = g->c[i];
	}
	for (size_t i = 0; i < kept; i++)
		o += tq_decode_put(out + o, g->c[i]);
	g->n = 0;
	return o;
}

/* From s.p[*at], a starter, up to the next code point that starts afresh. */
static size_t
slow(const struct table *t, tq_str s, size_t *at, char *out)
{
	struct segment g;
	size_t o = 0, first = *at;

	g.n = 0;
	while (*at < s.n) {
		size_t len;
		uint32_t c = tq_decode_get(s.p + *at, s.n - *at, &len);
		const uint8_t *m = mapped(t, c);
		bool joins = (tq_u_prop(c)->bits & 1) != 0;

		if (!joins && *at != first && (m == NULL || m[0] != 0))
			break;
		*at += len;
		if (g.n >= SEGMENT)
			o += flush(&g, out + o);
		if (m == NULL)
			decompose(&g, c);
		for (size_t i = 0; m != NULL && i < m[0]; i += len)
			decompose(&g, tq_decode_get((const char *)m + 1 + i,
			    m[0] - i, &len));
	}
	return o + flush(&g, out + o);
}

/* --- R1 ------------------------------------------------------------------- */

size_t
tq_nfkc_cf(tq_str s, char *out)
{
	size_t o = 0, base_in = 0, base_out = 0, len;

	for (size_t at = 0; at < s.n; at += len) {
		uint32_t c = tq_decode_get(s.p + at, s.n - at, &len);
		const uint8_t *m = mapped(&CF, c);

		if ((tq_u_prop(c)->bits & 1) != 0) {
			at = base_in;
			o = base_out + slow(&CF, s, &at, out + base_out);
			base_in = at;
			base_out = o;
			len = 0;
			continue;
		}
		if (m == NULL || m[0] != 0) {
			base_in = at;
			base_out = o;
		}
		if (m == NULL) {
			o += tq_decode_put(out + o, c);
		} else {
			memcpy(out + o, m + 1, m[0]);
			o += m[0];
		}
	}
	return o;
}

/* --- R1 to R6 ------------------------------------------------------------- */

struct pass {
	tq_str s;
	size_t at;			/* next byte of s */
	char *out;
	size_t o;			/* next byte of out */
	size_t base_in, base_out;	/* the last starter, in and out */
	size_t counted;			/* facts hold what is before this */
	unsigned last;			/* count of the code point before */
	struct tq_norm_facts *f;
};

/* What c counts as, which is a rarer sort: k but for what stands before it. */
static unsigned
rarer(struct pass *p, uint32_t c, unsigned k)
{
	/* The joiner inside an emoji sequence hides nothing. */
	if (c == 0x200D && (p->last == TQ_COUNT_EMOJI ||
	    p->last == TQ_COUNT_VARSEL))
		k = TQ_COUNT_VARSEL;
	if (k >= TQ_COUNT_OVERLAY && k <= TQ_COUNT_COMBINING &&
	    p->last >= TQ_COUNT_OVERLAY && p->last <= TQ_COUNT_COMBINING)
		p->f->stacked++;
	return k;
}

static inline void
count(struct pass *p, uint32_t c, const struct tq_uprop *u)
{
	unsigned k = u->count > TQ_COUNT_EMOJI ? rarer(p, c, u->count) :
	    u->count;

	if (p->f->first_strong == 0)
		p->f->first_strong = u->bits >> 1;
	p->f->count[k]++;
	p->f->runes++;
	p->last = k;
}

/* ASCII up to the next other byte.  Its block stands first in stage 2, none of it
 * is a mark, and white space becomes one space, with which nothing composes.
 * Kept in registers: for all the compiler knows, a byte written may change *p. */
static inline void
ascii(struct pass *p)
{
	const char *s = p->s.p;
	char *out = p->out;
	size_t at = p->at, o = p->o, in = p->base_in, to = p->base_out;
	unsigned strong = p->f->first_strong, k = p->last;

	for (; at < p->s.n && (unsigned char)s[at] < 0x80; at++) {
		unsigned c = (unsigned char)s[at];
		const struct tq_uprop *u = &tq_u_props[tq_u_prop_stage2[c]];

		k = u->count;
		p->f->count[k]++;
		strong = strong != 0 ? strong : u->bits >> 1;
		if (u->kind == TQ_KIND_SPACE) {
			if (o > 0 && out[o - 1] != ' ')
				out[o++] = ' ';
			in = at + 1;
			to = o;
		} else if (k != TQ_COUNT_CONTROL) {
			in = at;
			to = o;
			out[o++] = (char)(k == TQ_COUNT_UPPER ? c | 0x20 : c);
		}
	}
	p->f->runes += (uint32_t)(at - p->at);
	p->f->first_strong = (uint8_t)strong;
	p->last = k;
	p->at = p->counted = at;
	p->o = o;
	p->base_in = in;
	p->base_out = to;
}

/* A joining code point at p->at: redo from the last starter. */
static void
rejoin(struct pass *p)
{
	size_t at = p->base_in, len;

	p->o = p->base_out + slow(&NORM, p->s, &at, p->out + p->base_out);
	for (size_t i = p->counted; i < at; i += len) {
		uint32_t c = tq_decode_get(p->s.p + i, p->s.n - i, &len);

		count(p, c, tq_u_prop(c));
	}
	p->at = p->counted = p->base_in = at;
	p->base_out = p->o;
}

/* Appends the mapped bytes, most often two; c itself when there are none. */
static inline size_t
append(char *out, uint32_t c, const uint8_t *m)
{
	if (m == NULL)
		return tq_decode_put(out, c);
	if (m[0] == 2) {
		out[0] = (char)m[1];
		out[1] = (char)m[2];
	} else {
		memcpy(out, m + 1, m[0]);
	}
	return m[0];
}

/* Other code points up to the next of ASCII; or up to one that joins: true. */
static inline bool
others(struct pass *p)
{
	tq_str s = p->s;
	char *out = p->out;
	size_t at = p->at, o = p->o, in = p->base_in, to = p->base_out, len;
	bool joins = false;

	for (; at < s.n && (unsigned char)s.p[at] >= 0x80; at += len) {
		uint32_t c = tq_decode_get(s.p + at, s.n - at, &len);
		const struct tq_uprop *u = tq_u_prop(c);
		const uint8_t *m = mapped(&NORM, c);
		bool gone = m != NULL && m[0] == 0;

		joins = (u->bits & 1) != 0 && !gone;
		if (joins)
			break;
		count(p, c, u);
		if (u->kind == TQ_KIND_SPACE) {
			if (o > 0 && out[o - 1] != ' ')
				out[o++] = ' ';
			in = at + len;
			to = o;
		} else if (!gone) {
			in = at;
			to = o;
			o += append(out + o, c, m);
		}
	}
	p->at = p->counted = at;
	p->o = o;
	p->base_in = in;
	p->base_out = to;
	return joins;
}

size_t
tq_norm(tq_str s, char *out, struct tq_norm_facts *facts)
{
	struct pass p = { .s = s, .out = out, .f = facts,
	    .last = TQ_COUNT_SPACE };

	memset(facts, 0, sizeof(*facts));
	while (p.at < s.n) {
		if ((unsigned char)s.p[p.at] < 0x80)
			ascii(&p);
		else if (others(&p))
			rejoin(&p);
	}
	return p.o > 0 && out[p.o - 1] == ' ' ? p.o - 1 : p.o;
}
