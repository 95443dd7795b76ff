#!/usr/bin/env python3
"""What rewriting does to the filter, and what poisoned feedback does.

usage: robust.py TALIQ DATA_DIR [rewriting|poison [GOOD [SET...]]]

Nothing starts from the shipped seed, which has seen some of these sets: models
start from nothing and, for poison, from a seed made without the set, too.

Rewriting: each set's first half is learnt, the threshold is
set so that 1 % of the second half's good comments lie above it, and the second
half's spam is judged as it is and rewritten (data/seed/rewrite.py).

Poison: the first half is learnt with 0, 1, 5, 10 % of the labels turned round
by a hostile moderator (spam that is sent is called good, good comments are
called spam); figures are good comments held and spam caught in the second half
at the default threshold, means over as many shuffles of the set as give GOOD
(10,000) good comments, and the change of the good ones held, with its standard
error.
"""
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import mean, stdev

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "data" / "seed"))
import rewrite  # noqa: E402

SETS = {"ar_tweets_alharthi": rewrite.ON_ARABIC, "ar_sms_haseen":
        rewrite.ON_ARABIC, "en_youtube": rewrite.ON_LATIN,
        "en_sms": rewrite.ON_LATIN, "en_instagram_scamspot": rewrite.ON_LATIN}
PROGRAM, DATA = sys.argv[1], Path(sys.argv[2])
WHAT = sys.argv[3] if len(sys.argv) > 3 else "all"
GOOD = int(sys.argv[4]) if len(sys.argv) > 4 else 10000


def write(path, rows):
    with open(path, "w", encoding="utf-8") as f:
        for r in rows:
            f.write(json.dumps(r, ensure_ascii=False) + "\n")


def train(tmp, rows, seed=("--no-seed",)):
    write(f"{tmp}/train.jsonl", rows)
    model = Path(tmp, "model")
    model.unlink(missing_ok=True)
    subprocess.run([PROGRAM, "train", *seed, "--model", str(model),
                    f"{tmp}/train.jsonl"], check=True,
                   stdout=subprocess.DEVNULL)
    return str(model)


def judge(model, rows, seed=()):
    text = "\n".join(json.dumps(r, ensure_ascii=False) for r in rows)
    # the status of a single text is its verdict; here there are many
    out = subprocess.run([PROGRAM, "check", "--json", "--model", model, *seed],
                         input=text.encode(), stdout=subprocess.PIPE,
                         check=True).stdout
    return [json.loads(line)["spam"] for line in out.splitlines()]


def halves(name, shuffle=1):
    rows = [json.loads(line) for line in
            open(DATA / f"{name}.jsonl", encoding="utf-8")]
    random.Random(shuffle).shuffle(rows)
    return rows[:len(rows) // 2], rows[len(rows) // 2:]


def rewriting(tmp, name, tricks):
    learn, test = halves(name)
    model = train(tmp, learn)
    ham = sorted(judge(model, [r for r in test if r["label"] == "ham"]))
    limit = ham[int(len(ham) * 0.99)]
    spam = [r for r in test if r["label"] == "spam"]

    def recall(trick):
        rng = random.Random(2)
        rows = [dict(r, text=rewrite.ALL[trick](r["text"], rng))
                if trick else r for r in spam]
        return sum(p > limit for p in judge(model, rows)) / len(rows)

    before = recall(None)
    after = {t: recall(t) for t in tricks}
    worst = min(after, key=after.get)
    print(f"{name:24} before {before:.3f}  " + "  ".join(
        f"{t} {v:.3f}{'!' if v < before - 0.05 else ''}"
        for t, v in after.items()) +
        f"  worst {worst} {after[worst] - before:+.3f}")


def poisoned(tmp, name, shuffle, share, seed):
    """(good comments held %, spam caught %, good comments)"""
    learn, test = halves(name, shuffle)
    rng = random.Random(3 * shuffle)
    rows = [dict(r, label={"spam": "ham", "ham": "spam"}[r["label"]])
            if rng.random() < share else r for r in learn]
    p = judge(train(tmp, rows, seed or ("--no-seed",)), test, seed)
    held = [x >= 0.5 for x, r in zip(p, test) if r["label"] == "ham"]
    caught = [x >= 0.5 for x, r in zip(p, test) if r["label"] == "spam"]
    return (100 * sum(held) / len(held), 100 * sum(caught) / len(caught),
            len(held))


def poison(tmp, name, seed=()):
    clean = [poisoned(tmp, name, 1, 0, seed)]
    rounds = -(-GOOD // clean[0][2])
    clean += [poisoned(tmp, name, k, 0, seed) for k in range(2, rounds + 1)]
    for share in (0, 0.01, 0.05, 0.10):
        now = [poisoned(tmp, name, k, share, seed)
               for k in range(1, rounds + 1)] if share else clean
        change = [a[0] - b[0] for a, b in zip(now, clean)]
        print(f"{name:24} {'on a seed' if seed else '':9} "
              f"{100 * share:4.0f} % hostile: good held "
              f"{mean(a[0] for a in now):5.2f} % "
              f"({mean(change):+5.2f}{error_of(change)}), "
              f"spam caught {mean(a[1] for a in now):5.1f} %", flush=True)


def seed_without(tmp, name):
    subprocess.run([sys.executable, str(HERE.parent.parent /
                    "data/seed/make.py"), PROGRAM, str(DATA), f"{tmp}/seed",
                    "--without", name], check=True,
                   stdout=subprocess.DEVNULL)
    return ("--seed", f"{tmp}/seed")


def error_of(change):
    """Standard error of the mean; nothing for one round."""
    n = len(change)
    return f" +-{stdev(change) / n ** 0.5:.2f}" if n > 1 else ""


with tempfile.TemporaryDirectory() as tmp:
    if WHAT in ("all", "rewriting"):
        for name, tricks in SETS.items():
            rewriting(tmp, name, tricks)
    if WHAT in ("all", "poison"):
        for name in sys.argv[5:] or SETS:
            poison(tmp, name)
            poison(tmp, name, seed_without(tmp, name))
