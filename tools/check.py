#!/usr/bin/env python3
"""The house rules that a script can hold: sizes, banned words, layout, SQL,
nothing forgotten, nothing private.  TAP.  What other programs check is in
lint.py; include directions are in layers.py."""
import re
import subprocess
import sys

from tap import Tap
from tree import ROOT, files, name, split_c, with_suffix

FUNCTION_LINES = 60
COMPLEXITY = 15
FILE_LINES, FILE_NOTE = 600, 400
COLUMNS = 100

BANNED = ("strcpy strcat sprintf strtok gets atoi alloca system popen strncpy "
          "localtime").split()
# Vulnerable cousins of the same words.
BANNED += "vsprintf strtok_r atol atoll atof tmpnam mktemp execl execlp".split()

SQL = re.compile(r"\b(SELECT\s|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|"
                 r"CREATE\s+(TABLE|INDEX)|PRAGMA\s|ALTER\s+TABLE|DROP\s)")
# Functions that would put a value into a text.
FORMATS = re.compile(r"\b(tq_buf_printf|snprintf|asprintf|sqlite3_mprintf|"
                     r"sqlite3_snprintf)\s*\(")


def lines_of(path):
    return path.read_text(encoding="utf-8").split("\n")


def layers(_):
    r = subprocess.run([sys.executable, ROOT / "tools/layers.py", ROOT],
                       capture_output=True, text=True)
    return (r.stdout + r.stderr).splitlines()


def own_header_first(paths):
    for p in with_suffix(paths, ".c"):
        header = p.with_suffix(".h")
        if p.relative_to(ROOT).parts[0] != "src" or not header.exists():
            continue
        first = re.search(r'^\s*#\s*include\s+(.*)$', p.read_text(), re.M)
        wanted = f'"{header.relative_to(ROOT / "src")}"'
        if first is None or first[1].strip() != wanted:
            yield f"{name(p)}: the first include is not {wanted}"


def guards(paths):
    for p in with_suffix(paths, ".h"):
        folder, *parts = p.relative_to(ROOT).with_suffix("").parts
        if folder != "src":
            continue
        wanted = "TQ_" + "_".join(parts).upper() + "_H"
        m = re.search(r"^#ifndef (\w+)\n#define (\w+)\n", p.read_text(), re.M)
        if m is None or m[1] != wanted or m[2] != wanted:
            yield f"{name(p)}: the guard is not {wanted}"


def function_sizes(paths):
    c = [name(p) for p in with_suffix(paths, ".c")]
    r = subprocess.run(["pmccabe", *c], cwd=ROOT, capture_output=True,
                       text=True)
    if r.returncode or r.stderr:
        yield from (r.stderr or "pmccabe failed").splitlines()
    for row in r.stdout.splitlines():
        # The first column counts a switch once, whatever its cases.
        complexity, _, _, _, length, where = row.split("\t")
        if int(length) > FUNCTION_LINES:
            yield f"{where}: {length} lines, allowed {FUNCTION_LINES}"
        if int(complexity) > COMPLEXITY:
            yield f"{where}: complexity {complexity}, allowed {COMPLEXITY}"


def long_files(paths, limit):
    for p in with_suffix(paths, ".c", ".h", ".py", ".sh", ".mjs"):
        n = len(lines_of(p)) - 1
        if n > limit:
            yield f"{name(p)}: {n} lines, more than {limit}"


def banned_words(paths):
    word = re.compile(r"\b(" + "|".join(BANNED) + r")\s*\(")
    for p in with_suffix(paths, ".c", ".h"):
        code, _ = split_c(p.read_text())
        for no, line in enumerate(code.split("\n"), 1):
            m = word.search(line)
            if m:
                yield f"{name(p)}:{no}: {m[1]} is banned"


def unfinished(paths):
    todo = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X+)\b")
    for p in with_suffix(paths, ".c", ".h", ".py", ".sh", ".mjs", ".html"):
        for no, line in enumerate(lines_of(p), 1):
            if todo.search(line) and "mkstemp" not in line \
                    and "-XXXXXX" not in line:
                yield f"{name(p)}:{no}: {line.strip()}"


def layout_c(paths):
    for p in with_suffix(paths, ".c", ".h"):
        for no, line in enumerate(lines_of(p), 1):
            indent = re.match(r"[ \t]*", line)[0]
            if not re.fullmatch(r"\t* {0,7}", indent) or \
                    re.fullmatch(r"\t* ", indent) and \
                    not line.startswith("*", len(indent)):
                yield f"{name(p)}:{no}: indented by spaces"


# "static int foo(int x) {" or "int foo(int x)" followed by "{": a definition
# whose name does not begin its line.
DEFINITION = re.compile(r"^(?!(?:typedef|extern|return|else)\b)[a-z][\w \t*]*"
                        r"[ \t*](\w+)\([^;{}=]*\)\s*\n?\{", re.M)


