/* Compiled templates with hostile values: the tags that come out must be the
 * same, name by name and attribute by attribute, as with harmless values. */
#include "unit.h"

#include "base/arena.h"
#include "base/buf.h"
#include "text/lang.h"
#include "web/tpl.h"
#include "web/tpl_gen.h"
#include "web/view_thread.h"

#define MINUTE_US (INT64_C(60) * 1000000)
#define NOW_US (INT64_C(1795451645) * 1000000)

/* Everything that the templates can show, filled with one text. */
struct world {
	struct tq_locale locale;
	struct tq_view_env env;
	struct tq_view_comment comments[7], own[1];
	struct tq_view_thread thread;
	struct tq_view_form form;
	struct tq_view_article article;
	struct tq_view_item items[2];
	struct tq_view_list list;
	struct tq_view_thread_page thread_page;
	struct tq_view_edit edit;
	struct tq_view_remove remove;
	struct tq_view_error error;
	struct tq_view_field field;
	struct tq_view_section section;
	struct tq_view_privacy privacy;
	tq_str lines[2];
	size_t hole_at;
};

static void
fill_comments(struct world *w, tq_str t)
{
	static const int64_t depths[7] = { 0, 1, 2, 3, 4, 5, 0 };

	for (size_t i = 0; i < 7; i++)
		w->comments[i] = (struct tq_view_comment){
			.id = (int64_t)i + 1, .depth = depths[i],
			.parent_id = depths[i] == 0 ? 0 : (int64_t)i,
			.at_us = NOW_US - MINUTE_US * 90, .edited_us = NOW_US,
			.state = (enum tq_view_state)(i % 4),
			.name = t, .website = { t }, .parent_name = t,
			.lang = t, .dir = t,
			.body = { TQ_S("<p>said</p>") }, .seed = 12345,
			.edit_minutes = 3,
			.can_reply = true,
		};
	w->own[0] = w->comments[1];
	w->thread = (struct tq_view_thread){
		.count = 7, .order = TQ_VIEW_BEST, .news = TQ_VIEW_WAITING,
		.open = true, .mine = tq_view_nest(w->own, 1),
		.comments = tq_view_nest(w->comments, 7),
		.start = { t }, .more = { t }, .feed = { t },
	};
}

static void
fill(struct world *w, const char *text)
{
	tq_str t = tq_str_c(text);

	memset(w, 0, sizeof(*w));
	w->hole_at = SIZE_MAX;
	w->locale.lang = tq_lang_find(TQ_S("en"));
	w->env = (struct tq_view_env){
		.locale = &w->locale, .lang = t, .dir = t, .digits = t,
		.now_us = NOW_US, .site = t, .site_title = t, .site_about = t,
		.home = { t }, .feed = { t }, .privacy = { t }, .css = { t },
		.js = { t }, .icon = { t }, .base = { t }, .token = t, .hole_at = &w->hole_at,
	};
	fill_comments(w, t);
	w->form = (struct tq_view_form){
		.open = true, .closes_us = NOW_US, .page = t, .parent = 5,
		.parent_name = t, .trap = t, .name_required = true,
		.name_max = 1, .text_max = 1, .name = t, .email = t, .url = t,
		.text = t, .name_error = t, .email_error = t, .url_error = t,
		.text_error = t, .error = t, .errors = 5,
	};
	w->article = (struct tq_view_article){ t, t, t, t, t, t, NOW_US,
	    { TQ_S("<p>text</p>") }, &w->thread, &w->form };
	for (size_t i = 0; i < 2; i++)
		w->items[i] = (struct tq_view_item){ { t }, t, t, t, t, t,
		    NOW_US, 3, true };
	w->list = (struct tq_view_list){ w->items, 2, true, { t }, { t } };
	w->thread_page = (struct tq_view_thread_page){ t, { t }, &w->thread,
	    &w->form };
	w->edit = (struct tq_view_edit){ 1, 2, 3, t, t, { t } };
	w->remove = (struct tq_view_remove){ 1, t, t, t,
	    { TQ_S("<p>said</p>") }, { t } };
	w->error = (struct tq_view_error){ 404, t, t, { t } };
	w->field = (struct tq_view_field){ t, t, t, t, t, t };
	w->lines[0] = w->lines[1] = t;
	w->section = (struct tq_view_section){ t, w->lines, 2, w->lines, 2,
	    &w->field, 1 };
	w->privacy = (struct tq_view_privacy){ t, &w->section, 1, { t } };
}

