/* Catalogues, plural forms, slots, numbers and dates. */
#include "unit.h"

#include "base/arena.h"
#include "base/clock.h"
#include "text/lang.h"
#include "text/lang_table.h"

static struct tq_arena arena;

static int
open_arena(void **state)
{
	(void)state;
	tq_arena_init(&arena, 1 << 20);
	return 0;
}

static int
close_arena(void **state)
{
	(void)state;
	tq_arena_free(&arena);
	return 0;
}

static struct tq_locale
locale(const char *tag)
{
	return (struct tq_locale){ .lang = tq_lang_exact(tq_str_c(tag)) };
}

static int64_t
at(const char *date)
{
	int64_t us = 0;

	assert_true(tq_date_parse(tq_str_c(date), 0, &us));
	return us;
}

static void
a_tag_falls_back_by_its_subtags(void **state)
{
	static const struct { const char *tag, *found; } rows[] = {
		{ "ar", "ar" }, { "AR", "ar" }, { "ar-MA", "ar" },
		{ "ar-Arab-EG", "ar" }, { "en-GB", "en" }, { "tlh", "en" },
		{ "", "en" }, { "-", "en" }, { "a", "en" }, { "arz", "en" },
		{ "ar_MA", "en" }, { "-ar", "en" }, { "ar-", "ar" },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		assert_str(tq_lang_tag(tq_lang_find(tq_str_c(rows[i].tag))),
		    rows[i].found);
	assert_null(tq_lang_exact(TQ_S("ar-MA")));
	assert_non_null(tq_lang_exact(TQ_S("Ar")));
}

static void
the_reader_s_browser_names_languages(void **state)
{
	static const struct { const char *header, *found; } rows[] = {
		{ "ar", "ar" }, { "ar-MA,fr;q=0.8", "ar" },
		{ "fr,en;q=0.3,ar;q=0.9", "ar" },
		{ "en;q=0.5, ar;q=0.5", "en" },		/* first of equals */
		{ "ar;q=0, en;q=0.1", "en" },
		{ "xx, *;q=0.5, en;q=0.4", "ar" },	/* * is the site's */
		{ "en-US , ar ; q=0.999", "en" },
		{ "en;Q=0.5, ar;q=0.4", "en" },
		{ "en;q=1.001, ar;q=0.1", "ar" },
		{ "en;q=1.000, ar", "en" }, { "ar;q=0.001", "ar" },
		{ "en;q=, ar;q=0.1", "ar" }, { "en;q=0.1234", "ar" },
		{ "en;x=1", "ar" }, { "en;q=-1", "ar" }, { "en;q=2", "ar" },
		{ "en;q=0,5", "ar" }, { "en;q=0x", "ar" },
		{ "", "ar" }, { ",,,;;q", "ar" }, { "de", "ar" },
		{ "en;q=1.", "en" }, { "en;q=0", "ar" },
	};
	const struct tq_lang *ar = tq_lang_exact(TQ_S("ar"));

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		if (!tq_str_eq(tq_lang_tag(tq_lang_accept(
		    tq_str_c(rows[i].header), ar)), tq_str_c(rows[i].found)))
			fail_msg("%s: not %s", rows[i].header, rows[i].found);
	assert_null(tq_lang_accept(TQ_S("de, fr"), NULL));
}

static void
tags_have_a_shape(void **state)
{
	static const char *const good[] = { "ar", "AR", "ckb", "ar-SY",
	    "zh-Hant-TW", "sl-rozaj-1994", "de-1901", "en-x-a" };
	static const char *const bad[] = { "", "a", "-", "ar-", "-ar",
	    "ar--SY", "english", "ar_SY", "a1", "ar SY", "ar-Abcdefghi",
	    "\xD8\xB9" };

	(void)state;
	for (size_t i = 0; i < TQ_N(good); i++)
		if (!tq_lang_tag_ok(tq_str_c(good[i])))
			fail_msg("%s was refused", good[i]);
	for (size_t i = 0; i < TQ_N(bad); i++)
		if (tq_lang_tag_ok(tq_str_c(bad[i])))
			fail_msg("%s was taken", bad[i]);
	assert_true(tq_lang_known(TQ_S("ar-SY")));
	assert_false(tq_lang_known(TQ_S("fr")));
}

static void
tags_tell_the_direction(void **state)
{
	static const struct { const char *tag; enum tq_dir dir; } rows[] = {
		{ "ar", TQ_RTL }, { "ar-SY", TQ_RTL }, { "fa", TQ_RTL },
		{ "HE-IL", TQ_RTL }, { "ckb", TQ_RTL }, { "ar-Latn", TQ_LTR },
		{ "ku", TQ_LTR }, { "ku-Arab-IQ", TQ_RTL },
		{ "az-arab", TQ_RTL }, { "en", TQ_LTR }, { "fr-FR", TQ_LTR },
		{ "sl-1994", TQ_LTR }, { "", TQ_LTR }, { "are", TQ_LTR },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		if (tq_lang_tag_dir(tq_str_c(rows[i].tag)) != rows[i].dir)
			fail_msg("direction of \"%s\"", rows[i].tag);
}

static void
languages_describe_themselves(void **state)
{
	const struct tq_lang *ar = tq_lang_exact(TQ_S("ar"));

	(void)state;
	assert_true(tq_lang_count() >= 2);
	assert_str(tq_lang_tag(tq_lang_at(0)), "en");
	assert_null(tq_lang_at(tq_lang_count()));
	assert_str(tq_lang_name(ar), "العربية");
	assert_int_equal(tq_lang_dir(ar), TQ_RTL);
	assert_int_equal(tq_lang_dir(tq_lang_at(0)), TQ_LTR);
}

/* CLDR 41 cardinal rules; the numbers are those where a rule turns. */
static void
plural_forms(void **state)
{
	static const int64_t n[] = {
		0, 1, 2, 3, 4, 5, 10, 11, 12, 14, 21, 22, 25, 99, 100, 101,
		102, 103, 110, 111, 112, 121, 200, 1000001,
	};
	static const struct {
		enum tq_plural_rule rule;
		unsigned form[TQ_N(n)];
	} rows[] = {
		{ TQ_PLURAL_NONE, { 0 } },
		{ TQ_PLURAL_ONE_OTHER, { 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 } },
		{ TQ_PLURAL_FRENCH, { 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 } },
		{ TQ_PLURAL_RUSSIAN, { 2, 0, 1, 1, 1, 2, 2, 2, 2, 2, 0, 1,
		    2, 2, 2, 0, 1, 1, 2, 2, 2, 0, 2, 0 } },
		{ TQ_PLURAL_ARABIC, { 0, 1, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4,
		    4, 4, 5, 5, 5, 3, 3, 4, 4, 4, 5, 5 } },
	};

	(void)state;
	for (size_t r = 0; r < TQ_N(rows); r++) {
		const struct tq_lang l = { .plural = rows[r].rule };

		for (size_t i = 0; i < TQ_N(n); i++) {
			assert_int_equal(tq_lang_plural(&l, n[i]),
			    rows[r].form[i]);
			assert_int_equal(tq_lang_plural(&l, -n[i]),
			    rows[r].form[i]);
		}
		(void)tq_lang_plural(&l, INT64_MIN);
	}
}

static void
arabic_counts_comments_in_six_forms(void **state)
{
	static const struct { int64_t n; const char *text; } rows[] = {
		{ 0, "لا تعليقات" }, { 1, "تعليق واحد" }, { 2, "تعليقان" },
		{ 3, "3 تعليقات" }, { 10, "10 تعليقات" },
		{ 11, "11 تعليقًا" }, { 99, "99 تعليقًا" },
		{ 100, "100 تعليق" }, { 101, "101 تعليق" },
		{ 102, "102 تعليق" }, { 103, "103 تعليقات" },
		{ 111, "111 تعليقًا" },
	};
	struct tq_locale l = locale("ar");

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		struct tq_buf b;

		tq_buf_init(&b, &arena, 0);
		tq_msg_html(&b, &l, TQ_MSG_N_COMMENT, rows[i].n, NULL, 0);
		assert_str(tq_buf_str(&b), rows[i].text);
	}
}

static void
slots_are_isolated_and_escaped(void **state)
{
	const struct tq_msg_arg name = {
		.name = "name", .kind = TQ_ARG_STR, .str = TQ_S("<b>\"&"),
	};
	struct tq_locale en = locale("en"), ar = locale("ar");
	struct tq_buf b;

	(void)state;
	tq_buf_init(&b, &arena, 0);
	tq_msg_html(&b, &en, TQ_MSG_REPLY_TO_NAME, 0, &name, 1);
	assert_str(tq_buf_str(&b),
	    "Reply to <bdi>&lt;b&gt;&quot;&amp;</bdi>");
	tq_buf_init(&b, &arena, 0);
	tq_msg_plain(&b, &ar, TQ_MSG_REPLY_TO_NAME, 0, &name, 1);
	assert_str(tq_buf_str(&b), "رد على \u2068<b>\"&\u2069");
}

static void
links_become_anchors(void **state)
{
	const struct tq_msg_arg link = {
		.name = "link", .kind = TQ_ARG_LINK,
		.url = { TQ_S("/privacy?a=1&b=\"") },
	};
	struct tq_locale en = locale("en");
	struct tq_buf b;
	enum tq_msg id = TQ_MSG_THIS_SITE_FILTERS_SPAM_LEARN_HOW_YOUR_COMMENT;

	(void)state;
	tq_buf_init(&b, &arena, 0);
	tq_msg_html(&b, &en, id, 0, &link, 1);
	assert_str(tq_buf_str(&b), "This site filters spam. "
	    "<a href=\"/privacy?a=1&amp;b=&quot;\">Learn how your comment "
	    "data is processed</a>.");
	tq_buf_init(&b, &arena, 0);
	tq_msg_html(&b, &en, id, 0, NULL, 0);
	tq_msg_plain(&b, &en, id, 0, &link, 1);
	assert_str(tq_buf_str(&b), "This site filters spam. Learn how your "
	    "comment data is processed.This site filters spam. Learn how your "
	    "comment data is processed.");
}

static void
each_kind_of_argument(void **state)
{
	struct tq_msg_arg date = {
		.name = "date", .kind = TQ_ARG_HTML,
		.html = { TQ_S("<time>1</time>") },
	};
	const struct tq_msg_arg many = {
		.name = "n", .kind = TQ_ARG_TEXT, .str = TQ_S("a<b"),
	};
	struct tq_locale en = locale("en"), ar = locale("ar");
	struct tq_buf b;

	(void)state;
	tq_buf_init(&b, &arena, 0);
	tq_msg_html(&b, &en, TQ_MSG_PUBLISHED_ON_DATE, 0, &date, 1);
	tq_msg_plain(&b, &en, TQ_MSG_PUBLISHED_ON_DATE, 0, &date, 1);
	tq_msg_html(&b, &en, TQ_MSG_PUBLISHED_ON_DATE, 0, NULL, 0);
	assert_str(tq_buf_str(&b), "Published on <time>1</time>Published on "
	    "Published on {date}");
	tq_buf_init(&b, &arena, 0);
	tq_msg_html(&b, &en, TQ_MSG_N_COMMENT, 7, &many, 1);
	date.kind = TQ_ARG_INT;
	date.number = -12;
	ar.digits = TQ_DIGITS_ARABIC;
	tq_msg_html(&b, &ar, TQ_MSG_PUBLISHED_ON_DATE, 0, &date, 1);
	assert_str(tq_buf_str(&b), "a&lt;b commentsنُشر في -١٢");
}

static void
numbers_in_three_kinds_of_digits(void **state)
{
	static const struct { enum tq_digits digits; const char *text; }
	rows[] = {
		{ TQ_DIGITS_LATIN, "1234567890 0 -1 9223372036854775807" },
		{ TQ_DIGITS_ARABIC, "١٢٣٤٥٦٧٨٩٠ ٠ -١ ٩٢٢٣٣٧٢٠٣٦٨٥٤٧٧٥٨٠٧" },
		{ TQ_DIGITS_PERSIAN, "۱۲۳۴۵۶۷۸۹۰ ۰ -۱ ۹۲۲۳۳۷۲۰۳۶۸۵۴۷۷۵۸۰۷" },
	};
	struct tq_locale l = locale("ar");

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		static const int64_t n[] = { 1234567890, 0, -1, INT64_MAX };
		struct tq_buf b;

		l.digits = rows[i].digits;
		tq_buf_init(&b, &arena, 0);
		for (size_t k = 0; k < TQ_N(n); k++) {
			if (k > 0)
				tq_buf_byte(&b, ' ');
			tq_fmt_number(&b, &l, n[k]);
		}
		assert_str(tq_buf_str(&b), rows[i].text);
	}
}

