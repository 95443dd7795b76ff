#!/bin/sh
# A reader may edit and delete the own comments for a while; nobody else may,
# and nobody later.
. "$(dirname "$0")/lib.sh"
make_data
fake_clock
serve
tokens 4 /one
clock +4s

edit() {
	send "/comments/$1/edit" "text=$2"
}

READER=mona
comment /one name=منى text='النص الأول'
mine=$id
get "/comments/$mine/edit"
is 'the form to edit' "$status" 200
is 'holds the text' "$(page value text)" 'النص الأول'
has 'and how long it goes' "$T/body" "$(said ar \
    'You can edit or delete this comment for another {n} minute.' \
    'You can edit or delete this comment for another {n} minutes.' 15)"
clock +65s
edit "$mine" 'النص *الثاني*'
is 'an edited comment leads back to itself' "$(header Location)" \
    "/one?comment=$mine#comment-$mine"
READER=
get /one
is 'everybody reads the new text' "$(page comment "$mine")" 'النص الثاني'
has 'marked as edited' "$T/body" 'class="edited"'
READER=mona
edit "$mine" '   '
is 'an empty text is refused' "$status" 422
has 'with a message' "$T/body" "$(said ar 'Please fill in this field.')"
edit "$mine" "$(printf '%05001d' 0)"
is 'and one that is too long' "$status" 422
is 'which is not lost' "$(page value text | wc -c)" 5002
edit "$mine" 'الآن مع رابط https://example.org/x'
is 'an edit that adds a link waits for a moderator' \
    "$(sql "SELECT state, reasons LIKE '%first-links%' FROM comment
    WHERE id = $mine")" '1|1'
is 'and leads to the page where its author sees it' "$(header Location)" \
    "/one#comment-$mine"
edit "$mine" 'بلا رابط من جديد'
is 'a held one stays held, whatever is edited' \
    "$(sql "SELECT state FROM comment WHERE id = $mine")" 1
taliq comment publish "$mine" >/dev/null

for READER in '' stranger; do
	who=${READER:-nobody}
	get "/comments/$mine/edit"
	is "$who gets no form" "$status" 404
	get "/comments/$mine/delete"
	is "$who is not asked whether to delete" "$status" 404
	edit "$mine" 'not mine'
	is "$who cannot edit" "$status" 404
	send "/comments/$mine/delete"
	is "$who cannot delete" "$status" 404
done
READER=stranger
comment /one name=Stranger text='Of my own'
get /one
lacks 'a reader sees buttons at the own comments only' "$T/body" \
    "/comments/$mine/edit"
edit "$mine" 'not mine'
is 'and cannot edit others with a cookie of the own' "$status" 404
get /comments/999/edit
is 'a comment that never was' "$status" 404
get /comments/abc/edit
is 'or cannot be' "$status" 404

READER=mona
clock '+14m'
get /one
has 'minutes left are told' "$T/body" "/comments/$mine/edit"
clock '+16m'
get /one
lacks 'after a quarter of an hour the buttons are gone' "$T/body" \
    "/comments/$mine/edit"
edit "$mine" 'too late'
is 'it is too late to edit' "$status" 409
has 'and said so' "$T/body" \
    "$(said ar 'This comment can no longer be changed.')"
send "/comments/$mine/delete"
is 'and to delete' "$status" 409
api PATCH "/api/v1/comments/$mine" '{"text":"too late"}'
is 'by the API, too' "$status" 403

tokens 2 /one
clock '+17m'
comment /one name=منى text='سؤال للجميع'
asked=$id
comment /one name=منى text='بلا جواب'
alone=$id
api_comment page=/one name=Other text='An answer' parent="$asked"
answer=$id
get "/comments/$asked/delete"
has 'deleting is asked about' "$T/body" 'سؤال للجميع'
send "/comments/$asked/delete"
is 'then done' "$status" 303
is 'leading back to the thread' "$(header Location)" '/one?done=deleted#comments'
get '/one?done=deleted'
has 'which says so' "$T/body" "$(said ar 'Your comment has been deleted.')"
get /one
has 'its place stays while there are answers' "$T/body" \
    "$(said ar 'Deleted by its author.')"
is 'they stay below it' "$(page comments | grep -E "^($asked|$answer)" |
    cut -f 1-3)" "$(printf '%s\t0\tgone\n%s\t1\tpublished' "$asked" "$answer")"
lacks 'its text is gone' "$T/body" 'سؤال للجميع'
send "/comments/$alone/delete"
get /one
lacks 'without answers nothing stays' "$T/body" "comment-$alone"
edit "$asked" 'from the dead'
is 'what is deleted belongs to nobody' "$status" 404
get "/one?comment=$alone"
is 'a link to it still shows the page' "$status" 200

site ar edit_minutes=0
api_comment page=/one name=Quick text='No second thoughts'
edit "$id" 'no'
is 'a site may allow no edits at all' "$status" 409
get /one
lacks 'then no buttons are shown' "$T/body" "/comments/$id/edit"
finish
