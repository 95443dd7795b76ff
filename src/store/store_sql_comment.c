/* Changes of comments.  Each is O(depth): the row itself, the counts of the
 * rows above it, of its page and of its site.  Nothing is scanned.
 *
 * A comment is shown when it is published or has published replies below; the
 * latter is what its count of replies says.  So a change that adds or takes
 * one published comment walks up once. */
#include "store/store_sql.h"

#include <string.h>

#include "store/input.h"
#include "store/path.h"

/* Reading, then writing: RETURNING in one statement costs four times as much
 * in SQLite. */
static enum tq_code
change_next(struct tq_sql_store *s, int64_t *out, struct tq_err *e)
{
	int64_t last;
	enum tq_code code = tq_sql_change_last(&s->base, &last, e);

	if (code == TQ_OK)
		code = tq_sql_query(s, &(struct tq_db_call){
		    .sql = TQ_SQL_CHANGE_SET,
		    TQ_DB_ARGS(tq_db_int(last + 1)) }, e);
	if (code == TQ_OK)
		*out = last + 1;
	return code;
}

static enum tq_code
tally_add(struct tq_sql_store *s, int64_t site_id, enum tq_state state,
    int64_t n, struct tq_err *e)
{
	return tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_TALLY_ADD, TQ_DB_ARGS(tq_db_int(site_id),
	    tq_db_int(state), tq_db_int(n)) }, e);
}

struct counts {
	int64_t parent_id, replies;
	enum tq_state state;
	bool shown, found;
};

static bool
counts_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct counts *c = ctx;

	(void)n;
	*c = (struct counts){ .parent_id = row[0].i,
	    .state = (enum tq_state)row[1].i, .shown = row[2].i != 0,
	    .replies = row[3].i, .found = true };
	return false;
}

/* Adds published to the replies of one comment; *up is what it answers. */
static enum tq_code
count_reply(struct tq_sql_store *s, int64_t id, int64_t published, int64_t *up,
    struct tq_err *e)
{
	struct counts c = { .found = false };
	bool shown;
	enum tq_code code = tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_COUNTS_GET, TQ_DB_ARGS(tq_db_int(id)),
	    .visit = counts_visit, .ctx = &c }, e);

	if (code == TQ_OK && !c.found)
		code = tq_fail(e, TQ_EIO, "comment %lld is missing",
		    (long long)id);
	if (code != TQ_OK)
		return code;
	*up = c.parent_id;
	c.replies += published;
	shown = c.state == TQ_PUBLISHED || c.replies > 0;
	code = tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_REPLIES_SET, TQ_DB_ARGS(tq_db_int(id),
	    tq_db_int(c.replies)) }, e);
	if (code == TQ_OK && shown != c.shown)
		code = tq_sql_query(s, &(struct tq_db_call){
		    .sql = TQ_SQL_SHOWN_SET, TQ_DB_ARGS(tq_db_int(id),
		    tq_db_int(shown)) }, e);
	return code;
}

/* Adds published (-1, 0, 1) to the page's count and to those above. */
static enum tq_code
count_visible(struct tq_sql_store *s, const struct tq_comment *c,
    int64_t published, struct tq_err *e)
{
	int64_t up = published == 0 ? 0 : c->parent_id;
	enum tq_code code = tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_PAGE_BUMP, TQ_DB_ARGS(tq_db_int(c->page_id),
	    tq_db_int(published), tq_db_int(c->change)) }, e);

	for (int i = 0; i < TQ_DEPTH_MAX && up != 0 && code == TQ_OK; i++)
		code = count_reply(s, up, published, &up, e);
	return code;
}

struct parent {
	int64_t id, parent_id, root_id, depth;
	enum tq_state state;
	uint8_t path_bytes[TQ_PATH_MAX];
	tq_str path;
	bool found;
};

