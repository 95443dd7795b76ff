/* The list of seats: see judge_seat.h.  It only grows, so that whoever has found
 * a seat needs no lock for it. */
#include "app/judge_seat.h"

#include <stdlib.h>

#include "app/app.h"
#include "app/change.h"
#include "app/near.h"
#include "base/log.h"
#include "store/store.h"

void
tq_seats_init(struct tq_seats *s)
{
	s->first = NULL;
	(void)pthread_mutex_init(&s->lock, NULL);
}

static void
free_seat(struct tq_seat *s)
{
	tq_cell_end(&s->now);
	tq_near_free(s->near);
	free(s);
}

void
tq_seats_end(struct tq_seats *s)
{
	while (s->first != NULL) {
		struct tq_seat *seat = s->first;

		s->first = seat->next;
		free_seat(seat);
	}
	(void)pthread_mutex_destroy(&s->lock);
}

struct tq_seat *
tq_seat_find(struct tq_seats *s, int64_t site_id)
{
	struct tq_seat *seat;

	(void)pthread_mutex_lock(&s->lock);
	for (seat = s->first; seat != NULL && seat->site_id != site_id;
	    seat = seat->next)
		continue;
	(void)pthread_mutex_unlock(&s->lock);
	return seat;
}

enum tq_code
tq_seat_find_or_add(struct tq_seats *s, int64_t site_id, struct tq_seat **out,
    struct tq_err *e)
{
	struct tq_seat *seat = tq_seat_find(s, site_id);
	enum tq_code code;

	if (seat == NULL) {
		seat = calloc(1, sizeof(*seat));
		if (seat == NULL)
			return tq_fail(e, TQ_ELIMIT, "no memory for a model");
		seat->site_id = site_id;
		tq_cell_init(&seat->now);
		code = tq_near_new(&seat->near, e);
		if (code != TQ_OK) {
			free_seat(seat);
			return code;
		}
		(void)pthread_mutex_lock(&s->lock);
		seat->next = s->first;
		s->first = seat;
		(void)pthread_mutex_unlock(&s->lock);
	}
	*out = seat;
	return TQ_OK;
}

static void
free_site_model(struct tq_ref *r)
{
	struct tq_site_model *s = (struct tq_site_model *)r;

	taliq_model_free(s->m);
	free(s);
}

struct tq_site_model *
tq_seat_model(struct tq_seat *seat)
{
	return seat == NULL ? NULL :
	    (struct tq_site_model *)tq_cell_get(&seat->now);
}

void
tq_site_model_put(struct tq_site_model *s)
{
	tq_ref_put(s == NULL ? NULL : &s->ref);
}

enum tq_code
tq_seat_publish(struct tq_seat *seat, taliq_model *m, int64_t cursor,
    struct tq_err *e)
{
	struct tq_site_model *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		taliq_model_free(m);
		return tq_fail(e, TQ_ELIMIT, "no memory for a model");
	}
	tq_ref_init(&s->ref, free_site_model);
	s->m = m;
	s->cursor = cursor;
	tq_cell_set(&seat->now, &s->ref);
	return TQ_OK;
}

struct save {
	struct tq_change change;
	int64_t site_id, cursor;
	tq_str bytes;
};

/* Without bytes: nothing was learnt. */
static enum tq_code
apply_save(struct tq_change *c, struct tq_store *s, struct tq_err *e)
{
	struct save *save = (struct save *)c;

	if (save->bytes.n == 0)
		return s->ops->model_drop(s, save->site_id, e);
	return s->ops->model_put(s, save->site_id, save->cursor, save->bytes,
	    e);
}

enum tq_code
tq_seat_save(struct tq_app *app, struct tq_seat *seat, struct tq_err *e)
{
	struct tq_site_model *m = tq_seat_model(seat);
	struct save save = { .change = { .apply = apply_save },
	    .site_id = seat->site_id };
	uint8_t *bytes = NULL;
	size_t n = 0;
	enum tq_code code;

	if (m != NULL && taliq_model_save(m->m, &bytes, &n) != TALIQ_OK) {
		tq_site_model_put(m);
		return tq_fail(e, TQ_ELIMIT, "no memory to save a model");
	}
	save.cursor = m == NULL ? 0 : m->cursor;
	save.bytes = (tq_str){ (const char *)bytes, n };
	code = tq_change_run(&save.change, app, e);
	free(bytes);
	tq_site_model_put(m);
	if (code == TQ_OK)
		seat->dirty = false;
	return code;
}

/* The saved model of one site, if there is one. */
static enum tq_code
load_site(struct tq_seats *seats, struct tq_store *s, int64_t site_id,
    struct tq_err *e)
{
	struct tq_arena a;
	struct tq_seat *seat;
	taliq_model *m;
	taliq_status status;
	tq_str bytes;
	int64_t cursor;
	enum tq_code code;

	tq_arena_init(&a, (size_t)256 * 1024 * 1024);
	code = s->ops->model_get(s, site_id, &a, &cursor, &bytes, e);
	if (code == TQ_OK) {
		status = taliq_model_load(&m, (const uint8_t *)bytes.p,
		    bytes.n);
		if (status == TALIQ_OK) {
			code = tq_seat_find_or_add(seats, site_id, &seat, e);
			if (code == TQ_OK)
				code = tq_seat_publish(seat, m, cursor, e);
			else
				taliq_model_free(m);
		} else {
			tq_log(TQ_LOG_WARN, "model_refused",
			    TQ_LOG_INT("site", site_id),
			    TQ_LOG_INT("status", status));
		}
	}
	tq_arena_free(&a);
	return code == TQ_ENOTFOUND ? TQ_OK : code;
}

enum tq_code
tq_seats_load(struct tq_app *app, struct tq_seats *seats, struct tq_err *e)
{
	struct tq_arena a;
	struct tq_site *sites;
	struct tq_store *s;
	size_t n;
	enum tq_code code = tq_store_pool_take(app->readers, &s, e);

	if (code != TQ_OK)
		return code;
	tq_arena_init(&a, (size_t)16 * 1024 * 1024);
	code = s->ops->site_list(s, &a, &sites, &n, e);
	for (size_t i = 0; code == TQ_OK && i < n; i++)
		code = load_site(seats, s, sites[i].id, e);
	tq_store_pool_put(app->readers, s);
	tq_arena_free(&a);
	return code;
}
