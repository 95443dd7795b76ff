#!/bin/sh
# A client is told when lessons turn what it was told clearly round: only where
# its key allows it, only at its own site, once.
. "$(dirname "$0")/lib.sh"
python3 "$here/../akismet/receiver.py" "$T/port" "$T/calls" 2>"$T/receiver" &
receiver=$!
# One that nobody vouches for.
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days 2 \
    -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' \
    -keyout "$T/tls.key" -out "$T/tls.crt" 2>/dev/null
cat "$T/tls.key" "$T/tls.crt" >"$T/tls.pem"
python3 "$here/../akismet/receiver.py" "$T/tls.port" "$T/tls.calls" "$T/tls.pem" \
    2>/dev/null &
untrusted=$!
trap 'kill "$receiver" "$untrusted" 2>/dev/null; clean_up' EXIT
within 10 test -s "$T/port"
within 10 test -s "$T/tls.port"
origin=http://127.0.0.1:$(cat "$T/port")
tls_origin=https://127.0.0.1:$(cat "$T/tls.port")
: >"$T/calls"
: >"$T/tls.calls"
make_data
site ar filter=yes origins="http://ar.test,$origin,$tls_origin"
new_key --site ar
quiet_key=$KEY
new_key --site ar --webhook yes
serve
text='Order zarkulin drops today, a bottle of zarkulin for the knees'

notice=$(said ar "notice|A comment of another site of this publication may be \
judged here. When the filter changes its mind about one, this server tells that \
site's own server the number of the comment there, and whether it is spam; nothing \
else.")
get /privacy
has 'the notice says so' "$T/body" "$notice"
get /.well-known/taliq-privacy.json
is 'for programs, too' "$(answer '.outgoing_connections | @csv')" '"webhook"'
HOST=en.test
get /privacy
lacks 'not where no key has it on' "$T/body" 'may be judged here'
HOST=ar.test

check comment_author=Tim comment_content="$text" callback="$origin/wp-json/hook"
told=$guid
is 'unknown advertising passes' "$said" false
check comment_author=Ann comment_content='My knees hurt too, as the article says.' \
    callback="$origin/good"
check comment_author=Tam comment_content="$text now" callback=http://127.0.0.1:1/x
check comment_author=Tem comment_content="$text now!" \
    callback="http://user@${origin#http://}/user"
check comment_author=Tum comment_content="$text now?" callback="$origin/moved"
moved=$guid
check comment_author=Tem comment_content="$text soon" callback="$tls_origin/secret"
check comment_author=Tom comment_content="$text here"
hook_key=$KEY
KEY=$quiet_key
check comment_author=Tym comment_content="$text there" callback="$origin/quiet"
for n in 1 2 3 4 5 6 7 8; do
	ak submit-spam user_ip=1 comment_author=Tom comment_content="$text $n"
done
KEY=$hook_key

called() {
	grep -q "$1" "$T/calls"
}
comment="comments%5B0%5D%5Bguid%5D=$told&comments%5B0%5D%5Bresult%5D=true"
ok 'the client is called back' within 30 called /wp-json/hook
is 'with its guid and the new result' "$(grep /wp-json/hook "$T/calls")" \
    "POST /wp-json/hook 1 key=$hook_key&endpoint=comment-check&$comment"
ok 'every callback of the site gets its own' within 30 called "$moved"
lacks 'nobody is led elsewhere' "$T/calls" /elsewhere
ak submit-spam user_ip=1 comment_author=Tom comment_content="$text 9"
within 30 grep -q 'webhook_failed.*status=302' "$T/log"
ok 'who cannot show a certificate is told nothing' \
    within 20 grep -q 'webhook_failed.*status=0' "$T/log"
is 'not a byte' "$(cat "$T/tls.calls")" ''
# Until the second look after the last lesson.
sleep 18
is 'once' "$(grep -c /wp-json/hook "$T/calls")" 1
lacks 'a good one is left alone' "$T/calls" /good
lacks "another origin is not called" "$T/calls" /user
lacks 'nor one whose key may not' "$T/calls" /quiet
has 'a failure is logged' "$T/log" webhook_failed
lacks 'without the address' "$T/log" "$origin"
taliq key limit "$KEY_ID" --webhook no >/dev/null
get /.well-known/taliq-privacy.json
is 'switched off, the notice says so' \
    "$(answer '.outgoing_connections | length')" 0
finish
