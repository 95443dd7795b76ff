/* A site learnt anew: the same bytes as if its log were all that ever was, also
 * when lessons were taken back, and nothing of another site. */
#include "install.h"

#include "app/change.h"
#include "app/judge.h"
#include "app/judge_fold.h"
#include "app/key_admin.h"
#include "app/near.h"
#include "app/site_admin.h"
#include "store/store.h"
#include "taliq/filter.h"

static int64_t site, other, key_id;

static int
set_up(void **state)
{
	const struct tq_key_limits l = { .lessons_per_hour = 9 };
	struct tq_site_found found;
	struct tq_key_text text;

	(void)state;
	make_install();
	must(tq_site_find_or_make(app, TQ_S("https://one"), &found, &e));
	site = found.id;
	must(tq_site_find_or_make(app, TQ_S("https://two"), &found, &e));
	other = found.id;
	must(tq_key_add(app, site, &l, &key_id, &text, &e));
	return 0;
}

struct lesson {
	struct tq_change change;
	struct tq_feedback f;
};

static enum tq_code
apply_lesson(struct tq_change *c, struct tq_store *s, struct tq_err *err)
{
	int64_t seq;

	return s->ops->feedback_add(s, &((struct lesson *)c)->f, &seq, err);
}

static int64_t teach_ago_us;		/* the clock of lessons is behind */

static void
teach(int64_t where, const char *actor, enum tq_state to, const char *text)
{
	struct lesson l = { .change = { .apply = apply_lesson },
	    .f = { .site_id = where,
	    .at_us = tq_wall_us(&app->clock) - teach_ago_us,
	    .from = TQ_HELD, .to = to, .actor = tq_str_c(actor),
	    .name = TQ_S("Amal"), .body = tq_str_c(text) } };

	must(tq_change_run(&l.change, app, &e));
	tq_judge_wake(app->judge);
}

/* Until the learner has n lessons of the site in its model. */
static void
wait_for(int64_t where, int64_t n)
{
	struct tq_judge_about about = { 0 };

	for (int i = 0; i < 1200; i++) {
		tq_judge_about(app->judge, where, &about);
		if (about.spam + about.ham == n)
			return;
		(void)usleep(25000);
	}
	fail_msg("%lld lessons learnt, not %lld",
	    (long long)(about.spam + about.ham), (long long)n);
}

/* The saved model; empty when there is none. */
static tq_str
saved(int64_t where, int64_t *cursor)
{
	struct tq_store *s;
	tq_str bytes = { NULL, 0 };
	enum tq_code code;

	*cursor = 0;
	must(tq_store_pool_take(app->readers, &s, &e));
	code = s->ops->model_get(s, where, &a, cursor, &bytes, &e);
	tq_store_pool_put(app->readers, s);
	if (code != TQ_ENOTFOUND)
		must(code);
	return bytes;
}

/* What a fold of the site's log gives, by the filter's own library. */
static tq_str
fresh_fold(int64_t where, int64_t *cursor)
{
	struct tq_feedback *rows;
	struct tq_store *s;
	taliq_model *m;
	uint8_t *bytes;
	tq_str copy;
	size_t n, size;

	must(tq_store_pool_take(app->readers, &s, &e));
	must(s->ops->feedback_after(s, 0, 1000, &a, &rows, &n, &e));
	tq_store_pool_put(app->readers, s);
	assert_int_equal(taliq_model_new_seeded(&m), TALIQ_OK);
	for (size_t i = 0; i < n; i++) {
		const taliq_input in_row = { .size = sizeof(in_row),
		    .body = { rows[i].body.p, rows[i].body.n },
		    .author = { rows[i].name.p, rows[i].name.n },
		    .written_at = rows[i].at_us / TQ_SECOND_US };

		if (rows[i].site_id != where || rows[i].body.n == 0)
			continue;
		assert_int_equal(taliq_learn(m, &in_row,
		    rows[i].to == TQ_SPAM ? TALIQ_SPAM : TALIQ_HAM), TALIQ_OK);
		*cursor = rows[i].seq;
	}
	assert_int_equal(taliq_model_save(m, &bytes, &size), TALIQ_OK);
	taliq_model_free(m);
	copy = tq_arena_str(&a, (tq_str){ (const char *)bytes, size });
	free(bytes);
	return copy;
}

