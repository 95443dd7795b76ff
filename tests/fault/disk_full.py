#!/usr/bin/env python3
"""A full disk: a clear page with the reader's text in it, reading goes on, and
when there is room again so does writing, without a restart.

timeout: 180

The data directory lies on a small ext4 in a file (a loop device; a small tmpfs
where there is none), mounted in a mount namespace of this test's own, so that
it vanishes with it.
"""
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

from lib.clients import Load, text_of, whole
from lib.server import NotReady, Server
from tap import Tap

SIZE_MB = 24
TEXT = "سطر أول <b>& سطر\nثانٍ \"بين علامتين\" 🙂"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def run(*args):
    return subprocess.run(args, capture_output=True, text=True)


def mount_small(folder):
    """A small file system at folder/disk: its kind, or None and why not."""
    at = folder / "disk"
    at.mkdir()
    image = folder / "image"
    with open(image, "wb") as f:
        f.truncate(SIZE_MB << 20)
    if shutil.which("mkfs.ext4"):
        made = run("mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", image)
        done = run("mount", "-o", "loop", image, at)
        if made.returncode == 0 and done.returncode == 0:
            return "ext4", None
    done = run("mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", at)
    return ("tmpfs", None) if done.returncode == 0 else (None, done.stderr)


class Disk:
    def __init__(self, at):
        self.at, self.n = at, 0

    def fill(self):
        """Until not one block more fits."""
        self.n += 1
        for size in (1 << 20, 1 << 16, 4096):
            with open(self.at / f"fill-{self.n}-{size}", "wb", 0) as f:
                try:
                    while True:
                        f.write(b"\0" * size)
                        os.fsync(f.fileno())
                except OSError:
                    pass

    def free(self):
        for p in self.at.glob("fill-*"):
            p.unlink()


def post_form(server, text, token):
    """Status, headers, page, and the token of the form that came back."""
    body = urllib.parse.urlencode({"site": "s", "page": "/p/1", "name": "سلمى",
                                   "url": "https://example.org/a",
                                   "text": text, "token": token})
    status, headers, page = server.request("POST", "/comments", body, FORM)
    m = re.search(r'name="token" value="([^"]+)"', page)
    return status, headers, page, m and m[1]


def post_api(server, text):
    body = json.dumps({"site": "s", "page": "/p/1", "name": "A", "text": text})
    return server.request("POST", "/api/v1/comments", body,
                          {"Content-Type": "application/json"})


def value_of(page, name):
    m = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    return html.unescape(m[1]) if m else None


def refusal(answer):
    """What is wrong with the page that a form gets from a full disk."""
    status, headers, page, token = answer
    m = re.search(r'<textarea [^>]*name="text"[^>]*>\n?(.*?)</textarea>', page,
                  re.S)
    found = {
        "the status is 503": status == 503,
        "Retry-After": headers.get("Retry-After", "").isdigit(),
        "the page's language": '<html lang="ar" dir="rtl"' in page,
        "an alert that says so": re.search(
            r'role="alert"[^>]*>\s*<h3>[^<]*[\u0600-\u06ff]', page),
        "the text": m and html.unescape(m[1]) == TEXT,
        "the name": value_of(page, "name") == "سلمى",
        "the website": value_of(page, "url") == "https://example.org/a",
        "a token": token,
    }
    return [f"missing: {what}" for what, ok in found.items() if not ok]


def reading(server):
    """What cannot be read; pages from the cache and pages made anew."""
    stamp = time.monotonic_ns()
    for path in ("/threads?site=s&page=/p/1", "/healthz", "/readyz", "/privacy",
                 f"/threads?site=s&page=/p/1&sort=oldest&reply={stamp}",
                 "/api/v1/threads?site=s&page=/p/1",
                 "/api/v1/comments/1"):
        status, _, body = server.request("GET", path)
        if status != 200:
            yield f"{path}: {status} {body[:100]!r}"


def until_written(server, token, seconds=5):
    """Sends the very form that came back until it is taken."""
    end = time.monotonic() + seconds
    while True:
        status, headers, page, again = post_form(server, TEXT, token)
        if status == 303 or time.monotonic() > end:
            return status, headers.get("Location", "")
        token = again or token
        time.sleep(0.1)


