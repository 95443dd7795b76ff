#!/bin/sh
# For the operator: health, readiness, and figures in Prometheus's format.
. "$(dirname "$0")/lib.sh"
make_data
serve
get /healthz
is 'alive' "$status $(cat "$T/body")" '200 ok'
get /readyz
is 'ready' "$status" 200
get /metrics
is 'figures' "$(header Content-Type)" 'text/plain; version=0.0.4; charset=utf-8'

# Each figure: HELP, TYPE, one sample, a name of ours, counters named _total.
cat >"$T/check.py" <<'PY'
import re, sys
lines, names = sys.stdin.read().split("\n"), set()
assert lines.pop() == "", "no line end at the end"
assert len(lines) % 3 == 0, f"{len(lines)} lines"
for help_, type_, sample in zip(*[iter(lines)] * 3):
    name = re.fullmatch(r"# HELP (taliq_[a-z_]+) \S.*", help_)[1]
    kind = re.fullmatch(rf"# TYPE {name} (counter|gauge)", type_)[1]
    assert re.fullmatch(rf"{name} -?\d+(\.\d+)?", sample), sample
    assert (kind == "counter") == name.endswith("_total"), name
    assert name not in names, name
    names.add(name)
assert len(names) >= 8, names
PY
ok 'are well formed' sh -c "python3 '$T/check.py' <'$T/body'"
lacks 'and only figures: no address' "$T/body" 127.0.0.1

value() {
	curl -sS "$URL/metrics" | sed -n "s/^taliq_$1 //p"
}
writes=$(value writes_total)
api_comment page=/one name=A text=B
is 'a comment is a write' "$(value writes_total)" $((writes + 1))
requests=$(value requests_total)
get /one
get /one
is 'requests are counted' "$(value requests_total)" $((requests + 3))
refused=$(value refused_total)
HOST='not a host'
get /one
HOST=ar.test
is 'what is refused at the door, too' "$(value refused_total)" $((refused + 1))
hits=$(value cache_hits_total)
get /one
is 'a page from the cache is a hit' "$(value cache_hits_total)" $((hits + 1))
ok 'connections are told' test "$(value connections)" -ge 1
finish
