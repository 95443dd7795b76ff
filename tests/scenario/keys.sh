#!/bin/sh
# Keys of Akismet clients, from the command line, beside the server or without
# it: made with their site, limited, renewed, ended; their text is told once and
# stands nowhere.
. "$(dirname "$0")/lib.sh"
"$TALIQ" init --data "$DATA" >/dev/null

run() {	# run ARGUMENTS: $status, $T/said, $T/complaint
	taliq key "$@" >"$T/said" 2>"$T/complaint"
	status=$?
}
text() { tail -n 1 "$T/said" | tee -a "$T/texts"; }
is_text() { printf '%s\n' "$1" | grep -Eqx '[0-9a-f]{12}'; }
column() { run list; sed -n "s/^$1	//p" "$T/said" | cut -f "$2"; }
shown() { run show "$1"; sed -n "s/^$2 = //p" "$T/said"; }
: >"$T/texts"

# One command on a fresh installation.
run add --site https://www.Example.org/blog/
is 'a key on a fresh installation' "$status" 0
is 'its site is made and told' "$(head -n 1 "$T/said")" \
    'site www-example-org was added (comments=no)'
ok 'twelve hex digits on the last line' is_text "$(text)"
is 'the site has that origin' "$(taliq site list | cut -f 1,3)" \
    "$(printf 'www-example-org\thttps://www.example.org')"

serve
is 'that site is no board of its own' "$(curl -s -o /dev/null -w '%{http_code}' \
    "$URL/api/v1/comments" -H 'Content-Type: application/json' \
    -d '{"site": "www-example-org", "page": "/a", "name": "N", "text": "Hm."}')" \
    403
id=1
for server in with without; do
	[ $server = with ] || stop
	id=$((id + 1))
	run add --site www-example-org --per-minute 60 --per-month=9000 \
	    --lessons-per-hour 7 --webhook yes
	is "$server a server: a key for a site that is there" "$status" 0
	ok "$server: no site is made" grep -q "^key $id of site" "$T/said"
	one=$(text)
	ok "$server: its text" is_text "$one"
	is "$server: the list has all of it" "$(column $id 1-7)" \
	    "$(printf 'www-example-org\t%.4s...\tgood\t60\t9000\t7\tyes' "$one")"
	run show $id
	is "$server: so has show" "$(grep -E '^(key|site|state|per|les|web)' "$T/said")" \
	    "key = $id
site = www-example-org
state = good
per_minute = 60
per_month = 9000
lessons_per_hour = 7
webhook = yes"
	is "$server: not used yet" "$(shown $id this_month)" \
	    '0 spam, 0 good, 0 missed spam, 0 taken for spam'
	is "$server: nothing taught" "$(shown $id taught)" '0 spam, 0 good'

	run limit $id --per-minute 0 --webhook no
	is "$server: a limit is changed" "$status" 0
	is "$server: the others stay" "$(column $id 4-7)" \
	    "$(printf '0\t9000\t7\tno')"

	hash=$(sql "SELECT hex(hash) FROM api_key WHERE id = $id")
	run rotate $id --keep-old 2
	two=$(text)
	ok "$server: a new text" is_text "$two"
	ok "$server: another one" [ "$one" != "$two" ]
	is "$server: the old one is kept so long" "$(column $id 3)" rotated
	is "$server: as the old one" \
	    "$(sql "SELECT hex(old_hash) FROM api_key WHERE id = $id")" "$hash"
	run rotate $id
	ok "$server: again" is_text "$(text)"
	is "$server: now at once" "$(column $id 3)" good
	is "$server: the old one is no longer good" \
	    "$(sql "SELECT old_until_us FROM api_key WHERE id = $id")" 1

	run unlearn $id --hours 24
	is "$server: nothing to take back" "$(cat "$T/said")" "0 lessons of key \
$id were taken back; its site was learnt anew without them"

	run revoke $id
	is "$server: revoked" "$status" 0
	is "$server: it stays in the list" "$(column $id 3)" revoked
	for act in revoke rotate 'limit --per-minute 1'; do
		# shellcheck disable=SC2086
		run $act $id
		is "$server: $act is a plain no then" \
		    "$status: $(cat "$T/complaint")" \
		    "1: taliq: key $id is revoked"
	done

	site=www-example-org
	for wrong in 'add' 'add --site' 'add --site example.org:x' \
	    "add --site $site --per-minute -1" \
	    "add --site $site --per-month many" \
	    "add --site $site --webhook perhaps" "add --site $site c" 'list 1' 'show' \
	    'show x' 'show 0' 'limit 1' "limit 1 --per-hour 3" \
	    'rotate 1 --keep-old 99999' 'unlearn' 'unlearn 1 --hours x' \
	    'unlearn 1 --hours 0' \
	    'nothing' ''; do
		# shellcheck disable=SC2086
		run $wrong
		is "$server: \"key $wrong\" is no usage" "$status" 2
		ok "$server: it says why, in one line" [ \
		    "$(grep -c . "$T/complaint")" = 2 ]
	done
	for act in show revoke rotate unlearn 'limit --per-minute 1'; do
		# shellcheck disable=SC2086
		run $act 99
		is "$server: $act of none" "$status: $(cat "$T/complaint")" \
		    '1: taliq: there is no key 99'
	done
	run add --site blogg
	is "$server: a name makes no site" "$status: $(cat "$T/complaint")" \
	    '1: taliq: there is no site "blogg"; an address, as https://example.org, makes one'
