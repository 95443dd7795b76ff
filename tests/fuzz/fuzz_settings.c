/* What is read from taliq.conf and printed is read as the same again. */
#include <assert.h>

#include "app/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static tq_str
print(const struct tq_config *c, struct tq_arena *a)
{
	struct tq_buf b;

	tq_buf_init(&b, a, 1024);
	for (size_t i = 0; i < tq_config_table.n; i++) {
		tq_buf_printf(&b, "%s = ", tq_config_table.rows[i].name);
		tq_settings_print(&b, &tq_config_table.rows[i], c);
		tq_buf_byte(&b, '\n');
	}
	return tq_buf_str(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	tq_str text = { (const char *)p, n };
	struct tq_config once, twice;
	struct tq_arena a;
	struct tq_err e;

	tq_arena_init(&a, (size_t)4 << 20);
	tq_settings_defaults(&tq_config_table, &once);
	tq_settings_defaults(&tq_config_table, &twice);
	if (tq_config_read(&once, &a, text, "f", NULL, &e) == TQ_OK) {
		tq_str said = print(&once, &a);

		assert(tq_config_read(&twice, &a, said, "f", NULL, &e) ==
		    TQ_OK);
		assert(tq_str_eq(said, print(&twice, &a)));
	}
	tq_arena_free(&a);
	return 0;
}
