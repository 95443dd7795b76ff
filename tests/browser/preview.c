/* Renders every template with sample values, in both directions, to files that
 * a browser can open: preview DIR CSS JS.  For looking at the design; nothing
 * here touches the store. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "preview_texts.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "text/direction.h"
#include "text/lang.h"
#include "web/tpl_gen.h"
#include "web/view_thread.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))
#define AT(d, h, m) (((((int64_t)(d) * 24 + (h)) * 60) + (m)) * 60 * TQ_SECOND_US)
#define DAY 20780	/* 2026-11-23 in days since 1970 */

static const char *dir;
static struct tq_arena arena;

static tq_url
url(const char *s)
{
	return (tq_url){ tq_str_c(s) };
}

static tq_html
html(const char *s)
{
	return (tq_html){ tq_str_c(s) };
}

static void
write_page(const char *name, const struct tq_view_env *env,
    const struct tq_view_layout *page)
{
	struct tq_buf b;
	char path[512];
	FILE *f;

	tq_buf_init(&b, &arena, 65536);
	tq_tpl_layout(&b, env, page);
	(void)snprintf(path, sizeof(path), "%s/%s-%.*s.html", dir, name,
	    TQ_FMT(env->lang));
	f = fopen(path, "w");
	if (!tq_buf_ok(&b) || f == NULL ||
	    fwrite(b.p, 1, b.n, f) != b.n || fclose(f) != 0) {
		(void)fprintf(stderr, "preview: cannot write %s\n", path);
		exit(1);
	}
}

static const struct tq_view_comment *
thread_of(const struct sample *s, size_t n, int64_t now)
{
	struct tq_view_comment *c = tq_new_n(&arena, struct tq_view_comment,
	    n);

	if (c == NULL)
		exit(1);
	for (size_t i = 0; i < n; i++) {
		bool gone = s[i].name == NULL;
		tq_str above = s[i].parent > 0 ?
		    tq_str_c(s[s[i].parent - 1].name) : TQ_S("");

		c[i] = (struct tq_view_comment){
			.id = (int64_t)i + 1, .parent_id = s[i].parent,
			.depth = s[i].depth,
			.at_us = now - AT(0, 0, s[i].minutes),
			.edited_us = i == 6 ? now - AT(0, 5, 0) : 0,
			.state = gone ? TQ_VIEW_WITHDRAWN : TQ_VIEW_PUBLISHED,
			.name = tq_str_c(s[i].name),
			.website = url(i == 6 ? "https://example.org/" : ""),
			.parent_name = above, .lang = tq_str_c(s[i].lang),
			.dir = strcmp(s[i].lang, "ar") == 0 ?
			    TQ_S("rtl") : TQ_S("ltr"),
			.body = html(s[i].body),
			.seed = (uint32_t)(s[i].name == NULL ? 0 :
			    strlen(s[i].name) * 7919 +
			    (unsigned char)s[i].name[0]),
			.can_reply = true,
		};
		if (i == n - 1)
			c[i].edit_minutes = 12;
	}
	return tq_view_nest(c, n);
}

#define LONG "WwwwwwwwwwWwwwwwwwwwWwwwwwwwwwWwwwwwwwwwWwwwwwwwwwWwwwwwwwww"

/* What breaks a layout: words without a place to break, four levels deep. */
static const struct tq_view_comment *
stress(int64_t now)
{
	static const struct sample s[] = {
		{ LONG LONG, "en", 0, 0, 9, "<p>" LONG LONG LONG "</p>" },
		{ LONG, "en", 1, 1, 8, "<pre dir=\"ltr\"><code>" LONG LONG
		    "</code></pre>" },
		{ LONG, "ar", 2, 2, 7, "<p><a href=\"https://example.org/\">"
		    "<bdi dir=\"ltr\">https://example.org/" LONG LONG
		    "</bdi></a></p><p>طوييييييييييييييييييييييييييييييييييييييي"
		    "يييييييييييييييييييييييييل</p>" },
		{ LONG, "en", 3, 3, 6, "<ul><li><ul><li><ul><li><code>" LONG
		    "</code></li></ul></li></ul></li></ul>" },
		{ "B", "en", 4, 4, 5, "<blockquote><blockquote><blockquote><p>"
		    LONG "</p></blockquote></blockquote></blockquote>" },
		{ LONG, "ar", 5, 5, 4, "<p>💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬"
		    "💬💬💬💬💬💬💬💬💬💬💬💬</p>" },
	};

	return thread_of(s, N(s), now);
}

