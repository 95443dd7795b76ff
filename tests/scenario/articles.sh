#!/bin/sh
# The owner drops files into a folder: they appear, change and go within two
# seconds; a bad one is told of by file and line, and hurts no other.
. "$(dirname "$0")/lib.sh"
make_data
serve

on() {	# the status of an article's page
	curl -sS -o /dev/null -w '%{http_code}' -H "Host: $HOST" "$URL/$1"
}
became() { [ "$(on "$1")" = "$2" ]; }
shows() { get "$1"; grep -qF -e "$2" "$T/body"; }
hides() { get "$1"; ! grep -qF -e "$2" "$T/body"; }

article ar two 'section: شارع' 'summary: خلاصة قصيرة' 'author: كاتبة'
ok 'a new article is there within two seconds' within 2 became two 200
get /two
has 'with its headline' "$T/body" '<h1>Title of two</h1>'
has 'section' "$T/body" 'شارع'
has 'summary' "$T/body" 'خلاصة قصيرة'
has 'byline' "$T/body" 'كاتبة'
has 'and date in the words of the site' "$T/body" '2 يناير 2026'
get /
has 'the list has it' "$T/body" 'href="/two"'
sed 's/Text of two/Changed text/; s/Title of/New title of/' \
    "$DATA/articles/ar/two.md" >"$T/two.md"
cp "$T/two.md" "$DATA/articles/ar/two.md"
ok 'a change is there within two seconds' within 2 shows /two 'Changed text'
get /
has 'in the list, too' "$T/body" 'New title of two'
api_comment page=/two name=A text='Comments stay'
rm "$DATA/articles/ar/two.md"
ok 'a removed one is gone within two seconds' within 2 became two 404
ok 'from the list, too' within 2 hides / 'href="/two"'
mv "$T/two.md" "$DATA/articles/ar/two.md"
ok 'one that comes back' within 2 became two 200
get /two
has 'has its comments' "$T/body" 'Comments stay'
mv "$DATA/articles/ar/two.md" "$DATA/articles/ar/zwei.md"
ok 'a renamed one' within 2 became zwei 200
is 'left its old address' "$(on two)" 404

# Addresses with a slash at the end.
get '/zwei/?sort=oldest&x=%2F'
is 'a slash at the end' "$status $(header Location)" \
    '308 /zwei?sort=oldest&x=%2F'
req HEAD /zwei/
is 'also for HEAD' "$status $(header Location)" '308 /zwei'
get /privacy/
is 'of pages of the program, too' "$status $(header Location)" '308 /privacy'
for path in /nothing/ /zwei// //zwei/ '/\zwei/' //evil.example/ / /comments/; do
	get "$path"
	is "but no way out: $path" "$(header Location)" ''
done
req POST /zwei/ -d a=b
is 'not for what is sent' "$status" 404

# Names, places.
article ar 'مكتبة-الدرج'
ok 'an address in Arabic letters' within 2 \
    became %D9%85%D9%83%D8%AA%D8%A8%D8%A9-%D8%A7%D9%84%D8%AF%D8%B1%D8%AC 200
has 'is linked as it must be' "$(get / && echo "$T/body")" \
    'href="/%D9%85%D9%83%D8%AA%D8%A8%D8%A9-%D8%A7%D9%84%D8%AF%D8%B1%D8%AC"'
article ar file-name 'slug: other-name'
ok 'a slug of its own' within 2 became other-name 200
is 'instead of the name' "$(on file-name)" 404
article ar english 'language: en'
ok 'another language than the site' within 2 became english 200
has 'is marked' "$(get /english && echo "$T/body")" \
    '<article class="story" lang="en" dir="ltr">'
printf -- '---\ntitle: Top\ndate: 2026-01-02 10:00\n---\nIn no folder.\n' \
    >"$DATA/articles/top.md"
ok 'a file in no folder is the first site'"'"'s' within 2 became top 200
mkdir "$DATA/articles/late"
site late language=en origins=http://late.test
HOST=late.test
article late first
ok 'a new site with a new folder' within 2 became first 200
HOST=ar.test
for name in .hidden.md draft.txt notes.md~; do
	cp "$DATA/articles/top.md" "$DATA/articles/ar/$name"
