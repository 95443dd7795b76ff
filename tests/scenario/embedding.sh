#!/bin/sh
# A site without articles here: its pages are named by their addresses, their
# threads are shown in a frame.
. "$(dirname "$0")/lib.sh"
make_data
site blog language=en title=Blog \
    origins=https://blog.example,https://www.blog.example
serve

page_url=https://blog.example/2026/a-post
thread='/threads?site=blog&page=https%3A%2F%2Fblog.example%2F2026%2Fa-post'
frames='frame-ancestors .self. https://blog.example https://www.blog.example$'
framable() {
	header Content-Security-Policy | grep -q "$frames"
}

get "$thread"
is 'a page that nobody commented on has a thread' "$status" 200
has 'and a form' "$T/body" '<form method="post"'
has 'in the language of the site' "$T/body" '<html lang="en"'
lacks 'without the masthead' "$T/body" 'masthead'
ok 'its own site may frame it, and nobody else' framable
is 'the form knows its page' "$(page value page)" "$page_url"
first=$(page value token)
get "$thread"
second=$(page value token)
settle

READER=eve
HEADER='Origin: http://ar.test'
send /comments site=blog page="$page_url" token="$first" name=Eve text='Framed'
HEADER=
is 'the form works in its frame' "$status" 303
is 'and leads back into it' "$(header Location)" \
    "$thread&comment=$id#comment-$id"
framed=$id
get "$(header Location | sed 's/#.*//')"
is 'where the comment is' "$(page comment "$framed")" Framed
ok 'the page of who has comments is framable, too' framable
get "/comments/$framed/edit"
is 'the form to edit' "$status" 200
ok 'is framable' framable
send "/comments/$framed/edit" text=
is 'and with a mistake' "$status" 422
ok 'as well' framable
send /comments site=blog page="$page_url" token="$second" name= text=
is 'a mistake brings the form back' "$status" 422
ok 'into the frame' framable
READER=

count_at() {
	get "/threads?site=blog&page=$1"
	[ "$status" = 200 ] && page comments | grep -c .
}

for address in 'https://blog.example/2026/a-post/' \
    'https://blog.example/2026/a-post?utm=1' 'https://BLOG.example/2026/a-post' \
    'https://blog.example/2026/a-post%23top' \
    'https://www.blog.example/2026/a-post' '/2026/a-post' \
    'https://blog.example:443/2026/a-post'; do
	is "the same page: $address" "$(count_at "$address")" 1
done
is 'another page: its own thread' "$(count_at https://blog.example/2026)" 0
is 'capitals in a path are another page' \
    "$(count_at https://blog.example/2026/A-POST)" 0
for address in 'https://other.example/2026/a-post' 'http://blog.example/x' \
    'javascript:alert(1)' '//blog.example/x' 'https://blog.example@evil.example/' \
    '' 'x'; do
	get "/threads?site=blog&page=$address"
	is "not a page of the site: \"$address\"" "$status" 404
done
get "/threads?site=none&page=$page_url"
is 'not a site' "$status" 404
api GET "/api/v1/counts?site=blog&page=$page_url&page=/2026/a-post&page=/none"
is 'counts are by the address that was asked for' \
    "$(answer '.counts | to_entries | map([.key, .value]) | map(@csv) | join(" ")')" \
    "\"$page_url\",1 \"/2026/a-post\",1 \"/none\",0"

get '/threads?site=ar&page=/one'
is 'an article'"'"'s thread can be framed alone' "$status" 200
lacks 'without the article' "$T/body" 'Text of one'
get '/threads?site=ar&page=/made-up'
is 'a site with articles has threads for those only' "$status" 404
get /one
ok 'an article'"'"'s own page is framed by nobody' \
    grep -q "frame-ancestors 'self'.\$" "$T/head"
finish
