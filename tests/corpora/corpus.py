"""What the programs of this folder share: the real program on a free port, a
browser's side of it, and what a text must look like afterwards.

The rows come from the folder TALIQ_SHARED; without it everything is skipped.
TALIQ is the program (default: the one in build/).
"""
import concurrent.futures
import html.parser
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata
from urllib.parse import quote, urlencode

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from tap import Tap  # noqa: E402

TALIQ = os.environ.get("TALIQ", str(ROOT / "build/src/main/taliq"))
HOST = "ar.test"
WORKERS = 8
BETWEEN_LIMIT = ["network_posts_per_hour = 0", "thread_posts_per_minute = 0",
                 "site_posts_per_minute = 0"]


def shared(name):
    """The path of a shared file, or None."""
    folder = os.environ.get("TALIQ_SHARED", str(ROOT.parent / "shared"))
    path = pathlib.Path(folder) / name
    return path if path.exists() else None


def rows(name):
    """The rows of a .jsonl file, or None without it."""
    path = shared(name)
    if path is None:
        return None
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def run(title, program):
    """Calls program(tap, server), reports, and says whether all was well."""
    tap = Tap()
    if shared("corpora") is None:
        tap.skip(title, "TALIQ_SHARED is not there")
        sys.exit(tap.end())
    with Server() as server:
        program(tap, server)
        server.check(tap)
    sys.exit(tap.end())


