"""What is TLS's own: versions, certificates by name, a reload, handshakes that
fail or never end, ends that are whole, records cut in odd ways.  That everything
else holds under TLS too, probes.py and conns.py show with ECHO_TLS=1."""
import ctypes
import os
import pathlib
import random
import select
import socket
import ssl
import struct
import subprocess
import sys
import time

import seam
import tlssock
from seam import PATIENCE

CA = tlssock.Authority()
ONE = CA.cert("one", "one.test", "localhost")
WILD = CA.cert("wild", "*.one.test")
RSA = CA.cert("rsa", "rsa.test", key=("rsa:2048",))
CONTEXT = CA.context()
H = b"Host: a\r\n"
GET = b"GET /echo HTTP/1.1\r\n" + H + b"\r\n"


def expect(condition, text):
    if not condition:
        raise AssertionError(text)


def server(cert=ONE, **options):
    return seam.Server(tls_listen="127.0.0.1:0", cert=cert[0], key=cert[1],
                       **options)


def raw(s, port=None):
    r = socket.create_connection(("127.0.0.1", port or s.tls_port), PATIENCE)
    r.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return r


def connect(s, context=CONTEXT, host="localhost"):
    return tlssock.Socket(raw(s), context, host).shake()


def ask(c, request=GET):
    c.sendall(request)
    return seam.read_answers(c, 1)[0]


def shown(c):
    """The host names of the certificate that the server showed."""
    return [v for _, v in c.tls.getpeercert()["subjectAltName"]]


def only(version, **more):
    return CA.context(minimum_version=version, maximum_version=version, **more)


def why_refused(s, context):
    try:
        connect(s, context)
        return None
    except OSError as e:
        return getattr(e, "reason", type(e).__name__)


def old_versions_and_weak_ciphers():
    v = ssl.TLSVersion
    with server(RSA) as s:
        for version in (v.TLSv1, v.TLSv1_1):
            c = only(version, check_hostname=False)
            c.set_ciphers("ALL:@SECLEVEL=0")
            why = why_refused(s, c)
            expect(why == "TLSV1_ALERT_PROTOCOL_VERSION", f"{version} {why}")
        for ciphers in ("AES256-SHA", "AES128-GCM-SHA256", "DHE",
                        "ECDHE-RSA-AES128-SHA"):
            c = only(v.TLSv1_2, check_hostname=False)
            c.set_ciphers(ciphers + ":@SECLEVEL=0")
            why = why_refused(s, c)
            expect(why and "HANDSHAKE_FAILURE" in why, f"{ciphers} {why}")
        for version in (v.TLSv1_2, v.TLSv1_3):
            c = connect(s, only(version), "rsa.test")
            expect(ask(c).json()["https"], "https")
    expect(s.counts["refused"] == 6, s.counts)


def application_protocol():
    with server() as s:
        for offer, want in ((["h2", "http/1.1"], "http/1.1"),
                            (["http/1.1"], "http/1.1"), (["h2"], None),
                            ([], None)):
            c = CA.context()
            if offer:
                c.set_alpn_protocols(offer)
            t = connect(s, c)
            expect(t.tls.selected_alpn_protocol() == want, offer)
            expect(ask(t).status == 200, offer)


def certificates_by_name():
    both = [",".join(p) for p in zip(ONE, WILD, RSA)]
    with server(both) as s:
        for host, want in (("one.test", "one.test"), ("ONE.test", "one.test"),
                           ("0123456789ab.one.test", "*.one.test"),
                           ("rsa.test", "rsa.test")):
            c = connect(s, host=host)
            expect(shown(c)[0] == want, (host, shown(c)))
            expect(ask(c).status == 200, host)
        c = CA.context(check_hostname=False)
        for host in ("two.test", "a.b.one.test", None):
            t = connect(s, c, host)
            expect(shown(t)[0] == "one.test", (host, shown(t)))


