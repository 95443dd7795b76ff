#!/bin/sh
# SIGTERM: what was acknowledged is there, who is being served gets the answer,
# nobody new is let in.  SIGHUP: sites and articles are read again.
. "$(dirname "$0")/lib.sh"
make_data
serve
loads() { grep -c ' loaded ' "$T/log"; }
more_loads() { [ "$(loads)" -gt "$1" ]; }

# Who watches the folder hears of a change when the file is closed, and this
# one is still being written.
python3 - "$DATA/articles/ar/one.md" "$T" <<'PY' &
import os, sys, time
with open(sys.argv[1], "r+") as f:
    text = f.read().replace("Title of one", "News of one ")
    f.seek(0)
    f.write(text)
    f.flush()
    open(sys.argv[2] + "/written", "w").close()
    while not os.path.exists(sys.argv[2] + "/enough"):
        time.sleep(0.05)
PY
editor=$!
within 10 test -e "$T/written"
get /
has 'a change that nobody told of is not seen' "$T/body" 'Title of one'
before=$(loads)
kill -HUP "$SERVER"
ok 'SIGHUP reads sites and articles again' within 5 more_loads "$before"
get /
has 'and shows what is new' "$T/body" 'News of one'
: >"$T/enough"
wait "$editor"
within 5 more_loads $((before + 1))
before=$(loads)
taliq reload >"$T/said"
is 'so does "taliq reload"' "$? $(loads)" "0 $((before + 1))"

# Four clients post as fast as they can and write down what was acknowledged;
# in the middle the server is told to stop.  Three times.
for run in 1 2 3; do
	for client in 1 2 3 4; do
		python3 "$here/poster.py" "$URL" "$HOST" "$run-$client" \
		    >"$T/acked.$run.$client" &
		posters="${posters-} $!"
	done
	for client in 1 2 3 4; do
		within 60 test -s "$T/acked.$run.$client"
	done
	sleep 0.2
	stop
	is "run $run: SIGTERM ends it well" "$status" 0
	# shellcheck disable=SC2086
	wait $posters
	posters=''
	sql 'SELECT name FROM comment' | sort >"$T/stored"
	cat "$T/acked.$run".* | sort >"$T/acked"
	ok "run $run: some were acknowledged" test -s "$T/acked"
	is "run $run: all of them are stored" \
	    "$(comm -23 "$T/acked" "$T/stored" | wc -l)" 0
	ok "run $run: the database is sound" taliq verify
	serve
done

# A request on its way when the signal comes is answered; a new one is not.
python3 - "${URL#http://}" "$SERVER" >"$T/said" <<'PY'
import os, signal, socket, sys, time
host, port = sys.argv[1].split(":")
def connect():
    return socket.create_connection((host, int(port)), timeout=10)
s = connect()
body = b'{"page":"/one","name":"Slow","text":"On its way"}'
s.sendall(b"POST /api/v1/comments HTTP/1.1\r\nHost: ar.test\r\n"
          b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
          % len(body) + body[:20])
idle = connect()
time.sleep(0.3)
os.kill(int(sys.argv[2]), signal.SIGTERM)
time.sleep(0.3)
try:
    connect()
    print("let in")
except OSError:
    print("refused")
s.sendall(body[20:])
print(s.recv(4096).split(b"\r\n")[0].decode())
PY
wait "$SERVER"
is 'it ends well' "$?" 0
SERVER=''
is 'nobody new is let in, who was there is served' "$(cat "$T/said")" \
    'refused
HTTP/1.1 201 Created'
is 'and stored' "$(sql "SELECT count(*) FROM comment WHERE name = 'Slow'")" 1

# Who never finishes cannot hold it up.
conf 'drain_s = 1' 'network_posts_per_hour = 0'
serve
python3 - "${URL#http://}" <<'PY' &
import socket, sys, time
host, port = sys.argv[1].split(":")
s = socket.create_connection((host, int(port)))
s.sendall(b"POST /comments HTTP/1.1\r\nHost: ar.test\r\nContent-Length: 9\r\n\r\n")
time.sleep(20)
PY
holder=$!
sleep 0.5
started=$(date +%s)
stop
ok 'who never finishes is left behind after drain_s' \
    test $(($(date +%s) - started)) -le 4
is 'which is a good end, too' "$status" 0
kill "$holder" 2>/dev/null
wait "$holder" 2>/dev/null
serve
kill -INT "$SERVER"
wait "$SERVER"
is 'SIGINT ends it as well' "$?" 0
SERVER=''
finish
