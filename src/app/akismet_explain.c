/* Explaining judges again what the memory holds, with the evidence of then: at
 * the time of the check reasons would cost more than the check. */
#include "app/akismet_explain.h"

#include "app/app.h"
#include "app/judge.h"
#include "app/sites.h"

static bool
uses_filter(struct tq_app *app, int64_t site_id)
{
	struct tq_sites *sites = (struct tq_sites *)tq_cell_get(&app->sites);
	const struct tq_site_view *site = tq_sites_by_id(sites, site_id);
	bool yes = site != NULL && site->set.filter;

	tq_sites_put(sites);
	return yes;
}

enum tq_code
tq_akismet_explain(struct tq_app *app, tq_str guid, struct tq_arena *a,
    struct tq_ak_explanation *out, struct tq_err *e)
{
	struct tq_ak_verdict *v = &out->then;
	int64_t now_us = tq_mono_us(&app->clock);
	uint8_t bytes[TQ_AK_GUID_BYTES];

	if (!tq_ak_guid_parse(guid, bytes))
		return tq_fail(e, TQ_EINVALID, "a guid is 32 hexadecimal "
		    "digits, from the header X-akismet-guid");
	if (!tq_ak_memory_find(tq_akismet_memory(app->akismet), 0, bytes,
	    now_us, a, v))
		return a->failed ? tq_fail(e, TQ_ELIMIT, "no memory") :
		    tq_fail(e, TQ_ENOTFOUND, "that guid is not known; a "
		    "running server remembers the last %zu for a day",
		    TQ_AK_MEMORY_COUNT);
	out->ago_us = now_us - v->at_us;
	out->judged = v->why == NULL && v->name.n + v->url.n + v->text.n > 0 &&
	    uses_filter(app, v->site_id) && tq_judge_verdict(app->judge,
	    &(struct tq_judge_ask){ .site_id = v->site_id, .lang = v->lang,
	    .name = v->name, .url = v->url, .text = v->text,
	    .signals = v->signals, .n_signals = v->n_signals }, true,
	    &out->now, NULL);
	return TQ_OK;
}
