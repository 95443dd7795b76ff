/* The tables of settings: defaults, what is refused and in which words, and
 * that every value reads back as it was printed. */
#include "unit.h"

#include <stdio.h>

#include "app/settings.h"

static struct tq_arena arena;

static int
open_arena(void **state)
{
	(void)state;
	tq_arena_init(&arena, (size_t)1 << 20);
	return 0;
}

static int
close_arena(void **state)
{
	(void)state;
	tq_arena_free(&arena);
	return 0;
}

union target { struct tq_config config; struct tq_site_settings site; };

static const struct tq_setting_table *const tables[] = {
	&tq_config_table, &tq_site_table,
};

static tq_str
print(const struct tq_setting_row *r, const union target *t)
{
	struct tq_buf b;

	tq_buf_init(&b, &arena, 0);
	tq_settings_print(&b, r, t);
	assert_true(tq_buf_ok(&b));
	return tq_buf_str(&b);
}

static void
every_default_is_allowed_and_prints_as_written(void **state)
{
	union target t;
	struct tq_err e;

	(void)state;
	for (size_t k = 0; k < TQ_N(tables); k++) {
		tq_settings_defaults(tables[k], &t);
		for (size_t i = 0; i < tables[k]->n; i++) {
			const struct tq_setting_row *r = &tables[k]->rows[i];
			tq_str name = tq_str_c(r->name);

			assert_ptr_equal(tq_settings_row(tables[k], name), r);
			assert_str(print(r, &t), r->fallback);
			if (tq_settings_set(tables[k], &t, &arena, name,
			    tq_str_c(r->fallback), &e) != TQ_OK)
				fail_msg("%s", e.text);
			assert_str(print(r, &t), r->fallback);
			assert_true(strlen(r->help) > 10);
		}
	}
}

/* A row writes its own member only, all of it. */
static void
rows_do_not_overlap(void **state)
{
	union target a, b;
	struct tq_err e;

	(void)state;
	for (size_t k = 0; k < TQ_N(tables); k++)
		for (size_t i = 0; i < tables[k]->n; i++) {
			const struct tq_setting_row *r = &tables[k]->rows[i];

			tq_settings_defaults(tables[k], &a);
			memset(&b, 0x5a, sizeof(b));
			tq_settings_defaults(tables[k], &b);
			if (r->type == TQ_SET_INT)
				assert_int_equal(tq_settings_set(tables[k], &b,
				    &arena, tq_str_c(r->name), TQ_S("100"),
				    &e), r->max < 100 ? TQ_EINVALID : TQ_OK);
			for (size_t j = 0; j < tables[k]->n; j++)
				if (j != i)
					assert_str(print(&tables[k]->rows[j],
					    &b), tables[k]->rows[j].fallback);
		}
}

static void
values_read_back_as_printed(void **state)
{
	static const struct { const char *name, *value; } rows[] = {
		{ "title", "حاشية" }, { "title", "" },
		{ "language", "zh-Hant-TW" }, { "zone", "+14:00" },
		{ "zone", "-09:30" }, { "zone", "-00:30" },
		{ "digits", "arabic" }, { "months", "dual" },
		{ "calendar", "islamic-umalqura" }, { "moderation", "all" },
		{ "name_required", "no" }, { "email_required", "yes" },
		{ "close_after_days", "36500" }, { "text_max", "100" },
		{ "text_max", "15000" }, { "sort", "best" },
		{ "akismet_spam_from", "1" }, { "akismet_spam_from", "50.5" },
		{ "akismet_discard_from", "100" },
		{ "akismet_discard_from", "99.9" },
	};
	struct tq_site_settings s;
	struct tq_err e;

	(void)state;
	tq_settings_defaults(&tq_site_table, &s);
	for (size_t i = 0; i < TQ_N(rows); i++) {
		tq_str name = tq_str_c(rows[i].name);
		tq_str value = tq_str_c(rows[i].value);

		if (tq_settings_set(&tq_site_table, &s, &arena, name, value,
		    &e) != TQ_OK)
			fail_msg("%s", e.text);
		assert_str(print(tq_settings_row(&tq_site_table, name),
		    (const union target *)(const void *)&s), rows[i].value);
	}
	assert_int_equal(s.zone_min, -30);
	assert_int_equal(s.akismet_discard_from, 999);
	assert_int_equal(s.moderation, TQ_MODERATE_ALL);
	assert_true(s.email_required && !s.name_required);
}

