/* view.h - what a page shows, as plain values.  The pages (page_*.c) fill
 * these structs, the templates (web/templates/NAME.html) print them: NAME takes
 * a struct tq_view_NAME.  Every slice is well-formed UTF-8, borrowed for the
 * time of the rendering, and not escaped: the template compiler chooses the
 * escaping (tools/template.py).  A pointer without an n_ beside it may be NULL
 * and then its part is left out.
 *
 * A page is made by one call:
 *	tq_tpl_layout(&out, &env, &(struct tq_view_layout){ .list = &list }) */
#ifndef TQ_WEB_VIEW_H
#define TQ_WEB_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "text/escape.h"

struct tq_locale;		/* text/lang.h */
struct tq_view_form;		/* web/view_thread.h, as the next four */
struct tq_view_thread;
struct tq_view_thread_page;
struct tq_view_edit;
struct tq_view_remove;

/* What every template of one page may ask. */
struct tq_view_env {
	const struct tq_locale *locale;	/* of the interface: the site's */
	tq_str lang, dir;	/* the same for <html>: "ar", "rtl" */
	tq_str digits;		/* for Intl: "latn", "arab", "arabext" */
	tq_str calendar;	/* for Intl: a second calendar that the script
				 * adds to articles' dates; empty: none */
	int64_t now_us;		/* times within a month are printed as "3
				 * hours ago"; 0: always as dates, so that the
				 * page stays true in a cache */
	tq_str site;		/* short name: the form's hidden field */
	tq_str site_title;	/* as readers know it */
	tq_str site_about;	/* one line below it; may be empty */
	tq_url home, feed, privacy;
	tq_url css, js;		/* by content: /assets/taliq.HASH.css */
	tq_url icon;		/* may be empty */
	tq_url base;		/* this page's own address, ending in "?" or
				 * "&": "/slug?"; templates append
				 * reply=ID#reply, sort=..., comment=ID */
	/* The form's token.  Empty: TQ_TPL_HOLE is printed and *hole_at gets
	 * its offset in the buffer (SIZE_MAX when the page had no form; NULL:
	 * nobody asks). */
	tq_str token;
	size_t *hole_at;
};

/* The whole document.  Exactly one of the pointers is set. */
struct tq_view_layout {
	tq_str title;		/* empty: the site's alone (home page) */
	tq_str description;	/* may be empty */
	tq_url canonical;	/* may be empty */
	tq_url comments_feed;	/* Atom feed of this thread; may be empty */
	bool noindex;		/* errors, forms: not for search engines */
	bool embedded;		/* without the site's header and footer */
	const struct tq_view_list *list;
	const struct tq_view_article *article;
	const struct tq_view_thread_page *thread_page;
	const struct tq_view_edit *edit;
	const struct tq_view_remove *remove;
	const struct tq_view_error *error;
	const struct tq_view_privacy *privacy;
};

/* One article in the list. */
struct tq_view_item {
	tq_url url;
	tq_str headline, section, summary;	/* the last two may be empty */
	tq_str lang, dir;
	int64_t at_us;
	int64_t comments;	/* published */
	bool comments_shown;	/* false: closed and none */
};

struct tq_view_list {
	const struct tq_view_item *items;	/* newest first */
	size_t n_items;
	bool front;		/* the first page: its first item leads */
	tq_url newer, older;	/* empty: there is none */
};

struct tq_view_article {
	tq_str headline, section, summary, author;	/* last three optional */
	tq_str lang, dir;
	int64_t at_us;
	tq_html body;
	const struct tq_view_thread *thread;
	const struct tq_view_form *form;
};

struct tq_view_error {
	int64_t status;		/* 404 */
	tq_str title;		/* in the reader's language */
	tq_str message;		/* what happened, what to do now */
	tq_url back;		/* where the reader came from; may be empty */
};

/* One personal field in the notice's table: plain sentences of the page's
 * language. */
struct tq_view_field {
	tq_str what;		/* "E-mail address" */
	tq_str why;
	tq_str how;		/* how it is kept: sealed, in memory, ... */
	tq_str how_long;
	tq_str who;		/* who can read it */
	tq_str where;		/* where it is sent */
};

struct tq_view_section {
	tq_str heading;
	const tq_str *paragraphs;
	size_t n_paragraphs;
	const tq_str *points;	/* a bulleted list after them */
	size_t n_points;
	const struct tq_view_field *fields;	/* a table after them */
	size_t n_fields;
};

/* How your comment data is processed. */
struct tq_view_privacy {
	tq_str summary;		/* the one paragraph most people read */
	const struct tq_view_section *sections;
	size_t n_sections;
	tq_url data;		/* the machine-readable form; may be empty */
};

#endif
