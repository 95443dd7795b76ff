#!/usr/bin/env python3
"""Runs the examples of documents against a fresh demo publication.  TAP.

usage: run_examples.py TALIQ ROOT FILE...

An example is a line "$ command" in a block of kind "console"; it goes on after a
back slash or a bar at its end, and from <<'WORD' until WORD.  The lines behind it
are what the command must print; "..." in such a line stands for any text, on a
line of its own for any lines.  The commands of one document run in one shell, in
the order of the document.  "127.0.0.1:8080" and "/var/lib/taliq" stand for the
port and the directory that the test uses; sudo and systemctl are stand-ins that
know the test's server.
"""
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile

SHELL = r"""
sudo() { [ "$1" != -u ] || shift 2; "$@"; }
start_server() {
	taliq serve --listen 127.0.0.1:"$PORT" >"$LOG" 2>&1 &
	SERVER=$!
	for _ in $(seq 200); do
		grep -q '^taliq: ready' "$LOG" && return
		sleep 0.05
	done
	echo 'the server does not start' >&2
}
stop_server() {
	kill "$SERVER"
	wait "$SERVER"
}
systemctl() {
	case $1 in
	start) start_server ;;
	stop) stop_server ;;
	restart) stop_server; start_server ;;
	reload) kill -HUP "$SERVER" ;;
	esac
}
trap 'kill "$SERVER" 2>/dev/null' EXIT
exec 2>&1
start_server
"""
MARK = "=====taliq-example====="


def unfinished(command):
    """Whether more lines of the command follow."""
    here = re.search(r"<<'(\w+)'", command)
    if here:
        return here[1] not in command.split("\n")
    return command.endswith(("\\", "|"))


def examples(path):
    """(line number, command, expected lines) of each example."""
    found, inside, indent = [], False, 0
    for no, line in enumerate(path.read_text().split("\n"), 1):
        if line.lstrip().startswith("```"):
            inside, indent = line.lstrip() == "```console", line.index("`")
            continue
        line = line[indent:]
        if not inside:
            continue
        if found and not found[-1][2] and unfinished(found[-1][1]):
            found[-1][1] += "\n" + line
        elif line.startswith("$ "):
            found.append([no, line[2:], []])
        else:
            found[-1][2].append(line)
    return found


def pattern(lines):
    """A regular expression for what must be printed."""
    parts = []
    for line in lines:
        if line == "...":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*?".join(map(re.escape, line.split("..."))) + "\n")
    return "".join(parts)


class Place:
    """A demo publication, and the names that documents have for it."""

    def __init__(self, taliq, root, folder):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.folder, self.data = folder, folder / "data"
        (folder / "bin").mkdir()
        (folder / "bin/taliq").symlink_to(taliq)
        (folder / "backup").mkdir()
        subprocess.run(["sh", root / "tools/make-demo.sh", taliq, self.data,
                        str(self.port)], check=True, capture_output=True)
        self.names = [(":8080", f":{self.port}"),
                      ("/var/lib/taliq", str(self.data)),
                      ("/var/backups/taliq", str(folder / "backup"))]

    def here(self, text):
        for name, real in self.names:
            text = text.replace(name, real)
        return text

    def there(self, text):
        for name, real in self.names:
            text = text.replace(real, name)
        return text

    def run(self, found):
        """What each command printed."""
        script = SHELL
        for _, command, _ in found:
            script += f"{self.here(command)}\necho '{MARK}'\n"
        env = dict(os.environ, TALIQ_DATA=str(self.data), LC_ALL="C.UTF-8",
                   LOG=str(self.folder / "log"), PORT=str(self.port),
                   PATH=f"{self.folder / 'bin'}:{os.environ['PATH']}")
        r = subprocess.run(["bash", "-c", script], cwd=self.folder, env=env,
                           capture_output=True, text=True, timeout=100)
        return self.there(r.stdout).split(MARK + "\n")


def main():
    taliq, root = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    count = failed = 0
    for path in map(pathlib.Path, sys.argv[3:]):
        found = examples(path)
        with tempfile.TemporaryDirectory(prefix="taliq-docs-") as folder:
            said = Place(taliq, root, pathlib.Path(folder)).run(found)
        said += ["(not run)"] * (len(found) - len(said))
        for (no, command, lines), got in zip(found, said):
            ok = re.fullmatch(pattern(lines), got) is not None
            count += 1
            failed += not ok
            first = command.split("\n")[0].rstrip("\\ ")
            title = f"{path.name}:{no}: {first}".replace("#", "\\#")
            print(f"{'ok' if ok else 'not ok'} {count} - {title}")
            if not ok:
                for line in ["wanted:", *lines, "got:", *got.split("\n")]:
                    print(f"# {line}")
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
