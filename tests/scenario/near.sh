#!/bin/sh
# What is almost equal to a text marked as spam waits, and it is said why:
# rewritings are known over a restart, at their own site, until the decision is
# taken back.
. "$(dirname "$0")/lib.sh"
make_data
site ar filter=yes
site en filter=yes
serve
tries=0
say() { api_comment page=/one name="$1" text="$2"; }
state() { sql "SELECT state FROM comment WHERE id = $id"; }
why() { sql "SELECT reasons FROM comment WHERE id = $id"; }
# waits TITLE TEXT: it is held or spam, for that reason
waits() {
	say Tim "$2"
	case $(state) in
	1 | 2) pass "$1" ;;
	*) fail "$1" "state $(state)" ;;
	esac
	why >"$T/why"
	has "$1: the reason" "$T/why" near-spam
}
appears() {
	say Ann "$2"
	is "$1" "$(state) $(why)" '0 '
}
known() {	# known TEXT: whether it waits for that reason
	tries=$((tries + 1))
	say "Tim $tries" "$1"	# the same twice would be the first
	why | grep -q near-spam
}

end='bottles of them, and dance again like a girl of twenty at every wedding'
text="Since spring I use the zarkulin drops of Doctor Haddad, 3 $end"
appears 'a kind of advertising that passes' "$text"
first=$id
taliq comment spam "$first" >/dev/null
ok 'it is learnt' within 5 known "$text"

tool=$(printf '\342\200\213')
waits 'with invisible characters' \
    "$(echo "$text" | sed "s/o/o$tool/g; s/a/a$tool/g")"
waits 'another number' \
    "Since spring I use the zarkulin drops of Doctor Haddad, 7 $end"
waits 'words added' "Hello, $text. Thanks!"
waits 'letters of another script' "$(echo "$text" | sed 's/a/а/g; s/o/о/g')"
appears 'a comment on the matter does not wait' \
    'My grandmother dances again since she walks by the sea each morning, no doctor told her to.'
taliq comment list --state held --json >"$T/held"
taliq comment list --state spam --json >>"$T/held"
ok 'programs are told the reason' \
    jq -es "all(.[]; .id == $first or (.reasons | contains(\"near-spam\")))" \
    "$T/held"

arabic='الشيخ مبروك يرد لك الغائب ويحل كل عقدة في البيت خلال ثلاثة ايام، اسألوا عنه الناس'
say Tom "$arabic"
taliq comment spam "$id" >/dev/null
ok 'in Arabic' within 5 known "$arabic"
waits 'tatweel and vowel marks' \
    'الشيـخ مبـروك يَرُدّ لك الغائـب ويَحلّ كلّ عقـدة في البيـت خلال ثلاثة ايّام، اسألوا عنه النـاس'
appears 'an Arabic neighbour does not wait' \
    'الشيخ الذي كان جارنا رحمه الله كان يقول ان الغائب عذره معه، فاسألوا قبل ان تحكموا'

HOST=en.test
say Tim "$text"
is 'another site has its own' "$(why)" ''
HOST=ar.test

stop
serve
waits 'a restart forgets nothing' "$text!"
kill -KILL "$SERVER"
wait "$SERVER" 2>/dev/null
serve
waits 'nor does a crash' "$text!!"

# The newest decision on a text counts.
taliq comment publish "$first" >/dev/null
unknown() { ! known "$text"; }
ok 'what is published after all is no example' within 5 unknown
taliq comment spam "$first" >/dev/null
ok 'until it is spam again' within 5 known "$text"
lacks 'the log has nothing of it' "$T/log" zarkulin
ok 'the store is whole' taliq verify
finish
