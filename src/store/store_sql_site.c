/* Sites, settings and pages. */
#include "store/store_sql.h"

#include "store/input.h"

enum tq_code
tq_sql_site_add(struct tq_store *base, tq_str name, int64_t now_us, int64_t *id,
    struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct tq_site site = { .name = name, .created_us = now_us };
	enum tq_code code = tq_sql_may_write(s, e);
	struct tq_sql_mac mac;

	if (code == TQ_OK)
		code = tq_input_site(name, e);
	if (code == TQ_OK)
		code = tq_sql_number(s, (struct tq_db_call){
		    .sql = TQ_SQL_SITE_NEXT }, &site.id, e);
	if (code != TQ_OK)
		return code;
	mac = tq_sql_mac_site(s->mac_key, &site);
	code = tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_SITE_ADD, TQ_DB_ARGS(tq_db_int(site.id),
	    tq_db_text(name), tq_db_int(now_us), tq_sql_mac_value(&mac)) }, e);
	if (code == TQ_ECONFLICT)
		return tq_fail(e, TQ_ECONFLICT, "site %.*s is there already",
		    TQ_FMT(name));
	if (code == TQ_OK)
		*id = site.id;
	return code;
}

static bool
site_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct tq_sql_list *l = ctx;
	struct tq_site *site = tq_sql_list_add(l, sizeof(*site));

	(void)n;
	if (site == NULL)
		return false;
	*site = (struct tq_site){ .id = row[0].i,
	    .name = tq_arena_str(l->a, row[1].s), .created_us = row[2].i };
	return !l->a->failed;
}

enum tq_code
tq_sql_site_list(struct tq_store *base, struct tq_arena *a,
    struct tq_site **out, size_t *n, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct tq_sql_list l = { .a = a, .max = SIZE_MAX };
	enum tq_code code = tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_SITE_LIST, .visit = site_visit, .ctx = &l }, e);

	if (code == TQ_OK)
		code = tq_sql_list_end(&l, "site", e);
	if (code == TQ_OK) {
		*out = l.p;
		*n = l.n;
	}
	return code;
}

enum tq_code
tq_sql_site_exists(struct tq_sql_store *s, int64_t id, struct tq_err *e)
{
	int64_t found;
	enum tq_code code = tq_sql_number(s, (struct tq_db_call){
	    .sql = TQ_SQL_SITE_EXISTS, TQ_DB_ARGS(tq_db_int(id)) }, &found, e);

	if (code == TQ_ENOTFOUND)
		return tq_fail(e, TQ_ENOTFOUND, "no site %lld", (long long)id);
	return code;
}

enum tq_code
tq_sql_setting_put(struct tq_store *base, int64_t site_id, tq_str name,
    tq_str value, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct tq_setting setting = { name, value };
	enum tq_code code = tq_sql_may_write(s, e);
	struct tq_sql_mac mac;

	if (code == TQ_OK && site_id != 0)
		code = tq_sql_site_exists(s, site_id, e);
	if (code != TQ_OK)
		return code;
	if (value.n == 0) {
		s->erased = true;
		return tq_sql_query(s, &(struct tq_db_call){
		    .sql = TQ_SQL_SETTING_DROP, TQ_DB_ARGS(tq_db_int(site_id),
		    tq_db_text(name)) }, e);
	}
	mac = tq_sql_mac_setting(s->mac_key, site_id, &setting);
	return tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_SETTING_PUT, TQ_DB_ARGS(tq_db_int(site_id),
	    tq_db_text(name), tq_db_text(value), tq_sql_mac_value(&mac)) }, e);
}

static bool
setting_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct tq_sql_list *l = ctx;
	struct tq_setting *setting = tq_sql_list_add(l, sizeof(*setting));

	(void)n;
	if (setting == NULL)
		return false;
	setting->name = tq_arena_str(l->a, row[0].s);
	setting->value = tq_arena_str(l->a, row[1].s);
	return !l->a->failed;
}

enum tq_code
tq_sql_setting_list(struct tq_store *base, int64_t site_id, struct tq_arena *a,
    struct tq_setting **out, size_t *n, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct tq_sql_list l = { .a = a, .max = SIZE_MAX };
	enum tq_code code = tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_SETTING_LIST, TQ_DB_ARGS(tq_db_int(site_id)),
	    .visit = setting_visit, .ctx = &l }, e);

	if (code == TQ_OK)
		code = tq_sql_list_end(&l, "setting", e);
	if (code == TQ_OK) {
		*out = l.p;
		*n = l.n;
	}
	return code;
}

