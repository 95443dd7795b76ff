/* The store in memory, for tests: arrays, and no counts kept that can be
 * counted.  It is the plain model that the SQL store is compared with, so it
 * is written for being right, not fast: snapshots are copies, replies are
 * counted anew each time.  Sites, settings and pages: store_memory_site.c;
 * comments: store_memory_comment.c, store_memory_list.c; keys of clients:
 * store_memory_key.c. */
#include "store/store_memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS_CAP ((size_t)1 << 32)

static const size_t row_size[TQ_MEM_TABLES] = {
	[TQ_MEM_SITES] = sizeof(struct tq_site),
	[TQ_MEM_SETTINGS] = sizeof(struct tq_mem_setting),
	[TQ_MEM_PAGES] = sizeof(struct tq_page),
	[TQ_MEM_COMMENTS] = sizeof(struct tq_comment),
	[TQ_MEM_FEEDBACK] = sizeof(struct tq_feedback),
	[TQ_MEM_MODELS] = sizeof(struct tq_mem_model),
	[TQ_MEM_API_KEYS] = sizeof(struct tq_api_key),
	[TQ_MEM_KEY_USES] = sizeof(struct tq_use_row),
};

static void
state_free(struct tq_mem_state *st)
{
	for (size_t i = 0; i < TQ_MEM_TABLES; i++)
		free(st->t[i].p);
	memset(st, 0, sizeof(*st));
}

static enum tq_code
state_copy(struct tq_mem_state *to, const struct tq_mem_state *from,
    struct tq_err *e)
{
	state_free(to);
	for (size_t i = 0; i < TQ_MEM_TABLES; i++) {
		size_t n = from->t[i].n;

		if (n == 0)
			continue;
		to->t[i].p = calloc(n, row_size[i]);
		if (to->t[i].p == NULL) {
			state_free(to);
			return tq_fail(e, TQ_ELIMIT, "no memory for a copy");
		}
		memcpy(to->t[i].p, from->t[i].p, n * row_size[i]);
		to->t[i].n = to->t[i].room = n;
	}
	to->change = from->change;
	return TQ_OK;
}

void *
tq_mem_row_add(struct tq_mem *m, enum tq_mem_table which, struct tq_err *e)
{
	size_t n = m->now.t[which].n, size = row_size[which];

	if (n == m->now.t[which].room) {
		size_t room = n == 0 ? 16 : n * 2;
		void *p = reallocarray(m->now.t[which].p, room, size);

		if (p == NULL) {
			(void)tq_fail(e, TQ_ELIMIT, "no memory for a row");
			return NULL;
		}
		m->now.t[which].p = p;
		m->now.t[which].room = room;
	}
	m->now.t[which].n++;
	return memset((char *)m->now.t[which].p + n * size, 0, size);
}

enum tq_code
tq_mem_may_write(const struct tq_mem *m, struct tq_err *e)
{
	if (!m->in_tx)
		return tq_fail(e, TQ_EBUG, "a change outside a transaction");
	return TQ_OK;
}

enum tq_code
tq_mem_texts_end(const struct tq_arena *a, struct tq_err *e)
{
	return a->failed ? tq_fail(e, TQ_ELIMIT, "no memory for texts") :
	    TQ_OK;
}

static void
close_store(struct tq_store *base)
{
	struct tq_mem *m = tq_mem_self(base);

	state_free(&m->now);
	state_free(&m->at_begin);
	state_free(&m->at_mark);
	tq_arena_free(&m->texts);
	free(m);
}

static enum tq_code
begin(struct tq_store *base, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	enum tq_code code = state_copy(&m->at_begin, &m->now, e);

	assert(!m->in_tx);
	m->in_tx = code == TQ_OK;
	m->marked = false;
	return code;
}

static enum tq_code
commit(struct tq_store *base, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);

	(void)e;
	m->in_tx = false;
	return TQ_OK;
}

