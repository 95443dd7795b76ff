# lib.sh - what the scenario scripts share.  A script is one behaviour: it makes
# a data directory, starts the real program on a free port of 127.0.0.1, acts by
# curl, and prints TAP.  It begins with sourcing this and ends with "finish".
#
#   TALIQ    the program (default: the one in build/)
#   $HOST    whose site requests go to: ar.test or en.test, see make_data
#   $READER  whose cookies they carry: any word, a browser of its own; or empty
#   $HEADER  one more header of requests; or empty
#   $LISTEN  where the program listens, a free port of 127.0.0.1 by default
#   $T       the script's own directory; $DATA the data directory in it
#
# shellcheck shell=sh
# Variables that only scripts read.
# shellcheck disable=SC2034
set -u
umask 077
LC_ALL=C.UTF-8
export LC_ALL
unset TALIQ_DATA
here=$(cd "$(dirname "$0")" && pwd)
TALIQ=${TALIQ:-$here/../../build/src/main/taliq}
T=$(mktemp -d "${TMPDIR:-/tmp}/taliq-XXXXXX") || exit 1
DATA=$T/data
HOST=ar.test READER='' HEADER='' LISTEN=127.0.0.1:0
SERVER='' URL='' CLOCK=''
status='' id='' count=0 failed=0

clean_up() {
	[ -z "$SERVER" ] || kill -KILL "$SERVER" 2>/dev/null
	rm -rf "$T"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

# --- results -----------------------------------------------------------------

pass() {
	count=$((count + 1))
	printf 'ok %d - %s\n' "$count" "$1"
}

# fail TITLE [LINES...]: what was seen
fail() {
	count=$((count + 1)) failed=1
	printf 'not ok %d - %s\n' "$count" "$1"
	shift
	printf '%s\n' "$@" | head -c 4000 | sed 's/^/# /'
}

# is TITLE GOT WANTED
is() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "got:    $2" "wanted: $3"
	fi
}

# has TITLE FILE TEXT; lacks TITLE FILE TEXT
has() {
	if grep -qF -e "$3" "$2"; then
		pass "$1"
	else
		fail "$1" "not found: $3" "in: $(wc -c <"$2") bytes of ${2##*/}" \
		    "$(sed 's/<[^>]*>/ /g; s/  */ /g' "$2" | tail -c 1500)"
	fi
}

lacks() {
	if grep -qF -e "$3" "$2"; then
		fail "$1" "found: $(grep -F -e "$3" "$2" | head -c 500)"
	else
		pass "$1"
	fi
}

# ok TITLE COMMAND [ARGUMENTS]
ok() {
	_title=$1
	shift
	if "$@" >"$T/ok" 2>&1; then
		pass "$_title"
	else
		fail "$_title" "failed: $*" "$(cat "$T/ok")"
	fi
}

# Whether the command is true within so many seconds.
within() {
	_tries=$(($1 * 20))
	shift
	while ! "$@" >/dev/null 2>&1; do
		_tries=$((_tries - 1))
		[ "$_tries" -gt 0 ] || return 1
		sleep 0.05
	done
}

# --- the program -------------------------------------------------------------

taliq() {
	_verb=$1
	shift
	"$TALIQ" "$_verb" --data "$DATA" "$@"
}

# new_key OPTIONS...: "taliq key add"; $KEY is its text, $KEY_ID its number
new_key() {
	taliq key add "$@" >"$T/key" || { echo 'Bail out! key add'; exit 1; }
	KEY=$(tail -n 1 "$T/key")
	KEY_ID=$(sed -n 's/^key \([0-9]*\) .*/\1/p' "$T/key")
}

# conf LINES...: the whole configuration
conf() {
	printf '%s\n' "$@" >"$DATA/taliq.conf"
}

# site NAME [setting=value...]: adds or changes, whether the server runs or not
site() {
	if taliq site show "$1" >/dev/null 2>&1; then
		taliq site set "$@" >/dev/null 2>>"$T/cli"
	else
		taliq site add "$@" >/dev/null 2>>"$T/cli"
	fi || { echo "Bail out! site $*: $(tail -n 1 "$T/cli")"; exit 1; }
}