static void
same_as_fresh(int64_t where)
{
	int64_t got_at = 0, want_at = 0;
	tq_str got = saved(where, &got_at), want = fresh_fold(where, &want_at);

	assert_int_equal(got_at, want_at);
	assert_int_equal(got.n, want.n);
	assert_memory_equal(got.p, want.p, got.n);
}

static void
teach_all(void)
{
	const struct tq_key_actor key = tq_key_actor(key_id);

	for (int i = 0; i < 4; i++) {
		char good[64], bad[64];

		(void)snprintf(good, sizeof(good), "The ferry of %d was late "
		    "again, as it was in winter", i);
		(void)snprintf(bad, sizeof(bad), "Cheap pills %d, order now "
		    "http://pills%d.example/", i, i);
		teach(site, "cli", TQ_SPAM, bad);
		teach(site, key.c, TQ_SPAM, good);	/* a bad teacher */
		teach(other, "cli", TQ_SPAM, bad);
		teach(site, "cli", TQ_PUBLISHED, good);
	}
	wait_for(site, 12);
	wait_for(other, 4);
}

static void
a_site_learnt_anew_is_the_same(void **state)
{
	(void)state;
	teach_all();
	must(tq_judge_relearn(app->judge, site, NULL, &e));
	same_as_fresh(site);
	wait_for(site, 12);
	teach(site, "cli", TQ_SPAM, "more of it, order now");
	wait_for(site, 13);
	tq_app_close(in);
	open_again();
	same_as_fresh(site);
	same_as_fresh(other);
	wait_for(site, 13);
}

static double
opinion(const char *text)
{
	const struct tq_judge_ask ask = { .site_id = site,
	    .name = TQ_S("Amal"), .text = tq_str_c(text) };

	return tq_judge_comment(app->judge, &ask, &(bool){ false });
}

static void
lessons_taken_back_are_forgotten(void **state)
{
	static const char *const good =
	    "The ferry of 3 was late again, as it was in winter";
	int64_t n = 0, spam, ham, cursor;
	double before;

	(void)state;
	teach_all();
	before = opinion(good);
	must(tq_key_taught(app, key_id, &spam, &ham, &e));
	assert_int_equal(spam, 4);
	assert_int_equal(ham, 0);
	must(tq_key_unlearn(app, key_id, 0, &n, &e));
	assert_int_equal(n, 4);
	same_as_fresh(site);
	wait_for(site, 8);
	assert_true(opinion(good) < before);
	must(tq_key_taught(app, key_id, &spam, &ham, &e));
	assert_int_equal(spam, 0);
	must(tq_key_unlearn(app, key_id, 0, &n, &e));
	assert_int_equal(n, 0);
	same_as_fresh(site);
	assert_int_equal(tq_key_unlearn(app, 99, 0, &n, &e), TQ_ENOTFOUND);
	/* And nothing comes back. */
	tq_app_close(in);
	open_again();
	same_as_fresh(site);
	wait_for(site, 8);
	(void)saved(site, &cursor);
	assert_true(cursor > 0);
}

static _Atomic int64_t later_us;	/* than the system's clock */

static int64_t
wall(void *ctx)
{
	(void)ctx;
	return tq_wall_us(&tq_clock_system);
}

static int64_t
mono(void *ctx)
{
	(void)ctx;
	return tq_mono_us(&tq_clock_system) + later_us;
}

/* A crash must not cost more than half a minute of learning, also when some
 * client teaches every few seconds. */
static void
models_are_saved_while_lessons_keep_coming(void **state)
{
	int64_t cursor = 0;

	(void)state;
	app->clock = (struct tq_clock){ .wall_us = wall, .mono_us = mono };
	for (int i = 0; i < 400; i++) {
		later_us += 5 * TQ_SECOND_US;
		teach(site, "cli", TQ_SPAM, "order now");
		if (saved(site, &cursor).n > 0)
			break;
		(void)usleep(10000);
	}
	assert_true(cursor > 0);
}

/* Only what it taught lately. */
static void
lessons_are_taken_back_by_time(void **state)
{
	const struct tq_key_actor key = tq_key_actor(key_id);
	int64_t n = 0, since;

	(void)state;
	teach(site, key.c, TQ_SPAM, "the first lesson");
	(void)usleep(2000);
	since = tq_wall_us(&app->clock);
	teach(site, key.c, TQ_SPAM, "the second lesson");
	wait_for(site, 2);
	must(tq_key_unlearn(app, key_id, since, &n, &e));
	assert_int_equal(n, 1);
	wait_for(site, 1);
	same_as_fresh(site);
}

