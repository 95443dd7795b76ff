#!/bin/sh
# The example, compiled as a stranger would: against the installed library, by
# pkg-config, with the shared and with the static library.
# usage: installed.sh BUILD EXAMPLE.c CC
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
echo 1..1
DESTDIR="$dir" meson install -C "$1" --no-rebuild --quiet >/dev/null
pc=$(find "$dir" -name taliq_filter.pc)
lib=$(dirname "$(dirname "$pc")")
PKG_CONFIG_PATH=$(dirname "$pc")
PKG_CONFIG_SYSROOT_DIR=$dir
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR
test -L "$lib/libtaliq_filter.so.1"
run() {
	printf 'nice post visit http://seo.example\nspam:buy now\n' |
	    LD_LIBRARY_PATH="$lib" "$dir/example" | grep -q '^learnt$'
}
# shellcheck disable=SC2046 # flags are words
$3 -Wall -Wextra -Werror -o "$dir/example" "$2" \
    $(pkg-config --cflags --libs taliq_filter)
run
# shellcheck disable=SC2046
$3 -Wall -Wextra -Werror -o "$dir/example" "$2" \
    $(pkg-config --cflags taliq_filter) "$lib/libtaliq_filter.a" -lm
LD_LIBRARY_PATH='' run
echo 'ok 1 - the example builds and runs against the installed library'
