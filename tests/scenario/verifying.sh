#!/bin/sh
# "taliq verify" finds nothing in a sound database and one flipped byte in a
# damaged one, beside the server, too.
. "$(dirname "$0")/lib.sh"
make_data
serve
for i in 1 2 3 4 5; do
	api_comment page=/one name="Reader $i" text="Some text of number $i"
done
api_comment page=/one name=Held text='https://example.org' parent="$id"
taliq comment spam 2 >/dev/null
taliq comment delete 3 >/dev/null
taliq verify >"$T/said"
is 'a sound database, beside the server' "$?" 0
ok 'many rows, no problems' grep -Eq '^[0-9]+ rows read, 0 problems$' "$T/said"
taliq comment list --state published >"$T/before"
stop
ok 'and without it' taliq verify
cp "$DATA/taliq.db" "$T/good.db"

# flip TEXT N: another bit in the file, N bytes behind the first TEXT
flip() {
	python3 - "$DATA/taliq.db" "$1" "$2" <<-'PY'
	import sys
	path, text, n = sys.argv[1], sys.argv[2].encode(), int(sys.argv[3])
	with open(path, "r+b") as f:
	    data = f.read()
	    at = data.index(text) + n
	    f.seek(at)
	    f.write(bytes([data[at] ^ 1]))
	PY
}
damaged() {	# damaged TITLE
	taliq verify >"$T/said" 2>&1
	is "$1 is found" "$?" 1
	ok '  with a line about it' grep -Eq '[1-9][0-9]* problems?$' "$T/said"
	cp "$T/good.db" "$DATA/taliq.db"
	rm -f "$DATA/taliq.db-wal" "$DATA/taliq.db-shm"
}
flip 'Some text of number 4' 3
damaged 'a bit in a text'
flip 'Reader 5' 7
damaged 'a bit in a name'
flip 'http://ar.test' 8
damaged 'a bit in a setting'
for change in "UPDATE comment SET state = 0 WHERE id = 6" \
    "UPDATE comment SET state = 0, body = 'x' WHERE id = 2" \
    "UPDATE comment SET created_us = created_us + 1 WHERE id = 4" \
    "UPDATE comment SET parent_id = 1 WHERE id = 5" \
    "UPDATE comment SET owner = NULL WHERE id = 5" \
    "UPDATE comment SET replies = 7 WHERE id = 1" \
    "UPDATE page SET published = 99" \
    "UPDATE page SET path = '/other'" \
    "DELETE FROM comment WHERE id = 4" \
    "UPDATE feedback SET body = 'x' WHERE seq = 1" \
    "UPDATE tally SET n = n + 1"; do
	python3 - "$DATA/taliq.db" "$change" <<-'PY'
	import sqlite3, sys
	db = sqlite3.connect(sys.argv[1])
	db.execute("PRAGMA foreign_keys = OFF")
	db.execute(sys.argv[2])
	db.commit()
	PY
	damaged "by another program: $change"
done
ok 'the copy is sound' taliq verify

flip 'Some text of number 4' 3
serve
get /one
is 'a server over a damaged row still serves' "$status" 200
api_comment page=/one name=New text='Still taking comments'
is 'and takes comments' "$status" 201
stop
finish
