/* taliq key add|list|show|limit|rotate|revoke|unlearn|explain */
#include <string.h>

#include "app/app.h"
#include "app/key_admin.h"
#include "app/key_use.h"
#include "app/site_admin.h"
#include "app/sites.h"
#include "cli/cli.h"

#define LIMIT_MAX INT64_C(1000000000)
#define HOURS_MAX INT64_C(8784)		/* a year */
#define HOUR_US (3600 * TQ_SECOND_US)
#define SITES_SHOWN 20

static const struct tq_key_limits fresh = { .lessons_per_hour = 200 };

struct number { const char *option; int64_t min, max; };

static enum tq_code
read_number(int *argc, char **argv, const struct number *what, int64_t *out,
    struct tq_err *e)
{
	bool bad = false;
	const char *word = tq_cli_option(argc, argv, what->option, &bad);
	int64_t v = *out;

	if (bad || (word != NULL && (!tq_str_i64(tq_str_c(word), &v) ||
	    v < what->min || v > what->max)))
		return tq_fail(e, TQ_EINVALID, "--%s is \"%.40s\", allowed: "
		    "%lld to %lld", what->option, word == NULL ? "" : word,
		    (long long)what->min, (long long)what->max);
	*out = v;
	return TQ_OK;
}

/* Limits as asked for; -1: not a word of it. */
struct asked { int64_t per_minute, per_month, lessons_per_hour, webhook; };

/* Takes them out of argv. */
static enum tq_code
read_limits(int *argc, char **argv, struct asked *l, struct tq_err *e)
{
	bool bad = false;
	const char *webhook = tq_cli_option(argc, argv, "webhook", &bad);
	enum tq_code code;

	*l = (struct asked){ -1, -1, -1, -1 };
	if (bad || (webhook != NULL && strcmp(webhook, "yes") != 0 &&
	    strcmp(webhook, "no") != 0))
		return tq_fail(e, TQ_EINVALID, "--webhook is yes or no");
	if (webhook != NULL)
		l->webhook = webhook[0] == 'y';
	code = read_number(argc, argv, &(struct number){
	    "per-minute", 0, LIMIT_MAX }, &l->per_minute, e);
	if (code == TQ_OK)
		code = read_number(argc, argv, &(struct number){
		    "per-month", 0, LIMIT_MAX }, &l->per_month, e);
	if (code == TQ_OK)
		code = read_number(argc, argv, &(struct number){
		    "lessons-per-hour", 0, LIMIT_MAX }, &l->lessons_per_hour, e);
	return code;
}

static struct tq_key_limits
with(struct tq_key_limits l, const struct asked *a)
{
	if (a->per_minute >= 0)
		l.per_minute = a->per_minute;
	if (a->per_month >= 0)
		l.per_month = a->per_month;
	if (a->lessons_per_hour >= 0)
		l.lessons_per_hour = a->lessons_per_hour;
	if (a->webhook >= 0)
		l.webhook = a->webhook == 1;
	return l;
}

/* The one word that is left: a key's number. */
static enum tq_code
read_id(int argc, char **argv, int64_t *id, struct tq_err *e)
{
	if (argc != 2)
		return tq_fail(e, TQ_EINVALID, "%s wants one key's number",
		    argv[0]);
	if (!tq_str_i64(tq_str_c(argv[1]), id) || *id <= 0)
		return tq_fail(e, TQ_EINVALID, "that is not a key's number; "
		    "see \"taliq key list\"");
	return TQ_OK;
}

static enum tq_code
add(struct tq_app *app, int argc, char **argv, struct tq_buf *out,
    struct tq_err *e)
{
	struct tq_key_limits limits;
	struct asked asked;
	bool bad = false;
	const char *site = tq_cli_option(&argc, argv, "site", &bad);
	struct tq_site_found found;
	struct tq_key_text text;
	int64_t id;
	enum tq_code code = read_limits(&argc, argv, &asked, e);

