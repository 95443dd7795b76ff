/* The policy, whole: every combination of facts against the rules as a person
 * would say them. */
#include "unit.h"

#include <stdio.h>

#include "app/policy.h"

static const double spams[] = {
	-1, 0, 0.49, TQ_HOLD_FROM, 0.89, TQ_SPAM_FROM, 1,
};
static const size_t link_counts[] = { 0, 1, 100 };

/* The state by words: a trap or a sure filter is spam; a doubtful filter, or
 * the site's wish, holds; all else is published. */
static enum tq_state
expected_state(const struct tq_facts *f)
{
	if (f->honeypot || f->spam >= 0.9)
		return TQ_SPAM;
	if (f->spam >= 0.5 || f->moderation == TQ_MODERATE_ALL)
		return TQ_HELD;
	if (!f->known_author && (f->links > 0 ||
	    f->moderation == TQ_MODERATE_FIRST))
		return TQ_HELD;
	return TQ_PUBLISHED;
}

static unsigned
expected_why(const struct tq_facts *f)
{
	return (f->honeypot ? TQ_WHY_HONEYPOT : 0u) |
	    (f->spam >= 0.5 ? TQ_WHY_FILTER : 0u) |
	    (f->spam >= 0.5 && f->near_spam ? TQ_WHY_NEAR : 0u) |
	    (!f->known_author && f->links > 0 ? TQ_WHY_FIRST_LINKS : 0u) |
	    (!f->known_author && f->moderation == TQ_MODERATE_FIRST ?
	    TQ_WHY_FIRST : 0u) |
	    (f->moderation == TQ_MODERATE_ALL ? TQ_WHY_ALL : 0u);
}

static void
check(const struct tq_facts *f)
{
	struct tq_decision d = tq_decide(f);

	if (d.state != expected_state(f) || d.why != expected_why(f))
		fail_msg("spam %.2f, known %d, links %zu, honeypot %d, "
		    "moderation %d: state %d, why %u", f->spam,
		    f->known_author, f->links, f->honeypot,
		    (int)f->moderation, (int)d.state, d.why);
	/* Published means that nothing spoke against it. */
	assert_int_equal(d.state == TQ_PUBLISHED, d.why == 0);
}

static void
every_combination(void **state)
{
	size_t n = TQ_N(spams) * TQ_N(link_counts) * 2 * 2 * 2 * 3;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		size_t k = i;
		struct tq_facts f = { .spam = spams[k % TQ_N(spams)] };

		k /= TQ_N(spams);
		f.links = link_counts[k % TQ_N(link_counts)];
		k /= TQ_N(link_counts);
		f.known_author = k % 2 != 0;
		f.honeypot = k / 2 % 2 != 0;
		f.near_spam = k / 4 % 2 != 0;
		f.moderation = (enum tq_moderation)(k / 8);
		check(&f);
	}
}

/* The rows a reader of the manual would ask for first. */
static void
the_usual_cases(void **state)
{
	static const struct {
		const char *title;
		struct tq_facts f;
		enum tq_state state;
	} rows[] = {
		{ "no filter, plain, a stranger",
		    { -1, false, 0, false, TQ_MODERATE_LINKS, false }, TQ_PUBLISHED },
		{ "a stranger with a link",
		    { -1, false, 1, false, TQ_MODERATE_LINKS, false }, TQ_HELD },
		{ "a known author with a link",
		    { -1, true, 1, false, TQ_MODERATE_LINKS, false }, TQ_PUBLISHED },
		{ "a stranger where first comments wait",
		    { -1, false, 0, false, TQ_MODERATE_FIRST, false }, TQ_HELD },
		{ "a known author there",
		    { -1, true, 3, false, TQ_MODERATE_FIRST, false }, TQ_PUBLISHED },
		{ "a known author where all wait",
		    { -1, true, 0, false, TQ_MODERATE_ALL, false }, TQ_HELD },
		{ "the trap, whoever it is",
		    { 0, true, 0, true, TQ_MODERATE_LINKS, false }, TQ_SPAM },
		{ "sure spam of a known author",
		    { 0.99, true, 0, false, TQ_MODERATE_LINKS, false }, TQ_SPAM },
		{ "doubtful", { 0.7, true, 0, false, TQ_MODERATE_LINKS, false },
		    TQ_HELD },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++)
		if (tq_decide(&rows[i].f).state != rows[i].state)
			fail_msg("%s", rows[i].title);
}

static void
reasons_are_told_once_each(void **state)
{
	static const struct { unsigned why; const char *words; } rows[] = {
		{ 0, "" },
		{ TQ_WHY_FILTER, "filter" },
		{ TQ_WHY_HONEYPOT | TQ_WHY_FILTER, "honeypot,filter" },
		{ TQ_WHY_ALL | TQ_WHY_FIRST | TQ_WHY_FIRST_LINKS,
		    "first-links,first,all" },
		{ TQ_WHY_FILTER | TQ_WHY_NEAR, "filter,near-spam" },
		{ ~0u, "honeypot,filter,near-spam,first-links,first,all" },
	};
	struct tq_arena a;
	struct tq_buf b;

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		tq_arena_init(&a, 4096);
		tq_buf_init(&b, &a, 0);
		tq_why_words(&b, rows[i].why);
		assert_str(tq_buf_str(&b), rows[i].words);
		tq_arena_free(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_combination),
		cmocka_unit_test(the_usual_cases),
		cmocka_unit_test(reasons_are_told_once_each),
	};

	return cmocka_run_group_tests_name("app/policy", tests, NULL, NULL);
}