class Server:
    def __init__(self, articles=("one",)):
        self.dir = tempfile.TemporaryDirectory(prefix="taliq-corpora-")
        self.data = pathlib.Path(self.dir.name) / "data"
        self.cli("init")
        (self.data / "taliq.conf").write_text("\n".join(
            BETWEEN_LIMIT + ["connections_per_address = 2000"]) + "\n")
        self.cli("site", "add", "ar", "language=ar", "title=T",
                 "filter=no",
                 "text_max=15000", f"origins=http://{HOST}")
        (self.data / "articles/ar").mkdir()
        for slug in articles:
            self.article(slug)
        self.process = None

    def article(self, slug):
        (self.data / f"articles/ar/{slug}.md").write_text(
            f"---\ntitle: {slug}\ndate: 2026-01-02 10:00\n---\nText.\n")

    def cli(self, verb, *args, status=0):
        p = subprocess.run([TALIQ, verb, *args, "--data", self.data],
                           capture_output=True, text=True)
        if p.returncode != status:
            raise RuntimeError(f"taliq {verb} {args}: {p.stderr}")
        return p.stdout

    def __enter__(self):
        self.log = open(self.data.parent / "log", "w+b")
        self.process = subprocess.Popen(
            [TALIQ, "serve", "--data", self.data, "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        found = re.search(r":(\d+)/$", line.strip())
        if not found:
            raise RuntimeError(f"no server: {line} {self.said()}")
        self.port = int(found[1])
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.log.close()
        self.dir.cleanup()

    def said(self):
        self.log.flush()
        return (self.data.parent / "log").read_text(errors="replace")

    def check(self, tap):
        """The last cases: it still answers, ends well, and is sound."""
        status = Client(self).get("/healthz").status
        tap.case("the server is still alive", [] if status == 200 else [status])
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(60)
        bad = [f"exit status {status}"] if status else []
        bad += [line for line in self.said().split("\n") if re.search(
            r" error |Sanitizer|runtime error|Assertion", line)]
        tap.case("it ends well and logged no error", bad[:20])
        verified = subprocess.run([TALIQ, "verify", "--data", self.data],
                                  capture_output=True, text=True)
        tap.case("the database is sound", [verified.stdout]
                 if verified.returncode else [])


class Answer:
    def __init__(self, response, body):
        self.status, self.headers = response.status, response.headers
        self.body = body

    def text(self):
        return self.body.decode("utf-8")

    def json(self):
        return json.loads(self.body)


class Client:
    """One connection that is kept."""

    def __init__(self, server):
        self.server, self.http = server, None

    def ask(self, method, path, body=None, headers=None):
        headers = {"Host": HOST} | (headers or {})
        for attempt in (1, 2):
            if self.http is None:
                self.http = http.client.HTTPConnection(
                    "127.0.0.1", self.server.port, timeout=30)
            try:
                self.http.request(method, path, body, headers)
                r = self.http.getresponse()
                answer = Answer(r, r.read())
                if r.will_close:
                    self.close()
                return answer
            except (http.client.RemoteDisconnected, ConnectionError):
                self.close()	# an idle connection may be closed
                if attempt == 2:
                    raise

    def close(self):
        if self.http is not None:
            self.http.close()
        self.http = None

    def get(self, path):
        return self.ask("GET", path)

    def form(self, path, fields):
        return self.ask("POST", path, urlencode(fields).encode(), {
            "Content-Type": "application/x-www-form-urlencoded"})

    def api(self, fields, method="POST", path="/api/v1/comments"):
        return self.ask(method, path, json.dumps(fields).encode(),
                        {"Content-Type": "application/json"})


def side_by_side(server, f, items, workers=WORKERS):
    """[f(client, item)...] by several connections, in order."""
    local = threading.local()

    def one(item):
        if not hasattr(local, "client"):
            local.client = Client(server)
        return f(local.client, item)

    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        return list(pool.map(one, items))


def tokens(server, pages):
    """A form token for each of the pages, old enough to be used."""
    got = side_by_side(server, lambda c, page: c.get(
        "/comments/token?page=" + quote(page, "")).json()["token"], pages)
    time.sleep(3.05)
    return got


# --- what a text becomes ------------------------------------------------------

BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
           "\u2066\u2067\u2068\u2069")
SPACES = set(" \t\n\x0b\x0c\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | \
    {chr(c) for c in range(0x2000, 0x200B)}
HIDDEN = [(0xAD, 0xAD), (0x34F, 0x34F), (0x115F, 0x1160), (0x17B4, 0x17B5),
          (0x180B, 0x180F), (0x200B, 0x200B), (0x2060, 0x2065),
          (0x206A, 0x206F), (0x3164, 0x3164), (0xFEFF, 0xFEFF),
          (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x1BCA0, 0x1BCA3),
          (0x1D173, 0x1D17A), (0xE0000, 0xE00FF), (0xE01F0, 0xE0FFF)]
OPENS = {"\u202a": "e", "\u202b": "e", "\u202d": "e", "\u202e": "e",
         "\u2066": "i", "\u2067": "i", "\u2068": "i"}
CLOSES = {"e": "\u202c", "i": "\u2069"}


def is_control(c):
    return ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0


def is_hidden(c):
    return any(a <= ord(c) <= b for a, b in HIDDEN)


def is_mark(c):
    return unicodedata.category(c) in ("Mn", "Me")


def is_blank(s):
    """Nothing to see in it."""
    return all(c in SPACES or is_control(c) or c in BIDI or is_hidden(c) or
               c in "\u200c\u200d\u2800" or is_mark(c) for c in s)


def balance(line):
    """Bidi controls of one paragraph, closed at its end (UAX #9 BD2)."""
    out, stack = [], []
    for c in line:
        if c in OPENS:
            if len(stack) == 125:
                continue
            stack.append(OPENS[c])
        elif c == CLOSES["e"]:
            if not stack or stack[-1] != "e":
                continue
            stack.pop()
        elif c == CLOSES["i"]:
            if "i" not in stack:
                continue
            while stack[-1] == "e":
                out.append(CLOSES[stack.pop()])
            stack.pop()
        out.append(c)
    return "".join(out) + "".join(CLOSES[k] for k in reversed(stack))


def clean_body(s):
    """Rule R0 of docs/text.md, as what is stored of a comment's text."""
    s = re.sub("\r\n|[\r\u2028\u2029]", "\n", s)
    s = "".join(c for c in s if c in "\n\t" or not is_control(c))
    whole = "\n".join(balance(line) for line in s.split("\n"))
    kept = whole
    while kept and kept[-1] in SPACES:
        kept = kept[:-1]
    return kept


def clean_line(s):
    """Rule R0 for names."""
    out, held, marks = [], "", 0
    for c in s:
        if c in SPACES:
            held = " " if out else ""
        elif c in "\u200c\u200d":
            held = (held if held == " " else c) if out else ""
        elif is_mark(c) and not is_hidden(c):
            if not out or held == " " or marks == 4:
                continue
            marks += 1
            out.append(held + c)
            held = ""
        elif not (is_control(c) or c in BIDI or is_hidden(c)):
            out.append(held + c)
            held, marks = "", 0
    return "".join(out)


def escape(s):
    """The Markdown that shows s as it is: no character of it means anything."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", s)


def lines(s):
    """A text's lines as a browser lays them out: outer blanks of a line and the
    number of empty lines are the layout's."""
    return [line.strip(" \t") for line in s.split("\n") if line.strip(" \t")]


class Thread(html.parser.HTMLParser):
    """The comments of a page: {id: (name, text, attributes of the body)}, and
    the link to the next slice."""
    VOID = {"br", "hr", "input", "meta", "link", "img", "use", "path"}

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.comments, self.next = {}, None
        self.id, self.into, self.depth = None, None, 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "article" and (a.get("id") or "").startswith("comment-"):
            self.id = int(a["id"][8:])
            self.comments[self.id] = ["", "", {}, set()]
        elif tag == "a" and a.get("rel") == "next":
            self.next = a["href"].split("#")[0]
        elif self.id is not None and self.into is None:
            if tag == "p" and a.get("class") == "who":
                self.into, self.depth = 0, 1
                return
            if tag == "div" and a.get("class") == "body":
                self.comments[self.id][2] = a
                self.into, self.depth = 1, 1
                return
        if self.into is not None and tag not in self.VOID:
            self.depth += 1
        if self.into == 1:
            self.comments[self.id][3].add(tag)
            if tag in ("br", "p", "li", "pre", "blockquote"):
                self.comments[self.id][1] += "\n"

    def handle_endtag(self, tag):
        if tag == "article":
            self.id = None
        if self.into is not None and tag not in self.VOID:
            self.depth -= 1
            if self.depth == 0:
                self.into = None

    def handle_data(self, data):
        if self.into is not None:
            self.comments[self.id][self.into] += data


def read_thread(server, page):
    """All comments of a page, by its links: {id: [name, text, attrs, tags]}."""
    client, path, out = Client(server), quote(page) + "?sort=oldest", {}
    while path:
        answer = client.get(path)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        t = Thread(answer.text())
        again = out.keys() & t.comments.keys()
        if again:
            raise RuntimeError(f"{path}: {again} come twice")
        out |= t.comments
        path = t.next
    return out


def stored(server):
    """Everything that is stored, by the operator's list: {id: row}."""
    out = {}
    for state in ("published", "held", "spam"):
        before = []
        while True:
            said = server.cli("comment", "list", "--json", "--state", state,
                              "--limit", "1000", *before)
            found = [json.loads(x) for x in said.split("\n") if x]
            out |= {r["id"]: r for r in found}
            if len(found) < 1000:
                break
            before = ["--before", str(found[-1]["id"])]
    return out


def publish_all(server):
    """What the policy and the filter hold back, so that the page shows it."""
    ids = [str(i) for i, r in stored(server).items()
           if r["state"] in ("held", "spam")]
    for at in range(0, len(ids), 50):
        server.cli("comment", "publish", *ids[at:at + 50])


def different(title, got, want):
    """[] or a line of what differs."""
    if got == want:
        return []
    at = next((i for i, (a, b) in enumerate(zip(got, want)) if a != b),
              min(len(got), len(want)))
    return [f"{title}: {got[max(0, at - 20):at + 60]!r} instead of "
            f"{want[max(0, at - 20):at + 60]!r}"]
