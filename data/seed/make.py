#!/usr/bin/env python3
"""Makes the seed model: writes the training rows, calls the filter's own train.

usage: make.py TALIQ DATA_DIR OUTPUT.taliq [--rows ROWS.jsonl] [--bias X]
               [--without SET,...]

DATA_DIR holds the third-party sets named in SETS (data/seed/CARD.md says where
they come from and under which licences).  Everything else is in texts/ beside
this file.  The same inputs give the same bytes.
"""
import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import rewrite

HERE = Path(__file__).parent
# set: which labels may be used, at most how many rows of each
SETS = {
    "en_youtube": {"spam": 2000, "ham": 2000},
    "en_sms": {"spam": 2000, "ham": 5000},
    "en_instagram_scamspot": {"spam": 2000, "ham": 3000},
    "id_yt_judol_a": {"spam": 2500, "ham": 6000},
    "ar_tweets_alharthi": {"ham": 15200},
}
COPIES = {"spam_ar": 30, "spam_xx": 24, "ham_ar": 16, "ham_xx": 30}
BIAS = -0.3		# chosen so that <= 0.5 % of each ham-only set is held
CLIP = 4.0
EPOCHS = 3
SEED = 20261123

HOSTS = ["{w}.com", "{w}-{w}.net", "www.{w}{n}.xyz", "bit.ly/{r}", "t.me/{w}",
         "wa.me/{d}", "{w}.shop/{r}", "tinyurl.com/{r}", "{w}.online",
         "{w}.blogspot.com", "{w}24.ru/{r}", "cutt.ly/{r}", "{w}.top/?ref={n}",
         "{w}.site", "chat.whatsapp.com/{r}", "{w}.info/{w}", "{w}.store"]
WORDS = ("mega best top cash lux fast pro star gold vip shop news deal win lucky"
         " royal smart easy online home web click trade crypto bet play health "
         "slim beauty clean move star arab gulf najd hayat noor").split()


def digits(rng, n):
    return "".join(rng.choice("0123456789") for _ in range(n))


def letters(rng, n):
    return "".join(rng.choice("abcdefghjkmnpqrstuvwxyz23456789")
                   for _ in range(n))


def site(rng):
    host = rng.choice(HOSTS)
    while "{w}" in host:
        host = host.replace("{w}", rng.choice(WORDS), 1)
    host = host.replace("{n}", digits(rng, 2)).replace("{r}", letters(rng, 6))
    host = host.replace("{d}", "9665" + digits(rng, 8))
    return rng.choice(["", "http://", "https://", "https://"]) + host


def phone(rng):
    p = rng.choice(["05" + digits(rng, 8), "+9665" + digits(rng, 8),
                    "009627" + digits(rng, 8), "+2010" + digits(rng, 8),
                    "+2126" + digits(rng, 8), "+1" + digits(rng, 10),
                    "+9715" + digits(rng, 8), "+44" + digits(rng, 10),
                    "+9647" + digits(rng, 9), "0" + digits(rng, 9)])
    if rng.random() < 0.3:
        p = p[:4] + rng.choice(" -") + p[4:7] + rng.choice(" -") + p[7:]
    return p


SLOTS = {
    "site": site, "phone": phone,
    "user": lambda r: r.choice(["@", "", "@"]) + r.choice(WORDS) +
    r.choice(["_", "."]) + r.choice(WORDS) + r.choice(["", digits(r, 2)]),
    "n": lambda r: str(r.randint(2, 60)),
    "pct": lambda r: f"{r.randint(3, 99)}%",
    "money": lambda r: r.choice(["$", "", "€"]) + str(
        r.choice([50, 100, 200, 300, 500, 800, 1000, 1500, 3000, 5000])) +
    r.choice(["", "$", " USD", " دولار", " ريال"]),
}


def expand(template, rng):
    for _ in range(40):
        m = re.search(r"\{([^{}]*)\}", template)
        if m is None:
            return re.sub(r"\s+", " ", template).strip()
        fill = SLOTS[m[1]](rng) if m[1] in SLOTS else \
            rng.choice(m[1].split("|"))
        template = template[:m.start()] + fill + template[m.end():]
    sys.exit(f"make.py: template does not end: {template}")


HAN_GAP = re.compile("(?<=[\u3040-\u30ff\u4e00-\u9fff]) "
                     "(?=[\u3040-\u30ff\u4e00-\u9fff])")


def dress(text, spam, rng):
    """Half the spam is disguised; some good comments carry the same marks."""
    # Chinese and Japanese are written without the templates' spaces.
    text = HAN_GAP.sub(lambda _: rng.choice(["", "", "", "，", " "]), text)
    arabic = len(rewrite.ARABIC.findall(text)) > len(text) / 4
    if spam and rng.random() < 0.45:
        names = rewrite.ON_ARABIC if arabic else rewrite.ON_LATIN
        for name in rng.sample(names, rng.choice([1, 1, 2])):
            text = rewrite.ALL[name](text, rng)
    elif not spam and rng.random() < 0.25:
        name = rng.choice(["tatweel", "harakat", "persian", "elongated",
                           "arabic_digits"] if arabic else ["elongated"])
        text = rewrite.ALL[name](text, rng)
    if arabic and rng.random() < 0.4:
        text = rewrite.spelling(text, rng)
    if spam and rng.random() < 0.15:
        text = text.upper()
    return text


def own(rng):
    for name, copies in COPIES.items():
        spam = name.startswith("spam")
        lines = (HERE / "texts" / f"{name}.txt").read_text(
            encoding="utf-8").splitlines()
        seen = set()
        for line in lines:
            if not line or line[0] in "#=":
                continue
            for _ in range(copies):
                text = dress(expand(line, rng), spam, rng)
                if text not in seen:
                    seen.add(text)
                    yield text, spam, ""


def given(data, rng):
    for name, most in SETS.items():
        rows = {"spam": [], "ham": []}
        for line in open(data / f"{name}.jsonl", encoding="utf-8"):
            r = json.loads(line)
            rows[r["label"]].append((r["text"], r["label"] == "spam",
                                     r.get("author", "")))
        for label, n in most.items():
            rng.shuffle(rows[label])
            yield from rows[label][:n]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("taliq")
    p.add_argument("data", type=Path)
    p.add_argument("out")
    p.add_argument("--rows", help="keep the training rows here")
    p.add_argument("--bias", default=str(BIAS))
    p.add_argument("--without", default="", help="leave these sets out")
    o = p.parse_args()
    for name in filter(None, o.without.split(",")):
        SETS.pop(name, None)
    rng = random.Random(SEED)
    rows = list(own(rng)) + list(given(o.data, rng))
    rng.shuffle(rows)
    with tempfile.TemporaryDirectory() as tmp:
        path = o.rows or f"{tmp}/rows.jsonl"
        with open(path, "w", encoding="utf-8") as f:
            for text, spam, author in rows:
                json.dump({"text": text, "label": "spam" if spam else "ham",
                           "author": author}, f, ensure_ascii=False)
                f.write("\n")
        print(f"{sum(r[1] for r in rows)} spam, "
              f"{sum(not r[1] for r in rows)} ham rows")
        subprocess.run([o.taliq, "train", "--no-seed", "--epochs",
                        str(EPOCHS), "--as-seed", o.out, "--bias=" + o.bias,
                        "--clip", str(CLIP), path], check=True)


if __name__ == "__main__":
    main()
