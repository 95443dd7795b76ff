"""Data directories of known contents, made by "taliq import" and kept."""
import json
import shutil
import subprocess

WORDS = ("the tide table says one thing and the quay another so we waited for "
         "the ferry until the lamps were lit and nobody asked why it was late "
         "again this winter although everyone had heard the reason twice").split()
PER_PAGE = 50
LARGE = 10_000		# comments of the large thread


def text(n, words=55):
    """About 300 bytes, different for each n."""
    return " ".join([str(n)] + [WORDS[(n * 7 + i * (1 + n % 5)) % len(WORDS)]
                                for i in range(words)])


def line(n, page, parent=None):
    row = {"page": page, "key": f"k{n}", "name": f"Reader {n % 997}",
           "text": text(n), "at": "2026-01-%02dT%02d:%02d:%02dZ" % (
               1 + n % 28, n // 28 % 24, n % 60, n // 60 % 60)}
    if parent is not None:
        row["parent"] = f"k{parent}"
    return json.dumps(row) + "\n"


def write_lines(path, comments):
    """A large thread, then pages of 50; every fifth comment is a reply."""
    with open(path, "w") as f:
        for n in range(comments):
            large = n < LARGE and comments > LARGE
            page = "/large" if large else f"/p/{n // PER_PAGE}"
            parent = n - 1 if n % 5 == 4 else None
            f.write(line(n, page, parent))


def pages(comments):
    """Numbers of the first and behind the last page of 50."""
    return (LARGE if comments > LARGE else 0) // PER_PAGE, comments // PER_PAGE


def store(bench, comments):
    """A Taliq, not started, on a store of so many comments."""
    data = bench.folder / f"store-{comments}"
    server = bench.taliq(data)
    if (data / "made").exists():
        return server
    bench.say(f"importing {comments} comments")
    shutil.rmtree(data, ignore_errors=True)
    server.make()
    lines = bench.folder / "lines.jsonl"
    write_lines(lines, comments)
    server.run("import", "--site", "s", lines)
    lines.unlink()
    (data / "made").write_text("yes\n")
    return server


def copy(bench, server, name):
    """A copy that may be written to."""
    data = bench.folder / name
    shutil.rmtree(data, ignore_errors=True)
    subprocess.run(["cp", "-r", "--reflink=auto", server.data, data],
                   check=True)
    return bench.taliq(data)
