/* Properties of models: learning works, is repeatable and survives a file; what
 * is damaged is refused; without memory nothing changes. */
#include "unit.h"

#include <math.h>

#include "filter/modelfile.h"
#include "filter_models.h"

/* --- memory that runs out ------------------------------------------------- */

static long fail_after = -1;	/* allocations that still succeed; -1 all */

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);

/* Is this allocation to fail?  From the first on, all do. */
static bool
refuse(void)
{
	if (fail_after > 0)
		fail_after--;
	else if (fail_after == 0)
		return true;
	return false;
}

void *
__wrap_malloc(size_t n)
{
	return refuse() ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return refuse() ? NULL : __real_calloc(n, size);
}

/* --- helpers -------------------------------------------------------------- */

struct bytes { uint8_t *p; size_t n; };

static struct bytes
saved(const taliq_model *m)
{
	struct bytes b;

	assert_int_equal(taliq_model_save(m, &b.p, &b.n), TALIQ_OK);
	return b;
}

/* --- properties ----------------------------------------------------------- */

static void
learning_moves_the_verdict(void **state)
{
	(void)state;
	for (size_t i = 0; i < TQ_N(SPAM); i++) {
		taliq_model *m = taught(i % 2 == 0, 0);
		double p = p_of(m, SPAM[i]), q = p_of(m, HAM[i]);

		for (unsigned k = 0; k < 5; k++) {
			double before = p_of(m, SPAM[i]);

			learn(m, SPAM[i], TALIQ_SPAM);
			assert_true(p_of(m, SPAM[i]) >= before);
		}
		assert_true(p_of(m, SPAM[i]) > p);
		for (unsigned k = 0; k < 5; k++)
			learn(m, HAM[i], TALIQ_HAM);
		assert_true(p_of(m, HAM[i]) < (q > 0.5 ? q : 0.5));
		taliq_model_free(m);
	}
}

static void
same_steps_same_bytes(void **state)
{
	taliq_model *a = taught(true, 9), *b = taught(true, 9);
	struct bytes x = saved(a), y = saved(b);

	(void)state;
	assert_int_equal(x.n, y.n);
	assert_memory_equal(x.p, y.p, x.n);
	free(x.p);
	free(y.p);
	taliq_model_free(a);
	taliq_model_free(b);
}

static void
a_file_keeps_everything(void **state)
{
	(void)state;
	for (int seeded = 0; seeded < 2; seeded++) {
		taliq_model *a = taught(seeded != 0, 5), *b, *c;
		struct bytes x = saved(a), y;

		assert_int_equal(taliq_model_load(&b, x.p, x.n), TALIQ_OK);
		y = saved(b);
		assert_int_equal(x.n, y.n);
		assert_memory_equal(x.p, y.p, x.n);
		assert_int_equal(taliq_model_copy(a, &c), TALIQ_OK);
		for (size_t i = 0; i < TQ_N(SPAM); i++) {
			double p = p_of(a, SPAM[i]);

			assert_true(p_of(b, SPAM[i]) == p);
			assert_true(p_of(c, SPAM[i]) == p);
		}
		/* and goes on learning the same */
		learn(a, HAM[0], TALIQ_SPAM);
		learn(b, HAM[0], TALIQ_SPAM);
		assert_true(p_of(a, HAM[0]) == p_of(b, HAM[0]));
		free(x.p);
		free(y.p);
		taliq_model_free(a);
		taliq_model_free(b);
		taliq_model_free(c);
	}
}

/* The size is looked at first: a host may hold no more than it says. */
static void
another_size_is_refused_unread(void **state)
{
	uint32_t *tiny = malloc(sizeof(*tiny));
	taliq_input in = input(HAM[0]);
	taliq_model *m = taught(false, 0);
	taliq_verdict v;

	(void)state;
	assert_non_null(tiny);
	*tiny = sizeof(*tiny);
	assert_int_equal(taliq_classify(m, (const taliq_input *)(void *)tiny,
	    &v), TALIQ_INVALID);
	assert_int_equal(taliq_learn(m, (const taliq_input *)(void *)tiny,
	    TALIQ_HAM), TALIQ_INVALID);
	in.size++;
	assert_int_equal(taliq_classify(m, &in, &v), TALIQ_INVALID);
	free(tiny);
	taliq_model_free(m);
}

