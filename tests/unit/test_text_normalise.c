/* Forms R1 to R9: the shared table of cases, Unicode's own test of the NFKC
 * part, and what no text may do. */
#include "unit.h"

#include <stdio.h>

#include "shared.h"
#include "text/decode.h"
#include "text/normalise.h"

static char buf[TQ_NORM_ROOM(70000)], buf2[TQ_NORM_ROOM(70000)];
static char squeezed[TQ_NORM_ROOM(70000)], skeleton[TQ_NORM_ROOM(70000)];

#define SAME(id, got, want) \
	do { \
		tq_str g_ = (got), w_ = (want); \
		if (!tq_str_eq(g_, w_)) \
			fail_msg("%s: got \"%.*s\", expected \"%.*s\"", \
			    (id), TQ_FMT(g_), TQ_FMT(w_)); \
	} while (0)

/* The words of tests/, not of the code: what a moderator would call it. */
static void
flags_of(const struct tq_norm_facts *f, bool elongated, bool spaced,
    bool mixed, char *out, size_t cap)
{
	const uint32_t *n = f->count;
	const struct { const char *name; bool on; } t[] = {
		{ "bidi-control", n[TQ_COUNT_BIDI] > 0 },
		{ "decorated", n[TQ_COUNT_OVERLAY] + f->stacked > 0 },
		{ "dotless", n[TQ_COUNT_DOTLESS] > 0 },
		{ "elongated", elongated },
		{ "harakat", n[TQ_COUNT_HARAKA] > 0 },
		{ "mixed-token", mixed },
		{ "native-digits", n[TQ_COUNT_NATIVE_DIGIT] > 0 },
		{ "presentation-form",
		    n[TQ_COUNT_PRESENT] + n[TQ_COUNT_LAM_ALEF] > 0 },
		{ "spaced-letters", spaced },
		{ "styled-digit", n[TQ_COUNT_STYLED_DIGIT] > 0 },
		{ "styled-latin", n[TQ_COUNT_STYLED_LATIN] > 0 },
		{ "tatweel", n[TQ_COUNT_TATWEEL] > 0 },
		{ "zero-width", n[TQ_COUNT_ZERO_WIDTH] > 0 },
	};
	size_t o = 0;

	out[0] = 0;
	for (size_t i = 0; i < TQ_N(t); i++)
		if (t[i].on)
			o += (size_t)snprintf(out + o, cap - o, "%s ",
			    t[i].name);
}

static int
by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static void
joined(const json_t *array, char *out, size_t cap)
{
	const char *names[32];
	size_t n = json_array_size(array), o = 0;

	assert_true(n <= 32);
	for (size_t i = 0; i < n; i++)
		names[i] = json_string_value(json_array_get(array, i));
	qsort(names, n, sizeof(names[0]), by_name);
	out[0] = 0;
	for (size_t i = 0; i < n; i++)
		o += (size_t)snprintf(out + o, cap - o, "%s ", names[i]);
}

static void
check_row(const json_t *row)
{
	const char *id = json_string_value(json_object_get(row, "id"));
	struct tq_norm_facts f;
	struct tq_norm_scripts sc;
	struct tq_phone ph;
	bool elongated = false, spaced = false;
	char got[512], want[512];
	tq_str in = tq_row_str(row, "in"), norm, sq;
	size_t o = 0, n_scripts = 0, last = 0;

	SAME(id, ((tq_str){ buf, tq_nfkc_cf(in, buf) }),
	    tq_row_str(row, "nfkc_cf"));
	norm = (tq_str){ buf, tq_norm(in, buf, &f) };
	SAME(id, norm, tq_row_str(row, "norm"));
	sq = (tq_str){ squeezed, tq_norm_squeeze(norm, squeezed, &elongated) };
	SAME(id, sq, tq_row_str(row, "squeeze"));
	SAME(id, ((tq_str){ skeleton,
	    tq_norm_skeleton(sq, skeleton, &spaced) }),
	    tq_row_str(row, "skeleton"));

	got[0] = 0;
	for (size_t at = 0; tq_norm_phone(norm, &at, &ph);)
		o += (size_t)snprintf(got + o, sizeof(got) - o, "%s ",
		    ph.digits);
	joined(json_object_get(row, "phones"), want, sizeof(want));
	SAME(id, tq_str_c(got), tq_str_c(want));

	tq_norm_scripts(norm, &sc);
	flags_of(&f, elongated, spaced, sc.mixed_words > 0, got, sizeof(got));
	joined(json_object_get(row, "flags"), want, sizeof(want));
	SAME(id, tq_str_c(got), tq_str_c(want));

	got[0] = 0;
	o = 0;
	for (size_t i = 1; i < TQ_SCRIPT_N; i++) {
		if (sc.letters[i] == 0)
			continue;
		last = i;
		n_scripts++;
		o += (size_t)snprintf(got + o, sizeof(got) - o, "%s ",
		    tq_u_script_names[i]);
	}
	joined(json_object_get(row, "scripts"), want, sizeof(want));
	SAME(id, tq_str_c(got), tq_str_c(want));
	if (sc.mixed_words > 0)
		SAME(id, TQ_S("mixed-token"), tq_row_str(row, "script_class"));
	else if (n_scripts == 0)
		SAME(id, TQ_S("none"), tq_row_str(row, "script_class"));
	else if (n_scripts > 1)
		SAME(id, TQ_S("multi"), tq_row_str(row, "script_class"));
	else
		assert_true(tq_str_eq_nocase(tq_row_str(row, "script_class"),
		    tq_str_c(tq_u_script_names[last])));
	SAME(id, tq_str_c(f.first_strong == 0 ? "auto" :
	    f.first_strong == 1 ? "ltr" : "rtl"), tq_row_str(row, "dir"));
}

