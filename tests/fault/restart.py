#!/usr/bin/env python3
"""A stop by SIGTERM under load: what runs is finished, nothing is lost.

timeout: 300

48 clients post and 16 read while the server is told to stop, twenty times.
Every answer that was begun comes whole; what was stored was acknowledged, so
that nobody posts it again; the server ends by itself with status 0.
  STOPS   how often (20)
"""
import os
import random
import signal
import sys
import time

from lib.clients import Load, text_of, whole
from lib.server import Server
from tap import Tap

STOPS = int(os.environ.get("STOPS", "20"))


def stop_once(server, load, status):
    """Load, SIGTERM in the midst of it, and the seconds until the end."""
    server.start()
    load.run(random.uniform(0.3, 0.8))
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    while server.process.poll() is None and time.monotonic() < began + 20:
        load.run(0.02)
    status.append(server.wait_end(1))
    took = time.monotonic() - began
    load.drain()
    return took


def main():
    tap, took, status = Tap(), [], []
    random.seed(int(os.environ.get("SEED", "2")))
    server = Server()
    load = Load(server.port, 48, readers=16)
    try:
        for _ in range(STOPS):
            took.append(stop_once(server, load, status))
        rows = dict(server.rows())
        problems, sums = server.verify()
    finally:
        server.close()
    lost = [f"comment {row} ({tag}) is {rows.get(row, 'not there')!r:.80}"
            for row, tag in load.acked.items() if rows.get(row) != text_of(tag)]
    untold = [f"comment {row} was stored, its client never heard of it"
              for row in rows if row not in load.acked]
    tap.note(f"{len(load.acked)} acknowledged, {load.answers} answers, "
             f"{load.unanswered} requests came too late for one; slowest stop "
             f"{max(took):.2f} s; {sums}")
    tap.case(f"{STOPS} stops: nothing acknowledged is lost", lost[:20])
    tap.case("what is stored is whole",
             [f"comment {r}: {t!r:.80}" for r, t in rows.items()
              if whole(t) is None][:20])
    tap.case("what is stored was acknowledged", untold[:20])
    tap.case("no answer is cut in two",
             [f"{load.half} were"] if load.half else [])
    tap.case("no odd answers", load.odd[:10])
    tap.case("the clients were busy", [] if len(load.acked) > 50 * STOPS else
             [f"only {len(load.acked)} posts"])
    tap.case("the server ends by itself with status 0",
             [f"stop {n}: {s}" for n, s in enumerate(status) if s != 0])
    tap.case("taliq verify finds nothing", problems)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
