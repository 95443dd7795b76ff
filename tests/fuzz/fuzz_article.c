/* What is accepted as an article has a title, a slug and clean text. */
#include <assert.h>

#include "text/article.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	tq_str s = { (const char *)p, n };
	struct tq_article_source out;
	struct tq_arena a;
	struct tq_err e;

	tq_arena_init(&a, 1 << 20);
	if (tq_article_parse(&a, s, TQ_S("name.md"), 180, &out, &e) == TQ_OK) {
		assert(out.title.n > 0);
		assert(out.slug.n > 0 && out.slug.n <= 200);
		assert(tq_str_find(out.slug, TQ_S("/")) == out.slug.n);
		assert(tq_utf8_valid(out.title) && tq_utf8_valid(out.body));
		assert(tq_str_find(out.title, TQ_S("\n")) == out.title.n);
	} else {
		assert(e.code == TQ_EINVALID || e.code == TQ_ELIMIT);
		assert(tq_str_find(tq_str_c(e.text), TQ_S("\n")) ==
		    tq_str_c(e.text).n);
	}
	tq_arena_free(&a);
	return 0;
}
