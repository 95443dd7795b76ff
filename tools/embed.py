#!/usr/bin/env python3
"""Writes the files of web/static as a C table (struct tq_asset, src/web/assets.h)
with their gzip and brotli forms.

    embed.py OUT.c FILE...

A file is served under /assets/NAME.HASH.EXT, HASH being of its bytes, so that
browsers may keep it for ever; the few in PLAIN keep their address instead.
brotli comes from the library that the program links anyway, by ctypes: one
package less to install than a Python module for it.
"""
import ctypes
import gzip
import hashlib
import pathlib
import re
import sys

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
PLAIN = {"robots.txt": "/robots.txt", "openapi.json": "/openapi.json"}
FOREVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
ENCODINGS = (("TQ_IDENTITY", ""), ("TQ_GZIP", "-gz"), ("TQ_BROTLI", "-br"))


def brotli(data):
    """BrotliEncoderCompress(quality 11, window 22 bits, mode text)."""
    lib = ctypes.CDLL("libbrotlienc.so.1")
    call = lib.BrotliEncoderCompress
    call.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int,
                     ctypes.c_size_t, ctypes.c_char_p,
                     ctypes.POINTER(ctypes.c_size_t), ctypes.c_char_p]
    room = ctypes.create_string_buffer(2 * len(data) + 1024)
    n = ctypes.c_size_t(len(room))
    if not call(11, 22, 1, len(data), data, ctypes.byref(n), room):
        sys.exit("embed.py: brotli failed")
    return room.raw[:n.value]


def address(name, digest):
    stem, dot, end = name.rpartition(".")
    return PLAIN.get(name, f"/assets/{stem}.{digest[:10]}{dot}{end}")


def entry(number, path):
    name = path.name
    if not re.fullmatch(r"[a-z0-9_-]+\.[a-z0-9]+", name):
        sys.exit(f"embed.py: {name}: only a-z 0-9 _ - and one dot")
    if path.suffix not in TYPES:
        sys.exit(f"embed.py: {name}: add its type to TYPES")
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    forms = [data] + [f if len(f) < len(data) else b"" for f in
                      (gzip.compress(data, 9, mtime=0), brotli(data))]
    arrays, fields = [], []
    for form, (enum, tag) in zip(forms, ENCODINGS):
        if not form and enum != "TQ_IDENTITY":
            continue
        fields.append(f"\t\t.etags[{enum}] = "
                      f"TQ_S_INIT(\"\\\"{digest[:16]}{tag}\\\"\"),\n")
        if not form:    # an empty file; C has no empty arrays
            continue
        var = f"bytes_{number}_{enum.lower()}"
        lines = [", ".join(map(str, form[i:i + 16]))
                 for i in range(0, len(form), 16)]
        arrays.append(f"/* {name} */\nstatic const unsigned char {var}[] = "
                      "{\n\t" + ",\n\t".join(lines) + "\n};\n")
        fields.append(f"\t\t.forms[{enum}] = {{ (const char *){var}, "
                      f"sizeof({var}) }},\n")
    keep = A_DAY if name in PLAIN else FOREVER
    row = (f"\t{{\n\t\t.name = TQ_S_INIT(\"{name}\"),\n"
           f"\t\t.path = TQ_S_INIT(\"{address(name, digest)}\"),\n"
           f"\t\t.type = TQ_S_INIT(\"{TYPES[path.suffix]}\"),\n"
           f"\t\t.cache_control = TQ_S_INIT(\"{keep}\"),\n"
           + "".join(fields) + "\t},\n")
    return "".join(arrays), row


def main():
    out, files = sys.argv[1], [pathlib.Path(f) for f in sys.argv[2:]]
    arrays, rows = zip(*(entry(i, f) for i, f in enumerate(files)))
    pathlib.Path(out).write_text(
        "/* Made by tools/embed.py from web/static. */\n"
        '#include "web/assets.h"\n\n' + "\n".join(arrays) +
        "\nconst struct tq_asset tq_asset_table[] = {\n" + "".join(rows) +
        "};\n\nconst size_t tq_asset_count =\n"
        "    sizeof(tq_asset_table) / sizeof(tq_asset_table[0]);\n")


main()