done
article ar future 'date: 2999-01-01 10:00'
sed -i '/^date: 2026/d' "$DATA/articles/ar/future.md"

# The whole folder is replaced, as deployments do: by renaming, and by turning a
# link.
cp -r "$DATA/articles" "$T/next"
HOST=en.test
mv "$T/next/en/one.md" "$T/next/en/deployed.md"
mv "$DATA/articles" "$T/last" && mv "$T/next" "$DATA/articles"
ok 'a folder that takes the place of the old one' within 6 became deployed 200
is 'has it alone' "$(on one)" 404
article en after
ok 'and is watched' within 2 became after 200
mv "$DATA/articles" "$T/real" && ln -s "$T/real" "$DATA/articles"
cp -r "$T/real" "$T/other"
mv "$T/other/en/after.md" "$T/other/en/turned.md"
ok 'through a link, too' within 6 became after 200
ln -s "$T/other" "$T/link" && mv -T "$T/link" "$DATA/articles"
ok 'which may be turned' within 6 became turned 200
article en 'last'
ok 'and what it leads to is watched' within 2 became last 200
HOST=ar.test

# Bad ones.
bad() {	# bad NAME LINES...
	_bad=$1
	shift
	printf '%s\n' "$@" >"$DATA/articles/ar/$_bad.md"
}
logged() {	# logged TITLE FILE LINE
	if within 2 grep -q -e "/$2\" problem=\"line $3:" "$T/log"; then
		pass "$1"
	else
		fail "$1" "not in the log: $2, line $3" "$(tail -n 5 "$T/log")"
	fi
}
bad no-end '---' 'title: A' 'date: 2026-01-02 10:00' 'Text'
bad no-title '---' 'date: 2026-01-02 10:00' '---' 'Text'
bad no-date '---' 'title: A' '---' 'Text'
bad bad-date '---' 'title: A' 'date: yesterday' '---' 'Text'
bad bad-key '---' 'title: A' 'date: 2026-01-02 10:00' 'colour: red' '---' Text
bad bad-rule '---' 'title: A' 'date: 2026-01-02 10:00' 'comments: maybe' '---' T
bad plain 'Only text'
bad twice '---' 'title: A' 'date: 2026-01-02 10:00' 'slug: one' '---' 'Text'
bad comments '---' 'title: A' 'date: 2026-01-02 10:00' '---' 'Text'
: >"$DATA/articles/ar/empty.md"
logged 'told of: an end that is missing' ar/no-end.md 4
logged 'told of: a title that is missing' ar/no-title.md 3
logged 'told of: a date that is missing' ar/no-date.md 3
logged 'told of: no front matter' ar/plain.md 1
logged 'told of: an empty file' ar/empty.md 1
logged 'told of: a bad date' ar/bad-date.md 3
logged 'told of: an unknown key' ar/bad-key.md 4
logged 'told of: a bad rule' ar/bad-rule.md 4
has 'told of: an address that is taken' "$T/log" 'ar/twice.md" holder='
has 'told of: an address that is the program'"'"'s' "$T/log" 'ar/comments.md"'
is 'a bad file has no page' "$(on bad-key)" 404
is 'all others have theirs' "$(on one) $(on zwei) $(on top)" '200 200 200'
get /one
has 'the one whose address was wanted, too' "$T/body" 'Text of one'
get /
for name in hidden draft notes bad-date; do
	lacks "the list has no $name" "$T/body" "$name"
done
rm "$DATA/articles/ar/bad-key.md"
article ar bad-key
ok 'once it is mended it is there' within 2 became bad-key 200
for path in '/../taliq.conf' '/%2e%2e/taliq.conf' '/..%2ftaliq.conf' \
    '/media/../../taliq.conf' '/media/%2e%2e/%2e%2e/taliq.conf' \
    '/media/..%2f..%2ftaliq.conf' '/ar/one.md' '/one.md' '/media/' \
    '/media/one.md'; do
	get "$path"
	is "no way out of the folder: $path" "$status" 404
done
finish