#define PAGES 7

static struct tq_view_layout
page_of(const struct world *w, const char *text, size_t which)
{
	tq_str t = tq_str_c(text);
	struct tq_view_layout p = { .title = t, .description = t,
	    .canonical = { t }, .comments_feed = { t }, .noindex = true };

	p.list = which == 0 ? &w->list : NULL;
	p.article = which == 1 ? &w->article : NULL;
	p.thread_page = which == 2 ? &w->thread_page : NULL;
	p.edit = which == 3 ? &w->edit : NULL;
	p.remove = which == 4 ? &w->remove : NULL;
	p.error = which == 5 ? &w->error : NULL;
	p.privacy = which == 6 ? &w->privacy : NULL;
	return p;
}

static tq_str
render(struct tq_arena *a, struct world *w, const char *text, size_t which)
{
	struct tq_view_layout page;
	struct tq_buf b;

	fill(w, text);
	page = page_of(w, text, which);
	tq_buf_init(&b, a, 0);
	tq_tpl_layout(&b, &w->env, &page);
	return tq_buf_str(&b);
}

/* Only the tags of html, attribute values left out, as a browser would see
 * them; fails when a value holds what ends it or a text holds a stray '<'. */
static tq_str
skeleton(struct tq_arena *a, tq_str html)
{
	struct tq_buf b;
	bool tag = false, value = false;

	tq_buf_init(&b, a, html.n);
	for (size_t i = 0; i < html.n; i++) {
		char c = html.p[i];

		if (value) {
			value = c != '"';
			assert_int_not_equal(c, '<');
			assert_int_not_equal(c, '>');
			continue;
		}
		if (!tag && c != '<')
			continue;
		tag = c != '>';
		value = c == '"';
		tq_buf_byte(&b, c);
	}
	assert_false(tag || value);
	return tq_buf_str(&b);
}

static const char *const hostile[] = {
	"\"><script>alert(1)</script>",
	"'><img src=x onerror=alert(1)>",
	"</title></textarea><svg onload=alert(1)>",
	"--><b>", "]]>", "<", ">", "\"", "'", "&", "&lt;", "&#x3c;b&#x3e;",
	"{{title}} %s %n \\",
	"javascript:alert(1)",
	"\xE2\x80\xAE\xD8\xA3\xD8\xA8 <b onclick=x>",
	"a\nb\r\nc\td",
};

static void
hostile_values_add_no_tag(void **state)
{
	struct tq_arena a;
	struct world *w = calloc(1, sizeof(*w));

	(void)state;
	assert_non_null(w);
	tq_arena_init(&a, (size_t)64 << 20);
	for (size_t which = 0; which < PAGES; which++) {
		tq_str want = skeleton(&a, render(&a, w, "x", which));

		assert_true(want.n > 0);
		for (size_t i = 0; i < TQ_N(hostile); i++) {
			tq_str got = skeleton(&a, render(&a, w, hostile[i],
			    which));

			if (!tq_str_eq(got, want))
				fail_msg("page %zu, %s:\n%.*s\n%.*s", which,
				    hostile[i], TQ_FMT(got), TQ_FMT(want));
		}
	}
	tq_arena_free(&a);
	free(w);
}

/* Every value must come back as it went in. */
static void
values_are_shown(void **state)
{
	static const char *const escaped =
	    "&lt;b&gt; &amp;amp; &quot;q&quot; &#39;";
	struct tq_arena a;
	struct world *w = calloc(1, sizeof(*w));

	(void)state;
	assert_non_null(w);
	tq_arena_init(&a, (size_t)8 << 20);
	for (size_t which = 0; which < PAGES; which++) {
		tq_str got = render(&a, w, "<b> &amp; \"q\" '", which);

		assert_true(tq_str_find(got, tq_str_c(escaped)) < got.n);
		assert_true(tq_str_find(got, TQ_S("<b>")) == got.n);
	}
	tq_arena_free(&a);
	free(w);
}

static void
text_keeps_its_first_line_break(void **state)
{
	struct tq_arena a;
	struct world *w = calloc(1, sizeof(*w));
	tq_str got;

	(void)state;
	assert_non_null(w);
	tq_arena_init(&a, (size_t)8 << 20);
	got = render(&a, w, "\nsecond", 3);
	assert_true(tq_str_find(got, TQ_S(">\n\nsecond</textarea>")) < got.n);
	tq_arena_free(&a);
	free(w);
}