def reload(s):
    s.process.stdin.write("r")
    s.process.stdin.flush()
    return s.process.stdout.readline().strip()


def a_reload_is_for_new_connections():
    files = [CA.path("now.pem"), CA.path("now.key")]

    def put(cert):
        for at, to in zip(cert, files):
            new = pathlib.Path(to + ".new")
            new.write_bytes(pathlib.Path(at).read_bytes())
            new.chmod(0o600)
            new.rename(to)

    put(ONE)
    with server(files) as s:
        old = connect(s)
        late = connect(s)
        late.sendall(b"GET /later?600 HTTP/1.1\r\n" + H + b"\r\n")
        # A handshake that has begun before, ends after.
        begun = raw(s)
        t = tlssock.Socket(begun, CONTEXT, "localhost")
        try:
            t.tls.do_handshake()
        except ssl.SSLWantReadError:
            hello = t.out.read()
        begun.sendall(hello[:100])
        time.sleep(0.2)
        put(RSA)
        expect(reload(s) == "reread", "reload")
        new = connect(s, host="rsa.test")
        expect(shown(new) == ["rsa.test"], shown(new))
        for c in (old, new):
            expect(ask(c).status == 200, "goes on")
        expect(seam.read_answers(late, 1)[0].body == b"late\n", "late")
        begun.sendall(hello[100:])
        t.shake()
        expect(shown(t)[0] == "one.test" and ask(t).status == 200, shown(t))
        # Nothing fit to be used: said, and the last good one stays.
        for broken, at, said in (
                (b"nothing", 0, "no certificate in it"),
                (b"nothing", 1, "no private key in it"),
                (pathlib.Path(WILD[1]).read_bytes(), 1, "not the key of")):
            put(RSA)
            pathlib.Path(files[at]).write_bytes(broken)
            why = reload(s)
            expect(files[at] in why and said in why, why)
            expect(shown(connect(s, host="rsa.test")) == ["rsa.test"], said)
        put(RSA)
        pathlib.Path(files[1]).chmod(0o604)
        expect("every user" in reload(s), "a key that all may read")
        pathlib.Path(files[1]).unlink()
        expect(files[1] in reload(s), "a key that is not there")
        expect(shown(connect(s, host="rsa.test")) == ["rsa.test"], "stays")
        put(WILD)
        expect(reload(s) == "reread", "good again")
        expect(shown(connect(s, host="a.one.test")) == ["*.one.test"], "wild")


def cpu_s(s):
    fields = pathlib.Path(f"/proc/{s.process.pid}/stat").read_text()
    fields = fields.rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def client_hello(context=CONTEXT):
    t = tlssock.Socket(None, context)
    try:
        t.tls.do_handshake()
    except ssl.SSLWantReadError:
        return t.out.read()


def handshakes_that_never_end():
    """They time out, and while they wait they cost nothing."""
    hello = client_hello()
    with server(head_s=3) as s:
        begins = time.monotonic()
        waiting = []
        for part in (b"", hello[:1], hello[:40], hello, hello + b"\x16"):
            for _ in range(8):
                r = raw(s)
                r.sendall(part)
                waiting.append((len(part), r))
        time.sleep(0.5)
        before = cpu_s(s)
        time.sleep(1.5)
        used = cpu_s(s) - before
        # Rounds without a pause would take all that the machine has left.
        expect(used < 0.1, f"{used} s of processor time for waiting")
        good = connect(s)
        expect(ask(good).status == 200, "others are served")
        for n, r in waiting:
            data, end = seam.read_all(r)
            took = time.monotonic() - begins
            expect(end != "open" and b"HTTP" not in data and took < 12,
                   f"{n} bytes sent: {data[:20]} {end} after {took}")
        expect(ask(good).status == 200, "still there")


