#!/bin/sh
# Starting: what is wrong is said in one line, with file, line and what is
# allowed; two processes never share a directory.
. "$(dirname "$0")/lib.sh"

# says TITLE STATUS TEXT COMMAND...: fails with that status and that one line
says() {
	_title=$1 _status=$2 _text=$3
	shift 3
	timeout 20 "$@" >"$T/stdout" 2>"$T/stderr"
	_got=$?
	if [ $_got -eq "$_status" ] && grep -qF -e "$_text" "$T/stderr" &&
	    [ "$(grep -Evc '^20[^ ]+ info ' "$T/stderr")" -eq 1 ]; then
		pass "$_title"
	else
		fail "$_title" "exit status $_got, wanted $_status and one line with" \
		    "$_text" "$(cat "$T/stderr")"
	fi
}
serve_here() {
	says "$1" "$2" "$3" "$TALIQ" serve --data "$DATA" --listen 127.0.0.1:0
}

serve_here 'a directory that is not there' 3 "$DATA"
ok 'init makes it' "$TALIQ" init --data "$DATA"
is 'for the owner alone' "$(stat -c %a "$DATA")" 700
cp -a "$DATA" "$T/copy"
ok 'init again' "$TALIQ" init --data "$DATA"
ok 'changes nothing' diff -r --exclude=lock "$T/copy" "$DATA"
ok 'the configuration it writes is all comments' \
    sh -c "! grep -v '^#' '$DATA/taliq.conf' | grep -q ."
ok 'and is read' taliq config
ok 'every setting in it is as it says' sh -c "
    sed -n 's/^#\\([a-z_]* = \\)/\\1/p' '$DATA/taliq.conf' >'$T/conf' &&
    '$TALIQ' config --data '$DATA' --config '$T/conf'"

# bad TITLE LINE TEXT LINES...
bad() {
	_bad_title=$1 _line=$2 _bad_text=$3
	shift 3
	conf "$@"
	serve_here "$_bad_title" 3 "taliq.conf:$_line: $_bad_text"
	says "  so says config" 3 "taliq.conf:$_line: $_bad_text" \
	    "$TALIQ" config --data "$DATA"
}
bad 'an unknown setting' 2 'unknown setting "colour"' '# comment' 'colour = red'
bad 'a number that is none' 1 'threads is "many", allowed: 0 to 64' \
    'threads = many'
bad 'a number too large' 3 'cache_mb is "999999", allowed: 1 to 65536' '' '' \
    'cache_mb = 999999'
bad 'a word that is none' 1 \
    'log_level is "loud", allowed: one of: debug info warn error' \
    'log_level = loud'
bad 'a line that is none' 2 '' 'drain_s = 5' 'just words'
bad 'a section' 1 'not a setting; allowed: name = value' '[server]' \
    'threads = 2'
bad 'a port that is none' 1 'listen is "127.0.0.1:99999", allowed: ' \
    'listen = 127.0.0.1:99999'
bad 'an address that is none' 1 'listen is "foo", allowed: ' 'listen = foo'
bad 'a proxy that is none' 1 'trusted_proxies is "10.0.0.0/8,elsewhere"' \
    'trusted_proxies = 10.0.0.0/8,elsewhere'
conf 'drain_s = 3'
taliq config >"$T/said"
has 'config says what is in force' "$T/said" 'drain_s = 3'
has 'from where' "$T/said" '# line 1'
has 'and what is default' "$T/said" 'header_timeout_s = 10'
says 'a configuration that is not there' 3 "$T/none.conf" \
    "$TALIQ" config --data "$DATA" --config "$T/none.conf"

make_data
serve
says 'a second server on the directory' 3 "$DATA" \
    "$TALIQ" serve --data "$DATA" --listen 127.0.0.1:0
is 'hurts the first one not' "$(get /healthz && echo "$status")" 200
says 'nor may an import beside it' 3 "$DATA" \
    "$TALIQ" import --data "$DATA" --site ar /dev/null
cp -r "$DATA" "$T/other"
rm -f "$T/other/control.sock"
says 'a port that is taken' 3 "${URL#http://}" \
    "$TALIQ" serve --data "$T/other" --listen "${URL#http://}"
kill -KILL "$SERVER"
wait "$SERVER" 2>/dev/null
SERVER=''
ok 'what a killed server leaves is no lock' [ -e "$DATA/control.sock" ]
serve
is 'the next one serves' "$(get /one && echo "$status")" 200
stop

says 'a reload without a server' 1 "no server runs in $DATA" \
    "$TALIQ" reload --data "$DATA"

chmod 600 "$DATA/keys/row.key"
printf x >>"$DATA/keys/row.key"
serve_here 'a key of another length' 3 row.key
truncate -s 32 "$DATA/keys/row.key"
mv "$DATA/keys/token.key" "$T/token.key"
serve_here 'a key that is missing' 3 token.key
mv "$T/token.key" "$DATA/keys/token.key"
cp "$DATA/taliq.db" "$T/good.db"
printf 'no database at all, but long enough to look at' >"$DATA/taliq.db"
serve_here 'a database that is none' 3 taliq.db
cp "$T/good.db" "$DATA/taliq.db"

for verb in serve init site comment reload import verify config version; do
	ok "$verb --help" sh -c "'$TALIQ' $verb --help | grep -q '^usage: taliq $verb'"
done
"$TALIQ" >"$T/stdout" 2>"$T/stderr"
is 'no verb at all' "$?" 2
"$TALIQ" dance >"$T/stdout" 2>"$T/stderr"
is 'a verb that is none' "$?" 2
"$TALIQ" serve --data >"$T/stdout" 2>"$T/stderr"
is 'an option without its value' "$?" 2
"$TALIQ" serve --colour red >"$T/stdout" 2>"$T/stderr"
is 'an option that is none' "$?" 2
taliq site add ar language=xx-toolong-notalanguage-atall-indeed-no \
    >"$T/stdout" 2>"$T/stderr"
is 'a site setting that cannot be' "$?" 2
taliq site add eo language=english >"$T/stdout" 2>"$T/stderr"
is 'a language that is no tag' "$?" 2
has 'is told what is one' "$T/stderr" 'language tag as ar, ar-SY or en-GB'
ok 'a language without an interface' taliq site add fr language=fr-CA
has 'is taken, not in silence' "$T/ok" 'there is no interface in fr-CA yet'
says 'an origin that another site has' 1 \
    'origins: https://ar.test belongs to the site "ar"' \
    "$TALIQ" site add twin origins=http://en2.test,https://ar.test \
    --data "$DATA"
ok 'once it is free' taliq site set ar origins=http://elsewhere.test
ok 'it may be taken' taliq site add twin origins=http://AR.test
ok 'its own a site may keep' taliq site set twin origins=http://ar.test,http://b.test
taliq site add Bad_Name >"$T/stdout" 2>"$T/stderr"
is 'a site name that cannot be' "$?" 2
taliq site set none title=x >"$T/stdout" 2>"$T/stderr"
is 'a site that is not there' "$?" 1
taliq site add en >"$T/stdout" 2>"$T/stderr"
is 'one that is there already' "$?" 1
finish
