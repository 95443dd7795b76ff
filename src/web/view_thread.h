/* view_thread.h - the comments of a page and the forms around them, as plain
 * values; see view.h. */
#ifndef TQ_WEB_VIEW_THREAD_H
#define TQ_WEB_VIEW_THREAD_H

#include "web/view.h"

/* Nested at most; the last level holds all deeper replies, level with each
 * other and folded away until the reader asks for them. */
#define TQ_VIEW_LEVELS 5

enum tq_view_state {
	TQ_VIEW_PUBLISHED,
	TQ_VIEW_HELD,		/* awaits moderation; its author alone sees it */
	TQ_VIEW_WITHDRAWN,	/* deleted by its author: a tombstone */
	TQ_VIEW_REMOVED		/* deleted by a moderator: a tombstone */
};

struct tq_view_comment {
	int64_t id, parent_id;	/* parent_id 0: top level */
	int64_t depth;		/* in the tree, 0 at top level */
	int64_t at_us;
	int64_t edited_us;	/* 0: never */
	enum tq_view_state state;
	tq_str name;		/* empty: anonymous */
	tq_url website;		/* may be empty */
	tq_str parent_name;	/* whom it answers; empty: anonymous */
	tq_str lang;		/* empty: not known */
	tq_str dir;		/* "ltr" or "rtl" */
	tq_html body;		/* unused in tombstones */
	uint32_t seed;		/* draws the avatar; random, of the author */
	int64_t edit_minutes;	/* > 0: its author reads this and may edit */
	bool wanted;		/* the one the reader asked for: not folded */
	bool can_reply;

	/* Filled by tq_view_nest. */
	const struct tq_view_comment *replies;	/* first one nested in it */
	const struct tq_view_comment *next;	/* at the same level */
	uint32_t hue, motif;	/* 0..11, 0..7: from seed */
	bool names_parent;	/* the parent is not the one it is nested in */
	int64_t folded;		/* its replies are the last level: how many */
	bool unfold;		/* one of them is wanted */
};

/* Links the n comments, which stand in depth-first order, to a tree of at most
 * TQ_VIEW_LEVELS levels and returns its first comment (NULL when n is 0).  A
 * comment whose parent is missing from the array stands at the level it would
 * have among those that are there. */
const struct tq_view_comment *tq_view_nest(struct tq_view_comment *c, size_t n);

enum tq_view_order { TQ_VIEW_NEWEST, TQ_VIEW_OLDEST, TQ_VIEW_BEST };

/* What just happened, said above the thread. */
enum tq_view_news {
	TQ_VIEW_NO_NEWS, TQ_VIEW_POSTED, TQ_VIEW_WAITING, TQ_VIEW_EDITED,
	TQ_VIEW_DELETED
};

struct tq_view_thread {
	int64_t count;		/* published comments */
	enum tq_view_order order;
	enum tq_view_news news;
	bool open;		/* new comments are taken */
	const struct tq_view_comment *mine;	/* held ones of this reader,
						 * tq_view_nest's result */
	const struct tq_view_comment *comments;	/* tq_view_nest's result */
	tq_url start;		/* back to the first; empty: this is it */
	tq_url more;		/* the next ones; empty: there are none */
	tq_url feed;		/* Atom; may be empty */
};

/* A thread alone, for embedding. */
struct tq_view_thread_page {
	tq_str title;		/* the page's it belongs to; may be empty */
	tq_url url;		/* where that page is; may be empty */
	const struct tq_view_thread *thread;
	const struct tq_view_form *form;
};

/* The form.  Texts are as typed; an _error is a sentence in the page's language
 * or empty. */
struct tq_view_form {
	bool open;		/* false: says that comments are closed */
	int64_t closes_us;	/* when comments close or did; 0: not said */
	tq_str page;		/* hidden: the page's canonical path or URL */
	int64_t parent;		/* 0, or the comment that is answered */
	tq_str parent_name;	/* empty: anonymous */
	tq_str trap;		/* the honeypot's field name */
	bool name_required, email_required;
	int64_t name_max, email_max, url_max, text_max;	/* UTF-16 units */
	tq_str name, email, url, text;
	tq_str name_error, email_error, url_error, text_error;
	tq_str error;		/* about the whole: token, limits, store */
	int64_t errors;		/* how many of these five are set */
};

/* Edit one's own comment: GET and POST /comments/ID/edit. */
struct tq_view_edit {
	int64_t id;
	int64_t minutes;	/* left */
	int64_t text_max;
	tq_str text, error;
	tq_url back;		/* the comment in its page */
};

/* Delete one's own comment, asked once: GET and POST /comments/ID/delete. */
struct tq_view_remove {
	int64_t id;
	tq_str name;
	tq_str lang, dir;
	tq_html body;
	tq_url back;
};

#endif
