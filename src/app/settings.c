/* The two tables of settings, and the one engine that reads, checks and prints
 * a row.  To add a setting: one member in the struct, one row here. */
#include "app/settings.h"

#include <assert.h>
#include <string.h>

#include "base/addr.h"
#include "text/lang.h"
#include "text/utf8.h"

#define C(member) offsetof(struct tq_config, member)
#define S(member) offsetof(struct tq_site_settings, member)

static const struct tq_setting_row config_rows[] = {
	{ "listen", TQ_SET_LISTEN, "127.0.0.1:8080", 0, 100, NULL,
	    "address and port to serve HTTP on; empty is nowhere, for who has "
	    "tls_listen", C(listen) },
	{ "tls_listen", TQ_SET_LISTEN, "", 0, 100, NULL,
	    "address and port to serve HTTPS on; empty is nowhere",
	    C(tls_listen) },
	{ "tls_certificate", TQ_SET_TEXT, "", 0, 4000, NULL,
	    "PEM file of the certificate and its chain, from the data directory "
	    "or /; several by comma are chosen by the name asked for, the "
	    "first for all others", C(tls_certificate) },
	{ "tls_key", TQ_SET_TEXT, "", 0, 4000, NULL,
	    "PEM file of the certificate's key, not readable by all; several "
	    "by comma, in the certificates' order", C(tls_key) },
	{ "threads", TQ_SET_INT, "0", 0, 64, NULL,
	    "serving threads; 0 is one a processor, at least two",
	    C(threads) },
	{ "connections_max", TQ_SET_INT, "20000", 16, 1000000, NULL,
	    "connections at once, in all", C(connections_max) },
	{ "connections_per_address", TQ_SET_INT, "256", 1, 1000000, NULL,
	    "connections at once from one IPv4 address or IPv6 /64",
	    C(connections_per_address) },
	{ "trusted_proxies", TQ_SET_PREFIXES, "", 0, 1000, NULL,
	    "addresses or prefixes of proxies whose X-Forwarded-For and "
	    "X-Forwarded-Proto are believed, by comma", C(trusted_proxies) },
	{ "forwarded_header", TQ_SET_WORD, "any", 0, 0,
	    "any x-forwarded forwarded",
	    "the field the trusted proxies set; name it, so that a reader's "
	    "own copy of the other is not believed", C(forwarded_header) },
	{ "header_timeout_s", TQ_SET_INT, "10", 1, 600, NULL,
	    "seconds in which a whole request head must arrive",
	    C(header_timeout_s) },
	{ "body_rate_min", TQ_SET_INT, "500", 1, 1000000, NULL,
	    "bytes a second at which a body must arrive", C(body_rate_min) },
	{ "idle_timeout_s", TQ_SET_INT, "60", 1, 3600, NULL,
	    "seconds an idle connection is kept", C(idle_timeout_s) },
	{ "drain_s", TQ_SET_INT, "10", 0, 600, NULL,
	    "seconds that running requests have at a stop", C(drain_s) },
	{ "cache_mb", TQ_SET_INT, "64", 1, 65536, NULL,
	    "memory for rendered pages and comments, in MiB", C(cache_mb) },
	{ "log_level", TQ_SET_WORD, "info", 0, 0, "debug info warn error",
	    "least level of events that are logged", C(log_level) },
	{ "articles", TQ_SET_TEXT, "", 0, 4000, NULL,
	    "directory of article files; empty is articles/ in the data "
	    "directory", C(articles) },
	{ "network_posts_per_hour", TQ_SET_INT, "60", 0, 1000000, NULL,
	    "comments an hour from one network (IPv4 /24, IPv6 /56); 0 is "
	    "no limit", C(network_posts_per_hour) },
	{ "network_posts_burst", TQ_SET_INT, "10", 1, 100000, NULL,
	    "comments from one network at once before that rate counts",
	    C(network_posts_burst) },
	{ "thread_posts_per_minute", TQ_SET_INT, "60", 0, 1000000, NULL,
	    "comments a minute under one page; 0 is no limit",
	    C(thread_posts_per_minute) },
	{ "site_posts_per_minute", TQ_SET_INT, "600", 0, 1000000, NULL,
	    "comments a minute on one site; 0 is no limit",
	    C(site_posts_per_minute) },
	{ "network_wrong_keys_per_hour", TQ_SET_INT, "60", 0, 1000000, NULL,
	    "guessed keys of Akismet's protocol an hour from one network; 0 is "
	    "no limit", C(network_wrong_keys_per_hour) },
};

