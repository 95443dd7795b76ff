/* What a reader typed: e-mail addresses, limits, required fields. */
#include "shared.h"
#include "unit.h"

#include <stdio.h>

#include "app/fields.h"

static struct tq_arena arena;
static struct tq_site_settings settings;

static int
open_arena(void **state)
{
	(void)state;
	tq_arena_init(&arena, (size_t)4 << 20);
	tq_settings_defaults(&tq_site_table, &settings);
	return 0;
}

static int
close_arena(void **state)
{
	(void)state;
	tq_arena_free(&arena);
	return 0;
}

#define LABEL63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz" \
	"abcdefghijk"

static void
addresses(void **state)
{
	static const struct { const char *in; bool fine; } rows[] = {
		{ "a@example.org", true },
		{ "first.last+tag@mail.example.org", true },
		{ "!#$%&'*+-/=?^_`{|}~@example.org", true },
		{ "قارئ@مثال.إختبار", true },
		{ "a@xn--mgbh0fb.org", true },
		{ LABEL63 "a@" LABEL63 ".org", true },
		{ LABEL63 "ab@example.org", false },	/* 65 bytes */
		{ "a@" LABEL63 "a.org", false },	/* 64 bytes */
		{ "a@" LABEL63 "." LABEL63 "." LABEL63 "." LABEL63, false },
		{ "", false }, { "@", false }, { "a", false }, { "a@", false },
		{ "@example.org", false }, { "a@example", false },
		{ "a@@example.org", false }, { "a@b@example.org", false },
		{ ".a@example.org", false }, { "a.@example.org", false },
		{ "a..b@example.org", false }, { "a@.example.org", false },
		{ "a@example..org", false }, { "a@example.org.", false },
		{ "a@-example.org", false }, { "a@example-.org", false },
		{ "a@exam_ple.org", false }, { "a b@example.org", false },
		{ "a@exam ple.org", false }, { "a@[127.0.0.1]", false },
		{ "\"a\"@example.org", false }, { "a,b@example.org", false },
		{ "A <a@example.org>", false }, { "a@example.org,", false },
		{ "a(comment)@example.org", false },
		{ "a\r\nBcc: b@example.org", false },
		{ "a\t@example.org", false }, { "a\x7f@example.org", false },
		{ "a@example.org\n", false }, { "\xff@example.org", false },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		if (tq_email_plausible(tq_str_c(rows[i].in)) != rows[i].fine)
			fail_msg("\"%s\" is %sfine", rows[i].in,
			    rows[i].fine ? "not " : "");
	assert_false(tq_email_plausible(TQ_S("a\0b@example.org")));
}

/* What isemail calls valid, less names without a dot, is ours; nothing that it
 * refuses, and none of the old forms with quotes, comments or literals. */
static bool
ours(const json_t *row)
{
	tq_str kind = tq_row_str(row, "diagnosis"), in = tq_row_str(row, "in");

	return (tq_str_eq(kind, TQ_S("ISEMAIL_VALID")) ||
	    tq_str_eq(kind, TQ_S("ISEMAIL_DNSWARN_NO_RECORD")) ||
	    tq_str_eq(kind, TQ_S("ISEMAIL_RFC5321_TLD"))) &&
	    tq_str_find(in, TQ_S(".")) < in.n;
}

static void
foreign_addresses(void **state)
{
	tq_str rest = tq_shared_read(&arena, "corpora/email-isemail.jsonl");
	int good = 0, bad = 0;
	json_t *row;

	(void)state;
	while (tq_shared_row(&rest, &row)) {
		tq_str in = tq_row_str(row, "in");
		bool fine = tq_email_plausible(in);

		if (fine != ours(row))
			fail_msg("\"%.*s\" is%s fine, but %.*s", TQ_FMT(in),
			    fine ? "" : " not",
			    TQ_FMT(tq_row_str(row, "diagnosis")));
		good += fine;
		bad += !fine;
		json_decref(row);
	}
	assert_true(good >= 10 && bad >= 70);
}

#define T10 "aaaaaaaaa "
#define T80 T10 T10 T10 T10 T10 T10 T10 "aaaaaaaaaa"

/* "field:fault:n,..." of a submission. */
static tq_str
faults_of(const struct tq_fields_raw *raw, struct tq_fields *out)
{
	struct tq_faults f = { .n = 0 };
	struct tq_buf b;
	struct tq_err e;

	assert_int_equal(tq_fields_check(raw, &settings, &arena, out, &f, &e),
	    TQ_OK);
	tq_buf_init(&b, &arena, 0);
	for (size_t i = 0; i < f.n; i++)
		tq_buf_printf(&b, "%s%s:%s:%lld", i > 0 ? "," : "",
		    tq_field_name(f.at[i].field), tq_fault_name(f.at[i].id),
		    (long long)f.at[i].n);
	return tq_buf_str(&b);
}

static void
faults_by_field(void **state)
{
	static const struct {
		const char *name, *email, *url, *text, *faults;
	} rows[] = {
		{ "Ann", "", "", "Hello", "" },
		{ "Ann", "a@example.org", "example.org", "Hello", "" },
		{ "", "", "", "", "name:required:0,text:required:0" },
		{ " \t\u200B\u202E", "", "", "Hello", "name:required:0" },
		{ T80, "", "", "x", "" },
		{ T80 "bcd", "", "", "x", "name:too_long:3" },
		{ "Ann", "ann", "", "x", "email:bad_email:0" },
		{ "Ann", " a@example.org\n", "", "x", "" },
		{ "Ann", "a@exam\xff.org", "", "x", "" },
		{ "Ann", "", "javascript:alert(1)", "x", "url:bad_url:0" },
		{ "Ann", "", "http://", "x", "url:bad_url:0" },
		{ "Ann", "", "  ", "x", "" },
		{ "Ann", "", "", "> \n>", "text:required:0" },
		{ "Ann", "", "", "\u200B \n\t", "text:required:0" },
		{ "Ann", "@", "ftp://x.org/", "", "email:bad_email:0,"
		    "url:bad_url:0,text:required:0" },
	};
	struct tq_fields out;

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		struct tq_fields_raw raw = {
			tq_str_c(rows[i].name), tq_str_c(rows[i].email),
			tq_str_c(rows[i].url), tq_str_c(rows[i].text),
		};
		tq_str got = faults_of(&raw, &out);

		if (!tq_str_eq(got, tq_str_c(rows[i].faults)))
			fail_msg("row %zu: %.*s", i, TQ_FMT(got));
	}
}

