"""Connections: reuse, pipelining, time-outs, caps, slow and vanishing clients,
and a stop that loses nothing that was acknowledged."""
import concurrent.futures
import random
import socket
import sys
import threading
import time

import seam

H = b"Host: a\r\n"
ECHO = b"GET /echo HTTP/1.1\r\n" + H + b"\r\n"


def get(path, *more):
    return b"GET " + path + b" HTTP/1.1\r\n" + H + b"".join(
        m + b"\r\n" for m in more) + b"\r\n"


def expect(condition, text):
    if not condition:
        raise AssertionError(text)


def kept_alive_and_pipelined():
    with seam.Server() as server:
        s = server.connect()
        for path in (b"/big", b"/pieces", b"/later?5", b"/status?404"):
            s.sendall(get(path))
            seam.read_answers(s, 1)
        s.sendall(get(b"/big") * 50)
        expect([len(a.body) for a in seam.read_answers(s, 50)] ==
               [12288] * 50, "fifty pipelined pages")
        s.sendall(b"POST /a HTTP/1.1\r\n" + H + b"Content-Length: 3\r\n\r\nabc"
                  + get(b"/b") + get(b"/later?10") + get(b"/c"))
        a, b, late, c = seam.read_answers(s, 4)
        expect((a.json()["body"], b.json()["path"], late.body,
                c.json()["path"]) == ("abc", "/b", b"late\n", "/c"), "order")
        s.sendall(get(b"/big", b"Connection: close"))
        data, end = seam.read_all(s)
        expect(end == "closed" and b"Connection: close" in data, "close")
        s = server.connect()
        s.sendall(b"GET /echo HTTP/1.0\r\n\r\n")
        expect(seam.read_all(s)[1] == "closed", "HTTP/1.0 closes")
        s = server.connect()
        s.sendall(b"GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        seam.read_answers(s, 1)
        s.sendall(ECHO)
        seam.read_answers(s, 1)


def bodies_are_left_out_where_they_must():
    with seam.Server() as server:
        s = server.connect()
        head = b"HEAD /pieces HTTP/1.1\r\n" + H + b"\r\n"
        s.sendall(head + get(b"/status?204") + get(b"/status?304") + ECHO)
        a, b, c, d = seam.read_answers(s, 4, ("HEAD",))
        expect((a.status, a.headers["content-length"], a.body) ==
               (200, "14", b""), "HEAD")
        expect((b.status, b.body, "content-length" in b.headers) ==
               (204, b"", False), "204")
        expect((c.status, c.body, c.headers["etag"]) == (304, b"", '"1"'),
               "304")
        expect(d.status == 200, "what follows them")
        expect("server" not in d.headers, "no banner")
        s.sendall(get(b"/status?99"))
        expect(seam.read_answers(s, 1)[0].status == 500, "no such status")


def expect_continue():
    with seam.Server() as server:
        s = server.connect()
        s.sendall(b"POST /echo HTTP/1.1\r\n" + H + b"Content-Length: 5\r\n"
                  b"Expect: 100-continue\r\n\r\n")
        expect(s.recv(100).startswith(b"HTTP/1.1 100 "), "100")
        s.sendall(b"hello")
        expect(seam.read_answers(s, 1)[0].json()["body"] == "hello", "body")
        s.sendall(b"POST /echo HTTP/1.1\r\n" + H + b"Content-Length: 999999"
                  b"\r\nExpect: 100-continue\r\n\r\n")
        data, end = seam.read_all(s)
        expect(data.startswith(b"HTTP/1.1 413 ") and end == "closed",
               f"413 instead of 100: {data!r}")


def slow_heads_time_out():
    with seam.Server(head_s=1, idle_s=60) as server:
        begin = time.monotonic()
        fresh, silent, kept = (server.connect() for _ in range(3))
        kept.sendall(ECHO)
        seam.read_answers(kept, 1)
        ended = {}

        def drip(name, s):
            try:
                for byte in ECHO[:-1] * 100:
                    s.sendall(bytes([byte]))
                    time.sleep(0.05)
            except OSError:
                pass

        drips = [threading.Thread(target=drip, args=item, daemon=True)
                 for item in (("fresh", fresh), ("kept", kept))]
        for t in drips:
            t.start()
        for name, s in (("fresh", fresh), ("silent", silent),
                        ("kept", kept)):
            ended[name] = (seam.read_all(s, 8)[0][:12],
                           time.monotonic() - begin)
        for t in drips:
            t.join()
        expect(ended["fresh"][0] == b"HTTP/1.1 408", ended)
        expect(ended["kept"][0] == b"HTTP/1.1 408", ended)
        expect(ended["silent"][0] == b"", ended)
        expect(all(0.9 < t < 6 for _, t in ended.values()), ended)


def idle_connections_end():
    with seam.Server(head_s=5, idle_s=1) as server:
        s = server.connect()
        s.sendall(ECHO)
        seam.read_answers(s, 1)
        begin = time.monotonic()
        expect(seam.read_all(s, 8) == (b"", "closed"), "silent end")
        expect(0.9 < time.monotonic() - begin < 5, "in time")


def slow_bodies_time_out():
    """Five seconds of grace, then 500 bytes a second."""
    with seam.Server() as server:
        slow, good = server.connect(), server.connect()
        head = b"POST /echo HTTP/1.1\r\n" + H + b"Content-Length: 9000\r\n\r\n"
        slow.sendall(head)
        good.sendall(head)
        begin = time.monotonic()
        data = b""
        slow.settimeout(0.01)
        sent = 0
        while time.monotonic() - begin < 12:
            if sent < 9000:
                good.sendall(b"x" * 100)
                sent += 100
            try:
                slow.sendall(b"x")
                data += slow.recv(1000)
                if data:
                    break
            except socket.timeout:
                pass
            time.sleep(0.1)
        took = time.monotonic() - begin
        expect(data.startswith(b"HTTP/1.1 408") and 5 < took < 9,
               f"{data!r} after {took}")
        good.sendall(b"x" * (9000 - sent))
        expect(seam.read_answers(good, 1)[0].status == 200, "the good one")


def unread_answers_time_out():
    with seam.Server(idle_s=2) as server:
        s = server.connect(receive_buffer=4096)
        s.sendall(get(b"/huge"))
        slow = server.connect(receive_buffer=4096)
        slow.sendall(get(b"/huge"))
        begin = time.monotonic()
        got = 0
        while time.monotonic() - begin < 6:
            got += len(slow.recv(20000))
            time.sleep(0.1)
        data, end = seam.read_all(slow)
        expect(got + len(data) > 4 << 20 and end == "open" or
               got + len(data) > 4 << 20, "who reads slowly gets all")
        data, end = seam.read_all(s)
        expect(len(data) < 4 << 20 and end != "open",
               f"who does not read: {len(data)} {end}")
    expect(server.counts["held"] == server.counts["released"], "released")


def caps():
    with seam.Server(per_address=50, connections=600) as server:
        held = [server.connect() for _ in range(50)]
        for s in held:
            s.sendall(ECHO)
            seam.read_answers(s, 1)
        extra = server.connect()
        expect(seam.read_all(extra)[1] != "open", "the 51st is closed")
        held.pop().close()

        def again():
            s = server.connect()
            try:
                s.sendall(ECHO)
                return s.recv(12) == b"HTTP/1.1 200"
            except OSError:
                return False

        expect(seam.wait_until(again), "a place becomes free")
    # So many handshakes may take longer than a head has.
    with seam.Server(per_address=0, connections=600, threads=2,
                     head_s=60) as server:
        held = [server.connect() for _ in range(600)]
        for s in held:
            s.sendall(ECHO)
        for s in held:
            seam.read_answers(s, 1)
        extra = server.connect()
        expect(seam.read_all(extra)[1] != "open", "the 601st is closed")
        for s in held:
            s.sendall(get(b"/big"))
        for s in held:
            seam.read_answers(s, 1)


def caps_of_ipv6_households():
    with seam.Server(listen="[::1]:0", per_address=3) as server:
        held = [server.connect("::1") for _ in range(3)]
        for s in held:
            s.sendall(ECHO)
            expect(seam.read_answers(s, 1)[0].json()["peer"] == "::1", "v6")
        expect(seam.read_all(server.connect("::1"))[1] != "open", "the 4th")


def many_at_once_with_one_thread():
    """512 connections that all speak at the same moment: a multiple of 128
    must not stall."""
    with seam.Server(threads=1) as server:
        held = [server.connect() for _ in range(512)]
        begin = time.monotonic()
        for _ in range(10):
            for s in held:
                s.sendall(get(b"/big"))
            for s in held:
                seam.read_answers(s, 1)
        took = time.monotonic() - begin
        expect(took < 15, f"5,120 requests took {took:.1f} s")


def forwarded_addresses():
    head = [b"X-Forwarded-For: 1.2.3.4, 198.51.100.7",
            b"X-Forwarded-Proto: https"]
    with seam.Server() as server:
        s = server.connect()
        s.sendall(get(b"/", *head))
        a = seam.read_answers(s, 1)[0].json()
        expect((a["client"], a["https"]) == ("127.0.0.1", seam.TLS), a)
    with seam.Server(trusted="127.0.0.1/32,10.0.0.0/8",
                     per_address=1) as server:
        held = [server.connect() for _ in range(5)]
        for s in held:
            s.sendall(get(b"/", *head))
            a = seam.read_answers(s, 1)[0].json()
            expect((a["peer"], a["client"], a["https"]) ==
                   ("127.0.0.1", "198.51.100.7", True), a)
        s.sendall(get(b"/", b"X-Forwarded-For: " + b"1.2.3.4, " * 4000))
        expect(seam.read_all(s)[0][9:12] == b"431", "too long a list")
        s = server.connect()
        s.sendall(get(b"/", b"X-Forwarded-For: 1.2.3.4\rX-Evil: 1"))
        expect(seam.read_all(s)[0][9:12] == b"400", "a line end in it")


def clients_vanish():
    """While an answer is being made, sent, or asked for."""
    with seam.Server() as server:
        rng = random.Random(1)

        def vanish(i):
            s = server.connect()
            raw = rng.choice([get(b"/later?30"), get(b"/huge"), ECHO[:20],
                              b"POST /echo HTTP/1.1\r\n" + H +
                              b"Content-Length: 1000\r\n\r\nabc",
                              get(b"/later?20") * 3])
            s.sendall(raw)
            if i % 3 == 0:      # reset instead of an orderly end
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                             b"\1\0\0\0\0\0\0\0")
            if i % 2 == 0:
                time.sleep(rng.random() * 0.04)
            s.close()

        seam.side_by_side(vanish, range(400))
        s = server.connect()
        s.sendall(ECHO)
        expect(seam.read_answers(s, 1)[0].status == 200, "still alive")
    expect(server.counts["held"] == server.counts["released"],
           server.counts)


