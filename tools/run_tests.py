#!/usr/bin/env python3
"""Builds taliq twice and runs its tests; called by ./test.

usage: run_tests.py [PART[/TEXT]...]

Parts are the rows of PARTS below; /TEXT runs only the programs of a part with
TEXT in their name.  Environment:
  FUZZ_SECONDS   for each fuzz target (3)
  SOAK_SECONDS   for each soak (10; 60 with "soak")
  TALIQ_SHARED   folder of test data (../shared when it is there)
Logs: build-test/logs.  The last line is "N passed, N failed, N skipped".
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

import tapread
from tree import ROOT, git

CPUS = os.cpu_count() or 2
GCC, SAN = "gcc", "san"
BUILDS = {
    GCC: ("build-test", "gcc", []),
    SAN: ("build-san", "clang", ["-Db_sanitize=address,undefined",
                                 "-Db_lundef=false", "-Dfuzz=true"]),
}
LOGS = ROOT / "build-test/logs"


class Job:
    """One program: where it belongs, what to run, how its word counts."""

    def __init__(self, part, build, name, cmd, timeout, **more):
        self.part, self.build, self.name = part, build, name
        self.cmd, self.timeout = [str(c) for c in cmd], timeout
        self.env = more.get("env", {})
        self.cwd = more.get("cwd") or ROOT
        # A program that reports nothing but its exit status: one case.
        self.plain = more.get("plain", False)
        # One that measures time wants the machine to itself.
        self.alone = more.get("alone", False)

    def title(self):
        return f"{self.part} ({self.build}) {self.name}"


def build_dir(build):
    return ROOT / BUILDS[build][0]


def meson_jobs(part, build, **more):
    """The tests of a suite, from meson's own list."""
    said = subprocess.run(["meson", "introspect", "--tests",
                           build_dir(build)], capture_output=True, check=True)
    for t in json.loads(said.stdout):
        if any(s.split(":")[-1] == part for s in t["suite"]):
            slow = 3 if build == SAN else 1
            yield Job(part, build, t["name"], t["cmd"],
                      max(t["timeout"], 60) * slow, env=t["env"],
                      cwd=t["workdir"] or build_dir(build),
                      alone=not t["is_parallel"], **more)


def script_jobs(part, build, pattern, runner):
    """Files of tests/PART; "timeout: SECONDS" in one's head counts."""
    for p in sorted((ROOT / "tests" / part).glob(pattern)):
        said = re.search(r"timeout: (\d+)", p.read_text()[:2000])
        yield Job(part, build, p.name, [runner, p],
                  int(said[1]) if said else 180)


def unit_jobs():
    yield from meson_jobs("unit", GCC)
    yield from meson_jobs("unit", SAN)


def web_jobs():
    yield from meson_jobs("web", GCC)
    yield from meson_jobs("web", SAN)


def tools_jobs():
    yield from meson_jobs("tools", GCC)


def checks_jobs():
    tools = ROOT / "tools"
    yield Job("checks", GCC, "check", [sys.executable, tools / "check.py"], 120)
    yield Job("checks", GCC, "lint", [sys.executable, tools / "lint.py",
                                      build_dir(GCC)], 600)


def scenario_jobs():
    for build in (GCC, SAN):
        for job in script_jobs("scenario", build, "*.sh", "sh"):
            if job.name != "lib.sh":
                yield job


def corpora_jobs():
    """Hostile rows: the sanitizers are to see them."""
    for job in script_jobs("corpora", SAN, "*.py", sys.executable):
        if job.name != "corpus.py":
            yield job


def browser_jobs():
    """What meson lists, and *_test.mjs that it does not."""
    known = list(meson_jobs("browser", GCC))
    yield from known
    listed = " ".join(" ".join(j.cmd) for j in known)
    for job in script_jobs("browser", GCC, "*_test.mjs", "node"):
        if job.name not in listed:
            yield job


def clients_jobs():
    """Other people's clients of Akismet."""
    for job in script_jobs("akismet/clients", GCC, "*.sh", "sh"):
        job.part = "clients"
        yield job


def wordpress_jobs():
    yield from script_jobs("wordpress", GCC, "*_test.mjs", "node")


def fault_jobs():
    yield from script_jobs("fault", GCC, "*.py", sys.executable)


