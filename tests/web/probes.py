"""Probes at the door: each gets exactly its status, the connection is closed
after it, and a request that follows in the same bytes is never answered."""
import sys

import seam

H = b"Host: a\r\n"
GET = b"GET /echo HTTP/1.1\r\n"
POST = b"POST /echo HTTP/1.1\r\n" + H
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
NEXT = b"GET /next HTTP/1.1\r\nHost: a\r\n\r\n"


def length(value, body=b"x" * 18):
    return POST + b"Content-Length: " + value + b"\r\n\r\n" + body


def field(line):
    return GET + H + line + b"\r\n\r\n"


REFUSED = {
    # Framing: RFC 9112 6.
    "length and chunked": (400, POST + b"Content-Length: 5\r\n"
                           b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "chunked and length": (400, POST + b"Transfer-Encoding: chunked\r\n"
                           b"Content-Length: 5\r\n\r\n0\r\n\r\n"),
    "two lengths": (400, length(b"18\r\nContent-Length: 19")),
    "the same length twice": (400, length(b"18\r\nContent-Length: 18")),
    "length list": (400, length(b"18, 18")),
    "length +18": (400, length(b"+18")),
    "length -18": (400, length(b"-18")),
    "length 18abc": (400, length(b"18abc")),
    "length 0x12": (400, length(b"0x12")),
    "length 1_8": (400, length(b"1_8")),
    "length with form feed": (400, length(b"\x0c18")),
    "empty length": (400, length(b"")),
    "length of GET twice": (400, GET + H + b"Content-Length: 0\r\n"
                            b"Content-Length: 0\r\n\r\n"),
    "xchunked": (400, POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    "chunked, identity": (400, POST + b"Transfer-Encoding: chunked, identity"
                          b"\r\n\r\n0\r\n\r\n"),
    "identity": (400, POST + b"Transfer-Encoding: identity\r\n\r\n"),
    "chunked twice": (400, POST + b"Transfer-Encoding: chunked\r\n"
                      b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "chunked and identity": (400, POST + b"Transfer-Encoding: chunked\r\n"
                             b"Transfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
    "empty coding": (400, POST + b"Transfer-Encoding:\r\n\r\n0\r\n\r\n"),
    "HTTP/1.0 with chunked": (400, b"POST / HTTP/1.0\r\n"
                              b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    # Chunks: RFC 9112 7.1.
    "chunk size 0x5": (400, CHUNKED + b"0x5\r\nhello\r\n0\r\n\r\n"),
    "chunk size -1": (400, CHUNKED + b"-1\r\nhello\r\n0\r\n\r\n"),
    "chunk size +5": (400, CHUNKED + b"+5\r\nhello\r\n0\r\n\r\n"),
    "chunk size 5 blank": (400, CHUNKED + b"5 \r\nhello\r\n0\r\n\r\n"),
    "empty chunk size": (400, CHUNKED + b"\r\nhello\r\n0\r\n\r\n"),
    "chunk size too large": (413, CHUNKED + b"F" * 17 + b"\r\nhello\r\n"),
    "chunk size wraps": (413, CHUNKED + b"1" + b"0" * 16 + b"5\r\nhello\r\n"),
    "leading zeros": (400, CHUNKED + b"000000005\r\nhello\r\n0\r\n\r\n"),
    "chunk size, bare LF": (400, CHUNKED + b"5\nhello\r\n0\r\n\r\n"),
    "chunk data, bare LF": (400, CHUNKED + b"5\r\nhello\n1\r\na\r\n0\r\n\r\n"),
    "chunk data too long": (400, CHUNKED + b"5\r\nhelloo\r\n0\r\n\r\n"),
    "chunk extension": (400, CHUNKED + b"5;a=b\r\nhello\r\n0\r\n\r\n"),
    "extension with bare LF": (400, CHUNKED + b"5;\nxx\r\n0\r\n\r\n"),
    # Lines and fields: RFC 9112 2.2 and 5.
    "bare LF in the request line": (400, b"GET / HTTP/1.1\n" + H + b"\r\n"),
    "bare LF after a field": (400, GET + b"Host: a\n\r\n"),
    "bare LF at the end": (400, GET + H + b"\n"),
    "bare LF everywhere": (400, b"GET / HTTP/1.1\nHost: a\n\n"),
    "bare CR in a value": (400, field(b"X: a\rb")),
    "CR CR LF": (400, field(b"X: a\r")),
    "NUL in a value": (400, field(b"X: a\0b")),
    "NUL ends a value": (400, field(b"X: a\0")),
    "NULs as a line end": (400, field(b"X: a\0\0Content-Length\0 5")),
    "NUL in a name": (400, field(b"X\0Y: a")),
    "NUL before a name": (400, field(b"\0X: a")),
    "NUL in the target": (400, b"GET /a\0b HTTP/1.1\r\n" + H + b"\r\n"),
    "control byte in a value": (400, field(b"X: a\x01b")),
    "DEL in a value": (400, field(b"X: a\x7fb")),
    "folded line": (400, field(b"X: a\r\n b")),
    "folded with tab": (400, field(b"X: a\r\n\tContent-Length: 5")),
    "folded first line": (400, GET + b" X: a\r\n" + H + b"\r\n"),
    "folded after an empty name": (400, GET + b"Host: a\n:Content-Length\n 5"
                                   b"\r\n\r\n"),
    "space before the colon": (400, field(b"X : a")),
    "tab before the colon": (400, field(b"Content-Length\t: 5")),
    "no colon": (400, field(b"nonsense")),
    "empty name": (400, field(b": a")),
    "bracket in a name": (400, field(b"X[]: a")),
    "UTF-8 in a name": (400, field("é: a".encode())),
    "two spaces before the target": (400, b"GET  / HTTP/1.1\r\n" + H +
                                     b"\r\n"),
    "two spaces after the target": (400, b"GET /  HTTP/1.1\r\n" + H +
                                    b"\r\n"),
    "space in the target": (400, b"GET /a b HTTP/1.1\r\n" + H + b"\r\n"),
    "tab in the request line": (400, b"GET\t/ HTTP/1.1\r\n" + H + b"\r\n"),
    "space at its end": (400, b"GET / HTTP/1.1 \r\n" + H + b"\r\n"),
    "lower case version": (400, b"GET / http/1.1\r\n" + H + b"\r\n"),
    "no version": (400, b"GET /\r\n" + H + b"\r\n"),
    "HTTP/1.10": (400, b"GET / HTTP/1.10\r\n" + H + b"\r\n"),
    "HTTP/1.2": (505, b"GET / HTTP/1.2\r\n" + H + b"\r\n"),
    "HTTP/3.0": (505, b"GET / HTTP/3.0\r\n" + H + b"\r\n"),
    "HTTP/2 preface": (505, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "bad method": (400, b"GE{T / HTTP/1.1\r\n" + H + b"\r\n"),
    # Host and target: RFC 9112 3.2.
    "no Host": (400, GET + b"\r\n"),
    "two Hosts": (400, GET + H + H + b"\r\n"),
    "empty Host": (400, GET + b"Host:\r\n\r\n"),
    "Host with user": (400, GET + b"Host: u@a\r\n\r\n"),
    "Host with path": (400, GET + b"Host: a/b\r\n\r\n"),
    "Host list": (400, GET + b"Host: a, b\r\n\r\n"),
    "Host with bad port": (400, GET + b"Host: a:80x\r\n\r\n"),
    "target of another host": (400, b"GET http://b/ HTTP/1.1\r\n" + H +
                               b"\r\n"),
    "target without slash": (400, b"GET echo HTTP/1.1\r\n" + H + b"\r\n"),
    "authority form": (400, b"CONNECT a:443 HTTP/1.1\r\n" + H + b"\r\n"),
    "asterisk for GET": (400, b"GET * HTTP/1.1\r\n" + H + b"\r\n"),
    "fragment": (400, b"GET /#a HTTP/1.1\r\n" + H + b"\r\n"),
    # Sizes.
    "target of 8 KiB and one": (414, b"GET /" + b"a" * 8192 + b" HTTP/1.1"
                                b"\r\n" + H + b"\r\n"),
    "query of 9 KiB": (414, b"GET /?" + b"a" * 9216 + b" HTTP/1.1\r\n" + H +
                       b"\r\n"),
    "query of 9 KiB in 4,600 fields": (414, b"GET /?" + b"a&" * 4600 +
                                       b" HTTP/1.1\r\n" + H + b"\r\n"),
    "target of 1 MB": (414, b"GET /" + b"a" * 1000000 + b" HTTP/1.1\r\n" + H +
                       b"\r\n"),
    "field of 16 KiB": (431, field(b"X: " + b"a" * 16384)),
    "field of 1 MB": (431, field(b"X: " + b"a" * 1000000)),
    "300 fields of 60 bytes": (431, field(b"\r\n".join(
        [b"X: " + b"a" * 57] * 300))),
    "10,000 fields": (431, field(b"\r\n".join([b"a: b"] * 10000))),
    "101 fields": (431, field(b"\r\n".join([b"a: b"] * 100))),
    "cookie crumbs": (431, field(b"Cookie: " + b"a;" * 7000)),
    "body of 256 KiB and one": (413, length(b"262145")),
    "body of 1 GB": (413, length(b"1000000000", b"x" * 1000000)),
    "body of 2^64": (413, length(b"18446744073709551616")),
    "body of 2^64+18": (413, length(b"18446744073709551634")),
    "chunks of 257 KiB": (413, CHUNKED + (b"8000\r\n" + b"x" * 32768 +
                                          b"\r\n") * 9),
}

# Around the last chunk nothing can be seen of the line ends.  They are read
# loosely, but the connection is closed, so that nothing can hide behind them.
LOOSE = {
    "bare LF before the last chunk": CHUNKED + b"5\r\nhell\r\n0\r\n\r\n",
    "bare LF after the last chunk": CHUNKED + b"5\r\nhello\r\n0\n\r\n",
    "extension of the last chunk": CHUNKED + b"5\r\nhello\r\n0;a=b\r\n\r\n",
    "trailers": CHUNKED + b"5\r\nhello\r\n0\r\nContent-Length: 7\r\n\r\n",
    "NUL LF for CR LF": GET + H + b"X: a\0\nConnection: close\r\n\r\n",
}

NAUGHTY_BUT_READ = {
    "empty lines first": b"\r\n\r\n" + GET + H + b"\r\n",
    "absolute form": b"GET http://A/echo HTTP/1.1\r\n" + H + b"\r\n",
    "target of 8 KiB": b"GET /" + b"a" * 8191 + b" HTTP/1.1\r\n" + H + b"\r\n",
    "query of 8 KiB": b"GET /?" + b"a" * 8190 + b" HTTP/1.1\r\n" + H + b"\r\n",
    "field of 16 KiB less": field(b"X: " + b"a" * 16300),
    "both": b"GET /" + b"a" * 8191 + b" HTTP/1.1\r\n" + H + b"X: " +
            b"a" * 16300 + b"\r\n\r\n",
    "100 fields": field(b"\r\n".join([b"a: b"] * 99)),
    "cookie of 4 KiB": field(b"Cookie: a=" + b"b" * 4096),
    "100 parameters": b"GET /?" + b"&".join([b"page=%2F\xd8\xa7"] * 100) +
                      b" HTTP/1.1\r\n" + H + b"\r\n",
    "4,095 parameters": b"GET /?" + b"a&" * 4095 + b" HTTP/1.1\r\n" + H +
                        b"\r\n",
    "escapes": b"GET /a%00%2e%zz+%?q=%41&+;x HTTP/1.1\r\n" + H + b"\r\n",
    "OPTIONS *": b"OPTIONS * HTTP/1.1\r\n" + H + b"\r\n",
    "HTTP/1.0": b"GET /a HTTP/1.0\r\n\r\n",
    "obs-text": field(b"X: \xff\x80"),
    "empty value": field(b"X:"),
    "blanks around": field(b"X:\t  a b \t "),
    "body of 256 KiB": length(b"262144", b"b" * 262144),
    "length 0018": length(b"0018"),
    "length of GET": GET + H + b"Content-Length: 3\r\n\r\nabc",
    "chunks": CHUNKED + b"5\r\nhello\r\n00006\r\n world\r\n0\r\n\r\n",
    "many chunks": CHUNKED + b"1\r\na\r\n" * 5000 + b"0\r\n\r\n",
    "chunks of 256 KiB": CHUNKED + (b"8000\r\n" + b"x" * 32768 + b"\r\n") * 8 +
                         b"0\r\n\r\n",
}


def refused(server, name, status, raw):
    answers, rest, end = seam.ask(server, raw + NEXT, end_our_half=False)
    if end == "open":
        return f"{name}: still open, {answers} {rest!r:.100}"
    if len(answers) != 1 or rest or answers[0].status != status:
        return f"{name}: {answers} {rest!r:.100} {end}, expected {status}"
    if not answers[0].closes:
        return f"{name}: does not say that it closes"
    return None


def loose(server, name, raw):
    answers, rest, end = seam.ask(server, raw + NEXT, end_our_half=False)
    if end == "open" or rest or len(answers) != 1 or not answers[0].closes:
        return f"{name}: {answers} {rest!r:.100} {end}"
    return None


def read(server, name, raw):
    answers, rest, end = seam.ask(server, raw)
    problem = seam.judge(raw, answers, rest, end)
    if not problem and (len(answers) != 1 or answers[0].status != 200):
        problem = f"{answers}"
    return f"{name}: {problem}" if problem else None


def byte_by_byte(server, raw, expected):
    """The same, however the bytes are cut."""
    s = server.connect()
    s.setsockopt(seam.socket.IPPROTO_TCP, seam.socket.TCP_NODELAY, 1)
    for i in range(len(raw)):
        try:
            s.sendall(raw[i:i + 1])
        except OSError:
            break
    s.settimeout(seam.PATIENCE)
    data = s.recv(1 << 16)
    s.close()
    got = data[:12].decode("latin-1")
    return None if got == f"HTTP/1.1 {expected}" else f"{raw!r}: {got!r}"


CUT = [
    (200, GET + H + b"\r\n"),
    (200, length(b"18")),
    (200, CHUNKED + b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"),
    (400, GET + b"Host: a\n\r\n"),
    (400, field(b"X: a\r\n b")),
    (400, length(b"18abc")),
    (400, GET + H + H + b"\r\n"),
]


def main():
    tap = seam.Tap()
    with seam.Server() as server:
        for name, (status, raw) in REFUSED.items():
            problem = refused(server, name, status, raw)
            tap.case(f"{status}: {name}", [problem] if problem else [])
        for name, raw in LOOSE.items():
            problem = loose(server, name, raw)
            tap.case(f"loose, then closed: {name}",
                     [problem] if problem else [])
        for name, raw in NAUGHTY_BUT_READ.items():
            problem = read(server, name, raw)
            tap.case(f"read: {name}", [problem] if problem else [])
        tap.case("cut into single bytes", filter(None, (
            byte_by_byte(server, raw, status) for status, raw in CUT)))
        # Several at once, so that the loop has more than one open head.
        tap.case("side by side", filter(None, seam.side_by_side(
            lambda item: refused(server, item[0], *item[1]),
            list(REFUSED.items()) * 2)))
    tap.case("nothing leaked", [] if server.counts["held"] ==
             server.counts["released"] else [server.counts])
    return tap.end()


sys.exit(main())
