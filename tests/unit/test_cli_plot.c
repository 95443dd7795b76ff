/* The picture of eval: what stands in it, not how it looks. */
#include "unit.h"

#include "base/arena.h"
#include "cli/plot.h"

static tq_str
draw(struct tq_arena *a, tq_str title, const struct tq_judged *v, size_t n)
{
	struct tq_metrics m;
	struct tq_buf b;

	assert_true(tq_metrics_of(v, n, .5, &m));
	tq_buf_init(&b, a, 0);
	assert_true(tq_plot_svg(&b, title, v, &m));
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

/* "comments" in Arabic, and a number. */
#define NAME "\xD8\xAA\xD8\xB9\xD9\x84\xD9\x8A\xD9\x82\xD8\xA7\xD8\xAA-2"

/* In a right-to-left name the number stood at the wrong end. */
static void
a_title_keeps_its_direction(void **state)
{
	struct tq_arena a;

	(void)state;
	tq_arena_init(&a, 1 << 20);
	assert_true(holds(draw(&a, TQ_S(NAME), NULL, 0),
	    TQ_S("\xE2\x81\xA7" NAME "\xE2\x81\xA9</text>")));
	tq_arena_free(&a);
}

/* Axes had no numbers, and errors over 25 % were cut off. */
static void
axes_have_numbers(void **state)
{
	static struct tq_judged v[1000];
	struct tq_arena a;
	tq_str svg;

	(void)state;
	for (size_t i = 0; i < TQ_N(v); i++)
		v[i] = (struct tq_judged){ .p = i % 3 == 0 ? .9 : .1,
		    .logit = i % 3 == 0 ? 2 : -2, .spam = i % 2 == 0 };
	tq_arena_init(&a, 1 << 20);
	svg = draw(&a, TQ_S("x"), v, TQ_N(v));
	assert_true(holds(svg, TQ_S(">0.01</text>")));	/* ROC, % of good */
	assert_true(holds(svg, TQ_S(">0.75</text>")));	/* calibration */
	assert_true(holds(svg, TQ_S(">1000</text>")));	/* comments */
	assert_true(holds(svg, TQ_S(">60</text>")));	/* errors, % */
	assert_true(holds(svg, TQ_S("1000 comments: 500 spam, 500 good; 50 %")));
	assert_true(holds(svg, TQ_S("1-AUC 50 %")));
	assert_false(holds(svg, TQ_S(",-")));	/* nothing over the edge */
	assert_false(holds(svg, TQ_S("nan")));
	tq_arena_free(&a);
}

static void
what_cannot_be_drawn_says_so(void **state)
{
	const struct tq_judged ham[] = { { .p = .1, .logit = -2 },
		{ .p = .2, .logit = -1 } };
	struct tq_arena a;
	tq_str svg;

	(void)state;
	tq_arena_init(&a, 1 << 20);
	assert_true(holds(draw(&a, TQ_S("x"), ham, 2), TQ_S(">no spam<")));
	assert_true(holds(draw(&a, TQ_S("x"), ham, 1),
	    TQ_S(">one comment<")));
	svg = draw(&a, TQ_S("x"), NULL, 0);
	assert_true(holds(svg, TQ_S(">no comments<")));
	assert_false(holds(svg, TQ_S("nan")));
	tq_arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tie_is_one_segment),
		cmocka_unit_test(the_curve_ends_in_the_corner),
		cmocka_unit_test(a_title_is_escaped),
		cmocka_unit_test(a_title_keeps_its_direction),
		cmocka_unit_test(axes_have_numbers),
		cmocka_unit_test(what_cannot_be_drawn_says_so),
	};

	return cmocka_run_group_tests_name("cli/plot", tests, NULL, NULL);
}
