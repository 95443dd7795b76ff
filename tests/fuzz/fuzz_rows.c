/* Any line as a JSON row: refused with the line's number, or a fit input. */
#include <assert.h>
#include <string.h>

#include "cli/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct tq_rows r = { .name = "x", .line = 7 };
	struct tq_row row;
	struct tq_err e = { TQ_OK, "" };

	if (tq_rows_parse(&r, (tq_str){ (const char *)p, n }, &row, &e) ==
	    TQ_OK) {
		assert(row.in.body.len <= TALIQ_BODY_MAX);
		assert(row.in.author.len <= TALIQ_FIELD_MAX);
		assert(row.in.size == sizeof(row.in));
	} else {
		assert(strncmp(e.text, "x:7: ", 5) == 0);
	}
	tq_rows_close(&r);
	return 0;
}