static bool
parent_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct parent *p = ctx;
	tq_str path = row[5].s;

	(void)n;
	if (path.n > sizeof(p->path_bytes))
		return false;
	p->id = row[0].i;
	p->parent_id = row[1].i;
	p->root_id = row[2].i;
	p->depth = row[3].i;
	p->state = (enum tq_state)row[4].i;
	if (path.n > 0)
		memcpy(p->path_bytes, path.p, path.n);
	p->path = (tq_str){ (const char *)p->path_bytes, path.n };
	p->found = true;
	return false;
}

static enum tq_code
parent_read(struct tq_sql_store *s, int64_t id, int64_t page_id,
    struct parent *p, struct tq_err *e)
{
	enum tq_code code;

	p->found = false;
	code = tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_COMMENT_PARENT, TQ_DB_ARGS(tq_db_int(id),
	    tq_db_int(page_id)), .visit = parent_visit, .ctx = p }, e);
	if (code == TQ_OK && !p->found)
		code = tq_fail(e, TQ_ENOTFOUND, "no comment %lld on page %lld",
		    (long long)id, (long long)page_id);
	return code;
}

/* The comment that c goes below: the one answered, or above the deepest level
 * that one's parent. */
static enum tq_code
find_parent(struct tq_sql_store *s, const struct tq_comment *c,
    struct parent *p, struct tq_err *e)
{
	enum tq_code code = parent_read(s, c->parent_id, c->page_id, p, e);

	if (code != TQ_OK)
		return code;
	if (p->state != TQ_PUBLISHED)
		return tq_fail(e, TQ_ENOTFOUND, "comment %lld is not published",
		    (long long)c->parent_id);
	if (p->depth >= TQ_DEPTH_MAX)
		code = parent_read(s, p->parent_id, c->page_id, p, e);
	return code;
}

/* Fills in what the store assigns. */
static enum tq_code
place(struct tq_sql_store *s, struct tq_comment *c, uint8_t *path_bytes,
    tq_str *path, struct tq_err *e)
{
	struct parent p;
	enum tq_code code = tq_sql_number(s, (struct tq_db_call){
	    .sql = TQ_SQL_PAGE_SITE, TQ_DB_ARGS(tq_db_int(c->page_id)) },
	    &c->site_id, e);

	if (code == TQ_OK)
		code = tq_sql_number(s, (struct tq_db_call){
		    .sql = TQ_SQL_COMMENT_NEXT }, &c->id, e);
	if (code != TQ_OK)
		return code;
	c->state_us = c->created_us;
	c->by_author = false;
	c->replies = c->change = 0;
	c->root_id = c->id;
	c->depth = 0;
	*path = (tq_str){ NULL, 0 };
	if (c->parent_id != 0) {
		code = find_parent(s, c, &p, e);
		if (code != TQ_OK)
			return code;
		c->parent_id = p.id;
		c->root_id = p.root_id;
		c->depth = p.depth + 1;
		*path = tq_path_child(path_bytes, p.path, p.id, c->id);
		if (path->n == 0)
			return tq_fail(e, TQ_EIO, "the place of comment %lld "
			    "is damaged", (long long)p.id);
	}
	if (c->state == TQ_PUBLISHED)
		code = change_next(s, &c->change, e);
	return code;
}

static struct tq_db_value
owner_value(const struct tq_comment *c)
{
	if (tq_owner_none(c->owner))
		return tq_db_null();
	return tq_db_blob((tq_str){ (const char *)c->owner,
	    sizeof(c->owner) });
}

static struct tq_db_value
parent_value(const struct tq_comment *c)
{
	return c->parent_id == 0 ? tq_db_null() : tq_db_int(c->parent_id);
}

static enum tq_code
insert(struct tq_sql_store *s, const struct tq_comment *c, tq_str path,
    struct tq_err *e)
{
	struct tq_sql_mac mac = tq_sql_mac_comment(s->mac_key, c, path);

