/* store.h - everything that lasts.  Words of the domain only: no SQL, no rows,
 * nothing that one engine has and another lacks.
 *
 * A handle belongs to one thread at a time.  Reading handles come from a pool
 * (tq_store_pool_*); the one writing handle belongs to the writer thread
 * (store/writer.h), which opens the transaction around every changing call.
 * Slices in results live in the arena given to the call; an arena that runs out
 * gives TQ_ELIMIT.  Every call reports through e and returns e->code; out
 * parameters are written only on TQ_OK.  Common codes: TQ_EIO the engine failed
 * (disk, corruption), TQ_EBUSY try again, TQ_ELIMIT full disk or arena. */
#ifndef TQ_STORE_STORE_H
#define TQ_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "store/api_key.h"

#define TQ_OWNER_BYTES 16
#define TQ_DEPTH_MAX 64		/* replies below are attached at this depth */

enum tq_state { TQ_PUBLISHED, TQ_HELD, TQ_SPAM, TQ_DELETED };
#define TQ_STATES 4
/* "published", "held", "spam", "deleted"; static. */
const char *tq_state_name(enum tq_state s);
bool tq_state_parse(tq_str s, enum tq_state *out);

struct tq_site {
	int64_t id;
	tq_str name;		/* short, unique, [a-z0-9-] */
	int64_t created_us;
};

struct tq_setting { tq_str name, value; };

struct tq_page {
	int64_t id, site_id;
	tq_str path;		/* canonical, from "/", unique in its site */
	tq_str title;		/* as last seen; may be empty */
	int64_t created_us;
	int64_t published;	/* comments in state published */
	int64_t change;		/* change number of the last visible change */
};

struct tq_comment {
	int64_t id;		/* increases with time of arrival */
	int64_t page_id, site_id;
	int64_t parent_id;	/* 0: top level */
	int64_t root_id;	/* itself at top level */
	int64_t depth;		/* 0 at top level */
	int64_t created_us, edited_us;	/* edited_us 0: never */
	int64_t state_us;	/* when it came into its state */
	enum tq_state state;
	bool by_author;		/* state deleted: by its own author */
	tq_str name;		/* may be empty: anonymous */
	tq_str url;		/* "" or a checked web address */
	tq_str body;		/* Markdown source; "" when deleted */
	tq_str email_sealed;	/* sealed box, never clear; "" none */
	uint8_t owner[TQ_OWNER_BYTES];	/* hash of the reader's secret; all
					 * zero: nobody's */
	double spam;		/* filter's probability, -1 none */
	tq_str reasons;		/* why held or spam: short words by comma */
	int64_t change;		/* number of its last visible change; 0: none */
	int64_t replies;	/* published below it, all depths */
};

/* A moderator's act that teaches; the log is append-only. */
struct tq_feedback {
	int64_t seq, site_id, comment_id, at_us;
	enum tq_state from, to;
	tq_str actor;		/* "cli", later a moderator's id */
	tq_str name, url, body;	/* what was judged, as it was then */
};

enum tq_sort { TQ_SORT_NEWEST, TQ_SORT_OLDEST, TQ_SORT_BEST };

/* A place in a thread's order; all zero is the start.  Threads are ordered by
 * their top-level comment (newest: id descending; oldest: ascending; best:
 * most replies first, then newest), and inside one by depth-first order, older
 * replies first.  Stable: what is added elsewhere moves nothing, and a place
 * stays one when its comment is hidden.  In best, a thread that gains or loses
 * replies meanwhile may be passed over or come again, but never the one the
 * cursor stands in. */
struct tq_cursor {
	int64_t rank;		/* best: replies of the root */
	int64_t root_id;	/* 0: from the start */
	int64_t after_id;	/* last comment seen in that root; 0: none */
};

struct tq_thread_slice {
	struct tq_comment *comments;	/* shown ones, in order */
	size_t n;
	bool more;			/* something follows */
	struct tq_cursor next;		/* where, when more */
};

struct tq_store;

/* What a back end is.  No op may be NULL.  "w" marks the ones that change
 * something: only between begin and commit, on the writing handle. */
