#!/bin/sh
# Comments from a file: each page under its one address, whole transactions, and
# a count that is true even when a line is bad.
. "$(dirname "$0")/lib.sh"
make_data
line() {	# line PAGE TEXT
	printf '{"page":"%s","name":"A","text":"%s","at":"2026-01-03T09:00:00Z"}\n' \
	    "$1" "$2"
}
import() {
	taliq import --site ar "$T/in.jsonl" >"$T/stdout" 2>"$T/stderr"
	status=$?
}

for page in /one /one/ /on%65 '/one?utm=1' '/one#comments'; do
	line "$page" "By $page"
done >"$T/in.jsonl"
import
is 'five ways to write a page' "$status $(cat "$T/stdout")" \
    '0 5 comments were added to ar'
is 'are one' "$(sql 'SELECT path, published FROM page')" '/one|5'

i=0
while [ $i -lt 1500 ]; do
	line /one "Line $i"
	i=$((i + 1))
done >"$T/in.jsonl"
echo '{"page":"/one","text":"x","at":"yesterday"}' >>"$T/in.jsonl"
import
is 'a bad line ends the import' "$status" 3
has 'with file, line and member' "$T/stderr" 'in.jsonl:1501: at must be a time'
is 'what is told to be there' "$(cat "$T/stdout")" \
    '1000 comments of the lines before were added to ar'
is 'is there, no more' "$(sql 'SELECT count(*) FROM comment')" 1005
line 'one' x >"$T/in.jsonl"
import
is 'a page that is no path' "$status" 3
is 'adds nothing and says no more' "$(cat "$T/stdout")" ''
printf '%s\n' '{"page":"/a%00b","text":"x","at":"2026-01-03T09:00:00Z"}' \
    >"$T/in.jsonl"
import
is 'nor one with a control character' "$status" 3
serve
get /one
is 'all are counted on the page' "$(api GET '/api/v1/threads?page=/one' &&
    answer .count)" 1005
finish
