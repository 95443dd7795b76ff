/* unit.h - what every unit test includes: cmocka in its required order, and
 * comparison of slices. */
#ifndef TQ_TESTS_UNIT_H
#define TQ_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

#define assert_str(s, lit) \
	do { \
		tq_str s_ = (s), l_ = tq_str_c(lit); \
		if (!tq_str_eq(s_, l_)) \
			fail_msg("got \"%.*s\", expected \"%s\"", TQ_FMT(s_), \
			    (lit)); \
	} while (0)

#define TQ_N(array) (sizeof(array) / sizeof((array)[0]))

#endif
