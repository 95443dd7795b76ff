/* The store in memory: sites, settings and pages. */
#include "store/store_memory.h"

#include <stdlib.h>

#include "store/input.h"

bool
tq_mem_site_there(const struct tq_mem *m, int64_t id)
{
	return id > 0 && (uint64_t)id <= m->now.t[TQ_MEM_SITES].n;
}

enum tq_code
tq_mem_site_add(struct tq_store *base, tq_str name, int64_t now_us, int64_t *id,
    struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	struct tq_site *sites = m->now.t[TQ_MEM_SITES].p, *site;
	enum tq_code code = tq_mem_may_write(m, e);

	if (code == TQ_OK)
		code = tq_input_site(name, e);
	if (code != TQ_OK)
		return code;
	for (size_t i = 0; i < m->now.t[TQ_MEM_SITES].n; i++)
		if (tq_str_eq(sites[i].name, name))
			return tq_fail(e, TQ_ECONFLICT,
			    "site %.*s is there already", TQ_FMT(name));
	site = tq_mem_row_add(m, TQ_MEM_SITES, e);
	if (site == NULL)
		return e->code;
	*site = (struct tq_site){
	    .id = (int64_t)m->now.t[TQ_MEM_SITES].n,
	    .name = tq_arena_str(&m->texts, name), .created_us = now_us };
	*id = site->id;
	return tq_mem_texts_end(&m->texts, e);
}

enum tq_code
tq_mem_site_list(struct tq_store *base, struct tq_arena *a,
    struct tq_site **out, size_t *n, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	const struct tq_site *sites = m->now.t[TQ_MEM_SITES].p;
	size_t count = m->now.t[TQ_MEM_SITES].n;
	struct tq_site *copy = tq_new_n(a, struct tq_site, count);

	for (size_t i = 0; i < count && copy != NULL; i++) {
		copy[i] = sites[i];
		copy[i].name = tq_arena_str(a, sites[i].name);
	}
	if (a->failed)
		return tq_mem_texts_end(a, e);
	*out = copy;
	*n = count;
	return TQ_OK;
}

static void
setting_drop(struct tq_mem *m, int64_t site_id, tq_str name)
{
	struct tq_mem_setting *p = m->now.t[TQ_MEM_SETTINGS].p;
	size_t n = m->now.t[TQ_MEM_SETTINGS].n, kept = 0;

	for (size_t i = 0; i < n; i++)
		if (p[i].site_id != site_id || !tq_str_eq(p[i].name, name))
			p[kept++] = p[i];
	m->now.t[TQ_MEM_SETTINGS].n = kept;
}

enum tq_code
tq_mem_setting_put(struct tq_store *base, int64_t site_id, tq_str name,
    tq_str value, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	struct tq_mem_setting *row;
	enum tq_code code = tq_mem_may_write(m, e);

	if (code == TQ_OK && site_id != 0 && !tq_mem_site_there(m, site_id))
		code = tq_fail(e, TQ_ENOTFOUND, "no site %lld",
		    (long long)site_id);
	if (code != TQ_OK)
		return code;
	setting_drop(m, site_id, name);
	if (value.n == 0)
		return TQ_OK;
	row = tq_mem_row_add(m, TQ_MEM_SETTINGS, e);
	if (row == NULL)
		return e->code;
	*row = (struct tq_mem_setting){ .site_id = site_id,
	    .name = tq_arena_str(&m->texts, name),
	    .value = tq_arena_str(&m->texts, value) };
	return tq_mem_texts_end(&m->texts, e);
}

static int
by_name(const void *pa, const void *pb)
{
	const struct tq_setting *a = pa, *b = pb;

	return tq_str_cmp(a->name, b->name);
}

enum tq_code
tq_mem_setting_list(struct tq_store *base, int64_t site_id, struct tq_arena *a,
    struct tq_setting **out, size_t *n, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	const struct tq_mem_setting *p = m->now.t[TQ_MEM_SETTINGS].p;
	size_t rows = m->now.t[TQ_MEM_SETTINGS].n, count = 0;
	struct tq_setting *copy = tq_new_n(a, struct tq_setting, rows);

	for (size_t i = 0; i < rows && copy != NULL; i++)
		if (p[i].site_id == site_id)
			copy[count++] = (struct tq_setting){
			    .name = tq_arena_str(a, p[i].name),
			    .value = tq_arena_str(a, p[i].value) };
	if (a->failed)
		return tq_mem_texts_end(a, e);
	if (count > 1)
		qsort(copy, count, sizeof(*copy), by_name);
	*out = copy;
	*n = count;
	return TQ_OK;
}

static struct tq_page *
page_find(const struct tq_mem *m, int64_t site_id, tq_str path)
{
	struct tq_page *p = m->now.t[TQ_MEM_PAGES].p;

	for (size_t i = 0; i < m->now.t[TQ_MEM_PAGES].n; i++)
		if (p[i].site_id == site_id && tq_str_eq(p[i].path, path))
			return &p[i];
	return NULL;
}

struct tq_page *
tq_mem_page_at(const struct tq_mem *m, int64_t id)
{
	struct tq_page *p = m->now.t[TQ_MEM_PAGES].p;

	if (id < 1 || (uint64_t)id > m->now.t[TQ_MEM_PAGES].n)
		return NULL;
	return &p[id - 1];
}

