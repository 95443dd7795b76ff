#!/bin/sh
# The filter's commands as a person uses them.  TAP.
# usage: commands.sh TALIQ
set -u
t=$1
n=0
dir=$(mktemp -d)
root=$(cd "$(dirname "$0")/../.." && pwd)
trap 'rm -rf "$dir"' EXIT

# status TITLE WANTED COMMAND...: runs it, standard input from "$dir/in"
status() {
	title=$1
	want=$2
	shift 2
	n=$((n + 1))
	"$@" <"$dir/in" >"$dir/out" 2>"$dir/err"
	got=$?
	if [ "$got" = "$want" ]; then
		echo "ok $n - $title"
	else
		echo "not ok $n - $title: status $got, wanted $want"
		sed 's/^/# /' "$dir/out" "$dir/err"
	fi
}
# says TITLE FILE PATTERN
says() {
	n=$((n + 1))
	if grep -Eq -e "$3" "$dir/$2"; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1: no $3 in"
		sed 's/^/# /' "$dir/$2"
	fi
}
# calm TITLE FILE: no control character and no bidi control is in it
calm() {
	n=$((n + 1))
	if tr -d '\n' <"$dir/$2" | LC_ALL=C.UTF-8 grep -Pq \
	    '[\x00-\x1f\x7f-\x9f\x{202a}-\x{202e}\x{2066}-\x{2069}]'; then
		echo "not ok $n - $1"
		cat -v "$dir/$2" | sed 's/^/# /'
	else
		echo "ok $n - $1"
	fi
}
spam='{"id":"a","text":"cheap pills https://pills.example call 0501234567","label":"spam"}'
ham='{"id":"b","text":"the road to our village is still broken","label":"ham"}'

printf 'where is the source of this figure?' >"$dir/in"
status 'a good comment is status 0' 0 "$t" check
says 'and ham' out '^ham '
printf 'casino bonus http://bit.ly/x whatsapp +966501234567 earn 500 USD a day' \
    >"$dir/in"
status 'spam that the seed knows' 1 "$t" check --explain
says 'with the link among the reasons' out 'link: .*shortener'
: >"$dir/in"
status 'an empty text is a text' 0 "$t" check
head -c 65536 /dev/zero | tr '\0' a >"$dir/in"
status '64 KiB of one letter' 0 "$t" check
head -c 3000 /dev/zero >"$dir/in"
status 'NUL bytes' 0 "$t" check
printf '\377\376\200 abc' >"$dir/in"
status 'ill-formed UTF-8' 0 "$t" check

printf '%s\n%s\n' "$spam" "$ham" >"$dir/in"
status 'JSON lines' 0 "$t" check --json
says 'give one object each' out '^\{"id":"b","spam":[0-9.e-]+,"class":"ham","reasons":\['
printf '{"text":"x"}\n{"text":7}\n' >"$dir/in"
status 'a text that is none is a failure' 3 "$t" check
says 'with its line' err ':2: no "text"'
# Text that looks like JSON is text, unless it is a row.
printf '{"a":1}' >"$dir/in"
status 'an object without a text is a text' 0 "$t" check
printf '{"text": 7}' >"$dir/in"
status 'one whose text is none, too' 0 "$t" check
printf '{"text": "cheap pills" and more' >"$dir/in"
status 'and what only begins like a row' 0 "$t" check
printf '{"text":"nothing to see"}\nthe road to our village\n' \
    >"$dir/in"
status 'whoever writes a row as a text does not choose how it is read' 0 \
    "$t" check --text
says 'it is one text' out '^ham |^unsure '
status 'and the same as rows' 3 "$t" check --jsonl
says 'is refused' err 'standard input:2: no JSON'
printf '\n \n%s\n' "$ham" >"$dir/in"
status 'empty lines before a row' 0 "$t" check
says 'are passed over' out '^ham +[0-9.]+ b$'
printf '{"a":1}\n' >"$dir/in"
status 'with --jsonl an object needs a text' 3 "$t" check --jsonl
says 'and its line is named' err 'standard input:1: no "text"'
status '--text and --jsonl' 3 "$t" check --text --jsonl
says 'exclude each other' err 'exclude each other'
status '--no-seed and --seed' 3 "$t" check --no-seed --seed "$dir/s"
says 'exclude each other, too' err 'exclude each other'
status '--no-seed and --model' 3 "$t" check --no-seed --model "$dir/m"
says 'likewise' err 'exclude each other'

