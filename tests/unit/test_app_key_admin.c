/* Keys as the operator makes and changes them, and the sites they are for. */
#include "install.h"

#include "app/api_keys.h"
#include "app/key_admin.h"
#include "app/site_admin.h"
#include "app/sites.h"

static const struct tq_key_limits some = { 60, 5000, 200, true };

static int
set_up(void **state)
{
	(void)state;
	make_install();
	return 0;
}

static int64_t
a_site(void)
{
	struct tq_site_found found;

	must(tq_site_find_or_make(app, TQ_S("https://example.org"), &found,
	    &e));
	return found.id;
}

/* The number of the key with that text, 0 when there is none. */
static int64_t
find(const struct tq_key_text *text, int64_t later_us)
{
	struct tq_api_keys *k =
	    (struct tq_api_keys *)tq_cell_get(&app->api_keys);
	const struct tq_api_key *key = tq_api_keys_find(k, &app->keys,
	    tq_str_c(text->c), tq_wall_us(&app->clock) + later_us);
	int64_t id = key == NULL ? 0 : key->id;

	tq_api_keys_put(k);
	return id;
}

static void
a_text_is_twelve_random_digits(void **state)
{
	struct tq_key_text text[20];
	int64_t site = a_site(), id[20];

	(void)state;
	for (size_t i = 0; i < TQ_N(text); i++) {
		must(tq_key_add(app, site, &some, &id[i], &text[i], &e));
		assert_int_equal(strlen(text[i].c), 12);
		assert_int_equal(strspn(text[i].c, "0123456789abcdef"), 12);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(text[i].c, text[k].c);
	}
	for (size_t i = 0; i < TQ_N(text); i++)
		assert_int_equal(find(&text[i], 0), id[i]);
	tq_app_close(in);
	open_again();
	assert_int_equal(find(&text[7], 0), id[7]);
}

/* No file of the installation has the text, in whatever case. */
static int
lacks_text(const char *path, const struct stat *st, int kind, struct FTW *w)
{
	extern struct tq_key_text sought;
	static char bytes[1 << 22];
	FILE *f;
	size_t n;

	(void)st;
	(void)w;
	if (kind != FTW_F || (f = fopen(path, "rb")) == NULL)
		return 0;
	n = fread(bytes, 1, sizeof(bytes), f);
	(void)fclose(f);
	return memmem(bytes, n, sought.c, TQ_API_KEY_CHARS) != NULL;
}

struct tq_key_text sought;

static void
a_text_is_never_stored(void **state)
{
	int64_t id, site = a_site();

	(void)state;
	must(tq_key_add(app, site, &some, &id, &sought, &e));
	assert_int_equal(nftw(dir, lacks_text, 8, FTW_PHYS), 0);
	must(tq_key_rotate(app, id, TQ_SECOND_US, &sought, &e));
	assert_int_equal(nftw(dir, lacks_text, 8, FTW_PHYS), 0);
}

static void
limits_are_kept_and_changed(void **state)
{
	const struct tq_key_limits other = { 0, 7, 0, false };
	struct tq_key_text text;
	struct tq_api_keys *k;
	const struct tq_api_key *key;
	int64_t id, site = a_site();

	(void)state;
	must(tq_key_add(app, site, &some, &id, &text, &e));
	k = (struct tq_api_keys *)tq_cell_get(&app->api_keys);
	key = tq_api_keys_by_id(k, id);
	assert_int_equal(key->site_id, site);
	assert_int_equal(key->per_minute, 60);
	assert_int_equal(key->per_month, 5000);
	assert_int_equal(key->lessons_per_hour, 200);
	assert_true(key->webhook);
	assert_true(tq_str_eq(key->hint, (tq_str){ text.c, 4 }));
	must(tq_key_limit(app, id, &other, &e));
	assert_int_equal(key->per_minute, 60);	/* a snapshot stays */
	tq_api_keys_put(k);
	k = (struct tq_api_keys *)tq_cell_get(&app->api_keys);
	key = tq_api_keys_by_id(k, id);
	assert_int_equal(key->per_minute, 0);
	assert_int_equal(key->per_month, 7);
	assert_false(key->webhook);
	tq_api_keys_put(k);
	assert_int_equal(find(&text, 0), id);
}

