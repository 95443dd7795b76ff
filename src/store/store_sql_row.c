/* Rows: columns to structs, and the MAC of each kind of row.  SQLite does not
 * notice a flipped bit in what it stores (integrity_check found 2 of 300), so
 * each row carries a keyed hash of its lasting columns.  Numbers go into it as
 * 8 bytes each, little endian, behind the kind of row. */
#include "store/store_sql.h"

#include <string.h>

#include "store/input.h"

/* Places of COMMENT in store_sql_text.c. */
enum { C_ID, C_PAGE, C_SITE, C_PARENT, C_ROOT, C_DEPTH, C_CREATED, C_EDITED,
	C_STATE_US, C_STATE, C_BY_AUTHOR, C_SPAM, C_OWNER, C_CHANGE, C_REPLIES,
	C_NAME, C_URL, C_BODY, C_EMAIL, C_REASONS, C_PATH, C_MAC };
_Static_assert(C_BODY + 1 == TQ_SQL_THREAD_COLS, "columns");
_Static_assert(C_MAC + 1 == TQ_SQL_COMMENT_COLS, "columns");

bool
tq_sql_comment_row(const struct tq_db_value *row, size_t n, struct tq_arena *a,
    struct tq_comment *out)
{
	struct tq_comment c = {
		.id = row[C_ID].i, .page_id = row[C_PAGE].i,
		.site_id = row[C_SITE].i, .parent_id = row[C_PARENT].i,
		.root_id = row[C_ROOT].i, .depth = row[C_DEPTH].i,
		.created_us = row[C_CREATED].i, .edited_us = row[C_EDITED].i,
		.state_us = row[C_STATE_US].i,
		.state = (enum tq_state)row[C_STATE].i,
		.by_author = row[C_BY_AUTHOR].i != 0,
		.spam = row[C_SPAM].d, .change = row[C_CHANGE].i,
		.replies = row[C_REPLIES].i,
		.name = tq_arena_str(a, row[C_NAME].s),
		.url = tq_arena_str(a, row[C_URL].s),
		.body = tq_arena_str(a, row[C_BODY].s),
	};

	if (row[C_OWNER].s.n == sizeof(c.owner))
		memcpy(c.owner, row[C_OWNER].s.p, sizeof(c.owner));
	if (n >= TQ_SQL_COMMENT_COLS) {
		c.email_sealed = tq_arena_str(a, row[C_EMAIL].s);
		c.reasons = tq_arena_str(a, row[C_REASONS].s);
	}
	*out = c;
	return !a->failed;
}

bool
tq_sql_feedback_row(const struct tq_db_value *row, struct tq_arena *a,
    struct tq_feedback *out)
{
	*out = (struct tq_feedback){
		.seq = row[0].i, .site_id = row[1].i, .comment_id = row[2].i,
		.at_us = row[3].i, .from = (enum tq_state)row[4].i,
		.to = (enum tq_state)row[5].i,
		.actor = tq_arena_str(a, row[6].s),
		.name = tq_arena_str(a, row[7].s),
		.url = tq_arena_str(a, row[8].s),
		.body = tq_arena_str(a, row[9].s),
	};
	return !a->failed;
}

bool
tq_sql_api_key_row(const struct tq_db_value *row, struct tq_arena *a,
    struct tq_api_key *out)
{
	*out = (struct tq_api_key){
		.id = row[0].i, .site_id = row[1].i, .created_us = row[2].i,
		.revoked_us = row[3].i, .old_until_us = row[4].i,
		.per_minute = row[5].i, .per_month = row[6].i,
		.lessons_per_hour = row[7].i, .webhook = row[8].i != 0,
		.hint = tq_arena_str(a, row[11].s),
	};
	if (row[9].s.n == sizeof(out->hash))
		memcpy(out->hash, row[9].s.p, sizeof(out->hash));
	if (row[10].s.n == sizeof(out->old_hash))
		memcpy(out->old_hash, row[10].s.p, sizeof(out->old_hash));
	return !a->failed;
}

