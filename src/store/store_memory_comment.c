/* The store in memory: changes of comments. */
#include "store/store_memory.h"

#include <string.h>

#include "store/input.h"

/* A visible change of a comment takes the next number. */
static void
change(struct tq_mem *m, struct tq_comment *c)
{
	struct tq_page *page = tq_mem_page_at(m, c->page_id);

	c->change = ++m->now.change;
	if (page != NULL)
		page->change = c->change;
}

static enum tq_code
place(const struct tq_mem *m, struct tq_comment *c, struct tq_err *e)
{
	const struct tq_page *page = tq_mem_page_at(m, c->page_id);
	const struct tq_comment *parent = tq_mem_comment(m, c->parent_id);

	if (page == NULL)
		return tq_fail(e, TQ_ENOTFOUND, "no such page");
	c->site_id = page->site_id;
	c->id = (int64_t)m->now.t[TQ_MEM_COMMENTS].n + 1;
	c->root_id = c->id;
	c->depth = 0;
	if (c->parent_id == 0)
		return TQ_OK;
	if (parent == NULL || parent->page_id != c->page_id ||
	    parent->state != TQ_PUBLISHED)
		return tq_fail(e, TQ_ENOTFOUND, "no comment %lld to answer",
		    (long long)c->parent_id);
	if (parent->depth >= TQ_DEPTH_MAX)
		parent = tq_mem_comment(m, parent->parent_id);
	c->parent_id = parent->id;
	c->root_id = parent->root_id;
	c->depth = parent->depth + 1;
	return TQ_OK;
}

enum tq_code
tq_mem_comment_add(struct tq_store *base, struct tq_comment *given,
    struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	struct tq_comment c = *given, *row;
	enum tq_code code = tq_mem_may_write(m, e);

	if (code == TQ_OK)
		code = tq_input_comment(given, e);
	if (code == TQ_OK)
		code = place(m, &c, e);
	if (code != TQ_OK)
		return code;
	row = tq_mem_row_add(m, TQ_MEM_COMMENTS, e);
	if (row == NULL)
		return e->code;
	c.state_us = c.created_us;
	c.by_author = false;
	c.replies = c.change = 0;
	if (c.state == TQ_PUBLISHED)
		change(m, &c);
	*row = c;
	row->name = tq_arena_str(&m->texts, c.name);
	row->url = tq_arena_str(&m->texts, c.url);
	row->body = tq_arena_str(&m->texts, c.body);
	row->email_sealed = tq_arena_str(&m->texts, c.email_sealed);
	row->reasons = tq_arena_str(&m->texts, c.reasons);
	code = tq_mem_texts_end(&m->texts, e);
	if (code == TQ_OK)
		*given = c;
	return code;
}

enum tq_code
tq_mem_comment_get(struct tq_store *base, int64_t id, struct tq_arena *a,
    struct tq_comment *out, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	const struct tq_comment *c = tq_mem_comment(m, id);
	struct tq_comment copy;

	if (c == NULL)
		return tq_fail(e, TQ_ENOTFOUND, "no comment %lld",
		    (long long)id);
	copy = tq_mem_copy(m, c, a);
	if (a->failed)
		return tq_mem_texts_end(a, e);
	*out = copy;
	return TQ_OK;
}

static enum tq_code
find_in_state(struct tq_mem *m, int64_t id, enum tq_state from,
    struct tq_comment **out, struct tq_err *e)
{
	struct tq_comment *c = tq_mem_comment(m, id);
	enum tq_code code = tq_mem_may_write(m, e);

	if (code != TQ_OK)
		return code;
	if (c == NULL)
		return tq_fail(e, TQ_ENOTFOUND, "no comment %lld",
		    (long long)id);
	if (c->state != from)
		return tq_fail(e, TQ_ECONFLICT, "comment %lld is %s by now",
		    (long long)id, tq_state_name(c->state));
	*out = c;
	return TQ_OK;
}

static void
move(struct tq_mem *m, struct tq_comment *c, enum tq_state to, int64_t now_us)
{
	enum tq_state from = c->state;

	if (to != from)
		c->state_us = now_us;
	c->state = to;
	if (from == TQ_PUBLISHED || to == TQ_PUBLISHED ||
	    tq_mem_replies(m, c->id) > 0)
		change(m, c);
}

enum tq_code
tq_mem_comment_edit(struct tq_store *base, int64_t id, enum tq_state from,
    enum tq_state to, tq_str body, double spam, tq_str reasons, int64_t now_us,
    struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	struct tq_comment *c;
	enum tq_code code = tq_input_states(from, to, e);

	if (code == TQ_OK && to == TQ_DELETED)
		code = tq_fail(e, TQ_EINVALID, "an edit does not delete");
	if (code == TQ_OK)
		code = tq_input_spam(spam, e);
	if (code == TQ_OK)
		code = find_in_state(m, id, from, &c, e);
	if (code != TQ_OK)
		return code;
	c->body = tq_arena_str(&m->texts, body);
	c->reasons = tq_arena_str(&m->texts, reasons);
	c->spam = spam;
	c->edited_us = now_us;
	move(m, c, to, now_us);
	return tq_mem_texts_end(&m->texts, e);
}

/* What was judged goes with the comment; the decisions stay. */
static void
blank_feedback(struct tq_mem *m, int64_t comment_id)
{
	struct tq_feedback *f = m->now.t[TQ_MEM_FEEDBACK].p;

	for (size_t i = 0; i < m->now.t[TQ_MEM_FEEDBACK].n; i++)
		if (f[i].comment_id == comment_id)
			f[i].name = f[i].url = f[i].body =
			    (tq_str){ NULL, 0 };
}

enum tq_code
tq_mem_comment_set_state(struct tq_store *base, int64_t id, enum tq_state from,
    enum tq_state to, bool by_author, int64_t now_us, struct tq_err *e)
{
	const tq_str none = { NULL, 0 };
	struct tq_mem *m = tq_mem_self(base);
	struct tq_comment *c;
	enum tq_code code = tq_input_states(from, to, e);

	if (code == TQ_OK)
		code = find_in_state(m, id, from, &c, e);
	if (code != TQ_OK || to == from)
		return code;
	if (to == TQ_DELETED) {
		c->name = c->url = c->body = c->email_sealed = c->reasons =
		    none;
		memset(c->owner, 0, sizeof(c->owner));
		c->spam = -1;
		c->by_author = by_author;
		blank_feedback(m, id);
	}
	move(m, c, to, now_us);
	return TQ_OK;
}
