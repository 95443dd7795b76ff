#!/bin/sh
# Articles close their comments: at once, on a day, or at an age.
. "$(dirname "$0")/lib.sh"
make_data
article ar closed 'comments: closed'
article ar past 'comments: until 2026-03-01'
# In two hours, told in the zone of the site.
soon=$(TZ=UTC-3 date -d '+2 hours' '+%Y-%m-%d %H:%M')
article ar today "comments: until $soon"
fake_clock
serve
tokens 3 /one
tokens 1 /closed
tokens 1 /past
tokens 2 /today
api_comment page=/one name=Early text='Still open'
api_comment page=/today name=Early text='Still open'
clock +4s

get /closed
lacks 'a closed article has no form' "$T/body" '<form'
has 'but a sentence' "$T/body" "$(said ar 'Comments are closed.')"
comment /closed name=A text='I want to say'
is 'it takes no comment' "$status" 403
api_comment page=/closed name=A text='By the API'
is 'nor by the API' "$status" 403
is 'which says why' "$(answer '.errors[0].code')" closed
api GET '/api/v1/threads?page=/closed'
is 'and that it is closed' "$(answer .open)" false
get /past
lacks 'one whose day is over has no form' "$T/body" '<form'
has 'and names the day' "$T/body" "$(said ar \
    'Comments were closed on {date}.' | cut -d '{' -f 1)"
comment /past name=A text='Too late'
is 'it takes no comment either' "$status" 403
get /
lacks 'the list counts no comments where none can be' "$T/body" \
    'href="/closed#comments"'

get /today
has 'until its day an article is open' "$T/body" \
    "$(said ar 'Comments are open until {date}.' | cut -d '{' -f 1)"
has 'with its form' "$T/body" '<form method="post"'
comment /today name=A text='In time'
is 'and takes comments' "$status" 303
clock +115m
get /today
clock +121m
get /today
lacks 'a page in the cache closes on time' "$T/body" \
    '<form method="post"'
take /today
send /comments page=/today token="$token" name=A text='After the day'
is 'a form from before comes back, refused' "$status" 403

site ar close_after_days=36500
get /one
has 'an age closes no young article' "$T/body" \
    '<form method="post"'
site ar close_after_days=5
get /one
lacks 'but an old one' "$T/body" '<form method="post"'
has 'whose comments stay' "$T/body" 'Still open'
lacks 'without buttons to answer' "$T/body" 'class="reply"'
site ar close_after_days=0
get /one
has 'and it can be opened again' "$T/body" \
    '<form method="post"'
finish
