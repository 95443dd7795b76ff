/* rows.h - labelled and unlabelled comments from JSON lines (one object a line:
 * text and, where known, id, label, author, email, url, user_agent, lang (or
 * page_lang), written_at, page_published_at). */
#ifndef TQ_CLI_ROWS_H
#define TQ_CLI_ROWS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/str.h"
#include "taliq/filter.h"

#define TQ_ROWS_LINE_MAX (4u << 20)	/* bytes of a line, or of a plain text */

struct tq_rows {
	FILE *in;
	const char *name;	/* of the file, for messages; borrowed */
	size_t line;		/* number of the row that was read last */
	int64_t bytes, size;	/* read so far; of the file, 0 unknown */
	char *buf;		/* owned: the last line... */
	size_t n, cap;
	bool held;		/* ...which tq_rows_next is still to give */
	json_t *json;		/* owned: the last row */
};

struct tq_row {
	taliq_input in;		/* borrowed from the reader until the next */
	json_t *id;		/* borrowed likewise; a text, a number, true or
				 * false; NULL: none */
	bool labelled, spam;
};

/* "-" is standard input.  TQ_ENOTFOUND, TQ_EIO. */
enum tq_code tq_rows_open(struct tq_rows *r, const char *path,
    struct tq_err *e);
/* The next row; *more is false at the end.  Empty lines are passed over.
 * TQ_EINVALID: no row, or a member of a wrong type; names file and line.
 * TQ_ELIMIT: a line too long, or no memory.  TQ_EIO. */
enum tq_code tq_rows_next(struct tq_rows *r, struct tq_row *out, bool *more,
    struct tq_err *e);
/* The same; a row without label is TQ_EINVALID. */
enum tq_code tq_rows_labelled(struct tq_rows *r, struct tq_row *out,
    bool *more, struct tq_err *e);
/* Before the first row: whether the first line that is not empty is an object
 * with a "text" that is one.  Nothing is lost: tq_rows_next or tq_rows_text
 * begin at the beginning.  TQ_ELIMIT, TQ_EIO. */
enum tq_code tq_rows_sniff(struct tq_rows *r, bool *rows, struct tq_err *e);
/* All of the input as one plain text.  TQ_ELIMIT, TQ_EIO. */
enum tq_code tq_rows_text(struct tq_rows *r, struct tq_row *out,
    struct tq_err *e);
/* TQ_EINVALID when standard input is among n files more than once, or at all
 * when they are to be read several times. */
enum tq_code tq_rows_once(char **files, size_t n, bool several,
    struct tq_err *e);
/* A row from one line of text; r keeps what out borrows.  TQ_EINVALID. */
enum tq_code tq_rows_parse(struct tq_rows *r, tq_str line, struct tq_row *out,
    struct tq_err *e);
void tq_rows_close(struct tq_rows *r);

#endif