const struct tq_setting_table tq_config_table = {
	"setting", config_rows, sizeof(config_rows) / sizeof(*config_rows),
};
_Static_assert(sizeof(config_rows) / sizeof(*config_rows) <=
    TQ_CONFIG_ROWS_MAX, "raise TQ_CONFIG_ROWS_MAX");

static const struct tq_setting_row site_rows[] = {
	{ "title", TQ_SET_TEXT, "", 0, 200, NULL,
	    "name of the publication", S(title) },
	{ "tagline", TQ_SET_TEXT, "", 0, 400, NULL,
	    "one line under the name", S(tagline) },
	{ "origins", TQ_SET_TEXT, "", 0, 2000, NULL,
	    "web origins of the site by comma, the canonical one first "
	    "(https://example.org)", S(origins) },
	{ "language", TQ_SET_LANGUAGE, "ar", 2, 35, NULL,
	    "language of articles that name none, and of the pages if "
	    "there is an interface in it (else they are in English)", S(language) },
	{ "zone", TQ_SET_ZONE, "+00:00", -14 * 60, 14 * 60, NULL,
	    "time zone of dates, east of UTC", S(zone_min) },
	{ "digits", TQ_SET_WORD, "latin", 0, 0, "latin arabic persian",
	    "digits of numbers and dates", S(digits) },
	{ "months", TQ_SET_WORD, "international", 0, 0,
	    "international levant dual",
	    "month names in Arabic; dual prints both", S(months) },
	{ "calendar", TQ_SET_WORD, "gregory", 0, 0,
	    "gregory islamic-umalqura",
	    "calendar of dates; islamic-umalqura lets the reader's browser "
	    "add the Hijri date", S(calendar) },
	{ "moderation", TQ_SET_WORD, "links", 0, 0, "links first all",
	    "what is held: a first comment with links, every first comment, "
	    "or all", S(moderation) },
	{ "comments", TQ_SET_BOOL, "yes", 0, 0, NULL,
	    "whether readers may comment; no closes every thread",
	    S(comments) },
	{ "filter", TQ_SET_BOOL, "yes", 0, 0, NULL,
	    "whether the learning filter judges comments", S(filter) },
	{ "akismet_spam_from", TQ_SET_TENTHS, "50", 10, 1000, NULL,
	    "per cent of spam probability from which clients that speak "
	    "Akismet's protocol are told that a comment is spam",
	    S(akismet_spam_from) },
	{ "akismet_discard_from", TQ_SET_TENTHS, "99.8", 500, 1000, NULL,
	    "per cent, by the text alone, from which they are told that it "
	    "may be thrown away unseen; 100 is never",
	    S(akismet_discard_from) },
	{ "name_required", TQ_SET_BOOL, "yes", 0, 0, NULL,
	    "whether a comment needs a name", S(name_required) },
	{ "email_required", TQ_SET_BOOL, "no", 0, 0, NULL,
	    "whether a comment needs an e-mail address", S(email_required) },
	{ "close_after_days", TQ_SET_INT, "0", 0, 36500, NULL,
	    "days after which an article's comments close; 0 is never",
	    S(close_after_days) },
	{ "edit_minutes", TQ_SET_INT, "15", 0, 1440, NULL,
	    "minutes in which a reader may edit or delete a comment",
	    S(edit_minutes) },
	{ "text_max", TQ_SET_INT, "5000", 100, 15000, NULL,
	    "longest comment, in characters", S(text_max) },
	{ "sort", TQ_SET_WORD, "newest", 0, 0, "newest oldest best",
	    "order of threads unless the reader chooses", S(sort) },
	{ "contact", TQ_SET_TEXT, "", 0, 200, NULL,
	    "whom to ask about comment data, shown on the notice",
	    S(contact) },
};

const struct tq_setting_table tq_site_table = {
	"site setting", site_rows, sizeof(site_rows) / sizeof(*site_rows),
};

const struct tq_setting_row *
tq_settings_row(const struct tq_setting_table *t, tq_str name)
{
	for (size_t i = 0; i < t->n; i++)
		if (tq_str_eq(name, tq_str_c(t->rows[i].name)))
			return &t->rows[i];
	return NULL;
}

static bool
word_place(const char *words, tq_str s, int64_t *place)
{
	tq_str rest = tq_str_c(words), word;

	for (int64_t i = 0; rest.n > 0; i++) {
		rest = tq_str_cut(rest, ' ', &word);
		if (tq_str_eq(word, s)) {
			*place = i;
			return true;
		}
	}
	return false;
}

