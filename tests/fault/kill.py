#!/usr/bin/env python3
"""kill -9 under load: no acknowledged comment is lost, none is half there.

timeout: 400

64 clients post without pause; the server is killed at a random moment, started
again on the same data directory, and everything acknowledged so far is looked
up.  Every tenth time the next kill comes while it is still starting.
  KILLS   how often (200)
"""
import os
import random
import sys
import time

from lib.clients import Load, text_of, whole
from lib.server import Server
from tap import Tap

KILLS = int(os.environ.get("KILLS", "200"))
CLIENTS = 64
FULL_CHECKS = 200	# with more kills, all is looked up every so often only


class Checker:
    """Compares the store with what was acknowledged and with what can have
    been sent."""

    def __init__(self, server, load):
        self.server, self.load = server, load
        self.upto, self.tags = 0, {}
        self.lost, self.strange = [], []

    def new_rows(self, rows):
        """Rows not seen before: whole texts, each sent once."""
        for row, text in rows:
            tag = whole(text)
            if tag is None:
                self.strange.append(f"comment {row} is not as it was sent: "
                                    f"{text[:80]!r}")
            elif tag in self.tags:
                self.strange.append(f"comments {self.tags[tag]} and {row} are "
                                    f"the same {tag}")
            else:
                self.tags[tag] = row
        if rows:
            self.upto = rows[-1][0]

    def check(self, everything):
        after = 0 if everything else self.upto
        rows = dict(self.server.rows(after))
        for row, tag in self.load.acked.items():
            if row > after and rows.get(row) != text_of(tag):
                self.lost.append(f"comment {row} ({tag}) is "
                                 f"{rows.get(row, 'not there')!r:.80}")
        self.new_rows([r for r in rows.items() if r[0] > self.upto])
        return not self.lost and not self.strange


def kill_once(server, load, n):
    """A kill under load, then a start; the start's seconds."""
    load.run(random.uniform(0.02, 0.25))
    server.kill()
    load.drain()
    if n % 10 == 9:
        server.spawn()
        time.sleep(random.uniform(0, 0.03))
        server.kill()
    return server.start()


def read_back(server, load):
    """A sample through the API: what a reader would get."""
    some = random.sample(sorted(load.acked), min(50, len(load.acked)))
    for row in some:
        status, _, body = server.request("GET", f"/api/v1/comments/{row}")
        sum_at_end = text_of(load.acked[row])[-12:]
        if status != 200 or sum_at_end not in body:
            yield f"comment {row}: {status} {body[:80]!r}"


def main():
    tap, starts = Tap(), []
    seed = int(os.environ.get("SEED", time.time()))
    random.seed(seed)
    tap.note(f"SEED={seed}")
    server = Server()
    load = Load(server.port, CLIENTS)
    checker = Checker(server, load)
    began = time.monotonic()
    try:
        starts.append(server.start())
        for n in range(KILLS):
            starts.append(kill_once(server, load, n))
            step = max(KILLS // FULL_CHECKS, 1)
            if not checker.check(n % step == 0):
                tap.note(f"stopped after {n + 1} kills")
                break
        checker.check(True)
        read = list(read_back(server, load))
        server.stop()
        problems, sums = server.verify()
    finally:
        server.close()
    tap.note(f"{n + 1} kills in {time.monotonic() - began:.0f} s; "
             f"{len(load.acked)} acknowledged, {len(checker.tags)} stored; "
             f"slowest start {max(starts) * 1000:.0f} ms; {sums}")
    tap.case(f"{KILLS} kills: nothing acknowledged is lost", checker.lost[:20])
    tap.case("what is stored is whole, as it was sent, and there once",
             checker.strange[:20])
    tap.case("the clients were busy", [] if len(load.acked) > 20 * KILLS else
             [f"only {len(load.acked)} posts in {KILLS} rounds"])
    tap.case("no odd answers", load.odd[:10])
    tap.case("comments are read back through the API", read)
    tap.case("taliq verify finds nothing", problems)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
