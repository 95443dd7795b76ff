/* States, sites, settings, pages. */
#include "store_contract_world.h"

static void
states_have_names(void **state)
{
	enum tq_state s;

	(void)state;
	for (int i = 0; i < TQ_STATES; i++) {
		assert_true(tq_state_parse(tq_str_c(tq_state_name(
		    (enum tq_state)i)), &s));
		assert_int_equal(s, i);
	}
	assert_false(tq_state_parse(TQ_S("publishe"), &s));
	assert_false(tq_state_parse(TQ_S(""), &s));
	assert_string_equal(tq_state_name((enum tq_state)9), "unknown");
	tq_store_close(NULL);
}

static void
sites_are_listed_by_id(void **state)
{
	struct tq_site *sites;
	int64_t id;
	size_t n;

	(void)state;
	begin();
	MUST(w.ops->site_add(w.s, TQ_S("a-2"), 77, &id, &err));
	REFUSE(w.ops->site_add(w.s, TQ_S("news"), 78, &id, &err),
	    TQ_ECONFLICT);
	commit();
	MUST(w.ops->site_list(w.s, &w.a, &sites, &n, &err));
	assert_int_equal(n, 2);
	assert_int_equal(sites[0].id, w.site);
	assert_str(sites[0].name, "news");
	assert_int_equal(sites[0].created_us, 5);
	assert_int_equal(sites[1].id, id);
	assert_str(sites[1].name, "a-2");
	assert_int_equal(sites[1].created_us, 77);
}

static void
bad_names_of_sites_are_refused(void **state)
{
	static const tq_str bad[] = {
		TQ_S_INIT(""), TQ_S_INIT("News"), TQ_S_INIT("a b"),
		TQ_S_INIT("a_b"), TQ_S_INIT("a\0b"), TQ_S_INIT("\xd8\xa3"),
		TQ_S_INIT("0123456789012345678901234567890123456789"
		    "0123456789012345678901234"),
	};
	int64_t id;

	(void)state;
	begin();
	for (size_t i = 0; i < TQ_N(bad); i++)
		REFUSE(w.ops->site_add(w.s, bad[i], 1, &id, &err),
		    TQ_EINVALID);
	commit();
}

static void
settings_are_put_replaced_and_removed(void **state)
{
	struct tq_setting *p;
	size_t n;

	(void)state;
	begin();
	MUST(w.ops->setting_put(w.s, w.site, TQ_S("lang"), TQ_S("ar"), &err));
	MUST(w.ops->setting_put(w.s, w.site, TQ_S("dir"), TQ_S("rtl"), &err));
	MUST(w.ops->setting_put(w.s, 0, TQ_S("lang"), TQ_S("en"), &err));
	MUST(w.ops->setting_put(w.s, w.site, TQ_S("lang"), TQ_S("fa"), &err));
	MUST(w.ops->setting_put(w.s, w.site, TQ_S("gone"), TQ_S("x"), &err));
	MUST(w.ops->setting_put(w.s, w.site, TQ_S("gone"), TQ_S(""), &err));
	MUST(w.ops->setting_put(w.s, w.site, TQ_S("never"), TQ_S(""), &err));
	REFUSE(w.ops->setting_put(w.s, 99, TQ_S("lang"), TQ_S("x"), &err),
	    TQ_ENOTFOUND);
	commit();
	MUST(w.ops->setting_list(w.s, w.site, &w.a, &p, &n, &err));
	assert_int_equal(n, 2);
	assert_str(p[0].name, "dir");
	assert_str(p[0].value, "rtl");
	assert_str(p[1].name, "lang");
	assert_str(p[1].value, "fa");
	MUST(w.ops->setting_list(w.s, 0, &w.a, &p, &n, &err));
	assert_int_equal(n, 1);
	assert_str(p[0].value, "en");
	MUST(w.ops->setting_list(w.s, 99, &w.a, &p, &n, &err));
	assert_int_equal(n, 0);
}

static void
a_page_is_made_once_and_keeps_its_title(void **state)
{
	struct tq_page p;
	int64_t id, other;

	(void)state;
	begin();
	MUST(w.ops->site_add(w.s, TQ_S("other"), 5, &other, &err));
	MUST(w.ops->page_put(w.s, w.site, TQ_S("/one"), TQ_S(""), 9, &id,
	    &err));
	assert_int_equal(id, w.page);
	MUST(w.ops->page_put(w.s, other, TQ_S("/one"), TQ_S(""), 9, &id,
	    &err));
	assert_int_not_equal(id, w.page);
	REFUSE(w.ops->page_put(w.s, 99, TQ_S("/x"), TQ_S(""), 9, &id, &err),
	    TQ_ENOTFOUND);
	REFUSE(w.ops->page_put(w.s, w.site, TQ_S("x"), TQ_S(""), 9, &id,
	    &err), TQ_EINVALID);
	REFUSE(w.ops->page_put(w.s, w.site, TQ_S(""), TQ_S(""), 9, &id, &err),
	    TQ_EINVALID);
	commit();
	MUST(w.ops->page_get(w.s, w.site, TQ_S("/one"), &w.a, &p, &err));
	assert_int_equal(p.id, w.page);
	assert_int_equal(p.site_id, w.site);
	assert_str(p.path, "/one");
	assert_str(p.title, "One");
	assert_int_equal(p.created_us, 6);
	assert_int_equal(p.published, 0);
	assert_int_equal(p.change, 0);
	begin();
	MUST(w.ops->page_put(w.s, w.site, TQ_S("/one"), TQ_S("Two"), 9, &id,
	    &err));
	commit();
	assert_str(get_page().title, "Two");
	REFUSE(w.ops->page_get(w.s, w.site, TQ_S("/two"), &w.a, &p, &err),
	    TQ_ENOTFOUND);
	REFUSE(w.ops->page_get(w.s, 99, TQ_S("/one"), &w.a, &p, &err),
	    TQ_ENOTFOUND);
	REFUSE(w.ops->page_by_id(w.s, 0, &w.a, &p, &err), TQ_ENOTFOUND);
	REFUSE(w.ops->page_by_id(w.s, 99, &w.a, &p, &err), TQ_ENOTFOUND);
}

static void
counts_come_in_the_order_asked(void **state)
{
	const tq_str paths[] = { TQ_S("/none"), TQ_S("/one"), TQ_S("/two"),
	    TQ_S("/one") };
	int64_t two, counts[4];

	(void)state;
	begin();
	MUST(w.ops->page_put(w.s, w.site, TQ_S("/two"), TQ_S(""), 9, &two,
	    &err));
	commit();
	(void)add(add(0, TQ_PUBLISHED), TQ_PUBLISHED);
	(void)add(0, TQ_HELD);
	MUST(w.ops->page_counts(w.s, w.site, paths, 4, counts, &err));
	assert_int_equal(counts[0], 0);
	assert_int_equal(counts[1], 2);
	assert_int_equal(counts[2], 0);
	assert_int_equal(counts[3], 2);
	MUST(w.ops->page_counts(w.s, w.site, NULL, 0, NULL, &err));
}

static const struct CMUnitTest tests[] = {
	CONTRACT_TEST(states_have_names),
	CONTRACT_TEST(sites_are_listed_by_id),
	CONTRACT_TEST(bad_names_of_sites_are_refused),
	CONTRACT_TEST(settings_are_put_replaced_and_removed),
	CONTRACT_TEST(a_page_is_made_once_and_keeps_its_title),
	CONTRACT_TEST(counts_come_in_the_order_asked),
};

const struct contract_group contract_sites = { tests, TQ_N(tests) };
