"""Reads what a test program printed: TAP, or a last line of sums."""
import re

RESULT = re.compile(r"(not )?ok\b *(\d+)?(?: *- *| +|$)(.*)")
PLAN = re.compile(r"1\.\.(\d+)(?: *# *(?:SKIP\S*) *(.*))?$", re.I)
SKIP = re.compile(r"(.*?) *# *SKIP\S* *(.*)", re.I)
SUMS = re.compile(r"(\d+) passed, (\d+) failed(?:, (\d+) skipped)?")


class Result:
    def __init__(self):
        self.passed = 0
        self.failed = []	# (title, lines that explain)
        self.skipped = []	# (title, reason)
        self.seen = False	# anything that can be counted

    def fail(self, title, said=()):
        self.failed.append((title, list(said)))

    def count(self):
        return self.passed + len(self.failed) + len(self.skipped)


def read_case(r, m, notes):
    """One "ok" or "not ok"; notes are the comment lines since the last."""
    title = m[3].strip()
    skip = SKIP.match(title)
    if skip:
        # cmocka 1.1.5 calls a skip "not ok N # SKIP name"; its reason is
        # what the test printed before.
        name, reason = skip[1], skip[2]
        if not name:
            name, reason = reason, ""
        for note in notes:
            said = re.match(r"# SKIPPED: (.*)", note)
            reason = said[1] if said else reason
        r.skipped.append((name, reason or "no reason given"))
    elif m[1]:
        r.fail(title, notes)
    else:
        r.passed += 1


def read_tap(lines):
    r, planned, notes, after_fail = Result(), 0, [], False
    for line in lines:
        plan, case = PLAN.match(line), RESULT.match(line)
        if plan:
            planned += int(plan[1])
            r.seen = True
            if plan[2] is not None:
                r.skipped.append(("everything", plan[2]))
                planned += 1
        elif case:
            r.seen = True
            read_case(r, case, notes)
            notes = []
            after_fail = bool(case[1])
        elif after_fail and r.failed:
            r.failed[-1][1].append(line)
        else:
            notes.append(line)
    if r.seen and r.count() != planned:
        r.fail("the plan", [f"{planned} cases were announced, {r.count()} "
                            "were told"])
    return r


def read(text):
    """The Result of what a program printed."""
    lines = text.splitlines()
    r = read_tap(lines)
    full = [line for line in lines if line.strip()]
    sums = SUMS.fullmatch(full[-1].strip()) if full else None
    if sums and not r.seen:
        r.seen = True
        r.passed = int(sums[1])
        for i in range(int(sums[2])):
            r.fail(f"one of {sums[2]}", full[-30:-1] if i == 0 else [])
        r.skipped = [("one of " + sums[3], "see the log")
                     for _ in range(int(sums[3] or 0))]
    return r
