/* From a filled struct tq_res to the library's response. */
#include "web/http_answer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include <microhttpd.h>

#define JOIN_MAX ((size_t)64 * 1024)

static bool
to_cstr(char *out, size_t room, tq_str s)
{
	if (s.n >= room || memchr(s.p, 0, s.n) != NULL)
		return false;
	memcpy(out, s.p, s.n);
	out[s.n] = 0;
	return true;
}

/* Adds one header; false when it is not fit to be sent. */
static bool
add_header(struct MHD_Response *m, const struct tq_header *h,
    struct tq_answer_room *r)
{
	if (h->value.n == 0)
		return true;
	return to_cstr(r->name, sizeof(r->name), h->name) &&
	    to_cstr(r->value, sizeof(r->value), h->value) &&
	    MHD_add_response_header(m, r->name, r->value) == MHD_YES;
}

/* One piece goes out together with the head, in one system call and one packet;
 * more pieces take a second of each, which costs more than copying them.  NULL:
 * too large or no memory, nothing is lost. */
static struct MHD_Response *
joined_response(const struct MHD_IoVec *iov, unsigned n)
{
	struct MHD_Response *m;
	size_t size = 0;
	char *p, *at;

	for (unsigned i = 0; i < n; i++)
		size += iov[i].iov_len;
	if (size > JOIN_MAX || (p = malloc(size)) == NULL)
		return NULL;
	at = p;
	for (unsigned i = 0; i < n; i++) {
		memcpy(at, iov[i].iov_base, iov[i].iov_len);
		at += iov[i].iov_len;
	}
	m = MHD_create_response_from_buffer(size, p, MHD_RESPMEM_MUST_FREE);
	if (m == NULL)
		free(p);
	return m;
}

/* HEAD and 304 are announced by the length alone; nothing is read there. */
static struct MHD_Response *
length_response(const struct tq_res *r)
{
	static char nothing[1];
	size_t n = 0;

	for (size_t i = 0; i < r->n_pieces; i++)
		n += r->pieces[i].n;
	return MHD_create_response_from_buffer(n, nothing,
	    MHD_RESPMEM_PERSISTENT);
}

static struct MHD_Response *
body_response(const struct tq_exchange *x)
{
	const struct tq_res *r = &x->res;
	struct MHD_IoVec iov[TQ_RES_PIECES_MAX];
	struct MHD_Response *m;
	unsigned n = 0;

	if (r->status == 304 || x->req.method == TQ_HEAD)
		return length_response(r);
	for (size_t i = 0; i < r->n_pieces; i++)
		if (r->pieces[i].n > 0)
			iov[n++] = (struct MHD_IoVec){ r->pieces[i].p,
			    r->pieces[i].n };
	/* The library takes a plain pointer, but only reads (PERSISTENT). */
	if (n <= 1)
		return MHD_create_response_from_buffer(
		    n ? iov[0].iov_len : 0,
		    n ? (void *)(uintptr_t)iov[0].iov_base : NULL,
		    MHD_RESPMEM_PERSISTENT);
	m = joined_response(iov, n);
	return m != NULL ? m : MHD_create_response_from_iovec(iov, n, NULL,
	    NULL);
}

struct MHD_Response *
tq_answer_build(struct tq_live *v, struct tq_answer_room *room)
{
	const struct tq_res *r = &v->x.res;
	struct MHD_Response *m;
	bool ok = r->status >= 200 && r->status <= 599;

	if (!ok || (m = body_response(&v->x)) == NULL)
		return NULL;
	for (size_t i = 0; ok && i < r->n_headers; i++)
		ok = add_header(m, &r->headers[i], room);
	if (ok && (r->close || v->door.chunked || tq_loop_stopping(v->loop)))
		ok = MHD_add_response_header(m, "Connection", "close") ==
		    MHD_YES;
	if (!ok) {
		MHD_destroy_response(m);
		return NULL;
	}
	return m;
}
