#!/usr/bin/env python3
"""Two hundred connections at once against a running server: checks, lessons and
account calls, with and without keep-alive, among them malformed and huge
requests and some that break off.  TAP.

usage: soak.py HOST:PORT KEY SECONDS

Every answer must be one that its request allows: nothing is said to be spam or
good that was not asked about, and no connection waits for ever.
"""
import asyncio
import collections
import random
import re
import sys
import time
import urllib.parse

CONNECTIONS = 200
PATIENCE = 30
GUID = re.compile(r"[0-9a-f]{32}")
WORDS = ("the ferry leaves at seven هل تصل العبّارة ربما le café est froid crates "
         "nobody counted http://a.example order now whatsapp 5000 dollars").split()


class Wrong(Exception):
    pass


class Soak:
    def __init__(self, host, port, key):
        self.host, self.port, self.key = host, port, key
        self.counts, self.faults = collections.Counter(), []
        self.guids, self.slowest = set(), 0.0

    def form(self, **fields):
        return urllib.parse.urlencode({
            "api_key": self.key, "blog": "https://soak.example",
            "user_ip": "203.0.113.9", "user_agent": "Mozilla/5.0",
            "comment_author": random.choice(WORDS)} | fields).encode()

    def text(self):
        return " ".join(random.choices(WORDS, k=random.randint(1, 120)))


def post(path, body, close=False, extra=""):
    return (f"POST {path} HTTP/1.1\r\nHost: rest.akismet.com\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"{extra}{'Connection: close' + chr(13) + chr(10) if close else ''}"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


# What a client does once: the bytes, and which (status, body) are right; None
# for a body is any.  True at the end: the server closes afterwards.
def check(s, close):
    return post("/1.1/comment-check", s.form(comment_content=s.text()),
                close), {(200, b"true"), (200, b"false")}, close


def visitor(s, close):
    more = {f"POST_field_{i}": "x" * random.randint(0, 300)
            for i in range(200)}
    more |= {f"HTTP_X_{i}": "y" for i in range(60)}
    return post("/1.1/comment-check", s.form(comment_content=s.text(), **more),
                close), {(200, b"true"), (200, b"false")}, close


def lesson(s, close):
    return post(f"/1.1/submit-{random.choice(['spam', 'ham'])}",
                s.form(comment_content=s.text()), close), {
        (200, b"Thanks for making the web a better place."), (503, None),
        (429, None)}, close


def verify(s, close):
    return post("/1.1/verify-key", s.form(key=s.key), close), {
        (200, b"valid")}, close


def wrong(s, close):
    return post("/1.1/verify-key", s.form(key="0123456789aa"), close), {
        (200, b"invalid"), (429, None)}, close


def usage(s, close):
    return post("/1.2/usage-limit", s.form(), close), {(200, None)}, close


def large(s, close):
    body = s.form(comment_content="") + b"&POST_x=" + b"z" * 900_000
    return post("/1.1/comment-check", body, close), {
        (200, b"true"), (200, b"false")}, close


def huge(_, close):
    return post("/1.1/comment-check", b"x" * 1_100_000), {(413, None)}, True


def nothing(_, close):
    return post("/1.1/comment-check", b"", close), {(200, b"invalid")}, close


def noise(_, close):
    body = random.randbytes(random.randint(1, 3000))
    return post("/1.1/comment-check", body, close), {(200, b"invalid")}, close


def bad_length(_, close):
    return post("/1.1/comment-check", b"a=b", extra="Content-Length: 9\r\n"), {
        (400, None)}, True


def no_http(_, close):
    return b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", {(400, None)}, True


# These may end without an answer: a reset overtakes the refusal of what nobody
# reads, and to what is no HTTP there is none.
SILENT = (huge, no_http)
MIX = (check,) * 40 + (visitor,) * 10 + (lesson,) * 2 + (verify, usage) * 3 + (
    wrong, nothing, noise, large, huge, bad_length, no_http)


async def read_answer(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lines = head.split("\r\n")
    status = int(lines[0].split()[1])
    headers = {n.lower(): v.strip() for n, _, v in
               (line.partition(":") for line in lines[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return status, headers, body


def judge(s, act, right, answer):
    status, headers, body = answer
    if (status, body) not in right and (status, None) not in right:
        raise Wrong(f"{act.__name__}: {status} {body[:80]!r}")
    if any(h.startswith("x-akismet-alert") for h in headers):
        raise Wrong(f"{act.__name__}: an alert")
    verdict = body in (b"true", b"false")
    guid = headers.get("x-akismet-guid")
    if verdict != (guid is not None):
        raise Wrong(f"{act.__name__}: {body!r} with guid {guid}")
    if verdict and (not GUID.fullmatch(guid) or guid in s.guids):
        raise Wrong(f"guid {guid}")
    if verdict:
        s.guids.add(guid)
        s.counts["verdicts"] += 1
    if status in (429, 503) and "retry-after" not in headers:
        raise Wrong(f"{act.__name__}: {status} without a time")
    s.counts[status] += 1


async def one(s, reader, writer, act, close):
    data, right, closes = act(s, close)
    started = time.monotonic()
    writer.write(data)
    try:
        await writer.drain()
    except ConnectionError:
        if act not in SILENT:
            raise
    try:
        judge(s, act, right, await read_answer(reader))
    except (ConnectionError, asyncio.IncompleteReadError) as e:
        if act not in SILENT:
            raise Wrong(f"{act.__name__}: {type(e).__name__}")
        s.counts["silence"] += 1
    s.slowest = max(s.slowest, time.monotonic() - started)
    if closes and await reader.read(1):
        raise Wrong(f"{act.__name__}: more after the end")
    return closes


async def session(s, keep):
    """One connection: some requests, or one, or a part of one."""
    reader, writer = await asyncio.open_connection(s.host, s.port)
    try:
        if random.random() < 0.02:
            data = check(s, True)[0]
            writer.write(data[:random.randint(0, len(data) - 1)])
            await writer.drain()
            s.counts["broken off"] += 1
            return
        for _ in range(random.randint(5, 60) if keep else 1):
            act = random.choice(MIX)
            if await asyncio.wait_for(one(s, reader, writer, act, not keep),
                                      PATIENCE):
                return
    finally:
        writer.close()


async def client(s, number, end):
    while time.monotonic() < end and len(s.faults) < 20:
        try:
            await session(s, number % 2 == 0)
            s.counts["connections"] += 1
        except Wrong as e:
            s.faults.append(str(e))
        except asyncio.TimeoutError:
            s.faults.append(f"no answer in {PATIENCE} s")
        except OSError as e:
            s.faults.append(f"{type(e).__name__}: {e}")


async def soak(s, seconds):
    end = time.monotonic() + seconds
    await asyncio.gather(*(client(s, n, end) for n in range(CONNECTIONS)))


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    host, port = sys.argv[1].rsplit(":", 1)
    s, seconds = Soak(host, int(port), sys.argv[2]), float(sys.argv[3])
    asyncio.run(soak(s, seconds))
    print(f"# {seconds:.0f} s, slowest answer {s.slowest * 1000:.0f} ms: "
          f"{dict(s.counts)}")
    print(f"verdicts {s.counts['verdicts']}")
    print(f"{'not ok' if s.faults else 'ok'} 1 - every answer was a right one")
    for fault in s.faults[:20]:
        print(f"# {fault}")
    enough = s.counts["verdicts"] > CONNECTIONS
    print(f"{'ok' if enough else 'not ok'} 2 - and there were many")
    return 0 if enough and not s.faults else 1


if __name__ == "__main__":
    sys.exit(main())
