/* A folder of articles as a snapshot: which files count, who keeps a slug, in
 * which order, what happens when a file changes. */
#include "unit.h"

#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/articles.h"
#include "base/clock.h"
#include "base/file.h"

#define DAY_US (86400 * TQ_SECOND_US)

static char dir[] = "/tmp/tq-test-articles-XXXXXX";

/* Two sites, as sites.c would make them; the first is the default. */
static struct tq_site_view views[2];
static struct tq_sites sites = { .sites = views, .n = 2 };

static const char *
at(const char *name)
{
	static char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void
put(const char *name, const char *text)
{
	struct tq_err e;

	if (tq_file_write(at(name), tq_str_c(text), 0600, &e) != TQ_OK)
		fail_msg("%s", e.text);
}

static void
empty(const char *folder)
{
	DIR *d = opendir(folder);
	const struct dirent *ent;
	char path[1024];

	if (d == NULL)
		return;
	while ((ent = readdir(d)) != NULL) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder,
		    ent->d_name);
		if (ent->d_type == DT_REG)
			(void)unlink(path);
	}
	(void)closedir(d);
}

static int
wipe(void **state)
{
	(void)state;
	empty(dir);
	empty(at("en"));
	return 0;
}

static int
open_dir(void **state)
{
	static const char *const languages[] = { "ar", "en" };

	(void)state;
	if (mkdtemp(dir) == NULL || mkdir(at("en"), 0700) != 0)
		return -1;
	for (size_t i = 0; i < 2; i++) {
		views[i].id = (int64_t)i + 1;
		views[i].name = tq_str_c(languages[i]);
		tq_settings_defaults(&tq_site_table, &views[i].set);
		views[i].set.language = tq_str_c(languages[i]);
	}
	return 0;
}

static int
close_dir(void **state)
{
	(void)wipe(state);
	return rmdir(at("en")) | rmdir(dir);
}

static struct tq_articles *
load(void)
{
	struct tq_articles *a = NULL;
	struct tq_err e;

	if (tq_articles_load(dir, &sites, &a, &e) != TQ_OK)
		fail_msg("%s", e.text);
	return a;
}

/* "slug slug ..." of a site, in order. */
static void
assert_order(const struct tq_articles *a, int64_t site, const char *wanted)
{
	size_t n, len = 0;
	const struct tq_article *list = tq_articles_of(a, site, &n);
	char got[1024] = "";

	for (size_t i = 0; i < n && len < sizeof(got); i++)
		len += (size_t)snprintf(got + len, sizeof(got) - len,
		    "%s%.*s", i > 0 ? " " : "", TQ_FMT(list[i].slug));
	assert_string_equal(got, wanted);
}

#define HEAD(title, date) "---\ntitle: " title "\ndate: " date "\n"

static void
no_folder_no_articles(void **state)
{
	struct tq_articles *a = NULL;
	struct tq_err e;

	(void)state;
	assert_int_equal(tq_articles_load(at("nowhere"), &sites, &a, &e),
	    TQ_OK);
	assert_int_equal(a->n, 0);
	assert_null(tq_articles_find(a, 1, TQ_S("x")));
	assert_order(a, 1, "");
	tq_articles_put(a);
	tq_articles_put(NULL);
}

static void
good_files_count_and_bad_ones_do_not_hurt(void **state)
{
	struct tq_articles *a;
	const struct tq_article *art;

	(void)state;
	put("bread.md", HEAD("Bread", "2026-01-01") "summary: S\nauthor: A\n"
	    "section: Food\n---\nText\n");
	put("no-front-matter.md", "# Hello\n");
	put("half.md", HEAD("Half", "2026-01-01"));
	put("README.md", HEAD("Not for readers", "2026-01-01") "---\n");
	put(".draft.md", HEAD("Hidden", "2026-01-01") "---\n");
	put("notes.txt", HEAD("Notes", "2026-01-01") "---\n");
	put("en/milk.md", HEAD("Milk", "2026-01-02") "language: en-GB\n---\n");
	a = load();
	assert_int_equal(a->files, 4);
	assert_int_equal(a->refused, 2);
	assert_order(a, 1, "bread");
	assert_order(a, 2, "milk");
	art = tq_articles_find(a, 1, TQ_S("bread"));
	assert_non_null(art);
	assert_str(art->title, "Bread");
	assert_str(art->summary, "S");
	assert_str(art->author, "A");
	assert_str(art->section, "Food");
	assert_str(art->language, "ar");
	assert_true(art->comments_until_us == INT64_MAX);
	assert_str(tq_articles_find(a, 2, TQ_S("milk"))->language, "en-GB");
	assert_null(tq_articles_find(a, 2, TQ_S("bread")));
	assert_null(tq_articles_find(a, 3, TQ_S("bread")));
	assert_null(tq_articles_find(a, 1, TQ_S("brea")));
	assert_null(tq_articles_find(a, 1, TQ_S("")));
	tq_articles_put(a);
}

