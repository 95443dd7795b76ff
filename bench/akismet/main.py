"""bench/akismet/run's other half: see there."""
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import time

import peers
import machine
import parts
import servers

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/akismet"))
import accuracy   # noqa: E402  # tests/akismet/accuracy.py

# Comments in four languages; the filters learn LESSONS of them and are asked
# others.
SPEED_SETS = ("en_youtube", "ar_tweets_alharthi", "ru_telegram",
              "id_yt_judol_a")
LESSONS, ASKED, TEXT_MAX = 1200, 3000, 2000
CONNECTIONS, SECONDS = (1, 8, 64), 2
ACCURACY_SETS = ("en_youtube", "en_instagram_scamspot", "id_sms", "ru_telegram")
GOAL = {"cpu": 20, "times": 40, "p99": 5000}
median = statistics.median


class Bench:
    def __init__(self, build):
        self.build = pathlib.Path(build).resolve()
        self.exe = self.build / "src/main/taliq"
        self.folder = self.build / "data/akismet"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.rounds = int(os.environ.get("ROUNDS", "5"))
        self.data = pathlib.Path(os.environ.get("TALIQ_SHARED") or
                                 ROOT.parent / "shared") / "data"

    def taliq(self, name):
        return peers.Taliq(self.exe, self.folder / name).make()

    def rows(self):
        """(lessons, what is asked): a fixed shuffle of distinct comments."""
        rows = []
        for name in SPEED_SETS:
            some = accuracy.read_rows(self.data / f"{name}.jsonl", 4000)
            rows += [r for r in some if len(r["text"]) <= TEXT_MAX]
        random.Random(4).shuffle(rows)
        return rows[:LESSONS], rows[LESSONS:LESSONS + ASKED]


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def load(bench, peer, connections):
    """One round at one filter."""
    file = bench.folder / f"{type(peer).__name__}.requests"
    before = peer.cpu_us()
    said = parts.load(bench, "replay", peer.port, connections, SECONDS, file)
    return said | {"cpu": (peer.cpu_us() - before) / said["n"]}


def write_requests(bench, peer, rows):
    with open(bench.folder / f"{type(peer).__name__}.requests", "wb") as f:
        for r in peer.requests(rows):
            f.write(b"%d\n%b" % (len(r), r))


def speed(bench):
    """All filters taught the same, then asked the same in turns."""
    lessons, asked = bench.rows()
    taliq, rspamd, bogo = bench.taliq("speed"), None, None
    got = {}
    with taliq:
        taliq.start()
        say("taliq learns")
        taliq.teach(lessons)
        taliq.restart()
        accuracy.wait_learnt(taliq.data, len(lessons))
        if peers.there("rspamd", "redis-server"):
            rspamd = peers.Rspamd(bench.folder / "rspamd")
        if peers.there("bogofilter"):
            bogo = peers.Bogofilter(bench.folder / "bogofilter")
            say("bogofilter learns")
            bogo.teach(lessons)
        if rspamd is None:
            say("rspamd or redis-server is not installed")
            rounds(bench, [taliq], bogo, asked, got)
        else:
            with rspamd:
                say("rspamd starts and learns")
                rspamd.start()
                rspamd.teach(lessons)
                rounds(bench, [taliq, rspamd], bogo, asked, got)
    tell_speed(got, statistics.mean(len(r["text"].encode()) for r in asked))


def rounds(bench, serving, bogo, asked, got):
    for peer in serving:
        write_requests(bench, peer, asked)
    for n in range(bench.rounds):
        say(f"round {n + 1} of {bench.rounds}")
        for connections in CONNECTIONS:
            for peer in serving:
                got.setdefault((peer.name, connections), []).append(
                    load(bench, peer, connections))
        if bogo is not None:
            got.setdefault((bogo.name, 1), []).append(
                bogo.measure(asked, SECONDS / 2))


def tell_speed(got, size):
    m = {key: {k: median(r[k] for r in all_said)
               for k in ("rate", "cpu", "p50", "p99")}
         for key, all_said in got.items()}
    rows = []
    for (name, connections), r in sorted(m.items(), key=lambda i: (
            i[0][0] != "taliq", i[0])):
        mine = m["taliq", connections]
        rows.append([name, connections, f"{r['rate']:,.0f}", f"{r['cpu']:.1f}",
                     f"{r['p50'] / 1000:.2f} / {r['p99'] / 1000:.2f}",
                     f"{r['cpu'] / mine['cpu']:.1f}",
                     f"{mine['rate'] / r['rate']:.1f}"])
    parts.table(f"Checks over HTTP, comments of {size:.0f} bytes on average, "
                f"{LESSONS} learnt", [
                    "", "connections", "checks a second", "CPU µs a check",
                    "wait ms, median / p99", "CPU, times taliq's",
                    "taliq is faster, times"], rows)
    many = m["taliq", 64]
    peer = m.get((peers.Rspamd.name, 64))
    print(f"\nGoals: CPU {many['cpu']:.1f} of <= {GOAL['cpu']} µs, p99 at 64 "
          f"connections {many['p99'] / 1000:.2f} of <= "
          f"{GOAL['p99'] / 1000:.0f} ms" + (
              f", rspamd's CPU {peer['cpu'] / many['cpu']:.1f} of >= "
              f"{GOAL['times']} times" if peer else "") + ".")


def accuracy_table(bench):
    """Sets streamed through comment-check and submit, against the same on the
    command line."""
    rows = []
    for name in ACCURACY_SETS:
        say(f"accuracy: {name}")
        all_rows = accuracy.read_rows(bench.data / f"{name}.jsonl",
                                      int(os.environ.get("ROWS", "6000")))
        taliq = bench.taliq("accuracy")
        with taliq:
            taliq.start()
            first, second = accuracy.both_halves(
                taliq.port, taliq.key, taliq.data, bench.exe, all_rows,
                taliq.restart)
        rows.append([name, first.n + second.n,
                     *(cell for half in (first, second) for cell in
                       (f"{100 * half.errors / half.n:.2f}",
                        f"{100 * half.here / half.n:.2f}", len(half.other)))])
    parts.table("The same verdicts over the wire as on the command line: wrong, "
                "per cent", ["set", "comments", "seed, wire", "taliq check",
                             "differ", "after lessons, wire", "taliq train, "
                             "check", "differ"], rows)
    shutil.rmtree(bench.folder / "accuracy", ignore_errors=True)


PARTS = {"speed": speed, "accuracy": accuracy_table}


def main():
    bench, wanted = Bench(sys.argv[1]), sys.argv[2:] or list(PARTS)
    unknown = [w for w in wanted if w not in PARTS]
    if unknown:
        sys.exit(f"unknown part {unknown[0]}; parts: {' '.join(PARTS)}")
    if not bench.data.is_dir():
        sys.exit(f"there are no labelled comments in {bench.data}")
    began = time.monotonic()
    print(f"Measured {machine.describe()}; medians of {bench.rounds} "
          "interleaved rounds.")
    for name in wanted:
        PARTS[name](bench)
    print(f"\n{time.monotonic() - began:.0f} s; load at the end "
          f"{os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
