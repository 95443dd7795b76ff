#!/usr/bin/env python3
"""Turns sql/NNN_name.sql files into one C table (src/store/migrate.h)."""
import pathlib
import sys

out, files = sys.argv[1], sorted(pathlib.Path(f) for f in sys.argv[2:])
text = ['#include "store/migrate.h"\n']
rows = []
for i, f in enumerate(files, 1):
    number, _, name = f.stem.partition("_")
    if int(number) != i:
        sys.exit(f"{f}: expected number {i:03}")
    data = f.read_bytes() + b"\0"
    text.append(f"static const char text_{i}[] = {{")
    for at in range(0, len(data), 20):
        text.append("\t" + "".join(f"{b}," for b in data[at:at + 20]))
    text.append("};\n")
    rows.append(f'\t{{ .number = {i}, .name = "{name}", .text = text_{i} }},')
text += ["const struct tq_migration tq_migrations[] = {", *rows, "};",
         "const size_t tq_migrations_n = "
         "sizeof(tq_migrations) / sizeof(tq_migrations[0]);", ""]
pathlib.Path(out).write_text("\n".join(text))
