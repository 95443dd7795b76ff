#!/usr/bin/env python3
"""What other programs find: shellcheck, mandoc, php, cppcheck, gcc's analyzer.
TAP.

usage: lint.py BUILD_DIR   a gcc build, for its compile_commands.json

False alarms stand in tools/lint_allow.txt with their reason; one that no
longer sounds is an error, too.
"""
import concurrent.futures
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

from tap import Tap
from tree import ROOT, files, name, scripts, with_suffix

ALLOW = ROOT / "tools/lint_allow.txt"


# The analyzer sees one file: it cannot know that tq_fail() never returns TQ_OK,
# and takes what is filled on TQ_OK for empty.  -Wnull-dereference and the
# sanitizers look for these two with more sense.
BLIND = ["-Wno-analyzer-use-of-uninitialized-value",
         "-Wno-analyzer-null-dereference"]


def run(args, cwd=ROOT):
    r = subprocess.run(args, cwd=cwd, capture_output=True, text=True,
                       env=dict(os.environ, LC_ALL="C"))
    return r.returncode, r.stdout + r.stderr


class Allowed:
    """Lines "file<TAB>finding<TAB>function or text<TAB>reason"."""

    def __init__(self):
        self.rows = {}
        for line in ALLOW.read_text().splitlines():
            if line and line[0] != "#":
                *key, _ = line.split("\t")
                self.rows[tuple(key)] = False

    def take(self, file, finding, text):
        for key in self.rows:
            if key[:2] == (file, finding) and key[2] in text:
                self.rows[key] = True
                return True
        return False

    def idle(self):
        return [f"{ALLOW.name}: no longer needed: {' '.join(key)}"
                for key, used in self.rows.items() if not used]


def shellcheck(paths):
    sh = [name(p) for p in scripts(paths)]
    status, said = run(["shellcheck", "-f", "gcc", *sh])
    return said.splitlines() if status else []


def mandoc(paths):
    for p in paths:
        if p.parent.name == "man" and re.fullmatch(r"\.\d", p.suffix):
            status, said = run(["mandoc", "-Tlint", "-Wwarning", name(p)])
            if status:
                yield from said.splitlines()


def php(paths):
    for p in with_suffix(paths, ".php"):
        status, said = run(["php", "-l", name(p)])
        if status:
            yield from said.splitlines()


def compile_commands(build):
    """What compiles our own sources, with paths from the root."""
    for c in json.loads((build / "compile_commands.json").read_text()):
        path = (build / c["file"]).resolve()
        if path.is_relative_to(ROOT / "src") and path.suffix == ".c":
            yield path, shlex.split(c["command"])


def cppcheck(build, allowed):
    status, said = run(
        ["cppcheck", f"--project={build / 'compile_commands.json'}",
         f"--file-filter={ROOT / 'src'}/*", "--quiet", "-j", "2",
         "--enable=warning,performance,portability", "--inline-suppr",
         "--template={file}\t{line}\t{id}\t{message}"])
    found = 0
    for line in said.splitlines():
        parts = line.split("\t")
        if len(parts) != 4:
            yield line
            continue
        found += 1
        file = parts[0].removeprefix(str(ROOT) + "/")
        if not allowed.take(file, parts[2], parts[3]):
            yield f"{file}:{parts[1]}: {parts[2]}: {parts[3]}"
    if status and not found:
        yield f"cppcheck: exit status {status}"


def without(args, *options):
    """args less these options and their values."""
    out, skip = [], False
    for a in args:
        if not skip and a not in options:
            out.append(a)
        skip = a in options
    return out


def analyze(job):
    path, args, build = job
    args = [a for a in without(args, "-o", "-MQ", "-MF")
            if a not in ("-MD", "-Werror", "-g") and "stack-usage" not in a]
    return path, run([*args, "-fanalyzer", *BLIND, "-fdiagnostics-plain-output",
                      "-fdiagnostics-path-format=none", "-o", os.devnull], build)[1]


def analyzer(build, allowed):
    jobs = [(p, a, build) for p, a in compile_commands(build)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, said in pool.map(analyze, jobs):
            where = ""
            for line in said.splitlines():
                m = re.search(r"In function '(\w+)'", line)
                where = m[1] if m else where
                m = re.match(r".*?:(\d+):\d+: (?:warning|error): (.*) "
                             r"\[.*-W([\w-]+)\]", line)
                if not m:
                    continue
                text = f"{where}: {m[2]}"
                if not allowed.take(name(path), m[3], text):
                    yield f"{name(path)}:{m[1]}: {m[3]}: {text}"


def main():
    build = (ROOT / sys.argv[1]).resolve()
    tap, paths, allowed = Tap(), files(), Allowed()
    rules = [
        ("shellcheck", "shellcheck", lambda: shellcheck(paths)),
        ("mandoc", "mandoc -Tlint", lambda: mandoc(paths)),
        ("php", "php -l", lambda: php(paths)),
        ("cppcheck", "cppcheck", lambda: cppcheck(build, allowed)),
        ("gcc", "gcc -fanalyzer", lambda: analyzer(build, allowed)),
    ]
    for program, title, rule in rules:
        if shutil.which(program) is None:
            tap.skip(title, f"{program} is not installed")
        else:
            tap.case(title, rule())
    tap.case("every allowed finding is still found", allowed.idle())
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
