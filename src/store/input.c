/* Refusals that all stores share: see input.h. */
#include "store/input.h"

enum tq_code
tq_input_site(tq_str name, struct tq_err *e)
{
	bool good = name.n > 0 && name.n <= 64;

	for (size_t i = 0; i < name.n && good; i++)
		good = (name.p[i] >= 'a' && name.p[i] <= 'z') ||
		    (name.p[i] >= '0' && name.p[i] <= '9') ||
		    name.p[i] == '-';
	if (!good)
		return tq_fail(e, TQ_EINVALID, "a site's name is 1 to 64 of "
		    "a-z, 0-9 and -");
	return TQ_OK;
}

enum tq_code
tq_input_path(tq_str path, struct tq_err *e)
{
	if (!tq_str_starts(path, TQ_S("/")))
		return tq_fail(e, TQ_EINVALID, "a page's path begins with /");
	return TQ_OK;
}

static bool
known(enum tq_state s)
{
	return (unsigned)s < TQ_STATES;
}

enum tq_code
tq_input_spam(double spam, struct tq_err *e)
{
	bool none = spam <= -1 && spam >= -1;

	if (!none && !(spam >= 0 && spam <= 1))
		return tq_fail(e, TQ_EINVALID, "spam is 0 to 1, or -1");
	return TQ_OK;
}

enum tq_code
tq_input_comment(const struct tq_comment *c, struct tq_err *e)
{
	if (!known(c->state) || c->state == TQ_DELETED)
		return tq_fail(e, TQ_EINVALID,
		    "a new comment is published, held or spam");
	if (c->parent_id < 0 || c->created_us < 0 || c->edited_us < 0)
		return tq_fail(e, TQ_EINVALID, "parent and times are not "
		    "negative");
	return tq_input_spam(c->spam, e);
}

enum tq_code
tq_input_states(enum tq_state from, enum tq_state to, struct tq_err *e)
{
	if (!known(from) || !known(to))
		return tq_fail(e, TQ_EINVALID, "no such state");
	if (from == TQ_DELETED)
		return tq_fail(e, TQ_EINVALID, "deleted is final");
	return TQ_OK;
}

enum tq_code
tq_input_feedback(const struct tq_feedback *f, struct tq_err *e)
{
	if (!known(f->from) || !known(f->to))
		return tq_fail(e, TQ_EINVALID, "no such state");
	return TQ_OK;
}

enum tq_code
tq_input_api_key(const struct tq_api_key *k, struct tq_err *e)
{
	if (k->created_us < 0 || k->revoked_us < 0 || k->old_until_us < 0)
		return tq_fail(e, TQ_EINVALID, "a key's times are not "
		    "negative");
	if (k->per_minute < 0 || k->per_month < 0 || k->lessons_per_hour < 0)
		return tq_fail(e, TQ_EINVALID, "a key's limits are not "
		    "negative");
	if (k->hint.n > 16)
		return tq_fail(e, TQ_EINVALID, "a key's hint is at most 16 "
		    "bytes");
	return TQ_OK;
}

enum tq_code
tq_input_use(const struct tq_use_row *r, struct tq_err *e)
{
	const int64_t month = r->day / 100 % 100, day = r->day % 100;

	if (r->day < 10101 || r->day > 99991231 || month < 1 || month > 12 ||
	    day < 1 || day > 31)
		return tq_fail(e, TQ_EINVALID, "%lld is no day",
		    (long long)r->day);
	if (r->site.n > TQ_USE_SITE_MAX)
		return tq_fail(e, TQ_EINVALID, "a site of %zu bytes, at most "
		    "%d", r->site.n, TQ_USE_SITE_MAX);
	for (size_t i = 0; i < TQ_USES; i++)
		if (r->n[i] < 0)
			return tq_fail(e, TQ_EINVALID, "a count below 0");
	return TQ_OK;
}

bool
tq_owner_none(const uint8_t *owner)
{
	uint8_t all = 0;

	for (size_t i = 0; i < TQ_OWNER_BYTES; i++)
		all |= owner[i];
	return all == 0;
}
