"""Foreign requests: each payload is read as a strict reader reads it, or
refused with the connection closed; see seam.judge.

http-llhttp.jsonl   what a parser's own tests are made of
http-garden.jsonl   payloads on which real servers disagreed
http-crs.jsonl      requests to a web application firewall; what is strictly
                    formed must come in, attack or not: judging is not the
                    door's affair"""
import base64
import json
import sys

import seam


def rows(name):
    path = seam.shared(f"corpora/{name}.jsonl")
    if path is None:
        return None
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def payload(row):
    if "b64" in row:
        return base64.b64decode(row["b64"])
    body = (row.get("data") or "").encode("utf-8", "surrogateescape")
    lines = [f"{row['method']} {row['uri']} {row['version']}"]
    headers = dict(row["headers"])
    names = {n.lower() for n in headers}
    if body and not names & {"content-length", "transfer-encoding"}:
        headers["Content-Length"] = len(body)
    lines += [f"{n}: {v}" for n, v in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode(
        "utf-8", "surrogateescape") + body


def with_host(raw):
    """Most of the payloads have no Host and would all end there."""
    line, end, rest = raw.partition(b"\r\n")
    if not end or b"host:" in raw.lower():
        return raw
    return line + b"\r\nHost: a\r\n" + rest


def too_big(r):
    fields = sum(len(n) + len(v) + 4 for n, v in r.fields)
    return len(r.target) > 8192 or fields > 16384 or len(r.fields) > 100 or \
        r.target.count(b"&") > 150


def refused_wrongly(raw, answers):
    """A strictly formed first request must not be refused."""
    requests, _, _ = seam.read_strictly(raw)
    if not requests or requests[0].loose or too_big(requests[0]):
        return None
    if not answers or answers[0].status >= 400:
        return f"a good request got {answers}"
    return None


def run(tap, server, name, change):
    found = rows(name)
    title = name if change is None else name + ", given a Host"
    if found is None:
        tap.skip(title, "no shared data")
        return

    def one(row):
        raw = payload(row) if change is None else change(payload(row))
        answers, rest, end = seam.ask(server, raw)
        problem = seam.judge(raw, answers, rest, end) or \
            refused_wrongly(raw, answers)
        return raw, answers, problem

    problems, read, refused, silent = [], 0, 0, 0
    for i, (raw, answers, problem) in enumerate(
            seam.side_by_side(one, found)):
        if problem:
            problems.append(f"row {i}: {problem}: {raw!r:.300}")
        read += sum(a.status < 400 for a in answers)
        refused += any(a.status >= 400 for a in answers)
        silent += not answers
    tap.case(f"{title}: {len(found)} payloads", problems[:20])
    tap.note(f"{title}: {read} requests read, {refused} payloads refused, "
             f"{silent} closed without an answer")


def main():
    tap = seam.Tap()
    with seam.Server() as server:
        for name in ("http-llhttp", "http-garden"):
            run(tap, server, name, None)
            run(tap, server, name, with_host)
        run(tap, server, "http-crs", None)
    tap.case("the server came down clean", [])
    return tap.end()


sys.exit(main())
