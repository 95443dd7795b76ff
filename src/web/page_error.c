/* Errors as pages in the reader's language, and as problem documents. */
#include "base/log.h"
#include "text/url.h"
#include "web/reply.h"
#include "web/thread_view.h"
#include "web/tpl_gen.h"

struct error_row {
	int status;
	enum tq_msg title, message;
	const char *reason;		/* RFC 9110 15, for RFC 9457 titles */
};

static const struct error_row errors[] = {
	{ 400, TQ_MSG_ERROR_TITLE_BAD_REQUEST,
	    TQ_MSG_THE_BROWSER_SENT_SOMETHING_THAT_THIS_SITE_DOES,
	    "Bad Request" },
	{ 403, TQ_MSG_ERROR_TITLE_NOT_ALLOWED,
	    TQ_MSG_YOU_MAY_NOT_SEE_THIS_PAGE_OR_DO_THIS, "Forbidden" },
	{ 404, TQ_MSG_ERROR_TITLE_PAGE_NOT_FOUND,
	    TQ_MSG_THERE_IS_NOTHING_AT_THIS_ADDRESS_IT_MAY_HAVE,
	    "Not Found" },
	{ 405, TQ_MSG_ERROR_TITLE_METHOD_NOT_ALLOWED,
	    TQ_MSG_THIS_ADDRESS_CANNOT_BE_USED_IN_THIS_WAY,
	    "Method Not Allowed" },
	{ 409, TQ_MSG_ERROR_TITLE_NOT_ALLOWED,
	    TQ_MSG_THIS_COMMENT_CAN_NO_LONGER_BE_CHANGED, "Conflict" },
	{ 413, TQ_MSG_ERROR_TITLE_TOO_MUCH_DATA,
	    TQ_MSG_WHAT_WAS_SENT_IS_LARGER_THAN_THIS_SITE_ACCEPTS,
	    "Content Too Large" },
	{ 414, TQ_MSG_ERROR_TITLE_TOO_MUCH_DATA,
	    TQ_MSG_WHAT_WAS_SENT_IS_LARGER_THAN_THIS_SITE_ACCEPTS,
	    "URI Too Long" },
	{ 415, TQ_MSG_ERROR_TITLE_BAD_REQUEST,
	    TQ_MSG_THE_BROWSER_SENT_SOMETHING_THAT_THIS_SITE_DOES,
	    "Unsupported Media Type" },
	{ 422, TQ_MSG_ERROR_TITLE_BAD_REQUEST,
	    TQ_MSG_THE_BROWSER_SENT_SOMETHING_THAT_THIS_SITE_DOES,
	    "Unprocessable Content" },
	{ 429, TQ_MSG_ERROR_TITLE_TOO_MANY_REQUESTS,
	    TQ_MSG_TOO_MUCH_CAME_FROM_YOUR_NETWORK_IN_A_SHORT_TIME,
	    "Too Many Requests" },
	{ 431, TQ_MSG_ERROR_TITLE_TOO_MUCH_DATA,
	    TQ_MSG_WHAT_WAS_SENT_IS_LARGER_THAN_THIS_SITE_ACCEPTS,
	    "Request Header Fields Too Large" },
	{ 500, TQ_MSG_ERROR_TITLE_SOMETHING_WENT_WRONG,
	    TQ_MSG_THE_FAULT_IS_ON_OUR_SIDE_PLEASE_TRY_AGAIN_LATER,
	    "Internal Server Error" },
	{ 503, TQ_MSG_ERROR_TITLE_BACK_IN_A_MOMENT,
	    TQ_MSG_THE_SITE_IS_BUSY_JUST_NOW_PLEASE_TRY_AGAIN_IN_A,
	    "Service Unavailable" },
	{ 505, TQ_MSG_ERROR_TITLE_BAD_REQUEST,
	    TQ_MSG_THE_BROWSER_SENT_SOMETHING_THAT_THIS_SITE_DOES,
	    "HTTP Version Not Supported" },
};

#define N_ERRORS (sizeof(errors) / sizeof(*errors))

static const struct error_row *
find_row(int status)
{
	const struct error_row *other = NULL;

	for (size_t i = 0; i < N_ERRORS; i++) {
		if (errors[i].status == status)
			return &errors[i];
		if (errors[i].status == 500)
			other = &errors[i];
	}
	return other;
}

static enum tq_when
error_page(struct tq_visit *v, const struct error_row *row)
{
	struct tq_locale locale = v->site->locale;
	struct tq_view_error view = { .status = row->status };
	struct tq_view_layout layout = { .error = &view, .noindex = true };
	struct tq_view_env env;

	locale.lang = tq_lang_accept(tq_req_header(&v->x->req,
	    TQ_S("Accept-Language")), locale.lang);
	tq_visit_env(v, &env, tq_url_local(TQ_S("/?")));
	env.locale = &locale;
	env.lang = tq_lang_tag(locale.lang);
	env.dir = tq_dir_name(tq_lang_dir(locale.lang));
	view.title = tq_msg(locale.lang, row->title);
	view.message = tq_msg(locale.lang, row->message);
	layout.title = view.title;
	return tq_reply_page(v, row->status, &env, &layout);
}

enum tq_when
tq_reply_problem(struct tq_visit *v, int status, const char *detail,
    const struct tq_faults *faults)
{
	const struct error_row *row = find_row(status);
	struct tq_buf b;

	tq_buf_init(&b, &v->x->arena, 512);
	tq_buf_printf(&b, "{\"type\":\"about:blank\",\"title\":\"%s\","
	    "\"status\":%d", row->reason, status);
	if (detail != NULL) {
		tq_buf_lit(&b, ",\"detail\":");
		tq_json_str(&b, tq_str_c(detail));
	}
	if (faults != NULL && faults->n > 0) {
		tq_buf_lit(&b, ",\"errors\":[");
		for (size_t i = 0; i < faults->n; i++) {
			const struct tq_fault *f = &faults->at[i];

			tq_buf_printf(&b, "%s{\"field\":\"%s\",\"code\":\"%s\","
			    "\"detail\":", i > 0 ? "," : "",
			    tq_field_name(f->field), tq_fault_name(f->id));
			tq_json_str(&b, tq_fault_text(v, f));
			tq_buf_byte(&b, '}');
		}
		tq_buf_byte(&b, ']');
	}
	tq_buf_lit(&b, "}\n");
	return tq_reply_bytes(v, status, TQ_S("application/problem+json"),
	    TQ_S("no-store"), tq_buf_str(&b));
}

enum tq_when
tq_reply_error(struct tq_visit *v, int status)
{
	if (v->route != NULL && v->route->kind == TQ_ROUTE_CLIENT) {
		tq_reply_bare(v->x, status);
		return TQ_NOW;
	}
	if (v->route != NULL ? v->route->kind == TQ_ROUTE_API :
	    tq_str_starts(v->x->req.path, TQ_S("/api/")))
		return tq_reply_problem(v, status, NULL, NULL);
	return error_page(v, find_row(status));
}

enum tq_when
tq_reply_failure(struct tq_visit *v, const struct tq_err *e)
{
	int status = tq_status_of(e->code);

	if (status >= 500) {
		tq_log(TQ_LOG_ERROR, "request_failed",
		    TQ_LOG_CODE("code", e->code),
		    TQ_LOG_OPERATOR("problem",
		    TQ_OPERATOR(tq_str_c(e->text))));
		tq_reply_retry(v, 5);
	}
	return tq_reply_error(v, status);
}
