/* The form that comes back: what was typed, and a sentence at each fault. */
#include "web/thread_view.h"

static const enum tq_msg fault_texts[] = {
	[TQ_FAULT_REQUIRED] = TQ_MSG_PLEASE_FILL_IN_THIS_FIELD,
	[TQ_FAULT_TOO_LONG] = TQ_MSG_TOO_LONG_BY_N_CHARACTER,
	[TQ_FAULT_BAD_EMAIL] = TQ_MSG_PLEASE_ENTER_A_VALID_E_MAIL_ADDRESS,
	[TQ_FAULT_BAD_URL] =
	    TQ_MSG_PLEASE_ENTER_A_WEB_ADDRESS_SUCH_AS_HTTPS_EXAMPLE,
	[TQ_FAULT_TOKEN] = TQ_MSG_THIS_FORM_HAS_EXPIRED_PLEASE_PRESS_THE_BUTTON,
	[TQ_FAULT_TOO_FAST] =
	    TQ_MSG_THAT_WAS_VERY_QUICK_PLEASE_PRESS_THE_BUTTON_ONCE,
	[TQ_FAULT_TOO_MANY] =
	    TQ_MSG_TOO_MANY_COMMENTS_IN_A_SHORT_TIME_PLEASE_TRY,
	[TQ_FAULT_CLOSED] = TQ_MSG_COMMENTS_ARE_CLOSED,
	[TQ_FAULT_NO_PARENT] = TQ_MSG_THE_COMMENT_THAT_YOU_ARE_REPLYING_TO_IS_NO,
	[TQ_FAULT_NO_PAGE] = TQ_MSG_THERE_IS_NOTHING_AT_THIS_ADDRESS_IT_MAY_HAVE,
	[TQ_FAULT_NO_SITE] = TQ_MSG_THERE_IS_NOTHING_AT_THIS_ADDRESS_IT_MAY_HAVE,
};

tq_str
tq_fault_text(struct tq_visit *v, const struct tq_fault *f)
{
	/* Waiting times are stored in seconds and told in minutes. */
	int64_t n = f->id == TQ_FAULT_TOO_MANY ? (f->n + 59) / 60 : f->n;
	const struct tq_msg_arg arg = {
		.name = "n", .kind = TQ_ARG_INT, .number = n,
	};
	struct tq_buf b;

	tq_buf_init(&b, &v->x->arena, 128);
	tq_msg_plain(&b, &v->site->locale, fault_texts[f->id], n, &arg, 1);
	return tq_buf_str(&b);
}

void
tq_form_fill(struct tq_visit *v, struct tq_view_form *form,
    const struct tq_fields_raw *raw, const struct tq_faults *faults)
{
	form->name = raw->name;
	form->email = raw->email;
	form->url = raw->url;
	form->text = raw->text;
	for (size_t i = 0; i < faults->n; i++) {
		const struct tq_fault *f = &faults->at[i];
		tq_str text = tq_fault_text(v, f);

		/* Limits concern the whole form, not the words in a field. */
		if (f->field == TQ_FIELD_NAME)
			form->name_error = text;
		else if (f->field == TQ_FIELD_EMAIL)
			form->email_error = text;
		else if (f->field == TQ_FIELD_URL)
			form->url_error = text;
		else if (f->field == TQ_FIELD_TEXT &&
		    f->id != TQ_FAULT_TOO_MANY)
			form->text_error = text;
		else
			form->error = text;
		form->errors++;
	}
}
