#!/bin/sh
# Every answer has its security headers; HEAD says what GET says, without the
# body; a method that a path does not know gets 405 and is told which do.
. "$(dirname "$0")/lib.sh"
make_data
mkdir "$DATA/articles/ar/media"
printf 'GIF89a' >"$DATA/articles/ar/media/dot.gif"
serve
READER=lina
api_comment page=/one name=Lina text='Mine https://example.org'
held=$id
get /
css=$(page link stylesheet)
js=$(sed -n 's/.*<script src="\([^"]*\)".*/\1/p' "$T/body")

# safe TITLE: the headers of the last answer
safe() {
	_lacks=
	for _wanted in 'X-Content-Type-Options: nosniff' \
	    'Referrer-Policy: no-referrer' \
	    'Cross-Origin-Opener-Policy: same-origin' 'Permissions-Policy: ' \
	    "Content-Security-Policy: default-src 'none'; " 'Date: '; do
		grep -qiF -e "$_wanted" "$T/head" ||
		    _lacks="$_lacks [$_wanted]"
	done
	grep -qi '^Content-Security-Policy:.*unsafe' "$T/head" &&
	    _lacks="$_lacks [a policy without unsafe]"
	grep -qi '^Content-Security-Policy:.*frame-ancestors' "$T/head" ||
	    _lacks="$_lacks [frame-ancestors]"
	grep -Eqi '^(Server|X-Powered-By):' "$T/head" &&
	    _lacks="$_lacks [silence about the program]"
	grep -qi '^Cache-Control: ' "$T/head" ||
	    [ "$status" = 204 ] || _lacks="$_lacks [Cache-Control]"
	is "$1: status $status, safe" "$_lacks" ''
}

# The headers that HEAD must have, too.
lasting() {
	tr -d '\r' <"$T/head" | grep -Evi '^(Date|HTTP/)' | sort
}

while read -r path want; do
	get "$path"
	is "GET $path" "$status" "$want"
	safe "GET $path"
	ok '  says its length' grep -qi '^Content-Length: ' "$T/head"
	lasting >"$T/get"
	req HEAD "$path"
	is '  HEAD: the same status' "$status" "$want"
	is '  the same headers' "$(lasting)" "$(cat "$T/get")"
	case $path in
	/api/v1/comments/* | */edit | */delete) ;;
	*)
		req POST "$path" -d 'a=b'
		is '  POST: not allowed' "$status" 405
		is '  it says what is' "$(header Allow)" 'GET, HEAD'
		safe "POST $path"
		req OPTIONS "$path"
		is '  OPTIONS: says so, too' "$status $(header Allow)" \
		    '204 GET, HEAD'
		;;
	esac
done <<PATHS
/ 200
/one 200
/one?sort=oldest 200
/feed.atom 200
/one/comments.atom 200
/privacy 200
/.well-known/taliq-privacy.json 200
/threads?page=/one 200
/comments/token?page=/one 200
/comments/$held/edit 200
/comments/$held/delete 200
/api/v1/threads?page=/one 200
/api/v1/comments/1 404
/api/v1/counts?page=/one 200
/openapi.json 200
$css 200
$js 200
/favicon.ico 200
/robots.txt 200
/media/dot.gif 200
/healthz 200
/readyz 200
/metrics 200
PATHS
for path in /none /none/comments.atom /assets/none.css /media/none.gif \
    /threads /comments/99/edit /api/none /a/b/c; do
	get "$path"
	is "GET $path" "$status" 404
	safe "GET $path"
	req HEAD "$path"
	is '  HEAD as well' "$status" 404
done
get "$css"
is 'what is named by its content is kept for a year' \
    "$(header Cache-Control)" 'public, max-age=31536000, immutable'
is 'as what it is' "$(header Content-Type)" 'text/css; charset=utf-8'
get "$js"
is 'the script, too' "$(header Content-Type)" 'text/javascript; charset=utf-8'
get /media/dot.gif
is 'a picture' "$(header Content-Type)" image/gif

req DELETE /comments
is 'DELETE of the form' "$status $(header Allow)" '405 POST'
safe 'DELETE /comments'
req GET /comments
is 'GET of the form'"'"'s address' "$status $(header Allow)" '405 POST'
safe 'GET /comments'
for method in PUT PATCH DELETE TRACE BREW; do
	req $method /one
	ok "$method of a page is refused" test "$status" -ge 400 -a "$status" -lt 502
done
api PUT /api/v1/comments/1 '{}'
is 'the API says which methods there are' "$(header Allow)" \
    'GET, HEAD, PATCH, DELETE'
safe 'PUT by the API'
send /comments page=/one token=x name= text=
safe 'a form with mistakes'
send "/comments/$held/delete"
is 'a redirection' "$status" 303
safe 'a redirection'
api_comment page=/one name=A text=B
safe 'a comment by the API'
api DELETE "/api/v1/comments/$id" '' -H "X-Edit-Token: $edit_token"
is 'an answer without a body' "$status" 204
safe 'an answer without a body'
api POST /api/v1/comments '{'
safe 'a problem'
get /one -H 'If-None-Match: *'
is 'a page that the browser has' "$status" 304
safe 'a page that the browser has'

# From the door: a page when the head could be read.
refused() {	# refused TITLE STATUS
	is "$1" "$status" "$2"
	has '  as a page' "$T/head" 'Content-Type: text/html'
	has '  that is nothing else' "$T/head" 'X-Content-Type-Options: nosniff'
	has '  and loads nothing' "$T/head" "default-src 'none'"
	is '  nor is kept' "$(header Cache-Control)" 'private, no-store'
	is '  and the connection ends' "$(header Connection)" close
}
READER='' HOST='not a host'
get /one
refused 'a host that is none' 400
HOST=ar.test
get "/$(printf '%09000d' 0)"
refused 'an address that is too long' 414
get /one -H "X-Long: $(printf '%020000d' 0)"
refused 'a head that is too long' 431
finish