bool
tq_sql_key_use_row(const struct tq_db_value *row, struct tq_arena *a,
    struct tq_use_row *out)
{
	*out = (struct tq_use_row){
		.key_id = row[0].i, .day = row[1].i,
		.site = tq_arena_str(a, row[2].s),
	};
	for (size_t i = 0; i < TQ_USES; i++)
		out->n[i] = row[3 + i].i;
	return !a->failed;
}

tq_str
tq_sql_comment_path(const struct tq_db_value *row)
{
	return row[C_PATH].s;
}

void *
tq_sql_list_add(struct tq_sql_list *l, size_t size)
{
	if (l->n == l->room) {
		size_t room = l->room == 0 ? 16 : l->room * 2;
		void *p;

		if (l->room == 0 && l->max < 64)
			room = l->max;
		p = tq_arena_alloc(l->a, room, size);
		if (p == NULL)
			return NULL;
		if (l->n > 0)
			memcpy(p, l->p, l->n * size);
		l->p = p;
		l->room = room;
	}
	return (char *)l->p + l->n++ * size;
}

enum tq_code
tq_sql_list_end(const struct tq_sql_list *l, const char *what, struct tq_err *e)
{
	if (l->bad_id != 0)
		return tq_fail(e, TQ_EIO, "%s %lld is damaged: its MAC is "
		    "wrong", what, (long long)l->bad_id);
	if (l->a->failed)
		return tq_fail(e, TQ_ELIMIT, "no memory for the %ss", what);
	return TQ_OK;
}

bool
tq_sql_comment_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct tq_sql_list *l = ctx;
	struct tq_sql_mac mac;
	struct tq_comment *c;

	if (l->n == l->max) {
		l->more = true;
		return false;
	}
	c = tq_sql_list_add(l, sizeof(*c));
	if (c == NULL || !tq_sql_comment_row(row, n, l->a, c))
		return false;
	mac = tq_sql_mac_comment(l->s->mac_key, c, row[C_PATH].s);
	if (!l->trust && !tq_sql_mac_same(&mac, &row[C_MAC])) {
		l->bad_id = c->id;
		return false;
	}
	return true;
}

bool
tq_sql_thread_visit(void *ctx, const struct tq_db_value *row, size_t n)
{
	struct tq_sql_list *l = ctx;
	struct tq_comment *c;

	if (l->n == l->max) {
		l->more = true;
		return false;
	}
	c = tq_sql_list_add(l, sizeof(*c));
	if (c == NULL || !tq_sql_comment_row(row, n, l->a, c))
		return false;
	if (c->state != TQ_PUBLISHED) {
		const tq_str none = { NULL, 0 };

		c->name = c->url = c->body = none;
		c->spam = -1;
		memset(c->owner, 0, sizeof(c->owner));
	}
	return true;
}

/* Fields of a MAC: the numbers first, as one field of fixed length for each
 * kind of row, then the texts. */
struct fields {
	uint8_t numbers[16 * 8];
	size_t n_numbers;
	tq_str texts[9];
	size_t n_texts;
};

static void
add_number(struct fields *f, int64_t v)
{
	uint64_t u = (uint64_t)v;

	for (int i = 0; i < 8; i++)
		f->numbers[f->n_numbers++] = (uint8_t)(u >> (8 * i));
}

static void
add_text(struct fields *f, tq_str s)
{
	f->texts[++f->n_texts] = s;
}

static void
start(struct fields *f, char kind)
{
	f->n_numbers = f->n_texts = 0;
	add_number(f, kind);
}

static struct tq_sql_mac
finish(struct fields *f, const uint8_t *key)
{
	struct tq_sql_mac mac;

	f->texts[0] = (tq_str){ (const char *)f->numbers, f->n_numbers };
	tq_mac(mac.b, sizeof(mac.b), key, f->texts, f->n_texts + 1);
	return mac;
}

struct tq_sql_mac
tq_sql_mac_site(const uint8_t *key, const struct tq_site *site)
{
	struct fields f;

	start(&f, 's');
	add_number(&f, site->id);
	add_number(&f, site->created_us);
	add_text(&f, site->name);
	return finish(&f, key);
}

