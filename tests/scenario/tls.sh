#!/bin/sh
# HTTPS by taliq itself: what stops the start, pages and posts, certificates by
# name, a reload by SIGHUP and by "taliq reload", old versions.  What goes on
# below HTTP is in tests/web/tls.py.
. "$(dirname "$0")/lib.sh"
command -v openssl >/dev/null || { echo '1..0 # SKIP no openssl'; exit 0; }

CERTS=$T/certs
mkdir -p "$CERTS"
quiet() { "$@" >>"$T/openssl" 2>&1 || { echo "Bail out! $*"; exit 1; }; }
quiet openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj '/CN=Throw-away' \
    -keyout "$CERTS/ca.key" -out "$CERTS/ca.pem"

# cert NAME HOST[,HOST]...: NAME.pem with its chain, NAME.key
cert() {
	quiet openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -subj "/CN=$1" -keyout "$CERTS/$1.key" -out "$CERTS/$1.csr"
	printf 'subjectAltName=DNS:%s\n' "$2" | sed 's/,/,DNS:/g' >"$CERTS/ext"
	quiet openssl x509 -req -in "$CERTS/$1.csr" -CA "$CERTS/ca.pem" \
	    -CAkey "$CERTS/ca.key" -CAcreateserial -days "${3-8}" \
	    -extfile "$CERTS/ext" -out "$CERTS/$1.pem"
	cat "$CERTS/ca.pem" >>"$CERTS/$1.pem"
	chmod 600 "$CERTS/$1.key"
}
cert one ar.test,en.test
cert wild '*.ar.test'
cert next ar.test

# tls_conf CERTIFICATES KEYS [LINES]...
tls_conf() {
	_c=$1 _k=$2
	shift 2
	conf 'network_posts_per_hour = 0' 'tls_listen = 127.0.0.1:0' \
	    "tls_certificate = $_c" "tls_key = $_k" "$@"
}