static void
dates(void **state)
{
	static const struct {
		const char *tag;
		enum tq_digits digits;
		enum tq_months months;
		int zone;
		const char *date, *text;
	} rows[] = {
		{ "en", TQ_DIGITS_LATIN, TQ_MONTHS_DUAL, 0,
		    "2026-11-23 16:34", "23 November 2026, 16:34" },
		{ "ar", TQ_DIGITS_LATIN, TQ_MONTHS_INTERNATIONAL, 0,
		    "2026-11-23 16:34", "23 نوفمبر 2026، 16:34" },
		{ "ar", TQ_DIGITS_LATIN, TQ_MONTHS_LEVANT, 0,
		    "2026-11-23 16:34", "23 تشرين الثاني 2026، 16:34" },
		{ "ar", TQ_DIGITS_ARABIC, TQ_MONTHS_DUAL, 180,
		    "2026-01-31 23:04", "١ فبراير/ شباط ٢٠٢٦، ٠٢:٠٤" },
		{ "ar", TQ_DIGITS_PERSIAN, TQ_MONTHS_DUAL, -60,
		    "2026-01-01 00:30", "۳۱ ديسمبر/ كانون الأول ۲۰۲۵، ۲۳:۳۰" },
		{ "ar", TQ_DIGITS_LATIN, TQ_MONTHS_DUAL, 0,
		    "2026-11-01", "1 نوفمبر/ تشرين الثاني 2026، 00:00" },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		struct tq_locale l = locale(rows[i].tag);
		struct tq_buf b;

		l.digits = rows[i].digits;
		l.months = rows[i].months;
		l.zone_min = rows[i].zone;
		tq_buf_init(&b, &arena, 0);
		tq_fmt_date_time(&b, &l, at(rows[i].date));
		assert_str(tq_buf_str(&b), rows[i].text);
	}
}

