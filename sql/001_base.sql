-- The base schema.  Times are microseconds since 1970 UTC, given by the
-- program; booleans are 0 or 1; states are enum tq_state (0 published, 1 held,
-- 2 spam, 3 deleted).  mac is a keyed BLAKE2b over the lasting columns of the
-- row (store_sql_row.c); columns that are counted from other rows (published,
-- replies, shown, page.change) are outside it and recomputed by verify.

CREATE TABLE site (
	id INTEGER PRIMARY KEY,
	created_us INTEGER NOT NULL,
	name TEXT NOT NULL UNIQUE,
	mac BLOB NOT NULL
) STRICT;

-- site_id 0 is the installation itself.
CREATE TABLE setting (
	site_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	mac BLOB NOT NULL,
	PRIMARY KEY (site_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE page (
	id INTEGER PRIMARY KEY,
	site_id INTEGER NOT NULL REFERENCES site (id),
	published INTEGER NOT NULL DEFAULT 0,
	change INTEGER NOT NULL DEFAULT 0,
	created_us INTEGER NOT NULL,
	path TEXT NOT NULL,
	title TEXT NOT NULL,
	mac BLOB NOT NULL,
	UNIQUE (site_id, path)
) STRICT;

-- path orders a thread depth-first by plain byte comparison (path.h); it is
-- empty at the top level.  shown: published, or with published replies below.
-- The long columns stand last, so that the short ones are read without them.
CREATE TABLE comment (
	id INTEGER PRIMARY KEY,
	page_id INTEGER NOT NULL REFERENCES page (id),
	site_id INTEGER NOT NULL REFERENCES site (id),
	parent_id INTEGER REFERENCES comment (id),
	root_id INTEGER NOT NULL,
	depth INTEGER NOT NULL,
	state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),
	shown INTEGER NOT NULL,
	replies INTEGER NOT NULL,
	change INTEGER NOT NULL,
	by_author INTEGER NOT NULL,
	created_us INTEGER NOT NULL,
	edited_us INTEGER NOT NULL,
	state_us INTEGER NOT NULL,
	spam REAL NOT NULL,
	owner BLOB,
	path BLOB NOT NULL,
	mac BLOB NOT NULL,
	name TEXT NOT NULL,
	url TEXT NOT NULL,
	reasons TEXT NOT NULL,
	email_sealed BLOB NOT NULL,
	body TEXT NOT NULL
) STRICT;

-- A thread: its top-level comments in each order, and each of their trees;
-- all by page first, so that what is read together lies together.
CREATE INDEX comment_root ON comment (page_id, id)
	WHERE depth = 0 AND shown = 1;
CREATE INDEX comment_best ON comment (page_id, replies, id)
	WHERE depth = 0 AND shown = 1;
CREATE INDEX comment_tree ON comment (page_id, root_id, path)
	WHERE shown = 1;
-- Lists by state: of one page, of one site, of all.
CREATE INDEX comment_page_state ON comment (page_id, state, id);
CREATE INDEX comment_site_state ON comment (site_id, state, id);
CREATE INDEX comment_state ON comment (state, id);
-- One reader's comments.
CREATE INDEX comment_owner ON comment
	(owner, state, site_id, page_id, created_us) WHERE owner IS NOT NULL;

-- How many comments of a site are in a state.
CREATE TABLE tally (
	site_id INTEGER NOT NULL REFERENCES site (id),
	state INTEGER NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (site_id, state)
) STRICT, WITHOUT ROWID;

-- The newest change number; one row.
CREATE TABLE counter (
	name TEXT NOT NULL PRIMARY KEY,
	value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, value) VALUES ('change', 0);

-- Append-only.  comment_id 0: judged without being kept (Akismet clients).
CREATE TABLE feedback (
	seq INTEGER PRIMARY KEY,
	site_id INTEGER NOT NULL,
	comment_id INTEGER NOT NULL,
	at_us INTEGER NOT NULL,
	from_state INTEGER NOT NULL,
	to_state INTEGER NOT NULL,
	actor TEXT NOT NULL,
	mac BLOB NOT NULL,
	name TEXT NOT NULL,
	url TEXT NOT NULL,
	body TEXT NOT NULL
) STRICT;
-- The copies of a comment, to blank them with it.
CREATE INDEX feedback_comment ON feedback (comment_id);
