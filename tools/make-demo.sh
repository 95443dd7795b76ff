#!/bin/sh
# tools/make-demo.sh TALIQ DIR PORT - the demo publication of articles/: a site
# in Arabic, one in English, with their comments.  A directory that is there
# keeps its comments; only the sites' addresses follow the port.  The file "demo"
# in it tells that this script made it.
set -eu
TALIQ=$1 DIR=${2%/} PORT=$3
SRC=$(dirname "$0")/../articles

origins_ar="http://127.0.0.1:$PORT,http://localhost:$PORT"
origins_en="http://en.localhost:$PORT"

if [ ! -f "$DIR/taliq.db" ]; then
	# An empty directory may be there already; another one is not ours.
	if [ -e "$DIR" ] && ! rmdir "$DIR" 2>/dev/null; then
		echo "taliq: $DIR is no data directory and not empty" >&2
		exit 3
	fi
	echo "taliq: making the demo publication in $DIR" >&2
	tmp="$DIR.new"
	rm -rf "$tmp"
	mkdir -p "$(dirname "$DIR")"
	"$TALIQ" init --data "$tmp" >/dev/null
	# All demo readers come from this one machine.
	cat >>"$tmp/taliq.conf" <<-CONF

	# The demo: all of its readers sit behind one address.
	network_posts_per_hour = 0
	connections_per_address = 20000
	CONF
	"$TALIQ" site add ar --data "$tmp" language=ar zone=+03:00 \
	    "title=حاشية" "tagline=صحيفة صغيرة مستقلة تبدأ من الهامش" \
	    "origins=$origins_ar" >/dev/null
	"$TALIQ" site add en --data "$tmp" language=en zone=+00:00 \
	    "title=The Lower Quay" "tagline=A small paper from a harbour town" \
	    "origins=$origins_en" >/dev/null
	for site in ar en; do
		mkdir "$tmp/articles/$site"
		cp "$SRC/$site"/*.md "$tmp/articles/$site/"
		"$TALIQ" import --data "$tmp" --site "$site" \
		    "$SRC/$site/comments.jsonl" >/dev/null
	done
	touch "$tmp/demo"
	mv "$tmp" "$DIR"
else
	# A server that runs there keeps its own address.
	if ! flock -n "$DIR/lock" true; then
		echo "taliq: another process serves $DIR already;" \
		    "stop it, or set DATA to another directory" >&2
		exit 3
	fi
	"$TALIQ" site set ar --data "$DIR" "origins=$origins_ar" >/dev/null
	"$TALIQ" site set en --data "$DIR" "origins=$origins_en" >/dev/null
fi
