#include "web/tls_record.h"

#include <string.h>

#define APPLICATION_DATA 23

uint64_t
tq_tls_record_walk(struct tq_tls_record *r, const uint8_t *p, size_t n,
    size_t overhead)
{
	uint64_t data = 0;

	while (n > 0) {
		size_t some = TQ_TLS_RECORD_HEAD - r->n_head;

		if (some > 0) {
			some = n < some ? n : some;
			memcpy(r->head + r->n_head, p, some);
			r->n_head += (unsigned)some;
			if (r->n_head == TQ_TLS_RECORD_HEAD) {
				r->left = (size_t)r->head[3] << 8 | r->head[4];
				if (r->head[0] == APPLICATION_DATA &&
				    r->left > overhead)
					data += r->left - overhead;
			}
		} else {
			some = n < r->left ? n : r->left;
			r->left -= some;
		}
		if (r->n_head == TQ_TLS_RECORD_HEAD && r->left == 0)
			r->n_head = 0;
		p += some;
		n -= some;
	}
	return data;
}
