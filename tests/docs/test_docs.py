#!/usr/bin/env python3
"""What the documents promise: the manual page has every verb, option and
setting; an installation is complete; every dependency's licence is told.  TAP.

usage: test_docs.py TALIQ PAGE ROOT BUILD    PAGE: the manual page, as built
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TALIQ, PAGE, ROOT, BUILD = map(pathlib.Path, sys.argv[1:])
sys.path.insert(0, str(ROOT / "tools"))
from tap import Tap  # noqa: E402


def run(*args, **more):
    r = subprocess.run([str(a) for a in args], capture_output=True, text=True,
                       **more)
    return r.stdout if r.returncode == 0 else r.stdout + r.stderr


def verbs():
    return re.findall(r"^  ([a-z]+) ", run(TALIQ, "--help"), re.M)


def page_names():
    """What the page names: words after .Cm and .Fl, as typed."""
    text = PAGE.read_text()
    commands = re.findall(r"\.(?:It )?(?:Op )?Cm ([^\n]*)", text)
    flags = re.findall(r"Fl -([a-z]+)", text)
    return set(re.findall(r"[a-z][a-z_]*", " ".join(commands))), set(flags)


def missing_words():
    commands, flags = page_names()
    wanted = verbs()
    if len(wanted) < 5:
        yield "taliq --help lists no verbs"
    for verb in wanted:
        said = run(TALIQ, verb, "--help")
        if verb not in commands:
            yield f"the verb {verb}"
        for flag in set(re.findall(r"--([a-z]+)", said)) - flags:
            yield f"{verb} --{flag}"
        for word in re.findall(r"usage: taliq \w+ ([a-z|]+)", said):
            for act in set(word.split("|")) - commands:
                yield f"{verb} {act}"


def missing_settings(folder):
    data = folder / "data"
    run(TALIQ, "init", "--data", data)
    run(TALIQ, "site", "add", "one", "--data", data)
    commands, _ = page_names()
    said = run(TALIQ, "config", "--data", data) + \
        run(TALIQ, "site", "show", "one", "--data", data)
    names = re.findall(r"^(\w+) = ", said, re.M)
    if "listen" not in names or "moderation" not in names:
        yield "config and site show list nothing"
    for name in names:
        if f"\n.It Cm {name}\n" not in PAGE.read_text():
            yield f"the setting {name}"
    source = (ROOT / "man/taliq.1").read_text()
    for name in re.findall(r"\.It Cm (\w+_\w+)", source):
        yield f"{name} stands in man/taliq.1, though it is printed"


def missing_filter_words():
    """Options of the filter's verbs, and the names in their JSON."""
    page = (ROOT / "man/taliq-filter.1").read_text()
    names = set()
    for verb in ("check", "train", "eval", "model"):
        said = "\n".join(run(TALIQ, verb, "--help").splitlines())
        names |= {f"Fl -{o}" for o in re.findall(r"^  --(\S+)", said, re.M)}
    for name in sorted(names):
        if name not in page:
            yield f"{name} is not in man/taliq-filter.1"
    said = run(TALIQ, "model", "info", "--json")
    for name in re.findall(r'"(\w+)":', said):
        if not re.search(rf"\b{name}\b", page):
            yield f"{name} is not in man/taliq-filter.1"


def lint(page):
    return run("mandoc", "-Tlint", "-Wstyle", page).splitlines()


def install_problems(folder):
    said = run("meson", "install", "-C", BUILD, "--no-rebuild", "--destdir",
               folder / "root")
    found = {p.relative_to(folder / "root").as_posix(): p
             for p in (folder / "root").rglob("*") if p.is_file()}
    for end in ("bin/taliq", "man/man1/taliq.1", "man/man1/taliq-filter.1",
                "systemd/system/taliq.service", "sysusers.d/taliq.conf", "doc/taliq/README.md",
                "doc/taliq/LICENSE", "doc/taliq/docs/operating.md",
                "doc/taliq/packaging/nginx.conf"):
        if not any(name.endswith(end) for name in found):
            yield f"{end} is not installed: {said[-500:]}"
    for name, path in found.items():
        if path.suffix == ".md":
            yield from broken_links(name, path)
        if (path.suffix == ".service" or "man1" in path.parts) and \
                re.search(r"@\w+@|settings: (configuration|site)",
                          path.read_text()):
            yield f"{name} is not filled in"


def broken_links(name, path):
    text = re.sub(r"```.*?```", "", path.read_text(), flags=re.S)
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if not re.match(r"[a-z]+:|/", target) and \
                not (path.parent / target).exists():
            yield f"{name}: {target} is not installed"


def unit_problems(folder):
    """The unit, with a program that surely exists."""
    unit = next((folder / "root").rglob("taliq.service"))
    text = re.sub(r"^(Exec\w+=)\S+", r"\1/bin/true", unit.read_text(),
                  flags=re.M)
    test = folder / "taliq.service"
    test.write_text(re.sub(r"^Documentation=.*\n", "", text, flags=re.M))
    yield from run("systemd-analyze", "verify", test).splitlines()
    said = run("systemd-analyze", "security", "--offline=true", "--no-pager",
               test)
    level = re.search(r"exposure level for \S+: ([\d.]+)", said)
    if level is None or float(level[1]) > 1.5:
        yield f"exposure is not 1.5 or less: {said[-200:]}"
    # With what opens it for ports 80 and 443.
    more = folder / "taliq.service.d"
    more.mkdir()
    shutil.copy(next((folder / "root").rglob("direct.conf")), more)
    yield from run("env", f"SYSTEMD_UNIT_PATH={folder}:", "systemd-analyze",
                   "verify", test).splitlines()


def licences():
    listed = (ROOT / "docs/licence.md").read_text()
    for line in (ROOT / "packaging/dependencies.txt").read_text().split("\n"):
        group, _, rest = line.partition("\t")
        package = rest.split("\t")[0]
        if group == "build" and f"| {package} |" not in listed:
            yield f"{package} is not in docs/licence.md"


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="taliq-docs-") as name:
        folder = pathlib.Path(name)
        tap.case("the manual page has every verb and option", missing_words())
        tap.case("the filter's page has every option",
                 missing_filter_words())
        tap.case("the manual page has every setting",
                 missing_settings(folder))
        if shutil.which("mandoc"):
            tap.case("mandoc has nothing to say", lint(PAGE))
        else:
            tap.skip("mandoc has nothing to say", "mandoc is not installed")
        tap.case("an installation is complete", install_problems(folder))
        if shutil.which("systemd-analyze"):
            tap.case("the unit is sound and shut in", unit_problems(folder))
        else:
            tap.skip("the unit is sound and shut in", "no systemd-analyze")
        tap.case("every build dependency's licence is told", licences())
    return tap.end()


if __name__ == "__main__":
    os.environ.pop("TALIQ_DATA", None)
    sys.exit(main())
