/* The store in memory: reading comments.  A thread is a list of all shown
 * comments of the page, sorted as the header says, cut at the cursor. */
#include "store/store_memory.h"

#include <stdlib.h>
#include <string.h>

#include "store/input.h"

#define OWNER_MAX 50
#define OWNER_COUNT_MAX 100

struct tq_comment *
tq_mem_comment(const struct tq_mem *m, int64_t id)
{
	size_t n;
	struct tq_comment *c = tq_mem_comments(m, &n);

	return id < 1 || (uint64_t)id > n ? NULL : &c[id - 1];
}

int64_t
tq_mem_replies(const struct tq_mem *m, int64_t id)
{
	size_t n;
	const struct tq_comment *c = tq_mem_comments(m, &n);
	int64_t count = 0;

	for (size_t i = (size_t)id; i < n; i++) {
		const struct tq_comment *up = &c[i];

		while (c[i].state == TQ_PUBLISHED && up->parent_id > id)
			up = &c[up->parent_id - 1];
		count += c[i].state == TQ_PUBLISHED && up->parent_id == id;
	}
	return count;
}

struct tq_comment
tq_mem_copy(const struct tq_mem *m, const struct tq_comment *c,
    struct tq_arena *a)
{
	struct tq_comment copy = *c;

	copy.name = tq_arena_str(a, c->name);
	copy.url = tq_arena_str(a, c->url);
	copy.body = tq_arena_str(a, c->body);
	copy.email_sealed = tq_arena_str(a, c->email_sealed);
	copy.reasons = tq_arena_str(a, c->reasons);
	copy.replies = tq_mem_replies(m, c->id);
	return copy;
}

/* A comment with its way down from the top. */
struct item {
	const struct tq_comment *c;
	int64_t way[TQ_DEPTH_MAX + 1];
	size_t n;
	int64_t rank;			/* replies of the root */
	enum tq_sort sort;
	int64_t first_root;		/* the cursor's: stands first */
};

static void
item_fill(const struct tq_mem *m, const struct tq_comment *c, struct item *it)
{
	it->c = c;
	it->n = (size_t)c->depth + 1;
	for (size_t i = it->n; i-- > 0; c = tq_mem_comment(m, c->parent_id))
		it->way[i] = c->id;
}

static int
compare_way(const struct item *a, const struct item *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (a->way[i] != b->way[i])
			return a->way[i] < b->way[i] ? -1 : 1;
	return a->n < b->n ? -1 : a->n > b->n;
}

static int
compare_roots(enum tq_sort sort, int64_t rank_a, int64_t a, int64_t rank_b,
    int64_t b)
{
	if (sort == TQ_SORT_BEST && rank_a != rank_b)
		return rank_a > rank_b ? -1 : 1;
	if (a == b)
		return 0;
	return (a < b) == (sort == TQ_SORT_OLDEST) ? -1 : 1;
}

static int
compare_items(const void *pa, const void *pb)
{
	const struct item *a = pa, *b = pb;
	int roots = compare_roots(a->sort, a->rank, a->c->root_id, b->rank,
	    b->c->root_id);

	if (a->c->root_id == b->c->root_id)
		return compare_way(a, b);
	if (a->c->root_id == a->first_root)
		return -1;
	return b->c->root_id == a->first_root ? 1 : roots;
}

static bool
after(const struct item *it, const struct tq_cursor *from,
    const struct item *last)
{
	if (from->root_id == 0)
		return true;
	if (it->c->root_id == from->root_id)
		return last == NULL || compare_way(it, last) > 0;
	return compare_roots(it->sort, it->rank, it->c->root_id, from->rank,
	    from->root_id) > 0;
}

/* All shown comments of the page behind the cursor, in order; *items is to be
 * freed. */
static enum tq_code
list_items(const struct tq_mem *m, int64_t page_id, enum tq_sort sort,
    const struct tq_cursor *from, struct item **items, size_t *n,
    struct tq_err *e)
{
	size_t all;
	const struct tq_comment *c = tq_mem_comments(m, &all);
	const struct tq_comment *seen = tq_mem_comment(m, from->after_id);
	struct item last, *list;

