/* Reasons: they add up, quote text as text, take in the host's signals, and say
 * of counts one of a thing, and many of it. */
#include "unit.h"

#include <math.h>
#include <stdio.h>

#include "filter_models.h"
#include "text/decode.h"

/* The detail of that reason, by a model to which everything in the text means
 * something. */
static void
detail_of(const char *text, const char *reason, char out[TALIQ_DETAIL_MAX])
{
	const taliq_input in = { .size = sizeof(in),
	    .body = { text, strlen(text) } };
	taliq_model *m;
	taliq_verdict v;

	assert_int_equal(taliq_model_new(&m), TALIQ_OK);
	assert_int_equal(taliq_learn(m, &in, TALIQ_SPAM), TALIQ_OK);
	assert_int_equal(taliq_explain(m, &in, &v), TALIQ_OK);
	taliq_model_free(m);
	for (uint32_t i = 0; i < v.n_reasons; i++)
		if (strcmp(v.reasons[i].name, reason) == 0) {
			memcpy(out, v.reasons[i].detail, TALIQ_DETAIL_MAX);
			return;
		}
	fail_msg("\"%s\": no reason %s", text, reason);
}

static void
one_is_told_as_one(void **state)
{
	static const struct { const char *text, *reason, *detail; } rows[] = {
		{ "A", "shape", "1 character, 1 word, 1 capital" },
		{ "A\n", "shape",
		    "2 characters, 1 word, 1 capital, 1 line end" },
		{ "Ab CD\n\n", "shape",
		    "7 characters, 2 words, 3 capitals, 2 line ends" },
		{ "hm \xF0\x9F\x98\x80", "shape",
		    "4 characters, 2 words, 1 emoji" },
		{ "so\xE2\x80\x8B it is", "hidden", "1 invisible character" },
		{ "so\xE2\x80\x8B it i\xE2\x80\x8Bs", "hidden",
		    "2 invisible characters" },
		{ "\xD9\x83\xD9\x80\xD8\xA7\xD9\x86", "hidden", "1 tatweel" },
		{ "\xD9\x83\xD9\x80\xD9\x80\xD8\xA7\xD9\x86", "hidden",
		    "2 tatweels" },
		{ "\xD9\x83\xD9\x8E\xD8\xA7\xD9\x86", "hidden",
		    "1 vowel mark" },
		{ "call +1 555 010 2233 now", "phone", "1 phone number" },
		{ "call +1 555 010 2233 or +1 555 010 7788 now", "phone",
		    "2 phone numbers" },
		{ "see https://a.example/", "link",
		    "1 link: https://a.example/" },
		{ "w.h.a.t.s.a.p.p me", "disguise",
		    "1 word spaced out" },
	};
	char said[TALIQ_DETAIL_MAX];

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		detail_of(rows[i].text, rows[i].reason, said);
		assert_string_equal(said, rows[i].detail);
	}
}

static void
reasons_add_up_to_the_logit(void **state)
{
	static const char *const more[] = { "", "?", ("http://bit.ly/a 050-123-"
	    "4567 w.h.a.t.s.a.p.p \xD9\x80\xD9\x80 FREE"), "\xFF\xFE" };
	const taliq_signal signals[] = { { "honeypot", 3.5 },
	    { "known author", -2.0 } };
	taliq_model *m = taught(true, 4);

	(void)state;
	for (size_t i = 0; i < TQ_N(SPAM) + TQ_N(HAM) + TQ_N(more); i++) {
		const char *text = i < TQ_N(SPAM) ? SPAM[i] :
		    i < TQ_N(SPAM) + TQ_N(HAM) ? HAM[i - TQ_N(SPAM)] :
		    more[i - TQ_N(SPAM) - TQ_N(HAM)];
		taliq_input in = input(text);
		taliq_verdict v, plain;
		double sum = 0;

		in.signals = signals;
		in.n_signals = (uint32_t)(i % 3);
		assert_int_equal(taliq_explain(m, &in, &v), TALIQ_OK);
		assert_int_equal(taliq_classify(m, &in, &plain), TALIQ_OK);
		assert_true(v.logit == plain.logit);
		assert_true(v.n_reasons <= TALIQ_REASONS_MAX);
		for (uint32_t k = 0; k < v.n_reasons; k++) {
			sum += v.reasons[k].weight;
			assert_true(memchr(v.reasons[k].detail, 0,
			    TALIQ_DETAIL_MAX) != NULL);
		}
		if (fabs(sum - v.logit) > 1e-9)
			fail_msg("%s: reasons %.12f, logit %.12f", text, sum,
			    v.logit);
	}
	taliq_model_free(m);
}

