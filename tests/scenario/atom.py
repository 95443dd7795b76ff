#!/usr/bin/env python3
"""Reads an Atom feed on standard input.

  atom.py check          says what RFC 4287 finds wrong; exit status 1
  atom.py titles         of the entries, one a line
  atom.py link REL       of the feed
  atom.py entry N WHAT   of that entry: id, title, updated, author, link...
"""
import re
import sys
import xml.etree.ElementTree as ET
from urllib.parse import urlsplit

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# RFC 3339 5.6 with the restrictions of RFC 4287 3.3.
DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):"
                  r"[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
KNOWN = {"feed": "author category contributor generator icon id link logo "
                 "rights subtitle title updated entry",
         "entry": "author category content contributor id link published "
                  "rights source summary title updated"}
ONCE = {"feed": "generator icon logo id rights subtitle title updated",
        "entry": "content id published rights source summary title updated"}


def text(e, name):
    found = e.find(ATOM + name)
    return None if found is None else "".join(found.itertext())


def check_common(e, kind, where):
    names = [c.tag.removeprefix(ATOM) for c in e]
    for n in set(names) - set(KNOWN[kind].split()):
        yield f"{where}: {n} is not of Atom"
    for n in ONCE[kind].split():
        if names.count(n) > 1:
            yield f"{where}: {names.count(n)} of {n}"
    for n in ("id", "title", "updated"):
        if n not in names:
            yield f"{where}: no {n}"
    if not IRI.fullmatch(text(e, "id") or ""):
        yield f"{where}: id {text(e, 'id')!r} is no IRI"
    for n in ("updated", "published"):
        at = text(e, n)
        if at is not None and not DATE.fullmatch(at):
            yield f"{where}: {n} {at!r} is no date"
    for a in e.findall(ATOM + "author"):
        if not (text(a, "name") or "").strip():
            yield f"{where}: an author without a name"
    yield from check_links(e, where)
    lang = e.get(XML_LANG)
    if lang and not re.fullmatch(r"[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*", lang):
        yield f"{where}: language {lang!r}"


def check_links(e, where):
    seen = set()
    for link in e.findall(ATOM + "link"):
        href, rel = link.get("href") or "", link.get("rel", "alternate")
        if not IRI.fullmatch(href) or not urlsplit(href).netloc:
            yield f"{where}: link to {href!r}"
        key = (rel, link.get("type"), link.get("hreflang"))
        if rel == "alternate" and key in seen:
            yield f"{where}: two links {key}"
        seen.add(key)


def check(feed):
    if feed.tag != ATOM + "feed":
        yield f"the root is {feed.tag}"
        return
    yield from check_common(feed, "feed", "feed")
    if not any(x.get("rel") == "self" for x in feed.findall(ATOM + "link")):
        yield "feed: no link to itself"
    ids, whole = set(), feed.find(ATOM + "author") is not None
    for i, e in enumerate(feed.findall(ATOM + "entry")):
        where = f"entry {i}"
        yield from check_common(e, "entry", where)
        if text(e, "id") in ids:
            yield f"{where}: its id comes twice"
        ids.add(text(e, "id"))
        if not whole and e.find(ATOM + "author") is None:
            yield f"{where}: neither it nor the feed has an author"
        content = e.find(ATOM + "content")
        rels = [x.get("rel", "alternate") for x in e.findall(ATOM + "link")]
        if content is None and "alternate" not in rels:
            yield f"{where}: neither content nor an alternate link"
        if content is not None and content.get("type") == "html" and \
                len(content):
            yield f"{where}: elements in content of type html"


def show(feed, what, more):
    entries = feed.findall(ATOM + "entry")
    if what == "titles":
        return "\n".join(text(e, "title") or "" for e in entries)
    if what == "link":
        return next((x.get("href") for x in feed.findall(ATOM + "link")
                     if x.get("rel") == more[0]), "(none)")
    e, name = entries[int(more[0])], more[1]
    if name == "link":
        return e.find(ATOM + "link").get("href")
    if name == "author":
        return text(e.find(ATOM + "author"), "name")
    return text(e, name)


def main():
    feed = ET.fromstring(sys.stdin.buffer.read())
    if sys.argv[1] != "check":
        print(show(feed, sys.argv[1], sys.argv[2:]))
        return 0
    wrong = list(check(feed))
    print("\n".join(wrong))
    return 1 if wrong else 0


sys.exit(main())
