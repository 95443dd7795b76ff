#!/bin/sh
# The host says which site; an unknown host gets the first; a site may have
# several origins.
. "$(dirname "$0")/lib.sh"
make_data
article ar ar-only
article en en-only
site ar origins='http://ar.test,https://www.ar.test,http://ar.test:8081'
serve

title() {
	sed -n 's/.*<title>\([^<]*\)<\/title>.*/\1/p' "$T/body"
}

for HOST in ar.test AR.TEST www.ar.test ar.test:8081; do
	get /
	is "$HOST" "$(title)" 'حاشية'
done
has 'in its language' "$T/body" '<html lang="ar" dir="rtl"'
HOST=en.test
get /
is 'another site' "$(title)" 'The Quay'
has 'in its own' "$T/body" '<html lang="en" dir="ltr"'
get /en-only
is 'has its articles' "$status" 200
get /ar-only
is 'not those of others' "$status" 404
has 'and says so in its language' "$T/body" 'Page not found'
for HOST in unknown.example 127.0.0.1 en.test.evil.example '[::1]:80'; do
	get /
	is "$HOST is nobody's: the first site answers" "$(title)" 'حاشية'
done
is 'with its own address as the canonical one' \
    "$(get /one && page link canonical)" http://ar.test/one
HOST=unknown.example
get /feed.atom
lacks 'a made-up host gets into no feed' "$T/body" unknown.example
HOST=ar.test
api_comment site=en page=/one name=A text='For the other site'
is 'a form may name its site' "$(sql "SELECT s.name FROM comment c
    JOIN site s ON s.id = c.site_id WHERE c.id = $id")" en
api_comment site=none page=/one name=A text=B
is 'one that exists' "$status" 422
is 'or the field is named' "$(answer '.errors[0] | [.field, .code] | @csv')" \
    '"site","no_site"'

# What is not HTTP gets no page: straight to the socket.
raw() {
	python3 - "${URL#http://}" "$1" <<-'PY'
	import socket, sys
	host, port = sys.argv[1].split(":")
	s = socket.create_connection((host, int(port)), timeout=10)
	s.sendall(sys.argv[2].encode().decode("unicode_escape").encode("latin-1"))
	data = b""
	while True:
	    part = s.recv(4096)
	    if not part:
	        break
	    data += part
	print(data.split(b"\r\n")[0].decode("latin-1"))
	PY
}

ok='GET / HTTP/1.1\r\nHost: ar.test\r\nConnection: close\r\n'
is 'a plain request' "$(raw "$ok\r\n")" 'HTTP/1.1 200 OK'
is 'no host' "$(raw 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n')" \
    'HTTP/1.1 400 Bad Request'
is 'two hosts' "$(raw "${ok}Host: en.test\r\n\r\n")" 'HTTP/1.1 400 Bad Request'
is 'an empty host' "$(raw 'GET / HTTP/1.1\r\nHost:\r\n\r\n')" \
    'HTTP/1.1 400 Bad Request'
is 'a host with a path' "$(raw 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n')" \
    'HTTP/1.1 400 Bad Request'
is 'two lengths' "$(raw "${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab")" \
    'HTTP/1.1 400 Bad Request'
is 'a length and chunks' \
    "$(raw "${ok}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")" \
    'HTTP/1.1 400 Bad Request'
is 'a carriage return in a header' "$(raw "${ok}X: a\rb\r\n\r\n")" \
    'HTTP/1.1 400 Bad Request'
is 'a NUL in a header' "$(raw "${ok}X: a\0b\r\n\r\n")" \
    'HTTP/1.1 400 Bad Request'
long=$(printf '%09000d' 0)
is 'an address of nine thousand bytes' \
    "$(raw "GET /$long HTTP/1.1\r\nHost: ar.test\r\n\r\n" | cut -d ' ' -f 2)" 414
is 'a head of eighteen thousand' \
    "$(raw "${ok}A: $long\r\nB: $long\r\n\r\n" | cut -d ' ' -f 2)" 431
head -c 300000 /dev/zero | tr '\0' a >"$T/large"
req POST /comments --data-binary "@$T/large"
is 'a body of three hundred thousand' "$status" 413

# Where the head could be read, the refusal is a page like others.
has 'is refused by a page' "$T/body" '<html lang="ar" dir="rtl"'
has 'in the words of the site' "$T/body" "$(said ar \
    'What was sent is larger than this site accepts.')"
HEADER='Accept-Language: en'
req POST /comments --data-binary "@$T/large"
has 'or of the reader' "$T/body" '<html lang="en" dir="ltr"'
HEADER=''
HOST=en.test
req POST /comments --data-binary "@$T/large"
is 'of the site that was asked' "$status $(title)" '413 Too much data · The Quay'
is 'and the connection ends' "$(header Connection)" close
get "/$long"
is 'an address that is too long' "$status $(title)" \
    '414 Too much data · The Quay'
req POST /api/v1/comments --data-binary "@$T/large"
is 'for programs a problem document' "$status $(header Content-Type)" \
    '413 application/problem+json'
is 'with its status' "$(answer '[.title, .status] | @csv')" \
    '"Content Too Large",413'
get "/one?$(printf 'a&%.0s' $(seq 300))"
is 'three hundred parameters' "$status" 400
has 'are told of in a page' "$T/body" '<html lang="en" dir="ltr"'
finish