done
is 'nothing was made by mistake' "$(taliq site list | wc -l)" 1

serve
nowhere() {
	while read -r key; do
		! grep -rqi -e "$key" "$DATA" "$T/log" || return 1
	done <"$T/texts"
}
is 'so many texts were told' "$(wc -l <"$T/texts")" 7
ok 'none of them stands on the disk or in the log' nowhere

# Used and taught over the wire; what it taught is taken back while it serves.
run add --site https://taught.test
key=$(text) id=$((id + 1))
call() {	# call NAME TEXT
	curl -sS --max-time 20 -d "api_key=$key" -d blog=https://taught.test/b/ \
	    -d user_ip=203.0.113.7 --data-urlencode "comment_content=$2" \
	    "$URL/1.1/$1"
}
spam='Zarkulin drops for your knees, order the zarkulin bottle today'
is 'unknown words pass' "$(call comment-check "$spam")" false
for n in '' 2 3 4 5; do
	call submit-spam "$spam$n" >/dev/null
done
learnt() { [ "$(call comment-check "$spam")" = true ]; }
forgotten() { [ "$(call comment-check "$spam")" = false ]; }
ok 'it learns' within 10 learnt
is 'so many lessons' "$(shown $id taught)" '5 spam, 0 good'
run show $id
has 'its use is seen at once' "$T/said" ' 1 good, 1 missed spam,'
has 'and on which site' "$T/said" 'on taught.test/b'
run unlearn $id
is 'they are taken back' "$(cut -d ' ' -f 1-2 "$T/said")" '5 lessons'
ok 'and forgotten at once' forgotten
is 'none is left' "$(shown $id taught)" '0 spam, 0 good'
used=$(shown $id this_month)
stop
is 'a stop loses no count' "$(shown $id this_month)" "$used"
serve
ok 'forgotten after a start, too' forgotten

# A flipped bit in one key is the end of that key, not of the server.
run add --site www-example-org
bad=$((id + 1))
stop
sqlite3 "$DATA/taliq.db" "UPDATE api_key SET per_month = 3 WHERE id = $bad"
serve
is 'a damaged key is called so' "$(column $bad 3)" damaged
is 'the others are not' "$(column 1 3)" good
run revoke $bad
is 'it cannot be changed' "$status: $(cat "$T/complaint")" \
    "3: taliq: key $bad is damaged: its MAC is wrong"
ok 'the log names it' grep -q "api_key_damaged key=$bad" "$T/log"
sqlite3 "$DATA/taliq.db" "UPDATE api_key SET per_month = 0 WHERE id = $bad"
: >"$T/log"
finish
