#!/usr/bin/env python3
"""Fails when the demo publication under articles/ breaks its own rules.

Front matter is read as src/text/article.h has it; the comments' lines and the
counts are as articles/README.md promises them.
"""
import collections
import datetime
import json
import pathlib
import re
import sys
import unicodedata

KEYS = {"title", "slug", "date", "language", "author", "section", "summary",
        "comments"}
NEEDED = KEYS - {"slug"}
ROW = {"key": str, "page": str, "parent": (str, type(None)), "name": str,
       "url": str, "text": str, "at": str, "state": str}
STATES = {"published", "held", "spam"}
SITES = {"ar": 3, "en": 0}      # directory = language: hours east of UTC
# Bidi controls and what UTF-8 repair or entry cleaning would take out.
BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e"
                 "\u2066-\u2069\ufeff\ufffd]")
LINK = re.compile(r"[a-z]+://([^/\s>)]*)", re.I)

faults = []


def fault(where, what):
    faults.append(f"{where}: {what}")


def check_text(where, s):
    if BAD.search(s):
        fault(where, "holds a control character, U+FEFF or U+FFFD")
    if unicodedata.normalize("NFC", s) != s:
        fault(where, "is not in NFC")
    for host in LINK.findall(s):
        if host != "example.org":
            fault(where, f"links to {host}, only example.org may be used")


def front_matter(where, head):
    out = {}
    for no, line in enumerate(head.split("\n"), 2):
        key, colon, value = line.partition(":")
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] == '"':
            value = value[1:-1]
        if not colon or key not in KEYS:
            fault(f"{where}:{no}", f"{key!r} is not a key of front matter")
        elif key in out:
            fault(f"{where}:{no}", f"{key} is given twice")
        elif not value:
            fault(f"{where}:{no}", f"{key} is empty")
        out[key] = value
    for key in sorted(NEEDED - out.keys()):
        fault(where, f"lacks {key}")
    return out


def slug_ok(s):
    return (0 < len(s.encode()) <= 200 and
            all(c in "-_" or unicodedata.category(c)[0] in "LN" for c in s))


def check_comments_key(where, value):
    if value in ("open", "closed"):
        return
    try:
        if not value.startswith("until "):
            raise ValueError
        datetime.date.fromisoformat(value[len("until "):])
    except ValueError:
        fault(where, f"comments: {value!r} is not open, closed or until DATE")


def check_body(where, language, body):
    body = re.sub(r"^```.*?^```$", "", body, flags=re.M | re.S)
    if not re.search(r"^## .*[?\u061f]$", body, re.M):
        fault(where, "has no sub-heading that is a question")
    if re.search(r"^# ", body, re.M):
        fault(where, "has a heading of level 1: that is the title's")
    if language == "ar":
        for m in re.finditer("[\u0621-\u064a][,;?]", body):
            fault(where, f"Latin punctuation after {body[:m.end()][-20:]!r}")


def read_article(f, language):
    text = f.read_text(encoding="utf-8")
    check_text(f, text)
    m = re.match(r"---\n(.*?)\n---\n(.*)", text, re.S)
    if not m:
        fault(f, "does not begin with front matter between two lines ---")
        return None
    head = front_matter(f, m[1])
    slug = head.get("slug", f.stem)
    if not slug_ok(slug) or slug != f.stem:
        fault(f, f"slug {slug!r} is bad or not the file's name")
    if head.get("language") != language:
        fault(f, f"language is not {language}")
    check_comments_key(f, head.get("comments", ""))
    check_body(f, language, m[2])
    try:
        at = datetime.datetime.strptime(head.get("date", ""), "%Y-%m-%d %H:%M")
    except ValueError:
        fault(f, "date is not like 2026-11-23 09:30")
        return None
    zone = datetime.timezone(datetime.timedelta(hours=SITES[language]))
    return "/" + slug, at.replace(tzinfo=zone), head.get("comments", "")


def row_ok(where, c):
    if not isinstance(c, dict) or c.keys() != ROW.keys():
        fault(where, f"its keys are not exactly {', '.join(ROW)}")
        return False
    for key, kind in ROW.items():
        if not isinstance(c[key], kind):
            fault(where, f"{key} has the wrong type")
            return False
    return True


def check_row(where, c, pages, seen):
    if c["key"] in seen:
        fault(where, f"key {c['key']} is used twice")
    if c["page"] not in pages:
        fault(where, f"there is no article {c['page']}")
    parent = seen.get(c["parent"])
    if c["parent"] is not None and parent is None:
        fault(where, f"parent {c['parent']} does not stand before it")
    elif parent and parent["page"] != c["page"]:
        fault(where, "its parent is on another page")
    if c["state"] not in STATES:
        fault(where, f"state {c['state']!r} is none of {sorted(STATES)}")
    if not c["name"].strip() or not c["text"].strip():
        fault(where, "name or text is empty")
    check_text(where, c["name"] + "\n" + c["url"] + "\n" + c["text"])


def check_time(where, c, pages, before):
    try:
        at = datetime.datetime.strptime(c["at"], "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        fault(where, "at is not like 2026-11-20T09:15:00Z")
        return before
    if before and at <= before:
        fault(where, "is not later than the line before it")
    if c["page"] in pages and at <= pages[c["page"]]:
        fault(where, "is earlier than its article")
    return at


def read_comments(f, pages):
    seen, before = {}, None
    lines = f.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    for no, line in enumerate(lines, 1):
        where = f"{f}:{no}"
        try:
            c = json.loads(line)
        except ValueError as e:
            fault(where, f"is not JSON: {e}")
            continue
        if row_ok(where, c):
            check_row(where, c, pages, seen)
            before = check_time(where, c, pages, before)
            seen[c["key"]] = c
    return seen


def depth(rows, key):
    """How many parents stand above a comment."""
    n = 0
    while rows[key]["parent"] in rows and n < len(rows):
        key, n = rows[key]["parent"], n + 1
    return n


def check_counts(articles, sites):
    rows = [c for site in sites for c in site.values()]
    states = collections.Counter(c["state"] for c in rows)
    per_page = collections.Counter(
        (no, c["page"]) for no, site in enumerate(sites)
        for c in site.values())
    deepest = max((depth(s, k) for s in sites for k in s), default=0)
    kinds = {rule.split(" ")[0] for _, _, rule in articles}
    for what, have, need in (
            ("articles", len(articles), 6),
            ("comments", len(rows), 40),
            ("replies in the deepest chain", deepest, 5),
            ("comments under the busiest article",
             max(per_page.values(), default=0), 20),
            ("articles without a comment", len(articles) - len(per_page), 1),
            ("held comments", states["held"], 2),
            ("spam comments", states["spam"], 1),
            ("comment rules (open, closed, until)", len(kinds), 3)):
        if have < need:
            fault("articles", f"{have} {what}, at least {need} are needed")
    return f"{len(articles)} articles, {len(rows)} comments, depth {deepest}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".") / "articles"
    articles, sites = [], []
    for language in SITES:
        here = [read_article(f, language)
                for f in sorted((root / language).glob("*.md"))]
        here = [a for a in here if a]
        pages = {page: at for page, at, _ in here}
        articles += here
        sites.append(read_comments(root / language / "comments.jsonl", pages))
    line = check_counts(articles, sites)
    print("\n".join(faults) if faults else f"demo publication: {line}")
    print(f"{0 if faults else 1} passed, {len(faults)} failed")
    return 1 if faults else 0


sys.exit(main())
