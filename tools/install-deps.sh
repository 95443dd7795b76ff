#!/bin/sh
# tools/install-deps.sh GROUP... - installs what packaging/dependencies.txt
# lists for these groups and is not there yet, by apt, with sudo when not root.
set -eu
LIST=$(dirname "$0")/../packaging/dependencies.txt
missing=
for group in "$@"; do
	# shellcheck disable=SC2013 # a line is a word
	for package in $(awk -F'\t' -v g="$group" '$1 == g { print $2 }' "$LIST"); do
		# A compiler or node from elsewhere will do.
		case $package in
		gcc|clang|python3|nodejs|npm|curl)
			command -v "$(echo "$package" | sed 's/nodejs/node/')" \
			    >/dev/null && continue ;;
		esac
		dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null |
		    grep -qx installed || missing="$missing $package"
	done
done
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null; then
	echo "taliq: please install by hand:$missing" >&2
	exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
	as_root=sudo
fi
echo "taliq: installing$missing" >&2
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends $missing >&2
