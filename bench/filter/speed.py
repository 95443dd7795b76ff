"""How long a comment of 400 bytes takes, beside bogofilter in the same rounds.

A machine that others share gives no true time, so each round also times a fixed
piece of work (SHA-256 of 16 MiB): how far its median is from its best tells how
far to trust the rest.  Instructions, by callgrind where it is installed, do not
depend on the machine's load at all.
"""
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
SETS = ("ar_tweets_alharthi", "en_sms", "ru_telegram")
ROUNDS, ROWS, COUNTED, ASKED = 7, 3000, 200, 25


def texts(data, name, folder):
    """Files of ROWS and of COUNTED comments, and the rows of the latter."""
    out = subprocess.run([sys.executable, str(HERE / "texts.py"),
                          str(data / f"{name}.jsonl"), str(ROWS)], check=True,
                         stdout=subprocess.PIPE).stdout
    many, few = Path(folder, f"{name}.jsonl"), Path(folder, f"{name}.few")
    many.write_bytes(out)
    lines = out.splitlines(True)[:COUNTED]
    few.write_bytes(b"".join(lines))
    return many, few, [json.loads(line) for line in lines]


def evaluate(program, path):
    """Microseconds to ask and to learn, each the median of the comments, two
    calls of the clock included."""
    out = subprocess.run([program, "eval", "--json", str(path)], check=True,
                         stdout=subprocess.PIPE).stdout
    r = json.loads(out)
    return r["us_classify"], r["us_learn"]


def bogofilter(home, rows):
    """Milliseconds to ask and to tell: a process each."""
    took = {"-n": 0.0, "-T": 0.0}
    for r in rows[:ASKED]:
        mail = ("Content-Type: text/plain; charset=utf-8\n\n"
                f"{r['text']}\n").encode()
        for what in took:
            began = time.monotonic()
            subprocess.run(["bogofilter", "-d", home, what], input=mail,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            took[what] += time.monotonic() - began
    return 1000 * took["-T"] / ASKED, 1000 * took["-n"] / ASKED


def fixed():
    """Milliseconds of work that never changes."""
    began = time.monotonic()
    hashlib.sha256(bytes(16 << 20)).digest()
    return (1000 * (time.monotonic() - began),)


def normalise(lines, text):
    """MB/s, line by line, the best of nine passes."""
    out = subprocess.run([lines, "norm"], input=text, check=True,
                         stdout=subprocess.PIPE).stdout
    return (float(out.split()[0]),)


def instructions(program, path, folder):
    """Of a comment, to ask and to learn; bytes cleared count as vectors, not one
    by one."""
    out = Path(folder, "callgrind")
    subprocess.run(["valgrind", "--tool=callgrind",
                    f"--callgrind-out-file={out}", program, "eval", "--json",
                    str(path)], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, env=os.environ | {
                       "GLIBC_TUNABLES":
                       "glibc.cpu.x86_rep_stosb_threshold=100000000"})
    said = subprocess.run(["callgrind_annotate", "--inclusive=yes",
                           "--threshold=100", str(out)], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    got = {}
    for line in said.splitlines():
        for name in ("taliq_classify", "taliq_learn"):
            if f":{name} " in line + " ":
                got.setdefault(name, int(line.split()[0].replace(",", "")))
    return [got.get(n, 0) / COUNTED for n in ("taliq_classify", "taliq_learn")]


def rounds(program, lines, data, made, folder):
    """{what: [one tuple a round]}"""
    arabic = "\n".join(" ".join(json.loads(line)["text"].split()) for line in
                       open(data / "ar_tweets_alharthi.jsonl",
                            encoding="utf-8")).encode()
    got = {}
    for _ in range(ROUNDS):
        for name, (many, _, rows) in made.items():
            got.setdefault(name, []).append(evaluate(program, many))
            if shutil.which("bogofilter"):
                home = Path(folder, f"{name}.bogofilter")
                home.mkdir(exist_ok=True)
                got.setdefault(f"bogofilter {name}", []).append(
                    bogofilter(home, rows))
        got.setdefault("normalise", []).append(normalise(lines, arabic))
        got.setdefault("fixed", []).append(fixed())
    return {what: list(zip(*each)) for what, each in got.items()}


def run(program, lines, data):
    with tempfile.TemporaryDirectory() as folder:
        made = {name: texts(data, name, folder) for name in SETS}
        got = rounds(program, lines, data, made, folder)
        print(f"\nSpeed, comments of 400 bytes, with the seed; {ROUNDS} rounds in "
              "turns: us to ask / learn, median (best); bogofilter's ms; "
              "instructions")
        for name in SETS:
            ask, learn = got[name]
            line = (f"{name:20} {median(ask):5.1f} ({min(ask):5.1f}) / "
                    f"{median(learn):5.1f} ({min(learn):5.1f})")
            if f"bogofilter {name}" in got:
                ask, tell = got[f"bogofilter {name}"]
                line += f"   {median(ask):5.1f} / {median(tell):5.1f} ms"
            if shutil.which("valgrind"):
                count = instructions(program, made[name][1], folder)
                line += f"   {count[0]:9,.0f} / {count[1]:9,.0f}"
            print(line, flush=True)
        speed, work = got["normalise"][0], got["fixed"][0]
        print(f"normalise, Arabic, line by line: {median(speed):.0f} MB/s "
              f"({max(speed):.0f})")
        print(f"fixed work: {median(work):.1f} ms ({min(work):.1f})")
