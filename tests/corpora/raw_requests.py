#!/usr/bin/env python3
"""Foreign requests, straight to the socket of the real program: it answers
each or closes, never with an error of its own, and goes on serving.  What
exactly the door lets in is judged in tests/web; here the whole program stands
behind it.

http-llhttp.jsonl, http-garden.jsonl   what parsers fall over
http-crs.jsonl                         attacks on web applications, and
                                       requests that only look like it
"""
import base64
import re
import socket

import corpus

LINE = re.compile(rb"HTTP/1\.[01] (\d{3}) [^\r\n]*\r\n")
# Shown in a page or a header it would be this.
SPLIT = re.compile(rb"^(set-cookie: crlf|x-injected)", re.I | re.M)


def payload(row):
    """The bytes of a row; a Host where there is none, else all end there."""
    if "b64" in row:
        raw = base64.b64decode(row["b64"])
        line, end, rest = raw.partition(b"\r\n")
        if end and b"host:" not in raw.lower():
            return [raw, line + b"\r\nHost: ar.test\r\n" + rest]
        return [raw]
    body = (row.get("data") or "").encode("utf-8", "surrogateescape")
    headers = dict(row["headers"])
    names = {n.lower() for n in headers}
    if body and not names & {"content-length", "transfer-encoding"}:
        headers["Content-Length"] = len(body)
    head = [f"{row['method']} {row['uri']} {row['version']}"]
    head += [f"{n}: {v}" for n, v in headers.items()]
    return [("\r\n".join(head) + "\r\n\r\n").encode(
        "utf-8", "surrogateescape") + body]


def exchange(server, raw):
    """What comes back until the other side closes."""
    out = b""
    with socket.create_connection(("127.0.0.1", server.port), 20) as s:
        s.settimeout(20)
        try:
            s.sendall(raw)
            s.shutdown(socket.SHUT_WR)
            while part := s.recv(65536):
                out += part
        except ConnectionError:
            pass	# it did not read all of it
    return out


def judge(raw, out):
    """None, or what is wrong with this answer."""
    if not out:
        return None
    m = LINE.match(out)
    if not m:
        return f"no HTTP: {out[:80]!r}"
    status = int(m[1])
    if status >= 500 and status not in (501, 505):
        return f"status {status}"
    head = out.split(b"\r\n\r\n", 1)[0]
    if SPLIT.search(head):
        return f"a header of the request's: {head!r}"
    return None


def program(tap, server):
    # A path that these requests often ask for, so that more than 404 runs.
    for slug in "get", "post", "anything":
        server.article(slug)
    server.cli("reload")
    for file in "http-llhttp", "http-garden", "http-crs":
        found = corpus.rows(f"corpora/{file}.jsonl")
        jobs = [raw for r in found for raw in payload(r)]
        got = corpus.side_by_side(
            server, lambda _, raw: exchange(server, raw), jobs, 16)
        wrong = [f"{p}: {raw!r:.200}" for raw, out in zip(jobs, got)
                 if (p := judge(raw, out))]
        silent = sum(not out for out in got)
        tap.case(f"{file}: {len(jobs)} requests, {silent} without an answer",
                 wrong[:20])
    status = sorted({r["state"] for r in corpus.stored(server).values()})
    tap.case("no comment came of it", corpus.different("states", status, []))


corpus.run("requests", program)
