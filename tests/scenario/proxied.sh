#!/bin/sh
# Behind a proxy: the configured one's word counts for the reader's address and
# for https; nobody else's does.
. "$(dirname "$0")/lib.sh"
make_data
site ar origins=https://ar.test
conf 'network_posts_per_hour = 60' 'network_posts_burst = 1' \
    'trusted_proxies = 127.0.0.1, 10.0.0.0/8'
serve
tokens 4 /one
settle
by() {	# by ADDRESSES: a comment through these proxies; $status
	HEADER="X-Forwarded-For: $1"
	_n=$((${_n-0} + 1))
	api_comment page=/one name=A text="Number $_n"
}

by 203.0.113.1
is 'a reader' "$status" 201
by 203.0.113.2
is 'another one of the same network is over the limit' "$status" 429
by '198.51.100.1, 10.1.2.3'
is 'through a second proxy that is trusted' "$status" 201
by '192.0.2.1, 203.0.113.9'
is 'what a reader writes in front counts for nothing' "$status" 429
by '2001:db8::1'
is 'a reader of IPv6' "$status" 201
by '::ffff:203.0.113.3'
is 'an IPv4 address in IPv6 is the same' "$status" 429
by 'unknown'
is 'an address that is none is the proxy'"'"'s' "$status" 201
HEADER=
_n=99
api_comment page=/one name=A text='From the proxy itself'
is 'which may post as often as others' "$status" 429

post() {	# with the next token: $status, $T/head
	take /one
	req POST /comments --data-urlencode "token=$token" \
	    -d "page=/one&name=B&text=Secure $1" "-HX-Forwarded-For: $1" \
	    -H 'X-Forwarded-Proto: https' -H "Origin: $2"
}
post 198.18.1.1 https://ar.test
is 'a page by https may post' "$status" 303
ok 'its cookie is for https and this host alone' grep -Eq \
    '^Set-Cookie: __Host-taliq_reader=[^;]*; Path=/; .*; Secure' "$T/head"
post 198.18.2.1 http://ar.test
is 'one by http may not, when https is spoken' "$status" 403
take /one
req POST /comments --data-urlencode "token=$token" \
    -d 'page=/one&name=B&text=Plain' -H 'X-Forwarded-For: 198.18.3.1' \
    -H 'X-Forwarded-Proto: http'
lacks 'by http the cookie has another name' "$T/head" __Host-
stop

conf 'network_posts_per_hour = 60' 'network_posts_burst = 1'
serve
by 203.0.113.200
is 'without a configured proxy' "$status" 201
by 198.51.100.200
is 'nobody is believed' "$status" 429
HEADER=
tokens 1 /one
settle
post 192.0.2.9 https://ar.test
lacks 'not about https either' "$T/head" '__Host-'
finish
