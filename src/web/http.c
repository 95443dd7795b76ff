/* The parts of an exchange that need no library: looking at the request,
 * filling the answer. */
#include "web/http.h"

#include <assert.h>

tq_str
tq_req_header(const struct tq_req *r, tq_str name)
{
	for (size_t i = 0; i < r->n_headers; i++)
		if (tq_str_eq_nocase(r->headers[i].name, name))
			return r->headers[i].value;
	return (tq_str){ NULL, 0 };
}

void
tq_res_header(struct tq_res *r, tq_str name, tq_str value)
{
	assert(r->n_headers < TQ_RES_HEADERS_MAX);
	r->headers[r->n_headers++] = (struct tq_header){ name, value };
}

void
tq_res_piece(struct tq_res *r, tq_str bytes)
{
	assert(r->n_pieces < TQ_RES_PIECES_MAX);
	r->pieces[r->n_pieces++] = bytes;
}
