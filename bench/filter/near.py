#!/usr/bin/env python3
"""Lines for "lines near": spam of a set that is known, then asked for again as
it was rewritten or with a few words changed; and texts that are not known.

usage: near.py SET.jsonl rewritten|edited|strangers >LINES"""
import json
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent /
                       "data" / "seed"))
import rewrite  # noqa: E402

rng = random.Random(4)
rows, seen = [], set()
for line in open(sys.argv[1], encoding="utf-8"):
    row = json.loads(line)
    text = " ".join(row["text"].split())
    if len(text) >= 60 and text not in seen:
        seen.add(text)
        rows.append((text, row["label"]))
rows = rows[:6000]
half = len(rows) // 2
known = [text for text, _ in rows[:half]]
# Good comments only: campaigns of spam run through both halves.
strangers = [text for text, label in rows[half:] if label == "ham"]


def edited(text):
    words = text.split()
    for _ in range(max(1, len(words) // 12)):
        words[rng.randrange(len(words))] = rng.choice(
            rng.choice(strangers).split())
    return " ".join(words)


def rewritten(text):
    arabic = rewrite.ARABIC.search(text) is not None
    name = rng.choice(rewrite.ON_ARABIC if arabic else rewrite.ON_LATIN)
    return " ".join(rewrite.ALL[name](text, rng).split())


for i, text in enumerate(known):
    print("a", i, text)
for i, text in enumerate(known):
    if sys.argv[2] == "strangers":
        if i < len(strangers):
            print("q", 1000000 + i, strangers[i])
    else:
        print("q", i, edited(text) if sys.argv[2] == "edited"
              else rewritten(text))
