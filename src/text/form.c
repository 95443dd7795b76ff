/* Form bodies.  Decoding never makes text longer, so all names and values
 * share one piece of memory as long as the body. */
#include "text/form.h"

#include <string.h>

#include "text/utf8.h"

/* Decodes s to *to, and moves *to past it. */
static tq_str
decode(tq_str s, char **to)
{
	tq_str out = { *to, 0 };
	char *w = *to;

	for (size_t i = 0; i < s.n; i++) {
		int high, low;

		if (s.p[i] == '+') {
			*w++ = ' ';
		} else if (s.p[i] == '%' && s.n - i > 2 &&
		    (high = tq_hex_digit(s.p[i + 1])) >= 0 &&
		    (low = tq_hex_digit(s.p[i + 2])) >= 0) {
			*w++ = (char)(high << 4 | low);
			i += 2;
		} else {
			*w++ = s.p[i];
		}
	}
	out.n = (size_t)(w - *to);
	*to = w;
	return out;
}

/* Well-formed and without NUL; *bad tells that it was not. */
static tq_str
repair(struct tq_arena *a, tq_str s, bool *bad)
{
	if (s.n > 0 && memchr(s.p, 0, s.n) != NULL) {
		char *p = tq_arena_alloc(a, s.n, 1);

		*bad = true;
		if (p == NULL)
			return (tq_str){ NULL, 0 };
		/* 0xFF is in no sequence: it becomes one U+FFFD below */
		for (size_t i = 0; i < s.n; i++)
			p[i] = s.p[i] == 0 ? '\xFF' : s.p[i];
		s.p = p;
	}
	if (tq_utf8_valid(s))
		return s;
	*bad = true;
	return tq_utf8_repair(a, s);
}

static size_t
count(tq_str s)
{
	size_t n = 0;

	while (s.n > 0) {
		tq_str pair;

		s = tq_str_cut(s, '&', &pair);
		n += pair.n > 0;
	}
	return n;
}

enum tq_code
tq_form_parse(struct tq_arena *a, tq_str s, struct tq_form *out,
    struct tq_err *e)
{
	struct tq_form f = { .n = count(s) };
	char *text;

	if (f.n > TQ_FORM_FIELDS_MAX)
		return tq_fail(e, TQ_ELIMIT, "more than %d form fields",
		    TQ_FORM_FIELDS_MAX);
	f.fields = tq_new_n(a, struct tq_field, f.n + 1);
	text = tq_arena_alloc(a, s.n + 1, 1);
	for (size_t i = 0; text != NULL && f.fields != NULL && i < f.n;) {
		struct tq_field *field = &f.fields[i];
		tq_str pair, name, value;

		s = tq_str_cut(s, '&', &pair);
		if (pair.n == 0)
			continue;
		value = tq_str_cut(pair, '=', &name);
		if (name.n > TQ_FORM_NAME_MAX)
			return tq_fail(e, TQ_ELIMIT, "form field name longer "
			    "than %d bytes", TQ_FORM_NAME_MAX);
		field->name = repair(a, decode(name, &text), &field->bad);
		field->value = repair(a, decode(value, &text), &field->bad);
		i++;
	}
	if (a->failed)
		return tq_fail(e, TQ_ELIMIT, "form of %zu bytes is too big",
		    s.n);
	*out = f;
	return TQ_OK;
}

bool
tq_form_sound(const struct tq_form *f)
{
	for (size_t i = 0; i < f->n; i++) {
		if (f->fields[i].bad)
			return false;
		for (size_t k = 0; k < i; k++)
			if (tq_str_eq(f->fields[k].name, f->fields[i].name))
				return false;
	}
	return true;
}

tq_str
tq_form_get(const struct tq_form *f, tq_str name)
{
	return tq_form_nth(f, name, 0);
}

tq_str
tq_form_nth(const struct tq_form *f, tq_str name, size_t n)
{
	for (size_t i = 0; i < f->n; i++)
		if (tq_str_eq(f->fields[i].name, name) && n-- == 0)
			return f->fields[i].value;
	return (tq_str){ NULL, 0 };
}
