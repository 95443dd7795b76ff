/* Texts almost equal to those decided lately: what is known again, what decides
 * when moderators disagree, and what is forgotten. */
#include "unit.h"

#include <stdio.h>

#include "app/near.h"
#include "base/crypto.h"

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);

static int fail_in = -1;	/* allocations until one fails; -1: never */

void *
__wrap_malloc(size_t n)
{
	if (fail_in >= 0 && fail_in-- == 0)
		return NULL;
	return __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	if (fail_in >= 0 && fail_in-- == 0)
		return NULL;
	return __real_calloc(n, size);
}

#define DAY (INT64_C(86400) * TQ_SECOND_US)
#define NOW (INT64_C(20000) * DAY)

static struct tq_near *near;
static struct tq_err e;

static int
set_up(void **state)
{
	(void)state;
	assert_int_equal(tq_crypto_start(&e), TQ_OK);
	assert_int_equal(tq_near_new(&near, &e), TQ_OK);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	tq_near_free(near);
	return 0;
}

static void
decide(const char *text, bool spam, int64_t at_us)
{
	struct tq_near_text t = { .at_us = at_us, .spam = spam };

	assert_int_equal(tq_near_read(near, tq_str_c(text), &t.print, &e),
	    TQ_OK);
	tq_near_add(near, &t);
}

static double
weight(const char *text)
{
	return tq_near_weight(near, tq_str_c(text), NOW);
}

static const char SPAM[] = "I invested 500 dollars with Mr Jonathan and got "
    "4000 in seven days, all thanks to his wonderful trading skill, write to "
    "him on the messenger today and change your life";

static void
rewritings_are_known_again(void **state)
{
	static const struct { const char *title, *text; } rows[] = {
		{ "the same", SPAM },
		{ "invisible characters", "I inv\xE2\x80\x8B" "ested 500 dol"
		    "\xE2\x80\x8C" "lars with Mr Jonathan and got 4000 in "
		    "seven days, all tha\xE2\x81\xA0nks to his wonderful "
		    "trading skill, write to him on the messenger today and "
		    "change your life" },
		{ "another number", "I invested 700 dollars with Mr Jonathan "
		    "and got 9000 in seven days, all thanks to his wonderful "
		    "trading skill, write to him on the messenger today and "
		    "change your life" },
		{ "words added", "Hello my friends! I invested 500 dollars "
		    "with Mr Jonathan and got 4000 in seven days, all thanks to "
		    "his wonderful trading skill, write to him on the "
		    "messenger today and change your life. God bless you" },
	};
	double same;

	(void)state;
	assert_true(weight(SPAM) == 0);
	decide(SPAM, true, NOW - DAY);
	same = weight(SPAM);
	for (size_t i = 0; i < TQ_N(rows); i++)
		if (weight(rows[i].text) <= 0 || weight(rows[i].text) > same)
			fail_msg("%s: %f", rows[i].title,
			    weight(rows[i].text));
	assert_true(weight("I would never have invested 500 dollars with "
	    "anybody whom I know from the messenger, and the bank said the "
	    "same to my mother last week") == 0);
}

static void
tatweel_and_marks_do_not_hide(void **state)
{
	(void)state;
	decide("الشيخ الروحاني لجلب الحبيب ورد المطلقة خلال ثلاثة ايام مجرب "
	    "ومضمون للتواصل واتساب", true, NOW);
	assert_true(weight("الشيـــخ الروحـــاني لجلب الحبــيب ورد المطلقة خلال "
	    "ثلاثة أيّام مجرّب ومضمون للتواصل واتسـاب") > 0);
}

static void
the_newest_word_on_a_text_decides(void **state)
{
	(void)state;
	decide(SPAM, true, NOW - 3 * DAY);
	decide(SPAM, false, NOW - 2 * DAY);
	assert_true(weight(SPAM) == 0);
	decide(SPAM, true, NOW - DAY);
	assert_true(weight(SPAM) > 0);
}

/* A published text is no evidence of good: never below 0. */
static void
what_was_published_buys_nothing(void **state)
{
	char longer[512];

	(void)state;
	decide(SPAM, true, NOW);
	decide(SPAM, false, NOW);
	(void)snprintf(longer, sizeof(longer), "%s http://cheap.example/",
	    SPAM);
	assert_true(weight(SPAM) == 0 && weight(longer) == 0);
}

/* Somebody quotes the spam to warn of it, and is published. */
static void
a_warning_does_not_open_the_door(void **state)
{
	char warning[1024];

	(void)state;
	decide(SPAM, true, NOW - DAY);
	(void)snprintf(warning, sizeof(warning), "Three times this week I "
	    "found the following below articles here: %s. Please do not "
	    "believe a word of it, my neighbour lost a month's wages to these "
	    "people and the police can do nothing", SPAM);
	decide(warning, false, NOW);
	assert_true(weight(warning) == 0);
	assert_true(weight(SPAM) > 0);
}