def soak_jobs():
    """The soaks of the scenarios, for longer."""
    seconds = os.environ.get("SOAK_SECONDS", "60")
    for job in script_jobs("scenario", GCC, "*_soak.sh", "sh"):
        job.part, job.env = "soak", {"SOAK_SECONDS": seconds}
        job.timeout += int(seconds)
        yield job


def fuzz_jobs():
    yield from meson_jobs("fuzz", GCC, plain=True)
    seconds = int(os.environ.get("FUZZ_SECONDS", "3"))
    for job in meson_jobs("fuzz", SAN, plain=True):
        found = build_dir(SAN) / "fuzz" / job.name
        found.mkdir(parents=True, exist_ok=True)
        exe, seeds = job.cmd[0], job.cmd[-1]
        job.cmd = [exe, f"-max_total_time={seconds}", "-timeout=10",
                   "-rss_limit_mb=2048", f"-artifact_prefix={found}-",
                   str(found), seeds]
        job.timeout = seconds + 120
        yield job


# name: (builds, jobs, how many at once); scenarios and the tests of the seam
# mostly wait, for tokens to come of age, time-outs, and servers to end
PARTS = {
    "unit": ((GCC, SAN), unit_jobs, CPUS),
    "tools": ((GCC,), tools_jobs, CPUS),
    "web": ((GCC, SAN), web_jobs, 2 * CPUS),
    "checks": ((GCC,), checks_jobs, CPUS),
    "scenario": ((GCC, SAN), scenario_jobs, 2 * CPUS),
    "corpora": ((SAN,), corpora_jobs, CPUS),
    "clients": ((GCC,), clients_jobs, CPUS),
    "browser": ((GCC,), browser_jobs, CPUS),
    "fuzz": ((GCC, SAN), fuzz_jobs, CPUS),
    "fault": ((GCC,), fault_jobs, 2),
}
# Only when asked for by name.
EXTRA_PARTS = {
    "soak": ((GCC,), soak_jobs, 1),
    "wordpress": ((GCC,), wordpress_jobs, 1),
}


class Sums:
    """All results, and the lines about them."""

    def __init__(self):
        self.passed, self.failed, self.skipped = 0, [], []
        self.lock = threading.Lock()

    def add(self, where, r, seconds):
        with self.lock:
            self.passed += r.passed
            self.failed += [f"{where}: {title}" for title, _ in r.failed]
            self.skipped += [f"{where}: {title}: {why}"
                             for title, why in r.skipped]
            mark = "FAIL" if r.failed else "ok"
            more = f", {len(r.failed)} failed" if r.failed else ""
            more += f", {len(r.skipped)} skipped" if r.skipped else ""
            print(f"{mark:4} {where}: {r.passed}{more} ({seconds:.1f} s)")
            for title, said in r.failed:
                print(f"     not ok: {title}")
                for line in said[-40:]:
                    print(f"       {line}")
            sys.stdout.flush()

    def word(self):
        return (f"{self.passed} passed, {len(self.failed)} failed, "
                f"{len(self.skipped)} skipped")


def environment(job):
    env = dict(os.environ, LC_ALL="C.UTF-8")
    shared = ROOT.parent / "shared"
    if "TALIQ_SHARED" not in env and shared.is_dir():
        env["TALIQ_SHARED"] = str(shared)
    env |= {
        "TALIQ": str(build_dir(job.build) / "src/main/taliq"),
        "TALIQ_BUILD": str(build_dir(job.build)),
        "TALIQ_ROOT": str(ROOT),
        "TALIQ_SANITIZED": "1" if job.build == SAN else "",
        # Without giving memory back: the allocator would ask for the time,
        # and libfaketime allocates while it tells it.
        "ASAN_OPTIONS": "allocator_release_to_os_interval_ms=-1",
        "UBSAN_OPTIONS": "print_stacktrace=1",
    }
    return env | job.env


