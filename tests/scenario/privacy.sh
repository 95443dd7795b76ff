#!/bin/sh
# What a reader gives away stays where it belongs: no e-mail address, network
# address or browser's name on the disk, nothing left of what was deleted, no
# text of a request in the log, and the notice says the same.
. "$(dirname "$0")/lib.sh"
make_data
conf 'log_level = debug' 'network_posts_per_hour = 0' 'trusted_proxies = 127.0.0.1'
serve
tokens 6 /one
settle

# Whether anything in the data directory holds the word, as it is or in one of
# the forms in which a program might keep it.
on_disk() {
	python3 - "$DATA" "$1" <<-'PY'
	import base64, os, sys
	root, word = sys.argv[1], sys.argv[2].encode()
	forms = {word, word.lower(), word[::-1], word.decode().encode("utf-16-le"),
	         word.hex().encode(), word.hex().upper().encode(),
	         word.replace(b"@", b"%40")}
	for cut in range(3):
	    whole = word[cut:cut + (len(word) - cut) // 3 * 3]
	    forms.add(base64.b64encode(whole))
	for folder, _, files in os.walk(root):
	    for f in files:
	        if not os.path.isfile(os.path.join(folder, f)):
	            continue
	        with open(os.path.join(folder, f), "rb") as file:
	            data = file.read()
	        found = [x for x in forms if x in data]
	        if found:
	            print(f, found)
	            sys.exit(0)
	sys.exit(7)
	PY
}

nowhere() {
	on_disk "$2" >"$T/said" 2>&1
	if [ $? -eq 7 ]; then
		pass "$1"
	else
		fail "$1" "$(cat "$T/said")"
	fi
}

not_on_disk() {
	on_disk "$1" >/dev/null 2>&1
	[ $? -eq 7 ]
}

READER=dina
HEADER='User-Agent: Agentmarker/7 (machine of one person)'
comment /one name=Namemarker email=Mailmarker.77@Secret-Host.example \
    url=https://urlmarker.example/ text='Textmarker one'
first=$id
is 'the comment waits' "$(sql "SELECT state FROM comment WHERE id = $first")" 1
HEADER='X-Forwarded-For: 203.0.113.77'
comment /one name=Namemarker email=mailmarker.77@secret-host.example \
    text='Textmarker two'
second=$id
HEADER='Referer: http://refmarker.example/from'
comment /one name=Othername email=othermail@secret-host.example text='No marker'
HEADER=
comment /one name=Bad email=wrongmail@@secret-host.example text='Badmarker'
is 'one is refused' "$status" 422
get '/one?sort=oldest&querymarker=1'
get '/pathmarker'
api GET '/api/v1/threads?page=/jsonmarker'
api POST /api/v1/comments '{"page":"/one","bodymarker":1,}'
api POST /api/v1/comments \
    '{"page":"/one","name":"Jsonname","email":"jsonmail@x.example","text":"Jsontext"}'
HOST=hostmarker.example
get /
HOST=ar.test HEADER='Cookie: taliq_reader=cookiemarker'
get /one
HEADER='Accept-Language: languagemarker'
get /none
HEADER=

# What the disk may hold while the comments are there.
ok 'the text is on the disk, where a search finds it' on_disk 'Textmarker one'
ok 'and the name' on_disk Namemarker
nowhere 'the e-mail address is not' mailmarker.77
nowhere 'not even its host' secret-host
nowhere 'nor one that was refused' wrongmail
nowhere 'nor one by the API' jsonmail
nowhere 'the network address is not' 203.0.113.77
nowhere 'the browser is not' Agentmarker
nowhere 'the page before is not' refmarker
ok 'the address is stored sealed' [ "$(sql "SELECT length(email_sealed) > 40
    FROM comment WHERE id = $first")" = 1 ]
ok 'the same address twice looks different' [ "$(sql "SELECT count(DISTINCT
    email_sealed) FROM comment WHERE name = 'Namemarker'")" = 2 ]
is 'nobody but the owner may read the directory' \
    "$(stat -c %a "$DATA" "$DATA/keys" "$DATA/keys/mail.secret" | tr '\n' ' ')" \
    '700 700 600 '
for page in / /one /one/comments.atom /feed.atom /privacy \
    '/api/v1/threads?page=/one' "/comments/$first/edit" /metrics; do
	get "$page"
	lacks "no address in $page" "$T/body" secret-host
done
taliq comment list --json >"$T/list"
has 'the operator sees that there is one' "$T/list" '"has_email":true'
lacks 'but not which' "$T/list" secret-host

# An edit, decisions (the log keeps a copy), then deleting.
send "/comments/$second/edit" text='Editmarker instead'
taliq comment spam "$second" >/dev/null
taliq comment publish "$first" >/dev/null
taliq comment hold "$first" >/dev/null
taliq comment publish "$first" >/dev/null
send "/comments/$first/delete"
is 'the author deletes one' "$status" 303
ok 'a moderator deletes the other' taliq comment delete "$second"
rows=$(sql "SELECT count(*) FROM comment")
within 5 not_on_disk 'Textmarker one'	# the log is cut once a second
nowhere 'the first text is gone from the disk' 'Textmarker one'
nowhere 'the second' 'Textmarker two'
nowhere 'the edited one' Editmarker
nowhere 'the name' Namemarker
nowhere 'the website' urlmarker
is 'a row stays, empty' "$(sql "SELECT name || url || body ||
    hex(email_sealed) || coalesce(hex(owner), '') FROM comment
    WHERE id IN ($first, $second)")" ''
is 'and no row went' "$(sql "SELECT count(*) FROM comment")" "$rows"
is 'the log of decisions keeps no text of it' "$(sql "SELECT count(*)
    FROM feedback WHERE comment_id IN ($first, $second)
    AND name || url || body <> ''")" 0

for word in marker Othername secret-host Jsonname Jsontext jsonmail 203.0.113 \
    127.0.0.1 ar.test /one; do
	lacks "no \"$word\" in the log" "$T/log" "$word"
done
ok 'which does have lines' grep -q ' info ' "$T/log"
lacks 'addresses are not in what was printed either' "$T/out" secret-host

get /privacy
is 'the notice' "$status" 200
has 'is in the language of the site' "$T/body" '<html lang="ar"'
get /.well-known/taliq-privacy.json
ok 'is there for programs' jq -e . "$T/body"
is 'and speaks of what forms hold' \
    "$(answer '[.fields[].id] | contains(["name", "email", "website", "text"])')" \
    true
is 'which goes nowhere' "$(answer '.outgoing_connections | length')" 0
finish