static void
hole_is_where_it_says(void **state)
{
	struct tq_view_layout page;
	struct tq_arena a;
	struct tq_buf b;
	struct world *w = calloc(1, sizeof(*w));

	(void)state;
	assert_non_null(w);
	tq_arena_init(&a, (size_t)8 << 20);
	/* A reader may write the hole's own text. */
	fill(w, TQ_TPL_HOLE);
	w->env.token = TQ_S("");
	page = page_of(w, TQ_TPL_HOLE, 1);
	tq_buf_init(&b, &a, 0);
	tq_tpl_layout(&b, &w->env, &page);
	assert_true(w->hole_at < b.n);
	assert_str(tq_str_sub(tq_buf_str(&b), w->hole_at, w->hole_at + 64),
	    TQ_TPL_HOLE);
	assert_str(tq_str_sub(tq_buf_str(&b), w->hole_at - 14, w->hole_at),
	    "token\" value=\"");
	/* A page without a form has none, nor one with its own token. */
	(void)render(&a, w, TQ_TPL_HOLE, 0);
	assert_true(w->hole_at == SIZE_MAX);
	(void)render(&a, w, "token", 1);
	assert_true(w->hole_at == SIZE_MAX);
	tq_arena_free(&a);
	free(w);
}

static void
numbers_follow_the_place(void **state)
{
	struct tq_arena a;
	struct tq_buf b;
	struct world *w = calloc(1, sizeof(*w));
	tq_str got;

	(void)state;
	assert_non_null(w);
	tq_arena_init(&a, (size_t)8 << 20);
	fill(w, "x");
	w->locale.lang = tq_lang_find(TQ_S("ar"));
	w->locale.digits = TQ_DIGITS_ARABIC;
	w->comments[0].id = 12;
	tq_buf_init(&b, &a, 0);
	tq_tpl_thread(&b, &w->env, &w->thread);
	got = tq_buf_str(&b);
	assert_true(tq_str_find(got, TQ_S("id=\"comment-12\"")) < got.n);
	assert_true(tq_str_find(got, TQ_S("x" "comment=12#comment-12")) < got.n);
	assert_true(tq_str_find(got,
	    TQ_S(">\xD9\xA7 \xD8\xAA\xD8\xB9\xD9\x84\xD9\x8A\xD9\x82")) < got.n);
	tq_arena_free(&a);
	free(w);
}

static void
times_are_dates_in_a_cached_page(void **state)
{
	struct tq_arena a;
	struct tq_buf b;
	struct world *w = calloc(1, sizeof(*w));
	tq_str got;

	(void)state;
	assert_non_null(w);
	tq_arena_init(&a, (size_t)8 << 20);
	fill(w, "x");
	tq_buf_init(&b, &a, 0);
	tq_tpl_thread(&b, &w->env, &w->thread);
	got = tq_buf_str(&b);
	assert_true(tq_str_find(got, TQ_S(">1 hour ago</time>")) < got.n);
	w->env.now_us = 0;
	tq_buf_init(&b, &a, 0);
	tq_tpl_thread(&b, &w->env, &w->thread);
	got = tq_buf_str(&b);
	assert_true(tq_str_find(got, TQ_S(" ago</time>")) == got.n);
	assert_true(tq_str_find(got, TQ_S("<time datetime=\"2026-")) < got.n);
	tq_arena_free(&a);
	free(w);
}

static void
allocation_failures_are_sticky(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	long n;

	(void)state;
	assert_non_null(w);
	for (n = 0; n < 200; n++) {
		struct tq_arena a;
		tq_str got;

		tq_arena_init(&a, (size_t)8 << 20);
		a.fail_after = n;
		got = render(&a, w, "<&\"'>", 1);
		tq_arena_free(&a);
		if (got.n > 0)
			break;
	}
	assert_in_range(n, 1, 100);
	free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_values_add_no_tag),
		cmocka_unit_test(values_are_shown),
		cmocka_unit_test(text_keeps_its_first_line_break),
		cmocka_unit_test(hole_is_where_it_says),
		cmocka_unit_test(numbers_follow_the_place),
		cmocka_unit_test(times_are_dates_in_a_cached_page),
		cmocka_unit_test(allocation_failures_are_sticky),
	};

	return cmocka_run_group_tests_name("web_tpl", tests, NULL, NULL);
}