cat >"$dir/in" <<'END'
{"id":7,"text":"x"}
{"id":123456789.25,"text":"x"}
{"id":true,"text":"x"}
{"id":null,"text":"x"}
{"text":"x"}
END
status 'ids that are no texts' 0 "$t" check --json
says 'a number is told again' out '^\{"id":7,"spam":'
says 'with all its digits' out '^\{"id":123456789\.25,'
says 'a truth' out '^\{"id":true,'
says 'none is null' out '^\{"id":null,'
status 'without --json' 0 "$t" check
says 'a number, too' out '^[a-z]+ +[0-9.]+ 7$'
printf '{"text":"one","lang":"FIL-PH"}\n{"text":"one","page_lang":"fil"}\n' \
    >"$dir/in"
status 'the page may have a language' 0 "$t" check --explain
says 'under either name' out 'language: Latin on a page in fil'
n=$((n + 1))
if [ "$(grep -c 'a page in fil' "$dir/out")" = 2 ]; then
	echo "ok $n - and under both"
else
	echo "not ok $n - and under both"
fi
# refused TITLE ROW PATTERN: a row that is not taken, and its line
refused() {
	printf '%s\n{"text":"x",%s}\n' "$ham" "$2" >"$dir/in"
	status "a row with $1 is refused" 3 "$t" check
	says "and says where" err "standard input:2: $3"
}
refused 'an author that is no text' '"author":7' '"author": a text'
refused 'an address that is a list' '"url":["a"]' '"url": a text'
refused 'a time that is a text' '"written_at":"1"' '"written_at": whole'
refused 'half a second' '"page_published_at":1.5' '"page_published_at": whole'
refused 'a label that is a number' '"label":1' 'label'
refused 'an id that is an object' '"id":{}' '"id": a text or a number'
printf '{"text":"x","author":null,"written_at":null,"label":null}\n' >"$dir/in"
status 'null is not there' 0 "$t" check

# Lines are bounded before they are read whole, and answers do not wait.
head -c 4194305 /dev/zero | tr '\0' a >"$dir/in"
status 'a text longer than 4 MiB' 3 "$t" check --text
says 'is too long by a true number' err 'text longer than 4194304 bytes'
{ printf '%s\n{"text":"' "$ham"; cat "$dir/in"; } >"$dir/long"
mv "$dir/long" "$dir/in"
status 'a line longer than 4 MiB' 3 "$t" check
says 'has its number' err 'standard input:2: line longer than 4194304 bytes'
says 'rows before a bad one are answered' out '^ham +[0-9.]+ b$'
mkfifo "$dir/asks" "$dir/answers"
"$t" check <"$dir/asks" >"$dir/answers" &
exec 3>"$dir/asks" 4<"$dir/answers"
echo "$ham" >&3
n=$((n + 1))
if timeout 60 head -n 1 <&4 | grep -q '^ham'; then
	echo "ok $n - a row is answered while the input is open"
else
	echo "not ok $n - a row is answered while the input is open"
fi
exec 3>&- 4<&-
wait

# Lost output is no success.
printf '%s\n' "$ham" >"$dir/in"
full() {
	title=$1
	shift
	# shellcheck disable=SC2016
	status "$title on a full disk" 3 sh -c '"$@" >/dev/full' sh "$t" "$@"
	says 'says so' err 'cannot write standard output'
}
printf '%s\n' "$ham" >"$dir/one.jsonl"
full 'check' check
full 'check --json' check --json
full 'train' train --model "$dir/x" "$dir/one.jsonl"
full 'eval' eval "$dir/one.jsonl"
full 'eval --json' eval --json "$dir/one.jsonl"
full 'model' model info
full 'help' eval --help
full 'version' version
status 'a folder is no input' 3 "$t" eval "$dir"
says 'and says why' err 'directory'
rm -f "$dir/x"
cp "$dir/one.jsonl" "$dir/$(printf 'n\377\033x.jsonl')"
status 'a file name that is no UTF-8' 0 "$t" eval --json "$dir/n"*x.jsonl
says 'is repaired' out '^\{"set":"n.+ x","n":1,'
status 'in the table, too' 0 "$t" eval "$dir/n"*x.jsonl
calm 'and does not steer the terminal' out

status 'an unknown option is a failure of check' 3 "$t" check --eggs

