#!/usr/bin/env python3
"""System calls that fail: the n-th fdatasync, pwrite64 or ftruncate says EIO,
once or from then on.

timeout: 300

Each post is acknowledged or refused with 503, none hangs; after a single fault
writing goes on by itself, under a lasting one reading does; what was
acknowledged is there after the next start.  A fault at the start may stop it,
with a reason.
  FAULTS_TO   every n from 1 to this, for a long run
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

from lib.clients import text_of, whole
from lib.server import NotReady, Server
from tap import Tap

JSON = {"Content-Type": "application/json"}
POSTS, HANG_S = 6, 5


def plan():
    """(call, n, lasting): a commit is one fdatasync and some 25 pwrite64."""
    upto = int(os.environ.get("FAULTS_TO", "0"))
    some = {"fdatasync": (1, 2, 5, 8), "ftruncate": (1, 2),
            "pwrite64": (1, 2, 24, 47, 80, 250)}
    for call, at in some.items():
        for n in range(1, upto + 1) if upto else at:
            yield call, n, False
        for n in range(1, upto + 1, 7) if upto else at[:2]:
            yield call, n, True


def fault(call, n, lasting):
    when = f"{n}+" if lasting else n
    return ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}",
            "-e", f"inject={call}:error=EIO:when={when}"]


def traced(pid):
    """Whether each thread of a process has its tracer."""
    for status in pathlib.Path(f"/proc/{pid}/task").glob("*/status"):
        if "TracerPid:\t0\n" in status.read_text():
            return False
    return True


class Trial:
    """All faults, one after the other, on one data directory."""

    def __init__(self, server):
        self.server, self.n, self.acked = server, 0, {}
        self.refused = self.no_starts = 0

    def post(self):
        """201, 503, or what else came of it."""
        self.n += 1
        tag = f"e-0-{self.n}"
        body = json.dumps({"site": "s", "page": "/p/1", "name": "A",
                           "text": text_of(tag)})
        try:
            status, _, said = self.server.request(
                "POST", "/api/v1/comments", body, JSON, HANG_S)
        except OSError as e:
            return f"{type(e).__name__} {e}"
        if status == 201:
            self.acked[json.loads(said)["id"]] = tag
        return status

    def posts(self, lasting):
        """Two rounds with a pause in which the server tidies its log."""
        said = [self.post() for _ in range(POSTS)]
        time.sleep(1.2)
        said += [self.post() for _ in range(POSTS)]
        self.refused += said.count(503)
        if not set(said) <= {201, 503}:
            yield f"answers {said}"
        if not lasting and said[-1] != 201 and self.post() != 201:
            yield f"writing did not go on: {said}"
        if said.count(503) > 1 and not lasting:
            yield f"one fault, but {said}"

    def read(self):
        for path in (f"/threads?site=s&page=/p/1&sort=oldest&reply={self.n}",
                     "/api/v1/threads?site=s&page=/p/1", "/healthz"):
            status = self.server.request("GET", path, seconds=HANG_S)[0]
            if status != 200:
                yield f"reading {path}: {status}"

    def check(self):
        rows = dict(self.server.rows())
        for row, tag in self.acked.items():
            if rows.get(row) != text_of(tag):
                yield f"comment {row} ({tag}) is {rows.get(row, 'lost')!r:.80}"
        for row, text in rows.items():
            if whole(text) is None:
                yield f"comment {row} is {text!r:.80}"

    def running(self, call, n, lasting):
        """The fault meets a server that runs, and its stop."""
        self.server.start()
        pid = self.server.process.pid
        tracer = subprocess.Popen(fault(call, n, lasting) + ["-p", str(pid)])
        try:
            while not traced(pid) and tracer.poll() is None:
                time.sleep(0.01)
            yield from self.posts(lasting)
            yield from self.read()
            if self.server.stop(20) is None:
                yield "it did not stop"
        finally:
            tracer.terminate()
            tracer.wait()

    def starting(self, call, n, lasting):
        """The fault meets the start."""
        try:
            self.server.start(fault(call, n, lasting))
        except NotReady as e:
            self.no_starts += 1
            if "taliq: " not in str(e):
                yield f"no start and no reason: {e}"
            return
        yield from self.read()

    def run(self, how, *what):
        yield from how(*what)
        if self.server.process is not None:
            self.server.kill()
        self.server.start()
        yield from self.check()
        if self.post() != 201:
            yield "the next start does not write"
        self.server.stop()


def main():
    if shutil.which("strace") is None:
        print("1..0 # SKIP strace is not installed")
        return 0
    tap, server = Tap(), Server()
    trial = Trial(server)
    try:
        for call, n, lasting in plan():
            title = f"{call} {n}{' and all after it' if lasting else ''}"
            tap.case(title, trial.run(trial.running, call, n, lasting))
            tap.case(f"{title}, at the start",
                     trial.run(trial.starting, call, n, lasting))
        problems, sums = server.verify()
    finally:
        server.close()
    tap.note(f"{len(trial.acked)} acknowledged, {trial.refused} refused, "
             f"{trial.no_starts} starts refused; {sums}")
    tap.case("the faults were felt", [] if trial.refused else ["no 503"])
    tap.case("taliq verify finds nothing", problems)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