static void
paths_of_the_program_are_reserved(void **state)
{
	static const char *const taken[] = {
		"api", "API", "assets", "comments", "embed.js",
		"favicon.ico", "feed.atom", "healthz", "media", "metrics",
		"moderate", "openapi.json", "privacy", "readyz", "robots.txt",
		"threads", "1.1", ".well-known", ".x",
	};
	static const char *const free_[] = {
		"apis", "comment", "a", "private", "11", "خبز",
	};
	struct tq_articles *a;

	(void)state;
	for (size_t i = 0; i < TQ_N(taken); i++)
		if (!tq_slug_reserved(tq_str_c(taken[i])))
			fail_msg("%s is not reserved", taken[i]);
	for (size_t i = 0; i < TQ_N(free_); i++)
		if (tq_slug_reserved(tq_str_c(free_[i])))
			fail_msg("%s is reserved", free_[i]);
	put("privacy.md", HEAD("P", "2026-01-01") "---\n");
	put("x.md", HEAD("P", "2026-01-01") "slug: Comments\n---\n");
	a = load();
	assert_int_equal(a->refused, 2);
	assert_int_equal(a->n, 0);
	tq_articles_put(a);
}

static void
the_namesake_keeps_a_slug_or_the_first(void **state)
{
	struct tq_articles *a;

	(void)state;
	put("a.md", HEAD("A", "2026-01-01") "slug: bread\n---\n");
	put("b.md", HEAD("B", "2026-01-09") "slug: bread\n---\n");
	put("bread.md", HEAD("C", "2026-01-05") "---\n");
	put("milk.md", HEAD("Milk", "2026-01-03") "---\n");
	put("d.md", HEAD("D", "2026-01-02") "slug: salt\n---\n");
	put("e.md", HEAD("E", "2026-01-02") "slug: salt\n---\n");
	put("en/bread.md", HEAD("Another site's", "2026-01-03") "---\n");
	a = load();
	assert_int_equal(a->refused, 3);
	assert_order(a, 1, "bread milk salt");
	assert_str(tq_articles_find(a, 1, TQ_S("bread"))->title, "C");
	assert_str(tq_articles_find(a, 1, TQ_S("salt"))->title, "D");
	assert_str(tq_articles_find(a, 2, TQ_S("bread"))->title,
	    "Another site's");
	tq_articles_put(a);
}

static void
newest_first(void **state)
{
	struct tq_articles *a;

	(void)state;
	put("z.md", HEAD("Z", "2026-01-02 09:00") "---\n");
	put("y.md", HEAD("Y", "2026-01-02 10:00") "---\n");
	put("b.md", HEAD("B", "2026-01-01") "---\n");
	put("a.md", HEAD("A", "2026-01-01") "---\n");
	put("future.md", HEAD("F", "2030-01-01") "---\n");
	a = load();
	assert_order(a, 1, "future y z a b");
	tq_articles_put(a);
}

static void
many_files(void **state)
{
	struct tq_articles *a;
	char name[32], slug[32];
	size_t n;

	(void)state;
	for (int i = 0; i < 300; i++) {
		(void)snprintf(name, sizeof(name), "n%03d.md", i);
		put(name, HEAD("T", "2026-01-01") "---\n");
	}
	a = load();
	(void)tq_articles_of(a, 1, &n);
	assert_int_equal(n, 300);
	for (int i = 0; i < 300; i++) {
		(void)snprintf(slug, sizeof(slug), "n%03d", i);
		assert_non_null(tq_articles_find(a, 1, tq_str_c(slug)));
	}
	tq_articles_put(a);
}

