#!/bin/sh
# Replies stand under their parents, deep ones folded; what cannot be answered
# is refused.
. "$(dirname "$0")/lib.sh"
make_data
article ar two
serve
tokens 5 /one
tokens 1 /two
settle

comment /one name=Root text='The first word'
root=$id
get "/one?reply=$root"
is 'the form knows whom it answers' "$(page value parent)" "$root"
has 'and says so' "$T/body" \
    "<h2 id=\"reply-title\">$(said ar 'Reply to {name}' | cut -d '{' -f 1)"
comment /one name=Child text='An answer' parent="$root"
child=$id
is 'a reply goes to its own place' "$(header Location)" \
    "/one?comment=$child#comment-$child"
is 'its parent and depth are stored' \
    "$(sql "SELECT parent_id, depth, root_id FROM comment WHERE id = $child")" \
    "$root|1|$root"
get /one
is 'it stands inside its parent' "$(page comments | cut -f 1,2 | tr '\t\n' '  ')" \
    "$root 0 $child 1 "

comment /one name=Lost text='To whom?' parent=99999
is 'an answer to nobody is refused' "$status" 422
is 'with a message' "$(page errors)" \
    "$(said ar 'The comment that you are replying to is no longer there.')"
is 'nothing typed is lost' "$(page value text)" 'To whom?'
comment /two name=Lost text='Across pages' parent="$root"
is 'so is one to a comment of another page' "$status" 422
taliq comment hold "$child" >/dev/null
comment /one name=Lost text='To a held one' parent="$child"
is 'and to one that is not published' "$status" 422
comment /one name=Lost text='Nonsense' parent=x1
is 'a parent that is no number is no parent' \
    "$(sql "SELECT parent_id FROM comment WHERE id = $id")" None
nonsense=$id
taliq comment publish "$child" >/dev/null

# A chain of ten, by the API.
parent=$child
chain="$root $child"
for i in 2 3 4 5 6 7 8 9; do
	api_comment page=/one name="N$i" text="Depth $i" parent="$parent"
	parent=$id
	chain="$chain $id"
done
is 'ten deep' "$(sql "SELECT depth FROM comment WHERE id = $parent")" 9
get /one
is 'all of them are on the page, in order' \
    "$(page comments | cut -f 1 | tr '\n' ' ')" "$nonsense $chain "
ok 'lists in lists end somewhere' \
    sh -c "! grep -q '\\(<ol class=\"replies\".*\\)\\{9\\}' '$T/body'"
has 'what is deep is folded' "$T/body" '<details class="fold">'
has 'it says how many' "$T/body" '<summary>'
has 'and names whom it answers' "$T/body" 'class="parent"'
get "/one?comment=$parent"
has 'a link to one in the fold opens it' "$T/body" '<details class="fold" open>'
api GET '/api/v1/threads?page=/one&sort=oldest'
is 'the API has them in the same order, with depths' \
    "$(answer '[.comments[] | [.id, .depth]] | map(@csv) | join(" ")')" \
    "$(n=0; for c in $chain; do printf '%s,%s ' "$c" $n; n=$((n+1)); done
    printf '%s,0' "$nonsense")"
is 'a root knows how many stand below it' \
    "$(answer '.comments[0].replies')" 9
finish
