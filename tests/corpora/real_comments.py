#!/usr/bin/env python3
"""Two thousand comments that people wrote, in Arabic, English, Korean and
French, posted through the form by several connections, are read back unchanged:
in the text of the pages, and byte for byte in the store.

Half of them are posted as they are, where nothing in them is Markdown; the
others with a backslash before each character that could be, so that what is
seen must be what was written.
"""
import re

import corpus

SETS = {"ar": "ar_ham_facebook", "en": "en_ham_foxnews",
        "ko": "ko_ham_naver", "fr": "fr_ham_hespress"}
EACH = 500
# What cannot be Markdown: no such character, no line that begins like a list.
NATURAL = re.compile(r"[^*_`\[\]<>#~|\\&!]*")
MARKER = re.compile(r"^\s*([-+=]|\d+[.)])", re.M)


def choose():
    """[(page, name, text as written, text as posted)]."""
    out = []
    for page, name in SETS.items():
        found = [r for r in corpus.rows(f"data/{name}.jsonl")
                 if not corpus.is_blank(r["text"]) and len(r["text"]) < 5000]
        step = len(found) / EACH
        for i in range(EACH):
            r = found[int(i * step)]
            text = r["text"]
            plain = i % 2 == 0 and NATURAL.fullmatch(text) and \
                not MARKER.search(text)
            who = r.get("author") or f"قارئ {page} {i}"
            out.append((f"/{page}", who[:80], text,
                        text if plain else corpus.escape(text)))
    return out


def post(client, job):
    (page, name, _, text), token = job
    # A browser sends line ends as CR LF.
    text = re.sub("\r\n|\r|\n", "\r\n", text)
    a = client.form("/comments", {"site": "ar", "page": page, "parent": "0",
                                  "token": token, "name": name, "email": "",
                                  "url": "", "text": text})
    m = re.search(r"#comment-(\d+)$", a.headers.get("Location") or "")
    return (a.status, int(m[1]) if m else None)


def program(tap, server):
    for page in SETS:
        server.article(page)
    server.cli("reload")
    chosen = choose()
    given = corpus.tokens(server, [c[0] for c in chosen])
    got = corpus.side_by_side(server, post, list(zip(chosen, given)))
    tap.case(f"{len(chosen)} comments are taken",
             [f"{c[2][:60]!r}: {s}" for c, (s, _) in zip(chosen, got)
              if s != 303][:20])
    ids = [i for _, i in got]
    tap.case("each is one of its own",
             [] if len(set(ids) - {None}) == len(ids) else ["some are not"])
    rows = corpus.stored(server)
    waiting = [c[0] for i, c in zip(ids, chosen)
               if rows[i]["state"] != "published"]
    tap.note("held back by policy or filter: " + ", ".join(
        f"{waiting.count('/' + p)} of {EACH} {p}" for p in SETS))
    corpus.publish_all(server)

    shown = {}
    for page in SETS:
        shown |= corpus.read_thread(server, "/" + page)
    wrong = []
    for (page, name, text, _), i in zip(chosen, ids):
        seen = shown.get(i)
        if seen is None:
            wrong.append(f"{i} is not on {page}")
            continue
        wrong += corpus.different(f"{page} {i}, name", seen[0].strip(),
                                  corpus.clean_line(name))
        wrong += corpus.different(
            f"{page} {i}", corpus.lines(seen[1]),
            corpus.lines(corpus.clean_body(text)))
    tap.case("the pages show each of them, unchanged", wrong[:20])

    rows, wrong = corpus.stored(server), []
    for (page, name, _, posted), i in zip(chosen, ids):
        wrong += corpus.different(f"{page} {i}", rows[i]["text"],
                                  corpus.clean_body(posted))
    tap.case("the store has each of them, byte for byte", wrong[:20])

    wrong = []
    some = [c for n, c in enumerate(chosen) if n % 5 == 0]

    def by_api(client, c):
        return client.api({"page": c[0], "name": c[1], "text": c[2]})

    for c, a in zip(some, corpus.side_by_side(server, by_api, some)):
        if a.status not in (201, 202):
            wrong.append(f"{c[2][:60]!r}: {a.status}")
        else:
            wrong += corpus.different("text", a.json()["text"],
                                      corpus.clean_body(c[2]))
    tap.case(f"{len(some)} of them by the API come back byte for byte",
             wrong[:20])


corpus.run("real comments", program)
