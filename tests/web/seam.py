"""What the tests of the HTTP seam share: the server under test, raw sockets,
answers read by their framing, and a strict reading of requests (oracle)."""
import concurrent.futures
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tools"))
from tap import Tap  # noqa: E402,F401
import tlssock  # noqa: E402

# With ECHO_TLS=1 every connection of these tests has TLS.
TLS = os.environ.get("ECHO_TLS") == "1"
AUTHORITY = tlssock.Authority() if TLS else None
CONTEXT = AUTHORITY.context() if TLS else None
CERT = AUTHORITY.cert("server", "localhost") if TLS else None

# Sanitizers make everything slower; time-outs here only end what hangs.
PATIENCE = 20.0


def shared(name):
    """Path of shared test data, or None when it is not there."""
    root = pathlib.Path(__file__).parents[2]
    base = pathlib.Path(os.environ.get("TALIQ_SHARED", root / "../shared"))
    path = base / name
    return path if path.exists() else None


class Server:
    """echo_server with KEY=VALUE options; a context manager."""

    def __init__(self, **options):
        exe = os.environ["ECHO_SERVER"]
        if TLS:
            options = {"tls_listen": options.get("listen", "127.0.0.1:0"),
                       "cert": CERT[0], "key": CERT[1], **options,
                       "listen": ""}
        self.process = subprocess.Popen(
            [exe] + [f"{k}={v}" for k, v in options.items()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().split()
        assert line[:1] == ["ready"], f"the server said {line}"
        self.plain_port, self.tls_port = int(line[1]), int(line[2])
        self.port = self.tls_port if TLS else self.plain_port
        self.counts = {}

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.stop()

    def connect(self, host="127.0.0.1", receive_buffer=None):
        s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        if receive_buffer:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        s.settimeout(PATIENCE)
        s.connect((host, self.port))
        if not TLS:
            return s
        try:
            return tlssock.Socket(s, CONTEXT).shake()
        except OSError:
            return tlssock.Refused()

    def begin_stop(self):
        self.process.stdin.close()

    def stop(self):
        """Ends the server; its exit status must be 0 (nothing leaked)."""
        if self.process.returncode is not None:
            return
        if not self.process.stdin.closed:
            self.process.stdin.close()
        words = self.process.stdout.read().split()
        self.process.wait(60)
        self.counts = dict(zip(words[::2], map(int, words[1::2])))
        assert self.process.returncode == 0, \
            f"echo_server: exit {self.process.returncode}, {self.counts}"


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def closes(self):
        return self.headers.get("connection", "").lower() == "close"

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {len(self.body)} B>"


def split_answers(data, methods=()):
    """All answers in data, and what is left over.  methods: of the requests,
    as HEAD's answers have no body."""
    answers = []
    while data:
        end = data.find(b"\r\n\r\n")
        m = re.match(rb"HTTP/1\.1 (\d{3}) [ -~]*\r\n", data)
        if end < 0 or not m:
            break
        headers = {}
        for line in data[m.end():end].split(b"\r\n"):
            name, _, value = line.partition(b": ")
            headers[name.decode().lower()] = value.decode("latin-1")
        status, n = int(m[1]), int(headers.get("content-length", 0))
        head = len(answers) < len(methods) and methods[len(answers)] == "HEAD"
        if head or status in (204, 304) or status < 200:
            n = 0
        if len(data) < end + 4 + n:
            break
        if status >= 200:
            answers.append(Answer(status, headers, data[end + 4:end + 4 + n]))
        data = data[end + 4 + n:]
    return answers, data


def read_all(s, timeout=PATIENCE):
    """Everything until the other side ends: (bytes, "closed" | "reset" |
    "open" when time is over)."""
    data = b""
    s.settimeout(timeout)
    try:
        while True:
            more = s.recv(1 << 16)
            if not more:
                return data, "closed"
            data += more
    except socket.timeout:
        return data, "open"
    except OSError:
        return data, "reset"


def read_answers(s, n, methods=()):
    """Reads until n answers are there; fails when they do not come."""
    data = b""
    while True:
        answers, rest = split_answers(data, methods)
        if len(answers) >= n:
            assert len(answers) == n and not rest, f"{answers} then {rest!r}"
            return answers
        more = s.recv(1 << 16)
        assert more, f"closed after {answers} {rest!r}"
        data += more


def methods_in(raw):
    """Of the requests that a strict reader sees, and of what follows them."""
    requests, _, rest = read_strictly(raw)
    return [r.method for r in requests] + [
        rest.split(b" ")[0].decode("latin-1")]


def ask(server, raw, end_our_half=True, timeout=PATIENCE):
    """Sends raw on a fresh connection; (answers, left over, how it ended)."""
    s = server.connect()
    try:
        s.sendall(raw)
        if end_our_half:
            s.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    data, end = read_all(s, timeout)
    s.close()
    answers, rest = split_answers(data, methods_in(raw))
    return answers, rest, end


def side_by_side(function, things, threads=16):
    """[function(thing)...], so many at a time."""
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        return list(pool.map(function, things))


def wait_until(condition, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
LINE = re.compile(rb"(" + TOKEN + rb") ([^\x00-\x20\x7f#]+) (HTTP/\d\.\d)\r\n")
FIELD = re.compile(rb"(" + TOKEN + rb"):[ \t]*((?:[^\x00-\x08\x0a-\x1f\x7f]"
                   rb"*[^\x00-\x20\x7f])?)[ \t]*\r\n")
HOST = re.compile(rb"([A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(:\d{0,5})?")
CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})\r\n")


class Bad(Exception):
    """Not strictly formed."""


class Short(Exception):
    """Strictly formed so far, but not whole."""


class Request:
    def __init__(self, method, target, version):
        self.method, self.target, self.version = method, target, version
        self.fields, self.body, self.loose = [], b"", False

    def all(self, name):
        return [v for n, v in self.fields if n.lower() == name]


def take(pattern, data):
    m = pattern.match(data)
    if m:
        return m, data[m.end():]
    if b"\n" in data or len(data) > 65536:
        raise Bad
    raise Short


def take_chunked(r, data):
    """A body without extensions; trailers and loose forms make it "loose": a
    server that closes the connection afterwards may let them pass."""
    while True:
        m = CHUNK.match(data)
        if not m:
            if b"\n" not in data:
                raise Short if re.match(rb"[0-9A-Fa-f]*\r?$", data) else Bad
            m = re.match(rb"([0-9A-Fa-f]+)(;[^\n]*?)?\r?\n", data)
            if not m:
                raise Bad
            r.loose = True
        data, n = data[m.end():], int(m[1], 16)
        if n == 0:
            break
        if len(data) < n + 1:
            raise Short
        r.body, data = r.body + data[:n], data[n:]
        if data[:2] == b"\r\n":
            data = data[2:]
        elif data[:1] == b"\n":
            r.loose, data = True, data[1:]
        elif data == b"\r":
            raise Short
        else:
            raise Bad
    if data[:2] == b"\r\n":
        return data[2:]
    if b"\n\n" not in data and b"\n\r\n" not in data and data[:1] != b"\n":
        raise Short
    r.loose = True
    return b""


def take_request(data):
    """The first request in data, strictly, and what follows it."""
    m, data = take(LINE, data)
    r = Request(m[1].decode(), m[2], m[3].decode())
    while not data.startswith(b"\r\n"):
        if data in (b"", b"\r"):
            raise Short
        m, data = take(FIELD, data)
        r.fields.append((m[1].decode(), m[2]))
    data = data[2:]
    hosts, lengths = r.all("host"), r.all("content-length")
    codings = r.all("transfer-encoding")
    absolute = re.match(rb"(?i)https?://([^/?]*)", r.target)
    if (r.version not in ("HTTP/1.0", "HTTP/1.1") or len(hosts) > 1 or
            (not hosts and r.version == "HTTP/1.1") or
            any(not HOST.fullmatch(h) for h in hosts) or
            r.method == "CONNECT" or
            not (absolute or r.target[:1] == b"/" or
                 (r.target == b"*" and r.method == "OPTIONS")) or
            (absolute and not HOST.fullmatch(absolute[1])) or
            (absolute and hosts and
             absolute[1].lower() != hosts[0].lower())):
        raise Bad
    if len(lengths) + len(codings) > 1 or \
            (codings and r.version == "HTTP/1.0") or \
            any(not re.fullmatch(rb"[0-9]+", v) for v in lengths) or \
            any(v.lower() != b"chunked" for v in codings):
        raise Bad
    if codings:
        return r, take_chunked(r, data)
    n = int(lengths[0]) if lengths else 0
    if n > 262144:
        raise Bad
    if len(data) < n:
        raise Short
    r.body = data[:n]
    return r, data[n:]


def read_strictly(data):
    """(requests, "end" | "short" | "bad", the rest): what the bytes mean to a
    reader who repairs nothing but empty lines before a request."""
    requests = []
    while True:
        data = re.sub(rb"^(\r?\n)+", b"", data)
        if not data:
            return requests, "end", b""
        try:
            r, data = take_request(data)
        except Bad:
            return requests, "bad", data
        except Short:
            return requests, "short", data
        requests.append(r)
        connection = b",".join(r.all("connection")).lower()
        if r.all("transfer-encoding") or b"close" in connection or (
                r.version == "HTTP/1.0" and b"keep-alive" not in connection):
            return requests, "end", b""


def same_reading(r, a):
    """What differs between the oracle's request and the echo, or None."""
    if r.method == "HEAD":
        return None
    got = a.json()
    target = re.sub(rb"(?i)^https?://[^/?]*", b"", r.target)
    path, _, query = target.partition(b"?")
    want = {
        "path": (path or b"/").decode("latin-1"),
        "query": query.decode("latin-1"),
        "body": r.body.decode("latin-1"),
        "headers": [[n, v.decode("latin-1")] for n, v in r.fields],
    }
    for key, value in want.items():
        if got[key] != value:
            return f"{key}: read {got[key]!r:.200}, meant {value!r:.200}"
    return None


def judge(raw, answers, rest, end):
    """The rule for a payload that we ended our half after.  Each request that
    the oracle reads is answered by that reading or refused; a refusal (4xx,
    5xx) closes; what is not strictly formed is refused or not answered at
    all; nothing is answered after that.  Returns the problem or None."""
    requests, how, _ = read_strictly(raw)
    if end != "closed":
        return f"the connection is {end}"
    if rest:
        return f"left over: {rest!r:.200}"
    for i, a in enumerate(answers):
        last = i == len(answers) - 1
        if a.status >= 400:
            if not last or not a.closes:
                return f"answer {i} refuses ({a.status}) and goes on"
            return None
        if i >= len(requests):
            return f"answer {i} ({a.status}) to what is {how}"
        problem = same_reading(requests[i], a)
        if problem:
            return f"answer {i}: {problem}"
        if requests[i].loose and not (last and a.closes):
            return f"answer {i}: loose chunks and not closed"
    return None
