/* assets.h - the files of web/static, put into the program at build time by
 * tools/embed.py, with their compressed forms.  All of it is static and never
 * changes: any thread. */
#ifndef TQ_WEB_ASSETS_H
#define TQ_WEB_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "text/escape.h"
#include "web/negotiate.h"

struct tq_asset {
	tq_str name;		/* "taliq.css" */
	tq_str path;		/* "/assets/taliq.0123456789.css" */
	tq_str type;		/* for Content-Type */
	tq_str cache_control;
	tq_str forms[TQ_ENCODINGS];	/* empty: would not be smaller */
	tq_str etags[TQ_ENCODINGS];	/* quoted, strong */
};

/* Generated, in the order of src/web/meson.build. */
extern const struct tq_asset tq_asset_table[];
extern const size_t tq_asset_count;

/* By the request's path; NULL when no file is there. */
const struct tq_asset *tq_asset_find(tq_str path);
/* Where the file of this name is served, for templates.  The name is ours: it
 * asserts that the file exists. */
tq_url tq_asset_path(tq_str name);
/* Best encoding of Accept-Encoding that the asset has. */
enum tq_encoding tq_asset_choose(const struct tq_asset *a,
    tq_str accept_encoding);
/* Whether an If-None-Match list names one of its forms. */
bool tq_asset_matches(const struct tq_asset *a, tq_str if_none_match);

#endif