/* Is a detail well-formed UTF-8 without controls? */
static bool
clean(const char *s)
{
	size_t n = strlen(s), len;

	for (size_t at = 0; at < n; at += len) {
		uint32_t c = tq_decode_get(s + at, n - at, &len);

		if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x202E ||
		    (c == TQ_DECODE_BAD && memcmp(s + at, "\xEF\xBF\xBD",
		    3) != 0))
			return false;
	}
	return true;
}

static void
details_quote_well_formed_text(void **state)
{
	/* Bytes before which, so that each cut falls inside some code point. */
	static const char *const heads[] = { "", "a", "aa", "aaa" };
	static const char *const units[] = { "\xD8\xB4", "\xE5\xBE\xAE",
		"\xF0\x90\x90\xA8", "\xFF", "\xF0\x9F", "\x1B[31m",
		"\xE2\x80\xAE", ("1\xE2\x80\xAE" "b") };
	taliq_model *m = taught(true, 2);

	(void)state;
	for (size_t i = 0; i < TQ_N(heads) * TQ_N(units); i++) {
		char text[160];
		size_t n = (size_t)snprintf(text, sizeof(text), "%s",
		    heads[i % TQ_N(heads)]);
		const char *unit = units[i / TQ_N(heads)];
		taliq_verdict v;
		taliq_input in = { .size = sizeof(in) };
		double sum = 0;

		for (unsigned k = 0; k < 2; k++) {
			while (n + strlen(unit) + 30 < sizeof(text) / (2 - k))
				n += (size_t)snprintf(text + n,
				    sizeof(text) - n, "%s", unit);
			n += (size_t)snprintf(text + n, sizeof(text) - n,
			    " t.me/%s%s%s ", unit, unit, unit);
		}
		in.body = in.author = in.url = in.lang =
		    (taliq_text){ text, n };
		learn(m, text, TALIQ_SPAM);
		assert_int_equal(taliq_explain(m, &in, &v), TALIQ_OK);
		for (uint32_t k = 0; k < v.n_reasons; k++) {
			sum += v.reasons[k].weight;
			if (!clean(v.reasons[k].detail))
				fail_msg("%zu: %s: %s", i, v.reasons[k].name,
				    v.reasons[k].detail);
		}
		assert_true(fabs(sum - v.logit) < 1e-9);
	}
	taliq_model_free(m);
}

static void
signals_of_the_host_count(void **state)
{
	const taliq_signal s = { "honeypot", 6 };
	taliq_input in = input(HAM[0]);
	taliq_model *m = taught(true, 0);
	taliq_verdict v;

	(void)state;
	in.signals = &s;
	in.n_signals = 1;
	assert_int_equal(taliq_explain(m, &in, &v), TALIQ_OK);
	assert_true(v.p_spam > 0.9);
	assert_int_equal(v.verdict, TALIQ_SPAM);
	assert_string_equal(v.reasons[0].name, "honeypot");
	taliq_model_free(m);
}

/* No number, or so large that sums lose what is added. */
static void
signals_without_sense_are_refused(void **state)
{
	const double bad[] = { (double)NAN, (double)INFINITY,
	    -(double)INFINITY, 1e7, -1e300 };
	taliq_signal s = { "host", 0 };
	taliq_input in = input(HAM[0]);
	taliq_model *m = taught(false, 0);
	taliq_verdict v;

	(void)state;
	in.signals = &s;
	in.n_signals = 1;
	for (size_t i = 0; i < TQ_N(bad); i++) {
		s.weight = bad[i];
		assert_int_equal(taliq_classify(m, &in, &v), TALIQ_INVALID);
		assert_int_equal(taliq_explain(m, &in, &v), TALIQ_INVALID);
		assert_int_equal(taliq_learn(m, &in, TALIQ_HAM),
		    TALIQ_INVALID);
	}
	s.weight = -TALIQ_SIGNAL_MAX;
	assert_int_equal(taliq_explain(m, &in, &v), TALIQ_OK);
	taliq_model_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_told_as_one),
		cmocka_unit_test(reasons_add_up_to_the_logit),
		cmocka_unit_test(details_quote_well_formed_text),
		cmocka_unit_test(signals_of_the_host_count),
		cmocka_unit_test(signals_without_sense_are_refused),
	};

	return cmocka_run_group_tests_name("filter/reasons", tests, NULL,
	    NULL);
}
