/* JSON lines of comments: see rows.h.  Every complaint names file and line. */
#include "cli/rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum tq_code
tq_rows_open(struct tq_rows *r, const char *path, struct tq_err *e)
{
	struct stat st;

	memset(r, 0, sizeof(*r));
	r->name = path;
	if (strcmp(path, "-") == 0) {
		r->name = "standard input";
		r->in = stdin;
		return TQ_OK;
	}
	r->in = fopen(path, "re");
	if (r->in == NULL)
		return tq_fail(e, errno == ENOENT ? TQ_ENOTFOUND : TQ_EIO,
		    "%s: %s", path, strerror(errno));
	if (fstat(fileno(r->in), &st) == 0)
		r->size = st.st_size;
	return TQ_OK;
}

void
tq_rows_close(struct tq_rows *r)
{
	if (r->in != NULL && r->in != stdin)
		fclose(r->in);
	free(r->buf);
	json_decref(r->json);
	memset(r, 0, sizeof(*r));
}

static taliq_text
cut(tq_str s, size_t most)
{
	if (s.n > most) {
		s.n = most;
		while (s.n > 0 && ((unsigned char)s.p[s.n] & 0xC0) == 0x80)
			s.n--;
	}
	return (taliq_text){ s.p, s.n };
}

/* A plain text, or the text of a row. */
static taliq_input
input_of(tq_str text)
{
	return (taliq_input){ .size = sizeof(taliq_input),
	    .body = cut(text, TALIQ_BODY_MAX) };
}

static tq_str
string(const json_t *v)
{
	return json_is_string(v) ? (tq_str){ json_string_value(v),
	    json_string_length(v) } : (tq_str){ NULL, 0 };
}

/* The member, or NULL when it is not there or null. */
static json_t *
member(const struct tq_rows *r, const char *key)
{
	json_t *v = json_object_get(r->json, key);

	return json_is_null(v) ? NULL : v;
}

static enum tq_code
bad_type(const struct tq_rows *r, const char *key, const char *wanted,
    struct tq_err *e)
{
	return tq_fail(e, TQ_EINVALID, "%s:%zu: \"%s\": %s", r->name, r->line,
	    key, wanted);
}

static enum tq_code
read_label(const struct tq_rows *r, struct tq_row *out, struct tq_err *e)
{
	const json_t *v = member(r, "label");
	tq_str label = string(v);

	out->labelled = v != NULL;
	out->spam = tq_str_eq(label, TQ_S("spam"));
	if (v == NULL || out->spam || tq_str_eq(label, TQ_S("ham")))
		return TQ_OK;
	return tq_fail(e, TQ_EINVALID, "%s:%zu: label \"%.*s\": \"spam\" or "
	    "\"ham\" is allowed", r->name, r->line,
	    TQ_FMT(tq_str_sub(label, 0, 40)));
}

static enum tq_code
read_id(const struct tq_rows *r, struct tq_row *out, struct tq_err *e)
{
	json_t *v = member(r, "id");

	if (json_is_object(v) || json_is_array(v))
		return bad_type(r, "id", "a text or a number is wanted", e);
	out->id = v;
	return TQ_OK;
}

static enum tq_code
read_texts(const struct tq_rows *r, taliq_input *in, struct tq_err *e)
{
	const struct { const char *key; taliq_text *to; } texts[] = {
		{ "author", &in->author }, { "email", &in->email },
		{ "url", &in->url }, { "user_agent", &in->user_agent },
		{ "page_lang", &in->lang }, { "lang", &in->lang },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const json_t *v = member(r, texts[i].key);

		if (v == NULL)
			continue;
		if (!json_is_string(v))
			return bad_type(r, texts[i].key, "a text is wanted",
			    e);
		*texts[i].to = cut(string(v), TALIQ_FIELD_MAX);
	}
	return TQ_OK;
}

static enum tq_code
read_times(const struct tq_rows *r, taliq_input *in, struct tq_err *e)
{
	const struct { const char *key; int64_t *to; } times[] = {
		{ "written_at", &in->written_at },
		{ "page_published_at", &in->page_published_at },
	};

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		const json_t *v = member(r, times[i].key);

		if (v == NULL)
			continue;
		if (!json_is_integer(v))
			return bad_type(r, times[i].key, "whole seconds since "
			    "1970 are wanted", e);
		*times[i].to = json_integer_value(v);
	}
	return TQ_OK;
}

enum tq_code
tq_rows_parse(struct tq_rows *r, tq_str line, struct tq_row *out,
    struct tq_err *e)
{
	json_error_t why;
	tq_str text;
	enum tq_code c;

