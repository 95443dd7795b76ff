/* The notice: how your comment data is processed.  Printed from the inventory
 * and the site's settings, so that it says what is true of this program as it
 * runs. */
#include "app/api_keys.h"
#include "app/inventory.h"
#include "text/url.h"
#include "web/reply.h"
#include "web/tpl_gen.h"

#define SECTIONS 5
#define LINES_MAX 6

/* The notice's parts, in the exchange's arena. */
struct notice {
	struct tq_view_section sections[SECTIONS];
	tq_str never[LINES_MAX], spam[LINES_MAX], rights[LINES_MAX];
	tq_str contact[1];
};

static tq_str
say(const struct tq_visit *v, enum tq_msg id)
{
	return tq_msg(v->site->locale.lang, id);
}

static tq_str
say_minutes(struct tq_visit *v, int64_t n)
{
	struct tq_buf b;

	tq_buf_init(&b, &v->x->arena, 256);
	tq_msg_plain(&b, &v->site->locale,
	    TQ_MSG_NOTICE_YOU_CAN_EDIT_OR_DELETE_A_COMMENT_YOURSELF, n, NULL,
	    0);
	return tq_buf_str(&b);
}

static struct tq_view_field *
fields(struct tq_visit *v)
{
	struct tq_view_field *f = tq_new_n(&v->x->arena, struct tq_view_field,
	    tq_inventory_count);

	for (size_t i = 0; f != NULL && i < tq_inventory_count; i++) {
		const struct tq_datum *d = &tq_inventory[i];

		f[i] = (struct tq_view_field){
			.what = say(v, d->what), .why = say(v, d->why),
			.how = say(v, d->how),
			.how_long = say(v, d->how_long),
			.who = say(v, d->who), .where = say(v, d->where),
		};
	}
	return f;
}

static enum tq_msg
held_rule(const struct tq_site_settings *set)
{
	static const enum tq_msg rules[] = {
		[TQ_MODERATE_LINKS] =
		    TQ_MSG_NOTICE_A_FIRST_COMMENT_THAT_CONTAINS_A_LINK,
		[TQ_MODERATE_FIRST] =
		    TQ_MSG_NOTICE_A_FIRST_COMMENT_WAITS_FOR_A_MODERATOR,
		[TQ_MODERATE_ALL] =
		    TQ_MSG_NOTICE_EVERY_COMMENT_WAITS_FOR_A_MODERATOR,
	};

	return rules[set->moderation];
}

/* Whether this site's own software elsewhere may be called back. */
static bool
calls_back(const struct tq_visit *v)
{
	struct tq_api_keys *keys =
	    (struct tq_api_keys *)tq_cell_get(&v->app->api_keys);
	bool yes = false;

	for (size_t i = 0; i < tq_api_keys_count(keys); i++) {
		const struct tq_api_key *k = tq_api_keys_at(keys, i);

		yes |= k->site_id == v->site->id && k->webhook &&
		    k->revoked_us == 0 && !k->damaged;
	}
	tq_api_keys_put(keys);
	return yes;
}