def stop_answers_what_is_in_flight():
    with seam.Server(drain_ms=5000) as server:
        post, idle, *late = [server.connect() for _ in range(42)]
        post.sendall(b"POST /echo HTTP/1.1\r\n" + H +
                     b"Content-Length: 5\r\n\r\nhe")
        idle.sendall(ECHO)
        seam.read_answers(idle, 1)
        for i, s in enumerate(late):
            s.sendall(get(b"/later?%d" % (300 + 11 * i)))
        time.sleep(0.1)
        begin = time.monotonic()
        server.begin_stop()
        expect(seam.read_all(idle) == (b"", "closed"), "idle ones end")
        expect(time.monotonic() - begin < 1, "at once")
        post.sendall(b"llo")
        for s in late + [post]:
            data, end = seam.read_all(s)
            a, rest = seam.split_answers(data)
            expect(len(a) == 1 and a[0].status == 200 and a[0].closes and
                   end == "closed", f"{data!r} {end}")
        try:
            server.connect().close()
            raise AssertionError("still accepts")
        except ConnectionRefusedError:
            pass
        server.process.wait(10)
        expect(time.monotonic() - begin < 3, "no longer than needed")


def stop_does_not_wait_for_ever():
    with seam.Server(drain_ms=300) as server:
        kept, filled = server.connect(), server.connect()
        kept.sendall(get(b"/later?1500"))
        filled.sendall(get(b"/later?1501"))
        stuck = server.connect(receive_buffer=4096)
        stuck.sendall(get(b"/huge"))
        slow = server.connect()
        slow.sendall(ECHO[:30])
        time.sleep(0.2)
        begin = time.monotonic()
        server.begin_stop()
        for s in (kept, filled, slow):
            expect(seam.read_all(s)[1] != "open", "cut off")
        expect(time.monotonic() - begin < 1.2, "in time")
    expect(server.counts["held"] == server.counts["released"],
           server.counts)


