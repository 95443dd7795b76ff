#!/bin/sh
# What clients send of their visitors - addresses, agents, headers, forms, even
# the comment, unless it is a lesson - is in no file and no log.
. "$(dirname "$0")/lib.sh"
make_data
conf 'log_level = debug'
new_key --site ar
site ar filter=yes
serve

markers() {
	"$@" user_ip=203.0.113.251 user_agent=AgentMarker/1.0 \
	    referrer=https://referrermarker.example/ \
	    comment_author_email=mailmarker@mailhostmarker.example \
	    permalink=https://example.com/permalinkmarker \
	    HTTP_COOKIE=cookiemarker HTTP_ACCEPT_LANGUAGE=languagemarker \
	    REMOTE_ADDR=203.0.113.251 REQUEST_URI=/urimarker \
	    POST_anything=postmarker POST_ak_js=1 reporter=reportermarker \
	    'comment_context[]=contextmarker' site_domain=domainmarker \
	    recheck_reason=recheckmarker user_role=rolemarker \
	    callback=https://example.com/callbackmarker
}
markers check comment_author=Namemarker comment_content='The textmarker of a check'
is 'a check' "$status" 200
markers ak submit-spam comment_author=Lessonname comment_content='The lessonmarker'
is 'a lesson' "$status" 200
KEY=badkeymarker
markers check
is 'a wrong key' "$said" invalid
stop
is 'it ends well' "$status" 0

found() {
	grep -rail -e "$1" "$DATA" "$T/log" "$T/out" | sed "s|$T/||" | tr '\n' ' '
}
is 'a lesson is in the database' \
    "$(found lessonmarker | sed 's/-wal//')" 'data/taliq.db '
for marker in 203.0.113.251 agentmarker referrermarker mailmarker \
    mailhostmarker permalinkmarker cookiemarker languagemarker urimarker \
    postmarker reportermarker contextmarker domainmarker recheckmarker \
    rolemarker callbackmarker badkeymarker textmarker namemarker; do
	is "$marker is nowhere" "$(found $marker)" ''
done
finish
