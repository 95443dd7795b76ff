#!/usr/bin/env python3
"""Compiles po/*.po into text/msg.h and the constant tables behind text/lang.h.

usage: po.py [--msgfmt PATH] [--depfile FILE] PO_DIR MSG_H TABLES_C
       po.py [--msgfmt PATH] --check PO_DIR
       po.py --template PO_DIR     (en.po with nothing translated, for msgmerge)

Every language must be complete, and every message must keep the English
message's {slots} and <link>..</link>s; otherwise the build stops here, with
file, line and what is wrong.  docs/translating.md tells how to add one.
"""
import argparse
import os
import re
import subprocess
import sys

NAME_MAX = 48
SOURCE = "en"

# Plural rules by language family (CLDR 41 cardinal rules for whole numbers):
# the header a catalogue must have, and for each form whether it stands for a
# single number, so that the number itself may be left out ("two comments").
# French: CLDR's "many" (whole millions, as in "1 million de") is left out, as
# numbers are always printed in digits.
PLURALS = {
    "none": ("nplurals=1; plural=0", [False]),
    "one_other": ("nplurals=2; plural=(n!=1)", [True, False]),
    "french": ("nplurals=2; plural=(n>1)", [False, False]),
    "russian": ("nplurals=3; plural=(n%10==1&&n%100!=11?0:n%10>=2&&n%10<=4"
                "&&(n%100<12||n%100>14)?1:2)", [False, False, False]),
    "arabic": ("nplurals=6; plural=(n==0?0:n==1?1:n==2?2:n%100>=3&&n%100<=10"
               "?3:n%100>=11?4:5)", [True, True, True, False, False, False]),
}
MONTH_SETS = ("plain", "arabic")

SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
LINK = re.compile(r"<(/?)([a-z][a-z0-9_]*)>")
ENTITY = re.compile(r"&#?[A-Za-z0-9]+;")
# Controls, and the invisible bidi marks that the program itself places.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e"
                    "\u2066-\u2069]")
LEADING_STOP = re.compile(r"[.,:;!?\u060c\u061b\u061f]")


class Entry:
    def __init__(self, line):
        self.line = line
        self.context = None
        self.id = None
        self.plural = None
        self.forms = {}
        self.fuzzy = False

    def key(self):
        return (self.context, self.id)

    def title(self):
        where = f" (context {self.context})" if self.context else ""
        return f'"{self.id}"{where}'


class Problems:
    def __init__(self):
        self.lines = []

    def add(self, path, line, what):
        self.lines.append(f"{path}:{line}: {what}")

    def stop(self):
        for text in dict.fromkeys(self.lines):
            print(text, file=sys.stderr)
        sys.exit(1)


# ---- reading

def unquote(text, path, line, bad):
    """One "..." of a .po line, with its C escapes."""
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        bad.add(path, line, "expected text in double quotes")
        return ""
    known = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}
    out = []
    chars = iter(text[1:-1])
    for c in chars:
        if c == "\\":
            c = known.get(next(chars, ""))
            if c is None:
                bad.add(path, line, 'the escapes are \\n \\t \\" and \\\\')
                return ""
        out.append(c)
    return "".join(out)


def read_po(path, bad):
    """All entries of a catalogue; the first is its header."""
    entries, current, field = [], None, None
    fuzzy = False

    def put(text, line):
        value = unquote(text, path, line, bad)
        if isinstance(field, int):
            current.forms[field] = current.forms.get(field, "") + value
        else:
            setattr(current, field, (getattr(current, field) or "") + value)

    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n")
    for no, line in enumerate(lines, 1):
        line = line.strip()
        if line.startswith("#,") and "fuzzy" in line:
            fuzzy = True
        if not line or line.startswith("#"):
            continue
        if line.startswith('"') and current is not None:
            put(line, no)
            continue
        m = re.match(r'(msgctxt|msgid|msgid_plural|msgstr|msgstr\[(\d+)\])'
                     r'\s+(".*)$', line)
        if not m:
            bad.add(path, no, "not a line of a .po file")
            continue
        word = m[1]
        starts = word == "msgctxt" or (word == "msgid" and
                                       (current is None or
                                        current.id is not None))
        if starts:
            current = Entry(no)
            current.fuzzy, fuzzy = fuzzy, False
            entries.append(current)
        elif current is None:
            bad.add(path, no, f"{word} before any msgid")
            continue
        field = {"msgctxt": "context", "msgid": "id",
                 "msgid_plural": "plural"}.get(word, int(m[2] or 0))
        put(m[3], no)
    return entries