static void
every_month_has_its_names(void **state)
{
	static const char *const text[12] = {
		"1 يناير/ كانون الثاني 2026", "1 فبراير/ شباط 2026",
		"1 مارس/ آذار 2026", "1 أبريل/ نيسان 2026",
		"1 مايو/ أيار 2026", "1 يونيو/ حزيران 2026",
		"1 يوليو/ تموز 2026", "1 أغسطس/ آب 2026",
		"1 سبتمبر/ أيلول 2026", "1 أكتوبر/ تشرين الأول 2026",
		"1 نوفمبر/ تشرين الثاني 2026", "1 ديسمبر/ كانون الأول 2026",
	};
	struct tq_locale l = locale("ar");

	(void)state;
	l.months = TQ_MONTHS_DUAL;
	for (int month = 1; month <= 12; month++) {
		const struct tq_date d = {
			.year = 2026, .month = month, .day = 1,
		};
		struct tq_buf b;

		tq_buf_init(&b, &arena, 0);
		tq_fmt_date(&b, &l, tq_date_us(&d));
		assert_str(tq_buf_str(&b), text[month - 1]);
	}
}

static void
times_ago(void **state)
{
	static const struct { const char *tag; int64_t s; const char *text; }
	rows[] = {
		{ "en", -5, "now" }, { "en", 0, "now" }, { "en", 59, "now" },
		{ "en", 60, "1 minute ago" }, { "en", 119, "1 minute ago" },
		{ "en", 3599, "59 minutes ago" }, { "en", 3600, "1 hour ago" },
		{ "en", 86399, "23 hours ago" }, { "en", 86400, "1 day ago" },
		{ "en", 30 * 86400 - 1, "29 days ago" },
		{ "en", 30 * 86400, "24 October 2026" },
		{ "ar", 0, "الآن" },
		{ "ar", 60, "قبل دقيقة واحدة" }, { "ar", 120, "قبل دقيقتين" },
		{ "ar", 180, "قبل 3 دقائق" }, { "ar", 600, "قبل 10 دقائق" },
		{ "ar", 660, "قبل 11 دقيقة" }, { "ar", 3540, "قبل 59 دقيقة" },
		{ "ar", 3600, "قبل ساعة واحدة" }, { "ar", 7200, "قبل ساعتين" },
		{ "ar", 10800, "قبل 3 ساعات" }, { "ar", 39600, "قبل 11 ساعة" },
		{ "ar", 86400, "قبل يوم واحد" }, { "ar", 172800, "قبل يومين" },
		{ "ar", 259200, "قبل 3 أيام" }, { "ar", 950400, "قبل 11 يومًا" },
	};
	int64_t now = at("2026-11-23 16:34");

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		struct tq_locale l = locale(rows[i].tag);
		struct tq_buf b;

		tq_buf_init(&b, &arena, 0);
		tq_fmt_relative(&b, &l, now - rows[i].s * TQ_SECOND_US, now);
		assert_str(tq_buf_str(&b), rows[i].text);
	}
}

