/* One pass over the head, see head.h.  Two facts make it sound:
 * - the library keeps the head in one piece, so what lies between two fields
 *   is exactly what the client sent there, with line ends turned into NULs;
 * - the library says where it saw each field begin, so NULs or colons of the
 *   client's own cannot make two readings of one head.
 * What cannot be seen are NULs right beside a bare line feed: NUL LF for CR LF,
 * NUL NUL LF LF for the head's last four bytes.  Fields and end are the same. */
#include "web/head.h"

#include <stdint.h>
#include <string.h>

#include "base/err.h"

struct cursor { const char *p, *end; };

static bool
is_tchar(unsigned char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9'))
		return true;
	return c != 0 && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

bool
tq_is_token(tq_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_tchar((unsigned char)s.p[i]))
			return false;
	return s.n > 0;
}

/* Everything up to the next NUL, which must be there. */
static bool
take_word(struct cursor *c, tq_str *out)
{
	const char *nul = memchr(c->p, 0, (size_t)(c->end - c->p));

	if (nul == NULL)
		return false;
	*out = (tq_str){ c->p, (size_t)(nul - c->p) };
	c->p = nul;
	return true;
}

static bool
take_nuls(struct cursor *c, size_t n)
{
	if ((size_t)(c->end - c->p) < n)
		return false;
	for (; n > 0; n--)
		if (*c->p++ != 0)
			return false;
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Bytes of a field value: RFC 9110 5.5, obs-text allowed. */
static bool
value_ok(tq_str v)
{
	for (size_t i = 0; i < v.n; i++) {
		unsigned char c = (unsigned char)v.p[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static bool
take_field(struct cursor *c, struct tq_header *out)
{
	tq_str name, v;

	if (!take_word(c, &name) || !tq_is_token(name) || !take_nuls(c, 1))
		return false;
	if (!take_word(c, &v) || !take_nuls(c, 2) || !value_ok(v))
		return false;
	while (v.n > 0 && is_blank(v.p[0]))
		v = (tq_str){ v.p + 1, v.n - 1 };
	while (v.n > 0 && is_blank(v.p[v.n - 1]))
		v.n--;
	*out = (struct tq_header){ name, v };
	return true;
}

static bool
take_request_line(struct cursor *c, const struct tq_head_raw *raw,
    struct tq_head *out)
{
	if (!take_word(c, &out->method) || !tq_is_token(out->method) ||
	    !take_nuls(c, 1))
		return false;
	if ((size_t)(c->p - raw->bytes.p) != raw->target_at ||
	    raw->target_n > (size_t)(c->end - c->p))
		return false;
	c->p += raw->target_n;
	out->target = raw->target;
	return take_nuls(c, 1) && take_word(c, &out->version) &&
	    take_nuls(c, 2);
}

enum tq_code
tq_head_read(const struct tq_head_raw *raw, struct tq_header *fields,
    struct tq_head *out)
{
	struct cursor c = { raw->bytes.p, raw->bytes.p + raw->bytes.n };
	struct tq_head h = { .fields = fields };
	const char *first;

	if (!take_request_line(&c, raw, &h))
		return TQ_EINVALID;
	first = c.p;
	while (c.p < c.end && *c.p != 0) {
		if (h.n_fields == TQ_FIELDS_MAX)
			return TQ_ELIMIT;
		if (!take_field(&c, &fields[h.n_fields]) ||
		    h.n_fields >= raw->n_names ||
		    fields[h.n_fields].name.p != raw->names[h.n_fields])
			return TQ_EINVALID;
		h.n_fields++;
	}
	h.fields_bytes = (size_t)(c.p - first);
	if (!take_nuls(&c, 2) || c.p != c.end || h.n_fields != raw->n_names)
		return TQ_EINVALID;
	*out = h;
	return TQ_OK;
}