cat >"$dir/in" <<'END'
{"id":"x\u001b[31m\u202e","text":"buy at http://pills.example/\u009b2J",
"author":"A\u001b]0;title\u0007 http://a\u001b.example"}
END
tr -d '\n' <"$dir/in" >"$dir/one" && mv "$dir/one" "$dir/in"
"$t" check --explain <"$dir/in" >"$dir/out"
says 'explain tells the id' out '^[a-z]+ +[0-9.]+ x'
calm 'no id, author or text of a stranger steers the terminal' out
printf '{"id":"\\u001b[31m\\u009b2J\\u007f\\u202e","text":"x"}\n' >"$dir/in"
status 'nor does one in JSON' 0 "$t" check --json
calm 'which escapes it' out
says 'and means the same' out \
    '^\{"id":"\\u001[bB]\[31m\\u009b2J\\u007f\\u202e","spam"'
printf '{"text":"x","label":"\\u001b[2J\\u009b"}\n' >"$dir/in"
status 'a label that would steer it is refused' 3 "$t" train --model "$dir/x" -
calm 'and does not steer it either' err
printf '{"text":"x"}\n{"text": \033[31m\302\233}\n' >"$dir/in"
status 'nor does what is no JSON' 3 "$t" check
calm 'when the message quotes it' err

: >"$dir/in"
printf '%s\n%s\n' "$spam" "$ham" >"$dir/rows.jsonl"
i=0
while [ $i -lt 12 ]; do
	cat "$dir/rows.jsonl"
	i=$((i + 1))
done >"$dir/many.jsonl"
status 'train makes a model' 0 "$t" train --model "$dir/m" "$dir/many.jsonl"
status 'train goes on with it' 0 "$t" train --model "$dir/m" "$dir/rows.jsonl"
status 'info' 0 "$t" model info "$dir/m"
says 'counts what was learnt' out '13 spam, 13 ham'
cp "$dir/many.jsonl" "$dir/log.jsonl"
cat "$dir/rows.jsonl" >>"$dir/log.jsonl"
status 'relearn' 0 "$t" model relearn --out "$dir/m2" "$dir/log.jsonl"
status 'gives the same bytes' 0 cmp "$dir/m" "$dir/m2"
status 'diff' 0 "$t" model diff "$dir/m" "$dir/m2" "$dir/rows.jsonl"
says 'finds none' out '0 of 2 differ'
status 'diff as JSON' 0 "$t" model diff --json "$dir/m" "$dir/m2" \
    "$dir/rows.jsonl" "$dir/rows.jsonl"
says 'says the same' out '^\{"both":[0-9]+,"only_first":0,"only_second":0,"mean'
says 'of each file' out '"files":\[\{"n":2,"differ":0,"mean_change":0.0000\},\{"n"'
cp "$dir/out" "$dir/diff.json"
status 'in JSON' 0 python3 -m json.tool "$dir/diff.json"
status 'merge' 0 "$t" model merge --out "$dir/m3" "$dir/m" "$dir/m2"
status 'prune' 0 "$t" model prune --least 0.05 --out "$dir/m4" "$dir/m3"
printf '%s' 'cheap pills https://pills.example call 0501234567' >"$dir/in"
status 'after feedback it is spam' 1 "$t" check --model "$dir/m"
status 'train writes a seed file' 0 "$t" train --no-seed --as-seed "$dir/s" \
    "$dir/many.jsonl"
status 'and starts a model on one' 0 "$t" train --seed "$dir/s" \
    --model "$dir/m5" "$dir/rows.jsonl"
status 'which knows what the seed knows' 1 "$t" check --model "$dir/m5" \
    --seed "$dir/s"
status 'models of two seeds do not merge' 3 "$t" model merge \
    --out "$dir/m7" "$dir/m" "$dir/m5"
says 'and it says so' err 'm5: learnt on another seed than .*/m$'
status 'info without a model' 0 "$t" model info
says 'is what the seed has learnt' out '^lessons +[1-9][0-9]+ spam, [1-9][0-9]+ ham$'
says 'and has for a number' out '^seed +[0-9a-f]{8}$'
status 'info of a seed file' 0 "$t" model info --json "$dir/s"
says 'is its own' out '"spam":12,"ham":12,"used":[1-9][0-9]*,.*"clip":4.0000'
status 'info of what --seed puts below' 0 "$t" model info --json --seed "$dir/s"
says 'is the same' out '"spam":12,"ham":12,"used":[1-9][0-9]*,.*"clip":4.0000'
status 'no model is a seed' 3 "$t" train --seed "$dir/m" --model "$dir/m6" \
    "$dir/rows.jsonl"

: >"$dir/in"
status 'a seed is set below a model that exists, too' 0 "$t" train \
    --seed "$dir/s" --model "$dir/m5" "$dir/rows.jsonl"
