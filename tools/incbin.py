#!/usr/bin/env python3
"""Writes an assembler file that holds a binary file's bytes between the hidden
symbols NAME and NAME_end.

usage: incbin.py NAME INPUT OUTPUT.S
"""
import os
import sys

name, path, out = sys.argv[1:]
with open(out, "w") as f:
    f.write(f"""\t.section .rodata
\t.global {name}
\t.hidden {name}
\t.global {name}_end
\t.hidden {name}_end
\t.balign 64
{name}:
\t.incbin "{os.path.abspath(path)}"
{name}_end:
\t.byte 0
\t.section .note.GNU-stack, "", %progbits
""")
