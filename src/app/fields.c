/* The form's fields: see fields.h.  A fault is a kind and a number; its words
 * are the page's business, in the page's language. */
#include "app/fields.h"

#include "text/url.h"
#include "text/utf8.h"

static const char *const field_names[TQ_FIELD_IDS] = {
	[TQ_FIELD_NAME] = "name", [TQ_FIELD_EMAIL] = "email",
	[TQ_FIELD_URL] = "url", [TQ_FIELD_TEXT] = "text",
	[TQ_FIELD_TOKEN] = "token", [TQ_FIELD_PARENT] = "parent",
	[TQ_FIELD_PAGE] = "page", [TQ_FIELD_SITE] = "site",
};

static const char *const fault_names[] = {
	[TQ_FAULT_REQUIRED] = "required", [TQ_FAULT_TOO_LONG] = "too_long",
	[TQ_FAULT_BAD_EMAIL] = "bad_email", [TQ_FAULT_BAD_URL] = "bad_url",
	[TQ_FAULT_TOKEN] = "token_expired", [TQ_FAULT_TOO_FAST] = "too_fast",
	[TQ_FAULT_TOO_MANY] = "too_many", [TQ_FAULT_CLOSED] = "closed",
	[TQ_FAULT_NO_PARENT] = "no_parent", [TQ_FAULT_NO_PAGE] = "no_page",
	[TQ_FAULT_NO_SITE] = "no_site",
};

const char *
tq_field_name(enum tq_field_id f)
{
	return field_names[f];
}

const char *
tq_fault_name(enum tq_fault_id f)
{
	return fault_names[f];
}

const struct tq_fault *
tq_fault_of(const struct tq_faults *f, enum tq_field_id field)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->at[i].field == field)
			return &f->at[i];
	return NULL;
}

void
tq_fault_add(struct tq_faults *f, enum tq_field_id field, enum tq_fault_id id,
    int64_t n)
{
	if (tq_fault_of(f, field) == NULL)
		f->at[f->n++] = (struct tq_fault){ field, id, n };
}

static bool
local_part_fine(tq_str s)
{
	static const char specials[] = "()<>[]:;\\,\"";

	if (s.n == 0 || s.n > 64 || s.p[0] == '.' || s.p[s.n - 1] == '.' ||
	    tq_str_find(s, TQ_S("..")) < s.n)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= ' ' || c == 0x7f || c == '@')
			return false;
		for (const char *p = specials; *p != '\0'; p++)
			if (s.p[i] == *p)
				return false;
	}
	return true;
}

static bool
host_label_fine(tq_str s)
{
	if (s.n == 0 || s.n > 63 || s.p[0] == '-' || s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (!(c >= 0x80 || c == '-' || (c >= '0' && c <= '9') ||
		    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
			return false;
	}
	return true;
}

bool
tq_email_plausible(tq_str s)
{
	tq_str local, rest = tq_str_cut(s, '@', &local), label;
	size_t labels = 0;

	if (s.n > TQ_EMAIL_MAX || rest.n == 0 || !tq_utf8_valid(s) ||
	    !local_part_fine(local) || rest.p[rest.n - 1] == '.')
		return false;
	while (rest.n > 0) {
		rest = tq_str_cut(rest, '.', &label);
		if (!host_label_fine(label))
			return false;
		labels++;
	}
	return labels >= 2;
}

static void
check_length(struct tq_faults *faults, enum tq_field_id field, tq_str s,
    size_t max)
{
	size_t n = tq_utf8_count(s);

	if (n > max)
		tq_fault_add(faults, field, TQ_FAULT_TOO_LONG,
		    (int64_t)(n - max));
}

static void
check_contacts(const struct tq_fields_raw *raw,
    const struct tq_site_settings *set, struct tq_arena *a,
    struct tq_fields *out, struct tq_faults *faults)
{
	tq_str url = tq_str_trim(raw->url);

	out->email = tq_text_clean_line(a, tq_utf8_repair(a, raw->email));
	if (out->email.n == 0 && set->email_required)
		tq_fault_add(faults, TQ_FIELD_EMAIL, TQ_FAULT_REQUIRED, 0);
	else if (out->email.n > 0 && !tq_email_plausible(out->email))
		tq_fault_add(faults, TQ_FIELD_EMAIL, TQ_FAULT_BAD_EMAIL, 0);
	out->url = (tq_url){ { NULL, 0 } };
	if (url.n > 0 && !tq_url_web(a, tq_utf8_repair(a, url), &out->url))
		tq_fault_add(faults, TQ_FIELD_URL, TQ_FAULT_BAD_URL, 0);
}

enum tq_code
tq_fields_check(const struct tq_fields_raw *raw,
    const struct tq_site_settings *set, struct tq_arena *a,
    struct tq_fields *out, struct tq_faults *faults, struct tq_err *e)
{
	enum tq_code code;

	out->name = tq_text_clean_line(a, tq_utf8_repair(a, raw->name));
	if (out->name.n == 0 && set->name_required)
		tq_fault_add(faults, TQ_FIELD_NAME, TQ_FAULT_REQUIRED, 0);
	check_length(faults, TQ_FIELD_NAME, out->name, TQ_NAME_MAX);
	check_contacts(raw, set, a, out, faults);
	out->text = tq_text_clean_body(a, tq_utf8_repair(a, raw->text));
	check_length(faults, TQ_FIELD_TEXT, out->text,
	    (size_t)set->text_max);
	if (tq_fault_of(faults, TQ_FIELD_TEXT) == NULL) {
		code = tq_markup_facts(a, out->text, &out->facts, e);
		if (code != TQ_OK)
			return code;
		if (out->facts.blank)
			tq_fault_add(faults, TQ_FIELD_TEXT, TQ_FAULT_REQUIRED,
			    0);
	}
	if (a->failed)
		return tq_fail(e, TQ_ELIMIT, "no memory for a submission");
	return TQ_OK;
}