	return tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_COMMENT_ADD, TQ_DB_ARGS(tq_db_int(c->id),
	    tq_db_int(c->page_id), tq_db_int(c->site_id), parent_value(c),
	    tq_db_int(c->root_id), tq_db_int(c->depth), tq_db_int(c->state),
	    tq_db_int(c->change), tq_db_int(c->created_us),
	    tq_db_int(c->edited_us), tq_db_real(c->spam), owner_value(c),
	    tq_db_blob(path), tq_sql_mac_value(&mac), tq_db_text(c->name),
	    tq_db_text(c->url), tq_db_text(c->reasons),
	    tq_db_blob(c->email_sealed), tq_db_text(c->body)) }, e);
}

enum tq_code
tq_sql_comment_add(struct tq_store *base, struct tq_comment *given,
    struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct tq_comment c = *given;
	uint8_t path_bytes[TQ_PATH_MAX];
	tq_str path;
	enum tq_code code = tq_sql_may_write(s, e);

	if (code == TQ_OK)
		code = tq_input_comment(given, e);
	if (code == TQ_OK)
		code = place(s, &c, path_bytes, &path, e);
	if (code == TQ_OK)
		code = insert(s, &c, path, e);
	if (code == TQ_OK)
		code = tally_add(s, c.site_id, c.state, 1, e);
	if (code == TQ_OK && c.state == TQ_PUBLISHED)
		code = count_visible(s, &c, 1, e);
	if (code == TQ_OK)
		*given = c;
	return code;
}

/* A comment that is about to change. */
struct edit {
	struct tq_comment c;	/* slices in the arena */
	tq_str path;
	struct tq_arena a;
	struct tq_sql_list row;
};

static bool
edit_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct edit *ed = ctx;

	(void)tq_sql_comment_visit(&ed->row, row, n);
	ed->path = tq_arena_str(&ed->a, tq_sql_comment_path(row));
	return false;
}

/* Reads the comment and refuses unless it is in state from; a damaged one,
 * too, unless ed->row.trust.  ed->a is to be freed in any case. */
static enum tq_code
edit_open(struct tq_sql_store *s, struct edit *ed, int64_t id,
    enum tq_state from, struct tq_err *e)
{
	enum tq_code code;

	tq_arena_init(&ed->a, 64 << 20);
	ed->row.s = s;
	ed->row.a = &ed->a;
	ed->row.max = 1;
	code = tq_sql_may_write(s, e);
	if (code == TQ_OK)
		code = tq_sql_query(s, &(struct tq_db_call){
		    .sql = TQ_SQL_COMMENT_GET, TQ_DB_ARGS(tq_db_int(id)),
		    .visit = edit_visit, .ctx = ed }, e);
	if (code == TQ_OK)
		code = tq_sql_list_end(&ed->row, "comment", e);
	if (code != TQ_OK)
		return code;
	if (ed->row.n == 0)
		return tq_fail(e, TQ_ENOTFOUND, "no comment %lld",
		    (long long)id);
	ed->c = *(struct tq_comment *)ed->row.p;
	if (ed->c.state != from)
		return tq_fail(e, TQ_ECONFLICT, "comment %lld is %s by now",
		    (long long)id, tq_state_name(ed->c.state));
	return TQ_OK;
}

/* Writes the comment as it is now in ed->c, and the counts. */
static enum tq_code
edit_save(struct tq_sql_store *s, struct edit *ed, enum tq_state from,
    struct tq_err *e)
{
	struct tq_comment *c = &ed->c;
	int64_t published = (c->state == TQ_PUBLISHED) -
	    (from == TQ_PUBLISHED);
	bool visible = c->state == TQ_PUBLISHED || from == TQ_PUBLISHED ||
	    c->replies > 0;
	enum tq_code code = TQ_OK;
	struct tq_sql_mac mac;

