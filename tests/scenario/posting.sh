#!/bin/sh
# A reader posts by the plain form: stored, then the page at the new comment.
. "$(dirname "$0")/lib.sh"
make_data
serve
tokens 4 /one
HOST=en.test
tokens 2 /one
settle

READER=lina
comment /one name='Lina K.' email=lina@example.org url=https://example.org/me \
    text='Second *line*
follows & <b>no markup</b>'
is 'a comment with a website waits' "$status" 303
HOST=ar.test
comment /one name='لينا' text='أول تعليق هنا.

سطر *ثان* <script>x</script> & "كذا"'
is 'a plain comment is answered by 303' "$status" 303
first=$id
is 'to the page at the new comment' "$(header Location)" "/one#comment-$first"
is 'which no cache may keep' "$(header Cache-Control)" 'private, no-store'
has 'the reader gets a first-party cookie' "$T/head" 'Set-Cookie: taliq_reader='
ok 'which scripts and other sites cannot use' \
    grep -Eq '^Set-Cookie: .*; Path=/; Max-Age=[0-9]+; HttpOnly; SameSite=Lax' \
    "$T/head"
is 'it is in the database' \
    "$(sql "SELECT state, name, parent_id, depth FROM comment WHERE id = $first")" \
    '0|لينا|None|0'

READER=
get /one
is 'everybody gets the page' "$status" 200
is 'with the text as it was typed, emphasis as markup' "$(page comment "$first")" \
    'أول تعليق هنا.
سطر ثان <script>x</script> & "كذا"'
has 'emphasised' "$T/body" '<em>ثان</em>'
lacks 'HTML of a reader is never HTML' "$T/body" '<script>x'
has 'the name stands in a bdi' "$T/body" '<bdi>لينا</bdi>'
one=$(said ar '{n} comment' '{n} comments' 1)
has 'the count is in the right Arabic form' "$T/body" "$one"
has 'the comment has its direction' "$T/body" 'dir="rtl"'
get /
has 'the list counts it' "$T/body" "$one"

comment /one name=Omar text='This is what they said about it in the paper.'
get /one
ok 'an English comment runs from left to right' \
    grep -Eq '<div class="body" lang="en" dir="ltr"><p>This is' "$T/body"
api_comment page=/one name=S text='3arabizi zay keda ya gama3a'
get /one
has 'a language that nobody knows is not the page'"'"'s' "$T/body" \
    '<div class="body" lang="" dir="ltr">'
comment /one name='  A   name  ' text='Names are trimmed.'
get /one
has 'a name loses its outer and doubled blanks' "$T/body" '<bdi>A name</bdi>'
is 'newest first' "$(page comments | cut -f 1 | tr '\n' ' ')" \
    "$id $((id - 1)) $((id - 2)) $first "
get '/one?sort=oldest'
is 'oldest first when asked' "$(page comments | cut -f 1 | tr '\n' ' ')" \
    "$first $((id - 2)) $((id - 1)) $id "

HOST=en.test
get /one
lacks 'the other site does not have it' "$T/body" "comment-$first"

HOST=ar.test
send /comments page=/nowhere name=A text=B
is 'a page that does not exist takes none' "$status" 404
req POST /comments -H 'Content-Type: text/plain' --data 'a=b'
is 'another content type is refused' "$status" 415
req POST /comments --data 'page=%2Fone&page=%2Fone'
is 'a field given twice is refused' "$status" 400
finish
