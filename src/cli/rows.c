/* JSON lines of comments: see rows.h.  Every complaint names file and line. */
#include "cli/rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "text/escape.h"

#define LINE_MAX_BYTES (4u << 20)

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

taliq_input
tq_rows_input(tq_str text)
{
	return (taliq_input){ .size = sizeof(taliq_input),
	    .body = cut(text, TALIQ_BODY_MAX) };
}

static tq_str
string(const json_t *row, const char *key)
{
	const json_t *v = json_object_get(row, key);

	return json_is_string(v) ? (tq_str){ json_string_value(v),
	    json_string_length(v) } : (tq_str){ NULL, 0 };
}

static enum tq_code
bad_label(const struct tq_rows *r, tq_str label, struct tq_err *e)
{
	struct tq_arena a;
	struct tq_buf b;
	tq_str s;
	enum tq_code c;

	tq_arena_init(&a, 1024);
	tq_buf_init(&b, &a, 0);
	tq_esc_terminal(&b, tq_str_sub(label, 0, 40));
	s = tq_buf_str(&b);
	c = tq_fail(e, TQ_EINVALID, "%s:%zu: label \"%.*s\": \"spam\" or "
	    "\"ham\" is allowed", r->name, r->line, TQ_FMT(s));
	tq_arena_free(&a);
	return c;
}

static enum tq_code
read_label(const struct tq_rows *r, tq_str label, struct tq_row *out,
    struct tq_err *e)
{
	out->labelled = label.p != NULL;
	out->spam = tq_str_eq(label, TQ_S("spam"));
	if (out->labelled && !out->spam && !tq_str_eq(label, TQ_S("ham")))
		return bad_label(r, label, e);
	return TQ_OK;
}

enum tq_code
tq_rows_parse(struct tq_rows *r, tq_str line, struct tq_row *out,
    struct tq_err *e)
{
	json_error_t why;
	tq_str text;

	json_decref(r->json);
	r->json = json_loadb(line.p, line.n, JSON_ALLOW_NUL, &why);
	if (r->json == NULL)
		return tq_fail(e, TQ_EINVALID, "%s:%zu: no JSON: %s",
		    r->name, r->line, why.text);
	if (!json_is_object(r->json))
		return tq_fail(e, TQ_EINVALID, "%s:%zu: a JSON object is "
		    "wanted", r->name, r->line);
	text = string(r->json, "text");
	if (text.p == NULL)
		return tq_fail(e, TQ_EINVALID, "%s:%zu: no \"text\"", r->name,
		    r->line);
	memset(out, 0, sizeof(*out));
	out->in = tq_rows_input(text);
	out->in.author = cut(string(r->json, "author"), TALIQ_FIELD_MAX);
	out->in.email = cut(string(r->json, "email"), TALIQ_FIELD_MAX);
	out->in.url = cut(string(r->json, "url"), TALIQ_FIELD_MAX);
	out->in.user_agent = cut(string(r->json, "user_agent"),
	    TALIQ_FIELD_MAX);
	out->in.lang = cut(string(r->json, "page_lang"), TALIQ_FIELD_MAX);
	out->in.written_at = json_integer_value(json_object_get(r->json,
	    "written_at"));
	out->in.page_published_at = json_integer_value(json_object_get(
	    r->json, "page_published_at"));
	out->id = string(r->json, "id");
	return read_label(r, string(r->json, "label"), out, e);
}

enum tq_code
tq_rows_next(struct tq_rows *r, struct tq_row *out, bool *more,
    struct tq_err *e)
{
	for (;;) {
		ssize_t n = getline(&r->buf, &r->cap, r->in);

		*more = n >= 0;
		if (n < 0)
			return ferror(r->in) ? tq_fail(e, TQ_EIO, "%s: %s",
			    r->name, strerror(errno)) : TQ_OK;
		r->line++;
		r->bytes += n;
		if (n > LINE_MAX_BYTES)
			return tq_fail(e, TQ_ELIMIT, "%s:%zu: line longer "
			    "than %u bytes", r->name, r->line, LINE_MAX_BYTES);
		tq_str line = tq_str_trim((tq_str){ r->buf, (size_t)n });

		if (line.n > 0)
			return tq_rows_parse(r, line, out, e);
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
