#!/bin/sh
# No symbol leaves the library that does not begin with taliq_.
# usage: symbols.sh LIB.so LIB.a
set -u
bad=0
# check FILE NM_OPTION: every name it defines for others is ours
check() {
	nm "$2" --defined-only "$1" | awk -v file="$1" '
	    NF == 3 && $3 !~ /^taliq_/ { print file " exports " $3; bad = 1 }
	    NF == 3 && $3 ~ /^taliq_/ { ours++ }
	    END { exit bad || ours < 20 }' || bad=1
}
check "$1" -D
check "$2" -g
echo 1..1
if [ $bad -eq 0 ]; then
	echo 'ok 1 - the libraries export taliq_ names alone'
else
	echo 'not ok 1 - the libraries export taliq_ names alone'
fi
