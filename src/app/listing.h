/* listing.h - a page's thread as readers see it, in stable slices. */
#ifndef TQ_APP_LISTING_H
#define TQ_APP_LISTING_H

#include <stdbool.h>
#include <stdint.h>

#include "app/reader.h"
#include "app/sites.h"
#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"

#define TQ_SLICE_MAX 50		/* comments in one slice */

struct tq_app;

struct tq_listing_ask {
	const struct tq_site_view *site;
	tq_str path;
	enum tq_sort sort;
	struct tq_cursor from;		/* zero: the start */
	int64_t comment_id;		/* 0, or: the slice that holds this */
};

struct tq_listing {
	struct tq_page page;		/* id 0: nobody has commented yet */
	struct tq_thread_slice slice;
	struct tq_cursor from;		/* where the slice begins */
};

/* TQ_ENOTFOUND when comment_id is not a shown comment of this page. */
enum tq_code tq_listing_read(struct tq_app *app,
    const struct tq_listing_ask *ask, struct tq_arena *a,
    struct tq_listing *out, struct tq_err *e);

/* The page's published comments, whatever they answer, newest first, at most
 * TQ_SLICE_MAX.  A page that nobody commented on has none. */
enum tq_code tq_listing_recent(struct tq_app *app,
    const struct tq_site_view *site, tq_str path, struct tq_arena *a,
    struct tq_comment **out, size_t *n, struct tq_err *e);

/* "newest", "oldest", "best"; false on anything else. */
bool tq_sort_parse(tq_str s, enum tq_sort *out);
const char *tq_sort_name(enum tq_sort s);
/* A cursor as an opaque word for links and the API: "12.57.3". */
tq_str tq_cursor_print(struct tq_arena *a, const struct tq_cursor *c);
bool tq_cursor_parse(tq_str s, struct tq_cursor *out);

/* Published comments under each of the paths; out[n]. */
enum tq_code tq_listing_counts(struct tq_app *app, int64_t site_id,
    const tq_str *paths, size_t n, int64_t *out, struct tq_err *e);
/* One comment, any state.  TQ_ENOTFOUND. */
enum tq_code tq_listing_comment(struct tq_app *app, int64_t id,
    struct tq_arena *a, struct tq_comment *out, struct tq_page *page,
    struct tq_err *e);

#endif
