#!/bin/sh
# tools/screenshot.sh [TALIQ] - makes docs/screenshot.png (the Arabic demo) and
# docs/screenshot-en.png anew, by Debian's Chromium and the playwright-core that
# ./test installs.  The demo's times are relative, so no two runs are the same.
set -eu
cd "$(dirname "$0")/.."
TALIQ=${1:-build/src/main/taliq}
LIBRARY=$PWD/tests/browser/node_modules/playwright-core/index.js
PORT=${PORT:-18980}
if [ ! -f "$LIBRARY" ]; then
	echo "playwright-core is missing: ./test browser installs it" >&2
	exit 1
fi
tmp=$(mktemp -d)
server=
clean_up() {
	[ -z "$server" ] || kill "$server" 2>/dev/null || :
	rm -rf "$tmp"
}
trap clean_up EXIT
sh tools/make-demo.sh "$TALIQ" "$tmp/demo" "$PORT"
"$TALIQ" serve --data "$tmp/demo" --listen "127.0.0.1:$PORT" >"$tmp/out" &
server=$!
until grep -q '^taliq: ready' "$tmp/out"; do
	kill -0 "$server"
	sleep 0.1
done
node tools/screenshot.mjs "$LIBRARY" \
    "http://127.0.0.1:$PORT/rooftop-water?sort=best" docs/screenshot.png
node tools/screenshot.mjs "$LIBRARY" \
    "http://en.localhost:$PORT/late-ferry" docs/screenshot-en.png