def names_in_column_one(paths):
    for p in with_suffix(paths, ".c", ".h"):
        code, _ = split_c(p.read_text())
        for m in DEFINITION.finditer(code):
            if m[0].startswith("static inline") and p.suffix == ".h" and \
                    "\n" in m[0].split("(")[0]:
                continue
            no = code.count("\n", 0, m.start()) + 1
            yield f"{name(p)}:{no}: {m[1]} does not begin its line"


def columns(paths):
    kinds = (".c", ".h", ".py", ".sh", ".mjs", ".cjs", ".js", ".css", ".sql",
             ".php", ".pl", ".rb", ".go")
    for p in paths:
        if p.suffix not in kinds and p.name not in ("meson.build", "run",
                                                    "test"):
            continue
        for no, line in enumerate(lines_of(p), 1):
            if len(line.expandtabs(8)) > COLUMNS:
                yield f"{name(p)}:{no}: more than {COLUMNS} columns"


def text_files(paths):
    for p in paths:
        data = p.read_bytes()
        if b"\0" not in data and "seeds" not in p.parts:
            yield p, data.decode("utf-8", "replace")


def blanks(paths):
    for p, text in text_files(paths):
        # Two blanks at an end break a line in Markdown.
        if p.suffix in (".md", ".case"):
            continue
        for no, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip():
                yield f"{name(p)}:{no}: blanks at the end"
        if text and not text.endswith("\n"):
            yield f"{name(p)}: no newline at the end"


def sql_place(paths):
    for p in with_suffix(paths, ".c", ".h"):
        parts = p.relative_to(ROOT).parts
        if parts[0] != "src":
            continue
        code, strings = split_c(p.read_text())
        if parts[1] != "store":
            for no, s in strings:
                if SQL.search(s):
                    yield f"{name(p)}:{no}: SQL outside of src/store"
        elif FORMATS.search(code):
            yield from formatted_sql(p)
        if not p.name.startswith("db_sqlite") and "sqlite3.h" in p.read_text():
            yield f"{name(p)}: only src/store/db_sqlite* knows sqlite3.h"


def formatted_sql(p):
    """SQL in the call of a function that formats."""
    text = p.read_text()
    for m in FORMATS.finditer(text):
        call = text[m.start():text.find(";", m.start())]
        if any(SQL.search(s) for _, s in split_c(call)[1]):
            no = text.count("\n", 0, m.start()) + 1
            yield f"{name(p)}:{no}: SQL made by {m[1]}"


def links(paths):
    for p in with_suffix(paths, ".md"):
        if "articles" in p.relative_to(ROOT).parts:
            continue	# their links are web pages' paths
        text = re.sub(r"```.*?```", "", p.read_text(), flags=re.S)
        for m in re.finditer(r"!?\[[^]]*\]\(([^)\s]+)\)", text):
            target = m[1].split("#")[0]
            if re.match(r"[a-z]+:", m[1]) or not target:
                continue
            if not (p.parent / target).exists():
                yield f"{name(p)}: {m[1]} is not there"


def listed(paths):
    """Every source, test and target stands in its folder's meson.build."""
    for p in with_suffix(paths, ".c"):
        m = re.fullmatch(r"(test|fuzz)_(\w+)\.c", p.name)
        wanted = f"'{m[2]}'" if m else f"'{p.name}'"
        build = p.parent / "meson.build"
        if not build.exists() or wanted not in build.read_text():
            yield f"{name(p)}: not in {name(build)}"
    for p in with_suffix(paths, ".c"):
        m = re.fullmatch(r"fuzz_(\w+)\.c", p.name)
        if m and not any((p.parent / "seeds" / m[1]).glob("*")):
            yield f"{name(p)}: no files in seeds/{m[1]}"


# Where a developer's things lie.
PLACE = re.compile(r"(?:^|[^\w.}/])/(?:home|root|work|Users)/\w")


def private(paths):
    for p, text in text_files(paths):
        for no, line in enumerate(text.split("\n"), 1):
            if PLACE.search(line):
                yield f"{name(p)}:{no}: a path of one machine: {line.strip()}"


RULES = [
    ("includes go downwards", layers),
    ("a .c file includes its own header first", own_header_first),
    ("header guards are named after the file", guards),
    ("functions are small", function_sizes),
    ("files are small", lambda p: long_files(p, FILE_LINES)),
    ("no banned functions", banned_words),
    ("nothing is left unfinished", unfinished),
    ("C is indented by tabs", layout_c),
    ("a function's name begins its line", names_in_column_one),
    ("no line is too wide", columns),
    ("no blanks at the ends of lines", blanks),
    ("SQL is constant and only in src/store", sql_place),
    ("links in documents lead somewhere", links),
    ("every source stands in a meson.build", listed),
    ("no path of one machine", private),
]


def main():
    paths, tap = files(), Tap()
    for title, rule in RULES:
        tap.case(title, rule(paths))
    for line in long_files(paths, FILE_NOTE):
        tap.note("note: " + line)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
