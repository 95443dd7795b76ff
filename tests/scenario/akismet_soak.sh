#!/bin/sh
# Two hundred clients at once for SOAK_SECONDS (10): right answers only, all
# verdicts counted, memory within bounds, and a server that is well afterwards.
# timeout: 400
. "$(dirname "$0")/lib.sh"
make_data
conf 'connections_per_address = 1000' 'network_wrong_keys_per_hour = 1000000'
new_key --site ar --lessons-per-hour 1000
site ar filter=yes
serve
check comment_content=Hello
memory() {
	sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$SERVER/status"
}
before=$(memory)
python3 "$here/../akismet/soak.py" "${URL#http://}" "$KEY" \
    "${SOAK_SECONDS:-10}" >"$T/soak" 2>"$T/soak.err" || true
sed -n '/^#/p' "$T/soak"
has 'every answer was a right one' "$T/soak" 'ok 1 - every'
lacks 'without exception' "$T/soak" 'not ok'
has 'there were many' "$T/soak" 'ok 2 - and'
is 'the clients ended well' "$(cat "$T/soak.err")" ''
after=$(memory)
printf '# resident before %s KiB, after %s KiB\n' "$before" "$after"
# The memory of verdicts (8 MiB), lessons on the way, heads and bodies of 200
# connections; sanitizers keep what was freed.
[ -n "${TALIQ_SANITIZED-}" ] ||
    ok 'memory is bounded' test "$((after - before))" -lt 65536
ak 1.2/usage-limit
is 'all verdicts were counted' "$(answer .usage)" \
    "$((1 + $(sed -n 's/^verdicts //p' "$T/soak")))"
finish