struct tq_store_ops {
	const char *name;	/* "sqlite", "memory" */
	void (*close)(struct tq_store *s);
	/* On a reading handle: what is read until the end is one unmoving view
	 * (end it by rollback or commit). */
	enum tq_code (*begin)(struct tq_store *s, struct tq_err *e);
	/* On failure nothing of the transaction is there, and it is over. */
	enum tq_code (*commit)(struct tq_store *s, struct tq_err *e);
	void (*rollback)(struct tq_store *s);
	/* A mark inside a transaction: undo goes back to the last mark, which
	 * stays. */
	enum tq_code (*mark)(struct tq_store *s, struct tq_err *e);
	void (*undo)(struct tq_store *s);
	/* After a commit: makes sure that what was erased since the last call
	 * is in no log file either.  *again: a reader is in the way, call once
	 * more soon.  Cheap when nothing was erased. */
	enum tq_code (*tidy)(struct tq_store *s, bool *again,
	    struct tq_err *e);
	/* After TQ_EIO: closes the engine's handle, opens a new one and reads
	 * once.  On failure every call but this one and close fails. */
	enum tq_code (*reopen)(struct tq_store *s, struct tq_err *e);

	/* w: makes a site; TQ_ECONFLICT when the name is taken, TQ_EINVALID
	 * unless it is 1 to 64 of [a-z0-9-]. */
	enum tq_code (*site_add)(struct tq_store *s, tq_str name,
	    int64_t now_us, int64_t *id, struct tq_err *e);
	/* All sites by id. */
	enum tq_code (*site_list)(struct tq_store *s, struct tq_arena *a,
	    struct tq_site **out, size_t *n, struct tq_err *e);
	/* w: site_id 0 is the installation itself; empty value removes.
	 * TQ_ENOTFOUND without that site. */
	enum tq_code (*setting_put)(struct tq_store *s, int64_t site_id,
	    tq_str name, tq_str value, struct tq_err *e);
	enum tq_code (*setting_list)(struct tq_store *s, int64_t site_id,
	    struct tq_arena *a, struct tq_setting **out, size_t *n,
	    struct tq_err *e);

	/* TQ_ENOTFOUND. */
	enum tq_code (*page_get)(struct tq_store *s, int64_t site_id,
	    tq_str path, struct tq_arena *a, struct tq_page *out,
	    struct tq_err *e);
	enum tq_code (*page_by_id)(struct tq_store *s, int64_t id,
	    struct tq_arena *a, struct tq_page *out, struct tq_err *e);
	/* w: the page of that path, made when missing; title "" keeps.
	 * TQ_ENOTFOUND without that site, TQ_EINVALID unless path begins with
	 * "/". */
	enum tq_code (*page_put)(struct tq_store *s, int64_t site_id,
	    tq_str path, tq_str title, int64_t now_us, int64_t *id,
	    struct tq_err *e);
	/* Counts for many paths at once, out[i] for paths[i] (0: no page); on
	 * failure out is undefined. */
	enum tq_code (*page_counts)(struct tq_store *s, int64_t site_id,
	    const tq_str *paths, size_t n, int64_t *out, struct tq_err *e);