def quiet_case(tap, server, disk):
    """One reader at a full disk."""
    _, _, _, token = post_form(server, TEXT, "no token yet")
    disk.fill()
    answers, acked = [], {}
    for n in range(40):
        status, _, body = post_api(server, text_of(f"q-0-{n}"))
        answers.append(status)
        if status == 201:
            acked[json.loads(body)["id"]] = f"q-0-{n}"
    form = post_form(server, TEXT, token)
    tap.case("the form comes back filled, with what happened", refusal(form))
    tap.case("the API says 503", [] if set(answers) <= {201, 503} and
             answers[-1] == 503 else [str(answers)])
    tap.case("reading goes on", reading(server))
    disk.free()
    status, location = until_written(server, form[3] or "")
    m = re.search(r"#comment-(\d+)$", location)
    tap.case("with room again, the same form is taken without a restart",
             [] if m else [f"{status} {location}"])
    kept = [text for _, text in server.rows() if text == TEXT]
    tap.case("it is stored once", [] if len(kept) == 1 else [f"{len(kept)}"])
    return acked


def busy_case(tap, server, disk):
    """Many readers while the disk fills and empties three times."""
    load = Load(server.port, 24, readers=8)
    for _ in range(3):
        load.run(0.4)
        disk.fill()
        load.run(0.8)
        disk.free()
    before = len(load.acked)
    load.run(1.5)
    load.drain()
    strange = [line for line in load.odd if not line.startswith("503")]
    refused = len(load.odd) - len(strange)
    tap.note(f"{len(load.acked)} acknowledged, {refused} refused")
    tap.case("under load, a full disk gives 503 and nothing else",
             strange[:10] or ([] if refused else ["it gave none"]))
    tap.case("under load, writing goes on with room again",
             [] if len(load.acked) > before else ["no post was taken"])
    tap.case("no connection was broken",
             [f"{load.half} half, {load.unanswered} without answer"]
             if load.half or load.unanswered else [])
    return load.acked


def start_full(tap, server, disk):
    """A crash while it is full, and a start on what is left."""
    disk.fill()
    post_api(server, "one that fails")
    server.kill()
    title = "it starts on a full disk and is read"
    try:
        server.start()
        tap.case(title, reading(server))
    except NotReady as e:
        tap.case(title, [str(e)])
        disk.free()
        server.start()
    disk.free()
    status, _, body = post_api(server, "after it")
    end = time.monotonic() + 5
    while status != 201 and time.monotonic() < end:
        time.sleep(0.1)
        status, _, body = post_api(server, "after it")
    tap.case("and is written to when there is room",
             [] if status == 201 else [f"{status} {body[:100]}"])


def check_store(tap, server, acked):
    rows = dict(server.rows())
    tap.case("nothing acknowledged is lost",
             [f"comment {row} ({tag})" for row, tag in acked.items()
              if rows.get(row) != text_of(tag)][:20])
    known = (TEXT, "one that fails", "after it")
    tap.case("what is stored is whole",
             [f"comment {row}: {text!r:.80}" for row, text in rows.items()
              if whole(text) is None and text not in known][:20])


def test(folder):
    tap = Tap()
    kind, why = mount_small(folder)
    if kind is None:
        print(f"1..0 # SKIP no small file system can be mounted: {why}")
        return 0
    tap.note(f"{SIZE_MB} MB of {kind}")
    disk = Disk(folder / "disk")
    server = Server(disk.at / "data")
    try:
        server.start()
        acked = {json.loads(post_api(server, text_of(f"a-0-{n}"))[2])["id"]:
                 f"a-0-{n}" for n in range(10)}
        acked |= quiet_case(tap, server, disk)
        acked |= busy_case(tap, server, disk)
        start_full(tap, server, disk)
        check_store(tap, server, acked)
        server.stop()
        tap.case("taliq verify finds nothing", server.verify()[0])
    finally:
        server.close()
        run("umount", folder / "disk")
    return tap.end()


def main():
    if os.geteuid() != 0:
        print("1..0 # SKIP mounting a small file system wants root")
        return 0
    if "TALIQ_FAULT_NS" not in os.environ:
        os.environ["TALIQ_FAULT_NS"] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private",
                              sys.executable, *sys.argv])
    with tempfile.TemporaryDirectory(prefix="taliq-full-") as folder:
        return test(pathlib.Path(folder))


if __name__ == "__main__":
    sys.exit(main())
