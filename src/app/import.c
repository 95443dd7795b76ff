/* Import of JSON Lines: see import.h.  The keys of the file are remembered in a
 * growing table, so a file of a million lines needs some tens of MB. */
#include "app/import.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/change.h"
#include "app/fields.h"
#include "app/sites.h"
#include "base/arena.h"
#include "base/crypto.h"
#include "text/path.h"
#include "text/url.h"
#include "text/utf8.h"

#define BATCH 1000
#define LINE_MAX_BYTES ((size_t)256 * 1024)

struct known { uint64_t key; int64_t id; };	/* open addressing */

struct import {
	struct tq_change change;
	struct tq_app *app;
	FILE *file;
	const char *name;
	int64_t site_id, line, added;	/* added: committed */
	int64_t batch;		/* rows of the open transaction */
	char *text;		/* getline's */
	size_t room;
	bool end;
	struct known *keys;
	size_t n_keys, cap_keys;
	uint8_t hash_key[16];
	struct tq_arena arena;	/* one line */
	tq_str path;
};

static uint64_t
hash(const struct import *im, tq_str s)
{
	return tq_siphash(im->hash_key, s) | 1;
}

static struct known *
slot(struct known *keys, size_t cap, uint64_t key)
{
	size_t i = (size_t)key & (cap - 1);

	while (keys[i].key != 0 && keys[i].key != key)
		i = (i + 1) & (cap - 1);
	return &keys[i];
}

static bool
remember(struct import *im, tq_str key, int64_t id)
{
	if (im->n_keys * 2 >= im->cap_keys) {
		size_t cap = im->cap_keys == 0 ? 1024 : im->cap_keys * 2;
		struct known *more = calloc(cap, sizeof(*more));

		if (more == NULL)
			return false;
		for (size_t i = 0; i < im->cap_keys; i++)
			if (im->keys[i].key != 0)
				*slot(more, cap, im->keys[i].key) =
				    im->keys[i];
		free(im->keys);
		im->keys = more;
		im->cap_keys = cap;
	}
	*slot(im->keys, im->cap_keys, hash(im, key)) =
	    (struct known){ hash(im, key), id };
	im->n_keys++;
	return true;
}

static int64_t
recall(const struct import *im, tq_str key)
{
	return im->cap_keys == 0 ? 0 :
	    slot(im->keys, im->cap_keys, hash(im, key))->id;
}

static enum tq_code
bad(const struct import *im, const char *what, struct tq_err *e)
{
	return tq_fail(e, TQ_EINVALID, "%.120s:%lld: %s", im->name,
	    (long long)im->line, what);
}

static tq_str
member(const json_t *o, const char *name)
{
	const json_t *s = json_object_get(o, name);

	return json_is_string(s) ? (tq_str){ json_string_value(s),
	    json_string_length(s) } : (tq_str){ NULL, 0 };
}

/* The row that a line describes; *key is its name in the file. */
static enum tq_code
read_row(struct import *im, const json_t *o, struct tq_comment *row,
    tq_str *page, tq_str *key, struct tq_err *e)
{
	struct tq_arena *a = &im->arena;
	tq_str parent = member(o, "parent"), state = member(o, "state");
	tq_url url = { { NULL, 0 } };

	*row = (struct tq_comment){ .site_id = im->site_id, .spam = -1 };
	*page = member(o, "page");
	*key = member(o, "key");
	row->name = tq_text_clean_line(a, member(o, "name"));
	row->body = tq_text_clean_body(a, member(o, "text"));
	if (page->n == 0 || page->p[0] != '/')
		return bad(im, "page must be a path from /", e);
	*page = tq_path_canonical(a, *page);
	if (page->n == 0)
		return bad(im, "page holds a control character", e);
	if (row->body.n == 0)
		return bad(im, "text is missing", e);
	if (!tq_date_parse(member(o, "at"), 0, &row->created_us))
		return bad(im, "at must be a time as 2026-11-20T09:15:00Z", e);
	if (state.n > 0 && !tq_state_parse(state, &row->state))
		return bad(im, "state must be published, held or spam", e);
	if (member(o, "url").n > 0 && tq_url_web(a, member(o, "url"), &url))
		row->url = url.s;
	if (parent.n > 0) {
		row->parent_id = recall(im, parent);
		if (row->parent_id == 0)
			return bad(im, "parent is not in a line before", e);
	}
	tq_random(row->owner, sizeof(row->owner));
	return a->failed ? bad(im, "the line is too large", e) : TQ_OK;
}