static int64_t
page_published(const struct tq_mem *m, int64_t page_id)
{
	size_t n;
	const struct tq_comment *c = tq_mem_comments(m, &n);
	int64_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += c[i].page_id == page_id &&
		    c[i].state == TQ_PUBLISHED;
	return count;
}

static enum tq_code
page_out(const struct tq_mem *m, const struct tq_page *page,
    struct tq_arena *a, struct tq_page *out, struct tq_err *e)
{
	struct tq_page copy;

	if (page == NULL)
		return tq_fail(e, TQ_ENOTFOUND, "no such page");
	copy = *page;
	copy.path = tq_arena_str(a, page->path);
	copy.title = tq_arena_str(a, page->title);
	copy.published = page_published(m, page->id);
	if (a->failed)
		return tq_mem_texts_end(a, e);
	*out = copy;
	return TQ_OK;
}

enum tq_code
tq_mem_page_get(struct tq_store *base, int64_t site_id, tq_str path,
    struct tq_arena *a, struct tq_page *out, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);

	return page_out(m, page_find(m, site_id, path), a, out, e);
}

enum tq_code
tq_mem_page_by_id(struct tq_store *base, int64_t id, struct tq_arena *a,
    struct tq_page *out, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);

	return page_out(m, tq_mem_page_at(m, id), a, out, e);
}

enum tq_code
tq_mem_page_put(struct tq_store *base, int64_t site_id, tq_str path,
    tq_str title, int64_t now_us, int64_t *id, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	struct tq_page *page;
	enum tq_code code = tq_mem_may_write(m, e);

	if (code == TQ_OK)
		code = tq_input_path(path, e);
	if (code == TQ_OK && !tq_mem_site_there(m, site_id))
		code = tq_fail(e, TQ_ENOTFOUND, "no site %lld",
		    (long long)site_id);
	if (code != TQ_OK)
		return code;
	page = page_find(m, site_id, path);
	if (page == NULL) {
		page = tq_mem_row_add(m, TQ_MEM_PAGES, e);
		if (page == NULL)
			return e->code;
		*page = (struct tq_page){
		    .id = (int64_t)m->now.t[TQ_MEM_PAGES].n,
		    .site_id = site_id, .created_us = now_us,
		    .path = tq_arena_str(&m->texts, path) };
	}
	if (title.n > 0)
		page->title = tq_arena_str(&m->texts, title);
	*id = page->id;
	return tq_mem_texts_end(&m->texts, e);
}

enum tq_code
tq_mem_page_counts(struct tq_store *base, int64_t site_id, const tq_str *paths,
    size_t n, int64_t *out, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);

	(void)e;
	for (size_t i = 0; i < n; i++) {
		const struct tq_page *page = page_find(m, site_id, paths[i]);

		out[i] = page == NULL ? 0 : page_published(m, page->id);
	}
	return TQ_OK;
}

static struct tq_mem_model *
find_model(const struct tq_mem *m, int64_t site_id)
{
	struct tq_mem_model *rows = m->now.t[TQ_MEM_MODELS].p;

	for (size_t i = 0; i < m->now.t[TQ_MEM_MODELS].n; i++)
		if (rows[i].site_id == site_id)
			return &rows[i];
	return NULL;
}

enum tq_code
tq_mem_model_put(struct tq_store *base, int64_t site_id, int64_t cursor,
    tq_str bytes, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	struct tq_mem_model *row;
	enum tq_code code = tq_mem_may_write(m, e);

	if (code == TQ_OK && !tq_mem_site_there(m, site_id))
		code = tq_fail(e, TQ_ENOTFOUND, "no site %lld",
		    (long long)site_id);
	if (code != TQ_OK)
		return code;
	row = find_model(m, site_id);
	if (row == NULL)
		row = tq_mem_row_add(m, TQ_MEM_MODELS, e);
	if (row == NULL)
		return e->code;
	*row = (struct tq_mem_model){ site_id, cursor,
	    tq_arena_str(&m->texts, bytes) };
	return tq_mem_texts_end(&m->texts, e);
}

enum tq_code
tq_mem_model_get(struct tq_store *base, int64_t site_id, struct tq_arena *a,
    int64_t *cursor, tq_str *bytes, struct tq_err *e)
{
	struct tq_mem_model *row = find_model(tq_mem_self(base), site_id);

	if (row == NULL)
		return tq_fail(e, TQ_ENOTFOUND, "no model of site %lld",
		    (long long)site_id);
	*bytes = tq_arena_str(a, row->bytes);
	if (a->failed)
		return tq_fail(e, TQ_ELIMIT, "no memory for a model");
	*cursor = row->cursor;
	return TQ_OK;
}

enum tq_code
tq_mem_model_drop(struct tq_store *base, int64_t site_id, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	struct tq_mem_model *rows = m->now.t[TQ_MEM_MODELS].p;
	size_t n = m->now.t[TQ_MEM_MODELS].n, kept = 0;
	enum tq_code code = tq_mem_may_write(m, e);

	if (code != TQ_OK)
		return code;
	for (size_t i = 0; i < n; i++)
		if (rows[i].site_id != site_id)
			rows[kept++] = rows[i];
	m->now.t[TQ_MEM_MODELS].n = kept;
	return TQ_OK;
}