static tq_str
word_at(const char *words, int64_t place)
{
	tq_str rest = tq_str_c(words), word = { NULL, 0 };

	for (int64_t i = 0; i <= place; i++)
		rest = tq_str_cut(rest, ' ', &word);
	return word;
}

/* "+03:00", "-02:30" */
static bool
zone_minutes(tq_str s, int64_t *out)
{
	int64_t h, m;

	if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':' ||
	    !tq_str_i64(tq_str_sub(s, 1, 3), &h) ||
	    !tq_str_i64(tq_str_sub(s, 4, 6), &m) || h < 0 || m < 0 || m > 59)
		return false;
	*out = s.p[0] == '-' ? -(h * 60 + m) : h * 60 + m;
	return true;
}

/* "50", "99.8" */
static bool
tenths(tq_str s, int64_t *out)
{
	tq_str whole, digit = tq_str_cut(s, '.', &whole);
	int64_t units, tenth = 0;

	if (tq_str_starts(s, TQ_S("-")) || !tq_str_i64(whole, &units) ||
	    units > INT32_MAX || (digit.p != NULL && (digit.n != 1 ||
	    !tq_str_i64(digit, &tenth))))
		return false;
	*out = units * 10 + tenth;
	return true;
}

/* No control characters: the text stands in lists and in lines of files. */
static bool
one_line(tq_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return false;
	return true;
}

/* A value of any type, before it is written to its place. */
union value { tq_str text; int64_t number; bool yes; };

static bool
text_fits(const struct tq_setting_row *r, tq_str s)
{
	return (int64_t)s.n >= r->min && (int64_t)s.n <= r->max &&
	    tq_utf8_valid(s) && one_line(s);
}

static bool
prefixes_ok(tq_str s)
{
	struct tq_prefixes p;
	struct tq_err why;

	return tq_prefixes_parse(s, &p, &why) == TQ_OK;
}

static bool
listen_ok(tq_str s)
{
	struct tq_addr a;
	uint16_t port;

	return tq_addr_listen(s, &a, &port);
}

static bool
read_value(const struct tq_setting_row *r, tq_str s, union value *v)
{
	switch (r->type) {
	case TQ_SET_TEXT:
		v->text = s;
		return text_fits(r, s);
	case TQ_SET_LISTEN:
		v->text = s;
		return text_fits(r, s) && (s.n == 0 || listen_ok(s));
	case TQ_SET_PREFIXES:
		v->text = s;
		return text_fits(r, s) && prefixes_ok(s);
	case TQ_SET_LANGUAGE:
		v->text = s;
		return text_fits(r, s) && tq_lang_tag_ok(s);
	case TQ_SET_INT:
		return tq_str_i64(s, &v->number) && v->number >= r->min &&
		    v->number <= r->max;
	case TQ_SET_BOOL:
		v->yes = tq_str_eq(s, TQ_S("yes"));
		return v->yes || tq_str_eq(s, TQ_S("no"));
	case TQ_SET_WORD:
		return word_place(r->words, s, &v->number);
	case TQ_SET_ZONE:
		return zone_minutes(s, &v->number) && v->number >= r->min &&
		    v->number <= r->max;
	case TQ_SET_TENTHS:
		return tenths(s, &v->number) && v->number >= r->min &&
		    v->number <= r->max;
	}
	return false;
}

static void
write_value(const struct tq_setting_row *r, void *target,
    const union value *v)
{
	char *at = (char *)target + r->offset;

	switch (r->type) {
	case TQ_SET_TEXT:
	case TQ_SET_LISTEN:
	case TQ_SET_PREFIXES:
	case TQ_SET_LANGUAGE:
		memcpy(at, &v->text, sizeof(v->text));
		break;
	case TQ_SET_BOOL:
		memcpy(at, &v->yes, sizeof(v->yes));
		break;
	case TQ_SET_INT:
	case TQ_SET_WORD:
	case TQ_SET_ZONE:
	case TQ_SET_TENTHS:
		memcpy(at, &v->number, sizeof(v->number));
		break;
	}
}

void
tq_settings_defaults(const struct tq_setting_table *t, void *target)
{
	for (size_t i = 0; i < t->n; i++) {
		union value v = { .number = 0 };
		bool ok = read_value(&t->rows[i],
		    tq_str_c(t->rows[i].fallback), &v);

		assert(ok);	/* the tables are ours; a test reads them */
		write_value(&t->rows[i], target, &v);
	}
}

