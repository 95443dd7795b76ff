"""The filters that are measured: each is taught comments, then judges some.

One comment is {"text", "author", "label"}.  A filter that serves HTTP has a port
and the bytes of its requests (requests); what its processes used is cpu_us.
"""
import http.client
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import machine   # noqa: E402  # bench/machine.py
import servers   # noqa: E402  # bench/servers.py

BLOG = "https://blog.example.org/"


def mail(row):
    """A comment as a filter of e-mail wants it."""
    name = " ".join(row["author"].split())[:60] or "Somebody"
    return (f"From: {name} <a@example.org>\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: 8bit\r\n\r\n"
            f"{row['text']}\r\n").encode()


def http_request(path, body, **headers):
    head = "".join(f"{k.replace('_', '-')}: {v}\r\n"
                   for k, v in headers.items())
    return (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


class Taliq(servers.Taliq):
    name = "taliq"

    def make(self):
        shutil.rmtree(self.data, ignore_errors=True)
        self.run("init")
        self.key = self.run("key", "add", "--site", BLOG.rstrip("/"),
                            "--lessons-per-hour", "1000000").split()[-1]
        return self

    def form(self, row):
        return urllib.parse.urlencode({
            "api_key": self.key, "blog": BLOG, "user_ip": "203.0.113.7",
            "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko",
            "permalink": f"{BLOG}a-page", "comment_type": "comment",
            "comment_author": row["author"], "blog_charset": "UTF-8",
            "comment_content": row["text"]}).encode()

    def teach(self, rows):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for r in rows:
            c.request("POST", f"/1.1/submit-{r['label']}", self.form(r), {
                "Content-Type": "application/x-www-form-urlencoded"})
            answer = c.getresponse()
            if not answer.read().startswith(b"Thanks"):
                raise RuntimeError("taliq does not learn")
        c.close()

    def restart(self):
        """It ends with all learnt and saved."""
        self.__exit__()
        self.start()

    def requests(self, rows):
        return [http_request("/1.1/comment-check", self.form(r),
                             Content_Type="application/x-www-form-urlencoded")
                for r in rows]

    def cpu_us(self):
        return machine.cpu_us(self.pid)


RSPAMD = """
options {{ pidfile = "{d}/pid"; temp_dir = "{d}"; hs_cache_dir = "{d}";
	control_socket = "{d}/control mode=0600"; filters = "";
	dns {{ nameserver = ["127.0.0.1:9"]; timeout = 0.1s; }} }}
logging {{ type = "file"; filename = "{d}/log"; level = "error"; }}
lua = "{d}/nothing.lua";
modules {{ path = "{d}/none/"; }}
actions {{ reject = 15; add_header = 6; greylist = 4; }}
group "statistics" {{ symbols {{ "BAYES_SPAM" {{ weight = 5.1; }}
	"BAYES_HAM" {{ weight = -3.0; }} }} }}
worker "normal" {{ bind_socket = "127.0.0.1:{port}"; count = 1; }}
worker "controller" {{ bind_socket = "127.0.0.1:{teacher}"; count = 1;
	secure_ip = ["127.0.0.1"]; }}
classifier "bayes" {{ tokenizer {{ name = "osb"; }} backend = "redis";
	new_schema = true; servers = "127.0.0.1:{redis}";
	min_tokens = 1; min_learns = 1;
	statfile {{ symbol = "BAYES_HAM"; spam = false; }}
	statfile {{ symbol = "BAYES_SPAM"; spam = true; }} }}
"""


class Rspamd(servers.Process):
    """Bayes only: no rules, no modules, no network; its tokens in a redis of its
    own, as Debian's rspamd 3.4 has it, whose time counts with it."""
    name = "rspamd, Bayes only, with redis"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        # Compiled expressions stay here: making them takes half a minute.
        (self.folder / "none").mkdir(parents=True, exist_ok=True)
        self.port, self.teacher = servers.free_port(), servers.free_port()
        self.redis = servers.free_port()

    def start(self):
        for name in ("log", "pid", "control"):
            (self.folder / name).unlink(missing_ok=True)
        (self.folder / "nothing.lua").write_text("")
        config = self.folder / "rspamd.conf"
        config.write_text(RSPAMD.format(
            d=self.folder, port=self.port, teacher=self.teacher,
            redis=self.redis))
        self.store = subprocess.Popen(
            ["redis-server", "--port", str(self.redis), "--bind", "127.0.0.1",
             "--save", "", "--appendonly", "no", "--dir", self.folder],
            stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen(
            ["rspamd", "-f", "-i", "-c", config], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        end = time.monotonic() + 180
        while time.monotonic() < end and self.process.poll() is None:
            if self.answers(self.port) and self.answers(self.teacher):
                return
            time.sleep(0.1)
        raise RuntimeError("rspamd does not start")

    @staticmethod
    def answers(port):
        try:
            return servers.get(port, "/ping")[0].startswith(b"pong")
        except OSError:
            return False

    def __exit__(self, *_):
        super().__exit__()
        self.store.send_signal(signal.SIGTERM)
        self.store.wait(30)

    def ask(self, port, path, row):
        c = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        c.request("POST", path, mail(row))
        said = c.getresponse().read()
        c.close()
        return said

    def teach(self, rows):
        for r in rows:
            self.ask(self.teacher, f"/learn{r['label']}", r)
        # It counts what it has learnt every few seconds; until then it judges
        # nothing.
        for _ in range(60):
            said = sum(b"BAYES" in self.ask(self.port, "/checkv2", r)
                       for r in rows[-100:])
            if said > 20:
                return
            time.sleep(1)
        raise RuntimeError(f"rspamd judges {said} of 100")

    def requests(self, rows):
        return [http_request("/checkv2", mail(r)) for r in rows]

    def cpu_us(self):
        return machine.cpu_us(self.pid) + machine.cpu_us(self.store.pid)


class Bogofilter:
    """A process for each comment: it has no server."""
    name = "bogofilter, a process a comment"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def teach(self, rows):
        for r in rows:
            subprocess.run(["bogofilter", "-d", self.folder, "-s" if
                            r["label"] == "spam" else "-n"], input=mail(r),
                           check=True)

    def measure(self, rows, seconds):
        """As bench/load would say it: answers a second, waiting times in us,
        and CPU us each."""
        def used():
            r = resource.getrusage(resource.RUSAGE_CHILDREN)
            return (r.ru_utime + r.ru_stime) * 1e6

        took, before, began = [], used(), time.monotonic()
        while time.monotonic() < began + seconds:
            at = time.monotonic()
            subprocess.run(["bogofilter", "-d", self.folder, "-T"],
                           input=mail(rows[len(took) % len(rows)]),
                           stdout=subprocess.DEVNULL)
            took.append((time.monotonic() - at) * 1e6)
        passed, n = time.monotonic() - began, len(took)
        took.sort()
        return {"rate": n / passed, "p50": took[n // 2],
                "p99": took[n * 99 // 100], "cpu": (used() - before) / n}


def there(*programs):
    path = os.environ["PATH"] + ":/usr/sbin"
    return all(shutil.which(p, path=path) for p in programs)