static void
tenths_have_at_most_one_digit(void **state)
{
	static const char *const bad[] = { "50.", "50.-1", "-0.5", "", ".5",
		"50.25", "fifty", "99999999999999999999" };
	const tq_str name = TQ_S("akismet_spam_from");
	struct tq_site_settings s;
	struct tq_err e;

	(void)state;
	tq_settings_defaults(&tq_site_table, &s);
	for (size_t i = 0; i < TQ_N(bad); i++)
		assert_int_equal(tq_settings_set(&tq_site_table, &s, &arena,
		    name, tq_str_c(bad[i]), &e), TQ_EINVALID);
	assert_string_equal(e.text, "akismet_spam_from is "
	    "\"99999999999999999999\", allowed: 1 to 100, one digit after the "
	    "point");
	assert_int_equal(s.akismet_spam_from, 500);
}

static void
refusals_say_what_is_allowed(void **state)
{
	static const struct { const char *name, *value, *text; } rows[] = {
		{ "colour", "red", "unknown site setting \"colour\"" },
		{ "Title", "T", "unknown site setting \"Title\"" },
		{ "", "", "unknown site setting \"\"" },
		{ "text_max", "99", "text_max is \"99\", allowed: "
		    "100 to 15000" },
		{ "text_max", "15001", "text_max is \"15001\", allowed: "
		    "100 to 15000" },
		{ "text_max", "1e3", "text_max is \"1e3\", allowed: "
		    "100 to 15000" },
		{ "text_max", " 500", "text_max is \" 500\", allowed: "
		    "100 to 15000" },
		{ "text_max", "99999999999999999999", "text_max is "
		    "\"99999999999999999999\", allowed: 100 to 15000" },
		{ "text_max", "", "text_max is \"\", allowed: 100 to 15000" },
		{ "email_required", "true", "email_required is \"true\", "
		    "allowed: yes or no" },
		{ "sort", "newes", "sort is \"newes\", allowed: one of: "
		    "newest oldest best" },
		{ "sort", "newest oldest", "sort is \"newest oldest\", "
		    "allowed: one of: newest oldest best" },
		{ "sort", "", "sort is \"\", allowed: one of: "
		    "newest oldest best" },
		{ "zone", "+14:01", "zone is \"+14:01\", allowed: an offset "
		    "as +03:00" },
		{ "zone", "+3:00", "zone is \"+3:00\", allowed: an offset as "
		    "+03:00" },
		{ "zone", "+0300", "zone is \"+0300\", allowed: an offset as "
		    "+03:00" },
		{ "zone", "+01:60", "zone is \"+01:60\", allowed: an offset "
		    "as +03:00" },
		{ "zone", "+-1:00", "zone is \"+-1:00\", allowed: an offset "
		    "as +03:00" },
		{ "zone", "Asia/Riyadh", "zone is \"Asia/Riyadh\", allowed: "
		    "an offset as +03:00" },
		{ "language", "a", "language is \"a\", allowed: a language "
		    "tag as ar, ar-SY or en-GB" },
		{ "language", "english", "language is \"english\", allowed: "
		    "a language tag as ar, ar-SY or en-GB" },
	};
	struct tq_site_settings s, before;
	struct tq_err e;

	(void)state;
	memset(&s, 0, sizeof(s));
	tq_settings_defaults(&tq_site_table, &s);
	before = s;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		assert_int_equal(tq_settings_set(&tq_site_table, &s, &arena,
		    tq_str_c(rows[i].name), tq_str_c(rows[i].value), &e),
		    TQ_EINVALID);
		assert_string_equal(e.text, rows[i].text);
	}
	assert_int_equal(tq_settings_set(&tq_site_table, &s, &arena,
	    TQ_S("title"), TQ_S("a\0b"), &e), TQ_EINVALID);
	assert_memory_equal(&s, &before, sizeof(s));
}

static enum tq_code
read_config(const char *text, struct tq_config *c,
    struct tq_config_source *source, struct tq_err *e)
{
	tq_settings_defaults(&tq_config_table, c);
	return tq_config_read(c, &arena, tq_str_c(text), "taliq.conf", source,
	    e);
}

static int
line_of(const struct tq_config_source *source, const char *name)
{
	return source->line[tq_settings_row(&tq_config_table,
	    tq_str_c(name)) - tq_config_table.rows];
}

