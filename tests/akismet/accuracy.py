#!/usr/bin/env python3
"""Whether clients get over the wire what the filter says on the command line.
TAP.

usage: accuracy.py PORT KEY DATA_DIR PROGRAM SET.jsonl [ROWS]

The first half of the rows is asked of comment-check and of "taliq check", with
the shipped seed; then submitted by its labels, and given to "taliq train"; then
the second half is asked of both.  Each verdict must be the same.  DATA_DIR is
read to see when all lessons are learnt: the key's site may have no others.
"""
import http.client
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse

BLOG, SPAM_FROM = "https://accuracy.example.org/", 0.5
THANKS = b"Thanks for making the web a better place."


class Wire:
    """One connection of a client."""

    def __init__(self, port, key):
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.key = key

    def call(self, path, row):
        form = {"api_key": self.key, "blog": BLOG, "user_ip": "203.0.113.7",
                "blog_lang": row["page_lang"], "comment_content": row["text"],
                "comment_author": row["author"]}
        self.http.request("POST", f"/1.1/{path}", urllib.parse.urlencode(form), {
            "Content-Type": "application/x-www-form-urlencoded"})
        answer = self.http.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {body[:200]}")
        return body

    def is_spam(self, row):
        said = self.call("comment-check", row)
        if said not in (b"true", b"false"):
            raise RuntimeError(f"comment-check: {said[:200]}")
        return said == b"true"

    def teach(self, row):
        said = self.call("submit-" + row["label"], row)
        if said != THANKS:
            raise RuntimeError(f"submit: {said[:200]}")


def read_rows(path, most):
    """Distinct comments, those alike in the eyes of clients taken once: a lesson
    that is the same as one before is not learnt twice."""
    rows, seen = [], set()
    with open(path, encoding="utf-8") as f:
        for line in f:
            r = json.loads(line)
            row = {"text": r["text"].strip(), "label": r["label"],
                   "author": r.get("author", "").strip(), "page_lang": "en"}
            key = row["text"], row["author"]
            if row["text"] and key not in seen and len(rows) < most:
                seen.add(key)
                rows.append(row)
    return rows


def program(exe, rows, *args):
    """Runs a verb on the rows; what it printed."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as f:
        f.writelines(json.dumps(r) + "\n" for r in rows)
        f.flush()
        if args[0] == "check":
            with open(f.name, "rb") as rows_in:
                p = subprocess.run([exe, *args], stdin=rows_in,
                                   capture_output=True)
            good = p.returncode in (0, 1, 2)
        else:
            p = subprocess.run([exe, *args, f.name], capture_output=True)
            good = p.returncode == 0
    if not good:
        raise RuntimeError(f"{args[0]}: {p.stderr.decode()}")
    return p.stdout.decode()


def expected(exe, rows, *model):
    said = program(exe, rows, "check", "--json", *model)
    return [json.loads(line)["spam"] for line in said.splitlines()]


def wait_learnt(data, n):
    """Until the saved model has all n lessons; a server saves after half a
    minute, or when it ends."""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        db = sqlite3.connect(f"file:{data}/taliq.db?mode=ro", uri=True)
        lessons = db.execute("SELECT count(*), max(seq) FROM feedback").fetchone()
        cursor = db.execute("SELECT max(cursor) FROM model").fetchone()
        db.close()
        if lessons == (n, cursor[0]):
            return
        time.sleep(0.05)
    raise RuntimeError(f"not learnt: {lessons} lessons, model at {cursor[0]}")


class Half:
    """Verdicts of both on some rows."""

    def __init__(self, wire, exe, rows, *model):
        wanted = expected(exe, rows, *model)
        got = [wire.is_spam(r) for r in rows]
        self.n = len(rows)
        self.other = [(p, r) for p, s, r in zip(wanted, got, rows)
                      if s != (p >= SPAM_FROM)]
        self.errors = sum(s != (r["label"] == "spam")
                          for s, r in zip(got, rows))
        self.here = sum((p >= SPAM_FROM) != (r["label"] == "spam")
                        for p, r in zip(wanted, rows))

    def tell(self, no, title):
        mark = "not ok" if self.other else "ok"
        print(f"{mark} {no} - {title}: {self.n} verdicts; wrong "
              f"{100 * self.errors / self.n:.2f} % over the wire, "
              f"{100 * self.here / self.n:.2f} % on the command line")
        for p, row in self.other[:5]:
            print(f"# {p} {json.dumps(row)[:300]}")


def both_halves(port, key, data, exe, rows, restart=lambda: None):
    """Both halves' verdicts.  restart: a faster way to have all learnt."""
    first, second = rows[:len(rows) // 2], rows[len(rows) // 2:]
    wire = Wire(port, key)
    before = Half(wire, exe, first)
    for row in first:
        wire.teach(row)
    restart()
    wait_learnt(data, len(first))
    wire = Wire(port, key)
    with tempfile.TemporaryDirectory() as tmp:
        model = f"{tmp}/model"
        program(exe, first, "train", "--model", model)
        return before, Half(wire, exe, second, "--model", model)


def main():
    port, key, data, exe, path = sys.argv[1:6]
    rows = read_rows(path, int(sys.argv[6]) if len(sys.argv) > 6 else 10**9)
    first, second = both_halves(int(port), key, data, exe, rows)
    first.tell(1, "by the seed")
    second.tell(2, "after the lessons")
    print("1..2")
    return bool(first.other or second.other)


if __name__ == "__main__":
    sys.exit(main())
