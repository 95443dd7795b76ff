#!/usr/bin/env python3
"""A site that is called back: writes its port to a file, then each request it
gets as one line to another: method, path, the webhook's header, body.

usage: receiver.py PORT_FILE LOG [CERTIFICATE_AND_KEY]

/moved answers with a redirect to /elsewhere.  With a certificate it speaks TLS.
"""
import http.server
import os
import ssl
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        n = int(self.headers.get("Content-Length", 0))
        with open(sys.argv[2], "a") as f:
            print(self.command, self.path,
                  self.headers.get("X-akismet-webhook"),
                  self.rfile.read(n).decode(), file=f)
        self.send_response(302 if self.path == "/moved" else 200)
        if self.path == "/moved":
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(b'{"comments":{}}')

    do_GET = do_POST

    def log_message(self, *_):
        pass


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if len(sys.argv) == 4:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with open(sys.argv[1] + ".new", "w") as f:
        print(server.server_port, file=f)
    os.rename(sys.argv[1] + ".new", sys.argv[1])
    server.serve_forever()


if __name__ == "__main__":
    main()
