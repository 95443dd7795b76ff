/* Reading threads: a reading handle, one or two indexed queries, no state. */
#include "app/listing.h"

#include "app/app.h"

static const char *const sort_names[] = {
	[TQ_SORT_NEWEST] = "newest", [TQ_SORT_OLDEST] = "oldest",
	[TQ_SORT_BEST] = "best",
};

bool
tq_sort_parse(tq_str s, enum tq_sort *out)
{
	for (size_t i = 0; i < sizeof(sort_names) / sizeof(*sort_names); i++)
		if (tq_str_eq(s, tq_str_c(sort_names[i]))) {
			*out = (enum tq_sort)i;
			return true;
		}
	return false;
}

const char *
tq_sort_name(enum tq_sort s)
{
	return sort_names[s];
}

tq_str
tq_cursor_print(struct tq_arena *a, const struct tq_cursor *c)
{
	return tq_arena_printf(a, "%lld.%lld.%lld", (long long)c->rank,
	    (long long)c->root_id, (long long)c->after_id);
}

bool
tq_cursor_parse(tq_str s, struct tq_cursor *out)
{
	struct tq_cursor c;
	tq_str rank, root, after = tq_str_cut(s, '.', &rank);

	after = tq_str_cut(after, '.', &root);
	if (!tq_str_i64(rank, &c.rank) || !tq_str_i64(root, &c.root_id) ||
	    !tq_str_i64(after, &c.after_id) || c.rank < 0 || c.root_id < 0 ||
	    c.after_id < 0)
		return false;
	*out = c;
	return true;
}

/* The slice that shows one comment begins at its place. */
static enum tq_code
find_place(struct tq_store *s, const struct tq_listing_ask *ask,
    struct tq_arena *a, struct tq_listing *l, struct tq_err *e)
{
	struct tq_comment c;
	enum tq_code code;

	if (ask->comment_id == 0)
		return TQ_OK;
	code = s->ops->comment_get(s, ask->comment_id, a, &c, e);
	if (code == TQ_OK && c.page_id != l->page.id)
		code = tq_fail(e, TQ_ENOTFOUND, "the comment is of another "
		    "page");
	if (code == TQ_OK)
		code = s->ops->thread_place(s, ask->comment_id, ask->sort,
		    TQ_SLICE_MAX, &l->from, e);
	return code;
}

static enum tq_code
read_slice(struct tq_store *s, const struct tq_listing_ask *ask,
    struct tq_arena *a, struct tq_listing *l, struct tq_err *e)
{
	enum tq_code code = s->ops->page_get(s, ask->site->id, ask->path, a,
	    &l->page, e);

	if (code == TQ_ENOTFOUND) {
		l->page = (struct tq_page){ .site_id = ask->site->id,
		    .path = ask->path };
		return ask->comment_id == 0 ? TQ_OK : code;
	}
	if (code == TQ_OK)
		code = find_place(s, ask, a, l, e);
	if (code == TQ_OK)
		code = s->ops->thread(s, l->page.id, ask->sort, &l->from,
		    TQ_SLICE_MAX, a, &l->slice, e);
	return code;
}

enum tq_code
tq_listing_read(struct tq_app *app, const struct tq_listing_ask *ask,
    struct tq_arena *a, struct tq_listing *out, struct tq_err *e)
{
	struct tq_listing l = { .from = ask->from };
	struct tq_store *s;
	enum tq_code code = tq_store_pool_take(app->readers, &s, e);

	if (code != TQ_OK)
		return code;
	code = read_slice(s, ask, a, &l, e);
	tq_store_pool_put(app->readers, s);
	if (code == TQ_OK)
		*out = l;
	return code;
}

enum tq_code
tq_listing_recent(struct tq_app *app, const struct tq_site_view *site,
    tq_str path, struct tq_arena *a, struct tq_comment **out, size_t *n,
    struct tq_err *e)
{
	struct tq_store *s;
	struct tq_page page;
	enum tq_code code = tq_store_pool_take(app->readers, &s, e);

	if (code != TQ_OK)
		return code;
	code = s->ops->page_get(s, site->id, path, a, &page, e);
	if (code == TQ_OK) {
		code = s->ops->comments_in_state(s, site->id, page.id,
		    TQ_PUBLISHED, 0, TQ_SLICE_MAX, a, out, n, e);
	} else if (code == TQ_ENOTFOUND) {
		*n = 0;
		code = TQ_OK;
	}
	tq_store_pool_put(app->readers, s);
	return code;
}

enum tq_code
tq_listing_counts(struct tq_app *app, int64_t site_id, const tq_str *paths,
    size_t n, int64_t *out, struct tq_err *e)
{
	struct tq_store *s;
	enum tq_code code = tq_store_pool_take(app->readers, &s, e);

	if (code != TQ_OK)
		return code;
	code = s->ops->page_counts(s, site_id, paths, n, out, e);
	tq_store_pool_put(app->readers, s);
	return code;
}

enum tq_code
tq_listing_comment(struct tq_app *app, int64_t id, struct tq_arena *a,
    struct tq_comment *out, struct tq_page *page, struct tq_err *e)
{
	struct tq_store *s;
	enum tq_code code = tq_store_pool_take(app->readers, &s, e);

	if (code != TQ_OK)
		return code;
	code = s->ops->comment_get(s, id, a, out, e);
	if (code == TQ_OK)
		code = s->ops->page_by_id(s, out->page_id, a, page, e);
	tq_store_pool_put(app->readers, s);
	return code;
}
