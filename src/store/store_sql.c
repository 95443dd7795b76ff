/* The store over a SQL engine: opening and transactions.  Its operations:
 * store_sql_site.c (sites, settings, pages), store_sql_comment.c (changes of
 * comments), store_sql_thread.c (threads), store_sql_list.c (other lists),
 * store_sql_model.c, store_sql_key.c (clients' keys), store_sql_verify.c.  Texts
 * of the statements: store_sql_text.c; rows and MACs: store_sql_row.c. */
#include "store/store_sql.h"

#include <stdlib.h>

#include "store/migrate.h"

static bool
number_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct tq_db_value *v = ctx;

	(void)n;
	*v = row[0];
	return false;
}

enum tq_code
tq_sql_number(struct tq_sql_store *s, struct tq_db_call call, int64_t *out,
    struct tq_err *e)
{
	struct tq_db_value v = tq_db_null();
	enum tq_code code;

	call.visit = number_visit;
	call.ctx = &v;
	code = tq_sql_query(s, &call, e);
	if (code != TQ_OK)
		return code;
	if (v.kind != TQ_DB_INT)
		return tq_fail(e, TQ_ENOTFOUND, "no such row");
	*out = v.i;
	return TQ_OK;
}

enum tq_code
tq_sql_may_write(const struct tq_sql_store *s, struct tq_err *e)
{
	if (s->read_only || !s->in_tx)
		return tq_fail(e, TQ_EBUG, "a change outside a transaction");
	return TQ_OK;
}

static void
close_store(struct tq_store *base)
{
	struct tq_sql_store *s = tq_sql_self(base);

	s->db->ops->close(s->db);
	free(s);
}

static enum tq_code
begin(struct tq_store *base, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	enum tq_code code = s->db->ops->begin(s->db, e);

	s->in_tx = code == TQ_OK;
	return code;
}

static enum tq_code
commit(struct tq_store *base, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);

	s->in_tx = false;
	return s->db->ops->commit(s->db, e);
}

static void
rollback(struct tq_store *base)
{
	struct tq_sql_store *s = tq_sql_self(base);

	s->in_tx = false;
	s->db->ops->rollback(s->db);
}

static enum tq_code
mark(struct tq_store *base, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);

	return s->db->ops->savepoint(s->db, e);
}

static void
undo(struct tq_store *base)
{
	struct tq_sql_store *s = tq_sql_self(base);

	s->db->ops->undo(s->db);
}

static enum tq_code
tidy(struct tq_store *base, bool *again, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	enum tq_code code;
	bool more = false;

	if (s->erased) {
		code = s->db->ops->tidy(s->db, &more, e);
		if (code != TQ_OK)
			return code;
		s->erased = more;
	}
	*again = more;
	return TQ_OK;
}

static enum tq_code
reopen(struct tq_store *base, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);

	s->in_tx = false;
	return s->db->ops->reopen(s->db, e);
}

enum tq_code
tq_sql_change_last(struct tq_store *s, int64_t *out, struct tq_err *e)
{
	return tq_sql_number(tq_sql_self(s), (struct tq_db_call){
	    .sql = TQ_SQL_CHANGE_LAST }, out, e);
}

static const struct tq_store_ops ops = {
	.name = "sqlite",
	.close = close_store,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.mark = mark,
	.undo = undo,
	.tidy = tidy,
	.reopen = reopen,
	.site_add = tq_sql_site_add,
	.site_list = tq_sql_site_list,
	.setting_put = tq_sql_setting_put,
	.setting_list = tq_sql_setting_list,
	.page_get = tq_sql_page_get,
	.page_by_id = tq_sql_page_by_id,
	.page_put = tq_sql_page_put,
	.page_counts = tq_sql_page_counts,
	.comment_add = tq_sql_comment_add,
	.comment_get = tq_sql_comment_get,
	.comment_edit = tq_sql_comment_edit,
	.comment_set_state = tq_sql_comment_set_state,
	.thread = tq_sql_thread,
	.thread_place = tq_sql_thread_place,
	.comments_of_owner = tq_sql_comments_of_owner,
	.owner_published = tq_sql_owner_published,
	.comments_in_state = tq_sql_comments_in_state,
	.state_counts = tq_sql_state_counts,
	.feedback_add = tq_sql_feedback_add,
	.feedback_after = tq_sql_feedback_after,
	.feedback_before = tq_sql_feedback_before,
	.feedback_blank = tq_sql_feedback_blank,
	.feedback_taught = tq_sql_feedback_taught,
	.model_put = tq_sql_model_put,
	.model_get = tq_sql_model_get,
	.model_drop = tq_sql_model_drop,
	.api_key_add = tq_sql_api_key_add,
	.api_key_get = tq_sql_api_key_get,
	.api_key_put = tq_sql_api_key_put,
	.api_key_list = tq_sql_api_key_list,
	.key_use_add = tq_sql_key_use_add,
	.key_use_list = tq_sql_key_use_list,
	.key_use_sum = tq_sql_key_use_sum,
	.change_last = tq_sql_change_last,
	.verify = tq_sql_verify,
};

enum tq_code
tq_store_open_sqlite(const struct tq_store_options *o, struct tq_store **out,
    struct tq_err *e)
{
	const struct tq_db_options db = { .path = o->path,
	    .read_only = o->read_only, .sql = tq_sql_texts,
	    .n_sql = TQ_SQL_N };
	struct tq_sql_store *s = calloc(1, sizeof(*s));
	enum tq_code code;

	if (s == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory to open %s", o->path);
	s->base.ops = &ops;
	s->mac_key = o->mac_key;
	s->read_only = o->read_only;
	code = tq_db_sqlite.open(&db, &s->db, e);
	if (code != TQ_OK)
		goto undo_alloc;
	if (o->read_only)
		code = tq_migrate_check(s->db, tq_migrations_n, e);
	else
		code = tq_migrate(s->db, tq_migrations, tq_migrations_n, e);
	if (code != TQ_OK)
		goto undo_open;
	*out = &s->base;
	return TQ_OK;
undo_open:
	s->db->ops->close(s->db);
undo_alloc:
	free(s);
	return code;
}
