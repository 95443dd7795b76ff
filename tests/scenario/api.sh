#!/bin/sh
# The API answers as GET /openapi.json says: every operation, every status but
# 503 (see busy.sh).
. "$(dirname "$0")/lib.sh"
make_data
conf 'network_posts_per_hour = 60' 'network_posts_burst = 20' \
    'thread_posts_per_minute = 0' 'site_posts_per_minute = 0' \
    'trusted_proxies = 127.0.0.1'
article ar closed 'comments: closed'
serve

# problem TITLE STATUS [CODE of the first error]
problem() {
	is "$1" "$status" "$2"
	is "  as a problem document" "$(header Content-Type)" \
	    application/problem+json
	is "  that says so itself" "$(answer '[.type, .status,
	    (.title | length > 0), .errors[0].code] | @csv')" \
	    "\"about:blank\",$2,true,${3:+\"$3\"}"
}

get /openapi.json
is 'the description' "$status" 200
is 'is of OpenAPI 3.1' "$(answer .openapi)" 3.1.0
cp "$T/body" "$T/openapi"

# Writing.
api_comment page=/one name='نور' text='مرحبا *بكم*' email=n@example.org
is '201: published' "$status" 201
is 'where it is' "$(header Location)" "/api/v1/comments/$id"
is 'what it is' "$(answer '[.id, .parent, .depth, .replies, .state, .name,
    .url, .text, .lang, .dir, .edited_at] | @csv')" \
    "$id,,0,0,\"published\",\"نور\",\"\",\"مرحبا *بكم*\",\"ar\",\"rtl\","
is 'as HTML' "$(answer .html)" '<p>مرحبا <em>بكم</em></p>'
ok 'when' sh -c "echo '$(answer .created_at)' |
    grep -Eq '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$'"
is 'until when it may be changed' "$(( $(date -d "$(answer .editable_until)" +%s) -
    $(date -d "$(answer .created_at)" +%s) ))" 900
lacks 'no e-mail address comes back' "$T/body" example.org
# shellcheck disable=SC2016
ok 'all members are in the description' jq -e --slurpfile d "$T/openapi" '
    $d[0].components.schemas as $s |
    keys - ($s.Comment.properties + $s.OwnComment.allOf[1].properties | keys) |
    length == 0' "$T/body"
first=$id token=$edit_token
api_comment page=/one name=Ann text='See https://example.org' parent="$first"
is '202: awaits moderation' "$status" 202
is 'held' "$(answer '[.state, .parent, .depth] | @csv')" "\"held\",$first,1"
held=$id
api POST /api/v1/comments '{"page":"/one",'
problem '400: no JSON' 400
api POST /api/v1/comments '["page"]'
problem '400: no object' 400
api POST /api/v1/comments '{"page":"/one","name":"A","text":5}'
problem '400: a number for a text' 400
api POST /api/v1/comments '{"page":"/one","name":"A","text":"B","parent":"1"}'
problem '400: a text for a number' 400
api POST /api/v1/comments '{"page":"/one","page":"/one"}'
problem '400: a member twice' 400
printf '{"page":"/one","name":"A","text":"\377"}' >"$T/bad"
api POST /api/v1/comments "@$T/bad"
problem '400: not UTF-8' 400
api_comment page=/closed name=A text=B
problem '403: closed' 403 closed
HEADER='Origin: http://evil.example'
api_comment page=/one name=A text=B
problem '403: a foreign page' 403
HEADER=
t=$(token /one)
settle
api_comment page=/one name=Twice text=Twice token="$t"
is 'with a token' "$status" 201
api_comment page=/one name=Twice text=Twice token="$t"
problem '409: posted already' 409
api_comment page=/one name=Twice text=Untold
HEADER='X-Forwarded-For: 198.51.100.1'
api_comment page=/one name=Twice text=Untold
is 'without one, the same from two networks is two comments' "$status" 201
api_comment page=/one name=Twice text=Untold
problem '409: from one it is the same' 409
HEADER=
api_comment page=/one name=Twice text=Another token="$t"
problem '422: a used token' 422 token_expired
api_comment page=/one name=Fast text=Fast token="$(token /one)"
problem '422: too fast' 422 too_fast
req POST /api/v1/comments -H 'Content-Type: text/plain' --data '{}'
problem '415: another type' 415
api_comment page=/one name= text= email=x url=x
problem '422: mistakes' 422 required
is 'each with its field' "$(answer '[.errors[].field] | sort | @csv')" \
    '"email","name","text","url"'
is 'in the language of the site' "$(answer '.errors[0].detail')" \
    "$(said ar 'Please fill in this field.')"