static void
a_file_is_read_over_the_defaults(void **state)
{
	struct tq_config_source source;
	struct tq_config c;
	struct tq_err e;

	(void)state;
	if (read_config("# a comment\n\n; another\r\n"
	    "threads=3\n  cache_mb =  7\t\r\n"
	    "articles = /a b/c;d #e=f\n"
	    "# threads = 9\ntrusted_proxies =\nlog_level = warn",
	    &c, &source, &e) != TQ_OK)
		fail_msg("%s", e.text);
	assert_int_equal(c.threads, 3);
	assert_int_equal(c.cache_mb, 7);
	assert_str(c.articles, "/a b/c;d #e=f");
	assert_int_equal(c.log_level, 2);
	assert_int_equal(c.trusted_proxies.n, 0);
	assert_str(c.listen, "127.0.0.1:8080");
	assert_int_equal(line_of(&source, "threads"), 4);
	assert_int_equal(line_of(&source, "cache_mb"), 5);
	assert_int_equal(line_of(&source, "articles"), 6);
	assert_int_equal(line_of(&source, "trusted_proxies"), 8);
	assert_int_equal(line_of(&source, "log_level"), 9);
	assert_int_equal(line_of(&source, "listen"), 0);
	assert_int_equal(read_config("\xEF\xBB\xBFthreads = 4\n", &c, NULL,
	    &e), TQ_OK);
	assert_int_equal(c.threads, 4);
}

static void
a_long_value_is_kept_whole(void **state)
{
	char text[1024 + 40], value[900];
	struct tq_config c;
	struct tq_err e;

	(void)state;
	memset(value, '1', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	(void)snprintf(text, sizeof(text), "articles = %s\n", value);
	assert_int_equal(read_config(text, &c, NULL, &e), TQ_OK);
	assert_str(c.articles, value);
}

static void
a_bad_line_is_named(void **state)
{
	static const struct { const char *in, *text; } rows[] = {
		{ "\n\nthreads = 65\ncache_mb = 0\n", "taliq.conf:3: threads "
		    "is \"65\", allowed: 0 to 64" },
		{ "threads\n", "taliq.conf:1: not a setting; allowed: "
		    "name = value, or # comment" },
		{ "threads: 3\n", "taliq.conf:1: not a setting; allowed: "
		    "name = value, or # comment" },
		{ "[web]\nthreads = 3\n", "taliq.conf:1: not a setting; "
		    "allowed: name = value, or # comment" },
		{ "#\nthread = 3\n", "taliq.conf:2: unknown setting "
		    "\"thread\"" },
		{ "= 3\n", "taliq.conf:1: unknown setting \"\"" },
		{ "threads = 3 # three\n", "taliq.conf:1: threads is "
		    "\"3 # three\", allowed: 0 to 64" },
		{ "listen = foo\n", "taliq.conf:1: listen is \"foo\", "
		    "allowed: ADDRESS:PORT as 127.0.0.1:8080, [::1]:8080, or "
		    "*:8080 for all addresses" },
		{ "trusted_proxies = 10.0.0.0/8, me\n", "taliq.conf:1: "
		    "trusted_proxies is \"10.0.0.0/8, me\", allowed: at most "
		    "64 addresses or prefixes by comma, as 127.0.0.1, "
		    "10.0.0.0/8" },
		{ "threads = 3\n\nthreads = 3\n", "taliq.conf:3: threads is "
		    "set in line 1, too" },
	};
	struct tq_config_source source;
	struct tq_config c;
	struct tq_err e;

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		assert_int_equal(read_config(rows[i].in, &c, &source, &e),
		    TQ_EINVALID);
		assert_string_equal(e.text, rows[i].text);
		assert_int_equal(read_config(rows[i].in, &c, NULL, &e),
		    TQ_EINVALID);
		assert_string_equal(e.text, rows[i].text);
	}
}

static void
without_memory_nothing_changes(void **state)
{
	struct tq_site_settings s;
	struct tq_arena a;
	struct tq_err e;

	(void)state;
	tq_settings_defaults(&tq_site_table, &s);
	tq_arena_init(&a, 1000);
	a.fail_after = 0;
	assert_int_equal(tq_settings_set(&tq_site_table, &s, &a,
	    TQ_S("title"), TQ_S("A"), &e), TQ_ELIMIT);
	assert_int_equal(s.title.n, 0);
	tq_arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_default_is_allowed_and_prints_as_written),
		cmocka_unit_test(rows_do_not_overlap),
		cmocka_unit_test(values_read_back_as_printed),
		cmocka_unit_test(tenths_have_at_most_one_digit),
		cmocka_unit_test(refusals_say_what_is_allowed),
		cmocka_unit_test(a_file_is_read_over_the_defaults),
		cmocka_unit_test(a_long_value_is_kept_whole),
		cmocka_unit_test(a_bad_line_is_named),
		cmocka_unit_test(without_memory_nothing_changes),
	};

	return cmocka_run_group_tests_name("app/settings", tests, open_arena,
	    close_arena);
}
