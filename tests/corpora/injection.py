#!/usr/bin/env python3
"""Texts that would be a command to a careless program - SQL, paths, line ends
in headers - and harmless ones that look like it: as a comment's text, as its
name and in each parameter of an address.  They are stored and shown as they
are; nothing else changes.

sqli-libinjection.jsonl, inject-patt.jsonl, benign-looks-like-sqli.jsonl
"""
import re
import sqlite3
from urllib.parse import quote

import corpus

FILES = ("sqli-libinjection", "inject-patt", "benign-looks-like-sqli")
PAGES = 8
PLACES = ("/{}", "/?page={}", "/one?sort={}", "/one?cursor={}",
          "/one?comment={}", "/one?reply={}", "/one?done={}",
          "/threads?site={}&page=/one", "/threads?site=ar&page={}",
          "/comments/token?page={}", "/comments/{}/edit",
          "/api/v1/threads?page=/one&cursor={}", "/api/v1/comments/{}",
          "/api/v1/counts?site={}&page={}", "/assets/{}", "/media/{}",
          "/{}/comments.atom")


def texts():
    found = []
    for file in FILES:
        found += [r["in"] for r in corpus.rows(f"corpora/{file}.jsonl")]
    found = list(dict.fromkeys(found))
    # What JSON cannot carry is tested by forms.py.
    return [s for s in found if "\0" not in s and not re.search(
        "[\ud800-\udfff]", s)]


def schema(server):
    with sqlite3.connect(f"file:{server.data}/taliq.db?mode=ro",
                         uri=True) as db:
        tables = db.execute("SELECT name, sql FROM sqlite_schema "
                            "WHERE sql IS NOT NULL ORDER BY name").fetchall()
        counts = {n: db.execute(f"SELECT count(*) FROM {n}").fetchone()[0]
                  for n in ("site", "setting", "page", "feedback")}
    return tables, counts


def shown_as_they_are(tap, server, strings):
    def post(client, job):
        i, s = job
        return client.api({"page": f"/t{i % PAGES}", "name": s[:80],
                           "text": corpus.escape(s)})

    got = corpus.side_by_side(server, post, list(enumerate(strings)))
    corpus.publish_all(server)
    kept, shown, wrong, taken = corpus.stored(server), {}, [], 0
    for i in range(PAGES):
        shown |= corpus.read_thread(server, f"/t{i}")
    for s, a in zip(strings, got):
        body, name = corpus.clean_body(s), corpus.clean_line(s[:80])
        if a.status == 422:
            fields = {e["field"] for e in a.json()["errors"]}
            want = {f for f, empty in (("text", corpus.is_blank(body)),
                                       ("name", name == "")) if empty}
            if fields != want:
                wrong.append(f"{s[:60]!r}: {a.json()['errors']}")
            continue
        if a.status not in (201, 202):
            wrong.append(f"{s[:60]!r}: {a.status}")
            continue
        taken += 1
        c = a.json()["id"]
        wrong += corpus.different("name", shown[c][0].strip("\n\t "), name)
        wrong += corpus.different("text", corpus.lines(shown[c][1]),
                                  corpus.lines(body))
        wrong += corpus.different("stored", kept[c]["text"],
                                  corpus.clean_body(corpus.escape(s)))
    tap.case(f"{taken} of {len(strings)} texts are stored and shown as they "
             "are, as text and as name", wrong[:20])
    tap.case("and none beside them",
             corpus.different("rows", [len(kept)], [taken]))


def in_addresses(tap, server, strings):
    jobs = [(PLACES[i % len(PLACES)], s) for i, s in enumerate(strings)]

    def ask(client, job):
        place, s = job
        word = quote(s.encode(), "")
        a = client.get(place.replace("{}", word)[:8000])
        return a.status, dict(a.headers), a.body

    wrong = []
    for (place, s), (status, headers, body) in zip(
            jobs, corpus.side_by_side(server, ask, jobs)):
        if status >= 500:
            wrong.append(f"{place} {s[:80]!r}: {status}")
        elif any("crlf" in v.lower() and "injection" in v.lower()
                 for v in headers.values()):
            wrong.append(f"{place} {s[:80]!r}: {headers}")
        elif re.search(rb"root:.*:0:0:|SQLite|syntax error", body):
            wrong.append(f"{place} {s[:80]!r}: {body[:200]!r}")
    tap.case(f"in {len(PLACES)} places of addresses none does anything",
             wrong[:20])


def program(tap, server):
    for i in range(PAGES):
        server.article(f"t{i}")
    server.cli("reload")
    strings = texts()
    shown_as_they_are(tap, server, strings)
    before = schema(server)
    in_addresses(tap, server, strings)
    tap.case("tables, sites, settings and pages are what they were",
             [] if schema(server) == before else [str(schema(server)[1])])


corpus.run("injection", program)
