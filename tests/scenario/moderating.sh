#!/bin/sh
# The operator decides from the command line, beside the server or without it;
# each decision is a row of the feedback log.
. "$(dirname "$0")/lib.sh"
make_data
serve
api_comment page=/one name=Ann text='Please look https://example.org/1'
a=$id
api_comment page=/one name=Bob text='Me too https://example.org/2'
b=$id
api_comment page=/one name=Cyd text='Nothing special'
c=$id
HOST=en.test
api_comment page=/one name=Dan text='In English https://example.org/3'
d=$id
HOST=ar.test

run() {	# run ARGUMENTS: $status, $T/said, $T/complaint
	taliq comment "$@" >"$T/said" 2>"$T/complaint"
	status=$?
}
state() { sql "SELECT state FROM comment WHERE id = $1"; }
log() { sql 'SELECT comment_id, from_state, to_state, actor, name, body
    FROM feedback ORDER BY seq'; }

for server in with without; do
	[ $server = with ] || stop
	run list
	is "$server a server: what is held, newest first" \
	    "$(cut -f 1 "$T/said" | tr '\n' ' ')" "$d $b $a "
	run list --site ar --limit 1
	is "$server: of one site, so many" "$(cut -f 1 "$T/said")" "$b"
	run list --before "$b"
	is "$server: further back" "$(cut -f 1 "$T/said")" "$a"
	run list --state published --json
	is "$server: for programs" "$(jq -r '[.id, .state, .name, .text] | @csv' \
	    "$T/said")" "$c,\"published\",\"Cyd\",\"Nothing special\""
	run show "$a"
	is "$server: one comment" "$status" 0
	has "$server: all of it" "$T/said" 'Please look https://example.org/1'
	has "$server: and why it waits" "$T/said" first-links
	run show 999
	is "$server: one that is not there is a plain no" "$status" 1
	is "$server: in one line" "$(wc -l <"$T/complaint")" 1
	run publish x
	is "$server: what is no number is a mistake" "$status" 2
	run adore "$a"
	is "$server: so is an act that is none" "$status" 2
	run list --state good
	is "$server: and a state" "$status" 2
	has "$server: it says what is allowed" "$T/complaint" \
	    'published, held, spam, deleted'
	run list --site none
	is "$server: no such site" "$status" 1
done
serve

run publish "$a"
is 'published' "$status $(cat "$T/said")" "0 comment $a: now published"
get /one
has 'it is on the page at once' "$T/body" 'example.org/1'
get /one/comments.atom
has 'in the feed' "$T/body" 'example.org/1'
run publish "$a"
is 'once more' "$status $(cat "$T/said")" "0 comment $a: already published"
run spam "$a"
get /one
lacks 'spam is off the page at once' "$T/body" 'example.org/1'
run hold "$c" "$a"
is 'several at once' "$(state "$a")$(state "$c")" 11
get /
lacks 'nothing is counted now' "$T/body" \
    "$(said ar '{n} comment' '{n} comments' 1)"
is 'each decision is in the log, with what was judged' "$(log)" \
    "$a|1|0|cli|Ann|Please look https://example.org/1
$a|0|2|cli|Ann|Please look https://example.org/1
$c|0|1|cli|Cyd|Nothing special
$a|2|1|cli|Ann|Please look https://example.org/1"
run delete "$a"
is 'deleted' "$(state "$a")" 3
run publish "$a"
is 'for good' "$status" 1
is 'in the log, too' "$(log | tail -n 1)" "$a|1|3|cli||"
run publish "$b" 999 "$d"
is 'a list stops where something is wrong' "$status $(state "$b")$(state "$d")" \
    '1 01'

stop
run publish "$c"
is 'without a server it decides itself' "$status $(state "$c")" '0 0'
run spam "$d"
is 'and logs' "$(log | tail -n 1 | cut -d '|' -f 1-4)" "$d|1|2|cli"
serve
get /one
is 'the server sees it' "$(page comments | cut -f 1 | tr '\n' ' ')" "$c $b "

# What comes out cannot steer a terminal.
api_comment page=/one name="$(printf 'A\033[31mB')" \
    text="$(printf 'x\033]0;title\007y\342\200\256z https://example.org')"
run list
lacks 'no escape reaches the terminal' "$T/said" "$(printf '\033')"
lacks 'nor what turns its lines round' "$T/said" "$(printf '\342\200\256')"
run show "$id"
lacks 'in the whole text neither' "$T/said" "$(printf '\033')"

get /one
ok 'a reply can be hidden with its thread kept' \
    test "$(page comments | wc -l)" -ge 2
api_comment page=/one name=Kid text='An answer' parent="$c"
run spam "$c"
get /one
has 'a tombstone says who' "$T/body" "$(said ar 'Removed by the moderators.')"
lacks 'and not what' "$T/body" 'Nothing special'
is 'the answer stays' "$(page comments | cut -f 1,3 | grep "^$id")" \
    "$(printf '%s\tpublished' "$id")"
finish
