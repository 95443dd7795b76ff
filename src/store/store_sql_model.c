/* The filter's models: one row a site, bytes and place in the log together. */
#include "store/store_sql.h"

enum tq_code
tq_sql_model_put(struct tq_store *base, int64_t site_id, int64_t cursor,
    tq_str bytes, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	enum tq_code code = tq_sql_may_write(s, e);
	struct tq_sql_mac mac;

	if (code == TQ_OK)
		code = tq_sql_site_exists(s, site_id, e);
	if (code != TQ_OK)
		return code;
	mac = tq_sql_mac_model(s->mac_key, site_id, cursor, bytes);
	return tq_sql_query(s, &(struct tq_db_call){ .sql = TQ_SQL_MODEL_PUT,
	    TQ_DB_ARGS(tq_db_int(site_id), tq_db_int(cursor),
	    tq_db_blob(bytes), tq_sql_mac_value(&mac)) }, e);
}

struct found {
	struct tq_sql_store *s;
	struct tq_arena *a;
	int64_t site_id, cursor;
	tq_str bytes;
	bool any, good;
};

static bool
model_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct found *f = ctx;
	struct tq_sql_mac mac = tq_sql_mac_model(f->s->mac_key, f->site_id,
	    row[0].i, row[1].s);

	(void)n;
	f->any = true;
	f->good = tq_sql_mac_same(&mac, &row[2]);
	f->cursor = row[0].i;
	f->bytes = tq_arena_str(f->a, row[1].s);
	return f->good;
}

enum tq_code
tq_sql_model_get(struct tq_store *base, int64_t site_id, struct tq_arena *a,
    int64_t *cursor, tq_str *bytes, struct tq_err *e)
{
	struct found f = { .s = tq_sql_self(base), .a = a,
	    .site_id = site_id };
	enum tq_code code = tq_sql_query(f.s, &(struct tq_db_call){
	    .sql = TQ_SQL_MODEL_GET, TQ_DB_ARGS(tq_db_int(site_id)),
	    .visit = model_visit, .ctx = &f }, e);

	if (code != TQ_OK)
		return code;
	if (!f.any)
		return tq_fail(e, TQ_ENOTFOUND, "no model of site %lld",
		    (long long)site_id);
	if (!f.good)
		return tq_fail(e, TQ_EIO, "the model of site %lld is damaged",
		    (long long)site_id);
	if (a->failed)
		return tq_fail(e, TQ_ELIMIT, "no memory for a model");
	*cursor = f.cursor;
	*bytes = f.bytes;
	return TQ_OK;
}

enum tq_code
tq_sql_model_drop(struct tq_store *base, int64_t site_id, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	enum tq_code code = tq_sql_may_write(s, e);

	if (code != TQ_OK)
		return code;
	s->erased = true;
	return tq_sql_query(s, &(struct tq_db_call){ .sql = TQ_SQL_MODEL_DROP,
	    TQ_DB_ARGS(tq_db_int(site_id)) }, e);
}
