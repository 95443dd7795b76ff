/* articles.h - the articles that the sites' owners drop into a folder: what
 * stands in their front matter, as an immutable snapshot.  The text itself is
 * read and rendered when a page is made (tq_article_body), so memory does not
 * grow with it. */
#ifndef TQ_APP_ARTICLES_H
#define TQ_APP_ARTICLES_H

#include <stddef.h>
#include <stdint.h>

#include "app/sites.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/ref.h"
#include "base/str.h"
#include "text/escape.h"

struct tq_article {
	int64_t site_id;
	tq_str slug, title, summary, author, section;
	tq_str language;		/* BCP 47; the site's when not given */
	int64_t at_us;
	int64_t comments_until_us;	/* INT64_MAX open, 0 closed */
	tq_str file;			/* path of the source... */
	size_t dir_n;			/* ...whose first bytes are DIR */
};

struct tq_articles {
	struct tq_ref ref;
	struct tq_arena arena;
	struct tq_article *all;		/* by site, newest first */
	size_t n;
	struct tq_article **by_slug;	/* sorted by site and slug */
	int64_t files, refused;		/* seen, and not taken */
	size_t dir_n;			/* bytes of DIR's path */
};

/* Reads DIR/SITE/NAME.md for every site, and DIR/NAME.md for the default site.
 * A file that cannot be taken is logged with its name, line and reason and left
 * out.  A missing DIR gives no articles.  *out has one reference. */
enum tq_code tq_articles_load(const char *dir, const struct tq_sites *sites,
    struct tq_articles **out, struct tq_err *e);
void tq_articles_put(struct tq_articles *a);	/* NULL is fine */

/* The article of that slug, or NULL. */
const struct tq_article *tq_articles_find(const struct tq_articles *a,
    int64_t site_id, tq_str slug);
/* The site's articles, newest first. */
const struct tq_article *tq_articles_of(const struct tq_articles *a,
    int64_t site_id, size_t *n);
/* Reads and renders the article's text.  TQ_ENOTFOUND when the file has gone,
 * TQ_EINVALID when it no longer reads as an article. */
enum tq_code tq_article_body(const struct tq_article *art,
    const struct tq_site_view *site, struct tq_arena *a, tq_html *out,
    struct tq_err *e);
/* When commenting ends: the front matter's word and the site's
 * close_after_days; INT64_MAX never, 0 closed. */
int64_t tq_article_closes_us(const struct tq_article *art,
    const struct tq_site_view *site);
/* First parts of a path that no article may take ("api", "comments"...). */
bool tq_slug_reserved(tq_str slug);

/* Watches DIR (inotify) and calls changed, at most every 200 ms, on a thread of
 * its own, until stopped.  When DIR's path leads to another directory than
 * before, it is called within some three seconds. */
struct tq_watch;
enum tq_code tq_watch_start(const char *dir, void (*changed)(void *ctx),
    void *ctx, struct tq_watch **out, struct tq_err *e);
void tq_watch_stop(struct tq_watch *w);		/* NULL is fine */

#endif
