#!/bin/sh
# Too many comments in a short time: the form comes back with what was typed,
# and says when to try again.
. "$(dirname "$0")/lib.sh"
make_data
# Slow enough that no allowance comes back while this runs.
conf 'network_posts_per_hour = 60' 'network_posts_burst = 2' \
    'trusted_proxies = 127.0.0.1' 'thread_posts_per_minute = 2' \
    'site_posts_per_minute = 4'
article ar two
article ar three
serve
tokens 4 /one
tokens 3 /two
tokens 1 /three
HOST=en.test
tokens 1 /one
HOST=ar.test
settle

# Each reader comes from an address of the own, as the proxy says.
from() {
	HEADER="X-Forwarded-For: $1"
}

from 192.0.2.1
comment /one name=A text='First'
is 'a network that may post two posts one' "$status" 303
comment /two name=A text='Second'
is 'and another one' "$status" 303
comment /two name=A text='Third, long thought about'
is 'the third is too much' "$status" 429
wait=$(header Retry-After)
ok 'it says when to come back' [ "$wait" -gt 30 ]
ok 'no later than need be' [ "$wait" -le 60 ]
is 'in words, too' "$(page errors)" "$(said ar \
    'Too many comments in a short time. Please try again in {n} minute.' \
    'Too many comments in a short time. Please try again in {n} minutes.' 1)"
is 'nothing typed is lost' "$(page value text)" 'Third, long thought about'
from 192.0.2.250
comment /one name=B text='Same network'
is 'the limit is the network'"'"'s, not the address'"'"'s' "$status" 429
api_comment page=/two name=B text='By the API'
is 'by the API as well' "$status" 429
is 'as a problem' "$(answer '[.status, .errors[0].code] | @csv')" \
    '429,"too_many"'
ok 'which says when, too' [ "$(header Retry-After)" -gt 30 ]
from 192.0.3.1
comment /one name=C text='Next network'
is 'the next network may' "$status" 303
from 2001:db8:1:2::1
comment /one name=D text='The thread is full'
is 'a thread takes so many a minute, from all networks' "$status" 429
from 2001:db8:1:f00::1
comment /two name=D text='Another thread'
is 'another thread takes more' "$status" 303
from 198.51.100.7
comment /three name=E text='The site is full'
is 'a site takes so many, on all threads' "$status" 429
HOST=en.test
comment /one name=E text='Another site'
is 'another site does not mind' "$status" 303
HOST=ar.test
is 'what was refused was not stored' "$(sql "SELECT count(*) FROM comment")" 5
get /one
is 'reading is never limited' "$status" 200
HEADER='X-Forwarded-For: 192.0.2.1, 203.0.113.9'
api_comment page=/three name=F text='Who is first in the line is not believed'
is 'a reader cannot make up an address' "$(answer '.errors[0].code')" too_many
finish
