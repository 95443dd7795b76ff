/* Articles: a scan of folders into a sorted snapshot.  What a file holds is
 * text/article.c's business; here is which files count, in which order, and
 * what happens to the ones that do not read. */
#include "app/articles.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "text/article.h"
#include "text/markup.h"
#include "text/utf8.h"

#define ARENA_CAP ((size_t)512 * 1024 * 1024)
/* What a page's arena surely renders; a chapter of a book is 100 KiB. */
#define FILE_MAX ((size_t)256 * 1024)
#define PATH_ROOM 4200

static void
free_articles(struct tq_ref *r)
{
	struct tq_articles *a = (struct tq_articles *)r;

	free(a->all);
	free(a->by_slug);
	tq_arena_free(&a->arena);
	free(a);
}

void
tq_articles_put(struct tq_articles *a)
{
	if (a != NULL)
		tq_ref_put(&a->ref);
}

bool
tq_slug_reserved(tq_str slug)
{
	static const char *const taken[] = {
		"api", "assets", "comments", "embed.js", "favicon.ico",
		"feed.atom", "healthz", "media", "metrics", "moderate",
		"openapi.json", "privacy", "readyz", "robots.txt", "threads",
		"1.1", "1.2",
	};

	if (tq_str_starts(slug, TQ_S(".")))
		return true;
	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		if (tq_str_eq_nocase(slug, tq_str_c(taken[i])))
			return true;
	return false;
}

