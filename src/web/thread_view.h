/* thread_view.h - from a page's comments in the store to what the templates
 * show: one place for the article's page, the thread alone, the form with
 * errors and the reader's own comments. */
#ifndef TQ_WEB_THREAD_VIEW_H
#define TQ_WEB_THREAD_VIEW_H

#include "app/fields.h"
#include "app/listing.h"
#include "web/view_thread.h"
#include "web/web.h"

/* The honeypot: a field no person sees; a name that form-fillers like. */
#define TQ_TRAP_FIELD "homepage_title"

/* Where a thread hangs. */
struct tq_place {
	const struct tq_site_view *site;
	const struct tq_article *article;	/* NULL: a page elsewhere */
	tq_str path;		/* canonical, decoded, from "/" */
	tq_str title;
	tq_str page_url;	/* elsewhere: the page's whole URL */
	int64_t closes_us;	/* INT64_MAX never, 0 closed */
	tq_url base;		/* this view's own address, ends in ? or & */
};

/* From the form's or the API's words.  site_name may be empty: the visit's
 * site.  page: a path, or a URL of one of the site's origins.  TQ_EINVALID:
 * faults has TQ_FIELD_SITE or TQ_FIELD_PAGE. */
enum tq_code tq_place_find(struct tq_visit *v, tq_str site_name, tq_str page,
    struct tq_place *out, struct tq_faults *faults, struct tq_err *e);
/* The place of an article of the visit's site. */
void tq_place_article(struct tq_visit *v, const struct tq_article *art,
    struct tq_place *out);

/* The one address of an article: "/slug", escaped. */
tq_url tq_article_url(struct tq_arena *a, tq_str slug);
/* Canonical path of a page of this site; empty when page is neither a path nor
 * a URL of one of its origins. */
tq_str tq_place_path(struct tq_visit *v, const struct tq_site_view *site,
    tq_str page);
/* The thread without its article: for embedding. */
void tq_place_alone(struct tq_visit *v, struct tq_place *p);

/* What of the thread is asked for, from the query. */
struct tq_thread_ask {
	enum tq_sort sort;
	struct tq_cursor from;
	int64_t comment_id;	/* show the slice with this one */
	int64_t reply_to;	/* the form answers this one */
};
/* Unknown words fall back to the site's defaults; never fails. */
void tq_thread_ask_read(struct tq_visit *v, struct tq_thread_ask *out);

/* All that the templates want, in the exchange's arena. */
struct tq_thread_made {
	struct tq_listing listing;
	struct tq_view_thread thread;
	struct tq_view_form form;
	int64_t youngest_us;	/* newest time shown, 0 none */
};

/* own: the reader's comments (tq_own_list), or none.  A comment asked for that
 * is not shown gives the thread's start. */
enum tq_code tq_thread_make(struct tq_visit *v, const struct tq_place *place,
    const struct tq_thread_ask *ask, struct tq_comment *own, size_t n_own,
    struct tq_thread_made *out, struct tq_err *e);

/* Puts what was typed and what was wrong into the form. */
void tq_form_fill(struct tq_visit *v, struct tq_view_form *form,
    const struct tq_fields_raw *raw, const struct tq_faults *faults);
/* One fault as a sentence in the page's language. */
tq_str tq_fault_text(struct tq_visit *v, const struct tq_fault *f);
/* The path of a comment in its page: "/slug?comment=12#comment-12". */
tq_str tq_comment_href(struct tq_arena *a, const struct tq_place *place,
    int64_t comment_id, bool first_slice);
/* One comment's body as HTML and its language and direction. */
enum tq_code tq_comment_render(struct tq_visit *v, const struct tq_place *p,
    const struct tq_comment *c, struct tq_view_comment *out,
    struct tq_err *e);

#endif
