/* The API's reading half: threads, one comment, counts. */
#include "app/listing.h"
#include "app/own.h"
#include "web/api_json.h"
#include "web/reply.h"

#define COUNT_PAGES_MAX 100

static enum tq_when
bad_place(struct tq_visit *v, const struct tq_faults *faults)
{
	return tq_reply_problem(v, 404, "no such page on this site", faults);
}

/* sort and cursor are checked here: an API client wants to hear of a typo. */
static bool
read_ask(struct tq_visit *v, struct tq_listing_ask *ask)
{
	tq_str sort = tq_visit_query(v, TQ_S("sort"));
	tq_str cursor = tq_visit_query(v, TQ_S("cursor"));

	ask->sort = (enum tq_sort)ask->site->set.sort;
	return (sort.n == 0 || tq_sort_parse(sort, &ask->sort)) &&
	    (cursor.n == 0 || tq_cursor_parse(cursor, &ask->from));
}

static enum tq_when
put_thread(struct tq_visit *v, const struct tq_place *place,
    const struct tq_listing_ask *ask)
{
	struct tq_listing l;
	struct tq_buf b;
	struct tq_err e;

	if (tq_listing_read(v->app, ask, &v->x->arena, &l, &e) != TQ_OK)
		return tq_reply_failure(v, &e);
	tq_buf_init(&b, &v->x->arena, (size_t)64 * 1024);
	tq_buf_lit(&b, "{\"site\":");
	tq_json_str(&b, place->site->name);
	tq_buf_lit(&b, ",\"page\":");
	tq_json_str(&b, place->path);
	tq_buf_lit(&b, ",\"title\":");
	tq_json_str(&b, place->title.n > 0 ? place->title : l.page.title);
	tq_buf_printf(&b, ",\"open\":%s,\"count\":%lld,\"sort\":\"%s\","
	    "\"comments\":[", place->closes_us > tq_wall_us(&v->app->clock) ?
	    "true" : "false", (long long)l.page.published,
	    tq_sort_name(ask->sort));
	for (size_t i = 0; i < l.slice.n; i++) {
		if (i > 0)
			tq_buf_byte(&b, ',');
		if (tq_api_comment(v, &b, place, &l.slice.comments[i], NULL,
		    &e) != TQ_OK)
			return tq_reply_failure(v, &e);
	}
	tq_buf_lit(&b, "],\"next\":");
	if (l.slice.more)
		tq_json_str(&b, tq_cursor_print(&v->x->arena,
		    &l.slice.next));
	else
		tq_buf_lit(&b, "null");
	tq_buf_lit(&b, "}\n");
	return tq_reply_json(v, 200, &b);
}

enum tq_when
tq_api_threads(struct tq_visit *v)
{
	struct tq_faults faults = { .n = 0 };
	struct tq_listing_ask ask = { .comment_id = 0 };
	struct tq_place place;
	struct tq_err e;

	if (tq_place_find(v, tq_visit_query(v, TQ_S("site")),
	    tq_visit_query(v, TQ_S("page")), &place, &faults, &e) != TQ_OK)
		return bad_place(v, &faults);
	ask.site = place.site;
	ask.path = place.path;
	if (!read_ask(v, &ask))
		return tq_reply_problem(v, 400,
		    "sort is newest, oldest or best; cursor is the \"next\" "
		    "of an answer", NULL);
	return put_thread(v, &place, &ask);
}

enum tq_when
tq_api_comment_get(struct tq_visit *v)
{
	struct tq_faults faults = { .n = 0 };
	const struct tq_site_view *site;
	struct tq_comment c;
	struct tq_page page;
	struct tq_place place;
	struct tq_buf b;
	struct tq_err e;
	int64_t id;

	if (!tq_str_i64(v->param, &id) || id <= 0)
		return tq_reply_problem(v, 404, "no such comment", NULL);
	if (tq_listing_comment(v->app, id, &v->x->arena, &c, &page, &e) !=
	    TQ_OK)
		return tq_reply_failure(v, &e);
	site = tq_sites_by_id(v->sites, c.site_id);
	if (site == NULL || c.state != TQ_PUBLISHED ||
	    tq_place_find(v, site->name, page.path, &place, &faults, &e) !=
	    TQ_OK)
		return tq_reply_problem(v, 404, "no such comment", NULL);
	tq_buf_init(&b, &v->x->arena, 4096);
	if (tq_api_comment(v, &b, &place, &c, NULL, &e) != TQ_OK)
		return tq_reply_failure(v, &e);
	tq_buf_byte(&b, '\n');
	return tq_reply_json(v, 200, &b);
}

enum tq_when
tq_api_counts(struct tq_visit *v)
{
	const struct tq_site_view *site = v->site;
	tq_str name = tq_visit_query(v, TQ_S("site"));
	tq_str paths[COUNT_PAGES_MAX], asked[COUNT_PAGES_MAX], page;
	int64_t counts[COUNT_PAGES_MAX];
	struct tq_buf b;
	struct tq_err e;
	size_t n = 0;

	if (name.n > 0)
		site = tq_sites_by_name(v->sites, name);
	if (site == NULL)
		return tq_reply_problem(v, 404, "no such site", NULL);
	while ((page = tq_form_nth(&v->query, TQ_S("page"), n)).p != NULL) {
		if (n == COUNT_PAGES_MAX)
			return tq_reply_problem(v, 400,
			    "at most 100 pages at once", NULL);
		asked[n] = page;
		paths[n++] = tq_place_path(v, site, page);
	}
	if (tq_listing_counts(v->app, site->id, paths, n, counts, &e) !=
	    TQ_OK)
		return tq_reply_failure(v, &e);
	tq_buf_init(&b, &v->x->arena, 1024);
	tq_buf_lit(&b, "{\"counts\":{");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			tq_buf_byte(&b, ',');
		tq_json_str(&b, asked[i]);
		tq_buf_printf(&b, ":%lld", (long long)counts[i]);
	}
	tq_buf_lit(&b, "}}\n");
	return tq_reply_json(v, 200, &b);
}
