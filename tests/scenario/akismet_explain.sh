#!/bin/sh
# Why a client was told what it was told, by the guid of the answer.
. "$(dirname "$0")/lib.sh"
make_data
new_key --site ar
site ar filter=yes
serve
why() {
	taliq key explain "$1" >"$T/why" 2>"$T/why.err"
	status=$?
}

check comment_author=Rich comment_author_url=http://rich.example/ \
    comment_content='Earn 5000 dollars weekly from home! WhatsApp +1 555 010 2233' \
    user_agent=curl/7
spam=$guid
why "$spam"
is 'a verdict is explained' "$status" 0
has 'what was said' "$T/why" 'said = spam'
has 'to which key' "$T/why" "key = $KEY_ID"
has 'about whose' "$T/why" 'name = Rich'
has 'where' "$T/why" 'on = example.com'
has 'evidence has its weight' "$T/why" '+1.50	not a browser'
has 'so have words' "$T/why" 'spam words'
# The reasons add up to what was said (without the agent, which is forgotten).
is 'the weights add up' "$(awk -F '\t' '/^now = / { split($0, a, " = "); p = a[2] }
    /^[+-]/ { s += $1 } END { q = 1 / (1 + exp(-s))
    print (q - p < 0.02 && p - q < 0.02) ? "yes" : p " " q }' "$T/why")" yes
is 'it may be told in capitals' \
    "$(why "$(echo "$spam" | tr a-f A-F)"; echo "$status")" 0
ak submit-ham user_ip=1 guid="$spam"
why "$spam"
has 'what was taught' "$T/why" 'taught = good'

check user_role=administrator comment_content='Good morning'
why "$guid"
has 'a rule' "$T/why" 'because = administrator'
has 'is no probability of spam' "$T/why" 'spam = 0.000'
site ar filter=no
check comment_type=trackback comment_content='Elsewhere'
why "$guid"
has 'without the filter evidence is all' "$T/why" '+1.00	trackback'
check comment_author="$(printf 'E\033[31mve')" comment_content='x'
why "$guid"
lacks 'nothing steers the terminal' "$T/why" "$(printf '\033')"
check is_test=1
why "$guid"
is 'tests are not remembered' "$status" 1
why 00000000000000000000000000000000
is 'nor is what was never said' "$status" 1
why hello
is 'a guid looks otherwise' "$status" 2
taliq key unlearn "$KEY_ID" >/dev/null
ak submit-ham user_ip=1 comment_author=Rich comment_author_url=http://rich.example/ \
    comment_content='Earn 5000 dollars weekly from home! WhatsApp +1 555 010 2233'
is 'what was taken back may be taught anew' \
    "$(sql "SELECT count(*) FROM feedback WHERE body <> ''")" 1
stop
why "$spam"
is 'without a server nothing is known' "$status" 1
has 'and that is said' "$T/why.err" 'no server runs in'
finish
