"""Requests and answers byte by byte: what the tests of Akismet's protocol
share."""
import socket


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def header(self, name):
        """The only one of that name, or None."""
        values = self.headers.get(name.lower(), [])
        return values[0] if len(values) == 1 else None


class Connection:
    """One connection; answers are read as they are framed."""

    def __init__(self, host, port, timeout=10):
        self.socket = socket.create_connection((host, port), timeout)
        self.buffer = b""

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def more(self):
        data = self.socket.recv(65536)
        if not data:
            raise EOFError("the connection ended")
        self.buffer += data

    def take(self, n):
        while len(self.buffer) < n:
            self.more()
        data, self.buffer = self.buffer[:n], self.buffer[n:]
        return data

    def take_until(self, end):
        while end not in self.buffer:
            self.more()
        data, self.buffer = self.buffer.split(end, 1)
        return data

    def rest(self):
        try:
            while True:
                self.more()
        except EOFError:
            data, self.buffer = self.buffer, b""
            return data

    def chunks(self):
        body = b""
        while True:
            n = int(self.take_until(b"\r\n").split(b";")[0], 16)
            body += self.take(n)
            self.take(2)
            if n == 0:
                return body

    def answer(self):
        status = 100
        while status == 100:
            lines = self.take_until(b"\r\n\r\n").decode("latin-1")
            lines = lines.split("\r\n")
            status = int(lines[0].split()[1])
        headers = {}
        for line in lines[1:]:
            name, value = line.split(":", 1)
            headers.setdefault(name.strip().lower(), []).append(value.strip())
        if "content-length" in headers:
            body = self.take(int(headers["content-length"][0]))
        elif "chunked" in headers.get("transfer-encoding", [""])[0]:
            body = self.chunks()
        else:
            body = self.rest()
        return Answer(status, headers, body)

    def is_closed(self):
        """Whether the other side ends the connection within three seconds."""
        self.socket.settimeout(3)
        try:
            return self.socket.recv(1) == b""
        except socket.timeout:
            return False
        except ConnectionError:
            return True


def request(path, body=b"", method="POST", host="rest.akismet.com",
            version="1.1", headers=None):
    """headers: None takes one out."""
    h = {"Host": host, "User-Agent": "taliq-conformance/1"}
    if method == "POST":
        h["Content-Type"] = "application/x-www-form-urlencoded"
        h["Content-Length"] = str(len(body))
    h |= headers or {}
    head = "".join(f"{k}: {v}\r\n" for k, v in h.items() if v is not None)
    return f"{method} {path} HTTP/{version}\r\n{head}\r\n".encode() + body
