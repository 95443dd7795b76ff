#!/usr/bin/env python3
"""Writes src/text/unicode_tables.c from Debian's unicode-data.

usage: unicode_tables.py UNICODE_DIR LOOKALIKES OUTPUT.c

What the tables mean stands in src/text/unicode.h; the rules R1 to R9 in
src/text/normalise.h.  Nothing here decides at run time: each code point's
normal form, properties and canonical composition are worked out once.
"""
import sys
from pathlib import Path

MAX = 0x110000
DIR, LOOK, OUT = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])


def rows(name):
    """(first, last, fields after the range) of one of Unicode's data files."""
    for line in (DIR / name).read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if not line:
            continue
        f = [x.strip() for x in line.split(";")]
        lo, _, hi = f[0].partition("..")
        yield int(lo, 16), int(hi or lo, 16), f[1:]


# --- what Unicode says -----------------------------------------------------

gc = ["Cn"] * MAX
ccc = [0] * MAX
bidi = ["L"] * MAX
digit = {}
canon, compat_tag = {}, {}
first = None
for line in (DIR / "UnicodeData.txt").read_text().splitlines():
    f = line.split(";")
    c = int(f[0], 16)
    if f[1].endswith(", First>"):
        first = c
        continue
    for x in range(first if first is not None else c, c + 1):
        gc[x], ccc[x], bidi[x] = f[2], int(f[3]), f[4]
    first = None
    if f[6] and f[2] == "Nd":
        digit[c] = int(f[6])
    if f[5]:
        d = f[5].split()
        if d[0].startswith("<"):
            compat_tag[c] = d[0]
        else:
            canon[c] = [int(x, 16) for x in d]

script = ["Unknown"] * MAX
for lo, hi, f in rows("Scripts.txt"):
    script[lo:hi + 1] = [f[0]] * (hi + 1 - lo)
nfkc_cf, excluded, qc_maybe = {}, set(), set()
for lo, hi, f in rows("DerivedNormalizationProps.txt"):
    for c in range(lo, hi + 1):
        if f[0] == "NFKC_CF":
            nfkc_cf[c] = [int(x, 16) for x in f[1].split()]
        elif f[0] == "Full_Composition_Exclusion":
            excluded.add(c)
        elif f[0] == "NFC_QC" and f[1] == "M":
            qc_maybe.add(c)
white, ignorable = set(), set()
for lo, hi, f in rows("PropList.txt"):
    if f[0] == "White_Space":
        white |= set(range(lo, hi + 1))
for lo, hi, f in rows("DerivedCoreProperties.txt"):
    if f[0] == "Default_Ignorable_Code_Point":
        ignorable |= set(range(lo, hi + 1))

SBASE, LBASE, VBASE, TBASE = 0xAC00, 0x1100, 0x1161, 0x11A7
compose = {tuple(d): c for c, d in canon.items()
           if len(d) == 2 and c not in excluded}