/* A label against a sure verdict teaches, and on a seed that has been at work
 * for a while it teaches less. */
static void
a_sure_verdict_is_hard_to_turn(void **state)
{
	taliq_model *fresh = taught(true, 0), *old = taught(true, 0);
	taliq_input in = input(SPAM[0]);
	double before = p_of(fresh, SPAM[0]);

	(void)state;
	assert_true(before > TALIQ_SPAM_AT);
	old->n_ham = 1000;
	assert_true(p_of(old, SPAM[0]) == before);
	assert_int_equal(taliq_learn(fresh, &in, TALIQ_HAM), TALIQ_OK);
	assert_int_equal(taliq_learn(old, &in, TALIQ_HAM), TALIQ_OK);
	assert_true(p_of(old, SPAM[0]) < before);
	assert_true(p_of(fresh, SPAM[0]) < p_of(old, SPAM[0]));
	taliq_model_free(fresh);
	taliq_model_free(old);
}

/* --- the seed ------------------------------------------------------------- */

/* Languages of which neither the sets nor the seed's texts hold a line. */
static void
an_unknown_language_is_not_condemned(void **state)
{
	static const char *const texts[] = {
		"Hyv\xC3\xA4 kirjoitus, mutta miss\xC3\xA4 on l\xC3\xA4hde?",
		"Sz\xC3\xA9gyen, amit a korm\xC3\xA1ny csin\xC3\xA1l.",
		"\xE1\x83\x99\xE1\x83\x90\xE1\x83\xA0\xE1\x83\x92\xE1\x83\x98",
		"\xE0\xAE\x85\xE0\xAE\xB0\xE0\xAF\x81\xE0\xAE\xAE\xE0\xAF\x88",
		"Artikull i mir\xC3\xAB, por ku \xC3\xABsht\xC3\xAB burimi?",
		"Jak dlouho to bude je\xC5\xA1t\xC4\x9B trvat?",
	};
	taliq_model *m = taught(true, 0);

	(void)state;
	for (size_t i = 0; i < TQ_N(texts); i++)
		if (p_of(m, texts[i]) >= TALIQ_HOLD_AT)
			fail_msg("%s: %.3f", texts[i], p_of(m, texts[i]));
	taliq_model_free(m);
}

/* A moderator marks what was missed and publishes nothing by hand. */
static void
spam_alone_condemns_nobody(void **state)
{
	static const char *const missed[] = {
		"Работа на дому, оплата каждый день, пишите в личные сообщения",
		"Нужны люди в команду, доход от ста тысяч, опыт не важен",
		"Куплю аккаунты дорого, расчет сразу, все подробности в личку",
		"Ищу пять человек для удаленного заработка, обучим всему сами",
		"Продам базу клиентов, свежая, проверенная, пишите кому надо",
		"Кредит без отказа за один час, даже с плохой историей, звоните",
		"Хочешь зарабатывать с телефона? Напиши мне плюс, все расскажу",
		"Раздаем бонусы новым игрокам, успей забрать свой подарок",
		"Снимаем порчу, возвращаем любимых, помощь уже сегодня, пишите",
		"Диплом любого вуза с занесением в реестр, быстро и недорого",
		"Наращиваем подписчиков, живые люди, гарантия, пробный заказ даром",
		"Закрытый клуб, прогнозы на матчи, первые три дня бесплатно",
	};
	static const char *const good[] = {
		"Спасибо за статью, автобусы у нас и правда ходят раз в час",
		"А почему никто не спросил самих жителей, нужна ли им эта стоянка?",
		"The bridge was closed all morning and nobody at the council picked up the phone.",
		"I grew up two streets from there and I do not remember it ever being this dirty.",
		"الجسر مقفول من الصبح والبلدية ما تحركت، حرام والله",
		"مقال جميل، ذكرني بأيام المدرسة والحارة القديمة",
		"오늘 아침에도 버스가 삼십 분이나 늦게 왔어요",
		"Moi je trouve que le maire a raison, il fallait bien commencer quelque part.",
	};
	taliq_model *m = taught(true, 0);
	double before[TQ_N(missed)];

	(void)state;
	for (size_t i = 0; i < TQ_N(missed); i++) {
		before[i] = p_of(m, missed[i]);
		learn(m, missed[i], TALIQ_SPAM);
	}
	for (size_t i = 0; i < TQ_N(missed); i++)
		if (p_of(m, missed[i]) < TALIQ_HOLD_AT ||
		    p_of(m, missed[i]) < before[i])
			fail_msg("%s: %.3f", missed[i], p_of(m, missed[i]));
	for (size_t i = 0; i < TQ_N(good); i++)
		if (p_of(m, good[i]) >= TALIQ_HOLD_AT)
			fail_msg("%s: %.3f", good[i], p_of(m, good[i]));
	taliq_model_free(m);
}

