/* Sites: rows and settings of the store turned into one checked snapshot. */
#include "app/sites.h"

#include <stdlib.h>

#include "base/log.h"
#include "text/url.h"

#define ARENA_CAP ((size_t)16 * 1024 * 1024)

static void
free_sites(struct tq_ref *r)
{
	struct tq_sites *s = (struct tq_sites *)r;

	tq_arena_free(&s->arena);
	free(s);
}

void
tq_sites_put(struct tq_sites *s)
{
	if (s != NULL)
		tq_ref_put(&s->ref);
}

/* "https://a.org, https://b.org" into checked origins. */
static enum tq_code
split_origins(struct tq_site_view *v, struct tq_arena *a, struct tq_err *e)
{
	tq_str rest = v->set.origins, one;
	size_t max = 1;

	for (size_t i = 0; i < rest.n; i++)
		max += rest.p[i] == ',';
	v->origins = tq_new_n(a, tq_str, max);
	if (v->origins == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for origins");
	while (rest.n > 0) {
		tq_str origin;

		rest = tq_str_cut(rest, ',', &one);
		one = tq_str_trim(one);
		if (one.n == 0)
			continue;
		origin = tq_url_origin(a, one);
		if (origin.n == 0)
			tq_log(TQ_LOG_WARN, "site_origin_bad",
			    TQ_LOG_INT("site", v->id),
			    TQ_LOG_OPERATOR("origin", TQ_OPERATOR(one)));
		else
			v->origins[v->n_origins++] = origin;
	}
	return TQ_OK;
}

static enum tq_code
read_settings(struct tq_store *s, struct tq_site_view *v, struct tq_arena *a,
    struct tq_err *e)
{
	struct tq_setting *rows;
	struct tq_err bad;
	size_t n;
	enum tq_code code;

	tq_settings_defaults(&tq_site_table, &v->set);
	code = s->ops->setting_list(s, v->id, a, &rows, &n, e);
	if (code != TQ_OK)
		return code;
	for (size_t i = 0; i < n; i++)
		if (tq_settings_set(&tq_site_table, &v->set, a, rows[i].name,
		    rows[i].value, &bad) != TQ_OK)
			tq_log(TQ_LOG_WARN, "site_setting_bad",
			    TQ_LOG_INT("site", v->id),
			    TQ_LOG_OPERATOR("problem",
			    TQ_OPERATOR(tq_str_c(bad.text))));
	v->locale = (struct tq_locale){
		.lang = tq_lang_find(v->set.language),
		.digits = (enum tq_digits)v->set.digits,
		.months = (enum tq_months)v->set.months,
		.zone_min = (int)v->set.zone_min,
	};
	return split_origins(v, a, e);
}

static tq_str
host_of(tq_str origin)
{
	return tq_str_sub(origin, tq_str_find(origin, TQ_S("://")) + 3,
	    origin.n);
}

/* Among the first n sites. */
static const struct tq_site_view *
holder(const struct tq_sites *s, size_t n, tq_str host)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < s->sites[i].n_origins; k++)
			if (tq_str_eq_nocase(host,
			    host_of(s->sites[i].origins[k])))
				return &s->sites[i];
	return NULL;
}

/* "taliq site" refuses what another site has; an older database may have it. */
static void
warn_of_shared(const struct tq_sites *s, size_t i)
{
	for (size_t k = 0; k < s->sites[i].n_origins; k++) {
		tq_str origin = s->sites[i].origins[k];
		const struct tq_site_view *v = holder(s, i, host_of(origin));

		if (v != NULL)
			tq_log(TQ_LOG_WARN, "site_origin_taken",
			    TQ_LOG_INT("site", s->sites[i].id),
			    TQ_LOG_INT("holder", v->id),
			    TQ_LOG_OPERATOR("origin", TQ_OPERATOR(origin)));
	}
}

enum tq_code
tq_sites_load(struct tq_store *s, struct tq_sites **out, struct tq_err *e)
{
	struct tq_sites *all = calloc(1, sizeof(*all));
	struct tq_site *rows;
	enum tq_code code;

	if (all == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for sites");
	tq_ref_init(&all->ref, free_sites);
	tq_arena_init(&all->arena, ARENA_CAP);
	code = s->ops->site_list(s, &all->arena, &rows, &all->n, e);
	if (code == TQ_OK && all->n > 0) {
		all->sites = tq_new_n(&all->arena, struct tq_site_view,
		    all->n);
		if (all->sites == NULL)
			code = tq_fail(e, TQ_ELIMIT, "no memory for sites");
	}
	for (size_t i = 0; code == TQ_OK && i < all->n; i++) {
		all->sites[i].id = rows[i].id;
		all->sites[i].name = rows[i].name;
		code = read_settings(s, &all->sites[i], &all->arena, e);
		if (code == TQ_OK)
			warn_of_shared(all, i);
	}
	if (code == TQ_OK)
		*out = all;
	else
		tq_sites_put(all);
	return code;
}

const struct tq_site_view *
tq_sites_by_host(const struct tq_sites *s, tq_str host)
{
	const struct tq_site_view *v = holder(s, s->n, host);

	return v != NULL || s->n == 0 ? v : &s->sites[0];
}

const struct tq_site_view *
tq_sites_by_origin(const struct tq_sites *s, tq_str origin)
{
	return holder(s, s->n, host_of(origin));
}

const struct tq_site_view *
tq_sites_by_name(const struct tq_sites *s, tq_str name)
{
	for (size_t i = 0; i < s->n; i++)
		if (tq_str_eq(name, s->sites[i].name))
			return &s->sites[i];
	return NULL;
}

const struct tq_site_view *
tq_sites_by_id(const struct tq_sites *s, int64_t id)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->sites[i].id == id)
			return &s->sites[i];
	return NULL;
}

tq_str
tq_site_origin(const struct tq_site_view *v)
{
	return v->n_origins > 0 ? v->origins[0] : (tq_str){ NULL, 0 };
}

bool
tq_site_has_origin(const struct tq_site_view *v, tq_str origin)
{
	for (size_t i = 0; i < v->n_origins; i++)
		if (tq_str_eq_nocase(origin, v->origins[i]))
			return true;
	return false;
}