	if (code != TQ_OK)
		return code;
	if (bad || site == NULL || argc != 1)
		return tq_fail(e, TQ_EINVALID, "add wants --site NAME or "
		    "--site https://example.org, and takes limits%s%.40s",
		    argc > 1 ? "; not " : "", argc > 1 ? argv[1] : "");
	code = tq_site_find_or_make(app, tq_str_c(site), &found, e);
	if (code != TQ_OK)
		return code;
	if (found.made)
		tq_buf_printf(out, "site %s was added (comments=no)\n",
		    found.name);
	limits = with(fresh, &asked);
	code = tq_key_add(app, found.id, &limits, &id, &text, e);
	if (code == TQ_OK)
		tq_buf_printf(out, "key %lld of site %s was added; this is "
		    "the only time it is shown:\n%s\n", (long long)id,
		    found.name, text.c);
	tq_wipe(&text, sizeof(text));
	return code;
}

static void
put_site(struct tq_app *app, struct tq_buf *out, int64_t id)
{
	struct tq_sites *sites = (struct tq_sites *)tq_cell_get(&app->sites);
	const struct tq_site_view *v = tq_sites_by_id(sites, id);

	if (v != NULL)
		tq_buf_put(out, v->name);
	tq_sites_put(sites);
}

/* "good", "revoked", "damaged" or, while two texts are good, "rotated". */
static const char *
state_of(const struct tq_api_key *k, int64_t now_us)
{
	if (k->damaged)
		return "damaged";
	if (k->revoked_us != 0)
		return "revoked";
	return now_us < k->old_until_us ? "rotated" : "good";
}

static void
put_line(struct tq_app *app, struct tq_buf *out, const struct tq_api_key *k)
{
	tq_buf_printf(out, "%lld\t", (long long)k->id);
	put_site(app, out, k->site_id);
	tq_buf_printf(out, "\t%.*s...\t%s\t%lld\t%lld\t%lld\t%s\t",
	    TQ_FMT(k->hint), state_of(k, tq_wall_us(&app->clock)),
	    (long long)k->per_minute, (long long)k->per_month,
	    (long long)k->lessons_per_hour, k->webhook ? "yes" : "no");
	tq_date_rfc3339(out, k->created_us);
	tq_buf_byte(out, '\n');
}

static enum tq_code
list(struct tq_app *app, int argc, char **argv, struct tq_buf *out,
    struct tq_err *e)
{
	struct tq_api_keys *keys;

	(void)argv;
	if (argc != 1)
		return tq_fail(e, TQ_EINVALID, "list takes no arguments");
	keys = (struct tq_api_keys *)tq_cell_get(&app->api_keys);
	for (size_t i = 0; i < tq_api_keys_count(keys); i++)
		put_line(app, out, tq_api_keys_at(keys, i));
	tq_api_keys_put(keys);
	return TQ_OK;
}

static void
put_date(struct tq_buf *out, const char *name, int64_t at_us)
{
	tq_buf_printf(out, "%s = ", name);
	tq_date_rfc3339(out, at_us);
	tq_buf_byte(out, '\n');
}

static void
put_key(struct tq_app *app, struct tq_buf *out, const struct tq_api_key *k)
{
	const int64_t now_us = tq_wall_us(&app->clock);

	tq_buf_printf(out, "key = %lld\nsite = ", (long long)k->id);
	put_site(app, out, k->site_id);
	tq_buf_printf(out, "\nbegins = %.*s\nstate = %s\n", TQ_FMT(k->hint),
	    state_of(k, now_us));
	put_date(out, "created", k->created_us);
	if (k->revoked_us != 0)
		put_date(out, "revoked", k->revoked_us);
	if (now_us < k->old_until_us)
		put_date(out, "old_text_until", k->old_until_us);
	tq_buf_printf(out, "per_minute = %lld\nper_month = %lld\n"
	    "lessons_per_hour = %lld\nwebhook = %s\n",
	    (long long)k->per_minute, (long long)k->per_month,
	    (long long)k->lessons_per_hour, k->webhook ? "yes" : "no");
}

