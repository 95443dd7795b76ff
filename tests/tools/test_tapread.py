#!/usr/bin/env python3
"""How tools/tapread.py counts what test programs print; output is TAP.

usage: test_tapread.py TOOLS_DIR
"""
import sys

sys.path.insert(0, sys.argv[1])
import tapread  # noqa: E402 (its place is an argument)

# title, what a program printed, (passed, failed, skipped)
CASES = [
    ("two pass", "1..2\nok 1 - a\nok 2 - b\n", (2, 0, 0)),
    ("one fails", "1..2\nnot ok 1 - a\n# why\nok 2\n", (1, 1, 0)),
    ("the plan comes last", "ok 1 - a\n1..1\n", (1, 0, 0)),
    ("fewer than planned: it died", "1..3\nok 1 - a\n", (1, 1, 0)),
    ("more than planned", "1..1\nok 1 - a\nok 2 - b\n", (2, 1, 0)),
    ("no plan", "ok 1 - a\n", (1, 1, 0)),
    ("a skip", "1..1\nok 1 - a # SKIP no disk\n", (0, 0, 1)),
    ("cmocka's skip is no failure",
     "1..1\n# SKIPPED: no file\nnot ok 1 # SKIP name\n", (0, 0, 1)),
    ("all is skipped", "1..0 # SKIP no browser\n", (0, 0, 1)),
    ("two groups in one program", "1..1\nok 1 - a\n1..1\nok 1 - b\n",
     (2, 0, 0)),
    ("a title that begins with ok", "1..1\nok 1 - okay # not a skip\n",
     (1, 0, 0)),
    ("a last line of sums", "some words\n12 passed, 2 failed, 1 skipped\n",
     (12, 2, 1)),
    ("sums without skips", "3 passed, 0 failed\n", (3, 0, 0)),
    ("sums are believed only in the last line",
     "3 passed, 0 failed\nthen it died\n", (0, 0, 0)),
    ("nothing", "", (0, 0, 0)),
]


def reasons():
    r = tapread.read("1..2\n# SKIPPED: no file\nnot ok 1 # SKIP name\n"
                     "not ok 2 - b\n# because\n")
    return r.skipped == [("name", "no file")] and \
        r.failed == [("b", ["# because"])]


def main():
    print(f"1..{len(CASES) + 1}")
    for no, (title, text, wanted) in enumerate(CASES, 1):
        r = tapread.read(text)
        got = (r.passed, len(r.failed), len(r.skipped))
        print(f"{'ok' if got == wanted else 'not ok'} {no} - {title}")
        if got != wanted:
            print(f"# {got} instead of {wanted}")
    print(f"{'ok' if reasons() else 'not ok'} {len(CASES) + 1} - reasons")


if __name__ == "__main__":
    main()
