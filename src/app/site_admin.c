/* Sites, as the operator changes them: see site_admin.h. */
#include "app/site_admin.h"

#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "app/change.h"
#include "app/sites.h"
#include "base/arena.h"
#include "text/url.h"

struct site_job {
	struct tq_change change;
	tq_str name;
	const struct tq_site_value *values;
	size_t n;
	int64_t site_id;	/* 0: make it */
	int64_t at_us;
};

static enum tq_code
apply(struct tq_change *c, struct tq_store *s, struct tq_err *e)
{
	struct site_job *j = (struct site_job *)c;
	int64_t id = j->site_id;
	enum tq_code code = TQ_OK;

	if (id == 0)
		code = s->ops->site_add(s, j->name, j->at_us, &id, e);
	for (size_t i = 0; code == TQ_OK && i < j->n; i++)
		code = s->ops->setting_put(s, id, j->values[i].name,
		    j->values[i].value, e);
	return code;
}

/* Each a web origin, and none that another site answers to: a request for it
 * would find the older of the two, always. */
static enum tq_code
check_origins(const struct tq_sites *sites, int64_t own_id,
    struct tq_arena *a, tq_str list, struct tq_err *e)
{
	const struct tq_site_view *holder;
	tq_str one, origin;

	while (list.n > 0) {
		list = tq_str_cut(list, ',', &one);
		one = tq_str_trim(one);
		if (one.n == 0)
			continue;
		origin = tq_url_origin(a, one);
		if (origin.n == 0)
			return tq_fail(e, TQ_EINVALID, "origins: \"%.*s\" is "
			    "no web origin, as https://example.org",
			    TQ_FMT(tq_str_sub(one, 0, 80)));
		holder = tq_sites_by_origin(sites, origin);
		if (holder != NULL && holder->id != own_id)
			return tq_fail(e, TQ_EDENIED, "origins: %.*s belongs "
			    "to the site \"%.*s\"", TQ_FMT(tq_str_sub(one, 0,
			    80)), TQ_FMT(holder->name));
	}
	return TQ_OK;
}

static enum tq_code
check_values(const struct tq_sites *sites, int64_t own_id,
    const struct tq_site_value *values, size_t n, struct tq_err *e)
{
	struct tq_site_settings trial;
	struct tq_arena a;
	enum tq_code code = TQ_OK;

	tq_arena_init(&a, (size_t)1024 * 1024);
	tq_settings_defaults(&tq_site_table, &trial);
	for (size_t i = 0; code == TQ_OK && i < n; i++) {
		code = tq_settings_set(&tq_site_table, &trial, &a,
		    values[i].name, values[i].value, e);
		if (code == TQ_OK &&
		    tq_str_eq(values[i].name, TQ_S("origins")))
			code = check_origins(sites, own_id, &a, values[i].value,
			    e);
	}
	tq_arena_free(&a);
	return code;
}

static bool
name_fine(tq_str s)
{
	if (s.n == 0 || s.n > TQ_SITE_NAME_MAX || s.p[0] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || s.p[i] == '-' ||
		    (s.p[i] >= '0' && s.p[i] <= '9')))
			return false;
	return true;
}

static enum tq_code
run(struct tq_app *app, struct site_job *j, struct tq_err *e)
{
	enum tq_code code;

	j->change.apply = apply;
	j->at_us = tq_wall_us(&app->clock);
	code = tq_change_run(&j->change, app, e);
	if (code == TQ_ECONFLICT)
		return tq_fail(e, code, "a site named \"%.*s\" is there "
		    "already", TQ_FMT(j->name));
	return code == TQ_OK ? tq_app_reload(app, e) : code;
}

enum tq_code
tq_site_make(struct tq_app *app, tq_str name,
    const struct tq_site_value *values, size_t n, struct tq_err *e)
{
	struct site_job j = { .name = name, .values = values, .n = n };
	struct tq_sites *sites;
	enum tq_code code;

	if (!name_fine(name))
		return tq_fail(e, TQ_EINVALID, "the name of a site is 1 to 40 "
		    "of a-z, 0-9 and -");
	sites = (struct tq_sites *)tq_cell_get(&app->sites);
	code = check_values(sites, 0, values, n, e);
	tq_sites_put(sites);
	return code == TQ_OK ? run(app, &j, e) : code;
}

