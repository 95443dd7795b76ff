#!/usr/bin/env python3
"""Bodies of POST requests, good and bad, against the real program: what no
browser sends is refused and leaves nothing, all else is stored as it was meant.

form-urlencoded.jsonl   forms; a field "a" stands for the comment's text
utf8-flenniken.txt      bytes that are UTF-8 and bytes that are not
json-nst.jsonl          JSON and what is not
"""
import base64
import re
import socket

import corpus

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
# What each row of form-urlencoded.jsonl must come to: the stored text, or None
# where there is none; "other": its fields stand beside a good text.
MEANT = {
    "empty": None, "noeq": None, "dup": None, "pctnul": None, "overlong": None,
    "surr": None, "latin1": None, "utf16": None, "cp1256": None,
    "longname": None, "manyfields": None, "pct": "1", "badpct": "%zz",
    "cutpct": "%4", "arabic": "مرحبا", "crlf": "1\nb", "eq": "other",
    "array": "other", "bom": "other",
}
# Read by others: a name twice, U+0000.
STRICTER = re.compile(r"duplicated_key|null_(character|escape)|escaped_null|"
                      r"u_?0000|nul")


def comments(server):
    return len(corpus.stored(server))


def post_form(client, job):
    token, rest = job
    a = client.ask("POST", "/comments", b"page=%2Fone&name=A&token=" +
                   token.encode() + b"&" + rest, FORM)
    m = re.search(r"#comment-(\d+)$", a.headers.get("Location") or "")
    return a.status, int(m[1]) if m else None


def forms(tap, server):
    found = corpus.rows("corpora/form-urlencoded.jsonl")
    jobs = []
    for r in found:
        raw, meant = base64.b64decode(r["b64"]), MEANT.get(r["name"], "any")
        if meant in ("other", "any"):
            raw = b"text=other%20" + r["name"].encode() + b"&" + raw
        jobs.append(re.sub(rb"(^|&)a(?==|$)", rb"\1text", raw))
    given = corpus.tokens(server, ["/one"] * len(found))
    got = corpus.side_by_side(server, post_form, list(zip(given, jobs)))
    kept, wrong = corpus.stored(server), []
    for r, (status, i) in zip(found, got):
        meant = MEANT.get(r["name"], "any")
        said = f"{r['name']} ({r['expect']}): {status}"
        if meant == "other":
            meant = "other " + r["name"]
        if meant is None and status not in (400, 422):
            wrong.append(said)
        elif meant == "any" and status >= 500:
            wrong.append(said)
        elif meant not in (None, "any") and \
                (i is None or kept[i]["text"] != meant):
            wrong.append(f"{said}, stored {kept.get(i)}")
    tap.case(f"{len(found)} forms are stored as they are meant, or not at all",
             wrong)
    tap.case("nothing else is", corpus.different(
        "comments", [len(kept)], [len([i for _, i in got if i])]))
    # The same bodies alone: no page is named, so none can be good.
    raw = [base64.b64decode(r["b64"]) for r in found]
    got = corpus.side_by_side(server, lambda c, b: c.ask(
        "POST", "/comments", b, FORM).status, raw)
    tap.case("alone they are all refused", [
        f"{r['name']}: {s}" for r, s in zip(found, got)
        if not 400 <= s < 500])


def cut_short(tap, server):
    """Less body than its length says, then the end."""
    before, wrong = comments(server), []
    token = corpus.tokens(server, ["/one"])[0]
    body = b"page=%2Fone&name=A&text=Cut&token=" + token.encode()
    for sent in (b"", body[:10], body):
        with socket.create_connection(("127.0.0.1", server.port), 20) as s:
            s.sendall(b"POST /comments HTTP/1.1\r\nHost: ar.test\r\nContent-"
                      b"Type: application/x-www-form-urlencoded\r\n"
                      b"Content-Length: %d\r\n\r\n" % (len(body) + 1) + sent)
            s.shutdown(socket.SHUT_WR)
            s.settimeout(20)
            answer = s.recv(4096)
            if answer and not answer.startswith(b"HTTP/1.1 4"):
                wrong.append(f"{len(sent)} bytes: {answer[:60]!r}")
    tap.case("a body that is cut short is no comment", wrong)
    tap.case("and leaves nothing", corpus.different(
        "comments", [comments(server)], [before]))


def utf8_rows():
    """[(name, bytes, whether they are UTF-8)]"""
    out = []
    text = corpus.shared("corpora/utf8-flenniken.txt").read_text()
    for line in text.split("\n"):
        m = re.match(r"([\w.-]+):(valid|invalid)( hex)?:([^:]*)", line)
        if m:
            data = bytes.fromhex(m[4]) if m[3] else m[4].encode()
            out.append((m[1], data, m[2] == "valid"))
    return out


def utf8(tap, server):
    found, before = utf8_rows(), comments(server)
    jobs = [b"text=no%20" + name.encode() + b"%20x" +
            "".join(f"%{c:02x}" for c in data).encode() + b"y"
            for name, data, _ in found]
    given = corpus.tokens(server, ["/one"] * len(found))
    got = corpus.side_by_side(server, post_form, list(zip(given, jobs)))
    kept, wrong, good = corpus.stored(server), [], 0
    for (name, data, valid), (status, i) in zip(found, got):
        # U+0000 is UTF-8, and is refused as well.
        if not valid or b"\0" in data:
            if status != 400:
                wrong.append(f"{name} {data!r}: {status}")
            continue
        good += 1
        want = corpus.clean_body(f"no {name} x" + data.decode() + "y")
        if i is None:
            wrong.append(f"{name} {data!r}: {status}")
        else:
            wrong += corpus.different(name, kept[i]["text"], want)
    tap.case(f"of {len(found)} texts {good} are UTF-8 and stored as they are, "
             "the others refused", wrong[:20])
    tap.case("and not stored", corpus.different(
        "comments", [len(kept) - before], [good]))


def json_rows(tap, server):
    found, before = corpus.rows("corpora/json-nst.jsonl"), comments(server)

    def post(client, r):
        raw = base64.b64decode(r["b64"])
        alone = client.ask("POST", "/api/v1/comments", raw, JSON).status
        name = b'{"page":"/one","name":"A","text":"' + r["name"].encode()
        member = client.ask("POST", "/api/v1/comments",
                            name + b'","more":' + raw + b"}", JSON).status
        return alone, member

    wrong, taken = [], 0
    for r, (alone, member) in zip(found, corpus.side_by_side(
            server, post, found)):
        taken += member == 201
        if not 400 <= alone < 500:
            wrong.append(f"{r['name']} alone: {alone}")
        if member not in {"accept": (201,), "reject": (400,),
                          "either": (201, 400)}[r["expect"]] and not (
                r["expect"] == "accept" and member == 400 and
                STRICTER.search(r["name"])):
            wrong.append(f"{r['name']} as a member: {member}, "
                         f"{r['expect']}: {base64.b64decode(r['b64'])[:80]!r}")
    tap.case(f"{len(found)} pieces of JSON, {taken} of them good", wrong[:20])
    tap.case("which are stored, and no other", corpus.different(
        "comments", [comments(server) - before], [taken]))


def program(tap, server):
    forms(tap, server)
    cut_short(tap, server)
    utf8(tap, server)
    json_rows(tap, server)


corpus.run("forms", program)