static void
put_sum(struct tq_buf *out, const char *name, const struct tq_use_row *r)
{
	tq_buf_printf(out, "%s = %lld spam, %lld good, %lld missed spam, "
	    "%lld taken for spam\n", name, (long long)r->n[TQ_USE_SPAM],
	    (long long)r->n[TQ_USE_HAM], (long long)r->n[TQ_USE_MISSED_SPAM],
	    (long long)r->n[TQ_USE_FALSE_POSITIVE]);
}

/* This month's counts: all of them, then by site, the busiest first. */
static enum tq_code
put_use(struct tq_app *app, struct tq_buf *out, int64_t id, struct tq_err *e)
{
	const int64_t month = tq_key_use_day(tq_wall_us(&app->clock)) / 100;
	const struct tq_use_ask ask = { .key_id = id,
	    .from_day = month * 100, .to_day = month * 100 + 99 };
	struct tq_use_row *rows, all = { .key_id = id };
	size_t n;
	enum tq_code code = tq_key_use_report(app, &ask, out->arena, &rows,
	    &n, e);

	if (code != TQ_OK)
		return code;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < TQ_USES; k++)
			all.n[k] += rows[i].n[k];
	put_sum(out, "this_month", &all);
	n = tq_key_use_by_site(rows, n);
	for (size_t i = 0; i < n && i < SITES_SHOWN; i++) {
		tq_buf_lit(out, "on ");
		tq_buf_put(out, rows[i].site.n > 0 ? rows[i].site :
		    TQ_S("other sites"));
		put_sum(out, "", &rows[i]);
	}
	return TQ_OK;
}

static enum tq_code
put_taught(struct tq_app *app, struct tq_buf *out, int64_t id,
    struct tq_err *e)
{
	int64_t spam, ham;
	enum tq_code code = tq_key_taught(app, id, &spam, &ham, e);

	if (code == TQ_OK)
		tq_buf_printf(out, "taught = %lld spam, %lld good\n",
		    (long long)spam, (long long)ham);
	return code;
}

static enum tq_code
no_key(int64_t id, struct tq_err *e)
{
	return tq_fail(e, TQ_ENOTFOUND, "there is no key %lld", (long long)id);
}

static enum tq_code
show(struct tq_app *app, int argc, char **argv, struct tq_buf *out,
    struct tq_err *e)
{
	struct tq_api_keys *keys;
	const struct tq_api_key *k;
	int64_t id;
	enum tq_code code = read_id(argc, argv, &id, e);

	if (code != TQ_OK)
		return code;
	keys = (struct tq_api_keys *)tq_cell_get(&app->api_keys);
	k = tq_api_keys_by_id(keys, id);
	if (k != NULL)
		put_key(app, out, k);
	else
		code = no_key(id, e);
	tq_api_keys_put(keys);
	if (code == TQ_OK)
		code = put_use(app, out, id, e);
	if (code == TQ_OK)
		code = put_taught(app, out, id, e);
	return code;
}

static enum tq_code
current_limits(struct tq_app *app, int64_t id, struct tq_key_limits *out,
    struct tq_err *e)
{
	struct tq_api_keys *keys =
	    (struct tq_api_keys *)tq_cell_get(&app->api_keys);
	const struct tq_api_key *k = tq_api_keys_by_id(keys, id);
	enum tq_code code = TQ_OK;

	if (k != NULL)
		*out = (struct tq_key_limits){ k->per_minute, k->per_month,
		    k->lessons_per_hour, k->webhook };
	else
		code = no_key(id, e);
	tq_api_keys_put(keys);
	return code;
}

