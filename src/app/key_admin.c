/* Clients' keys, as the operator changes them: see key_admin.h. */
#include "app/key_admin.h"

#include <stdio.h>
#include <string.h>

#include "app/akismet_state.h"
#include "app/app.h"
#include "app/change.h"
#include "app/judge.h"
#include "app/lesson_marks.h"
#include "base/arena.h"

struct key_job {
	struct tq_change change;
	struct tq_arena arena;		/* the row as it was */
	/* What becomes of the row. */
	void (*alter)(struct key_job *j, struct tq_api_key *k);
	const struct tq_key_limits *limits;
	struct tq_key_text *text;	/* new; NULL: as it was */
	uint8_t hash[TQ_API_HASH_BYTES];	/* of text */
	int64_t id, site_id, now_us, keep_old_us;
};

/* The values that clients and their documentation use for trying out. */
static bool
is_example(const struct tq_key_text *t)
{
	return strcmp(t->c, "0123456789ab") == 0 ||
	    strcmp(t->c, "123456789012") == 0;
}

static void
make_text(struct key_job *j)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t random[TQ_API_KEY_CHARS / 2];

	do {
		tq_random(random, sizeof(random));
		for (size_t i = 0; i < sizeof(random); i++) {
			j->text->c[2 * i] = digits[random[i] >> 4];
			j->text->c[2 * i + 1] = digits[random[i] & 15];
		}
		j->text->c[TQ_API_KEY_CHARS] = '\0';
	} while (is_example(j->text));
	tq_wipe(random, sizeof(random));
	tq_api_key_hash(&j->change.app->keys, tq_str_c(j->text->c), j->hash);
}

static void
alter_limits(struct key_job *j, struct tq_api_key *k)
{
	k->per_minute = j->limits->per_minute;
	k->per_month = j->limits->per_month;
	k->lessons_per_hour = j->limits->lessons_per_hour;
	k->webhook = j->limits->webhook;
}

static void
alter_text(struct key_job *j, struct tq_api_key *k)
{
	memcpy(k->hash, j->hash, sizeof(k->hash));
	k->hint = (tq_str){ j->text->c, 4 };
}

static void
alter_rotate(struct key_job *j, struct tq_api_key *k)
{
	/* Kept when it is no longer good, too (1: since ever): a client that
	 * still has it guesses at nothing. */
	memcpy(k->old_hash, k->hash, sizeof(k->old_hash));
	k->old_until_us = j->keep_old_us > 0 ? j->now_us + j->keep_old_us : 1;
	alter_text(j, k);
}

static void
alter_revoke(struct key_job *j, struct tq_api_key *k)
{
	k->revoked_us = j->now_us;	/* and with it the old text */
}

static enum tq_code
apply_add(struct tq_change *c, struct tq_store *s, struct tq_err *e)
{
	struct key_job *j = (struct key_job *)c;
	struct tq_api_key k = { .site_id = j->site_id,
	    .created_us = j->now_us };
	enum tq_code code;

	alter_limits(j, &k);
	alter_text(j, &k);
	code = s->ops->api_key_add(s, &k, e);
	if (code == TQ_OK)
		j->id = k.id;
	return code;
}

static enum tq_code
apply_alter(struct tq_change *c, struct tq_store *s, struct tq_err *e)
{
	struct key_job *j = (struct key_job *)c;
	struct tq_api_key k;
	enum tq_code code = s->ops->api_key_get(s, j->id, &j->arena, &k, e);

	if (code != TQ_OK)
		return code;
	if (k.revoked_us != 0)
		return tq_fail(e, TQ_ECONFLICT, "key %lld is revoked",
		    (long long)k.id);
	j->alter(j, &k);
	return s->ops->api_key_put(s, &k, e);
}

