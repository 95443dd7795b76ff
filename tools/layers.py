#!/usr/bin/env python3
"""Fails when a file includes a floor above its own (docs/architecture.md)."""
import pathlib
import re
import sys

MAY = {
    "base": set(),
    "text": {"base"},
    "filter": {"base", "text"},
    "store": {"base"},
    "app": {"base", "text", "filter", "store"},
    "web": {"base", "text", "app"},
    "cli": {"base", "text", "app"},
    "main": {"base", "text", "filter", "store", "app", "web", "cli"},
}

root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
bad = 0
for f in sorted((root / "src").rglob("*.[ch]")):
    floor = f.relative_to(root / "src").parts[0]
    if floor not in MAY:
        print(f"{f}: {floor}/ is not a floor")
        bad = 1
        continue
    for no, line in enumerate(f.read_text().split("\n"), 1):
        m = re.match(r'\s*#\s*include\s+"([a-z_]+)/', line)
        if m and m[1] not in ("taliq", floor) and m[1] not in MAY[floor]:
            print(f"{f}:{no}: {floor}/ may not include {m[1]}/")
            bad = 1
sys.exit(bad)