	if (from->root_id != 0 && from->after_id != 0 && (seen == NULL ||
	    seen->page_id != page_id || seen->root_id != from->root_id))
		return tq_fail(e, TQ_ENOTFOUND, "no such place in the thread");
	if (seen != NULL)
		item_fill(m, seen, &last);
	list = calloc(all + 1, sizeof(*list));
	if (list == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for the thread");
	*n = 0;
	for (size_t i = 0; i < all; i++) {
		struct item *it = &list[*n];

		if (c[i].page_id != page_id || (c[i].state != TQ_PUBLISHED &&
		    tq_mem_replies(m, c[i].id) == 0))
			continue;
		item_fill(m, &c[i], it);
		it->sort = sort;
		it->first_root = from->root_id;
		if (sort == TQ_SORT_BEST)
			it->rank = tq_mem_replies(m, c[i].root_id);
		*n += after(it, from, seen == NULL ? NULL : &last);
	}
	qsort(list, *n, sizeof(*list), compare_items);
	*items = list;
	return TQ_OK;
}

/* As a page shows it: places that only hold the tree are empty. */
static struct tq_comment
shown_copy(const struct tq_mem *m, const struct tq_comment *c,
    struct tq_arena *a)
{
	struct tq_comment bare = *c;

	bare.email_sealed.n = bare.reasons.n = 0;
	if (c->state != TQ_PUBLISHED) {
		bare.name.n = bare.url.n = bare.body.n = 0;
		bare.spam = -1;
		memset(bare.owner, 0, sizeof(bare.owner));
	}
	return tq_mem_copy(m, &bare, a);
}

enum tq_code
tq_mem_thread(struct tq_store *base, int64_t page_id, enum tq_sort sort,
    const struct tq_cursor *from, size_t max, struct tq_arena *a,
    struct tq_thread_slice *out, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	struct tq_thread_slice slice = { .next = *from };
	struct item *items;
	size_t n;
	enum tq_code code = list_items(m, page_id, sort, from, &items, &n, e);

	if (code != TQ_OK)
		return code;
	slice.n = n < max ? n : max;
	slice.more = n > max;
	slice.comments = tq_new_n(a, struct tq_comment, slice.n);
	for (size_t i = 0; i < slice.n && !a->failed; i++) {
		const struct tq_comment *c = items[i].c;

		slice.comments[i] = shown_copy(m, c, a);
		slice.next.root_id = c->root_id;
		slice.next.after_id = c->id;
		if (sort == TQ_SORT_BEST && c->root_id != from->root_id)
			slice.next.rank = items[i].rank;
	}
	free(items);
	if (a->failed)
		return tq_mem_texts_end(a, e);
	if (!slice.more)
		slice.next = (struct tq_cursor){ 0 };
	*out = slice;
	return TQ_OK;
}

enum tq_code
tq_mem_thread_place(struct tq_store *base, int64_t comment_id,
    enum tq_sort sort, size_t max, struct tq_cursor *out, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	const struct tq_comment *c = tq_mem_comment(m, comment_id);
	struct tq_cursor place = { 0 };
	struct item *items;
	size_t n, at = 0;
	enum tq_code code;

	if (c == NULL || (c->state != TQ_PUBLISHED &&
	    tq_mem_replies(m, c->id) == 0))
		return tq_fail(e, TQ_ENOTFOUND, "comment %lld is not shown",
		    (long long)comment_id);
	if (max == 0)
		return tq_fail(e, TQ_EINVALID, "a slice of nothing");
	place.root_id = c->root_id;
	if (sort == TQ_SORT_BEST)
		place.rank = tq_mem_replies(m, c->root_id);
	code = list_items(m, c->page_id, sort, &place, &items, &n, e);
	if (code != TQ_OK)
		return code;
	while (items[at].c->id != comment_id)
		at++;
	if (at >= max)
		place.after_id = items[at / max * max - 1].c->id;
	free(items);
	*out = place;
	return TQ_OK;
}

static int
older_first(const void *pa, const void *pb)
{
	const struct tq_comment *a = pa, *b = pb;

	if (a->created_us != b->created_us)
		return a->created_us < b->created_us ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static bool
owned(const struct tq_comment *c, const uint8_t *owner)
{
	return !tq_owner_none(owner) &&
	    memcmp(c->owner, owner, TQ_OWNER_BYTES) == 0;
}

enum tq_code
tq_mem_comments_of_owner(struct tq_store *base, int64_t page_id,
    const uint8_t *owner, int64_t since_us, struct tq_arena *a,
    struct tq_comment **out, size_t *n, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	size_t all, count = 0;
	const struct tq_comment *c = tq_mem_comments(m, &all);
	struct tq_comment *list = tq_new_n(a, struct tq_comment, all);

	for (size_t i = 0; i < all && !a->failed; i++)
		if (c[i].page_id == page_id && owned(&c[i], owner) &&
		    (c[i].state == TQ_HELD || c[i].state == TQ_SPAM ||
		    (c[i].state == TQ_PUBLISHED &&
		    c[i].created_us > since_us)))
			list[count++] = tq_mem_copy(m, &c[i], a);
	if (a->failed)
		return tq_mem_texts_end(a, e);
	if (count > 1)
		qsort(list, count, sizeof(*list), older_first);
	*out = list;
	*n = count < OWNER_MAX ? count : OWNER_MAX;
	return TQ_OK;
}

enum tq_code
tq_mem_owner_published(struct tq_store *base, int64_t site_id,
    const uint8_t *owner, int64_t *out, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	size_t all;
	const struct tq_comment *c = tq_mem_comments(m, &all);
	int64_t count = 0;

	(void)e;
	for (size_t i = 0; i < all && count < OWNER_COUNT_MAX; i++)
		count += c[i].site_id == site_id && owned(&c[i], owner) &&
		    c[i].state == TQ_PUBLISHED;
	*out = count;
	return TQ_OK;
}

enum tq_code
tq_mem_comments_in_state(struct tq_store *base, int64_t site_id,
    int64_t page_id, enum tq_state state, int64_t before_id, size_t max,
    struct tq_arena *a, struct tq_comment **out, size_t *n, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	size_t all, count = 0;
	const struct tq_comment *c = tq_mem_comments(m, &all);
	struct tq_comment *list = tq_new_n(a, struct tq_comment,
	    all < max ? all : max);

	for (size_t i = all; i-- > 0 && count < max && !a->failed;)
		if (c[i].state == state &&
		    (before_id <= 0 || c[i].id < before_id) &&
		    (site_id == 0 || c[i].site_id == site_id) &&
		    (page_id == 0 || c[i].page_id == page_id))
			list[count++] = tq_mem_copy(m, &c[i], a);
	if (a->failed)
		return tq_mem_texts_end(a, e);
	*out = list;
	*n = count;
	return TQ_OK;
}

enum tq_code
tq_mem_state_counts(struct tq_store *base, int64_t site_id,
    int64_t out[TQ_STATES], struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	size_t all;
	const struct tq_comment *c = tq_mem_comments(m, &all);

	(void)e;
	memset(out, 0, TQ_STATES * sizeof(out[0]));
	for (size_t i = 0; i < all; i++)
		if (site_id == 0 || c[i].site_id == site_id)
			out[c[i].state]++;
	return TQ_OK;
}

enum tq_code
tq_mem_feedback_add(struct tq_store *base, const struct tq_feedback *f,
    int64_t *seq, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	struct tq_feedback *row;
	enum tq_code code = tq_mem_may_write(m, e);

	if (code == TQ_OK)
		code = tq_input_feedback(f, e);
	if (code != TQ_OK)
		return code;
	row = tq_mem_row_add(m, TQ_MEM_FEEDBACK, e);
	if (row == NULL)
		return e->code;
	*row = *f;
	row->seq = (int64_t)m->now.t[TQ_MEM_FEEDBACK].n;
	row->actor = tq_arena_str(&m->texts, f->actor);
	row->name = tq_arena_str(&m->texts, f->name);
	row->url = tq_arena_str(&m->texts, f->url);
	row->body = tq_arena_str(&m->texts, f->body);
	*seq = row->seq;
	return tq_mem_texts_end(&m->texts, e);
}

static void
copy_feedback(struct tq_arena *a, const struct tq_feedback *f,
    struct tq_feedback *out)
{
	*out = *f;
	out->actor = tq_arena_str(a, f->actor);
	out->name = tq_arena_str(a, f->name);
	out->url = tq_arena_str(a, f->url);
	out->body = tq_arena_str(a, f->body);
}

enum tq_code
tq_mem_feedback_after(struct tq_store *base, int64_t seq, size_t max,
    struct tq_arena *a, struct tq_feedback **out, size_t *n, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	const struct tq_feedback *f = m->now.t[TQ_MEM_FEEDBACK].p;
	size_t all = m->now.t[TQ_MEM_FEEDBACK].n, count = 0;
	struct tq_feedback *list = tq_new_n(a, struct tq_feedback,
	    all < max ? all : max);

	for (size_t i = 0; i < all && count < max && !a->failed; i++)
		if (f[i].seq > seq)
			copy_feedback(a, &f[i], &list[count++]);
	if (a->failed)
		return tq_mem_texts_end(a, e);
	*out = list;
	*n = count;
	return TQ_OK;
}

enum tq_code
tq_mem_feedback_before(struct tq_store *base, int64_t seq, size_t max,
    struct tq_arena *a, struct tq_feedback **out, size_t *n, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	const struct tq_feedback *f = m->now.t[TQ_MEM_FEEDBACK].p;
	size_t all = m->now.t[TQ_MEM_FEEDBACK].n, count = 0;
	struct tq_feedback *list = tq_new_n(a, struct tq_feedback,
	    all < max ? all : max);

	for (size_t i = all; i-- > 0 && count < max && !a->failed;)
		if (f[i].seq < seq)
			copy_feedback(a, &f[i], &list[count++]);
	if (a->failed)
		return tq_mem_texts_end(a, e);
	*out = list;
	*n = count;
	return TQ_OK;
}

enum tq_code
tq_mem_feedback_blank(struct tq_store *base, tq_str actor, int64_t since_us,
    int64_t *n, struct tq_err *e)
{
	const tq_str none = { NULL, 0 };
	struct tq_mem *m = tq_mem_self(base);
	struct tq_feedback *f = m->now.t[TQ_MEM_FEEDBACK].p;
	enum tq_code code = tq_mem_may_write(m, e);
	int64_t blanked = 0;

	if (code != TQ_OK)
		return code;
	for (size_t i = 0; i < m->now.t[TQ_MEM_FEEDBACK].n; i++) {
		if (!tq_str_eq(f[i].actor, actor) || f[i].at_us < since_us ||
		    f[i].name.n + f[i].url.n + f[i].body.n == 0)
			continue;
		f[i].name = f[i].url = f[i].body = none;
		blanked++;
	}
	*n = blanked;
	return TQ_OK;
}

enum tq_code
tq_mem_feedback_taught(struct tq_store *base, tq_str actor, int64_t *spam,
    int64_t *ham, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	const struct tq_feedback *f = m->now.t[TQ_MEM_FEEDBACK].p;

	(void)e;
	*spam = *ham = 0;
	for (size_t i = 0; i < m->now.t[TQ_MEM_FEEDBACK].n; i++)
		if (tq_str_eq(f[i].actor, actor) && f[i].body.n > 0) {
			*spam += f[i].to == TQ_SPAM;
			*ham += f[i].to == TQ_PUBLISHED;
		}
	return TQ_OK;
}

enum tq_code
tq_mem_change_last(struct tq_store *s, int64_t *out, struct tq_err *e)
{
	(void)e;
	*out = tq_mem_self(s)->now.change;
	return TQ_OK;
}