def read_linguas(path, bad):
    """[(line, tag, own name, direction, plural rule, month set)]"""
    langs = []
    with open(path, encoding="utf-8") as f:
        rows = f.read().split("\n")
    for no, row in enumerate(rows, 1):
        if not row.strip() or row.startswith("#"):
            continue
        cols = re.split(r"\t+|  +", row.strip())
        if len(cols) != 5:
            bad.add(path, no, "expected five columns, with tabs between: tag, "
                    "own name, direction, plural rule, month set")
            continue
        tag, _, direction, rule, months = cols
        for value, allowed, what in (
                (direction, ("ltr", "rtl"), "direction"),
                (rule, tuple(PLURALS), "plural rule"),
                (months, MONTH_SETS, "month set")):
            if value not in allowed:
                bad.add(path, no, f'{tag}: {what} "{value}" is none of '
                        + ", ".join(allowed))
        if tag in [one[1] for one in langs]:
            bad.add(path, no, f"{tag} stands twice")
        langs.append((no, *cols))
    if not langs or langs[0][1] != SOURCE:
        bad.add(path, 1, f"the first language must be {SOURCE}")
    return langs


# ---- checking

def slots(text):
    return set(SLOT.findall(text))


def links(text):
    return sorted(name for close, name in LINK.findall(text) if not close)


def check_marks(text, path, e, bad):
    """Slots and links are well formed, and there is no other markup."""
    inside = None
    for close, name in LINK.findall(text):
        if (close and inside != name) or (not close and inside):
            bad.add(path, e.line, f"{e.title()}: <{close}{name}> does not "
                    "pair; links open and close, one after the other")
            return
        inside = None if close else name
    if inside:
        bad.add(path, e.line, f"{e.title()}: <{inside}> is never closed")
    rest = LINK.sub("", SLOT.sub("", text))
    m = re.search(r"[<>{}]", rest) or ENTITY.search(rest)
    if m:
        bad.add(path, e.line, f"{e.title()}: {m[0]} is neither a {{slot}} nor "
                "a <link>..</link>; HTML has no place in a message")
    m = UNSEEN.search(text)
    if m:
        bad.add(path, e.line, f"{e.title()}: U+{ord(m[0]):04X} is invisible; "
                "take it out")


def check_text(text, source, optional, path, e, bad):
    """One translation against the English it stands for."""
    check_marks(text, path, e, bad)
    lacking = slots(source) - slots(text) - optional
    extra = slots(text) - slots(source)
    for name in sorted(lacking):
        bad.add(path, e.line, f"{e.title()}: {{{name}}} is missing")
    for name in sorted(extra):
        bad.add(path, e.line, f"{e.title()}: {{{name}}} is not in the English "
                "message")
    if links(text) != links(source):
        bad.add(path, e.line, f"{e.title()}: links differ: the English has "
                f"{links(source)}, this {links(text)}")
    if LEADING_STOP.match(text) and not LEADING_STOP.match(source):
        bad.add(path, e.line, f"{e.title()}: begins with {text[0]}; type it "
                "after the sentence, the page puts it on the left")


def check_entry(e, source, rule, path, bad):
    if e.fuzzy:
        bad.add(path, e.line, f"{e.title()}: marked fuzzy: review it and take "
                "the mark away")
    if e.plural != source.plural:
        bad.add(path, e.line, f"{e.title()}: msgid_plural differs from the "
                "English")
        return
    single = PLURALS[rule][1] if source.plural is not None else [False]
    if sorted(e.forms) != list(range(len(single))):
        bad.add(path, e.line, f"{e.title()}: needs msgstr"
                + (f"[0] to [{len(single) - 1}]" if len(single) > 1 else ""))
        return
    for i, one in enumerate(single):
        if not e.forms[i].strip():
            form = f" (form {i})" if len(single) > 1 else ""
            bad.add(path, e.line, f"{e.title()}: not translated{form}")
            continue
        check_text(e.forms[i], source.plural or source.id,
                   {"n"} if one else set(), path, e, bad)


