"""Rewritings that spammers use, on any text.  Each takes (text, rng) and gives
a text that a person still reads.  Used to train the seed (data/seed/make.py)
and to measure what the filter loses (bench/filter/robust.py)."""
import re

ARABIC = re.compile("[\u0621-\u064a]")
NOT_JOINING = set("اأإآٱدذرزوؤةىء")
HARAKAT = "\u064e\u064f\u0650\u0651\u0652\u064b\u064c\u064d"
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def each(text, rng, share, change):
    return "".join(change(c) if rng.random() < share else c for c in text)


def tatweel(text, rng):
    return each(text, rng, 0.3, lambda c: c + "\u0640" * rng.randint(1, 2)
                if ARABIC.match(c) and c not in NOT_JOINING else c)


def zero_width(text, rng):
    return each(text, rng, 0.3, lambda c: c + rng.choice(ZERO_WIDTH)
                if c.isalpha() else c)


def harakat(text, rng):
    return each(text, rng, 0.5, lambda c: c + rng.choice(HARAKAT)
                if ARABIC.match(c) else c)


FORMS = {}


def presentation(text, rng):
    import unicodedata
    if not FORMS:
        for cp in range(0xFE80, 0xFEF5):
            d = unicodedata.normalize("NFKC", chr(cp))
            FORMS.setdefault(d, []).append(chr(cp))
    return each(text, rng, 0.6, lambda c: rng.choice(FORMS.get(c, [c])))


DOTLESS = dict(zip("بتثنيجخذزشضظغفقةئ", "ٮٮٮںىححدرسصطعڡٯهى"))


def dotless(text, rng):
    return "".join(DOTLESS.get(c, c) for c in text)


def words(text, rng, share, change):
    return re.sub(r"[^\W\d_]{4,}", lambda m: change(m[0])
                  if rng.random() < share else m[0], text)


def spaced(text, rng):
    return words(text, rng, 0.5, lambda w: rng.choice(" .-_*").join(w))


PERSIAN = {"ك": "ک", "ي": "ی", "ى": "ی", "ه": "ہ", "ة": "ۃ"}


def persian(text, rng):
    return "".join(PERSIAN.get(c, c) for c in text)


def elongated(text, rng):
    def longer(w):
        i = rng.randrange(1, len(w))
        return w[:i] + w[i] * rng.randint(2, 5) + w[i:]
    return words(text, rng, 0.5, longer)


def spelling(text, rng):
    """What hurried people do anyway."""
    table = {"أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ى": "ي"}
    return each(text, rng, 0.7, lambda c: table.get(c, c))


CYRILLIC = dict(zip("aceopxyijsABCEHKMOPTXY", "асеорхуіјѕАВСЕНКМОРТХУ"))


def cyrillic(text, rng):
    return each(text, rng, 0.6, lambda c: CYRILLIC.get(c, c))


def mathematical(text, rng):
    base = rng.choice([0x1D400, 0x1D5D4, 0x1D63C])

    def bold(c):
        if "A" <= c <= "Z":
            return chr(base + ord(c) - 65)
        if "a" <= c <= "z":
            return chr(base + 26 + ord(c) - 97)
        return c
    return "".join(bold(c) for c in text)


LEET = dict(zip("aeiost", "4310$7"))


def leet(text, rng):
    return each(text, rng, 0.4, lambda c: LEET.get(c, c)
                if c != "s" else "5")


ARABIC_DIGITS = {48 + i: 0x660 + i for i in range(10)}


def arabic_digits(text, rng):
    return text.translate(ARABIC_DIGITS)


def emoji_digits(text, rng):
    return re.sub(r"[0-9]", lambda m: m[0] + "\ufe0f\u20e3", text)


ALL = {f.__name__: f for f in (
    tatweel, zero_width, harakat, presentation, dotless, spaced, persian,
    elongated, cyrillic, mathematical, leet, arabic_digits, emoji_digits)}
ON_ARABIC = ["tatweel", "zero_width", "harakat", "presentation", "dotless",
             "spaced", "persian", "elongated", "arabic_digits",
             "emoji_digits"]
ON_LATIN = ["zero_width", "spaced", "elongated", "cyrillic", "mathematical",
            "leet", "emoji_digits"]