static void
a_text_is_read_when_it_is_wanted(void **state)
{
	const struct tq_article *art;
	struct tq_articles *a;
	struct tq_arena arena;
	struct tq_err e;
	tq_html html;

	(void)state;
	tq_arena_init(&arena, (size_t)16 << 20);
	put("bread.md", HEAD("Bread", "2026-01-01") "---\nOne *two*.\n");
	a = load();
	art = tq_articles_find(a, 1, TQ_S("bread"));
	assert_int_equal(tq_article_body(art, &views[0], &arena, &html, &e),
	    TQ_OK);
	assert_true(tq_str_find(html.s, TQ_S("<em>two</em>")) < html.s.n);
	put("bread.md", "broken");
	assert_int_equal(tq_article_body(art, &views[0], &arena, &html, &e),
	    TQ_EINVALID);
	assert_int_equal(unlink(at("bread.md")), 0);
	assert_int_equal(tq_article_body(art, &views[0], &arena, &html, &e),
	    TQ_ENOTFOUND);
	tq_articles_put(a);
	tq_arena_free(&arena);
}

static void
comments_close(void **state)
{
	static const struct {
		int64_t at, until, days, closes;
	} rows[] = {
		{ 5, INT64_MAX, 0, INT64_MAX },
		{ 5, 0, 0, 0 },
		{ 5, 777, 0, 777 },
		{ 5, INT64_MAX, 2, 5 + 2 * DAY_US },
		{ 5, 777, 2, 777 },
		{ 5, 9 * DAY_US, 2, 5 + 2 * DAY_US },
		{ 5, 0, 2, 0 },
		{ 5, INT64_MAX, 36500, 5 + 36500 * DAY_US },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		struct tq_article art = { .at_us = rows[i].at,
			.comments_until_us = rows[i].until };
		struct tq_site_view v = { .set.comments = true,
			.set.close_after_days = rows[i].days };

		assert_true(tq_article_closes_us(&art, &v) == rows[i].closes);
		v.set.comments = false;
		assert_true(tq_article_closes_us(&art, &v) == 0);
	}
}

static void
ring(void *ctx)
{
	(void)!write(*(int *)ctx, "x", 1);
}

/* Waits for the watcher's word, and takes it. */
static bool
rang(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char c;

	return poll(&p, 1, 10000) == 1 && read(fd, &c, 1) == 1;
}

static void
a_change_is_noticed(void **state)
{
	struct tq_watch *w = NULL;
	struct tq_err e;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(tq_watch_start(dir, ring, &ends[1], &w, &e), TQ_OK);
	put("new.md", HEAD("N", "2026-01-01") "---\n");
	assert_true(rang(ends[0]));
	put("en/new.md", HEAD("N", "2026-01-01") "---\n");
	assert_true(rang(ends[0]));
	assert_int_equal(unlink(at("new.md")), 0);
	assert_true(rang(ends[0]));
	/* A folder that comes later, and a file in it. */
	assert_int_equal(mkdir(at("fr"), 0700), 0);
	assert_true(rang(ends[0]));
	put("fr/new.md", HEAD("N", "2026-01-01") "---\n");
	assert_true(rang(ends[0]));
	tq_watch_stop(w);
	tq_watch_stop(NULL);
	(void)unlink(at("fr/new.md"));
	(void)rmdir(at("fr"));
	(void)close(ends[0]);
	(void)close(ends[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_folder_no_articles),
		cmocka_unit_test_teardown(
		    good_files_count_and_bad_ones_do_not_hurt, wipe),
		cmocka_unit_test_teardown(paths_of_the_program_are_reserved,
		    wipe),
		cmocka_unit_test_teardown(the_namesake_keeps_a_slug_or_the_first, wipe),
		cmocka_unit_test_teardown(newest_first, wipe),
		cmocka_unit_test_teardown(many_files, wipe),
		cmocka_unit_test_teardown(a_text_is_read_when_it_is_wanted,
		    wipe),
		cmocka_unit_test(comments_close),
		cmocka_unit_test_teardown(a_change_is_noticed, wipe),
	};

	return cmocka_run_group_tests_name("app/articles", tests, open_dir,
	    close_dir);
}
