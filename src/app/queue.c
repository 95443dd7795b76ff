/* The operator's lists: see queue.h. */
#include "app/queue.h"

#include "app/app.h"
#include "app/sites.h"

static enum tq_code
site_id_of(struct tq_app *app, tq_str name, int64_t *id, struct tq_err *e)
{
	struct tq_sites *sites;
	const struct tq_site_view *v;

	*id = 0;
	if (name.n == 0)
		return TQ_OK;
	sites = (struct tq_sites *)tq_cell_get(&app->sites);
	v = tq_sites_by_name(sites, name);
	*id = v == NULL ? 0 : v->id;
	tq_sites_put(sites);
	if (*id == 0)
		return tq_fail(e, TQ_ENOTFOUND, "there is no site \"%.*s\"",
		    TQ_FMT(tq_str_sub(name, 0, 60)));
	return TQ_OK;
}

enum tq_code
tq_queue_read(struct tq_app *app, const struct tq_queue_ask *ask,
    struct tq_arena *a, struct tq_comment **out, size_t *n, struct tq_err *e)
{
	struct tq_store *s;
	int64_t site_id;
	enum tq_code code = site_id_of(app, ask->site, &site_id, e);

	if (code == TQ_OK)
		code = tq_store_pool_take(app->readers, &s, e);
	if (code != TQ_OK)
		return code;
	code = s->ops->comments_in_state(s, site_id, 0, ask->state,
	    ask->before_id, ask->max, a, out, n, e);
	tq_store_pool_put(app->readers, s);
	return code;
}

enum tq_code
tq_queue_counts(struct tq_app *app, int64_t out[TQ_STATES], struct tq_err *e)
{
	struct tq_store *s;
	enum tq_code code = tq_store_pool_take(app->readers, &s, e);

	if (code != TQ_OK)
		return code;
	code = s->ops->state_counts(s, 0, out, e);
	tq_store_pool_put(app->readers, s);
	return code;
}