static void
the_shipped_seed_knows_spam(void **state)
{
	taliq_model *m = taught(true, 0);

	(void)state;
	for (size_t i = 0; i < TQ_N(SPAM); i++)
		if (p_of(m, SPAM[i]) < TALIQ_HOLD_AT)
			fail_msg("%s: %.3f", SPAM[i], p_of(m, SPAM[i]));
	for (size_t i = 0; i < TQ_N(HAM); i++)
		assert_true(p_of(m, HAM[i]) < TALIQ_HOLD_AT);
	taliq_model_free(m);
}

static void
an_own_seed_takes_its_place(void **state)
{
	taliq_model *m = taught(false, 9), *n;
	taliq_model_info info;
	struct bytes s;

	(void)state;
	assert_int_equal(taliq_model_save_seed(m, 0, 4, &s.p, &s.n), TALIQ_OK);
	assert_int_equal(taliq_model_new(&n), TALIQ_OK);
	assert_int_equal(taliq_model_set_seed(n, s.p, s.n), TALIQ_OK);
	free(s.p);
	taliq_model_about(n, &info);
	assert_int_not_equal(info.seed_id, 0);
	assert_int_equal(info.changed_seed, 0);
	assert_true(p_of(n, SPAM[0]) > 0.5 && p_of(n, HAM[0]) < 0.5);
	taliq_model_free(m);
	m = n;
	assert_int_equal(taliq_model_copy(m, &n), TALIQ_OK);
	assert_true(p_of(n, SPAM[0]) == p_of(m, SPAM[0]));
	taliq_model_free(m);
	taliq_model_free(n);
}

static void
a_seed_is_known_by_all_of_it(void **state)
{
	/* clang takes the two for floats. */
	const double nan = (double)NAN, large = (double)INFINITY;
	const double bad[][2] = { { nan, 4 }, { 0, nan }, { 0, -1 },
	    { large, 4 }, { 0, large }, { 1e300, 4 } };
	static const double good[][2] = { { 0, 4 }, { 0.5, 4 }, { 0, 3 } };
	taliq_model *m = taught(false, 3), *n;
	taliq_model_info info[3];
	struct bytes s = { NULL, 0 };

	(void)state;
	for (size_t i = 0; i < TQ_N(bad); i++)
		assert_int_equal(taliq_model_save_seed(m, bad[i][0],
		    bad[i][1], &s.p, &s.n), TALIQ_INVALID);
	assert_null(s.p);
	for (size_t i = 0; i < TQ_N(good); i++) {
		assert_int_equal(taliq_model_save_seed(m, good[i][0],
		    good[i][1], &s.p, &s.n), TALIQ_OK);
		assert_int_equal(taliq_model_new(&n), TALIQ_OK);
		assert_int_equal(taliq_model_set_seed(n, s.p, s.n), TALIQ_OK);
		taliq_model_about(n, &info[i]);
		taliq_model_free(n);
		free(s.p);
	}
	assert_int_not_equal(info[0].seed_id, info[1].seed_id);
	assert_int_not_equal(info[0].seed_id, info[2].seed_id);
	taliq_model_free(m);
}

/* --- damage --------------------------------------------------------------- */