says 'and counts rows' out '^learnt 1 spam, 1 ham$'
cp "$dir/m5" "$dir/kept"
status 'a seed that is not there is a failure also when the model is' 3 "$t" \
    train --seed "$dir/none" --model "$dir/m5" "$dir/rows.jsonl"
status 'no model learns above another seed than before' 3 "$t" train \
    --model "$dir/m5" "$dir/rows.jsonl"
says 'and it says so' err 'm5 was learnt on another seed than the one that ships'
status 'nor above one when it began without' 3 "$t" train --seed "$dir/s" \
    --model "$dir/m" "$dir/rows.jsonl"
status 'and stays as it was' 0 cmp "$dir/m5" "$dir/kept"
status 'what is left over from a seed is no seed' 3 "$t" train \
    --model "$dir/m" --as-seed "$dir/s2" "$dir/rows.jsonl"
says 'and it says so' err 'a seed is made from nothing'
status 'nothing is written then' 1 test -e "$dir/s2"
status '--no-seed does not take away a seed' 3 "$t" train --no-seed \
    --model "$dir/m" "$dir/rows.jsonl"
status 'relearn on another seed' 0 "$t" model relearn --seed "$dir/s" \
    --out "$dir/m7" "$dir/rows.jsonl"
status 'is what train does' 0 "$t" train --seed "$dir/s" --model "$dir/m8" \
    "$dir/rows.jsonl"
status 'to the byte' 0 cmp "$dir/m7" "$dir/m8"
status 'diff on another seed' 0 "$t" model diff --seed "$dir/s" "$dir/m7" \
    "$dir/m8" "$dir/rows.jsonl"
status 'info on the right seed' 0 "$t" model info --seed "$dir/s" "$dir/m7"
says 'has nothing to complain of' out '^seed +[0-9a-f]{8}$'
status 'info on a wrong one' 0 "$t" model info "$dir/m7"
says 'says so' out 'learnt on another: relearn'

status 'train counts rows, not rows times epochs' 0 "$t" train --epochs 3 \
    --model "$dir/m9" "$dir/rows.jsonl"
says 'once each' out '^learnt 1 spam, 1 ham$'
# wrong TITLE PATTERN COMMAND...: refused as wrong use, and why
wrong() {
	title=$1
	why=$2
	shift 2
	status "wrong use: $title" 2 "$t" "$@"
	says 'is said' err "$why"
}
r=$dir/rows.jsonl
wrong 'standard input twice in eval' 'only once' eval - -
wrong 'no seed and a seed in eval' 'exclude' eval --no-seed --seed "$dir/s" "$r"
wrong 'no seed and a model in eval' 'exclude' eval --no-seed --model "$dir/m" \
    "$r"
wrong 'half an epoch' 'epochs 1.5: a whole number' train --epochs 1.5 \
    --model "$dir/x" "$r"
wrong 'standard input twice' 'only once' train --model "$dir/x" - -
wrong 'standard input in two epochs' 'only once' train --epochs 2 \
    --model "$dir/x" -
wrong 'standard input twice in relearn' 'only once' model relearn \
    --out "$dir/x" - -
wrong 'a seed and none' 'exclude' train --seed "$dir/s" --no-seed \
    --model "$dir/x" "$r"
wrong 'a seed on a seed' 'from nothing' train --seed "$dir/s" \
    --as-seed "$dir/x" "$r"
wrong 'a bias without a seed to write' 'for --as-seed' train --bias 1 \
    --model "$dir/x" "$r"
wrong 'two models for info' 'wanted: model info' model info "$dir/m" "$dir/m2"
wrong 'two models for prune' 'wanted: model prune' model prune \
    --out "$dir/x" "$dir/m" "$dir/m2"
wrong 'an option of another verb' 'info takes no --least' model info \
    --least 1 "$dir/m"
wrong 'a seed and none in relearn' 'exclude' model relearn --seed "$dir/s" \
    --no-seed --out "$dir/x" "$r"
# An output that is also an input destroyed it.
cp "$r" "$dir/kept"
ln "$r" "$dir/twin"
cp "$dir/s" "$dir/kept.seed"
wrong 'a plot over its rows' 'would overwrite .*rows.jsonl, which is read' \
    eval --plot "$r" "$r"
wrong 'over another name of them' 'would overwrite' eval --plot "$dir/twin" "$r"
wrong 'relearn over its rows' 'would overwrite' model relearn --out "$r" "$r"
wrong 'train over its rows' 'would overwrite' train --model "$r" "$r"
wrong 'a seed over its rows' 'would overwrite' train --as-seed "$r" "$r"
wrong 'a model over its seed' 'would overwrite' train --seed "$dir/s" \
    --model "$dir/s" "$r"
