/* Fields (split at NUL bytes) that pass are clean: they pass again, and come
 * out as they went in. */
#include <assert.h>

#include "app/fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	tq_str rest = { (const char *)p, n };
	struct tq_fields_raw raw, again;
	struct tq_fields once, twice;
	struct tq_faults faults = { .n = 0 };
	struct tq_site_settings set;
	struct tq_arena a;
	struct tq_err e;

	rest = tq_str_cut(rest, '\0', &raw.name);
	rest = tq_str_cut(rest, '\0', &raw.email);
	raw.text = tq_str_cut(rest, '\0', &raw.url);
	tq_settings_defaults(&tq_site_table, &set);
	tq_arena_init(&a, (size_t)16 << 20);
	if (tq_fields_check(&raw, &set, &a, &once, &faults, &e) == TQ_OK &&
	    faults.n == 0) {
		assert(once.email.n == 0 || tq_email_plausible(once.email));
		again = (struct tq_fields_raw){ once.name, once.email,
			once.url.s, once.text };
		assert(tq_fields_check(&again, &set, &a, &twice, &faults,
		    &e) == TQ_OK && faults.n == 0);
		assert(tq_str_eq(once.name, twice.name));
		assert(tq_str_eq(once.text, twice.text));
		assert(tq_str_eq(once.url.s, twice.url.s));
	}
	tq_arena_free(&a);
	return 0;
}
