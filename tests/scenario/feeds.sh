#!/bin/sh
# The feeds are Atom as RFC 4287 has it: of the articles, and of each article's
# comments.
. "$(dirname "$0")/lib.sh"
make_data
article ar 'خبر-جديد' 'title: عنوان & "علامات" <b>' 'summary: ملخص ]]> &amp;' \
    'author: كاتبة < أخرى' 'date: 2026-02-03 08:00'
sed -i '/^title: Title of خبر/d; /^date: 2026-01-02/d' \
    "$DATA/articles/ar/خبر-جديد.md"
serve

# The body is a valid feed; what.py prints what it holds.
valid() {
	python3 "$here/atom.py" check <"$T/body" >"$T/said" 2>&1
	_result=$?
	if [ $_result -eq 0 ]; then
		pass "$1"
	else
		fail "$1" "$(cat "$T/said")"
	fi
}
what() {
	python3 "$here/atom.py" "$@" <"$T/body"
}

get /feed.atom
is 'the feed of the articles' "$status" 200
is 'is Atom' "$(header Content-Type)" 'application/atom+xml; charset=utf-8'
valid 'it is valid'
is 'the newest first' "$(what titles)" 'عنوان & "علامات" <b>
Title of one'
is 'its own address' "$(what link self)" http://ar.test/feed.atom
is 'the page it is of' "$(what link alternate)" http://ar.test/
is 'an article'"'"'s address' "$(what entry 0 link)" \
    'http://ar.test/%D8%AE%D8%A8%D8%B1-%D8%AC%D8%AF%D9%8A%D8%AF'
is 'its time, from the zone of the site' "$(what entry 0 updated)" \
    2026-02-03T05:00:00Z
is 'its author' "$(what entry 0 author)" 'كاتبة < أخرى'
is 'its summary' "$(what entry 0 summary)" 'ملخص ]]> &amp;'
id_before=$(what entry 0 id)

path=$(what entry 0 link | sed 's#http://ar.test##')
get "$path/comments.atom"
is 'the feed of an article without comments' "$status" 200
valid 'is valid'
is 'and empty' "$(what titles)" ''
api_comment page=/خبر-جديد name='A & <b>' \
    text='Text with <script>, &amp;, ]]> and *emphasis*
in two lines'
first=$id
api_comment page=/خبر-جديد name='لينا' text='رد' parent="$first"
get "$path/comments.atom"
valid 'with comments it is valid'
is 'the newest first, whatever it answers' "$(what entry 0 author)" 'لينا'
is 'who wrote it' "$(what entry 1 author)" 'A & <b>'
is 'its beginning as the title' "$(what entry 1 title)" \
    'Text with <script>, &amp;, ]]> and emphasis in two lines'
ok 'its text as HTML' sh -c "printf %s '$(what entry 1 content)' |
    grep -qF '<p>Text with &lt;script&gt;'"
is 'its address' "$(what entry 1 link)" \
    "http://ar.test$path?comment=$first#comment-$first"
for i in $(seq 52); do
	api_comment page=/one name=N text="Number $i"
	[ "$i" -gt 1 ] || old=$id
done
api_comment page=/one name=N text='Late answer' parent="$old"
get /one/comments.atom
valid 'one of many comments'
is 'holds fifty' "$(what titles | wc -l)" 50
is 'an answer to an old one is news' "$(what titles | sed -n 1,2p)" 'Late answer
Number 52'
get "$path/comments.atom"
is 'and only those of its article' "$(what titles | wc -l)" 2
taliq comment delete "$first" >/dev/null
get "$path/comments.atom"
valid 'valid still when one is deleted'
is 'which is not in it' "$(what titles)" 'رد'
get /nowhere/comments.atom
is 'no article, no feed' "$status" 404

site ar title=
get /feed.atom
valid 'a site without a title has a valid feed'
is 'names are for ever' "$(what entry 0 id)" "$id_before"
HOST=en.test
rm "$DATA/articles/en/one.md"
within 5 sh -c "! curl -sSf -o /dev/null -H 'Host: en.test' '$URL/one' 2>&1"
get /feed.atom
is 'a site without articles has a feed' "$status" 200
valid 'that is valid'
for i in $(seq 32); do
	article en "a$i" "summary: Number $i"
done
within 5 sh -c "curl -sSf -o /dev/null -H 'Host: en.test' '$URL/a32'"
get /feed.atom
valid 'of thirty-two articles it is valid'
is 'and holds thirty' "$(what titles | wc -l)" 30
finish
