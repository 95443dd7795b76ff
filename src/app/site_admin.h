/* site_admin.h - making sites and changing their settings.  Each call waits
 * for the commit and then reads the sites anew. */
#ifndef TQ_APP_SITE_ADMIN_H
#define TQ_APP_SITE_ADMIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct tq_app;

#define TQ_SITE_NAME_MAX 40

struct tq_site_value { tq_str name, value; };

/* Makes a site with these settings.  TQ_EINVALID: a bad name ([a-z0-9-], 1 to
 * 40) or setting; TQ_ECONFLICT: the name is taken; TQ_EDENIED: an origin is
 * another site's. */
enum tq_code tq_site_make(struct tq_app *app, tq_str name,
    const struct tq_site_value *values, size_t n, struct tq_err *e);
/* All of the values or none.  TQ_ENOTFOUND: no such site; else as
 * tq_site_make. */
enum tq_code tq_site_change(struct tq_app *app, tq_str name,
    const struct tq_site_value *values, size_t n, struct tq_err *e);

/* The site with this name or, when it is written as an address
 * ("https://example.org", "example.org"), with this host.  For an address that no
 * site has one is made under a name like it ("example-org"), which takes no
 * comments (setting comments).  TQ_ENOTFOUND: no site of that name;
 * TQ_EINVALID: neither a name nor an address. */
struct tq_site_found {
	int64_t id;
	char name[TQ_SITE_NAME_MAX + 1];
	bool made;
};
enum tq_code tq_site_find_or_make(struct tq_app *app, tq_str given,
    struct tq_site_found *out, struct tq_err *e);

#endif