static bool
page_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct tq_sql_list *l = ctx;
	struct tq_page *page = tq_sql_list_add(l, sizeof(*page));

	(void)n;
	if (page == NULL)
		return false;
	*page = (struct tq_page){ .id = row[0].i, .site_id = row[1].i,
	    .path = tq_arena_str(l->a, row[2].s),
	    .title = tq_arena_str(l->a, row[3].s), .created_us = row[4].i,
	    .published = row[5].i, .change = row[6].i };
	return false;
}

static enum tq_code
page_read(struct tq_sql_store *s, struct tq_db_call call, struct tq_arena *a,
    struct tq_page *out, struct tq_err *e)
{
	struct tq_sql_list l = { .a = a, .max = 1 };
	enum tq_code code;

	call.visit = page_visit;
	call.ctx = &l;
	code = tq_sql_query(s, &call, e);
	if (code == TQ_OK)
		code = tq_sql_list_end(&l, "page", e);
	if (code != TQ_OK)
		return code;
	if (l.n == 0)
		return tq_fail(e, TQ_ENOTFOUND, "no such page");
	*out = *(struct tq_page *)l.p;
	return TQ_OK;
}

enum tq_code
tq_sql_page_get(struct tq_store *s, int64_t site_id, tq_str path,
    struct tq_arena *a, struct tq_page *out, struct tq_err *e)
{
	return page_read(tq_sql_self(s), (struct tq_db_call){
	    .sql = TQ_SQL_PAGE_GET, TQ_DB_ARGS(tq_db_int(site_id),
	    tq_db_text(path)) }, a, out, e);
}

enum tq_code
tq_sql_page_by_id(struct tq_store *s, int64_t id, struct tq_arena *a,
    struct tq_page *out, struct tq_err *e)
{
	return page_read(tq_sql_self(s), (struct tq_db_call){
	    .sql = TQ_SQL_PAGE_BY_ID, TQ_DB_ARGS(tq_db_int(id)) }, a, out, e);
}

static enum tq_code
page_add(struct tq_sql_store *s, struct tq_page *page, struct tq_err *e)
{
	enum tq_code code = tq_sql_site_exists(s, page->site_id, e);
	struct tq_sql_mac mac;

	if (code == TQ_OK)
		code = tq_sql_number(s, (struct tq_db_call){
		    .sql = TQ_SQL_PAGE_NEXT }, &page->id, e);
	if (code != TQ_OK)
		return code;
	mac = tq_sql_mac_page(s->mac_key, page);
	return tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_PAGE_ADD, TQ_DB_ARGS(tq_db_int(page->id),
	    tq_db_int(page->site_id), tq_db_text(page->path),
	    tq_db_text(page->title), tq_db_int(page->created_us),
	    tq_sql_mac_value(&mac)) }, e);
}

static enum tq_code
page_retitle(struct tq_sql_store *s, struct tq_page *page, tq_str title,
    struct tq_err *e)
{
	struct tq_sql_mac mac;

	if (title.n == 0 || tq_str_eq(title, page->title))
		return TQ_OK;
	page->title = title;
	mac = tq_sql_mac_page(s->mac_key, page);
	return tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_PAGE_TITLE, TQ_DB_ARGS(tq_db_int(page->id),
	    tq_db_text(title), tq_sql_mac_value(&mac)) }, e);
}

enum tq_code
tq_sql_page_put(struct tq_store *base, int64_t site_id, tq_str path,
    tq_str title, int64_t now_us, int64_t *id, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct tq_page page;
	struct tq_arena a;
	enum tq_code code = tq_sql_may_write(s, e);

	if (code == TQ_OK)
		code = tq_input_path(path, e);
	if (code != TQ_OK)
		return code;
	tq_arena_init(&a, 1 << 20);
	code = tq_sql_page_get(base, site_id, path, &a, &page, e);
	if (code == TQ_ENOTFOUND) {
		page = (struct tq_page){ .site_id = site_id, .path = path,
		    .title = title, .created_us = now_us };
		code = page_add(s, &page, e);
	} else if (code == TQ_OK) {
		code = page_retitle(s, &page, title, e);
	}
	tq_arena_free(&a);
	if (code == TQ_OK)
		*id = page.id;
	return code;
}

enum tq_code
tq_sql_page_counts(struct tq_store *base, int64_t site_id, const tq_str *paths,
    size_t n, int64_t *out, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);

	for (size_t i = 0; i < n; i++) {
		int64_t published = 0;
		enum tq_code code = tq_sql_number(s, (struct tq_db_call){
		    .sql = TQ_SQL_PAGE_COUNT, TQ_DB_ARGS(tq_db_int(site_id),
		    tq_db_text(paths[i])) }, &published, e);

		if (code != TQ_OK && code != TQ_ENOTFOUND)
			return code;
		out[i] = published;
	}
	return TQ_OK;
}
