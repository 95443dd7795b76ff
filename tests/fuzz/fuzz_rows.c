/* Any bytes as JSON rows: refused with the line's number, or fit inputs; and what
 * looking at the first line makes of them. */
#include <assert.h>
#include <string.h>

#include "cli/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct tq_rows r = { .name = "x", .in = fmemopen((void *)(uintptr_t)p,
	    n, "r") };
	struct tq_row row;
	struct tq_err e = { TQ_OK, "" };
	enum tq_code c;
	bool rows = false, more = true, first = true;

	if (r.in == NULL)	/* no bytes */
		return 0;
	assert(tq_rows_sniff(&r, &rows, &e) == TQ_OK);
	for (; (c = tq_rows_next(&r, &row, &more, &e)) == TQ_OK && more;
	    first = false) {
		assert(rows);
		assert(row.in.body.len <= TALIQ_BODY_MAX);
		assert(row.in.author.len <= TALIQ_FIELD_MAX);
		assert(row.in.size == sizeof(row.in));
		assert(!json_is_object(row.id) && !json_is_array(row.id));
	}
	assert(c == TQ_OK || strncmp(e.text, "x:", 2) == 0);
	assert(!rows || !first || c != TQ_OK);
	tq_rows_close(&r);
	return 0;
}
