/* Which page a request speaks of: an article of ours, or a page elsewhere whose
 * thread is embedded. */
#include "text/path.h"
#include "text/url.h"
#include "web/thread_view.h"

tq_url
tq_article_url(struct tq_arena *a, tq_str slug)
{
	struct tq_buf b;

	tq_buf_init(&b, a, slug.n * 3 + 2);
	tq_buf_byte(&b, '/');
	tq_esc_component(&b, slug);
	return tq_url_local(tq_buf_str(&b));
}

static tq_url
base_of(struct tq_visit *v, const struct tq_place *p)
{
	struct tq_buf b;

	tq_buf_init(&b, &v->x->arena, 128);
	if (p->article != NULL) {
		tq_buf_put(&b, tq_article_url(&v->x->arena,
		    p->article->slug).s);
		tq_buf_byte(&b, '?');
	} else {
		tq_buf_lit(&b, "/threads?site=");
		tq_esc_component(&b, p->site->name);
		tq_buf_lit(&b, "&page=");
		tq_esc_component(&b, p->page_url);
		tq_buf_byte(&b, '&');
	}
	return tq_url_local(tq_buf_str(&b));
}

void
tq_place_article(struct tq_visit *v, const struct tq_article *art,
    struct tq_place *out)
{
	*out = (struct tq_place){
		.site = v->site, .article = art,
		.path = tq_arena_printf(&v->x->arena, "/%.*s",
		    TQ_FMT(art->slug)),
		.title = art->title,
		.closes_us = tq_article_closes_us(art, v->site),
	};
	out->base = base_of(v, out);
}

void
tq_place_alone(struct tq_visit *v, struct tq_place *p)
{
	p->page_url = p->path;
	p->article = NULL;
	p->base = base_of(v, p);
}

static enum tq_code
fault(struct tq_faults *f, enum tq_field_id field, enum tq_fault_id id,
    struct tq_err *e)
{
	tq_fault_add(f, field, id, 0);
	return tq_fail(e, TQ_EINVALID, "%s: %s", tq_field_name(field),
	    tq_fault_name(id));
}

tq_str
tq_place_path(struct tq_visit *v, const struct tq_site_view *site,
    tq_str page)
{
	struct tq_arena *a = &v->x->arena;
	struct tq_url_parts parts;

	if (page.n == 0 || page.n > TQ_URL_MAX)
		return (tq_str){ NULL, 0 };
	if (page.p[0] == '/' && !tq_str_starts(page, TQ_S("//")))
		return tq_path_canonical(a, page);
	if (!tq_url_split(page, &parts) ||
	    !tq_site_has_origin(site, tq_url_origin(a, page)))
		return (tq_str){ NULL, 0 };
	return tq_path_canonical(a, parts.path);
}

enum tq_code
tq_place_find(struct tq_visit *v, tq_str site_name, tq_str page,
    struct tq_place *out, struct tq_faults *faults, struct tq_err *e)
{
	const struct tq_site_view *site = v->site;
	const struct tq_article *art;
	size_t n_articles;
	tq_str path;

	if (site_name.n > 0)
		site = tq_sites_by_name(v->sites, site_name);
	if (site == NULL)
		return fault(faults, TQ_FIELD_SITE, TQ_FAULT_NO_SITE, e);
	v->site = site;
	path = tq_place_path(v, site, page);
	if (path.n == 0)
		return fault(faults, TQ_FIELD_PAGE, TQ_FAULT_NO_PAGE, e);
	art = tq_articles_find(v->articles, site->id,
	    tq_str_sub(path, 1, path.n));
	(void)tq_articles_of(v->articles, site->id, &n_articles);
	if (art != NULL) {
		tq_place_article(v, art, out);
		return TQ_OK;
	}
	/* A site with articles of its own takes comments on those only: else
	 * anybody could open threads under made-up addresses. */
	if (n_articles > 0)
		return fault(faults, TQ_FIELD_PAGE, TQ_FAULT_NO_PAGE, e);
	*out = (struct tq_place){
		.site = site, .path = path, .page_url = page,
		.closes_us = site->set.comments ? INT64_MAX : 0,
	};
	out->base = base_of(v, out);
	return TQ_OK;
}