api_comment page=/none name=A text=B
problem '422: no such page' 422 no_page
api_comment page=/one name=A text=B parent=98765
problem '422: no such parent' 422 no_parent
api_comment page=/one name="$(printf '%081d' 0)" text=B
problem '422: a long name' 422 too_long

# Reading.
api GET '/api/v1/threads?site=ar&page=/one'
is '200: a thread' "$status" 200
is 'what it is' "$(answer '[.site, .page, .title, .open, .count, .sort, .next,
    (.comments | length)] | @csv')" \
    '"ar","/one","Title of one",true,4,"newest",,4'
ok 'nothing of it is its author'"'"'s alone' jq -e '[.comments[] |
    has("text") or has("edit_token")] | any | not' "$T/body"
api GET '/api/v1/threads?page=http%3A%2F%2Far.test%2Fone&sort=oldest'
is 'a page by its address' "$(answer '.comments[0].id')" "$first"
api GET '/api/v1/threads?page=/one&sort=worst'
problem '400: no such order' 400
api GET '/api/v1/threads?page=/one&cursor=!'
problem '400: no cursor' 400
api GET '/api/v1/threads?page=/none'
problem '404: no such page' 404 no_page
api GET '/api/v1/threads?site=none&page=/one'
problem '404: no such site' 404 no_site
api GET /api/v1/threads
problem '404: no page at all' 404 no_page
api GET "/api/v1/comments/$first"
is '200: one comment' "$(answer '[.id, .name] | @csv')" "$first,\"نور\""
for no in "$held" 98765 0 -1 x 99999999999999999999; do
	api GET "/api/v1/comments/$no"
	problem "404: comment $no" 404
done
api GET '/api/v1/counts?page=/one&page=/closed'
is '200: counts' "$(answer '.counts | [.["/one"], .["/closed"]] | @csv')" 4,0
hundred=$(printf '&page=/%d' $(seq 99))
api GET "/api/v1/counts?site=ar&page=/one$hundred"
is '200: of a hundred pages' "$(answer '.counts | length')" 100
api GET "/api/v1/counts?site=ar&page=/one$hundred&page=/100"
problem '400: more than a hundred' 400
api GET '/api/v1/counts?site=none&page=/one'
problem '404: of no site' 404
api GET /api/v1/nothing
problem '404: no such operation' 404
api PUT /api/v1/comments '{}'
problem '405: not that method' 405

# Changing.
bearer="Authorization: Bearer $token"
api PATCH "/api/v1/comments/$first" '{"text":"مرحبا"}' -H "$bearer"
is '200: changed' "$(answer '[.text, .state] | @csv')" '"مرحبا","published"'
ok 'when' [ "$(answer .edited_at)" != null ]
api PATCH "/api/v1/comments/$first" '{"text":"https://example.org"}' \
    -H "X-Edit-Token: $token"
is '202: a new link awaits moderation' "$status" 202
is 'held' "$(answer .state)" held
api PATCH "/api/v1/comments/$first" '{"text":"x"}'
problem '403: without a token' 403
api PATCH "/api/v1/comments/$held" '{"text":"x"}' -H "$bearer"
problem '403: with the token of another reader' 403
api PATCH "/api/v1/comments/$first" '{"text":"x"}' -H 'Authorization: Bearer x'
problem '403: with a made-up one' 403
api PATCH /api/v1/comments/98765 '{"text":"x"}' -H "$bearer"
problem '404: what is not there' 404
api PATCH "/api/v1/comments/$first" '{"text":""}' -H "$bearer"
problem '422: nothing left' 422 required
api PATCH "/api/v1/comments/$first" '{}' -H "$bearer"
problem '400: no text' 400
api DELETE "/api/v1/comments/$held" '' -H "$bearer"
problem '403: deleting what is another'"'"'s' 403
api DELETE "/api/v1/comments/$first" '' -H "$bearer"
is '204: deleted' "$status" 204
is 'without a word' "$(wc -c <"$T/body")" 0
api GET "/api/v1/comments/$first"
problem '404: it is gone' 404
api DELETE "/api/v1/comments/$first" '' -H "$bearer"
problem '404: deleted already' 404
site ar edit_minutes=0
api_comment page=/one name=Late text=Late
api PATCH "/api/v1/comments/$id" '{"text":"x"}' \
    -H "Authorization: Bearer $edit_token"
problem '403: too late to change' 403

# The rest of the allowance.
for i in $(seq 30); do
	api_comment page=/one name=N text="Number $i"
	[ "$status" = 201 ] || break
done
problem '429: too many' 429 too_many
ok 'says when' [ "$(header Retry-After)" -ge 1 ]
finish
