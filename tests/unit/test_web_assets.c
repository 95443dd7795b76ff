/* The embedded files: addresses that change with the bytes, and compressed
 * forms that decode to them. */
#include "unit.h"

#include <brotli/decode.h>
#include <zlib.h>

#include "web/assets.h"

static const struct tq_asset *
by_name(const char *name)
{
	const struct tq_asset *a =
	    tq_asset_find(tq_asset_path(tq_str_c(name)).s);

	assert_non_null(a);
	assert_str(a->name, name);
	return a;
}

static void
a_file_is_served_under_its_hash_for_ever(void **state)
{
	const struct tq_asset *a = by_name("favicon.svg");

	(void)state;
	assert_true(tq_str_starts(a->path, TQ_S("/assets/favicon.")));
	assert_true(tq_str_ends(a->path, TQ_S(".svg")));
	assert_int_equal(a->path.n, strlen("/assets/favicon.0123456789.svg"));
	assert_str(a->cache_control, "public, max-age=31536000, immutable");
	assert_str(a->type, "image/svg+xml");
}

static void
robots_keeps_its_address(void **state)
{
	const struct tq_asset *a = by_name("robots.txt");

	(void)state;
	assert_str(a->path, "/robots.txt");
	assert_str(a->cache_control, "public, max-age=86400");
	assert_str(a->type, "text/plain; charset=utf-8");
}

static void
other_paths_are_not_found(void **state)
{
	static const char *const paths[] = {
		"", "/", "/assets/", "/assets/favicon.svg", "favicon.svg",
		"/robots.txt/", "/Robots.txt",
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(paths); i++)
		assert_null(tq_asset_find(tq_str_c(paths[i])));
}

static void
check_gzip(tq_str packed, tq_str want)
{
	char *out = malloc(want.n + 1);
	z_stream z = { 0 };

	assert_non_null(out);
	z.next_in = (Bytef *)(uintptr_t)packed.p;
	z.avail_in = (uInt)packed.n;
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)want.n + 1;
	assert_int_equal(inflateInit2(&z, 16 + MAX_WBITS), Z_OK);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(inflateEnd(&z), Z_OK);
	assert_true(tq_str_eq((tq_str){ out, z.total_out }, want));
	free(out);
}

static void
check_brotli(tq_str packed, tq_str want)
{
	size_t n = want.n + 1;
	uint8_t *out = malloc(n);

	assert_non_null(out);
	assert_int_equal(BrotliDecoderDecompress(packed.n,
	    (const uint8_t *)packed.p, &n, out),
	    BROTLI_DECODER_RESULT_SUCCESS);
	assert_true(tq_str_eq((tq_str){ (const char *)out, n }, want));
	free(out);
}

static void
every_form_decodes_to_the_file(void **state)
{
	(void)state;
	for (size_t i = 0; i < tq_asset_count; i++) {
		const struct tq_asset *a = &tq_asset_table[i];
		tq_str plain = a->forms[TQ_IDENTITY];

		assert_true(a->etags[TQ_IDENTITY].n > 2);
		if (a->forms[TQ_GZIP].n > 0)
			check_gzip(a->forms[TQ_GZIP], plain);
		if (a->forms[TQ_BROTLI].n > 0)
			check_brotli(a->forms[TQ_BROTLI], plain);
	}
}

static void
a_browser_gets_brotli_and_304(void **state)
{
	const struct tq_asset *a = by_name("favicon.svg");

	(void)state;
	assert_int_equal(tq_asset_choose(a, TQ_S("gzip, br")), TQ_BROTLI);
	assert_int_equal(tq_asset_choose(a, TQ_S("gzip")), TQ_GZIP);
	assert_int_equal(tq_asset_choose(a, TQ_S("")), TQ_IDENTITY);
	assert_true(tq_asset_matches(a, a->etags[TQ_GZIP]));
	assert_false(tq_asset_matches(a, TQ_S("\"other\"")));
	assert_false(tq_asset_matches(a, TQ_S("")));
	assert_false(tq_str_eq(a->etags[TQ_GZIP], a->etags[TQ_BROTLI]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_served_under_its_hash_for_ever),
		cmocka_unit_test(robots_keeps_its_address),
		cmocka_unit_test(other_paths_are_not_found),
		cmocka_unit_test(every_form_decodes_to_the_file),
		cmocka_unit_test(a_browser_gets_brotli_and_304),
	};

	return cmocka_run_group_tests_name("web/assets", tests, NULL, NULL);
}