/* All that was taught: the site is as on its first day. */
static void
a_site_may_have_nothing_left(void **state)
{
	const struct tq_key_actor key = tq_key_actor(key_id);
	const double fresh = opinion("order now");
	int64_t n = 0, cursor;

	(void)state;
	teach(site, key.c, TQ_SPAM, "order now");
	wait_for(site, 1);
	must(tq_judge_relearn(app->judge, site, NULL, &e));
	assert_true(saved(site, &cursor).n > 0);
	must(tq_key_unlearn(app, key_id, 0, &n, &e));
	assert_int_equal(n, 1);
	assert_int_equal(saved(site, &cursor).n, 0);
	assert_true(opinion("order now") >= fresh &&
	    opinion("order now") <= fresh);
	teach(site, "cli", TQ_SPAM, "order now");
	wait_for(site, 1);
	must(tq_judge_relearn(app->judge, site, NULL, &e));
	same_as_fresh(site);
}

/* A change that fails leaves all as it was. */
static enum tq_code
apply_no(struct tq_change *c, struct tq_store *s, struct tq_err *err)
{
	(void)c;
	(void)s;
	return tq_fail(err, TQ_EDENIED, "no");
}

static void
a_refused_change_changes_nothing(void **state)
{
	struct tq_change no = { .apply = apply_no };

	(void)state;
	teach(site, "cli", TQ_SPAM, "order now");
	wait_for(site, 1);
	assert_int_equal(tq_judge_relearn(app->judge, site, &no, &e),
	    TQ_EDENIED);
	wait_for(site, 1);
	tq_app_close(in);
	open_again();
	same_as_fresh(site);
}

static const char CAMPAIGN[] = "I gave Mr Jonathan 500 dollars and got 4000 in "
    "seven days, all thanks to his wonderful skill, write to him today";
static const char REWRITTEN[] = "I gave Mr Jonathan 700 dollars and got 4000 in "
    "seven d\xE2\x80\x8B" "ays, all tha\xE2\x80\x8Bnks to his wonderful skill, "
    "write to him today!!";

/* The reason's weight, 0 without one; all weights must be the logit. */
static double
near_reason(int64_t where, const char *text)
{
	const taliq_signal evidence = { "evidence", 0.25 };
	const struct tq_judge_ask ask = { .site_id = where,
	    .name = TQ_S("Amal"), .text = tq_str_c(text),
	    .signals = &evidence, .n_signals = 1 };
	double sum = 0, found = 0, near = -1;
	taliq_verdict v;

	assert_true(tq_judge_verdict(app->judge, &ask, true, &v, &near));
	for (uint32_t i = 0; i < v.n_reasons; i++) {
		sum += v.reasons[i].weight;
		if (strcmp(v.reasons[i].name, TQ_NEAR_REASON) == 0)
			found = v.reasons[i].weight;
	}
	assert_true(sum - v.logit < 1e-9 && v.logit - sum < 1e-9);
	assert_true(found >= near && found <= near);
	return found;
}

static void
teach_campaign(void)
{
	teach(site, "cli", TQ_SPAM, CAMPAIGN);
	wait_for(site, 1);
}

static void
a_text_alike_is_a_reason(void **state)
{
	bool near = false;
	const struct tq_judge_ask ask = { .site_id = site,
	    .name = TQ_S("Amal"), .text = tq_str_c(REWRITTEN) };

	(void)state;
	assert_true(near_reason(site, REWRITTEN) == 0);
	teach_campaign();
	assert_true(near_reason(site, REWRITTEN) > 0);
	assert_true(tq_judge_comment(app->judge, &ask, &near) >= TALIQ_HOLD_AT);
	assert_true(near_reason(site, "My uncle gave up his shop last year "
	    "and nobody in the quarter knows what will become of it") == 0);
	assert_true(near_reason(other, REWRITTEN) == 0);
	teach(site, "cli", TQ_PUBLISHED, CAMPAIGN);
	wait_for(site, 2);
	assert_true(near_reason(site, REWRITTEN) == 0);
}

/* Where the text alone is sure, nothing is looked for but for a reason. */
static void
what_is_sure_needs_no_text_alike(void **state)
{
	struct tq_judge_ask ask = { .site_id = site, .name = TQ_S("Amal"),
	    .text = tq_str_c(CAMPAIGN), .sure_from = 1e-9 };
	double near = -1;
	taliq_verdict v;

	(void)state;
	teach_campaign();
	assert_true(tq_judge_verdict(app->judge, &ask, false, &v, &near));
	assert_true(near <= 0 && near >= 0);
	ask.sure_from = 1;
	assert_true(tq_judge_verdict(app->judge, &ask, false, &v, &near));
	assert_true(near > 0);
}

