/* SHARDS tables, each with its own lock, list of use and share of the memory.
 * Under a lock an entry is found, compared, copied out or linked; texts are
 * made and entries freed outside. */
#include "web/texts.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "text/lang.h"
#include "text/markup.h"

#define SHARDS 16u		/* comments' numbers follow each other */
#define CHAINS 1024u		/* in each shard */

struct entry {
	struct entry *chain;		/* same chain of the table */
	struct entry *newer, *older;	/* list of use */
	int64_t id;
	enum tq_dir dir;
	size_t bytes;			/* all of it */
	/* In this order in text. */
	size_t page_lang_n, body_n, html_n, lang_n;
	char text[];
};

struct shard {
	pthread_mutex_t lock;
	struct entry *chains[CHAINS];
	struct entry *newest, *oldest;
	size_t bytes;
	int64_t hits, misses, entries;
};

struct tq_texts {
	size_t shard_max;		/* bytes */
	struct shard shards[SHARDS];
};

static struct shard *
shard_of(struct tq_texts *t, int64_t id)
{
	return &t->shards[(uint64_t)id % SHARDS];
}

static struct entry **
chain_of(struct shard *s, int64_t id)
{
	return &s->chains[(uint64_t)id / SHARDS % CHAINS];
}

static struct entry *
find(struct shard *s, int64_t id)
{
	struct entry *x = *chain_of(s, id);

	while (x != NULL && x->id != id)
		x = x->chain;
	return x;
}

static void
list_remove(struct shard *s, struct entry *x)
{
	*(x->newer != NULL ? &x->newer->older : &s->newest) = x->older;
	*(x->older != NULL ? &x->older->newer : &s->oldest) = x->newer;
}

static void
list_push(struct shard *s, struct entry *x)
{
	x->newer = NULL;
	x->older = s->newest;
	*(s->newest != NULL ? &s->newest->newer : &s->oldest) = x;
	s->newest = x;
}

/* Out of table and list; the caller frees it. */
static struct entry *
take_out(struct shard *s, struct entry *x)
{
	struct entry **at = chain_of(s, x->id);

	while (*at != x)
		at = &(*at)->chain;
	*at = x->chain;
	list_remove(s, x);
	s->bytes -= x->bytes;
	s->entries--;
	return x;
}

static void
put_in(struct shard *s, struct entry *x)
{
	struct entry **at = chain_of(s, x->id);

	x->chain = *at;
	*at = x;
	list_push(s, x);
	s->bytes += x->bytes;
	s->entries++;
}

enum tq_code
tq_texts_new(size_t bytes_max, struct tq_texts **out, struct tq_err *e)
{
	struct tq_texts *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory to keep texts");
	t->shard_max = bytes_max / SHARDS;
	for (unsigned i = 0; i < SHARDS; i++)
		(void)pthread_mutex_init(&t->shards[i].lock, NULL);
	*out = t;
	return TQ_OK;
}

/* All entries of a shard, linked by older. */
static struct entry *
empty(struct shard *s)
{
	struct entry *all = s->newest;

	s->newest = s->oldest = NULL;
	memset(s->chains, 0, sizeof(s->chains));
	s->bytes = 0;
	s->entries = 0;
	return all;
}

static void
free_list(struct entry *x)
{
	while (x != NULL) {
		struct entry *older = x->older;

		free(x);
		x = older;
	}
}

void
tq_texts_free(struct tq_texts *t)
{
	if (t == NULL)
		return;
	for (unsigned i = 0; i < SHARDS; i++) {
		free_list(empty(&t->shards[i]));
		(void)pthread_mutex_destroy(&t->shards[i].lock);
	}
	free(t);
}

static tq_str
part(const struct entry *x, size_t from, size_t n)
{
	return n > 0 ? (tq_str){ x->text + from, n } : (tq_str){ NULL, 0 };
}

static bool
same(const struct entry *x, tq_str body, tq_str page_lang)
{
	return tq_str_eq(part(x, 0, x->page_lang_n), page_lang) &&
	    tq_str_eq(part(x, x->page_lang_n, x->body_n), body);
}

static void
copy_out(const struct entry *x, struct tq_arena *a, struct tq_shown_text *out)
{
	size_t at = x->page_lang_n + x->body_n;

	out->html.s = tq_arena_str(a, part(x, at, x->html_n));
	out->lang = tq_arena_str(a, part(x, at + x->html_n, x->lang_n));
	out->dir = x->dir;
}