	/* w: assigns id, site_id, root_id, depth, state_us, change; updates the
	 * page's and the ancestors' counts.  An answer to a comment at
	 * TQ_DEPTH_MAX gets that one's parent as its own.  TQ_ENOTFOUND without
	 * that page, or when the parent is not on it or not published;
	 * TQ_EINVALID when deleted, or spam or a time is out of range.  On
	 * failure c is as it was. */
	enum tq_code (*comment_add)(struct tq_store *s, struct tq_comment *c,
	    struct tq_err *e);
	/* TQ_ENOTFOUND.  This and the lists below, but not thread, give TQ_EIO
	 * for a row whose MAC is wrong. */
	enum tq_code (*comment_get)(struct tq_store *s, int64_t id,
	    struct tq_arena *a, struct tq_comment *out, struct tq_err *e);
	/* w: new body and state, by its author; TQ_ECONFLICT unless the state
	 * still is from, TQ_EINVALID from or to deleted. */
	enum tq_code (*comment_edit)(struct tq_store *s, int64_t id,
	    enum tq_state from, enum tq_state to, tq_str body, double spam,
	    tq_str reasons, int64_t now_us, struct tq_err *e);
	/* w: TQ_ECONFLICT unless the state still is from; from == to changes
	 * nothing.  To deleted: name, url, body, sealed e-mail, owner, spam and
	 * reasons are overwritten (a damaged row, too), for good, as are the
	 * copies in the feedback log: from deleted is TQ_EINVALID.  The row
	 * stays; its place is shown while something published hangs below. */
	enum tq_code (*comment_set_state)(struct tq_store *s, int64_t id,
	    enum tq_state from, enum tq_state to, bool by_author,
	    int64_t now_us, struct tq_err *e);
	/* Shown comments (published, and tombstones that hold the tree) from
	 * the cursor on, at most max.  As a page may show them: without
	 * sealed e-mail and reasons, and a tombstone without name, url, body,
	 * owner and spam.  The cost is that of the rows returned.
	 * TQ_ENOTFOUND when the cursor's comment is not in that thread. */
	enum tq_code (*thread)(struct tq_store *s, int64_t page_id,
	    enum tq_sort sort, const struct tq_cursor *from, size_t max,
	    struct tq_arena *a, struct tq_thread_slice *out,
	    struct tq_err *e);
	/* Cursor of the slice of max that begins with the thread (root) of
	 * this comment, moved on inside it by whole slices until the comment
	 * is in.  Counts the places before it in its root.  TQ_ENOTFOUND when
	 * it is not shown, TQ_EINVALID when max is 0. */
	enum tq_code (*thread_place)(struct tq_store *s, int64_t comment_id,
	    enum tq_sort sort, size_t max, struct tq_cursor *out,
	    struct tq_err *e);
	/* This reader's comments on the page that are held or spam, or newer
	 * than since_us in any state but deleted; oldest first, at most 50. */
	enum tq_code (*comments_of_owner)(struct tq_store *s, int64_t page_id,
	    const uint8_t *owner, int64_t since_us, struct tq_arena *a,
	    struct tq_comment **out, size_t *n, struct tq_err *e);
	/* Number of published comments of this reader on the site, at most
	 * 100 are counted. */
	enum tq_code (*owner_published)(struct tq_store *s, int64_t site_id,
	    const uint8_t *owner, int64_t *out, struct tq_err *e);
	/* Newest first, id < before_id (0: newest), site_id 0: all sites,
	 * page_id 0: all pages. */
	enum tq_code (*comments_in_state)(struct tq_store *s, int64_t site_id,
	    int64_t page_id, enum tq_state state, int64_t before_id,
	    size_t max, struct tq_arena *a, struct tq_comment **out,
	    size_t *n, struct tq_err *e);
	/* How many there are in each state; site_id 0: all. */
	enum tq_code (*state_counts)(struct tq_store *s, int64_t site_id,
	    int64_t out[TQ_STATES], struct tq_err *e);

	/* w */
	enum tq_code (*feedback_add)(struct tq_store *s,
	    const struct tq_feedback *f, int64_t *seq, struct tq_err *e);
	enum tq_code (*feedback_after)(struct tq_store *s, int64_t seq,
	    size_t max, struct tq_arena *a, struct tq_feedback **out,
	    size_t *n, struct tq_err *e);
	/* The other way: rows before seq, the newest first. */
	enum tq_code (*feedback_before)(struct tq_store *s, int64_t seq,
	    size_t max, struct tq_arena *a, struct tq_feedback **out,
	    size_t *n, struct tq_err *e);
	/* w: blanks name, url and body of what this actor taught at since_us
	 * or later, for good (damaged rows, too); the rows stay.  *n had
	 * something to blank. */
	enum tq_code (*feedback_blank)(struct tq_store *s, tq_str actor,
	    int64_t since_us, int64_t *n, struct tq_err *e);
	/* Rows of this actor that teach something still. */
	enum tq_code (*feedback_taught)(struct tq_store *s, tq_str actor,
	    int64_t *spam, int64_t *ham, struct tq_err *e);

	/* w: what the site's filter has learnt, and the last row of the
	 * feedback log that is in it; replaces the one before. */
	enum tq_code (*model_put)(struct tq_store *s, int64_t site_id,
	    int64_t cursor, tq_str bytes, struct tq_err *e);
	/* TQ_ENOTFOUND: nothing was learnt yet; TQ_EIO: damaged. */
	enum tq_code (*model_get)(struct tq_store *s, int64_t site_id,
	    struct tq_arena *a, int64_t *cursor, tq_str *bytes,
	    struct tq_err *e);
	/* w: as if nothing had been learnt; without a model, too. */
	enum tq_code (*model_drop)(struct tq_store *s, int64_t site_id,
	    struct tq_err *e);