	json_decref(r->json);
	r->json = json_loadb(line.p, line.n, JSON_ALLOW_NUL, &why);
	if (r->json == NULL)
		return tq_fail(e, TQ_EINVALID, "%s:%zu: no JSON: %s",
		    r->name, r->line, why.text);
	if (!json_is_object(r->json))
		return tq_fail(e, TQ_EINVALID, "%s:%zu: a JSON object is "
		    "wanted", r->name, r->line);
	text = string(member(r, "text"));
	if (text.p == NULL)
		return tq_fail(e, TQ_EINVALID, "%s:%zu: no \"text\"", r->name,
		    r->line);
	memset(out, 0, sizeof(*out));
	out->in = input_of(text);
	c = read_texts(r, &out->in, e);
	if (c == TQ_OK)
		c = read_times(r, &out->in, e);
	if (c == TQ_OK)
		c = read_id(r, out, e);
	return c == TQ_OK ? read_label(r, out, e) : c;
}

/* --- bytes ---------------------------------------------------------------- */

static enum tq_code
too_long(const struct tq_rows *r, bool whole, struct tq_err *e)
{
	return whole ? tq_fail(e, TQ_ELIMIT, "%s: text longer than %u bytes",
	    r->name, TQ_ROWS_LINE_MAX) : tq_fail(e, TQ_ELIMIT, "%s:%zu: line "
	    "longer than %u bytes", r->name, r->line + 1, TQ_ROWS_LINE_MAX);
}

static enum tq_code
grow(struct tq_rows *r, struct tq_err *e)
{
	size_t cap = r->cap == 0 ? 4096 : 2 * r->cap;
	char *p = realloc(r->buf, cap);

	if (p == NULL)
		return tq_fail(e, TQ_ELIMIT, "%s: no memory", r->name);
	r->buf = p;
	r->cap = cap;
	return TQ_OK;
}

/* A byte order mark, as some editors set before the first line. */
static void
drop_mark(struct tq_rows *r)
{
	if (r->n < 3 || memcmp(r->buf, "\xEF\xBB\xBF", 3) != 0)
		return;
	r->n -= 3;
	memmove(r->buf, r->buf + 3, r->n);
}

/* Adds to buf up to the end of the line, or of the file; *more: there was
 * something. */
static enum tq_code
read_on(struct tq_rows *r, bool whole, bool *more, struct tq_err *e)
{
	bool first = r->bytes == 0;
	size_t from = r->n;
	int byte;

	while ((byte = getc_unlocked(r->in)) != EOF) {
		if (r->n == TQ_ROWS_LINE_MAX)
			return too_long(r, whole, e);
		if (r->n == r->cap && grow(r, e) != TQ_OK)
			return e->code;
		r->buf[r->n++] = (char)byte;
		if (byte == '\n' && !whole)
			break;
	}
	if (ferror(r->in))
		return tq_fail(e, TQ_EIO, "%s: %s", r->name, strerror(errno));
	r->bytes += (int64_t)(r->n - from);
	*more = r->n > from;
	r->line += *more && !whole;
	if (first)
		drop_mark(r);
	return TQ_OK;
}

static tq_str
held(const struct tq_rows *r)
{
	return tq_str_trim((tq_str){ r->buf, r->n });
}

enum tq_code
tq_rows_sniff(struct tq_rows *r, bool *rows, struct tq_err *e)
{
	bool more = true;
	tq_str line;
	json_t *j;

	while (more && held(r).n == 0) {
		enum tq_code c = read_on(r, false, &more, e);

		if (c != TQ_OK)
			return c;
	}
	r->held = true;
	line = held(r);
	j = tq_str_starts(line, TQ_S("{")) ? json_loadb(line.p, line.n,
	    JSON_ALLOW_NUL, NULL) : NULL;
	*rows = json_is_string(json_object_get(j, "text"));
	json_decref(j);
	return TQ_OK;
}

enum tq_code
tq_rows_text(struct tq_rows *r, struct tq_row *out, struct tq_err *e)
{
	bool more;
	enum tq_code c = read_on(r, true, &more, e);

	if (c != TQ_OK)
		return c;
	memset(out, 0, sizeof(*out));
	out->in = input_of((tq_str){ r->buf, r->n });
	return TQ_OK;
}

enum tq_code
tq_rows_next(struct tq_rows *r, struct tq_row *out, bool *more,
    struct tq_err *e)
{
	for (;;) {
		if (!r->held) {
			enum tq_code c;

			r->n = 0;
			c = read_on(r, false, more, e);
			if (c != TQ_OK || !*more)
				return c;
		}
		*more = true;
		r->held = false;
		if (held(r).n > 0)
			return tq_rows_parse(r, held(r), out, e);
	}
}

enum tq_code
tq_rows_labelled(struct tq_rows *r, struct tq_row *out, bool *more,
    struct tq_err *e)
{
	enum tq_code c = tq_rows_next(r, out, more, e);

	if (c == TQ_OK && *more && !out->labelled)
		return tq_fail(e, TQ_EINVALID, "%s:%zu: no \"label\"", r->name,
		    r->line);
	return c;
}

enum tq_code
tq_rows_once(char **files, size_t n, bool several, struct tq_err *e)
{
	size_t seen = several ? 1 : 0;

	for (size_t i = 0; i < n; i++)
		if (strcmp(files[i], "-") == 0 && ++seen > 1)
			return tq_fail(e, TQ_EINVALID, "-: standard input can "
			    "be read only once");
	return TQ_OK;
}