static enum tq_code
take_line(struct import *im, struct tq_store *s, const json_t *o,
    struct tq_err *e)
{
	struct tq_comment row;
	tq_str page, key;
	enum tq_code code = read_row(im, o, &row, &page, &key, e);

	if (code == TQ_OK)
		code = s->ops->page_put(s, im->site_id, page,
		    (tq_str){ NULL, 0 }, row.created_us, &row.page_id, e);
	if (code != TQ_OK)
		return code;
	code = s->ops->comment_add(s, &row, e);
	if (code == TQ_ENOTFOUND)
		return bad(im, "parent is not published on the same page", e);
	if (code == TQ_OK && key.n > 0 && !remember(im, key, row.id))
		return tq_fail(e, TQ_ELIMIT, "no memory for the import");
	im->batch += code == TQ_OK;
	return code;
}

/* One transaction of lines. */
static enum tq_code
apply(struct tq_change *c, struct tq_store *s, struct tq_err *e)
{
	struct import *im = (struct import *)c;
	enum tq_code code = TQ_OK;

	for (int i = 0; code == TQ_OK && i < BATCH; i++) {
		ssize_t n = getline(&im->text, &im->room, im->file);
		json_error_t why;
		json_t *o;

		if (n < 0) {
			im->end = true;
			/* No memory is no end of the file. */
			return feof(im->file) ? TQ_OK : tq_fail(e, TQ_EIO,
			    "cannot read %.120s: %s", im->name,
			    strerror(errno));
		}
		im->line++;
		if (tq_str_trim((tq_str){ im->text, (size_t)n }).n == 0)
			continue;
		o = (size_t)n > LINE_MAX_BYTES ? NULL :
		    json_loadb(im->text, (size_t)n, 0, &why);
		code = !json_is_object(o) ? bad(im, "not a JSON object", e) :
		    take_line(im, s, o, e);
		json_decref(o);
		tq_arena_free(&im->arena);
	}
	return code;
}

static int64_t
find_site(struct tq_app *app, tq_str name)
{
	struct tq_sites *sites = (struct tq_sites *)tq_cell_get(&app->sites);
	const struct tq_site_view *v = tq_sites_by_name(sites, name);
	int64_t id = v == NULL ? 0 : v->id;

	tq_sites_put(sites);
	return id;
}

enum tq_code
tq_import_jsonl(struct tq_app *app, tq_str site, const char *file,
    void (*progress)(void *ctx, int64_t lines), void *ctx, int64_t *n,
    struct tq_err *e)
{
	struct import im = { .app = app, .name = file };
	enum tq_code code = TQ_OK;

	im.site_id = find_site(app, site);
	if (im.site_id == 0)
		return tq_fail(e, TQ_ENOTFOUND, "there is no site \"%.*s\"",
		    TQ_FMT(tq_str_sub(site, 0, 60)));
	im.file = fopen(file, "re");
	if (im.file == NULL)
		return tq_fail(e, TQ_EIO, "cannot open %.120s: %s", file,
		    strerror(errno));
	tq_random(im.hash_key, sizeof(im.hash_key));
	tq_arena_init(&im.arena, LINE_MAX_BYTES * 16);
	while (code == TQ_OK && !im.end) {
		im.change = (struct tq_change){ .apply = apply };
		im.batch = 0;
		code = tq_change_run(&im.change, app, e);
		if (code != TQ_OK)
			break;
		im.added += im.batch;
		if (progress != NULL)
			progress(ctx, im.line);
	}
	*n = im.added;
	(void)fclose(im.file);
	free(im.text);
	free(im.keys);
	tq_arena_free(&im.arena);
	return code;
}
