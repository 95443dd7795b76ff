/* First byte: how large the pieces are; the rest: a stream of records.  However
 * it is cut, it holds the same, and never more than it is long. */
#include <assert.h>

#include "web/tls_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct tq_tls_record whole = { .n_head = 0 }, cut = { .n_head = 0 };
	uint64_t in_whole, in_pieces = 0;
	size_t piece;

	if (n == 0)
		return 0;
	piece = (size_t)p[0] + 1;
	p++;
	n--;
	in_whole = tq_tls_record_walk(&whole, p, n, 17);
	for (size_t at = 0; at < n; at += piece)
		in_pieces += tq_tls_record_walk(&cut, p + at,
		    n - at < piece ? n - at : piece, 17);
	assert(in_whole == in_pieces && in_whole <= n + 65535);
	assert(whole.n_head == cut.n_head && whole.left == cut.left);
	return 0;
}
