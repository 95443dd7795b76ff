-- Keys of clients that speak Akismet's protocol.  A key's text is not here: hash
-- is a keyed BLAKE2b of it, hint its first four digits.  old_hash is the text
-- before the last rotation, good until old_until_us (0: none).  A key that was
-- revoked stays, with its counts.
CREATE TABLE api_key (
	id INTEGER PRIMARY KEY,
	site_id INTEGER NOT NULL REFERENCES site (id),
	created_us INTEGER NOT NULL,
	revoked_us INTEGER NOT NULL,
	old_until_us INTEGER NOT NULL,
	per_minute INTEGER NOT NULL,
	per_month INTEGER NOT NULL,
	lessons_per_hour INTEGER NOT NULL,
	webhook INTEGER NOT NULL,
	hash BLOB NOT NULL UNIQUE,
	old_hash BLOB NOT NULL,
	mac BLOB NOT NULL,
	hint TEXT NOT NULL
) STRICT;

-- How often a key was used: a row for each day (UTC, yyyymmdd) and site (host
-- and path of the address that the client calls its own, '' for the rest).
CREATE TABLE key_use (
	key_id INTEGER NOT NULL REFERENCES api_key (id),
	day INTEGER NOT NULL,
	site TEXT NOT NULL,
	spam INTEGER NOT NULL,
	ham INTEGER NOT NULL,
	missed_spam INTEGER NOT NULL,
	false_positive INTEGER NOT NULL,
	mac BLOB NOT NULL,
	PRIMARY KEY (key_id, day, site)
) STRICT, WITHOUT ROWID;

-- What one actor taught, to take it back.
CREATE INDEX feedback_actor ON feedback (actor, at_us, seq);
