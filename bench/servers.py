"""The servers that are measured: taliq, nginx, fossil."""
import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time
import urllib.parse

CONF = {
    "network_posts_per_hour": 0, "thread_posts_per_minute": 0,
    "site_posts_per_minute": 0, "connections_per_address": 20000,
    "connections_max": 20000, "idle_timeout_s": 600,
}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def get(port, path, **headers):
    """Body and headers of one page."""
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    c.request("GET", path, headers={"Accept-Encoding": "identity"} | headers)
    r = c.getresponse()
    body = r.read()
    c.close()
    if r.status != 200:
        raise RuntimeError(f"{path}: {r.status} {body[:200]}")
    return body, r.headers


def post_json(port, path, body):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    c.request("POST", path, body, {"Content-Type": "application/json"})
    r = c.getresponse()
    said = r.read()
    c.close()
    if r.status != 201:
        raise RuntimeError(f"{path}: {r.status} {said[:200]}")


class Process:
    """Something that listens; stopped when the with ends."""
    port = process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
            self.process = None

    @property
    def pid(self):
        return self.process.pid

    def wait_port(self):
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.01)
        raise RuntimeError("a server does not listen")


class Taliq(Process):
    """A data directory whose site "s" has no articles, so that each path is a
    page that takes comments."""

    def __init__(self, exe, data):
        self.exe, self.data = exe, pathlib.Path(data)
        self.port = free_port()

    def run(self, *args):
        return subprocess.run([self.exe, *args, "--data", self.data],
                              check=True, capture_output=True, text=True).stdout

    def make(self):
        self.run("init")
        self.run("site", "add", "s", "language=en", "title=Bench",
                 "origins=http://127.0.0.1")
        return self

    def start(self, **conf):
        """Seconds until it says that it is ready."""
        config = self.data / "bench.conf"
        config.write_text("".join(f"{k} = {v}\n"
                                  for k, v in (CONF | conf).items()))
        began = time.monotonic()
        self.process = subprocess.Popen(
            [self.exe, "serve", "--data", self.data, "--config", config,
             "--listen", f"127.0.0.1:{self.port}"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        if b"ready" not in self.process.stdout.readline():
            raise RuntimeError("taliq does not start")
        return time.monotonic() - began


class Nginx(Process):
    """The same bytes from a file, with the same headers, as Debian sets it up:
    sendfile and tcp_nopush; tuned: with open files kept."""

    def __init__(self, folder, body, headers, workers, tuned):
        self.port = free_port()
        folder = pathlib.Path(folder)
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "html").mkdir(parents=True)
        (folder / "html/page.html").write_bytes(body)
        more = "".join(f"\tadd_header {name} {quoted(value)};\n"
                       for name, value in headers.items() if name not in
                       ("Content-Length", "Content-Type", "Date", "ETag"))
        cache = "open_file_cache max=100;" if tuned else ""
        (folder / "nginx.conf").write_text(f"""
daemon off; worker_processes {workers}; worker_rlimit_nofile 20000;
pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 12000; }}
http {{
	access_log off; sendfile on; tcp_nopush on; default_type text/html;
	keepalive_requests 1000000000; keepalive_timeout 600; {cache}
	client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
	fastcgi_temp_path {folder}/fcgi; uwsgi_temp_path {folder}/uwsgi;
	scgi_temp_path {folder}/scgi;
	server {{
	listen 127.0.0.1:{self.port} backlog=1024; root {folder}/html;
{more}	}}
}}
""")
        self.process = subprocess.Popen(
            ["nginx", "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL)
        self.wait_port()


def quoted(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Fossil(Process):
    """A repository with one forum thread."""

    def __init__(self, folder):
        self.port, self.folder = free_port(), pathlib.Path(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.env = dict(os.environ, HOME=str(self.folder), USER="bench")
        repo = self.folder / "r.fossil"
        subprocess.run(["fossil", "new", repo], check=True, env=self.env,
                       capture_output=True)
        self.process = subprocess.Popen(
            ["fossil", "server", "--localhost", "--localauth", "--port",
             str(self.port), repo], env=self.env, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.wait_port()

    def thread(self, posts, text):
        """Path of a forum thread of so many posts."""
        first = self.submit("/forume1", title="A thread", content=text)
        for _ in range(posts - 1):
            self.submit("/forume2", fpid=first.rpartition("/")[2], reply="1",
                        content=text)
        return first

    def submit(self, path, **fields):
        """One form as a browser sends it; the path that it leads to."""
        fields |= {"mimetype": "text/plain", "submit": "Submit"}
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        c.request("POST", path, urllib.parse.urlencode(fields), {
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"http://127.0.0.1:{self.port}{path}"})
        r = c.getresponse()
        r.read()
        c.close()
        if r.status != 302:
            raise RuntimeError(f"fossil {path}: {r.status}")
        return urllib.parse.urlsplit(r.headers["Location"]).path