static void
damage_is_refused(void **state)
{
	taliq_model *m = taught(true, 2), *n = NULL;
	struct bytes b = saved(m);
	size_t at;

	(void)state;
	for (size_t i = 0; i < b.n; i += i < 64 ? 1 : 97) {
		b.p[i] ^= 0x10;
		assert_int_equal(taliq_model_load(&n, b.p, b.n), i < 8 ?
		    TALIQ_FOREIGN : TALIQ_CORRUPT);
		b.p[i] ^= 0x10;
	}
	for (size_t i = 0; i < b.n; i += i < 64 ? 1 : 101)
		assert_int_equal(taliq_model_load(&n, b.p, i), i < 8 ?
		    TALIQ_FOREIGN : TALIQ_CORRUPT);
	assert_null(n);
	assert_int_equal(taliq_model_load(&n, (const uint8_t *)"PK\3\4....",
	    8), TALIQ_FOREIGN);
	assert_int_equal(taliq_model_set_seed(m, b.p, b.n), TALIQ_FOREIGN);
	/* One place twice: the second entry no farther than the first. */
	for (at = TQ_MODELFILE_HEAD; b.p[at] >= 128;)
		at++;
	at += 5;
	while (b.p[at] >= 128)
		b.p[at++] = 128;
	b.p[at] = 0;
	tq_modelfile_seal(b.p, b.n);
	assert_int_equal(taliq_model_load(&n, b.p, b.n), TALIQ_CORRUPT);
	b.p[8] = 99;
	tq_modelfile_seal(b.p, b.n);
	assert_int_equal(taliq_model_load(&n, b.p, b.n), TALIQ_VERSION);
	for (int s = TALIQ_OK; s <= TALIQ_FOREIGN + 1; s++)
		assert_true(strlen(taliq_status_text((taliq_status)s)) > 3);
	free(b.p);
	taliq_model_free(m);
}

/* --- memory --------------------------------------------------------------- */

static void
without_memory_nothing_changes(void **state)
{
	taliq_model *m = taught(true, 2), *n;
	taliq_input in = input(SPAM[0]);
	struct bytes before = saved(m), after, seed;
	taliq_verdict v;
	taliq_fingerprint f;
	taliq_recent *r;
	double p;

	(void)state;
	for (long k = 0; k < 8; k++) {
		taliq_status st[8];

		n = NULL;
		r = NULL;
		after.p = NULL;
#define TRY(i, call) (fail_after = k, st[i] = (call), fail_after = -1)
		TRY(0, taliq_learn(m, &in, TALIQ_HAM));
		assert_true(st[0] == (k < 3 ? TALIQ_NOMEM : TALIQ_OK));
		if (st[0] == TALIQ_OK)
			break;
		after = saved(m);
		assert_int_equal(before.n, after.n);
		assert_memory_equal(before.p, after.p, before.n);
		free(after.p);
		TRY(1, taliq_classify(m, &in, &v));
		TRY(2, taliq_explain(m, &in, &v));
		TRY(3, taliq_fingerprint_make((const uint8_t *)
		    "0123456789abcdef", in.body, &f));
		for (int i = 1; i <= 2; i++)
			assert_int_equal(st[i], TALIQ_NOMEM);
		assert_true(st[3] == (k == 0 ? TALIQ_NOMEM : TALIQ_OK));
	}
	for (long k = 0; k < 3; k++) {
		taliq_status st[4];

		TRY(0, taliq_model_new_seeded(&n));
		TRY(1, taliq_model_load(&n, before.p, before.n));
		TRY(2, taliq_model_copy(m, &n));
		TRY(3, taliq_recent_new(100, &r));
		for (int i = 0; i < 4; i++)
			assert_int_equal(st[i], TALIQ_NOMEM);
	}
	assert_int_equal(taliq_model_save_seed(m, 0, 4, &seed.p, &seed.n),
	    TALIQ_OK);
	p = p_of(m, SPAM[0]);
	fail_after = 0;
	assert_int_equal(taliq_model_save(m, &after.p, &after.n),
	    TALIQ_NOMEM);
	assert_int_equal(taliq_model_save_seed(m, 0, 4, &after.p, &after.n),
	    TALIQ_NOMEM);
	assert_int_equal(taliq_model_set_seed(m, seed.p, seed.n), TALIQ_NOMEM);
	fail_after = -1;
	assert_true(p_of(m, SPAM[0]) == p);
	free(seed.p);
	free(before.p);
	taliq_model_free(m);
}

