/* taliq comment list|show|publish|hold|spam|delete */
#include <string.h>

#include "app/app.h"
#include "app/listing.h"
#include "app/moderate.h"
#include "app/queue.h"
#include "base/clock.h"
#include "cli/cli.h"
#include "text/escape.h"
#include "text/markup.h"

#define LIST_MAX 1000

static void
put_json(struct tq_buf *out, const struct tq_comment *c)
{
	tq_buf_printf(out, "{\"id\":%lld,\"page_id\":%lld,\"parent\":%lld,"
	    "\"state\":\"%s\",\"reasons\":", (long long)c->id,
	    (long long)c->page_id, (long long)c->parent_id,
	    tq_state_name(c->state));
	tq_json_str(out, c->reasons);
	tq_buf_lit(out, ",\"created_at\":\"");
	tq_date_rfc3339(out, c->created_us);
	tq_buf_lit(out, "\",\"name\":");
	tq_json_str(out, c->name);
	tq_buf_lit(out, ",\"url\":");
	tq_json_str(out, c->url);
	tq_buf_lit(out, ",\"has_email\":");
	tq_buf_put(out, c->email_sealed.n > 0 ? TQ_S("true") : TQ_S("false"));
	tq_buf_lit(out, ",\"text\":");
	tq_json_str(out, c->body);
	tq_buf_lit(out, "}\n");
}

static void
put_line(struct tq_buf *out, const struct tq_comment *c)
{
	tq_buf_printf(out, "%lld\t%s\t", (long long)c->id,
	    tq_state_name(c->state));
	tq_date_rfc3339(out, c->created_us);
	tq_buf_byte(out, '\t');
	tq_esc_terminal(out, c->reasons.n > 0 ? c->reasons : TQ_S("-"));
	tq_buf_byte(out, '\t');
	tq_esc_terminal(out, c->name);
	tq_buf_byte(out, '\t');
	tq_esc_terminal(out, tq_markup_plain(out->arena, c->body, 70));
	tq_buf_byte(out, '\n');
}

static enum tq_code
list(struct tq_app *app, int argc, char **argv, struct tq_buf *out,
    struct tq_err *e)
{
	struct tq_queue_ask ask = { .state = TQ_HELD, .max = 50 };
	bool bad = false, json = tq_cli_flag(&argc, argv, "json");
	const char *site = tq_cli_option(&argc, argv, "site", &bad);
	const char *state = tq_cli_option(&argc, argv, "state", &bad);
	const char *before = tq_cli_option(&argc, argv, "before", &bad);
	const char *limit = tq_cli_option(&argc, argv, "limit", &bad);
	struct tq_comment *c;
	int64_t max = 50;
	size_t n;
	enum tq_code code;

	if (bad || argc != 1)
		return tq_fail(e, TQ_EINVALID, "list takes --site, --state, "
		    "--before, --limit and --json");
	if (state != NULL && !tq_state_parse(tq_str_c(state), &ask.state))
		return tq_fail(e, TQ_EINVALID, "--state is \"%.40s\", allowed: "
		    "published, held, spam, deleted", state);
	if (before != NULL && (!tq_str_i64(tq_str_c(before), &ask.before_id) ||
	    ask.before_id < 0))
		return tq_fail(e, TQ_EINVALID, "--before is a comment's "
		    "number");
	if (limit != NULL && (!tq_str_i64(tq_str_c(limit), &max) || max < 1 ||
	    max > LIST_MAX))
		return tq_fail(e, TQ_EINVALID, "--limit is 1 to %d", LIST_MAX);
	ask.max = (size_t)max;
	ask.site = tq_str_c(site);
	code = tq_queue_read(app, &ask, out->arena, &c, &n, e);
	for (size_t i = 0; code == TQ_OK && i < n; i++)
		if (json)
			put_json(out, &c[i]);
		else
			put_line(out, &c[i]);
	return code;
}

