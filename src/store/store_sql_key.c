/* Keys of clients, and how much each was used. */
#include "store/store_sql.h"

#include "store/input.h"

static tq_str
hash_bytes(const uint8_t hash[static TQ_API_HASH_BYTES])
{
	return (tq_str){ (const char *)hash, TQ_API_HASH_BYTES };
}

enum tq_code
tq_sql_api_key_add(struct tq_store *base, struct tq_api_key *given,
    struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct tq_api_key k = *given;
	enum tq_code code = tq_sql_may_write(s, e);
	struct tq_sql_mac mac;

	if (code == TQ_OK)
		code = tq_input_api_key(given, e);
	if (code == TQ_OK)
		code = tq_sql_site_exists(s, k.site_id, e);
	if (code == TQ_OK)
		code = tq_sql_number(s, (struct tq_db_call){
		    .sql = TQ_SQL_API_KEY_NEXT }, &k.id, e);
	if (code != TQ_OK)
		return code;
	mac = tq_sql_mac_api_key(s->mac_key, &k);
	code = tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_API_KEY_ADD, TQ_DB_ARGS(tq_db_int(k.id),
	    tq_db_int(k.site_id), tq_db_int(k.created_us),
	    tq_db_int(k.revoked_us), tq_db_int(k.old_until_us),
	    tq_db_int(k.per_minute), tq_db_int(k.per_month),
	    tq_db_int(k.lessons_per_hour), tq_db_int(k.webhook),
	    tq_db_blob(hash_bytes(k.hash)), tq_db_blob(hash_bytes(k.old_hash)),
	    tq_db_text(k.hint), tq_sql_mac_value(&mac)) }, e);
	if (code == TQ_ECONFLICT)
		return tq_fail(e, code, "a key with that hash is there "
		    "already");
	if (code == TQ_OK)
		given->id = k.id;
	return code;
}

static bool
api_key_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct tq_sql_list *l = ctx;
	struct tq_api_key *k = tq_sql_list_add(l, sizeof(*k));
	struct tq_sql_mac mac;

	if (k == NULL || !tq_sql_api_key_row(row, l->a, k))
		return false;
	mac = tq_sql_mac_api_key(l->s->mac_key, k);
	k->damaged = !tq_sql_mac_same(&mac, &row[n - 1]);
	return true;
}

enum tq_code
tq_sql_api_key_get(struct tq_store *base, int64_t id, struct tq_arena *a,
    struct tq_api_key *out, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct tq_sql_list l = { .s = s, .a = a, .max = 1 };
	enum tq_code code = tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_API_KEY_GET, TQ_DB_ARGS(tq_db_int(id)),
	    .visit = api_key_visit, .ctx = &l }, e);

	if (code == TQ_OK)
		code = tq_sql_list_end(&l, "key", e);
	if (code != TQ_OK)
		return code;
	if (l.n == 0)
		return tq_fail(e, TQ_ENOTFOUND, "there is no key %lld",
		    (long long)id);
	if (((struct tq_api_key *)l.p)->damaged)
		return tq_fail(e, TQ_EIO, "key %lld is damaged: its MAC is "
		    "wrong", (long long)id);
	*out = *(struct tq_api_key *)l.p;
	return TQ_OK;
}

enum tq_code
tq_sql_api_key_put(struct tq_store *base, const struct tq_api_key *given,
    struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct tq_api_key k = *given, old;
	enum tq_code code = tq_sql_may_write(s, e);
	struct tq_sql_mac mac;
	struct tq_arena a;

	if (code == TQ_OK)
		code = tq_input_api_key(given, e);
	if (code != TQ_OK)
		return code;
	tq_arena_init(&a, 65536);
	code = tq_sql_api_key_get(base, k.id, &a, &old, e);
	tq_arena_free(&a);
	if (code != TQ_OK)
		return code;
	k.site_id = old.site_id;
	k.created_us = old.created_us;
	mac = tq_sql_mac_api_key(s->mac_key, &k);
	s->erased = true;	/* a hash may have gone */
	code = tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_API_KEY_PUT, TQ_DB_ARGS(tq_db_int(k.id),
	    tq_db_int(k.revoked_us), tq_db_int(k.old_until_us),
	    tq_db_int(k.per_minute), tq_db_int(k.per_month),
	    tq_db_int(k.lessons_per_hour), tq_db_int(k.webhook),
	    tq_db_blob(hash_bytes(k.hash)), tq_db_blob(hash_bytes(k.old_hash)),
	    tq_db_text(k.hint), tq_sql_mac_value(&mac)) }, e);
	if (code == TQ_ECONFLICT)
		return tq_fail(e, code, "a key with that hash is there "
		    "already");
	return code;
}

enum tq_code
tq_sql_api_key_list(struct tq_store *base, struct tq_arena *a,
    struct tq_api_key **out, size_t *n, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct tq_sql_list l = { .s = s, .a = a, .max = SIZE_MAX };
	enum tq_code code = tq_sql_query(s, &(struct tq_db_call){
	    .sql = TQ_SQL_API_KEY_LIST, .visit = api_key_visit, .ctx = &l },
	    e);

	if (code == TQ_OK)
		code = tq_sql_list_end(&l, "key", e);
	if (code == TQ_OK) {
		*out = l.p;
		*n = l.n;
	}
	return code;
}

/* Adding to a row: what is there, and its MAC. */
struct adding {
	struct tq_sql_store *s;
	struct tq_use_row r;
	struct tq_sql_mac mac;
	bool found, good;
};

