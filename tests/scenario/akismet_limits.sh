#!/bin/sh
# Too many calls, lessons and wrong keys are 429 with a time; what cannot be
# stored is 503: never an answer that a client could take for a verdict.
. "$(dirname "$0")/lib.sh"
make_data
conf 'network_wrong_keys_per_hour = 5' 'trusted_proxies = 127.0.0.1'
new_key --site ar
free_key=$KEY
new_key --site ar --per-minute 3
minute_key=$KEY
new_key --site ar --per-month 2
month_key=$KEY
new_key --site ar --lessons-per-hour 2
lesson_key=$KEY
new_key --site ar --lessons-per-hour 0
mute_key=$KEY
serve
# why TITLE TEXT: the answer and its help say which limit it was
why() {
	is "$1" "$(cat "$T/body") $(header X-akismet-debug-help)" "$2 $2"
}
from() {
	HEADER="X-Forwarded-For: $1"
}
lessons() { sql 'SELECT count(*) FROM feedback'; }

from 192.0.2.1
KEY=$minute_key
check && check && ak 1.2/usage-limit
is 'as many calls a minute as the key has' "$status" 200
check
is 'one more is too many' "$status" 429
why 'it says that it is the minute' \
    'Too many calls a minute with this key; try again later.'
ok 'it says when to come back' test "$(header Retry-After)" -ge 1
is 'no guid' "$guid" ''
KEY=$month_key
check && check
is 'as many comments a month' "$status" 200
check
is 'one more is too many this month' "$status" 429
why 'it says that it is the month' \
    'Too many comments this month with this key.'
ok 'until the next' test "$(header Retry-After)" -ge 1
ak 1.2/usage-limit
is 'and it says so' "$(answer '[.limit, .usage, .percentage, .throttled] | @csv')" \
    '2,2,"100.00",true'
KEY=$lesson_key
for n in 1 2; do
	ak submit-spam user_ip=1 comment_content="Lesson $n"
done
is 'as many lessons an hour' "$status $(lessons)" '200 2'
ak submit-ham user_ip=1 comment_content='Lesson 3'
is 'one more is too many an hour' "$status $(lessons)" '429 2'
why 'it says that it is the lessons' \
    'Too many lessons an hour with this key; try again later.'
check
is 'checks go on' "$status" 200
KEY=$mute_key
ak submit-spam user_ip=1 comment_content='Lesson 4'
is 'a key that may not teach is thanked for nothing' "$status $(lessons)" '200 2'

# --- guessing keys -----------------------------------------------------------

new_key --site ar
old_key=$KEY
ok 'a key is revoked' taliq key revoke "$KEY_ID"
guess() { KEY=00000000000$1 && check; }
for n in 1 2 3 4 5 6 7 8; do
	KEY=$old_key
	check
	KEY=''
	check
	KEY=no-such-key
	check
done
is 'an old key, a word or none is no guess' "$status $said" '200 invalid'
for n in 1 2 3 4 5; do
	guess $n
done
is 'a few wrong keys' "$status $said" '200 invalid'
guess 6
is 'then no more are tried' "$status" 429
why 'it says that it is the keys' \
    'Too many unknown keys from this network; try again later.'
req POST /1.1/verify-key -d "key=$KEY&blog=b"
is 'not even to verify' "$status" 429
KEY=$old_key
check
is 'an old key is told that it is one' "$status $said" '200 invalid'
KEY=$free_key
check
is 'a right key that is new here is right all the same' "$status" 200
from 198.51.100.1
guess 7
is 'other networks have tries of their own' "$status $said" '200 invalid'
get /metrics
has 'the figures count the refused' "$T/body" 'taliq_refused_total 2'
is 'the log says it once' "$(grep -c wrong_keys "$T/log")" 1
lacks 'without an address' "$T/log" 192.0.2

# --- when nothing can be written ---------------------------------------------

from 192.0.2.1
python3 - "$DATA/taliq.db" "$T" <<'PY' &
import os, sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
open(sys.argv[2] + "/held", "w").close()
while not os.path.exists(sys.argv[2] + "/let-go"):
    time.sleep(0.05)
db.execute("ROLLBACK")
PY
holder=$!
within 10 test -e "$T/held"
KEY=$free_key
ak submit-spam user_ip=1 comment_content='Not now'
is 'a lesson that cannot be stored is not thanked for' "$status" 503
why 'it says that it is the server' \
    'taliq cannot answer just now; try again soon.'
ok 'it says when to try again' test "$(header Retry-After)" -ge 1
check comment_content='Hello'
is 'checks need no disk' "$status" 200
: >"$T/let-go"
wait "$holder"
ak submit-spam user_ip=1 comment_content='Not now'
is 'the same lesson, sent again, is learnt' "$status $(lessons)" '200 3'
has 'the log says that it failed' "$T/log" lesson_not_stored
lacks 'but not what it was' "$T/log" 'Not now'
sed -i '/wrong_keys\|lesson_not_stored\|use_not_written\|key_use/d' "$T/log"
finish
