#!/usr/bin/env python3
"""Lines for "campaign": a site that has seen 1,000 good comments and 50 of
spam; then, for each of 250 texts of spam, one is marked, 20 good comments are
published, and the same text comes again: rewritten, with a sixth of its words
changed, or with a beginning of other words.  And good comments of a site that has
marked hundreds of texts.

usage: campaign.py SET.jsonl rewritten|edited|added|strangers >LINES"""
import json
import random
import re
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
    if len(text) >= 40 and text not in seen:
        seen.add(text)
        rows.append((text, row["label"] == "spam"))


def pieces(text):
    """Words, or what stands for them where nothing parts words."""
    words = text.split()
    if len(words) * 12 >= len(text):
        return words, " "
    return re.findall(r".{1,3}", text), ""


def rewritten(text):
    arabic = rewrite.ARABIC.search(text) is not None
    name = rng.choice(rewrite.ON_ARABIC if arabic else rewrite.ON_LATIN)
    text = " ".join(rewrite.ALL[name](text, rng).split())
    return "".join(rng.choice("0123456789") if c in "0123456789" else c
                   for c in text)


def edited(text):
    words, space = pieces(text)
    for _ in range(max(1, len(words) // 6)):
        words[rng.randrange(len(words))] = rng.choice(
            pieces(rng.choice(ham))[0])
    return space.join(words)


def added(text):
    words, space = pieces(rng.choice(ham))
    return space.join(words[:max(2, len(pieces(text)[0]) // 3)]) + " " + text


if sys.argv[2] == "strangers":
    half = len(rows) // 2
    for text, spam in rows[:half][:4000]:
        print("s" if spam else "h", text)
    for text, spam in rows[half:][:4000]:
        if not spam:
            print("q", text)
    sys.exit()
change = {"rewritten": rewritten, "edited": edited, "added": added}[sys.argv[2]]
spam = [text for text, label in rows if label]
ham = [text for text, label in rows if not label]
rng.shuffle(spam)
rng.shuffle(ham)
for text in ham[:1000]:
    print("h", text)
for text in spam[250:300]:
    print("s", text)
later = ham[1000:] or ham
for text in spam[:250]:
    print("n")
    print("s", text)
    for _ in range(20):
        print("h", rng.choice(later))
    print("q", change(text))