def handshakes_that_fail():
    """Bytes of all kinds; whoever speaks TLS is told why."""
    rng = random.Random(5)
    hello = client_hello()
    with server() as s:
        def throw(i):
            data = bytearray(hello)
            if i % 4 == 0:
                data = bytearray(rng.randbytes(rng.randrange(1, 600)))
            elif i % 4 == 1:
                data[0:5] = struct.pack("!BHH", rng.choice([0, 21, 23, 24]),
                                        0x301, rng.randrange(0, 20000))
            else:
                for _ in range(1 + i % 7):
                    data[rng.randrange(len(data))] = rng.randrange(256)
            r = raw(s)
            r.sendall(data)
            r.shutdown(socket.SHUT_WR)
            return seam.read_all(r)[1] != "open"

        ended = seam.side_by_side(throw, range(400))
        expect(all(ended), f"{ended.count(False)} are still open")
        expect(ask(connect(s)).status == 200, "still alive")


def plain_http_where_tls_is_spoken():
    with server() as s:
        for request in (GET, b"POST /", b"G"):
            r = raw(s)
            r.sendall(request)
            data, end = seam.read_all(r)
            expect(data.startswith(b"HTTP/1.1 400 ") and b"https" in data and
                   end == "closed", f"{data} {end}")
        expect(ask(connect(s)).status == 200, "still alive")
        r = raw(s, s.plain_port)
        r.sendall(client_hello())
        expect(seam.read_all(r)[1] != "open", "TLS where none is spoken")
        r = raw(s, s.plain_port)
        expect(not ask(r).json()["https"], "beside it, plain HTTP")
    expect(s.counts["refused"] >= 3, s.counts)


def ends_are_whole():
    """The server says its last word by TLS, wherever it is the one to end."""
    post = b"POST /echo HTTP/1.1\r\n" + H
    with server(head_s=2, idle_s=2) as s:
        for request, status in (
                (b"GET /echo HTTP/1.1\r\n" + H + b"Connection: close\r\n\r\n",
                 200),
                (b"GET /echo HTTP/1.0\r\n\r\n", 200),
                (b"GET / HTTP/1.1\r\n\r\n", 400),
                (post + b"Content-Length: nine\r\n\r\n", 400),
                (post + b"Content-Length: 999999\r\n\r\n" + b"x" * 200000,
                 413),
                (post + b"Transfer-Encoding: chunked\r\n\r\n" +
                 b"8000\r\n" + b"x" * 32768 + b"\r\n" +
                 (b"8000\r\n" + b"x" * 32768 + b"\r\n") * 12, 413),
                (b"GET /echo HTTP/1.1\r\nHo", 408)):
            c = connect(s)
            try:
                c.sendall(request)
            except OSError:
                pass
            data, end = seam.read_all(c)
            answers, rest = seam.split_answers(data)
            expect([a.status for a in answers] == [status] and not rest and
                   end == "closed" and c.whole,
                   f"{request[:60]}: {answers} {rest[:60]} {end} {c.whole}")
        c = connect(s)
        expect(ask(c).status == 200 and seam.read_all(c) == (b"", "closed")
               and c.whole, "kept alive, then idle")
        c = connect(s)
        expect(seam.read_all(c) == (b"", "closed") and c.whole,
               "shaken hands, nothing asked")


def clients_that_end_a_half():
    with server() as s:
        for path, body in ((b"/echo", None), (b"/later?300", b"late\n"),
                           (b"/huge", b"h" * (4 << 20))):
            for bye in (True, False):
                c = connect(s)
                c.sendall(b"GET " + path + b" HTTP/1.1\r\n" + H + b"\r\n")
                if bye:
                    c.shutdown(socket.SHUT_WR)
                else:
                    c.raw.shutdown(socket.SHUT_WR)
                data, end = seam.read_all(c)
                a, rest = seam.split_answers(data)
                expect(len(a) == 1 and a[0].status == 200 and not rest and
                       body in (None, a[0].body) and end == "closed",
                       f"{path} {bye}: {a} {rest[:40]} {end}")
    expect(s.counts["held"] == s.counts["released"], s.counts)


