#!/bin/sh
# Who may put a thread into an iframe: pages of the site's origins, also when
# the thread is the private view of a reader with comments of the own.
# timeout: 120
. "$(dirname "$0")/lib.sh"

make_data
site blog language=en origins=http://www.blog.test,http://blog.test
serve

frames() {
	header Content-Security-Policy | sed -n 's/.*frame-ancestors //p'
}
OWN="'self'" MORE="'self' http://www.blog.test http://blog.test"
HOST=comments.blog.test
thread="/threads?site=blog&page=http%3A%2F%2Fblog.test%2F1"

get "$thread"
is 'a thread is shown' "$status" 200
is 'the origins may frame a thread' "$(frames)" "$MORE"
get "/threads?site=blog&page=http%3A%2F%2Fother.test%2F1"
is 'a page of another origin has no thread' "$status" 404

READER=nur
token=$(curl -sS -G -H "Host: $HOST" --data-urlencode site=blog \
    --data-urlencode page=http://blog.test/1 "$URL/comments/token" |
    jq -r .token)
settle
send /comments site=blog page=http://blog.test/1 "token=$token" name=Nur text=
is 'a mistake brings the form back' "$status" 422
is 'the origins may frame the form' "$(frames)" "$MORE"
send /comments site=blog page=http://blog.test/1 "token=$token" name=Nur \
    'text=See https://example.org/'
is 'the comment is taken' "$status" 303
get "$thread"
has 'its writer sees it' "$T/body" 'See <a href'
is 'the origins may frame the own view' "$(frames)" "$MORE"
get "/comments/$id/edit"
is 'it may be edited' "$status" 200
is 'the origins may frame that form' "$(frames)" "$MORE"
get "/comments/$id/delete"
is 'the origins may frame the question' "$(frames)" "$MORE"

HOST=en.test READER=''
get /one
is 'an article is for its own site' "$(frames)" "$OWN"
get /privacy
is 'so is the notice' "$(frames)" "$OWN"

finish
