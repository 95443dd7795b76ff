#!/bin/sh
# The form's token: used once, by one form, on one page, not at once, not for
# ever; a double click makes one comment.
. "$(dirname "$0")/lib.sh"
make_data
article ar two
fake_clock
serve

twice() {
	curl -sS -o /dev/null -D "$T/$1" -w '%{http_code}' -H "Host: $HOST" \
	    --data-urlencode "token=$token" -d page=%2Fone -d name=Twin \
	    -d text=Twice "$URL/comments" >"$T/$1.status"
}

send /comments page=/one token="$(token /one)" name=Quick text='At once'
is 'a form sent at once comes back' "$status" 422
is 'with the reason' "$(page errors)" \
    "$(said ar 'That was very quick. Please press the button once more; nothing is lost.')"
is 'and the text' "$(page value text)" 'At once'
again=$(page value token)
send /comments page=/one token="$again" name=Quick text='At once'
is 'a second click sends it' "$status" 303

tokens 7 /one
tokens 1 /two
clock +4s
take /one
for i in 1 2 3 4 5 6; do
	twice "click$i" &
	clicks="${clicks-} $!"
done
# shellcheck disable=SC2086
wait $clicks
is 'six clicks at once are all taken' \
    "$(cat "$T"/click?.status)" 303303303303303303
is 'as one comment' \
    "$(sql "SELECT count(*) FROM comment WHERE name = 'Twin'")" 1
id=$(sql "SELECT id FROM comment WHERE name = 'Twin'")
twice later
is 'a click a moment later leads to it, too' \
    "$(sed -n 's/^Location: *//Ip' "$T/later" | tr -d '\r')" \
    "/one#comment-$id"
is 'every click is the same reader' \
    "$(sed -n 's/^Set-Cookie: //Ip' "$T"/click? "$T/later" | sort -u |
    wc -l)" 1
send /comments page=/one token="$token" name=Twin text='Another text'
is 'its token is no good for another comment' "$status" 422
is 'and the form says so' "$(page errors)" \
    "$(said ar 'This form has expired. Please press the button once more; nothing is lost.')"
again=$(page value token)
send /comments page=/one token="$again" name=Twin text='Another text'
is 'the form that came back is' "$status" 303

take /one
send /comments page=/two token="$token" name=A text='Wrong page'
is 'a token of another page is refused' "$status" 422
HOST=en.test
send /comments page=/one token="$token" name=A text='Wrong site'
is 'and one of another site' "$status" 422
HOST=ar.test
send /comments page=/one token="$token" name=A text='Right page'
is 'being tried elsewhere does not use it up' "$status" 303
send /comments page=/one name=A text='No token'
is 'no token: the form comes back' "$status" 422
send /comments page=/one token= name=A text='Empty token'
is 'an empty one' "$status" 422
send /comments page=/one token=Zm9v name=A text='Short token'
is 'a made-up one' "$status" 422
take /one
send /comments page=/one token="A$token" name=A text='Longer'
is 'one with a letter more' "$status" 422
swapped=$(printf %s "$token" | sed 's/^\(.\{20\}\)\(.\)/\1-/')
[ "$swapped" != "$token" ] || swapped=$(printf %s "$token" | tr a-y b-z)
send /comments page=/one token="$swapped" name=A text='Changed'
is 'one with a letter changed' "$status" 422
is 'nothing of that was stored' "$(sql "SELECT count(*) FROM comment
    WHERE body IN ('Wrong page', 'Wrong site', 'No token', 'Empty token',
    'Short token', 'Longer', 'Changed')")" 0

clock '+359m'
comment /one name=Slow text='After nearly six hours'
is 'a token lives for six hours' "$status" 303
clock '+361m'
comment /one name=Slow text='After more than six hours'
is 'not longer' "$status" 422
is 'which costs one more click' "$(page value text)" \
    'After more than six hours'
again=$(page value token)
send /comments page=/one token="$again" name=Slow text='After six hours'
is 'no more' "$status" 303

take /one
tokens 1 /two
stop
serve
comment /two name=Old text='From before a restart'
is 'a form from before a restart comes back once' "$status" 422
again=$(page value token)
send /comments page=/two token="$again" name=Old text='From before a restart'
is 'and then goes through' "$status" 303
finish
