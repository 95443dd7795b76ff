/* html_check.h - a small strict reader of the HTML that text/markup.h may
 * give.  It knows the few elements, attributes and values by heart, and takes
 * offence at everything else.  Used by unit tests and the fuzz target. */
#ifndef TQ_TESTS_HTML_CHECK_H
#define TQ_TESTS_HTML_CHECK_H

#include <stdbool.h>

#include "base/str.h"

/* NULL when html is balanced and holds only what a comment (article: an
 * article) may hold; else what is wrong, static, and *at says where. */
const char *html_check(tq_str html, bool article, size_t *at);

#endif
