#!/bin/sh
# Clients of Akismet as they come from their packages, in front of the real
# program: they believe to talk to rest.akismet.com.  In a network of its own
# that name is this machine, ports 80 and 443 are taliq's, and its certificate
# comes from an authority that was made a moment ago.
# timeout: 300
set -u
# Who is not root may be it in a name space of his own.
alone() {
	if [ "$(id -u)" -eq 0 ]; then
		unshare -m -n "$@"
	else
		unshare -r -m -n "$@"
	fi
}
if [ "${TALIQ_ALONE-}" != 1 ]; then
	if ! alone true 2>/dev/null; then
		echo '1..0 # SKIP unshare gives no network of our own here'
		exit 0
	fi
	TALIQ_ALONE=1 alone sh "$0"
	exit
fi
. "$(dirname "$0")/../../scenario/lib.sh"

BLOG=https://blog.example.org/
SPAM="Check out my channel and subscribe, I subscribe back! Best replica watches\
, casino bonus, free gift cards: http://free-gift-cards.example.com/win"
HAM="The ferry was late on Tuesday, too; the harbour office told us that the new\
 timetable begins in March."
WRONG=0123456789aa
THANKS='Thanks for making the web a better place.'

skip() {
	count=$((count + 1))
	printf 'ok %d - %s # SKIP %s\n' "$count" "$1" "$2"
}

# The loopback device up, and the names that clients will ask for.
network() {
	python3 - <<-'PY'
	import fcntl, socket, struct
	SIOCSIFFLAGS, IFF_UP = 0x8914, 1
	with socket.socket() as s:
	    fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
	PY
	{
		echo '127.0.0.1 localhost rest.akismet.com'
		echo "127.0.0.1 $KEY.rest.akismet.com $WRONG.rest.akismet.com"
	} >"$T/hosts"
	chmod 755 "$T"
	chmod 644 "$T/hosts"
	mount --bind "$T/hosts" /etc/hosts
}

# An authority, and a certificate by it for the host and all keys.
certificate() {
	echo 'subjectAltName=DNS:rest.akismet.com,DNS:*.rest.akismet.com' \
	    >"$T/names"
	{
		openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Test \
		    -keyout "$T/ca.key" -out "$T/ca.crt" &&
		    openssl req -newkey rsa:2048 -nodes -subj /CN=rest \
		        -keyout "$T/tls.key" -out "$T/tls.csr" &&
		    openssl x509 -req -in "$T/tls.csr" -CA "$T/ca.crt" \
		        -CAkey "$T/ca.key" -CAcreateserial -days 2 \
		        -extfile "$T/names" -out "$T/tls.crt"
	} 2>"$T/openssl" ||
	    { echo "Bail out! openssl: $(tail -n 3 "$T/openssl")"; exit 1; }
	# How node and undici, ruby and go are told of it.
	export NODE_EXTRA_CA_CERTS="$T/ca.crt" SSL_CERT_FILE="$T/ca.crt"
}

# client TITLE COMMAND...: runs it; standard input is what it must print.
client() {
	_title=$1
	shift
	cat >"$T/wanted"
	timeout 60 "$@" "$KEY" "$WRONG" "$BLOG" "$SPAM" "$HAM" \
	    >"$T/said" 2>"$T/said.err"
	while read -r _name _what; do
		is "$_title: $_name" "$(sed -n "s/^$_name //p" "$T/said") $(
		    grep -m 1 -i error "$T/said.err")" "$_what "
	done <"$T/wanted"
}

# has_npm PACKAGE: whether it is there.
has_npm() {
	command -v node >/dev/null && [ -d "$here/node_modules/$1" ]
}

"$TALIQ" init --data "$DATA" >/dev/null || { echo 'Bail out! init'; exit 1; }
KEY=$(taliq key add --site https://blog.example.org |
    grep -x '[0-9a-f]\{12\}')
network
certificate
LISTEN=127.0.0.1:80
conf 'tls_listen = 127.0.0.1:443' "tls_certificate = $T/tls.crt" \
    "tls_key = $T/tls.key"
serve

# --- node --------------------------------------------------------------------

if has_npm akismet-api; then
	client 'npm akismet-api' node "$here/akismet-api.cjs" <<-END
	verify true
	verify-wrong false
	spam true
	ham false
	submit-spam $THANKS
	submit-ham $THANKS
	check-wrong Invalid API key
	END
else
	skip 'npm akismet-api' 'it is not installed'
fi
if has_npm @cedx/akismet; then
	client 'npm @cedx/akismet' node "$here/cedx.mjs" <<-END
	verify true
	verify-wrong false
	spam true
	ham false
	submit-spam done
	submit-ham done
	END
	ok 'npm @cedx/akismet: check-wrong is an error' \
	    grep -q '^check-wrong error: .' "$T/said"
else
	skip 'npm @cedx/akismet' 'it is not installed'
fi
for port in 80 443; do
	if ! has_npm akismet; then
		skip "npm akismet, port $port" 'it is not installed'
		continue
	fi
	export PORT=$port
	# It takes whatever is not "true" for good.
	client "npm akismet, port $port" node "$here/oozcitak.cjs" <<-END
	verify true
	verify-wrong false
	spam true
	ham false
	submit-spam done
	submit-ham done
	check-wrong false
	END
done

# --- Debian's packages -------------------------------------------------------

if perl -MNet::Akismet -e 1 2>/dev/null; then
	client 'Perl Net::Akismet' perl "$here/net-akismet.pl" <<-END
	verify true
	verify-wrong false
	spam true
	ham false
	submit-spam 1
	submit-ham 1
	check-wrong undef
	END
else
	skip 'Perl Net::Akismet' 'libnet-akismet-perl is not installed'
fi
if ruby -e "require 'akismet'" 2>/dev/null; then
	client 'Ruby akismet' ruby "$here/ruby-akismet.rb" <<-END
	verify true
	verify-wrong false
	spam true
	ham false
	discard [true, true]
	submit-spam done
	submit-ham done
	check-wrong "Akismet::Error"
	END
else
	skip 'Ruby akismet' 'ruby-akismet is not installed'
fi
if command -v go >/dev/null &&
    [ -d /usr/share/gocode/src/github.com/adtac/go-akismet ]; then
	export GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS=
	export GOCACHE="$T/go-cache"
	ok 'Go go-akismet: it builds' go build -o "$T/go-akismet" \
	    "$here/go-akismet.go"
	client 'Go go-akismet' "$T/go-akismet" <<-END
	spam true
	ham false
	submit-spam done
	submit-ham done
	check-wrong error: invalid
	END
else
	skip 'Go go-akismet' 'golang-github-adtac-go-akismet-dev or go is not installed'
fi
finish