	if (visible)
		code = change_next(s, &c->change, e);
	if (code != TQ_OK)
		return code;
	mac = tq_sql_mac_comment(s->mac_key, c, ed->path);
	code = tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_COMMENT_PUT, TQ_DB_ARGS(tq_db_int(c->id),
	    tq_db_int(c->state), tq_db_int(c->change),
	    tq_db_int(c->by_author), tq_db_int(c->edited_us),
	    tq_db_int(c->state_us), tq_db_real(c->spam), owner_value(c),
	    tq_sql_mac_value(&mac), tq_db_text(c->name), tq_db_text(c->url),
	    tq_db_text(c->reasons), tq_db_blob(c->email_sealed),
	    tq_db_text(c->body)) }, e);
	if (code == TQ_OK && c->state != from)
		code = tally_add(s, c->site_id, from, -1, e);
	if (code == TQ_OK && c->state != from)
		code = tally_add(s, c->site_id, c->state, 1, e);
	if (code == TQ_OK && visible)
		code = count_visible(s, c, published, e);
	return code;
}

enum tq_code
tq_sql_comment_edit(struct tq_store *base, int64_t id, enum tq_state from,
    enum tq_state to, tq_str body, double spam, tq_str reasons, int64_t now_us,
    struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct edit ed = { .row = { .trust = false } };
	enum tq_code code = tq_input_states(from, to, e);

	if (code == TQ_OK && to == TQ_DELETED)
		code = tq_fail(e, TQ_EINVALID, "an edit does not delete");
	if (code == TQ_OK)
		code = tq_input_spam(spam, e);
	if (code != TQ_OK)
		return code;
	code = edit_open(s, &ed, id, from, e);
	if (code == TQ_OK) {
		ed.c.body = body;
		ed.c.spam = spam;
		ed.c.reasons = reasons;
		ed.c.edited_us = now_us;
		if (to != from)
			ed.c.state_us = now_us;
		ed.c.state = to;
		s->erased = true;
		code = edit_save(s, &ed, from, e);
	}
	tq_arena_free(&ed.a);
	return code;
}

static void
erase(struct tq_comment *c)
{
	const tq_str none = { NULL, 0 };

	c->name = c->url = c->body = c->email_sealed = c->reasons = none;
	c->spam = -1;
	memset(c->owner, 0, sizeof(c->owner));
}

/* A damaged row can still be deleted: that is how one gets rid of it. */
enum tq_code
tq_sql_comment_set_state(struct tq_store *base, int64_t id, enum tq_state from,
    enum tq_state to, bool by_author, int64_t now_us, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct edit ed = { .row = { .trust = to == TQ_DELETED } };
	enum tq_code code = tq_input_states(from, to, e);

	if (code != TQ_OK)
		return code;
	code = edit_open(s, &ed, id, from, e);
	if (code == TQ_OK && to != from) {
		ed.c.state = to;
		ed.c.state_us = now_us;
		if (to == TQ_DELETED) {
			ed.c.by_author = by_author;
			erase(&ed.c);
			s->erased = true;
		}
		code = edit_save(s, &ed, from, e);
		if (code == TQ_OK && to == TQ_DELETED)
			code = tq_sql_feedback_erase(s, id, &ed.a, e);
	}
	tq_arena_free(&ed.a);
	return code;
}

enum tq_code
tq_sql_comment_get(struct tq_store *base, int64_t id, struct tq_arena *a,
    struct tq_comment *out, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct tq_sql_list l = { .s = s, .a = a, .max = 1 };
	enum tq_code code = tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_COMMENT_GET, TQ_DB_ARGS(tq_db_int(id)),
	    .visit = tq_sql_comment_visit, .ctx = &l }, e);

	if (code == TQ_OK)
		code = tq_sql_list_end(&l, "comment", e);
	if (code != TQ_OK)
		return code;
	if (l.n == 0)
		return tq_fail(e, TQ_ENOTFOUND, "no comment %lld",
		    (long long)id);
	*out = *(struct tq_comment *)l.p;
	return TQ_OK;
}