static void
a_site_says_what_is_required(void **state)
{
	struct tq_fields_raw raw = { .text = TQ_S("Hello") };
	struct tq_site_settings before = settings;
	struct tq_fields out;

	(void)state;
	settings.name_required = false;
	assert_str(faults_of(&raw, &out), "");
	settings.email_required = true;
	assert_str(faults_of(&raw, &out), "email:required:0");
	settings = before;
}

/* Code points count, not bytes; the number says how many are too many. */
static void
a_text_has_its_length(void **state)
{
	static const char alef[] = "\xD8\xA7";
	struct tq_fields_raw raw = { .name = TQ_S("A") };
	char *text = tq_arena_alloc(&arena, 2 * 5003, 1);
	struct tq_fields out;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < 5003; i++)
		memcpy(text + 2 * i, alef, 2);
	raw.text = (tq_str){ text, 2 * 5000 };
	assert_str(faults_of(&raw, &out), "");
	assert_int_equal(out.text.n, 10000);
	raw.text.n = 2 * 5003;
	assert_str(faults_of(&raw, &out), "text:too_long:3");
}

static void
what_is_kept_is_clean(void **state)
{
	struct tq_fields_raw raw = {
		TQ_S("  Ann\u202E\n B\0 "), TQ_S(" a@example.org "),
		TQ_S("HTTP://Example.ORG/a"), TQ_S("a\r\nb\xff"),
	};
	struct tq_fields out;

	(void)state;
	assert_str(faults_of(&raw, &out), "");
	assert_str(out.email, "a@example.org");
	assert_str(out.url.s, "http://example.org/a");
	assert_str(out.text, "a\nb\xEF\xBF\xBD");
	assert_int_equal(tq_str_find(out.name, TQ_S("\n")), out.name.n);
	assert_int_equal(tq_str_find(out.name, TQ_S("\u202E")), out.name.n);
	assert_true(tq_str_starts(out.name, TQ_S("Ann")));
}

static void
links_are_counted(void **state)
{
	struct tq_fields_raw raw = { .name = TQ_S("A"), .text = TQ_S(
	    "see https://a.example/ and [b](https://b.example)") };
	struct tq_fields out;

	(void)state;
	assert_str(faults_of(&raw, &out), "");
	assert_int_equal(out.facts.links, 2);
}

static void
a_field_keeps_its_first_fault(void **state)
{
	struct tq_faults f = { .n = 0 };

	(void)state;
	tq_fault_add(&f, TQ_FIELD_TEXT, TQ_FAULT_TOO_LONG, 3);
	tq_fault_add(&f, TQ_FIELD_TEXT, TQ_FAULT_CLOSED, 0);
	for (int i = 0; i < TQ_FIELD_IDS; i++)
		tq_fault_add(&f, (enum tq_field_id)i, TQ_FAULT_REQUIRED, i);
	assert_int_equal(f.n, TQ_FIELD_IDS);
	assert_int_equal(tq_fault_of(&f, TQ_FIELD_TEXT)->id,
	    TQ_FAULT_TOO_LONG);
	assert_int_equal(tq_fault_of(&f, TQ_FIELD_SITE)->n, TQ_FIELD_SITE);
	assert_null(tq_fault_of(&(struct tq_faults){ .n = 0 },
	    TQ_FIELD_NAME));
}

static void
every_failure_of_memory_is_told(void **state)
{
	struct tq_fields_raw raw = {
		TQ_S("Ann\u202E"), TQ_S("a@example.org"), TQ_S("example.org"),
		TQ_S("*a*\r\nhttps://example.org\xff"),
	};
	enum tq_code code = TQ_ELIMIT;

	(void)state;
	for (long i = 0; code != TQ_OK; i++) {
		struct tq_faults faults = { .n = 0 };
		struct tq_fields out;
		struct tq_arena a;
		struct tq_err e;

		assert_true(i < 200);
		tq_arena_init(&a, (size_t)1 << 20);
		a.fail_after = i;
		code = tq_fields_check(&raw, &settings, &a, &out, &faults, &e);
		assert_true(code == TQ_OK || code == TQ_ELIMIT);
		if (code == TQ_OK)
			assert_int_equal(faults.n, 0);
		tq_arena_free(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),
		cmocka_unit_test(foreign_addresses),
		cmocka_unit_test(faults_by_field),
		cmocka_unit_test(a_site_says_what_is_required),
		cmocka_unit_test(a_text_has_its_length),
		cmocka_unit_test(what_is_kept_is_clean),
		cmocka_unit_test(links_are_counted),
		cmocka_unit_test(a_field_keeps_its_first_fault),
		cmocka_unit_test(every_failure_of_memory_is_told),
	};

	return cmocka_run_group_tests_name("app/fields", tests, open_arena,
	    close_arena);
}
