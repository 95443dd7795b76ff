#!/usr/bin/env python3
"""Replays the case table over raw sockets.  TAP.

usage: cases.py HOST:PORT KEY

Marks in a request: {K} the key, {KU} the same in capitals, {X} a well-formed key
that nobody has, {M} this month (UTC), {A} = api_key, blog and user_ip.  A case
is id, title, src (what it rests on) and steps; a step is a request and what is
expected of its answer: status, body (exact), re or json (a subset, or types), h
(headers: exact, or /re/), noh (headers that must be absent), close (the
connection ends), guid_unique.  Steps share one connection when "share" is true.
"""
import datetime
import json
import re
import sys
from pathlib import Path

from wire import Connection, request

TYPES = {
    "int": lambda v: type(v) is int, "str": lambda v: isinstance(v, str),
    "bool": lambda v: isinstance(v, bool),
    "list": lambda v: isinstance(v, list),
    "obj": lambda v: isinstance(v, dict),
    "posint": lambda v: type(v) is int and v > 0,
}


class Table:
    def __init__(self, key):
        now = datetime.datetime.now(datetime.timezone.utc)
        self.marks = {"{KU}": key.upper(), "{K}": key, "{X}": "0123456789aa",
                      "{M}": now.strftime("%Y-%m"),
                      "{A}": f"api_key={key}&blog=https%3A%2F%2Fexample.com"
                             "&user_ip=203.0.113.7"}

    def fill(self, s):
        for mark, value in self.marks.items():
            s = s.replace(mark, value)
        return s

    def bytes_of(self, step):
        if "raw" in step:
            return self.fill(step["raw"]).encode("latin-1")
        body = self.fill(step.get("body", "")).encode("latin-1")
        if "pad" in step:
            body += step["pad"][0].encode() * step["pad"][1]
        headers = dict(step.get("hdr", {}))
        if "ct" in step:
            headers["Content-Type"] = step["ct"]
        return request(self.fill(step["path"]), body, step.get("m", "POST"),
                       self.fill(step.get("host", "rest.akismet.com")),
                       step.get("v", "1.1"), headers)

    def json_faults(self, want, got, where="answer"):
        if isinstance(want, str) and want.startswith("type:"):
            kinds = want[5:].split("|")
            if not any(TYPES[k](got) if k in TYPES else str(got) == k
                       for k in kinds):
                yield f"{where}: {got!r} is not {want}"
        elif isinstance(want, str) and want.startswith("re:"):
            if not isinstance(got, str) or not re.fullmatch(want[3:], got):
                yield f"{where}: {got!r} does not match {want}"
        elif isinstance(want, dict):
            for name, value in want.items():
                name = self.fill(name)
                if not isinstance(got, dict) or name not in got:
                    yield f"{where}.{name} is missing"
                else:
                    yield from self.json_faults(value, got[name],
                                                f"{where}.{name}")
        elif want != got or type(want) is not type(got):
            yield f"{where}: {got!r}, not {want!r}"

    def body_faults(self, want, body):
        text = body.decode("latin-1")
        if "body" in want and text != self.fill(want["body"]):
            yield f"body {text[:120]!r}, not {want['body']!r}"
        if "re" in want and not re.fullmatch(self.fill(want["re"]), text,
                                             re.S):
            yield f"body {text[:120]!r} does not match {want['re']}"
        if "json" in want:
            try:
                yield from self.json_faults(want["json"], json.loads(body))
            except ValueError:
                yield f"no JSON: {text[:60]!r}"

    def faults(self, want, got):
        if got.status != want.get("status", 200):
            yield f"status {got.status}"
        yield from self.body_faults(want, got.body)
        for name, value in want.get("h", {}).items():
            have = got.headers.get(name.lower(), [])
            if len(have) != 1:
                yield f"header {name}: {len(have)} times"
            elif value.startswith("/"):
                if not re.fullmatch(value[1:-1], have[0], re.I):
                    yield f"header {name}: {have[0]!r}"
            elif have[0] != value:
                yield f"header {name}: {have[0]!r}, not {value!r}"
        for name in want.get("noh", []):
            name = name.lower()
            for have in got.headers:
                if have == name or name.endswith("*") and \
                        have.startswith(name[:-1]):
                    yield f"header {have} is there"

    def run(self, case, host, port):
        seen, c = set(), None
        for step in case["steps"]:
            if c is None or not case.get("share"):
                c = Connection(host, port)
            c.send(self.bytes_of(step))
            wanted = step["expect"]
            for want in wanted if isinstance(wanted, list) else [wanted]:
                got = c.answer()
                yield from self.faults(want, got)
                guid = got.header("X-akismet-guid")
                if want.get("guid_unique") and (guid is None or guid in seen):
                    yield "the guid is not new"
                seen.add(guid)
                if want.get("close") and not c.is_closed():
                    yield "the connection was left open"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    host, port = sys.argv[1].rsplit(":", 1)
    table = Table(sys.argv[2])
    cases = json.loads((Path(__file__).parent / "cases.json").read_text())
    failed = 0
    print(f"1..{len(cases)}")
    for n, case in enumerate(cases, 1):
        try:
            faults = list(table.run(case, host, int(port)))
        except (OSError, EOFError, ValueError) as e:
            faults = [f"{type(e).__name__}: {e}"]
        failed += bool(faults)
        print(f"{'not ok' if faults else 'ok'} {n} - {case['id']} "
              f"{case['title']}")
        for fault in faults:
            print(f"# {fault}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
