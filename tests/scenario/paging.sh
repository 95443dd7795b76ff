#!/bin/sh
# A long thread comes in slices of fifty: each comment exactly once, in every
# order, while new ones arrive; a link to one comment leads to its slice.
# timeout: 180
. "$(dirname "$0")/lib.sh"
make_data
# 120 comments: 60 at the top, of which the first has a chain of 9 below it, the
# others replies here and there.
python3 - >"$T/thread.jsonl" <<'PY'
import datetime, json, random
random.seed(7)
at = datetime.datetime(2026, 1, 3, tzinfo=datetime.timezone.utc)
rows, parents = [], {}
for i in range(120):
    if i == 0 or (i > 9 and i % 2):
        parent = None
    elif i <= 9:
        parent = f"k{i - 1}"
    else:
        parent = random.choice([r["key"] for r in rows])
    rows.append({"key": f"k{i}", "page": "/one", "parent": parent,
                 "name": f"Reader {i}", "url": "", "text": f"Comment {i}",
                 "at": (at + datetime.timedelta(minutes=i)).isoformat(),
                 "state": "published"})
print("\n".join(map(json.dumps, rows)))
PY
ok 'import' taliq import --site ar "$T/thread.jsonl"
serve

is 'the thread counts them all' "$(api GET '/api/v1/threads?page=/one' &&
    answer .count)" 120

# walk SORT: by the API, one comment posted between slices; ids in $T/seen
walk() {
	: >"$T/seen"
	_cursor='' slices=0
	while [ "$_cursor" != null ]; do
		api GET "/api/v1/threads?page=/one&sort=$1${_cursor:+&cursor=}$_cursor"
		answer '.comments[].id' >>"$T/seen"
		_cursor=$(answer .next)
		slices=$((slices + 1))
		[ "$slices" -lt 10 ] || break
		api_comment page=/one name=Between text="Between $slices, $1"
	done
	sort -n "$T/seen" | uniq -d >"$T/twice"
}
sql 'SELECT id FROM comment' | sort >"$T/old"
for sort in newest oldest best; do
	walk $sort
	is "$sort: none comes twice" "$(cat "$T/twice")" ''
	is "$sort: none is missing" \
	    "$(sort "$T/seen" | comm -23 "$T/old" - | tr '\n' ' ')" ''
	ok "$sort: in slices" test "$slices" -ge 3
done
# Answers arrive, too: anywhere, also in what was passed.
: >"$T/seen"
cursor='' n=0
while [ "$cursor" != null ] && [ $n -lt 10 ]; do
	api GET "/api/v1/threads?page=/one&sort=oldest${cursor:+&cursor=}$cursor"
	answer '.comments[].id' >>"$T/seen"
	cursor=$(answer .next)
	n=$((n + 1))
	api_comment page=/one name=In text="In between $n" parent=$((n * 20))
done
is 'answers in between: none twice' "$(sort -n "$T/seen" | uniq -d)" ''
is 'none missing' "$(sort "$T/seen" | comm -23 "$T/old" - | tr '\n' ' ')" ''

# The same by the links of the pages.
for sort in newest oldest best; do
	: >"$T/seen"
	link="/one?sort=$sort" n=0
	while [ "$link" != '(no such link)' ] && [ $n -lt 10 ]; do
		get "$link"
		page comments | cut -f 1 >>"$T/seen"
		link=$(page link next | sed 's/#.*//')
		n=$((n + 1))
	done
	sql 'SELECT id FROM comment' | sort >"$T/all"
	is "$sort, by the page's links: each once" \
	    "$(sort "$T/seen" | comm -3 "$T/all" - | tr '\n' ' ')" ''
	has "$sort: the last page leads back" "$T/body" \
	    "$(said ar 'Back to the first comments')"
done

# Orders.
api GET '/api/v1/threads?page=/one&sort=oldest'
is 'oldest: roots in order' "$(answer '[.comments[] | select(.depth == 0) | .id] |
    . == sort')" true
api GET '/api/v1/threads?page=/one&sort=newest'
is 'newest: roots in order' "$(answer '[.comments[] | select(.depth == 0) | .id] |
    . == (sort | reverse)')" true
api GET '/api/v1/threads?page=/one&sort=best'
is 'best: most answered first' "$(answer '[.comments[] | select(.depth == 0) |
    .replies] | . == (sort | reverse)')" true
# shellcheck disable=SC2016
ok 'a child stands behind its parent' jq -e '. as $t |
    [range(.comments | length) | . as $i | $t.comments[$i].parent |
    select(. != null) | . as $p |
    ([$t.comments[:$i][] | .id] | index($p)) != null] | all' "$T/body"

# A link to one comment.
for sort in newest oldest best; do
	api GET "/api/v1/threads?page=/one&sort=$sort"
	while [ "$(answer .next)" != null ]; do
		api GET "/api/v1/threads?page=/one&sort=$sort&cursor=$(answer .next)"
	done
	far=$(answer '.comments[-1].id')
	get "/one?sort=$sort"
	lacks "$sort: comment $far is not in the first slice" "$T/body" \
	    "id=\"comment-$far\""
	get "/one?sort=$sort&comment=$far"
	has "$sort: a link leads to its slice" "$T/body" "id=\"comment-$far\""
	has "$sort: which leads to the beginning" "$T/body" \
	    "$(said ar 'Back to the first comments')"
done
deep=$(sql 'SELECT id FROM comment ORDER BY depth DESC, id LIMIT 1')
get "/one?comment=$deep"
has 'a link to a folded one opens the fold' "$T/body" '<details class="fold" open>'
get '/one?comment=99999'
is 'a link to none shows the first slice' "$status $(page comments | wc -l)" \
    '200 50'
get '/one?cursor=1.2.3'
ok 'a cursor into nothing is no error of ours' test "$status" -lt 500
get '/one?cursor=nonsense&sort=nonsense'
is 'nonsense is the first slice' "$status $(page comments | wc -l)" '200 50'
finish
