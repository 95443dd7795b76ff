#!/bin/sh
# Clients that speak Akismet's protocol, beyond the table of cases: what they
# teach, what is counted, what one key is to another, what may be thrown away.
. "$(dirname "$0")/lib.sh"
make_data
new_key --site en
other_key=$KEY
new_key --site ar
first_key=$KEY first_id=$KEY_ID
site ar filter=yes
site en filter=yes
serve

lessons() { sql 'SELECT count(*) FROM feedback'; }
spam='Order zarkulin drops today, a bottle of zarkulin for the knees'
good='The new bridge opens on Monday, said the mayor; the ferry goes on until May.'

check comment_author=Ann comment_content="$good"
is 'a good comment' "$status $said" '200 false'
check comment_author=Rich \
    comment_content='Earn 5000 dollars weekly from home! WhatsApp +1 555 010 2233'
is 'plain advertising' "$said" true
is 'is for the spam folder, not to be thrown away' \
    "$(header X-akismet-pro-tip)" ''
check honeypot_field_name=trap trap=filled comment_content="$good"
is 'a filled trap' "$said" true
is 'is no reason to throw away what may be good' \
    "$(header X-akismet-pro-tip)" ''
check user_role=subscriber,administrator comment_content='Earn 5000 dollars'
is 'an administrator among the roles' "$said" false
ak comment-check user_ip=1 comment_content="$good" classify=1
is 'no class for a good comment' "$(header X-Akismet-Classification)" ''

# --- lessons -----------------------------------------------------------------

check comment_author=Tom comment_content="$spam"
is 'unknown advertising passes' "$said" false
toms=$guid
ak submit-spam user_ip=1 is_test=1 comment_author=Tom comment_content="$spam"
is 'a test is thanked' "$said" 'Thanks for making the web a better place.'
is 'and teaches nothing' "$(lessons)" 0
KEY=$other_key
ak submit-spam user_ip=1 guid="$toms"
is "another key's guid is thanked" "$status" 200
is 'and means nothing' "$(lessons)" 0
KEY=$first_key
ak submit-spam user_ip=203.0.113.9 guid="$toms"
is 'by the guid alone' "$said" 'Thanks for making the web a better place.'
is 'the comment is learnt' \
    "$(sql 'SELECT site_id, comment_id, from_state, to_state, actor, name, body
    FROM feedback')" "1|0|0|2|key:$first_id|Tom|$spam"
ak submit-spam user_ip=203.0.113.9 comment_author=Tom comment_content="$spam"
is 'the same lesson again is thanked' "$status" 200
is 'and learnt once' "$(lessons)" 1
knows() {
	check comment_author=Tim \
	    comment_content='A bottle of zarkulin drops, order today for the knees'
	[ "$said" = true ]
}
ok 'what it says is known at once' within 5 knows
check comment_author=Ann comment_content="$good"
is 'the innocent neighbour is spared' "$said" false
KEY=$other_key
check comment_author=Tom comment_content="$spam"
is "another site's model has not changed" "$said" false
KEY=$first_key
ak submit-ham user_ip=1 comment_author=Tom comment_content="$spam"
ak submit-spam user_ip=1 comment_author=Tom comment_content="$spam"
is 'who changes his mind, and back, is followed' "$(lessons)" 3
ak submit-spam user_ip=1
is 'nothing to learn from is thanked, too' "$status" 200
is 'and not kept' "$(lessons)" 3
check comment_content='A quiet word about the weather' honeypot_field_name=trap trap=x
ak submit-ham user_ip=1 guid="$guid" comment_content='other words'
is 'the guid decides which comment was meant' \
    "$(sql 'SELECT body FROM feedback ORDER BY seq DESC LIMIT 1')" \
    'A quiet word about the weather'
for website in mailto:eve@mail.example eve@mail.example http://eve@mail.example/; do
	ak submit-spam user_ip=1 comment_author_url="$website" \
	    comment_content="Said by $website"
	is "no website: $website" "$(sql 'SELECT body, url FROM feedback
	    ORDER BY seq DESC LIMIT 1')" "Said by $website|"
done
ak submit-spam user_ip=1 comment_author_url=http://Shop.example \
    comment_content='Said by a shop'
is 'a website is kept as it was sent' \
    "$(sql 'SELECT url FROM feedback ORDER BY seq DESC LIMIT 1')" \
    http://Shop.example

# --- counts ------------------------------------------------------------------

ak get-stats from=60-days
is 'missed spam and false alarms are counted' \
    "$(answer '[.missed_spam, .false_positives] | @csv')" 1,1