static void
shared_table_of_cases(void **state)
{
	struct tq_arena a;
	json_t *row;
	int rows = 0;

	(void)state;
	tq_arena_init(&a, 1 << 20);
	tq_str rest = tq_shared_read(&a, "conformance/normalise.jsonl");

	for (; tq_shared_row(&rest, &row); rows++) {
		check_row(row);
		json_decref(row);
	}
	tq_arena_free(&a);
	assert_true(rows >= 60);
}

/* One column of NormalizationTest.txt as UTF-8. */
static tq_str
column(const char **p, char *out)
{
	size_t n = 0;

	while (**p != ';') {
		char *end;

		n += tq_decode_put(out + n, (uint32_t)strtoul(*p, &end, 16));
		*p = end + (*end == ' ');
	}
	(*p)++;
	return (tq_str){ out, n };
}

static bool
changed_by_folding(tq_str s)
{
	size_t len, o = 0;

	for (size_t at = 0; at < s.n; at += len) {
		char one[TQ_NORM_ROOM(4)];

		tq_decode_get(s.p + at, s.n - at, &len);
		o = tq_nfkc_cf(tq_str_sub(s, at, at + len), one);
		if (!tq_str_eq((tq_str){ one, o }, tq_str_sub(s, at, at + len)))
			return true;
	}
	return false;
}

/* NormalizationTest: columns 1 to 5 are compatibility equivalent, so all have
 * one nfkc_cf; column 4 is the NFKC, so where folding has nothing to do it is
 * that. */
static void
unicode_normalization_test(void **state)
{
	struct tq_arena a;
	char col[5][1024];
	int rows = 0, exact = 0;
	tq_str line;

	(void)state;
	tq_arena_init(&a, 16 << 20);
	tq_str rest = tq_shared_read(&a,
	    "corpora/NormalizationTest-15.0.0.sample.txt");

	while (tq_shared_line(&rest, &line)) {
		const char *p = line.p;
		tq_str c[5], first;

		/* U+0345 folds to a letter, so its order matters: Unicode
		 * 15.0 5.18 excepts it. */
		if (line.p[0] == '@' ||
		    tq_str_find(line, TQ_S("0345")) < line.n)
			continue;
		for (int i = 0; i < 5; i++)
			c[i] = column(&p, col[i]);
		first = (tq_str){ buf, tq_nfkc_cf(c[3], buf) };
		for (int i = 0; i < 5; i++)
			SAME("NFKC", ((tq_str){ buf2,
			    tq_nfkc_cf(c[i], buf2) }), first);
		if (!changed_by_folding(c[3])) {
			SAME("NFKC", first, c[3]);
			exact++;
		}
		rows++;
	}
	tq_arena_free(&a);
	print_message("# %d rows, %d exact\n", rows, exact);
	assert_true(rows > 4000 && exact > rows / 2);
}

static void
hostile_texts_stay_in_their_room(void **state)
{
	static char in[65536];
	static const char *const units[] = { "a", " ", "\xCC\x81", "\xFF",
		"\xEF\xB7\xBD", "\xE3\x82\x99", "\xE1\x84\x80", "\xD9\x80",
		"a\xE2\x80\x8C", "\xF0\x9F", "\x00", "1 ", "x.",
		"\xE0\xA4\xBC", "a\xCC\xB5\xE3\x82\x9A",
		("\xD9\x83" "5") };
	struct tq_norm_facts f;
	bool grown = false;

	(void)state;
	for (size_t i = 0; i < TQ_N(units); i++) {
		size_t u = strlen(units[i]), n = 0, len;
		bool b = false;

		u = u == 0 ? 1 : u;
		for (; n + u <= sizeof(in); n += u)
			memcpy(in + n, units[i], u);
		len = tq_nfkc_cf((tq_str){ in, n }, buf);
		assert_true(len <= TQ_NORM_ROOM(n));
		len = tq_norm((tq_str){ in, n }, buf, &f);
		assert_true(len <= TQ_NORM_ROOM(n));
		len = tq_norm_squeeze((tq_str){ buf, len }, squeezed, &b);
		n = len;
		len = tq_norm_skeleton((tq_str){ squeezed, n }, skeleton,
		    &b);
		assert_true(len <= 2 * n);
		grown |= len > n;
	}
	/* A skeleton needs more room than its text: heh for 5 among Arabic. */
	assert_true(grown);
}

static void
norm_is_stable(void **state)
{
	static const char *const texts[] = { "", " ", "\n a \t\n b ",
		"\xC3\x89t\xC3\xA9  A\xCC\x8A", "\xEA\xB0\x80\xE1\x86\xA8",
		"\xE3\x81\x8B\xE3\x82\x99", "x\xCC\xA7\xCC\x81y", "\x01\x02" };
	struct tq_norm_facts f;

	(void)state;
	for (size_t i = 0; i < TQ_N(texts); i++) {
		tq_str once = { buf,
		    tq_norm(tq_str_c(texts[i]), buf, &f) };

		SAME(texts[i], ((tq_str){ buf2, tq_norm(once, buf2, &f) }),
		    once);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shared_table_of_cases),
		cmocka_unit_test(unicode_normalization_test),
		cmocka_unit_test(hostile_texts_stay_in_their_room),
		cmocka_unit_test(norm_is_stable),
	};

	return cmocka_run_group_tests_name("text/normalise", tests, NULL, NULL);
}