static enum tq_code
run(struct tq_app *app, struct key_job *j, struct tq_err *e)
{
	enum tq_code code;

	j->change.app = app;
	j->now_us = tq_wall_us(&app->clock);
	if (j->text != NULL)
		make_text(j);
	tq_arena_init(&j->arena, 65536);
	code = tq_change_run(&j->change, app, e);
	tq_arena_free(&j->arena);
	return code == TQ_OK ? tq_app_reload_keys(app, e) : code;
}

enum tq_code
tq_key_add(struct tq_app *app, int64_t site_id, const struct tq_key_limits *l,
    int64_t *id, struct tq_key_text *text, struct tq_err *e)
{
	struct key_job j = { .change = { .apply = apply_add },
	    .site_id = site_id, .limits = l, .text = text };
	enum tq_code code = run(app, &j, e);

	if (code == TQ_OK)
		*id = j.id;
	return code;
}

enum tq_code
tq_key_limit(struct tq_app *app, int64_t id, const struct tq_key_limits *l,
    struct tq_err *e)
{
	struct key_job j = { .change = { .apply = apply_alter }, .id = id,
	    .alter = alter_limits, .limits = l };

	return run(app, &j, e);
}

enum tq_code
tq_key_revoke(struct tq_app *app, int64_t id, struct tq_err *e)
{
	struct key_job j = { .change = { .apply = apply_alter }, .id = id,
	    .alter = alter_revoke };

	return run(app, &j, e);
}

enum tq_code
tq_key_rotate(struct tq_app *app, int64_t id, int64_t keep_old_us,
    struct tq_key_text *text, struct tq_err *e)
{
	struct key_job j = { .change = { .apply = apply_alter }, .id = id,
	    .alter = alter_rotate, .keep_old_us = keep_old_us, .text = text };

	return run(app, &j, e);
}

struct tq_key_actor
tq_key_actor(int64_t id)
{
	struct tq_key_actor a;

	(void)snprintf(a.c, sizeof(a.c), "key:%lld", (long long)id);
	return a;
}

enum tq_code
tq_key_taught(struct tq_app *app, int64_t id, int64_t *spam, int64_t *ham,
    struct tq_err *e)
{
	const struct tq_key_actor actor = tq_key_actor(id);
	struct tq_store *s;
	enum tq_code code = tq_store_pool_take(app->readers, &s, e);

	if (code != TQ_OK)
		return code;
	code = s->ops->feedback_taught(s, tq_str_c(actor.c), spam, ham, e);
	tq_store_pool_put(app->readers, s);
	return code;
}

struct unlearning {
	struct tq_change change;
	struct tq_key_actor actor;
	int64_t key_site_id, since_us, n;
};

static enum tq_code
apply_unlearn(struct tq_change *c, struct tq_store *s, struct tq_err *e)
{
	struct unlearning *u = (struct unlearning *)c;
	enum tq_code code = s->ops->feedback_blank(s, tq_str_c(u->actor.c),
	    u->since_us, &u->n, e);

	if (code == TQ_OK)
		code = s->ops->model_drop(s, u->key_site_id, e);
	return code;
}

enum tq_code
tq_key_unlearn(struct tq_app *app, int64_t id, int64_t since_us, int64_t *n,
    struct tq_err *e)
{
	struct tq_api_keys *keys =
	    (struct tq_api_keys *)tq_cell_get(&app->api_keys);
	const struct tq_api_key *k = tq_api_keys_by_id(keys, id);
	struct unlearning u = { .change = { .apply = apply_unlearn },
	    .actor = tq_key_actor(id), .since_us = since_us };
	enum tq_code code;

	u.key_site_id = k == NULL ? 0 : k->site_id;
	tq_api_keys_put(keys);
	if (k == NULL)
		return tq_fail(e, TQ_ENOTFOUND, "there is no key %lld",
		    (long long)id);
	code = tq_judge_relearn(app->judge, u.key_site_id, &u.change, e);
	if (code == TQ_OK)
		*n = u.n;
	if (app->akismet != NULL)
		tq_lesson_marks_clear(tq_akismet_marks(app->akismet));
	return code;
}