def check_header(entries, lang, path, bad):
    _, tag, _, _, rule, _ = lang
    head = entries[0] if entries and entries[0].id == "" else None
    fields = dict(re.findall(r"^([A-Za-z-]+):\s*(.*)$",
                             head.forms.get(0, "") if head else "", re.M))
    wanted = PLURALS[rule][0]
    got = fields.get("Plural-Forms", "nothing")
    if "charset=UTF-8" not in fields.get("Content-Type", ""):
        bad.add(path, 1, "header: Content-Type must say charset=UTF-8")
    if fields.get("Language") != tag:
        bad.add(path, 1, f"header: Language must be {tag}")
    if re.sub(r"\s", "", got).rstrip(";") != re.sub(r"\s", "", wanted):
        bad.add(path, 1, f'header: Plural-Forms must be "{wanted};" (rule '
                f'{rule}), not "{got}"')


def check_catalogue(entries, source, lang, path, bad):
    """The language's entries in the order of the source, or fewer."""
    check_header(entries, lang, path, bad)
    by_key = {}
    for e in entries[1:]:
        if e.key() in by_key:
            bad.add(path, e.line, f"{e.title()}: stands twice, first on line "
                    f"{by_key[e.key()].line}")
        elif e.key() not in source:
            bad.add(path, e.line, f"{e.title()}: not in {SOURCE}.po")
        by_key[e.key()] = e
    for key, s in source.items():
        if key not in by_key:
            bad.add(path, len(entries) and entries[-1].line,
                    f"{s.title()}: missing ({SOURCE}.po line {s.line})")
        else:
            check_entry(by_key[key], s, lang[4], path, bad)
    return [by_key[key] for key in source if key in by_key]


def msgfmt(program, path, bad):
    run = subprocess.run(
        [program, "-c", "--check-header", "-o", os.devnull, path],
        capture_output=True, text=True)
    if run.returncode or run.stderr.strip():
        bad.lines += [s for s in run.stderr.split("\n") if s.strip()]


# ---- names

def enumerator(e):
    text = LINK.sub("", SLOT.sub(r"\1", e.id))
    if e.context:
        text = e.context + " " + text
    name = re.sub(r"[^A-Z0-9]+", "_", text.upper()).strip("_")
    if len(name) > NAME_MAX:
        cut = name[:NAME_MAX + 1].rfind("_")
        name = name[:cut if cut > 0 else NAME_MAX]
    return "TQ_MSG_" + name


def enumerators(source, path, bad):
    names = {}
    for e in source.values():
        name = enumerator(e)
        if name == "TQ_MSG_":
            bad.add(path, e.line, f"{e.title()}: has no letter to name it by; "
                    "give it a msgctxt")
        elif name in names:
            bad.add(path, e.line, f"{e.title()} and line {names[name].line} "
                    f"{names[name].title()} would both be {name}; give one "
                    "a msgctxt")
        names[name] = e
    return list(names)


# ---- writing

def c_string(text):
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("?", "\\?")):
        text = text.replace(plain, escaped)
    return '"' + text + '"'


def c_comment(text):
    text = text.replace("*/", "*").replace("/*", "*")
    return text if len(text) <= 58 else text[:55] + "..."


def header_text(names, source):
    rows = [f"\t{name},\n\t\t/* {c_comment(e.id)} */\n"
            for name, e in zip(names, source.values())]
    return ("/* msg.h - the interface's messages; generated by tools/po.py "
            "from po/en.po. */\n"
            "#ifndef TQ_TEXT_MSG_H\n#define TQ_TEXT_MSG_H\n\n"
            f"#define TQ_MSGS {len(names)}\n\n"
            "enum tq_msg {\n" + "".join(rows) + "};\n\n#endif\n")


