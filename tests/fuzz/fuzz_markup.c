/* Whatever is typed, only the allowed HTML comes out, balanced, well-formed
 * and not too long.  The first byte chooses comment or article. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "html_check.h"
#include "text/markup.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	bool article = n > 0 && p[0] == 'a';
	tq_html html = { { NULL, 0 } };
	const char *wrong;
	struct tq_arena a;
	struct tq_err e;
	size_t at = 0;
	tq_str s;

	tq_arena_init(&a, (size_t)64 << 20);
	s = tq_utf8_repair(&a, (tq_str){ (const char *)p + (n > 0),
	    n - (n > 0) });
	(void)(article ? tq_markup_article(&a, s, TQ_RTL, &html, &e) :
	    tq_markup_comment(&a, s, TQ_RTL, &html, NULL, &e));
	wrong = html_check(html.s, article, &at);
	if (wrong != NULL) {
		fprintf(stderr, "%s at %zu: %.*s\n", wrong, at, TQ_FMT(html.s));
		abort();
	}
	assert(tq_utf8_valid(html.s) && html.s.n <= 8 * s.n + 4096);
	assert(tq_utf8_count(tq_markup_plain(&a, s, 20)) <= 20);
	tq_arena_free(&a);
	return 0;
}
