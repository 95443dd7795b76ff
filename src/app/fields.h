/* fields.h - what a reader typed into the form, each field cleaned and checked
 * once.  Pure but for the arena; any thread. */
#ifndef TQ_APP_FIELDS_H
#define TQ_APP_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/settings.h"
#include "base/arena.h"
#include "base/str.h"
#include "text/escape.h"
#include "text/markup.h"

#define TQ_NAME_MAX 80		/* code points */
#define TQ_EMAIL_MAX 254	/* bytes, RFC 5321 4.5.3.1 less the brackets */

enum tq_field_id {
	TQ_FIELD_NAME, TQ_FIELD_EMAIL, TQ_FIELD_URL, TQ_FIELD_TEXT,
	TQ_FIELD_TOKEN, TQ_FIELD_PARENT, TQ_FIELD_PAGE, TQ_FIELD_SITE
};
#define TQ_FIELD_IDS 8
/* "name", "email"...; as in the form and the API; static. */
const char *tq_field_name(enum tq_field_id f);

enum tq_fault_id {
	TQ_FAULT_REQUIRED,
	TQ_FAULT_TOO_LONG,		/* n: characters too many */
	TQ_FAULT_BAD_EMAIL,
	TQ_FAULT_BAD_URL,
	TQ_FAULT_TOKEN,			/* expired or used: press once more */
	TQ_FAULT_TOO_FAST,		/* the form was sent at once */
	TQ_FAULT_TOO_MANY,		/* n: seconds to wait */
	TQ_FAULT_CLOSED,
	TQ_FAULT_NO_PARENT,		/* the comment answered is gone */
	TQ_FAULT_NO_PAGE,
	TQ_FAULT_NO_SITE
};
/* "required", "too_long"...; for the API; static. */
const char *tq_fault_name(enum tq_fault_id f);

struct tq_fault { enum tq_field_id field; enum tq_fault_id id; int64_t n; };
struct tq_faults { struct tq_fault at[TQ_FIELD_IDS]; size_t n; };
/* Adds unless the field has one already. */
void tq_fault_add(struct tq_faults *f, enum tq_field_id field,
    enum tq_fault_id id, int64_t n);
const struct tq_fault *tq_fault_of(const struct tq_faults *f,
    enum tq_field_id field);		/* NULL: none */

struct tq_fields_raw { tq_str name, email, url, text; };	/* as sent */

struct tq_fields {
	tq_str name, email, text;	/* cleaned */
	tq_url url;			/* empty: none */
	struct tq_markup_facts facts;	/* of the text */
};

/* Cleans and checks; what is wrong is added to faults.  Slices in a.  TQ_ELIMIT
 * only when a is full. */
enum tq_code tq_fields_check(const struct tq_fields_raw *raw,
    const struct tq_site_settings *set, struct tq_arena *a,
    struct tq_fields *out, struct tq_faults *faults, struct tq_err *e);
/* One address as RFC 5321 4.1.2 writes it without quoting: dot-atom or UTF-8
 * (RFC 6531) before the one @, a host name with a dot after it. */
bool tq_email_plausible(tq_str s);

#endif