	/* w: assigns id.  TQ_ENOTFOUND without that site, TQ_ECONFLICT when
	 * the hash is there, TQ_EINVALID a limit or time below 0 or a hint of
	 * more than 16 bytes. */
	enum tq_code (*api_key_add)(struct tq_store *s, struct tq_api_key *k,
	    struct tq_err *e);
	/* TQ_ENOTFOUND; TQ_EIO when the row's MAC is wrong. */
	enum tq_code (*api_key_get)(struct tq_store *s, int64_t id,
	    struct tq_arena *a, struct tq_api_key *out, struct tq_err *e);
	/* w: everything but id, site and created_us, which stay.
	 * TQ_ENOTFOUND, TQ_ECONFLICT and TQ_EINVALID as above. */
	enum tq_code (*api_key_put)(struct tq_store *s,
	    const struct tq_api_key *k, struct tq_err *e);
	/* All by id, also the revoked ones.  A row whose MAC is wrong is marked
	 * as damaged: one bad key must not take the others with it. */
	enum tq_code (*api_key_list)(struct tq_store *s, struct tq_arena *a,
	    struct tq_api_key **out, size_t *n, struct tq_err *e);
	/* w: adds to the counts of that key, day and site.  A site that is new
	 * when the key has TQ_USE_SITES_MAX on that day is counted under "".
	 * Counts of a damaged row grow, and it stays damaged.  TQ_ENOTFOUND
	 * without that key, TQ_EINVALID a day that is none, a site of more than
	 * TQ_USE_SITE_MAX bytes or a count below 0. */
	enum tq_code (*key_use_add)(struct tq_store *s,
	    const struct tq_use_row *r, struct tq_err *e);
	/* By day, then site (bytes).  TQ_EIO for a damaged row. */
	enum tq_code (*key_use_list)(struct tq_store *s,
	    const struct tq_use_ask *ask, struct tq_arena *a,
	    struct tq_use_row **out, size_t *n, struct tq_err *e);
	/* The sums of what list would give, damaged rows, too. */
	enum tq_code (*key_use_sum)(struct tq_store *s,
	    const struct tq_use_ask *ask, int64_t out[TQ_USES],
	    struct tq_err *e);

	/* The newest change number; every visible change takes the next. */
	enum tq_code (*change_last)(struct tq_store *s, int64_t *out,
	    struct tq_err *e);
	/* Reads everything: engine's own check, row MACs, tree and counts.
	 * problem is called once for each fault, with one line of text.
	 * TQ_OK also with problems; *n_checked rows, *n_bad faults. */
	enum tq_code (*verify)(struct tq_store *s,
	    void (*problem)(void *ctx, const char *line), void *ctx,
	    int64_t *n_checked, int64_t *n_bad, struct tq_err *e);
};

struct tq_store {		/* first member of each */
	const struct tq_store_ops *ops;
};

struct tq_store_options {
	const char *path;	/* SQLite file; ":memory:" is fine */
	bool read_only;		/* a reading handle */
	const uint8_t *mac_key;	/* TQ_KEY_BYTES; borrowed while open (by a
				 * pool: until it is freed) */
};

/* Opens the SQLite store; without read_only it makes the file and brings the
 * schema up to date, each migration (sql/NNN_name.sql) in its own transaction.
 * TQ_ECONFLICT when the schema is newer than this program knows, when it is
 * older and the handle is read_only, or when the file is another program's. */
enum tq_code tq_store_open_sqlite(const struct tq_store_options *o,
    struct tq_store **out, struct tq_err *e);
/* A store that forgets: for tests.  Reading and writing handle are the same. */
enum tq_code tq_store_open_memory(struct tq_store **out, struct tq_err *e);
/* NULL is fine. */
void tq_store_close(struct tq_store *s);

/* A pool of reading handles, opened when first needed, at most max of them;
 * take blocks when all are out.  Any thread.  TQ_EINVALID for ":memory:". */
struct tq_store_pool;
enum tq_code tq_store_pool_new(const struct tq_store_options *o, size_t max,
    struct tq_store_pool **out, struct tq_err *e);
enum tq_code tq_store_pool_take(struct tq_store_pool *p, struct tq_store **out,
    struct tq_err *e);
/* A pool of one handle that somebody else closes: for tests, where the store
 * in memory is read through the handle that is written. */
enum tq_code tq_store_pool_of(struct tq_store *s, struct tq_store_pool **out,
    struct tq_err *e);
void tq_store_pool_put(struct tq_store_pool *p, struct tq_store *s);
void tq_store_pool_free(struct tq_store_pool *p);

#endif
