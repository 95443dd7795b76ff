/* Every field of any body is well-formed UTF-8 without NUL. */
#include <assert.h>
#include <string.h>

#include "text/form.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct tq_arena a;
	struct tq_form f;
	struct tq_err e;

	tq_arena_init(&a, (size_t)16 << 20);
	if (tq_form_parse(&a, (tq_str){ (const char *)p, n }, &f, &e) ==
	    TQ_OK) {
		assert(f.n <= TQ_FORM_FIELDS_MAX);
		for (size_t i = 0; i < f.n; i++) {
			tq_str v = f.fields[i].value;

			assert(tq_utf8_valid(f.fields[i].name));
			assert(tq_utf8_valid(v));
			assert(v.n == 0 || memchr(v.p, 0, v.n) == NULL);
			assert(tq_form_get(&f, f.fields[i].name).p != NULL);
		}
	}
	tq_arena_free(&a);
	return 0;
}
