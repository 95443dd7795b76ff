/* The way of a comment down to the store, in the order of docs/architecture.md:
 * fields, token, double posts, limits, verdict, decision, one transaction. */
#include "app/submit.h"

#include <string.h>

#include "app/app.h"
#include "app/judge.h"
#include "app/limits.h"
#include "app/recent.h"
#include "app/token.h"
#include "store/store.h"

#define MINUTE_US (60 * TQ_SECOND_US)

static void
check_token(struct tq_app *app, const struct tq_submission *in,
    struct tq_submit *s)
{
	struct tq_token_scope scope = {
		.purpose = TQ_S("comment"), .site_id = in->site->id,
		.path = in->path,
	};

	if (in->token.n == 0 && !in->token_wanted)
		return;
	switch (tq_token_check(app->tokens, &scope, in->token,
	    tq_wall_us(&app->clock))) {
	case TQ_TOKEN_OK:
		break;
	case TQ_TOKEN_TOO_FAST:
		tq_fault_add(&s->faults, TQ_FIELD_TOKEN, TQ_FAULT_TOO_FAST, 0);
		break;
	case TQ_TOKEN_EXPIRED:
	case TQ_TOKEN_USED:
	case TQ_TOKEN_FOREIGN:
	case TQ_TOKEN_UNKNOWN:	/* from before a restart: one more click */
		tq_fault_add(&s->faults, TQ_FIELD_TOKEN, TQ_FAULT_TOKEN, 0);
		break;
	}
}

/* A second click sends the same bytes with the same token, so it is the same
 * reader, known by now or not.  Going back and sending the form once more does
 * so with a new token.  An API client may be nobody in particular. */
static uint64_t
recent_key(struct tq_app *app, const struct tq_submission *in,
    const struct tq_submit *s)
{
	bool somebody = in->reader.known || in->token.n > 0;
	char parent[8];
	/* Two readers of whom nothing is known may say the same, but hardly
	 * from one network. */
	const tq_str who = somebody ?
	    (tq_str){ (const char *)s->owner, sizeof(s->owner) } : in->network;
	const tq_str fields[] = {
		in->site->name, in->path, { parent, sizeof(parent) }, who,
		in->fields.name, in->fields.text,
	};

	memcpy(parent, &in->parent_id, sizeof(parent));
	return tq_recent_key(app->recent, fields,
	    sizeof(fields) / sizeof(*fields));
}

static bool
take_limits(struct tq_app *app, const struct tq_submission *in,
    int64_t *retry_us)
{
	const struct tq_config *c = &app->config;
	char site_key[8], thread_key[16];
	tq_str thread = { thread_key, sizeof(thread_key) };
	const struct tq_limit_ask asks[] = {
		{ TQ_LIMIT_NETWORK, in->network, { c->network_posts_per_hour,
		    60 * MINUTE_US, c->network_posts_burst } },
		{ TQ_LIMIT_THREAD, thread, { c->thread_posts_per_minute,
		    MINUTE_US, c->thread_posts_per_minute } },
		{ TQ_LIMIT_SITE, { site_key, sizeof(site_key) },
		    { c->site_posts_per_minute, MINUTE_US,
		    c->site_posts_per_minute } },
	};

	memcpy(site_key, &in->site->id, sizeof(site_key));
	tq_hash((uint8_t *)thread_key, sizeof(thread_key),
	    (const tq_str[]){ in->site->name, in->path }, 2);
	return tq_limits_take(app->limits, asks,
	    sizeof(asks) / sizeof(*asks), tq_mono_us(&app->clock), retry_us);
}

/* What the store knows of this reader. */
static enum tq_code
look_up(struct tq_app *app, const struct tq_submit *s, struct tq_facts *facts,
    struct tq_err *e)
{
	struct tq_store *st;
	int64_t published = 0;
	enum tq_code code = tq_store_pool_take(app->readers, &st, e);

	if (code != TQ_OK)
		return code;
	code = st->ops->owner_published(st, s->site_id, s->owner, &published,
	    e);
	tq_store_pool_put(app->readers, st);
	facts->known_author = published > 0;
	return code;
}

static enum tq_code
judge(struct tq_app *app, const struct tq_submission *in, struct tq_submit *s,
    struct tq_facts *facts, struct tq_err *e)
{
	enum tq_code code = look_up(app, s, facts, e);
	struct tq_buf why;

	if (code != TQ_OK)
		return code;
	facts->spam = s->spam = tq_judge_comment(
	    in->site->set.filter ? app->judge : NULL,
	    &(struct tq_judge_ask){ .site_id = s->site_id,
	    .lang = in->site->set.language, .name = s->fields.name,
	    .email = s->fields.email, .url = s->fields.url.s,
	    .text = s->fields.text, .at_us = s->at_us,
	    .sure_from = 1 }, &facts->near_spam);
	facts->links = s->fields.facts.links + (s->fields.url.s.n > 0);
	facts->honeypot = in->honeypot;
	facts->moderation = (enum tq_moderation)in->site->set.moderation;
	s->decision = tq_decide(facts);
	tq_buf_init(&why, s->arena, 0);
	tq_why_words(&why, s->decision.why);
	s->reasons = tq_buf_str(&why);
	return TQ_OK;
}

static void
identify(struct tq_app *app, const struct tq_submission *in,
    struct tq_submit *s)
{
	uint8_t key[TQ_READER_BYTES];