static bool
adding_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct adding *add = ctx;
	struct tq_use_row old = { .key_id = row[0].i, .day = row[1].i,
	    .site = row[2].s };
	const struct tq_db_value *mac = &row[n - 1];

	for (size_t i = 0; i < TQ_USES; i++)
		old.n[i] = row[3 + i].i;
	add->found = true;
	add->mac = tq_sql_mac_key_use(add->s->mac_key, &old);
	add->good = tq_sql_mac_same(&add->mac, mac);
	for (size_t i = 0; i < TQ_USES; i++)
		if (__builtin_add_overflow(add->r.n[i], old.n[i],
		    &add->r.n[i]))
			add->r.n[i] = INT64_MAX;
	return false;
}

static enum tq_code
use_find(struct adding *add, struct tq_err *e)
{
	add->found = false;
	return tq_sql_query(add->s, &(struct tq_db_call){
	    .sql = TQ_SQL_KEY_USE_GET, TQ_DB_ARGS(tq_db_int(add->r.key_id),
	    tq_db_int(add->r.day), tq_db_text(add->r.site)),
	    .visit = adding_visit, .ctx = add }, e);
}

static enum tq_code
use_write(struct adding *add, struct tq_err *e)
{
	const struct tq_use_row *r = &add->r;

	add->mac = tq_sql_mac_key_use(add->s->mac_key, r);
	if (add->found && !add->good)
		add->mac.b[0] ^= 1;	/* what was wrong stays wrong */
	return tq_sql_query(add->s, &(struct tq_db_call){
	    .sql = add->found ? TQ_SQL_KEY_USE_PUT : TQ_SQL_KEY_USE_ADD,
	    TQ_DB_ARGS(tq_db_int(r->key_id), tq_db_int(r->day),
	    tq_db_text(r->site), tq_db_int(r->n[TQ_USE_SPAM]),
	    tq_db_int(r->n[TQ_USE_HAM]), tq_db_int(r->n[TQ_USE_MISSED_SPAM]),
	    tq_db_int(r->n[TQ_USE_FALSE_POSITIVE]),
	    tq_sql_mac_value(&add->mac)) }, e);
}

enum tq_code
tq_sql_key_use_add(struct tq_store *base, const struct tq_use_row *r,
    struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct adding add = { .s = s, .r = *r };
	enum tq_code code = tq_sql_may_write(s, e);
	int64_t n;

	if (code == TQ_OK)
		code = tq_input_use(r, e);
	if (code == TQ_OK)
		code = use_find(&add, e);
	if (code == TQ_OK && !add.found)
		code = tq_sql_number(s, (struct tq_db_call){
		    .sql = TQ_SQL_API_KEY_EXISTS,
		    TQ_DB_ARGS(tq_db_int(r->key_id)) }, &n, e);
	if (code == TQ_ENOTFOUND)
		return tq_fail(e, code, "there is no key %lld",
		    (long long)r->key_id);
	if (code == TQ_OK && !add.found && r->site.n > 0) {
		code = tq_sql_number(s, (struct tq_db_call){
		    .sql = TQ_SQL_KEY_USE_SITES, TQ_DB_ARGS(
		    tq_db_int(r->key_id), tq_db_int(r->day)) }, &n, e);
		if (code == TQ_OK && n >= TQ_USE_SITES_MAX) {
			add.r.site = (tq_str){ NULL, 0 };
			code = use_find(&add, e);
		}
	}
	return code == TQ_OK ? use_write(&add, e) : code;
}

static bool
use_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct tq_sql_list *l = ctx;
	struct tq_use_row *r = tq_sql_list_add(l, sizeof(*r));
	struct tq_sql_mac mac;

	if (r == NULL || !tq_sql_key_use_row(row, l->a, r))
		return false;
	mac = tq_sql_mac_key_use(l->s->mac_key, r);
	if (!tq_sql_mac_same(&mac, &row[n - 1]))
		l->bad_id = r->key_id;
	return l->bad_id == 0;
}

enum tq_code
tq_sql_key_use_list(struct tq_store *base, const struct tq_use_ask *ask,
    struct tq_arena *a, struct tq_use_row **out, size_t *n, struct tq_err *e)
{
	struct tq_sql_store *s = tq_sql_self(base);
	struct tq_sql_list l = { .s = s, .a = a, .max = SIZE_MAX };
	enum tq_code code = tq_sql_query(s, &(struct tq_db_call){
	    .sql = ask->site.p == NULL ? TQ_SQL_KEY_USE_LIST :
	    TQ_SQL_KEY_USE_LIST_SITE, TQ_DB_ARGS(tq_db_int(ask->key_id),
	    tq_db_int(ask->from_day), tq_db_int(ask->to_day),
	    tq_db_text(ask->site)), .visit = use_visit, .ctx = &l }, e);

	if (code == TQ_OK)
		code = tq_sql_list_end(&l, "use of key", e);
	if (code == TQ_OK) {
		*out = l.p;
		*n = l.n;
	}
	return code;
}

static bool
sum_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	int64_t *sums = ctx;

	for (size_t i = 0; i < TQ_USES && i < n; i++)
		sums[i] = row[i].i;
	return false;
}

enum tq_code
tq_sql_key_use_sum(struct tq_store *base, const struct tq_use_ask *ask,
    int64_t out[TQ_USES], struct tq_err *e)
{
	int64_t sums[TQ_USES] = { 0 };
	enum tq_code code = tq_sql_query(tq_sql_self(base),
	    &(struct tq_db_call){ .sql = ask->site.p == NULL ?
	    TQ_SQL_KEY_USE_SUM : TQ_SQL_KEY_USE_SUM_SITE,
	    TQ_DB_ARGS(tq_db_int(ask->key_id), tq_db_int(ask->from_day),
	    tq_db_int(ask->to_day), tq_db_text(ask->site)),
	    .visit = sum_visit, .ctx = sums }, e);

	if (code == TQ_OK)
		for (size_t i = 0; i < TQ_USES; i++)
			out[i] = sums[i];
	return code;
}