def table_text(langs):
    """langs: [(LINGUAS row, entries in the order of the enum)]"""
    out = ["/* Generated by tools/po.py from po/. */\n"
           '#include "text/lang_table.h"\n']
    rows = []
    for i, ((_, tag, own, direction, rule, months), entries) in \
            enumerate(langs):
        text, at = [], [0]
        for e in entries:
            text += [e.forms[k] for k in sorted(e.forms)]
            at.append(len(text))
        out.append(f"\nstatic const tq_str text_{i}[] = {{\n"
                   + "".join(f"\tTQ_S_INIT({c_string(t)}),\n" for t in text)
                   + f"}};\n\nstatic const uint16_t at_{i}[] = {{\n"
                   + "".join(f"\t{n},\n" for n in at) + "};\n")
        rows.append(f"\t{{ .tag = TQ_S_INIT({c_string(tag)}), "
                    f".name = TQ_S_INIT({c_string(own)}),\n"
                    f"\t    .dir = TQ_{direction.upper()}, "
                    f".plural = TQ_PLURAL_{rule.upper()},\n"
                    f"\t    .months = TQ_MONTH_SET_{months.upper()}, "
                    f".text = text_{i}, .at = at_{i} }},\n")
    out.append("\nconst struct tq_lang tq_lang_table[] = {\n" + "".join(rows)
               + "};\nconst size_t tq_lang_table_n =\n"
               "    sizeof(tq_lang_table) / sizeof(tq_lang_table[0]);\n")
    return "".join(out)


def template(path):
    """en.po with every message empty but the header."""
    out, header, skipping = [], True, False
    with open(path, encoding="utf-8") as f:
        for line in f:
            if header:
                header = line.strip() != ""
            elif line.startswith("msgstr"):
                line, skipping = line.split('"')[0] + '""\n', True
            elif skipping and line.startswith('"'):
                continue
            else:
                skipping = False
            out.append(line)
    return "".join(out)


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def compile_all(po_dir, program):
    """The languages' tables, the enum's names and the files that were read."""
    bad = Problems()
    linguas = os.path.join(po_dir, "LINGUAS")
    langs = read_linguas(linguas, bad)
    if bad.lines:
        bad.stop()
    files, tables, source, names = [linguas], [], {}, []
    for lang in langs:
        path = os.path.join(po_dir, lang[1] + ".po")
        files.append(path)
        if not os.path.exists(path):
            bad.add(linguas, lang[0], f"{path} is not there")
            continue
        if program:
            msgfmt(program, path, bad)
        entries = read_po(path, bad)
        if lang[1] == SOURCE:
            source = {e.key(): e for e in entries[1:]}
            names = enumerators(source, path, bad)
            for e in source.values():
                check_marks(e.id, path, e, bad)
        tables.append((lang, check_catalogue(entries, source, lang, path,
                                             bad)))
    if bad.lines:
        bad.stop()
    return tables, names, source, files


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("--msgfmt", help="gettext's msgfmt, for its own checks")
    args.add_argument("--depfile", help="write the files read, for ninja")
    args.add_argument("--check", action="store_true", help="write nothing")
    args.add_argument("--template", action="store_true",
                      help="print en.po with nothing translated")
    args.add_argument("po_dir")
    args.add_argument("msg_h", nargs="?")
    args.add_argument("tables_c", nargs="?")
    a = args.parse_args()
    if a.template:
        sys.stdout.write(template(os.path.join(a.po_dir, SOURCE + ".po")))
        return
    if not a.check and not a.tables_c:
        args.error("MSG_H and TABLES_C are needed without --check")
    tables, names, source, files = compile_all(a.po_dir, a.msgfmt)
    if a.check:
        return
    write(a.msg_h, header_text(names, source))
    write(a.tables_c, table_text(tables))
    if a.depfile:
        write(a.depfile, f"{a.msg_h} {a.tables_c}: " + " ".join(files) + "\n")


if __name__ == "__main__":
    main()
