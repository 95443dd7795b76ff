/* The store in memory: keys of clients, and how much each was used. */
#include "store/store_memory.h"

#include <stdlib.h>
#include <string.h>

#include "store/input.h"

static struct tq_api_key *
find_key(const struct tq_mem *m, int64_t id)
{
	struct tq_api_key *rows = m->now.t[TQ_MEM_API_KEYS].p;

	return id > 0 && (uint64_t)id <= m->now.t[TQ_MEM_API_KEYS].n ?
	    &rows[id - 1] : NULL;
}

static enum tq_code
check_key(const struct tq_mem *m, const struct tq_api_key *k, struct tq_err *e)
{
	const struct tq_api_key *rows = m->now.t[TQ_MEM_API_KEYS].p;
	enum tq_code code = tq_mem_may_write(m, e);

	if (code == TQ_OK)
		code = tq_input_api_key(k, e);
	for (size_t i = 0; i < m->now.t[TQ_MEM_API_KEYS].n; i++)
		if (code == TQ_OK && rows[i].id != k->id &&
		    memcmp(rows[i].hash, k->hash, sizeof(k->hash)) == 0)
			code = tq_fail(e, TQ_ECONFLICT, "a key with that hash "
			    "is there already");
	return code;
}

enum tq_code
tq_mem_api_key_add(struct tq_store *base, struct tq_api_key *given,
    struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	struct tq_api_key k = *given, *row;
	enum tq_code code;

	k.id = 0;
	code = check_key(m, &k, e);
	if (code == TQ_OK && !tq_mem_site_there(m, k.site_id))
		code = tq_fail(e, TQ_ENOTFOUND, "no site %lld",
		    (long long)k.site_id);
	if (code != TQ_OK)
		return code;
	row = tq_mem_row_add(m, TQ_MEM_API_KEYS, e);
	if (row == NULL)
		return e->code;
	*row = k;
	row->id = given->id = (int64_t)m->now.t[TQ_MEM_API_KEYS].n;
	row->hint = tq_arena_str(&m->texts, k.hint);
	return tq_mem_texts_end(&m->texts, e);
}

enum tq_code
tq_mem_api_key_get(struct tq_store *base, int64_t id, struct tq_arena *a,
    struct tq_api_key *out, struct tq_err *e)
{
	const struct tq_api_key *row = find_key(tq_mem_self(base), id);
	tq_str hint;

	if (row == NULL)
		return tq_fail(e, TQ_ENOTFOUND, "there is no key %lld",
		    (long long)id);
	hint = tq_arena_str(a, row->hint);
	if (a->failed)
		return tq_mem_texts_end(a, e);
	*out = *row;
	out->hint = hint;
	return TQ_OK;
}

enum tq_code
tq_mem_api_key_put(struct tq_store *base, const struct tq_api_key *k,
    struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	struct tq_api_key *row = find_key(m, k->id), old;
	enum tq_code code = check_key(m, k, e);

	if (code != TQ_OK)
		return code;
	if (row == NULL)
		return tq_fail(e, TQ_ENOTFOUND, "there is no key %lld",
		    (long long)k->id);
	old = *row;
	*row = *k;
	row->site_id = old.site_id;
	row->created_us = old.created_us;
	row->hint = tq_arena_str(&m->texts, k->hint);
	return tq_mem_texts_end(&m->texts, e);
}

enum tq_code
tq_mem_api_key_list(struct tq_store *base, struct tq_arena *a,
    struct tq_api_key **out, size_t *n, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	const struct tq_api_key *rows = m->now.t[TQ_MEM_API_KEYS].p;
	const size_t count = m->now.t[TQ_MEM_API_KEYS].n;
	struct tq_api_key *copy = tq_new_n(a, struct tq_api_key, count);

	for (size_t i = 0; i < count && copy != NULL; i++) {
		copy[i] = rows[i];
		copy[i].hint = tq_arena_str(a, rows[i].hint);
	}
	if (a->failed)
		return tq_mem_texts_end(a, e);
	*out = copy;
	*n = count;
	return TQ_OK;
}

