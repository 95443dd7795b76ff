"""What is measured.  Each part prints a table; the rounds of a part run one
server after the other, so that a busy minute hits all of them."""
import re
import shutil
import statistics
import subprocess
import time

import machine
import servers
import stores

median = statistics.median


def table(title, head, rows):
    print(f"\n### {title}\n")
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(str(c) for c in row) + " |", flush=True)


def wrk(pid, port, path, connections, threads, seconds):
    """(requests a second, CPU us a request) of the process tree pid."""
    before = machine.cpu_us(pid)
    said = subprocess.run(
        ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}",
         f"http://127.0.0.1:{port}{path}"], check=True, capture_output=True,
        text=True).stdout
    used = machine.cpu_us(pid) - before
    if "Non-2xx" in said:
        raise RuntimeError(said)
    n = int(re.search(r"(\d+) requests in", said)[1])
    return float(re.search(r"Requests/sec:\s*([\d.]+)", said)[1]), used / n


def load(bench, *args):
    """What bench/load prints, as numbers."""
    p = subprocess.run([bench.build / "bench/load", *map(str, args)],
                       check=True, capture_output=True, text=True)
    answers, seconds, bad, p50, p99 = map(float, p.stdout.split())
    if bad or not answers:
        raise RuntimeError(f"load {args}: {p.stdout}")
    return {"n": answers, "rate": answers / seconds, "p50": p50, "p99": p99}


def cached(bench):
    """A 12 KB thread page from the cache against nginx with the same bytes."""
    if not shutil.which("nginx") or not shutil.which("wrk"):
        return bench.say("cached: nginx or wrk is not installed")
    taliq = bench.taliq(bench.folder / "cached")
    shutil.rmtree(taliq.data, ignore_errors=True)
    taliq.make()
    path = "/threads?site=s&page=/a"
    rows = []
    with taliq:
        taliq.start(threads=1)
        body = fill_page(bench, taliq, path)
    for workers in (1, 2):
        for connections in (64, 512):
            rows.append(cached_row(bench, taliq, path, workers, connections))
    table(f"Cached page of {len(body)} bytes against nginx, same bytes and "
          "headers (CPU µs a request, requests a second)",
          ["workers", "connections", "taliq CPU", "nginx CPU", "nginx with "
           "open_file_cache", "taliq / nginx / tuned", "taliq r/s",
           "nginx r/s", "tuned r/s"], rows)


def fill_page(bench, taliq, path):
    """Comments until the page has 12 KB."""
    n = 0
    while True:
        body, _ = servers.get(taliq.port, path)
        if len(body) > 12000:
            return body
        n += 1
        servers.post_json(taliq.port, "/api/v1/comments",
                          bench.comment(n, "/a"))


def cached_row(bench, taliq, path, workers, connections):
    """Rounds of the three servers, a row of their medians."""
    got = {"taliq": [], "nginx": [], "tuned": []}
    with taliq:
        taliq.start(threads=workers)
        body, headers = servers.get(taliq.port, path)
        with servers.Nginx(bench.folder / "nginx", body, headers, workers,
                           False) as nginx, \
                servers.Nginx(bench.folder / "tuned", body, headers, workers,
                              True) as tuned:
            for _ in range(bench.rounds):
                for name, s, at in (("taliq", taliq, path),
                                    ("nginx", nginx, "/page.html"),
                                    ("tuned", tuned, "/page.html")):
                    got[name].append(wrk(s.pid, s.port, at, connections,
                                         workers, 2))
    rate = {k: median(r for r, _ in v) for k, v in got.items()}
    cpu = {k: median(c for _, c in v) for k, v in got.items()}
    return [workers, connections, *(f"{cpu[k]:.1f}" for k in got),
            f"1 / {cpu['taliq'] / cpu['nginx']:.2f} / "
            f"{cpu['taliq'] / cpu['tuned']:.2f}",
            *(f"{rate[k]:,.0f}" for k in got)]


def miss(bench):
    """Pages of 50 comments that are in no cache: with comments never seen, and
    with those of the page before."""
    small = stores.store(bench, 10_000)
    first, behind = stores.pages(10_000)
    rows = []
    for what, mb, path, numbers in (
            ("comments not rendered before", 1, "/threads?site=s&page=/p/%u",
             (first, behind)),
            ("comments rendered before", 64,
             "/threads?site=s&page=/p/0&reply=%u", (10**6, 10**9))):
        used, took = [], []
        with small:
            small.start(threads=1, cache_mb=mb)
            body, _ = servers.get(small.port, "/threads?site=s&page=/p/0")
            for _ in range(bench.rounds * 3):
                before = machine.cpu_us(small.pid)
                said = load(bench, "get", small.port, 1, 0.5, path, *numbers)
                used.append((machine.cpu_us(small.pid) - before) / said["n"])
                took.append(said["p50"])
        rows.append([what, len(body), f"{median(used):.0f}", "<= 300",
                     f"{median(took):.0f}"])
    table("Cache miss: a page of 50 comments, rendered and compressed",
          ["", "bytes", "CPU µs", "goal", "median wait µs"], rows)


