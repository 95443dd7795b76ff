#!/bin/sh
# What the policy holds is seen by its author alone, until a moderator decides.
. "$(dirname "$0")/lib.sh"
make_data
serve
tokens 1 /one
settle

READER=nour
comment /one name=نور text='انظروا https://example.org/spring هنا'
held=$id
is 'a first comment with a link is answered like any other' "$status" 303
is 'by the page, where it stands' "$(header Location)" "/one#comment-$held"
is 'it is held, with the reason' \
    "$(sql "SELECT state, reasons FROM comment WHERE id = $held")" \
    '1|first-links'
get /one
is 'its author sees it, as held' "$(page comments | cut -f 1-3)" \
    "$(printf '%s\t0\theld' "$held")"
has 'with the badge in the language of the page' "$T/body" \
    "$(said ar 'badge|Awaiting moderation')"
has 'and may edit it' "$T/body" "href=\"/comments/$held/edit\""
has 'no cache may keep this page' "$T/head" 'Cache-Control: private, no-store'
lacks 'it is not counted' "$T/body" \
    "$(said ar '{n} comment' '{n} comments' 1)"

stop
serve
tokens 7 /one
settle
get /one
has 'after a restart its author still does' "$T/body" 'example.org/spring'
READER=
get /one
lacks 'nobody else sees it' "$T/body" 'example.org/spring'
lacks 'not even that it is there' "$T/body" "comment-$held"
has 'whose page may be cached' "$T/head" 'Cache-Control: no-cache'
READER=other
get /one
lacks 'nor does another reader' "$T/body" 'example.org/spring'
READER=
api GET '/api/v1/threads?page=/one'
is 'the API neither lists nor counts it' \
    "$(answer '[.count, (.comments | length)] | @csv')" '0,0'
api GET "/api/v1/comments/$held"
is 'nor gives it' "$status" 404
get /one/comments.atom
lacks 'nor the feed' "$T/body" 'example.org/spring'

comment /one name=Ida text=Hello url=https://example.org/ida
is 'a website counts as a link' \
    "$(sql "SELECT state, reasons FROM comment WHERE id = $id")" \
    '1|first-links'

ok 'a moderator publishes it' taliq comment publish "$held"
get /one
is 'now everybody sees it, at once' "$(page comments | cut -f 1-3)" \
    "$(printf '%s\t0\tpublished' "$held")"
has 'its link is marked as a reader'"'"'s' "$T/body" \
    '<a href="https://example.org/spring" rel="ugc nofollow noopener noreferrer">'

READER=nour
comment /one name=نور text='ومرة أخرى https://example.org/two'
is 'a known author may link' "$(sql "SELECT state FROM comment WHERE id = $id")" 0
HOST=en.test
tokens 1 /one
settle
comment /one name=نور text='On another site https://example.org/three'
is 'but is unknown on another site' \
    "$(sql "SELECT state FROM comment WHERE id = $id")" 1
HOST=ar.test

site ar moderation=first
READER=new
comment /one name=New text='A plain first comment'
is 'a site may hold all first comments' \
    "$(sql "SELECT state, reasons FROM comment WHERE id = $id")" '1|first'
READER=nour
comment /one name=نور text='كلام عادي'
is 'not those of known authors' \
    "$(sql "SELECT state FROM comment WHERE id = $id")" 0
site ar moderation=all
comment /one name=نور text='كلام آخر'
is 'or all comments' \
    "$(sql "SELECT state, reasons FROM comment WHERE id = $id")" '1|all'

READER=robot
comment /one name=Robot text='I fill in everything' homepage_title=x
trapped=$id
is 'who fills in the trap is not told' "$status" 303
is 'it is spam' "$(sql "SELECT state FROM comment WHERE id = $trapped")" 2
get /one
is 'shown to its author as held' "$(page comments | grep "^$trapped" | cut -f 3)" \
    held
READER=
get /one
lacks 'and to nobody else' "$T/body" 'I fill in everything'
finish
