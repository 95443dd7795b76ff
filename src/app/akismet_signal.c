/* The table of signals.  There are no public comments with these fields to
 * learn weights (log-odds) from, but what a weight costs when it is wrong is
 * measured (bench/akismet/discard.py on the four sets of good comments alone,
 * 34,482): under the shipped seed without feedback 0.7 sends 0.2 % of them to
 * the spam folder, 1.0 0.4 %, 1.5 1.8 %, 2.0 8.7 %.  So what honest readers do, too,
 * weighs at most 0.7, and what hardly any of them does 1.5.  Signals never count
 * towards discarding: akismet.c. */
#include "app/akismet_signal.h"

#include "base/clock.h"
#include "text/url.h"

#define FAST_US (3 * TQ_SECOND_US)
#define DAY_US (INT64_C(86400) * TQ_SECOND_US)

static bool
sent(const struct tq_ak_form *f, enum tq_ak_field field)
{
	return f->at[field].p != NULL;
}

/* Machines speak for people here: webmentions, answers from the fediverse,
 * imports.  What holds of a form in a browser does not hold of them. */
static bool
by_machine(const struct tq_ak_form *f)
{
	static const tq_str types[] = {
		TQ_S_INIT("pingback"), TQ_S_INIT("trackback"),
		TQ_S_INIT("webmention"), TQ_S_INIT("mention"),
		TQ_S_INIT("like"), TQ_S_INIT("repost"),
		TQ_S_INIT("activitypub"),
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (tq_str_eq_nocase(tq_ak_type(f), types[i]))
			return true;
	return false;
}

static bool
is_trapped(const struct tq_ak_form *f, int64_t now_us)
{
	(void)now_us;
	return f->trapped;
}

static bool
is_textarea_filled(const struct tq_ak_form *f, int64_t now_us)
{
	(void)now_us;
	return tq_str_trim(f->at[TQ_AK_TEXTAREA]).n > 0;
}

static bool
nonce_failed(const struct tq_ak_form *f, int64_t now_us)
{
	(void)now_us;
	return tq_str_eq(f->at[TQ_AK_NONCE], TQ_S("failed"));
}

/* Microseconds since the script in the form ran; below 0: it says nothing. */
static int64_t
form_age_us(const struct tq_ak_form *f, int64_t now_us)
{
	int64_t ms;

	if (!tq_str_i64(f->at[TQ_AK_JS], &ms) || ms < INT64_C(1000000000000) ||
	    ms > now_us / 1000)
		return -1;
	return now_us - ms * 1000;
}

static bool
is_fast(const struct tq_ak_form *f, int64_t now_us)
{
	int64_t age = form_age_us(f, now_us);

	return age >= 0 && age < FAST_US;
}

/* The field has the number that the page came with, not a time. */
static bool
ran_no_script(const struct tq_ak_form *f, int64_t now_us)
{
	int64_t ms;

	(void)now_us;
	return tq_str_i64(f->at[TQ_AK_JS], &ms) && ms < 1000000;
}

/* Every browser for people begins so since the 1990s. */
static bool
is_no_browser(const struct tq_ak_form *f, int64_t now_us)
{
	tq_str agent = tq_str_trim(f->at[TQ_AK_AGENT]);

	(void)now_us;
	return agent.n > 0 && !by_machine(f) &&
	    !tq_str_starts(agent, TQ_S("Mozilla/")) &&
	    !tq_str_starts(agent, TQ_S("Opera/"));
}

static bool
has_no_agent(const struct tq_ak_form *f, int64_t now_us)
{
	(void)now_us;
	return sent(f, TQ_AK_AGENT) && !by_machine(f) &&
	    tq_str_trim(f->at[TQ_AK_AGENT]).n == 0;
}

static tq_str
host_of(tq_str url)
{
	struct tq_url_parts p;

	if (!tq_url_split(tq_str_trim(url), &p))
		return (tq_str){ NULL, 0 };
	if (tq_str_eq_nocase(tq_str_sub(p.host, 0, 4), TQ_S("www.")))
		return tq_str_sub(p.host, 4, p.host.n);
	return p.host;
}

/* The form was sent from a page of another site. */
static bool
came_from_elsewhere(const struct tq_ak_form *f, int64_t now_us)
{
	tq_str from = f->at[TQ_AK_REFERRER], blog, page;

	(void)now_us;
	/* Nearly always it is the page itself: no need to look closer. */
	if (from.n == 0 || tq_str_eq(from, f->at[TQ_AK_PERMALINK]) ||
	    by_machine(f))
		return false;
	from = host_of(from);
	blog = host_of(f->at[TQ_AK_BLOG]);
	page = host_of(f->at[TQ_AK_PERMALINK]);
	return from.n > 0 && blog.n > 0 && !tq_str_eq_nocase(from, blog) &&
	    !tq_str_eq_nocase(from, page);
}

static bool
is_trackback(const struct tq_ak_form *f, int64_t now_us)
{
	(void)now_us;
	return tq_str_eq_nocase(tq_ak_type(f), TQ_S("trackback"));
}

static bool
is_multicall(const struct tq_ak_form *f, int64_t now_us)
{
	int64_t n;

	(void)now_us;
	return tq_ak_yes(f->at[TQ_AK_MULTICALL]) &&
	    tq_str_i64(f->at[TQ_AK_MULTICALL_COUNT], &n) && n >= 3;
}

static bool
is_staff(const struct tq_ak_form *f, int64_t now_us)
{
	(void)now_us;
	return tq_ak_has_role(f, TQ_S("editor")) || tq_ak_has_role(f, TQ_S("author")) ||
	    tq_ak_has_role(f, TQ_S("contributor"));
}

static const struct {
	const char *name;
	double weight;
	bool (*seen)(const struct tq_ak_form *f, int64_t now_us);
} rows[] = {
	/* A field that people do not see.  Decides, whatever the text says: 20
	 * is more than any text weighs. */
	{ "honeypot", 20, is_trapped },
	/* The same, but some password managers and translators fill what they
	 * find: it condemns all but a comment known as good. */
	{ "hidden textarea", 5, is_textarea_filled },
	/* Also the reader of a page that lay in a cache or a tab for a day. */
	{ "form not from here", 0.7, nonce_failed },
	/* Nobody reads, types and sends in three seconds; but a browser may
	 * run the script late. */
	{ "sent at once", 1.5, is_fast },
	/* One reader in some hundred has no script; most robots have none. */
	{ "no script", 0.7, ran_no_script },
	/* An honest program should call itself a webmention (by_machine). */
	{ "not a browser", 1.5, is_no_browser },
	{ "no agent", 0.7, has_no_agent },
	/* A browser tells its own site, or nothing. */
	{ "from another page", 0.7, came_from_elsewhere },
	/* Nothing checks a trackback, unlike a pingback: advertising has all
	 * but taken them over. */
	{ "trackback", 1, is_trackback },
	/* Many calls in one request: how weblogs are attacked by pingback. */
	{ "many at once", 1, is_multicall },
	/* They could publish anyhow; an account may be stolen. */
	{ "staff", -2, is_staff },
};
_Static_assert(sizeof(rows) / sizeof(*rows) < TALIQ_SIGNALS_MAX,
    "more signals than the filter takes, with one for a text alike");

size_t
tq_ak_signals(const struct tq_ak_form *f, int64_t now_us,
    taliq_signal out[TALIQ_SIGNALS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].seen(f, now_us))
			out[n++] = (taliq_signal){ rows[i].name,
			    rows[i].weight };
	return n;
}

double
tq_ak_signals_sum(const taliq_signal *s, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += s[i].weight;
	return sum;
}
