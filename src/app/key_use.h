/* key_use.h - how much each client's key is used.  Counting is memory only; a
 * thread writes what was counted each second, through the writer, and at the
 * stop.  A crash loses a second, a graceful stop nothing.
 *
 * Rows are kept for good, by key, day (UTC) and site: host and path of what the
 * client calls its own address.  What is too much in a second (thousands of
 * sites) or on a day (TQ_USE_SITES_MAX a key) is counted under "". */
#ifndef TQ_APP_KEY_USE_H
#define TQ_APP_KEY_USE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "store/api_key.h"

struct tq_app;
struct tq_key_use;

/* Reads this month's sums and starts the thread. */
enum tq_code tq_key_use_start(struct tq_app *app, struct tq_key_use **out,
    struct tq_err *e);
/* Writes what is left, ends the thread.  The writer must still run, and nobody
 * may count any more.  NULL is fine. */
void tq_key_use_stop(struct tq_key_use *u);

/* One call that came to this; site is the address as the client gave it.  Any
 * thread, never waits for the disk.  NULL is fine. */
void tq_key_use_count(struct tq_key_use *u, int64_t key_id, tq_str site,
    enum tq_use what, int64_t wall_us);
/* Comments checked (spam and ham) in the month of wall_us, with what is not
 * written yet; for the current month only.  Any thread, no disk. */
int64_t tq_key_use_month(struct tq_key_use *u, int64_t key_id,
    int64_t wall_us);
/* Writes what was counted so far, at once.  Any thread but the writer's. */
enum tq_code tq_key_use_flush(struct tq_key_use *u, struct tq_err *e);
/* By day, then site, with what is not written yet.  ask->site is an address as
 * a client gives it, p == NULL: all.  Codes of the store's key_use_list. */
enum tq_code tq_key_use_report(struct tq_app *app,
    const struct tq_use_ask *ask, struct tq_arena *a, struct tq_use_row **out,
    size_t *n, struct tq_err *e);
/* Joins the rows of each site (day 0), the busiest site first; gives how many
 * there are. */
size_t tq_key_use_by_site(struct tq_use_row *rows, size_t n);

/* "https://User@Example.org:443/a/?b" into "example.org/a": no scheme, user,
 * default port, query, fragment, closing "/", white space or control
 * characters; cut at TQ_USE_SITE_MAX bytes; well-formed UTF-8.  The number of
 * bytes. */
size_t tq_key_use_site(tq_str address, char out[TQ_USE_SITE_MAX]);
/* yyyymmdd in UTC. */
int64_t tq_key_use_day(int64_t wall_us);

#endif
