#!/bin/sh
# A page of somebody else cannot make a reader's browser post, edit or delete.
. "$(dirname "$0")/lib.sh"
make_data
serve
tokens 12 /one
settle

try() {
	comment /one name=A text="From: $HEADER"
	is "$1" "$status" "$2"
}

HEADER='Origin: http://evil.example'
try 'a form on a foreign page' 403
HEADER='Origin: https://ar.test'
try 'another scheme' 403
HEADER='Origin: http://ar.test:81'
try 'another port' 403
HEADER='Origin: http://ar.test.evil.example'
try 'a host that begins like ours' 403
HEADER='Sec-Fetch-Site: cross-site'
try 'a browser that says so itself' 403
is 'nothing was stored' "$(sql 'SELECT count(*) FROM comment')" 0
has 'the page says that it is not allowed' "$T/body" \
    "$(said ar 'error title|Not allowed')"
HEADER='Origin: http://ar.test'
try 'our own page' 303
HEADER='Origin: HTTP://AR.TEST'
try 'in capitals' 303
HEADER='Sec-Fetch-Site: same-origin'
try 'a browser that says so' 303
HEADER='Sec-Fetch-Site: none'
try 'a page that the reader opened' 303
HEADER=
try 'an old browser that says nothing' 303

# The browser hides where a form is from: "null" alone is no proof, with the
# Fetch metadata it is.
take /one
req POST /comments -H 'Origin: null' -H 'Sec-Fetch-Site: cross-site' \
    --data-urlencode "token=$token" -d 'page=/one&name=A&text=B'
is 'a hidden origin from elsewhere' "$status" 403
req POST /comments -H 'Origin: null' -H 'Sec-Fetch-Site: same-origin' \
    --data-urlencode "token=$token" -d 'page=/one&name=A&text=B'
is 'a hidden origin from here' "$status" 303

READER=victim
api_comment page=/one name=Victim text='Mine'
mine=$id
HEADER='Origin: http://evil.example'
send "/comments/$mine/edit" text='Not what I said'
is 'a foreign page cannot edit with the reader'"'"'s cookie' "$status" 403
send "/comments/$mine/delete"
is 'nor delete' "$status" 403
api_comment page=/one name=Victim text='Not what I said'
is 'nor post by the API' "$status" 403
api PATCH "/api/v1/comments/$mine" '{"text":"Not what I said"}'
is 'nor edit by the API' "$status" 403
api DELETE "/api/v1/comments/$mine"
is 'nor delete by the API' "$status" 403
HEADER='Sec-Fetch-Site: cross-site'
api DELETE "/api/v1/comments/$mine"
is 'whatever header tells' "$status" 403
HEADER=
get /one
is 'all is as it was' "$(page comment "$mine")" Mine
HEADER='Origin: http://ar.test'
send "/comments/$mine/edit" text='What I say'
is 'the own page can' "$status" 303
HEADER='Origin: http://evil.example'
get '/api/v1/threads?page=/one'
is 'reading is for everybody' "$status" 200
finish
