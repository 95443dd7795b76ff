/* settings.h - every setting is one row of a table: name, type, default, range,
 * help.  Two tables: the program's (taliq.conf) and a site's (in the store, by
 * "taliq site set").  The man page's lists are printed from them.  Reading a
 * table is thread-safe; a filled struct belongs to its maker. */
#ifndef TQ_APP_SETTINGS_H
#define TQ_APP_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum tq_setting_type {
	TQ_SET_TEXT,	/* tq_str; min..max bytes */
	TQ_SET_INT,	/* int64_t; min..max */
	TQ_SET_BOOL,	/* bool; yes or no */
	TQ_SET_WORD,	/* int64_t: place of the word in words, from 0 */
	TQ_SET_LISTEN,	/* tq_str; see tq_addr_listen */
	TQ_SET_PREFIXES,	/* tq_str; see tq_prefixes_parse */
	TQ_SET_LANGUAGE,	/* tq_str; see tq_lang_tag_ok */
	TQ_SET_ZONE,	/* int64_t minutes east of UTC; +03:00 */
	TQ_SET_TENTHS	/* int64_t tenths; min..max, tenths too; 99.8 */
};

struct tq_setting_row {
	const char *name;
	enum tq_setting_type type;
	const char *fallback;		/* the default, as a user types it */
	int64_t min, max;
	const char *words;		/* TQ_SET_WORD: "a b c" */
	const char *help;
	size_t offset;			/* of the value in the struct */
};

struct tq_setting_table {
	const char *what;		/* "setting", "site setting" */
	const struct tq_setting_row *rows;
	size_t n;
};

/* The program's, from taliq.conf. */
struct tq_config {
	tq_str listen, tls_listen, tls_certificate, tls_key;
	int64_t threads, connections_max, connections_per_address;
	tq_str trusted_proxies;
	int64_t forwarded_header;	/* enum tq_forwarded of web/http.h */
	int64_t header_timeout_s, body_rate_min, idle_timeout_s, drain_s;
	int64_t cache_mb;
	int64_t log_level;		/* place in "debug info warn error" */
	tq_str articles;		/* directory; "" is DATA/articles */
	int64_t network_posts_per_hour, network_posts_burst;
	int64_t thread_posts_per_minute, site_posts_per_minute;
	int64_t network_wrong_keys_per_hour;
};
extern const struct tq_setting_table tq_config_table;

enum tq_moderation { TQ_MODERATE_LINKS, TQ_MODERATE_FIRST, TQ_MODERATE_ALL };

/* A site's. */
struct tq_site_settings {
	tq_str title, tagline, origins, language;
	int64_t zone_min;
	int64_t digits, months;		/* enum tq_digits, enum tq_months */
	int64_t calendar;		/* 0 gregory, 1 islamic-umalqura too */
	int64_t moderation;		/* enum tq_moderation */
	bool comments;			/* false: every thread is closed */
	bool filter;
	int64_t akismet_spam_from, akismet_discard_from;	/* per mille */
	bool name_required, email_required;
	int64_t close_after_days;	/* 0 never */
	int64_t edit_minutes;
	int64_t text_max;		/* code points of a comment */
	int64_t sort;			/* enum tq_sort */
	tq_str contact;			/* shown on the notice */
};
extern const struct tq_setting_table tq_site_table;

/* Fills *target from the defaults. */
void tq_settings_defaults(const struct tq_setting_table *t, void *target);
/* Sets one value; texts are copied into a.  TQ_EINVALID says which setting,
 * what was given and what is allowed; *target is then as before. */
enum tq_code tq_settings_set(const struct tq_setting_table *t, void *target,
    struct tq_arena *a, tq_str name, tq_str value, struct tq_err *e);
/* The row of that name or NULL. */
const struct tq_setting_row *tq_settings_row(const struct tq_setting_table *t,
    tq_str name);
/* The value as a user would type it. */
void tq_settings_print(struct tq_buf *b, const struct tq_setting_row *r,
    const void *target);
/* What is allowed, in words: "1 to 64", "yes or no". */
void tq_settings_allowed(struct tq_buf *b, const struct tq_setting_row *r);

/* Where each value of the program's table came from, for "taliq config". */
#define TQ_CONFIG_ROWS_MAX 32
struct tq_config_source {
	int line[TQ_CONFIG_ROWS_MAX];	/* 0: the default */
};
/* Reads text (the file's contents: lines "name = value", or empty, or beginning
 * with # or ;) into *c over the defaults; name is for messages.  TQ_EINVALID:
 * file, the first bad line and what is allowed; *c is then half read. */
enum tq_code tq_config_read(struct tq_config *c, struct tq_arena *a,
    tq_str text, const char *name, struct tq_config_source *source,
    struct tq_err *e);

#endif