/* A page and what it points to. */
struct stage {
	const struct tq_view_env *env;
	const struct words *words;
	const struct sample *said;
	size_t n_said;
	struct tq_view_comment own;
	struct tq_view_thread thread;
	struct tq_view_form form;
	struct tq_view_article article;
	struct tq_view_layout page;
};

static void
set_stage(struct stage *t, int64_t now)
{
	const struct words *w = t->words;
	const tq_str dir_ = t->env->dir, lang = t->env->lang;

	t->own = (struct tq_view_comment){
		.id = 50, .parent_id = 2, .at_us = now - AT(0, 0, 2),
		.state = TQ_VIEW_HELD, .name = tq_str_c(w->name), .lang = lang,
		.dir = dir_, .body = html(w->held), .seed = 77,
		.parent_name = tq_str_c(t->said[1].name), .edit_minutes = 13,
	};
	t->thread = (struct tq_view_thread){
		.count = (int64_t)t->n_said - 1, .order = TQ_VIEW_OLDEST,
		.open = true, .comments = thread_of(t->said, t->n_said, now),
		.more = url("?cursor=1"), .feed = url("comments.atom"),
	};
	t->form = (struct tq_view_form){
		.open = true, .page = TQ_S("/bakers"), .trap = TQ_S("x7"),
		.name_required = true, .name_max = 80, .email_max = 254,
		.url_max = 300, .text_max = 5000,
	};
	t->article = (struct tq_view_article){
		.headline = tq_str_c(w->headline),
		.section = tq_str_c(w->section),
		.summary = tq_str_c(w->summary), .author = tq_str_c(w->author),
		.lang = lang, .dir = dir_, .at_us = now - AT(2, 7, 10),
		.body = html(w->body), .thread = &t->thread, .form = &t->form,
	};
	t->page = (struct tq_view_layout){ .title = t->article.headline,
	    .description = t->article.summary, .article = &t->article };
}

static void
article_pages(struct stage *t, int64_t now)
{
	const struct words *w = t->words;
	const struct tq_view_comment *all = t->thread.comments;

	write_page("article", t->env, &t->page);
	write_page("embedded", t->env, &(struct tq_view_layout){
	    .noindex = true, .title = t->article.headline, .embedded = true,
	    .thread_page = &(struct tq_view_thread_page){ t->article.headline,
	    url("/bakers"), &t->thread, &t->form } });
	t->thread.comments = stress(now);
	write_page("stress", t->env, &t->page);
	t->thread.comments = all;
	t->thread.mine = tq_view_nest(&t->own, 1);
	t->thread.news = TQ_VIEW_WAITING;
	t->form.parent = 2;
	t->form.parent_name = tq_str_c(t->said[1].name);
	write_page("held", t->env, &t->page);
	t->form.errors = 3;
	t->form.email = TQ_S("nadir@@example");
	t->form.name_error = tq_str_c(w->mistake_name);
	t->form.email_error = tq_str_c(w->mistake_mail);
	t->form.text_error = tq_str_c(w->mistake_text);
	t->thread = (struct tq_view_thread){ .open = true };
	write_page("mistakes", t->env, &t->page);
	t->form.open = false;
	t->form.closes_us = now;
	write_page("closed", t->env, &t->page);
}

static void
list_page(const struct stage *t, int64_t now)
{
	struct tq_view_item items[5];
	const struct tq_view_list list = { items, N(items), true, url(""),
	    url("?before=5") };

	for (size_t i = 0; i < N(items); i++)
		items[i] = (struct tq_view_item){
			.url = url("/bakers"),
			.headline = t->article.headline,
			.section = t->article.section,
			.summary = t->article.summary,
			.lang = t->env->lang, .dir = t->env->dir,
			.at_us = now - AT((int64_t)i, 7, 10),
			.comments = (int64_t)(i * i), .comments_shown = i != 3,
		};
	items[2].headline = TQ_S("Why my grandmother’s letters mix two scripts");
	items[2].summary = TQ_S("She wrote أهلًا and then went on in French; "
	    "nobody at home found it odd.");
	items[2].lang = TQ_S("en");
	items[2].dir = TQ_S("ltr");
	write_page("list", t->env, &(struct tq_view_layout){ .list = &list });
}

