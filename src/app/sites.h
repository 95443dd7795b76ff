/* sites.h - the publications this installation serves, with their settings
 * read and checked: an immutable snapshot, replaced when a setting changes. */
#ifndef TQ_APP_SITES_H
#define TQ_APP_SITES_H

#include <stddef.h>
#include <stdint.h>

#include "app/settings.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/ref.h"
#include "base/str.h"
#include "store/store.h"
#include "text/lang.h"

struct tq_site_view {
	int64_t id;
	tq_str name;
	struct tq_site_settings set;
	struct tq_locale locale;
	tq_str *origins;	/* "https://example.org", canonical first */
	size_t n_origins;
};

struct tq_sites {
	struct tq_ref ref;
	struct tq_arena arena;
	struct tq_site_view *sites;	/* by id; the first is the default */
	size_t n;
};

/* Reads all sites and their settings.  A stored setting this program does not
 * take is logged and its default used.  *out has one reference. */
enum tq_code tq_sites_load(struct tq_store *s, struct tq_sites **out,
    struct tq_err *e);
void tq_sites_put(struct tq_sites *s);		/* NULL is fine */

/* The site one of whose origins has this Host ("example.org:8080"); the
 * default site when none has; NULL when there are no sites. */
const struct tq_site_view *tq_sites_by_host(const struct tq_sites *s,
    tq_str host);
/* The site that has the host of this origin ("https://example.org"), or NULL.
 * The scheme does not count, since a request does not tell it. */
const struct tq_site_view *tq_sites_by_origin(const struct tq_sites *s,
    tq_str origin);
/* NULL when there is none. */
const struct tq_site_view *tq_sites_by_name(const struct tq_sites *s,
    tq_str name);
const struct tq_site_view *tq_sites_by_id(const struct tq_sites *s,
    int64_t id);
/* Canonical origin, or empty when the site has none set. */
tq_str tq_site_origin(const struct tq_site_view *v);
/* Whether this origin ("https://host") is one of the site's. */
bool tq_site_has_origin(const struct tq_site_view *v, tq_str origin);

#endif