wrong 'a plot over a seed' 'would overwrite' eval --seed "$dir/s" \
    --plot "$dir/s" "$r"
wrong 'a model and a seed in one' 'are one file' train --model "$dir/x" \
    --as-seed "$dir/./x" "$r"
wrong 'a plot to standard output' 'a file is wanted' eval --plot - "$r"
wrong 'a plot to what that is' 'is standard output' eval --plot "$dir/out" "$r"
status 'rows and seed stand' 0 cmp "$r" "$dir/kept"
status 'both' 0 cmp "$dir/s" "$dir/kept.seed"
cp "$dir/m" "$dir/in-place"
status 'a model is pruned in place' 0 "$t" model prune --least 0.05 \
    --out "$dir/in-place" "$dir/in-place"
status 'a device is no file to write' 3 "$t" model prune --out /dev/null "$dir/m"
says 'and stays one' err '/dev/null: it is no plain file'
status 'nothing was written by any' 1 test -e "$dir/x"

: >"$dir/in"
status 'eval' 0 "$t" eval --no-seed --json --plot "$dir/p.svg" \
    "$dir/many.jsonl"
says 'names its set' out '"set":"many","n":24,"spam":12,"ham":12,"err_pct":'
status 'draws' 0 grep -q '</svg>' "$dir/p.svg"
odd=$dir/$(printf 'a<b>&"\377\033.jsonl')
cp "$dir/many.jsonl" "$odd"
status 'and a set of any name' 0 "$t" eval --no-seed --plot "$dir/odd.svg" "$odd"
status 'well-formed' 0 python3 -c 'import sys, xml.dom.minidom as x
x.parse(sys.argv[1])' "$dir/odd.svg"
printf '{"text":"x"}\n' >"$dir/nolabel.jsonl"
printf '\357\273\277%s\n%s\n' "$spam" "$ham" >"$dir/in"
status 'a byte order mark hides no rows' 0 "$t" check
says 'from check' out ' b$'
status 'nor from eval' 0 "$t" eval --json "$dir/in"
says 'which reads both' out '"n":2,'
sets=$(sed -n 's/^    "\([a-z_]*\)": {.*/\1/p' "$root/data/seed/make.py")
for set in $sets; do
	cp "$dir/many.jsonl" "$dir/$set.jsonl"
	status "the seed has seen $set" 0 "$t" eval "$dir/$set.jsonl"
	says 'is said' err "trained on a set of the name $set"
done
says 'at least once' err 'too good'
status 'without the seed' 0 "$t" eval --no-seed "$dir/en_sms.jsonl"
status 'nothing is' 1 test -s "$dir/err"
long=$dir/a-name-that-is-longer-than-its-column.jsonl
cp "$dir/many.jsonl" "$long"
"$t" eval --no-seed "$long" "$dir/many.jsonl" >"$dir/table"
status 'a long name leaves the columns where they are' 0 awk '
    NR != 2 && n && length != n { bad = 1 }
    NR != 2 { n = length }
    END { exit bad || NR != 4 }' "$dir/table"
sed -n "/^\\$ echo 'Earn/,/--explain/p" "$root/man/taliq-filter.1" |
    sed "s/^\\$ //;s|taliq check|\"$t\" check|" >"$dir/example.sh"
status 'the example of the manual' 1 sh "$dir/example.sh"
says 'is spam, as it says' out '^spam '
status 'the bar of progress fits a narrow terminal' 0 python3 \
    "$root/tests/filter/narrow.py" "$t" "$dir/log.jsonl"
status 'eval wants labels' 3 "$t" eval "$dir/nolabel.jsonl"
says 'and says where' err 'nolabel.jsonl:1: no "label"'
printf '{"text":"x","label":"eggs"}\n' >"$dir/eggs.jsonl"
status 'a label is spam or ham' 3 "$t" train --model "$dir/x" "$dir/eggs.jsonl"
says 'and says which it was' err 'eggs.jsonl:1: label "eggs"'
status 'a missing file is a failure' 3 "$t" eval "$dir/none.jsonl"
status 'no file is wrong use' 2 "$t" eval
status 'no verb is wrong use' 2 "$t" model
head -c 100 "$dir/m" >"$dir/cut"
status 'a damaged model is refused' 3 "$t" model info "$dir/cut"
says 'with the reason' err 'damaged'
status 'a foreign file is refused' 3 "$t" model info "$dir/many.jsonl"
says 'as foreign' err 'no model file'
status 'help' 0 "$t" eval --help
echo "1..$n"
