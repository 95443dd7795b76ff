/* Front matter of article files.  One table of keys, each with the function
 * that checks its value; every refusal says the line, the key and what is
 * allowed, because an editor reads it, not a programmer.
 *
 * This is no YAML: a value is the rest of its line, nothing nests, nothing is
 * guessed. */
#include "text/article.h"

#include <stddef.h>
#include <string.h>

#include "base/clock.h"
#include "text/lang.h"
#include "text/rune.h"
#include "text/utf8.h"

#define SLUG_MAX 200
#define SHOWN_MAX 40	/* bytes of a wrong value that an error shows */
#define DAY_US (INT64_C(86400) * TQ_SECOND_US)

#define KEYS "title, slug, date, language, author, section, summary, comments"

struct reader {
	struct tq_arena *a;
	struct tq_err *e;
	int offset_min;
	int line;
	struct tq_article_source out;
};

struct key {
	tq_str name;
	enum tq_code (*take)(struct reader *r, const struct key *k, tq_str v);
	size_t at;		/* of its tq_str in struct tq_article_source */
};

/* s as an error may show it: clean, and cut at a character's border. */
static tq_str
shown(struct tq_arena *a, tq_str s)
{
	size_t n = s.n < SHOWN_MAX ? s.n : SHOWN_MAX;

	while (n > 0 && n < s.n && ((unsigned char)s.p[n] & 0xC0) == 0x80)
		n--;
	return tq_text_clean_line(a, tq_str_sub(s, 0, n));
}

static enum tq_code
full(struct tq_err *e)
{
	return tq_fail(e, TQ_ELIMIT, "the article is too large");
}

static enum tq_code
take_text(struct reader *r, const struct key *k, tq_str v)
{
	memcpy((char *)&r->out + k->at, &v, sizeof(v));
	return TQ_OK;
}

static bool
slug_ok(tq_str s)
{
	size_t at = 0;

	if (s.n == 0 || s.n > SLUG_MAX)
		return false;
	while (at < s.n) {
		uint32_t c = tq_utf8_next(s, &at);

		if (c != '-' && c != '_' && !tq_rune_word(c))
			return false;
	}
	return true;
}

static enum tq_code
take_slug(struct reader *r, const struct key *k, tq_str v)
{
	tq_str bad = shown(r->a, v);

	if (!slug_ok(v))
		return tq_fail(r->e, TQ_EINVALID, "line %d: slug: \"%.*s\" "
		    "must be letters, digits, - and _, at most %d bytes",
		    r->line, TQ_FMT(bad), SLUG_MAX);
	return take_text(r, k, v);
}

static enum tq_code
take_language(struct reader *r, const struct key *k, tq_str v)
{
	tq_str bad = shown(r->a, v);

	if (!tq_lang_tag_ok(v))
		return tq_fail(r->e, TQ_EINVALID, "line %d: language: \"%.*s\" "
		    "is no language tag, such as ar or en-GB", r->line,
		    TQ_FMT(bad));
	return take_text(r, k, v);
}

static enum tq_code
take_date(struct reader *r, const struct key *k, tq_str v)
{
	tq_str bad = shown(r->a, v);

	(void)k;
	if (!tq_date_parse(v, r->offset_min, &r->out.at_us))
		return tq_fail(r->e, TQ_EINVALID, "line %d: date: \"%.*s\" is "
		    "no date; write 2026-11-23 or 2026-11-23 09:30", r->line,
		    TQ_FMT(bad));
	return TQ_OK;
}

static enum tq_code
take_comments(struct reader *r, const struct key *k, tq_str v)
{
	static const tq_str until = TQ_S_INIT("until ");
	int64_t *to = &r->out.comments_until_us;
	tq_str bad = shown(r->a, v);
	tq_str date = tq_str_trim(tq_str_sub(v, until.n, v.n));

	(void)k;
	if (tq_str_eq(v, TQ_S("open"))) {
		*to = INT64_MAX;
		return TQ_OK;
	}
	if (tq_str_eq(v, TQ_S("closed"))) {
		*to = 0;
		return TQ_OK;
	}
	if (!tq_str_starts(v, until) ||
	    !tq_date_parse(date, r->offset_min, to))
		return tq_fail(r->e, TQ_EINVALID, "line %d: comments: \"%.*s\" "
		    "is none of: open, closed, until 2026-12-01", r->line,
		    TQ_FMT(bad));
	if (date.n == sizeof("2026-12-01") - 1)
		*to += DAY_US - 1;	/* a bare date is meant whole */
	return TQ_OK;
}

#define AT(field) offsetof(struct tq_article_source, field)

enum { TITLE, SLUG, DATE, LANGUAGE, AUTHOR, SECTION, SUMMARY, COMMENTS, N_KEYS };

static const struct key keys[N_KEYS] = {
	[TITLE] = { TQ_S_INIT("title"), take_text, AT(title) },
	[SLUG] = { TQ_S_INIT("slug"), take_slug, AT(slug) },
	[DATE] = { TQ_S_INIT("date"), take_date, 0 },
	[LANGUAGE] = { TQ_S_INIT("language"), take_language, AT(language) },
	[AUTHOR] = { TQ_S_INIT("author"), take_text, AT(author) },
	[SECTION] = { TQ_S_INIT("section"), take_text, AT(section) },
	[SUMMARY] = { TQ_S_INIT("summary"), take_text, AT(summary) },
	[COMMENTS] = { TQ_S_INIT("comments"), take_comments, 0 },
};