static void
two_weeks_and_it_is_forgotten(void **state)
{
	(void)state;
	decide(SPAM, true, NOW - 14 * DAY);
	assert_true(weight(SPAM) == 0);
	assert_true(tq_near_weight(near, tq_str_c(SPAM), NOW - 1) > 0);
	/* What is forgotten does not speak for good either. */
	decide(SPAM, true, NOW - 13 * DAY);
	assert_true(weight(SPAM) > 0);
}

/* Letters and digits without spaces: of the skeleton, as it is compared. */
static void
short_texts_say_too_little(void **state)
{
	(void)state;
	decide("abcdefghij klmnopqrst uvw", true, NOW);		/* 23 */
	assert_true(weight("abcdefghij klmnopqrst uvw") == 0);
	decide("abcdefghij klmnopqrst uvwx", true, NOW);	/* 24 */
	assert_true(weight("abcdefghij klmnopqrst uvwx!") > 0);
	assert_true(weight("abcdefghij klmnopqrst uvw") == 0);
	assert_true(weight("") == 0);
}

static void
numbered(unsigned i, char out[128])
{
	unsigned h = i * 2654435761u;

	for (unsigned k = 0; k < 100; k++) {
		out[k] = (char)('a' + (h >> 16) % 26);
		h = h * 1103515245u + 12345u;
	}
	out[100] = '\0';
}

/* Bounded; and readers' good comments do not push spam out. */
static void
the_oldest_give_way_but_not_to_good_ones(void **state)
{
	char text[128];

	(void)state;
	decide(SPAM, true, NOW);
	for (unsigned i = 0; i < TQ_NEAR_TEXTS + 10; i++) {
		numbered(i, text);
		decide(text, false, NOW);
	}
	assert_true(weight(SPAM) > 0);
	for (unsigned i = 0; i + 1 < TQ_NEAR_TEXTS; i++) {
		numbered(i, text);
		decide(text, true, NOW);
	}
	assert_true(weight(SPAM) > 0);
	decide("one text more that was marked as spam", true, NOW);
	assert_true(weight(SPAM) == 0);
}

static void
all_can_be_forgotten(void **state)
{
	(void)state;
	decide(SPAM, true, NOW);
	assert_int_equal(tq_near_clear(near, &e), TQ_OK);
	assert_true(weight(SPAM) == 0);
	decide(SPAM, true, NOW);
	assert_true(weight(SPAM) > 0);
}

/* Without memory there is an error, or no evidence, and nothing has changed. */
static void
every_allocation_fails_once(void **state)
{
	struct tq_near *other = NULL;
	taliq_fingerprint f;
	int i;

	(void)state;
	decide(SPAM, true, NOW);
	for (i = 0;; i++) {
		fail_in = i;
		if (tq_near_new(&other, &e) == TQ_OK)
			break;
		assert_int_equal(e.code, TQ_ELIMIT);
	}
	assert_true(i >= 4);
	tq_near_free(other);
	for (i = 0;; i++) {
		fail_in = i;
		if (tq_near_clear(near, &e) == TQ_OK)
			break;
		fail_in = -1;
		assert_true(weight(SPAM) > 0);
	}
	assert_true(i >= 3);
	fail_in = -1;
	decide(SPAM, true, NOW);
	fail_in = 0;
	assert_int_equal(tq_near_read(near, tq_str_c(SPAM), &f, &e),
	    TQ_ELIMIT);
	fail_in = 0;
	assert_true(weight(SPAM) == 0);
	fail_in = -1;
	assert_true(weight(SPAM) > 0);
}

/* Two rings have nothing in common: a fingerprint of one is none of the other,
 * which nobody can compute. */
static void
each_ring_has_its_own_key(void **state)
{
	taliq_fingerprint here, there;
	struct tq_near *other;

	(void)state;
	assert_int_equal(tq_near_new(&other, &e), TQ_OK);
	assert_int_equal(tq_near_read(near, tq_str_c(SPAM), &here, &e), TQ_OK);
	assert_int_equal(tq_near_read(other, tq_str_c(SPAM), &there, &e),
	    TQ_OK);
	assert_true(taliq_fingerprint_likeness(&here, &there) <
	    TALIQ_LIKENESS_MIN);
	tq_near_free(other);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rewritings_are_known_again),
		TEST(tatweel_and_marks_do_not_hide),
		TEST(the_newest_word_on_a_text_decides),
		TEST(what_was_published_buys_nothing),
		TEST(a_warning_does_not_open_the_door),
		TEST(two_weeks_and_it_is_forgotten),
		TEST(short_texts_say_too_little),
		TEST(the_oldest_give_way_but_not_to_good_ones),
		TEST(all_can_be_forgotten),
		TEST(every_allocation_fails_once),
		TEST(each_ring_has_its_own_key),
	};

	return cmocka_run_group_tests_name("app/near", tests, NULL, NULL);
}
