/* The guard in front of md4c 0.4.8.  Measured with all pairs of 100 pieces of
 * syntax, repeated up to 64 KiB: most need 1-2 ms, but
 *
 *	"[a]: b", "[" x 30,000, "]" x 30,000	3,900 ms
 *	"![" x 16,384, then lines of "]"	  254 ms
 *	"a" lines, then "[](" x 10,922		   97 ms
 *	"1. " x 21,845				  110 ms
 *	"~a " x 10,922, then lines of "~~a~"	   49 ms
 *
 * Each "]" may look at all text back to the first "[" of its paragraph as the
 * label of a link, and at each of its lines; each container on a line is
 * compared with those before.  So that work is counted beforehand, with an
 * upper bound that needs no parsing, and text above it, which no person
 * writes, is not parsed at all. */
#include "text/markup_parse.h"

#include <stdbool.h>
#include <string.h>

#define WORK_MAX ((size_t)4 << 20)	/* about 20 ms */
#define CONTAINERS_MAX 100		/* on one line */
#define TILDES_MAX 1000			/* in one paragraph */

/* Whether the line opens too many containers: ">", "-", "1." and the like. */
static bool
nested(tq_str line)
{
	size_t n = 0;

	for (size_t i = 0; i < line.n; i++) {
		if (strchr(">-+*.)", line.p[i]) != NULL)
			n++;
		else if (strchr(" \t0123456789", line.p[i]) == NULL)
			break;
	}
	return n > CONTAINERS_MAX && tq_str_find(line, TQ_S(" ")) < line.n;
}

struct paragraph {
	bool bracket;		/* seen a "[" */
	size_t from;		/* offset of the first */
	size_t lines, tildes;
};

/* What the brackets of this line may cost, s.p + at being where it begins. */
static size_t
line_work(struct paragraph *p, tq_str line, size_t at)
{
	size_t work = 0;

	for (size_t i = 0; i < line.n; i++) {
		if (line.p[i] == '[' && !p->bracket) {
			p->bracket = true;
			p->from = at + i;
		}
		if (line.p[i] == '[' || line.p[i] == ']')
			work += p->lines;
		if (line.p[i] == ']' && p->bracket)
			work += at + i - p->from;
		p->tildes += line.p[i] == '~';
	}
	return work;
}

static bool
has(tq_str s, char c)
{
	return s.n > 0 && memchr(s.p, c, s.n) != NULL;
}

static bool
hostile(tq_str s)
{
	const bool counted = has(s, '[') || has(s, ']') || has(s, '~');
	struct paragraph p = { .lines = 0 };
	size_t work = 0, at = 0;

	while (at < s.n && work <= WORK_MAX) {
		tq_str line;

		(void)tq_str_cut(tq_str_sub(s, at, s.n), '\n', &line);
		if (tq_str_trim(line).n == 0)
			p = (struct paragraph){ .lines = 0 };
		p.lines++;
		if (counted)
			work += line_work(&p, line, at);
		if (nested(line) || p.tildes > TILDES_MAX)
			return true;
		at += line.n + 1;
	}
	return work > WORK_MAX;
}

/* Reports s as paragraphs of lines. */
static int
parse_plain(tq_str s, const MD_PARSER *p, void *user)
{
	bool open = false;
	int rc = p->enter_block(MD_BLOCK_DOC, NULL, user);

	while (rc == 0 && s.n > 0) {
		tq_str line;

		s = tq_str_cut(s, '\n', &line);
		line = tq_str_trim(line);
		if (open && line.n == 0)
			rc = p->leave_block(MD_BLOCK_P, NULL, user);
		else if (open)
			rc = p->text(MD_TEXT_SOFTBR, "\n", 1, user);
		else if (line.n > 0)
			rc = p->enter_block(MD_BLOCK_P, NULL, user);
		open = line.n > 0;
		if (rc == 0 && open)
			rc = p->text(MD_TEXT_NORMAL, line.p,
			    (MD_SIZE)line.n, user);
	}
	if (rc == 0 && open)
		rc = p->leave_block(MD_BLOCK_P, NULL, user);
	return rc != 0 ? rc : p->leave_block(MD_BLOCK_DOC, NULL, user);
}

int
tq_markup_parse(tq_str s, const MD_PARSER *p, void *user)
{
	if (hostile(s))
		return parse_plain(s, p, user);
	return md_parse(s.n > 0 ? s.p : "", (MD_SIZE)s.n, p, user);
}