static enum tq_code
grow(struct tq_articles *a, struct tq_err *e)
{
	size_t cap = a->n == 0 ? 64 : a->n * 2;
	struct tq_article *p;

	if (a->n != 0 && (a->n < 64 || (a->n & (a->n - 1)) != 0))
		return TQ_OK;	/* there is room up to the next power of two */
	p = reallocarray(a->all, cap, sizeof(*p));
	if (p == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for articles");
	a->all = p;
	return TQ_OK;
}

/* Copies what stays out of the file's own arena. */
static void
keep(struct tq_articles *a, const struct tq_site_view *site,
    const struct tq_article_source *src, const char *path)
{
	struct tq_arena *to = &a->arena;

	a->all[a->n++] = (struct tq_article){
		.site_id = site->id,
		.slug = tq_arena_str(to, src->slug),
		.title = tq_arena_str(to, src->title),
		.summary = tq_arena_str(to, src->summary),
		.author = tq_arena_str(to, src->author),
		.section = tq_arena_str(to, src->section),
		.language = tq_arena_str(to, src->language.n > 0 ?
		    src->language : site->set.language),
		.at_us = src->at_us,
		.comments_until_us = src->comments_until_us,
		.file = tq_arena_str(to, tq_str_c(path)),
		.dir_n = a->dir_n,
	};
}

/* path: DIR and, after dir_n bytes and a slash, the file below it. */
static enum tq_code
read_source(const char *path, size_t dir_n, tq_str name,
    const struct tq_site_view *site, struct tq_arena *a,
    struct tq_article_source *out, struct tq_err *e)
{
	char *dir = tq_arena_cstr(a, (tq_str){ path, dir_n });
	tq_str text;
	enum tq_code code = dir == NULL ?
	    tq_fail(e, TQ_ELIMIT, "no memory for an article") :
	    tq_file_read_below(dir, path + dir_n + 1, FILE_MAX, a, &text, e);

	if (code == TQ_OK)
		code = tq_article_parse(a, tq_utf8_repair(a, text), name,
		    (int)site->set.zone_min, out, e);
	return code;
}

static enum tq_code
take_file(struct tq_articles *a, const struct tq_site_view *site,
    const char *path, tq_str name, struct tq_err *e)
{
	struct tq_article_source src;
	struct tq_arena scratch;
	struct tq_err why;
	enum tq_code code;

	a->files++;
	tq_arena_init(&scratch, FILE_MAX * 4);
	code = read_source(path, a->dir_n, name, site, &scratch, &src, &why);
	if (code == TQ_OK && tq_slug_reserved(src.slug))
		code = tq_fail(&why, TQ_EINVALID, "slug \"%.*s\" is a path of "
		    "the program's own", TQ_FMT(src.slug));
	if (code != TQ_OK) {
		a->refused++;
		tq_log(TQ_LOG_WARN, "article_refused",
		    TQ_LOG_OPERATOR("file", TQ_OPERATOR(tq_str_c(path))),
		    TQ_LOG_OPERATOR("problem",
		    TQ_OPERATOR(tq_str_c(why.text))));
		tq_arena_free(&scratch);
		return TQ_OK;
	}
	code = grow(a, e);
	if (code == TQ_OK)
		keep(a, site, &src, path);
	tq_arena_free(&scratch);
	return code;
}

static enum tq_code
scan(struct tq_articles *a, const struct tq_site_view *site, const char *dir,
    struct tq_err *e)
{
	enum tq_code code = TQ_OK;
	struct dirent **names = NULL;
	char path[PATH_ROOM];
	int n = scandir(dir, &names, NULL, alphasort);

	if (n < 0)
		return errno == ENOENT || errno == ENOTDIR ? TQ_OK :
		    tq_fail(e, TQ_EIO, "cannot read %s: %s", dir,
		    strerror(errno));
	for (int i = 0; i < n; i++) {
		tq_str name = tq_str_c(names[i]->d_name);
		int len = snprintf(path, sizeof(path), "%s/%s", dir,
		    names[i]->d_name);

		if (code == TQ_OK && len > 0 && (size_t)len < sizeof(path) &&
		    tq_str_ends(name, TQ_S(".md")) && name.p[0] != '.' &&
		    !tq_str_eq(name, TQ_S("README.md")))
			code = take_file(a, site, path, name, e);
		free(names[i]);
	}
	free(names);
	return code;
}

/* 1 when the file is called as its slug. */
static int
named_so(const struct tq_article *a)
{
	tq_str f = a->file;

	return f.n > a->slug.n + 4 && tq_str_ends(f, TQ_S(".md")) &&
	    tq_str_ends(tq_str_sub(f, 0, f.n - 3), a->slug) &&
	    f.p[f.n - 4 - a->slug.n] == '/';
}

static int
by_slug(const void *x, const void *y)
{
	const struct tq_article *a = *(struct tq_article *const *)x;
	const struct tq_article *b = *(struct tq_article *const *)y;
	int c;

	if (a->site_id != b->site_id)
		return a->site_id < b->site_id ? -1 : 1;
	c = tq_str_cmp(a->slug, b->slug);
	if (c == 0)	/* the file that bears the slug's name comes first */
		c = named_so(b) - named_so(a);
	return c != 0 ? c : tq_str_cmp(a->file, b->file);
}

static int
by_time(const void *x, const void *y)
{
	const struct tq_article *a = x, *b = y;

	if (a->site_id != b->site_id)
		return a->site_id < b->site_id ? -1 : 1;
	if (a->at_us != b->at_us)
		return a->at_us > b->at_us ? -1 : 1;
	return tq_str_cmp(a->slug, b->slug);
}

static bool
same_slug(const struct tq_article *a, const struct tq_article *b)
{
	return a->site_id == b->site_id && tq_str_eq(a->slug, b->slug);
}

/* The first of a slug keeps it. */
static void
drop_repeated(struct tq_articles *a)
{
	size_t kept = 0;

	for (size_t i = 0; i < a->n; i++)
		a->by_slug[i] = &a->all[i];
	qsort(a->by_slug, a->n, sizeof(*a->by_slug), by_slug);
	for (size_t i = 1; i < a->n; i++) {
		if (!same_slug(a->by_slug[i], a->by_slug[i - 1]))
			continue;
		a->refused++;
		tq_log(TQ_LOG_WARN, "article_slug_taken",
		    TQ_LOG_OPERATOR("file",
		    TQ_OPERATOR(a->by_slug[i]->file)),
		    TQ_LOG_OPERATOR("holder",
		    TQ_OPERATOR(a->by_slug[i - 1]->file)));
		a->by_slug[i]->file = (tq_str){ NULL, 0 };
	}
	for (size_t i = 0; i < a->n; i++)
		if (a->all[i].file.n > 0)
			a->all[kept++] = a->all[i];
	a->n = kept;
}

static enum tq_code
sort_all(struct tq_articles *a, struct tq_err *e)
{
	if (a->n == 0)
		return TQ_OK;
	a->by_slug = calloc(a->n, sizeof(*a->by_slug));
	if (a->by_slug == NULL || a->arena.failed)
		return tq_fail(e, TQ_ELIMIT, "no memory for articles");
	drop_repeated(a);
	qsort(a->all, a->n, sizeof(*a->all), by_time);
	for (size_t i = 0; i < a->n; i++)
		a->by_slug[i] = &a->all[i];
	qsort(a->by_slug, a->n, sizeof(*a->by_slug), by_slug);
	return TQ_OK;
}

enum tq_code
tq_articles_load(const char *dir, const struct tq_sites *sites,
    struct tq_articles **out, struct tq_err *e)
{
	struct tq_articles *a = calloc(1, sizeof(*a));
	enum tq_code code = TQ_OK;
	char path[PATH_ROOM];

	if (a == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for articles");
	tq_ref_init(&a->ref, free_articles);
	a->dir_n = strlen(dir);
	tq_arena_init(&a->arena, ARENA_CAP);
	for (size_t i = 0; code == TQ_OK && i < sites->n; i++) {
		int n = snprintf(path, sizeof(path), "%s/%.*s", dir,
		    TQ_FMT(sites->sites[i].name));

		if (i == 0)
			code = scan(a, &sites->sites[i], dir, e);
		if (code == TQ_OK && n > 0 && (size_t)n < sizeof(path))
			code = scan(a, &sites->sites[i], path, e);
	}
	if (code == TQ_OK)
		code = sort_all(a, e);
	if (code == TQ_OK)
		*out = a;
	else
		tq_articles_put(a);
	return code;
}

const struct tq_article *
tq_articles_find(const struct tq_articles *a, int64_t site_id, tq_str slug)
{
	struct tq_article key = { .site_id = site_id, .slug = slug };
	size_t low = 0, high = a->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct tq_article *at = a->by_slug[mid];
		int c = at->site_id != key.site_id ?
		    (at->site_id < key.site_id ? -1 : 1) :
		    tq_str_cmp(at->slug, key.slug);

		if (c == 0)
			return at;
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const struct tq_article *
tq_articles_of(const struct tq_articles *a, int64_t site_id, size_t *n)
{
	size_t from = 0, to;

	while (from < a->n && a->all[from].site_id != site_id)
		from++;
	for (to = from; to < a->n && a->all[to].site_id == site_id; to++)
		continue;
	*n = to - from;
	return a->n > 0 ? a->all + from : NULL;
}

enum tq_code
tq_article_body(const struct tq_article *art, const struct tq_site_view *site,
    struct tq_arena *a, tq_html *out, struct tq_err *e)
{
	struct tq_article_source src;
	char *path = tq_arena_cstr(a, art->file);
	enum tq_code code;

	if (path == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for an article");
	code = read_source(path, art->dir_n, art->slug, site, a, &src, e);
	if (code != TQ_OK)
		return code;
	return tq_markup_article(a, src.body,
	    tq_lang_tag_dir(art->language), out, e);
}

int64_t
tq_article_closes_us(const struct tq_article *art,
    const struct tq_site_view *site)
{
	int64_t days = site->set.close_after_days, by_age;

	if (!site->set.comments)
		return 0;
	if (days == 0)
		return art->comments_until_us;
	by_age = art->at_us + days * 86400 * TQ_SECOND_US;
	return by_age < art->comments_until_us ? by_age :
	    art->comments_until_us;
}
