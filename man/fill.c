/* fill - copies a manual page to standard output and puts the lists of settings
 * in, from the tables that the program itself reads, where a line
 * `.\" settings: NAME` stands; what stands there until the list's end, to keep
 * the page readable as it is, is left out.
 *
 * usage: fill PAGE */
#include <stdio.h>

#include "app/settings.h"
#include "base/file.h"

#define MARK ".\\\" settings: "
#define WIDTH 72

struct list { const char *name; const struct tq_setting_table *table; };

/* One word as roff reads it: no escape, no control line. */
static void
put_word(struct tq_buf *b, tq_str s)
{
	if (tq_str_starts(s, TQ_S(".")) || tq_str_starts(s, TQ_S("'")))
		tq_buf_lit(b, "\\&");
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\\')
			tq_buf_lit(b, "\\e");
		else if (s.p[i] == '-')
			tq_buf_lit(b, "\\-");
		else
			tq_buf_byte(b, s.p[i]);
}

/* Words in lines of at most width bytes; the first line has column of them. */
static void
put_text(struct tq_buf *b, tq_str s, size_t column, size_t width)
{
	tq_str word;

	while (s.n > 0) {
		s = tq_str_cut(s, ' ', &word);
		if (column > 0)
			tq_buf_byte(b, column + word.n < width ? ' ' : '\n');
		column = column + word.n < width ? column + word.n + 1 :
		    word.n;
		put_word(b, word);
	}
}

/* "yes or no; the default is no" */
static void
put_range(struct tq_buf *b, const struct tq_setting_row *r, struct tq_arena *a)
{
	struct tq_buf allowed;

	tq_buf_init(&allowed, a, 128);
	tq_settings_allowed(&allowed, r);
	tq_buf_lit(b, "\nAllowed:");
	put_text(b, tq_buf_str(&allowed), 8, WIDTH - 14);
	if (r->fallback[0] == '\0') {
		tq_buf_lit(b, "; empty by default.\n");
	} else {
		tq_buf_lit(b, "; default:\n.Cm \\&");
		put_text(b, tq_str_c(r->fallback), 0, WIDTH);
		tq_buf_lit(b, " .\n");
	}
}

static bool
put_list(struct tq_buf *b, tq_str name, struct tq_arena *a)
{
	static const struct list lists[] = {
		{ "configuration", &tq_config_table },
		{ "site", &tq_site_table },
	};
	const struct tq_setting_table *t = NULL;

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (tq_str_eq(name, tq_str_c(lists[i].name)))
			t = lists[i].table;
	for (size_t i = 0; t != NULL && i < t->n; i++) {
		tq_buf_printf(b, ".It Cm %s\n", t->rows[i].name);
		put_text(b, tq_str_c(t->rows[i].help), 0, WIDTH);
		tq_buf_byte(b, '.');
		put_range(b, &t->rows[i], a);
	}
	return t != NULL;
}

static enum tq_code
fill(tq_str page, struct tq_arena *a, struct tq_buf *out, struct tq_err *e)
{
	tq_str line;
	bool skip = false;
	int lists = 0;

	while (page.n > 0) {
		page = tq_str_cut(page, '\n', &line);
		if (tq_str_starts(line, TQ_S(MARK))) {
			line = tq_str_sub(line, sizeof(MARK) - 1, line.n);
			if (!put_list(out, line, a))
				return tq_fail(e, TQ_EINVALID, "no settings "
				    "\"%.*s\"", TQ_FMT(line));
			skip = true;
			lists++;
			continue;
		}
		skip = skip && !tq_str_eq(line, TQ_S(".El"));
		if (skip)
			continue;
		tq_buf_put(out, line);
		tq_buf_byte(out, '\n');
	}
	if (lists != 2)
		return tq_fail(e, TQ_EINVALID, "%d lists of settings, not 2",
		    lists);
	return tq_buf_ok(out) ? TQ_OK : tq_fail(e, TQ_ELIMIT, "no memory");
}

int
main(int argc, char **argv)
{
	struct tq_arena a;
	struct tq_buf out;
	struct tq_err e;
	tq_str page;
	enum tq_code code;

	if (argc != 2) {
		(void)fprintf(stderr, "usage: fill PAGE\n");
		return 2;
	}
	tq_arena_init(&a, (size_t)4 * 1024 * 1024);
	tq_buf_init(&out, &a, (size_t)64 * 1024);
	code = tq_file_read(argv[1], (size_t)1024 * 1024, &a, &page, &e);
	if (code == TQ_OK)
		code = fill(page, &a, &out, &e);
	if (code != TQ_OK)
		(void)fprintf(stderr, "fill: %s: %s\n", argv[1], e.text);
	else if (fwrite(out.p, 1, out.n, stdout) != out.n ||
	    fflush(stdout) != 0)
		code = TQ_EIO;
	tq_arena_free(&a);
	return code == TQ_OK ? 0 : 1;
}
