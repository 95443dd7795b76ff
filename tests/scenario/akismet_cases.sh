#!/bin/sh
# The case table of Akismet's protocol, over raw sockets, on a server without any
# other site than the key's.
. "$(dirname "$0")/lib.sh"
"$TALIQ" init --data "$DATA" >/dev/null || { echo 'Bail out! init'; exit 1; }
new_key --site https://example.com
serve
python3 "$here/../akismet/cases.py" "${URL#http://}" "$KEY" >"$T/cases"
while read -r word rest; do
	case $word in
	ok) pass "${rest#* - }" ;;
	not) fail "${rest#ok * - }" ;;
	'#') printf '# %s\n' "$rest" ;;
	esac
done <"$T/cases"
is 'all cases were played' "$count" 83
finish
