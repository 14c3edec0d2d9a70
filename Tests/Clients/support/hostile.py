"""A proxy in front of a good upstream that lies on command, and counts everything that passes through it."""

import dataclasses
import http.client
import http.server
import json
import re
import socket
import struct
import threading
import time
import urllib.parse
from typing import Callable

from .ports import free_port

_STEP = 1 << 18
_HOP_HEADERS = {"connection", "keep-alive", "transfer-encoding", "te", "upgrade", "proxy-connection", "host"}
# What a gateway looks through by itself to know what its upstreams have, whoever asks for what.
_LISTS = re.compile(r"/api/(v1/)?(models|datasets|spaces|codes|prompts|mcps|skills)/?$|/api/v1/sync/version/latest$")
_TEXT = re.compile(r"json|text/plain")


def kind_of(method: str, path: str) -> str:
    """What a request asks for: `blob`, `batch`, `git`, `list`, or `api`."""
    plain = path.split("?")[0]
    if _LISTS.search(plain):
        return "list"
    if plain.endswith("/objects/batch"):
        return "batch"
    if plain.endswith(("/info/refs", "/git-upload-pack")):
        return "git"
    if "/resolve/" in plain or "/info/lfs/" in plain or "/lfs/" in plain or "/objects/" in plain:
        return "blob"
    return "api"


@dataclasses.dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    kind: str
    at: float
    sent: int = 0
    status: int = 0


@dataclasses.dataclass
class Rule:
    kinds: tuple[str, ...]
    act: Callable
    times: int | None
    method: str | None = None


class HostileProxy:
    """Forwards to `target` unless a rule says otherwise; `url` is what the gateway believes its upstream is."""

    def __init__(self, target: str):
        self.target = urllib.parse.urlsplit(target)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.requests: list[Request] = []
        self._rules: list[Rule] = []
        self._lock = threading.Lock()
        self._server: http.server.ThreadingHTTPServer | None = None
        self._open: set[socket.socket] = set()
        self.bytes_per_second: float | None = None

    # -- what it shall do

    def on(self, kinds, act: Callable, times: int | None = None, method: str | None = None):
        """`act` answers the next `times` requests (for ever if None) whose kind is one of `kinds`."""
        kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
        with self._lock:
            self._rules.append(Rule(kinds, act, times, method))

    def behave(self):
        """Forgets every rule and the speed limit: an honest upstream again."""
        with self._lock:
            self._rules.clear()
        self.bytes_per_second = None

    def forget(self):
        with self._lock:
            self.requests.clear()

    # -- what it saw

    def count(self, kind: str | None = None, method: str | None = None) -> int:
        """How many requests there were; without a kind all but those for lists, which come by themselves."""
        return sum(1 for r in self.seen(kind, method) if kind is not None or r.kind != "list")

    def seen(self, kind: str | None = None, method: str | None = None) -> list[Request]:
        with self._lock:
            return [r for r in self.requests
                    if (kind is None or r.kind == kind) and (method is None or r.method == method)]

    def body_bytes(self, kind: str = "blob") -> int:
        """Bytes of response bodies really sent."""
        return sum(r.sent for r in self.seen(kind))

    # -- life

    def start(self) -> "HostileProxy":
        proxy = self

        class Handler(_Handler):
            pass

        Handler.proxy = proxy
        server = _Server(("127.0.0.1", self.port), Handler)
        self._server = server
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def stop(self):
        """From now on connections are refused, and those that are open end."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        with self._lock:
            still_open, self._open = self._open, set()
        for connection in still_open:
            _reset(connection)

    __enter__ = start

    def __exit__(self, *_):
        self.stop()

    def _rule_for(self, method: str, kind: str) -> Rule | None:
        with self._lock:
            for rule in self._rules:
                fits = ("any" in rule.kinds or kind in rule.kinds) and rule.method in (None, method)
                if not fits or rule.times == 0:
                    continue
                if rule.times is not None:
                    rule.times -= 1
                return rule
        return None


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A gateway that hangs up on a liar is what we want to see, not a traceback."""