# article SITE SLUG [LINES of front matter]
article() {
	mkdir -p "$DATA/articles/$1"
	_file=$DATA/articles/$1/$2.md
	_slug=$2
	shift 2
	{
		printf -- '---\ntitle: Title of %s\n' "$_slug"
		printf 'date: 2026-01-02 10:00\n'
		[ $# -eq 0 ] || printf '%s\n' "$@"
		printf -- '---\nText of %s.\n' "$_slug"
	} >"$_file.new"
	mv "$_file.new" "$_file"
}

# A data directory with a site in Arabic (the first, so the default one), one in
# English, an article on each.  Limits are off: all readers sit behind one
# address.
make_data() {
	"$TALIQ" init --data "$DATA" >/dev/null ||
	    { echo 'Bail out! init failed'; exit 1; }
	conf 'network_posts_per_hour = 0' 'thread_posts_per_minute = 0' \
	    'site_posts_per_minute = 0'
	# The filter has its own script; elsewhere a text's words decide nothing.
	site ar language=ar zone=+03:00 title='حاشية' origins=http://ar.test \
	    filter=no
	site en language=en title='The Quay' origins=http://en.test filter=no
	article ar one
	article en one 'language: en'
}

# A clock that the script can move: call it before serve.
fake_clock() {
	if [ -n "${TALIQ_SANITIZED-}" ]; then
		echo '1..0 # SKIP libfaketime and the sanitizers lock each other'
		exit 0
	fi
	CLOCK=$(find /usr/lib -name libfaketimeMT.so.1 2>/dev/null | head -n 1)
	if [ -z "$CLOCK" ]; then
		echo '1..0 # SKIP libfaketime is not installed'
		exit 0
	fi
	echo '+0' >"$T/clock"
}

# clock +7h: so far ahead of the real time
clock() {
	echo "$1" >"$T/clock.new"
	mv "$T/clock.new" "$T/clock"
}

# Starts the server.
serve() {
	: >"$T/out"
	if [ -n "$CLOCK" ]; then
		LD_PRELOAD=$CLOCK FAKETIME_TIMESTAMP_FILE=$T/clock \
		    FAKETIME_NO_CACHE=1 NO_FAKE_STAT=1 "$TALIQ" serve --data "$DATA" \
		    --listen "$LISTEN" >"$T/out" 2>>"$T/log" &
	else
		"$TALIQ" serve --data "$DATA" --listen "$LISTEN" \
		    >"$T/out" 2>>"$T/log" &
	fi
	SERVER=$!
	if ! within 20 grep -q '^taliq: ready on ' "$T/out"; then
		echo "Bail out! the server does not start: $(tail "$T/log")"
		exit 1
	fi
	URL=$(sed -n 's/^taliq: ready on \(.*\)\/$/\1/p' "$T/out")
}

# Stops it; $status is its exit status.
stop() {
	kill -TERM "$SERVER"
	wait "$SERVER"
	status=$?
	SERVER=''
}

# Reads rows of the database, columns by "|".
sql() {
	python3 - "$DATA/taliq.db" "$1" <<-'PY'
	import sqlite3, sys
	db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
	for row in db.execute(sys.argv[2]):
	    print("|".join(str(c) for c in row))
	PY
}

# --- requests ----------------------------------------------------------------

# req METHOD PATH [curl's arguments]: then $status, $T/head, $T/body
req() {
	_method=$1
	_path=$2
	shift 2
	if [ "$_method" = HEAD ]; then
		set -- --head "$@"
	else
		set -- -X "$_method" "$@"
	fi
	if [ -n "$READER" ]; then
		touch "$T/jar.$READER"
		set -- -b "$T/jar.$READER" -c "$T/jar.$READER" "$@"
	fi
	[ -z "$HEADER" ] || set -- -H "$HEADER" "$@"
	: >"$T/body"
	status=$(curl -sS --max-time 20 --path-as-is --globoff \
	    -o "$T/body" -D "$T/head" -w '%{http_code}' \
	    -H "Host: $HOST" "$@" "$URL$_path" 2>"$T/curl") ||
	    status="curl: $(cat "$T/curl")"
}

get() {
	req GET "$@"
}

# ak CALL field=value...: a call of Akismet's protocol with $KEY; then $status,
# $T/head and $T/body, $said its body, $guid its guid
ak() {
	_call=$1
	shift
	for _field do
		set -- "$@" --data-urlencode "$_field"
		shift
	done
	case $_call in
	*/*) ;;
	*) _call=1.1/$_call ;;
	esac
	req POST "/$_call" --data-urlencode "api_key=$KEY" \
	    --data-urlencode blog=https://example.com "$@"
	said=$(cat "$T/body")
	guid=$(header X-akismet-guid)
}

# check field=value...: comment-check
check() {
	ak comment-check user_ip=203.0.113.9 "$@"
}

# The last header of that name in the answer.
header() {
	sed -n "s/^$1: *//Ip" "$T/head" | tr -d '\r' | tail -n 1
}

# send PATH field=value...: a form; $id is the comment it led to
send() {
	_to=$1
	shift
	for _field do
		set -- "$@" --data-urlencode "$_field"
		shift
	done
	req POST "$_to" "$@"
	id=$(header Location | sed -n 's/.*#comment-\([0-9]*\)$/\1/p')
}

# token PAGE: a fresh one on standard output
token() {
	curl -sS -G -H "Host: $HOST" --data-urlencode "page=$1" \
	    "$URL/comments/token" | jq -r .token
}

pool() {
	printf '%s/tokens.%s' "$T" \
	    "$(printf '%s' "$HOST$1" | tr -c 'a-z0-9' '_')"
}

# tokens N PAGE: so many tokens for "comment", not yet old enough: see settle
tokens() {
	_left=$1
	while [ "$_left" -gt 0 ]; do
		token "$2" >>"$(pool "$2")"
		_left=$((_left - 1))
	done
}

# Waits until tokens that were fetched may be used.
settle() {
	sleep 3.05
}

# take PAGE: the next of its tokens, as $token
take() {
	_pool=$(pool "$1")
	token=$(head -n 1 "$_pool")
	sed -i 1d "$_pool"
}

# comment PAGE field=value...: posts the form with the next token; see send
comment() {
	_page=$1
	shift
	take "$_page"
	send /comments "page=$_page" "token=$token" "$@"
}

# json field=value...: an object; parent is a number, all else strings
json() {
	for _field do
		case $_field in
		parent=*) set -- "$@" --argjson parent "${_field#*=}" ;;
		*) set -- "$@" --arg "${_field%%=*}" "${_field#*=}" ;;
		esac
		shift
	done
	# shellcheck disable=SC2016
	jq -n "$@" '$ARGS.named'
}

