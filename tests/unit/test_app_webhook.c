/* When a client is told of a change of mind, and in which words. */
#include "unit.h"

#include <stdio.h>

#include "app/webhook.h"

static void
only_what_is_clear_is_told(void **state)
{
	static const struct {
		enum tq_ak_said said;
		double spam;
		int64_t from;		/* per mille */
		bool turned;
	} rows[] = {
		{ TQ_AK_HAM, 0.89, 500, false },
		{ TQ_AK_HAM, 0.90, 500, true },
		{ TQ_AK_HAM, 0.95, 960, false },	/* still not spam */
		{ TQ_AK_HAM, 0.97, 960, true },
		{ TQ_AK_HAM, 0.05, 500, false },
		{ TQ_AK_SPAM, 0.11, 500, false },
		{ TQ_AK_SPAM, 0.10, 500, true },
		{ TQ_AK_SPAM, 0.05, 40, false },
		{ TQ_AK_SPAM, 0.95, 500, false },
		{ TQ_AK_DISCARD, 0.02, 500, true },
		{ TQ_AK_DISCARD, 0.5, 500, false },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		if (tq_webhook_turned(rows[i].said, rows[i].spam,
		    rows[i].from) != rows[i].turned)
			fail_msg("row %zu", i);
}

static void
a_key_travels_in_private(void **state)
{
	(void)state;
	assert_true(tq_webhook_private(TQ_S("https://example.org/hook")));
	assert_true(tq_webhook_private(TQ_S("HTTPS://example.org/hook")));
	assert_true(tq_webhook_private(TQ_S("http://localhost:8099/hook")));
	assert_true(tq_webhook_private(TQ_S("http://127.0.0.1/hook")));
	assert_true(tq_webhook_private(TQ_S("http://[::1]:81/hook")));
	assert_false(tq_webhook_private(TQ_S("http://example.org/hook")));
	assert_false(tq_webhook_private(
	    TQ_S("http://localhost.example.org/hook")));
	assert_false(tq_webhook_private(TQ_S("http://127.0.0.1.nip.example/")));
	assert_false(tq_webhook_private(TQ_S("ftp://localhost/")));
	assert_false(tq_webhook_private(TQ_S("")));
}

static void
the_body_is_a_form(void **state)
{
	const struct tq_ak_verdict v = {
		.guid = { 0, 0xff, 0x10 }, .key_text = TQ_S("c0ffee5afe12"),
	};
	struct tq_arena a;

	(void)state;
	tq_arena_init(&a, 10000);
	assert_str(tq_webhook_body(&a, &v, true),
	    "key=c0ffee5afe12&endpoint=comment-check"
	    "&comments%5B0%5D%5Bguid%5D=00ff1000000000000000000000000000"
	    "&comments%5B0%5D%5Bresult%5D=true");
	assert_true(tq_str_ends(tq_webhook_body(&a, &v, false),
	    TQ_S("result%5D=false")));
	tq_arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_clear_is_told),
		cmocka_unit_test(a_key_travels_in_private),
		cmocka_unit_test(the_body_is_a_form),
	};

	return cmocka_run_group_tests_name("app/webhook", tests, NULL, NULL);
}
