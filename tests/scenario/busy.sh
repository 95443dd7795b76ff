#!/bin/sh
# When the store cannot take a comment for a while the reader is told so and
# loses nothing; reading goes on, and so does writing afterwards.
. "$(dirname "$0")/lib.sh"
make_data
serve
api_comment page=/one name=Before text='From before'
tokens 1 /one
settle

# Another program holds the database's lock until it is told to let go.
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
curl -sS -o "$T/api.body" -D "$T/api.head" -H "Host: $HOST" \
    -H 'Content-Type: application/json' \
    -d '{"page":"/one","name":"Api","text":"By the API"}' \
    "$URL/api/v1/comments" &
api=$!
comment /one name='Patient' email=patient@example.org text='Much thought went into this'
is 'the form comes back' "$status" 503
has 'with the reason' "$T/body" 'role="alert"'
is 'and all that was typed' "$(page value name) $(page value email) $(page value text)" \
    'Patient patient@example.org Much thought went into this'
ok 'and when to try again' test "$(header Retry-After)" -ge 1
again=$(page value token)
get /one
is 'reading goes on' "$(page comments | cut -f 4)" Before
wait "$api"
is 'the API says the same, as a problem' "$(jq .status "$T/api.body")" 503
has 'with a time' "$T/api.head" 'Retry-After: '

: >"$T/let-go"
wait "$holder"
send /comments page=/one token="$again" name='Patient' \
    text='Much thought went into this'
is 'then one more click sends it' "$status" 303
get /one
is 'once' "$(page comments | cut -f 4 | tr '\n' ' ')" 'Patient Before '
lacks 'the log has no text of it' "$T/log" Patient
has 'but that it failed' "$T/log" comment_not_stored
: >"$T/log"
finish