static void
a_new_text_and_an_old_one(void **state)
{
	struct tq_key_text one, two, three;
	int64_t id, site = a_site();

	(void)state;
	must(tq_key_add(app, site, &some, &id, &one, &e));
	must(tq_key_rotate(app, id, 3600 * TQ_SECOND_US, &two, &e));
	assert_int_equal(find(&one, 0), id);
	assert_int_equal(find(&one, 3601 * TQ_SECOND_US), 0);
	assert_int_equal(find(&two, 3601 * TQ_SECOND_US), id);
	must(tq_key_rotate(app, id, 3600 * TQ_SECOND_US, &three, &e));
	assert_int_equal(find(&one, 0), 0);
	assert_int_equal(find(&two, 0), id);
	must(tq_key_rotate(app, id, 0, &one, &e));
	assert_int_equal(find(&two, 0), 0);
	assert_int_equal(find(&three, 0), 0);
	assert_int_equal(find(&one, 0), id);
}

static void
a_revoked_key_stays_so(void **state)
{
	struct tq_key_text one, two;
	int64_t id, site = a_site();

	(void)state;
	must(tq_key_add(app, site, &some, &id, &one, &e));
	must(tq_key_rotate(app, id, 3600 * TQ_SECOND_US, &two, &e));
	must(tq_key_revoke(app, id, &e));
	assert_int_equal(find(&one, 0), 0);
	assert_int_equal(find(&two, 0), 0);
	assert_int_equal(tq_key_revoke(app, id, &e), TQ_ECONFLICT);
	assert_int_equal(tq_key_rotate(app, id, 0, &one, &e), TQ_ECONFLICT);
	assert_int_equal(tq_key_limit(app, id, &some, &e), TQ_ECONFLICT);
	assert_int_equal(tq_key_revoke(app, 99, &e), TQ_ENOTFOUND);
	assert_int_equal(tq_key_rotate(app, 99, 0, &one, &e), TQ_ENOTFOUND);
	assert_int_equal(tq_key_limit(app, 99, &some, &e), TQ_ENOTFOUND);
	assert_int_equal(tq_key_add(app, 99, &some, &id, &one, &e),
	    TQ_ENOTFOUND);
}

static void
sites_are_found_or_made(void **state)
{
	static const struct { const char *given, *name; bool made; } rows[] = {
		{ "https://example.org", "example-org", true },
		{ "https://Example.org/blog/", "example-org", false },
		{ "example.org", "example-org", false },
		{ "example-org", "example-org", false },
		{ "http://example.org", "example-org", false },
		{ "https://example-org", "example-org-2", true },
		{ "https://example.org:8443", "example-org-8443", true },
		{ "https://blog", "blog", true },
		{ "blog", "blog", false },
		{ "http://[::1]:8080", "1-8080", true },
		{ "https://\xd9\x85\xd8\xab.org", "org", true },
		{ "https://a-very-long-name-of-a-site.which-goes-on.example",
		    "a-very-long-name-of-a-site-which-goes", true },
	};
	static const char *const bad[] = { "", "a b", "ftp://example.org",
	    "-", "https://", "https://user@example.org",
	    "\xd9\x85\xd8\xab" };
	struct tq_site_found found;

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		must(tq_site_find_or_make(app, tq_str_c(rows[i].given), &found,
		    &e));
		if (strcmp(found.name, rows[i].name) != 0 ||
		    found.made != rows[i].made)
			fail_msg("%s: %s, %d", rows[i].given, found.name,
			    found.made);
		assert_true(found.id > 0);
	}
	for (size_t i = 0; i < TQ_N(bad); i++)
		if (tq_site_find_or_make(app, tq_str_c(bad[i]), &found, &e) !=
		    TQ_EINVALID)
			fail_msg("\"%s\" is taken", bad[i]);
	assert_int_equal(tq_site_find_or_make(app, TQ_S("blogg"), &found, &e),
	    TQ_ENOTFOUND);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, drop_install)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_text_is_twelve_random_digits),
		TEST(a_text_is_never_stored),
		TEST(limits_are_kept_and_changed),
		TEST(a_new_text_and_an_old_one),
		TEST(a_revoked_key_stays_so),
		TEST(sites_are_found_or_made),
	};

	return cmocka_run_group_tests_name("app/key_admin", tests, NULL, NULL);
}
