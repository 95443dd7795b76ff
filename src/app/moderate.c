/* Moderation: see moderate.h. */
#include "app/moderate.h"

#include "app/app.h"
#include "app/change.h"
#include "app/judge.h"

struct act {
	struct tq_change change;
	struct tq_arena arena;
	int64_t comment_id, at_us;
	enum tq_state from, to;
	tq_str actor;
};

static enum tq_code
apply(struct tq_change *ch, struct tq_store *s, struct tq_err *e)
{
	struct act *act = (struct act *)ch;
	struct tq_comment c;
	struct tq_page p;
	struct tq_feedback f;
	int64_t seq;
	enum tq_code code = s->ops->comment_get(s, act->comment_id,
	    &act->arena, &c, e);

	if (code == TQ_OK)
		code = s->ops->page_by_id(s, c.page_id, &act->arena, &p, e);
	if (code != TQ_OK)
		return code;
	f = (struct tq_feedback){
		.site_id = c.site_id, .comment_id = c.id, .at_us = act->at_us,
		.from = act->from, .to = act->to, .actor = act->actor,
		.name = c.name, .url = c.url, .body = c.body,
	};
	/* What is deleted must not live on in the log. */
	if (act->to == TQ_DELETED)
		f.name = f.url = f.body = (tq_str){ NULL, 0 };
	code = s->ops->comment_set_state(s, c.id, act->from, act->to, false,
	    act->at_us, e);
	if (code == TQ_OK)
		code = s->ops->feedback_add(s, &f, &seq, e);
	if (code == TQ_OK) {
		ch->page_id = p.id;
		ch->site_id = c.site_id;
		ch->path = p.path;
		ch->text_of = act->to != TQ_PUBLISHED ? c.id : 0;
	}
	return code;
}

enum tq_code
tq_moderate(struct tq_app *app, int64_t comment_id, enum tq_state from,
    enum tq_state to, tq_str actor, bool *changed, struct tq_err *e)
{
	struct act act = {
		.change = { .apply = apply }, .comment_id = comment_id,
		.from = from, .to = to, .actor = actor,
		.at_us = tq_wall_us(&app->clock),
	};
	enum tq_code code;

	*changed = from != to;
	if (from == to)
		return TQ_OK;
	if (from == TQ_DELETED)
		return tq_fail(e, TQ_ECONFLICT, "comment %lld is deleted",
		    (long long)comment_id);
	tq_arena_init(&act.arena, (size_t)1024 * 1024);
	code = tq_change_run(&act.change, app, e);
	tq_arena_free(&act.arena);
	if (code == TQ_OK)
		tq_judge_wake(app->judge);
	return code;
}