static enum tq_code
read_id(const char *word, int64_t *id, struct tq_err *e)
{
	if (!tq_str_i64(tq_str_c(word), id) || *id <= 0)
		return tq_fail(e, TQ_EINVALID, "\"%.40s\" is not a comment's "
		    "number", word);
	return TQ_OK;
}

static enum tq_code
show(struct tq_app *app, int argc, char **argv, struct tq_buf *out,
    struct tq_err *e)
{
	bool json = tq_cli_flag(&argc, argv, "json");
	struct tq_comment c;
	struct tq_page p;
	int64_t id;
	enum tq_code code;

	if (argc < 2)
		return tq_fail(e, TQ_EINVALID, "show wants a comment's "
		    "number");
	for (int i = 1; i < argc; i++) {
		tq_str rest, line;

		code = read_id(argv[i], &id, e);
		if (code == TQ_OK)
			code = tq_listing_comment(app, id, out->arena, &c, &p,
			    e);
		if (code != TQ_OK)
			return code;
		if (json) {
			put_json(out, &c);
			continue;
		}
		put_line(out, &c);
		tq_buf_lit(out, "page\t");
		tq_esc_terminal(out, p.path);
		tq_buf_byte(out, '\n');
		for (rest = c.body; rest.n > 0;) {
			rest = tq_str_cut(rest, '\n', &line);
			tq_buf_lit(out, "\t");
			tq_esc_terminal(out, line);
			tq_buf_byte(out, '\n');
		}
	}
	return TQ_OK;
}

static enum tq_code
move_one(struct tq_app *app, int64_t id, enum tq_state to,
    struct tq_buf *out, struct tq_err *e)
{
	struct tq_comment c;
	struct tq_page p;
	bool changed;
	enum tq_code code = tq_listing_comment(app, id, out->arena, &c, &p, e);

	if (code != TQ_OK)
		return tq_fail(e, code, "comment %lld: %s", (long long)id,
		    code == TQ_ENOTFOUND ? "there is none" : "cannot be read");
	code = tq_moderate(app, id, c.state, to, TQ_S("cli"), &changed, e);
	if (code == TQ_OK)
		tq_buf_printf(out, "comment %lld: %s%s\n", (long long)id,
		    changed ? "now " : "already ", tq_state_name(to));
	return code;
}

static enum tq_code
move(struct tq_app *app, enum tq_state to, int argc, char **argv,
    struct tq_buf *out, struct tq_err *e)
{
	int64_t id;
	enum tq_code code = TQ_OK;

	if (argc < 2)
		return tq_fail(e, TQ_EINVALID, "%s wants comments' numbers",
		    argv[0]);
	for (int i = 1; code == TQ_OK && i < argc; i++)
		code = read_id(argv[i], &id, e);
	for (int i = 1; code == TQ_OK && i < argc; i++) {
		(void)read_id(argv[i], &id, e);
		code = move_one(app, id, to, out, e);
	}
	return code;
}

enum tq_code
tq_admin_comment(struct tq_app *app, int argc, char **argv,
    struct tq_buf *out, struct tq_err *e)
{
	static const struct { const char *name; enum tq_state to; } moves[] = {
		{ "publish", TQ_PUBLISHED }, { "hold", TQ_HELD },
		{ "spam", TQ_SPAM }, { "delete", TQ_DELETED },
	};

	if (argc < 2)
		return tq_fail(e, TQ_EINVALID, "say list, show, publish, "
		    "hold, spam or delete");
	if (strcmp(argv[1], "list") == 0)
		return list(app, argc - 1, argv + 1, out, e);
	if (strcmp(argv[1], "show") == 0)
		return show(app, argc - 1, argv + 1, out, e);
	for (size_t i = 0; i < sizeof(moves) / sizeof(*moves); i++)
		if (strcmp(argv[1], moves[i].name) == 0)
			return move(app, moves[i].to, argc - 1, argv + 1, out,
			    e);
	return tq_fail(e, TQ_EINVALID, "\"%.40s\" is not list, show, publish, "
	    "hold, spam or delete", argv[1]);
}
