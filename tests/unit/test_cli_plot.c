/* The picture of eval: what stands in it, not how it looks. */
#include "unit.h"

#include "base/arena.h"
#include "cli/plot.h"

static tq_str
draw(struct tq_arena *a, tq_str title, const struct tq_judged *v, size_t n)
{
	struct tq_buf b;

	tq_buf_init(&b, a, 0);
	assert_true(tq_plot_svg(&b, title, v, n));
	assert_true(tq_buf_ok(&b));
	return tq_buf_str(&b);
}

static bool
holds(tq_str s, tq_str needle)
{
	return tq_str_find(s, needle) < s.n;
}

/* Points of the first curve. */
static tq_str
roc_of(tq_str svg)
{
	tq_str points = tq_str_sub(svg, tq_str_find(svg, TQ_S("points=\"")) + 8,
	    svg.n);

	return tq_str_trim(tq_str_sub(points, 0, tq_str_find(points,
	    TQ_S("\""))));
}

static void
a_tie_is_one_segment(void **state)
{
	/* One spam above; then a spam and four good ones, said the same. */
	const struct tq_judged v[] = { { .logit = 3, .p = .9, .spam = true },
		{ .logit = 0, .p = .5, .spam = true }, { .logit = 0, .p = .5 },
		{ .logit = 0, .p = .5 }, { .logit = 0, .p = .5 },
		{ .logit = 0, .p = .5 } };
	struct tq_arena a;

	(void)state;
	tq_arena_init(&a, 1 << 20);
	assert_str(roc_of(draw(&a, TQ_S("x"), v, TQ_N(v))),
	    "0.0,240.0 0.0,120.0 240.0,0.0");
	tq_arena_free(&a);
}

/* Steps too small to be seen are passed over, but never the end. */
static void
the_curve_ends_in_the_corner(void **state)
{
	static struct tq_judged v[5000];
	struct tq_arena a;

	(void)state;
	for (size_t i = 0; i < TQ_N(v); i++)
		v[i] = (struct tq_judged){ .logit = -(double)i, .p = .1,
		    .spam = i < 2500 };
	tq_arena_init(&a, 1 << 20);
	assert_true(tq_str_ends(roc_of(draw(&a, TQ_S("x"), v, TQ_N(v))),
	    TQ_S(" 240.0,0.0")));
	tq_arena_free(&a);
}

static void
a_title_is_escaped(void **state)
{
	struct tq_arena a;

	(void)state;
	tq_arena_init(&a, 1 << 20);
	assert_true(holds(draw(&a, TQ_S("a<b>&c"), NULL, 0),
	    TQ_S(">a&lt;b&gt;&amp;c</text>")));
	tq_arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tie_is_one_segment),
		cmocka_unit_test(the_curve_ends_in_the_corner),
		cmocka_unit_test(a_title_is_escaped),
	};

	return cmocka_run_group_tests_name("cli/plot", tests, NULL, NULL);
}
