#!/usr/bin/env python3
"""kill -9 while lessons come in: none that was thanked for is lost, none is half
there or there twice.

timeout: 400

Clients of Akismet's protocol submit spam and ham without pause; the server is
killed at a random moment and started again on the same directory.  Each start
learns all lessons anew (a model is saved every half minute), so they are few.
  KILLS   how often (15)
"""
import http.client
import os
import random
import sqlite3
import sys
import threading
import time
import urllib.parse

from lib.clients import text_of, whole
from lib.server import Server
from tap import Tap

KILLS = int(os.environ.get("KILLS", "15"))
CLIENTS = 6
THANKS = b"Thanks for making the web a better place."


class Client(threading.Thread):
    """One request at a time until told to stop."""

    def __init__(self, load, number):
        super().__init__(daemon=True)
        self.load, self.number = load, number

    def submit(self, c, n):
        tag = f"{self.load.name}-{self.number}-{n}"
        call = "submit-spam" if n % 2 else "submit-ham"
        body = urllib.parse.urlencode({
            "api_key": self.load.key, "blog": "https://example.com",
            "user_ip": "203.0.113.9", "comment_content": text_of(tag)})
        c.request("POST", f"/1.1/{call}", body, {
            "Content-Type": "application/x-www-form-urlencoded"})
        answer = c.getresponse()
        said = answer.read()
        if answer.status == 200 and said == THANKS:
            self.load.thanked.append((tag, call))
        else:
            self.load.odd.append(f"{answer.status}: {said[:80]!r}")

    def run(self):
        n, c = 0, None
        while not self.load.stop:
            try:
                c = c or http.client.HTTPConnection(
                    "127.0.0.1", self.load.port, timeout=10)
                n += 1
                self.submit(c, n)
            except (OSError, http.client.HTTPException):
                c = None
                time.sleep(0.005)


class Load:
    def __init__(self, port, key, name):
        self.port, self.key, self.name = port, key, name
        self.stop, self.thanked, self.odd = False, [], []
        self.clients = [Client(self, n) for n in range(CLIENTS)]
        for c in self.clients:
            c.start()

    def end(self):
        self.stop = True
        for c in self.clients:
            c.join(15)


def lessons(server):
    """(tag or None, call, text) of each row of the log."""
    db = sqlite3.connect(f"file:{server.data}/taliq.db?mode=ro", uri=True)
    rows = db.execute("SELECT body, to_state FROM feedback").fetchall()
    db.close()
    return [(whole(body), "submit-spam" if to == 2 else "submit-ham", body)
            for body, to in rows]


def compare(server, thanked):
    rows = lessons(server)
    there = {(tag, call) for tag, call, _ in rows}
    lost = [f"{tag} by {call}" for tag, call in thanked
            if (tag, call) not in there]
    strange = [f"not as it was sent: {text[:80]!r}"
               for tag, _, text in rows if tag is None]
    if len(there) != len(rows):
        strange.append(f"{len(rows) - len(there)} rows are there twice")
    return lost, strange


def main():
    tap = Tap()
    seed = int(os.environ.get("SEED", time.time()))
    random.seed(seed)
    tap.note(f"SEED={seed}")
    server = Server()
    key = server.run("key", "add", "--site", "s", "--lessons-per-hour",
                     "1000000000").split()[-1]
    thanked, odd, lost, strange = [], [], [], []
    try:
        for n in range(KILLS):
            server.start(seconds=120)
            load = Load(server.port, key, f"k{n}")
            time.sleep(random.uniform(0.03, 0.2))
            server.kill()
            load.end()
            thanked += load.thanked
            odd += load.odd
            lost, strange = compare(server, thanked)
            if lost or strange:
                break
        server.start(seconds=120)
        lost, strange = compare(server, thanked)
        server.stop()
        problems, sums = server.verify()
    finally:
        server.close()
    tap.note(f"{n + 1} kills; {len(thanked)} thanked for; {sums}")
    tap.case(f"{KILLS} kills: no lesson that was thanked for is lost", lost)
    tap.case("what is in the log is whole, and there once", strange)
    tap.case("the clients were busy", [] if len(thanked) > 5 * KILLS else
             [f"only {len(thanked)} lessons"])
    tap.case("no odd answers", odd[:10])
    tap.case("taliq verify finds nothing", problems)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