static void
a_start_remembers_two_weeks(void **state)
{
	static const char old[] = "Zarkulin drops for your knees, order the "
	    "zarkulin bottle today and dance again tomorrow";

	(void)state;
	teach_ago_us = TQ_NEAR_LIFE_US + TQ_SECOND_US;
	teach(site, "cli", TQ_SPAM, old);
	teach_ago_us = TQ_NEAR_LIFE_US - 3600 * TQ_SECOND_US;
	teach(site, "cli", TQ_SPAM, CAMPAIGN);
	teach_ago_us = 0;
	wait_for(site, 2);
	assert_true(near_reason(site, old) == 0);
	assert_true(near_reason(site, REWRITTEN) > 0);
	tq_app_close(in);
	open_again();
	assert_true(near_reason(site, old) == 0);
	assert_true(near_reason(site, REWRITTEN) > 0);
	assert_true(near_reason(other, REWRITTEN) == 0);
	/* The order of decisions, too. */
	teach(site, "cli", TQ_PUBLISHED, CAMPAIGN);
	wait_for(site, 3);
	tq_app_close(in);
	open_again();
	assert_true(near_reason(site, REWRITTEN) == 0);
}

struct lessons {
	struct tq_change change;
	struct tq_feedback f;
	size_t n;
};

static enum tq_code
apply_lessons(struct tq_change *c, struct tq_store *s, struct tq_err *err)
{
	struct lessons *l = (struct lessons *)c;
	enum tq_code code = TQ_OK;
	int64_t seq;

	for (size_t i = 0; code == TQ_OK && i < l->n; i++)
		code = s->ops->feedback_add(s, &l->f, &seq, err);
	return code;
}

/* So that a start takes no longer with a long log.  What is not looked at is
 * "hold", which teaches nothing. */
static void
a_start_looks_back_so_far(void **state)
{
	struct lessons l = { .change = { .apply = apply_lessons },
	    .f = { .site_id = site, .at_us = tq_wall_us(&app->clock),
	    .from = TQ_SPAM, .to = TQ_HELD, .actor = TQ_S("cli"),
	    .name = TQ_S("Amal"), .body = TQ_S("hm") },
	    .n = TQ_RECALL_ROWS - 1 };

	(void)state;
	teach_campaign();
	must(tq_change_run(&l.change, app, &e));
	tq_app_close(in);
	open_again();
	assert_true(near_reason(site, REWRITTEN) > 0);
	l.n = 1;
	must(tq_change_run(&l.change, app, &e));
	tq_app_close(in);
	open_again();
	assert_true(near_reason(site, REWRITTEN) == 0);
}

static void
learnt_anew_without_what_was_taken_back(void **state)
{
	const struct tq_key_actor key = tq_key_actor(key_id);
	int64_t n = 0;

	(void)state;
	teach(site, key.c, TQ_SPAM, CAMPAIGN);
	teach(other, "cli", TQ_SPAM, CAMPAIGN);
	wait_for(site, 1);
	wait_for(other, 1);
	must(tq_judge_relearn(app->judge, site, NULL, &e));
	assert_true(near_reason(site, REWRITTEN) > 0);
	must(tq_key_unlearn(app, key_id, 0, &n, &e));
	assert_int_equal(n, 1);
	assert_true(near_reason(site, REWRITTEN) == 0);
	assert_true(near_reason(other, REWRITTEN) > 0);
	teach(site, "cli", TQ_SPAM, CAMPAIGN);
	wait_for(site, 1);
	assert_true(near_reason(site, REWRITTEN) > 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, drop_install)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_site_learnt_anew_is_the_same),
		TEST(lessons_taken_back_are_forgotten),
		TEST(lessons_are_taken_back_by_time),
		TEST(a_site_may_have_nothing_left),
		TEST(a_refused_change_changes_nothing),
		TEST(models_are_saved_while_lessons_keep_coming),
		TEST(a_text_alike_is_a_reason),
		TEST(what_is_sure_needs_no_text_alike),
		TEST(a_start_remembers_two_weeks),
		TEST(a_start_looks_back_so_far),
		TEST(learnt_anew_without_what_was_taken_back),
	};

	return cmocka_run_group_tests_name("app/judge", tests, NULL, NULL);
}
