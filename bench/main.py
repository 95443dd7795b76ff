"""bench/run's other half: chooses the parts and tells where it ran."""
import json
import os
import pathlib
import sys
import time

import machine
import parts
import servers
import stores


class Bench:
    """What all parts share."""

    def __init__(self, build):
        self.build = pathlib.Path(build).resolve()
        self.folder = pathlib.Path(os.environ.get("BENCH_DATA") or
                                   self.build / "data").resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.rounds = int(os.environ.get("ROUNDS", "3"))

    def taliq(self, data):
        return servers.Taliq(self.build / "src/main/taliq", data)

    def comment(self, n, page):
        return json.dumps({"site": "s", "page": page, "name": f"Reader {n}",
                           "text": stores.text(n)})

    def say(self, text):
        print(f"bench: {text}", file=sys.stderr, flush=True)


def main():
    bench = Bench(sys.argv[1])
    wanted = sys.argv[2:] or list(parts.PARTS)
    unknown = [w for w in wanted if w not in parts.PARTS]
    if unknown:
        print(f"unknown part {unknown[0]}; parts: {' '.join(parts.PARTS)}",
              file=sys.stderr)
        return 2
    began = time.monotonic()
    print(f"Measured {machine.describe()}; medians of {bench.rounds} or more "
          "interleaved rounds.")
    for name in wanted:
        parts.PARTS[name](bench)
    load = os.getloadavg()
    print(f"\n{time.monotonic() - began:.0f} s; load at the end {load[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
