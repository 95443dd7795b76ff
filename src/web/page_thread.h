/* page_thread.h - what the article's page, the form's answer and the edit pages
 * share: the layout around a thread, and the form's token. */
#ifndef TQ_WEB_PAGE_THREAD_H
#define TQ_WEB_PAGE_THREAD_H

#include "web/thread_view.h"

struct tq_thread_layout {
	struct tq_view_layout layout;
	struct tq_view_article article;
	struct tq_view_thread_page thread_page;
};

/* The document around m; m and out must live until it was rendered. */
enum tq_code tq_thread_layout(struct tq_visit *v,
    const struct tq_place *place, struct tq_thread_made *m,
    struct tq_thread_layout *out, struct tq_err *e);
/* A fresh form token for this place, TQ_TOKEN_CHARS long.  again: for a form
 * that comes back with errors, valid at once. */
tq_str tq_place_token(struct tq_visit *v, const struct tq_place *place,
    bool again);
/* Whether old is a token of this server for this place, used or not, that was
 * made long enough ago: who held it has waited already. */
bool tq_place_vouched(struct tq_visit *v, const struct tq_place *place,
    tq_str old);
/* This reader's held and recent comments there; *n 0 for most. */
enum tq_code tq_own_of_place(struct tq_visit *v, const struct tq_place *place,
    struct tq_comment **own, size_t *n, struct tq_err *e);

#endif