def stop_under_load():
    """Every answer that a client began to read is whole."""
    for _ in range(3):
        with seam.Server(drain_ms=5000) as server:
            broken = []

            def client(i):
                try:
                    s = server.connect()
                    while True:
                        s.sendall(get(b"/big" if i % 2 else b"/later?1"))
                        data = b""
                        while not seam.split_answers(data)[0]:
                            more = s.recv(1 << 16)
                            if not more:
                                if data:
                                    broken.append(data[:200])
                                return
                            data += more
                        if seam.split_answers(data)[0][0].closes:
                            return
                except OSError:
                    return

            threads = [threading.Thread(target=client, args=(i,))
                       for i in range(32)]
            for t in threads:
                t.start()
            time.sleep(0.3)
            server.begin_stop()
            for t in threads:
                t.join()
        expect(not broken, broken)


# Each has a server of its own; the first few only wait, so they do it together.
WAITING = [slow_heads_time_out, idle_connections_end, slow_bodies_time_out,
           unread_answers_time_out]
CASES = [kept_alive_and_pipelined, bodies_are_left_out_where_they_must,
         expect_continue, caps, caps_of_ipv6_households,
         many_at_once_with_one_thread, forwarded_addresses, clients_vanish,
         stop_answers_what_is_in_flight, stop_does_not_wait_for_ever,
         stop_under_load]


def problems_of(case):
    try:
        case()
    except Exception as e:  # noqa: BLE001
        return [f"{type(e).__name__}: {e}"]
    return []


def main():
    tap = seam.Tap()
    wanted = sys.argv[1:]
    chosen = [[c for c in cases if not wanted or c.__name__ in wanted]
              for cases in (WAITING, CASES)]
    with concurrent.futures.ThreadPoolExecutor(len(WAITING)) as pool:
        found = list(pool.map(problems_of, chosen[0]))
    found += map(problems_of, chosen[1])
    for case, problems in zip(sum(chosen, []), found):
        tap.case(case.__name__.replace("_", " "), problems)
    return tap.end()


sys.exit(main())
