#!/bin/sh
# "taliq eval": what there is no figure of is not told as a good figure.
. "$(dirname "$0")/lib.sh"
row() { printf '{"text":"%s","label":"%s"}\n' "$1" "$2"; }
: >"$T/none.jsonl"
row 'The ferry was late again.' ham >"$T/good.jsonl"
{
	cat "$T/good.jsonl"
	row 'Cheap pills, order now' spam
} >"$T/both.jsonl"

run() {	# run ARGUMENTS: $status, $T/said, $T/complaint
	"$TALIQ" eval "$@" >"$T/said" 2>"$T/complaint"
	status=$?
}
figures() { tail -n 1 "$T/said" | tr -s ' ' | cut -d ' ' -f 4-; }

run "$T/none.jsonl"
is 'a file of nothing is no mistake' "$status" 0
is 'it has no figure' "$(figures)" '- - - - - - - - - - -'
has 'and that is told' "$T/complaint" "taliq eval: $T/none.jsonl has no comments: "
is 'in one line' "$(wc -l <"$T/complaint")" 1
run --json "$T/none.jsonl"
is 'for programs every figure is null' "$(jq -c \
    '[.. | scalars] - ["none"] | unique' "$T/said")" '[null,0]'
is 'and the counts are 0' "$(jq -c '[.n, .spam, .ham]' "$T/said")" '[0,0,0]'
run --json "$T/good.jsonl"
is 'without spam there is none of spam' "$(jq -c \
    '[.f1, .mcc, .recall_pct, .one_minus_auc_pct]' "$T/said")" \
    '[null,null,null,null]'
is 'but of good comments' "$(jq -c '[.err_pct == 0, .fpr_pct == 0]' "$T/said")" '[true,true]'
has 'which is told, too' "$T/complaint" 'has no spam: '
run "$T/both.jsonl"
is 'with both there is nothing to tell' "$status$(cat "$T/complaint")" 0
"$TALIQ" train --model "$T/m" "$T/both.jsonl" >/dev/null
run --json --model "$T/m" "$T/both.jsonl"
is 'what learns nothing takes no time to learn' "$(jq .us_learn "$T/said")" null
run --plot "$T/none.svg" "$T/none.jsonl"
is 'nothing can be drawn, too' "$status" 0
has 'as a picture' "$T/none.svg" '</svg>'
lacks 'without figures that are none' "$T/none.svg" nan
finish