# refused TITLE TEXT [COMMAND...]: the start fails with one line that has it
refused() {
	_title=$1 _text=$2
	shift 2
	[ $# -gt 0 ] || set -- --listen 127.0.0.1:0
	timeout 20 "$TALIQ" serve --data "$DATA" "$@" >"$T/stdout" 2>"$T/stderr"
	_got=$?
	if [ $_got -eq 3 ] && grep -v ' info ' "$T/stderr" >"$T/said" &&
	    grep -qF -e "$_text" "$T/said" && [ "$(wc -l <"$T/said")" -eq 1 ]
	then
		pass "$_title"
	else
		fail "$_title" "exit status $_got, wanted 3 and one line with" \
		    "$_text" "$(cat "$T/stderr")"
	fi
}

# https HOST PATH [curl's arguments]: then $status, $T/head, $T/body
https() {
	_host=$1 _path=$2
	shift 2
	: >"$T/body"
	: >"$T/head"
	status=$(curl -sS --max-time 20 --cacert "$CERTS/ca.pem" \
	    --connect-to "::127.0.0.1:$PORT" -o "$T/body" -D "$T/head" \
	    -w '%{http_code}' "$@" "https://$_host:$PORT$_path" 2>"$T/curl") ||
	    status="curl: $(cat "$T/curl")"
}

# shown NAME: the subject of the certificate shown for that name
shown() {
	openssl s_client -connect "127.0.0.1:$PORT" -servername "$1" \
	    </dev/null 2>/dev/null | openssl x509 -noout -subject 2>/dev/null |
	    sed 's/.*CN = //'
}

serve_tls() {
	serve
	PORT=$(sed -n 's/^taliq: and on https:.*:\([0-9]*\)\/$/\1/p' "$T/out")
}

make_data

# --- what stops the start ----------------------------------------------------

conf 'tls_listen = 127.0.0.1:0'
refused 'no certificate' 'tls_certificate names no file'
tls_conf "$CERTS/none.pem" "$CERTS/one.key"
refused 'a certificate that is not there' "$CERTS/none.pem"
tls_conf "$CERTS/one.pem" "$CERTS/none.key"
refused 'a key that is not there' "$CERTS/none.key"
tls_conf "$CERTS/one.pem" ''
refused 'no key' 'tls_key names no file'
tls_conf "$CERTS/one.key" "$CERTS/one.key"
refused 'a certificate that is none' "$CERTS/one.key: no certificate in it"
tls_conf "$CERTS/one.pem" "$CERTS/one.pem"
chmod 600 "$CERTS/one.pem"
refused 'a key that is none' "$CERTS/one.pem: no private key in it"
tls_conf "$CERTS/one.pem" "$CERTS/wild.key"
refused 'the key of another' "$CERTS/wild.key: not the key of the certificate"
tls_conf "$CERTS/one.pem, $CERTS/wild.pem" "$CERTS/one.key"
refused 'a key too few' 'not as many files'
tls_conf "$CERTS/one.pem" "$CERTS/one.key"
chmod 604 "$CERTS/one.key"
refused 'a key that all may read' "$CERTS/one.key: every user"
chmod 640 "$CERTS/one.key"
quiet openssl ec -in "$CERTS/one.key" -aes256 -passout pass:secret \
    -out "$CERTS/locked.key"
chmod 600 "$CERTS/locked.key"
tls_conf "$CERTS/one.pem" "$CERTS/locked.key"
refused 'a key that has a password' "$CERTS/locked.key: the key is encrypted"
conf 'tls_listen = nowhere' "tls_certificate = $CERTS/one.pem" \
    "tls_key = $CERTS/one.key"
refused 'an address that is none' 'nowhere'
conf 'listen ='
refused 'nowhere to listen' 'nothing to listen on' --config "$DATA/taliq.conf"

# --- serving -----------------------------------------------------------------

# As certbot leaves them: links, in a folder below the data directory's.
mkdir -p "$DATA/tls"
ln -s "$CERTS/one.pem" "$DATA/tls/one.pem"
ln -s "$CERTS/one.key" "$DATA/tls/one.key"
tls_conf "tls/one.pem, $CERTS/wild.pem" "tls/one.key, $CERTS/wild.key"
serve_tls
ok 'both addresses are said' test -n "$PORT"
https ar.test /one
is 'a page' "$status" 200
has 'is the page' "$T/body" 'Text of one.'
is 'and no more is promised than holds' \
    "$(grep -ic '^strict-transport-security' "$T/head")" 0
HOST=ar.test
get /one
is 'plain HTTP beside it' "$status" 200
page=$(curl -sS --cacert "$CERTS/ca.pem" --connect-to "::127.0.0.1:$PORT" \
    "https://ar.test:$PORT/comments/token?page=/one" | jq -r .token)
settle
https ar.test /comments -H "Origin: https://ar.test:$PORT" \
    --data-urlencode page=/one --data-urlencode "token=$page" \
    --data-urlencode name=Nur --data-urlencode 'text=By TLS'
is 'a comment' "$status" 303
has 'with a cookie for HTTPS only' "$T/head" '__Host-taliq_reader='
ok 'which says so' grep -qi '^set-cookie:.*; secure' "$T/head"
https ar.test /one
has 'is there' "$T/body" 'By TLS'
https ar.test /comments -H 'Origin: https://evil.test' \
    --data-urlencode page=/one --data-urlencode text=x
is 'but not from elsewhere' "$status" 403
head -c 200000 /dev/zero | tr '\0' x >"$T/large"
https ar.test /api/v1/comments -H 'Content-Type: application/json' \
    --data-binary "@$T/large"
is 'a body of 200 KB is read, then refused for what it is' "$status" 400
head -c 1048576 /dev/zero >"$T/large"
https ar.test /api/v1/comments --data-binary "@$T/large"
is 'one of 1 MiB is not' "$status" 413
curl -sS --max-time 20 -H 'Expect:' "http://127.0.0.1:$PORT/" -o "$T/body" \
    2>/dev/null
has 'plain HTTP on its port is told' "$T/body" 'https://'

# --- names, versions ---------------------------------------------------------

is 'a name of its own' "$(shown en.test)" one
is 'a name under a wildcard' "$(shown 0123456789ab.ar.test)" wild
is 'any other name' "$(shown elsewhere.test)" one
https 0123456789ab.ar.test /healthz
is 'which a client believes' "$status" 200
https elsewhere.test /healthz
has 'but not that' "$T/curl" 'certificate'
for v in tls1 tls1_1; do
	ok "no $v" sh -c "openssl s_client -$v -cipher ALL:@SECLEVEL=0 -connect \
	    127.0.0.1:$PORT </dev/null 2>&1 | grep -q 'alert protocol version'"
done
for v in tls1_2 tls1_3; do
	ok "but $v" sh -c "openssl s_client -$v -connect 127.0.0.1:$PORT \
	    -alpn h2,http/1.1 </dev/null 2>&1 |
	    grep -q 'ALPN protocol: http/1.1'"
done

# --- a reload ----------------------------------------------------------------

# keeper: asks again on one connection each time it is told
cat >"$T/keeper.py" <<'PY'
import http.client, socket, ssl, sys
c = ssl.create_default_context(cafile=sys.argv[1])
h = http.client.HTTPConnection("ar.test")
h.sock = c.wrap_socket(socket.create_connection(
    ("127.0.0.1", int(sys.argv[2])), 20), server_hostname="ar.test")
h.auto_open = 0     # no other connection than this one
for line in sys.stdin:
    h.request("GET", "/healthz")
    a = h.getresponse()
    print(a.status, a.read(), flush=True)
PY
mkfifo "$T/tell"
python3 "$T/keeper.py" "$CERTS/ca.pem" "$PORT" <"$T/tell" >"$T/kept" 2>&1 &
keeper=$!
exec 9>"$T/tell"
kept() { [ "$(grep -c '^200 ' "$T/kept")" -eq "$1" ]; }
echo >&9
ok 'a connection that is kept' within 10 kept 1

use() { ln -sf "$CERTS/$1.pem" "$DATA/tls/one.pem"; ln -sf "$CERTS/$2.key" "$DATA/tls/one.key"; }
is_shown() { [ "$(shown ar.test)" = "$1" ]; }
use next next
is 'new files alone change nothing' "$(shown ar.test)" one
kill -HUP "$SERVER"
ok 'SIGHUP reads them' within 10 is_shown next
echo >&9
ok 'who was there is still served' within 10 kept 2
https ar.test /one
is 'who is new is served' "$status" 200

use one next
kill -HUP "$SERVER"
ok 'a key that does not fit is logged' within 10 \
    grep -q 'error certificate_reload_failed .*one.key: not the key of' "$T/log"
is 'and the old certificate stays' "$(shown ar.test)" next
taliq reload >"$T/said" 2>&1
is '"taliq reload" says no' "$?" 3
has 'and why' "$T/said" 'the old certificate stays: tls_key'
use one one
ok '"taliq reload" reads a good one' taliq reload
is 'and it is shown' "$(shown ar.test)" one
https ar.test /metrics
ok 'the figures say how long it is good' test \
    "$(sed -n 's/^taliq_certificate_until_seconds //p' "$T/body")" -gt \
    "$(($(date +%s) + 7 * 86400))"
cert late ar.test -1
use late late
ok 'one that is out of date is read' taliq reload
ok 'but with a warning' grep -q ' warn certificate_expired file=' "$T/log"
echo >&9
ok 'three reloads later: who was there is served' within 10 kept 3
exec 9>&-
wait "$keeper"
sed -i '/certificate_reload_failed/d' "$T/log"
stop
is 'it ends well' "$status" 0

# --- HTTPS only --------------------------------------------------------------

use one one
tls_conf tls/one.pem tls/one.key 'listen ='
: >"$T/out"
"$TALIQ" serve --data "$DATA" >"$T/out" 2>>"$T/log" &
SERVER=$!
ok 'without plain HTTP' within 20 grep -q '^taliq: ready on https://127' "$T/out"
PORT=$(sed -n 's/^taliq: ready on https:.*:\([0-9]*\)\/$/\1/p' "$T/out")
https ar.test /one
is 'it serves' "$status" 200
taliq config >"$T/said"
has 'config says so' "$T/said" 'listen = '
stop
is 'and ends well' "$status" 0
finish
