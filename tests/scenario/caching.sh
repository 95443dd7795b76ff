#!/bin/sh
# Everybody gets the same rendered page, compressed or not, each with a token of
# its own; a browser that has it gets 304.
. "$(dirname "$0")/lib.sh"
make_data
api_text=$(for i in 1 2 3 4 5 6 7 8 9; do echo "A longer text, line $i."; done)
serve
api_comment page=/one name=First text="$api_text"

# What all readers share of a page in $T/NAME: all but the token.
shared() {
	sed 's/\(name="token" value="\)[^"]*/\1/' "$T/$1"
}

hits() {
	curl -sS "$URL/metrics" | sed -n 's/^taliq_cache_hits_total //p'
}

get /one
cp "$T/body" "$T/plain"
etag=$(header ETag)
token_a=$(page value token)
before=$(hits)
get /one
cp "$T/body" "$T/plain2"
token_b=$(page value token)
is 'the second reader gets it from the cache' "$(hits)" "$((before + 1))"
is 'the same page' "$(shared plain2)" "$(shared plain)"
is 'under the same tag' "$(header ETag)" "$etag"
ok 'with another token' [ "$token_a" != "$token_b" ]
is 'browsers ask again before they show it' "$(header Cache-Control)" no-cache
is 'and it depends on what is compressed and who asks' "$(header Vary)" \
    'Accept-Encoding, Cookie'

get /one -H 'Accept-Encoding: gzip'
is 'compressed by gzip' "$(header Content-Encoding)" gzip
gzip -dc <"$T/body" >"$T/gzip"
is 'it is the same page' "$(shared gzip)" "$(shared plain)"
cp "$T/gzip" "$T/body"
token_c=$(page value token)
has 'the length is told' "$T/head" 'Content-Length: '

brotli_ready() {
	get /one -H 'Accept-Encoding: br, gzip'
	[ "$(header Content-Encoding)" = br ]
}
if ! command -v brotli >/dev/null; then
	echo '# brotli is not installed'
elif within 10 brotli_ready; then
	brotli -dc <"$T/body" >"$T/br"
	is 'compressed by brotli it is the same page' "$(shared br)" \
	    "$(shared plain)"
	cp "$T/br" "$T/body"
	token_d=$(page value token)
else
	fail 'a page that is asked for often gets a brotli form'
fi
get /one -H 'Accept-Encoding: gzip;q=0, br;q=0, identity'
is 'who wants neither gets neither' "$(header Content-Encoding)" ''

get /one -H "If-None-Match: $etag"
is 'who has the page gets 304' "$status" 304
is 'without a body' "$(wc -c <"$T/body")" 0
is 'with its tag' "$(header ETag)" "$etag"
is 'and its rules' "$(header Cache-Control)" no-cache
get /one -H 'If-None-Match: "other", W/"none"'
is 'who has another one does not' "$status" 200
get /one -H "If-None-Match: \"x\", $etag"
is 'a list of tags is read' "$status" 304
get /one -H 'If-None-Match: *'
is 'and the star' "$status" 304

settle
n=0
for t in "$token_a" "$token_b" "$token_c" "$token_d"; do
	n=$((n + 1))
	send /comments page=/one token="$t" name="Reader $n" \
	    text='I read the same page as the others.'
	is 'its token is good for a comment' "$status" 303
done
get /one -H "If-None-Match: $etag"
is 'a new comment makes the page a new one' "$status" 200
ok 'with a new tag' [ "$(header ETag)" != "$etag" ]
is 'that shows all four' "$(page comments | grep -c 'the same page')" 4
is 'a list page, too' "$(get / && grep -c "$(said ar '{n} comment' \
    '{n} comments' 5)" "$T/body")" 1
tag=$(header ETag)
api_comment page=/one name=Sixth text=Six
get / -H "If-None-Match: $tag"
is 'that becomes another with each comment' "$status" 200
get /feed.atom
tag=$(header ETag)
get /feed.atom -H "If-None-Match: $tag"
is 'feeds have tags, too' "$status" 304

# What a text became is kept for the next page, and forgotten with the text.
texts() {
	curl -sS "$URL/metrics" | sed -n "s/^taliq_texts_$1 //p"
}
api_comment page=/one name=Other text='Another one'
get /one
kept=$(texts bytes)
api_comment page=/one name=Writer text='What *stood* first'
written=$id bearer="Authorization: Bearer $edit_token"
made=$(texts misses_total)
for sort in oldest newest best; do
	get "/one?sort=$sort"
	has "in order $sort a text is shown" "$T/body" \
	    '<p>What <em>stood</em> first</p>'
done
is 'it was not rendered again' "$(texts misses_total)" "$made"
api PATCH "/api/v1/comments/$written" '{"text":"What stands *now*"}' -H "$bearer"
get /one
has 'an edited text is shown' "$T/body" '<p>What stands <em>now</em></p>'
lacks 'the old one is not' "$T/body" 'stood'
api DELETE "/api/v1/comments/$written" '' -H "$bearer"
get /one
lacks 'a deleted text is not shown' "$T/body" 'What stands'
is 'nor kept' "$(texts bytes)" "$kept"

get '/one?sort=oldest&nonsense=1'
get '/one?sort=oldest&nonsense=2'
is 'unknown parameters change nothing' "$status" 200
READER=own
api_comment page=/one name=Mine text='My own'
get /one
is 'who has comments here gets a page of the own' "$(header Cache-Control)" \
    'private, no-store'
is 'without a tag' "$(header ETag)" ''
READER=
get /one
lacks 'which nobody else gets' "$T/body" "/comments/$id/edit"
finish