def odd_records():
    """Bodies of 200 KiB, in records of all sizes."""
    body = bytes(range(256)) * 800
    head = (b"POST /echo HTTP/1.1\r\n" + H + b"Content-Length: %d\r\n\r\n" %
            len(body))
    rng = random.Random(3)
    v = ssl.TLSVersion
    with server() as s:
        for version in (v.TLSv1_2, v.TLSv1_3):
            for biggest in (40, 1024, 5000, 16384, 70000):
                c = connect(s, only(version))
                data = head + body + GET
                while data:
                    n = min(rng.randrange(1, biggest + 1), len(data))
                    c.sendall(data[:n])
                    data = data[n:]
                a, b = seam.read_answers(c, 2)
                expect(a.json()["body"].encode("latin-1") == body and
                       b.status == 200, f"{version} {biggest}")
        # Records cut by the network, not by the client.
        c = connect(s)
        c.tls.write(head + body)
        data = c.out.read()
        while data:
            n = rng.randrange(1, 4000)
            c.raw.sendall(data[:n])
            data = data[n:]
            time.sleep(0.002)
        expect(len(seam.read_answers(c, 1)[0].json()["body"]) == len(body),
               "cut by the network")


def idle_is_idle():
    """Whatever the cipher adds to a record is not taken for a next request:
    that would have to be whole within head_s."""
    v = ssl.TLSVersion
    kinds = [(v.TLSv1_2, c) for c in (
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-ECDSA-CHACHA20-POLY1305")] + [(v.TLSv1_3, None)]
    with server(head_s=1, idle_s=5) as s:
        held = []
        for version, cipher in kinds:
            c = only(version)
            if cipher:
                c.set_ciphers(cipher)
            t = connect(s, c)
            expect(cipher in (None, t.tls.cipher()[0]), t.tls.cipher())
            for part in (GET, GET * 3 + GET[:9]):
                t.sendall(part)
            seam.read_answers(t, 4)
            t.sendall(GET[9:])
            seam.read_answers(t, 1)
            held.append((t, version, cipher))
        time.sleep(3.2)
        for t, version, cipher in held:
            expect(ask(t).status == 200, f"{version} {cipher}")
        # But one that has begun is not idle.
        t = held[0][0]
        t.sendall(GET + GET[:9])
        data, end = seam.read_all(t)
        a, _ = seam.split_answers(data)
        expect([x.status for x in a] == [200, 408] and t.whole, a)


def a_key_update_amid_data():
    """GnuTLS reports "nothing more" after such a record, though there is."""
    try:
        g = ctypes.CDLL("libgnutls.so.30")
    except OSError:
        return "SKIP no libgnutls.so.30"
    session, cred = ctypes.c_void_p(), ctypes.c_void_p()
    g.gnutls_certificate_allocate_credentials(ctypes.byref(cred))
    g.gnutls_init(ctypes.byref(session), 2)
    g.gnutls_set_default_priority(session)
    g.gnutls_credentials_set(session, 1, cred)
    with server(head_s=5) as s:
        r = raw(s)
        r.settimeout(None)
        g.gnutls_transport_set_int2(session, r.fileno(), r.fileno())
        expect(g.gnutls_handshake(session) == 0, "handshake")
        r.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        parts = GET[:20], GET[20:]
        g.gnutls_record_send(session, parts[0], ctypes.c_size_t(20))
        expect(g.gnutls_session_key_update(session, 0) == 0, "key update")
        g.gnutls_record_send(session, parts[1],
                             ctypes.c_size_t(len(parts[1])))
        r.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)
        room = ctypes.create_string_buffer(4096)
        expect(select.select([r], [], [], PATIENCE)[0], "no answer")
        n = g.gnutls_record_recv(session, room, ctypes.c_size_t(4096))
        expect(room.raw[:max(n, 0)].startswith(b"HTTP/1.1 200"),
               f"{n} {room.raw[:40]}")
        r.close()
    g.gnutls_deinit(session)
    g.gnutls_certificate_free_credentials(cred)
    return None


def renegotiation_is_refused():
    with server() as s:
        p = subprocess.Popen(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{s.tls_port}",
             "-tls1_2"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE)
        p.stdin.write(b"R\n")
        p.stdin.flush()
        p.wait(PATIENCE)        # the server has ended it
        said = p.stderr.read()
        p.stdin.close()
        p.stderr.close()
        _, asked, then = said.partition(b"RENEGOTIATING")
        expect(asked and b"depth=" not in then, said[-300:])
        expect(ask(connect(s)).status == 200, "still alive")


def a_stop_waits_for_no_handshake():
    with server(drain_ms=3000) as s:
        half = raw(s)
        half.sendall(client_hello()[:50])
        done = raw(s)
        done.sendall(client_hello())
        idle, late, silent = (connect(s) for _ in range(3))
        ask(idle)
        late.sendall(b"GET /later?500 HTTP/1.1\r\n" + H + b"\r\n")
        time.sleep(0.3)
        s.begin_stop()
        for c in (idle, silent):
            expect(seam.read_all(c) == (b"", "closed") and c.whole, "idle")
        expect(seam.read_answers(late, 1)[0].closes, "answered")
        for r in (half, done):
            expect(seam.read_all(r)[1] != "open", "a handshake")
        s.process.wait(PATIENCE)
    with server(drain_ms=300) as s:
        kept = connect(s)
        kept.sendall(b"GET /later?1500 HTTP/1.1\r\n" + H + b"\r\n")
        done = raw(s)
        done.sendall(client_hello())
        time.sleep(0.3)
        s.begin_stop()
        expect(seam.read_all(kept)[1] != "open" and not kept.whole,
               "cut off: not a whole end")
        expect(seam.read_all(done)[1] != "open", "a handshake")


def one_cap_for_both():
    with server(per_address=6, connections=600) as s:
        held = [connect(s) for _ in range(3)]
        held += [raw(s, s.plain_port) for _ in range(3)]
        for c in held:
            expect(ask(c).status == 200, "six")
        for port in (s.tls_port, s.plain_port):
            expect(seam.read_all(raw(s, port))[1] != "open", "the seventh")
        held.pop(0).close()

        def again():
            try:
                return ask(connect(s)).status == 200
            except (OSError, AssertionError):
                return False

        expect(seam.wait_until(again), "a place becomes free")


def rss_kib(s):
    status = pathlib.Path(f"/proc/{s.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


def who_waits_costs_little():
    """What a connection needed for its request is given back while it is
    idle."""
    with server() as s:
        held = [connect(s) for _ in range(150)]
        for c in held:
            ask(c, b"GET /big HTTP/1.1\r\n" + H + b"\r\n")
        asked = rss_kib(s)
        time.sleep(3.5)
        given = (asked - rss_kib(s)) / len(held)
        expect(given > 15, f"{given} KiB of a connection's given back")
        for c in held:
            expect(ask(c).status == 200, "and can be used again")


CASES = [old_versions_and_weak_ciphers, application_protocol,
         certificates_by_name, a_reload_is_for_new_connections,
         handshakes_that_never_end, handshakes_that_fail,
         plain_http_where_tls_is_spoken, ends_are_whole,
         clients_that_end_a_half, odd_records, idle_is_idle,
         a_key_update_amid_data, renegotiation_is_refused,
         a_stop_waits_for_no_handshake, one_cap_for_both,
         who_waits_costs_little]


def main():
    tap = seam.Tap()
    wanted = sys.argv[1:]
    for case in CASES:
        if wanted and case.__name__ not in wanted:
            continue
        title = case.__name__.replace("_", " ")
        try:
            problems = []
            skip = case()
            if skip:
                title += f" # {skip}"
        except Exception as e:  # noqa: BLE001
            problems = [f"{type(e).__name__}: {e}"]
        tap.case(title, problems)
    return tap.end()


sys.exit(main())