static void
restore(struct tq_mem_state *now, struct tq_mem_state *from)
{
	state_free(now);
	*now = *from;
	memset(from, 0, sizeof(*from));
}

static void
rollback(struct tq_store *base)
{
	struct tq_mem *m = tq_mem_self(base);

	if (m->in_tx)
		restore(&m->now, &m->at_begin);
	m->in_tx = false;
}

static enum tq_code
mark(struct tq_store *base, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	enum tq_code code = state_copy(&m->at_mark, &m->now, e);

	m->marked = code == TQ_OK;
	return code;
}

static void
undo(struct tq_store *base)
{
	struct tq_mem *m = tq_mem_self(base);
	struct tq_err ignored;

	if (!m->marked)
		return;
	restore(&m->now, &m->at_mark);
	m->marked = mark(base, &ignored) == TQ_OK;	/* the mark stays */
}

static enum tq_code
tidy(struct tq_store *s, bool *again, struct tq_err *e)
{
	(void)s;
	(void)e;
	*again = false;
	return TQ_OK;
}

static enum tq_code
reopen(struct tq_store *s, struct tq_err *e)
{
	(void)s;
	(void)e;
	return TQ_OK;
}

/* There is nothing below that could go wrong behind its back. */
static enum tq_code
verify(struct tq_store *base, void (*problem)(void *ctx, const char *line),
    void *ctx, int64_t *n_checked, int64_t *n_bad, struct tq_err *e)
{
	struct tq_mem *m = tq_mem_self(base);
	int64_t rows = 0;

	(void)problem;
	(void)ctx;
	(void)e;
	for (size_t i = 0; i < TQ_MEM_TABLES; i++)
		rows += (int64_t)m->now.t[i].n;
	*n_checked = rows;
	*n_bad = 0;
	return TQ_OK;
}

static const struct tq_store_ops ops = {
	.name = "memory",
	.close = close_store,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.mark = mark,
	.undo = undo,
	.tidy = tidy,
	.reopen = reopen,
	.site_add = tq_mem_site_add,
	.site_list = tq_mem_site_list,
	.setting_put = tq_mem_setting_put,
	.setting_list = tq_mem_setting_list,
	.page_get = tq_mem_page_get,
	.page_by_id = tq_mem_page_by_id,
	.page_put = tq_mem_page_put,
	.page_counts = tq_mem_page_counts,
	.comment_add = tq_mem_comment_add,
	.comment_get = tq_mem_comment_get,
	.comment_edit = tq_mem_comment_edit,
	.comment_set_state = tq_mem_comment_set_state,
	.thread = tq_mem_thread,
	.thread_place = tq_mem_thread_place,
	.comments_of_owner = tq_mem_comments_of_owner,
	.owner_published = tq_mem_owner_published,
	.comments_in_state = tq_mem_comments_in_state,
	.state_counts = tq_mem_state_counts,
	.feedback_add = tq_mem_feedback_add,
	.feedback_after = tq_mem_feedback_after,
	.feedback_before = tq_mem_feedback_before,
	.feedback_blank = tq_mem_feedback_blank,
	.feedback_taught = tq_mem_feedback_taught,
	.model_put = tq_mem_model_put,
	.model_get = tq_mem_model_get,
	.model_drop = tq_mem_model_drop,
	.api_key_add = tq_mem_api_key_add,
	.api_key_get = tq_mem_api_key_get,
	.api_key_put = tq_mem_api_key_put,
	.api_key_list = tq_mem_api_key_list,
	.key_use_add = tq_mem_key_use_add,
	.key_use_list = tq_mem_key_use_list,
	.key_use_sum = tq_mem_key_use_sum,
	.change_last = tq_mem_change_last,
	.verify = verify,
};

enum tq_code
tq_store_open_memory(struct tq_store **out, struct tq_err *e)
{
	struct tq_mem *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for a store");
	m->base.ops = &ops;
	tq_arena_init(&m->texts, TEXTS_CAP);
	*out = &m->base;
	return TQ_OK;
}