enum tq_code
tq_site_change(struct tq_app *app, tq_str name,
    const struct tq_site_value *values, size_t n, struct tq_err *e)
{
	struct tq_sites *sites = (struct tq_sites *)tq_cell_get(&app->sites);
	const struct tq_site_view *v = tq_sites_by_name(sites, name);
	struct site_job j = { .name = name, .values = values, .n = n };
	enum tq_code code;

	j.site_id = v == NULL ? 0 : v->id;
	if (v == NULL)
		code = tq_fail(e, TQ_ENOTFOUND, "there is no site \"%.*s\"",
		    TQ_FMT(tq_str_sub(name, 0, 60)));
	else
		code = check_values(sites, v->id, values, n, e);
	tq_sites_put(sites);
	return code == TQ_OK ? run(app, &j, e) : code;
}

/* Whether there is one; then *out is filled. */
static bool
find(struct tq_app *app, tq_str name, tq_str origin, struct tq_site_found *out)
{
	struct tq_sites *sites = (struct tq_sites *)tq_cell_get(&app->sites);
	const struct tq_site_view *v = name.n > 0 ?
	    tq_sites_by_name(sites, name) : tq_sites_by_origin(sites, origin);

	if (v != NULL) {
		out->id = v->id;
		(void)snprintf(out->name, sizeof(out->name), "%.*s",
		    TQ_FMT(v->name));
	}
	tq_sites_put(sites);
	return v != NULL;
}

/* "https://news.example.org:8080" into "news-example-org-8080". */
static void
name_of_origin(tq_str origin, char out[static TQ_SITE_NAME_MAX + 1])
{
	size_t from = tq_str_find(origin, TQ_S("://")) + 3, n = 0;

	for (size_t i = from; i < origin.n && n < TQ_SITE_NAME_MAX - 3; i++) {
		const char c = origin.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[n++] = c;
		else if (n > 0 && out[n - 1] != '-')
			out[n++] = '-';
	}
	while (n > 0 && out[n - 1] == '-')
		n--;
	out[n] = '\0';
	if (n == 0)
		(void)snprintf(out, TQ_SITE_NAME_MAX + 1, "site");
}

static enum tq_code
make_for_origin(struct tq_app *app, tq_str origin, struct tq_site_found *out,
    struct tq_err *e)
{
	const struct tq_site_value values[] = {
		{ TQ_S("origins"), origin },
		{ TQ_S("title"), tq_str_sub(origin, tq_str_find(origin,
		    TQ_S("://")) + 3, origin.n) },
		/* It asks for verdicts; a board of its own would be opened
		 * unawares. */
		{ TQ_S("comments"), TQ_S("no") },
	};
	char name[TQ_SITE_NAME_MAX + 1];
	size_t n;
	enum tq_code code;

	name_of_origin(origin, name);
	n = strlen(name);
	for (int i = 2;; i++) {
		code = tq_site_make(app, tq_str_c(name), values,
		    sizeof(values) / sizeof(*values), e);
		if (code != TQ_ECONFLICT || i > 99)
			break;
		(void)snprintf(name + n, sizeof(name) - n, "-%d", i);
	}
	if (code == TQ_OK && !find(app, tq_str_c(name), origin, out))
		code = tq_fail(e, TQ_EBUG, "the new site is not there");
	return code;
}

enum tq_code
tq_site_find_or_make(struct tq_app *app, tq_str given,
    struct tq_site_found *out, struct tq_err *e)
{
	struct tq_arena a;
	tq_str origin, none = { NULL, 0 };
	enum tq_code code = TQ_OK;

	out->made = false;
	/* Not made for a name: a slip of the finger would be a site. */
	if (name_fine(given))
		return find(app, given, none, out) ? TQ_OK :
		    tq_fail(e, TQ_ENOTFOUND, "there is no site \"%.*s\"; an "
		    "address, as https://example.org, makes one",
		    TQ_FMT(given));
	tq_arena_init(&a, 65536);
	if (tq_str_find(given, TQ_S("://")) == given.n &&
	    tq_str_find(given, TQ_S(".")) < given.n)
		given = tq_arena_printf(&a, "https://%.*s", TQ_FMT(given));
	origin = tq_url_origin(&a, given);
	if (origin.n == 0)
		code = tq_fail(e, TQ_EINVALID, "a site is a name (1 to %d of "
		    "a-z, 0-9 and -) or an address, as https://example.org",
		    TQ_SITE_NAME_MAX);
	else if (!find(app, none, origin, out)) {
		code = make_for_origin(app, origin, out, e);
		out->made = code == TQ_OK;
	}
	tq_arena_free(&a);
	return code;
}
