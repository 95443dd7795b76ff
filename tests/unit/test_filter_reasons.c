/* What reasons say of counts: one of a thing, and many of it. */
#include "unit.h"

#include <stdio.h>

#include "taliq/filter.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_told_as_one),
	};

	return cmocka_run_group_tests_name("filter/reasons", tests, NULL,
	    NULL);
}
