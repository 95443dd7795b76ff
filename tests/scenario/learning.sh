#!/bin/sh
# The filter at work: it holds plain advertising from the first minute, learns
# from a decision at once, remembers over a stop and a crash, and what it has
# learnt can be made again from the log alone.
. "$(dirname "$0")/lib.sh"
make_data
site ar filter=yes
site en filter=yes
serve
state() { sql "SELECT state FROM comment WHERE id = $1"; }
say() { api_comment page=/one name="$1" text="$2"; }

say Ann 'What a stupid article, I disagree with every word of it.'
is 'an angry comment is published' "$(state "$id")" 0
say سعاد 'مقال رائع وشكرا للكاتبة على هذا التعب، الله يعطيها العافية'
is 'a kind one in Arabic, too' "$(state "$id")" 0
say Rich 'Earn 5000 dollars weekly from home! WhatsApp +1 555 010 2233 now'
is 'plain advertising is not' "$([ "$(state "$id")" -ge 1 ] && echo held)" held
is 'and it is said why' "$(sql "SELECT reasons FROM comment WHERE id = $id")" filter

# A kind of advertising that the shipped model lets pass.
say Tom 'Zarkulin drops for your knees, order the zarkulin bottle today'
first=$id
is 'unknown words pass' "$(state "$first")" 0
taliq comment spam "$first" >/dev/null
learnt() {
	say Tim 'Order zarkulin drops today, a bottle of zarkulin for the knees'
	[ "$(state "$id")" -ge 1 ]
}
ok 'one decision is enough to know the next' within 5 learnt
say Ann 'My knees hurt too when the weather turns, as the article says.'
is 'and spares the innocent neighbour' "$(state "$id")" 0
HOST=en.test
say Tom 'Order zarkulin drops today, a bottle of zarkulin for the knees'
is "another site's model has not changed" "$(state "$id")" 0
HOST=ar.test

stop
bytes() { sql 'SELECT hex(bytes) FROM model ORDER BY site_id'; }
cursor() { sql 'SELECT cursor FROM model'; }
is 'what was learnt is kept' "$(cursor)" \
    "$(sql 'SELECT max(seq) FROM feedback')"
before=$(bytes)
sqlite3 "$DATA/taliq.db" 'DELETE FROM model'
serve
stop
is 'and the log alone gives the same bytes' "$(bytes)" "$before"
serve
ok 'after a start it is still known' learnt
kill -KILL "$SERVER"
wait "$SERVER" 2>/dev/null
serve
ok 'after a crash, too' learnt
ok 'the store is whole' taliq verify
finish