static size_t
fill(struct tq_visit *v, struct notice *n)
{
	const struct tq_site_settings *set = &v->site->set;
	struct tq_view_section *s = n->sections;
	size_t n_spam = 2;

	n->never[0] = say(v,
	    TQ_MSG_NOTICE_YOUR_NETWORK_ADDRESS_IS_NEVER_WRITTEN_TO);
	n->never[1] = say(v,
	    TQ_MSG_NOTICE_YOUR_BROWSER_S_NAME_THE_PAGE_YOU_CAME);
	n->never[2] = say(v,
	    TQ_MSG_NOTICE_READING_NEEDS_NO_COOKIE_ONE_COOKIE_IS_SET);
	n->spam[0] = say(v, TQ_MSG_NOTICE_ON_THIS_MACHINE_BY_RULES_HOW_FAST_AND_HOW);
	n->spam[1] = say(v, held_rule(set));
	if (set->filter)
		n->spam[n_spam++] = say(v,
		    TQ_MSG_NOTICE_A_FILTER_ON_THIS_MACHINE_WEIGHS_THE_WORDS);
	if (calls_back(v))
		n->spam[n_spam++] = say(v,
		    TQ_MSG_NOTICE_A_COMMENT_OF_ANOTHER_SITE_OF_THIS);
	n->rights[0] = say_minutes(v, set->edit_minutes);
	n->rights[1] = say(v,
	    TQ_MSG_NOTICE_WHAT_IS_DELETED_IS_OVERWRITTEN_ON_THE);
	n->rights[2] = say(v,
	    TQ_MSG_NOTICE_FOR_EVERYTHING_ELSE_ASK_THE_PUBLICATION);
	n->contact[0] = set->contact;
	s[0] = (struct tq_view_section){
		.heading = say(v, TQ_MSG_NOTICE_HEADING_WHAT_WE_STORE_AND_WHY),
		.fields = fields(v), .n_fields = tq_inventory_count,
	};
	s[1] = (struct tq_view_section){
		.heading = say(v, TQ_MSG_NOTICE_HEADING_WHAT_WE_NEVER_STORE),
		.points = n->never, .n_points = 3,
	};
	s[2] = (struct tq_view_section){
		.heading = say(v, TQ_MSG_NOTICE_HEADING_HOW_SPAM_IS_RECOGNISED),
		.paragraphs = n->spam, .n_paragraphs = n_spam,
	};
	s[3] = (struct tq_view_section){
		.heading = say(v, TQ_MSG_NOTICE_HEADING_YOUR_RIGHTS),
		.paragraphs = n->rights, .n_paragraphs = 3,
	};
	s[4] = (struct tq_view_section){
		.heading = say(v, TQ_MSG_NOTICE_HEADING_HOW_TO_REACH_US),
		.paragraphs = n->contact, .n_paragraphs = 1,
	};
	return set->contact.n > 0 ? SECTIONS : SECTIONS - 1;
}

enum tq_when
tq_page_privacy(struct tq_visit *v)
{
	struct notice *n = tq_new(&v->x->arena, struct notice);
	struct tq_view_privacy view;
	struct tq_view_layout layout = { .privacy = &view };
	struct tq_view_env env;

	if (n == NULL)
		return tq_reply_error(v, 503);
	view = (struct tq_view_privacy){
		.summary = say(v,
		    TQ_MSG_NOTICE_COMMENTS_ARE_STORED_ON_THE_MACHINE_OF),
		.sections = n->sections, .n_sections = fill(v, n),
		.data = tq_url_local(TQ_S("/.well-known/taliq-privacy.json")),
	};
	if (n->sections[0].fields == NULL)
		return tq_reply_error(v, 503);
	layout.title = say(v, TQ_MSG_HOW_YOUR_COMMENT_DATA_IS_PROCESSED);
	tq_visit_env(v, &env, tq_url_local(TQ_S("/privacy?")));
	return tq_reply_page(v, 200, &env, &layout);
}

static void
put(struct tq_buf *b, const char *name, tq_str value)
{
	tq_buf_printf(b, ",\"%s\":", name);
	tq_json_str(b, value);
}

enum tq_when
tq_page_privacy_json(struct tq_visit *v)
{
	const struct tq_lang *en = tq_lang_find(TQ_S("en"));
	const struct tq_site_settings *set = &v->site->set;
	struct tq_buf b;

	tq_buf_init(&b, &v->x->arena, 8192);
	tq_buf_lit(&b, "{\"program\":\"taliq " TQ_VERSION "\",\"site\":");
	tq_json_str(&b, v->site->name);
	tq_buf_printf(&b, ",\"outgoing_connections\":[%s],"
	    "\"edit_minutes\":%lld,\"email_required\":%s,\"fields\":[",
	    calls_back(v) ? "\"webhook\"" : "",
	    (long long)set->edit_minutes,
	    set->email_required ? "true" : "false");
	for (size_t i = 0; i < tq_inventory_count; i++) {
		const struct tq_datum *d = &tq_inventory[i];

		tq_buf_printf(&b, "%s{\"id\":\"%s\",\"stored\":%s,"
		    "\"published\":%s", i > 0 ? "," : "", d->id,
		    d->column != NULL ? "true" : "false",
		    d->published ? "true" : "false");
		put(&b, "purpose", tq_msg(en, d->why));
		put(&b, "form", tq_msg(en, d->how));
		put(&b, "retention", tq_msg(en, d->how_long));
		put(&b, "readers", tq_msg(en, d->who));
		put(&b, "sent_to", tq_msg(en, d->where));
		tq_buf_byte(&b, '}');
	}
	tq_buf_lit(&b, "]}\n");
	return tq_reply_json(v, 200, &b);
}
