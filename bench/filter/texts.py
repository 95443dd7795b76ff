#!/usr/bin/env python3
"""Labelled comments of about 400 bytes, cut from a set's running text, for the
speed figures.  usage: texts.py SET.jsonl ROWS >OUT.jsonl"""
import json
import sys

rows, made, cur = int(sys.argv[2]), 0, b""
for line in open(sys.argv[1], encoding="utf-8"):
    cur += json.loads(line)["text"].encode() + b" "
    while len(cur) >= 400 and made < rows:
        text, cur = cur[:400].decode(errors="ignore"), cur[400:]
        made += 1
        print(json.dumps({"text": text, "label": "spam" if made % 3 == 0
                          else "ham"}, ensure_ascii=False))