/* --- looking after models ------------------------------------------------- */

static void
models_merge_compare_and_prune(void **state)
{
	taliq_model *a = taught(false, 0), *b = taught(false, 0);
	taliq_model *seeded = taught(true, 1);
	taliq_model_diff d;
	taliq_model_info info;
	double before;

	(void)state;
	for (int i = 0; i < 5; i++) {
		learn(a, SPAM[0], TALIQ_SPAM);
		learn(a, HAM[0], TALIQ_HAM);
		learn(b, SPAM[1], TALIQ_SPAM);
		learn(b, HAM[1], TALIQ_HAM);
	}
	before = p_of(a, SPAM[1]);
	taliq_model_compare(a, a, &d);
	assert_true(d.only_a == 0 && d.only_b == 0 && d.max_change == 0);
	taliq_model_compare(a, b, &d);
	assert_true(d.only_a > 0 && d.only_b > 0 && d.mean_change > 0);
	assert_int_equal(taliq_model_merge(a, seeded), TALIQ_INVALID);
	assert_true(p_of(a, SPAM[1]) == before);
	taliq_model_free(seeded);
	assert_int_equal(taliq_model_merge(a, b), TALIQ_OK);
	assert_true(p_of(a, SPAM[1]) > before && p_of(a, SPAM[0]) > 0.5);
	assert_true(p_of(a, HAM[0]) < 0.5 && p_of(a, HAM[1]) < 0.5);
	taliq_model_about(a, &info);
	assert_int_equal(info.n_spam, 10);
	assert_int_equal(info.n_ham, 10);
	assert_int_equal(taliq_model_prune(a, 0), 0);
	assert_true(taliq_model_prune(a, 0.02) > 0);
	assert_int_equal(taliq_model_prune(a, 100) > 0, true);
	taliq_model_about(a, &info);
	assert_int_equal(info.used, 0);
	taliq_model_free(a);
	taliq_model_free(b);
}

/* --- numbers -------------------------------------------------------------- */

static void
packed_sums_keep_their_order(void **state)
{
	float last = 0;

	(void)state;
	assert_true(tq_learner_unpack(0) <= 0);
	for (unsigned g = 1; g < 65536; g++) {
		float f = tq_learner_unpack((uint16_t)g);

		assert_true(f > last);
		assert_int_equal(tq_learner_pack(f), g);
		last = f;
	}
}

static void
sigmoid_is_right(void **state)
{
	(void)state;
	for (double x = -35; x <= 35; x += 0.01)
		assert_true(fabs(tq_sigmoid(x) - 1 / (1 + exp(-x))) < 1e-15);
	assert_true(tq_sigmoid(1e9) <= 1 && tq_sigmoid(-1e9) >= 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(learning_moves_the_verdict),
		cmocka_unit_test(same_steps_same_bytes),
		cmocka_unit_test(a_file_keeps_everything),
		cmocka_unit_test(another_size_is_refused_unread),
		cmocka_unit_test(a_sure_verdict_is_hard_to_turn),
		cmocka_unit_test(an_unknown_language_is_not_condemned),
		cmocka_unit_test(spam_alone_condemns_nobody),
		cmocka_unit_test(the_shipped_seed_knows_spam),
		cmocka_unit_test(an_own_seed_takes_its_place),
		cmocka_unit_test(a_seed_is_known_by_all_of_it),
		cmocka_unit_test(damage_is_refused),
		cmocka_unit_test(without_memory_nothing_changes),
		cmocka_unit_test(models_merge_compare_and_prune),
		cmocka_unit_test(packed_sums_keep_their_order),
		cmocka_unit_test(sigmoid_is_right),
	};

	return cmocka_run_group_tests_name("filter/model", tests, NULL, NULL);
}
