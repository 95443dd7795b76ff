"""One taliq on a data directory of its own: started, stopped, killed, asked."""
import http.client
import os
import pathlib
import selectors
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

from lib import ROOT

TALIQ = os.environ.get("TALIQ") or str(ROOT / "build/src/main/taliq")

# All clients sit behind one address and are in a hurry.
CONF = {
    "network_posts_per_hour": 0,
    "thread_posts_per_minute": 0,
    "site_posts_per_minute": 0,
    "connections_per_address": 20000,
}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class NotReady(Exception):
    pass


class Server:
    """site "s" has no articles, so each path is a page that takes comments."""

    def __init__(self, data=None, language="ar", **conf):
        self.folder = tempfile.TemporaryDirectory(prefix="taliq-fault-")
        self.log = pathlib.Path(self.folder.name) / "log"
        self.data = pathlib.Path(data or self.log.with_name("data"))
        self.port, self.process = free_port(), None
        self.run("init")
        self.run("site", "add", "s", f"language={language}", "title=Fault",
                 "filter=no",
                 f"origins=http://127.0.0.1:{self.port}")
        with open(self.data / "taliq.conf", "a") as f:
            for name, value in (CONF | conf).items():
                f.write(f"{name} = {value}\n")

    def run(self, *args):
        """One command on the data directory; its output."""
        p = subprocess.run([TALIQ, *args, "--data", self.data],
                           capture_output=True, text=True, timeout=300)
        if p.returncode:
            raise RuntimeError(f"taliq {args[0]}: {p.stdout}{p.stderr}")
        return p.stdout

    def spawn(self, wrap=()):
        """Starts it, behind the words of wrap, and does not wait."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*wrap, TALIQ, "serve", "--data", self.data, "--listen",
                 f"127.0.0.1:{self.port}"], stdout=subprocess.PIPE,
                stderr=log, start_new_session=True)

    def wait_ready(self, seconds=30):
        """Returns how long it took; NotReady when it ended or took longer."""
        started = time.monotonic()
        with selectors.DefaultSelector() as sel:
            sel.register(self.process.stdout, selectors.EVENT_READ)
            said = b""
            while b"ready on" not in said:
                left = started + seconds - time.monotonic()
                if not sel.select(max(left, 0)):
                    raise NotReady(f"not ready after {seconds} s")
                more = os.read(self.process.stdout.fileno(), 4096)
                if not more:
                    raise NotReady(f"ended with {self.process.wait()}: "
                                   f"{self.last_words()}")
                said += more
        return time.monotonic() - started

    def start(self, wrap=(), seconds=30):
        self.spawn(wrap)
        return self.wait_ready(seconds)

    def last_words(self):
        lines = self.log.read_text(errors="replace").splitlines()
        return " | ".join(lines[-3:])

    def kill(self):
        """The whole group at once: what it is wrapped in would outlive it."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
            while True:		# until the wrapped one has let go of its files
                os.killpg(self.process.pid, 0)
                self.process.poll()
                time.sleep(0.001)
        except ProcessLookupError:
            pass
        self._ended()

    def stop(self, seconds=30):
        """SIGTERM; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait_end(seconds)

    def wait_end(self, seconds=30):
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return None
        self._ended()
        return status

    def _ended(self):
        self.process.wait()
        self.process.stdout.close()
        self.process = None

    def close(self):
        if self.process is not None:
            self.kill()
        self.folder.cleanup()

    def request(self, method, path, body=None, headers=(), seconds=10):
        """One request on a connection of its own: status, headers, text."""
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            c.request(method, path, body, dict(headers))
            r = c.getresponse()
            return r.status, r.headers, r.read().decode()
        finally:
            c.close()

    def rows(self, after=0):
        """(id, text) of the comments behind an id, from the database itself."""
        db = sqlite3.connect(f"file:{self.data}/taliq.db?mode=ro", uri=True)
        try:
            return db.execute("SELECT id, body FROM comment WHERE id > ? "
                              "ORDER BY id", (after,)).fetchall()
        finally:
            db.close()

    def verify(self):
        """Lines of taliq verify that name problems; the last line."""
        p = subprocess.run([TALIQ, "verify", "--data", self.data],
                           capture_output=True, text=True, timeout=600)
        lines = (p.stdout + p.stderr).splitlines()
        problems = lines[:20] if p.returncode else []
        return problems, lines[-1] if lines else "nothing was said"
