#!/usr/bin/env python3
"""How many good comments a client would throw away: the share of good comments
at or over each threshold of the probability, by the text alone.

usage: discard.py LIBTALIQ_FILTER.so DATA_DIR [SET...]

Two ways: "seed", the shipped seed without any feedback, and "on-line", each
comment of a set judged, then learnt, in file order, on top of that seed.  The
default of the site setting akismet_discard_from comes from here; docs/akismet.md
has the table.
"""
import ctypes
import json
import sys
from pathlib import Path

# The first four are what a weight of 2, 1.5, 1 and 0.7 moves over 0.5: how many
# good comments a signal of that weight would cost (src/app/akismet_signal.c).
STEPS = (0.119, 0.182, 0.269, 0.332, 0.5, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998,
         0.999)
# The seed has learnt from these (data/seed/CARD.md): under "seed" they are no
# test of strangers.
KNOWN = {"en_youtube", "en_sms", "en_instagram_scamspot", "id_yt_judol_a",
         "ar_tweets_alharthi"}
ALLOWED = 1e-4
BODY_MAX, FIELD_MAX = 65536, 4096


class Text(ctypes.Structure):
    _fields_ = [("bytes", ctypes.c_char_p), ("len", ctypes.c_size_t)]


class Input(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("n_signals", ctypes.c_uint32),
                ("signals", ctypes.c_void_p), ("body", Text),
                ("author", Text), ("email", Text), ("url", Text),
                ("user_agent", Text), ("lang", Text),
                ("written_at", ctypes.c_int64),
                ("page_published_at", ctypes.c_int64)]


class Reason(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("weight", ctypes.c_double),
                ("detail", ctypes.c_char * 120)]


class Verdict(ctypes.Structure):
    _fields_ = [("p_spam", ctypes.c_double), ("logit", ctypes.c_double),
                ("verdict", ctypes.c_int), ("n_reasons", ctypes.c_uint32),
                ("reasons", Reason * 8)]


class Model:
    def __init__(self, lib):
        self.lib, self.m = lib, ctypes.c_void_p()
        if lib.taliq_model_new_seeded(ctypes.byref(self.m)):
            sys.exit("no model")

    def free(self):
        self.lib.taliq_model_free(self.m)

    def classify(self, comment):
        v = Verdict()
        if self.lib.taliq_classify(self.m, ctypes.byref(comment),
                                   ctypes.byref(v)):
            sys.exit("the filter failed")
        return v.p_spam

    def learn(self, comment, spam):
        if self.lib.taliq_learn(self.m, ctypes.byref(comment), int(spam)):
            sys.exit("the filter failed")


def cut(s, most):
    b = (s or "").encode("utf-8", "replace")[:most]
    return Text(b, len(b))


def comments(path):
    with open(path, encoding="utf-8") as f:
        for line in f:
            row = json.loads(line)
            yield Input(size=ctypes.sizeof(Input),
                        body=cut(row["text"], BODY_MAX),
                        author=cut(row.get("author"), FIELD_MAX),
                        url=cut(row.get("url"), FIELD_MAX)), \
                row["label"] == "spam"


def measure(lib, path, online):
    """(good, spam): probabilities."""
    model, said = Model(lib), ([], [])
    for comment, spam in comments(path):
        said[spam].append(model.classify(comment))
        if online:
            model.learn(comment, spam)
    model.free()
    return said


def over(values):
    return [sum(p >= step for p in values) for step in STEPS]


def line(name, values, counts):
    cells = " ".join(f"{n:6d}" for n in counts)
    print(f"{name:34} {values:7d} {cells}", flush=True)


class Sum:
    """Counts over several sets."""

    def __init__(self):
        self.n, self.counts = 0, [0] * len(STEPS)

    def add(self, values):
        self.n += len(values)
        self.counts = [a + b for a, b in zip(self.counts, over(values))]

    def shares(self, of):
        return [of * c / max(self.n, 1) for c in self.counts]

    def tell(self, name, of):
        print(f"{name:34} {self.n:7d} " +
              " ".join(f"{s:6.2f}" for s in self.shares(of)), flush=True)


def table(lib, sets, online):
    """Prints it; for each step the larger share of all good comments and of
    those in sets with spam, where something was learnt that can be wrong."""
    head = " ".join(f"{s:6.3f}" for s in STEPS)
    print(f"\n{'on-line' if online else 'seed'}: good comments at or over\n"
          f"{'set':34} {'good':>7} {head}")
    every, mixed, caught = Sum(), Sum(), Sum()
    for path in sets:
        good, spam = measure(lib, path, online)
        mark = " (seed learnt it)" if path.stem in KNOWN else ""
        line(path.stem + mark, len(good), over(good))
        every.add(good)
        caught.add(spam)
        if spam:
            mixed.add(good)
    every.tell("of 10,000 of all", 1e4)
    mixed.tell("of 10,000 in sets with spam", 1e4)
    caught.tell("spam, %", 100)
    return [max(pair) for pair in zip(every.shares(1), mixed.shares(1))]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    lib = ctypes.CDLL(sys.argv[1])
    sets = sorted(Path(sys.argv[2]).glob("*.jsonl"))
    if len(sys.argv) > 3:
        sets = [p for p in sets if p.stem in sys.argv[3:]]
    worst = [max(pair) for pair in zip(table(lib, sets, False),
                                       table(lib, sets, True))]
    fit = [s for s, w in zip(STEPS, worst) if w <= ALLOWED]
    print("\nleast threshold that loses at most 1 in 10,000 both ways: "
          f"{fit[0] if fit else 'none'}")


if __name__ == "__main__":
    main()