def _reset(connection: socket.socket):
    """Ends a connection with RST, so that a cut body cannot be taken for a complete one."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    try:
        connection.close()
    except OSError:
        pass


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: HostileProxy

    def log_message(self, *_):
        pass

    def setup(self):
        super().setup()
        with self.proxy._lock:
            self.proxy._open.add(self.connection)

    def finish(self):
        with self.proxy._lock:
            self.proxy._open.discard(self.connection)
        try:
            super().finish()
        except OSError:
            pass

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _handle(self):
        proxy = self.proxy
        seen = Request(self.command, self.path, {k.lower(): v for k, v in self.headers.items()},
                       kind_of(self.command, self.path), time.monotonic())
        body = self._body()
        with proxy._lock:
            proxy.requests.append(seen)
        self.seen = seen
        rule = proxy._rule_for(self.command, seen.kind)
        if rule:
            rule.act(self, body)
        else:
            self.forward(body)

    do_GET = do_HEAD = do_POST = do_PUT = _handle

    # -- honest

    def ask(self, body: bytes) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(self.proxy.target.hostname, self.proxy.target.port, timeout=30)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP_HEADERS}
        if body or self.command == "POST":
            headers["Content-Length"] = str(len(body))
        connection.request(self.command, self.path, body=body or None,
                           headers={"Host": f"127.0.0.1:{self.proxy.port}", **headers})
        return connection.getresponse()

    def _ours(self, text: str) -> str:
        """Links that name the upstream name this proxy instead, so that nothing passes beside it."""
        return text.replace(self.proxy.target.netloc, f"127.0.0.1:{self.proxy.port}")

    def reply(self, status: int, headers: dict, body: bytes = b"", length: int | None = None):
        self.seen.status = status
        self.send_response_only(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.send(body)

    def send(self, piece: bytes):
        limit = self.proxy.bytes_per_second if self.seen.kind == "blob" else None
        view = memoryview(piece)
        # Ten steps a second when limited: smooth enough for a first-byte measurement.
        step = max(1, int(limit / 10)) if limit else _STEP
        for start in range(0, len(view), step):
            part = view[start:start + step]
            self.wfile.write(part)
            self.seen.sent += len(part)
            if limit:
                self.wfile.flush()
                time.sleep(len(part) / limit)

    def forward(self, body: bytes, change: Callable | None = None, cut_after: float | None = None):
        """Passes the request on; `change(offset, piece)` may alter the answer's body, `cut_after` ends it early."""
        answer = self.ask(body)
        headers = {}
        for key, value in answer.getheaders():
            if key.lower() not in _HOP_HEADERS and key.lower() != "content-length":
                headers[key] = self._ours(value) if key.lower() in ("location", "link") else value
        length = answer.headers.get("Content-Length")
        small_text = _TEXT.search(answer.headers.get("Content-Type", "")) and self.seen.kind in ("batch", "api")
        if small_text and self.command != "HEAD":
            self.reply(answer.status, headers, self._ours(answer.read().decode()).encode())
            return
        self.seen.status = answer.status
        self.send_response_only(answer.status)
        for key, value in headers.items():
            self.send_header(key, value)
        if length is not None:
            self.send_header("Content-Length", length)
        elif self.command != "HEAD":
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if self.command == "HEAD":
            return
        if cut_after is not None:
            content = answer.read()
            self.send(content[:int(len(content) * cut_after)])
            # An orderly end, so that every byte that was sent also arrives: only the announced length tells.
            self.wfile.flush()
            self.close_connection = True
            return
        offset = 0
        while piece := answer.read(_STEP):
            self.send(change(offset, piece) if change else piece)
            offset += len(piece)

    def hang_up(self):
        self.close_connection = True
        _reset(self.connection)


# -- the lies; each is a function (handler, body of the request)

def flip_a_byte(at: int = 1000):
    """The right length, one wrong bit."""
    def change(offset: int, piece: bytes) -> bytes:
        if not offset <= at < offset + len(piece):
            return piece
        altered = bytearray(piece)
        altered[at - offset] ^= 1
        return bytes(altered)
    return lambda handler, body: handler.forward(body, change)


def wrong_size(by: int):
    """A complete, well-formed answer that is `by` bytes longer (or shorter) than the truth."""
    def act(handler, body):
        answer = handler.ask(body)
        content = answer.read()
        content = content + b"x" * by if by > 0 else content[:by]
        headers = {k: v for k, v in answer.getheaders()
                   if k.lower() not in _HOP_HEADERS | {"content-length", "content-range"}}
        handler.reply(200, headers, content)
    return act


def login_page(handler, body):
    """What a captive portal answers: 200, and not what was asked for."""
    handler.reply(200, {"Content-Type": "text/html; charset=utf-8"},
                  b"<!DOCTYPE html><html><title>Sign in</title><form action=/login></form></html>")


def cut(fraction: float):
    return lambda handler, body: handler.forward(body, cut_after=fraction)


def status(code: int, retry_after: str | None = None, message: str = "go away"):
    headers = {"Content-Type": "application/json", **({"Retry-After": retry_after} if retry_after else {})}
    return lambda handler, body: handler.reply(code, headers, b'{"message":"%s"}' % message.encode())


def trickle(handler, body):
    """One byte a second: alive, and useless."""
    answer = handler.ask(body)
    handler.seen.status = answer.status
    handler.send_response_only(answer.status)
    for key, value in answer.getheaders():
        if key.lower() not in _HOP_HEADERS:
            handler.send_header(key, value)
    handler.end_headers()
    try:
        while piece := answer.read(1):
            handler.wfile.write(piece)
            handler.wfile.flush()
            handler.seen.sent += 1
            time.sleep(1)
    except OSError:
        handler.close_connection = True


def stall(seconds: float):
    """Headers never come within `seconds`."""
    def act(handler, body):
        time.sleep(seconds)
        handler.hang_up()
    return act


def redirect(to: str, code: int = 302):
    """Sends the asker elsewhere; `{path}` in `to` is the path it asked for."""
    return lambda handler, body: handler.reply(code, {"Location": to.replace("{path}", handler.path)})


def redirect_loop(handler, body):
    separator = "&" if "?" in handler.path else "?"
    handler.reply(302, {"Location": f"{handler.proxy.url}{handler.path.split('?')[0]}{separator}again={time.time()}"})


def hrefs_elsewhere(origin: str):
    """A batch answer whose objects lie on another host."""
    def act(handler, body):
        answer = json.loads(handler.ask(body).read())
        for item in answer["objects"]:
            if "actions" in item:
                path = urllib.parse.urlsplit(item["actions"]["download"]["href"]).path
                item["actions"]["download"]["href"] = origin + path
        handler.reply(200, {"Content-Type": "application/vnd.git-lfs+json"}, json.dumps(answer).encode())
    return act


class Recorder:
    """Another host: answers every request with `content` (or 404) and keeps the headers it was sent."""

    def __init__(self, content: bytes | None = None):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.content = content
        self.headers: list[dict[str, str]] = []
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                recorder.headers.append({k.lower(): v for k, v in self.headers.items()})
                size = int(self.headers.get("Content-Length") or 0)
                self.rfile.read(size)
                body = recorder.content if recorder.content is not None else b""
                self.send_response_only(200 if recorder.content is not None else 404)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_HEAD = do_POST = do_PUT = do_GET

        self._server = _Server(("127.0.0.1", self.port), Handler)

    def __enter__(self) -> "Recorder":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