def run_job(job, log):
    """Exit status, or None when the time was over; output to log + ".out" and
    ".err".  The whole group of processes ends with it."""
    with open(f"{log}.out", "wb") as out, open(f"{log}.err", "wb") as err:
        p = subprocess.Popen(job.cmd, cwd=job.cwd, env=environment(job),
                             stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                             start_new_session=True)
        try:
            status = p.wait(job.timeout)
        except subprocess.TimeoutExpired:
            status = None
            # Time for scripts to stop their servers.
            os.killpg(p.pid, signal.SIGTERM)
            time.sleep(2)
        try:
            os.killpg(p.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        p.wait()
    return status


def result_of(job, status, log):
    out = pathlib.Path(f"{log}.out").read_text(errors="replace")
    err = pathlib.Path(f"{log}.err").read_text(errors="replace").splitlines()
    r = tapread.Result() if job.plain else tapread.read(out)
    if status is None:
        r.fail(f"still running after {job.timeout} s", err[-20:])
    elif job.plain and status == 0:
        r.passed += 1
    elif status and (not r.failed or status < 0):
        r.fail(f"exit status {status}", out.splitlines()[-5:] + err[-40:])
    elif not job.plain and not r.seen:
        r.fail("reports neither TAP nor sums", out.splitlines()[-5:])
    elif r.failed:
        r.failed[-1][1].extend(err[-20:])
    return r


def run(job, sums):
    name = re.sub(r"\W+", "-", job.title()).strip("-")
    started = time.monotonic()
    try:
        status = run_job(job, LOGS / name)
        r = result_of(job, status, LOGS / name)
    except OSError as e:
        r = tapread.Result()
        r.fail(f"cannot run {job.cmd[0]}: {e.strerror}")
    sums.add(job.title(), r, time.monotonic() - started)


def build(which, sums):
    """Configures and builds; true when the tests can run."""
    folder, cc, options = BUILDS[which]
    started, r = time.monotonic(), tapread.Result()
    said = ""
    steps = [["ninja", "-C", folder, "all", "tests/browser/preview"]]
    if not (ROOT / folder / "build.ninja").exists():
        shutil.rmtree(ROOT / folder, ignore_errors=True)
        steps.insert(0, ["meson", "setup", folder, *options])
    for step in steps:
        p = subprocess.run(step, cwd=ROOT, env=dict(os.environ, CC=cc),
                           capture_output=True, text=True)
        said = p.stdout + p.stderr
        if p.returncode:
            r.fail(" ".join(step), said.splitlines()[-60:])
            break
    else:
        r.passed = 1
    sums.add(f"build ({which})", r, time.monotonic() - started)
    LOGS.mkdir(parents=True, exist_ok=True)
    return not r.failed


def run_part(part, text, sums):
    """Runs one part and says how long it took."""
    _, jobs, at_once = (PARTS | EXTRA_PARTS)[part]
    started = time.monotonic()
    chosen = [j for j in jobs() if text in j.name]
    # The slow ones first, so that no processor waits at the end.
    chosen.sort(key=lambda j: -j.timeout)
    if not chosen:
        r = tapread.Result()
        r.skipped.append(("everything", "there are no such tests"))
        sums.add(f"{part}/{text}" if text else part, r, 0)
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        list(pool.map(lambda j: run(j, sums),
                      [j for j in chosen if not j.alone]))
    for job in chosen:
        if job.alone:
            run(job, sums)
    print(f"---- {part}: {time.monotonic() - started:.0f} s\n")


def tree_state():
    """What git sees, or None outside of a checkout."""
    said = git("status", "--porcelain", "-uall")
    return None if said is None else sorted(said.splitlines())


def check_tree(before, sums):
    r, after = tapread.Result(), tree_state()
    if before is None or after is None:
        r.skipped.append(("clean afterwards", "this is no git checkout"))
    elif before != after:
        r.fail("the tests leave something behind",
               sorted(set(after) - set(before)))
    else:
        r.passed = 1
    sums.add("the tree is as before", r, 0)


def main():
    wanted = [a.partition("/")[::2] for a in sys.argv[1:] or PARTS]
    parts = PARTS | EXTRA_PARTS
    unknown = [part for part, _ in wanted if part not in parts]
    if unknown:
        print(f"unknown part {unknown[0]}; parts: {' '.join(parts)}")
        return 2
    started, sums, before, built = time.monotonic(), Sums(), tree_state(), {}
    for part, text in wanted:
        for b in parts[part][0]:
            if b not in built:
                built[b] = build(b, sums)
        if all(built[b] for b in parts[part][0]):
            run_part(part, text, sums)
    check_tree(before, sums)
    print(f"all: {time.monotonic() - started:.0f} s; logs in "
          f"{LOGS.relative_to(ROOT)}")
    for title, lines in (("skipped", sums.skipped), ("failed", sums.failed)):
        for line in lines:
            print(f"{title}: {line}")
    print(sums.word())
    return 1 if sums.failed else 0


if __name__ == "__main__":
    sys.exit(main())
