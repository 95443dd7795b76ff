-- What a site's moderators have taught the filter: the bytes of the local model
-- and the last row of the feedback log that is in them.
CREATE TABLE model (
	site_id INTEGER PRIMARY KEY REFERENCES site (id),
	cursor INTEGER NOT NULL,
	mac BLOB NOT NULL,
	bytes BLOB NOT NULL
) STRICT;
