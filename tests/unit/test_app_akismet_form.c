/* What is read of a request, and what is passed over. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "app/akismet_form.h"
#include "base/buf.h"
#include "text/utf8.h"

static struct tq_arena arena;

static struct tq_ak_form
read_form(const char *query, const char *body)
{
	struct tq_ak_form f;
	struct tq_err e;

	assert_int_equal(tq_ak_form_read(&arena, tq_str_c(query),
	    tq_str_c(body), TQ_S("UTF-8"), &f, &e), TQ_OK);
	return f;
}

static int
start(void **state)
{
	(void)state;
	tq_arena_init(&arena, (size_t)4 << 20);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	tq_arena_free(&arena);
	return 0;
}

static void
fields_are_found_and_decoded(void **state)
{
	struct tq_ak_form f = read_form("",
	    "api_key=c0ffee5afe12&blog=https%3A%2F%2Fa.example&user_ip=::1"
	    "&comment%5Fauthor=A+%2B+B&comment_content=100%&comment_author_url"
	    "&HTTP_COOKIE=secret&POST_ak_js=17&&=x&comment_context[]=a"
	    "&POST_comment=secret&blog_lang=ar");

	(void)state;
	assert_str(f.at[TQ_AK_API_KEY], "c0ffee5afe12");
	assert_str(f.at[TQ_AK_BLOG], "https://a.example");
	assert_str(f.at[TQ_AK_NAME], "A + B");
	assert_str(f.at[TQ_AK_TEXT], "100%");
	assert_str(f.at[TQ_AK_JS], "17");
	assert_str(f.at[TQ_AK_LANG], "ar");
	assert_non_null(f.at[TQ_AK_URL].p);	/* sent, empty */
	assert_int_equal(f.at[TQ_AK_URL].n, 0);
	assert_null(f.at[TQ_AK_EMAIL].p);
	assert_false(f.trapped);
	for (size_t i = 0; i < TQ_AK_FIELDS; i++)
		assert_true(tq_str_find(f.at[i], TQ_S("secret")) ==
		    f.at[i].n || f.at[i].n == 0);
}

static void
the_last_of_equal_names_wins(void **state)
{
	struct tq_ak_form f = read_form("key=query&blog=q",
	    "key=first&key=last;x&comment_author=");

	(void)state;
	assert_str(f.at[TQ_AK_KEY], "last;x");
	assert_str(f.at[TQ_AK_BLOG], "q");
	assert_str(f.at[TQ_AK_NAME], "");
}

static void
a_hidden_field_is_looked_up_by_its_name(void **state)
{
	static const struct { const char *body; bool trapped; } rows[] = {
		{ "honeypot_field_name=trap&trap=x", true },
		{ "trap=x&honeypot_field_name=trap", true },
		{ "honeypot_field_name=trap&trap=", false },
		{ "honeypot_field_name=trap&trap=x&trap=", false },
		{ "honeypot_field_name=trap", false },
		{ "honeypot_field_name=&=x", false },
		{ "honeypot_field_name=tr%61p&t%72ap=x", true },
		{ "honeypot_field_name=trap&trapx=x&tra=y", false },
		{ "hidden_honeypot_field=x", true },
		{ "hidden_honeypot_field=", false },
		{ "trap=x", false },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		if (read_form("", rows[i].body).trapped != rows[i].trapped)
			fail_msg("%s", rows[i].body);
	assert_true(read_form("trap=x", "honeypot_field_name=trap").trapped);
}

static void
values_are_repaired_and_cut(void **state)
{
	static char body[300000];
	size_t n = sizeof("comment_content=") - 1;
	struct tq_ak_form f = read_form("",
	    "comment_author=%E3%D1%CD%C8%C7&blog_charset=windows-1256"
	    "&comment_content=a%00b");

	(void)state;
	assert_str(f.at[TQ_AK_NAME], "مرحبا");
	assert_str(f.at[TQ_AK_TEXT], "a\xEF\xBF\xBD" "b");
	memset(body, 'x', sizeof(body) - 1);
	memcpy(body, "comment_content=", n);
	assert_int_equal(read_form("", body).at[TQ_AK_TEXT].n, 65536);
	memcpy(body, "comment_author_=", n);
	assert_null(read_form("", body).at[TQ_AK_NAME].p);
	memcpy(body, "comment_author=", n - 1);
	assert_int_equal(read_form("", body).at[TQ_AK_NAME].n, 4096);
	/* grows when it becomes UTF-8 */
	for (size_t i = n; i < sizeof(body) - 1; i++)
		body[i] = '\xE9';
	memcpy(body, "comment_content=", n);
	f = read_form("", body);
	assert_true(f.at[TQ_AK_TEXT].n <= 65536);
	assert_true(tq_utf8_valid(f.at[TQ_AK_TEXT]));
}

static void
many_parameters_are_fine(void **state)
{
	struct tq_buf b;
	struct tq_ak_form f;
	struct tq_err e;

	(void)state;
	tq_buf_init(&b, &arena, 100000);
	for (int i = 0; i < 3000; i++)
		tq_buf_printf(&b, "POST_field_%d=%d&", i, i);
	tq_buf_lit(&b, "blog=b");
	assert_int_equal(tq_ak_form_read(&arena, TQ_S(""), tq_buf_str(&b),
	    TQ_S(""), &f, &e), TQ_OK);
	assert_str(f.at[TQ_AK_BLOG], "b");
}

static void
words_for_yes_and_no(void **state)
{
	static const char *const no[] = { "", "0", "false", "False", "FALSE",
		"no", "off", " 0 " };
	static const char *const yes[] = { "1", "true", "True", "yes", "x",
		"2", "on" };

	(void)state;
	for (size_t i = 0; i < TQ_N(no); i++)
		assert_false(tq_ak_yes(tq_str_c(no[i])));
	for (size_t i = 0; i < TQ_N(yes); i++)
		assert_true(tq_ak_yes(tq_str_c(yes[i])));
	assert_false(tq_ak_yes((tq_str){ NULL, 0 }));
}

static void
no_memory_is_said(void **state)
{
	const tq_str body = TQ_S("blog=a&comment_content=b%E9&blog_charset=x"
	    "&honeypot_field_name=c");
	struct tq_ak_form f;
	struct tq_arena a;
	struct tq_err e;
	enum tq_code code;
	long i = 0;

	(void)state;
	do {
		tq_arena_init(&a, 100000);
		a.fail_after = i++;
		code = tq_ak_form_read(&a, TQ_S(""), body, TQ_S(""), &f, &e);
		tq_arena_free(&a);
	} while (code == TQ_ELIMIT && i < 100);
	assert_int_equal(code, TQ_OK);
	assert_true(i > 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_found_and_decoded),
		cmocka_unit_test(the_last_of_equal_names_wins),
		cmocka_unit_test(a_hidden_field_is_looked_up_by_its_name),
		cmocka_unit_test(values_are_repaired_and_cut),
		cmocka_unit_test(many_parameters_are_fine),
		cmocka_unit_test(words_for_yes_and_no),
		cmocka_unit_test(no_memory_is_said),
	};

	return cmocka_run_group_tests_name("app/akismet_form", tests, start,
	    stop);
}
