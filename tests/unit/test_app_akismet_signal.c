/* Evidence beside the text: what is seen in a form, and its weight. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "app/akismet_signal.h"
#include "base/buf.h"
#include "base/clock.h"

#define NOW (INT64_C(1790000000) * TQ_SECOND_US)

/* Names of the signals in this body, by comma. */
static void
check(const char *body, const char *wanted)
{
	taliq_signal s[TALIQ_SIGNALS_MAX];
	struct tq_ak_form f;
	struct tq_arena a;
	struct tq_buf b;
	struct tq_err e;
	size_t n;

	tq_arena_init(&a, 100000);
	assert_int_equal(tq_ak_form_read(&a, TQ_S(""), tq_str_c(body),
	    TQ_S(""), &f, &e), TQ_OK);
	n = tq_ak_signals(&f, NOW, s);
	tq_buf_init(&b, &a, 100);
	for (size_t i = 0; i < n; i++)
		tq_buf_printf(&b, "%s%s", i > 0 ? ", " : "", s[i].name);
	if (!tq_str_eq(tq_buf_str(&b), tq_str_c(wanted)))
		fail_msg("%s: %.*s, not %s", body, TQ_FMT(tq_buf_str(&b)),
		    wanted);
	tq_arena_free(&a);
}

#define BROWSER "user_agent=Mozilla/5.0+(X11)&"

static void
each_signal_is_seen(void **state)
{
	static const struct { const char *body, *names; } rows[] = {
		{ "blog=b&user_ip=1", "" },
		{ BROWSER, "" },
		{ "hidden_honeypot_field=x", "honeypot" },
		{ "POST_ak_hp_textarea=+", "" },
		{ "POST_ak_hp_textarea=x", "hidden textarea" },
		{ "akismet_comment_nonce=failed", "form not from here" },
		{ "akismet_comment_nonce=passed", "" },
		{ "akismet_comment_nonce=inactive", "" },
		{ "POST_ak_js=1789999999000", "sent at once" },
		{ "POST_ak_js=1789999997000", "" },
		{ "POST_ak_js=1789990000000", "" },
		{ "POST_ak_js=1790000001000", "" },	/* a clock ahead */
		{ "POST_ak_js=162", "no script" },
		{ "POST_ak_js=", "" },
		{ "POST_ak_js=99999999999999999999", "" },
		{ "user_agent=Python-urllib/3.9", "not a browser" },
		{ "user_agent=", "no agent" },
		{ "user_agent=&comment_type=pingback", "" },
		{ "user_agent=Mastodon/4&comment_type=webmention", "" },
		{ "user_agent=curl/7&content_type=reply", "not a browser" },
		{ BROWSER "blog=https://a.example&referrer=https://b.example/",
		    "from another page" },
		{ BROWSER "blog=https://a.example&referrer=https://A.example/x",
		    "" },
		{ BROWSER "blog=https://a.example&referrer=http://www.a.example",
		    "" },
		{ BROWSER "blog=https://a.example&referrer=", "" },
		{ BROWSER "blog=https://a.example&permalink=https://m.example/p"
		    "&referrer=https://m.example/p", "" },
		{ "comment_type=trackback", "trackback" },
		{ "is_multicall=1&multicall_count=3", "many at once" },
		{ "is_multicall=1&multicall_count=1", "" },
		{ "is_multicall=0&multicall_count=9", "" },
		{ "user_role=subscriber", "" },
		{ "user_role=subscriber,+editor", "staff" },
		{ "hidden_honeypot_field=x&user_agent=&POST_ak_js=1",
		    "honeypot, no script, no agent" },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		check(rows[i].body, rows[i].names);
}

static void
weights_add_up(void **state)
{
	const taliq_signal s[] = { { "a", 1.5 }, { "b", -2 }, { "c", 0.25 } };

	(void)state;
	assert_true(tq_ak_signals_sum(s, 3) == -0.25);
	assert_true(tq_ak_signals_sum(s, 0) == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_signal_is_seen),
		cmocka_unit_test(weights_add_up),
	};

	return cmocka_run_group_tests_name("app/akismet_signal", tests, NULL,
	    NULL);
}
