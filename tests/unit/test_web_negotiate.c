/* Accept-Encoding and If-None-Match, as tables. */
#include "unit.h"

#include "web/negotiate.h"

#define ALL (1u << TQ_IDENTITY | 1u << TQ_GZIP | 1u << TQ_BROTLI)
#define NO_BROTLI (1u << TQ_IDENTITY | 1u << TQ_GZIP)

static void
the_best_encoding_is_chosen(void **state)
{
	static const struct {
		const char *accept;
		unsigned have;
		enum tq_encoding want;
	} cases[] = {
		{ NULL, ALL, TQ_IDENTITY },
		{ "", ALL, TQ_IDENTITY },
		{ "gzip, deflate, br, zstd", ALL, TQ_BROTLI },
		{ "gzip, deflate, br, zstd", NO_BROTLI, TQ_GZIP },
		{ "br", NO_BROTLI, TQ_IDENTITY },
		{ "gzip", 1u << TQ_IDENTITY, TQ_IDENTITY },
		{ "br;q=0.5, gzip", ALL, TQ_GZIP },
		{ "br;q=0.5, gzip;q=0.50", ALL, TQ_BROTLI },
		{ "br;q=0.501,gzip;q=0.502", ALL, TQ_GZIP },
		{ "GZip ; Q=1.000", ALL, TQ_GZIP },
		{ "x-gzip", ALL, TQ_GZIP },
		{ "gzip;q=0", ALL, TQ_IDENTITY },
		{ "gzip;q=0.001", ALL, TQ_GZIP },
		{ "*", ALL, TQ_BROTLI },
		{ "*", NO_BROTLI, TQ_GZIP },
		{ "br;q=0, *", ALL, TQ_GZIP },
		{ "identity, gzip;q=0.5", ALL, TQ_IDENTITY },
		{ "identity;q=0.5, *;q=0", ALL, TQ_IDENTITY },
		{ "identity;q=0, gzip;q=0.2", ALL, TQ_GZIP },
		{ "identity;q=0", ALL, TQ_IDENTITY },
		{ "*;q=0", ALL, TQ_IDENTITY },
		{ " ,, gzip ,", ALL, TQ_GZIP },
		{ "deflate", ALL, TQ_IDENTITY },
		/* malformed elements count as not there */
		{ "gzip;q=2", ALL, TQ_IDENTITY },
		{ "gzip;q=1.001", ALL, TQ_IDENTITY },
		{ "gzip;q=.5", ALL, TQ_IDENTITY },
		{ "gzip;q=0.0001", ALL, TQ_IDENTITY },
		{ "gzip;q=-1", ALL, TQ_IDENTITY },
		{ "gzip;q=", ALL, TQ_IDENTITY },
		{ "gzip;", ALL, TQ_IDENTITY },
		{ "gzip;level=1", ALL, TQ_IDENTITY },
		{ "gzip;q=0.5;q=1", ALL, TQ_IDENTITY },
		{ "gzip br", ALL, TQ_IDENTITY },
		{ "gzip;q=1x, br;q=0.3", ALL, TQ_BROTLI },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(cases); i++)
		if (tq_encoding_choose(tq_str_c(cases[i].accept),
		    cases[i].have) != cases[i].want)
			fail_msg("case %zu: \"%s\"", i, cases[i].accept ?
			    cases[i].accept : "(none)");
}

static void
etags_are_found_in_lists(void **state)
{
	static const struct {
		const char *list, *etag;
		bool want;
	} cases[] = {
		{ NULL, "\"a\"", false },
		{ "", "\"a\"", false },
		{ "\"a\"", "\"a\"", true },
		{ "W/\"a\"", "\"a\"", true },
		{ "\"a\"", "W/\"a\"", true },
		{ "\"b\", W/\"c\" ,\"a\"", "\"a\"", true },
		{ ",\t,\"b\",,\"a\"", "\"a\"", true },
		{ "*", "\"a\"", true },
		{ " * ", "\"a\"", true },
		{ "\"*\"", "\"a\"", false },
		{ "\"ab\"", "\"a\"", false },
		{ "\"A\"", "\"a\"", false },
		{ "\"a,b\", \"c\"", "\"c\"", true },
		{ "\"x, \"a\"", "\"a\"", false },
		{ "a", "\"a\"", false },
		{ "w/\"a\"", "\"a\"", false },
		{ "\"a", "\"a\"", false },
		{ "\"", "\"a\"", false },
		{ "W/", "\"a\"", false },
		{ "b, \"a\"", "\"a\"", false },
		{ "\"\"", "\"\"", true },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(cases); i++)
		if (tq_etag_listed(tq_str_c(cases[i].list),
		    tq_str_c(cases[i].etag)) != cases[i].want)
			fail_msg("case %zu: %s in %s", i, cases[i].etag,
			    cases[i].list ? cases[i].list : "(none)");
}

static void
names_are_those_of_http(void **state)
{
	(void)state;
	assert_str(tq_encoding_name(TQ_IDENTITY), "");
	assert_str(tq_encoding_name(TQ_GZIP), "gzip");
	assert_str(tq_encoding_name(TQ_BROTLI), "br");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_encoding_is_chosen),
		cmocka_unit_test(etags_are_found_in_lists),
		cmocka_unit_test(names_are_those_of_http),
	};

	return cmocka_run_group_tests_name("web/negotiate", tests, NULL, NULL);
}
