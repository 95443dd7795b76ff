"""TLS for the tests of the HTTP seam: a throw-away authority and certificates
made by openssl, and a client's socket that - unlike ssl.SSLSocket - can end one
half, lets one thread write while another reads, and tells a whole end from a cut
one."""
import atexit
import pathlib
import shutil
import ssl
import subprocess
import tempfile
import threading


class Authority:
    """A folder with ca.pem; cert() makes NAME.pem and NAME.key in it."""

    def __init__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="taliq-tls-"))
        atexit.register(shutil.rmtree, self.dir, True)
        self.run("req", "-x509", "-newkey", "ec", "-pkeyopt",
                 "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                 "-subj", "/CN=Throw-away authority", "-keyout", "ca.key",
                 "-out", "ca.pem")

    def run(self, *args):
        subprocess.run(["openssl", *args], cwd=self.dir, check=True,
                       capture_output=True)

    def path(self, name):
        return str(self.dir / name)

    def cert(self, name, *hosts, key=("ec", "-pkeyopt",
                                      "ec_paramgen_curve:P-256"), days=20):
        self.run("req", "-newkey", *key, "-nodes", "-subj", f"/CN={name}",
                 "-keyout", f"{name}.key", "-out", f"{name}.csr")
        (self.dir / "ext").write_text("subjectAltName=" + ",".join(
            f"DNS:{h}" for h in hosts) + "\n")
        self.run("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem",
                 "-CAkey", "ca.key", "-CAcreateserial", "-days", str(days),
                 "-extfile", "ext", "-out", f"{name}.pem")
        (self.dir / f"{name}.key").chmod(0o600)
        return self.path(f"{name}.pem"), self.path(f"{name}.key")

    def context(self, **versions):
        c = ssl.create_default_context(cafile=self.path("ca.pem"))
        for name, value in versions.items():
            setattr(c, name, value)
        return c


class Socket:
    """Over a connected socket; what is not here is the socket's own."""

    def __init__(self, raw, context, host="localhost"):
        self.raw, self.lock = raw, threading.Lock()
        self.inc, self.out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.inc, self.out, server_hostname=host)
        self.whole = False      # ended by TLS's own word

    def __getattr__(self, name):
        return getattr(self.raw, name)

    def drive(self, what, *args):
        while True:
            with self.lock:
                try:
                    done = what(*args)
                    wants = False
                except ssl.SSLWantReadError:
                    wants = True
                data = self.out.read()
                if data:
                    self.raw.sendall(data)
            if not wants:
                return done
            more = self.raw.recv(1 << 16)
            with self.lock:
                if more:
                    self.inc.write(more)
                else:
                    self.inc.write_eof()

    def shake(self):
        self.drive(self.tls.do_handshake)
        return self

    def sendall(self, data):
        if data:
            self.drive(self.tls.write, data)

    def recv(self, n):
        try:
            data = self.drive(self.tls.read, n)
            self.whole = data == b""
            return data
        except ssl.SSLZeroReturnError:
            self.whole = True
        except ssl.SSLEOFError:
            pass
        return b""

    def bye(self):
        """TLS's own end of our half, while the socket stays open."""
        with self.lock:
            try:
                self.tls.unwrap()
            except ssl.SSLError:
                pass
            data = self.out.read()
            if data:
                self.raw.sendall(data)

    def shutdown(self, how):
        self.bye()
        self.raw.shutdown(how)


class Refused:
    """A connection that ended during its handshake."""

    def sendall(self, data):
        raise ConnectionResetError

    def recv(self, n):
        raise ConnectionResetError

    def settimeout(self, seconds):
        pass

    setsockopt = shutdown = settimeout

    def close(self):
        pass
