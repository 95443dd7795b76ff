/* Any query, body and character set: every value is sound text within its
 * bounds, evidence is finite.  The first line is the character set, the second
 * the query, the rest the body. */
#include <assert.h>
#include <string.h>

#include "app/akismet_form.h"
#include "app/akismet_memory.h"
#include "app/akismet_signal.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	taliq_signal s[TALIQ_SIGNALS_MAX];
	uint8_t guid[TQ_AK_GUID_BYTES];
	struct tq_ak_form f;
	struct tq_arena a;
	struct tq_err e;
	tq_str body = { (const char *)p, n }, charset, query;

	body = tq_str_cut(body, '\n', &charset);
	body = tq_str_cut(body, '\n', &query);
	tq_arena_init(&a, (size_t)16 << 20);
	if (tq_ak_form_read(&a, query, body, charset, &f, &e) == TQ_OK) {
		for (size_t i = 0; i < TQ_AK_FIELDS; i++) {
			assert(tq_utf8_valid(f.at[i]) && f.at[i].n <= 65536);
			assert(f.at[i].n == 0 ||
			    memchr(f.at[i].p, 0, f.at[i].n) == NULL);
		}
		assert(tq_ak_signals(&f, INT64_C(1790000000000000), s) <=
		    TALIQ_SIGNALS_MAX);
		(void)tq_ak_guid_parse(f.at[TQ_AK_GUID], guid);
	}
	tq_arena_free(&a);
	return 0;
}
