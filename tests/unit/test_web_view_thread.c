/* Nesting: cases are depth-first lists "id<parent@depth", expected trees in
 * brackets - square ones where they are folded - with a star where the parent
 * must be named. */
#include "unit.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "web/view_thread.h"

static const struct {
	const char *title;
	int64_t rows[12][3];	/* id, parent, depth; id 0 ends */
	const char *want;
} cases[] = {
	{ "nothing", { { 0 } }, "" },
	{ "one", { { 1, 0, 0 } }, "1" },
	{ "flat", { { 1, 0, 0 }, { 2, 0, 0 }, { 3, 0, 0 } }, "1 2 3" },
	{ "a reply", { { 1, 0, 0 }, { 2, 1, 1 }, { 3, 0, 0 } }, "1(2) 3" },
	{ "two replies and theirs",
	    { { 1, 0, 0 }, { 2, 1, 1 }, { 3, 2, 2 }, { 4, 1, 1 } },
	    "1(2(3) 4)" },
	{ "deeper than the levels",
	    { { 1, 0, 0 }, { 2, 1, 1 }, { 3, 2, 2 }, { 4, 3, 3 }, { 5, 4, 4 },
	      { 6, 5, 5 }, { 7, 3, 3 }, { 8, 1, 1 }, { 9, 0, 0 } },
	    "1(2(3(4[5 6*] 7)) 8) 9" },
	{ "begins inside a thread",
	    { { 5, 4, 4 }, { 6, 5, 5 }, { 7, 4, 4 }, { 8, 1, 1 }, { 9, 0, 0 } },
	    "5*(6) 7* 8* 9" },
	{ "a parent is left out",
	    { { 1, 0, 0 }, { 4, 3, 3 }, { 5, 4, 4 }, { 6, 1, 1 } },
	    "1(4*(5) 6)" },
	{ "replies to the same, below the last level",
	    { { 1, 0, 0 }, { 2, 1, 1 }, { 3, 2, 2 }, { 4, 3, 3 }, { 5, 4, 4 },
	      { 6, 4, 4 }, { 7, 3, 3 }, { 8, 7, 4 } },
	    "1(2(3(4[5 6] 7[8])))" },
};

static void
draw(struct tq_buf *b, const struct tq_view_comment *c)
{
	for (const char *gap = ""; c != NULL; c = c->next, gap = " ") {
		tq_buf_printf(b, "%s%d%s", gap, (int)c->id,
		    c->names_parent ? "*" : "");
		if (c->replies == NULL)
			continue;
		tq_buf_byte(b, c->folded > 0 ? '[' : '(');
		draw(b, c->replies);
		tq_buf_byte(b, c->folded > 0 ? ']' : ')');
	}
}

static void
nesting(void **state)
{
	(void)state;
	for (size_t i = 0; i < TQ_N(cases); i++) {
		struct tq_view_comment c[12];
		struct tq_arena a;
		struct tq_buf b;
		size_t n = 0;

		/* Old links in the array must not matter. */
		memset(c, 0xA5, sizeof(c));
		for (; n < 12 && cases[i].rows[n][0] != 0; n++) {
			c[n].id = cases[i].rows[n][0];
			c[n].parent_id = cases[i].rows[n][1];
			c[n].depth = cases[i].rows[n][2];
			c[n].wanted = false;
		}
		tq_arena_init(&a, 65536);
		tq_buf_init(&b, &a, 0);
		draw(&b, tq_view_nest(c, n));
		tq_buf_byte(&b, '\0');
		if (strcmp(b.p, cases[i].want) != 0)
			fail_msg("%s: %s, expected %s", cases[i].title, b.p,
			    cases[i].want);
		tq_arena_free(&a);
	}
}

static void
the_wanted_one_is_not_folded(void **state)
{
	struct tq_view_comment c[6] = { { .id = 1 } };

	(void)state;
	for (int i = 1; i < 6; i++)
		c[i] = (struct tq_view_comment){ .id = i + 1, .parent_id = i,
		    .depth = i };
	(void)tq_view_nest(c, 6);
	assert_int_equal(c[3].folded, 2);
	assert_false(c[3].unfold);
	c[5].wanted = true;
	(void)tq_view_nest(c, 6);
	assert_int_equal(c[3].folded, 2);
	assert_true(c[3].unfold);
}

static void
avatars_stay_in_range(void **state)
{
	static const uint32_t seeds[] = { 0, 1, 11, 12, 95, 96, UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < TQ_N(seeds); i++) {
		struct tq_view_comment c = { .id = 1, .seed = seeds[i] };

		(void)tq_view_nest(&c, 1);
		assert_in_range(c.hue, 0, 11);
		assert_in_range(c.motif, 0, 7);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nesting),
		cmocka_unit_test(the_wanted_one_is_not_folded),
		cmocka_unit_test(avatars_stay_in_range),
	};

	return cmocka_run_group_tests_name("web_view_thread", tests, NULL,
	    NULL);
}