struct tq_sql_mac
tq_sql_mac_setting(const uint8_t *key, int64_t site_id,
    const struct tq_setting *setting)
{
	struct fields f;

	start(&f, 'o');
	add_number(&f, site_id);
	add_text(&f, setting->name);
	add_text(&f, setting->value);
	return finish(&f, key);
}

struct tq_sql_mac
tq_sql_mac_model(const uint8_t *key, int64_t site_id, int64_t cursor,
    tq_str bytes)
{
	struct fields f;

	start(&f, 'm');
	add_number(&f, site_id);
	add_number(&f, cursor);
	add_text(&f, bytes);
	return finish(&f, key);
}

struct tq_sql_mac
tq_sql_mac_page(const uint8_t *key, const struct tq_page *page)
{
	struct fields f;

	start(&f, 'p');
	add_number(&f, page->id);
	add_number(&f, page->site_id);
	add_number(&f, page->created_us);
	add_text(&f, page->path);
	add_text(&f, page->title);
	return finish(&f, key);
}

struct tq_sql_mac
tq_sql_mac_comment(const uint8_t *key, const struct tq_comment *c, tq_str path)
{
	struct fields f;
	int64_t spam;

	memcpy(&spam, &c->spam, sizeof(spam));
	start(&f, 'c');
	add_number(&f, c->id);
	add_number(&f, c->page_id);
	add_number(&f, c->site_id);
	add_number(&f, c->parent_id);
	add_number(&f, c->root_id);
	add_number(&f, c->depth);
	add_number(&f, c->created_us);
	add_number(&f, c->edited_us);
	add_number(&f, c->state_us);
	add_number(&f, c->state);
	add_number(&f, c->by_author);
	add_number(&f, c->change);
	add_number(&f, spam);
	add_text(&f, path);
	add_text(&f, (tq_str){ (const char *)c->owner, sizeof(c->owner) });
	add_text(&f, c->name);
	add_text(&f, c->url);
	add_text(&f, c->body);
	add_text(&f, c->email_sealed);
	add_text(&f, c->reasons);
	return finish(&f, key);
}

struct tq_sql_mac
tq_sql_mac_feedback(const uint8_t *key, const struct tq_feedback *fb)
{
	struct fields f;

	start(&f, 'f');
	add_number(&f, fb->seq);
	add_number(&f, fb->site_id);
	add_number(&f, fb->comment_id);
	add_number(&f, fb->at_us);
	add_number(&f, fb->from);
	add_number(&f, fb->to);
	add_text(&f, fb->actor);
	add_text(&f, fb->name);
	add_text(&f, fb->url);
	add_text(&f, fb->body);
	return finish(&f, key);
}

struct tq_sql_mac
tq_sql_mac_api_key(const uint8_t *key, const struct tq_api_key *k)
{
	struct fields f;

	start(&f, 'k');
	add_number(&f, k->id);
	add_number(&f, k->site_id);
	add_number(&f, k->created_us);
	add_number(&f, k->revoked_us);
	add_number(&f, k->old_until_us);
	add_number(&f, k->per_minute);
	add_number(&f, k->per_month);
	add_number(&f, k->lessons_per_hour);
	add_number(&f, k->webhook);
	add_text(&f, (tq_str){ (const char *)k->hash, sizeof(k->hash) });
	add_text(&f, (tq_str){ (const char *)k->old_hash,
	    sizeof(k->old_hash) });
	add_text(&f, k->hint);
	return finish(&f, key);
}

struct tq_sql_mac
tq_sql_mac_key_use(const uint8_t *key, const struct tq_use_row *r)
{
	struct fields f;

	start(&f, 'u');
	add_number(&f, r->key_id);
	add_number(&f, r->day);
	for (size_t i = 0; i < TQ_USES; i++)
		add_number(&f, r->n[i]);
	add_text(&f, r->site);
	return finish(&f, key);
}

bool
tq_sql_mac_same(const struct tq_sql_mac *mac, const struct tq_db_value *column)
{
	return column->s.n == sizeof(mac->b) &&
	    tq_equal_ct(mac->b, column->s.p, sizeof(mac->b));
}