def posts(bench):
    """Durable posts against a bare fdatasync loop on the same disk."""
    taliq = bench.taliq(bench.folder / "posts")
    shutil.rmtree(taliq.data, ignore_errors=True)
    taliq.make()
    raw, got, goals = [], {1: [], 32: [], 128: []}, {1: 0.8, 32: 8, 128: 15}
    with taliq:
        taliq.start()
        for _ in range(bench.rounds * 2):
            raw.append(float(subprocess.run(
                [bench.build / "bench/sync", bench.folder / "sync.bin", "1"],
                check=True, capture_output=True, text=True).stdout))
            for clients in got:
                before = machine.cpu_us(taliq.pid)
                said = load(bench, "post", taliq.port, clients, 1.5)
                said["cpu"] = ((machine.cpu_us(taliq.pid) - before)
                               / said["n"])
                got[clients].append(said)
    rows = [["raw fdatasync of 4 KiB", f"{median(raw):,.0f}", 1, "", "", ""]]
    for clients, all_said in got.items():
        ratio = median(s["rate"] / r for s, r in zip(all_said, raw))
        rows.append([f"{clients} client{'s' if clients > 1 else ''}",
                     *(f"{median(s[k] for s in all_said):,.0f}"
                       for k in ("rate",)), f"{ratio:.1f}", goals[clients],
                     f"{median(s['p50'] for s in all_said) / 1000:.2f} / "
                     f"{median(s['p99'] for s in all_said) / 1000:.2f}",
                     f"{median(s['cpu'] for s in all_said):.0f}"])
    table("Durable posts of 400 bytes (median of each round's ratio to raw)",
          ["", "a second", "ratio", "goal", "wait ms, median / p99",
           "CPU µs a post"], rows)


def idle_growth(bench, server, path, n):
    """Bytes of memory that one idle connection costs."""
    before = machine.memory_kib(server.pid)
    p = subprocess.Popen([bench.build / "bench/load", "idle",
                          str(server.port), str(n), path],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if p.stdout.readline() != b"open\n":
        raise RuntimeError("idle connections cannot be opened")
    time.sleep(4)
    after = machine.memory_kib(server.pid)
    p.communicate()
    return (after - before) * 1024 / n


def idle(bench):
    """Memory of connections that stay open between requests."""
    n = 10_000
    taliq = stores.store(bench, 10_000)
    path = "/threads?site=s&page=/p/0"
    with taliq:
        taliq.start()
        body, headers = servers.get(taliq.port, path)
        base = machine.memory_kib(taliq.pid)
        rows = [["taliq", f"{idle_growth(bench, taliq, path, n):,.0f}",
                 "<= 16,384", f"{base / 1024:.1f}"]]
    if shutil.which("nginx"):
        with servers.Nginx(bench.folder / "nginx", body, headers, 2,
                           False) as nginx:
            base = machine.memory_kib(nginx.pid)
            grown = idle_growth(bench, nginx, "/page.html", n)
        rows.append(["nginx", f"{grown:,.0f}", "", f"{base / 1024:.1f}"])
    table(f"{n:,} idle connections, each after one page (PSS)",
          ["", "bytes a connection", "goal", "MiB before"], rows)


def start(bench):
    """Start and pages with a small and a large store."""
    rows = []
    for comments in (10_000, 1_000_000):
        server = stores.store(bench, comments)
        first, behind = stores.pages(comments)
        ready, used, memory = [], [], []
        for _ in range(bench.rounds + 2):
            with server:
                ready.append(server.start() * 1000)
                before = machine.cpu_us(server.pid)
                said = load(bench, "get", server.port, 1, 0.5,
                            "/threads?site=s&page=/p/%u", behind - 150,
                            behind)
                used.append((machine.cpu_us(server.pid) - before)
                            / said["n"])
                memory.append(machine.memory_kib(server.pid) / 1024)
        rows.append([f"{comments:,}", f"{median(ready):.0f}", "<= 100",
                     f"{median(used):.0f}", f"{median(memory):.1f}"])
    table("Start, and pages of 50 comments, with a store of so many comments",
          ["comments", "ready after ms", "goal", "CPU µs a page (150 pages, "
           "hits and misses)", "MiB (PSS) then"], rows)


def thread(bench):
    """The first page of a long thread right after a new comment."""
    taliq = stores.copy(bench, stores.store(bench, 1_000_000), "thread")
    path = "/threads?site=s&page=/large"
    used, took = [], []
    with taliq:
        taliq.start()
        for n in range(40 * bench.rounds):
            servers.post_json(taliq.port, "/api/v1/comments", bench.comment(
                n, "/large"))
            time.sleep(0.005)
            before, began = machine.cpu_us(taliq.pid), time.monotonic()
            body, _ = servers.get(taliq.port, path)
            took.append(time.monotonic() - began)
            time.sleep(0.002)
            used.append(machine.cpu_us(taliq.pid) - before)
    table("A thread of 10,000 comments, first read after a new one (a million "
          "in the store)", ["bytes", "CPU ms", "goal", "wait ms"],
          [[len(body), f"{median(used) / 1000:.2f}", "<= 2",
            f"{median(took) * 1000:.2f}"]])
    shutil.rmtree(taliq.data)


def peers(bench):
    """A forum thread of 50 posts in fossil."""
    if not shutil.which("fossil") or not shutil.which("wrk"):
        return bench.say("peers: fossil or wrk is not installed")
    with servers.Fossil(bench.folder / "fossil") as fossil:
        path = fossil.thread(50, stores.text(1))
        body, _ = servers.get(fossil.port, path)
        got = [wrk(fossil.pid, fossil.port, path, 8, 1, 3)
               for _ in range(bench.rounds)]
    table("A page of 50 posts in a peer", ["", "bytes", "CPU µs",
                                           "pages a second"],
          [["fossil, forum", len(body), f"{median(c for _, c in got):,.0f}",
            f"{median(r for r, _ in got):,.0f}"]])


PARTS = {f.__name__: f
         for f in (cached, miss, posts, idle, start, thread, peers)}