	s->reader = in->reader;
	if (!s->reader.known)
		tq_reader_make(&s->reader, app->keys.token, in->token);
	tq_reader_site_key(&s->reader, in->site->id, key);
	tq_reader_owner(key, s->owner);
	tq_wipe(key, sizeof(key));
}

static enum tq_code
check_form(struct tq_app *app, const struct tq_submission *in,
    struct tq_submit *s, struct tq_err *e)
{
	enum tq_code code = tq_fields_check(&in->fields, &in->site->set,
	    s->arena, &s->fields, &s->faults, e);

	if (code != TQ_OK)
		return code;
	if (in->closes_us <= tq_wall_us(&app->clock))
		tq_fault_add(&s->faults, TQ_FIELD_PAGE, TQ_FAULT_CLOSED, 0);
	check_token(app, in, s);
	if (s->faults.n > 0)
		return tq_fail(e, TQ_EINVALID, "field %s: %s",
		    tq_field_name(s->faults.at[0].field),
		    tq_fault_name(s->faults.at[0].id));
	return TQ_OK;
}

/* The last gates, which leave a mark when passed: nothing may fail behind them
 * but the store itself. */
static enum tq_code
pass_gates(struct tq_app *app, const struct tq_submission *in,
    struct tq_submit *s, struct tq_err *e)
{
	int64_t retry_us = 0;

	s->duplicate_id = tq_recent_claim(app->recent, s->recent_key,
	    tq_mono_us(&app->clock));
	if (s->duplicate_id != 0)
		return tq_fail(e, TQ_ECONFLICT, "posted already");
	if (!take_limits(app, in, &retry_us)) {
		tq_recent_settle(app->recent, s->recent_key, 0);
		s->retry_after_s = retry_us / TQ_SECOND_US + 1;
		tq_fault_add(&s->faults, TQ_FIELD_TEXT, TQ_FAULT_TOO_MANY,
		    s->retry_after_s);
		return tq_fail(e, TQ_ELIMIT, "too many comments");
	}
	if (in->token.n > 0 && !tq_token_spend(app->tokens, in->token)) {
		tq_recent_settle(app->recent, s->recent_key, 0);
		tq_fault_add(&s->faults, TQ_FIELD_TOKEN, TQ_FAULT_TOKEN, 0);
		return tq_fail(e, TQ_EINVALID, "the token is used");
	}
	return TQ_OK;
}

enum tq_code
tq_submit_check(struct tq_app *app, const struct tq_submission *in,
    struct tq_arena *a, struct tq_submit *s, struct tq_err *e)
{
	struct tq_facts facts = { 0 };
	enum tq_code code;

	*s = (struct tq_submit){
		.arena = a, .parent_id = in->parent_id, .path = in->path,
		.title = in->title, .site_id = in->site->id,
		.at_us = tq_wall_us(&app->clock),
	};
	identify(app, in, s);
	s->recent_key = recent_key(app, in, s);
	s->duplicate_id = tq_recent_find(app->recent, s->recent_key,
	    tq_mono_us(&app->clock));
	if (s->duplicate_id != 0)
		return tq_fail(e, TQ_ECONFLICT, "posted already");
	code = check_form(app, in, s, e);
	if (code != TQ_OK)
		return code;
	code = judge(app, in, s, &facts, e);
	if (code != TQ_OK)
		return code;
	if (s->fields.email.n > 0)
		s->email_sealed = tq_seal(a, app->keys.mail_public,
		    s->fields.email);
	if (a->failed)
		return tq_fail(e, TQ_ELIMIT, "no memory for a submission");
	return pass_gates(app, in, s, e);
}

static enum tq_code
apply(struct tq_change *c, struct tq_store *st, struct tq_err *e)
{
	struct tq_submit *s = (struct tq_submit *)c;
	struct tq_comment row = {
		.parent_id = s->parent_id, .site_id = s->site_id,
		.created_us = s->at_us, .state = s->decision.state,
		.name = s->fields.name, .url = s->fields.url.s,
		.body = s->fields.text, .email_sealed = s->email_sealed,
		.spam = s->spam, .reasons = s->reasons,
	};
	enum tq_code code = st->ops->page_put(st, s->site_id, s->path,
	    s->title, s->at_us, &row.page_id, e);

	if (code != TQ_OK)
		return code;
	memcpy(row.owner, s->owner, sizeof(row.owner));
	code = st->ops->comment_add(st, &row, e);
	if (code != TQ_OK)
		return code;
	s->comment_id = row.id;
	s->depth = row.depth;
	s->page_id = row.page_id;
	if (row.state == TQ_PUBLISHED) {
		c->page_id = row.page_id;
		c->site_id = s->site_id;
		c->path = s->path;
	}
	return TQ_OK;
}

void
tq_submit_settle(struct tq_submit *s, const struct tq_err *e)
{
	tq_recent_settle(s->change.app->recent, s->recent_key,
	    e->code == TQ_OK ? s->comment_id : 0);
	if (e->code == TQ_ENOTFOUND)
		tq_fault_add(&s->faults, TQ_FIELD_PARENT, TQ_FAULT_NO_PARENT,
		    0);
}

enum tq_code
tq_submit_start(struct tq_app *app, struct tq_submit *s, struct tq_err *e)
{
	enum tq_code code;

	s->change.apply = apply;
	code = tq_change_start(&s->change, app, e);
	if (code != TQ_OK)
		tq_recent_settle(app->recent, s->recent_key, 0);
	return code;
}
