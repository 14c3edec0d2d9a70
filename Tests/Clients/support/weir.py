"""One Weir process: started, asked, killed and started again, as an operator would."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import threading
import time

import requests
import yaml

from .ports import free_port

ROOT = pathlib.Path(__file__).resolve().parents[3]
BINARY = pathlib.Path(os.environ.get("WEIR_BIN", ROOT / ".build/release/weir"))

# Exit codes of the command line (sysexits.h where it has a name for it).
OK, USAGE, CORRUPT, NOT_FOUND, REFUSED, BAD_CONFIGURATION = 0, 64, 65, 66, 77, 78

_SAMPLE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)$")
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def run_weir(*arguments, timeout=120, environment=None, **options) -> subprocess.CompletedProcess:
    """Runs one command of the binary to its end; never raises on a non-zero exit."""
    return subprocess.run(
        [str(BINARY), *map(str, arguments)], capture_output=True, text=True, timeout=timeout,
        env={**os.environ, **(environment or {})}, **options)


def mirror_document(name: str, upstreams: list[dict], **spec) -> dict:
    """A mirror file as a dictionary; loopback upstreams are private addresses, so they are allowed by name."""
    return {
        "apiVersion": "weir/v1",
        "kind": "Mirror",
        "metadata": {"name": name},
        "spec": {"mode": "proxy", "upstreams": [{"allowPrivate": True, **each} for each in upstreams], **spec},
    }


def fast_upstream(name: str, type: str, url: str, **more) -> dict:
    """An upstream with limits short enough for a test: a dead one is given up in seconds."""
    return {
        "name": name, "type": type, "url": url,
        "timeouts": {"connect": "2s", "firstByte": "5s", "idle": "3s"},
        "retry": {"max": 2, "backoff": "100ms..500ms"},
        # Tests that fail on purpose must not open the breaker for the next test by chance.
        "breaker": {"failures": 1000, "window": "30s", "openFor": "1s", "halfOpen": 2},
        **more,
    }


class Weir:
    """A server with its own data folder and mirrors folder below `home`."""

    def __init__(self, home: pathlib.Path, mirrors: list[dict] | None = None, flags: tuple = (),
                 environment: dict | None = None, data: pathlib.Path | None = None):
        self.home = pathlib.Path(home)
        self.data = data or self.home / "data"
        self.mirrors = self.home / "mirrors.d"
        self.mirrors.mkdir(parents=True, exist_ok=True)
        self.flags = tuple(flags)
        self.environment = environment or {}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None
        self.first_line = ""
        self.prefix: list[str] = []
        self._lines: list[str] = []
        for document in mirrors or []:
            self.write_mirror(document)

    # -- configuration

    def write_mirror(self, document: dict | str, name: str | None = None) -> pathlib.Path:
        text = document if isinstance(document, str) else yaml.safe_dump(document, sort_keys=False)
        path = self.mirrors / f"{name or document['metadata']['name']}.yaml"
        path.write_text(text)
        return path

    # -- life

    def start(self, timeout: float = 30) -> "Weir":
        log = open(self.home / "server.log", "ab")
        self.process = subprocess.Popen(
            [*self.prefix, str(BINARY), "serve", "--data", str(self.data), "--listen", f"127.0.0.1:{self.port}",
             "--mirrors", str(self.mirrors), *self.flags],
            stdout=subprocess.PIPE, stderr=log, env={**os.environ, **self.environment}, text=True)
        log.close()
        ready = threading.Event()
        process = self.process

        def drain():
            # The pipe is read to its end so that the server never blocks on it.
            for line in process.stdout:
                if "http://" in line and not ready.is_set():
                    self.first_line = line.strip()
                    ready.set()
                self._lines.append(line)
            ready.set()

        threading.Thread(target=drain, daemon=True).start()
        if not ready.wait(timeout) or process.poll() is not None:
            process.kill()
            raise AssertionError(f"weir serve did not become ready:\n{''.join(self._lines)}\n{self.log()[-4000:]}")
        found = re.search(r"http://[\w.\[\]:]+", self.first_line)
        assert found, f"no URL in the ready line: {self.first_line!r}"
        return self

    def stop(self, timeout: float = 20) -> int:
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise AssertionError(f"weir serve ignored SIGTERM for {timeout} s:\n{self.log()[-3000:]}")
        return self.process.returncode

    def kill(self):
        """The power cord: SIGKILL, no goodbye."""
        self.process.kill()
        self.process.wait()

    def restart(self) -> "Weir":
        self.stop()
        return self.start()

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def __enter__(self) -> "Weir":
        return self.start()

    def __exit__(self, *_):
        try:
            self.stop()
        finally:
            if self.process and self.process.poll() is None:
                self.process.kill()

    # -- asking

    def command(self, *arguments, **options) -> subprocess.CompletedProcess:
        """A command of the binary on this server's data folder."""
        return run_weir(*arguments, "--data", self.data, **options)

    def checked(self, *arguments, **options) -> str:
        result = self.command(*arguments, **options)
        assert result.returncode == 0, f"weir {arguments}: {result.returncode}\n{result.stdout}\n{result.stderr}"
        return result.stdout.strip()

    def explain(self, subject: str, *more) -> subprocess.CompletedProcess:
        return self.command("explain", subject, *more, "--mirrors", self.mirrors)

    def token(self, user: str = "alice", scope: str = "read", admin: bool = False) -> str:
        created = self.command("user", "create", user, *(["--admin"] if admin else []))
        assert created.returncode == 0 or "exist" in created.stdout + created.stderr, created.stderr
        return self.checked("token", "create", "--user", user, "--scope", scope)

    def import_folder(self, folder: pathlib.Path, name: str, *more) -> str:
        return self.checked("import", folder, "--as", name, *more)

    def get(self, path: str, **options) -> requests.Response:
        options.setdefault("timeout", 30)
        return requests.get(self.url + path, **options)

    def post(self, path: str, **options) -> requests.Response:
        options.setdefault("timeout", 30)
        return requests.post(self.url + path, **options)

    def head(self, path: str, **options) -> requests.Response:
        options.setdefault("timeout", 30)
        return requests.head(self.url + path, **options)

    def metrics(self) -> dict:
        """`{(name, frozenset of labels): value}` of the Prometheus page."""
        page = self.get("/metrics")
        page.raise_for_status()
        values = {}
        for line in page.text.splitlines():
            if line.startswith("#") or not (match := _SAMPLE.match(line.strip())):
                continue
            name, labels, value = match.groups()
            values[(name, frozenset(_LABEL.findall(labels or "")))] = float(value)
        return values

    def metric(self, name: str, **labels) -> float:
        """The sum over all samples of `name` that carry `labels`; 0 when there is none yet."""
        wanted = set(labels.items())
        return sum(v for (n, l), v in self.metrics().items() if n == name and wanted <= l)

    def upstream_bytes(self) -> int:
        return int(self.metric("hub_upstream_bytes_total"))

    def upstream_requests(self) -> int:
        """Requests that were sent; one an open breaker kept back is counted by the server, but not here."""
        return int(sum(v for (n, labels), v in self.metrics().items()
                       if n == "hub_upstream_requests_total" and ("outcome", "breaker-open") not in labels))

    def log(self) -> str:
        path = self.home / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def log_records(self) -> list[dict]:
        return [json.loads(line) for line in self.log().splitlines() if line.startswith("{")]

    # -- looking at the disk

    def stored_blobs(self) -> dict[str, pathlib.Path]:
        """Every file that stands under its SHA-256 name in the blob store."""
        root = self.data / "blobs" / "sha256"
        return {p.name if len(p.name) == 64 else "".join(p.relative_to(root).parts): p
                for p in root.rglob("*") if p.is_file()} if root.exists() else {}

    def partial_files(self) -> list[pathlib.Path]:
        """Files of transfers that have not been verified yet, wherever the store keeps them."""
        stored = set(self.stored_blobs().values())
        blobs = self.data / "blobs"
        return [p for p in blobs.rglob("*") if p.is_file() and p not in stored] if blobs.exists() else []

    def forget(self):
        """Empties the data folder: the next start is a cold cache."""
        assert not self.alive
        shutil.rmtree(self.data, ignore_errors=True)


def eventually(condition, seconds: float = 10, message: str = "it did not happen"):
    """Waits for something that another process does; returns its first true value."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(message() if callable(message) else message)
        time.sleep(0.05)