/* No number leaves a form of any language unwritten, and no message breaks. */
static void
every_message_of_every_language_prints(void **state)
{
	(void)state;
	for (size_t k = 0; k < tq_lang_count(); k++) {
		struct tq_locale l = { .lang = tq_lang_at(k) };

		for (int id = 0; id < TQ_MSGS; id++) {
			struct tq_buf b;

			assert_true(tq_msg(l.lang, (enum tq_msg)id).n > 0);
			for (int64_t n = 0; n < 130; n++) {
				tq_buf_init(&b, &arena, 0);
				tq_msg_html(&b, &l, (enum tq_msg)id, n, NULL,
				    0);
				assert_true(tq_buf_ok(&b) && b.n > 0);
			}
			tq_arena_free(&arena);
		}
	}
}

static void
without_memory_the_buffer_fails(void **state)
{
	struct tq_locale l = locale("ar");

	(void)state;
	for (long k = 0; k < 3; k++) {
		struct tq_buf b;

		tq_arena_free(&arena);
		arena.fail_after = k;
		tq_buf_init(&b, &arena, 0);
		tq_fmt_date_time(&b, &l, 0);
		assert_false(tq_buf_ok(&b));
		assert_int_equal(tq_buf_str(&b).n, 0);
	}
	tq_arena_free(&arena);
	arena.fail_after = -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tag_falls_back_by_its_subtags),
		cmocka_unit_test(the_reader_s_browser_names_languages),
		cmocka_unit_test(languages_describe_themselves),
		cmocka_unit_test(tags_have_a_shape),
		cmocka_unit_test(tags_tell_the_direction),
		cmocka_unit_test(plural_forms),
		cmocka_unit_test(arabic_counts_comments_in_six_forms),
		cmocka_unit_test(slots_are_isolated_and_escaped),
		cmocka_unit_test(links_become_anchors),
		cmocka_unit_test(each_kind_of_argument),
		cmocka_unit_test(numbers_in_three_kinds_of_digits),
		cmocka_unit_test(dates),
		cmocka_unit_test(every_month_has_its_names),
		cmocka_unit_test(times_ago),
		cmocka_unit_test(every_message_of_every_language_prints),
		cmocka_unit_test(without_memory_the_buffer_fails),
	};

	return cmocka_run_group_tests_name("text/lang", tests, open_arena,
	    close_arena);
}