/* The row to count in, or NULL; *sites are the others of that key and day. */
static struct tq_use_row *
find_use(const struct tq_mem *m, const struct tq_use_row *like, tq_str site,
    int64_t *sites)
{
	struct tq_use_row *rows = m->now.t[TQ_MEM_KEY_USES].p, *found = NULL;

	*sites = 0;
	for (size_t i = 0; i < m->now.t[TQ_MEM_KEY_USES].n; i++) {
		if (rows[i].key_id != like->key_id || rows[i].day != like->day)
			continue;
		*sites += rows[i].site.n > 0;
		if (tq_str_eq(rows[i].site, site))
			found = &rows[i];
	}
	return found;
}

enum tq_code
tq_mem_key_use_add(struct tq_store *base, const struct tq_use_row *r,
    struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	enum tq_code code = tq_mem_may_write(m, e);
	struct tq_use_row *row;
	tq_str site = r->site;
	int64_t sites;

	if (code == TQ_OK)
		code = tq_input_use(r, e);
	if (code == TQ_OK && find_key(m, r->key_id) == NULL)
		code = tq_fail(e, TQ_ENOTFOUND, "there is no key %lld",
		    (long long)r->key_id);
	if (code != TQ_OK)
		return code;
	row = find_use(m, r, site, &sites);
	if (row == NULL && site.n > 0 && sites >= TQ_USE_SITES_MAX) {
		site.n = 0;
		row = find_use(m, r, site, &sites);
	}
	if (row == NULL) {
		row = tq_mem_row_add(m, TQ_MEM_KEY_USES, e);
		if (row == NULL)
			return e->code;
		*row = (struct tq_use_row){ .key_id = r->key_id,
		    .day = r->day, .site = tq_arena_str(&m->texts, site) };
	}
	for (size_t i = 0; i < TQ_USES; i++)
		if (__builtin_add_overflow(row->n[i], r->n[i], &row->n[i]))
			row->n[i] = INT64_MAX;
	return tq_mem_texts_end(&m->texts, e);
}

static bool
asked(const struct tq_use_ask *ask, const struct tq_use_row *r)
{
	return r->key_id == ask->key_id && r->day >= ask->from_day &&
	    r->day <= ask->to_day &&
	    (ask->site.p == NULL || tq_str_eq(ask->site, r->site));
}

static int
by_day_and_site(const void *pa, const void *pb)
{
	const struct tq_use_row *a = pa, *b = pb;

	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	return tq_str_cmp(a->site, b->site);
}

enum tq_code
tq_mem_key_use_list(struct tq_store *base, const struct tq_use_ask *ask,
    struct tq_arena *a, struct tq_use_row **out, size_t *n, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	const struct tq_use_row *rows = m->now.t[TQ_MEM_KEY_USES].p;
	const size_t all = m->now.t[TQ_MEM_KEY_USES].n;
	struct tq_use_row *copy = tq_new_n(a, struct tq_use_row, all);
	size_t count = 0;

	for (size_t i = 0; i < all && copy != NULL; i++)
		if (asked(ask, &rows[i])) {
			copy[count] = rows[i];
			copy[count++].site = tq_arena_str(a, rows[i].site);
		}
	if (a->failed)
		return tq_mem_texts_end(a, e);
	if (count > 1)
		qsort(copy, count, sizeof(*copy), by_day_and_site);
	*out = copy;
	*n = count;
	return TQ_OK;
}

enum tq_code
tq_mem_key_use_sum(struct tq_store *base, const struct tq_use_ask *ask,
    int64_t out[TQ_USES], struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	const struct tq_use_row *rows = m->now.t[TQ_MEM_KEY_USES].p;

	(void)e;
	for (size_t i = 0; i < TQ_USES; i++)
		out[i] = 0;
	for (size_t i = 0; i < m->now.t[TQ_MEM_KEY_USES].n; i++)
		for (size_t k = 0; k < TQ_USES && asked(ask, &rows[i]); k++)
			out[k] += rows[i].n[k];
	return TQ_OK;
}
