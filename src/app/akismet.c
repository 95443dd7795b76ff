/* Judging, in the order of the protocol: values that are for tests, the
 * administrator, then evidence.  Whether a comment may be thrown away is asked
 * of its text alone, where it is measured what that costs (docs/akismet.md). */
#include "app/akismet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/akismet_signal.h"
#include "app/akismet_state.h"
#include "app/api_keys.h"
#include "app/app.h"
#include "app/judge.h"
#include "app/key_use.h"
#include "app/lesson_marks.h"
#include "app/sites.h"

/* Log-odds of a comment of which nothing is known, and where the site does
 * without the filter: only evidence can make it spam. */
#define NOTHING_KNOWN (-3.0)

struct tq_akismet {
	struct tq_ak_memory *memory;
	struct tq_lesson_marks *marks;
};

enum tq_code
tq_akismet_new(struct tq_akismet **out, struct tq_err *e)
{
	struct tq_akismet *k = calloc(1, sizeof(*k));
	enum tq_code code;

	if (k == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for clients");
	code = tq_ak_memory_new(TQ_AK_MEMORY_COUNT, TQ_AK_MEMORY_BYTES,
	    &k->memory, e);
	if (code == TQ_OK)
		code = tq_lesson_marks_new(&k->marks, e);
	if (code != TQ_OK) {
		tq_akismet_free(k);
		return code;
	}
	*out = k;
	return TQ_OK;
}

void
tq_akismet_free(struct tq_akismet *k)
{
	if (k == NULL)
		return;
	tq_lesson_marks_free(k->marks);
	tq_ak_memory_free(k->memory);
	free(k);
}

struct tq_ak_memory *
tq_akismet_memory(struct tq_akismet *k)
{
	return k->memory;
}

struct tq_lesson_marks *
tq_akismet_marks(struct tq_akismet *k)
{
	return k->marks;
}

void
tq_akismet_forget(struct tq_akismet *k, int64_t now_mono_us)
{
	tq_ak_memory_forget(k->memory, now_mono_us);
}

static bool
is_for_tests(const struct tq_ak_form *f)
{
	const tq_str name = f->at[TQ_AK_NAME], email = f->at[TQ_AK_EMAIL];

	return tq_str_eq(name, TQ_S("viagra-test-123")) ||
	    tq_str_eq(name, TQ_S("akismet-guaranteed-spam")) ||
	    tq_str_eq(email, TQ_S("akismet-guaranteed-spam@example.com"));
}

/* What the protocol decides by itself; false: it is for the filter. */
static bool
is_decided(const struct tq_ak_form *f, struct tq_ak_verdict *v)
{
	v->spam = 1;
	if (tq_ak_yes(f->at[TQ_AK_TEST]) &&
	    tq_ak_yes(f->at[TQ_AK_TEST_DISCARD])) {
		v->said = TQ_AK_DISCARD;
		v->why = "test of discarding";
	} else if (is_for_tests(f)) {
		v->said = TQ_AK_SPAM;
		v->why = "value for tests";
	} else if (tq_ak_has_role(f, TQ_S("administrator")) ||
	    tq_ak_has_role(f, TQ_S("super_admin"))) {
		v->said = TQ_AK_HAM;
		v->spam = 0;
		v->why = "administrator";
	} else {
		return false;
	}
	return true;
}

tq_str
tq_ak_site(struct tq_arena *a, tq_str blog)
{
	char site[TQ_USE_SITE_MAX];
	size_t n = tq_key_use_site(blog, site);

	return tq_arena_str(a, (tq_str){ site, n });
}

/* "fr_ca, en": the first, as BCP 47 has it. */
static tq_str
lang_of(struct tq_arena *a, tq_str langs, tq_str otherwise)
{
	tq_str first;
	char *p;

	(void)tq_str_cut(langs, ',', &first);
	first = tq_str_trim(first);
	if (first.n == 0 || first.n > 35)
		return otherwise;
	p = tq_arena_alloc(a, first.n, 1);
	for (size_t i = 0; p != NULL && i < first.n; i++)
		p[i] = first.p[i] == '_' ? '-' : first.p[i];
	return (tq_str){ p, p != NULL ? first.n : 0 };
}

/* What kind of host it is tells much, who it is nothing more. */
static tq_str
domain_of(tq_str email)
{
	size_t at = tq_str_find(email, TQ_S("@"));

	return tq_str_sub(email, at, email.n);
}

static int64_t
time_of(tq_str s)
{
	int64_t us;

	return tq_date_parse(tq_str_trim(s), 0, &us) ? us : 0;
}

static double
chance(double logit)
{
	return 1 / (1 + exp(-logit));
}

/* The text's part, without those alike, and all of it; false: the filter could
 * not tell. */
static bool
weigh(struct tq_app *app, const struct tq_ak_client *who,
    const struct tq_ak_form *f, struct tq_ak_verdict *v, double *text)
{
	const struct tq_judge_ask ask = {
		.site_id = who->site->id, .lang = v->lang, .name = v->name,
		.url = v->url, .text = v->text, .agent = f->at[TQ_AK_AGENT],
		.email = domain_of(f->at[TQ_AK_EMAIL]),
		.at_us = time_of(f->at[TQ_AK_WRITTEN]),
		.page_us = time_of(f->at[TQ_AK_PAGE_TIME]),
		.sure_from = (double)who->site->set.akismet_spam_from / 1000,
	};
	double logit = NOTHING_KNOWN, near;
	taliq_verdict said;

	*text = 0;
	if (who->site->set.filter && v->name.n + v->url.n + v->text.n > 0) {
		if (!tq_judge_verdict(app->judge, &ask, false, &said, &near))
			return false;
		logit = said.logit;
		*text = near > 0 ? chance(said.logit - near) : said.p_spam;
	}
	v->spam = chance(logit + tq_ak_signals_sum(v->signals, v->n_signals));
	return true;
}

static enum tq_ak_said
say(const struct tq_site_settings *set, double spam, double text)
{
	int64_t discard = set->akismet_discard_from;

	if (spam * 1000 < (double)set->akismet_spam_from)
		return TQ_AK_HAM;
	return discard < 1000 && text * 1000 >= (double)discard ?
	    TQ_AK_DISCARD : TQ_AK_SPAM;
}

enum tq_code
tq_akismet_check(struct tq_app *app, const struct tq_ak_client *who,
    const struct tq_ak_form *f, struct tq_arena *a, struct tq_ak_answer *out,
    struct tq_err *e)
{
	int64_t now_us = tq_wall_us(&app->clock);
	struct tq_ak_verdict v = {
		.key_id = who->key->id, .site_id = who->site->id,
		.at_us = tq_mono_us(&app->clock), .taught = TALIQ_UNSURE,
		.name = f->at[TQ_AK_NAME], .url = f->at[TQ_AK_URL],
		.text = f->at[TQ_AK_TEXT],
		.lang = lang_of(a, f->at[TQ_AK_LANG],
		    who->site->set.language),
		.site = tq_ak_site(a, f->at[TQ_AK_BLOG]),
	};
	double text;

	v.n_signals = tq_ak_signals(f, now_us, v.signals);
	if (!is_decided(f, &v)) {
		if (!weigh(app, who, f, &v, &text) || a->failed)
			return tq_fail(e, TQ_ELIMIT, "the filter cannot tell");
		v.said = say(&who->site->set, v.spam, text);
	}
	tq_random(v.guid, sizeof(v.guid));
	memcpy(out->guid, v.guid, sizeof(out->guid));
	out->said = v.said;
	if (tq_ak_yes(f->at[TQ_AK_TEST]))
		return TQ_OK;
	if (who->key->webhook && f->at[TQ_AK_CALLBACK].n > 0) {
		v.callback = f->at[TQ_AK_CALLBACK];
		v.key_text = who->key_text;
	}
	tq_ak_memory_add(tq_akismet_memory(app->akismet), &v);
	tq_key_use_count(app->key_use, v.key_id, v.site, v.said == TQ_AK_HAM ?
	    TQ_USE_HAM : TQ_USE_SPAM, now_us);
	return TQ_OK;
}
