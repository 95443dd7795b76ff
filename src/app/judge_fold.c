/* The judge's view of rows, and the fold: see judge_fold.h. */
#include "app/judge_fold.h"

#include <stdlib.h>

#include "app/app.h"
#include "app/judge_seat.h"
#include "app/near.h"
#include "store/store.h"

#define ROWS_AT_ONCE 200

static taliq_text
text_of(tq_str s, size_t max)
{
	return (taliq_text){ s.p, s.n < max ? s.n : max };
}

taliq_input
tq_judge_input(const struct tq_judge_ask *ask)
{
	return (taliq_input){
		.size = sizeof(taliq_input),
		.body = text_of(ask->text, TALIQ_BODY_MAX),
		.author = text_of(ask->name, TALIQ_FIELD_MAX),
		.email = text_of(ask->email, TALIQ_FIELD_MAX),
		.url = text_of(ask->url, TALIQ_FIELD_MAX),
		.user_agent = text_of(ask->agent, TALIQ_FIELD_MAX),
		.lang = text_of(ask->lang, TALIQ_FIELD_MAX),
		.written_at = ask->at_us / TQ_SECOND_US,
		.page_published_at = ask->page_us / TQ_SECOND_US,
		.signals = ask->signals,
		.n_signals = (uint32_t)ask->n_signals,
	};
}

bool
tq_judge_lesson(const struct tq_feedback *f, taliq_input *in, taliq_class *c)
{
	const struct tq_judge_ask ask = {
		.site_id = f->site_id, .name = f->name, .url = f->url,
		.text = f->body, .at_us = f->at_us,
	};

	/* A deleted comment's copy was blanked: there is nothing to learn. */
	if (f->body.n == 0 || (f->to != TQ_PUBLISHED && f->to != TQ_SPAM))
		return false;
	*in = tq_judge_input(&ask);
	*c = f->to == TQ_SPAM ? TALIQ_SPAM : TALIQ_HAM;
	return true;
}

struct fold { taliq_model *m; int64_t cursor, site_id; };

static enum tq_code
fold_row(struct fold *f, const struct tq_feedback *row, struct tq_err *e)
{
	taliq_status status;
	taliq_input in;
	taliq_class c;

	if (row->site_id != f->site_id || !tq_judge_lesson(row, &in, &c))
		return TQ_OK;
	status = taliq_learn(f->m, &in, c);
	if (status != TALIQ_OK)
		return tq_fail(e, TQ_ELIMIT, "cannot learn: %s",
		    taliq_status_text(status));
	f->cursor = row->seq;
	return TQ_OK;
}

static enum tq_code
fold_log(struct tq_store *s, struct fold *f, struct tq_err *e)
{
	struct tq_feedback *rows;
	struct tq_arena a;
	int64_t read = 0;
	size_t n = 0;
	enum tq_code code;

	tq_arena_init(&a, (size_t)64 * 1024 * 1024);
	do {
		tq_arena_free(&a);
		code = s->ops->feedback_after(s, read, ROWS_AT_ONCE, &a,
		    &rows, &n, e);
		for (size_t i = 0; code == TQ_OK && i < n; i++) {
			read = rows[i].seq;
			code = fold_row(f, &rows[i], e);
		}
	} while (code == TQ_OK && n == ROWS_AT_ONCE);
	tq_arena_free(&a);
	return code;
}

enum tq_code
tq_judge_fold(struct tq_app *app, const taliq_model *seed, int64_t site_id,
    taliq_model **m, int64_t *cursor, struct tq_err *e)
{
	struct fold f = { .site_id = site_id };
	struct tq_store *s;
	enum tq_code code;

	if (taliq_model_copy(seed, &f.m) != TALIQ_OK)
		return tq_fail(e, TQ_ELIMIT, "no memory for a model");
	code = tq_store_pool_take(app->readers, &s, e);
	if (code == TQ_OK) {
		code = fold_log(s, &f, e);
		tq_store_pool_put(app->readers, s);
	}
	if (code != TQ_OK || f.cursor == 0) {
		taliq_model_free(f.m);
		f.m = NULL;
	}
	if (code == TQ_OK) {
		*m = f.m;
		*cursor = f.cursor;
	}
	return code;
}

struct recalled {
	struct tq_near *near;
	struct tq_near_text text;
};

struct recall {
	struct tq_seats *seats;
	struct tq_seat *only;
	int64_t since_us, before;
	struct recalled *at;	/* the newest first */
	size_t n, looked;
};

static enum tq_code
recall_row(struct recall *r, const struct tq_feedback *row, struct tq_err *e)
{
	struct recalled *to = &r->at[r->n];
	struct tq_seat *seat = r->only != NULL ? r->only :
	    tq_seat_find(r->seats, row->site_id);
	taliq_input in;
	taliq_class c;
	enum tq_code code;

	r->before = row->seq;
	r->looked++;
	if (seat == NULL || seat->site_id != row->site_id ||
	    row->at_us <= r->since_us || !tq_judge_lesson(row, &in, &c))
		return TQ_OK;
	to->near = seat->near;
	to->text.at_us = row->at_us;
	to->text.spam = c == TALIQ_SPAM;
	code = tq_near_read(seat->near, row->body, &to->text.print, e);
	if (code == TQ_OK)
		r->n++;
	return code;
}

static enum tq_code
recall_rows(struct tq_store *s, struct recall *r, struct tq_err *e)
{
	struct tq_feedback *rows;
	struct tq_arena a;
	size_t n = 0;
	bool more = true;
	enum tq_code code = TQ_OK;

	tq_arena_init(&a, (size_t)64 * 1024 * 1024);
	while (code == TQ_OK && more && r->looked < TQ_RECALL_ROWS) {
		code = s->ops->feedback_before(s, r->before, ROWS_AT_ONCE, &a,
		    &rows, &n, e);
		for (size_t i = 0; code == TQ_OK && i < n; i++)
			code = recall_row(r, &rows[i], e);
		more = n == ROWS_AT_ONCE && rows[n - 1].at_us > r->since_us;
		tq_arena_free(&a);
	}
	return code;
}

enum tq_code
tq_judge_recall(struct tq_app *app, struct tq_seats *seats,
    struct tq_seat *only, int64_t upto, struct tq_err *e)
{
	struct recall r = { .seats = seats, .only = only, .before = upto + 1,
	    .since_us = tq_wall_us(&app->clock) - TQ_NEAR_LIFE_US };
	struct tq_store *s;
	enum tq_code code;

	r.at = calloc(TQ_RECALL_ROWS + ROWS_AT_ONCE, sizeof(*r.at));
	if (r.at == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for texts alike");
	code = tq_store_pool_take(app->readers, &s, e);
	if (code == TQ_OK) {
		code = recall_rows(s, &r, e);
		tq_store_pool_put(app->readers, s);
	}
	if (code == TQ_OK && only != NULL)
		code = tq_near_clear(only->near, e);
	for (size_t i = r.n; code == TQ_OK && i-- > 0;)
		tq_near_add(r.at[i].near, &r.at[i].text);
	free(r.at);
	return code;
}