static void
print_tenths(struct tq_buf *b, int64_t n)
{
	tq_buf_i64(b, n / 10);
	if (n % 10 != 0)
		tq_buf_printf(b, ".%d", (int)(n % 10));
}

void
tq_settings_allowed(struct tq_buf *b, const struct tq_setting_row *r)
{
	switch (r->type) {
	case TQ_SET_TEXT:
		tq_buf_printf(b, "one line of %lld to %lld bytes",
		    (long long)r->min, (long long)r->max);
		break;
	case TQ_SET_INT:
		tq_buf_printf(b, "%lld to %lld", (long long)r->min,
		    (long long)r->max);
		break;
	case TQ_SET_BOOL:
		tq_buf_lit(b, "yes or no");
		break;
	case TQ_SET_WORD:
		tq_buf_printf(b, "one of: %s", r->words);
		break;
	case TQ_SET_ZONE:
		tq_buf_lit(b, "an offset as +03:00");
		break;
	case TQ_SET_LISTEN:
		tq_buf_lit(b, "ADDRESS:PORT as 127.0.0.1:8080, [::1]:8080, or "
		    "*:8080 for all addresses");
		break;
	case TQ_SET_PREFIXES:
		tq_buf_printf(b, "at most %d addresses or prefixes by comma, "
		    "as 127.0.0.1, 10.0.0.0/8", TQ_PREFIXES_MAX);
		break;
	case TQ_SET_LANGUAGE:
		tq_buf_lit(b, "a language tag as ar, ar-SY or en-GB");
		break;
	case TQ_SET_TENTHS:
		print_tenths(b, r->min);
		tq_buf_lit(b, " to ");
		print_tenths(b, r->max);
		tq_buf_lit(b, ", one digit after the point");
		break;
	}
}

static bool
is_text(const struct tq_setting_row *r)
{
	return r->type == TQ_SET_TEXT || r->type == TQ_SET_LISTEN ||
	    r->type == TQ_SET_PREFIXES || r->type == TQ_SET_LANGUAGE;
}

enum tq_code
tq_settings_set(const struct tq_setting_table *t, void *target,
    struct tq_arena *a, tq_str name, tq_str value, struct tq_err *e)
{
	const struct tq_setting_row *r = tq_settings_row(t, name);
	union value v = { .number = 0 };
	struct tq_buf allowed;

	if (r == NULL)
		return tq_fail(e, TQ_EINVALID, "unknown %s \"%.*s\"", t->what,
		    TQ_FMT(name));
	if (!read_value(r, value, &v)) {
		tq_buf_init(&allowed, a, 0);
		tq_settings_allowed(&allowed, r);
		return tq_fail(e, TQ_EINVALID, "%s is \"%.*s\", allowed: %.*s",
		    r->name, TQ_FMT(tq_str_sub(value, 0, 60)),
		    TQ_FMT(tq_buf_str(&allowed)));
	}
	if (is_text(r)) {
		v.text = tq_arena_str(a, value);
		if (a->failed)
			return tq_fail(e, TQ_ELIMIT, "no memory for settings");
	}
	write_value(r, target, &v);
	return TQ_OK;
}

void
tq_settings_print(struct tq_buf *b, const struct tq_setting_row *r,
    const void *target)
{
	const char *at = (const char *)target + r->offset;
	int64_t number = 0, size;
	tq_str text;
	bool yes;

	switch (r->type) {
	case TQ_SET_TEXT:
	case TQ_SET_LISTEN:
	case TQ_SET_PREFIXES:
	case TQ_SET_LANGUAGE:
		memcpy(&text, at, sizeof(text));
		tq_buf_put(b, text);
		return;
	case TQ_SET_BOOL:
		memcpy(&yes, at, sizeof(yes));
		tq_buf_put(b, yes ? TQ_S("yes") : TQ_S("no"));
		return;
	case TQ_SET_INT:
	case TQ_SET_WORD:
	case TQ_SET_ZONE:
	case TQ_SET_TENTHS:
		memcpy(&number, at, sizeof(number));
		break;
	}
	if (r->type == TQ_SET_INT) {
		tq_buf_i64(b, number);
	} else if (r->type == TQ_SET_TENTHS) {
		print_tenths(b, number);
	} else if (r->type == TQ_SET_WORD) {
		tq_buf_put(b, word_at(r->words, number));
	} else {
		size = number < 0 ? -number : number;
		tq_buf_printf(b, "%c%02lld:%02lld", number < 0 ? '-' : '+',
		    (long long)(size / 60), (long long)(size % 60));
	}
}