def nfd1(c):
    if SBASE <= c < SBASE + 11172:
        s = c - SBASE
        out = [LBASE + s // 588, VBASE + s % 588 // 28]
        return out + [TBASE + s % 28] if s % 28 else out
    if c not in canon:
        return [c]
    return [x for d in canon[c] for x in nfd1(d)]


def nfd(seq):
    out = [x for c in seq for x in nfd1(c)]
    i = 0
    while i < len(out):
        j = i
        while j < len(out) and ccc[out[j]]:
            j += 1
        out[i:j] = sorted(out[i:j], key=lambda x: ccc[x])
        i = j + 1
    return out


def pair(a, b):
    if LBASE <= a < LBASE + 19 and VBASE <= b < VBASE + 21:
        return SBASE + ((a - LBASE) * 21 + b - VBASE) * 28
    if SBASE <= a < SBASE + 11172 and (a - SBASE) % 28 == 0 \
            and TBASE < b < TBASE + 28:
        return a + b - TBASE
    return compose.get((a, b))


def nfc(seq):
    seq = nfd(seq)
    out, last, last_ccc = [], None, -1
    for c in seq:
        p = None
        if last is not None and (last_ccc < ccc[c] or last_ccc == -1):
            p = pair(out[last], c)
        if p is not None:
            out[last] = p
            continue
        if ccc[c] == 0:
            last, last_ccc = len(out), -1
        else:
            last_ccc = ccc[c]
        out.append(c)
    return out


# --- the rules on top (R2 to R5) -------------------------------------------

def spread(*ranges):
    out = set()
    for r in ranges:
        lo, hi = r if isinstance(r, tuple) else (r, r)
        out |= set(range(lo, hi + 1))
    return out


HARAKAT = spread((0x610, 0x61A), (0x64B, 0x652), (0x656, 0x65F), 0x670,
                 (0x6D6, 0x6DC), (0x6DF, 0x6E4), (0x6E7, 0x6E8),
                 (0x6EA, 0x6ED), (0x898, 0x89F),
                 (0x8CA, 0x8E1), (0x8E3, 0x8FF))
HEBREW = {c for c in range(0x591, 0x5C8) if gc[c] == "Mn"}
OVERLAY = spread((0x334, 0x338))
MARKS = HARAKAT | HEBREW | spread(
    (0x300, 0x36F), (0x483, 0x489), (0x653, 0x655), (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F))
# Isolated marks whose NFKC is SPACE + mark: an attacker's word break (R2).
ISOLATED = spread((0xFE70, 0xFE72), 0xFE74, (0xFE76, 0xFE7F),
                  (0xFC5E, 0xFC63), (0xFCF2, 0xFCF4))
LETTERS = {}
for to, froms in {0x627: "ٱٲٳٵ", 0x64A: "ىیۍېے", 0x647: "ةۃۀہۂەھ",
                  0x643: "کڪڬ"}.items():
    LETTERS.update({ord(f): to for f in froms})
HAND = {0xFDFD: [ord(c) for c in "بسم الله الرحمن الرحيم"],
        0x24FF: [0x30], 0x1F10B: [0x30], 0x1F10C: [0x30]}
for lo in (0x2776, 0x2780, 0x278A, 0x24F5):
    for i in range(10):
        HAND[lo + i] = [ord(c) for c in str(i + 1)]
for lo in (0x1F150, 0x1F170):
    for i in range(26):
        HAND[lo + i] = [0x61 + i]


def cf(c):
    return nfc(nfkc_cf.get(c, [c]))


def norm(c):
    if c in white:
        return [0x20]
    if gc[c] == "Cc" or c in ISOLATED or c in (0x640, 0x674):
        return []
    out = []
    for d in nfd(HAND.get(c, nfkc_cf.get(c, [c]))):
        if d in MARKS or d in (0x640, 0x674):
            continue
        d = LETTERS.get(d, d)
        out.append(0x30 + digit[d] if d in digit else d)
    return nfc(out)


# --- properties ------------------------------------------------------------

KINDS = ["OTHER", "LETTER", "DIGIT", "SPACE", "EMOJI", "IDEO"]
NO_SPACES = {"Han", "Hiragana", "Katakana", "Bopomofo", "Thai", "Lao",
             "Khmer", "Myanmar", "Tibetan", "Yi"}
COUNTS = ["LOWER", "UPPER", "DIGIT", "SPACE", "NEWLINE", "PUNCT", "EMOJI",
          "HARAKA", "TATWEEL", "ZERO_WIDTH", "BIDI", "PRESENT", "LAM_ALEF",
          "VARSEL", "NATIVE_DIGIT", "STYLED_DIGIT", "WIDE_DIGIT",
          "STYLED_LATIN", "SMALL_LATIN", "DOTLESS", "OVERLAY", "COMBINING",
          "CONTROL", "BAD"]
ZERO_WIDTH = spread(0xAD, 0x34F, 0x115F, 0x1160, 0x180E, (0x200B, 0x200D),
                    (0x2060, 0x2064), 0x3164, 0xFEFF, 0xFFA0,
                    (0xE0000, 0xE007F))
BIDI = spread(0x61C, 0x200E, 0x200F, (0x202A, 0x202E), (0x2066, 0x2069))
STYLED = spread((0xFF21, 0xFF3A), (0xFF41, 0xFF5A), (0x1D400, 0x1D6A5),
                (0x249C, 0x24E9), (0x1F110, 0x1F189), 0x2102, 0x210A, 0x210B,
                (0x210C, 0x210E), (0x2110, 0x2113), 0x2115, (0x2119, 0x211D),
                0x2124, 0x2128, 0x212C, 0x212D, (0x212F, 0x2134))
STYLED_DIGITS = spread(0x20E3, (0x2460, 0x249B), 0x24EA, (0x24EB, 0x24FF),
                       (0x2776, 0x2793), 0x1F10B, 0x1F10C)
DOTLESS = {0x66E, 0x66F, 0x6A1}


def small_latin(c):
    return script[c] == "Latin" and c > 0x24F and (
        compat_tag.get(c) in ("<super>", "<sub>") or chr(c) in ALWAYS)


def kind(c):
    g = gc[c]
    if c in white:
        return "SPACE"
    if g == "Nd" or g == "No":
        return "DIGIT"
    if g[0] == "L" or g == "Nl" or g[0] == "M":
        return "IDEO" if script[c] in NO_SPACES else "LETTER"
    if (g in ("So", "Sk") and c > 0x2190) or 0x1F000 <= c < 0x1FB00:
        return "EMOJI"
    return "OTHER"


SETS = [("TATWEEL", {0x640}), ("HARAKA", HARAKAT),
        ("ZERO_WIDTH", ZERO_WIDTH), ("BIDI", BIDI),
        ("VARSEL", spread((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))),
        ("LAM_ALEF", spread((0xFEF5, 0xFEFC))),
        ("PRESENT", spread((0xFB50, 0xFDFF), (0xFE70, 0xFEFE))),
        ("STYLED_DIGIT", STYLED_DIGITS),
        ("WIDE_DIGIT", spread((0xFF10, 0xFF19), (0x1D7CE, 0x1D7FF))),
        ("STYLED_LATIN", STYLED), ("DOTLESS", DOTLESS),
        ("OVERLAY", OVERLAY), ("NEWLINE", {10, 0x2028, 0x2029}),
        ("BAD", {0xFFFD})]
SET_OF = {c: name for name, s in reversed(SETS) for c in s}


def count(c):
    if c in SET_OF:
        return SET_OF[c]
    if gc[c] in ("Mn", "Me") and c in MARKS and not 0x653 <= c <= 0x655:
        return "COMBINING"
    if c in white:
        return "SPACE"
    if gc[c] in ("Cc", "Cf", "Co", "Cn"):
        return "CONTROL"
    if small_latin(c):
        return "SMALL_LATIN"
    if gc[c] == "Nd" and c > 0x7F:
        return "NATIVE_DIGIT"
    k = kind(c)
    if k == "DIGIT":
        return "DIGIT"
    if k in ("LETTER", "IDEO"):
        return "UPPER" if gc[c] in ("Lu", "Lt") else "LOWER"
    return "EMOJI" if k == "EMOJI" else "PUNCT"


RASM = {}
for to, froms in {"ٮ": "بتثنيپٹںئىیېےۍڀٺټٽٻ", "ح": "جخچڄڃڇځڅ", "د": "ذڈڌڎڊ",
                  "ر": "زژڑړڕږڒۯ", "س": "شښڛۺ", "ص": "ضڞۻ", "ط": "ظڟ",
                  "ع": "غڠۼ", "ڡ": "فقڤٯڢڣڥڦڧڨ", "ك": "گڭڮڰڱڲڳڴک", "ه": "ھةە",
                  "و": "ۆۇۋۈۉۊۏ", "ل": "ڵڶڷڸ"}.items():
    RASM.update({ord(f): ord(to) for f in froms})

ALWAYS, MIXED = {}, {}
for line in LOOK.read_text(encoding="utf-8").splitlines():
    if line and not line.startswith("#"):
        when, to, froms = line.split()
        (ALWAYS if when == "always" else MIXED).update(
            {f: to for f in froms})

scripts = sorted(set(script) - {"Common", "Inherited", "Unknown"})
SID = {s: i + 1 for i, s in enumerate(scripts)}


def strong(c):
    return {"L": 1, "R": 2, "AL": 2}.get(bidi[c], 0) if gc[c] != "Cn" else 0


def slow(c, m):
    """The form m of c may join what stands before it (see unicode.h)."""
    d = nfd(m)
    return bool(d) and (ccc[d[0]] != 0 or d[0] in qc_maybe)


CF, NORM, PROP = {}, {}, []
for c in range(MAX):
    plain = gc[c] in ("Cn", "Co", "Cs") and c not in nfkc_cf or \
        SBASE <= c < SBASE + 11172 or 0x3400 <= c <= 0x9FFF \
        or 0x20000 <= c < 0x2F800 or 0x30000 <= c < 0x323B0
    if not plain:
        m = cf(c)
        if m != [c]:
            CF[c] = m
        n = norm(c)
        if n != [c]:
            NORM[c] = n
        assert len("".join(map(chr, n)).encode()) <= \
            14 * len(chr(c).encode()), hex(c)
        s = slow(c, m) or slow(c, n)
    else:
        s = False
    PROP.append((SID.get(script[c], 0), KINDS.index(kind(c)),
                 COUNTS.index(count(c)), (1 if s else 0) | strong(c) << 1))

# --- output ----------------------------------------------------------------


def two_stage(values, width):
    seen, one, two = {}, [], []
    for i in range(0, MAX, width):
        b = tuple(values[i:i + width])
        if b not in seen:
            seen[b] = len(seen)
            two += b
        one.append(seen[b])
    return one, two


out = ["/* Generated by tools/unicode_tables.py from Unicode 15.0 data. */",
       '#include "text/unicode.h"', ""]


def array(ctype, name, values):
    out.append(f"const {ctype} {name}[] = {{")
    line = ""
    for v in values:
        if len(line) + len(str(v)) > 72:
            out.append("\t" + line)
            line = ""
        line += f"{v},"
    out.extend(["\t" + line, "};", ""])


def mapping(name, table):
    pool, where, index = bytearray([0]), {}, [0] * MAX
    for c, seq in table.items():
        b = "".join(map(chr, seq)).encode()
        if b not in where:
            where[b] = len(pool)
            pool.append(len(b))
            pool.extend(b)
        index[c] = where[b]
    assert len(pool) < 65536
    one, two = two_stage(index, 128)
    array("uint16_t", f"tq_{name}_stage1", one)
    array("uint16_t", f"tq_{name}_stage2", two)
    array("uint8_t", f"tq_{name}_pool", pool)


mapping("u_cf", CF)
mapping("u_norm", NORM)
uniq = {}
index = [uniq.setdefault(p, len(uniq)) for p in PROP]
one, two = two_stage(index, 128)
array("uint16_t", "tq_u_prop_stage1", one)
array("uint16_t", "tq_u_prop_stage2", two)
out.append("const struct tq_uprop tq_u_props[] = {")
for p in uniq:
    out.append("\t{ %d, %d, %d, %d }," % p)
out.extend(["};", ""])
dec = sorted((c, *(d + [0])[:2]) for c, d in canon.items())
out.append("const struct tq_udecomp tq_u_decomps[] = {")
out.extend("\t{ %d, { %d, %d } }," % d for d in dec)
out.extend(["};", f"const size_t tq_u_decomps_n = {len(dec)};", ""])
comp = sorted((a, b, c) for (a, b), c in compose.items())
out.append("const struct tq_ucomp tq_u_comps[] = {")
out.extend("\t{ %d, %d, %d }," % d for d in comp)
out.extend(["};", f"const size_t tq_u_comps_n = {len(comp)};", ""])


def pairs(name, table):
    out.append(f"const struct tq_upair {name}[] = {{")
    out.extend("\t{ 0x%X, 0x%X }," % p for p in sorted(table.items()))
    out.extend(["};", f"const size_t {name}_n = {len(table)};", ""])


pairs("tq_u_ccc", {c: n for c, n in enumerate(ccc) if n})
array("uint16_t", "tq_u_rasm", [RASM.get(c, c) for c in range(0x600, 0x700)])
pairs("tq_u_mixed", {ord(c): ord(to) for c, to in MIXED.items()})
pairs("tq_u_always", {ord(c): ord(to) for c, to in ALWAYS.items()})
out.append("const char *const tq_u_script_names[] = {")
out.extend(f'\t"{s}",' for s in [""] + scripts)
out.extend(["};", f"const size_t tq_u_scripts_n = {len(scripts) + 1};"])
OUT.write_text("\n".join(out) + "\n")
head = []
for s in scripts:
    head.append(f"\tTQ_SCRIPT_{s.upper()} = {SID[s]},")
OUT.with_suffix(".h").write_text(
    "/* Generated by tools/unicode_tables.py. */\n"
    "#ifndef TQ_TEXT_UNICODE_TABLES_H\n#define TQ_TEXT_UNICODE_TABLES_H\n\n"
    "enum tq_script {\n\tTQ_SCRIPT_NONE = 0,\n" + "\n".join(head)
    + f"\n\tTQ_SCRIPT_N = {len(scripts) + 1}\n}};\n\n#endif\n")
