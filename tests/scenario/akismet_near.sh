#!/bin/sh
# A client teaches one text of a campaign; its rewritings are spam, and explained,
# at that site alone, until what the key taught is taken back.
. "$(dirname "$0")/lib.sh"
make_data
new_key --site en
other=$KEY
new_key --site ar
site ar filter=yes
site en filter=yes
serve
why() { taliq key explain "$guid" >"$T/why"; }
REASON='text almost equal to one marked spam'
end='bottles of them, and dance again like a girl of twenty at every wedding'
text="Since spring I use the zarkulin drops of Doctor Haddad, 3 $end"
more="Hello! Since spring I use the zarkulin drops of Doctor Haddad, 8 $end"

said_is() {	# said_is ANSWER TEXT
	check comment_author=Tim comment_content="$2"
	[ "$said" = "$1" ]
}
ok 'it passes' said_is false "$text"
ak submit-spam user_ip=1 guid="$guid"
learnt() { said_is true "$more" && why && grep -qF "$REASON" "$T/why"; }
ok 'one lesson, and a rewriting is spam, with the reason' within 5 learnt
is 'with its weight' "$(grep -F "$REASON" "$T/why" | grep -c '^+[456]\.')" 1
is 'the weights add up' "$(awk -F '\t' '/^now = / { split($0, a, " = "); p = a[2] }
    /^[+-]/ { s += $1 } END { q = 1 / (1 + exp(-s))
    print (q - p < 0.02 && p - q < 0.02) ? "yes" : p " " q }' "$T/why")" yes
# Whether it may be thrown away unseen is for the text alone to say.
lacks 'nothing of it is to be thrown away' "$T/why" 'thrown away'
ok 'a neighbour is not' said_is false \
    'My grandmother dances again since she walks by the sea each morning, no doctor told her to.'
mine=$KEY
KEY=$other
ok "another site's key" said_is false "$more"
KEY=$mine
stop
serve
ok 'a restart forgets nothing' learnt
taliq key unlearn "$KEY_ID" >/dev/null
ok 'taken back it is forgotten' said_is false "$more"
why
lacks 'and no reason' "$T/why" "$REASON"
lacks 'the log has nothing of it' "$T/log" zarkulin
finish