static enum tq_code
limit(struct tq_app *app, int argc, char **argv, struct tq_buf *out,
    struct tq_err *e)
{
	const int given = argc;
	struct tq_key_limits limits;
	struct asked asked;
	int64_t id;
	enum tq_code code = read_limits(&argc, argv, &asked, e);

	if (code == TQ_OK && given == argc)
		code = tq_fail(e, TQ_EINVALID, "limit wants a limit, as "
		    "--per-minute 60");
	if (code == TQ_OK)
		code = read_id(argc, argv, &id, e);
	if (code == TQ_OK)
		code = current_limits(app, id, &limits, e);
	if (code != TQ_OK)
		return code;
	limits = with(limits, &asked);
	code = tq_key_limit(app, id, &limits, e);
	if (code == TQ_OK)
		tq_buf_printf(out, "key %lld was changed\n", (long long)id);
	return code;
}

static enum tq_code
rotate(struct tq_app *app, int argc, char **argv, struct tq_buf *out,
    struct tq_err *e)
{
	struct tq_key_text text;
	int64_t id, hours = 0;
	enum tq_code code = read_number(&argc, argv,
	    &(struct number){ "keep-old", 0, HOURS_MAX }, &hours, e);

	if (code == TQ_OK)
		code = read_id(argc, argv, &id, e);
	if (code != TQ_OK)
		return code;
	code = tq_key_rotate(app, id, hours * HOUR_US, &text, e);
	if (code == TQ_OK && hours == 0)
		tq_buf_printf(out, "key %lld has a new text, the old one is "
		    "dead; this is the only time it is shown:\n%s\n",
		    (long long)id, text.c);
	else if (code == TQ_OK)
		tq_buf_printf(out, "key %lld has a new text, the old one is "
		    "good for %lld more hours; this is the only time it is "
		    "shown:\n%s\n", (long long)id, (long long)hours, text.c);
	tq_wipe(&text, sizeof(text));
	return code;
}

static enum tq_code
revoke(struct tq_app *app, int argc, char **argv, struct tq_buf *out,
    struct tq_err *e)
{
	int64_t id;
	enum tq_code code = read_id(argc, argv, &id, e);

	if (code == TQ_OK)
		code = tq_key_revoke(app, id, e);
	if (code == TQ_OK)
		tq_buf_printf(out, "key %lld was revoked\n", (long long)id);
	return code;
}

static enum tq_code
unlearn(struct tq_app *app, int argc, char **argv, struct tq_buf *out,
    struct tq_err *e)
{
	int64_t id, hours = 0, since_us = 0, n = 0;
	enum tq_code code = read_number(&argc, argv,
	    &(struct number){ "hours", 1, HOURS_MAX }, &hours, e);

	if (code == TQ_OK)
		code = read_id(argc, argv, &id, e);
	if (code != TQ_OK)
		return code;
	if (hours > 0)
		since_us = tq_wall_us(&app->clock) - hours * HOUR_US;
	code = tq_key_unlearn(app, id, since_us, &n, e);
	if (code == TQ_OK)
		tq_buf_printf(out, "%lld lessons of key %lld were taken back; "
		    "its site was learnt anew without them\n", (long long)n,
		    (long long)id);
	return code;
}

enum tq_code
tq_admin_key(struct tq_app *app, int argc, char **argv, struct tq_buf *out,
    struct tq_err *e)
{
	static const struct { const char *name; tq_admin_run run; } acts[] = {
		{ "add", add }, { "list", list }, { "show", show },
		{ "limit", limit }, { "rotate", rotate },
		{ "revoke", revoke }, { "unlearn", unlearn },
		{ "explain", tq_key_explain },
	};

	for (size_t i = 0; argc > 1 && i < sizeof(acts) / sizeof(*acts); i++)
		if (strcmp(argv[1], acts[i].name) == 0)
			return acts[i].run(app, argc - 1, argv + 1, out, e);
	return tq_fail(e, TQ_EINVALID, "say add, list, show, limit, rotate, "
	    "revoke, unlearn or explain");
}
