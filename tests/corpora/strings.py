#!/usr/bin/env python3
"""Strings that break programs, as a comment's text and as its name: what is
shown is what was written, less what rule R0 takes; what holds nothing to see is
refused.

strings-blns.jsonl               the big list of naughty strings
bidi-and-lookalike-names.jsonl   names that turn lines round or look alike
"""
import re

import corpus

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
TEXT_MAX, NAME_MAX = 15000, 80


def expect(cleaned, longest):
    """The status that a field with this content must give."""
    if corpus.is_blank(cleaned) or len(cleaned) > longest:
        return 422
    return 201


def post(client, fields):
    return client.api({"page": "/one", "name": "A", "text": "B"} | fields)


def as_body(client, s):
    return post(client, {"text": corpus.escape(s)})


def as_written(client, s):
    return post(client, {"name": "As written", "text": s})


def as_name(client, s):
    return post(client, {"name": s})


def check_refusal(a, field, s):
    """A refusal must be of this field, for a reason that holds."""
    errors = a.json().get("errors", [])
    if [e["field"] for e in errors] != [field]:
        return [f"{s[:60]!r}: {a.status} {errors}"]
    return []


def bodies(tap, server, title, strings):
    got = corpus.side_by_side(server, as_body, strings)
    corpus.publish_all(server)
    shown = corpus.read_thread(server, "/one")
    wrong, taken = [], 0
    for s, a in zip(strings, got):
        want = corpus.clean_body(s)
        if expect(want, TEXT_MAX) == 422:
            wrong += [f"{s!r}: {a.status}"] if a.status != 422 else \
                check_refusal(a, "text", s)
            continue
        if a.status not in (201, 202):
            wrong.append(f"{s[:60]!r}: {a.status}")
            continue
        taken += 1
        seen = shown[a.json()["id"]]
        wrong += corpus.different(repr(s[:20]), corpus.lines(seen[1]),
                                  corpus.lines(want))
        if seen[2].get("dir") not in ("ltr", "rtl") or "lang" not in seen[2]:
            wrong.append(f"{s[:60]!r}: the body is {seen[2]}")
        if CONTROLS.search(seen[1]):
            wrong.append(f"{s[:60]!r}: controls in {seen[1]!r}")
    tap.case(f"{title}: {taken} texts are shown as they were written",
             wrong[:20])


def raws(tap, server, title, strings):
    """As Markdown: stored as it is, and whatever it means, in safe elements."""
    allowed = {"p", "br", "em", "strong", "blockquote", "ul", "ol", "li",
               "pre", "code", "del", "a", "bdi"}
    got = corpus.side_by_side(server, as_written, strings)
    corpus.publish_all(server)
    shown = corpus.read_thread(server, "/one")
    wrong, taken = [], 0
    for s, a in zip(strings, got):
        if a.status == 422:
            wrong += check_refusal(a, "text", s)
            continue
        if a.status not in (201, 202):
            wrong.append(f"{s[:60]!r}: {a.status}")
            continue
        taken += 1
        c = a.json()
        wrong += corpus.different("stored", c["text"], corpus.clean_body(s))
        odd = shown[c["id"]][3] - allowed
        if odd:
            wrong.append(f"{s[:60]!r}: elements {odd}")
    tap.case(f"{title}: {taken} texts are stored as they were sent", wrong[:20])


def names(tap, server, title, strings):
    got = corpus.side_by_side(server, as_name, strings)
    corpus.publish_all(server)
    shown = corpus.read_thread(server, "/one")
    wrong, taken = [], 0
    for s, a in zip(strings, got):
        want = corpus.clean_line(s)
        if want == "" or len(want) > NAME_MAX:
            wrong += [f"{s!r}: {a.status}"] if a.status != 422 else \
                check_refusal(a, "name", s)
            continue
        if a.status not in (201, 202):
            wrong.append(f"{s[:60]!r}: {a.status}")
            continue
        taken += 1
        seen = shown[a.json()["id"]][0].strip("\n\t ")
        wrong += corpus.different(f"name {s[:20]!r}", seen, want)
        if set(seen) & corpus.BIDI:
            wrong.append(f"{s!r}: bidi controls in a name")
    tap.case(f"{title}: {taken} names are shown as they should be", wrong[:20])


def program(tap, server):
    for file in "strings-blns", "bidi-and-lookalike-names":
        strings = [r["in"] for r in corpus.rows(f"corpora/{file}.jsonl")]
        # One post a text: the same twice would be a double click.
        strings = list(dict.fromkeys(strings))
        bodies(tap, server, file, strings)
        raws(tap, server, file, strings)
        names(tap, server, file, strings)


corpus.run("strings", program)
