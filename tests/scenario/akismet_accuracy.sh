#!/bin/sh
# What clients of Akismet's protocol are told is what the filter says of the same
# comments on the command line, before and after the same lessons.
# timeout: 300
. "$(dirname "$0")/lib.sh"

rows=${TALIQ_SHARED:-$here/../../../shared}/data/ru_telegram.jsonl
if [ ! -f "$rows" ]; then
	echo '1..0 # SKIP the labelled comments are not there (TALIQ_SHARED)'
	exit 0
fi
"$TALIQ" init --data "$DATA" >/dev/null || { echo 'Bail out! init'; exit 1; }
key=$(taliq key add --site https://accuracy.example.org \
    --lessons-per-hour 1000000 | grep -x '[0-9a-f]\{12\}')
serve
python3 "$here/../akismet/accuracy.py" "${URL##*:}" "$key" "$DATA" "$TALIQ" \
    "$rows" 600 >"$T/tap" 2>"$T/tap.err"
grep '^#' "$T/tap" >"$T/why"
while read -r mark _ _ title; do
	case $mark in
	ok) pass "$title" ;;
	not) fail "$title" "$(cat "$T/why")" ;;
	esac
done <"$T/tap"
is 'both halves were judged' "$(grep -c '^ok' "$T/tap") $(cat "$T/tap.err")" '2 '
finish
