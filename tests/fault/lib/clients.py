"""Clients that post comments without pause, each one request at a time, and
remember what was acknowledged.  Half of them use the JSON API, half the form.

A comment's text is made from its tag and ends in a sum of it, so that a text
in the store shows by itself whether it is whole."""
import errno
import hashlib
import json
import re
import selectors
import socket
import time
import urllib.parse

POOL = ("The harbour office opens at seven. هل تصل العبّارة قبل الظهر؟ قال: «ربما». "
        "L'équipage attend déjà, et le café est froid. 1,204 crates 🚢 went ashore; "
        "nobody counted them twice.\nA second line, with https and a & in it. ") * 8
PAGES = 8


def text_of(tag):
    h = hashlib.sha256(tag.encode()).digest()
    at = int.from_bytes(h[:2], "big") % (len(POOL) // 2)
    size = 20 + int.from_bytes(h[2:4], "big") % 500
    middle = " ".join(POOL[at:at + size].split(" ")).strip()
    return f"{tag} {middle} {h.hex()[:12]}"


def whole(text):
    """The tag of a text that is as it was sent, else None."""
    tag = text.split(" ", 1)[0]
    return tag if text == text_of(tag) else None


class Broken(Exception):
    """The answer is none."""


def parse(data):
    """(status, headers, body, length) of an answer, None while it is not all
    there."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    lines = data[:end].decode("latin-1").split("\r\n")
    m = re.fullmatch(r"HTTP/1\.1 (\d{3}) .*", lines[0])
    if not m:
        raise Broken(lines[0])
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    length = end + 4 + int(headers.get("content-length", 0))
    if len(data) < length:
        return None
    return int(m[1]), headers, data[end + 4:length], length


class Client:
    """sock is None while it is not connected."""

    def __init__(self, load, number):
        self.load, self.number, self.n = load, number, 0
        self.page = f"/p/{number % PAGES}"
        self.api = number % 2 == 0
        self.token = "none-yet"		# the form brings a good one
        self.tag = self.parent = None
        self.sock, self.retry_at = None, 0.0
        self.got, self.asked = b"", False
        self.fresh()

    def fresh(self):
        """The next comment: every third answers one of its own."""
        self.n += 1
        self.tag = f"{self.load.name}-{self.number}-{self.n}"
        if self.n % 3:
            self.parent_now = 0
        else:
            self.parent_now = self.parent or 0

    def connect(self):
        self.sock = socket.socket()
        self.sock.setblocking(False)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        rc = self.sock.connect_ex(("127.0.0.1", self.load.port))
        if rc not in (0, errno.EINPROGRESS):
            self.close()
            return
        self.load.sel.register(self.sock, selectors.EVENT_WRITE, self)

    def close(self):
        if self.sock is not None:
            try:
                self.load.sel.unregister(self.sock)
            except KeyError:
                pass
            self.sock.close()
            self.sock = None
        self.retry_at = time.monotonic() + 0.005

    def request(self):
        """Bytes of the next request."""
        fields = {"site": "s", "page": self.page, "name": "قارئ",
                  "text": text_of(self.tag)}
        if self.api:
            path, kind = "/api/v1/comments", "application/json"
            if self.parent_now:
                fields["parent"] = self.parent_now
            body = json.dumps(fields).encode()
        else:
            path, kind = "/comments", "application/x-www-form-urlencoded"
            fields |= {"token": self.token, "parent": self.parent_now}
            body = urllib.parse.urlencode(fields).encode()
        return (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.load.port}\r\n"
                f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
                ).encode() + body

    def send(self):
        """A request of a few hundred bytes always fits the socket's buffer."""
        self.load.sel.modify(self.sock, selectors.EVENT_READ, self)
        self.got = b""
        self.asked = True
        self.sock.send(self.request())

    def ready(self, events):
        try:
            if events & selectors.EVENT_WRITE:
                if self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                    raise ConnectionError
                if not self.load.draining:
                    self.send()
                return
            more = self.sock.recv(65536)
            if not more:
                raise ConnectionError
            self.got += more
            answer = parse(self.got)
        except OSError:
            self.lost()
            return
        except Broken:
            self.load.half += 1
            self.close()
            return
        if answer is not None:
            self.asked = False
            closing = answer[1].get("connection") == "close"
            self.take(*answer[:3])
            if closing or self.load.draining:
                self.close()
            else:
                self.send()

    def lost(self):
        """The connection ended: before, between or within answers."""
        if self.got:
            self.load.half += 1
        elif self.asked:
            self.load.unanswered += 1
        self.asked = False
        self.got = b""
        self.close()
        self.fresh()

    def take(self, status, headers, body):
        self.got = b""
        self.load.answers += 1
        if status in (201, 202):
            self.acknowledged(json.loads(body)["id"])
        elif status == 303:
            m = re.search(r"#comment-(\d+)$", headers["location"])
            if m:
                self.acknowledged(int(m[1]))
            else:
                self.odd(status, headers["location"].encode())
        elif status == 422 and not self.api:
            m = re.search(rb'name="token" value="([^"]+)"', body)
            if m and self.token != m[1].decode():
                self.token = m[1].decode()
            else:
                self.odd(status, body)
        else:
            self.odd(status, body)

    def acknowledged(self, comment_id):
        self.load.acked[comment_id] = self.tag
        self.parent = comment_id
        self.fresh()

    def odd(self, status, body):
        """An answer that nobody expects; the test says what it makes of it."""
        self.load.odd.append(f"{status}: {body[:200]!r}")
        self.fresh()


class Reader(Client):
    """Reads its page again and again."""

    def request(self):
        return (f"GET /threads?site=s&page={self.page} HTTP/1.1\r\n"
                f"Host: 127.0.0.1:{self.load.port}\r\n\r\n").encode()

    def take(self, status, headers, body):
        self.got = b""
        self.load.answers += 1
        if status != 200 or not body.endswith(b"</html>"):
            self.odd(status, body)


class Load:
    """All clients, on one selector; they only live while run() runs."""

    def __init__(self, port, clients, readers=0, name="r"):
        self.port, self.name = port, name
        self.sel = selectors.DefaultSelector()
        self.acked = {}			# id: tag
        self.answers = self.half = self.unanswered = 0
        self.odd = []
        self.draining = False
        self.clients = [Client(self, n) for n in range(clients)]
        self.clients += [Reader(self, n) for n in range(readers)]

    def step(self, seconds):
        now = time.monotonic()
        if not self.draining:
            for c in self.clients:
                if c.sock is None and c.retry_at <= now:
                    c.connect()
        for key, events in self.sel.select(seconds):
            if key.data.sock is key.fileobj:
                key.data.ready(events)

    def run(self, seconds):
        self.draining = False
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.step(min(0.005, max(end - time.monotonic(), 0)))

    def drain(self, seconds=5):
        """No further requests; what is under way may come in.  True when all
        connections are closed."""
        self.draining = True
        for c in self.clients:
            if c.sock is not None and not c.asked:
                c.close()
        end = time.monotonic() + seconds
        while time.monotonic() < end and any(c.sock for c in self.clients):
            self.step(0.01)
        left = [c for c in self.clients if c.sock is not None]
        for c in left:
            c.close()
            c.asked = False
            c.fresh()
        return not left
