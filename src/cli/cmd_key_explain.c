/* taliq key explain GUID */
#include "app/akismet_explain.h"
#include "app/app.h"
#include "cli/cli.h"
#include "text/escape.h"
#include "text/markup.h"

static const char *
said_name(enum tq_ak_said said)
{
	static const char *const names[] = {
		[TQ_AK_HAM] = "good", [TQ_AK_SPAM] = "spam",
		[TQ_AK_DISCARD] = "spam, may be thrown away",
	};

	return names[said];
}

static void
put_reason(struct tq_buf *out, double weight, const char *name,
    const char *detail)
{
	tq_buf_printf(out, "%+.2f\t%s\t", weight, name);
	tq_esc_terminal(out, tq_str_c(detail));
	tq_buf_byte(out, '\n');
}

static void
put_reasons(struct tq_buf *out, const struct tq_ak_explanation *x)
{
	const struct tq_ak_verdict *v = &x->then;

	if (v->why != NULL) {
		tq_buf_printf(out, "because = %s\n", v->why);
	} else if (x->judged) {
		tq_buf_printf(out, "now = %.3f\n", x->now.p_spam);
		for (uint32_t i = 0; i < x->now.n_reasons; i++)
			put_reason(out, x->now.reasons[i].weight,
			    x->now.reasons[i].name, x->now.reasons[i].detail);
	} else {
		for (size_t i = 0; i < v->n_signals; i++)
			put_reason(out, v->signals[i].weight,
			    v->signals[i].name, "");
	}
}

static void
put_text(struct tq_buf *out, const char *name, tq_str s)
{
	tq_buf_printf(out, "%s = ", name);
	tq_esc_terminal(out, s);
	tq_buf_byte(out, '\n');
}

enum tq_code
tq_key_explain(struct tq_app *app, int argc, char **argv, struct tq_buf *out,
    struct tq_err *e)
{
	struct tq_ak_explanation x;
	const struct tq_ak_verdict *v = &x.then;
	enum tq_code code;

	if (argc != 2)
		return tq_fail(e, TQ_EINVALID, "explain wants one guid");
	code = tq_akismet_explain(app, tq_str_c(argv[1]), out->arena, &x, e);
	if (code != TQ_OK)
		return code;
	tq_buf_printf(out, "said = %s\nspam = %.3f\nkey = %lld\n"
	    "minutes_ago = %lld\n", said_name(v->said), v->spam,
	    (long long)v->key_id, (long long)(x.ago_us / 60 / TQ_SECOND_US));
	put_text(out, "on", v->site);
	put_text(out, "name", v->name);
	put_text(out, "website", v->url);
	put_text(out, "text", tq_markup_plain(out->arena, v->text, 70));
	if (v->taught != TALIQ_UNSURE)
		tq_buf_printf(out, "taught = %s\n",
		    v->taught == TALIQ_SPAM ? "spam" : "good");
	put_reasons(out, &x);
	return TQ_OK;
}