static bool
look_up(struct tq_texts *t, int64_t id, tq_str body, tq_str page_lang,
    struct tq_arena *a, struct tq_shown_text *out)
{
	struct shard *s = shard_of(t, id);
	struct entry *x;
	bool hit;

	(void)pthread_mutex_lock(&s->lock);
	x = find(s, id);
	hit = x != NULL && same(x, body, page_lang);
	if (hit) {
		s->hits++;
		list_remove(s, x);
		list_push(s, x);
		copy_out(x, a, out);
	} else {
		s->misses++;
	}
	(void)pthread_mutex_unlock(&s->lock);
	return hit;
}

static struct entry *
entry_new(int64_t id, tq_str body, tq_str page_lang,
    const struct tq_shown_text *shown)
{
	const tq_str parts[] = { page_lang, body, shown->html.s, shown->lang };
	size_t size = sizeof(struct entry), at = 0;
	struct entry *x;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (__builtin_add_overflow(size, parts[i].n, &size))
			return NULL;
	x = malloc(size);
	if (x == NULL)
		return NULL;
	*x = (struct entry){
		.id = id, .dir = shown->dir, .bytes = size,
		.page_lang_n = page_lang.n, .body_n = body.n,
		.html_n = shown->html.s.n, .lang_n = shown->lang.n,
	};
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (parts[i].n > 0)
			memcpy(x->text + at, parts[i].p, parts[i].n);
		at += parts[i].n;
	}
	return x;
}

/* Without memory for it the text is made again the next time. */
static void
keep(struct tq_texts *t, struct entry *x)
{
	struct entry *out = NULL, *old;
	struct shard *s;

	if (x == NULL || x->bytes > t->shard_max) {
		free(x);
		return;
	}
	s = shard_of(t, x->id);
	(void)pthread_mutex_lock(&s->lock);
	old = find(s, x->id);
	if (old != NULL) {
		out = take_out(s, old);
		out->older = NULL;
	}
	while (s->bytes + x->bytes > t->shard_max) {
		old = take_out(s, s->oldest);
		old->older = out;
		out = old;
	}
	put_in(s, x);
	(void)pthread_mutex_unlock(&s->lock);
	free_list(out);
}

enum tq_code
tq_text_show(tq_str body, tq_str page_lang, struct tq_arena *a,
    struct tq_shown_text *out, struct tq_err *e)
{
	out->dir = tq_text_direction(body, tq_lang_tag_dir(page_lang));
	out->lang = tq_text_language(body, page_lang);
	return tq_markup_comment(a, body, out->dir, &out->html, NULL, e);
}

enum tq_code
tq_texts_show(struct tq_texts *t, int64_t comment_id, tq_str body,
    tq_str page_lang, struct tq_arena *a, struct tq_shown_text *out,
    struct tq_err *e)
{
	enum tq_code code;

	if (t == NULL)
		return tq_text_show(body, page_lang, a, out, e);
	if (look_up(t, comment_id, body, page_lang, a, out))
		return a->failed ? tq_fail(e, TQ_ELIMIT, "no memory for HTML") :
		    TQ_OK;
	code = tq_text_show(body, page_lang, a, out, e);
	if (code == TQ_OK)
		keep(t, entry_new(comment_id, body, page_lang, out));
	return code;
}

static struct entry *
forget_one(struct shard *s, int64_t id)
{
	struct entry *x;

	(void)pthread_mutex_lock(&s->lock);
	x = find(s, id);
	if (x != NULL)
		x = take_out(s, x);
	(void)pthread_mutex_unlock(&s->lock);
	return x;
}

void
tq_texts_forget(struct tq_texts *t, int64_t comment_id)
{
	if (t == NULL)
		return;
	if (comment_id != 0) {
		free(forget_one(shard_of(t, comment_id), comment_id));
		return;
	}
	for (struct shard *s = t->shards; s < t->shards + SHARDS; s++) {
		struct entry *all;

		(void)pthread_mutex_lock(&s->lock);
		all = empty(s);
		(void)pthread_mutex_unlock(&s->lock);
		free_list(all);
	}
}

void
tq_texts_stats(struct tq_texts *t, struct tq_texts_stats *out)
{
	*out = (struct tq_texts_stats){ .hits = 0 };
	if (t == NULL)
		return;
	for (struct shard *s = t->shards; s < t->shards + SHARDS; s++) {
		(void)pthread_mutex_lock(&s->lock);
		out->hits += s->hits;
		out->misses += s->misses;
		out->bytes += (int64_t)s->bytes;
		out->entries += s->entries;
		(void)pthread_mutex_unlock(&s->lock);
	}
}
