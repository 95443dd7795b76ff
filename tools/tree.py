"""The project's files, for the checks in this folder."""
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
IGNORED = {".git", "node_modules", "demo-data", "__pycache__", "subprojects"}


def walk(folder):
    for p in sorted(folder.iterdir()):
        if p.name in IGNORED or p.name.startswith("build"):
            continue
        if p.is_dir():
            yield from walk(p)
        else:
            yield p


def git(*args):
    """What git says, or None without git or outside of a checkout."""
    if shutil.which("git") is None:
        return None
    r = subprocess.run(["git", *args], cwd=ROOT, capture_output=True)
    return None if r.returncode else r.stdout.decode()


def files():
    """Paths of all files that belong to the project: what git knows or would
    add; outside of a git checkout, everything but what a build leaves."""
    said = git("ls-files", "-z", "-co", "--exclude-standard")
    if said is None:
        return list(walk(ROOT))
    names = sorted(set(said.split("\0")) - {""})
    return [ROOT / n for n in names if (ROOT / n).is_file()]


def name(path):
    return str(path.relative_to(ROOT))


def with_suffix(paths, *suffixes):
    return [p for p in paths if p.suffix in suffixes]


def scripts(paths):
    """Shell scripts: by suffix, or by the first line."""
    for p in paths:
        if p.suffix == ".sh":
            yield p
        elif p.suffix == "":
            with open(p, "rb") as f:
                if re.match(rb"#!.*\b(sh|bash)\b", f.readline()):
                    yield p


# A comment, a string, a character; what is left is code.
TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"'
                   r"|'(?:\\.|[^'\\\n])*'", re.S)


def split_c(text):
    """(code, strings): the text with comments and strings blanked, and the
    string literals as (line number, literal); lines keep their numbers."""
    strings = []

    def blank(m):
        s = m[0]
        if s[0] == '"':
            strings.append((text.count("\n", 0, m.start()) + 1, s))
        return s[0] + "\n" * s.count("\n") if s[0] == '"' else \
            " " + "\n" * s.count("\n")
    return TOKEN.sub(blank, text), strings
