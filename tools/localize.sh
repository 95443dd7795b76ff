#!/bin/sh
# One archive from another, with all hidden names made local.
# usage: localize.sh INPUT.a OUTPUT.a WORKDIR
set -e
mkdir -p "$3"
ld -r --whole-archive "$1" -o "$3/taliq_filter.o"
objcopy --localize-hidden "$3/taliq_filter.o"
rm -f "$2"
ar rcs "$2" "$3/taliq_filter.o"