static void
small_pages(const struct stage *t)
{
	const struct tq_view_error error = { 404, tq_str_c(t->words->lost),
	    tq_str_c(t->words->lost_why), url("/") };
	const struct tq_view_edit edit = { .id = 50, .minutes = 11,
	    .text_max = 5000, .text = t->article.summary, .back = url("/") };
	const struct tq_view_remove removal = { .id = 50, .lang = t->env->lang,
	    .dir = t->env->dir, .body = t->own.body, .back = url("/") };

	write_page("error", t->env, &(struct tq_view_layout){
	    .noindex = true, .title = error.title, .error = &error });
	write_page("edit", t->env, &(struct tq_view_layout){
	    .noindex = true, .edit = &edit });
	write_page("remove", t->env, &(struct tq_view_layout){
	    .noindex = true, .remove = &removal });
}

static void
pages(const struct tq_view_env *e, const struct words *w,
    const struct sample *s, size_t n)
{
	const int64_t now = e->now_us;
	struct stage t = { .env = e, .words = w, .said = s, .n_said = n };

	set_stage(&t, now);
	article_pages(&t, now);
	list_page(&t, now);
	small_pages(&t);
}

static void
privacy(const struct tq_view_env *e, const struct words *w)
{
	const tq_str lines[2] = { tq_str_c(w->notice[2]),
	    tq_str_c(w->notice[3]) };
	const struct tq_view_field f[2] = {
		{ tq_str_c(w->sealed[0]), tq_str_c(w->sealed[1]),
		    tq_str_c(w->sealed[2]), tq_str_c(w->sealed[3]),
		    tq_str_c(w->sealed[4]), tq_str_c(w->sealed[5]) },
		{ tq_str_c(w->name), tq_str_c(w->sealed[1]),
		    tq_str_c(w->sealed[2]), tq_str_c(w->sealed[3]),
		    tq_str_c(w->sealed[4]), tq_str_c(w->sealed[5]) },
	};
	const struct tq_view_section s[2] = {
		{ .heading = tq_str_c(w->notice[1]), .paragraphs = lines,
		    .n_paragraphs = 1, .fields = f, .n_fields = 2 },
		{ .heading = tq_str_c(w->notice[1]), .points = lines,
		    .n_points = 2 },
	};
	const struct tq_view_privacy p = { tq_str_c(w->notice[0]), s, 2,
	    url("/.well-known/taliq-privacy.json") };

	write_page("privacy", e, &(struct tq_view_layout){ .privacy = &p });
}

int
main(int argc, char **argv)
{
	struct tq_locale locale = { .zone_min = 120 };
	struct tq_view_env e = {
		.locale = &locale, .digits = TQ_S("latn"),
		.now_us = AT(DAY, 16, 34), .site = TQ_S("demo"),
		.home = url("/"), .feed = url("/feed.atom"),
		.privacy = url("/privacy"), .base = url("/bakers?"),
		.token = TQ_S("token"),
	};

	if (argc != 4) {
		(void)fprintf(stderr, "usage: preview DIR CSS JS\n");
		return 2;
	}
	dir = argv[1];
	e.css = url(argv[2]);
	e.js = url(argv[3]);
	tq_arena_init(&arena, (size_t)16 << 20);
	locale.lang = tq_lang_find(TQ_S("ar"));
	locale.months = TQ_MONTHS_DUAL;
	e.lang = TQ_S("ar");
	e.dir = TQ_S("rtl");
	e.site_title = TQ_S("الضفّة الأخرى");
	e.site_about = TQ_S("صحيفة مستقلة عن المدن وأهلها");
	pages(&e, &words_ar, arabic, N(arabic));
	privacy(&e, &words_ar);
	locale.lang = tq_lang_find(TQ_S("en"));
	e.lang = TQ_S("en");
	e.dir = TQ_S("ltr");
	e.site_title = TQ_S("The Other Bank");
	e.site_about = TQ_S("An independent paper on cities and their people");
	pages(&e, &words_en, english, N(english));
	privacy(&e, &words_en);
	tq_arena_free(&arena);
	return 0;
}