ak submit-spam user_ip=1 comment_check_response=false \
    comment_content='Said in another week'
ak get-stats from=all
is 'also by what the client remembers' "$(answer .missed_spam)" 2
is 'the last period has them' \
    "$(answer '.breakdown | to_entries | last.value.missed_spam')" 2
req GET "/1.2/key-sites?api_key=$other_key"
is "each key's counts are its own" \
    "$(answer '.[] | arrays | .[] | [.site, .api_calls] | @csv')" \
    '"example.com","1"'
req GET "/1.2/key-sites?api_key=$first_key&filter=nowhere"
is 'a filter' "$(answer .total)" 0
KEY=$other_key
ak 1.2/usage-limit
is 'usage' "$(answer .usage)" 1
check is_test=1
ak 1.2/usage-limit
is 'tests are not counted' "$(answer .usage)" 1
ak get-stats from=6-months blog=https://elsewhere.example
is 'another site has none' "$(answer .ham)" 0
is 'and yet a period' "$(answer '.breakdown | length')" 1
KEY=$first_key

# --- settings ----------------------------------------------------------------

site ar akismet_discard_from=60
check comment_author=Rich \
    comment_content='Earn 5000 dollars weekly from home! WhatsApp +1 555 010 2233'
is 'the threshold of throwing away is a setting' \
    "$said $(header X-akismet-pro-tip)" 'true discard'
site ar akismet_discard_from=100
check comment_author=Rich \
    comment_content='Earn 5000 dollars weekly from home! WhatsApp +1 555 010 2233'
is 'a hundred is never' "$said $(header X-akismet-pro-tip)" 'true '
site ar akismet_spam_from=100
check comment_author=Rich \
    comment_content='Earn 5000 dollars weekly from home! WhatsApp +1 555 010 2233'
is 'so is that of spam' "$said" false
site ar akismet_spam_from=50 filter=no
check comment_content='Earn 5000 dollars weekly from home! WhatsApp +1 555 010 2233'
is 'a site without the filter goes by evidence alone' "$status $said" '200 false'
check comment_content="$good" honeypot_field_name=trap trap=x
is 'which it still has' "$said" true

# --- the door ----------------------------------------------------------------

req OPTIONS /1.1/comment-check
is 'a browser learns the method' "$status $(header Allow)" '204 POST'
req GET /1.1/comment-check
is 'another method' "$status $(header Allow)" '405 POST'
is 'is told which one' "$(cat "$T/body")" 'Use POST for this call.'
req PUT '/1.2/usage-limit?a=%zz'
is 'or which two' "$status $(cat "$T/body")" \
    '405 Use GET or POST for this call.'
for path in /1.1/no-such-call '/1.2/no-such-call?a=%zz'; do
	get "$path"
	is "$path: a line of text" "$status $(cat "$T/body")" \
	    '404 There is no such call.'
done
for call in verify-key comment-check submit-ham; do
	req POST /1.1/$call -H 'Content-Type: application/json; charset=utf-8' \
	    -d '{"api_key":"000000000000","blog":"b"}'
	is "$call: JSON is no form" "$(header X-akismet-debug-help)" \
	    'Content-Type must be application/x-www-form-urlencoded'
	req POST /1.1/$call -d 'blog=b'
	is "$call: a form without a key" "$(header X-akismet-debug-help)" \
	    'Empty "key" value'
done
before=$(lessons)
ak submit-spam user_ip=1 guid=00000000000000000000000000000000
is 'a lesson without anything to learn is thanked' \
    "$status $said" '200 Thanks for making the web a better place.'
is 'and teaches nothing' "$(lessons)" "$before"
req POST /1.1/comment-check/ -d "api_key=$KEY"
is 'no closing slash' "$status" 404
head -c 1048000 /dev/zero | tr '\0' a >"$T/large"
printf 'api_key=%s&blog=b&user_ip=1&comment_content=' "$KEY" |
    cat - "$T/large" >"$T/form"
req POST /1.1/comment-check --data-binary "@$T/form"
is 'a body of a mebibyte' "$status" 200
cat "$T/large" >>"$T/form"
req POST /1.1/comment-check --data-binary "@$T/form"
is 'two are too many' "$status" 413
head -c 300000 "$T/large" >"$T/form"
req POST /comments --data-binary "@$T/form"
is 'elsewhere a quarter is the most' "$status" 413
taliq key revoke "$first_id" >/dev/null
check
is 'a revoked key' "$said" invalid
finish
