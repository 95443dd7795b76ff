#!/usr/bin/env python3
"""Posts by the API until the server refuses or goes: URL HOST NAME.  Prints the
name of each comment that was acknowledged, once it was."""
import http.client
import json
import sys
from urllib.parse import urlsplit

url, host, name = sys.argv[1:]
c = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
for i in range(100000):
    who = f"{name}-{i}"
    body = json.dumps({"page": "/one", "name": who, "text": f"Text {i}"})
    try:
        c.request("POST", "/api/v1/comments", body,
                  {"Host": host, "Content-Type": "application/json"})
        r = c.getresponse()
        r.read()
    except (OSError, http.client.HTTPException):
        break
    if r.status == 201:
        print(who, flush=True)
    elif r.status != 503:
        sys.exit(f"status {r.status}")