static const struct key *
find_key(tq_str name)
{
	for (size_t i = 0; i < N_KEYS; i++)
		if (tq_str_eq(name, keys[i].name))
			return &keys[i];
	return NULL;
}

/* Double quotes around the whole value go, unless there are more inside: then
 * they belong to the text ("Yes" and "no"). */
static tq_str
unquote(tq_str v)
{
	tq_str inside = tq_str_sub(v, 1, v.n > 0 ? v.n - 1 : 0);

	if (v.n < 2 || v.p[0] != '"' || v.p[v.n - 1] != '"' ||
	    tq_str_find(inside, TQ_S("\"")) < inside.n)
		return v;
	return tq_str_trim(inside);
}

/* seen: for each key the line it stood on. */
static enum tq_code
take_line(struct reader *r, tq_str line, int seen[static N_KEYS])
{
	tq_str name, v = tq_str_cut(line, ':', &name);
	tq_str bad = shown(r->a, name);
	const struct key *k = find_key(name);

	if (v.p == NULL)
		return tq_fail(r->e, TQ_EINVALID, "line %d: \"%.*s\" is not "
		    "\"key: value\"", r->line, TQ_FMT(bad));
	if (k == NULL)
		return tq_fail(r->e, TQ_EINVALID, "line %d: unknown key "
		    "\"%.*s\"; allowed: " KEYS, r->line, TQ_FMT(bad));
	if (seen[k - keys] != 0)
		return tq_fail(r->e, TQ_EINVALID, "line %d: %.*s is given "
		    "twice, first on line %d", r->line, TQ_FMT(k->name),
		    seen[k - keys]);
	seen[k - keys] = r->line;
	v = tq_text_clean_line(r->a, unquote(tq_str_trim(v)));
	if (r->a->failed)
		return full(r->e);
	if (v.n == 0)
		return tq_fail(r->e, TQ_EINVALID, "line %d: %.*s is empty; "
		    "give it a value or leave the line out", r->line,
		    TQ_FMT(k->name));
	return k->take(r, k, v);
}

static bool
is_fence(tq_str line)
{
	return tq_str_starts(line, TQ_S("---")) && tq_str_trim(line).n == 3;
}

/* Reads from the first fence to the second; *s is then the body. */
static enum tq_code
take_front_matter(struct reader *r, tq_str *s)
{
	int seen[N_KEYS] = { 0 };
	enum tq_code code;
	tq_str line;

	*s = tq_str_cut(*s, '\n', &line);
	if (!is_fence(line))
		return tq_fail(r->e, TQ_EINVALID, "line 1: expected ---, the "
		    "front matter with title and date");
	for (r->line = 2; s->n > 0; r->line++) {
		*s = tq_str_cut(*s, '\n', &line);
		if (is_fence(line))
			return seen[TITLE] != 0 && seen[DATE] != 0 ? TQ_OK :
			    tq_fail(r->e, TQ_EINVALID, "line %d: the front "
			    "matter has no %s", r->line,
			    seen[TITLE] == 0 ? "title" : "date");
		if (tq_str_trim(line).n == 0)
			continue;
		code = take_line(r, line, seen);
		if (code != TQ_OK)
			return code;
	}
	return tq_fail(r->e, TQ_EINVALID, "line 1: the front matter is never "
	    "closed; a second line --- must end it");
}

static enum tq_code
default_slug(struct reader *r, tq_str name)
{
	static const tq_str suffix = TQ_S_INIT(".md");
	tq_str rest = name, bad;

	while (rest.n > 0)		/* after the last "/" */
		rest = tq_str_cut(rest, '/', &name);
	if (tq_str_ends(name, suffix))
		name.n -= suffix.n;
	bad = shown(r->a, name);
	if (!slug_ok(name))
		return tq_fail(r->e, TQ_EINVALID, "the file's name \"%.*s\" "
		    "makes no slug (letters, digits, - and _, at most %d "
		    "bytes); add a line slug:", TQ_FMT(bad), SLUG_MAX);
	r->out.slug = tq_arena_str(r->a, name);
	return TQ_OK;
}

/* Number of the first line that is not UTF-8; 0 without one. */
static int
broken_line(tq_str s)
{
	for (int no = 1; s.n > 0; no++) {
		tq_str line;

		s = tq_str_cut(s, '\n', &line);
		if (!tq_utf8_valid(line))
			return no;
	}
	return 0;
}

enum tq_code
tq_article_parse(struct tq_arena *a, tq_str s, tq_str name, int offset_min,
    struct tq_article_source *out, struct tq_err *e)
{
	struct reader r = {
		.a = a, .e = e, .offset_min = offset_min,
		.out = { .comments_until_us = INT64_MAX },
	};
	enum tq_code code;
	int broken = broken_line(s);

	if (broken != 0)
		return tq_fail(e, TQ_EINVALID, "line %d is not UTF-8; save "
		    "the file as UTF-8", broken);
	if (tq_str_starts(s, TQ_S("\xEF\xBB\xBF")))
		s = tq_str_sub(s, 3, s.n);
	code = take_front_matter(&r, &s);
	if (code == TQ_OK && r.out.slug.n == 0)
		code = default_slug(&r, name);
	if (code != TQ_OK)
		return code;
	r.out.body = tq_text_clean_body(a, s);
	if (a->failed)
		return full(e);
	*out = r.out;
	return TQ_OK;
}