# api METHOD PATH [JSON [curl's arguments]]
api() {
	_api_method=$1
	_api_path=$2
	_json=${3-}
	[ $# -lt 3 ] || shift
	shift 2
	if [ -n "$_json" ]; then
		set -- -H 'Content-Type: application/json' \
		    --data-binary "$_json" "$@"
	fi
	req "$_api_method" "$_api_path" "$@"
}

# api_comment field=value...: $id and $edit_token are the new comment's
api_comment() {
	api POST /api/v1/comments "$(json "$@")"
	id=$(answer '.id // empty')
	edit_token=$(answer '.edit_token // empty')
}

# A member of the JSON answer, by jq's filter.
answer() {
	jq -r "$1" "$T/body" 2>/dev/null
}

# page.py on the last answer, see there.
page() {
	python3 "$here/page.py" "$@" <"$T/body"
}

# said LANG [CONTEXT|]MSGID [PLURAL N]: what pages say for a message of po/
said() {
	[ -f "$T/$1.mo" ] || msgfmt -o "$T/$1.mo" "$here/../../po/$1.po"
	python3 - "$T/$1.mo" "$2" "${3-}" "${4-0}" <<-'PY'
	import gettext, sys
	path, one, many, n = sys.argv[1:]
	with open(path, "rb") as f:
	    t = gettext.GNUTranslations(f)
	print(t.ngettext(one, many, int(n)).replace("{n}", n) if many
	      else t.gettext(one.replace("|", "\4")))
	PY
}

# --- the end -----------------------------------------------------------------

# The server still answers, ends well and has nothing to complain of.
check_server() {
	HOST=ar.test READER='' HEADER=''
	get /healthz
	is 'the server is still alive' "$status" 200
	stop
	is 'it ends well' "$status" 0
	if grep -Eq ' error |Sanitizer|runtime error|Assertion' "$T/log"; then
		fail 'it logs no error' "$(grep -E -A 30 \
		    ' error |Sanitizer|runtime error|Assertion' "$T/log")"
	else
		pass 'it logs no error'
	fi
	ok 'the database is sound' taliq verify
}

# The script's last line.
finish() {
	[ -z "$SERVER" ] || check_server
	printf '1..%d\n' "$count"
	exit "$failed"
}
