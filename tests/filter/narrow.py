#!/usr/bin/env python3
"""Runs eval on a terminal of 20 columns; fails when a line of its progress is as
wide as that or wider.

usage: narrow.py TALIQ ROWS.jsonl
"""
import fcntl
import os
import pty
import struct
import sys
import tempfile
import termios
from subprocess import DEVNULL, Popen

COLUMNS = 20


def said(taliq, rows):
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ,
                struct.pack("HHHH", 24, COLUMNS, 0, 0))
    with Popen([taliq, "eval", "--no-seed", rows], stdout=DEVNULL,
               stderr=its) as run:
        os.close(its)
        text = b""
        try:
            while part := os.read(ours, 4096):
                text += part
        except OSError:		# the other end is closed
            pass
        return run.wait(), text.decode()


with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as many:
    with open(sys.argv[2], encoding="utf-8") as rows:
        many.write(rows.read() * 50)
    many.flush()
    status, text = said(sys.argv[1], many.name)
lines = text.split("\r")
print(status, repr(lines))
sys.exit(status != 0 or "#" not in text
         or max(map(len, lines)) >= COLUMNS)
